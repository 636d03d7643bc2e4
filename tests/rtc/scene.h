/* What a generated person shows and says at a moment, so that who decodes it can tell which moment that was, and whose.
 *
 * Pure. Each full second of CLOCK_MONOTONIC begins with a flash and a beep of 100 ms. The upper half of a picture is the flash;
 * the lower one has 2 rows of 16 squares, white for 1, the highest bit first: 8 bits of the person, 24 bits of milliseconds.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_RTC_SCENE_FLASH_NS G_GUINT64_CONSTANT (100000000)
#define CV_RTC_SCENE_RATE 48000

/* I420, tightly packed; width and height even. */
void cv_rtc_scene_draw (guint peer, guint64 ns, guint width, guint height, guint8 *picture);
/* Mono. A tone of the person's own pitch, loud as long as the flash lasts, soft else. */
void cv_rtc_scene_sound (guint peer, guint64 ns, gint16 *samples, guint n);
double cv_rtc_scene_pitch (guint peer);

G_END_DECLS
