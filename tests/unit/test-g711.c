/* Every code and every sample, against another implementation of the same law. */
#include "sip/g711.h"

#include <spandsp.h>

static void
test_decode (void)
{
  for (guint code = 0; code < 256; code++) {
    g_assert_cmpint (cv_g711_decode_ulaw ((guint8) code), ==, ulaw_to_linear ((uint8_t) code));
    g_assert_cmpint (cv_g711_decode_alaw ((guint8) code), ==, alaw_to_linear ((uint8_t) code));
  }
}

/* No code is nearer than the one that was taken by more than a step of rounding; and codes come back as they were. */
static void
test_encode (void)
{
  for (gint sample = G_MININT16; sample <= G_MAXINT16; sample++) {
    guint8 ulaw = cv_g711_encode_ulaw ((gint16) sample), alaw = cv_g711_encode_alaw ((gint16) sample);
    gint u = cv_g711_decode_ulaw (ulaw), a = cv_g711_decode_alaw (alaw);
    g_assert_cmpint (ABS (u - sample), <=, ABS (sample) / 32 + 8 + (ABS (sample) > 32124 ? 640 : 0));
    g_assert_cmpint (ABS (a - sample), <=, ABS (sample) / 32 + 9);
    g_assert_cmpint (cv_g711_decode_ulaw (cv_g711_encode_ulaw ((gint16) u)), ==, u);
    g_assert_cmpint (cv_g711_encode_alaw ((gint16) a), ==, alaw);
  }
  g_assert_cmphex (cv_g711_encode_ulaw (0), ==, 0xff);
  g_assert_cmphex (cv_g711_encode_alaw (0), ==, 0xd5);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/g711/decode", test_decode);
  g_test_add_func ("/g711/encode", test_encode);
  return g_test_run ();
}
