/* See aimd.h. */
#include "media/aimd.h"

#include <math.h>

#define DECREASE 0.85
#define MARGIN 5000.0 /* bit/s by which more is taken back, so that the queue empties at low rates too */
#define GROWTH 1.08   /* a second */
#define MIN_GROWTH 1000.0
/* near what the path takes: one packet for each reaction of the path, and at least that much a second */
#define MIN_ADDITIVE 4000.0
#define REACTION_US 100000
/* close to it half of that: the queue shall grow slowly, and be seen */
#define CLOSE 0.9
#define FRAMES 30.0
#define PACKET_BITS (1200 * 8.0)
/* how far beyond what came through it may grow: also where there is only sound, so far that a small picture can be tried */
#define BEYOND 1.5
#define BEYOND_BPS 100000.0
/* who sends less than that part of the rate learns little about the path, and is not thrown far back */
#define LIMITED 0.65
#define LIMITED_DECREASE 0.7
#define CAPACITY_WEIGHT 0.05
#define MIN_DEVIATION 0.4
#define MAX_DEVIATION 2.5
#define UNKNOWN_RTT_US 200000

void
cv_aimd_init (CvAimd *self, double start, double min, double max)
{
  *self =
    (CvAimd){ .rate = CLAMP (start, min, max), .min = min, .max = max, .capacity = -1, .deviation = MIN_DEVIATION };
}

static void
set_rate (CvAimd *self, double rate, gint64 now_us)
{
  self->rate = CLAMP (rate, self->min, self->max);
  self->changed = now_us;
}

void
cv_aimd_set (CvAimd *self, double rate, gint64 now_us)
{
  set_rate (self, rate, now_us);
  self->capacity = -1;
}

static double
three_deviations (const CvAimd *self)
{
  return 3 * sqrt (self->deviation * self->capacity);
}

static void
learn_capacity (CvAimd *self, double kbps)
{
  if (self->capacity >= 0 && kbps < self->capacity - three_deviations (self))
    self->capacity = -1;
  if (self->capacity < 0) {
    self->capacity = kbps;
    return;
  }
  self->capacity += CAPACITY_WEIGHT * (kbps - self->capacity);
  double error = self->capacity - kbps;
  self->deviation += CAPACITY_WEIGHT * (error * error / MAX (self->capacity, 1) - self->deviation);
  self->deviation = CLAMP (self->deviation, MIN_DEVIATION, MAX_DEVIATION);
}

static double
additive (const CvAimd *self, gint64 rtt_us, double seconds)
{
  double frame = self->rate / FRAMES;
  double packet = frame / ceil (frame / PACKET_BITS);
  double by = seconds * packet * G_USEC_PER_SEC / (double) (rtt_us + REACTION_US);
  if (self->rate > CLOSE * 1000 * self->capacity)
    by /= 2;
  return MAX (MIN_ADDITIVE * seconds, by);
}

static void
increase (CvAimd *self, const CvAimdInput *input, gint64 rtt_us, gint64 now_us)
{
  double limit = input->acked_bps < 0 ? self->max : BEYOND * input->acked_bps + BEYOND_BPS;
  double seconds = self->changed == 0 ? 0 : CLAMP ((double) (now_us - self->changed) / G_USEC_PER_SEC, 0, 1);
  double by;

  if (self->capacity >= 0 && input->acked_bps / 1000 > self->capacity + three_deviations (self))
    self->capacity = -1;
  if (self->capacity >= 0)
    by = additive (self, rtt_us, seconds);
  else
    by = MAX (self->rate * (pow (GROWTH, seconds) - 1), MIN_GROWTH * seconds);
  set_rate (self, MAX (self->rate, MIN (self->rate + by, limit)), now_us);
}

/* Once for each time that the path needs to show an effect, unless much less comes through. */
static gboolean
may_decrease (const CvAimd *self, const CvAimdInput *input, gint64 rtt_us, gint64 now_us)
{
  if (self->reduced == 0 || now_us - self->reduced >= CLAMP (rtt_us, 10000, 200000))
    return TRUE;
  return input->acked_bps >= 0 && input->acked_bps < self->rate / 2 && input->sent_bps >= self->rate * LIMITED;
}

static gboolean
decrease (CvAimd *self, const CvAimdInput *input, gint64 now_us)
{
  double rate = self->rate / 2, before = self->rate;
  if (input->acked_bps >= 0) {
    rate = input->acked_bps * DECREASE - MARGIN;
    if (rate > self->rate && self->capacity >= 0)
      rate = self->capacity * 1000 * DECREASE;
    if (input->sent_bps < self->rate * LIMITED)
      rate = MAX (rate, self->rate * LIMITED_DECREASE);
    else
      learn_capacity (self, input->acked_bps / 1000);
  }
  set_rate (self, MIN (rate, self->rate), now_us);
  self->reduced = now_us;
  self->holding = TRUE;
  return self->rate < before;
}

gboolean
cv_aimd_update (CvAimd *self, const CvAimdInput *input, gint64 now_us)
{
  gint64 rtt_us = input->rtt_us < 0 ? UNKNOWN_RTT_US : input->rtt_us;
  switch (input->trend) {
  case CV_TREND_OVERUSE:
    return may_decrease (self, input, rtt_us, now_us) && decrease (self, input, now_us);
  case CV_TREND_UNDERUSE:
    self->holding = TRUE; /* the queue empties: let it */
    return FALSE;
  default:
    if (self->holding)
      self->changed = now_us;
    self->holding = FALSE;
    increase (self, input, rtt_us, now_us);
    return FALSE;
  }
}
