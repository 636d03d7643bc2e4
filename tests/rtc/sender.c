/* See sender.h. */
#include "rtc/sender.h"

#include "rtp/bytes.h"
#include "rtc/clock.h"
#include "rtc/vp8.h"

#include <string.h>

/* Asked again within that: one keyframe does for both. */
#define KEY_MIN_INTERVAL (200 * CV_RTC_MS)
#define KEY_FACTOR 3
#define REPORT_INTERVAL (CV_RTC_S)
#define DTX_INTERVAL (400 * CV_RTC_MS)
#define SILENCE 127
/* Opus: CELT, 20 ms, mono; a code-0 packet. */
#define OPUS_TOC 0x78
#define OPUS_STAMP 4
#define RTP_HEADER 12
/* with all extensions */
#define MAX_HEADER 160

static gboolean
is_video (const CvRtcSender *self)
{
  return self->kind == CV_RTC_VIDEO;
}

void
cv_rtc_sender_clear (CvRtcSender *self)
{
  for (guint i = 0; self->history != NULL && i < CV_RTC_HISTORY; i++)
    g_free (self->history[i].packet);
  g_clear_pointer (&self->history, g_free);
  g_clear_pointer (&self->coder, cv_rtc_coder_free);
}

void
cv_rtc_sender_start (CvRtcSender *self, guint64 now)
{
  self->epoch = now;
  self->next = now + self->interval * (guint64) g_random_int_range (0, 1024) / 1024;
  self->next_report = now + 100 * CV_RTC_MS;
  self->need_key = TRUE;
  if (is_video (self) && self->history == NULL)
    self->history = g_new0 (CvRtcKept, CV_RTC_HISTORY);
}

void
cv_rtc_sender_ask_key (CvRtcSender *self)
{
  self->need_key = TRUE;
}

/* ---- packets ---- */

static gsize
add_ext (guint8 *out, gsize at, guint8 id, gconstpointer value, gsize n)
{
  if (id == 0 || n == 0)
    return at;
  out[at] = (guint8) (id << 4 | (n - 1));
  memcpy (out + at + 1, value, n);
  return at + 1 + n;
}

gsize
cv_rtc_sender_write_header (CvRtcSender *self, gboolean rtx, gboolean marker, guint8 *out)
{
  gsize at = RTP_HEADER + 4;
  out[0] = 0x80;
  out[1] = (guint8) ((marker ? 0x80 : 0) | (rtx ? self->rtx_type : self->type));
  cv_write16 (out + 2, rtx ? self->rtx_seq++ : self->seq++);
  cv_write32 (out + 4, self->timestamp);
  cv_write32 (out + 8, rtx ? self->rtx_ssrc : self->ssrc);
  if (!(rtx ? self->rtx_acknowledged : self->acknowledged)) { /* as browsers do */
    at = add_ext (out, at, self->ext[CV_RTC_EXT_MID], self->mid, strlen (self->mid));
    at = add_ext (out, at, self->ext[rtx ? CV_RTC_EXT_REPAIRED_RID : CV_RTC_EXT_RID], self->rid, strlen (self->rid));
  }
  if (self->ext[CV_RTC_EXT_TWCC] != 0) {
    guint8 seq[2];
    cv_write16 (seq, cv_rtc_departures_take (&self->transport->departures));
    at = add_ext (out, at, self->ext[CV_RTC_EXT_TWCC], seq, sizeof seq);
  }
  if (self->ext[CV_RTC_EXT_LEVEL] != 0) {
    guint8 level = (guint8) (self->level | (self->level < SILENCE ? 0x80 : 0));
    at = add_ext (out, at, self->ext[CV_RTC_EXT_LEVEL], &level, 1);
  }
  if (at == RTP_HEADER + 4)
    return RTP_HEADER;
  while (at % 4 != 0)
    out[at++] = 0;
  out[0] |= 0x10;
  cv_write16 (out + RTP_HEADER, 0xbede);
  cv_write16 (out + RTP_HEADER + 2, (guint16) ((at - RTP_HEADER - 4) / 4));
  return at;
}

