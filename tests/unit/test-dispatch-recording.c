/* What people ask of a recording: handlers called as dispatch.c calls them, and what comes to whom. */
#include "signalling/dispatch-recording.h"

#include "lib/folder.h"
#include "lib/log.h"
#include "lib/media.h"
#include "lib/rooms.h"
#include "lib/wait.h"
#include "signalling/audience.h"

#include <string.h>

enum { HOST, VIC, N_PEOPLE };

typedef struct {
  CvTestRooms rooms;
  CvTestMediaPool *pool;
  char *directory;
  CvShelf shelf;
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

/* `data`: the room is not to be recorded. */
static void
set_up (Fixture *f, gconstpointer data)
{
  const CvDiskLimits limits = { 0 };
  g_autoptr (CvRoomRow) row = cv_test_room_row (CV_TEST_ROOM, "classroom");
  row->recording = data == NULL;
  cv_test_rooms_init (&f->rooms, NULL);
  f->pool = cv_test_media_pool_new ();
  f->directory = cv_test_folder_new ();
  f->shelf = (CvShelf){ f->directory, cv_disk_new (f->directory, &limits) };
  cv_registry_set_media_pool (f->rooms.registry, CV_MEDIA_POOL (f->pool));
  cv_registry_set_shelf (f->rooms.registry, &f->shelf);
  cv_audience_listen (f->rooms.registry);
  cv_test_rooms_create_row (&f->rooms, row, NULL);
  f->room = cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
  f->sessions = cv_sessions_new (f->rooms.clock, 60000);
  f->dispatch = (CvDispatch){ .registry = f->rooms.registry, .sessions = f->sessions, .clock = f->rooms.clock };
  enter (f, HOST, "Host", CV_ROLE_HOST);
  enter (f, VIC, "Vic", CV_ROLE_VIEWER);
  f->meeting = g_object_ref (cv_room_get_meeting (f->room));
  cv_test_media_set_ready (cv_test_media_pool_get_last (f->pool), TRUE);
  for (guint i = 0; i < N_PEOPLE; i++)
    g_string_truncate (f->sent[i], 0);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_meeting_end (f->meeting, CV_ENDING_ADMIN);
  cv_test_wait_until (cv_registry_end_recordings (f->rooms.registry) == 0);
  cv_test_settle ();
  cv_sessions_free (f->sessions);
  cv_registry_set_media_pool (f->rooms.registry, NULL);
  g_clear_object (&f->meeting);
  g_assert_finalize_object (f->room);
  g_assert_finalize_object (f->pool);
  cv_test_rooms_clear (&f->rooms);
  for (guint i = 0; i < N_PEOPLE; i++)
    g_string_free (f->sent[i], TRUE);
  cv_disk_free (f->shelf.disk);
  cv_test_folder_free (f->directory);
}

static void
assert_sent (Fixture *f, guint i, const char *pattern)
{
  gint64 start = g_get_monotonic_time ();
  while (!g_pattern_match_simple (pattern, f->sent[i]->str) && g_get_monotonic_time () - start < 2 * G_USEC_PER_SEC)
    cv_test_iterate (start, pattern, G_STRLOC);
  if (!g_pattern_match_simple (pattern, f->sent[i]->str))
    g_error ("%u got %s instead of %s", i, f->sent[i]->str, pattern);
  g_string_truncate (f->sent[i], 0);
}

static CvProblem
say (Fixture *f, guint i, CvDispatchFunc func, CvMessage message)
{
  message.id = ++f->id;
  return func (&f->dispatch, NULL, cv_session_of (f->people[i]), &message);
}

#define SAY(i, func, ...) say (f, i, func, (CvMessage){ __VA_ARGS__ })
#define ASSERT_FINE(i, func, ...) g_assert_cmpint (SAY (i, func, __VA_ARGS__), ==, CV_DISPATCH_FINE)
#define NEWS(state, mine) "{\"type\":\"recording\",\"state\":\"" state "\",*\"mine\":\"" mine "\",*}"

static void
test_record (Fixture *f, gconstpointer data)
{
  ASSERT_FINE (HOST, cv_dispatch_record, .action = CV_CAPTURE_START);
  assert_sent (f, HOST, NEWS ("on", "announced") "*{\"type\":\"ok\",\"re\":1,*}");
  assert_sent (f, VIC, NEWS ("on", "none"));
  ASSERT_FINE (HOST, cv_dispatch_record, .action = CV_CAPTURE_START);
  assert_sent (f, HOST, "{\"type\":\"error\",\"error\":\"recording-state\",*\"re\":2,*}");
  ASSERT_FINE (HOST, cv_dispatch_record, .action = CV_CAPTURE_PAUSE);
  assert_sent (f, HOST, NEWS ("paused", "announced") "{\"type\":\"ok\",\"re\":3,*}");
  assert_sent (f, VIC, NEWS ("paused", "none"));
  ASSERT_FINE (HOST, cv_dispatch_record, .action = CV_CAPTURE_STOP);
  assert_sent (f, HOST, NEWS ("off", "none") "{\"type\":\"ok\",\"re\":4,*}");
}

/* One's own answer is one's own news; that somebody is not recorded is everybody's. */
static void
test_consent (Fixture *f, gconstpointer data)
{
  ASSERT_FINE (HOST, cv_dispatch_consent, .answer = CV_ANSWER_AGREED);
  assert_sent (f, HOST, "{\"type\":\"error\",\"error\":\"recording-state\",*");
  ASSERT_FINE (HOST, cv_dispatch_record, .action = CV_CAPTURE_START);
  assert_sent (f, HOST, "*{\"type\":\"ok\",*");
  assert_sent (f, VIC, NEWS ("on", "none"));
  ASSERT_FINE (HOST, cv_dispatch_consent, .answer = CV_ANSWER_WITHDRAWN);
  assert_sent (f, HOST, NEWS ("on", "withdrawn") "{\"type\":\"ok\",\"re\":3,*}");
  assert_sent (f, VIC, "{\"type\":\"person-changed\",*\"camera\":false,*\"unrecorded\":true,*}");
}

/* Who has left meanwhile is told nothing. */
static void
test_leaves (Fixture *f, gconstpointer data)
{
  ASSERT_FINE (HOST, cv_dispatch_record, .action = CV_CAPTURE_START);
  cv_session_close (cv_session_of (f->people[HOST]), CV_LEAVING_LEFT, 1000);
  assert_sent (f, VIC, "*{\"type\":\"recording\",\"state\":\"on\",*");
  assert_sent (f, HOST, "");
}

static void
test_off (Fixture *f, gconstpointer data)
{
  ASSERT_FINE (HOST, cv_dispatch_record, .action = CV_CAPTURE_START);
  assert_sent (f, HOST, "{\"type\":\"error\",\"error\":\"recording-off\",*");
  ASSERT_FINE (HOST, cv_dispatch_consent, .answer = CV_ANSWER_AGREED);
  assert_sent (f, HOST, "{\"type\":\"error\",\"error\":\"recording-state\",*");
  cv_meeting_end (f->meeting, CV_ENDING_HOST);
  g_assert_cmpint (SAY (HOST, cv_dispatch_record, .action = CV_CAPTURE_START), ==, CV_PROBLEM_RECORDING_STATE);
  g_assert_cmpint (SAY (HOST, cv_dispatch_consent, .answer = CV_ANSWER_AGREED), ==, CV_PROBLEM_RECORDING_STATE);
}

#define ADD(name, data, func) g_test_add (name, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/dispatch-recording/record", NULL, test_record);
  ADD ("/dispatch-recording/consent", NULL, test_consent);
  ADD ("/dispatch-recording/leaves", NULL, test_leaves);
  ADD ("/dispatch-recording/off", "off", test_off);
  return g_test_run ();
}
