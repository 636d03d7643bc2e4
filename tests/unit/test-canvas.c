/* Colours and what is laid over them. */
#include "render/canvas.h"

#include <string.h>

static void
test_fill (void)
{
  g_autoptr (CvCanvas) canvas = cv_canvas_new (8, 4);
  const CvBox all = { 0, 0, 8, 4 }, box = { 2, 2, 4, 2 };
  g_assert_cmpuint (cv_canvas_get_size (canvas), ==, 48);
  cv_canvas_fill (canvas, &all, 0x000000);
  cv_canvas_fill (canvas, &box, 0xffffff);
  g_assert_cmpuint (canvas->planes[0][0], ==, 16);
  g_assert_cmpuint (canvas->planes[0][2 * 8 + 2], ==, 235);
  g_assert_cmpuint (canvas->planes[0][2 * 8 + 6], ==, 16);
  g_assert_cmpuint (canvas->planes[1][0], ==, 128);
  cv_canvas_fill (canvas, &all, 0xff0000);
  g_assert_cmpuint (canvas->planes[2][0], ==, 240);
}

static void
test_blend (void)
{
  g_autoptr (CvCanvas) canvas = cv_canvas_new (8, 4);
  const CvBox all = { 0, 0, 8, 4 };
  guint32 pixels[4 * 4] = { 0 }; /* left half: white, opaque; then a column half transparent, then nothing */
  for (guint y = 0; y < 4; y++) {
    pixels[y * 4] = pixels[y * 4 + 1] = 0xffffffff;
    pixels[y * 4 + 2] = 0x80808080;
  }
  g_autoptr (CvOverlay) overlay = cv_overlay_new ((const guint8 *) pixels, 16, 4, 4);
  cv_canvas_fill (canvas, &all, 0x000000);
  cv_canvas_blend (canvas, overlay, 0, 0);
  g_assert_cmpuint (canvas->planes[0][0], ==, 235);
  g_assert_cmpint (ABS (canvas->planes[0][2] - 126), <=, 2);
  g_assert_cmpuint (canvas->planes[0][3], ==, 16);
  g_assert_cmpint (ABS (canvas->planes[1][0] - 128), <=, 1);
  cv_canvas_blend (canvas, overlay, 6, 2); /* half of it is outside */
  g_assert_cmpuint (canvas->planes[0][3 * 8 + 7], ==, 235);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/canvas/fill", test_fill);
  g_test_add_func ("/canvas/blend", test_blend);
  return g_test_run ();
}
