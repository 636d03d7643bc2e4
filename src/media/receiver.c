/* See receiver.h. */
#include "media/receiver.h"

#include "media/sender.h"

#include <string.h>

#define REPORT_EVERY_US G_USEC_PER_SEC
#define FEEDBACK_EVERY_US (50 * 1000)
#define RTCP_ROOM 1200
#define DEFAULT_RTT_US (60 * 1000)

/* ---- RTP ---- */

static guint8
read_level (const CvEndpoint *endpoint, const CvRtp *rtp, const guint8 *packet)
{
  guint8 id = endpoint->extension[CV_EXTENSION_AUDIO_LEVEL];
  return id != 0 && rtp->extension_n[id] > 0 ? packet[rtp->extension_at[id]] & 0x7f : 127;
}

/* Decrypts. An SSRC that is not known is taken only from a packet that is authentic. */
static CvStream *
open_packet (CvEndpoint *endpoint, const CvRtp *rtp, CvPacket *packet)
{
  CvSrtp *srtp = endpoint->transport->receive;
  CvStream *stream = cv_endpoint_find_stream (endpoint, rtp->ssrc);
  CvSrtpWindow fresh = { 0 };
  CvSrtpWindow *window = &fresh;
  if (stream != NULL)
    window = stream->rtx ? &stream->track->rtx_window : &stream->track->window;
  if (!cv_srtp_unprotect_rtp (srtp, window, packet->data, packet->header_n, &packet->n, &packet->index))
    return NULL;
  if (endpoint->incoming != NULL) {
    guint8 id = endpoint->extension[CV_EXTENSION_TWCC];
    if (id != 0 && rtp->extension_n[id] >= 2)
      cv_twcc_receiver_add (endpoint->incoming, cv_read16 (packet->data + rtp->extension_at[id]), packet->at);
  }
  return stream != NULL ? stream : cv_endpoint_bind_stream (endpoint, rtp, packet->data, &fresh);
}

/* Missing packets and keyframes are asked for at once: every ms counts. */
static void
ask (CvEndpoint *endpoint, CvSource *source, CvTrack *track, gint64 now)
{
  guint16 seqs[CV_NACKS_MAX];
  guint8 out[RTCP_ROOM];
  CvRtcpWriter writer = { .out = out, .size = sizeof out - CV_SRTP_MAX_OVERHEAD };
  guint n = 0;
  if (source->media.nack)
    n = cv_nacks_take_due (&track->nacks, now, MAX (endpoint->rtt, DEFAULT_RTT_US), seqs, G_N_ELEMENTS (seqs));
  gboolean used = cv_source_is_used (source);
  if (cv_nacks_take_gave_up (&track->nacks) && used)
    cv_track_want_keyframe (track);
  gboolean keyframe = used && cv_track_take_keyframe_request (track, now);
  if (n == 0 && !keyframe)
    return;
  cv_rtcp_write_rr (&writer, endpoint->ssrc, NULL, 0); /* a compound begins with a report */
  if (n > 0)
    cv_rtcp_write_nack (&writer, endpoint->ssrc, track->ssrc, seqs, n);
  if (keyframe)
    cv_rtcp_write_pli (&writer, endpoint->ssrc, track->ssrc);
  cv_transport_send_rtcp (endpoint->transport, out, writer.n);
}

CvSource *
cv_receiver_rtp (CvEndpoint *endpoint, guint8 *data, gsize n, gint64 now, CvPacket *packet, CvTrack **track)
{
  CvRtp rtp;
  if (endpoint->transport->receive == NULL || !cv_rtp_parse (&rtp, data, n))
    return NULL;
  *packet = (CvPacket){ .data = data, .n = n, .header_n = rtp.header_n, .at = now };
  CvStream *stream = open_packet (endpoint, &rtp, packet);
  CvCodec codec;
  gboolean rtx = FALSE, asks = FALSE;
  if (stream == NULL || !cv_source_find_codec (stream->source, rtp.payload_type, &codec, &rtx) || rtx != stream->rtx)
    return NULL;
  endpoint->received_bytes += n;
  endpoint->transport->heard = now;
  CvSource *source = stream->source;
  *track = stream->track;
  if (rtx && !cv_track_unwrap_rtx (stream->track, packet, source->media.payload_type[codec]))
    return NULL;
  packet->codec = codec;
  packet->marker = rtp.marker;
  packet->timestamp = rtp.timestamp;
  packet->level = read_level (endpoint, &rtp, data);
  cv_payload_inspect (&packet->payload, codec, packet->data + packet->header_n, packet->n - packet->header_n);
  if (!cv_track_receive (stream->track, packet, &asks))
    return NULL;
  source->codec = codec;
  source->level = packet->level;
  if (asks)
    ask (endpoint, source, stream->track, now);
  return source->may ? source : NULL;
}

/* ---- RTCP ---- */

static CvSlot *
find_slot (CvEndpoint *endpoint, guint32 ssrc)
{
  for (guint i = 0; i < endpoint->n_slots; i++)
    if (endpoint->slots[i].ssrc == ssrc)
      return &endpoint->slots[i];
  return NULL;
}

/* What the client says of what it gets from us. */
static void
read_blocks (CvEndpoint *endpoint, const CvRtcpItem *item)
{
  guint lost = 0, n = 0;
  for (guint i = 0; i < item->n_blocks; i++) {
    const CvRtcpBlock *block = &item->blocks[i];
    if (find_slot (endpoint, block->ssrc) == NULL)
      continue;
    lost += block->fraction_lost;
    n++;
  }
  if (n > 0)
    endpoint->down_lost = (guint8) (lost / n);
}

