/* The arithmetic of mixing: sums without one's own voice, a limiter, and who is loud enough to be heard.
 *
 * Frames are 20 ms, mono, 16 bit, of `n` samples: a multiple of 16, at most CV_MIX_FRAME. Pure: no state beyond what the caller hands in, no allocation, any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_MIX_RATE 48000
#define CV_MIX_FRAME 960
/* of telephones: 16 kHz */
#define CV_MIX_PHONE_FRAME 320
/* of a fade where a signal starts, stops or breaks off: 2 ms, or 6 */
#define CV_MIX_FADE 96
/* What is quieter than this is silence: -75 dBov as a mean square. */
#define CV_MIX_SILENCE 3.2e-8f

/* sum += frame */
void cv_mix_add (gint32 *sum, const gint16 *frame, guint n);
/* out = sum - own; both may be the same. */
void cv_mix_minus (gint32 *out, const gint32 *sum, const gint16 *own, guint n);

/* Mean square, 0…1; 1 is a square wave at full scale. */
float cv_mix_power (const gint16 *frame, guint n);
/* dBov (RFC 6464 without the sign turned): 0 at full scale, never below -96. */
double cv_mix_decibels (float power);

/* Rises from nothing, or sinks to it, over the whole frame. */
void cv_mix_fade_in (gint16 *frame, guint n);
void cv_mix_fade_out (gint16 *frame, guint n);

/* Brings a sum back into 16 bits. The gain falls within 1 ms and recovers by 21 dB/s; meanwhile, and only then, peaks
 * are bent softly. It never wraps and has no steps. */
typedef struct {
  float gain; /* 1: nothing to do */
} CvMixLimiter;

#define CV_MIX_LIMITER_INIT                                                                                            \
  {                                                                                                                    \
    1.0f                                                                                                               \
  }

void cv_mix_limit (CvMixLimiter *self, const gint32 *sum, gint16 *out, guint n);

/* What is known of an input when it is decided who is heard. */
typedef struct {
  float power;     /* follows the mean square: up at once, down in some 400 ms */
  guint quiet;     /* frames of silence in a row */
  gboolean always; /* heard as long as it says anything, whoever is louder */
  gboolean chosen;
} CvMixVoice;

void cv_mix_voice_hear (CvMixVoice *self, float power);

/* Sets `chosen` of at most `loudest` voices. Who is chosen stays so until half a second of silence or until another
 * one is louder by 6 dB: people who are equally loud must not take turns frame by frame. */
void cv_mix_choose (CvMixVoice *const *voices, guint n, guint loudest);

G_END_DECLS
