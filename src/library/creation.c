/* See creation.h. */
#include "library/creation.h"

#define CV_LOG_TOPIC "creation"
#include "base/log.h"

/* While its row is being written. */
typedef struct {
  const CvShelf *shelf;
  char *recording;
  CvFolder *folder;
} Creation;

static void
creation_free (gpointer data)
{
  Creation *self = data;
  g_clear_pointer (&self->folder, cv_folder_free);
  g_free (self->recording);
  g_free (self);
}

static void
delete_folder (const CvShelf *shelf, const char *recording)
{
  g_autoptr (GError) error = NULL;
  if (!cv_folder_delete (shelf->directory, recording, &error))
    cv_warning (NULL, NULL, "the folder of %s stays: %s", recording, error->message);
}

static void
on_inserted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Creation *creation = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  if (cv_recordings_insert_finish (CV_STORE (source), result, &error)) {
    g_task_return_pointer (task, g_steal_pointer (&creation->folder), (GDestroyNotify) cv_folder_free);
    return;
  }
  delete_folder (creation->shelf, creation->recording);
  g_task_return_error (task, g_steal_pointer (&error));
}

void
cv_creation_async (CvStore *store, const CvShelf *shelf, const CvRecordingRow *row, GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (store, NULL, callback, user_data);
  GError *error = NULL;
  if (cv_disk_check (shelf->disk) == CV_DISK_STOP) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "too little space is left");
    return;
  }
  CvFolder *folder = cv_folder_create (shelf->directory, row->id, &error);
  if (folder == NULL) {
    g_task_return_error (task, error);
    return;
  }
  Creation *creation = g_new (Creation, 1);
  *creation = (Creation){ shelf, g_strdup (row->id), folder };
  g_task_set_task_data (task, creation, creation_free);
  cv_recordings_insert_async (store, row, on_inserted, g_steal_pointer (&task));
}

CvFolder *
cv_creation_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_row_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  if (!cv_recordings_change_finish (CV_STORE (source), result, &error))
    cv_warning (NULL, NULL, "the row of a recording that never began stays: %s", error->message);
}

void
cv_creation_undo (CvStore *store, const CvShelf *shelf, const char *recording)
{
  delete_folder (shelf, recording);
  cv_recordings_delete_async (store, recording, on_row_deleted, NULL);
}
