/* Table `api_key`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/keys.h"

#include "store/revocations.h"

#include <string.h>

#define COLUMNS "id, hash, name, role, created, ifnull (expires, 0), ifnull (revoked, 0)"
#define MAX_KEYS G_STRINGIFY (CV_KEYS_MAX)

CvKeyRow *
cv_key_row_copy (const CvKeyRow *self)
{
  CvKeyRow *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->id = g_strdup (self->id);
  copy->name = g_strdup (self->name);
  return copy;
}

void
cv_key_row_free (CvKeyRow *self)
{
  g_free (self->id);
  g_free (self->name);
  g_free (self);
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  CvKeyRow *row = g_new0 (CvKeyRow, 1);

  row->id = cv_store_read_text (statement, 0);
  /* the table's CHECK keeps its length */
  memcpy (row->hash, sqlite3_column_blob (statement, 1), CV_KEY_HASH_BYTES);
  row->name = cv_store_read_text (statement, 2);
  row->role = cv_account_role_from_name ((const char *) sqlite3_column_text (statement, 3));
  row->created = sqlite3_column_int64 (statement, 4);
  row->expires = sqlite3_column_int64 (statement, 5);
  row->revoked = sqlite3_column_int64 (statement, 6);
  return row;
}

static gpointer
insert_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvKeyRow *row = data;

  if (cv_store_exec (db, error,
                     "DELETE FROM api_key WHERE (revoked IS NOT NULL OR expires < ?) "
                     "AND (SELECT count (*) FROM api_key) >= " MAX_KEYS,
                     "i", row->created) &&
      cv_store_exec (db, error,
                     "INSERT INTO api_key (id, hash, name, role, created, expires) SELECT ?, ?, ?, ?, ?, nullif (?, 0) "
                     "WHERE (SELECT count (*) FROM api_key) < " MAX_KEYS,
                     "sbssii", row->id, row->hash, CV_KEY_HASH_BYTES, row->name, cv_account_role_get_name (row->role),
                     row->created, row->expires) &&
      sqlite3_changes (db) == 0)
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT, "there are too many keys");
  return NULL;
}

static gpointer
find_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error, "SELECT " COLUMNS " FROM api_key WHERE hash = ?", "b", data, CV_KEY_HASH_BYTES);

  return cv_store_read_one (statement, read_row, error);
}

static gpointer
list_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error, "SELECT " COLUMNS " FROM api_key ORDER BY created DESC, rowid DESC", "");

  return cv_store_read_all (statement, read_row, (GDestroyNotify) cv_key_row_free, error);
}

void
cv_keys_insert_async (CvStore *store, const CvKeyRow *row, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (row != NULL && row->id != NULL && row->name != NULL && row->role != CV_ACCOUNT_NOBODY);

  cv_store_run_async (store, insert_on_worker, cv_key_row_copy (row), (GDestroyNotify) cv_key_row_free, NULL, NULL,
                      callback, user_data);
}

gboolean
cv_keys_insert_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_keys_find_async (CvStore *store, const guint8 hash[CV_KEY_HASH_BYTES], GAsyncReadyCallback callback,
                    gpointer user_data)
{
  cv_store_run_async (store, find_on_worker, g_memdup2 (hash, CV_KEY_HASH_BYTES), g_free,
                      (GDestroyNotify) cv_key_row_free, NULL, callback, user_data);
}

CvKeyRow *
cv_keys_find_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_keys_list_async (CvStore *store, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_store_run_async (store, list_on_worker, NULL, NULL, (GDestroyNotify) g_ptr_array_unref, NULL, callback, user_data);
}

GPtrArray *
cv_keys_list_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_keys_revoke_async (CvStore *store, const char *id, gint64 at, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_revocations_add_async (store, CV_REVOCATION_KEY, id, at, callback, user_data);
}

gboolean
cv_keys_revoke_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_revocations_add_finish (store, result, error);
}
