/* A poster and a sheet of thumbnails are JPEG files. */
#include "render/stills.h"

#include "lib/desk.h"
#include "lib/folder.h"

#include <gst/gst.h>
#include <string.h>

static void
assert_jpeg (const char *path)
{
  g_autofree char *bytes = NULL;
  gsize n = 0;
  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  g_assert_cmpuint (n, >, 500);
  g_assert_cmpmem (bytes, 3, "\xff\xd8\xff", 3);
}

static void
test_stills (void)
{
  g_autoptr (CvTestDesk) test = cv_test_desk_new (TRUE);
  g_autoptr (GError) error = NULL;
  CvFilm film;
  cv_film_plan (&test->desk, &film);
  g_assert_true (cv_desk_prepare (&test->desk, &error));
  g_assert_true (cv_film_make (&test->desk, &film, FALSE, &error));
  g_assert_true (cv_stills_make_poster (&test->desk, &error));
  g_assert_true (cv_stills_make_sheet (&test->desk, &film, &error));
  g_assert_no_error (error);
  assert_jpeg ("files/poster.jpg");
  assert_jpeg ("files/thumbnails.jpg");
  g_autofree char *vtt = cv_test_folder_read (test->folder, "files/thumbnails.vtt");
  g_assert_cmpstr (vtt, ==, "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nthumbnails.jpg#xywh=0,0,160,90\n");
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stills/stills", test_stills);
  return g_test_run ();
}
