/* A damaged database: whatever is wrong with it, the newest good backup takes its place and nothing of it goes; one that is not
 * damaged is left alone. */
#include "store/recovery.h"

#include "lib/folder.h"
#include "lib/recordings.h"
#include "store/backup.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define NOW G_GINT64_CONSTANT (1700000000000)
#define HOUR G_GINT64_CONSTANT (3600000)
#define ASIDE "conclave.db.corrupt-20231114T221320Z"
#define NEWEST "conclave-20231114T211320Z.db"
#define OLDER "conclave-20231114T201320Z.db"
#define PAGE 4096

typedef struct {
  char *folder;
  char *database;
  char *backups;
  char *good; /* the database's bytes */
  gsize n;
} Fixture;

/* what was warned of since it was last looked at */
static GString *warnings;

static GLogWriterOutput
on_log (GLogLevelFlags level, const GLogField *fields, gsize n, gpointer user_data)
{
  if (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL))
    return g_log_writer_standard_streams (level, fields, n, NULL);
  for (gsize i = 0; level & G_LOG_LEVEL_WARNING && i < n; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      g_string_append_printf (warnings, "%s\n", (const char *) fields[i].value);
  return G_LOG_WRITER_HANDLED;
}

/* Each line that was warned of, and no more than these. */
static void
assert_warnings (const char *pattern)
{
  if (!g_pattern_match_simple (pattern, warnings->str))
    g_error ("warned: %s", warnings->str);
  g_string_set_size (warnings, 0);
}

static CvStore *
open_again (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  CvStore *store = cv_recovery_open (f->database, f->backups, NOW, &error);

  g_assert_no_error (error);
  return store;
}

static void
assert_refused (Fixture *f, CvStoreError code, const char *pattern)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cv_recovery_open (f->database, f->backups, NOW, &error));
  g_assert_error (error, CV_STORE_ERROR, (int) code);
  if (!g_pattern_match_simple (pattern, error->message))
    g_error ("refused: %s", error->message);
}

static void
drop (CvStore *store)
{
  cv_store_close (store);
  g_object_unref (store);
}

static void
add_row (CvStore *store, const char *value)
{
  g_autofree char *sql = g_strdup_printf ("INSERT INTO t VALUES ('%s')", value);

  cv_test_recordings_run (store, sql);
}

static void
back_up (Fixture *f, gint64 at)
{
  g_autofree char *name = cv_backup_name (at);
  g_autofree char *path = g_build_filename (f->backups, name, NULL);
  g_autoptr (GError) error = NULL;

  cv_backup_make (f->database, path, NULL, &error);
  g_assert_no_error (error);
}

/* Rows 1 and 2 are in the backup of two hours ago, 3 in that of one hour ago as well, 4 in the database alone. */
static void
set_up (Fixture *f, gconstpointer data)
{
  CvStore *store;

  f->folder = cv_test_folder_new ();
  f->database = g_build_filename (f->folder, "conclave.db", NULL);
  f->backups = g_build_filename (f->folder, "backups", NULL);
  g_mkdir (f->backups, 0700);
  store = open_again (f);
  cv_test_recordings_run (store, "CREATE TABLE t (a UNIQUE)");
  add_row (store, "1");
  add_row (store, "2");
  back_up (f, NOW - 2 * HOUR);
  add_row (store, "3");
  back_up (f, NOW - HOUR);
  add_row (store, "4");
  drop (store);
  g_assert_true (g_file_get_contents (f->database, &f->good, &f->n, NULL));
  assert_warnings ("");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  assert_warnings ("");
  cv_test_folder_free (f->folder);
  g_free (f->database);
  g_free (f->backups);
  g_free (f->good);
}

static gboolean
is_there (Fixture *f, const char *name)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
remove_file (Fixture *f, const char *name)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);

  g_unlink (path);
}

static void
write_file (Fixture *f, const char *name, const char *bytes, gsize n)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);
  int fd = g_open (path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

  g_assert_cmpint (write (fd, bytes, n), ==, n);
  g_close (fd, NULL);
}

