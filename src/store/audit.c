/* Table `audit`.
 *
 * Owns nothing. cv_audit_add() and the functions named `*_on_worker` run on the store's thread and touch only the
 * connection and their data, all others in the main context.
 */
#include "store/audit.h"

void
cv_audit_row_free (CvAuditRow *self)
{
  g_free (self->actor);
  g_free (self->action);
  g_free (self->object);
  g_free (self->detail);
  g_free (self);
}

gboolean
cv_audit_add (sqlite3 *db, const CvAuditRow *row, GError **error)
{
  return cv_store_exec (db, error, "INSERT INTO audit (at, actor, action, object, detail) VALUES (?, ?, ?, ?, ?)",
                        "issss", row->at, row->actor, row->action, row->object, row->detail);
}

static gpointer
add_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  cv_audit_add (db, data, error);
  return NULL;
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  CvAuditRow *row = g_new0 (CvAuditRow, 1);

  row->at = sqlite3_column_int64 (statement, 0);
  row->actor = cv_store_read_text (statement, 1);
  row->action = cv_store_read_text (statement, 2);
  row->object = cv_store_read_text (statement, 3);
  row->detail = cv_store_read_text (statement, 4);
  return row;
}

static gpointer
list_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error, "SELECT at, actor, action, object, detail FROM audit ORDER BY n DESC LIMIT ?", "i",
                      (gint64) GPOINTER_TO_UINT (data));

  return cv_store_read_all (statement, read_row, (GDestroyNotify) cv_audit_row_free, error);
}

void
cv_audit_add_async (CvStore *store, const CvAuditRow *row, GAsyncReadyCallback callback, gpointer user_data)
{
  CvAuditRow *copy;

  g_return_if_fail (row != NULL && row->actor != NULL && row->action != NULL && row->object != NULL);

  copy = g_new (CvAuditRow, 1);
  *copy = (CvAuditRow){ .at = row->at,
                        .actor = g_strdup (row->actor),
                        .action = g_strdup (row->action),
                        .object = g_strdup (row->object),
                        .detail = g_strdup (row->detail != NULL ? row->detail : "") };
  cv_store_run_async (store, add_on_worker, copy, (GDestroyNotify) cv_audit_row_free, NULL, NULL, callback, user_data);
}

gboolean
cv_audit_add_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_audit_list_async (CvStore *store, guint limit, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_store_run_async (store, list_on_worker, GUINT_TO_POINTER (limit), NULL, (GDestroyNotify) g_ptr_array_unref, NULL,
                      callback, user_data);
}

GPtrArray *
cv_audit_list_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}
