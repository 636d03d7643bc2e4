/* How a film is divided, and its pieces. */
#include "render/film.h"

#include "lib/desk.h"

#include <gst/gst.h>

static void
test_plan (void)
{
  g_autoptr (CvTestDesk) test = cv_test_desk_new (TRUE);
  CvFilm film;
  cv_film_plan (&test->desk, &film);
  g_assert_cmpuint (film.fps, ==, 10);
  g_assert_cmpint (film.n_frames, ==, 10);
  g_assert_cmpuint (film.n_pieces, ==, 1);
  g_assert_cmpuint (film.n_thumbs, ==, 1);
  test->desk.programme->duration = G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC;
  test->order.fps = 0;
  cv_film_plan (&test->desk, &film);
  g_assert_cmpuint (film.fps, ==, 30);
  g_assert_cmpuint (film.n_pieces, ==, 60);
  g_assert_cmpuint (film.n_thumbs, ==, CV_FILM_MAX_THUMBS);
  g_assert_cmpint (film.thumb_step, ==, 36 * 30);
}

static void
test_make (void)
{
  g_autoptr (CvTestDesk) test = cv_test_desk_new (TRUE);
  g_autoptr (GError) error = NULL;
  CvFilm film;
  cv_film_plan (&test->desk, &film);
  g_assert_true (cv_desk_prepare (&test->desk, &error));
  g_assert_true (cv_film_make (&test->desk, &film, TRUE, &error));
  g_assert_no_error (error);
  g_autofree char *piece = cv_film_piece (&test->desk, 0), *thumb = cv_film_thumb (&test->desk, 0);
  g_autoptr (CvFootage) footage = cv_footage_open (piece, &error);
  g_assert_no_error (error);
  g_assert_cmpint (footage->track.codec, ==, CV_CODEC_H264);
  g_assert_cmpuint (footage->n_frames, ==, 10);
  g_assert_true (g_file_test (thumb, G_FILE_TEST_EXISTS));
}

static void
test_thumbs_alone (void)
{
  g_autoptr (CvTestDesk) test = cv_test_desk_new (TRUE);
  g_autoptr (GError) error = NULL;
  CvFilm film;
  cv_film_plan (&test->desk, &film);
  g_assert_true (cv_desk_prepare (&test->desk, &error));
  g_assert_true (cv_film_make (&test->desk, &film, FALSE, &error));
  g_autofree char *piece = cv_film_piece (&test->desk, 0), *thumb = cv_film_thumb (&test->desk, 0);
  g_assert_false (g_file_test (piece, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (thumb, G_FILE_TEST_EXISTS));
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/film/plan", test_plan);
  g_test_add_func ("/film/make", test_make);
  g_test_add_func ("/film/thumbs-alone", test_thumbs_alone);
  return g_test_run ();
}
