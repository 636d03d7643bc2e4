/* The log of a database is moved by another thread, stays short while somebody writes all the time, and loses nothing. */
#include "store/checkpointer.h"

#include <glib/gstdio.h>
#include <string.h>

#define BEGIN 20
#define RESTART 80
#define WRITES 2000
#define PAGE 4096

typedef struct {
  char *folder;
  char *path;
  char *log;
  sqlite3 *db;
  CvCheckpointer *checkpointer;
} Fixture;

static void
run (Fixture *f, const char *sql)
{
  g_assert_cmpint (sqlite3_exec (f->db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
}

static gint64
size_of (const char *path)
{
  GStatBuf info;
  return g_stat (path, &info) == 0 ? info.st_size : 0;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = g_dir_make_tmp ("cv-checkpointer-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "db", NULL);
  f->log = g_strconcat (f->path, "-wal", NULL);
  g_assert_cmpint (sqlite3_open (f->path, &f->db), ==, SQLITE_OK);
  /* OFF: a test is not about the disk's patience */
  run (f, "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; CREATE TABLE t (n INTEGER PRIMARY KEY, b BLOB)");
  f->checkpointer = cv_checkpointer_new (f->path, f->db, BEGIN, RESTART);
  g_assert_nonnull (f->checkpointer);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_pointer (&f->checkpointer, cv_checkpointer_free);
  g_assert_cmpint (sqlite3_close (f->db), ==, SQLITE_OK);
  /* who closes last moves the rest */
  g_assert_false (g_file_test (f->log, G_FILE_TEST_EXISTS));
  g_unlink (f->path);
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->log);
  g_free (f->path);
  g_free (f->folder);
}

static void
write_pages (Fixture *f, guint n)
{
  for (guint i = 0; i < n; i++)
    run (f, "INSERT INTO t (b) VALUES (randomblob (3000))");
}

static void
test_moves_by_itself (Fixture *f, gconstpointer data)
{
  write_pages (f, BEGIN);
  for (guint i = 0; size_of (f->path) < BEGIN / 4 * PAGE && i < 2000; i++)
    g_usleep (5000);
  g_assert_cmpint (size_of (f->path), >=, BEGIN / 4 * PAGE);
}

static void
test_log_stays_short (Fixture *f, gconstpointer data)
{
  sqlite3_stmt *statement = NULL;
  write_pages (f, WRITES);
  g_assert_cmpint (size_of (f->log), <, WRITES * PAGE);
  sqlite3_prepare_v2 (f->db, "SELECT count(*) FROM t", -1, &statement, NULL);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  g_assert_cmpint (sqlite3_column_int (statement, 0), ==, WRITES);
  sqlite3_finalize (statement);
}

static void
test_small_log_is_left (Fixture *f, gconstpointer data)
{
  gint64 before = size_of (f->path);
  write_pages (f, 2);
  g_clear_pointer (&f->checkpointer, cv_checkpointer_free);
  g_assert_cmpint (size_of (f->path), ==, before);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/checkpointer/moves-by-itself", Fixture, NULL, set_up, test_moves_by_itself, tear_down);
  g_test_add ("/checkpointer/log-stays-short", Fixture, NULL, set_up, test_log_stays_short, tear_down);
  g_test_add ("/checkpointer/small-log-is-left", Fixture, NULL, set_up, test_small_log_is_left, tear_down);
  return g_test_run ();
}
