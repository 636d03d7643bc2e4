/* See slot.h. */
#include "media/slot.h"

#include <string.h>

#define NTP_EPOCH G_GUINT64_CONSTANT (2208988800) /* s from 1900 to 1970 */
#define LEAST_FRAME 3000 /* of the clock: what a change of source moves the timestamp at least */
#define STALE_US                                                                                                       \
  (G_GINT64_CONSTANT (60) * G_USEC_PER_SEC) /* a publisher's report that is older tells nothing any more */
#define MAX_GAP 1000 /* packets: a longer one is closed, or who lost some of them would not know the rollover counter */
#define MID_PACKETS 64 /* so many carry the MID, until it has surely come */

void
cv_slot_init (CvSlot *self, const CvSdpMedia *media, guint number, gpointer endpoint)
{
  memset (self, 0, sizeof *self);
  self->kind = media->kind;
  self->number = number;
  self->endpoint = endpoint;
  self->layer = -1;
  memcpy (self->mid, media->mid, sizeof self->mid);
  memcpy (self->payload_type, media->payload_type, sizeof self->payload_type);
  memcpy (self->rtx_type, media->rtx_type, sizeof self->rtx_type);
  self->mid_id = media->extension_receives[CV_EXTENSION_MID] ? media->extension[CV_EXTENSION_MID] : 0;
  self->level_id = media->extension_receives[CV_EXTENSION_AUDIO_LEVEL] ? media->extension[CV_EXTENSION_AUDIO_LEVEL] : 0;
  self->twcc_id = media->twcc && media->extension_receives[CV_EXTENSION_TWCC] ? media->extension[CV_EXTENSION_TWCC] : 0;
  self->ssrc = g_random_int_range (1, G_MAXINT32);
  self->rtx_ssrc = self->ssrc + 1;
  self->top = (guint64) g_random_int_range (0, 0x7fff);
  self->rtx_index = (guint64) g_random_int_range (0, 0x7fff);
}

/* ---- what is shown ---- */

/* What came so far stays known for what is asked for again. */
static void
end_stretch (CvSlot *self)
{
  if (self->now.track != NULL)
    self->before = self->now;
  self->now = (CvStretch){ 0 };
}

void
cv_slot_interrupt (CvSlot *self, const CvTrack *track)
{
  if (track == NULL || self->now.track == track)
    self->now = (CvStretch){ 0 };
  if (track == NULL || self->before.track == track)
    self->before = (CvStretch){ 0 };
  if (self->source != NULL && self->layer >= 0)
    cv_track_want_keyframe (&self->source->tracks[self->layer]);
}

void
cv_slot_assign (CvSlot *self, CvSource *source)
{
  if (self->source == source)
    return;
  if (self->source != NULL)
    g_ptr_array_remove_fast (self->source->slots, self);
  self->source = source;
  self->changed = TRUE;
  self->layer = -1;
  /* The former source may be gone before somebody asks for a packet of it again. */
  self->now = (CvStretch){ 0 };
  self->before = (CvStretch){ 0 };
  if (source != NULL)
    g_ptr_array_add (source->slots, self);
}

void
cv_slot_set_layer (CvSlot *self, int layer)
{
  if (self->layer == layer)
    return;
  self->layer = layer;
  if (layer < 0)
    end_stretch (self);
  else if (self->now.track != &self->source->tracks[layer])
    cv_track_want_keyframe (&self->source->tracks[layer]);
}

gboolean
cv_slot_takes (const CvSlot *self, CvCodec codec)
{
  return self->payload_type[codec] != 0;
}

/* ---- rewriting ---- */

static void
begin_stretch (CvSlot *self, CvTrack *track, const CvPacket *packet)
{
  const guint8 *payload = packet->data + packet->header_n;
  end_stretch (self);
  self->now = (CvStretch){ .track = track, .in = packet->index, .out = self->top + 1 };
  if (self->at == 0)
    return; /* the first one passes as it is */
  gint64 elapsed = (packet->at - self->at) * track->clock / G_USEC_PER_SEC;
  guint32 timestamp = self->timestamp + (guint32) MAX (elapsed, LEAST_FRAME);
  self->now.timestamp_offset = timestamp - packet->timestamp;
  self->now.picture_offset = (guint16) (self->picture + 1 - cv_vp8_get_picture_id (&packet->payload, payload));
  self->now.tl0_offset = (guint8) (self->tl0 + 1 - cv_vp8_get_tl0 (&packet->payload, payload));
}

static guint64
get_index (const CvStretch *stretch, const CvPacket *packet)
{
  return stretch->out + (packet->index - stretch->in);
}

/* Does it come with a number that no loss explains? */
static gboolean
leaps (const CvSlot *self, const CvPacket *packet)
{
  return packet->index > self->now.in && get_index (&self->now, packet) > self->top + MAX_GAP;
}

