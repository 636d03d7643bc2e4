/* A file comes out; errors come back to who pushes. */
#include "render/feed.h"

#include "lib/folder.h"
#include "render/failure.h"
#include "render/kit.h"

#include <unistd.h>

static GstBuffer *
make_sound (guint number)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 19200, NULL);
  gst_buffer_memset (buffer, 0, 0, 19200);
  GST_BUFFER_PTS (buffer) = number * 100 * GST_MSECOND;
  GST_BUFFER_DURATION (buffer) = 100 * GST_MSECOND;
  return buffer;
}

static GstCaps *
make_caps (void)
{
  return gst_caps_from_string (
    "audio/x-raw,format=S16LE,layout=interleaved,rate=48000,channels=2,channel-mask=(bitmask)3");
}

static void
test_file (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvKit) kit = cv_kit_new (&error);
  g_autoptr (GstCaps) caps = make_caps ();
  char *folder = cv_test_folder_new (), *bytes = NULL;
  g_autofree char *path = g_build_filename (folder, "a.flac", NULL);
  gsize n = 0;
  {
    g_autoptr (CvFeed) feed = cv_feed_new (cv_kit_get (kit, CV_RECIPE_WRITE_FLAC), NULL, 0, path, &error);
    g_assert_no_error (error);
    g_assert_true (cv_feed_add (feed, "in", caps, &error));
    for (guint i = 0; i < 10; i++)
      g_assert_true (cv_feed_push (feed, 0, make_sound (i), &error));
    g_assert_true (cv_feed_finish (feed, &error));
  }
  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  g_assert_cmpmem (bytes, 4, "fLaC", 4);
  g_free (bytes);
  cv_test_folder_free (folder);
}

static void
test_given_up (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvKit) kit = cv_kit_new (&error);
  char *folder = cv_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "a.flac", NULL);
  g_autoptr (CvFeed) feed = cv_feed_new (cv_kit_get (kit, CV_RECIPE_WRITE_FLAC), NULL, 0, path, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  cv_feed_free (g_steal_pointer (&feed));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  cv_test_folder_free (folder);
}

static void
test_failures (void)
{
  g_autoptr (GError) error = NULL, full = NULL, other = NULL;
  g_autoptr (CvKit) kit = cv_kit_new (NULL);
  g_autoptr (GstCaps) caps = make_caps ();
  char *folder = cv_test_folder_new ();
  g_autofree char *device = g_build_filename (folder, "full", NULL);
  g_assert_cmpint (symlink ("/dev/full", device), ==, 0); /* what is not finished is removed */
  g_autoptr (CvFeed) nowhere = cv_feed_new (cv_kit_get (kit, CV_RECIPE_WRITE_FLAC), NULL, 0, "/nowhere/a", &error);
  g_assert_null (nowhere);
  g_assert_error (error, CV_FAILURE, CV_FAILURE_IO);
  g_autoptr (CvFeed) feed = cv_feed_new (cv_kit_get (kit, CV_RECIPE_WRITE_OPUS), NULL, 0, device, &other);
  g_assert_nonnull (feed);
  g_assert_false (cv_feed_add (feed, "nothing", caps, &other));
  g_assert_error (other, CV_FAILURE, CV_FAILURE_PIPELINE);
  g_assert_true (cv_feed_add (feed, "in", caps, NULL));
  for (guint i = 0; i < 200 && cv_feed_push (feed, 0, make_sound (i), &full); i++)
    ;
  if (full == NULL)
    g_assert_false (cv_feed_finish (feed, &full));
  /* what was in a buffer until the end fails without a reason, and there is room beside this device */
  g_assert_true (g_error_matches (full, CV_FAILURE, CV_FAILURE_DISK_FULL) ||
                 g_error_matches (full, CV_FAILURE, CV_FAILURE_IO));
  cv_feed_free (g_steal_pointer (&feed));
  cv_test_folder_free (folder);
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/feed/file", test_file);
  g_test_add_func ("/feed/given-up", test_given_up);
  g_test_add_func ("/feed/failures", test_failures);
  return g_test_run ();
}
