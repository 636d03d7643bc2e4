/* See rtp.h. */
#include "rtp/rtp.h"

#include <string.h>

static gboolean
read_one_byte (CvRtp *self, const guint8 *packet, gsize at, gsize end)
{
  while (at < end) {
    guint8 id = packet[at] >> 4;
    gsize n = (packet[at] & 15) + 1u;
    if (packet[at] == 0) { /* padding */
      at++;
      continue;
    }
    if (id == 15)
      return TRUE; /* RFC 8285 §4.2: stop here */
    if (at + 1 + n > end)
      return FALSE;
    if (id != 0) {
      self->extension_at[id] = (guint16) (at + 1);
      self->extension_n[id] = (guint8) n;
    }
    at += 1 + n;
  }
  return TRUE;
}

static gboolean
read_two_byte (CvRtp *self, const guint8 *packet, gsize at, gsize end)
{
  while (at < end) {
    guint8 id = packet[at];
    if (id == 0) {
      at++;
      continue;
    }
    if (at + 2 > end || at + 2 + packet[at + 1] > end)
      return FALSE;
    if (id <= CV_RTP_MAX_EXTENSION_ID) {
      self->extension_at[id] = (guint16) (at + 2);
      self->extension_n[id] = packet[at + 1];
    }
    at += 2u + packet[at + 1];
  }
  return TRUE;
}

gboolean
cv_rtp_parse (CvRtp *self, const guint8 *packet, gsize n)
{
  if (n < CV_RTP_HEADER || n > CV_RTP_MAX_PACKET || packet[0] >> 6 != 2)
    return FALSE;
  self->payload_type = packet[1] & 0x7f;
  self->marker = packet[1] >> 7;
  self->padded = (packet[0] & 0x20) != 0;
  self->seq = cv_read16 (packet + 2);
  self->timestamp = cv_read32 (packet + 4);
  self->ssrc = cv_read32 (packet + 8);
  memset (self->extension_n, 0, sizeof self->extension_n);
  self->header_n = CV_RTP_HEADER + 4u * (packet[0] & 15);
  if ((packet[0] & 0x10) == 0)
    return self->header_n <= n;

  gsize at = self->header_n + 4;
  if (at > n)
    return FALSE;
  guint16 profile = cv_read16 (packet + at - 4);
  self->header_n = at + 4u * cv_read16 (packet + at - 2);
  if (self->header_n > n)
    return FALSE;
  if (profile == 0xbede)
    return read_one_byte (self, packet, at, self->header_n);
  if ((profile & 0xfff0) == 0x1000)
    return read_two_byte (self, packet, at, self->header_n);
  return TRUE;
}
