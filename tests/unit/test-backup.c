/* Copies of a database: whole or not there, while it is written to, without space, cut short; names, and which are cleared away. */
#define _GNU_SOURCE /* memmem */
#include "store/backup.h"

#include "lib/folder.h"
#include "lib/log.h"
#include "lib/recordings.h"
#include "store/store.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define AT G_GINT64_CONSTANT (1700000000000)
#define NAME "conclave-20231114T221320Z.db"

typedef struct {
  char *folder;
  char *database;
  char *copy;
  CvStore *store;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->folder = cv_test_folder_new ();
  f->database = g_build_filename (f->folder, "conclave.db", NULL);
  f->copy = g_build_filename (f->folder, NAME, NULL);
  f->store = cv_store_open (f->database, &error);
  g_assert_no_error (error);
  cv_test_recordings_run (f->store, "CREATE TABLE t (a)");
  cv_test_recordings_run (f->store, "INSERT INTO t VALUES ('first')");
}

static void
close_store (Fixture *f)
{
  if (f->store != NULL)
    cv_store_close (f->store);
  g_clear_object (&f->store);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  close_store (f);
  cv_test_folder_free (f->folder);
  g_free (f->database);
  g_free (f->copy);
}

/* But the database's own. */
static guint
count_files (Fixture *f)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    n += !g_str_has_prefix (name, "conclave.db");
  return n;
}

/* One number out of the copy, or -1. */
static int
count_rows (const char *path)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;
  int n = -1;

  if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
      sqlite3_prepare_v2 (db, "SELECT count (*) FROM t", -1, &statement, NULL) == SQLITE_OK &&
      sqlite3_step (statement) == SQLITE_ROW)
    n = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (db);
  return n;
}

static void
test_names (void)
{
  static const char *const WRONG[] = { "",
                                       "conclave.db",
                                       "conclave-20231114T221320Z.db.part",
                                       "conclave-20231314T221320Z.db",
                                       "conclave-20231114T221360Z.db",
                                       "conclave-2023-11-14T22:13.db",
                                       "conclave-                .db",
                                       "other-20231114T221320Z.db" };
  g_autofree char *name = cv_backup_name (AT);

  g_assert_cmpstr (name, ==, NAME);
  g_assert_cmpint (cv_backup_get_time (name), ==, AT);
  for (gsize i = 0; i < G_N_ELEMENTS (WRONG); i++)
    g_assert_cmpint (cv_backup_get_time (WRONG[i]), ==, 0);
}

/* What was committed before it began is in it, also what only -wal has; it stands alone, and nobody else may read it. */
static void
test_made (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint before = count_files (f);
  mode_t umask_before = umask (0);

  cv_backup_make (f->database, f->copy, NULL, &error);
  umask (umask_before);
  g_assert_no_error (error);
  g_assert_cmpint (count_rows (f->copy), ==, 1);
  g_assert_cmpuint (cv_test_folder_mode (f->folder, NAME), ==, 0600);
  g_assert_cmpuint (count_files (f), ==, before + 1);

  /* a later one takes its place, and opens like any other */
  cv_test_recordings_run (f->store, "INSERT INTO t VALUES ('second')");
  cv_test_recordings_run (f->store,
                          "INSERT INTO kept_room VALUES ('abcdefghijkm', x'4f46465f5448455f5245434f5244', 1)");
  g_assert_true (cv_backup_make (f->database, f->copy, NULL, &error));
  close_store (f);
  f->store = cv_store_open (f->copy, &error);
  g_assert_no_error (error);
  close_store (f);
  g_assert_cmpint (count_rows (f->copy), ==, 2);

  /* but what is off the record, of which not one byte is left */
  g_autofree char *bytes = NULL;
  gsize n = 0;
  g_assert_true (g_file_get_contents (f->copy, &bytes, &n, &error));
  g_assert_true (memmem (bytes, n, "OFF_THE_RECORD", strlen ("OFF_THE_RECORD")) == NULL);
  g_assert_true (memmem (bytes, n, "abcdefghijkm", strlen ("abcdefghijkm")) == NULL);
}

typedef struct {
  const char *database;
  int stop, n; /* atomic */
} Writer;

/* Stands for the store's worker; each transaction has two rows. */
static gpointer
write_rows (gpointer data)
{
  Writer *self = data;
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open_v2 (self->database, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  for (; !g_atomic_int_get (&self->stop); g_atomic_int_inc (&self->n))
    /* no busy timeout: it never has to wait for the one who copies */
    g_assert_cmpint (sqlite3_exec (db, "INSERT INTO t VALUES (randomblob (2000)), (2)", NULL, NULL, NULL), ==,
                     SQLITE_OK);
  sqlite3_close (db);
  return NULL;
}

static void
test_while_written (Fixture *f, gconstpointer data)
{
  Writer writer = { .database = f->database };

  close_store (f);
  GThread *thread = g_thread_new ("writer", write_rows, &writer);
  /* the store has it open before: of two who open it at once, one would have to wait */
  while (g_atomic_int_get (&writer.n) == 0)
    g_usleep (100);
  for (guint i = 0; i < 10; i++) {
    g_autoptr (GError) error = NULL;

    cv_backup_make (f->database, f->copy, NULL, &error);
    g_assert_no_error (error);
    /* no half transaction: one row of before, and pairs */
    g_assert_cmpint (count_rows (f->copy) % 2, ==, 1);
  }
  g_atomic_int_set (&writer.stop, 1);
  g_thread_join (thread);
  g_assert_cmpint (writer.n, >, 1);
}

/* What was there before stays, and nothing else is left. */
static void
assert_not_made (Fixture *f, GCancellable *cancellable, int code)
{
  g_autoptr (GError) error = NULL;
  guint before = count_files (f);

  g_assert_false (cv_backup_make (f->database, f->copy, cancellable, &error));
  g_assert_error (error, CV_STORE_ERROR, code);
  g_assert_cmpint (count_rows (f->copy), ==, 1);
  g_assert_cmpuint (count_files (f), ==, before);
}

static void
test_no_space (Fixture *f, gconstpointer data)
{
  struct rlimit before, small;

  g_assert_true (cv_backup_make (f->database, f->copy, NULL, NULL));
  cv_test_recordings_run (f->store, "INSERT INTO t VALUES (randomblob (100000))");
  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &before);
  small = before;
  for (rlim_t size = 0; size < 200000; size += 40000) {
    small.rlim_cur = size;
    setrlimit (RLIMIT_FSIZE, &small);
    assert_not_made (f, NULL, CV_STORE_ERROR_FULL);
    setrlimit (RLIMIT_FSIZE, &before);
  }
  g_assert_true (cv_backup_make (f->database, f->copy, NULL, NULL));
  g_assert_cmpint (count_rows (f->copy), ==, 2);
}

