/* See histogram.h. The unit is 128 ns; the first 32 bins are linear. */
#include "rtc/histogram.h"

#define UNIT_BITS 7
#define STEPS 32

void
cv_rtc_histogram_add (CvRtcHistogram *self, guint64 ns)
{
  guint64 value = ns >> UNIT_BITS;
  guint64 bin = value;
  if (value >= STEPS) {
    int octave = 63 - __builtin_clzll (value);
    bin = (guint64) (octave - 4) * STEPS + (value >> (octave - 5) & (STEPS - 1));
  }
  self->bins[MIN (bin, CV_RTC_HISTOGRAM_BINS - 1)]++;
  self->n++;
  self->sum += ns;
  self->max = MAX (self->max, ns);
}

/* The middle of a bin, ns. */
static double
middle (guint bin)
{
  if (bin < STEPS)
    return (bin + 0.5) * (1 << UNIT_BITS);
  guint shift = bin / STEPS - 1;
  double low = (double) ((guint64) (STEPS + bin % STEPS) << shift);
  return (low + (double) (G_GUINT64_CONSTANT (1) << shift) / 2) * (1 << UNIT_BITS);
}

double
cv_rtc_histogram_quantile (const CvRtcHistogram *self, double share)
{
  guint64 wanted = (guint64) ((double) self->n * share), seen = 0;
  if (self->n == 0)
    return 0;
  for (guint bin = 0; bin < CV_RTC_HISTOGRAM_BINS; bin++) {
    seen += self->bins[bin];
    if (seen > wanted)
      return MIN (middle (bin), (double) self->max);
  }
  return (double) self->max;
}
