/* See bandwidth.h. The rate is the smaller one of two: what queues say (trend, aimd, backlog) and what losses say (here).
 *
 * Wi-Fi loses some packets whatever is sent: up to LOSS_HIGH that costs a dip now and then, and what comes through of probes
 * still lifts the rate. Beyond, the rate falls until less is lost or nothing is left to take.
 */
#include "media/bandwidth.h"
#include "media/aimd.h"
#include "media/backlog.h"

#include <math.h>

/* Losses are counted over that many packets and that long at least. */
#define LOSS_PACKETS 20
#define LOSS_US (500 * 1000)
#define LOSS_WEIGHT 0.3
/* draft-ietf-rmcat-gcc-02 6 */
#define LOSS_HIGH 0.10
#define LOSS_LOW 0.02
#define LOSS_PAUSE_US 300000
#define LOSS_GROWTH 1.08
/* Between the two it may be the radio that loses or a short queue that is full. Less is sent for a while: if less is lost
 * then, it was ours, and the rate stays there for a time. */
#define DIP_AFTER_US (3 * G_USEC_PER_SEC)
#define DIP_US (2 * G_USEC_PER_SEC)
#define DIP_EVERY_US (20 * G_USEC_PER_SEC)
#define DIP_MARGIN 0.03
#define DIP_PACKETS 60
#define DIP_HELPED 0.3 /* of the losses before are left, at most */
/* a limit that far above the rate says nothing */
#define NO_LIMIT 2.0
/* Rates of what was sent and of what came are measured over windows; the first one is longer. */
#define WINDOW_US 150000
#define FIRST_WINDOW_US 500000
#define SURPRISE 10.0 /* how little a sample counts that is far from what was expected */
#define DRIFT 5.0
/* so many samples in a row below that part of what was expected are no surprise any more */
#define FALLEN 0.6
#define FALLEN_SAMPLES 3
#define RTT_WEIGHT 0.2
#define MAX_RTT_US (10 * G_USEC_PER_SEC)
#define SILENCE_US G_USEC_PER_SEC
/* A queue that stands longer than that is emptied within a second, or two where it is long; after so many attempts it is
 * taken for somebody else's. Only where it is as short as the second one was it ours, and is gone. */
#define BACKLOG_US 80000
#define BACKLOG_GONE_US 40000
#define BACKLOG_ATTEMPTS 3
#define DRAIN_MOST 0.5
#define DRAIN_LEAST 0.85
/* A probe that asked too much leaves a short queue behind, which says nothing about the rate. */
#define CALM_US 150000

/* A rate, measured as libwebrtc's BitrateEstimator does: steady, and quick where much has changed. */
typedef struct {
  double kbps, variance; /* < 0: not known */
  gint64 last, elapsed;
  double bytes;
  guint fallen;
} Meter;

struct _CvBandwidth {
  CvTrend trend;
  CvAimd aimd;
  CvProber prober;
  CvBacklog backlog;
  Meter sent, acked;
  double start, min, max;
  double limit; /* by losses, bit/s; < 0: none */
  double loss;  /* smoothed */
  guint packets, lost;
  gint64 loss_at, loss_reduced;
  gint64 rtt;
  struct {
    gint64 lossy_since, next_at, until, hold_until; /* lossy_since, until: 0: not now */
    double loss, limit;                             /* before */
    guint packets, lost;
  } dip;
  guint silences;
  guint drains; /* in a row */
  gint64 drained;
  gint64 calm_until;
  guint last_probe; /* whose result was taken, and which */
  double last_result;
};
G_STATIC_ASSERT (sizeof (CvBandwidth) <= 2048);

/* `self` is zero but for what it was made with. */
static void
begin (CvBandwidth *self, double probed_to)
{
  cv_trend_init (&self->trend);
  cv_aimd_init (&self->aimd, self->start, self->min, self->max);
  cv_prober_init (&self->prober, probed_to);
  self->sent = self->acked = (Meter){ .kbps = -1, .variance = 50 };
  self->limit = -1;
  self->rtt = -1;
  self->drained = self->loss_reduced = -MAX_RTT_US;
}

