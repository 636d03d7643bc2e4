/* Whether the queue on a path grows: the trendline filter and overuse detector of Google congestion control.
 *
 * A plain struct inside its owner; any thread; time is what packets bring. Knows no rate.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_TREND_WINDOW 20

typedef enum { CV_TREND_NORMAL, CV_TREND_OVERUSE, CV_TREND_UNDERUSE } CvTrendState;

/* Packets sent within 5 ms, or that arrived as one burst. */
typedef struct {
  gint64 first_sent, sent;
  gint64 first_arrival, arrival;
  gboolean used;
} CvTrendGroup;

typedef struct {
  CvTrendGroup current, previous;
  guint reordered;
  double arrival_ms[CV_TREND_WINDOW], delay_ms[CV_TREND_WINDOW]; /* the last groups; delay is summed up and smoothed */
  guint n;                                                       /* groups ever, up to a bound */
  guint at;
  gint64 start; /* arrival that arrival_ms counts from */
  double sum_ms, smooth_ms;
  double slope;        /* of the last fit, to see whether it still rises */
  double threshold;    /* adapts to the path's jitter */
  double overusing_ms; /* for how long the trend is above it; < 0: it is not */
  guint overuses;
  CvTrendState state;
} CvTrend;

void cv_trend_init (CvTrend *self);
/* A packet that came; in order of sending. Times in µs, by two clocks. Returns the state after it. */
CvTrendState cv_trend_add (CvTrend *self, gint64 sent_us, gint64 arrival_us);

G_END_DECLS
