/* Table `recording`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/recordings.h"

#include "store/cursor.h"

#include <string.h>

#define COLUMNS                                                                                                        \
  "id, room, meeting, title, started, ifnull (ended, 0), status, error, duration, bytes, people, ifnull (expires, 0)"
/* in its title, its room's, or the name of somebody who was asked whether to be recorded */
#define FOUND                                                                                                          \
  "instr (fold (title), ?1) > 0 OR "                                                                                   \
  "EXISTS (SELECT 1 FROM room WHERE room.id = recording.room AND instr (fold (room.title), ?1) > 0) OR "               \
  "EXISTS (SELECT 1 FROM consent WHERE consent.recording = recording.id AND instr (fold (name), ?1) > 0)"

const char *const cv_recording_statuses[] = { "recording", "processing", "ready", "failed", "deleting", NULL };

CvRecordingRow *
cv_recording_row_copy (const CvRecordingRow *self)
{
  CvRecordingRow *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->id = g_strdup (self->id);
  copy->room = g_strdup (self->room);
  copy->meeting = g_strdup (self->meeting);
  copy->title = g_strdup (self->title);
  copy->error = g_strdup (self->error != NULL ? self->error : "");
  return copy;
}

void
cv_recording_row_free (CvRecordingRow *self)
{
  g_free (self->id);
  g_free (self->room);
  g_free (self->meeting);
  g_free (self->title);
  g_free (self->error);
  g_free (self);
}

/* The table's CHECK knows no other. */
static CvRecordingStatus
read_status (sqlite3_stmt *statement, int column)
{
  guint i = 0;

  while (g_strcmp0 (cv_recording_statuses[i], (const char *) sqlite3_column_text (statement, column)) != 0)
    i++;
  return (CvRecordingStatus) i;
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  CvRecordingRow *row = g_new0 (CvRecordingRow, 1);

  row->id = cv_store_read_text (statement, 0);
  row->room = cv_store_read_text (statement, 1);
  row->meeting = cv_store_read_text (statement, 2);
  row->title = cv_store_read_text (statement, 3);
  row->started = sqlite3_column_int64 (statement, 4);
  row->ended = sqlite3_column_int64 (statement, 5);
  row->status = read_status (statement, 6);
  row->error = cv_store_read_text (statement, 7);
  row->duration = sqlite3_column_int64 (statement, 8);
  row->bytes = sqlite3_column_int64 (statement, 9);
  row->people = (guint) sqlite3_column_int64 (statement, 10);
  row->expires = sqlite3_column_int64 (statement, 11);
  return row;
}

/* ---- one row ---- */

static gpointer
insert_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvRecordingRow *row = data;

  cv_store_exec (db, error,
                 "INSERT INTO recording (id, room, meeting, title, started, ended, status, error, duration, bytes, "
                 "people, expires) VALUES (?, ?, ?, ?, ?, nullif (?, 0), ?, ?, ?, ?, ?, nullif (?, 0))",
                 "ssssiissiiii", row->id, row->room, row->meeting, row->title, row->started, row->ended,
                 cv_recording_statuses[row->status], row->error, row->duration, row->bytes, (gint64) row->people,
                 row->expires);
  return NULL;
}

static gpointer
load_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error, "SELECT " COLUMNS " FROM recording WHERE id = ?", "s", data);

  return cv_store_read_one (statement, read_row, error);
}

void
cv_recordings_insert_async (CvStore *store, const CvRecordingRow *row, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (row != NULL && row->id != NULL && row->room != NULL && row->meeting != NULL && row->title != NULL);

  cv_store_run_async (store, insert_on_worker, cv_recording_row_copy (row), (GDestroyNotify) cv_recording_row_free,
                      NULL, NULL, callback, user_data);
}

gboolean
cv_recordings_insert_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_recordings_load_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (id != NULL);

  cv_store_run_async (store, load_on_worker, g_strdup (id), g_free, (GDestroyNotify) cv_recording_row_free, NULL,
                      callback, user_data);
}

CvRecordingRow *
cv_recordings_load_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

/* ---- a list ---- */

static const struct {
  const char *column;
  gboolean is_text;
} ORDERS[] = {
  [CV_RECORDINGS_BY_STARTED] = { "started", FALSE },
  [CV_RECORDINGS_BY_TITLE] = { "title COLLATE NOCASE", TRUE },
  [CV_RECORDINGS_BY_BYTES] = { "bytes", FALSE },
  [CV_RECORDINGS_BY_DURATION] = { "duration", FALSE },
};

