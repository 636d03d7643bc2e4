/* Table `render`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/renders.h"

#define COLUMNS "id, recording, created, parameters, status, stage, done, attempts, error"
#define MAX_RENDERS G_STRINGIFY (CV_RENDERS_MAX)
/* `done` as a whole number of these */
#define STEPS 1000000

static const char *const STATUSES[] = { "queued", "running", "done", "failed" };

const char *
cv_render_status_to_text (CvRenderStatus status)
{
  g_return_val_if_fail ((guint) status < G_N_ELEMENTS (STATUSES), NULL);

  return STATUSES[status];
}

CvRenderRow *
cv_render_row_copy (const CvRenderRow *self)
{
  CvRenderRow *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->id = g_strdup (self->id);
  copy->recording = g_strdup (self->recording);
  copy->parameters = g_strdup (self->parameters);
  copy->stage = g_strdup (self->stage);
  copy->error = g_strdup (self->error);
  return copy;
}

void
cv_render_row_free (CvRenderRow *self)
{
  g_free (self->id);
  g_free (self->recording);
  g_free (self->parameters);
  g_free (self->stage);
  g_free (self->error);
  g_free (self);
}

/* The table's CHECK lets no other in. */
static CvRenderStatus
read_status (sqlite3_stmt *statement, int column)
{
  guint i = 0;

  while (i + 1 < G_N_ELEMENTS (STATUSES) &&
         g_strcmp0 (STATUSES[i], (const char *) sqlite3_column_text (statement, column)) != 0)
    i++;
  return (CvRenderStatus) i;
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  CvRenderRow *row = g_new0 (CvRenderRow, 1);

  row->id = cv_store_read_text (statement, 0);
  row->recording = cv_store_read_text (statement, 1);
  row->created = sqlite3_column_int64 (statement, 2);
  row->parameters = cv_store_read_text (statement, 3);
  row->status = read_status (statement, 4);
  row->stage = cv_store_read_text (statement, 5);
  row->done = sqlite3_column_double (statement, 6);
  row->attempts = (guint) sqlite3_column_int64 (statement, 7);
  row->error = cv_store_read_text (statement, 8);
  return row;
}

static gpointer
insert_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvRenderRow *row = data;
  g_autoptr (sqlite3_stmt) statement = NULL;

  if (!cv_store_exec (db, error,
                      "INSERT INTO render (id, recording, created, parameters, status) "
                      "SELECT ?1, ?2, ?3, json_set (?4, '$.suffix', iif (n = 0, '', '-' || (n + 1))), 'queued' "
                      "FROM (SELECT count (*) AS n FROM render WHERE recording = ?2) WHERE n < " MAX_RENDERS,
                      "ssis", row->id, row->recording, row->created, row->parameters))
    return NULL;
  if (sqlite3_changes (db) == 0) {
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT, "the recording has too many renderings");
    return NULL;
  }
  statement = cv_store_prepare (db, error, "SELECT " COLUMNS " FROM render WHERE id = ?", "s", row->id);
  return cv_store_read_one (statement, read_row, error);
}

static gpointer
list_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (
    db, error,
    "SELECT " COLUMNS " FROM render WHERE recording IN (SELECT value FROM json_each (?)) ORDER BY created, rowid", "s",
    data);

  return cv_store_read_all (statement, read_row, (GDestroyNotify) cv_render_row_free, error);
}

static gpointer
reopen_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = NULL;

  if (!cv_store_exec (db, error, "UPDATE render SET status = 'queued', stage = '', done = 0 WHERE status = 'running'",
                      ""))
    return NULL;
  statement =
    cv_store_prepare (db, error, "SELECT " COLUMNS " FROM render WHERE status = 'queued' ORDER BY created, rowid", "");
  return cv_store_read_all (statement, read_row, (GDestroyNotify) cv_render_row_free, error);
}

static gpointer
update_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvRenderRow *row = data;

  if (cv_store_exec (db, error,
                     "UPDATE render SET status = ?, stage = ?, done = ? / 1000000.0, attempts = ?, error = ? "
                     "WHERE id = ?",
                     "ssiiss", STATUSES[row->status], row->stage, (gint64) (row->done * STEPS), (gint64) row->attempts,
                     row->error, row->id) &&
      sqlite3_changes (db) == 0)
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "no such rendering");
  return NULL;
}

void
cv_renders_insert_async (CvStore *store, const CvRenderRow *row, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (row != NULL && row->id != NULL && row->recording != NULL && row->parameters != NULL);

  cv_store_run_async (store, insert_on_worker, cv_render_row_copy (row), (GDestroyNotify) cv_render_row_free,
                      (GDestroyNotify) cv_render_row_free, NULL, callback, user_data);
}

CvRenderRow *
cv_renders_insert_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_renders_list_async (CvStore *store, const char *const *recordings, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (recordings != NULL);

  cv_store_run_async (store, list_on_worker, cv_store_ids_to_json (recordings), g_free,
                      (GDestroyNotify) g_ptr_array_unref, NULL, callback, user_data);
}

GPtrArray *
cv_renders_list_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_renders_reopen_async (CvStore *store, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_store_run_async (store, reopen_on_worker, NULL, NULL, (GDestroyNotify) g_ptr_array_unref, NULL, callback,
                      user_data);
}

GPtrArray *
cv_renders_reopen_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_renders_update_async (CvStore *store, const CvRenderRow *row, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (row != NULL && row->id != NULL && row->stage != NULL && row->error != NULL);

  cv_store_run_async (store, update_on_worker, cv_render_row_copy (row), (GDestroyNotify) cv_render_row_free, NULL,
                      NULL, callback, user_data);
}

gboolean
cv_renders_update_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}
