/* Table `content`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/shared-objects.h"

typedef struct {
  char *meeting;
  GPtrArray *rows;
} Save;

static void
save_free (gpointer data)
{
  Save *self = data;

  g_ptr_array_unref (self->rows);
  g_free (self->meeting);
  g_free (self);
}

CvSharedObjectRow *
cv_shared_object_row_new (const char *id, const char *type, char *state)
{
  CvSharedObjectRow *self = g_new (CvSharedObjectRow, 1);

  *self = (CvSharedObjectRow){ g_strdup (id), g_strdup (type), state };
  return self;
}

void
cv_shared_object_row_free (CvSharedObjectRow *self)
{
  g_free (self->id);
  g_free (self->type);
  g_free (self->state);
  g_free (self);
}

static gpointer
save_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Save *save = data;

  for (guint i = 0; i < save->rows->len; i++) {
    const CvSharedObjectRow *row = g_ptr_array_index (save->rows, i);

    if (!cv_store_exec (db, error,
                        "INSERT INTO content (meeting, id, type, state) VALUES (?, ?, ?, ?) "
                        "ON CONFLICT (meeting, id) DO UPDATE SET state = excluded.state",
                        "ssss", save->meeting, row->id, row->type, row->state))
      break;
  }
  return NULL;
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  g_autofree char *id = cv_store_read_text (statement, 0);
  g_autofree char *type = cv_store_read_text (statement, 1);

  return cv_shared_object_row_new (id, type, cv_store_read_text (statement, 2));
}

static gpointer
list_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error, "SELECT id, type, state FROM content WHERE meeting = ? ORDER BY id", "s", data);

  return cv_store_read_all (statement, read_row, (GDestroyNotify) cv_shared_object_row_free, error);
}

void
cv_shared_objects_save_async (CvStore *store, const char *meeting, GPtrArray *rows, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  Save *save;

  g_return_if_fail (meeting != NULL && rows != NULL);

  save = g_new (Save, 1);
  *save = (Save){ g_strdup (meeting), g_ptr_array_ref (rows) };
  cv_store_run_async (store, save_on_worker, save, save_free, NULL, NULL, callback, user_data);
}

gboolean
cv_shared_objects_save_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_shared_objects_list_async (CvStore *store, const char *meeting, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (meeting != NULL);

  cv_store_run_async (store, list_on_worker, g_strdup (meeting), g_free, (GDestroyNotify) g_ptr_array_unref, NULL,
                      callback, user_data);
}

GPtrArray *
cv_shared_objects_list_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}
