/* Table `room`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/rooms.h"

#include "store/cursor.h"

#include <string.h>

/* of days, as the tables have it: NULL */
#define DEFAULT G_STRINGIFY (CV_ROOM_KEEP_DEFAULT)
#define COLUMNS                                                                                                        \
  "id, kind, title, created, join_verifier, host_verifier, recording, consent, ifnull (keep_days, " DEFAULT "), "      \
  "owner, lobby, secret, orders, dial_in, (SELECT pin FROM pin WHERE pin.room = room.id AND pin.role = 'person'), "    \
  "(SELECT pin FROM pin WHERE pin.room = room.id AND pin.role = 'host'), summary, attendance, "                        \
  "ifnull (keep_content_days, " DEFAULT "), generation"
#define PAGE " AND (?5 IS NULL OR instr (fold (title), ?5) > 0)" CV_PAGE ("created")

const char *const cv_summary_fors[] = { "off", "hosts", "people", NULL };
const char *const cv_consents[] = { "announce", "require", NULL };

CvRoomRow *
cv_room_row_copy (const CvRoomRow *self)
{
  CvRoomRow *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->id = g_strdup (self->id);
  copy->kind = g_strdup (self->kind);
  copy->title = g_strdup (self->title);
  copy->owner = g_strdup (self->owner);
  copy->orders = g_strdup (self->orders);
  copy->pin = g_strdup (self->pin);
  copy->host_pin = g_strdup (self->host_pin);
  return copy;
}

void
cv_room_row_free (CvRoomRow *self)
{
  g_free (self->id);
  g_free (self->kind);
  g_free (self->title);
  g_free (self->owner);
  g_free (self->orders);
  g_free (self->pin);
  g_free (self->host_pin);
  g_free (self);
}

CvSummaryFor
cv_summary_for_parse (const char *text)
{
  for (guint i = 0; cv_summary_fors[i] != NULL; i++)
    if (g_strcmp0 (text, cv_summary_fors[i]) == 0)
      return (CvSummaryFor) i;
  return CV_SUMMARY_OFF;
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  CvRoomRow *row = g_new0 (CvRoomRow, 1);

  row->id = cv_store_read_text (statement, 0);
  row->kind = cv_store_read_text (statement, 1);
  row->title = cv_store_read_text (statement, 2);
  row->created = sqlite3_column_int64 (statement, 3);
  /* the table's CHECK keeps their length */
  memcpy (row->join_verifier, sqlite3_column_blob (statement, 4), CV_VERIFIER_BYTES);
  memcpy (row->host_verifier, sqlite3_column_blob (statement, 5), CV_VERIFIER_BYTES);
  row->recording = sqlite3_column_int (statement, 6) != 0;
  row->consent = g_strcmp0 ((const char *) sqlite3_column_text (statement, 7), cv_consents[CV_CONSENT_REQUIRE]) == 0
                   ? CV_CONSENT_REQUIRE
                   : CV_CONSENT_ANNOUNCE;
  row->keep_days = sqlite3_column_int (statement, 8);
  row->owner = cv_store_read_text (statement, 9);
  row->lobby = sqlite3_column_int (statement, 10) != 0;
  row->has_secret = sqlite3_column_type (statement, 11) != SQLITE_NULL;
  if (row->has_secret)
    memcpy (row->secret, sqlite3_column_blob (statement, 11), CV_ROOM_SECRET_BYTES);
  row->orders = cv_store_read_text (statement, 12);
  row->dial_in = sqlite3_column_int (statement, 13) != 0;
  row->pin = cv_store_read_text (statement, 14);
  row->host_pin = cv_store_read_text (statement, 15);
  row->summary = cv_summary_for_parse ((const char *) sqlite3_column_text (statement, 16));
  row->attendance = sqlite3_column_int (statement, 17) != 0;
  row->keep_content_days = sqlite3_column_int (statement, 18);
  row->generation = sqlite3_column_int64 (statement, 19);
  return row;
}

static gboolean
set_pin (sqlite3 *db, const CvRoomRow *row, const char *role, const char *pin, GError **error)
{
  return pin == NULL || cv_store_exec (db, error,
                                       "INSERT INTO pin (pin, room, role) VALUES (?, ?, ?) "
                                       "ON CONFLICT (room, role) DO UPDATE SET pin = excluded.pin",
                                       "sss", pin, row->id, role);
}

static gboolean
set_pins (sqlite3 *db, const CvRoomRow *row, GError **error)
{
  return set_pin (db, row, "person", row->pin, error) && set_pin (db, row, "host", row->host_pin, error);
}

static gpointer
insert_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvRoomRow *row = data;

  if (cv_store_exec (
        db, error,
        "INSERT INTO room (id, kind, title, created, join_verifier, host_verifier, recording, consent, "
        "keep_days, owner, lobby, secret, orders, dial_in, summary, attendance, keep_content_days) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, nullif (?, " DEFAULT "), ?, ?, ?, ?, ?, ?, ?, nullif (?, " DEFAULT "))",
        "sssibbisisibsisii", row->id, row->kind, row->title, row->created, row->join_verifier, CV_VERIFIER_BYTES,
        row->host_verifier, CV_VERIFIER_BYTES, (gint64) (row->recording != FALSE), cv_consents[row->consent],
        (gint64) row->keep_days, row->owner, (gint64) (row->lobby != FALSE), row->has_secret ? row->secret : NULL,
        CV_ROOM_SECRET_BYTES, row->orders, (gint64) (row->dial_in != FALSE), cv_summary_fors[row->summary],
        (gint64) (row->attendance != FALSE), (gint64) row->keep_content_days))
    set_pins (db, row, error);
  return NULL;
}

