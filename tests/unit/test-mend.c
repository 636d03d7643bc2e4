/* What a crash left becomes a file with a duration and an index, and the same frames. */
#include "render/mend.h"

#include "lib/folder.h"
#include "lib/footage.h"

#include <fcntl.h>
#include <gst/gst.h>
#include <string.h>
#include <unistd.h>

static void
assert_same (CvFootage *a, CvFootage *b)
{
  CvMatroskaFrame one, other;
  g_assert_cmpuint (a->n_frames, ==, b->n_frames);
  cv_footage_seek (a, G_MININT64);
  cv_footage_seek (b, G_MININT64);
  while (cv_footage_next (a, &one)) {
    g_assert_true (cv_footage_next (b, &other));
    g_assert_cmpint (one.pts, ==, other.pts);
    g_assert_cmpmem (one.bytes, one.n, other.bytes, other.n);
    g_assert_true (one.key == other.key);
  }
}

static void
mend (const char *folder, const char *name, guint keys)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, name, NULL), *to = g_build_filename (folder, "mended.mkv", NULL);
  cv_test_footage_truncate (path, 0.7);
  g_autoptr (CvFootage) before = cv_footage_open (path, &error);
  g_assert_no_error (error);
  g_assert_false (before->finished);
  int fd = open (to, O_RDWR | O_CREAT | O_TRUNC, 0600);
  g_assert_true (cv_mend_write (before, fd, &error));
  close (fd);
  g_autoptr (CvFootage) after = cv_footage_open (to, &error);
  g_assert_no_error (error);
  g_assert_true (after->finished);
  g_assert_cmpfloat_with_epsilon (after->track.duration, (double) before->duration, 1000);
  g_assert_cmpint (after->track.codec, ==, before->track.codec);
  g_assert_cmpuint (after->keys->len, >=, keys);
  assert_same (before, after);
}

static void
test_pictures (void)
{
  const CvTestPictures pictures = { .colour = 0x32c832, .seconds = 8, .width = 64, .height = 36, .fps = 10 };
  char *folder = cv_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "x.mkv", NULL);
  cv_test_footage_pictures (path, &pictures);
  mend (folder, "x.mkv", 2);
  cv_test_folder_free (folder);
}

static void
test_sound (void)
{
  const CvTestSound sound = { .hertz = 440, .seconds = 40 }; /* longer than a block's time can say */
  char *folder = cv_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "x.mkv", NULL);
  cv_test_footage_sound (path, &sound);
  mend (folder, "x.mkv", 20);
  cv_test_folder_free (folder);
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mend/pictures", test_pictures);
  g_test_add_func ("/mend/sound", test_sound);
  return g_test_run ();
}
