/* What is kept of meetings: opened, listed, and deleted as a whole. */
#include "store/records.h"

#include "lib/staged.h"
#include "lib/wait.h"

static CvRecordRow *
load (CvStore *store, const char *meeting, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_records_load_async (store, meeting, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_records_load_finish (store, result, error);
}

static gboolean delete (CvStore *store, gboolean whole, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_records_delete_async (store, CV_TEST_STAGED_MEETING, whole, "admin", 5, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_records_delete_finish (store, result, error);
}

typedef void (*Lister) (CvStore *store, GAsyncReadyCallback callback, gpointer user_data);

static void
list_expired (CvStore *store, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_records_list_expired_async (store, 1000, callback, user_data);
}

static guint
count (CvStore *store, Lister list)
{
  GAsyncResult *slot = NULL;
  list (store, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) ids = cv_records_list_finish (store, result, NULL);
  return ids->len;
}

static void
test_loaded (void)
{
  CvStore *store = cv_test_staged_store (TRUE);
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRecordRow) row = load (store, CV_TEST_STAGED_MEETING, NULL);
  g_assert_cmpstr (row->title, ==, "Product council, November");
  g_assert_cmpstr (row->room, ==, CV_TEST_STAGED_ROOM);
  g_assert_cmpstr (row->reason, ==, "host");
  g_assert_true (row->has_secret && row->secret[31] == 31);
  g_assert_cmpint (row->summary, ==, CV_SUMMARY_PEOPLE);
  g_assert_true (row->attendance);
  g_assert_cmpint (row->keep_content_days, ==, CV_ROOM_KEEP_DEFAULT);
  g_assert_cmpuint (row->issue, ==, 0);
  g_assert_null (load (store, "mbbbbbbbbbbbb", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  cv_test_staged_close (store);
}

static void
test_lists (void)
{
  CvStore *store = cv_test_staged_store (TRUE);
  g_assert_cmpuint (count (store, cv_records_list_pending_async), ==, 1);
  cv_test_staged_run (store, "INSERT INTO summary VALUES ('" CV_TEST_STAGED_MEETING "', 1, 1, 'server', '{}')");
  g_assert_cmpuint (count (store, cv_records_list_pending_async), ==, 0);
  g_assert_cmpuint (count (store, list_expired), ==, 0);
  cv_test_staged_run (store, "UPDATE meeting SET expires = 1001");
  g_assert_cmpuint (count (store, list_expired), ==, 0);
  cv_test_staged_run (store, "UPDATE meeting SET expires = 1000");
  g_assert_cmpuint (count (store, list_expired), ==, 1);
  cv_test_staged_run (store, "UPDATE meeting SET ended = NULL, reason = NULL");
  g_assert_cmpuint (count (store, list_expired), ==, 0);
  cv_test_staged_close (store);
}

/* Documents come first, recordings keep the row, and nothing else is left. */
static void
test_deleted (void)
{
  CvStore *store = cv_test_staged_store (TRUE);
  g_autoptr (GError) error = NULL;
  g_assert_false (delete (store, TRUE, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_FAILED);
  g_clear_error (&error);
  cv_test_staged_run (store, "DELETE FROM document;"
                             "INSERT INTO summary VALUES ('" CV_TEST_STAGED_MEETING "', 1, 1, 'server', '{}');"
                             "INSERT INTO mail (id, meeting, recipient, created) VALUES ('l', '" CV_TEST_STAGED_MEETING
                             "', 'a@b', 1)");
  g_assert_true (delete (store, TRUE, NULL));
  g_autoptr (CvRecordRow) row = load (store, CV_TEST_STAGED_MEETING, NULL);
  g_assert_false (row->has_secret);
  g_assert_cmpstr (row->title, ==, "");
  cv_test_staged_run (store, "CREATE TABLE empty (n INTEGER CHECK (n = 0));"
                             "INSERT INTO empty SELECT count (*) FROM content UNION SELECT count (*) FROM attendance "
                             "UNION SELECT count (*) FROM summary UNION SELECT count (*) FROM mail;"
                             "DELETE FROM recording");
  g_assert_true (delete (store, TRUE, NULL));
  g_assert_null (load (store, CV_TEST_STAGED_MEETING, NULL));
  g_assert_false (delete (store, TRUE, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  cv_test_staged_close (store);
}

static void
test_running (void)
{
  CvStore *store = cv_test_staged_store (TRUE);
  g_autoptr (GError) error = NULL;
  cv_test_staged_run (store, "DELETE FROM document; UPDATE meeting SET ended = NULL, reason = NULL");
  g_assert_false (delete (store, FALSE, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_INVALID);
  cv_test_staged_close (store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/records/loaded", test_loaded);
  g_test_add_func ("/records/lists", test_lists);
  g_test_add_func ("/records/deleted", test_deleted);
  g_test_add_func ("/records/running", test_running);
  return g_test_run ();
}
