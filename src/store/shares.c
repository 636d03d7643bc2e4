/* Table `share`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/shares.h"

#include <string.h>

#define COLUMNS "id, hash, recording, created, ifnull (expires, 0), downloads, password_salt, password_hash"
#define MAX_SHARES G_STRINGIFY (CV_SHARES_MAX)

CvShareRow *
cv_share_row_copy (const CvShareRow *self)
{
  CvShareRow *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->id = g_strdup (self->id);
  copy->recording = g_strdup (self->recording);
  return copy;
}

void
cv_share_row_free (CvShareRow *self)
{
  g_free (self->id);
  g_free (self->recording);
  g_free (self);
}

/* FALSE where it is not there, or not of that length. */
static gboolean
read_blob (sqlite3_stmt *statement, int column, guint8 *out, int n)
{
  if (sqlite3_column_bytes (statement, column) != n)
    return FALSE;
  memcpy (out, sqlite3_column_blob (statement, column), (gsize) n);
  return TRUE;
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  CvShareRow *row = g_new0 (CvShareRow, 1);

  row->id = cv_store_read_text (statement, 0);
  read_blob (statement, 1, row->hash, CV_SHARE_HASH_BYTES);
  row->recording = cv_store_read_text (statement, 2);
  row->created = sqlite3_column_int64 (statement, 3);
  row->expires = sqlite3_column_int64 (statement, 4);
  row->downloads = sqlite3_column_int (statement, 5) != 0;
  row->has_password = sqlite3_column_type (statement, 7) != SQLITE_NULL;
  /* A row that somebody damaged asks for a password that nobody has. */
  if (row->has_password && !read_blob (statement, 6, row->password_salt, CV_SHARE_SALT_BYTES))
    return row;
  if (row->has_password)
    read_blob (statement, 7, row->password_hash, CV_SHARE_HASH_BYTES);
  return row;
}

static gpointer
insert_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvShareRow *row = data;
  const guint8 *salt = row->has_password ? row->password_salt : NULL;
  const guint8 *hash = row->has_password ? row->password_hash : NULL;

  if (cv_store_exec (db, error,
                     "DELETE FROM share WHERE recording = ? AND expires < ? "
                     "AND (SELECT count (*) FROM share WHERE recording = ?) >= " MAX_SHARES,
                     "sis", row->recording, row->created, row->recording) &&
      cv_store_exec (db, error,
                     "INSERT INTO share ("
                     "id, hash, recording, created, expires, downloads, password_salt, "
                     "password_hash) SELECT ?, ?, ?, ?, nullif (?, 0), ?, ?, ? "
                     "WHERE (SELECT count (*) FROM share WHERE recording = ?) < " MAX_SHARES,
                     "sbsiiibbs", row->id, row->hash, CV_SHARE_HASH_BYTES, row->recording, row->created, row->expires,
                     (gint64) (row->downloads ? 1 : 0), salt, CV_SHARE_SALT_BYTES, hash, CV_SHARE_HASH_BYTES,
                     row->recording) &&
      sqlite3_changes (db) == 0)
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT, "the recording has too many shares");
  return NULL;
}

static gpointer
load_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error, "SELECT " COLUMNS " FROM share WHERE id = ?", "s", data);

  return cv_store_read_one (statement, read_row, error);
}

static gpointer
list_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (
    db, error, "SELECT " COLUMNS " FROM share WHERE recording = ? ORDER BY created DESC, rowid DESC", "s", data);

  return cv_store_read_all (statement, read_row, (GDestroyNotify) cv_share_row_free, error);
}

static gpointer
delete_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  if (cv_store_exec (db, error, "DELETE FROM share WHERE id = ?", "s", data) && sqlite3_changes (db) == 0)
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "no such share");
  return NULL;
}

void
cv_shares_insert_async (CvStore *store, const CvShareRow *row, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (row != NULL && row->id != NULL && row->recording != NULL);

  cv_store_run_async (store, insert_on_worker, cv_share_row_copy (row), (GDestroyNotify) cv_share_row_free, NULL, NULL,
                      callback, user_data);
}

gboolean
cv_shares_insert_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_shares_load_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (id != NULL);

  cv_store_run_async (store, load_on_worker, g_strdup (id), g_free, (GDestroyNotify) cv_share_row_free, NULL, callback,
                      user_data);
}

CvShareRow *
cv_shares_load_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_shares_list_async (CvStore *store, const char *recording, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (recording != NULL);

  cv_store_run_async (store, list_on_worker, g_strdup (recording), g_free, (GDestroyNotify) g_ptr_array_unref, NULL,
                      callback, user_data);
}

GPtrArray *
cv_shares_list_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_shares_delete_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (id != NULL);

  cv_store_run_async (store, delete_on_worker, g_strdup (id), g_free, NULL, NULL, callback, user_data);
}

gboolean
cv_shares_delete_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}
