/* Table `attendance`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/attendances.h"

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

CvAttendanceRow *
cv_attendance_row_new (const CvAttendanceRow *like)
{
  CvAttendanceRow *self = g_memdup2 (like, sizeof *like);

  self->person = g_strdup (like->person);
  self->name = g_strdup (like->name);
  self->account = g_strdup (like->account);
  return self;
}

void
cv_attendance_row_free (CvAttendanceRow *self)
{
  g_free (self->person);
  g_free (self->name);
  g_free (self->account);
  g_free (self);
}

static gpointer
save_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Save *save = data;

  for (guint i = 0; i < save->rows->len; i++) {
    const CvAttendanceRow *row = g_ptr_array_index (save->rows, i);

    if (!cv_store_exec (db, error,
                        "INSERT INTO attendance (meeting, person, name, role, device, account, joined, \"left\") "
                        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (meeting, person) DO UPDATE SET "
                        "name = excluded.name, role = excluded.role, \"left\" = excluded.\"left\"",
                        "ssssssii", save->meeting, row->person, row->name, row->role, row->device, row->account,
                        row->joined, row->left))
      break;
  }
  return NULL;
}

void
cv_attendances_save_async (CvStore *store, const char *meeting, GPtrArray *rows, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  Save *save;

  g_return_if_fail (meeting != NULL && rows != NULL);

  save = g_new (Save, 1);
  *save = (Save){ g_strdup (meeting), g_ptr_array_ref (rows) };
  cv_store_run_async (store, save_on_worker, save, save_free, NULL, NULL, callback, user_data);
}

gboolean
cv_attendances_save_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}