static void
keep (CvRtcSender *self, const guint8 *packet, gsize header_n, gsize n)
{
  CvRtcKept *kept = &self->history[cv_read16 (packet + 2) % CV_RTC_HISTORY];
  if (kept->packet == NULL)
    kept->packet = g_malloc (self->packet_bytes + MAX_HEADER);
  memcpy (kept->packet, packet, n);
  kept->seq = cv_read16 (packet + 2);
  kept->header_n = (guint8) header_n;
  kept->n = (guint16) n;
}

/* `stamp_at`: where in the packet; 0: it is too short for one. */
static void
send_packet (CvRtcSender *self, guint8 *packet, gsize header_n, gsize n, gsize stamp_at)
{
  CvRtcStamp stamp = { .peer = self->peer,
                       .source = (guint8) self->source,
                       .encoding = (guint8) self->encoding,
                       .counter = self->counter++,
                       .time = cv_rtc_now () };
  if (stamp_at > 0)
    cv_rtc_stamp_write (&stamp, packet + stamp_at);
  self->packets++;
  self->octets += (guint32) (n - header_n);
  if (self->history != NULL)
    keep (self, packet, header_n, n);
  cv_rtc_transport_send_rtp (self->transport, packet, n);
}

gboolean
cv_rtc_sender_repeat (CvRtcSender *self, guint16 seq)
{
  guint8 packet[CV_RTC_MAX_PACKET + SRTP_MAX_TRAILER_LEN];
  CvRtcKept *kept = self->history != NULL ? &self->history[seq % CV_RTC_HISTORY] : NULL;
  if (kept == NULL || kept->packet == NULL || kept->seq != seq)
    return FALSE;
  self->repeated++;
  self->transport->context->totals.tx_rtx++;
  if (self->rtx_type == 0) { /* the very same packet */
    memcpy (packet, kept->packet, kept->n);
    cv_rtc_transport_send_rtp (self->transport, packet, kept->n);
    return TRUE;
  }
  gsize header_n = cv_rtc_sender_write_header (self, TRUE, kept->packet[1] & 0x80, packet);
  gsize payload_n = kept->n - kept->header_n;
  memcpy (packet + 4, kept->packet + 4, 4);
  cv_write16 (packet + header_n, seq);
  memcpy (packet + header_n + 2, kept->packet + kept->header_n, payload_n);
  cv_rtc_transport_send_rtp (self->transport, packet, header_n + 2 + payload_n);
  return TRUE;
}

/* ---- media ---- */

/* By the plan, not by when the timer came. */
static void
set_timestamp (CvRtcSender *self, guint rate)
{
  self->timestamp = self->first_timestamp + (guint32) ((self->next - self->epoch) * rate / CV_RTC_S);
}

static gsize
write_sound (CvRtcSender *self, guint8 *out, gsize room)
{
  gsize n = 0;
  const guint8 *sound = cv_rtc_coder_encode (self->coder, self->peer, self->next, FALSE, &n);
  if (sound == NULL || n > room)
    return 1; /* the first byte is there: nothing is heard */
  memcpy (out, sound, n);
  return n;
}

static void
send_audio (CvRtcSender *self)
{
  guint8 packet[CV_RTC_MAX_PACKET + SRTP_MAX_TRAILER_LEN];
  gboolean comfort = self->dtx && self->level >= SILENCE;
  gsize n = comfort ? 2 : self->packet_bytes;
  set_timestamp (self, 48000);
  gsize header_n = cv_rtc_sender_write_header (self, FALSE, FALSE, packet);
  memset (packet + header_n, 0x5a, n);
  packet[header_n] = OPUS_TOC;
  gboolean real = self->coder != NULL && !comfort;
  if (real)
    n = write_sound (self, packet + header_n, sizeof packet - SRTP_MAX_TRAILER_LEN - header_n);
  send_packet (self, packet, header_n, header_n + n, comfort || real ? 0 : header_n + OPUS_STAMP);
  if (comfort)
    self->next += DTX_INTERVAL - self->interval;
}

static gboolean
take_key (CvRtcSender *self, guint64 now)
{
  gboolean wanted = self->need_key || (self->key_interval != 0 && now - self->last_key >= self->key_interval);
  if (!wanted || (self->last_key != 0 && now - self->last_key < KEY_MIN_INTERVAL))
    return FALSE;
  self->need_key = FALSE;
  self->last_key = now;
  self->transport->context->totals.keyframes++;
  return TRUE;
}