CvBandwidth *
cv_bandwidth_new (guint start_bps, guint min_bps, guint max_bps)
{
  CvBandwidth *self = g_new0 (CvBandwidth, 1);
  self->start = start_bps;
  self->min = min_bps;
  self->max = MAX (max_bps, min_bps);
  begin (self, self->max);
  return self;
}

void
cv_bandwidth_free (CvBandwidth *self)
{
  g_free (self);
}

static void
meter_sample (Meter *self, double kbps)
{
  self->fallen = kbps < FALLEN * self->kbps ? self->fallen + 1 : 0;
  if (self->kbps < 0 || self->fallen == FALLEN_SAMPLES) {
    self->kbps = kbps;
    self->fallen = 0;
    return;
  }
  double surprise = SURPRISE * fabs (self->kbps - kbps) / MAX (self->kbps, 1);
  double variance = surprise * surprise, predicted = self->variance + DRIFT;
  self->kbps = (variance * self->kbps + predicted * kbps) / (variance + predicted);
  self->variance = variance * predicted / (variance + predicted);
}

static void
meter_add (Meter *self, gint64 at_us, guint bytes)
{
  gint64 window = self->kbps < 0 ? FIRST_WINDOW_US : WINDOW_US;
  gint64 passed = self->last == 0 ? 0 : MAX (0, at_us - self->last);
  self->elapsed += passed;
  if (passed > window) { /* nothing was sent: that says nothing about the path */
    self->bytes = 0;
    self->elapsed %= window;
  }
  self->last = MAX (self->last, at_us);
  if (self->elapsed >= window) {
    meter_sample (self, 8.0 * self->bytes * 1000 / (double) window);
    self->elapsed -= window;
    self->bytes = 0;
  }
  self->bytes += bytes;
}

static double
meter_get (const Meter *self)
{
  return self->kbps < 0 ? -1 : self->kbps * 1000;
}

static double
get_rate (const CvBandwidth *self)
{
  return self->limit < 0 ? self->aimd.rate : MIN (self->aimd.rate, self->limit);
}

static void
reduce_by_loss (CvBandwidth *self, double loss, gint64 now_us)
{
  double before = get_rate (self);
  if (now_us - self->loss_reduced < LOSS_PAUSE_US + MAX (0, self->rtt))
    return;
  self->loss_reduced = now_us;
  self->limit = MAX (before * (1 - loss / 2), self->aimd.min);
  cv_prober_hold (&self->prober, now_us);
  cv_prober_fell (&self->prober, before, self->limit, now_us);
}

static void
start_dip (CvBandwidth *self, double loss, gint64 now_us)
{
  self->dip.loss = loss;
  self->dip.limit = self->limit;
  self->dip.packets = self->dip.lost = 0;
  self->dip.until = now_us + DIP_US + MAX (0, self->rtt);
  self->dip.next_at = now_us + DIP_EVERY_US;
  self->limit = MAX (get_rate (self) * (1 - loss - DIP_MARGIN), self->aimd.min);
}

static void
end_dip (CvBandwidth *self, gint64 now_us)
{
  self->dip.until = self->dip.lossy_since = 0;
  if (self->dip.packets >= DIP_PACKETS && self->dip.lost < DIP_HELPED * self->dip.loss * self->dip.packets)
    self->dip.hold_until = self->dip.next_at;
  else
    self->limit = MAX (self->limit, self->dip.limit);
}

/* Losses that are neither few nor many. TRUE: the limit stays as it is. */
static gboolean
update_dip (CvBandwidth *self, double loss, gint64 now_us)
{
  gboolean lossy = loss > LOSS_LOW && loss <= LOSS_HIGH;
  if (loss > LOSS_HIGH)
    self->dip.until = self->dip.hold_until = 0;
  if (self->dip.until != 0) {
    if (now_us >= self->dip.until)
      end_dip (self, now_us);
    return TRUE;
  }
  if (now_us < self->dip.hold_until) {
    cv_prober_hold (&self->prober, now_us);
    return TRUE;
  }
  if (!lossy)
    self->dip.lossy_since = 0;
  else if (self->dip.lossy_since == 0)
    self->dip.lossy_since = now_us;
  else if (now_us - self->dip.lossy_since > DIP_AFTER_US && now_us >= self->dip.next_at)
    start_dip (self, loss, now_us);
  return self->dip.until != 0;
}

