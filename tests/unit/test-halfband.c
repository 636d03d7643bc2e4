/* What passes, what does not, and that pieces join without a seam. */
#include "sip/halfband.h"

#include "lib/phone-tone.h"

#define NARROW 8000
#define WIDE 16000

static void
test_up (void)
{
  static const double tones[] = { 300, 1000, 2000, 3000, 3380 };
  for (guint t = 0; t < G_N_ELEMENTS (tones); t++) {
    CvHalfbandUp up = { 0 };
    g_autofree gint16 *in = g_new (gint16, NARROW), *out = g_new (gint16, WIDE);
    cv_test_phone_tone (in, NARROW, tones[t], 0.5, 0, NARROW);
    for (guint i = 0; i < NARROW; i += 160)
      cv_halfband_up (&up, in + i, 160, out + 2 * i);
    g_assert_cmpfloat_with_epsilon (cv_test_phone_level (out + 1600, 8000, tones[t], WIDE), -6.02, 0.1);
    g_assert_cmpfloat (cv_test_phone_level (out + 1600, 8000, NARROW - tones[t], WIDE), <, -60); /* its image */
  }
}

static void
test_down (void)
{
  for (guint hertz = 500; hertz < 8000; hertz += 500) {
    CvHalfbandDown down = { 0 };
    g_autofree gint16 *in = g_new (gint16, WIDE), *out = g_new (gint16, NARROW);
    cv_test_phone_tone (in, WIDE, hertz, 0.5, 0, WIDE);
    for (guint i = 0; i < NARROW; i += 160)
      cv_halfband_down (&down, in + 2 * i, 160, out + i);
    double level = cv_test_phone_level (out + 800, 4000, hertz < 4000 ? hertz : 8000 - hertz, NARROW);
    if (hertz < 3400)
      g_assert_cmpfloat_with_epsilon (level, -6.02, 0.1);
    if (hertz > 4600)
      g_assert_cmpfloat (level, <, -60);
  }
}

/* Full scale does not wrap. */
static void
test_extremes (void)
{
  CvHalfbandUp up = { 0 };
  CvHalfbandDown down = { 0 };
  gint16 in[160], out[320];
  for (guint i = 0; i < 160; i++)
    in[i] = i / 2 % 2 == 0 ? G_MAXINT16 : G_MININT16;
  cv_halfband_up (&up, in, 160, out);
  cv_halfband_down (&down, out, 160, in);
  for (guint i = 60; i < 160; i++)
    g_assert_cmpint (ABS (in[i]), >, 20000);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/halfband/up", test_up);
  g_test_add_func ("/halfband/down", test_down);
  g_test_add_func ("/halfband/extremes", test_extremes);
  return g_test_run ();
}
