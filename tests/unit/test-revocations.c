/* Tokens and keys that count no more: the first time stays, and what is not there is missing. */
#include "store/revocations.h"

#include "lib/wait.h"

static gboolean
end (CvStore *store, CvRevocation what, const char *id, gint64 at, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_revocations_add_async (store, what, id, at, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_revocations_add_finish (store, result, error);
}

static gpointer
fill_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  cv_store_exec (db, error,
                 "INSERT INTO api_key (id, hash, name, role, created) VALUES ('k', zeroblob (32), 'K', 'host', 1)", "");
  return NULL;
}

static gpointer
read_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, "SELECT revoked FROM api_key WHERE id = 'k'", "");
  gint64 *revoked = g_new0 (gint64, 1);
  if (sqlite3_step (statement) == SQLITE_ROW)
    *revoked = sqlite3_column_int64 (statement, 0);
  return revoked;
}

static gpointer
run (CvStore *store, gpointer (*work) (sqlite3 *, gpointer, GError **))
{
  GAsyncResult *slot = NULL;
  g_autoptr (GError) error = NULL;
  cv_store_run_async (store, work, NULL, NULL, g_free, NULL, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  gpointer value = cv_store_run_finish (store, result, &error);
  g_assert_no_error (error);
  return value;
}

static void
test_first_stays (void)
{
  CvStore *store = cv_store_open (":memory:", NULL);
  g_autoptr (GError) error = NULL;
  run (store, fill_on_worker);
  g_assert_true (end (store, CV_REVOCATION_KEY, "k", 77, &error));
  g_assert_true (end (store, CV_REVOCATION_KEY, "k", 99, &error));
  g_autofree gint64 *revoked = run (store, read_on_worker);
  g_assert_cmpint (*revoked, ==, 77);
  cv_store_close (store);
  cv_test_wait_gone (store);
}

static void
test_missing (void)
{
  static const char *const texts[] = { "no such token", "no such key" };
  CvStore *store = cv_store_open (":memory:", NULL);
  for (CvRevocation what = CV_REVOCATION_TOKEN; what <= CV_REVOCATION_KEY; what++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (end (store, what, "x", 1, &error));
    g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
    g_assert_cmpstr (error->message, ==, texts[what]);
  }
  cv_store_close (store);
  cv_test_wait_gone (store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/revocations/first-stays", test_first_stays);
  g_test_add_func ("/revocations/missing", test_missing);
  return g_test_run ();
}
