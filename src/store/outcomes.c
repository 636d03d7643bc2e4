/* How recordings came out.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/outcomes.h"

#define MS_PER_DAY "86400000"

typedef struct {
  char *recording;
  CvRecordingStatus status;
  char *error;
  gint64 duration;
  guint keep_days;
} Outcome;

static void
outcome_free (gpointer data)
{
  Outcome *self = data;

  g_free (self->recording);
  g_free (self->error);
  g_free (self);
}

void
cv_outcome_row_free (CvOutcomeRow *self)
{
  g_free (self->recording);
  g_free (self);
}

static gpointer
settle_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Outcome *outcome = data;

  if (cv_store_exec (db, error,
                     "UPDATE recording SET status = ?2, error = ?3, duration = iif (?4 < 0, duration, ?4), "
                     "expires = ifnull (ended, started) + " MS_PER_DAY
                     " * (SELECT nullif (ifnull (keep_days, ?5), 0) FROM room WHERE room.id = recording.room) "
                     "WHERE id = ?1 AND status IN ('processing', 'ready', 'failed')",
                     "sssii", outcome->recording, cv_recording_statuses[outcome->status], outcome->error,
                     outcome->duration, (gint64) outcome->keep_days) &&
      sqlite3_changes (db) == 0)
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "no such recording is there to be settled");
  return NULL;
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  CvOutcomeRow *row = g_new0 (CvOutcomeRow, 1);
  const char *status = (const char *) sqlite3_column_text (statement, 1);

  row->recording = cv_store_read_text (statement, 0);
  /* the table's CHECK knows no other */
  while (cv_recording_statuses[row->status + 1] != NULL && g_strcmp0 (cv_recording_statuses[row->status], status) != 0)
    row->status++;
  row->rendered = sqlite3_column_int (statement, 2) > 0;
  row->open = sqlite3_column_int (statement, 3) > 0;
  return row;
}

static gpointer
list_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (
    db, error,
    "SELECT id, status, (SELECT count (*) FROM render WHERE recording = recording.id), "
    "(SELECT count (*) FROM render WHERE recording = recording.id AND render.status IN ('queued', 'running')) "
    "FROM recording WHERE ?1 IS NULL OR room = ?1 ORDER BY started, id",
    "s", data);

  return cv_store_read_all (statement, read_row, (GDestroyNotify) cv_outcome_row_free, error);
}

void
cv_outcomes_settle_async (CvStore *store, const char *recording, CvRecordingStatus status, const char *error,
                          gint64 duration, guint keep_days, GAsyncReadyCallback callback, gpointer user_data)
{
  Outcome *outcome;

  g_return_if_fail (recording != NULL && error != NULL);
  g_return_if_fail (status == CV_RECORDING_READY || status == CV_RECORDING_FAILED);

  outcome = g_new (Outcome, 1);
  *outcome = (Outcome){ g_strdup (recording), status, g_strdup (error), duration, keep_days };
  cv_store_run_async (store, settle_on_worker, outcome, outcome_free, NULL, NULL, callback, user_data);
}

gboolean
cv_outcomes_settle_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_outcomes_list_async (CvStore *store, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_store_run_async (store, list_on_worker, NULL, NULL, (GDestroyNotify) g_ptr_array_unref, NULL, callback, user_data);
}

GPtrArray *
cv_outcomes_list_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_outcomes_list_room_async (CvStore *store, const char *room, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (room != NULL);

  cv_store_run_async (store, list_on_worker, g_strdup (room), g_free, (GDestroyNotify) g_ptr_array_unref, NULL,
                      callback, user_data);
}

GPtrArray *
cv_outcomes_list_room_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}
