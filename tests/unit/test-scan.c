/* The program that looks at documents: what it says, and when it says nothing. */
#include "documents/scan.h"

#include "lib/folder.h"
#include "lib/log.h"
#include "lib/wait.h"

#include <fcntl.h>
#include <glib/gstdio.h>

typedef struct {
  char *folder;
  CvClock *clock;
  GCancellable *cancellable;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = cv_test_folder_new ();
  f->clock = cv_clock_new_fake (1000);
  f->cancellable = g_cancellable_new ();
  cv_test_folder_write (f->folder, "file", "3\n");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_test_folder_free (f->folder);
  g_object_unref (f->clock);
  g_object_unref (f->cancellable);
}

static void
start (Fixture *f, const char *script, GAsyncResult **slot)
{
  g_autofree char *program = g_build_filename (f->folder, "scan", NULL);
  g_autofree char *file = g_build_filename (f->folder, "file", NULL);
  cv_test_folder_write (f->folder, "scan", script);
  g_chmod (program, 0700);
  cv_scan_run_async (program, g_open (file, O_RDONLY | O_CLOEXEC, 0), f->clock, 5000, f->cancellable, cv_test_on_ready,
                     slot);
}

static CvScanAnswer
run (Fixture *f, const char *script)
{
  GAsyncResult *slot = NULL;
  start (f, script, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_scan_run_finish (result);
}

static void
test_answers (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (run (f, "#!/bin/sh\nread n; [ \"$n\" = 3 ]\n"), ==, CV_SCAN_CLEAN);
  g_assert_cmpint (run (f, "#!/bin/sh\nexit 1\n"), ==, CV_SCAN_INFECTED);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*has no answer*");
  g_assert_cmpint (run (f, "#!/bin/sh\nexit 2\n"), ==, CV_SCAN_UNKNOWN);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*has no answer*");
  g_assert_cmpint (run (f, "#!/bin/sh\nkill -9 $$\n"), ==, CV_SCAN_UNKNOWN);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*does not start*");
  g_assert_cmpint (run (f, "#!/nowhere\n"), ==, CV_SCAN_UNKNOWN);
  cv_test_log_assert_all ();
}

static void
test_late (Fixture *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  start (f, "#!/bin/sh\nexec sleep 60\n", &slot);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*took too long*");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*has no answer*");
  cv_clock_advance (f->clock, 5000);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_cmpint (cv_scan_run_finish (result), ==, CV_SCAN_UNKNOWN);
  cv_test_log_assert_all ();
}

static void
test_cancelled (Fixture *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  start (f, "#!/bin/sh\nexec sleep 60\n", &slot);
  g_cancellable_cancel (f->cancellable);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_cmpint (cv_scan_run_finish (result), ==, CV_SCAN_UNKNOWN);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  g_test_add ("/scan/answers", Fixture, NULL, set_up, test_answers, tear_down);
  g_test_add ("/scan/late", Fixture, NULL, set_up, test_late, tear_down);
  g_test_add ("/scan/cancelled", Fixture, NULL, set_up, test_cancelled, tear_down);
  return g_test_run ();
}
