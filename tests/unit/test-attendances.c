/* Who was there, in the database: one row a seat. */
#include "store/attendances.h"

#include "lib/recordings.h"
#include "lib/rooms.h"
#include "lib/wait.h"
#include "store/meetings.h"

#define MEETING "mabcdefghijkm"

static gboolean
save (CvStore *store, const char *meeting, const char *name, const char *role, gint64 left, GError **error)
{
  GAsyncResult *slot = NULL;
  const CvAttendanceRow row = { .person = (char *) "p1",
                                .name = (char *) name,
                                .role = role,
                                .device = "browser",
                                .account = (char *) "",
                                .joined = 10,
                                .left = left };
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_attendance_row_free);
  g_ptr_array_add (rows, cv_attendance_row_new (&row));
  cv_attendances_save_async (store, meeting, rows, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_attendances_save_finish (store, result, error);
}

static void
test_save (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (save (store, MEETING, "Ann", "person", 10, NULL));
  g_assert_true (save (store, MEETING, "Ann B.", "cohost", 20, NULL));
  g_autofree char *rows = cv_test_store_ask (
    store, "SELECT person || name || role || device || account || joined || '-' || \"left\" FROM attendance");
  g_assert_cmpstr (rows, ==, "p1Ann B.cohostbrowser10-20 ");
  g_assert_false (save (store, "mnothingthere", "Ann", "person", 10, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
}

/* A meeting that a crash has left open ended when somebody was seen last. */
static void
test_crash (CvStore *store)
{
  GAsyncResult *slot = NULL;
  cv_test_recordings_run (store, "UPDATE meeting SET started = 5, ended = NULL, reason = NULL");
  g_assert_true (save (store, MEETING, "Ann", "person", 20, NULL));
  cv_meetings_close_open_async (store, 1000, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_cmpint (cv_meetings_close_open_finish (store, result, NULL), >=, 1);
  g_autofree char *ended = cv_test_store_ask (store, "SELECT ended FROM meeting WHERE id = '" MEETING "'");
  g_assert_cmpstr (ended, ==, "20 ");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  cv_test_recordings_add_func ("/attendances/save", test_save);
  cv_test_recordings_add_func ("/attendances/crash", test_crash);
  return g_test_run ();
}
