/* See rtcp.h. */
#include "rtc/rtcp.h"

#include "rtp/bytes.h"
#include "rtc/clock.h"

#include <string.h>

#define NTP_OFFSET 2208988800u /* s, from 1900 to 1970 */

/* The header of a message; its length is set by finish(). Returns where its body begins. */
static guint8 *
begin (CvRtcRtcp *self, guint type, guint format, guint32 sender)
{
  guint8 *out = self->data + self->n;
  out[0] = (guint8) (0x80 | format);
  out[1] = (guint8) type;
  cv_write32 (out + 4, sender);
  return out + 8;
}

static void
finish (CvRtcRtcp *self, const guint8 *end)
{
  guint8 *out = self->data + self->n;
  gsize n = (gsize) (end - out);
  cv_write16 (out + 2, (guint16) (n / 4 - 1));
  self->n += n;
}

void
cv_rtc_rtcp_sender_report (CvRtcRtcp *self, guint32 ssrc, guint32 timestamp, guint32 packets, guint32 octets)
{
  struct timespec now;
  clock_gettime (CLOCK_REALTIME, &now);
  guint8 *out = begin (self, 200, 0, ssrc);
  cv_write32 (out, (guint32) now.tv_sec + NTP_OFFSET);
  cv_write32 (out + 4, (guint32) (((guint64) now.tv_nsec << 32) / CV_RTC_S));
  cv_write32 (out + 8, timestamp);
  cv_write32 (out + 12, packets);
  cv_write32 (out + 16, octets);
  finish (self, out + 20);
}

void
cv_rtc_rtcp_receiver_report (CvRtcRtcp *self, guint32 ssrc, const CvRtcReport *reports, guint n)
{
  guint8 *out = begin (self, 201, n, ssrc);
  for (guint i = 0; i < n; i++, out += 24) {
    cv_write32 (out, reports[i].ssrc);
    cv_write32 (out + 4, (guint32) reports[i].fraction << 24 | (reports[i].lost & 0xffffff));
    cv_write32 (out + 8, reports[i].highest);
    cv_write32 (out + 12, reports[i].jitter);
    cv_write32 (out + 16, reports[i].lsr);
    cv_write32 (out + 20, reports[i].dlsr);
  }
  finish (self, out);
}

void
cv_rtc_rtcp_cname (CvRtcRtcp *self, guint32 ssrc, const char *cname)
{
  gsize n = strlen (cname);
  guint8 *out = begin (self, 202, 1, ssrc);
  *out++ = 1;
  *out++ = (guint8) n;
  memcpy (out, cname, n);
  out += n;
  do
    *out++ = 0;
  while ((out - self->data) % 4 != 0);
  finish (self, out);
}

void
cv_rtc_rtcp_pli (CvRtcRtcp *self, guint32 sender, guint32 media)
{
  guint8 *out = begin (self, 206, 1, sender);
  cv_write32 (out, media);
  finish (self, out + 4);
}

guint
cv_rtc_rtcp_nack (CvRtcRtcp *self, guint32 sender, guint32 media, const guint16 *seqs, guint n)
{
  guint8 *out = begin (self, 205, 1, sender);
  guint taken = 0;
  cv_write32 (out, media);
  out += 4;
  while (taken < n && out + 4 <= self->data + CV_RTC_RTCP_MAX) {
    guint16 first = seqs[taken++], mask = 0;
    while (taken < n && (guint16) (seqs[taken] - first) >= 1 && (guint16) (seqs[taken] - first) <= 16)
      mask |= (guint16) (1u << ((guint16) (seqs[taken++] - first) - 1));
    cv_write16 (out, first);
    cv_write16 (out + 2, mask);
    out += 4;
  }
  finish (self, out);
  return taken;
}

void
cv_rtc_rtcp_append (CvRtcRtcp *self, const guint8 *message, gsize n)
{
  memcpy (self->data + self->n, message, n);
  self->n += n;
}

gboolean
cv_rtc_rtcp_next (CvRtcRtcpMessage *message, const guint8 *packet, gsize n, gsize *at)
{
  if (*at + 8 > n)
    return FALSE;
  const guint8 *data = packet + *at;
  gsize length = 4 * (cv_read16 (data + 2) + 1u);
  if (data[0] >> 6 != 2 || length < 8 || *at + length > n)
    return FALSE;
  *message = (CvRtcRtcpMessage){ .type = data[1], .format = data[0] & 31, .data = data, .n = length };
  *at += length;
  return TRUE;
}
