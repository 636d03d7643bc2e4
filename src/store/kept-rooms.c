/* Table `kept_room`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/kept-rooms.h"

typedef struct {
  char *id;
  GBytes *receipt;
  gint64 until;
  gint64 now;
} KeptRoom;

static void
kept_room_free (gpointer data)
{
  KeptRoom *self = data;
  g_free (self->id);
  g_bytes_unref (self->receipt);
  g_free (self);
}

static gboolean
forget_past (sqlite3 *db, gint64 now, GError **error)
{
  return cv_store_exec (db, error, "DELETE FROM kept_room WHERE until <= ?", "i", now);
}

static gpointer
put_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const KeptRoom *room = data;
  gsize n = 0;
  const guint8 *bytes = g_bytes_get_data (room->receipt, &n);
  if (forget_past (db, room->now, error))
    cv_store_exec (db, error, "INSERT OR REPLACE INTO kept_room (id, receipt, until) VALUES (?, ?, ?)", "sbi", room->id,
                   bytes, (int) n, room->until);
  return NULL;
}

static gpointer
delete_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  cv_store_exec (db, error, "DELETE FROM kept_room WHERE id = ?", "s", data);
  return NULL;
}

static gpointer
read_receipt (sqlite3_stmt *row)
{
  return g_bytes_new (sqlite3_column_blob (row, 0), (gsize) sqlite3_column_bytes (row, 0));
}

static gpointer
list_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  if (!forget_past (db, *(gint64 *) data, error))
    return NULL;
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, "SELECT receipt FROM kept_room", "");
  return cv_store_read_all (statement, read_receipt, (GDestroyNotify) g_bytes_unref, error);
}

void
cv_kept_rooms_put_async (CvStore *store, const char *id, GBytes *receipt, gint64 until, gint64 now,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  KeptRoom *room = g_new (KeptRoom, 1);
  *room = (KeptRoom){ .id = g_strdup (id), .receipt = g_bytes_ref (receipt), .until = until, .now = now };
  cv_store_run_async (store, put_on_worker, room, kept_room_free, NULL, NULL, callback, user_data);
}

void
cv_kept_rooms_delete_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_store_run_async (store, delete_on_worker, g_strdup (id), g_free, NULL, NULL, callback, user_data);
}

gboolean
cv_kept_rooms_change_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_kept_rooms_list_async (CvStore *store, gint64 now, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_store_run_async (store, list_on_worker, g_memdup2 (&now, sizeof now), g_free, (GDestroyNotify) g_ptr_array_unref,
                      NULL, callback, user_data);
}

GPtrArray *
cv_kept_rooms_list_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

/* A journal would be a second copy; a database of an earlier build has no such table. */
gboolean
cv_kept_rooms_leave_out (sqlite3 *copy, GError **error)
{
  static const char *const settings[] = { "PRAGMA journal_mode = MEMORY", "PRAGMA secure_delete = ON" };
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++) {
    g_autoptr (sqlite3_stmt) set = cv_store_prepare (copy, error, settings[i], "");
    if (set == NULL || sqlite3_step (set) != SQLITE_ROW) {
      if (set != NULL)
        cv_store_set_error (error, copy, settings[i]);
      return FALSE;
    }
  }
  g_autoptr (sqlite3_stmt) there =
    cv_store_prepare (copy, error, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'kept_room'", "");
  return there != NULL &&
         (sqlite3_step (there) != SQLITE_ROW || cv_store_exec (copy, error, "DELETE FROM kept_room", ""));
}