/* What goes out next follows on this. */
static void
note_top (CvSlot *self, const CvPacket *packet)
{
  const guint8 *payload = packet->data + packet->header_n;
  guint64 index = get_index (&self->now, packet);
  if (self->at != 0 && index <= self->top)
    return;
  self->top = index;
  self->timestamp = packet->timestamp + self->now.timestamp_offset;
  self->at = packet->at;
  if (packet->payload.picture_id_at != 0)
    self->picture = (guint16) (cv_vp8_get_picture_id (&packet->payload, payload) + self->now.picture_offset);
  if (packet->payload.tl0_at != 0)
    self->tl0 = (guint8) (cv_vp8_get_tl0 (&packet->payload, payload) + self->now.tl0_offset);
}

gboolean
cv_slot_accept (CvSlot *self, CvTrack *track, const CvPacket *packet, CvStretch *as)
{
  if (self->layer < 0 || !cv_slot_takes (self, packet->codec))
    return FALSE;
  if (self->now.track == track && packet->index < self->now.in)
    return FALSE;
  if (self->now.track != track || leaps (self, packet)) {
    if (track != &self->source->tracks[self->layer])
      return FALSE;
    if (self->kind == CV_KIND_VIDEO && !packet->payload.keyframe) {
      cv_track_want_keyframe (track);
      return FALSE;
    }
    begin_stretch (self, track, packet);
  }
  note_top (self, packet);
  *as = self->now;
  return TRUE;
}

/* Extensions in the one-byte form (RFC 8285); returns the header's length. */
static gsize
write_extensions (const CvSlot *self, guint8 *out, guint8 level, gboolean with_mid, guint16 twcc)
{
  gsize at = CV_RTP_HEADER + 4;
  if (self->twcc_id != 0) {
    out[at++] = (guint8) (self->twcc_id << 4 | 1);
    cv_write16 (out + at, twcc);
    at += 2;
  }
  if (self->level_id != 0 && self->kind == CV_KIND_AUDIO) {
    out[at++] = (guint8) (self->level_id << 4);
    out[at++] = level;
  }
  if (with_mid && self->mid_id != 0) {
    gsize n = strlen (self->mid);
    out[at++] = (guint8) (self->mid_id << 4 | (n - 1));
    memcpy (out + at, self->mid, n);
    at += n;
  }
  if (at == CV_RTP_HEADER + 4)
    return CV_RTP_HEADER;
  while (at % 4 != 0)
    out[at++] = 0;
  out[0] |= 0x10;
  cv_write16 (out + CV_RTP_HEADER, 0xbede);
  cv_write16 (out + CV_RTP_HEADER + 2, (guint16) ((at - CV_RTP_HEADER - 4) / 4));
  return at;
}

static void
write_header (guint8 *out, gboolean padded, gboolean marker, guint8 payload_type, guint16 seq, guint32 timestamp,
              guint32 ssrc)
{
  out[0] = padded ? 0xa0 : 0x80;
  out[1] = (guint8) ((marker ? 0x80 : 0) | payload_type);
  cv_write16 (out + 2, seq);
  cv_write32 (out + 4, timestamp);
  cv_write32 (out + 8, ssrc);
}

static gboolean
changes_payload (const CvStretch *stretch, const CvPayload *payload)
{
  return (stretch->picture_offset != 0 && payload->picture_id_at != 0) ||
         (stretch->tl0_offset != 0 && payload->tl0_at != 0);
}

/* Copies the payload to `out`, with VP8's counters as this slot's decoder knows them. */
static void
copy_payload (const CvStretch *stretch, const CvPayload *inspected, const guint8 *payload, gsize n, guint8 *out)
{
  memcpy (out, payload, n);
  cv_vp8_set_picture_id (inspected, out,
                         (guint16) (cv_vp8_get_picture_id (inspected, payload) + stretch->picture_offset));
  cv_vp8_set_tl0 (inspected, out, (guint8) (cv_vp8_get_tl0 (inspected, payload) + stretch->tl0_offset));
}

gsize
cv_slot_write (CvSlot *self, const CvPacket *packet, const CvStretch *as, CvSrtp *srtp, guint16 twcc, guint8 *out)
{
  const guint8 *payload = packet->data + packet->header_n;
  gsize n = packet->n - packet->header_n;
  guint64 index = get_index (as, packet);
  write_header (out, (packet->data[0] & 0x20) != 0, packet->marker, self->payload_type[packet->codec], (guint16) index,
                packet->timestamp + as->timestamp_offset, self->ssrc);
  gsize header_n = write_extensions (self, out, packet->level, self->packets < MID_PACKETS, twcc);
  const guint8 *plain = payload;
  if (changes_payload (as, &packet->payload)) {
    copy_payload (as, &packet->payload, payload, n, out + header_n);
    plain = out + header_n;
  }
  self->packets++;
  self->octets += (guint32) n;
  return cv_srtp_protect_rtp (srtp, &self->sent, index, out, header_n, plain, n);
}

