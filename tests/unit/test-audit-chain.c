/* The chain of the audit: what was changed, taken out, moved or cut off is named; what was pruned is not missed; a restored
 * database goes on with what the one that it replaces has. */
#include "store/audit-chain.h"

#include "lib/folder.h"
#include "lib/wait.h"
#include "store/audit.h"

#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3, sqlite3_close)

typedef struct {
  char *folder;
  char *path;
  sqlite3 *db;
} Fixture;

/* A database of a server, without one. Returns: (transfer full). */
static sqlite3 *
open_database (const char *path)
{
  sqlite3 *db = NULL;
  g_autoptr (CvStore) store = cv_store_open (path, NULL);
  cv_store_close (store);
  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  return db;
}

static void
add (sqlite3 *db, gint64 at)
{
  const CvAuditRow row = { at, (char *) "uabcdefghijkm", (char *) "key.create", (char *) "kabcdefghijkm",
                           (char *) "host" };
  g_autoptr (GError) error = NULL;
  cv_audit_add (db, &row, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = cv_test_folder_new ();
  f->path = g_build_filename (f->folder, "conclave.db", NULL);
  f->db = open_database (f->path);
  for (gint64 at = 1; at <= 5; at++)
    add (f->db, at * 1000);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  sqlite3_close (f->db);
  g_free (f->path);
  cv_test_folder_free (f->folder);
}

static void
run (sqlite3 *db, const char *sql)
{
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
}

/* `problem` NULL: none, and there are `n` entries. */
static void
assert_verified (sqlite3 *db, const char *wanted, const char *problem, gint64 n)
{
  g_autoptr (GError) error = NULL;
  gint64 count = -1;
  gboolean whole = cv_audit_chain_verify (db, wanted, &count, &error);
  if (problem == NULL) {
    g_assert_no_error (error);
    g_assert_true (whole);
    g_assert_cmpint (count, ==, n);
    return;
  }
  g_assert_false (whole);
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_CORRUPT);
  g_assert_true (g_str_has_prefix (error->message, problem));
}

static void
assert_found (Fixture *f, const char *tampering, const char *problem)
{
  run (f->db, "BEGIN");
  run (f->db, tampering);
  assert_verified (f->db, NULL, problem, 0);
  run (f->db, "ROLLBACK");
}

static void
test_tampering (Fixture *f, gconstpointer data)
{
  assert_verified (f->db, NULL, NULL, 5);
  assert_found (f, "UPDATE audit SET at = 3001 WHERE n = 3", "entry 3 was changed");
  assert_found (f, "UPDATE audit SET actor = 'xffffffffffffffff' WHERE n = 1", "entry 1 was changed");
  assert_found (f, "UPDATE audit SET action = 'key.revoke' WHERE n = 5", "entry 5 was changed");
  assert_found (f, "UPDATE audit SET object = '' WHERE n = 2", "entry 2 was changed");
  assert_found (f, "UPDATE audit SET detail = 'administrator' WHERE n = 4", "entry 4 was changed");
  assert_found (f, "UPDATE audit SET detail = 'hos', object = object || 't' WHERE n = 4", "entry 4 was changed");
  assert_found (f, "UPDATE audit SET previous = hash WHERE n = 4", "entry 4 was changed");
  assert_found (f, "UPDATE audit SET hash = previous WHERE n = 4", "entry 4 was changed");
  assert_found (f, "DELETE FROM audit WHERE n = 3", "entry 3 is missing");
  assert_found (f, "DELETE FROM audit WHERE n = 3; UPDATE audit SET n = n - 1 WHERE n > 3", "entry 3 was changed");
  assert_found (
    f, "UPDATE audit SET n = 9 WHERE n = 2; UPDATE audit SET n = 2 WHERE n = 3; UPDATE audit SET n = 3 WHERE n = 9",
    "entry 2 was changed");
  assert_found (f, "DELETE FROM audit WHERE n = 1", "entry 1 is missing, and no pruning took it away");
  assert_found (f, "DELETE FROM audit WHERE n > 3", "entry 5 was the last one, and is missing");
  assert_found (f, "DELETE FROM audit", "entry 5 was the last one, and is missing");
  assert_found (f, "UPDATE audit_head SET hash = previous FROM audit WHERE audit.n = 5", "entry 5 is not the one");
  assert_found (f, "DELETE FROM audit_head", "entry 5 is not the one");
}

