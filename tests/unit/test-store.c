/* The database: opening and its refusals, jobs and their transactions, space that runs out. */
#include "store/store.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

typedef struct {
  char *directory;
  char *path;
  CvStore *store;
} Fixture;

/* Closed, and nobody else holds it. */
static void
drop_store (Fixture *f)
{
  if (f->store == NULL)
    return;
  cv_store_close (f->store);
  g_assert_finalize_object (g_steal_pointer (&f->store));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->directory = g_dir_make_tmp ("conclave-store-XXXXXX", &error);
  f->path = g_build_filename (f->directory, "conclave.db", NULL);
  f->store = cv_store_open (f->path, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (f->directory, 0, NULL);
  const char *name;

  drop_store (f);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (f->directory, name, NULL);

    g_assert_cmpint (g_unlink (path), ==, 0);
  }
  g_assert_cmpint (g_rmdir (f->directory), ==, 0);
  g_free (f->directory);
  g_free (f->path);
}

/* ---- Jobs ---- */

static gpointer
exec_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  if (sqlite3_exec (db, data, NULL, NULL, NULL) != SQLITE_OK)
    cv_store_set_error (error, db, "exec");
  return NULL;
}

/* The first column of the first row as text. */
static gpointer
query_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, data, "");

  if (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    return g_strdup ((const char *) sqlite3_column_text (statement, 0));
  return NULL;
}

static void
on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;

  g_assert_null (*slot);
  *slot = g_object_ref (result);
}

