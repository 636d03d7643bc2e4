/* See recordings.h. */
#include "lib/recordings.h"

#include "lib/wait.h"

static gpointer
dump_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, data, "");
  GString *text = g_string_new (NULL);
  int code = SQLITE_ERROR;

  while (statement != NULL && (code = sqlite3_step (statement)) == SQLITE_ROW) {
    for (int i = 0; i < sqlite3_column_count (statement); i++) {
      const char *value = (const char *) sqlite3_column_text (statement, i);

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", value != NULL ? value : "NULL");
    }
    g_string_append_c (text, ';');
  }
  if (statement != NULL && code != SQLITE_DONE)
    cv_store_set_error (error, db, data);
  return g_string_free (text, FALSE);
}

char *
cv_test_recordings_dump (CvStore *store, const char *sql)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  char *text;

  cv_store_run_async (store, dump_on_worker, g_strdup (sql), g_free, g_free, NULL, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  text = cv_store_run_finish (store, result, &error);
  g_assert_no_error (error);
  return text;
}

void
cv_test_recordings_run (CvStore *store, const char *sql)
{
  g_autofree char *nothing = cv_test_recordings_dump (store, sql);
  g_assert_cmpstr (nothing, ==, "");
}

void
cv_test_recordings_add (CvStore *store, const char *id, const char *status, gint64 started)
{
  g_autofree char *sql = g_strdup_printf (
    "INSERT INTO recording (id, room, meeting, title, started, ended, status) VALUES ('%s', 'abcdefghijkm', "
    "'mabcdefghijkm', 'Tea', %" G_GINT64_FORMAT ", iif ('%s' = 'recording', NULL, %" G_GINT64_FORMAT " + 60000), '%s')",
    id, started, status, started, status);
  cv_test_recordings_run (store, sql);
}

CvStore *
cv_test_recordings_open (void)
{
  CvStore *store = cv_store_open (":memory:", NULL);
  g_assert_nonnull (store);
  cv_test_recordings_run (store, "INSERT INTO room (id, kind, title, created, join_verifier, host_verifier) VALUES "
                                 "('abcdefghijkm', 'boardroom', 'Kitchen', 1, zeroblob (32), zeroblob (32))");
  cv_test_recordings_run (store, "INSERT INTO meeting (id, room, started) VALUES ('mabcdefghijkm', 'abcdefghijkm', 1)");
  cv_test_recordings_add (store, CV_TEST_RECORDING, "processing", 1000);
  return store;
}

void
cv_test_recordings_close (CvStore *store)
{
  cv_store_close (store);
  cv_test_wait_gone (store);
}

static void
run_with_store (gconstpointer data)
{
  CvStore *store = cv_test_recordings_open ();
  ((void (*) (CvStore *)) data) (store);
  cv_test_recordings_close (store);
}

void
cv_test_recordings_add_func (const char *path, void (*test) (CvStore *))
{
  g_test_add_data_func (path, (gconstpointer) test, run_with_store);
}
