/* A running meeting is recorded over the REST interface, by who may, where it may be. */
#include "signalling/api-recording.h"

#include "lib/api.h"
#include "lib/folder.h"
#include "lib/log.h"
#include "lib/media.h"
#include "lib/wait.h"

#define assert_answer cv_test_api_assert
#define assert_problem cv_test_api_assert_problem
#define PATH "POST /api/v1/rooms/cccccccccccc/recording"
#define DO(action) "{\"action\":\"" action "\"}"

static void
test_life (CvTestApi *f, gconstpointer data)
{
  const CvDiskLimits limits = { 0 };
  char *directory = cv_test_folder_new ();
  CvShelf shelf = { directory, cv_disk_new (directory, &limits) };
  CvTestMediaPool *pool = cv_test_media_pool_new ();
  g_autoptr (CvRoomRow) row = cv_test_room_row ("cccccccccccc", "boardroom");
  row->recording = TRUE;
  cv_registry_set_media_pool (f->rooms.registry, CV_MEDIA_POOL (pool));
  cv_registry_set_shelf (f->rooms.registry, &shelf);
  g_assert_true (cv_test_rooms_create_row (&f->rooms, row, NULL));
  assert_problem (f, PATH, DO ("start"), CV_PROBLEM_RECORDING_STATE);
  CvRoom *room = cv_test_rooms_load (&f->rooms, "cccccccccccc", NULL);
  cv_test_rooms_enter (&f->rooms, room, "Ann");
  assert_answer (f, PATH, DO ("start"), 200, "{\"recording\":\"r????????????\",\"state\":\"on\"}");
  assert_problem (f, PATH, DO ("resume"), CV_PROBLEM_RECORDING_STATE);
  assert_answer (f, PATH, DO ("pause"), 200, "{\"recording\":\"r*\",\"state\":\"paused\"}");
  assert_answer (f, PATH, DO ("stop"), 200, "{\"recording\":*,\"state\":\"off\"}");
  cv_test_wait_until (cv_registry_end_recordings (f->rooms.registry) == 0);
  cv_meeting_end (cv_room_get_meeting (room), CV_ENDING_ADMIN);
  cv_test_settle ();
  cv_test_wait_gone (room);
  cv_registry_set_media_pool (f->rooms.registry, NULL);
  cv_test_wait_gone (pool);
  cv_disk_free (shelf.disk);
  cv_test_folder_free (directory);
}

static void
test_refused (CvTestApi *f, gconstpointer data)
{
  static const char *const bad[] = { "", "{}", "{\"action\":\"end\"}", "{\"action\":1}",
                                     "{\"action\":\"start\",\"x\":1}" };
  assert_problem (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/recording", DO ("start"), CV_PROBLEM_RECORDING_OFF);
  assert_problem (f, "POST /api/v1/rooms/mmmmmmmmmmmm/recording", DO ("start"), CV_PROBLEM_UNKNOWN_ROOM);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_problem (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/recording", bad[i], CV_PROBLEM_BAD_MESSAGE);
  f->admin = FALSE;
  assert_problem (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/recording", DO ("start"), CV_PROBLEM_NO_SESSION);
}

#define ADD(name, func) g_test_add (name, CvTestApi, NULL, cv_test_api_set_up, func, cv_test_api_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/api-recording/life", test_life);
  ADD ("/api-recording/refused", test_refused);
  return g_test_run ();
}
