/* See erasure.h. What is written as JSON: erasure-content.h. */
#include "store/erasure.h"

#include "store/erasure-content.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3, sqlite3_close)

static void
seat_free (gpointer data)
{
  CvErasureSeat *self = data;

  g_free (self->meeting);
  cv_scrub_free (self->scrub);
  g_hash_table_unref (self->said);
  g_free (self);
}

void
cv_erasure_free (CvErasure *self)
{
  g_free (self->id);
  g_ptr_array_unref (self->seats);
  g_ptr_array_unref (self->documents);
  g_ptr_array_unref (self->recordings);
  g_free (self);
}

gboolean
cv_erasure_is_empty (const CvErasure *self)
{
  return !self->account && self->seats->len == 0;
}

/* ---- finding ---- */

static gpointer
read_text (sqlite3_stmt *statement)
{
  return cv_store_read_text (statement, 0);
}

/* The first column of all rows, `?1` being `a` and `?2` `b`, behind what `into` has. */
static gboolean
collect (sqlite3 *db, GPtrArray *into, const char *sql, const char *a, const char *b, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, sql, b != NULL ? "ss" : "s", a, b);
  g_autoptr (GPtrArray) rows = cv_store_read_all (statement, read_text, NULL, error);

  if (rows == NULL)
    return FALSE;
  g_ptr_array_extend_and_steal (into, g_steal_pointer (&rows));
  return TRUE;
}

static gpointer
read_seat (sqlite3_stmt *statement)
{
  CvErasureSeat *seat = g_new0 (CvErasureSeat, 1);

  seat->meeting = cv_store_read_text (statement, 0);
  seat->scrub = cv_scrub_new ((const char *) sqlite3_column_text (statement, 1));
  seat->joined = sqlite3_column_int64 (statement, 2);
  seat->said = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  return seat;
}

/* Names of theirs that the tables say, each with whether somebody else in the meeting is called so. */
static gboolean
find_names (sqlite3 *db, const CvErasureSeat *seat, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error,
                      "SELECT name, NOT EXISTS (SELECT 1 FROM attendance WHERE meeting = ?1 AND person != ?2 AND "
                      "attendance.name = own.name) FROM ("
                      "SELECT name FROM attendance WHERE meeting = ?1 AND person = ?2 UNION "
                      "SELECT by_name FROM document WHERE meeting = ?1 AND person = ?2 UNION "
                      "SELECT name FROM consent WHERE person = ?2) AS own",
                      "ss", seat->meeting, cv_scrub_get_id (seat->scrub));
  int code = SQLITE_ERROR;

  while (statement != NULL && (code = sqlite3_step (statement)) == SQLITE_ROW)
    cv_scrub_add_name (seat->scrub, (const char *) sqlite3_column_text (statement, 0),
                       sqlite3_column_int (statement, 1) != 0);
  if (statement != NULL && code != SQLITE_DONE)
    cv_store_set_error (error, db, "reading names");
  return code == SQLITE_DONE;
}

static gboolean
look_into (sqlite3 *db, CvErasure *self, const CvErasureSeat *seat, GError **error)
{
  const char *person = cv_scrub_get_id (seat->scrub);

  return find_names (db, seat, error) && cv_erasure_content_look (db, seat, error) &&
         collect (db, self->documents, "SELECT meeting || '/' || id FROM document WHERE meeting = ? AND person = ?",
                  seat->meeting, person, error) &&
         collect (db, self->recordings,
                  "SELECT id FROM recording WHERE meeting = ? AND status IN ('processing', 'ready', 'failed')",
                  seat->meeting, NULL, error);
}

CvErasure *
cv_erasure_plan (sqlite3 *db, const char *id, GError **error)
{
  g_autoptr (CvErasure) self = g_new0 (CvErasure, 1);
  g_autoptr (GPtrArray) users = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (sqlite3_stmt) statement = NULL;

  self->id = g_strdup (id);
  self->documents = g_ptr_array_new_with_free_func (g_free);
  self->recordings = g_ptr_array_new_with_free_func (g_free);
  statement =
    cv_store_prepare (db, error,
                      "SELECT meeting, person, max (joined) FROM ("
                      "SELECT meeting, person, joined FROM attendance WHERE ?1 IN (person, account) UNION ALL "
                      "SELECT meeting, person, 0 FROM document WHERE person = ?1 UNION ALL "
                      "SELECT meeting, person, 0 FROM call WHERE person = ?1 AND meeting IS NOT NULL UNION ALL "
                      "SELECT meeting, person, 0 FROM consent JOIN recording ON recording.id = recording WHERE person "
                      "= ?1) GROUP BY meeting, person",
                      "s", id);
  self->seats = cv_store_read_all (statement, read_seat, seat_free, error);
  if (self->seats == NULL || !collect (db, users, "SELECT id FROM user WHERE id = ?", id, NULL, error))
    return NULL;
  self->account = users->len > 0;
  for (guint i = 0; i < self->seats->len; i++)
    if (!look_into (db, self, self->seats->pdata[i], error))
      return NULL;
  return g_steal_pointer (&self);
}

