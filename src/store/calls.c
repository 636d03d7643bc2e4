/* Table `call`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/calls.h"

#include "store/cursor.h"

CvCallRow *
cv_call_row_copy (const CvCallRow *self)
{
  CvCallRow *copy = g_memdup2 (self, sizeof *self);

  copy->id = g_strdup (self->id);
  copy->room = g_strdup (self->room);
  copy->meeting = g_strdup (self->meeting);
  copy->person = g_strdup (self->person);
  copy->caller = g_strdup (self->caller);
  copy->trunk = g_strdup (self->trunk);
  copy->codec = g_strdup (self->codec);
  copy->security = g_strdup (self->security);
  copy->reason = g_strdup (self->reason);
  return copy;
}

void
cv_call_row_free (CvCallRow *self)
{
  g_free (self->id);
  g_free (self->room);
  g_free (self->meeting);
  g_free (self->person);
  g_free (self->caller);
  g_free (self->trunk);
  g_free (self->codec);
  g_free (self->security);
  g_free (self->reason);
  g_free (self);
}

static gpointer
put_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvCallRow *row = data;

  cv_store_exec (
    db, error,
    "INSERT INTO call (id, room, meeting, person, caller, trunk, codec, security, started, answered, ended, "
    "reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, nullif (?10, 0), nullif (?11, 0), ?12) "
    "ON CONFLICT (id) DO UPDATE SET room = ?2, meeting = ?3, person = ?4, codec = ?7, security = ?8, "
    "answered = nullif (?10, 0), ended = nullif (?11, 0), reason = ?12",
    "ssssssssiiis", row->id, row->room, row->meeting, row->person, row->caller, row->trunk,
    row->codec != NULL ? row->codec : "", row->security != NULL ? row->security : "none", row->started, row->answered,
    row->ended, row->reason != NULL ? row->reason : "");
  return NULL;
}

static gpointer
count_changes (sqlite3 *db)
{
  return g_memdup2 (&(gint64){ sqlite3_changes (db) }, sizeof (gint64));
}

static gpointer
close_open_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const gint64 *ended = data;

  /* a clock that was set back must not end a call before it began */
  return cv_store_exec (db, error, "UPDATE call SET ended = max (started, ?), reason = 'crash' WHERE ended IS NULL",
                        "i", *ended)
           ? count_changes (db)
           : NULL;
}

static gpointer
prune_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const gint64 *before = data;

  return cv_store_exec (db, error, "DELETE FROM call WHERE ended < ?", "i", *before) ? count_changes (db) : NULL;
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  CvCallRow *row = g_new0 (CvCallRow, 1);

  row->id = cv_store_read_text (statement, 0);
  row->room = cv_store_read_text (statement, 1);
  row->meeting = cv_store_read_text (statement, 2);
  row->person = cv_store_read_text (statement, 3);
  row->caller = cv_store_read_text (statement, 4);
  row->trunk = cv_store_read_text (statement, 5);
  row->codec = cv_store_read_text (statement, 6);
  row->security = cv_store_read_text (statement, 7);
  row->started = sqlite3_column_int64 (statement, 8);
  row->answered = sqlite3_column_int64 (statement, 9);
  row->ended = sqlite3_column_int64 (statement, 10);
  row->reason = cv_store_read_text (statement, 11);
  return row;
}

#define LIST(which)                                                                                                    \
  "SELECT id, room, meeting, person, caller, trunk, codec, security, started, ifnull (answered, 0), "                  \
  "ifnull (ended, 0), reason FROM call WHERE " which CV_PAGE ("started")

static gpointer
list_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const CvPage *page = data;

  /* each finds its index */
  return cv_page_read (page, db, page->of != NULL ? LIST ("room = ?1") : LIST ("?1 IS NULL"), read_row,
                       (GDestroyNotify) cv_call_row_free, error);
}

void
cv_calls_put_async (CvStore *store, const CvCallRow *row, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (row != NULL && row->id != NULL && row->caller != NULL && row->trunk != NULL);

  cv_store_run_async (store, put_on_worker, cv_call_row_copy (row), (GDestroyNotify) cv_call_row_free, NULL, NULL,
                      callback, user_data);
}

gboolean
cv_calls_put_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_calls_close_open_async (CvStore *store, gint64 ended, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_store_run_async (store, close_open_on_worker, g_memdup2 (&ended, sizeof ended), g_free, g_free, NULL, callback,
                      user_data);
}

void
cv_calls_prune_async (CvStore *store, gint64 before, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_store_run_async (store, prune_on_worker, g_memdup2 (&before, sizeof before), g_free, g_free, NULL, callback,
                      user_data);
}

gint64
cv_calls_count_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  g_autofree gint64 *count = cv_store_run_finish (store, result, error);

  return count != NULL ? *count : -1;
}

void
cv_calls_list_async (CvStore *store, const char *room, const char *cursor, guint limit, GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_return_if_fail (limit >= 1);

  cv_page_run_async (store, list_on_worker, &(CvPage){ (char *) room, (char *) cursor, limit, NULL }, callback,
                     user_data);
}

GPtrArray *
cv_calls_list_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

char *
cv_call_row_to_cursor (const CvCallRow *self)
{
  return cv_cursor_new_number (self->id, self->started);
}
