/* Table `recording_file`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/recording-files.h"

#define COLUMNS "recording, name, kind, bytes, sha256, person, source, begins, duration, render"
/* a list of ids as JSON, in place of one `?` for each */
#define OF_THESE " FROM recording_file WHERE recording IN (SELECT value FROM json_each (?)) ORDER BY recording, name"

CvRecordingFileRow *
cv_recording_file_row_copy (const CvRecordingFileRow *self)
{
  CvRecordingFileRow *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->recording = g_strdup (self->recording);
  copy->name = g_strdup (self->name);
  copy->kind = g_strdup (self->kind);
  copy->sha256 = g_strdup (self->sha256);
  copy->person = g_strdup (self->person);
  copy->source = g_strdup (self->source);
  copy->render = g_strdup (self->render);
  return copy;
}

void
cv_recording_file_row_free (CvRecordingFileRow *self)
{
  g_free (self->recording);
  g_free (self->name);
  g_free (self->kind);
  g_free (self->sha256);
  g_free (self->person);
  g_free (self->source);
  g_free (self->render);
  g_free (self);
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  CvRecordingFileRow *row = g_new0 (CvRecordingFileRow, 1);

  row->recording = cv_store_read_text (statement, 0);
  row->name = cv_store_read_text (statement, 1);
  row->kind = cv_store_read_text (statement, 2);
  row->bytes = sqlite3_column_int64 (statement, 3);
  row->sha256 = cv_store_read_text (statement, 4);
  row->person = cv_store_read_text (statement, 5);
  row->source = cv_store_read_text (statement, 6);
  row->begins = sqlite3_column_int64 (statement, 7);
  row->duration = sqlite3_column_int64 (statement, 8);
  row->render = cv_store_read_text (statement, 9);
  return row;
}

static gboolean
put (sqlite3 *db, const CvRecordingFileRow *row, GError **error)
{
  return cv_store_exec (
    db, error,
    "INSERT INTO recording_file AS old (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET kind = excluded.kind, bytes = excluded.bytes,"
    " sha256 = iif (excluded.sha256 = '' AND excluded.bytes = old.bytes, old.sha256, excluded.sha256),"
    " person = iif (excluded.person = '', old.person, excluded.person), source = iif (excluded.source = '', "
    "old.source, excluded.source),"
    " begins = iif (excluded.duration = 0, old.begins, excluded.begins),"
    " duration = iif (excluded.duration = 0, old.duration, excluded.duration), render = ifnull (excluded.render, "
    "old.render)",
    "sssisssiis", row->recording, row->name, row->kind, row->bytes, row->sha256, row->person, row->source, row->begins,
    row->duration, row->render);
}

static gpointer
put_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const GPtrArray *rows = data;

  for (guint i = 0; i < rows->len; i++) {
    const CvRecordingFileRow *row = rows->pdata[i];

    if (!put (db, row, error) ||
        !cv_store_exec (db, error,
                        "UPDATE recording SET bytes = (SELECT sum (bytes) FROM recording_file WHERE recording = ?1) "
                        "WHERE id = ?1",
                        "s", row->recording))
      return NULL;
  }
  return NULL;
}

static gpointer
list_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, "SELECT " COLUMNS OF_THESE, "s", data);

  return cv_store_read_all (statement, read_row, (GDestroyNotify) cv_recording_file_row_free, error);
}

static gpointer
find_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  char **key = data;
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error,
                      "SELECT " COLUMNS " FROM recording_file WHERE recording = ?1 AND name = ?2 AND "
                      "EXISTS (SELECT 1 FROM recording WHERE id = ?1 AND status != 'deleting')",
                      "ss", key[0], key[1]);

  return cv_store_read_one (statement, read_row, error);
}

void
cv_recording_files_put_async (CvStore *store, GPtrArray *rows, GAsyncReadyCallback callback, gpointer user_data)
{
  GPtrArray *copy;

  g_return_if_fail (rows != NULL);

  copy = g_ptr_array_copy (rows, (GCopyFunc) (GCallback) cv_recording_file_row_copy, NULL);
  g_ptr_array_set_free_func (copy, (GDestroyNotify) cv_recording_file_row_free);
  cv_store_run_async (store, put_on_worker, copy, (GDestroyNotify) g_ptr_array_unref, NULL, NULL, callback, user_data);
}

gboolean
cv_recording_files_put_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_recording_files_list_async (CvStore *store, const char *const *recordings, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_return_if_fail (recordings != NULL);

  cv_store_run_async (store, list_on_worker, cv_store_ids_to_json (recordings), g_free,
                      (GDestroyNotify) g_ptr_array_unref, NULL, callback, user_data);
}

GPtrArray *
cv_recording_files_list_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_recording_files_find_async (CvStore *store, const char *recording, const char *name, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  const char *const key[] = { recording, name, NULL };

  g_return_if_fail (recording != NULL && name != NULL);

  cv_store_run_async (store, find_on_worker, g_strdupv ((char **) key), (GDestroyNotify) g_strfreev,
                      (GDestroyNotify) cv_recording_file_row_free, NULL, callback, user_data);
}

CvRecordingFileRow *
cv_recording_files_find_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}
