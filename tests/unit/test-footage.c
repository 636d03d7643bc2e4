/* A track's file: its length, keyframes, and going to them. */
#include "render/footage.h"

#include "lib/folder.h"
#include "lib/footage.h"

#include <gst/gst.h>

static CvFootage *
open_pictures (double part)
{
  const CvTestPictures pictures = { .colour = 0x32c832, .seconds = 5, .width = 64, .height = 36, .fps = 10 };
  g_autoptr (GError) error = NULL;
  char *folder = cv_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "x.mkv", NULL);
  cv_test_footage_pictures (path, &pictures); /* a keyframe each 30 frames */
  cv_test_footage_truncate (path, part);
  CvFootage *footage = cv_footage_open (path, &error);
  g_assert_no_error (error);
  cv_test_folder_free (folder);
  return footage;
}

static void
test_whole (void)
{
  g_autoptr (CvFootage) footage = open_pictures (1);
  CvMatroskaFrame frame;
  guint n = 0;
  g_assert_true (footage->finished);
  g_assert_cmpuint (footage->n_frames, ==, 50);
  g_assert_cmpint (ABS (footage->duration - 5000000), <, 100000);
  while (cv_footage_next (footage, &frame))
    n++;
  g_assert_cmpuint (n, ==, 50);
}

static void
test_keys (void)
{
  g_autoptr (CvFootage) footage = open_pictures (1);
  CvMatroskaFrame frame;
  g_assert_cmpint (cv_footage_find_key (footage, -1), ==, -1);
  g_assert_cmpint (cv_footage_find_key (footage, 2000000), ==, 0);
  g_assert_cmpint (cv_footage_find_key (footage, 4000000), ==, 3000000);
  cv_footage_seek (footage, 3500000);
  g_assert_true (cv_footage_next (footage, &frame));
  g_assert_true (frame.key);
  g_assert_cmpint (frame.pts, ==, 3000000);
  cv_footage_seek (footage, G_MININT64);
  g_assert_true (cv_footage_next (footage, &frame));
  g_assert_cmpint (frame.pts, ==, 0);
}

static void
test_cut (void)
{
  g_autoptr (CvFootage) footage = open_pictures (0.5);
  g_assert_false (footage->finished);
  g_assert_cmpuint (footage->n_frames, >, 5);
  g_assert_cmpuint (footage->n_frames, <, 50);
}

static void
test_nothing (void)
{
  g_autoptr (GError) error = NULL, other = NULL;
  char *folder = cv_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "x.mkv", NULL), *absent = g_build_filename (folder, "y.mkv", NULL);
  cv_test_folder_write (folder, "x.mkv", "");
  g_assert_null (cv_footage_open (path, &error));
  g_assert_nonnull (error);
  g_assert_null (cv_footage_open (absent, &other));
  g_assert_nonnull (other);
  cv_test_folder_free (folder);
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/footage/whole", test_whole);
  g_test_add_func ("/footage/keys", test_keys);
  g_test_add_func ("/footage/cut", test_cut);
  g_test_add_func ("/footage/nothing", test_nothing);
  return g_test_run ();
}
