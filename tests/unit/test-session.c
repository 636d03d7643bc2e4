/* A seat's session over sockets that are two functions: numbers, what is kept and replayed, tokens, and the seat's end. */
#include "signalling/session.h"

#include "base/ids.h"
#include "signalling/bounds.h"

#include <string.h>

#define SEAT_MS 60000

typedef struct {
  GString *sent;
  guint closed; /* the code */
} Socket;

static void
socket_send (gpointer socket, const char *text, gsize length)
{
  Socket *self = socket;
  g_string_append_len (self->sent, text, (gssize) length);
}

static void
socket_close (gpointer socket, guint16 code)
{
  Socket *self = socket;
  g_assert_cmpuint (self->closed, ==, 0);
  self->closed = code;
}

static const CvSocketFuncs funcs = { socket_send, socket_close };

typedef struct {
  CvClock *clock;
  CvMeeting *meeting;
  CvSessions *sessions;
  CvParticipant *ann;
  CvSession *session;
  char *token;
  Socket sockets[3];
  GString *news;
} Fixture;

static void
on_changed (CvMeeting *meeting, CvParticipant *participant, Fixture *f)
{
  g_string_append (f->news, participant->away ? "away " : "back ");
}

static void
on_left (CvMeeting *meeting, CvParticipant *participant, CvLeaving leaving, Fixture *f)
{
  g_assert_null (cv_session_of (participant));
  g_string_append_printf (f->news, "%s ", cv_leaving_to_text (leaving));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = cv_clock_new_fake (0);
  f->meeting = cv_meeting_new (&cv_policy_standard, f->clock, SEAT_MS);
  f->sessions = cv_sessions_new (f->clock, SEAT_MS);
  f->ann = cv_participant_new ("Ann", CV_ROLE_PERSON, &(CvSending){ 0 });
  f->news = g_string_new (NULL);
  cv_meeting_add (f->meeting, f->ann);
  g_signal_connect (f->meeting, "participant-changed", G_CALLBACK (on_changed), f);
  g_signal_connect (f->meeting, "participant-left", G_CALLBACK (on_left), f);
  f->session = cv_sessions_open (f->sessions, "abcdefghijkm", f->meeting, f->ann, &f->token);
  for (gsize i = 0; i < G_N_ELEMENTS (f->sockets); i++)
    f->sockets[i].sent = g_string_new (NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_sessions_free (f->sessions);
  g_assert_finalize_object (f->meeting);
  g_assert_finalize_object (f->clock);
  for (gsize i = 0; i < G_N_ELEMENTS (f->sockets); i++)
    g_string_free (f->sockets[i].sent, TRUE);
  g_string_free (f->news, TRUE);
  g_free (f->token);
}

static void
attach (Fixture *f, guint i)
{
  cv_session_attach (f->session, &funcs, &f->sockets[i]);
}

static void
post (Fixture *f, const char *body)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  cv_session_post (f->session, bytes);
}

/* What this socket was sent since it was asked the last time, "seq" shortened. */
static void
assert_sent (Fixture *f, guint i, const char *expected)
{
  g_string_replace (f->sockets[i].sent, "\"seq\":", "#", 0);
  g_assert_cmpstr (f->sockets[i].sent->str, ==, expected);
  g_string_truncate (f->sockets[i].sent, 0);
}

static CvSession *
find (Fixture *f, const char *token)
{
  guint8 bytes[CV_SECRET_BYTES];
  g_assert_true (cv_base64url_decode (token, bytes, sizeof bytes));
  return cv_sessions_find (f->sessions, bytes);
}

static char *
rotate (Fixture *f, const char *used)
{
  guint8 bytes[CV_SECRET_BYTES];
  g_assert_true (cv_base64url_decode (used, bytes, sizeof bytes));
  g_assert_true (cv_sessions_find (f->sessions, bytes) == f->session);
  return cv_session_rotate (f->session, bytes);
}

static void
test_open (Fixture *f, gconstpointer data)
{
  g_assert_cmpstr (cv_session_get_room (f->session), ==, "abcdefghijkm");
  g_assert_true (cv_session_get_meeting (f->session) == f->meeting);
  g_assert_true (cv_session_get_participant (f->session) == f->ann);
  g_assert_true (cv_session_of (f->ann) == f->session);
  g_assert_true (find (f, f->token) == f->session);
  g_assert_cmpuint (cv_sessions_count (f->sessions), ==, 1);
  g_assert_cmpuint (cv_session_get_last_id (f->session), ==, 0);
  guint8 other[CV_SECRET_BYTES] = { 0 };
  g_assert_null (cv_sessions_find (f->sessions, other));
}

