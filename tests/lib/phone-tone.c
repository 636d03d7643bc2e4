/* See phone-tone.h: tone.h, whose time is that of 48 kHz. */
#include "lib/phone-tone.h"

#include "lib/tone.h"

void
cv_test_phone_tone (gint16 *samples, gsize n, double hertz, double amplitude, gsize at, guint rate)
{
  cv_test_tone_write (samples, n, hertz * CV_TEST_TONE_RATE / rate, amplitude, at);
}

double
cv_test_phone_level (const gint16 *samples, gsize n, double hertz, guint rate)
{
  return cv_test_tone_level (samples, n, hertz * CV_TEST_TONE_RATE / rate);
}
