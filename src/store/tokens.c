/* Table `token`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/tokens.h"

#include "store/revocations.h"

#include <string.h>

#define COLUMNS "id, hash, room, kind, name, created, ifnull (expires, 0), ifnull (revoked, 0), consents"
#define MAX_TOKENS G_STRINGIFY (CV_TOKENS_MAX)

CvTokenRow *
cv_token_row_copy (const CvTokenRow *self)
{
  CvTokenRow *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->id = g_strdup (self->id);
  copy->room = g_strdup (self->room);
  copy->name = g_strdup (self->name);
  return copy;
}

void
cv_token_row_free (CvTokenRow *self)
{
  g_free (self->id);
  g_free (self->room);
  g_free (self->name);
  g_free (self);
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  CvTokenRow *row = g_new0 (CvTokenRow, 1);

  row->id = cv_store_read_text (statement, 0);
  /* the table's CHECK keeps its length */
  memcpy (row->hash, sqlite3_column_blob (statement, 1), CV_TOKEN_HASH_BYTES);
  row->room = cv_store_read_text (statement, 2);
  row->publishes = g_strcmp0 ((const char *) sqlite3_column_text (statement, 3), "publish") == 0;
  row->name = cv_store_read_text (statement, 4);
  row->created = sqlite3_column_int64 (statement, 5);
  row->expires = sqlite3_column_int64 (statement, 6);
  row->revoked = sqlite3_column_int64 (statement, 7);
  row->consents = sqlite3_column_int (statement, 8) != 0;
  return row;
}

static gpointer
insert_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvTokenRow *row = data;

  /* Those that are of no use any more make room for new ones. */
  if (cv_store_exec (db, error, "DELETE FROM token WHERE room = ? AND (revoked IS NOT NULL OR expires < ?)", "si",
                     row->room, row->created) &&
      cv_store_exec (db, error,
                     "INSERT INTO token (id, hash, room, kind, name, created, expires, consents) "
                     "SELECT ?, ?, ?, ?, ?, ?, nullif (?, 0), ? "
                     "WHERE (SELECT count (*) FROM token WHERE room = ?) < " MAX_TOKENS,
                     "sbsssiiis", row->id, row->hash, CV_TOKEN_HASH_BYTES, row->room,
                     row->publishes ? "publish" : "watch", row->name, row->created, row->expires,
                     (gint64) (row->consents != FALSE), row->room) &&
      sqlite3_changes (db) == 0)
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT, "the room has too many tokens");
  return NULL;
}

static gpointer
find_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error, "SELECT " COLUMNS " FROM token WHERE hash = ?", "b", data, CV_TOKEN_HASH_BYTES);

  return cv_store_read_one (statement, read_row, error);
}

static gpointer
list_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (
    db, error, "SELECT " COLUMNS " FROM token WHERE room = ? ORDER BY created DESC, rowid DESC", "s", data);

  return cv_store_read_all (statement, read_row, (GDestroyNotify) cv_token_row_free, error);
}

void
cv_tokens_insert_async (CvStore *store, const CvTokenRow *row, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (row != NULL && row->id != NULL && row->room != NULL && row->name != NULL);

  cv_store_run_async (store, insert_on_worker, cv_token_row_copy (row), (GDestroyNotify) cv_token_row_free, NULL, NULL,
                      callback, user_data);
}

gboolean
cv_tokens_insert_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_tokens_find_async (CvStore *store, const guint8 hash[CV_TOKEN_HASH_BYTES], GAsyncReadyCallback callback,
                      gpointer user_data)
{
  cv_store_run_async (store, find_on_worker, g_memdup2 (hash, CV_TOKEN_HASH_BYTES), g_free,
                      (GDestroyNotify) cv_token_row_free, NULL, callback, user_data);
}

CvTokenRow *
cv_tokens_find_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_tokens_list_async (CvStore *store, const char *room, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (room != NULL);

  cv_store_run_async (store, list_on_worker, g_strdup (room), g_free, (GDestroyNotify) g_ptr_array_unref, NULL,
                      callback, user_data);
}

GPtrArray *
cv_tokens_list_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_tokens_revoke_async (CvStore *store, const char *id, gint64 at, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_revocations_add_async (store, CV_REVOCATION_TOKEN, id, at, callback, user_data);
}

gboolean
cv_tokens_revoke_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_revocations_add_finish (store, result, error);
}
