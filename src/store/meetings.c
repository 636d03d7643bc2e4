/* Table `meeting`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/meetings.h"

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

  /* a clock that was set back must not end a meeting before it began */
  if (!cv_store_exec (db, error, "UPDATE meeting SET ended = max (started, ?), reason = 'crash' WHERE ended IS NULL",
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
