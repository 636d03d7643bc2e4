/* The audit as a chain: see audit-chain.h.
 *
 * Owns nothing. All of it runs where the connection is.
 */
#include "store/audit-chain.h"

#include "base/ids.h"

#include <string.h>

#define COLUMNS "n, at, actor, action, object, detail, previous, hash"
/* what the first entry follows */
#define NOTHING "0000000000000000000000000000000000000000000000000000000000000000"

/* how long somebody else may hold the database */
#define BUSY_MS 5000

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3, sqlite3_close)
G_STATIC_ASSERT (sizeof NOTHING == CV_AUDIT_HASH_DIGITS + 1);

void
cv_audit_entry_free (CvAuditEntry *self)
{
  g_free (self->actor);
  g_free (self->action);
  g_free (self->object);
  g_free (self->detail);
  g_free (self);
}

/* No member has a line's end in it: words and pseudonyms. */
static void
hash_entry (const CvAuditEntry *self, char hash[CV_AUDIT_HASH_DIGITS + 1])
{
  g_autofree char *text =
    g_strdup_printf ("conclave-audit-1\n%s\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT "\n%s\n%s\n%s\n%s\n",
                     self->previous, self->n, self->at, self->actor, self->action, self->object, self->detail);
  g_autofree char *digits = NULL;
  guint8 bytes[CV_HASH_BYTES];

  cv_hash ((const guint8 *) text, strlen (text), bytes);
  digits = cv_hex_encode (bytes, sizeof bytes);
  g_strlcpy (hash, digits, CV_AUDIT_HASH_DIGITS + 1);
}

static void
read_hash (sqlite3_stmt *statement, int column, char hash[CV_AUDIT_HASH_DIGITS + 1])
{
  const char *text = (const char *) sqlite3_column_text (statement, column);

  g_strlcpy (hash, text != NULL ? text : "", CV_AUDIT_HASH_DIGITS + 1);
}

static gpointer
read_entry (sqlite3_stmt *statement)
{
  CvAuditEntry *entry = g_new0 (CvAuditEntry, 1);

  entry->n = sqlite3_column_int64 (statement, 0);
  entry->at = sqlite3_column_int64 (statement, 1);
  entry->actor = cv_store_read_text (statement, 2);
  entry->action = cv_store_read_text (statement, 3);
  entry->object = cv_store_read_text (statement, 4);
  entry->detail = cv_store_read_text (statement, 5);
  read_hash (statement, 6, entry->previous);
  read_hash (statement, 7, entry->hash);
  return entry;
}

static gpointer
read_mark (sqlite3_stmt *statement)
{
  CvAuditMark *mark = g_new0 (CvAuditMark, 1);

  mark->n = sqlite3_column_int64 (statement, 0);
  read_hash (statement, 1, mark->hash);
  return mark;
}

/* What `statement` (transfer full; NULL with an error) finds, or no entry. */
static gboolean
take_mark (sqlite3_stmt *statement, CvAuditMark *mark, GError **error)
{
  g_autoptr (sqlite3_stmt) own = statement;
  g_autoptr (GError) cause = NULL;
  g_autofree CvAuditMark *found = NULL;

  *mark = (CvAuditMark){ .n = 0, .hash = NOTHING };
  if (own == NULL)
    return FALSE;
  found = cv_store_read_one (own, read_mark, &cause);
  if (found != NULL)
    *mark = *found;
  else if (!g_error_matches (cause, CV_STORE_ERROR, CV_STORE_ERROR_MISSING))
    g_propagate_error (error, g_steal_pointer (&cause));
  return found != NULL || cause != NULL;
}

gboolean
cv_audit_chain_get_head (sqlite3 *db, CvAuditMark *head, GError **error)
{
  return take_mark (cv_store_prepare (db, error, "SELECT n, hash FROM audit_head", ""), head, error);
}

gboolean
cv_audit_chain_append (sqlite3 *db, gint64 at, const char *actor, const char *action, const char *object,
                       const char *detail, GError **error)
{
  CvAuditEntry entry = {
    .at = at, .actor = (char *) actor, .action = (char *) action, .object = (char *) object, .detail = (char *) detail
  };
  CvAuditMark last;

  if (!cv_audit_chain_get_head (db, &last, error))
    return FALSE;
  entry.n = last.n + 1;
  g_strlcpy (entry.previous, last.hash, sizeof entry.previous);
  hash_entry (&entry, entry.hash);
  return cv_store_exec (db, error, "INSERT INTO audit (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)", "iissssss",
                        entry.n, at, actor, action, object, detail, entry.previous, entry.hash) &&
         cv_store_exec (db, error, "INSERT OR REPLACE INTO audit_head (one, n, hash) VALUES (1, ?, ?)", "is", entry.n,
                        entry.hash);
}