static void
test_cancelled (Fixture *f, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_assert_true (cv_backup_make (f->database, f->copy, NULL, NULL));
  cv_test_recordings_run (f->store, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) "
                                    "INSERT INTO t SELECT i FROM n");
  g_cancellable_cancel (cancellable);
  assert_not_made (f, cancellable, CV_STORE_ERROR_FAILED);
}

/* Damaged already: the good copy stays. */
static void
test_damaged (Fixture *f, gconstpointer data)
{
  g_autofree char *bytes = NULL;
  gsize n;

  g_assert_true (cv_backup_make (f->database, f->copy, NULL, NULL));
  close_store (f);
  g_assert_true (g_file_get_contents (f->database, &bytes, &n, NULL));
  memset (bytes + 2 * 4096, 0x5a, 4096);
  g_assert_true (g_file_set_contents (f->database, bytes, n, NULL));
  assert_not_made (f, NULL, CV_STORE_ERROR_CORRUPT);
}

static void
test_no_file (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *nowhere = g_build_filename (f->folder, "missing", NAME, NULL);

  g_assert_false (cv_backup_make ("/nonexistent/conclave.db", f->copy, NULL, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_OPEN);
  g_clear_error (&error);
  g_assert_false (cv_backup_make (f->database, nowhere, NULL, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_OPEN);
}

/* Killed at any moment: the copy of before is whole, what was begun is cleared away, and the database does not notice. */
static void
test_killed (Fixture *f, gconstpointer data)
{
  g_autofree char *part = g_strconcat (f->copy, ".part", NULL);
  guint seen = 0;

  g_assert_true (cv_backup_make (f->database, f->copy, NULL, NULL));
  cv_test_recordings_run (f->store, "INSERT INTO t VALUES (zeroblob (20000000))");
  close_store (f);
  for (guint i = 0; i < 200 && seen < 5; i++) {
    pid_t child = fork ();
    int status;

    if (child == 0) {
      cv_backup_make (f->database, f->copy, NULL, NULL);
      _exit (0);
    }
    g_usleep (1000 * (i % 40));
    kill (child, SIGKILL);
    waitpid (child, &status, 0);
    seen += g_file_test (part, G_FILE_TEST_EXISTS);
    g_assert_cmpint (count_rows (f->copy), >=, 1);
    cv_backup_tidy (f->folder, 3);
    g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
  }
  g_assert_cmpuint (seen, >, 0);
  f->store = cv_store_open (f->database, NULL);
  g_assert_nonnull (f->store);
}

static void
test_tidy (Fixture *f, gconstpointer data)
{
  static const char *const KEPT[] = { "conclave.db", "conclave.db.part", "notes.txt", "conclave-x.db" };

  for (gsize i = 0; i < G_N_ELEMENTS (KEPT); i++)
    if (i > 0)
      cv_test_folder_write (f->folder, KEPT[i], "x");
  for (guint i = 0; i < 5; i++) {
    g_autofree char *name = cv_backup_name (AT + i * 3600000);
    g_autofree char *part = g_strconcat (name, ".part", NULL);

    cv_test_folder_write (f->folder, name, "x");
    cv_test_folder_write (f->folder, part, "x");
  }
  cv_backup_tidy (f->folder, 2);
  g_autoptr (GPtrArray) names = cv_backup_list (f->folder);
  g_assert_cmpuint (names->len, ==, 2);
  g_assert_cmpint (cv_backup_get_time (names->pdata[0]), ==, AT + 4 * 3600000);
  g_assert_cmpint (cv_backup_get_time (names->pdata[1]), ==, AT + 3 * 3600000);
  for (gsize i = 0; i < G_N_ELEMENTS (KEPT); i++)
    g_assert_cmpuint (cv_test_folder_mode (f->folder, KEPT[i]), !=, 0);
  g_assert_cmpuint (count_files (f), ==, 4);
  cv_backup_tidy ("/nonexistent", 2);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  g_test_add_func ("/backup/names", test_names);
  ADD ("/backup/made", test_made);
  ADD ("/backup/while-written", test_while_written);
  ADD ("/backup/no-space", test_no_space);
  ADD ("/backup/cancelled", test_cancelled);
  ADD ("/backup/damaged", test_damaged);
  ADD ("/backup/no-file", test_no_file);
  ADD ("/backup/killed", test_killed);
  ADD ("/backup/tidy", test_tidy);
  return g_test_run ();
}
