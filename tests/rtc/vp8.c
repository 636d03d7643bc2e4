/* See vp8.h. */
#include "rtc/vp8.h"

#include "rtp/bytes.h"

#include <string.h>

#define FIRST_PARTITION 100

static const guint8 start_code[] = { 0x9d, 0x01, 0x2a };

void
cv_rtc_vp8_write (const CvRtcVp8 *self, guint8 *out)
{
  memset (out, 0, CV_RTC_VP8_HEADER);
  out[0] = (guint8) (0x80 | (self->reference ? 0 : 0x20) | (self->start ? 0x10 : 0));
  out[1] = 0xe0; /* picture id, TL0PICIDX, TID */
  cv_write16 (out + 2, (guint16) (0x8000 | self->picture));
  out[4] = (guint8) self->tl0;
  out[5] = (guint8) (self->layer << 6 | (self->layer > 0 ? 0x20 : 0));
  if (!self->start)
    return;
  /* not a keyframe · version 0 · shown · length of the first partition */
  guint32 tag = (self->key ? 0 : 1) | 1 << 4 | FIRST_PARTITION << 5;
  guint8 *frame = out + CV_RTC_VP8_DESCRIPTOR;
  frame[0] = (guint8) tag;
  frame[1] = (guint8) (tag >> 8);
  frame[2] = (guint8) (tag >> 16);
  if (!self->key)
    return;
  memcpy (frame + 3, start_code, sizeof start_code);
  frame[6] = (guint8) self->width;
  frame[7] = (guint8) (self->width >> 8 & 0x3f);
  frame[8] = (guint8) self->height;
  frame[9] = (guint8) (self->height >> 8 & 0x3f);
}

/* The optional part behind the first byte. Returns where it ends, 0 where it is cut short. */
static gsize
read_extension (CvRtcVp8 *self, const guint8 *payload, gsize n)
{
  gsize at = 2;
  if (n < 2)
    return 0;
  guint8 has = payload[1];
  if (has & 0x80) {
    if (n < at + 2)
      return 0;
    gboolean wide = payload[at] & 0x80;
    self->picture = wide ? cv_read16 (payload + at) & 0x7fff : payload[at] & 0x7f;
    at += wide ? 2 : 1;
  }
  if (has & 0x40) {
    if (n <= at)
      return 0;
    self->tl0 = payload[at++];
  }
  if (has & 0x30) {
    if (n <= at)
      return 0;
    self->layer = has & 0x20 ? payload[at] >> 6 : -1;
    at++;
  }
  return at;
}

gsize
cv_rtc_vp8_read (CvRtcVp8 *self, const guint8 *payload, gsize n)
{
  *self = (CvRtcVp8){ .picture = -1, .tl0 = -1, .layer = -1 };
  if (n < 1)
    return 0;
  self->reference = !(payload[0] & 0x20);
  self->start = (payload[0] & 0x1f) == 0x10;
  gsize at = payload[0] & 0x80 ? read_extension (self, payload, n) : 1;
  if (at == 0 || at >= n)
    return 0;
  const guint8 *frame = payload + at;
  if (self->start && n >= at + 10 && !(frame[0] & 1) && memcmp (frame + 3, start_code, sizeof start_code) == 0) {
    self->key = TRUE;
    self->width = (frame[6] | frame[7] << 8) & 0x3fff;
    self->height = (frame[8] | frame[9] << 8) & 0x3fff;
  }
  return at;
}
