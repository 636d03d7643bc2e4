/* All stages in a row, on a thread of their own; given up when nobody waits. */
#include "render/job.h"

#include "lib/desk.h"

#include <glib/gstdio.h>
#include <gst/gst.h>

static CvOrder *
copy_order (const CvTestDesk *test)
{
  CvOrder *order = g_memdup2 (&test->order, sizeof test->order);
  order->without = g_ptr_array_ref (test->order.without);
  return order;
}

/* For longer than cv_test_desk_was_told() does. */
static gboolean
wait_for (CvTestDesk *test, const char *what)
{
  for (guint i = 0; i < 300; i++)
    if (cv_test_desk_was_told (test, what))
      return TRUE;
  return FALSE;
}

static void
test_all (void)
{
  g_autoptr (CvTestDesk) test = cv_test_desk_new (TRUE);
  CvJob *job = cv_job_new (copy_order (test), test->kit, test->reporter);
  g_assert_true (wait_for (test, "done"));
  cv_job_free (job);
  g_assert_true (cv_test_desk_was_told (test, "file meeting.mp4"));
  g_assert_true (cv_test_desk_was_told (test, "file manifest.json"));
  g_assert_true (cv_test_desk_was_told (test, "progress composing"));
  g_assert_false (g_file_test ("files/.chunks-jaaaaaaaaaaaa", G_FILE_TEST_EXISTS));
}

static void
test_failed (void)
{
  g_autoptr (CvTestDesk) test = cv_test_desk_new (FALSE);
  g_assert_cmpint (g_unlink ("events.jsonl"), ==, 0);
  CvJob *job = cv_job_new (copy_order (test), test->kit, test->reporter);
  g_assert_true (wait_for (test, "failed no-log"));
  cv_job_free (job);
}

static void
test_given_up (void)
{
  g_autoptr (CvTestDesk) test = cv_test_desk_new (TRUE);
  cv_job_free (cv_job_new (copy_order (test), test->kit, test->reporter));
  g_assert_false (cv_test_desk_was_told (test, "done"));
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/job/all", test_all);
  g_test_add_func ("/job/failed", test_failed);
  g_test_add_func ("/job/given-up", test_given_up);
  return g_test_run ();
}