typedef struct {
  char *text;
  char *room;
  char *owner;
  char *status;
  gint64 expired;
  CvRecordingsOrder order;
  gboolean ascending;
  char *cursor; /* as it came */
  char *id;     /* of the cursor, and what it stands at; NULL: there is none */
  char *title;
  gint64 number;
  guint limit;
} List;

static void
list_free (gpointer data)
{
  List *self = data;

  g_free (self->text);
  g_free (self->room);
  g_free (self->owner);
  g_free (self->status);
  g_free (self->cursor);
  g_free (self->id);
  g_free (self->title);
  g_free (self);
}

static gint64
get_number (const CvRecordingRow *self, CvRecordingsOrder order)
{
  switch (order) {
  case CV_RECORDINGS_BY_BYTES:
    return self->bytes;
  case CV_RECORDINGS_BY_DURATION:
    return self->duration;
  case CV_RECORDINGS_BY_STARTED:
  case CV_RECORDINGS_BY_TITLE:
  default:
    return self->started;
  }
}

char *
cv_recording_row_to_cursor (const CvRecordingRow *self, CvRecordingsOrder order)
{
  g_return_val_if_fail (self != NULL, NULL);

  return ORDERS[order].is_text ? cv_cursor_new (self->id, self->title)
                               : cv_cursor_new_number (self->id, get_number (self, order));
}

static gboolean
read_cursor (List *self, GError **error)
{
  return ORDERS[self->order].is_text ? cv_cursor_read (self->cursor, &self->id, &self->title, error)
                                     : cv_cursor_read_number (self->cursor, &self->id, &self->number, error);
}

/* Returns: (transfer full): takes ?1 … ?7. Only what stands in our tables gets into the text. */
static char *
build_list_sql (const List *self)
{
  const char *column = ORDERS[self->order].column;
  const char *compare = self->ascending ? ">" : "<";
  const char *direction = self->ascending ? "ASC" : "DESC";
  g_autofree char *behind = self->id != NULL
                              ? g_strdup_printf (" AND (%1$s %2$s ?5 OR (%1$s = ?5 AND id %2$s ?6))", column, compare)
                              : g_strdup (" AND ?5 IS NULL AND ?6 IS NULL");

  return g_strdup_printf (
    "SELECT " COLUMNS " FROM recording WHERE (?1 IS NULL OR " FOUND ")"
    " AND (?2 IS NULL OR room = ?2) AND iif (?3 IS NULL, status != 'deleting', status = ?3)"
    " AND (?4 = 0 OR expires <= ?4)"
    " AND (?7 IS NULL OR room IN (SELECT room.id FROM room WHERE owner = ?7))%s ORDER BY %s %s, id %s LIMIT %u",
    behind, column, direction, direction, self->limit);
}

static gpointer
list_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  List *list = data;
  g_autofree char *sql = NULL;
  g_autoptr (sqlite3_stmt) statement = NULL;

  if (list->cursor != NULL && !read_cursor (list, error))
    return NULL;
  sql = build_list_sql (list);
  statement = list->id != NULL && !ORDERS[list->order].is_text
                ? cv_store_prepare (db, error, sql, "sssiiss", list->text, list->room, list->status, list->expired,
                                    list->number, list->id, list->owner)
                : cv_store_prepare (db, error, sql, "sssisss", list->text, list->room, list->status, list->expired,
                                    list->title, list->id, list->owner);
  return cv_store_read_all (statement, read_row, (GDestroyNotify) cv_recording_row_free, error);
}

void
cv_recordings_list_async (CvStore *store, const CvRecordingsQuery *query, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  List *list;

  g_return_if_fail (query != NULL && query->limit >= 1 && query->limit <= CV_RECORDINGS_MAX_PAGE);

  list = g_new0 (List, 1);
  list->text = cv_store_fold (query->text);
  list->room = g_strdup (query->room);
  list->owner = g_strdup (query->owner);
  list->status = g_strdup (query->status);
  list->expired = query->expired;
  list->order = query->order;
  list->ascending = query->ascending;
  list->cursor = g_strdup (query->cursor);
  list->limit = query->limit;
  cv_store_run_async (store, list_on_worker, list, list_free, (GDestroyNotify) g_ptr_array_unref, NULL, callback,
                      user_data);
}

