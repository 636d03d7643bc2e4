/* A track's picture at a time: forwards, back, held, over. */
#include "render/picture.h"

#include "lib/programme.h"

#include <gst/gst.h>

static CvProgramme *
make (const char *name)
{
  const char *const names[] = { name, NULL };
  return cv_test_programme ("", names);
}

static CvCut *
get_cut (CvProgramme *programme)
{
  return g_ptr_array_index (programme->cuts, 0);
}

static void
test_times (void)
{
  g_autoptr (CvKit) kit = cv_kit_new (NULL);
  g_autoptr (CvProgramme) programme = make ("001-paaaaaaaaaaaa-camera-1.mkv");
  CvCut *cut = get_cut (programme);
  cut->start = 1000000; /* its two seconds are from the first to the third */
  g_autoptr (CvPicture) picture = cv_picture_new (cut, kit);
  gboolean changed = FALSE;
  g_assert_false (cv_picture_advance (picture, 0, &changed));
  g_assert_false (changed);
  g_assert_true (cv_picture_advance (picture, 1000000, &changed));
  g_assert_true (changed);
  g_assert_true (cv_picture_advance (picture, 1050000, &changed));
  g_assert_false (changed); /* ten a second */
  g_assert_true (cv_picture_advance (picture, 2900000, &changed));
  g_assert_true (changed);
  g_assert_true (cv_picture_advance (picture, 4000000, &changed)); /* held */
  g_assert_false (changed);
  g_assert_false (cv_picture_advance (picture, 9000000, &changed));
  g_assert_false (cv_picture_advance (picture, 500000, &changed)); /* back: nothing yet */
  g_assert_true (cv_picture_advance (picture, 1500000, &changed));
}

static void
test_paint (void)
{
  g_autoptr (CvKit) kit = cv_kit_new (NULL);
  g_autoptr (CvProgramme) programme = make ("001-paaaaaaaaaaaa-camera-1.mkv");
  g_autoptr (CvPicture) picture = cv_picture_new (get_cut (programme), kit);
  g_autoptr (CvCanvas) canvas = cv_canvas_new (320, 180);
  const CvBox all = { 0, 0, 320, 180 }, box = { 100, 20, 160, 90 }, narrow = { 0, 0, 40, 180 };
  gboolean changed;
  cv_canvas_fill (canvas, &all, 0);
  cv_picture_paint (picture, canvas, &box, FALSE); /* there is nothing */
  g_assert_cmpuint (canvas->planes[0][65 * 320 + 180], ==, 16);
  g_assert_true (cv_picture_advance (picture, 500000, &changed));
  cv_picture_paint (picture, canvas, &box, FALSE);
  g_assert_cmpint (ABS (canvas->planes[2][32 * 160 + 90] - 187), <, 12); /* red */
  g_assert_cmpuint (canvas->planes[0][19 * 320 + 180], ==, 16);
  cv_picture_paint (picture, canvas, &narrow, FALSE);
  g_assert_cmpuint (canvas->planes[0][10 * 320 + 20], <, 60); /* a border above */
  cv_picture_paint (picture, canvas, &narrow, TRUE);
  g_assert_cmpint (ABS (canvas->planes[2][5 * 160 + 10] - 187), <, 12);
}

static void
test_no_picture (void)
{
  g_autoptr (CvKit) kit = cv_kit_new (NULL);
  g_autoptr (CvProgramme) programme = make ("001-paaaaaaaaaaaa-microphone-1.mkv");
  g_autoptr (CvPicture) picture = cv_picture_new (get_cut (programme), kit);
  gboolean changed = TRUE;
  g_assert_false (cv_picture_advance (picture, 500000, &changed));
  g_assert_false (changed);
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/picture/times", test_times);
  g_test_add_func ("/picture/paint", test_paint);
  g_test_add_func ("/picture/no-picture", test_no_picture);
  return g_test_run ();
}