/* ---- retransmission ---- */

/* Where a packet that went out came from. */
static const CvStretch *
find_stretch (const CvSlot *self, guint64 index)
{
  if (self->now.track != NULL && index >= self->now.out)
    return &self->now;
  return self->before.track != NULL && index >= self->before.out ? &self->before : NULL;
}

/* The packet behind a sequence number that went out, as it came. */
static const CvStretch *
find_kept (const CvSlot *self, guint16 seq, CvHistoryPacket *kept)
{
  guint64 index = cv_srtp_window_guess (&self->sent, seq);
  const CvStretch *stretch = index <= self->top && self->at != 0 ? find_stretch (self, index) : NULL;
  if (stretch == NULL || self->source == NULL || self->rtx_type[self->source->codec] == 0 ||
      stretch->track->history == NULL)
    return NULL;
  return cv_history_get (stretch->track->history, stretch->in + (index - stretch->out), kept) ? stretch : NULL;
}

gsize
cv_slot_find_sent (const CvSlot *self, guint16 seq)
{
  CvHistoryPacket kept;
  return find_kept (self, seq, &kept) != NULL ? kept.n : 0;
}

gsize
cv_slot_write_rtx (CvSlot *self, guint16 seq, CvSrtp *srtp, guint16 twcc, guint8 *out)
{
  CvHistoryPacket kept;
  CvRtp rtp;
  const CvStretch *stretch = find_kept (self, seq, &kept);
  if (stretch == NULL || !cv_rtp_parse (&rtp, kept.packet, kept.n))
    return 0;

  CvCodec codec = self->source->codec;
  const guint8 *payload = kept.packet + kept.header_n;
  gsize n = kept.n - kept.header_n;
  CvPayload inspected;
  cv_payload_inspect (&inspected, codec, payload, n);
  guint64 rtx = ++self->rtx_index;
  write_header (out, rtp.padded, rtp.marker, self->rtx_type[codec], (guint16) rtx,
                rtp.timestamp + stretch->timestamp_offset, self->rtx_ssrc);
  gsize header_n = write_extensions (self, out, 127, self->retransmitted < MID_PACKETS, twcc);
  cv_write16 (out + header_n, seq);
  copy_payload (stretch, &inspected, payload, n, out + header_n + 2);
  self->retransmitted++;
  return cv_srtp_protect_rtp (srtp, &self->rtx_sent, rtx, out, header_n, out + header_n, n + 2);
}

/* Of what it shows, or of what everybody can decode. */
static guint8
get_rtx_type (const CvSlot *self)
{
  return self->rtx_type[self->source != NULL ? self->source->codec : CV_CODEC_VP8];
}

gboolean
cv_slot_can_pad (const CvSlot *self)
{
  return self->kind == CV_KIND_VIDEO && get_rtx_type (self) != 0;
}

gsize
cv_slot_write_padding (CvSlot *self, guint8 n, CvSrtp *srtp, guint16 twcc, guint8 *out)
{
  g_return_val_if_fail (cv_slot_can_pad (self) && n > 0, 0);
  guint64 rtx = ++self->rtx_index;
  write_header (out, TRUE, FALSE, get_rtx_type (self), (guint16) rtx, self->timestamp, self->rtx_ssrc);
  gsize header_n = write_extensions (self, out, 127, FALSE, twcc);
  memset (out + header_n, 0, n);
  out[header_n + n - 1] = n;
  return cv_srtp_protect_rtp (srtp, &self->rtx_sent, rtx, out, header_n, out + header_n, n);
}

/* ---- reports ---- */

gboolean
cv_slot_write_report (CvSlot *self, CvRtcpWriter *writer, const char *cname, gint64 now)
{
  if (self->now.track == NULL || self->at == 0)
    return FALSE;
  /* The publisher's clock where it told, so that what it sends together stays together; else ours. */
  const CvTrack *track = self->now.track;
  gboolean told = track->sr_ntp != 0 && now - track->sr_at < STALE_US;
  gint64 elapsed = now - (told ? track->sr_at : self->at);
  guint32 timestamp = told ? track->sr_rtp + self->now.timestamp_offset : self->timestamp;
  guint64 ntp = track->sr_ntp + ((guint64) elapsed << 32) / G_USEC_PER_SEC;
  if (!told) {
    guint64 wall = (guint64) g_get_real_time ();
    ntp = (wall / G_USEC_PER_SEC + NTP_EPOCH) << 32 | ((wall % G_USEC_PER_SEC) << 32) / G_USEC_PER_SEC;
  }
  timestamp += (guint32) (elapsed * track->clock / G_USEC_PER_SEC);
  return cv_rtcp_write_sr (writer, self->ssrc, ntp, timestamp, self->packets, self->octets) &&
         cv_rtcp_write_cname (writer, self->ssrc, cname);
}