/* `n` bytes in place of the database, and nothing beside it. */
static void
write_database (Fixture *f, const char *bytes, gsize n)
{
  remove_file (f, "conclave.db-wal");
  remove_file (f, "conclave.db-shm");
  write_file (f, "conclave.db", bytes, n);
}

static void
assert_same (Fixture *f, const char *name, const char *bytes, gsize n)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);
  g_autofree char *found = NULL;
  gsize found_n = 0;

  g_assert_true (g_file_get_contents (path, &found, &found_n, NULL));
  g_assert_cmpmem (found, found_n, bytes, n);
}

static void
assert_rows (CvStore *store, const char *sql, const char *expected)
{
  g_autofree char *rows = cv_test_recordings_dump (store, sql);

  g_assert_cmpstr (rows, ==, expected);
}
#define VALUES "SELECT a FROM t ORDER BY a"

static void
test_good (Fixture *f, gconstpointer data)
{
  CvStore *store = open_again (f);

  assert_rows (store, VALUES, "1;2;3;4;");
  assert_rows (store, "SELECT count (*) FROM audit", "0;");
  drop (store);
  g_assert_false (is_there (f, ASIDE) || is_there (f, "conclave.db.restored"));
}

static void
test_restored (Fixture *f, gconstpointer data)
{
  g_autofree char *bytes = g_memdup2 (f->good, f->n);
  CvStore *store;

  memset (bytes + 2 * PAGE, 0x5a, PAGE);
  write_database (f, bytes, f->n);
  store = open_again (f);
  assert_warnings ("*conclave.db: *damaged*. The backup " NEWEST
                   " takes its place: what came later is lost. What is left of it is "
                   "kept as " ASIDE "\n");
  assert_rows (store, VALUES, "1;2;3;");
  assert_rows (store, "SELECT at, actor, action, object, detail FROM audit",
               "1700000000000 server database.restore  corrupt;");
  g_assert_cmpuint (cv_test_folder_mode (f->folder, "conclave.db"), ==, 0600);
  assert_same (f, ASIDE, bytes, f->n);
  g_assert_false (is_there (f, "conclave.db.restored") || is_there (f, "conclave.db.restored-wal"));
  add_row (store, "5");
  drop (store);
  store = open_again (f);
  assert_rows (store, VALUES, "1;2;3;5;");
  drop (store);

  /* within the same second once more: the first one stays as well */
  write_database (f, "short", 5);
  drop (open_again (f));
  assert_warnings ("*" ASIDE "-2\n");
  assert_same (f, ASIDE, bytes, f->n);
  assert_same (f, ASIDE "-2", "short", 5);
}

/* What -wal had is kept beside what it belongs to, and never comes into the restored one. */
static void
test_wal (Fixture *f, gconstpointer data)
{
  g_autofree char *wal = g_strconcat (f->database, "-wal", NULL);
  g_autofree char *bytes = NULL;
  gsize n = 0;
  CvStore *store = open_again (f);

  add_row (store, "only in the log");
  g_assert_true (g_file_get_contents (wal, &bytes, &n, NULL));
  g_assert_cmpuint (n, >, 0);
  drop (store);
  write_database (f, f->good, 3 * PAGE);
  write_file (f, "conclave.db-wal", bytes, n);
  store = open_again (f);
  assert_warnings ("*takes its place*\n");
  assert_rows (store, VALUES, "1;2;3;");
  drop (store);
  g_assert_true (is_there (f, ASIDE "-wal") && !is_there (f, "conclave.db-wal"));
}

/* It opens, and has what it had or what the backup has; what there was is kept to the last bit. Returns: TRUE where it was restored. */
static gboolean
try (Fixture *f, const char *bytes, gsize n)
{
  gboolean restored;
  CvStore *store;

  write_database (f, bytes, n);
  store = open_again (f);
  restored = is_there (f, ASIDE);
  assert_warnings (restored ? "*takes its place*\n" : "");
  assert_rows (store, VALUES, restored ? "1;2;3;" : "1;2;3;4;");
  drop (store);
  if (restored)
    assert_same (f, ASIDE, bytes, n);
  remove_file (f, ASIDE);
  return restored;
}

