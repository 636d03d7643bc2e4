/* Times, counted in steps of 1/32 octave: what percentiles need, in 4 KiB. No state besides; knows no unit but ns. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_RTC_HISTOGRAM_BINS 1024

typedef struct {
  guint64 n, sum, max;
  guint32 bins[CV_RTC_HISTOGRAM_BINS];
} CvRtcHistogram;

void cv_rtc_histogram_add (CvRtcHistogram *self, guint64 ns);
/* The value, in ns, that this share (0…1) of all stay below; 0 where there are none. */
double cv_rtc_histogram_quantile (const CvRtcHistogram *self, double share);

G_END_DECLS