sqlite3 *
cv_audit_chain_open (const char *path, GError **error)
{
  g_autofree char *whole = g_canonicalize_filename (path, NULL);
  g_autofree char *wal = g_strconcat (whole, "-wal", NULL);
  g_autofree char *uri = g_filename_to_uri (whole, NULL, error);
  g_autofree char *name = NULL;
  g_autoptr (sqlite3) db = NULL;

  if (uri == NULL)
    return NULL;
  /* whoever reads what has a WAL makes one */
  name = g_strconcat (uri, "?mode=ro", g_file_test (wal, G_FILE_TEST_EXISTS) ? "" : "&immutable=1", NULL);
  if (sqlite3_open_v2 (name, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, NULL) != SQLITE_OK) {
    g_set_error (error, CV_STORE_ERROR, CV_STORE_ERROR_OPEN, "%s: %s", path, sqlite3_errmsg (db));
    return NULL;
  }
  sqlite3_busy_timeout (db, BUSY_MS);
  /* all that is read is of one moment */
  if (!cv_store_exec (db, error, "BEGIN", ""))
    return NULL;
  return g_steal_pointer (&db);
}

GPtrArray *
cv_audit_chain_read (sqlite3 *db, gint64 since, const char *of, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error,
                      "SELECT " COLUMNS " FROM audit WHERE at >= ?1 AND (?2 IS NULL OR "
                      "(SELECT name FROM pseudonym WHERE id = ?2) IN (actor, object)) ORDER BY n",
                      "is", since, of);

  return cv_store_read_all (statement, read_entry, (GDestroyNotify) cv_audit_entry_free, error);
}

/* ---- looking at it ---- */

typedef struct {
  gint64 count;
  CvAuditMark first; /* what the first entry follows */
  CvAuditMark last;
  gboolean anchored; /* an entry says that what the first one follows was pruned */
  gboolean found;    /* the hash that is wanted */
} Look;

/* Returns: (transfer full): what stands in the entry of a pruning. */
static char *
describe (const CvAuditMark *mark)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT " %s", mark->n, mark->hash);
}

static gboolean
fail (GError **error, gint64 n, const char *what)
{
  g_set_error (error, CV_STORE_ERROR, CV_STORE_ERROR_CORRUPT, "entry %" G_GINT64_FORMAT " %s", n, what);
  return FALSE;
}

static gboolean
look_at (Look *self, const CvAuditEntry *entry, const char *wanted, GError **error)
{
  g_autofree char *start = NULL;
  char hash[CV_AUDIT_HASH_DIGITS + 1];

  if (self->count == 0) {
    self->first.n = entry->n - 1;
    g_strlcpy (self->first.hash, entry->previous, sizeof self->first.hash);
    self->last = self->first;
  }
  hash_entry (entry, hash);
  if (!g_str_equal (hash, entry->hash))
    return fail (error, entry->n, "was changed");
  if (entry->n != self->last.n + 1)
    return fail (error, self->last.n + 1, "is missing");
  if (!g_str_equal (entry->previous, self->last.hash))
    return fail (error, entry->n, "does not follow the one before it: one of them is not what it was");
  start = describe (&self->first);
  self->anchored |= g_str_equal (entry->action, CV_AUDIT_PRUNE) && g_str_equal (entry->detail, start);
  self->found |= wanted != NULL && g_str_equal (entry->hash, wanted);
  self->last.n = entry->n;
  g_strlcpy (self->last.hash, entry->hash, sizeof self->last.hash);
  self->count++;
  return TRUE;
}

static gboolean
look_at_all (sqlite3 *db, Look *look, const char *wanted, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, "SELECT " COLUMNS " FROM audit ORDER BY n", "");
  int code = SQLITE_ERROR;

  while (statement != NULL && (code = sqlite3_step (statement)) == SQLITE_ROW) {
    g_autoptr (CvAuditEntry) entry = read_entry (statement);

    if (!look_at (look, entry, wanted, error))
      return FALSE;
  }
  if (statement != NULL && code != SQLITE_DONE)
    cv_store_set_error (error, db, "reading the audit");
  return code == SQLITE_DONE;
}