static void
test_post_and_hold (Fixture *f, gconstpointer data)
{
  post (f, "{\"a\":1}");
  attach (f, 0);
  post (f, "{\"b\":1}");
  assert_sent (f, 0, ""); /* held until the socket was told what it missed */
  g_assert_true (cv_session_replay (f->session, 0));
  assert_sent (f, 0, "{\"a\":1,#1}{\"b\":1,#2}");
  post (f, "{\"c\":1}");
  assert_sent (f, 0, "{\"c\":1,#3}");
  cv_session_detach (f->session, &f->sockets[0]);
  post (f, "{\"d\":1}");
  assert_sent (f, 0, "");
}

static void
test_replay (Fixture *f, gconstpointer data)
{
  attach (f, 0);
  cv_session_replay (f->session, 0);
  for (guint i = 0; i < 4; i++)
    post (f, "{\"x\":1}");
  g_assert_true (cv_session_acknowledge (f->session, 2));
  g_assert_true (cv_session_acknowledge (f->session, 1)); /* an old one is passed over */
  g_assert_false (cv_session_acknowledge (f->session, 5));
  attach (f, 1);
  g_assert_false (cv_session_replay (f->session, 1)); /* 2 is no longer kept */
  g_assert_false (cv_session_replay (f->session, 5)); /* never sent */
  assert_sent (f, 1, "");
  g_assert_true (cv_session_replay (f->session, 3));
  assert_sent (f, 1, "{\"x\":1,#4}");
  /* saying what came last acknowledges it */
  attach (f, 2);
  g_assert_false (cv_session_replay (f->session, 2));
  g_assert_true (cv_session_replay (f->session, 4));
  assert_sent (f, 2, "");
  post (f, "{\"y\":1}");
  assert_sent (f, 2, "{\"y\":1,#5}");
  g_assert_false (cv_session_replay (f->session, G_MAXUINT64));
}

static void
test_pass (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"r\":1}", 7);
  g_assert_false (cv_session_pass (f->session, body));
  attach (f, 0);
  cv_session_replay (f->session, 0);
  g_assert_true (cv_session_pass (f->session, body));
  assert_sent (f, 0, "{\"r\":1}");
  /* not numbered, not kept */
  attach (f, 1);
  g_assert_true (cv_session_replay (f->session, 0));
  assert_sent (f, 1, "");
}

static void
show (Fixture *f, CvLatest kind, const char *text)
{
  g_autoptr (GBytes) body = text != NULL ? g_bytes_new (text, strlen (text)) : NULL;
  cv_session_show (f->session, kind, body);
}

static void
assert_shown (Fixture *f, guint i, const char *expected)
{
  g_assert_cmpstr (f->sockets[i].sent->str, ==, expected);
  g_string_truncate (f->sockets[i].sent, 0);
}

/* What only counts until the next one comes: sent at once and again on the next socket, the last of each kind. */
static void
test_show (Fixture *f, gconstpointer data)
{
  show (f, CV_LATEST_SPEAKERS, "{early}");
  assert_shown (f, 0, "");
  cv_session_attach (f->session, &funcs, &f->sockets[0]);
  show (f, CV_LATEST_VIEWERS, "{1}");
  assert_shown (f, 0, ""); /* not before what was posted */
  g_assert_true (cv_session_replay (f->session, 0));
  assert_shown (f, 0, "{early}{1}");
  show (f, CV_LATEST_VIEWERS, "{1}");
  assert_shown (f, 0, ""); /* no news */
  show (f, CV_LATEST_VIEWERS, "{2}");
  show (f, CV_LATEST_SPEAKERS, NULL);
  show (f, CV_LATEST_SPEAKERS, NULL);
  assert_shown (f, 0, "{2}");
  cv_session_detach (f->session, &f->sockets[0]);
  show (f, CV_LATEST_VIEWERS, "{3}");
  show (f, CV_LATEST_SLOTS, "{slots}");
  cv_session_attach (f->session, &funcs, &f->sockets[1]);
  g_assert_true (cv_session_replay (f->session, 0));
  assert_shown (f, 1, "{slots}{3}");
}

static void
test_take (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (cv_session_take (f->session, 2), ==, CV_TAKE_GAP);
  g_assert_cmpint (cv_session_take (f->session, 1), ==, CV_TAKE_NEXT);
  g_assert_cmpint (cv_session_take (f->session, 1), ==, CV_TAKE_AGAIN);
  g_assert_cmpint (cv_session_take (f->session, 3), ==, CV_TAKE_GAP);
  g_assert_cmpint (cv_session_take (f->session, 2), ==, CV_TAKE_NEXT);
  g_assert_cmpint (cv_session_take (f->session, 1), ==, CV_TAKE_AGAIN);
  g_assert_cmpint (cv_session_take (f->session, 0), ==, CV_TAKE_AGAIN);
  g_assert_cmpint (cv_session_take (f->session, G_MAXUINT64), ==, CV_TAKE_GAP);
  g_assert_cmpuint (cv_session_get_last_id (f->session), ==, 2);
}