static gpointer
load_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error, "SELECT " COLUMNS " FROM room WHERE id = ?", "s", data);

  return cv_store_read_one (statement, read_row, error);
}

static gpointer
list_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvPage *page = data;

  /* each finds its index */
  return cv_page_read (page, db,
                       page->of != NULL ? "SELECT " COLUMNS " FROM room WHERE owner = ?1" PAGE
                                        : "SELECT " COLUMNS " FROM room WHERE ?1 IS NULL" PAGE,
                       read_row, (GDestroyNotify) cv_room_row_free, error);
}

static gpointer
update_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvRoomRow *row = data;

  if (!cv_store_exec (db, error,
                      "UPDATE room SET title = ?, lobby = ?, recording = ?, consent = ?, dial_in = ?, "
                      "keep_days = nullif (?, " DEFAULT "), summary = ?, attendance = ?, "
                      "keep_content_days = nullif (?, " DEFAULT ") WHERE id = ?",
                      "siisiisiis", row->title, (gint64) (row->lobby != FALSE), (gint64) (row->recording != FALSE),
                      cv_consents[row->consent], (gint64) (row->dial_in != FALSE), (gint64) row->keep_days,
                      cv_summary_fors[row->summary], (gint64) (row->attendance != FALSE),
                      (gint64) row->keep_content_days, row->id))
    return NULL;
  if (sqlite3_changes (db) == 0)
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "no such room");
  else
    set_pins (db, row, error);
  return NULL;
}

/* Of two who do it at once the second one is too late. */
static gpointer
rotate_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvRoomRow *row = data;

  if (cv_store_exec (
        db, error,
        "UPDATE room SET join_verifier = ?, orders = ?, generation = ?3 WHERE id = ?4 AND generation = ?3 - 1", "bsis",
        row->join_verifier, CV_VERIFIER_BYTES, row->orders, row->generation, row->id) &&
      sqlite3_changes (db) == 0)
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "no room of this generation");
  return NULL;
}

static gpointer
read_count (sqlite3_stmt *statement)
{
  return g_memdup2 (&(gint64){ sqlite3_column_int64 (statement, 0) }, sizeof (gint64));
}

static gpointer
count_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, "SELECT count (*) FROM room", "");

  return cv_store_read_one (statement, read_count, error);
}

static gpointer
delete_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  if (cv_store_exec (db, error, "DELETE FROM room WHERE id = ?", "s", data) && sqlite3_changes (db) == 0)
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "no such room");
  return NULL;
}

void
cv_rooms_insert_async (CvStore *store, const CvRoomRow *row, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (row != NULL && row->id != NULL && row->kind != NULL && row->title != NULL);

  cv_store_run_async (store, insert_on_worker, cv_room_row_copy (row), (GDestroyNotify) cv_room_row_free, NULL, NULL,
                      callback, user_data);
}

gboolean
cv_rooms_insert_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_rooms_load_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (id != NULL);

  cv_store_run_async (store, load_on_worker, g_strdup (id), g_free, (GDestroyNotify) cv_room_row_free, NULL, callback,
                      user_data);
}

CvRoomRow *
cv_rooms_load_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

char *
cv_room_row_to_cursor (const CvRoomRow *self)
{
  return cv_cursor_new_number (self->id, self->created);
}

void
cv_rooms_list_async (CvStore *store, const CvRoomsQuery *query, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autofree char *text = NULL;

  g_return_if_fail (query != NULL && query->limit >= 1 && query->limit <= CV_ROOMS_MAX_PAGE + 1);

  text = cv_store_fold (query->text);
  cv_page_run_async (store, list_on_worker,
                     &(CvPage){ (char *) query->owner, (char *) query->cursor, query->limit, text }, callback,
                     user_data);
}

GPtrArray *
cv_rooms_list_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_rooms_update_async (CvStore *store, const CvRoomRow *row, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (row != NULL && row->id != NULL && row->title != NULL);

  cv_store_run_async (store, update_on_worker, cv_room_row_copy (row), (GDestroyNotify) cv_room_row_free, NULL, NULL,
                      callback, user_data);
}

gboolean
cv_rooms_update_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_rooms_rotate_async (CvStore *store, const CvRoomRow *row, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (row != NULL && row->id != NULL && row->generation > 0);

  cv_store_run_async (store, rotate_on_worker, cv_room_row_copy (row), (GDestroyNotify) cv_room_row_free, NULL, NULL,
                      callback, user_data);
}

gboolean
cv_rooms_rotate_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_rooms_count_async (CvStore *store, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_store_run_async (store, count_on_worker, NULL, NULL, g_free, NULL, callback, user_data);
}

gint64
cv_rooms_count_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  g_autofree gint64 *count = cv_store_run_finish (store, result, error);

  return count != NULL ? *count : -1;
}

void
cv_rooms_delete_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (id != NULL);

  cv_store_run_async (store, delete_on_worker, g_strdup (id), g_free, NULL, NULL, callback, user_data);
}

gboolean
cv_rooms_delete_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}