/* ---- doing ---- */

/* `?1` the meeting, `?2` their id there, `?3` the new one, `?4` the neutral word */
static const char *const OF_SEATS[] = {
  "UPDATE attendance SET person = ?3, name = ?4, account = '' WHERE meeting = ?1 AND person = ?2",
  "UPDATE consent SET person = ?3, name = ?4 WHERE person = ?2",
  "UPDATE call SET person = NULL, caller = '' WHERE person = ?2",
  "DELETE FROM document WHERE meeting = ?1 AND person = ?2",
  "DELETE FROM render WHERE recording IN (SELECT id FROM recording WHERE meeting = ?1 AND status IN ('processing', "
  "'ready', 'failed'))",
  /* their tracks, and all that is made of tracks; what is left of these is listed again */
  "DELETE FROM recording_file WHERE (person = ?2 OR name NOT LIKE 'tracks/%') AND recording IN (SELECT id FROM "
  "recording WHERE "
  "meeting = ?1 AND status IN ('processing', 'ready', 'failed'))",
  "UPDATE recording SET status = 'processing', error = '' WHERE meeting = ?1 AND status IN ('ready', 'failed')",
  "UPDATE summary SET actor = 'erased' WHERE actor = ?2",
  "DELETE FROM delivery WHERE instr (body, ?2)",
  "DELETE FROM pseudonym WHERE id = ?2",
};

/* `?1` the account */
static const char *const OF_ACCOUNT[] = {
  "UPDATE room SET owner = NULL WHERE owner = ?1",
  "UPDATE event SET owner = NULL WHERE owner = ?1",
  "UPDATE summary SET actor = 'erased' WHERE actor = ?1",
  "DELETE FROM idempotency WHERE actor = ?1",
  "DELETE FROM delivery WHERE instr (body, ?1)",
  "DELETE FROM pseudonym WHERE id IN (SELECT id FROM sign_in WHERE user = ?1 UNION SELECT ?1)",
  "DELETE FROM user WHERE id = ?1",
};

/* One statement knows fewer parameters than another: what it has is bound. */
static gboolean
run (sqlite3 *db, const char *sql, const char *const *values, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, sql, "");

  if (statement == NULL)
    return FALSE;
  for (int i = 1; i <= sqlite3_bind_parameter_count (statement); i++)
    sqlite3_bind_text (statement, i, values[i - 1], -1, SQLITE_STATIC);
  if (sqlite3_step (statement) == SQLITE_DONE)
    return TRUE;
  cv_store_set_error (error, db, sql);
  return FALSE;
}

gboolean
cv_erasure_run (sqlite3 *db, const CvErasure *self, GError **error)
{
  const char *account[] = { self->id };

  for (guint i = 0; i < self->seats->len; i++) {
    const CvErasureSeat *seat = self->seats->pdata[i];
    const char *values[] = { seat->meeting, cv_scrub_get_id (seat->scrub), cv_scrub_get_new_id (seat->scrub),
                             CV_SCRUB_NAME };

    if (!cv_erasure_content_run (db, seat, error))
      return FALSE;
    for (guint k = 0; k < G_N_ELEMENTS (OF_SEATS); k++)
      if (!run (db, OF_SEATS[k], values, error))
        return FALSE;
  }
  for (guint k = 0; k < G_N_ELEMENTS (OF_ACCOUNT); k++)
    if (!run (db, OF_ACCOUNT[k], account, error))
      return FALSE;
  return TRUE;
}

/* ---- databases ---- */

sqlite3 *
cv_erasure_open (const char *path, GError **error)
{
  g_autoptr (CvStore) store = cv_store_open (path, error);
  g_autoptr (sqlite3) db = NULL;

  if (store == NULL)
    return NULL;
  cv_store_close (store);
  if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
    g_set_error (error, CV_STORE_ERROR, CV_STORE_ERROR_OPEN, "%s: %s", path, sqlite3_errmsg (db));
    return NULL;
  }
  if (!cv_store_exec (db, error, "PRAGMA synchronous = FULL", "") ||
      !cv_store_exec (db, error, "PRAGMA foreign_keys = ON", ""))
    return NULL;
  return g_steal_pointer (&db);
}

gboolean
cv_erasure_close (sqlite3 *db, gboolean alone, GError **error)
{
  g_autoptr (sqlite3) own = db;

  /* answers a row each */
  if (!cv_store_exec (own, error, "VACUUM", "") ||
      sqlite3_exec (own, "PRAGMA wal_checkpoint (TRUNCATE)", NULL, NULL, NULL) != SQLITE_OK ||
      (alone && sqlite3_exec (own, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) != SQLITE_OK)) {
    if (error != NULL && *error == NULL)
      cv_store_set_error (error, own, "writing the database anew");
    return FALSE;
  }
  return TRUE;
}
