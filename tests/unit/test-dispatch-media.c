/* What messages do to media and the floor: handlers called as dispatch.c calls them, with sessions over sockets that are two
 * functions, and media that the test plays. */
#include "signalling/dispatch-media.h"

#include "lib/log.h"
#include "lib/media.h"
#include "lib/rooms.h"
#include "lib/wait.h"
#include "signalling/audience.h"

enum { HOST, VIC, N_PEOPLE };

typedef struct {
  CvTestRooms rooms;
  CvTestMediaPool *pool;
  CvTestMedia *media;
  CvSessions *sessions;
  CvRoom *room;
  CvMeeting *meeting;
  CvParticipant *people[N_PEOPLE];
  GString *sent[N_PEOPLE];
  CvDispatch dispatch;
  guint64 id;
} Fixture;

static void
socket_send (gpointer socket, const char *text, gsize length)
{
  g_string_append_len (socket, text, (gssize) length);
}

static void
socket_close (gpointer socket, guint16 code)
{
}

static const CvSocketFuncs funcs = { socket_send, socket_close };

static void
enter (Fixture *f, guint i, const char *name, CvRole role)
{
  g_autofree char *token = NULL;
  f->sent[i] = g_string_new (NULL);
  f->people[i] = cv_registry_enter (f->rooms.registry, f->room, name, role, &(CvSending){ .camera = TRUE }, NULL);
  CvMeeting *meeting = cv_room_get_meeting (f->room);
  CvSession *session = cv_sessions_open (f->sessions, CV_TEST_ROOM, meeting, f->people[i], &token);
  cv_session_attach (session, &funcs, f->sent[i]);
  cv_session_replay (session, 0);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  cv_test_rooms_init (&f->rooms, NULL);
  f->pool = cv_test_media_pool_new ();
  cv_registry_set_media_pool (f->rooms.registry, CV_MEDIA_POOL (f->pool));
  cv_audience_listen (f->rooms.registry);
  cv_test_rooms_create (&f->rooms, CV_TEST_ROOM, "classroom", NULL);
  f->room = cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
  f->sessions = cv_sessions_new (f->rooms.clock, 60000);
  f->dispatch = (CvDispatch){ .registry = f->rooms.registry, .sessions = f->sessions, .clock = f->rooms.clock };
  enter (f, HOST, "Host", CV_ROLE_HOST);
  enter (f, VIC, "Vic", CV_ROLE_VIEWER);
  f->meeting = g_object_ref (cv_room_get_meeting (f->room));
  f->media = cv_test_media_pool_get_last (f->pool);
  cv_test_media_set_ready (f->media, TRUE);
  for (guint i = 0; i < N_PEOPLE; i++)
    g_string_truncate (f->sent[i], 0);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_meeting_end (f->meeting, CV_ENDING_ADMIN);
  cv_test_settle ();
  cv_sessions_free (f->sessions);
  cv_registry_set_media_pool (f->rooms.registry, NULL);
  g_clear_object (&f->meeting);
  g_assert_finalize_object (f->room);
  g_assert_finalize_object (f->pool);
  cv_test_rooms_clear (&f->rooms);
  for (guint i = 0; i < N_PEOPLE; i++)
    g_string_free (f->sent[i], TRUE);
}

static void
assert_sent (Fixture *f, guint i, const char *pattern)
{
  if (!g_pattern_match_simple (pattern, f->sent[i]->str))
    g_error ("%u got %s instead of %s", i, f->sent[i]->str, pattern);
  g_string_truncate (f->sent[i], 0);
}

static void
assert_asked (Fixture *f, const char *pattern)
{
  g_autofree char *asked = cv_test_media_take_asked (f->media);
  if (!g_pattern_match_simple (pattern, asked))
    g_error ("the media were asked for %s instead of %s", asked, pattern);
}

static CvProblem
say (Fixture *f, guint i, CvDispatchFunc func, CvMessage message)
{
  message.id = ++f->id;
  return func (&f->dispatch, NULL, cv_session_of (f->people[i]), &message);
}

#define SAY(i, func, ...) say (f, i, func, (CvMessage){ __VA_ARGS__ })
#define ASSERT_FINE(i, func, ...) g_assert_cmpint (SAY (i, func, __VA_ARGS__), ==, CV_DISPATCH_FINE)