gboolean
cv_audit_chain_verify (sqlite3 *db, const char *wanted, gint64 *count, GError **error)
{
  Look look = { .first = { .hash = NOTHING }, .last = { .hash = NOTHING } };
  CvAuditMark head;

  if (!cv_audit_chain_get_head (db, &head, error) || !look_at_all (db, &look, wanted, error))
    return FALSE;
  if (look.first.n > 0 && !look.anchored)
    return fail (error, look.first.n, "is missing, and no pruning took it away");
  if (look.first.n == 0 && !g_str_equal (look.first.hash, NOTHING))
    return fail (error, 1, "does not begin the chain");
  if (head.n > look.last.n)
    return fail (error, head.n, "was the last one, and is missing");
  if (head.n < look.last.n || !g_str_equal (head.hash, look.last.hash))
    return fail (error, look.last.n, "is not the one that was written last");
  if (wanted != NULL && !look.found) {
    g_set_error (error, CV_STORE_ERROR, CV_STORE_ERROR_CORRUPT,
                 "no entry has the hash %s: it was changed or removed, or its time was over", wanted);
    return FALSE;
  }
  *count = look.count;
  return TRUE;
}

/* ---- changing what is there ---- */

gboolean
cv_audit_chain_prune (sqlite3 *db, gint64 before, gint64 now, GError **error)
{
  CvAuditMark last;
  g_autofree char *detail = NULL;
  sqlite3_stmt *statement =
    cv_store_prepare (db, error,
                      "SELECT n, hash FROM audit WHERE n < ifnull ((SELECT min (n) FROM audit WHERE at >= ?), "
                      "(SELECT max (n) FROM audit)) ORDER BY n DESC LIMIT 1",
                      "i", before);

  if (!take_mark (statement, &last, error))
    return FALSE;
  if (last.n == 0)
    return TRUE;
  detail = describe (&last);
  return cv_audit_chain_append (db, now, "retention", CV_AUDIT_PRUNE, "", detail, error) &&
         cv_store_exec (db, error, "DELETE FROM audit WHERE n <= ?", "i", last.n) &&
         cv_store_exec (db, error,
                        "DELETE FROM pseudonym WHERE name NOT IN (SELECT actor FROM audit UNION SELECT object FROM "
                        "audit)",
                        "");
}

/* Has `other` the last entry of this chain? */
static gboolean
goes_on (sqlite3 *other, const CvAuditMark *head, GError **error)
{
  CvAuditMark same;
  gint64 count;

  if (!cv_audit_chain_verify (other, NULL, &count, error))
    return FALSE;
  return head->n == 0 ||
         (take_mark (cv_store_prepare (other, error, "SELECT n, hash FROM audit WHERE n = ?", "i", head->n), &same,
                     error) &&
          g_str_equal (same.hash, head->hash));
}

/* One row for each that `statement` (transfer full; NULL with an error) finds. */
static gboolean
copy_rows (sqlite3 *db, sqlite3_stmt *statement, const char *sql, GError **error)
{
  g_autoptr (sqlite3_stmt) from = statement;
  g_autoptr (sqlite3_stmt) to = from != NULL ? cv_store_prepare (db, error, sql, "") : NULL;
  int code = SQLITE_ERROR;

  while (to != NULL && (code = sqlite3_step (from)) == SQLITE_ROW) {
    for (int i = 0; i < sqlite3_column_count (from); i++)
      sqlite3_bind_value (to, i + 1, sqlite3_column_value (from, i));
    if (sqlite3_step (to) != SQLITE_DONE) {
      cv_store_set_error (error, db, "taking the audit over");
      return FALSE;
    }
    sqlite3_reset (to);
  }
  if (to != NULL && code != SQLITE_DONE)
    cv_store_set_error (error, sqlite3_db_handle (from), "reading the audit");
  return code == SQLITE_DONE;
}

gboolean
cv_audit_chain_take_over (sqlite3 *db, sqlite3 *other, GError **error)
{
  CvAuditMark head;

  if (!cv_audit_chain_get_head (db, &head, error) || !goes_on (other, &head, error))
    return error == NULL || *error == NULL;
  return copy_rows (db, cv_store_prepare (other, error, "SELECT id, name FROM pseudonym", ""),
                    "INSERT OR IGNORE INTO pseudonym (id, name) VALUES (?, ?)", error) &&
         copy_rows (db, cv_store_prepare (other, error, "SELECT " COLUMNS " FROM audit WHERE n > ?", "i", head.n),
                    "INSERT INTO audit (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)", error) &&
         copy_rows (db, cv_store_prepare (other, error, "SELECT one, n, hash FROM audit_head", ""),
                    "INSERT OR REPLACE INTO audit_head (one, n, hash) VALUES (?, ?, ?)", error);
}
