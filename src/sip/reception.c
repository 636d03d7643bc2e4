/* See reception.h. */
#include "sip/reception.h"

#define NTP_EPOCH G_GUINT64_CONSTANT (2208988800) /* s from 1900 to 1970 */

void
cv_reception_start (CvReception *self, guint32 ssrc, guint clock)
{
  *self = (CvReception){ .ssrc = ssrc, .clock = clock };
}

void
cv_reception_count (CvReception *self, guint64 index, guint32 timestamp, gint64 at)
{
  cv_interarrival_add (&self->jitter, self->clock, timestamp, at);
  if (self->received == 0)
    self->first = self->top = index;
  self->received++;
  self->first = MIN (self->first, index);
  self->top = MAX (self->top, index);
}

void
cv_reception_sender_report (CvReception *self, const CvRtcpItem *item, gint64 now)
{
  self->lsr = (guint32) (item->ntp >> 16);
  self->sr_at = now;
}

guint64
cv_reception_get_lost (const CvReception *self)
{
  guint64 expected = self->received > 0 ? self->top - self->first + 1 : 0;
  return expected > self->received ? expected - self->received : 0;
}

guint
cv_reception_get_jitter_ms (const CvReception *self)
{
  return self->clock > 0 ? (guint) ((guint64) cv_interarrival_get (&self->jitter) * 1000 / self->clock) : 0;
}

gboolean
cv_reception_report (CvReception *self, CvRtcpBlock *block, gint64 now)
{
  if (self->received == 0)
    return FALSE;
  guint64 expected = self->top - self->first + 1;
  guint64 interval = expected - self->expected_before, came = self->received - self->received_before;
  gint64 lost = CLAMP ((gint64) expected - (gint64) self->received, -0x800000, 0x7fffff);
  self->expected_before = expected;
  self->received_before = self->received;
  *block = (CvRtcpBlock){
    .ssrc = self->ssrc,
    .fraction_lost = interval > came ? (guint8) MIN ((interval - came) * 256 / interval, 255) : 0,
    .lost = (gint32) lost,
    .highest = (guint32) self->top,
    .jitter = cv_interarrival_get (&self->jitter),
    .lsr = self->lsr,
    .dlsr = self->lsr != 0 ? (guint32) ((now - self->sr_at) * 65536 / G_USEC_PER_SEC) : 0,
  };
  return TRUE;
}

guint64
cv_reception_get_ntp (gint64 wall)
{
  guint64 us = (guint64) wall;
  return (us / G_USEC_PER_SEC + NTP_EPOCH) << 32 | ((us % G_USEC_PER_SEC) << 32) / G_USEC_PER_SEC;
}
