/* See scene.h. */
#include "rtc/scene.h"

#include "rtc/clock.h"

#include <math.h>
#include <string.h>

#define COLUMNS 16
#define BLACK 24
#define WHITE 224
#define LOUD 0.5
#define SOFT 0.02

static gboolean
flashes (guint64 ns)
{
  return ns % CV_RTC_S < CV_RTC_SCENE_FLASH_NS;
}

/* Row after row, the first ones made by one that is copied. */
static void
fill_rows (guint8 *at, guint width, guint rows, const guint8 *row)
{
  for (guint y = 0; y < rows; y++)
    memcpy (at + (gsize) y * width, row, width);
}

static void
draw_bits (guint16 bits, guint width, guint8 *row)
{
  for (guint x = 0; x < width; x++)
    row[x] = bits >> (COLUMNS - 1 - x * COLUMNS / width) & 1 ? WHITE : BLACK;
}

void
cv_rtc_scene_draw (guint peer, guint64 ns, guint width, guint height, guint8 *picture)
{
  g_autofree guint8 *row = g_malloc (width);
  guint32 bits = (peer & 0xff) << 24 | (guint32) (ns / CV_RTC_MS & 0xffffff);
  guint upper = height / 2, middle = height / 4;
  memset (row, flashes (ns) ? WHITE : BLACK, width);
  fill_rows (picture, width, upper, row);
  draw_bits ((guint16) (bits >> 16), width, row);
  fill_rows (picture + (gsize) upper * width, width, middle, row);
  draw_bits ((guint16) bits, width, row);
  fill_rows (picture + (gsize) (upper + middle) * width, width, height - upper - middle, row);
  guint8 *colour = picture + (gsize) width * height;
  gsize quarter = (gsize) (width / 2) * (height / 2);
  memset (colour, 96 + (int) (peer * 37 % 64), quarter);
  memset (colour + quarter, 96 + (int) (peer * 23 % 64), quarter);
}

double
cv_rtc_scene_pitch (guint peer)
{
  return 400 + 100 * (peer % 16);
}

void
cv_rtc_scene_sound (guint peer, guint64 ns, gint16 *samples, guint n)
{
  double step = 2 * G_PI * cv_rtc_scene_pitch (peer) / CV_RTC_SCENE_RATE;
  guint64 first = ns % CV_RTC_S * CV_RTC_SCENE_RATE / CV_RTC_S; /* pitches are whole, so each second begins alike */
  for (guint i = 0; i < n; i++) {
    guint64 at = (first + i) % CV_RTC_SCENE_RATE;
    double volume = at < CV_RTC_SCENE_FLASH_NS * CV_RTC_SCENE_RATE / CV_RTC_S ? LOUD : SOFT;
    samples[i] = (gint16) (volume * 32767 * sin (step * (double) at));
  }
}