static void
test_offer (Fixture *f, gconstpointer data)
{
  const CvMediaSlot slot = { "4", f->people[HOST]->id, CV_MEDIA_CAMERA, FALSE, FALSE };
  g_signal_emit_by_name (f->media, "slots", f->people[VIC]->id, &slot, 1);
  assert_sent (f, VIC, "*slots*");
  ASSERT_FINE (VIC, cv_dispatch_offer, .sdp = "v=0");
  assert_asked (f, "join(*,v=0,---) ");
  assert_sent (f, VIC, "");
  cv_test_media_answer (f->media, "v=1");
  cv_test_settle ();
  assert_sent (f, VIC, "{\"type\":\"answer\",\"re\":1,\"sdp\":\"v=1\",\"seq\":*}");
  /* what was in the slots of the connection before is not said again */
  cv_session_attach (cv_session_of (f->people[VIC]), &funcs, f->sent[VIC]);
  cv_session_acknowledge (cv_session_of (f->people[VIC]), 2);
  cv_session_replay (cv_session_of (f->people[VIC]), 2);
  assert_sent (f, VIC, "");

  ASSERT_FINE (HOST, cv_dispatch_offer, .sdp = "v=9");
  assert_asked (f, "join(*,v=9,-c-) ");
  cv_test_media_refuse (f->media, CV_MEDIA_ERROR_NO_CODEC);
  cv_test_settle ();
  assert_sent (f, HOST, "*{\"type\":\"error\",\"error\":\"no-codec\",*\"re\":2,\"seq\":*}");
}

static void
test_offer_and_loss (Fixture *f, gconstpointer data)
{
  ASSERT_FINE (VIC, cv_dispatch_offer, .sdp = "v=0");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "the media process is gone*");
  cv_test_media_set_ready (f->media, FALSE);
  cv_test_settle ();
  assert_sent (f, VIC,
               "{\"type\":\"media\",\"state\":\"lost\",*{\"type\":\"error\",\"error\":\"media-lost\",*\"re\":1,*}");
}

/* The seat is given up, or the meeting ends, before the answer comes. */
static void
test_offer_and_go (Fixture *f, gconstpointer data)
{
  ASSERT_FINE (VIC, cv_dispatch_offer, .sdp = "v=0");
  cv_session_close (cv_session_of (f->people[VIC]), CV_LEAVING_LEFT, 1000);
  assert_asked (f, "join(*) leave(*) ");
  cv_test_media_answer (f->media, "v=1");
  ASSERT_FINE (HOST, cv_dispatch_offer, .sdp = "v=0");
  g_string_truncate (f->sent[HOST], 0);
  CvSession *host = cv_session_of (f->people[HOST]);
  cv_meeting_end (f->meeting, CV_ENDING_ADMIN);
  CvMessage late = { .id = 9, .sdp = "v=0" };
  g_assert_cmpint (cv_dispatch_offer (&f->dispatch, NULL, host, &late), ==, CV_PROBLEM_MEDIA_LOST);
  cv_test_settle ();
}

static void
test_view (Fixture *f, gconstpointer data)
{
  CvMediaTile tile = { f->people[HOST]->id, CV_MEDIA_SCREEN, 1280 };
  g_autoptr (GArray) tiles = g_array_new (FALSE, FALSE, sizeof tile);
  ASSERT_FINE (VIC, cv_dispatch_view, .tiles = tiles);
  g_array_append_val (tiles, tile);
  ASSERT_FINE (VIC, cv_dispatch_view, .tiles = tiles);
  assert_asked (f, "view(*) view(*,*:screen:1280) ");
  assert_sent (f, VIC, "{\"type\":\"ok\",\"re\":1,*{\"type\":\"ok\",\"re\":2,*}");
}

static void
test_watch_stats (Fixture *f, gconstpointer data)
{
  const CvMediaStats stats = { .rss = 7 };
  ASSERT_FINE (HOST, cv_dispatch_watch_stats, .on = TRUE);
  assert_sent (f, HOST, "{\"type\":\"ok\",\"re\":1,*}");
  g_signal_emit_by_name (f->media, "stats", &stats);
  assert_sent (f, HOST, "*{\"type\":\"stats\",*\"rss\":7,*}");
  assert_sent (f, VIC, "{\"type\":\"quality\",*}");
  ASSERT_FINE (HOST, cv_dispatch_watch_stats, .on = FALSE);
  g_signal_emit_by_name (f->media, "stats", &stats);
  assert_sent (f, HOST, "{\"type\":\"ok\",\"re\":2,\"seq\":4}");
}

static void
test_hand_and_stage (Fixture *f, gconstpointer data)
{
  const char *vic = f->people[VIC]->id, *host = f->people[HOST]->id;
  ASSERT_FINE (VIC, cv_dispatch_hand, .on = TRUE);
  g_assert_cmpint (f->people[VIC]->hand, ==, CV_TEST_NOW);
  g_assert_cmpint (SAY (HOST, cv_dispatch_stage, .person = "pmmmmmmmmmmmm", .on = TRUE), ==, CV_PROBLEM_NOT_FOUND);
  ASSERT_FINE (HOST, cv_dispatch_stage, .person = vic, .on = TRUE);
  g_assert_true (f->people[VIC]->role == CV_ROLE_PERSON && f->people[VIC]->hand == 0);
  ASSERT_FINE (HOST, cv_dispatch_stage, .person = vic, .on = FALSE);
  g_assert_cmpint (f->people[VIC]->role, ==, CV_ROLE_VIEWER);
  g_assert_cmpint (SAY (HOST, cv_dispatch_stage, .person = host, .on = FALSE), ==, CV_PROBLEM_NOT_ALLOWED);
}

