/* What is around a picture leaves the picture alone; what stands in for one covers all. */
#include "render/portrait.h"

static const CvBox all = { 0, 0, 320, 180 };

static guint
get_luma (const CvCanvas *canvas, guint x, guint y)
{
  return canvas->planes[0][(gsize) y * canvas->strides[0] + x];
}

static CvCanvas *
draw (const CvPortrait *portrait)
{
  CvCanvas *canvas = cv_canvas_new (all.width, all.height);
  g_autoptr (CvOverlay) overlay = cv_portrait_draw (portrait, all.width, all.height);
  cv_canvas_fill (canvas, &all, 0xffffff);
  cv_canvas_blend (canvas, overlay, 0, 0);
  return canvas;
}

static void
test_pictured (void)
{
  const CvPortrait quiet = { .id = "paaaaaaaaaaaa", .name = "Anna", .pictured = TRUE };
  const CvPortrait loud = { .id = "paaaaaaaaaaaa", .name = "Anna", .pictured = TRUE, .speaking = TRUE };
  g_autoptr (CvCanvas) a = draw (&quiet), b = draw (&loud);
  g_assert_cmpuint (get_luma (a, 160, 60), ==, 235);
  g_assert_cmpuint (get_luma (a, 0, 0), <, 40);     /* a corner */
  g_assert_cmpuint (get_luma (a, 160, 1), ==, 235); /* no ring */
  g_assert_cmpuint (get_luma (b, 160, 1), <, 200);
  g_assert_cmpuint (get_luma (a, 14, 165), <, 200); /* the name's ground */
}

static void
test_empty (void)
{
  const CvPortrait empty = { .id = "paaaaaaaaaaaa", .name = "Anna", .muted = TRUE },
                   more = { .id = "", .name = "", .more = 7 };
  g_autoptr (CvCanvas) a = draw (&empty), b = draw (&more);
  for (guint y = 0; y < all.height; y += 3)
    for (guint x = 0; x < all.width; x += 80)
      g_assert_cmpuint (get_luma (a, x, y), <, 235);
  g_assert_cmpuint (get_luma (b, 20, 20), <, 60);
}

static void
test_notice (void)
{
  g_autoptr (CvOverlay) overlay = cv_portrait_notice ("Nobody is here", all.width, all.height);
  g_autoptr (CvCanvas) canvas = cv_canvas_new (all.width, all.height);
  guint bright = 0;
  cv_canvas_fill (canvas, &all, 0xffffff);
  cv_canvas_blend (canvas, overlay, 0, 0);
  g_assert_cmpuint (get_luma (canvas, 2, 2), <, 40);
  for (guint x = 0; x < all.width; x++)
    for (guint y = 80; y < 100; y++)
      bright += get_luma (canvas, x, y) > 120 ? 1 : 0;
  g_assert_cmpuint (bright, >, 50);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/portrait/pictured", test_pictured);
  g_test_add_func ("/portrait/empty", test_empty);
  g_test_add_func ("/portrait/notice", test_notice);
  return g_test_run ();
}
