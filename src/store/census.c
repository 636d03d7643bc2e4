/* See census.h. */
#include "store/census.h"

void
cv_census_free (CvCensus *self)
{
  for (guint i = 0; i < self->n_kinds; i++)
    g_free (self->kinds[i].kind);
  g_free (self);
}

static gboolean
count_rooms (CvCensus *self, sqlite3 *db, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error, "SELECT kind, count (*) FROM room GROUP BY kind", "");
  int status = SQLITE_DONE;
  if (statement == NULL)
    return FALSE;
  while (self->n_kinds < CV_CENSUS_MAX_KINDS && (status = sqlite3_step (statement)) == SQLITE_ROW)
    self->kinds[self->n_kinds++] =
      (CvCensusKind){ cv_store_read_text (statement, 0), sqlite3_column_int64 (statement, 1) };
  if (status == SQLITE_DONE || status == SQLITE_ROW)
    return TRUE;
  cv_store_set_error (error, db, "counting rooms");
  return FALSE;
}

/* Two numbers. */
static gboolean
count (sqlite3 *db, const char *sql, gint64 *first, gint64 *second, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, sql, "");
  if (statement == NULL)
    return FALSE;
  if (sqlite3_step (statement) != SQLITE_ROW) {
    cv_store_set_error (error, db, "counting");
    return FALSE;
  }
  *first = sqlite3_column_int64 (statement, 0);
  *second = sqlite3_column_int64 (statement, 1);
  return TRUE;
}

static gpointer
take_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (CvCensus) self = g_new0 (CvCensus, 1);
  gboolean done = count_rooms (self, db, error) &&
                  count (db, "SELECT count (*), coalesce (sum (bytes), 0) FROM document WHERE status = 'ready'",
                         &self->documents, &self->document_bytes, error) &&
                  count (db, "SELECT count (next_at), count (*) - count (next_at) FROM delivery", &self->hooks_waiting,
                         &self->hooks_failed, error);
  return done ? g_steal_pointer (&self) : NULL;
}

void
cv_census_take_async (CvStore *store, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_store_run_async (store, take_on_worker, NULL, NULL, (GDestroyNotify) cv_census_free, NULL, callback, user_data);
}

CvCensus *
cv_census_take_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}