GPtrArray *
cv_recordings_list_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

/* ---- changes ---- */

typedef struct {
  char *id;
  char *text; /* a title, or an error */
  CvRecordingStatus status;
  gint64 at; /* when it ended, or expires */
  gint64 duration;
  gint64 bytes;
  gint64 people;
} Change;

static void
change_free (gpointer data)
{
  Change *self = data;

  g_free (self->id);
  g_free (self->text);
  g_free (self);
}

/* What cv_store_exec() said of a statement that changes one row. */
static gpointer
expect_row (sqlite3 *db, gboolean done, GError **error)
{
  if (done && sqlite3_changes (db) == 0)
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "no such recording");
  return NULL;
}

static gpointer
set_title_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Change *change = data;

  return expect_row (
    db, cv_store_exec (db, error, "UPDATE recording SET title = ? WHERE id = ?", "ss", change->text, change->id),
    error);
}

static gpointer
set_status_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Change *change = data;

  return expect_row (db,
                     cv_store_exec (db, error, "UPDATE recording SET status = ?, error = ? WHERE id = ?", "sss",
                                    cv_recording_statuses[change->status], change->text, change->id),
                     error);
}

static gpointer
set_size_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Change *change = data;

  return expect_row (db,
                     cv_store_exec (db, error, "UPDATE recording SET duration = ?, bytes = ? WHERE id = ?", "iis",
                                    change->duration, change->bytes, change->id),
                     error);
}

static gpointer
set_expires_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Change *change = data;

  return expect_row (db,
                     cv_store_exec (db, error, "UPDATE recording SET expires = nullif (?, 0) WHERE id = ?", "is",
                                    change->at, change->id),
                     error);
}

static gpointer
end_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Change *change = data;

  return expect_row (db,
                     cv_store_exec (db, error,
                                    "UPDATE recording SET ended = max (?, started), status = 'processing', "
                                    "duration = ?, bytes = ?, people = ? WHERE id = ? AND status = 'recording'",
                                    "iiiis", change->at, change->duration, change->bytes, change->people, change->id),
                     error);
}

static gpointer
delete_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Change *change = data;

  return expect_row (db, cv_store_exec (db, error, "DELETE FROM recording WHERE id = ?", "s", change->id), error);
}

/* Takes the texts of `change` over. */
static void
run_change (CvStore *store, CvStoreFunc func, Change change, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_store_run_async (store, func, g_memdup2 (&change, sizeof change), change_free, NULL, NULL, callback, user_data);
}

void
cv_recordings_set_title_async (CvStore *store, const char *id, const char *title, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_return_if_fail (id != NULL && title != NULL);

  run_change (store, set_title_on_worker, (Change){ .id = g_strdup (id), .text = g_strdup (title) }, callback,
              user_data);
}

void
cv_recordings_set_status_async (CvStore *store, const char *id, CvRecordingStatus status, const char *error,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (id != NULL && error != NULL);

  run_change (store, set_status_on_worker, (Change){ .id = g_strdup (id), .text = g_strdup (error), .status = status },
              callback, user_data);
}

void
cv_recordings_set_size_async (CvStore *store, const char *id, gint64 duration, gint64 bytes,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (id != NULL);

  run_change (store, set_size_on_worker, (Change){ .id = g_strdup (id), .duration = duration, .bytes = bytes },
              callback, user_data);
}

void
cv_recordings_set_expires_async (CvStore *store, const char *id, gint64 expires, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_return_if_fail (id != NULL);

  run_change (store, set_expires_on_worker, (Change){ .id = g_strdup (id), .at = expires }, callback, user_data);
}

void
cv_recordings_end_async (CvStore *store, const char *id, gint64 ended, gint64 duration, gint64 bytes, guint people,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  Change change = { .id = g_strdup (id), .at = ended, .duration = duration, .bytes = bytes, .people = people };

  run_change (store, end_on_worker, change, callback, user_data);
}

void
cv_recordings_delete_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (id != NULL);

  run_change (store, delete_on_worker, (Change){ .id = g_strdup (id) }, callback, user_data);
}

gboolean
cv_recordings_change_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}