/* Where only empty space is missing at its end, it is whole. */
static void
test_truncated (Fixture *f, gconstpointer data)
{
  guint tried = 0, restored = 0;

  for (gsize n = 0; n < f->n; n += n < 150 ? 50 : 9 * PAGE + 17, tried++)
    restored += try (f, f->good, n);
  g_assert_cmpuint (restored, >=, tried - 1);
  g_assert_false (try (f, f->good, f->n));
}

/* What is in the header, and the heads of some pages. A version that is too new may also be that of a newer build: that is refused,
 * and nothing is touched. */
static void
test_flipped (Fixture *f, gconstpointer data)
{
  /* the name, page size, both versions, fractions, length, free pages, schema's version and format, encoding, vacuum */
  static const gsize HEADER[] = {
    0, 15, 16, 18, 19, 20, 21, 22, 23, 28, 31, 35, 39, 40, 43, 44, 47, 56, 59, 64, 67, 71
  };
  guint tried = 0, restored = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (HEADER); i++, tried++) {
    g_autofree char *bytes = g_memdup2 (f->good, f->n);

    bytes[HEADER[i]] ^= (char) 0xff;
    restored += try (f, bytes, f->n);
  }
  g_assert_cmpuint (restored, >, tried / 2);
  for (gsize at = PAGE; at < f->n; at += 8 * PAGE) {
    g_autofree char *bytes = g_memdup2 (f->good, f->n);

    bytes[at] ^= (char) 0xff;
    g_assert_true (try (f, bytes, f->n));
  }
  f->good[60] ^= (char) 0xff;
  write_database (f, f->good, f->n);
  assert_refused (f, CV_STORE_ERROR_VERSION, "*version*");
  assert_same (f, "conclave.db", f->good, f->n);
}

/* A version from before: the migrations do not fit what is there. */
static void
test_flipped_version (Fixture *f, gconstpointer data)
{
  f->good[63] = 1;
  g_assert_true (try (f, f->good, f->n));
}

/* The newest one that is good. */
static void
test_bad_backup (Fixture *f, gconstpointer data)
{
  CvStore *store;

  write_database (f, "short", 5);
  write_file (f, "backups/" NEWEST, "shorter", 7);
  write_file (f, "backups/conclave-20991114T211320Z.db", "", 0);
  store = open_again (f);
  assert_warnings ("the backup conclave-20991114T211320Z.db cannot be used: *\nthe backup " NEWEST
                   " cannot be used: *\n*The backup " OLDER " takes its place*\n");
  assert_rows (store, VALUES, "1;2;");
  drop (store);
}

/* Without a good one nothing is touched. */
static void
test_no_good_backup (Fixture *f, gconstpointer data)
{
  static const char *const LEFT[] = { "conclave.db.restored", "conclave.db.restored-wal", "conclave.db.restored.part",
                                      ASIDE };

  write_file (f, "backups/" NEWEST, "shorter", 7);
  remove_file (f, "backups/" OLDER);
  write_database (f, "short", 5);
  assert_refused (f, CV_STORE_ERROR_CORRUPT, "*conclave.db: *; there is no good backup in */backups");
  assert_warnings ("the backup * cannot be used: *\n");
  assert_same (f, "conclave.db", "short", 5);
  remove_file (f, "conclave.db");
  assert_refused (f, CV_STORE_ERROR_CORRUPT, "*the database is gone; there is no good backup in */backups");
  assert_warnings ("the backup * cannot be used: *\n");
  for (gsize i = 0; i < G_N_ELEMENTS (LEFT); i++)
    g_assert_false (is_there (f, LEFT[i]));
}

static void
test_none (Fixture *f, gconstpointer data)
{
  CvStore *store;

  remove_file (f, "backups/" NEWEST);
  remove_file (f, "backups/" OLDER);
  write_database (f, "short", 5);
  assert_refused (f, CV_STORE_ERROR_CORRUPT, "*there is no good backup*");
  assert_same (f, "conclave.db", "short", 5);

  /* a server that is new */
  write_database (f, "", 0);
  store = open_again (f);
  assert_rows (store, "SELECT count (*) FROM room", "0;");
  drop (store);

  /* somebody deleted the database alone */
  write_database (f, "", 0);
  write_file (f, "conclave.db-wal", "left over", 9);
  drop (open_again (f));
  assert_warnings ("*conclave.db is gone, but not its -wal: that is kept as *" ASIDE "-wal\n");
  assert_same (f, ASIDE "-wal", "left over", 9);
}

