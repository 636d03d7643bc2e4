/* The mix in its files, and that it is not made twice. */
#include "render/sound.h"

#include "lib/desk.h"
#include "lib/folder.h"

#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>

static void
test_mix (void)
{
  g_autoptr (CvTestDesk) test = cv_test_desk_new (TRUE);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = cv_sound_path (&test->desk);
  GStatBuf before, after;
  g_assert_true (cv_desk_prepare (&test->desk, &error));
  g_assert_true (cv_sound_mix (&test->desk, &error));
  g_assert_true (cv_test_desk_was_told (test, "file audio.opus"));
  g_assert_true (cv_test_desk_was_told (test, "file waveform.json"));
  g_autofree char *waveform = cv_test_folder_read (test->folder, "files/waveform.json");
  g_assert_nonnull (strstr (waveform, "\"mix\":[2"));
  g_assert_cmpint (g_stat (path, &before), ==, 0);
  g_assert_true (cv_sound_mix (&test->desk, &error));
  g_assert_cmpint (g_stat (path, &after), ==, 0);
  g_assert_cmpuint (before.st_ino, ==, after.st_ino);
}

static void
test_tracks (void)
{
  g_autoptr (CvTestDesk) test = cv_test_desk_new (TRUE);
  g_autoptr (GError) error = NULL;
  g_assert_true (cv_desk_prepare (&test->desk, &error));
  g_assert_true (cv_sound_write_tracks (&test->desk, &error));
  g_assert_true (cv_test_desk_was_told (test, "file 001-" CV_TEST_ANNA "-microphone-1.flac"));
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sound/mix", test_mix);
  g_test_add_func ("/sound/tracks", test_tracks);
  return g_test_run ();
}