static void
test_rotate (Fixture *f, gconstpointer data)
{
  g_autofree char *second = rotate (f, f->token);
  g_assert_cmpstr (second, !=, f->token);
  g_assert_true (find (f, f->token) == f->session);
  g_assert_true (find (f, second) == f->session);
  cv_session_heard (f->session);
  g_assert_null (find (f, f->token));
  g_assert_true (find (f, second) == f->session);
  cv_session_heard (f->session);
  g_assert_true (find (f, second) == f->session);
}

/* `resumed` got lost, several times: the token that the client has goes on working, those on the way do not pile up. */
static void
test_rotate_lost (Fixture *f, gconstpointer data)
{
  g_autofree char *second = rotate (f, f->token);
  g_autofree char *third = rotate (f, f->token);
  g_autofree char *fourth = rotate (f, f->token);
  g_assert_null (find (f, second));
  g_assert_null (find (f, third));
  g_assert_true (find (f, f->token) == f->session);
  g_assert_true (find (f, fourth) == f->session);
  /* it came with the newest: that it has, so the one before is of no more use */
  g_autofree char *fifth = rotate (f, fourth);
  g_assert_null (find (f, f->token));
  g_assert_true (find (f, fourth) == f->session);
  g_assert_true (find (f, fifth) == f->session);
  cv_session_heard (f->session);
  g_assert_null (find (f, fourth));
  g_assert_true (find (f, fifth) == f->session);
}

static void
test_tokens_after_close (Fixture *f, gconstpointer data)
{
  g_autofree char *second = rotate (f, f->token);
  cv_session_close (f->session, CV_LEAVING_LEFT, 1000);
  g_assert_null (find (f, f->token));
  g_assert_null (find (f, second));
  g_assert_cmpuint (cv_sessions_count (f->sessions), ==, 0);
  g_assert_cmpuint (cv_meeting_get_size (f->meeting), ==, 0);
  g_assert_cmpstr (f->news->str, ==, "left ");
}

static void
test_attach_replaces (Fixture *f, gconstpointer data)
{
  attach (f, 0);
  cv_session_replay (f->session, 0);
  attach (f, 1);
  g_assert_cmpuint (f->sockets[0].closed, ==, 4001);
  g_assert_cmpuint (f->sockets[1].closed, ==, 0);
  /* that the old one is gone by now means nothing */
  cv_session_detach (f->session, &f->sockets[0]);
  cv_session_replay (f->session, 0);
  post (f, "{\"x\":1}");
  assert_sent (f, 0, "");
  assert_sent (f, 1, "{\"x\":1,#1}");
  g_assert_cmpstr (f->news->str, ==, "");
}

static void
test_seat_timeout (Fixture *f, gconstpointer data)
{
  attach (f, 0);
  cv_clock_advance (f->clock, 10 * SEAT_MS);
  cv_session_detach (f->session, &f->sockets[0]);
  cv_clock_advance (f->clock, SEAT_MS - 1);
  attach (f, 1);
  cv_clock_advance (f->clock, SEAT_MS);
  g_assert_cmpstr (f->news->str, ==, "away back ");
  cv_session_detach (f->session, &f->sockets[1]);
  cv_clock_advance (f->clock, SEAT_MS - 1);
  g_assert_cmpuint (cv_sessions_count (f->sessions), ==, 1);
  cv_clock_advance (f->clock, 1);
  g_assert_cmpuint (cv_sessions_count (f->sessions), ==, 0);
  g_assert_null (find (f, f->token));
  g_assert_cmpstr (f->news->str, ==, "away back away lost ");
  g_assert_cmpuint (f->sockets[1].closed, ==, 0);
}

static void
test_hang_up (Fixture *f, gconstpointer data)
{
  cv_session_hang_up (f->session, 1000); /* nothing to close */
  attach (f, 0);
  cv_session_hang_up (f->session, 1000);
  g_assert_cmpuint (f->sockets[0].closed, ==, 1000);
  g_assert_true (f->ann->away);
  g_assert_true (find (f, f->token) == f->session);
  cv_clock_advance (f->clock, SEAT_MS);
  g_assert_null (find (f, f->token));
}

/* The meeting is over: the seat still goes after a while, and nobody is told. */
static void
test_after_the_end (Fixture *f, gconstpointer data)
{
  attach (f, 0);
  cv_meeting_end (f->meeting, CV_ENDING_HOST);
  cv_session_hang_up (f->session, 1000);
  g_assert_cmpstr (f->news->str, ==, "");
  cv_clock_advance (f->clock, SEAT_MS);
  g_assert_cmpuint (cv_sessions_count (f->sessions), ==, 0);
  g_assert_cmpuint (cv_meeting_get_size (f->meeting), ==, 0);
}