/* Both the last losses and those before count: a full queue overflows once, and radio loses now and then. */
static void
update_loss (CvBandwidth *self, gint64 now_us)
{
  gint64 elapsed = now_us - self->loss_at;
  if (self->loss_at == 0 || now_us - self->drained < LOSS_US + MAX (0, self->rtt)) {
    self->loss_at = now_us;
    self->packets = self->lost = 0;
  }
  if (self->packets < LOSS_PACKETS || elapsed < LOSS_US || self->loss_at == now_us)
    return;
  double last = (double) self->lost / self->packets;
  self->loss += LOSS_WEIGHT * (last - self->loss);
  if (now_us > self->dip.until - DIP_US) { /* what was sent before the dip does not count */
    self->dip.packets += self->packets;
    self->dip.lost += self->lost;
  }
  self->packets = self->lost = 0;
  self->loss_at = now_us;

  double loss = MIN (last, self->loss);
  if (loss <= LOSS_HIGH && loss > LOSS_LOW && self->limit < 0)
    self->limit = self->aimd.rate;
  if (update_dip (self, loss, now_us))
    return;
  if (loss > LOSS_HIGH) {
    reduce_by_loss (self, loss, now_us);
  } else if (loss <= LOSS_LOW && self->limit >= 0) {
    self->limit *= pow (LOSS_GROWTH, MIN ((double) elapsed / G_USEC_PER_SEC, 1));
    if (self->limit > NO_LIMIT * self->aimd.rate)
      self->limit = -1;
  }
}

/* What came through of a probe did so whatever is lost otherwise: below LOSS_HIGH it lifts both limits. */
static void
take_result (CvBandwidth *self, guint number, gint64 now_us)
{
  double result = cv_prober_get_result (&self->prober, number);
  if (result <= 0 || self->trend.state == CV_TREND_OVERUSE || self->loss > LOSS_HIGH)
    return;
  if (number == self->last_probe && result <= self->last_result)
    return;
  self->last_probe = number;
  self->last_result = result;
  if (result <= get_rate (self))
    return;
  if (self->limit >= 0)
    self->limit = MAX (self->limit, result);
  if (result > self->aimd.rate)
    cv_aimd_set (&self->aimd, result, now_us);
  self->acked.kbps = MAX (self->acked.kbps, result / 1000);
  if (cv_prober_found_open (&self->prober, number))
    cv_prober_succeeded (&self->prober, result);
}

static void
drain (CvBandwidth *self, gint64 now_us)
{
  gint64 standing = self->backlog.standing;
  double before = get_rate (self), acked = meter_get (&self->acked);
  if (standing < BACKLOG_GONE_US)
    self->drains = 0;
  if (standing < BACKLOG_US)
    return;
  if (acked < 0 || now_us - self->drained < G_USEC_PER_SEC + MAX (0, self->rtt))
    return;
  if (self->drains++ == BACKLOG_ATTEMPTS) {
    self->drains = 0;
    cv_backlog_accept (&self->backlog);
    return;
  }
  /* what was lost, was lost to that queue */
  self->limit = -1;
  self->loss = 0;
  double rate = acked * CLAMP (1 - (double) standing / G_USEC_PER_SEC, DRAIN_MOST, DRAIN_LEAST);
  self->drained = now_us;
  cv_prober_hold (&self->prober, now_us);
  if (rate < before) {
    cv_aimd_set (&self->aimd, rate, now_us);
    cv_prober_fell (&self->prober, before, rate, now_us);
  }
}

