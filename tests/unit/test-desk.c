/* Names, marks, progress, and when earlier work counts. */
#include "lib/desk.h"
#include "render/failure.h"

#include <gst/gst.h>

static void
test_names (void)
{
  g_autoptr (CvTestDesk) test = cv_test_desk_new (FALSE);
  g_strlcpy (test->order.suffix, "-2", sizeof test->order.suffix);
  g_autofree char *path = cv_desk_path (&test->desk, "meeting.mp4");
  g_assert_cmpstr (path, ==, "files/meeting-2.mp4");
}

static void
test_prepare (void)
{
  g_autoptr (CvTestDesk) test = cv_test_desk_new (TRUE);
  g_autoptr (GError) error = NULL;
  g_assert_true (cv_desk_prepare (&test->desk, &error));
  g_assert_true (cv_desk_put (&test->desk, "a.txt", "timeline", "x", 1, &error));
  g_assert_true (cv_test_desk_was_told (test, "file a.txt"));
  g_assert_false (cv_desk_is_marked (&test->desk, "files/a.txt"));
  g_assert_true (cv_desk_mark (&test->desk, "files/a.txt", &error));
  g_assert_true (cv_desk_prepare (&test->desk, &error)); /* the same again */
  g_assert_true (cv_desk_is_marked (&test->desk, "files/a.txt"));
  test->order.width = 640;
  g_assert_true (cv_desk_prepare (&test->desk, &error)); /* what was made is of another size */
  g_assert_false (cv_desk_is_marked (&test->desk, "files/a.txt"));
}

static void
test_cancel (void)
{
  g_autoptr (CvTestDesk) test = cv_test_desk_new (FALSE);
  g_autoptr (GError) error = NULL;
  cv_desk_begin (&test->desk, "mixing", 0.1, 0.2);
  g_assert_true (cv_test_desk_was_told (test, "progress mixing"));
  g_assert_true (cv_desk_go_on (&test->desk, 0.5, &error));
  g_atomic_int_set (&test->desk.cancelled, 1);
  g_assert_false (cv_desk_go_on (&test->desk, 0.5, &error));
  g_assert_error (error, CV_FAILURE, CV_FAILURE_CANCELLED);
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/desk/names", test_names);
  g_test_add_func ("/desk/prepare", test_prepare);
  g_test_add_func ("/desk/cancel", test_cancel);
  return g_test_run ();
}