static void
test_stop (Fixture *f, gconstpointer data)
{
  const char *vic = f->people[VIC]->id;
  cv_meeting_set_stage (f->meeting, f->people[VIC], TRUE);
  cv_meeting_set_sending (f->meeting, f->people[VIC], &(CvSending){ .microphone = TRUE, .screen = TRUE });
  ASSERT_FINE (HOST, cv_dispatch_stop, .person = vic, .part = CV_SENDING_SCREEN);
  g_assert_true (f->people[VIC]->sending.microphone && !f->people[VIC]->sending.screen);
  ASSERT_FINE (HOST, cv_dispatch_mute_all);
  g_assert_false (f->people[VIC]->sending.microphone);
  assert_asked (f, "*may(*,m--) may(*,---) ");
  assert_sent (f, VIC, "*\"what\":\"screen\"*\"what\":\"microphone\"*");
  g_assert_cmpint (SAY (HOST, cv_dispatch_stop, .person = "pmmmmmmmmmmmm"), ==, CV_PROBLEM_NOT_FOUND);

  g_assert_cmpint (SAY (HOST, cv_dispatch_start, .person = vic), ==, CV_PROBLEM_NOT_ALLOWED);
  g_assert_cmpint (SAY (HOST, cv_dispatch_start, .person = "pmmmmmmmmmmmm"), ==, CV_PROBLEM_NOT_FOUND);
  f->people[VIC]->stream = TRUE;
  ASSERT_FINE (HOST, cv_dispatch_start, .person = vic, .part = CV_SENDING_MICROPHONE);
  assert_asked (f, "*may(*,m--) ");
}

static void
test_spotlight (Fixture *f, gconstpointer data)
{
  ASSERT_FINE (HOST, cv_dispatch_spotlight, .person = f->people[HOST]->id);
  g_assert_true (cv_meeting_get_spotlight (f->meeting) == f->people[HOST]);
  g_assert_cmpint (SAY (HOST, cv_dispatch_spotlight, .person = f->people[VIC]->id), ==, CV_PROBLEM_NOT_ALLOWED);
  g_assert_cmpint (SAY (HOST, cv_dispatch_spotlight, .person = "pmmmmmmmmmmmm"), ==, CV_PROBLEM_NOT_FOUND);
  g_assert_true (cv_meeting_get_spotlight (f->meeting) == f->people[HOST]);
  ASSERT_FINE (HOST, cv_dispatch_spotlight, .person = NULL);
  g_assert_null (cv_meeting_get_spotlight (f->meeting));
}

static void
test_questions (Fixture *f, gconstpointer data)
{
  ASSERT_FINE (VIC, cv_dispatch_ask, .text = "Why?");
  assert_sent (f, VIC, "{\"type\":\"question\"*{\"type\":\"ok\"*}");
  CvQuestion *why = cv_questions_find (cv_meeting_get_questions (f->meeting), 1);
  ASSERT_FINE (HOST, cv_dispatch_vote, .question = 1, .on = TRUE);
  g_assert_cmpuint (cv_question_count_votes (why), ==, 1);
  ASSERT_FINE (HOST, cv_dispatch_vote, .question = 1, .on = FALSE);
  g_assert_cmpuint (cv_question_count_votes (why), ==, 0);
  g_assert_cmpint (SAY (HOST, cv_dispatch_vote, .question = 2, .on = TRUE), ==, CV_PROBLEM_NOT_FOUND);
  g_assert_cmpint (SAY (HOST, cv_dispatch_resolve, .question = 2), ==, CV_PROBLEM_NOT_FOUND);
  ASSERT_FINE (HOST, cv_dispatch_resolve, .question = 1);
  g_assert_true (why->resolved);
  g_assert_cmpint (SAY (VIC, cv_dispatch_vote, .question = 1, .on = TRUE), ==, CV_PROBLEM_NOT_ALLOWED);
  for (guint i = 0; i < CV_QUESTIONS_MAX_OPEN; i++)
    ASSERT_FINE (VIC, cv_dispatch_ask, .text = "And?");
  g_assert_cmpint (SAY (VIC, cv_dispatch_ask, .text = "And?"), ==, CV_PROBLEM_TOO_MANY);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/dispatch-media/offer", test_offer);
  ADD ("/dispatch-media/offer-and-loss", test_offer_and_loss);
  ADD ("/dispatch-media/offer-and-go", test_offer_and_go);
  ADD ("/dispatch-media/view", test_view);
  ADD ("/dispatch-media/watch-stats", test_watch_stats);
  ADD ("/dispatch-media/hand-and-stage", test_hand_and_stage);
  ADD ("/dispatch-media/stop", test_stop);
  ADD ("/dispatch-media/spotlight", test_spotlight);
  ADD ("/dispatch-media/questions", test_questions);
  return g_test_run ();
}
