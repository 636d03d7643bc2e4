/* Pieces and sound in one file, whose index stands in front. */
#include "render/join.h"

#include "lib/desk.h"
#include "lib/folder.h"
#include "render/sound.h"

#include <gst/gst.h>

static void
assert_front (const char *path)
{
  g_autofree char *bytes = NULL;
  gsize n = 0;
  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  g_assert_cmpuint (n, >, 1000);
  g_assert_cmpmem (bytes + 4, 4, "ftyp", 4);
  guint first = (guint) (guint8) bytes[3];
  g_assert_cmpmem (bytes + first + 4, 4, "moov", 4);
}

static void
test_movie (void)
{
  g_autoptr (CvTestDesk) test = cv_test_desk_new (TRUE);
  g_autoptr (GError) error = NULL;
  CvFilm film;
  cv_film_plan (&test->desk, &film);
  g_assert_true (cv_desk_prepare (&test->desk, &error));
  g_assert_true (cv_sound_mix (&test->desk, &error));
  g_assert_true (cv_film_make (&test->desk, &film, TRUE, &error));
  g_assert_true (cv_join_movie (&test->desk, &film, &error));
  g_assert_no_error (error);
  assert_front ("files/meeting.mp4");
  g_assert_true (cv_join_sound (&test->desk, &error));
  assert_front ("files/audio.m4a");
  g_assert_true (cv_test_desk_was_told (test, "file meeting.mp4"));
  g_assert_true (cv_test_desk_was_told (test, "file audio.m4a"));
  g_assert_true (cv_desk_is_marked (&test->desk, "files/meeting.mp4"));
}

static void
test_nothing_there (void)
{
  g_autoptr (CvTestDesk) test = cv_test_desk_new (TRUE);
  g_autoptr (GError) error = NULL;
  g_assert_true (cv_desk_prepare (&test->desk, &error));
  g_assert_false (cv_join_sound (&test->desk, &error));
  g_assert_nonnull (error);
  g_assert_false (g_file_test ("files/audio.m4a", G_FILE_TEST_EXISTS));
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/join/movie", test_movie);
  g_test_add_func ("/join/nothing-there", test_nothing_there);
  return g_test_run ();
}