static void
test_close (Fixture *f, gconstpointer data)
{
  attach (f, 0);
  cv_session_close (f->session, CV_LEAVING_REPLACED, 4001);
  g_assert_cmpuint (f->sockets[0].closed, ==, 4001);
  g_assert_cmpstr (f->news->str, ==, "replaced ");
  cv_clock_advance (f->clock, 10 * SEAT_MS);
}

static void
test_too_many_kept (Fixture *f, gconstpointer data)
{
  attach (f, 0);
  cv_session_replay (f->session, 0);
  for (guint i = 0; i < CV_LIMIT_KEPT_MESSAGES; i++)
    post (f, "{\"x\":1}");
  cv_clock_advance (f->clock, 1);
  g_assert_cmpuint (cv_sessions_count (f->sessions), ==, 1);
  post (f, "{\"x\":1}");
  g_assert_cmpuint (cv_sessions_count (f->sessions), ==, 1); /* not while it is told */
  post (f, "{\"x\":1}");
  cv_clock_advance (f->clock, 0);
  g_assert_cmpuint (cv_sessions_count (f->sessions), ==, 0);
  g_assert_cmpuint (f->sockets[0].closed, ==, 4004);
  g_assert_cmpstr (f->news->str, ==, "lost ");
}

static void
test_too_much_kept (Fixture *f, gconstpointer data)
{
  g_autofree char *fill = g_strnfill (CV_LIMIT_KEPT_BYTES / 4 - 8, 'x');
  g_autofree char *quarter = g_strdup_printf ("{\"x\":\"%s\"}", fill);
  g_assert_cmpuint (strlen (quarter), ==, CV_LIMIT_KEPT_BYTES / 4);
  attach (f, 0);
  cv_session_replay (f->session, 0);
  for (guint i = 0; i < 4; i++)
    post (f, quarter);
  cv_clock_advance (f->clock, 1);
  g_assert_cmpuint (cv_sessions_count (f->sessions), ==, 1);
  /* what is acknowledged does not count */
  cv_session_acknowledge (f->session, 1);
  post (f, quarter);
  cv_clock_advance (f->clock, 1);
  g_assert_cmpuint (cv_sessions_count (f->sessions), ==, 1);

  /* the last straw; what comes after it must not reach the client with a hole before it */
  g_string_truncate (f->sockets[0].sent, 0);
  post (f, "{}");
  post (f, "{}");
  assert_sent (f, 0, "");
  cv_clock_advance (f->clock, 0);
  g_assert_cmpuint (cv_sessions_count (f->sessions), ==, 0);
}

/* Too much was kept, and then the client comes back before the seat is cleared away: it must not go on with a hole. */
static void
test_overflow_and_resume (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i <= CV_LIMIT_KEPT_MESSAGES; i++)
    post (f, "{\"x\":1}");
  attach (f, 0);
  g_assert_false (cv_session_replay (f->session, 0));
  cv_session_close (f->session, CV_LEAVING_LOST, 1008);
  g_assert_cmpuint (f->sockets[0].closed, ==, 1008);
}

static void
test_freed_with_sockets (Fixture *f, gconstpointer data)
{
  attach (f, 0);
  post (f, "{}");
  cv_sessions_free (f->sessions);
  g_assert_null (cv_session_of (f->ann));
  g_assert_cmpuint (f->sockets[0].closed, ==, 0);
  f->sessions = cv_sessions_new (f->clock, SEAT_MS);
  cv_clock_advance (f->clock, 10 * SEAT_MS);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/session/open", test_open);
  ADD ("/session/post-and-hold", test_post_and_hold);
  ADD ("/session/replay", test_replay);
  ADD ("/session/pass", test_pass);
  ADD ("/session/show", test_show);
  ADD ("/session/take", test_take);
  ADD ("/session/rotate", test_rotate);
  ADD ("/session/rotate-lost", test_rotate_lost);
  ADD ("/session/tokens-after-close", test_tokens_after_close);
  ADD ("/session/attach-replaces", test_attach_replaces);
  ADD ("/session/seat-timeout", test_seat_timeout);
  ADD ("/session/hang-up", test_hang_up);
  ADD ("/session/after-the-end", test_after_the_end);
  ADD ("/session/close", test_close);
  ADD ("/session/too-many-kept", test_too_many_kept);
  ADD ("/session/too-much-kept", test_too_much_kept);
  ADD ("/session/overflow-and-resume", test_overflow_and_resume);
  ADD ("/session/freed-with-sockets", test_freed_with_sockets);
  return g_test_run ();
}
