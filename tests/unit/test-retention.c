/* Recordings whose time is over: at the start, each hour, and never those whose time is not. */
#include "library/retention.h"

#include "lib/audit.h"
#include "lib/log.h"
#include "lib/shelf.h"
#include "lib/wait.h"

#define ROWS "SELECT substr (id, 1, 2) FROM recording ORDER BY id"
/* as it was promised */
#define HOUR_MS (3600 * 1000)
#define NOW G_STRINGIFY (1700000000000)

typedef struct {
  CvTestShelf shelf;
  CvDeletion *deletion;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  cv_test_shelf_init (&f->shelf);
  f->deletion = cv_deletion_new (f->shelf.store, f->shelf.clock, NULL, NULL, f->shelf.directory);
  cv_test_recordings_add (f->shelf.store, "rbbbbbbbbbbbb", "ready", 1);
  cv_test_recordings_add (f->shelf.store, "rcccccccccccc", "ready", 2);
  cv_test_recordings_add (f->shelf.store, "rdddddddddddd", "deleting", 3);
  cv_test_recordings_run (f->shelf.store,
                          "UPDATE recording SET status = 'failed', expires = " NOW " WHERE id = 'rabcdefghijkm'");
  cv_test_recordings_run (f->shelf.store,
                          "UPDATE recording SET expires = " NOW " + 3600000 WHERE id = 'rbbbbbbbbbbbb'");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_test_wait_gone (f->deletion);
  cv_test_shelf_clear (&f->shelf);
  cv_test_log_assert_all ();
}

static void
test_hours (Fixture *f, gconstpointer data)
{
  CvRetention *retention = cv_retention_new (f->shelf.store, f->shelf.clock, f->deletion);
  cv_test_shelf_wait (&f->shelf, ROWS, "rb;rc;");
  g_assert_false (cv_test_shelf_has (&f->shelf, CV_TEST_RECORDING, ""));
  cv_test_shelf_assert (&f->shelf, "SELECT actor, object FROM " CV_TEST_AUDIT, "retention " CV_TEST_RECORDING ";");
  cv_clock_advance (f->shelf.clock, HOUR_MS - 1);
  cv_test_pause (50);
  cv_test_shelf_assert (&f->shelf, ROWS, "rb;rc;");
  cv_clock_advance (f->shelf.clock, 1);
  cv_test_shelf_wait (&f->shelf, ROWS, "rc;");
  cv_clock_advance (f->shelf.clock, 100 * HOUR_MS);
  cv_test_pause (50);
  cv_test_shelf_assert (&f->shelf, ROWS, "rc;");
  cv_retention_free (retention);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  g_test_add ("/retention/hours", Fixture, NULL, set_up, test_hours, tear_down);
  return g_test_run ();
}
