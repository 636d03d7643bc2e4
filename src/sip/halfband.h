/* From 8 kHz to 16 kHz and back: a half-band filter, 47 taps, flat to 3.4 kHz, -60 dB from 4.6 kHz on. One object is one
 * direction of one stream. Plain structs, zeroed to begin with; any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_HALFBAND_TAPS 12  /* of each side that are not zero */
#define CV_HALFBAND_MAX 2880 /* samples of 16 kHz of one call: 180 ms */

typedef struct {
  float past[2 * CV_HALFBAND_TAPS - 1];
} CvHalfbandUp;

typedef struct {
  float past[4 * CV_HALFBAND_TAPS - 2];
} CvHalfbandDown;

/* `n` samples in, 2n out; n at most CV_HALFBAND_MAX / 2. */
void cv_halfband_up (CvHalfbandUp *self, const gint16 *in, gsize n, gint16 *out);
/* 2n samples in, n out. */
void cv_halfband_down (CvHalfbandDown *self, const gint16 *in, gsize n, gint16 *out);

G_END_DECLS