/* The way there and back without the time that the other waited with its feedback. */
static void
update_rtt (CvBandwidth *self, const CvTwccResult *results, guint n, gint64 now_us)
{
  gint64 last = G_MININT64, rtt = MAX_RTT_US;
  for (guint i = 0; i < n; i++)
    if (!results[i].lost)
      last = MAX (last, results[i].arrival_us);
  for (guint i = 0; i < n; i++)
    if (!results[i].lost && !results[i].late)
      rtt = MIN (rtt, now_us - results[i].sent_us - (last - results[i].arrival_us));
  if (rtt < 0 || rtt == MAX_RTT_US)
    return;
  self->rtt = self->rtt < 0 ? rtt : self->rtt + (gint64) (RTT_WEIGHT * (double) (rtt - self->rtt));
}

static void
add_packet (CvBandwidth *self, const CvTwccResult *result, gint64 now_us)
{
  self->packets += !result->late;
  self->lost += result->lost;
  self->lost -= result->late && self->lost > 0;
  if (!result->late)
    meter_add (&self->sent, result->sent_us, result->bytes);
  if (result->lost)
    return;
  cv_trend_add (&self->trend, result->sent_us, result->arrival_us);
  if (cv_backlog_add (&self->backlog, result->sent_us, result->arrival_us))
    drain (self, now_us);
  meter_add (&self->acked, result->arrival_us, result->bytes);
  if (result->probe != 0)
    self->calm_until = now_us + CALM_US;
  cv_prober_add (&self->prober, result->probe, result->bytes, result->sent_us, result->arrival_us);
}

void
cv_bandwidth_feedback (CvBandwidth *self, const CvTwccResult *results, guint n, gint64 now_us)
{
  double before = get_rate (self);
  if (n == 0)
    return;
  self->silences = 0;
  update_rtt (self, results, n, now_us);
  for (guint i = 0; i < n; i++)
    add_packet (self, &results[i], now_us);

  gboolean calm = now_us < self->calm_until && self->trend.state == CV_TREND_OVERUSE;
  CvAimdInput input = { calm ? CV_TREND_UNDERUSE : self->trend.state, meter_get (&self->sent), meter_get (&self->acked),
                        self->rtt };
  if (cv_aimd_update (&self->aimd, &input, now_us))
    cv_prober_fell (&self->prober, before, get_rate (self), now_us);
  if (self->trend.state == CV_TREND_OVERUSE)
    cv_prober_hold (&self->prober, now_us);
  update_loss (self, now_us);
  for (guint i = 0; i < n; i++)
    if (results[i].probe != 0 && (i + 1 == n || results[i + 1].probe != results[i].probe))
      take_result (self, results[i].probe, now_us);
}

guint
cv_bandwidth_get (CvBandwidth *self)
{
  return (guint) get_rate (self);
}

void
cv_bandwidth_set_wanted (CvBandwidth *self, guint bps, guint least_bps)
{
  self->aimd.min = CLAMP (least_bps, self->min, self->max);
  self->aimd.rate = MAX (self->aimd.rate, self->aimd.min);
  if (self->limit >= 0)
    self->limit = MAX (self->limit, self->aimd.min);
  cv_prober_set_limit (&self->prober, MIN (bps, self->max));
}

gboolean
cv_bandwidth_take_probe (CvBandwidth *self, gint64 now_us, CvProbe *probe)
{
  return self->loss <= LOSS_HIGH && self->silences == 0 &&
         cv_prober_take (&self->prober, get_rate (self), now_us, probe);
}

void
cv_bandwidth_silence (CvBandwidth *self, gint64 silence_us, gint64 now_us)
{
  while (self->silences < silence_us / SILENCE_US && get_rate (self) > self->aimd.min) {
    double before = get_rate (self);
    self->silences++;
    cv_aimd_set (&self->aimd, before / 2, now_us);
    cv_prober_fell (&self->prober, before, before / 2, now_us);
  }
}

void
cv_bandwidth_restart (CvBandwidth *self)
{
  double probed_to = self->prober.limit;
  *self = (CvBandwidth){ .start = self->start, .min = self->min, .max = self->max };
  begin (self, probed_to);
}

double
cv_bandwidth_get_loss (CvBandwidth *self)
{
  return self->loss;
}

gint64
cv_bandwidth_get_rtt (CvBandwidth *self)
{
  return self->rtt;
}
