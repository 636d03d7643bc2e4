/* See trend.h. The constants are those of draft-ietf-rmcat-gcc-02 5.3–5.5 where it has them, else libwebrtc's. */
#include "media/trend.h"

#include <math.h>

#define BURST_US 5000
#define MAX_BURST_US 100000
#define SILENCE_US (2 * G_USEC_PER_SEC) /* after that the path is another */
#define MAX_REORDERED 3
#define SMOOTHING 0.9
#define GAIN 4.0
#define MAX_GROUPS 60 /* groups by which the slope is scaled at most */
#define THRESHOLD_MS 12.5
#define MIN_THRESHOLD_MS 6.0
#define MAX_THRESHOLD_MS 600.0
#define MAX_ADAPT_OFFSET_MS 15.0
#define MAX_ADAPT_MS 100.0
#define THRESHOLD_UP 0.0087
#define THRESHOLD_DOWN 0.039
#define OVERUSE_MS 10.0
/* what a stranger's clock may say between two groups and still be taken for a time */
#define MAX_DELTA_US (60 * G_USEC_PER_SEC)

static void
forget (CvTrend *self)
{
  self->current.used = self->previous.used = FALSE;
  self->reordered = self->n = self->at = self->overuses = 0;
  self->sum_ms = self->smooth_ms = self->slope = 0;
  self->overusing_ms = -1;
  self->state = CV_TREND_NORMAL;
}

void
cv_trend_init (CvTrend *self)
{
  *self = (CvTrend){ .threshold = THRESHOLD_MS };
  forget (self);
}

/* The slope of delay over arrival, by least squares; 0 where all came at once. */
static double
fit (const CvTrend *self)
{
  double x = 0, y = 0, above = 0, below = 0;
  for (guint i = 0; i < CV_TREND_WINDOW; i++) {
    x += self->arrival_ms[i] / CV_TREND_WINDOW;
    y += self->delay_ms[i] / CV_TREND_WINDOW;
  }
  for (guint i = 0; i < CV_TREND_WINDOW; i++) {
    above += (self->arrival_ms[i] - x) * (self->delay_ms[i] - y);
    below += (self->arrival_ms[i] - x) * (self->arrival_ms[i] - x);
  }
  return below > 0 ? above / below : self->slope;
}

/* Slow upwards and fast downwards, so that a flow that fills queues does not starve us and jitter does not stop us. */
static void
adapt (CvTrend *self, double trend, double elapsed_ms)
{
  double distance = fabs (trend) - self->threshold;
  if (distance > MAX_ADAPT_OFFSET_MS)
    return;
  double k = distance < 0 ? THRESHOLD_DOWN : THRESHOLD_UP;
  self->threshold += k * distance * CLAMP (elapsed_ms, 0, MAX_ADAPT_MS);
  self->threshold = CLAMP (self->threshold, MIN_THRESHOLD_MS, MAX_THRESHOLD_MS);
}

static void
detect (CvTrend *self, double slope, double sent_ms, double elapsed_ms)
{
  double trend = MIN (self->n, MAX_GROUPS) * slope * GAIN;
  if (trend > self->threshold) {
    self->overusing_ms = self->overusing_ms < 0 ? sent_ms / 2 : self->overusing_ms + sent_ms;
    self->overuses++;
    if (self->overusing_ms > OVERUSE_MS && self->overuses > 1 && slope >= self->slope) {
      self->overusing_ms = 0;
      self->overuses = 0;
      self->state = CV_TREND_OVERUSE;
    }
  } else {
    self->overusing_ms = -1;
    self->overuses = 0;
    self->state = trend < -self->threshold ? CV_TREND_UNDERUSE : CV_TREND_NORMAL;
  }
  self->slope = slope;
  adapt (self, trend, elapsed_ms);
}

/* The current group is complete. */
static void
compare_groups (CvTrend *self)
{
  const CvTrendGroup *a = &self->previous, *b = &self->current;
  gint64 sent = b->sent - a->sent, arrival = b->arrival - a->arrival;
  if (arrival < 0) {
    if (++self->reordered >= MAX_REORDERED)
      forget (self);
    return;
  }
  if (arrival > MAX_DELTA_US || sent > SILENCE_US) {
    forget (self);
    return;
  }
  self->reordered = 0;
  if (self->n == 0)
    self->start = a->arrival;
  self->n = MIN (self->n + 1, 1000);
  self->sum_ms += (double) (arrival - sent) / 1000;
  self->smooth_ms = SMOOTHING * self->smooth_ms + (1 - SMOOTHING) * self->sum_ms;
  self->arrival_ms[self->at] = (double) (b->arrival - self->start) / 1000;
  self->delay_ms[self->at] = self->smooth_ms;
  self->at = (self->at + 1) % CV_TREND_WINDOW;
  detect (self, self->n < CV_TREND_WINDOW ? self->slope : fit (self), (double) sent / 1000, (double) arrival / 1000);
}

static gboolean
belongs (const CvTrendGroup *group, gint64 sent_us, gint64 arrival_us)
{
  gint64 arrival = arrival_us - group->arrival, sent = sent_us - group->sent;
  if (sent_us - group->first_sent <= BURST_US || sent == 0)
    return TRUE;
  /* waited together somewhere, as on Wi-Fi, and came at once */
  return arrival < sent && ABS (arrival) <= BURST_US && arrival_us - group->first_arrival < MAX_BURST_US;
}

CvTrendState
cv_trend_add (CvTrend *self, gint64 sent_us, gint64 arrival_us)
{
  CvTrendGroup *group = &self->current;
  if (group->used && sent_us < group->first_sent)
    return self->state;
  if (group->used && belongs (group, sent_us, arrival_us)) {
    group->sent = MAX (group->sent, sent_us);
    group->arrival = MAX (group->arrival, arrival_us);
    return self->state;
  }
  if (group->used && self->previous.used)
    compare_groups (self);
  self->previous = *group;
  *group = (CvTrendGroup){ sent_us, sent_us, arrival_us, arrival_us, TRUE };
  return self->state;
}
