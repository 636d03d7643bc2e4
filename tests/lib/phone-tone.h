/* Tones as phones have them, 16 kHz unless said otherwise, and how loud each is in what was heard. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* `amplitude`: 0…1. Goes on at sample `at`. */
void cv_test_phone_tone (gint16 *samples, gsize n, double hertz, double amplitude, gsize at, guint rate);
/* The amplitude of this tone in dB of full scale; multiples of 20 Hz in multiples of 50 ms do not disturb each other. */
double cv_test_phone_level (const gint16 *samples, gsize n, double hertz, guint rate);

G_END_DECLS
