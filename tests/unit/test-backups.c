/* Backups by the clock and on demand: when the next one is due, how many are kept, and an end in the middle. */
#include "store/backups.h"

#include "lib/folder.h"
#include "lib/log.h"
#include "lib/recordings.h"
#include "lib/wait.h"
#include "store/backup.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1700000000000)
#define MINUTE 60000
#define HOUR (60 * MINUTE)

typedef struct {
  char *folder;
  char *database;
  char *directory;
  CvClock *clock;
  CvStore *store;
  CvBackups *backups;
} Fixture;

static void
start (Fixture *f, guint hours, guint keep)
{
  const CvBackupsOptions options = { .database = f->database, .directory = f->directory, .hours = hours, .keep = keep };

  f->backups = cv_backups_new (&options, f->clock);
}

static void
stop (Fixture *f)
{
  cv_backups_stop (f->backups);
  cv_test_wait_gone (g_steal_pointer (&f->backups));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = cv_test_folder_new ();
  f->database = g_build_filename (f->folder, "conclave.db", NULL);
  f->directory = g_build_filename (f->folder, "more", "backups", NULL);
  f->clock = cv_clock_new_fake (NOW);
  f->store = cv_store_open (f->database, NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  if (f->backups != NULL)
    stop (f);
  cv_store_close (f->store);
  cv_test_wait_gone (f->store);
  g_object_unref (f->clock);
  cv_test_folder_free (f->folder);
  g_free (f->database);
  g_free (f->directory);
}

static guint
count (Fixture *f)
{
  g_autoptr (GPtrArray) names = cv_backup_list (f->directory);

  return names->len;
}

/* What was due is done, and the clock knows what comes next. */
static void
wait_for_newest (Fixture *f, gint64 at)
{
  cv_test_wait_until (cv_backups_get_newest (f->backups) == at);
  cv_test_settle ();
}

static void
test_hourly (Fixture *f, gconstpointer data)
{
  start (f, 2, 3);
  g_assert_cmpint (cv_backups_get_newest (f->backups), ==, 0);
  cv_clock_advance (f->clock, MINUTE);
  wait_for_newest (f, NOW + MINUTE);
  g_assert_cmpuint (cv_test_folder_mode (f->folder, "more/backups"), ==, 0700);
  for (guint i = 1; i < 6; i++) {
    cv_clock_advance (f->clock, 2 * HOUR - 1);
    cv_test_settle ();
    g_assert_cmpuint (count (f), ==, MIN (i, 3));
    cv_clock_advance (f->clock, 1);
    wait_for_newest (f, NOW + MINUTE + i * 2 * HOUR);
  }
  g_assert_cmpuint (count (f), ==, 3);
}

/* The next one after a start is due when it would have been without. */
static void
test_started_again (Fixture *f, gconstpointer data)
{
  start (f, 1, 3);
  cv_clock_advance (f->clock, MINUTE);
  wait_for_newest (f, NOW + MINUTE);
  stop (f);
  cv_clock_advance (f->clock, 10 * MINUTE);
  start (f, 1, 3);
  g_assert_cmpint (cv_backups_get_newest (f->backups), ==, NOW + MINUTE);
  cv_clock_advance (f->clock, 50 * MINUTE - 1);
  cv_test_settle ();
  g_assert_cmpuint (count (f), ==, 1);
  cv_clock_advance (f->clock, 1);
  wait_for_newest (f, NOW + 61 * MINUTE);

  /* and one of a clock that was wrong does not keep others from being made */
  stop (f);
  cv_test_folder_write (f->folder, "more/backups/conclave-20991114T221320Z.db", "");
  start (f, 1, 10);
  g_assert_cmpint (cv_backups_get_newest (f->backups), ==, NOW + 61 * MINUTE);
}

static char *
make (Fixture *f, GError **error)
{
  GAsyncResult *slot = NULL;

  cv_backups_make_async (f->backups, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_backups_make_finish (f->backups, result, error);
}

static void
test_on_demand (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  start (f, 0, 1);
  g_autofree char *path = make (f, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (path, "/more/backups/conclave-20231114T221320Z.db"));
  g_assert_cmpint (cv_backups_get_newest (f->backups), ==, NOW);
  cv_clock_advance (f->clock, 10 * HOUR);
  cv_test_settle ();
  g_assert_cmpuint (count (f), ==, 1);
}

/* One that fails is said, and the next one comes all the same. */
static void
test_failure (Fixture *f, gconstpointer data)
{
  cv_test_folder_write (f->folder, "more", "in the way");
  start (f, 1, 3);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "no backup was made: *more*");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "no backup was made: *more*");
  cv_clock_advance (f->clock, MINUTE);
  cv_test_pause (50);
  cv_clock_advance (f->clock, HOUR);
  cv_test_wait_until (cv_backups_get_newest (f->backups) == 0);
  cv_test_pause (50);
  cv_test_log_assert_all ();
}

static void
test_stopped (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *slots[4] = { NULL };

  cv_test_recordings_run (f->store, "CREATE TABLE t AS WITH RECURSIVE n (i) AS "
                                    "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT i FROM n");
  start (f, 1, 3);
  for (guint i = 0; i < G_N_ELEMENTS (slots); i++)
    cv_backups_make_async (f->backups, cv_test_on_ready, &slots[i]);
  cv_backups_stop (f->backups);
  for (guint i = 0; i < G_N_ELEMENTS (slots); i++) {
    g_autoptr (GAsyncResult) result = cv_test_wait_for (&slots[i]);
    g_autofree char *path = cv_backups_make_finish (f->backups, result, NULL);

    g_assert_null (path);
  }
  g_assert_null (make (f, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_FAILED);
  g_assert_cmpuint (count (f), ==, 0);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/backups/hourly", test_hourly);
  ADD ("/backups/started-again", test_started_again);
  ADD ("/backups/on-demand", test_on_demand);
  ADD ("/backups/failure", test_failure);
  ADD ("/backups/stopped", test_stopped);
  return g_test_run ();
}
