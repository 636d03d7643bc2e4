/* Planes of other sizes: means stay, edges are where they should be. */
#include "render/scaler.h"

#include <string.h>

static guint8 *
scale (const guint8 *from, guint w, guint h, guint to_w, guint to_h)
{
  guint8 *to = g_malloc0 ((gsize) to_w * to_h);
  g_autoptr (CvScaler) scaler = cv_scaler_new (w, h, to_w, to_h);
  g_assert_true (cv_scaler_fits (scaler, w, h, to_w, to_h));
  g_assert_false (cv_scaler_fits (scaler, w, h, to_w, to_h + 1));
  cv_scaler_run (scaler, from, w, to, to_w);
  return to;
}

static void
test_flat (void)
{
  static const guint sizes[][4] = { { 64, 36, 32, 18 },  { 64, 36, 17, 11 }, { 64, 36, 64, 36 },
                                    { 64, 36, 100, 80 }, { 1, 1, 9, 7 },     { 640, 480, 3, 1 } };
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    const guint *size = sizes[i];
    g_autofree guint8 *from = g_malloc ((gsize) size[0] * size[1]);
    memset (from, 255, (gsize) size[0] * size[1]);
    g_autofree guint8 *to = scale (from, size[0], size[1], size[2], size[3]);
    for (guint k = 0; k < size[2] * size[3]; k++)
      g_assert_cmpuint (to[k], ==, 255);
  }
}

static void
test_halves (void)
{
  const guint8 from[] = { 0, 100, 200, 200, 100, 200, 200, 200 };
  g_autofree guint8 *to = scale (from, 4, 2, 2, 1);
  g_assert_cmpuint (to[0], ==, 100);
  g_assert_cmpuint (to[1], ==, 200);
}

static void
test_thirds (void)
{
  const guint8 from[] = { 30, 60, 90, 120, 150, 180 };
  g_autofree guint8 *to = scale (from, 6, 1, 2, 1), *wide = scale (from, 6, 1, 12, 1);
  g_assert_cmpint (ABS (to[0] - 60), <=, 1);
  g_assert_cmpint (ABS (to[1] - 150), <=, 1);
  for (guint i = 1; i < 12; i++)
    g_assert_cmpuint (wide[i], >=, wide[i - 1]);
  g_assert_cmpuint (wide[0], ==, 30);
  g_assert_cmpuint (wide[11], ==, 180);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scaler/flat", test_flat);
  g_test_add_func ("/scaler/halves", test_halves);
  g_test_add_func ("/scaler/thirds", test_thirds);
  return g_test_run ();
}
