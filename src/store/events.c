/* Table `event`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/events.h"

#include <string.h>

#define COLUMNS                                                                                                        \
  "event.id, event.room, event.owner, event.title, event.start, event.zone, event.minutes, event.repeat, "             \
  "event.cancelled, event.sequence, event.created, event.changed, room.kind, room.owner, room.secret, "                \
  "(SELECT pin FROM pin WHERE room.dial_in AND pin.room = room.id AND pin.role = 'person')"
#define FROM " FROM event JOIN room ON room.id = event.room"
#define MAX_ROOM G_STRINGIFY (CV_EVENTS_MAX_ROOM)
#define MAX_OWNER G_STRINGIFY (CV_EVENTS_MAX_OWNER)

CvEventRow *
cv_event_row_copy (const CvEventRow *self)
{
  CvEventRow *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->id = g_strdup (self->id);
  copy->room = g_strdup (self->room);
  copy->owner = g_strdup (self->owner);
  copy->title = g_strdup (self->title);
  copy->start = g_strdup (self->start);
  copy->zone = g_strdup (self->zone);
  copy->repeat = g_strdup (self->repeat);
  copy->cancelled = g_strdup (self->cancelled);
  copy->room_kind = g_strdup (self->room_kind);
  copy->room_owner = g_strdup (self->room_owner);
  copy->pin = g_strdup (self->pin);
  return copy;
}

void
cv_event_row_free (CvEventRow *self)
{
  g_free (self->id);
  g_free (self->room);
  g_free (self->owner);
  g_free (self->title);
  g_free (self->start);
  g_free (self->zone);
  g_free (self->repeat);
  g_free (self->cancelled);
  g_free (self->room_kind);
  g_free (self->room_owner);
  g_free (self->pin);
  g_free (self);
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  CvEventRow *row = g_new0 (CvEventRow, 1);

  row->id = cv_store_read_text (statement, 0);
  row->room = cv_store_read_text (statement, 1);
  row->owner = cv_store_read_text (statement, 2);
  row->title = cv_store_read_text (statement, 3);
  row->start = cv_store_read_text (statement, 4);
  row->zone = cv_store_read_text (statement, 5);
  row->minutes = sqlite3_column_int (statement, 6);
  row->repeat = cv_store_read_text (statement, 7);
  row->cancelled = cv_store_read_text (statement, 8);
  row->sequence = sqlite3_column_int (statement, 9);
  row->created = sqlite3_column_int64 (statement, 10);
  row->changed = sqlite3_column_int64 (statement, 11);
  row->room_kind = cv_store_read_text (statement, 12);
  row->room_owner = cv_store_read_text (statement, 13);
  row->has_secret = sqlite3_column_type (statement, 14) != SQLITE_NULL;
  /* the table's CHECK keeps its length */
  if (row->has_secret)
    memcpy (row->secret, sqlite3_column_blob (statement, 14), sizeof row->secret);
  row->pin = cv_store_read_text (statement, 15);
  return row;
}

/* ---- worker ---- */

static gpointer
insert_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvEventRow *row = data;

  if (cv_store_exec (db, error,
                     "INSERT INTO event (id, room, owner, title, start, zone, minutes, repeat, cancelled, sequence, "
                     "created, changed) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? "
                     "WHERE (SELECT count (*) FROM event WHERE room = ?) < " MAX_ROOM
                     " AND (SELECT count (*) FROM event WHERE owner = ?) < " MAX_OWNER,
                     "ssssssissiiiss", row->id, row->room, row->owner, row->title, row->start, row->zone,
                     (gint64) row->minutes, row->repeat, row->cancelled, (gint64) row->sequence, row->created,
                     row->changed, row->room, row->owner) &&
      sqlite3_changes (db) == 0)
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT, "too many events");
  return NULL;
}

/* What was just run has changed a row. */
static gpointer
expect_change (sqlite3 *db, gboolean ran, GError **error)
{
  if (ran && sqlite3_changes (db) == 0)
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "no such event, or not as it was");
  return NULL;
}

