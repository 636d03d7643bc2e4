/* See mix.h. Loops are such that compilers make vectors of them. */
#include "rtp/mix.h"

#include <math.h>
#include <string.h>

/* -1 dB below full scale: above it the gain falls */
#define CEILING 29204.0f
#define FULL 32767.0f
#define ATTACK_PARTS 20 /* of a frame: 1 ms */
/* in a frame: 0.42 dB */
#define RELEASE 1.05f
/* The first is for what grows louder, the second for what grows quieter. */
#define FOLLOW_UP 0.5f
#define FOLLOW_DOWN 0.05f
/* 6 dB */
#define ADVANTAGE 4.0f
#define QUIET_FRAMES 25

void
cv_mix_add (gint32 *sum, const gint16 *frame, guint n)
{
  for (guint i = 0; i < n; i++)
    sum[i] += frame[i];
}

void
cv_mix_minus (gint32 *out, const gint32 *sum, const gint16 *own, guint n)
{
  for (guint i = 0; i < n; i++)
    out[i] = sum[i] - own[i];
}

float
cv_mix_power (const gint16 *frame, guint n)
{
  float sum = 0;
  /* Sixteen squares fit into a float's exact range well enough; summing 960 one by one would not be vectorised. */
  float lanes[16] = { 0 };
  for (guint i = 0; i < n; i += 16)
    for (guint j = 0; j < 16; j++)
      lanes[j] += (float) frame[i + j] * (float) frame[i + j];
  for (guint j = 0; j < 16; j++)
    sum += lanes[j];
  return sum / ((float) n * 32768.0f * 32768.0f);
}

double
cv_mix_decibels (float power)
{
  return power < 2.5e-10f ? -96.0 : 10.0 * log10 (power);
}

void
cv_mix_fade_in (gint16 *frame, guint n)
{
  for (gint32 i = 0; i < (gint32) n; i++)
    frame[i] = (gint16) (frame[i] * i / (gint32) n);
}

void
cv_mix_fade_out (gint16 *frame, guint n)
{
  for (gint32 i = 0; i < (gint32) n; i++)
    frame[i] = (gint16) (frame[i] * ((gint32) n - 1 - i) / (gint32) n);
}

static gint32
find_peak (const gint32 *sum, guint n)
{
  gint32 peak = 0;
  for (guint i = 0; i < n; i++) {
    gint32 size = sum[i] < 0 ? -sum[i] : sum[i];
    peak = size > peak ? size : peak;
  }
  return peak;
}

/* The line up to the ceiling, then a curve that leaves it without a bend and never reaches full scale. */
static float
bend (float x)
{
  float size = fabsf (x);
  if (size <= CEILING)
    return x;
  float room = FULL - CEILING, over = (size - CEILING) / room;
  return copysignf (CEILING + room * over / (1.0f + over), x);
}

void
cv_mix_limit (CvMixLimiter *self, const gint32 *sum, gint16 *out, guint n)
{
  gint32 peak = find_peak (sum, n);
  float target = (float) peak > CEILING ? CEILING / (float) peak : 1.0f;
  if (self->gain >= 1.0f && target >= 1.0f) {
    for (guint i = 0; i < n; i++)
      out[i] = (gint16) sum[i];
    return;
  }

  float gain = self->gain;
  float next = MIN (target, MIN (gain * RELEASE, 1.0f));
  guint ramp = next < gain ? n / ATTACK_PARTS : n;
  float step = (next - gain) / (float) ramp;
  for (guint i = 0; i < ramp; i++) {
    gain += step;
    out[i] = (gint16) bend ((float) sum[i] * gain);
  }
  for (guint i = ramp; i < n; i++)
    out[i] = (gint16) bend ((float) sum[i] * next);
  self->gain = next;
}

void
cv_mix_voice_hear (CvMixVoice *self, float power)
{
  self->power += (power - self->power) * (power > self->power ? FOLLOW_UP : FOLLOW_DOWN);
  self->quiet = power < CV_MIX_SILENCE ? MIN (self->quiet + 1, QUIET_FRAMES) : 0;
}

static CvMixVoice *
find_weakest (CvMixVoice *const *voices, guint n)
{
  CvMixVoice *weakest = NULL;
  for (guint i = 0; i < n; i++) {
    CvMixVoice *voice = voices[i];
    if (voice->chosen && !voice->always && (weakest == NULL || voice->power < weakest->power))
      weakest = voice;
  }
  return weakest;
}

/* The loudest that is not chosen. */
static CvMixVoice *
find_challenger (CvMixVoice *const *voices, guint n)
{
  CvMixVoice *challenger = NULL;
  for (guint i = 0; i < n; i++) {
    CvMixVoice *voice = voices[i];
    if (!voice->chosen && voice->quiet == 0 && voice->power >= CV_MIX_SILENCE &&
        (challenger == NULL || voice->power > challenger->power))
      challenger = voice;
  }
  return challenger;
}

/* Who has fallen silent goes, who is always heard comes. Returns how many are chosen now. */
static guint
keep (CvMixVoice *const *voices, guint n)
{
  guint chosen = 0;
  for (guint i = 0; i < n; i++) {
    if (voices[i]->quiet >= QUIET_FRAMES)
      voices[i]->chosen = FALSE;
    else if (voices[i]->always && voices[i]->power >= CV_MIX_SILENCE)
      voices[i]->chosen = TRUE;
    chosen += voices[i]->chosen ? 1 : 0;
  }
  return chosen;
}

void
cv_mix_choose (CvMixVoice *const *voices, guint n, guint loudest)
{
  guint chosen = keep (voices, n);
  for (; chosen > loudest; chosen--) {
    CvMixVoice *weakest = find_weakest (voices, n);
    if (weakest == NULL)
      return;
    weakest->chosen = FALSE;
  }

  /* Each round either fills a seat or hands one to somebody louder, so it ends; the bound is only for NaN. */
  for (guint round = 0; round < 2 * loudest; round++) {
    CvMixVoice *challenger = find_challenger (voices, n);
    if (challenger == NULL)
      return;
    if (chosen < loudest) {
      challenger->chosen = TRUE;
      chosen++;
      continue;
    }
    CvMixVoice *weakest = find_weakest (voices, n);
    if (weakest == NULL || challenger->power <= weakest->power * ADVANTAGE)
      return;
    weakest->chosen = FALSE;
    challenger->chosen = TRUE;
  }
}
