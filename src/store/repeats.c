/* Table `idempotency`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/repeats.h"

#include <string.h>

void
cv_repeat_row_free (CvRepeatRow *self)
{
  g_free (self->actor);
  g_free (self->key);
  g_free (self->body);
  g_free (self);
}

static CvRepeatRow *
row_copy (const CvRepeatRow *self)
{
  CvRepeatRow *copy = g_memdup2 (self, sizeof *self);

  copy->actor = g_strdup (self->actor);
  copy->key = g_strdup (self->key);
  copy->body = g_strdup (self->body);
  return copy;
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  CvRepeatRow *row = g_new0 (CvRepeatRow, 1);

  row->actor = cv_store_read_text (statement, 0);
  row->key = cv_store_read_text (statement, 1);
  /* the table's CHECK keeps its length */
  memcpy (row->request, sqlite3_column_blob (statement, 2), CV_HASH_BYTES);
  row->created = sqlite3_column_int64 (statement, 3);
  row->status = (guint) sqlite3_column_int (statement, 4);
  row->body = cv_store_read_text (statement, 5);
  return row;
}

static gpointer
find_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvRepeatRow *wanted = data;
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error,
                      "SELECT actor, key, request, created, status, body FROM idempotency "
                      "WHERE actor = ? AND key = ? AND created > ?",
                      "ssi", wanted->actor, wanted->key, wanted->created - CV_REPEATS_KEEP_MS);

  return cv_store_read_one (statement, read_row, error);
}

static gpointer
insert_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvRepeatRow *row = data;

  if (cv_store_exec (db, error, "DELETE FROM idempotency WHERE created <= ?", "i", row->created - CV_REPEATS_KEEP_MS))
    cv_store_exec (
      db, error, "INSERT INTO idempotency (actor, key, request, created, status, body) VALUES (?, ?, ?, ?, ?, ?)",
      "ssbiis", row->actor, row->key, row->request, CV_HASH_BYTES, row->created, (gint64) row->status, row->body);
  return NULL;
}

void
cv_repeats_find_async (CvStore *store, const char *actor, const char *key, gint64 now, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  CvRepeatRow *wanted;

  g_return_if_fail (actor != NULL && key != NULL);

  wanted = g_new0 (CvRepeatRow, 1);
  *wanted = (CvRepeatRow){ .actor = g_strdup (actor), .key = g_strdup (key), .created = now };
  cv_store_run_async (store, find_on_worker, wanted, (GDestroyNotify) cv_repeat_row_free,
                      (GDestroyNotify) cv_repeat_row_free, NULL, callback, user_data);
}

CvRepeatRow *
cv_repeats_find_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_repeats_insert_async (CvStore *store, const CvRepeatRow *row, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (row != NULL && row->actor != NULL && row->key != NULL && row->body != NULL);

  cv_store_run_async (store, insert_on_worker, row_copy (row), (GDestroyNotify) cv_repeat_row_free, NULL, NULL,
                      callback, user_data);
}

gboolean
cv_repeats_insert_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}