/* With hashes that fit: made by somebody who knows how. */
static void
forge (sqlite3 *db, const char *keep)
{
  g_autofree char *prepare =
    g_strdup_printf ("DELETE FROM audit WHERE NOT (%s); DELETE FROM audit_head; "
                     "INSERT INTO audit_head SELECT 1, n, hash FROM audit ORDER BY n DESC LIMIT 1",
                     keep);
  run (db, prepare);
}

/* What is cut off with all that tells of it is missed by who keeps the head elsewhere. */
static void
test_head (Fixture *f, gconstpointer data)
{
  CvAuditMark head, later;
  g_assert_true (cv_audit_chain_get_head (f->db, &head, NULL));
  g_assert_cmpint (head.n, ==, 5);
  add (f->db, 6000);
  assert_verified (f->db, head.hash, NULL, 6);
  g_assert_true (cv_audit_chain_get_head (f->db, &later, NULL));
  forge (f->db, "n <= 4");
  assert_verified (f->db, NULL, NULL, 4);
  assert_verified (f->db, head.hash, "no entry has the hash", 0);
  for (gint64 at = 5; at <= 6; at++)
    add (f->db, at);
  assert_verified (f->db, NULL, NULL, 6);
  assert_verified (f->db, later.hash, "no entry has the hash", 0);
  forge (f->db, "n < 0");
  assert_verified (f->db, NULL, NULL, 0);
  assert_verified (f->db, head.hash, "no entry has the hash", 0);
}

/* Another entry, chained as it should be, in the place of an old one: the next one does not follow it. */
static void
test_replaced (Fixture *f, gconstpointer data)
{
  run (f->db, "CREATE TEMP TABLE tail AS SELECT * FROM audit WHERE n > 3");
  forge (f->db, "n < 3");
  add (f->db, 9000);
  run (
    f->db,
    "INSERT INTO audit SELECT * FROM tail; UPDATE audit_head SET n = 5, hash = (SELECT hash FROM audit WHERE n = 5)");
  assert_verified (f->db, NULL, "entry 4 does not follow the one before it", 0);
}

/* Another beginning, as if there had been something before. */
static void
test_beginning (Fixture *f, gconstpointer data)
{
  run (f->db, "UPDATE audit_head SET n = 0; DELETE FROM audit");
  add (f->db, 1000);
  assert_verified (f->db, NULL, "entry 1 does not begin the chain", 0);
}

static void
test_prune (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  add (f->db, 2500); /* the clock was put back: it stays behind those of before */
  g_assert_true (cv_audit_chain_prune (f->db, 1000, 9000, NULL));
  assert_verified (f->db, NULL, NULL, 6);
  g_assert_true (cv_audit_chain_prune (f->db, 3000, 9000, NULL));
  assert_verified (f->db, NULL, NULL, 5); /* 3 … 6, and what says so */
  add (f->db, 9001);
  g_assert_true (cv_audit_chain_prune (f->db, 4000, 9002, NULL));
  assert_verified (f->db, NULL, NULL, 6);
  assert_found (f, "DELETE FROM audit WHERE n = 4", "entry 4 is missing, and no pruning");
  assert_found (
    f,
    "UPDATE audit SET detail = '4 ' || (SELECT hash FROM audit WHERE n = 4) WHERE n = 9; DELETE FROM audit WHERE n = 4",
    "entry 9 was changed");
  /* all of it is old: what is left says what was there */
  g_assert_true (cv_audit_chain_prune (f->db, 20000, 20000, NULL));
  assert_verified (f->db, NULL, NULL, 2);
  g_autoptr (GPtrArray) entries = cv_audit_chain_read (f->db, 20000, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, 1);
  g_assert_cmpstr (((CvAuditEntry *) entries->pdata[0])->action, ==, CV_AUDIT_PRUNE);
  g_assert_cmpstr (((CvAuditEntry *) entries->pdata[0])->actor, ==, "retention");
}

static gint64
count (sqlite3 *db, const char *sql)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, NULL, sql, "");
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  return sqlite3_column_int64 (statement, 0);
}

