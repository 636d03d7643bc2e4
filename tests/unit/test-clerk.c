/* When a meeting ends, what was not whole goes, and what was stays. */
#include "signalling/clerk.h"

#include "lib/api.h"
#include "lib/log.h"
#include "lib/wait.h"

#define assert_rows(f, expected)                                                                                       \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    g_autofree char *rows = cv_test_recordings_dump ((f)->rooms.store, "SELECT name, status FROM document");           \
    g_assert_cmpstr (rows, ==, expected);                                                                              \
  }                                                                                                                    \
  G_STMT_END

static void
test_end (CvTestApi *f, gconstpointer data)
{
  cv_clerk_listen (f->rooms.registry, f->api.cabinet);
  cv_registry_set_cabinet (f->rooms.registry, f->api.cabinet);
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
  cv_test_rooms_enter (&f->rooms, room, "Ann");
  CvMeeting *meeting = cv_room_get_meeting (room);
  for (guint i = 0; i < 2; i++) {
    g_autofree char *sql = g_strdup_printf (
      "INSERT INTO document (id, meeting, person, by_name, name, media_type, bytes, status, created) VALUES "
      "('f%s', '%s', 'p', 'Ann', '%s', '', 1, '%s', 1)",
      i == 0 ? "aaaaaaaaaaaa" : "bbbbbbbbbbbb", cv_meeting_get_id (meeting), i == 0 ? "half" : "whole",
      i == 0 ? "uploading" : "ready");
    cv_test_recordings_run (f->rooms.store, sql);
  }
  cv_meeting_end (meeting, CV_ENDING_HOST);
  for (guint i = 0; i < 3; i++)
    cv_test_settle ();
  g_autofree char *count = NULL;
  do {
    g_free (count);
    cv_test_pause (2);
    count = cv_test_recordings_dump (f->rooms.store, "SELECT count (*) FROM document");
  } while (!g_str_equal (count, "1;"));
  assert_rows (f, "whole ready;");
  /* and a room's go with it */
  g_assert_true (cv_test_rooms_delete (&f->rooms, CV_TEST_ROOM, NULL));
  assert_rows (f, "");
  cv_registry_set_cabinet (f->rooms.registry, NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  g_test_add ("/clerk/end", CvTestApi, NULL, cv_test_api_set_up, test_end, cv_test_api_tear_down);
  return g_test_run ();
}