static gpointer
update_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvEventRow *row = data;

  return expect_change (db,
                        cv_store_exec (db, error,
                                       "UPDATE event SET title = ?, start = ?, zone = ?, minutes = ?, repeat = ?, "
                                       "cancelled = ?, sequence = ?, changed = ? WHERE id = ? AND sequence = ? - 1",
                                       "sssissiisi", row->title, row->start, row->zone, (gint64) row->minutes,
                                       row->repeat, row->cancelled, (gint64) row->sequence, row->changed, row->id,
                                       (gint64) row->sequence),
                        error);
}

static gpointer
delete_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  return expect_change (db, cv_store_exec (db, error, "DELETE FROM event WHERE id = ?", "s", data), error);
}

static gpointer
load_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error, "SELECT " COLUMNS FROM " WHERE event.id = ?", "s", data);

  return cv_store_read_one (statement, read_row, error);
}

static gpointer
list_of_room_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (
    db, error, "SELECT " COLUMNS FROM " WHERE event.room = ? ORDER BY event.start, event.rowid", "s", data);

  return cv_store_read_all (statement, read_row, (GDestroyNotify) cv_event_row_free, error);
}

/* `data`: actor, from, to. What goes on over midnight, and zones a day apart, are two days. */
static gpointer
list_of_actor_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  char **texts = data;
  const char *actor = *texts[0] != '\0' ? texts[0] : NULL;
  const char *to = *texts[2] != '\0' ? texts[2] : NULL;
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error,
                      "SELECT " COLUMNS FROM " "
                      "WHERE (?1 IS NULL OR room.owner = ?1 OR event.owner = ?1) "
                      "AND (event.repeat IS NOT NULL OR event.start >= date (?2, '-2 days')) "
                      "AND (?3 IS NULL OR event.start < date (?3, '+2 days')) ORDER BY event.created DESC, event.rowid "
                      "DESC LIMIT " MAX_OWNER,
                      "sss", actor, texts[1], to);

  return cv_store_read_all (statement, read_row, (GDestroyNotify) cv_event_row_free, error);
}

/* ---- main context ---- */

void
cv_events_insert_async (CvStore *store, const CvEventRow *row, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (row != NULL && row->id != NULL && row->room != NULL);

  cv_store_run_async (store, insert_on_worker, cv_event_row_copy (row), (GDestroyNotify) cv_event_row_free, NULL, NULL,
                      callback, user_data);
}

void
cv_events_update_async (CvStore *store, const CvEventRow *row, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (row != NULL && row->id != NULL);

  cv_store_run_async (store, update_on_worker, cv_event_row_copy (row), (GDestroyNotify) cv_event_row_free, NULL, NULL,
                      callback, user_data);
}

void
cv_events_delete_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (id != NULL);

  cv_store_run_async (store, delete_on_worker, g_strdup (id), g_free, NULL, NULL, callback, user_data);
}

gboolean
cv_events_change_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_events_load_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (id != NULL);

  cv_store_run_async (store, load_on_worker, g_strdup (id), g_free, (GDestroyNotify) cv_event_row_free, NULL, callback,
                      user_data);
}

CvEventRow *
cv_events_load_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_events_list_of_room_async (CvStore *store, const char *room, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (room != NULL);

  cv_store_run_async (store, list_of_room_on_worker, g_strdup (room), g_free, (GDestroyNotify) g_ptr_array_unref, NULL,
                      callback, user_data);
}

void
cv_events_list_of_actor_async (CvStore *store, const char *actor, const char *from, const char *to,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  const char *texts[] = { actor != NULL ? actor : "", from, to != NULL ? to : "", NULL };

  g_return_if_fail (from != NULL);

  cv_store_run_async (store, list_of_actor_on_worker, g_strdupv ((char **) texts), (GDestroyNotify) g_strfreev,
                      (GDestroyNotify) g_ptr_array_unref, NULL, callback, user_data);
}

GPtrArray *
cv_events_list_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}
