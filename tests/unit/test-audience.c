/* Who is told what of a meeting's news. */
#include "signalling/audience.h"

#include "lib/log.h"
#include "lib/rooms.h"
#include "signalling/session.h"

#include <string.h>

typedef struct {
  GString *sent;
  guint closed;
} Socket;

static void
socket_send (gpointer socket, const char *text, gsize length)
{
  g_string_append_len (((Socket *) socket)->sent, text, (gssize) length);
}

static void
socket_close (gpointer socket, guint16 code)
{
  ((Socket *) socket)->closed = code;
}

static const CvSocketFuncs funcs = { socket_send, socket_close };

typedef struct {
  CvTestRooms rooms;
  CvSessions *sessions;
  CvRoom *room;
  CvMeeting *meeting;
  CvParticipant *people[3];
  Socket sockets[3];
} Fixture;

static void
enter (Fixture *f, guint i, const char *name)
{
  g_autofree char *token = NULL;
  f->people[i] = cv_test_rooms_enter (&f->rooms, f->room, name);
  CvMeeting *meeting = cv_room_get_meeting (f->room);
  CvSession *session = cv_sessions_open (f->sessions, CV_TEST_ROOM, meeting, f->people[i], &token);
  cv_session_attach (session, &funcs, &f->sockets[i]);
  cv_session_replay (session, 0);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  cv_test_rooms_init (&f->rooms, NULL);
  cv_audience_listen (f->rooms.registry);
  cv_test_rooms_create (&f->rooms, CV_TEST_ROOM, "standard", NULL);
  f->sessions = cv_sessions_new (f->rooms.clock, 60000);
  f->room = cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (f->sockets); i++)
    f->sockets[i].sent = g_string_new (NULL);
  enter (f, 0, "Ann");
  enter (f, 1, "Bob");
  f->meeting = g_object_ref (cv_room_get_meeting (f->room));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_meeting_end (f->meeting, CV_ENDING_ADMIN);
  cv_sessions_free (f->sessions);
  g_clear_object (&f->meeting);
  g_assert_finalize_object (f->room);
  cv_test_rooms_clear (&f->rooms);
  for (gsize i = 0; i < G_N_ELEMENTS (f->sockets); i++)
    g_string_free (f->sockets[i].sent, TRUE);
}

/* The types of what was sent, and what is told apart in them. */
static void
assert_sent (Fixture *f, guint i, const char *pattern)
{
  if (!g_pattern_match_simple (pattern, f->sockets[i].sent->str))
    g_error ("%u got %s instead of %s", i, f->sockets[i].sent->str, pattern);
  g_string_truncate (f->sockets[i].sent, 0);
}

static void
test_joined (Fixture *f, gconstpointer data)
{
  assert_sent (f, 0, "{\"type\":\"person-joined\"*\"name\":\"Bob\"*\"seq\":1}");
  assert_sent (f, 1, ""); /* `joined` tells the newcomer */
  enter (f, 2, "Cyd");
  assert_sent (f, 0, "{\"type\":\"person-joined\"*\"name\":\"Cyd\"*\"seq\":2}");
  assert_sent (f, 1, "{\"type\":\"person-joined\"*\"name\":\"Cyd\"*\"seq\":1}");
  assert_sent (f, 2, "");
}

static void
test_changed (Fixture *f, gconstpointer data)
{
  assert_sent (f, 0, "*");
  cv_meeting_set_sending (f->meeting, f->people[0], &(CvSending){ .screen = TRUE });
  assert_sent (f, 0, "");
  assert_sent (f, 1, "{\"type\":\"person-changed\"*\"name\":\"Ann\"*\"screen\":true*}");
  cv_session_hang_up (cv_session_of (f->people[1]), 1000);
  assert_sent (f, 0, "{\"type\":\"person-changed\"*\"name\":\"Bob\"*\"away\":true*}");
}

static void
test_left (Fixture *f, gconstpointer data)
{
  enter (f, 2, "Cyd");
  assert_sent (f, 0, "*");
  assert_sent (f, 1, "*");
  cv_session_close (cv_session_of (f->people[2]), CV_LEAVING_LEFT, 1000);
  assert_sent (f, 0, "{\"type\":\"person-left\"*\"reason\":\"left\",\"seq\":3}");
  assert_sent (f, 1, "{\"type\":\"person-left\"*\"reason\":\"left\",\"seq\":2}");
  assert_sent (f, 2, "");
}

static void
test_chat (Fixture *f, gconstpointer data)
{
  assert_sent (f, 0, "*");
  cv_meeting_say (f->meeting, f->people[0], "Hi");
  assert_sent (f, 0, "{\"type\":\"chat\"*\"text\":\"Hi\"*\"seq\":2}");
  assert_sent (f, 1, "{\"type\":\"chat\"*\"text\":\"Hi\"*\"seq\":1}");
}

/* Who has no session (a seat that is just being given up) is passed over. */
static void
test_without_session (Fixture *f, gconstpointer data)
{
  CvParticipant *dan = cv_test_rooms_enter (&f->rooms, f->room, "Dan");
  assert_sent (f, 1, "{\"type\":\"person-joined\"*\"name\":\"Dan\"*}");
  cv_meeting_say (f->meeting, dan, "Hi");
  assert_sent (f, 1, "{\"type\":\"chat\"*");
}

static void
test_ended (Fixture *f, gconstpointer data)
{
  assert_sent (f, 0, "*");
  CvSession *bob = cv_session_of (f->people[1]);
  cv_session_detach (bob, &f->sockets[1]);
  assert_sent (f, 0, "*");
  cv_meeting_end (f->meeting, CV_ENDING_HOST);
  assert_sent (f, 0, "{\"type\":\"ended\",\"reason\":\"host\",\"seq\":3}");
  g_assert_cmpuint (f->sockets[0].closed, ==, 1000);

  /* who had lost the socket learns of it when coming back in time */
  cv_session_attach (bob, &funcs, &f->sockets[2]);
  g_assert_true (cv_session_replay (bob, 0));
  assert_sent (f, 2, "{\"type\":\"ended\",\"reason\":\"host\",\"seq\":1}");
  /* and the seats go in silence */
  cv_clock_advance (f->rooms.clock, 60000);
  assert_sent (f, 2, "");
  g_assert_cmpuint (cv_sessions_count (f->sessions), ==, 1);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/audience/joined", test_joined);
  ADD ("/audience/changed", test_changed);
  ADD ("/audience/left", test_left);
  ADD ("/audience/chat", test_chat);
  ADD ("/audience/without-session", test_without_session);
  ADD ("/audience/ended", test_ended);
  return g_test_run ();
}
