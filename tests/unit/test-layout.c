/* Boxes lie inside, apart, even and in line, whatever the size. */
#include "render/layout.h"

static const guint sizes[][2] = { { 1280, 720 }, { 640, 360 }, { 1920, 1080 },
                                  { 720, 1280 }, { 160, 160 }, { 3840, 160 } };

static void
assert_good (const CvBox *boxes, guint n, guint width, guint height)
{
  for (guint i = 0; i < n; i++) {
    const CvBox *a = &boxes[i];
    g_assert_cmpuint ((a->x | a->y | a->width | a->height) & 1, ==, 0);
    g_assert_cmpuint (a->width, >=, 2);
    g_assert_cmpuint (a->height, >=, 2);
    g_assert_cmpuint (a->x + a->width, <=, width);
    g_assert_cmpuint (a->y + a->height, <=, height);
    for (guint k = 0; k < i; k++) {
      const CvBox *b = &boxes[k];
      g_assert_true (a->x >= b->x + b->width || b->x >= a->x + a->width || a->y >= b->y + b->height ||
                     b->y >= a->y + a->height);
    }
  }
}

static void
test_grid (void)
{
  CvBox boxes[CV_LAYOUT_MAX_GRID];
  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (guint n = 1; n <= CV_LAYOUT_MAX_GRID; n++) {
      cv_layout_grid (sizes[s][0], sizes[s][1], n, boxes);
      assert_good (boxes, n, sizes[s][0], sizes[s][1]);
      for (guint i = 1; i < n; i++) {
        g_assert_cmpuint (boxes[i].width, ==, boxes[0].width);
        g_assert_cmpuint (boxes[i].height, ==, boxes[0].height);
      }
    }
  cv_layout_grid (1280, 720, 4, boxes);
  g_assert_cmpuint (boxes[1].y, ==, boxes[0].y);
  g_assert_cmpuint (boxes[2].x, ==, boxes[0].x);
  g_assert_cmpuint (boxes[1].x - boxes[0].x - boxes[0].width, ==, cv_layout_gutter (720));
  g_assert_cmpuint (boxes[0].width * boxes[0].height * 4, >, 1280 * 720 * 8 / 10); /* most of it is picture */
}

static void
test_large (void)
{
  CvBox boxes[CV_LAYOUT_MAX_STRIP + 1];
  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (guint n = 0; n <= 20; n++) {
      guint width = sizes[s][0], height = sizes[s][1], shown = cv_layout_speaker (width, height, n, boxes);
      g_assert_cmpuint (shown, <=, n);
      assert_good (boxes, shown + 1, width, height);
      shown = cv_layout_presentation (width, height, 1.6, n, boxes);
      g_assert_cmpuint (shown, <=, CV_LAYOUT_MAX_STRIP);
      assert_good (boxes, shown + 1, width, height);
    }
  g_assert_cmpuint (cv_layout_presentation (1280, 720, 16.0 / 10, 3, boxes), ==, 3);
  g_assert_cmpint (ABS ((int) boxes[0].width * 10 - (int) boxes[0].height * 16), <=, 40);
  g_assert_cmpuint (boxes[1].x, >=, boxes[0].x + boxes[0].width);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/grid", test_grid);
  g_test_add_func ("/layout/large", test_large);
  return g_test_run ();
}
