/* Table `mail`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/mails.h"

CvMailRow *
cv_mail_row_copy (const CvMailRow *self)
{
  CvMailRow *copy = g_memdup2 (self, sizeof *self);

  copy->id = g_strdup (self->id);
  copy->meeting = g_strdup (self->meeting);
  copy->recipient = g_strdup (self->recipient);
  copy->error = g_strdup (self->error);
  return copy;
}

void
cv_mail_row_free (CvMailRow *self)
{
  g_free (self->id);
  g_free (self->meeting);
  g_free (self->recipient);
  g_free (self->error);
  g_free (self);
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  CvMailRow *row = g_new0 (CvMailRow, 1);

  row->id = cv_store_read_text (statement, 0);
  row->meeting = cv_store_read_text (statement, 1);
  row->recipient = cv_store_read_text (statement, 2);
  row->created = sqlite3_column_int64 (statement, 3);
  row->attempts = (guint) sqlite3_column_int (statement, 4);
  row->next_at = sqlite3_column_int64 (statement, 5);
  row->error = cv_store_read_text (statement, 6);
  return row;
}

static gboolean
insert (sqlite3 *db, const CvMailRow *row, GError **error)
{
  if (!cv_store_exec (db, error,
                      "INSERT INTO mail (id, meeting, recipient, created, next_at) SELECT ?, ?, ?, ?, ? "
                      "WHERE (SELECT count (*) FROM mail) < " G_STRINGIFY (CV_MAILS_MAX),
                      "sssii", row->id, row->meeting, row->recipient, row->created, row->next_at))
    return FALSE;
  if (sqlite3_changes (db) > 0)
    return TRUE;
  g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT, "too many e-mails wait");
  return FALSE;
}

static gpointer
insert_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  GPtrArray *rows = data;
  const CvMailRow *first = g_ptr_array_index (rows, 0);

  if (!cv_store_exec (db, error, "DELETE FROM mail WHERE next_at IS NULL AND created < ?", "i",
                      first->created - CV_MAILS_KEEP_MS))
    return NULL;
  for (guint i = 0; i < rows->len; i++)
    if (!insert (db, g_ptr_array_index (rows, i), error))
      return NULL;
  return NULL;
}

static gpointer
next_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error,
                      "SELECT id, meeting, recipient, created, attempts, ifnull (next_at, 0), error FROM mail "
                      "WHERE next_at IS NOT NULL ORDER BY next_at, id LIMIT 1",
                      "");

  return cv_store_read_one (statement, read_row, error);
}

static gpointer
update_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvMailRow *row = data;

  cv_store_exec (db, error, "UPDATE mail SET attempts = ?, next_at = nullif (?, 0), error = ? WHERE id = ?", "iiss",
                 (gint64) row->attempts, row->next_at, row->error, row->id);
  return NULL;
}

static gpointer
delete_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  cv_store_exec (db, error, "DELETE FROM mail WHERE id = ?", "s", data);
  return NULL;
}

void
cv_mails_insert_async (CvStore *store, GPtrArray *rows, GAsyncReadyCallback callback, gpointer user_data)
{
  GPtrArray *copies;

  g_return_if_fail (rows != NULL && rows->len > 0);

  copies = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_mail_row_free);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (copies, cv_mail_row_copy (g_ptr_array_index (rows, i)));
  cv_store_run_async (store, insert_on_worker, copies, (GDestroyNotify) g_ptr_array_unref, NULL, NULL, callback,
                      user_data);
}

gboolean
cv_mails_insert_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_mails_next_async (CvStore *store, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_store_run_async (store, next_on_worker, NULL, NULL, (GDestroyNotify) cv_mail_row_free, NULL, callback, user_data);
}

CvMailRow *
cv_mails_next_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_mails_update_async (CvStore *store, const CvMailRow *row, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (row != NULL && row->id != NULL);

  cv_store_run_async (store, update_on_worker, cv_mail_row_copy (row), (GDestroyNotify) cv_mail_row_free, NULL, NULL,
                      callback, user_data);
}

gboolean
cv_mails_update_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_mails_delete_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (id != NULL);

  cv_store_run_async (store, delete_on_worker, g_strdup (id), g_free, NULL, NULL, callback, user_data);
}

gboolean
cv_mails_delete_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}