static void
retransmit (CvEndpoint *endpoint, const CvRtcpItem *item, gint64 now)
{
  guint16 seqs[CV_RTCP_MAX_NACKS];
  CvSlot *slot = find_slot (endpoint, item->media);
  guint n = slot != NULL ? cv_rtcp_nack_list (item, seqs, G_N_ELEMENTS (seqs)) : 0;
  for (guint i = 0; i < n; i++)
    cv_sender_retransmit (endpoint, slot, seqs[i], now);
}

static void
want_keyframe (CvEndpoint *endpoint, guint32 ssrc)
{
  CvSlot *slot = find_slot (endpoint, ssrc);
  if (slot == NULL || slot->source == NULL || slot->kind != CV_KIND_VIDEO || slot->layer < 0)
    return;
  cv_track_want_keyframe (slot->now.track != NULL ? slot->now.track : &slot->source->tracks[slot->layer]);
}

static void
read_feedback (CvEndpoint *endpoint, const CvRtcpItem *item, gint64 now)
{
  CvTwccResult results[CV_TWCC_RESULTS];
  if (endpoint->outgoing == NULL)
    return;
  guint n = cv_twcc_sender_feedback (endpoint->outgoing, item->fci, item->fci_n, results, G_N_ELEMENTS (results));
  if (n == 0)
    return;
  cv_bandwidth_feedback (endpoint->bandwidth, results, n, now);
  endpoint->rtt = cv_bandwidth_get_rtt (endpoint->bandwidth);
}

static void
read_item (CvEndpoint *endpoint, const CvRtcpItem *item, gint64 now)
{
  CvStream *stream = NULL;
  switch (item->type) {
  case CV_RTCP_SR:
    stream = cv_endpoint_find_stream (endpoint, item->sender);
    if (stream != NULL && !stream->rtx)
      cv_track_sender_report (stream->track, item, now);
    read_blocks (endpoint, item);
    break;
  case CV_RTCP_RR:
    read_blocks (endpoint, item);
    break;
  case CV_RTCP_NACK:
    retransmit (endpoint, item, now);
    break;
  case CV_RTCP_PLI:
  case CV_RTCP_FIR:
    want_keyframe (endpoint, item->media);
    break;
  case CV_RTCP_TWCC:
    read_feedback (endpoint, item, now);
    break;
  case CV_RTCP_BYE:
  case CV_RTCP_OTHER:
    break;
  }
}

void
cv_receiver_rtcp (CvEndpoint *endpoint, guint8 *data, gsize n, gint64 now)
{
  CvRtcpReader reader;
  CvRtcpItem item;
  if (endpoint->transport->receive == NULL || !cv_srtp_unprotect_rtcp (endpoint->transport->receive, data, &n))
    return;
  endpoint->transport->heard = now;
  cv_rtcp_reader_init (&reader, data, n);
  while (cv_rtcp_reader_next (&reader, &item))
    read_item (endpoint, &item, now);
}

/* ---- what is due ---- */

static void
report (CvEndpoint *endpoint, gint64 now)
{
  CvRtcpBlock blocks[CV_RTCP_MAX_BLOCKS];
  guint8 out[RTCP_ROOM];
  CvRtcpWriter writer = { .out = out, .size = sizeof out - CV_SRTP_MAX_OVERHEAD };
  guint n = 0;
  for (guint i = 0; i < CV_N_SOURCES; i++)
    for (guint k = 0; endpoint->sources[i] != NULL && k < endpoint->sources[i]->n_tracks; k++) {
      CvTrack *track = &endpoint->sources[i]->tracks[k];
      cv_track_measure (track, now);
      if (n < CV_RTCP_MAX_BLOCKS && cv_track_is_live (track, now) && cv_track_report (track, &blocks[n], now))
        n++;
    }
  endpoint->reported = now;
  if (n > 0 && cv_rtcp_write_rr (&writer, endpoint->ssrc, blocks, n) &&
      cv_rtcp_write_cname (&writer, endpoint->ssrc, "conclave"))
    cv_transport_send_rtcp (endpoint->transport, out, writer.n);
}

/* Feedback is about all streams, but libwebrtc passes it over unless it names one of its own. */
static guint32
get_any_ssrc (const CvEndpoint *endpoint)
{
  for (guint i = 0; i < endpoint->n_streams; i++)
    if (!endpoint->streams[i].rtx)
      return endpoint->streams[i].ssrc;
  return 0;
}

static void
feed_back (CvEndpoint *endpoint, gint64 now)
{
  guint32 media = get_any_ssrc (endpoint);
  endpoint->fed_back = now;
  while (media != 0) {
    guint8 out[RTCP_ROOM];
    CvRtcpWriter writer = { .out = out, .size = sizeof out - CV_SRTP_MAX_OVERHEAD };
    if (!cv_twcc_receiver_write (endpoint->incoming, &writer, endpoint->ssrc, media))
      return;
    cv_transport_send_rtcp (endpoint->transport, out, writer.n);
  }
}

void
cv_receiver_tick (CvEndpoint *endpoint, gint64 now)
{
  /* Only what comes at all: most people send nothing, and their tracks would push those of others out of the cache. */
  for (guint i = 0; i < endpoint->n_streams; i++) {
    const CvStream *stream = &endpoint->streams[i];
    CvTrack *track = stream->track;
    if (!stream->rtx && stream->source->media.kind == CV_KIND_VIDEO &&
        (track->nacks.n > 0 || track->keyframe_wanted || track->nacks.gave_up))
      ask (endpoint, stream->source, track, now);
  }
  if (now - endpoint->reported >= REPORT_EVERY_US)
    report (endpoint, now);
  if (endpoint->incoming != NULL && now - endpoint->fed_back >= FEEDBACK_EVERY_US)
    feed_back (endpoint, now);
}
