/* Table `summary`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/summaries.h"

void
cv_summary_row_free (CvSummaryRow *self)
{
  g_free (self->meeting);
  g_free (self->actor);
  g_free (self->body);
  g_free (self);
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  CvSummaryRow *row = g_new0 (CvSummaryRow, 1);

  row->meeting = cv_store_read_text (statement, 0);
  row->issue = (guint) sqlite3_column_int (statement, 1);
  row->made = sqlite3_column_int64 (statement, 2);
  row->actor = cv_store_read_text (statement, 3);
  row->body = cv_store_read_text (statement, 4);
  return row;
}

CvSummaryRow *
cv_summary_read_last (sqlite3 *db, const char *meeting, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (
    db, error, "SELECT meeting, issue, made, actor, body FROM summary WHERE meeting = ? ORDER BY issue DESC LIMIT 1",
    "s", meeting);

  return cv_store_read_one (statement, read_row, error);
}

static gpointer
load_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  return cv_summary_read_last (db, data, error);
}

static gpointer
read_number (sqlite3_stmt *statement)
{
  return g_memdup2 (&(guint){ (guint) sqlite3_column_int (statement, 0) }, sizeof (guint));
}

/* 0: there is none, or an error. */
static guint
find_last (sqlite3 *db, const char *meeting, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error, "SELECT ifnull (max (issue), 0) FROM summary WHERE meeting = ?", "s", meeting);
  g_autofree guint *last = cv_store_read_one (statement, read_number, error);

  return last != NULL ? *last : 0;
}

guint
cv_summary_add (sqlite3 *db, const CvSummaryRow *row, GError **error)
{
  g_autoptr (GError) failure = NULL;
  guint issue = find_last (db, row->meeting, &failure) + 1;

  if (failure == NULL)
    cv_store_exec (db, &failure, "INSERT INTO summary (meeting, issue, made, actor, body) VALUES (?, ?, ?, ?, ?)",
                   "siiss", row->meeting, (gint64) issue, row->made, row->actor, row->body);
  if (failure == NULL)
    cv_store_exec (db, &failure, "DELETE FROM summary WHERE meeting = ? AND issue > 1 AND issue <= ?", "si",
                   row->meeting, (gint64) issue - CV_SUMMARIES_MAX_ISSUES);
  if (failure == NULL)
    return issue;
  g_propagate_error (error, g_steal_pointer (&failure));
  return 0;
}

void
cv_summaries_load_async (CvStore *store, const char *meeting, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (meeting != NULL);

  cv_store_run_async (store, load_on_worker, g_strdup (meeting), g_free, (GDestroyNotify) cv_summary_row_free, NULL,
                      callback, user_data);
}

CvSummaryRow *
cv_summaries_load_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}
