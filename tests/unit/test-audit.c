/* Table `audit`: entries, newest first. */
#include "store/audit.h"

#include "lib/recordings.h"
#include "lib/wait.h"

static void
add (CvStore *store, gint64 at, const char *detail)
{
  CvAuditRow row = { .at = at,
                     .actor = (char *) "admin",
                     .action = (char *) "recording.delete",
                     .object = (char *) CV_TEST_RECORDING,
                     .detail = (char *) detail };
  GAsyncResult *slot = NULL;
  cv_audit_add_async (store, &row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_audit_add_finish (store, result, NULL));
}

static void
test_add_and_list (CvStore *store)
{
  GAsyncResult *slot = NULL;
  add (store, 3, NULL);
  add (store, 1, "abcdefghijkm");
  add (store, 2, "'; DROP TABLE audit");
  cv_audit_list_async (store, 2, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) rows = cv_audit_list_finish (store, result, NULL);
  g_assert_cmpuint (rows->len, ==, 2);
  const CvAuditRow *row = rows->pdata[0];
  g_assert_cmpint (row->at, ==, 2);
  g_assert_cmpstr (row->detail, ==, "'; DROP TABLE audit");
  row = rows->pdata[1];
  g_assert_cmpstr (row->actor, ==, "admin");
  g_assert_cmpstr (row->action, ==, "recording.delete");
  g_assert_cmpstr (row->object, ==, CV_TEST_RECORDING);
  g_assert_cmpstr (row->detail, ==, "abcdefghijkm");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_recordings_add_func ("/audit/add-and-list", test_add_and_list);
  return g_test_run ();
}
