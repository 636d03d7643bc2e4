/* See tone.h. */
#include "lib/tone.h"

#include <math.h>

void
cv_test_tone_write (gint16 *samples, gsize n, double hertz, double amplitude, gsize at)
{
  for (gsize i = 0; i < n; i++)
    samples[i] = (gint16) (32767.0 * amplitude * sin (2 * G_PI * hertz * (double) (at + i) / CV_TEST_TONE_RATE));
}

double
cv_test_tone_level (const gint16 *samples, gsize n, double hertz)
{
  double real = 0, imaginary = 0;
  for (gsize i = 0; i < n; i++) {
    double angle = 2 * G_PI * hertz * (double) i / CV_TEST_TONE_RATE;
    real += samples[i] * cos (angle);
    imaginary += samples[i] * sin (angle);
  }
  return 20 * log10 (2 * hypot (real, imaginary) / (double) n / 32767.0 + 1e-9);
}

gint
cv_test_tone_step (const gint16 *samples, gsize n)
{
  gint largest = 0;
  for (gsize i = 1; i < n; i++)
    largest = MAX (largest, ABS (samples[i] - samples[i - 1]));
  return largest;
}
