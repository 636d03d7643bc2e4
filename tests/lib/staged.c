/* See staged.h. */
#include "lib/staged.h"

#include "cv-build.h"
#include "lib/wait.h"
#include "store/rooms.h"
#include "summary/collect.h"

static gpointer
run_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  char *message = NULL;
  if (sqlite3_exec (db, data, NULL, NULL, &message) != SQLITE_OK)
    g_error ("%s", message);
  return NULL;
}

void
cv_test_staged_run (CvStore *store, const char *sql)
{
  GAsyncResult *slot = NULL;
  cv_store_run_async (store, run_on_worker, g_strdup (sql), g_free, NULL, NULL, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_store_run_finish_plain (store, result, NULL));
}

CvStore *
cv_test_staged_store (gboolean filled)
{
  CvStore *store = cv_store_open (":memory:", NULL);
  CvRoomRow row = CV_ROOM_ROW_INIT;
  GAsyncResult *slot = NULL;
  row.id = (char *) CV_TEST_STAGED_ROOM;
  row.kind = (char *) "boardroom";
  row.title = (char *) "Product council";
  row.created = 1;
  cv_rooms_insert_async (store, &row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_rooms_insert_finish (store, result, NULL));
  if (filled) {
    g_autofree char *sql = NULL;
    g_assert_true (g_file_get_contents (CV_SOURCE_DIR "/tests/lib/staged-meeting.sql", &sql, NULL, NULL));
    cv_test_staged_run (store, sql);
  }
  return store;
}

void
cv_test_staged_close (CvStore *store)
{
  cv_store_close (store);
  cv_test_wait_gone (store);
}

static gpointer
collect_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (CvRecordRow) record = cv_record_read (db, CV_TEST_STAGED_MEETING, error);
  CvSummarySettings settings;
  return record != NULL && cv_summary_read_settings (db, record, &settings, error)
           ? cv_summary_collect (db, record, &settings, error)
           : NULL;
}

CvSummary *
cv_test_staged_summary (void)
{
  CvStore *store = cv_test_staged_store (TRUE);
  GAsyncResult *slot = NULL;
  g_autoptr (GError) error = NULL;
  cv_store_run_async (store, collect_on_worker, NULL, NULL, (GDestroyNotify) cv_summary_free, NULL, cv_test_on_ready,
                      &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  CvSummary *summary = cv_store_run_finish (store, result, &error);
  g_assert_no_error (error);
  g_clear_object (&result);
  cv_test_staged_close (store);
  return summary;
}

CvPaper *
cv_test_staged_paper (const CvSummary *summary, const char *server, const char *address)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (CvWords) words = cv_words_new ("/nowhere", "en", utc);
  const CvComposition composition = {
    .words = words, .server = server, .address = address, .issue = 1, .made = CV_TEST_STAGED_START + 63 * 60000
  };
  return cv_compose (summary, &composition);
}
