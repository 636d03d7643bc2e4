/* See halfband.h. */
#include "sip/halfband.h"

#include <math.h>
#include <string.h>

#define KAISER_BETA 5.65 /* -60 dB */

/* Of the taps beside the middle, which is 1/2: those at odd distances; the others are zero. Together 1/2. */
static float taps[CV_HALFBAND_TAPS];

static double
bessel (double x)
{
  double sum = 1, term = 1;
  for (guint k = 1; k < 30; k++) {
    term *= x / (2.0 * k) * (x / (2.0 * k));
    sum += term;
  }
  return sum;
}

static const float *
get_taps (void)
{
  static gsize made;
  if (g_once_init_enter (&made)) {
    double sum = 0, raw[CV_HALFBAND_TAPS];
    for (guint k = 0; k < CV_HALFBAND_TAPS; k++) {
      double at = 2.0 * k + 1, edge = at / (2.0 * CV_HALFBAND_TAPS);
      raw[k] =
        (k % 2 == 0 ? 1 : -1) / (G_PI * at) * bessel (KAISER_BETA * sqrt (1 - edge * edge)) / bessel (KAISER_BETA);
      sum += 2 * raw[k];
    }
    for (guint k = 0; k < CV_HALFBAND_TAPS; k++)
      taps[k] = (float) (raw[k] * 0.5 / sum);
    g_once_init_leave (&made, 1);
  }
  return taps;
}

static gint16
to_sample (float value)
{
  value = CLAMP (value, -32768.0f, 32767.0f);
  return (gint16) (value + (value < 0 ? -0.5f : 0.5f)); /* not lrintf(): a loop of it would be no vectors */
}

/* What came before, and what comes now, in one row. */
static void
lay_out (float *row, float *past, gsize n_past, const gint16 *in, gsize n)
{
  memcpy (row, past, n_past * sizeof *row);
  for (gsize i = 0; i < n; i++)
    row[n_past + i] = in[i];
  memcpy (past, row + n, n_past * sizeof *past);
}

void
cv_halfband_up (CvHalfbandUp *self, const gint16 *in, gsize n, gint16 *out)
{
  float row[2 * CV_HALFBAND_TAPS - 1 + CV_HALFBAND_MAX / 2], between[CV_HALFBAND_MAX / 2];
  const float *tap = get_taps ();
  g_return_if_fail (n <= CV_HALFBAND_MAX / 2);
  lay_out (row, self->past, G_N_ELEMENTS (self->past), in, n);
  memset (between, 0, n * sizeof *between);
  for (guint k = 0; k < CV_HALFBAND_TAPS; k++)
    for (gsize i = 0; i < n; i++)
      between[i] += 2 * tap[k] * (row[i + CV_HALFBAND_TAPS - 1 - k] + row[i + CV_HALFBAND_TAPS + k]);
  for (gsize i = 0; i < n; i++) {
    out[2 * i] = to_sample (row[i + CV_HALFBAND_TAPS - 1]);
    out[2 * i + 1] = to_sample (between[i]);
  }
}

void
cv_halfband_down (CvHalfbandDown *self, const gint16 *in, gsize n, gint16 *out)
{
  float row[4 * CV_HALFBAND_TAPS - 2 + CV_HALFBAND_MAX], sum[CV_HALFBAND_MAX / 2], odd[CV_HALFBAND_MAX / 2 + 24];
  const float *tap = get_taps ();
  g_return_if_fail (n <= CV_HALFBAND_MAX / 2);
  lay_out (row, self->past, G_N_ELEMENTS (self->past), in, 2 * n);
  /* The neighbours at odd distances of even places stand together. */
  for (gsize i = 0; i < n + 2 * CV_HALFBAND_TAPS - 1; i++)
    odd[i] = row[2 * i + 1];
  for (gsize i = 0; i < n; i++)
    sum[i] = 0.5f * row[2 * i + 2 * CV_HALFBAND_TAPS];
  for (guint k = 0; k < CV_HALFBAND_TAPS; k++)
    for (gsize i = 0; i < n; i++)
      sum[i] += tap[k] * (odd[i + CV_HALFBAND_TAPS - 1 - k] + odd[i + CV_HALFBAND_TAPS + k]);
  for (gsize i = 0; i < n; i++)
    out[i] = to_sample (sum[i]);
}
