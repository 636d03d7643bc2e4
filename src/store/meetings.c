/* Table `meeting`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/meetings.h"

#include "base/ids.h"
#include "store/cursor.h"
#include "store/records.h"

#include <string.h>

typedef struct {
  char *id;
  char *room;   /* of a start */
  char *reason; /* of an end */
  gint64 at;    /* ms since 1970 */
} Change;

static void
change_free (gpointer data)
{
  Change *self = data;

  g_free (self->id);
  g_free (self->room);
  g_free (self->reason);
  g_free (self);
}

static gpointer
start_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Change *change = data;

  cv_store_exec (db, error, "INSERT INTO meeting (id, room, started) VALUES (?, ?, ?)", "ssi", change->id, change->room,
                 change->at);
  return NULL;
}

static gpointer
end_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Change *change = data;

  if (cv_store_exec (db, error, "UPDATE meeting SET ended = ?, reason = ? WHERE id = ? AND ended IS NULL", "iss",
                     change->at, change->reason, change->id) &&
      sqlite3_changes (db) == 0)
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "no such meeting is running");
  return NULL;
}

static gpointer
close_open_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  gint64 *ended = data;

  /* Where it was written down who was there, it ended when somebody was seen last. A clock that was set back must not end a meeting before it
   * began. */
  if (!cv_store_exec (
        db, error,
        "UPDATE meeting SET reason = 'crash', ended = max (started, min (?1, ifnull ((SELECT max (\"left\") "
        "FROM attendance WHERE attendance.meeting = meeting.id), ?1))) WHERE ended IS NULL",
        "i", *ended))
    return NULL;
  return g_memdup2 (&(gint64){ sqlite3_changes (db) }, sizeof (gint64));
}

void
cv_meetings_start_async (CvStore *store, const char *id, const char *room, gint64 started, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  Change *change;

  g_return_if_fail (id != NULL && room != NULL);

  change = g_new (Change, 1);
  *change = (Change){ .id = g_strdup (id), .room = g_strdup (room), .at = started };
  cv_store_run_async (store, start_on_worker, change, change_free, NULL, NULL, callback, user_data);
}

gboolean
cv_meetings_start_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_meetings_end_async (CvStore *store, const char *id, gint64 ended, const char *reason, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  Change *change;

  g_return_if_fail (id != NULL && reason != NULL);

  change = g_new (Change, 1);
  *change = (Change){ .id = g_strdup (id), .reason = g_strdup (reason), .at = ended };
  cv_store_run_async (store, end_on_worker, change, change_free, NULL, NULL, callback, user_data);
}

gboolean
cv_meetings_end_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_meetings_close_open_async (CvStore *store, gint64 ended, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_store_run_async (store, close_open_on_worker, g_memdup2 (&ended, sizeof ended), g_free, g_free, NULL, callback,
                      user_data);
}

gint64
cv_meetings_close_open_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  g_autofree gint64 *closed = cv_store_run_finish (store, result, error);

  return closed != NULL ? *closed : -1;
}

/* ---- its secret ---- */

typedef struct {
  char *id;
  guint8 secret[CV_MEETING_SECRET_BYTES];
} Guess;

typedef struct {
  guint8 secret[CV_MEETING_SECRET_BYTES];
  gboolean open; /* to who was there */
} Lock;

static void
guess_free (gpointer data)
{
  Guess *self = data;

  cv_wipe (self->secret, sizeof self->secret);
  g_free (self->id);
  g_free (self);
}

/* The tables' CHECKs keep its length. */
static gpointer
read_lock (sqlite3_stmt *statement)
{
  Lock *lock = g_new (Lock, 1);

  memcpy (lock->secret, sqlite3_column_blob (statement, 0), sizeof lock->secret);
  lock->open = sqlite3_column_int (statement, 1) != 0;
  return lock;
}

static gpointer
check_secret_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Guess *guess = data;
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error,
                      "SELECT secret, ifnull (readers, '') = 'people' FROM meeting WHERE secret IS NOT NULL "
                      "AND id = ifnull ((SELECT meeting FROM document WHERE id = ?1), ?1)",
                      "s", guess->id);
  g_autofree Lock *lock = cv_store_read_one (statement, read_lock, error);

  if (lock != NULL && !cv_bytes_equal (lock->secret, guess->secret, sizeof guess->secret) &&
      !(lock->open && cv_record_is_people_secret (lock->secret, guess->secret)))
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "not the secret of this meeting");
  return NULL;
}

void
cv_meetings_check_secret_async (CvStore *store, const char *id, const guint8 secret[CV_MEETING_SECRET_BYTES],
                                GAsyncReadyCallback callback, gpointer user_data)
{
  Guess *guess;

  g_return_if_fail (id != NULL && secret != NULL);

  guess = g_new (Guess, 1);
  guess->id = g_strdup (id);
  memcpy (guess->secret, secret, sizeof guess->secret);
  cv_store_run_async (store, check_secret_on_worker, guess, guess_free, NULL, NULL, callback, user_data);
}

gboolean
cv_meetings_check_secret_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

/* ---- a list ---- */

void
cv_meeting_row_free (CvMeetingRow *self)
{
  g_free (self->id);
  g_free (self->room);
  g_free (self->reason);
  g_free (self->title);
  g_free (self);
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  CvMeetingRow *row = g_new0 (CvMeetingRow, 1);

  row->id = cv_store_read_text (statement, 0);
  row->room = cv_store_read_text (statement, 1);
  row->started = sqlite3_column_int64 (statement, 2);
  row->ended = sqlite3_column_int64 (statement, 3);
  row->reason = cv_store_read_text (statement, 4);
  row->title = cv_store_read_text (statement, 5);
  row->issue = (guint) sqlite3_column_int64 (statement, 6);
  return row;
}

static gpointer
list_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  return cv_page_read (data, db,
                       "SELECT id, room, started, ifnull (ended, 0), reason, title, "
                       "ifnull ((SELECT max (issue) FROM summary WHERE meeting = meeting.id), 0) "
                       "FROM meeting WHERE room = ?1" CV_PAGE ("started"),
                       read_row, (GDestroyNotify) cv_meeting_row_free, error);
}

void
cv_meetings_list_async (CvStore *store, const char *room, const char *cursor, guint limit, GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_return_if_fail (room != NULL && limit >= 1);

  cv_page_run_async (store, list_on_worker, &(CvPage){ (char *) room, (char *) cursor, limit, NULL }, callback,
                     user_data);
}

GPtrArray *
cv_meetings_list_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

char *
cv_meeting_row_to_cursor (const CvMeetingRow *self)
{
  return cv_cursor_new_number (self->id, self->started);
}