/* Nobody is known any longer of whom no entry is left. */
static void
test_forgotten (Fixture *f, gconstpointer data)
{
  const CvAuditRow row = { 9000, (char *) "unnnnnnnnnnnn", (char *) "key.revoke", (char *) "kabcdefghijkm",
                           (char *) "" };
  g_assert_true (cv_audit_add (f->db, &row, NULL));
  g_assert_cmpint (count (f->db, "SELECT count (*) FROM pseudonym"), ==, 3);
  g_assert_true (cv_audit_chain_prune (f->db, 9000, 9000, NULL));
  g_assert_cmpint (count (f->db, "SELECT count (*) FROM pseudonym"), ==, 2);
  g_assert_cmpint (count (f->db, "SELECT count (*) FROM pseudonym WHERE id = 'uabcdefghijkm'"), ==, 0);
}

static void
test_read (Fixture *f, gconstpointer data)
{
  const CvAuditRow row = { 6000, (char *) "unnnnnnnnnnnn", (char *) "key.revoke", (char *) "knnnnnnnnnnnn",
                           (char *) "" };
  g_assert_true (cv_audit_add (f->db, &row, NULL));
  g_autoptr (sqlite3) other = cv_audit_chain_open (f->path, NULL);
  g_autoptr (GPtrArray) late = cv_audit_chain_read (other, 4000, NULL, NULL);
  g_autoptr (GPtrArray) actor = cv_audit_chain_read (other, 0, "unnnnnnnnnnnn", NULL);
  g_autoptr (GPtrArray) object = cv_audit_chain_read (other, 5000, "kabcdefghijkm", NULL);
  g_autoptr (GPtrArray) nobody = cv_audit_chain_read (other, 0, "uzzzzzzzzzzzz", NULL);
  g_assert_cmpuint (late->len, ==, 3);
  g_assert_cmpint (((CvAuditEntry *) late->pdata[0])->n, ==, 4);
  g_assert_cmpuint (actor->len, ==, 1);
  g_assert_cmpint (((CvAuditEntry *) actor->pdata[0])->n, ==, 6);
  g_assert_cmpuint (object->len, ==, 1);
  g_assert_cmpuint (nobody->len, ==, 0);
  /* one moment: what comes later is not seen by half */
  add (f->db, 7000);
  assert_verified (other, NULL, NULL, 6);
  g_autoptr (GError) error = NULL;
  g_assert_null (cv_audit_chain_open ("/nonexistent/conclave.db", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_OPEN);
}

static void
take_over (Fixture *f, sqlite3 *old, gboolean taken, gint64 n)
{
  g_autoptr (GError) error = NULL;
  run (f->db, "BEGIN");
  g_assert_cmpint (cv_audit_chain_take_over (f->db, old, &error), ==, taken);
  g_assert_cmpint (error == NULL, ==, taken);
  run (f->db, taken ? "COMMIT" : "ROLLBACK");
  assert_verified (f->db, NULL, NULL, n);
}

static void
test_take_over (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->folder, "old.db", NULL);
  g_autofree char *copy = g_strdup_printf ("VACUUM INTO '%s'", path);
  run (f->db, copy);
  g_autoptr (sqlite3) old = open_database (path);
  for (gint64 at = 6; at <= 8; at++)
    add (old, at * 1000);
  run (old, "UPDATE audit SET at = 1 WHERE n = 7");
  take_over (f, old, FALSE, 5);
  run (old, "UPDATE audit SET at = 7000 WHERE n = 7; INSERT INTO pseudonym VALUES ('unnnnnnnnnnnn', 'x1')");
  take_over (f, old, TRUE, 8);
  g_assert_cmpint (count (f->db, "SELECT count (*) FROM pseudonym"), ==, 3);
  add (f->db, 9000);
  take_over (f, old, TRUE, 9); /* which is behind: nothing */
  g_autofree char *third = g_build_filename (f->folder, "third.db", NULL);
  g_autoptr (sqlite3) stranger = open_database (third);
  add (stranger, 1);
  take_over (f, stranger, TRUE, 9); /* another server's: nothing */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/audit-chain/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("tampering", test_tampering);
  ADD ("head", test_head);
  ADD ("replaced", test_replaced);
  ADD ("beginning", test_beginning);
  ADD ("prune", test_prune);
  ADD ("forgotten", test_forgotten);
  ADD ("read", test_read);
  ADD ("take-over", test_take_over);
  return g_test_run ();
}