/* The next picture's numbers. */
static CvRtcVp8
begin_frame (CvRtcSender *self, guint64 now)
{
  CvRtcVp8 vp8 = { .key = take_key (self, now), .reference = TRUE, .width = self->width, .height = self->height };
  self->picture = (self->picture + 1) & 0x7fff;
  vp8.layer = vp8.key || self->layers < 2 ? 0 : (int) (self->picture % 2);
  if (vp8.layer == 0)
    self->tl0 = (self->tl0 + 1) & 0xff;
  vp8.picture = (int) self->picture;
  vp8.tl0 = (int) self->tl0;
  set_timestamp (self, 90000);
  return vp8;
}

static void
send_frame (CvRtcSender *self, guint64 now)
{
  guint8 packet[CV_RTC_MAX_PACKET + SRTP_MAX_TRAILER_LEN];
  CvRtcVp8 vp8 = begin_frame (self, now);
  guint total = self->frame_bytes * (vp8.key ? KEY_FACTOR : 1);
  guint count = MAX (1, (total + self->packet_bytes - 1) / self->packet_bytes);
  gsize each = MAX (total / count, CV_RTC_VP8_HEADER + CV_RTC_STAMP);
  for (guint i = 0; i < count; i++) {
    vp8.start = i == 0;
    gsize header_n = cv_rtc_sender_write_header (self, FALSE, i == count - 1, packet);
    memset (packet + header_n, 0xa5, each);
    cv_rtc_vp8_write (&vp8, packet + header_n);
    send_packet (self, packet, header_n, header_n + each, header_n + CV_RTC_VP8_HEADER);
  }
}

/* The same of a scene: no stamps, as all bytes are those of the picture. */
static void
send_picture (CvRtcSender *self, guint64 now)
{
  guint8 packet[CV_RTC_MAX_PACKET + SRTP_MAX_TRAILER_LEN];
  CvRtcVp8 vp8 = begin_frame (self, now);
  gsize n = 0, each = self->packet_bytes - CV_RTC_VP8_DESCRIPTOR;
  const guint8 *frame = cv_rtc_coder_encode (self->coder, self->peer, self->next, vp8.key, &n);
  for (gsize at = 0; frame != NULL && at < n; at += each) {
    gsize part = MIN (each, n - at);
    vp8.start = at == 0;
    gsize header_n = cv_rtc_sender_write_header (self, FALSE, at + part == n, packet);
    cv_rtc_vp8_write (&vp8, packet + header_n);
    memcpy (packet + header_n + CV_RTC_VP8_DESCRIPTOR, frame + at, part);
    send_packet (self, packet, header_n, header_n + CV_RTC_VP8_DESCRIPTOR + part, 0);
  }
}

static void
send_report (CvRtcSender *self, guint64 now)
{
  CvRtcRtcp rtcp = { .n = 0 };
  guint32 rate = is_video (self) ? 90000 : 48000;
  guint32 timestamp = self->first_timestamp + (guint32) ((now - self->epoch) * rate / CV_RTC_S);
  char cname[24];
  g_snprintf (cname, sizeof cname, "c%u", self->peer);
  cv_rtc_rtcp_sender_report (&rtcp, self->ssrc, timestamp, self->packets, self->octets);
  cv_rtc_rtcp_cname (&rtcp, self->ssrc, cname);
  cv_rtc_transport_send_rtcp (self->transport, &rtcp);
}

void
cv_rtc_sender_tick (CvRtcSender *self, guint64 now)
{
  if (!self->negotiated || !self->on) {
    if (now > self->next)
      self->next += (now - self->next + self->interval - 1) / self->interval * self->interval;
    return;
  }
  while (now >= self->next) {
    if (now - self->next > CV_RTC_S / 2) /* stalled: no burst */
      self->next = now;
    if (is_video (self) && self->coder != NULL)
      send_picture (self, now);
    else if (is_video (self))
      send_frame (self, now);
    else
      send_audio (self);
    self->next += self->interval;
  }
  if (now >= self->next_report && self->packets > 0) {
    self->next_report = now + REPORT_INTERVAL;
    send_report (self, now);
  }
}
