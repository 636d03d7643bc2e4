/* Tones of 48 kHz, and how loud each is in what was heard. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_TEST_TONE_RATE 48000

/* `amplitude`: 0…1. Goes on at sample `at`. */
void cv_test_tone_write (gint16 *samples, gsize n, double hertz, double amplitude, gsize at);
/* The amplitude of this tone in dB of full scale; multiples of 20 Hz in multiples of 50 ms do not disturb each other. */
double cv_test_tone_level (const gint16 *samples, gsize n, double hertz);
/* The largest step between neighbours. */
gint cv_test_tone_step (const gint16 *samples, gsize n);

G_END_DECLS