static void
test_gone (Fixture *f, gconstpointer data)
{
  CvStore *store;

  remove_file (f, "conclave.db");
  write_file (f, "conclave.db-wal", "left over", 9);
  store = open_again (f);
  assert_warnings ("*conclave.db: the database is gone. The backup " NEWEST " takes its place*\n");
  assert_rows (store, VALUES, "1;2;3;");
  drop (store);
  assert_same (f, ASIDE "-wal", "left over", 9);
}

/* Cut short at each step of setting it aside: the next start has the backup, and all that there was is kept. */
static void
test_cut_short (Fixture *f, gconstpointer data)
{
  CvStore *store;

  write_file (f, "conclave.db.corrupt-x", "short", 5);
  remove_file (f, "conclave.db");
  write_file (f, "conclave.db-wal", "left over", 9);
  write_file (f, "conclave.db.restored", "half", 4);
  write_file (f, "conclave.db.restored-wal", "half", 4);
  write_file (f, "conclave.db.restored.part", "half", 4);
  store = open_again (f);
  assert_warnings ("*takes its place*\n");
  assert_rows (store, VALUES, "1;2;3;");
  drop (store);
  assert_same (f, "conclave.db.corrupt-x", "short", 5);
  assert_same (f, ASIDE "-wal", "left over", 9);
  g_assert_false (is_there (f, "conclave.db.restored.part"));
}

/* Somebody else's transaction is no damage, nor is a newer build, nor a lack of rights. */
static void
test_not_damaged (Fixture *f, gconstpointer data)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (f->database, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE", NULL, NULL, NULL), ==,
                   SQLITE_OK);
  assert_refused (f, CV_STORE_ERROR_FAILED, "*locked*");
  sqlite3_exec (db, "ROLLBACK; PRAGMA locking_mode = NORMAL; PRAGMA user_version = 999", NULL, NULL, NULL);
  sqlite3_close (db);
  assert_refused (f, CV_STORE_ERROR_VERSION, "*");
  remove_file (f, "conclave.db");
  g_mkdir (f->database, 0700);
  assert_refused (f, CV_STORE_ERROR_OPEN, "*");
  g_assert_false (is_there (f, ASIDE));
}

static void
test_by_hand (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *backup = g_build_filename (f->backups, OLDER, NULL);
  g_autofree char *aside = cv_recovery_restore (f->database, backup, "replaced", "admin", NOW, &error);
  CvStore *store;

  g_assert_no_error (error);
  g_assert_cmpstr (aside, ==, "conclave.db.replaced-20231114T221320Z");
  assert_same (f, aside, f->good, f->n);
  store = open_again (f);
  assert_rows (store, VALUES, "1;2;");
  assert_rows (store, "SELECT actor, action FROM audit", "admin database.restore;");
  drop (store);
  g_assert_null (cv_recovery_restore (f->database, "/nonexistent/x.db", "replaced", "admin", NOW, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_OPEN);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  warnings = g_string_new (NULL);
  g_log_set_writer_func (on_log, NULL, NULL);
  ADD ("/recovery/good", test_good);
  ADD ("/recovery/restored", test_restored);
  ADD ("/recovery/wal", test_wal);
  ADD ("/recovery/truncated", test_truncated);
  ADD ("/recovery/flipped", test_flipped);
  ADD ("/recovery/flipped-version", test_flipped_version);
  ADD ("/recovery/bad-backup", test_bad_backup);
  ADD ("/recovery/no-good-backup", test_no_good_backup);
  ADD ("/recovery/none", test_none);
  ADD ("/recovery/gone", test_gone);
  ADD ("/recovery/cut-short", test_cut_short);
  ADD ("/recovery/not-damaged", test_not_damaged);
  ADD ("/recovery/by-hand", test_by_hand);
  return g_test_run ();
}
