/* See twcc.h. */
#include "rtc/twcc.h"

#include "rtp/bytes.h"
#include "rtc/clock.h"

#include <string.h>

/* At most in one message: status vectors and deltas of 2 bytes fit CV_RTC_TWCC_MAX. */
#define MAX_PACKETS 364
#define TICK 250000 /* ns */
#define VECTOR 7    /* symbols of two bits */

enum { NOT_RECEIVED, SMALL_DELTA, LARGE_DELTA };

void
cv_rtc_arrivals_init (CvRtcArrivals *self)
{
  memset (self, 0, sizeof *self);
}

void
cv_rtc_arrivals_clear (CvRtcArrivals *self)
{
  g_clear_pointer (&self->arrivals, g_free);
}

static guint64 *
arrival_of (CvRtcArrivals *self, guint32 index)
{
  return &self->arrivals[index & (CV_RTC_TWCC_RING - 1)];
}

void
cv_rtc_arrivals_add (CvRtcArrivals *self, guint16 seq, guint32 ssrc, guint64 at)
{
  if (self->arrivals == NULL)
    self->arrivals = g_new0 (guint64, CV_RTC_TWCC_RING);
  self->media = ssrc;
  if (!self->any) {
    self->any = TRUE;
    self->base = self->newest = 0x10000u + seq;
  }
  guint32 index = self->newest + (guint32) (gint16) (seq - (guint16) self->newest);
  if (index < self->base)
    return;
  if (index > self->newest) {
    if (index - self->base >= CV_RTC_TWCC_RING) /* a jump: start over */
      self->base = index;
    for (guint32 i = self->newest + 1; i < index && index - i < CV_RTC_TWCC_RING; i++)
      *arrival_of (self, i) = 0;
    self->newest = index;
  }
  *arrival_of (self, index) = at;
}

/* The symbol of a packet; appends its delta, and moves `previous` (ticks). */
static guint
encode (guint64 at, guint64 *previous, guint8 *deltas, gsize *n)
{
  if (at == 0)
    return NOT_RECEIVED;
  gint64 delta = CLAMP ((gint64) (at / TICK - *previous), G_MININT16, G_MAXINT16);
  *previous += (guint64) delta;
  if (delta >= 0 && delta < 256) {
    deltas[(*n)++] = (guint8) delta;
    return SMALL_DELTA;
  }
  cv_write16 (deltas + *n, (guint16) delta);
  *n += 2;
  return LARGE_DELTA;
}

gsize
cv_rtc_arrivals_write (CvRtcArrivals *self, guint32 sender, guint8 out[CV_RTC_TWCC_MAX])
{
  guint8 deltas[2 * MAX_PACKETS];
  gsize n = 20, n_deltas = 0;
  if (!self->any || self->base > self->newest)
    return 0;
  guint32 count = MIN (self->newest - self->base + 1, MAX_PACKETS);
  guint64 reference = 0;
  for (guint32 i = 0; i < count && reference == 0; i++)
    reference = *arrival_of (self, self->base + i) / (64 * CV_RTC_MS);
  guint64 previous = reference * (64 * CV_RTC_MS / TICK);
  for (guint32 i = 0; i < count; i += VECTOR) {
    guint32 vector = 0xc000;
    for (guint32 k = 0; k < VECTOR && i + k < count; k++) {
      guint64 *at = arrival_of (self, self->base + i + k);
      vector |= encode (*at, &previous, deltas, &n_deltas) << (12 - 2 * k);
      *at = 0;
    }
    cv_write16 (out + n, (guint16) vector);
    n += 2;
  }
  memcpy (out + n, deltas, n_deltas);
  n += n_deltas;
  gsize padding = (4 - n % 4) % 4;
  memset (out + n, 0, padding);
  n += padding;
  if (padding > 0)
    out[n - 1] = (guint8) padding;
  out[0] = (guint8) (0x80 | (padding > 0 ? 0x20 : 0) | 15);
  out[1] = 205;
  cv_write16 (out + 2, (guint16) (n / 4 - 1));
  cv_write32 (out + 4, sender);
  cv_write32 (out + 8, self->media);
  cv_write16 (out + 12, (guint16) self->base);
  cv_write16 (out + 14, (guint16) count);
  cv_write32 (out + 16, (guint32) reference << 8 | self->count++);
  self->base += count;
  return n;
}

/* ---- the other end ---- */

/* The symbols of one chunk. Returns how many. */
static guint
read_chunk (guint16 chunk, guint8 symbols[8192])
{
  if (!(chunk & 0x8000)) {
    guint n = chunk & 0x1fff;
    memset (symbols, chunk >> 13 & 3, n);
    return n;
  }
  gboolean wide = chunk & 0x4000;
  guint n = wide ? VECTOR : 2 * VECTOR;
  for (guint i = 0; i < n; i++)
    symbols[i] = wide ? chunk >> (12 - 2 * i) & 3 : chunk >> (13 - i) & 1;
  return n;
}

static gboolean
read_message (CvRtcDepartures *self, const guint8 *fci, gsize n)
{
  guint8 symbols[8192];
  if (n < 8)
    return FALSE;
  guint16 base = cv_read16 (fci), count = cv_read16 (fci + 2);
  gsize at = 8, deltas = 0;
  guint seen = 0;
  while (seen < count) {
    if (at + 2 > n)
      return FALSE;
    guint in_chunk = MIN (read_chunk (cv_read16 (fci + at), symbols), (guint) (count - seen));
    at += 2;
    if (in_chunk == 0)
      return FALSE;
    for (guint i = 0; i < in_chunk; i++) {
      if (symbols[i] > LARGE_DELTA)
        return FALSE;
      deltas += symbols[i];
      if (symbols[i] == NOT_RECEIVED)
        self->lost++;
      else
        self->received++;
    }
    seen += in_chunk;
  }
  /* it tells of nothing that did not go */
  gint16 ahead = (gint16) (base + count - self->next);
  return at + deltas <= n && ahead <= 0;
}

void
cv_rtc_departures_feedback (CvRtcDepartures *self, const guint8 *fci, gsize n)
{
  self->messages++;
  if (!read_message (self, fci, n)) {
    self->bad++;
    return;
  }
  if (self->any && fci[7] != (guint8) (self->count + 1))
    self->gaps++;
  self->any = TRUE;
  self->count = fci[7];
}