static gpointer
run (CvStore *store, CvStoreFunc func, const char *sql, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cv_store_run_async (store, func, g_strdup (sql), g_free, g_free, NULL, on_ready, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return cv_store_run_finish (store, result, error);
}

static void
assert_query (CvStore *store, const char *sql, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *found = run (store, query_on_worker, sql, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, expected);
}

static void
test_settings (Fixture *f, gconstpointer data)
{
  g_autofree char *wal = g_strconcat (f->path, "-wal", NULL);
  struct stat info;

  assert_query (f->store, "PRAGMA journal_mode", "wal");
  assert_query (f->store, "PRAGMA foreign_keys", "1");
  assert_query (f->store, "PRAGMA synchronous", "2");
  assert_query (f->store, "PRAGMA user_version", "12");
  g_assert_cmpint (stat (f->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (stat (wal, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
test_reopen (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  run (f->store, exec_on_worker, "CREATE TABLE t (a); INSERT INTO t VALUES (7)", &error);
  g_assert_no_error (error);
  drop_store (f);
  g_chmod (f->path, 0644);
  f->store = cv_store_open (f->path, &error);
  g_assert_no_error (error);
  assert_query (f->store, "SELECT a FROM t", "7");

  struct stat info;
  g_assert_cmpint (stat (f->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
test_memory (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvStore) store = cv_store_open (":memory:", &error);

  g_assert_no_error (error);
  assert_query (store, "SELECT count(*) FROM room", "0");
  g_assert_false (g_file_test (":memory:", G_FILE_TEST_EXISTS));
}

/* ---- Refusals ---- */

static void
assert_opening_fails (Fixture *f, CvStoreError code)
{
  g_autoptr (GError) error = NULL;

  drop_store (f);
  f->store = cv_store_open (f->path, &error);
  g_assert_error (error, CV_STORE_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, f->path));
  g_assert_null (f->store);
}

static void
test_no_directory (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cv_store_open ("/nonexistent/conclave.db", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_OPEN);
  g_clear_error (&error);
  g_assert_null (cv_store_open (f->directory, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_OPEN);
}

static void
test_newer (Fixture *f, gconstpointer data)
{
  run (f->store, exec_on_worker, "PRAGMA user_version = 999", NULL);
  assert_opening_fails (f, CV_STORE_ERROR_VERSION);
}

static void
test_not_a_database (Fixture *f, gconstpointer data)
{
  g_autofree char *junk = g_strnfill (8192, 'x');

  drop_store (f);
  g_assert_true (g_file_set_contents (f->path, junk, -1, NULL));
  assert_opening_fails (f, CV_STORE_ERROR_CORRUPT);
}

/* Overwrites a page in the middle: the header stays good, so that only quick_check sees it. */
static void
test_damaged (Fixture *f, gconstpointer data)
{
  g_autofree char *bytes = NULL;
  gsize n;

  drop_store (f);
  g_assert_true (g_file_get_contents (f->path, &bytes, &n, NULL));
  g_assert_cmpuint (n, >, 3 * 4096);
  memset (bytes + 2 * 4096, 0x5a, 4096);
  g_assert_true (g_file_set_contents (f->path, bytes, n, NULL));
  assert_opening_fails (f, CV_STORE_ERROR_CORRUPT);
}

/* ---- Transactions ---- */

static gpointer
half_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  cv_store_exec (db, NULL, "INSERT INTO t VALUES (?)", "i", (gint64) 1);
  g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_FAILED, "changed my mind");
  return NULL;
}

static void
test_rolled_back (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  run (f->store, exec_on_worker, "CREATE TABLE t (a UNIQUE)", NULL);
  run (f->store, half_on_worker, "", &error);
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_FAILED);
  assert_query (f->store, "SELECT count(*) FROM t", "0");
}

/* Many at once, every third fails: the others are there, and each hears its own answer. */
static void
test_batch (Fixture *f, gconstpointer data)
{
  enum { N = 1000 };
  g_autofree GAsyncResult **results = g_new0 (GAsyncResult *, N);
  guint failed = 0;

  run (f->store, exec_on_worker, "CREATE TABLE t (a UNIQUE)", NULL);
  for (guint i = 0; i < N; i++)
    cv_store_run_async (
      f->store, exec_on_worker,
      g_strdup_printf ("INSERT INTO t VALUES (%u); INSERT INTO t VALUES (%u)", i * 2, i % 3 == 2 ? i * 2 : i * 2 + 1),
      g_free, NULL, NULL, on_ready, &results[i]);
  for (guint i = 0; i < N; i++) {
    g_autoptr (GError) error = NULL;

    while (results[i] == NULL)
      g_main_context_iteration (NULL, TRUE);
    cv_store_run_finish (f->store, results[i], &error);
    if (i % 3 == 2)
      g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS);
    else
      g_assert_no_error (error);
    failed += error != NULL;
    g_object_unref (results[i]);
  }
  g_assert_cmpuint (failed, ==, N / 3);
  assert_query (f->store, "SELECT count(*) FROM t", "1334");
}

/* One that ends everybody's transaction by itself: nobody is told that it worked. */
static void
test_transaction_given_up (Fixture *f, gconstpointer data)
{
  static const char *const SQL[] = { "SELECT 1", "INSERT INTO t VALUES (1)", "ROLLBACK", "INSERT INTO t VALUES (2)" };
  GAsyncResult *results[G_N_ELEMENTS (SQL)] = { NULL };
  g_autofree char *count = NULL;
  guint worked = 0;

  run (f->store, exec_on_worker, "CREATE TABLE t (a)", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (SQL); i++)
    cv_store_run_async (f->store, exec_on_worker, (gpointer) SQL[i], NULL, NULL, NULL, on_ready, &results[i]);
  for (guint i = 0; i < G_N_ELEMENTS (SQL); i++) {
    g_autoptr (GError) error = NULL;

    while (results[i] == NULL)
      g_main_context_iteration (NULL, TRUE);
    cv_store_run_finish (f->store, results[i], &error);
    g_object_unref (results[i]);
    if (i == 2)
      g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_FAILED);
    if (i == 1 || i == 3)
      worked += error == NULL;
  }
  count = g_strdup_printf ("%u", worked);
  assert_query (f->store, "SELECT count(*) FROM t", count);
}

/* ---- No space ---- */

static void
test_full (Fixture *f, gconstpointer data)
{
  g_autofree char *blob = g_strnfill (20000, 'x');
  g_autofree char *large = g_strdup_printf ("INSERT INTO t VALUES ('%s')", blob);
  g_autofree char *limit = NULL, *pages = NULL;
  g_autoptr (GError) error = NULL;

  run (f->store, exec_on_worker, "CREATE TABLE t (a)", &error);
  g_assert_no_error (error);
  pages = run (f->store, query_on_worker, "PRAGMA page_count", NULL);
  limit = g_strdup_printf ("PRAGMA max_page_count = %s", pages);
  g_free (run (f->store, query_on_worker, limit, NULL));

  run (f->store, exec_on_worker, large, &error);
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_FULL);
  g_clear_error (&error);
  assert_query (f->store, "SELECT count(*) FROM t", "0");

  /* with space again all goes on */
  g_free (run (f->store, query_on_worker, "PRAGMA max_page_count = 1000000", NULL));
  run (f->store, exec_on_worker, large, &error);
  g_assert_no_error (error);
  assert_query (f->store, "SELECT count(*) FROM t", "1");
}

/* ---- Ends ---- */

static void
test_closed (Fixture *f, gconstpointer data)
{
  g_autoptr (GAsyncResult) queued = NULL;
  g_autoptr (GError) error = NULL;

  /* what was queued still runs */
  cv_store_run_async (f->store, exec_on_worker, g_strdup ("CREATE TABLE late (a)"), g_free, NULL, NULL, on_ready,
                      &queued);
  cv_store_close (f->store);
  cv_store_close (f->store);
  while (queued == NULL)
    g_main_context_iteration (NULL, TRUE);
  cv_store_run_finish (f->store, queued, &error);
  g_assert_no_error (error);
  g_clear_object (&queued);

  run (f->store, exec_on_worker, "SELECT 1", &error);
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_FAILED);
  g_clear_error (&error);

  drop_store (f);
  f->store = cv_store_open (f->path, &error);
  g_assert_no_error (error);
  assert_query (f->store, "SELECT count(*) FROM late", "0");
}

static void
test_cancelled (Fixture *f, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  cv_store_run_async (f->store, exec_on_worker, g_strdup ("CREATE TABLE never (a)"), g_free, NULL, cancellable,
                      on_ready, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  cv_store_run_finish (f->store, result, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_query (f->store, "SELECT count(*) FROM sqlite_schema WHERE name = 'never'", "0");
}

/* Nobody waits, and the store goes while jobs run, the last reference maybe on the worker: no leak, no deadlock. */
static void
test_abandoned (void)
{
  for (guint round = 0; round < 20; round++) {
    CvStore *store = cv_store_open (":memory:", NULL);
    gpointer weak = store;

    g_object_add_weak_pointer (G_OBJECT (store), &weak);
    for (guint i = 0; i < 100; i++)
      cv_store_run_async (store, query_on_worker, g_strdup ("SELECT 1"), g_free, g_free, NULL, NULL, NULL);
    g_object_unref (store);
    while (g_atomic_pointer_get (&weak) != NULL)
      g_main_context_iteration (NULL, FALSE);
  }
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/settings", test_settings);
  ADD ("/store/reopen", test_reopen);
  g_test_add_func ("/store/memory", test_memory);
  ADD ("/store/no-directory", test_no_directory);
  ADD ("/store/newer", test_newer);
  ADD ("/store/not-a-database", test_not_a_database);
  ADD ("/store/damaged", test_damaged);
  ADD ("/store/rolled-back", test_rolled_back);
  ADD ("/store/batch", test_batch);
  ADD ("/store/transaction-given-up", test_transaction_given_up);
  ADD ("/store/full", test_full);
  ADD ("/store/closed", test_closed);
  ADD ("/store/cancelled", test_cancelled);
  g_test_add_func ("/store/abandoned", test_abandoned);
  return g_test_run ();
}
