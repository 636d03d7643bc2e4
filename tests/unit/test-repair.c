/* Tracks in place: mended, left, passed over. */
#include "render/repair.h"

#include "lib/desk.h"
#include "lib/folder.h"
#include "lib/footage.h"

#include <gst/gst.h>
#include <sys/stat.h>

#define CAMERA "tracks/001-" CV_TEST_ANNA "-camera-1.mkv"

static void
test_mended (void)
{
  g_autoptr (CvTestDesk) test = cv_test_desk_new (TRUE);
  g_autoptr (GError) error = NULL;
  cv_test_footage_truncate (CAMERA, 0.8);
  cv_test_folder_write (test->folder, "tracks/001-" CV_TEST_BEN "-camera-1.mkv", "nothing");
  cv_test_folder_write (test->folder, "tracks/readme", "");
  g_autoptr (GPtrArray) as_is = cv_repair_open (&test->desk, FALSE, &error);
  g_assert_cmpuint (as_is->len, ==, 2);
  g_assert_false (((CvEditFile *) g_ptr_array_index (as_is, 0))->footage->finished);
  g_autoptr (GPtrArray) mended = cv_repair_open (&test->desk, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (mended->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    g_assert_true (((CvEditFile *) g_ptr_array_index (mended, i))->footage->finished);
  g_assert_cmpuint (cv_test_folder_mode (test->folder, CAMERA), ==, 0600);
}

static void
test_delivered (void)
{
  g_autoptr (CvTestDesk) test = cv_test_desk_new (TRUE);
  g_autoptr (GError) error = NULL;
  g_assert_true (cv_repair_deliver (&test->desk, &error));
  g_assert_true (cv_test_desk_was_told (test, "file " CAMERA));
  g_assert_true (cv_test_desk_was_told (test, "file tracks/001-" CV_TEST_ANNA "-microphone-1.mkv"));
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  umask (077);
  g_test_add_func ("/repair/mended", test_mended);
  g_test_add_func ("/repair/delivered", test_delivered);
  return g_test_run ();
}
