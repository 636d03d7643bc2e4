/* Table `delivery`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/deliveries.h"

#define COLUMNS "id, created, event, body, attempts, ifnull (next_at, 0), error, room"
#define MAX_DELIVERIES G_STRINGIFY (CV_DELIVERIES_MAX)

CvDeliveryRow *
cv_delivery_row_copy (const CvDeliveryRow *self)
{
  CvDeliveryRow *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->id = g_strdup (self->id);
  copy->event = g_strdup (self->event);
  copy->body = g_strdup (self->body);
  copy->error = g_strdup (self->error);
  copy->room = g_strdup (self->room);
  return copy;
}

void
cv_delivery_row_free (CvDeliveryRow *self)
{
  g_free (self->id);
  g_free (self->event);
  g_free (self->body);
  g_free (self->error);
  g_free (self->room);
  g_free (self);
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  CvDeliveryRow *row = g_new0 (CvDeliveryRow, 1);

  row->id = cv_store_read_text (statement, 0);
  row->created = sqlite3_column_int64 (statement, 1);
  row->event = cv_store_read_text (statement, 2);
  row->body = cv_store_read_text (statement, 3);
  row->attempts = (guint) sqlite3_column_int64 (statement, 4);
  row->next_at = sqlite3_column_int64 (statement, 5);
  row->error = cv_store_read_text (statement, 6);
  row->room = cv_store_read_text (statement, 7);
  return row;
}

static gpointer
insert_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvDeliveryRow *row = data;

  /* A receiver that is gone for good must not fill the disk. */
  if (cv_store_exec (db, error, "DELETE FROM delivery WHERE next_at IS NULL AND created < ?", "i",
                     row->created - CV_DELIVERIES_KEEP_MS) &&
      cv_store_exec (db, error,
                     "DELETE FROM delivery WHERE id IN "
                     "(SELECT id FROM delivery ORDER BY created DESC, rowid DESC LIMIT -1 OFFSET " MAX_DELIVERIES
                     " - 1)",
                     ""))
    cv_store_exec (db, error,
                   "INSERT INTO delivery (id, created, event, body, next_at, room) VALUES (?, ?, ?, ?, ?, ?)", "sissis",
                   row->id, row->created, row->event, row->body, row->next_at, row->room);
  return NULL;
}

/* Of a room only the one that came first; others wait for it. */
static gpointer
next_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error,
                      "SELECT " COLUMNS " FROM delivery WHERE next_at IS NOT NULL AND NOT EXISTS "
                      "(SELECT 1 FROM delivery AS former WHERE former.room = delivery.room "
                      "AND former.next_at IS NOT NULL AND former.rowid < delivery.rowid) "
                      "ORDER BY next_at, created, rowid LIMIT 1",
                      "");

  return cv_store_read_one (statement, read_row, error);
}

static gpointer
update_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvDeliveryRow *row = data;

  cv_store_exec (db, error, "UPDATE delivery SET attempts = ?, next_at = nullif (?, 0), error = ? WHERE id = ?", "iiss",
                 (gint64) row->attempts, row->next_at, row->error, row->id);
  return NULL;
}

static gpointer
delete_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  cv_store_exec (db, error, "DELETE FROM delivery WHERE id = ?", "s", data);
  return NULL;
}

static gpointer
list_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error, "SELECT " COLUMNS " FROM delivery ORDER BY created, rowid LIMIT ?", "i",
                      (gint64) GPOINTER_TO_UINT (data));

  return cv_store_read_all (statement, read_row, (GDestroyNotify) cv_delivery_row_free, error);
}

void
cv_deliveries_insert_async (CvStore *store, const CvDeliveryRow *row, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (row != NULL && row->id != NULL && row->event != NULL && row->body != NULL);

  cv_store_run_async (store, insert_on_worker, cv_delivery_row_copy (row), (GDestroyNotify) cv_delivery_row_free, NULL,
                      NULL, callback, user_data);
}

gboolean
cv_deliveries_insert_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_deliveries_next_async (CvStore *store, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_store_run_async (store, next_on_worker, NULL, NULL, (GDestroyNotify) cv_delivery_row_free, NULL, callback,
                      user_data);
}

CvDeliveryRow *
cv_deliveries_next_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_deliveries_update_async (CvStore *store, const CvDeliveryRow *row, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (row != NULL && row->id != NULL && row->error != NULL);

  cv_store_run_async (store, update_on_worker, cv_delivery_row_copy (row), (GDestroyNotify) cv_delivery_row_free, NULL,
                      NULL, callback, user_data);
}

gboolean
cv_deliveries_update_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_deliveries_delete_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (id != NULL);

  cv_store_run_async (store, delete_on_worker, g_strdup (id), g_free, NULL, NULL, callback, user_data);
}

gboolean
cv_deliveries_delete_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_deliveries_list_async (CvStore *store, guint limit, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_store_run_async (store, list_on_worker, GUINT_TO_POINTER (limit), NULL, (GDestroyNotify) g_ptr_array_unref, NULL,
                      callback, user_data);
}

GPtrArray *
cv_deliveries_list_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}
