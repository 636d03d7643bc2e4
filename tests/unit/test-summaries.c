/* Table `summary`: issues are numbered, the last one counts, the first one and the newest stay. */
#include "store/summaries.h"

#include "lib/staged.h"
#include "lib/wait.h"

static gpointer
add_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvSummaryRow row = {
    .meeting = (char *) CV_TEST_STAGED_MEETING, .issue = 7, .made = 5, .actor = (char *) "host", .body = data
  };
  return GUINT_TO_POINTER (cv_summary_add (db, &row, error));
}

static guint
add (CvStore *store, const char *body, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_store_run_async (store, add_on_worker, g_strdup (body), g_free, NULL, NULL, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return GPOINTER_TO_UINT (cv_store_run_finish (store, result, error));
}

static CvSummaryRow *
load (CvStore *store, const char *meeting, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_summaries_load_async (store, meeting, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_summaries_load_finish (store, result, error);
}

static void
test_last (void)
{
  CvStore *store = cv_test_staged_store (TRUE);
  g_autoptr (GError) error = NULL;
  g_assert_null (load (store, CV_TEST_STAGED_MEETING, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_assert_cmpuint (add (store, "{}", NULL), ==, 1);
  g_assert_cmpuint (add (store, "{\"title\":\"Tea\"}", NULL), ==, 2);
  g_autoptr (CvSummaryRow) row = load (store, CV_TEST_STAGED_MEETING, NULL);
  g_assert_cmpstr (row->meeting, ==, CV_TEST_STAGED_MEETING);
  g_assert_cmpuint (row->issue, ==, 2);
  g_assert_cmpint (row->made, ==, 5);
  g_assert_cmpstr (row->actor, ==, "host");
  g_assert_cmpstr (row->body, ==, "{\"title\":\"Tea\"}");
  cv_test_staged_close (store);
}

static void
test_kept (void)
{
  CvStore *store = cv_test_staged_store (TRUE);
  for (guint i = 1; i <= CV_SUMMARIES_MAX_ISSUES + 3; i++)
    g_assert_cmpuint (add (store, "{}", NULL), ==, i);
  cv_test_staged_run (store, "CREATE TABLE expected (n INTEGER, first INTEGER, second INTEGER, "
                             "CHECK (n = 51 AND first = 1 AND second = 4));"
                             "INSERT INTO expected SELECT count (*), min (issue), "
                             "(SELECT min (issue) FROM summary WHERE issue > 1) FROM summary");
  cv_test_staged_close (store);
}

static void
test_no_meeting (void)
{
  CvStore *store = cv_test_staged_store (FALSE);
  g_autoptr (GError) error = NULL;
  g_assert_cmpuint (add (store, "{}", &error), ==, 0);
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  cv_test_staged_close (store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/summaries/last", test_last);
  g_test_add_func ("/summaries/kept", test_kept);
  g_test_add_func ("/summaries/no-meeting", test_no_meeting);
  return g_test_run ();
}
