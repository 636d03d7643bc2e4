/* See track.h. */
#include "media/track.h"

#include <string.h>

#define KEYFRAME_EVERY_US (300 * 1000)
#define LIVE_US (G_USEC_PER_SEC)

void
cv_track_init (CvTrack *self, guint clock, gboolean video)
{
  memset (self, 0, sizeof *self);
  self->clock = clock;
  if (video)
    self->history = cv_history_new ();
}

void
cv_track_clear (CvTrack *self)
{
  g_clear_pointer (&self->history, cv_history_free);
}

void
cv_track_restart (CvTrack *self, guint32 ssrc)
{
  CvTrack fresh = { .ssrc = ssrc,
                    .clock = self->clock,
                    .width = self->width,
                    .height = self->height,
                    .keyframe_asked = self->keyframe_asked,
                    /* its retransmissions may go on under the SSRC that they had */
                    .rtx_ssrc = self->rtx_ssrc,
                    .rtx_window = self->rtx_window };
  memcpy (fresh.rid, self->rid, sizeof fresh.rid);
  if (self->history != NULL) {
    cv_history_free (self->history);
    fresh.history = cv_history_new ();
  }
  *self = fresh;
}

gboolean
cv_track_unwrap_rtx (CvTrack *self, CvPacket *packet, guint8 payload_type)
{
  gsize n = packet->n - packet->header_n;
  gsize padding = (packet->data[0] & 0x20) != 0 && n > 0 ? packet->data[packet->n - 1] : 0;
  if (self->ssrc == 0 || n < padding + 2)
    return FALSE; /* padding only: a probe */
  guint16 seq = cv_read16 (packet->data + packet->header_n);
  guint64 index = cv_srtp_window_guess (&self->window, seq);
  if (!cv_nacks_is_missing (&self->nacks, index))
    return FALSE;
  memmove (packet->data + 2, packet->data, packet->header_n);
  packet->data += 2;
  packet->n -= 2;
  packet->data[1] = (guint8) ((packet->data[1] & 0x80) | payload_type);
  cv_write16 (packet->data + 2, seq);
  cv_write32 (packet->data + 8, self->ssrc);
  packet->index = index;
  return TRUE;
}

gboolean
cv_track_receive (CvTrack *self, CvPacket *packet, gboolean *asks)
{
  gboolean known = self->received > 0;
  gboolean newest = !known || packet->index > self->top;
  *asks = FALSE;
  if (self->history != NULL) {
    if (!newest && !cv_nacks_is_missing (&self->nacks, packet->index))
      return FALSE;
    *asks = cv_nacks_received (&self->nacks, packet->index, packet->at);
    cv_history_put (self->history, packet->index, packet->data, packet->n, packet->header_n, packet->at);
  }
  self->received++;
  self->bytes += packet->n;
  self->at = packet->at;
  if (!known)
    self->first = packet->index;
  if (newest) {
    self->top = packet->index;
    cv_interarrival_add (&self->jitter, self->clock, packet->timestamp, packet->at);
  }
  if (packet->payload.keyframe) {
    self->keyframe_wanted = FALSE;
    cv_nacks_forget_before (&self->nacks, packet->index);
    if (packet->payload.width > 0) {
      self->width = packet->payload.width;
      self->height = packet->payload.height;
    }
  }
  return TRUE;
}

void
cv_track_want_keyframe (CvTrack *self)
{
  self->keyframe_wanted = TRUE;
}

gboolean
cv_track_take_keyframe_request (CvTrack *self, gint64 now)
{
  if (!self->keyframe_wanted || self->ssrc == 0 ||
      (self->keyframe_asked != 0 && now - self->keyframe_asked < KEYFRAME_EVERY_US))
    return FALSE;
  self->keyframe_asked = now;
  return TRUE;
}

void
cv_track_sender_report (CvTrack *self, const CvRtcpItem *item, gint64 now)
{
  self->sr_ntp = item->ntp;
  self->sr_rtp = item->rtp_time;
  self->sr_at = now;
}

gboolean
cv_track_report (CvTrack *self, CvRtcpBlock *block, gint64 now)
{
  if (self->received == 0)
    return FALSE;
  guint64 expected = self->top - self->first + 1;
  guint64 interval = expected - self->expected_before;
  guint64 came = self->received - self->received_before;
  self->fraction_lost = interval > came ? (guint8) MIN ((interval - came) * 256 / interval, 255) : 0;
  self->expected_before = expected;
  self->received_before = self->received;
  gint64 lost = CLAMP ((gint64) expected - (gint64) self->received, -0x800000, 0x7fffff);
  *block = (CvRtcpBlock){
    .ssrc = self->ssrc,
    .fraction_lost = self->fraction_lost,
    .lost = (gint32) lost,
    .highest = (guint32) self->top,
    .jitter = cv_interarrival_get (&self->jitter),
    .lsr = (guint32) (self->sr_ntp >> 16),
    .dlsr = self->sr_ntp != 0 ? (guint32) ((now - self->sr_at) * 65536 / G_USEC_PER_SEC) : 0,
  };
  return TRUE;
}

void
cv_track_measure (CvTrack *self, gint64 now)
{
  gint64 elapsed = now - self->bps_at;
  if (self->bps_at != 0 && elapsed > 0) {
    guint now_bps = (guint) ((self->bytes - self->bytes_before) * 8 * G_USEC_PER_SEC / (guint64) elapsed);
    self->bps = now_bps > self->bps ? now_bps : (self->bps + now_bps) / 2;
  }
  self->bytes_before = self->bytes;
  self->bps_at = now;
}

gboolean
cv_track_is_live (const CvTrack *self, gint64 now)
{
  return self->at != 0 && now - self->at < LIVE_US;
}
