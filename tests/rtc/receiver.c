/* See receiver.h. */
#include "rtc/receiver.h"

#include "rtp/bytes.h"
#include "rtc/clock.h"

#include <string.h>

#define REPORT_INTERVAL (CV_RTC_S)
#define TWCC_INTERVAL (100 * CV_RTC_MS)
#define NACK_INTERVAL (5 * CV_RTC_MS)
/* A keyframe may be on its way already. */
#define FIRST_PLI (20 * CV_RTC_MS)
#define PLI_INTERVAL (500 * CV_RTC_MS)
#define MAX_REPORTS 31
/* Of one NACK message. */
#define MAX_NACKS 64
#define OPUS_STAMP 4
#define VP8_FRAME_HEADER 10

/* What stands in a packet's header. */
typedef struct {
  guint16 seq;
  guint32 timestamp, ssrc;
  gboolean marker;
  gsize n;
  const guint8 *ext[CV_RTC_N_EXTS];
  gsize ext_n[CV_RTC_N_EXTS];
} Header;

void
cv_rtc_receiver_init (CvRtcReceiver *self, CvRtcTransport *transport, guint peer, guint64 asked_at)
{
  memset (self, 0, sizeof *self);
  self->transport = transport;
  self->peer = peer;
  self->asked_at = asked_at;
  self->ssrc = g_random_int ();
  cv_rtc_arrivals_init (&self->arrivals);
}

void
cv_rtc_receiver_clear (CvRtcReceiver *self)
{
  for (guint i = 0; i < self->capacity; i++)
    if (self->streams[i] != NULL)
      cv_rtc_stream_free (self->streams[i]);
  g_clear_pointer (&self->streams, g_free);
  cv_rtc_arrivals_clear (&self->arrivals);
}

void
cv_rtc_receiver_set_remote (CvRtcReceiver *self, CvRtcSdp *remote)
{
  self->remote = remote;
  for (guint i = 0; i < remote->sections->len; i++) {
    const CvRtcSection *section = &g_array_index (remote->sections, CvRtcSection, i);
    for (guint k = 0; k < CV_RTC_N_EXTS; k++)
      if (section->ext[k] != 0)
        self->ext[k] = section->ext[k];
  }
}

/* ---- streams ---- */

static guint
hash (guint32 ssrc)
{
  return ssrc * 2654435761u >> 8;
}

static CvRtcStream *
find (CvRtcReceiver *self, guint32 ssrc)
{
  for (guint i = 0, at = hash (ssrc); i < self->capacity; i++, at++) {
    CvRtcStream *stream = self->streams[at & (self->capacity - 1)];
    if (stream == NULL || stream->ssrc == ssrc)
      return stream;
  }
  return NULL;
}

static void
insert (CvRtcReceiver *self, CvRtcStream *stream)
{
  guint at = hash (stream->ssrc);
  while (self->streams[at & (self->capacity - 1)] != NULL)
    at++;
  self->streams[at & (self->capacity - 1)] = stream;
}

static void
grow (CvRtcReceiver *self)
{
  CvRtcStream **old = self->streams;
  guint capacity = self->capacity;
  self->capacity = MAX (8, 2 * capacity);
  self->streams = g_new0 (CvRtcStream *, self->capacity);
  for (guint i = 0; i < capacity; i++)
    if (old[i] != NULL)
      insert (self, old[i]);
  g_free (old);
}

static const CvRtcSsrc *
announced (CvRtcReceiver *self, guint32 ssrc)
{
  for (guint i = 0; i < self->remote->ssrcs->len; i++) {
    const CvRtcSsrc *known = &g_array_index (self->remote->ssrcs, CvRtcSsrc, i);
    if (known->ssrc == ssrc || known->rtx == ssrc)
      return known;
  }
  return NULL;
}

static CvRtcStream *
add_stream (CvRtcReceiver *self, guint32 ssrc, guint8 type, guint64 now)
{
  CvRtcStream *stream = cv_rtc_stream_new (ssrc, self->remote->kinds[type], now);
  const CvRtcSsrc *known = announced (self, ssrc);
  stream->next_pli = now + FIRST_PLI;
  if (known != NULL)
    g_strlcpy (stream->mid, g_array_index (self->remote->sections, CvRtcSection, known->section).mid,
               sizeof stream->mid);
  if (2 * self->n >= self->capacity)
    grow (self);
  insert (self, stream);
  self->n++;
  return stream;
}

/* mid and rid as packets tell them. */
static void
learn_names (const Header *header, CvRtcStream *stream)
{
  CvRtcExt rid = stream->kind == CV_RTC_RTX ? CV_RTC_EXT_REPAIRED_RID : CV_RTC_EXT_RID;
  if (header->ext[CV_RTC_EXT_MID] != NULL)
    g_snprintf (stream->mid, sizeof stream->mid, "%.*s", (int) header->ext_n[CV_RTC_EXT_MID],
                (const char *) header->ext[CV_RTC_EXT_MID]);
  if (header->ext[rid] != NULL)
    g_snprintf (stream->rid, sizeof stream->rid, "%.*s", (int) header->ext_n[rid], (const char *) header->ext[rid]);
}

/* The stream whose packets an RTX stream repeats. */
static CvRtcStream *
repeated_by (CvRtcReceiver *self, CvRtcStream *rtx)
{
  const CvRtcSsrc *known = announced (self, rtx->ssrc);
  if (known != NULL && known->rtx == rtx->ssrc)
    return find (self, known->ssrc);
  for (guint i = 0; i < self->capacity; i++) {
    CvRtcStream *stream = self->streams[i];
    if (stream != NULL && stream->kind == CV_RTC_VIDEO && rtx->mid[0] != '\0' && strcmp (stream->mid, rtx->mid) == 0 &&
        strcmp (stream->rid, rtx->rid) == 0)
      return stream;
  }
  return NULL;
}

/* ---- sending ---- */

/* One feedback message. Compound (receiver report, name, message) where the other end did not allow less; some servers
 * find the m-line by the first report. */
static void
send_feedback (CvRtcReceiver *self, guint32 media, const CvRtcRtcp *message)
{
  CvRtcRtcp rtcp = { .n = 0 };
  char cname[24];
  if (!self->remote->reduced) {
    CvRtcStream *stream = find (self, media);
    CvRtcReport report;
    gboolean known = stream != NULL && stream->newest >= 0;
    if (known)
      cv_rtc_stream_report (stream, &report, cv_rtc_now ());
    g_snprintf (cname, sizeof cname, "c%u", self->peer);
    cv_rtc_rtcp_receiver_report (&rtcp, self->ssrc, &report, known ? 1 : 0);
    cv_rtc_rtcp_cname (&rtcp, self->ssrc, cname);
  }
  cv_rtc_rtcp_append (&rtcp, message->data, message->n);
  cv_rtc_transport_send_rtcp (self->transport, &rtcp);
}

void
cv_rtc_receiver_ask_key (CvRtcReceiver *self, guint32 ssrc)
{
  CvRtcRtcp rtcp = { .n = 0 };
  if (!self->transport->context->pli)
    return;
  self->transport->context->totals.pli_tx++;
  cv_rtc_rtcp_pli (&rtcp, self->ssrc, ssrc);
  send_feedback (self, ssrc, &rtcp);
}

static void
send_nacks (CvRtcReceiver *self, CvRtcStream *stream, guint64 now)
{
  guint16 seqs[MAX_NACKS];
  guint n = cv_rtc_missing_collect (&stream->missing, now, self->transport->ice.rtt, seqs, MAX_NACKS);
  if (n == 0 || !self->transport->context->nack)
    return;
  CvRtcRtcp rtcp = { .n = 0 };
  cv_rtc_rtcp_nack (&rtcp, self->ssrc, stream->ssrc, seqs, n);
  self->transport->context->totals.nack_tx++;
  self->transport->context->totals.nacks += n;
  send_feedback (self, stream->ssrc, &rtcp);
}

static void
send_reports (CvRtcReceiver *self, guint64 now)
{
  CvRtcReport reports[MAX_REPORTS];
  CvRtcRtcp rtcp = { .n = 0 };
  char cname[24];
  guint n = 0;
  for (guint i = 0; i < self->capacity && n < MAX_REPORTS; i++) {
    CvRtcStream *stream = self->streams[i];
    if (stream != NULL && stream->newest >= 0 && cv_rtc_stream_expected (stream) != stream->reported_expected)
      cv_rtc_stream_report (stream, &reports[n++], now);
  }
  if (n == 0)
    return;
  self->transport->context->totals.rr_tx++;
  g_snprintf (cname, sizeof cname, "c%u", self->peer);
  cv_rtc_rtcp_receiver_report (&rtcp, self->ssrc, reports, n);
  cv_rtc_rtcp_cname (&rtcp, self->ssrc, cname);
  cv_rtc_transport_send_rtcp (self->transport, &rtcp);
}

static void
send_arrivals (CvRtcReceiver *self)
{
  CvRtcRtcp rtcp = { .n = 0 };
  while ((rtcp.n = cv_rtc_arrivals_write (&self->arrivals, self->ssrc, rtcp.data)) > 0) {
    self->transport->context->totals.twcc_tx++;
    send_feedback (self, self->arrivals.media, &rtcp);
  }
}

/* ---- receiving ---- */

static void
read_ext (CvRtcReceiver *self, Header *header, const guint8 *packet, gsize at, gsize end)
{
  while (at < end) {
    guint8 id = packet[at] >> 4;
    gsize n = (packet[at] & 15) + 1u;
    if (packet[at] == 0) {
      at++;
      continue;
    }
    if (id == 15 || at + 1 + n > end)
      return;
    for (guint i = 0; i < CV_RTC_N_EXTS; i++) {
      if (self->ext[i] == id) {
        header->ext[i] = packet + at + 1;
        header->ext_n[i] = n;
      }
    }
    at += 1 + n;
  }
}

static gboolean
read_header (CvRtcReceiver *self, Header *header, const guint8 *packet, gsize n)
{
  memset (header, 0, sizeof *header);
  header->n = 12 + 4u * (packet[0] & 15);
  header->marker = packet[1] >> 7;
  header->seq = cv_read16 (packet + 2);
  header->timestamp = cv_read32 (packet + 4);
  header->ssrc = cv_read32 (packet + 8);
  if (packet[0] & 0x10) {
    gsize at = header->n + 4;
    if (at > n)
      return FALSE;
    header->n = at + 4u * cv_read16 (packet + at - 2);
    if (header->n > n)
      return FALSE;
    if (cv_read16 (packet + at - 4) == 0xbede)
      read_ext (self, header, packet, at, header->n);
  }
  return header->n <= n;
}

/* Tells of a first packet, and when somebody or something else comes from a stream. */
static void
on_stamp (CvRtcReceiver *self, CvRtcStream *stream, const CvRtcStamp *stamp, guint64 at)
{
  gboolean video = stream->kind == CV_RTC_VIDEO;
  gboolean same = stream->has_stamp && stream->stamp.peer == stamp->peer && stream->stamp.source == stamp->source &&
                  stream->stamp.encoding == stamp->encoding;
  stream->stamp = *stamp;
  stream->has_stamp = TRUE;
  if (!same)
    cv_rtc_emit (self->transport->context,
                 "{\"event\":\"source\",\"id\":%u,\"mid\":\"%s\",\"kind\":\"%s\",\"from\":%u,\"source\":\"%s\","
                 "\"encoding\":%u,\"ms\":%.2f}",
                 self->peer, stream->mid, video ? "video" : "audio", stamp->peer, cv_rtc_source_names[stamp->source],
                 stamp->encoding, (double) (gint64) (at - self->asked_at) / 1e6);
}

static void
on_first (CvRtcReceiver *self, CvRtcStream *stream, guint64 at)
{
  stream->first = TRUE;
  cv_rtc_emit (self->transport->context,
               "{\"event\":\"first\",\"id\":%u,\"kind\":\"%s\",\"ssrc\":%u,\"mid\":\"%s\",\"ms\":%.2f}", self->peer,
               stream->kind == CV_RTC_VIDEO ? "video" : "audio", stream->ssrc, stream->mid,
               (double) (gint64) (at - self->asked_at) / 1e6);
}

/* `vp8` is filled for video. `timed`: its time on the way counts. */
static void
read_payload (CvRtcReceiver *self, CvRtcStream *stream, const guint8 *payload, gsize n, CvRtcVp8 *vp8, gboolean timed,
              guint64 at)
{
  CvRtcStamp stamp;
  gboolean video = stream->kind == CV_RTC_VIDEO;
  gsize offset = OPUS_STAMP;
  if (video) {
    gsize descriptor = cv_rtc_vp8_read (vp8, payload, n);
    offset = descriptor + VP8_FRAME_HEADER;
    if (descriptor == 0)
      return;
  }
  if (!stream->first && (!video || vp8->key))
    on_first (self, stream, at);
  if (offset > n || !cv_rtc_stamp_read (&stamp, payload + offset, n - offset))
    return;
  on_stamp (self, stream, &stamp, at);
  if (timed)
    cv_rtc_histogram_add (&self->transport->context->totals.latency[video], at > stamp.time ? at - stamp.time : 0);
}

/* Opens a packet and takes padding off. */
static CvRtcOpened
open_packet (CvRtcReceiver *self, const Header *header, guint8 *packet, gsize *n)
{
  CvRtcOpened opened = cv_rtc_transport_open_rtp (self->transport, packet, n);
  if (opened == CV_RTC_REPLAYED)
    self->transport->context->totals.duplicates++;
  if (opened == CV_RTC_OPENED && (packet[0] & 0x20) && *n > header->n)
    *n -= MIN (packet[*n - 1], *n - header->n);
  return opened;
}

/* A packet with a number of the whole transport came. */
static void
note_arrival (CvRtcReceiver *self, const Header *header, guint64 at)
{
  if (header->ext[CV_RTC_EXT_TWCC] != NULL && header->ext_n[CV_RTC_EXT_TWCC] >= 2)
    cv_rtc_arrivals_add (&self->arrivals, cv_read16 (header->ext[CV_RTC_EXT_TWCC]), header->ssrc, at);
}

static void
receive_rtx (CvRtcReceiver *self, CvRtcStream *rtx, const Header *header, guint8 *packet, gsize n, guint64 at)
{
  CvRtcTotals *totals = &self->transport->context->totals;
  CvRtcVp8 vp8 = { 0 };
  gint64 index;
  totals->rx_rtx++;
  if (open_packet (self, header, packet, &n) != CV_RTC_OPENED)
    return;
  note_arrival (self, header, at);
  cv_rtc_stream_arrive (rtx, header->seq, at, &index);
  if (n < header->n + 2) { /* a probe of the path */
    totals->rx_padding++;
    rtx->padding++;
    return;
  }
  if (rtx->repeats == NULL)
    rtx->repeats = repeated_by (self, rtx);
  if (rtx->repeats == NULL)
    return;
  if (!cv_rtc_stream_recover (rtx->repeats, cv_read16 (packet + header->n), &index)) {
    totals->needless++;
    return;
  }
  totals->recovered++;
  read_payload (self, rtx->repeats, packet + header->n + 2, n - header->n - 2, &vp8, FALSE, at);
  if (!cv_rtc_playout_add (&rtx->repeats->playout, index, header->timestamp, header->marker, FALSE, &vp8, at))
    totals->late++;
}

static void
count_arrival (CvRtcTotals *totals, CvRtcArrival arrival)
{
  totals->duplicates += arrival == CV_RTC_DUPLICATE;
  totals->late += arrival == CV_RTC_TOO_LATE;
  totals->reordered += arrival == CV_RTC_REORDERED;
  totals->resets += arrival == CV_RTC_RESET;
}

static gboolean
wants_to_see (CvRtcReceiver *self, CvRtcStream *stream)
{
  CvRtcContext *context = self->transport->context;
  guint64 n = stream->n++;
  if (context->decrypt != CV_RTC_DECRYPT_SAMPLE)
    return context->decrypt == CV_RTC_DECRYPT_ALL;
  return !stream->first || n % context->sample == 0 ||
         (stream->kind == CV_RTC_VIDEO && cv_rtc_playout_wants_key (&stream->playout));
}

static void
receive_media (CvRtcReceiver *self, CvRtcStream *stream, const Header *header, guint8 *packet, gsize n, guint64 at)
{
  CvRtcContext *context = self->transport->context;
  CvRtcTotals *totals = &context->totals;
  gboolean video = stream->kind == CV_RTC_VIDEO, empty = FALSE;
  CvRtcVp8 vp8 = { 0 };
  gint64 index;
  gsize length = n;
  gboolean see = wants_to_see (self, stream);
  CvRtcOpened opened = see ? open_packet (self, header, packet, &n) : CV_RTC_OPENED;
  stream->duplicates += opened == CV_RTC_REPLAYED;
  if (opened != CV_RTC_OPENED)
    return;
  totals->rx_packets[video]++;
  totals->rx_bytes += length;
  note_arrival (self, header, at);
  CvRtcArrival arrival = cv_rtc_stream_arrive (stream, header->seq, at, &index);
  count_arrival (totals, arrival);
  if (arrival == CV_RTC_DUPLICATE || arrival == CV_RTC_TOO_LATE)
    return;
  if (arrival != CV_RTC_REORDERED)
    cv_rtc_stream_clock (stream, header->timestamp, at);
  if (see) {
    empty = n <= header->n;
    stream->padding += empty;
    totals->rx_padding += empty;
    if (!empty)
      read_payload (self, stream, packet + header->n, n - header->n, &vp8, TRUE, at);
  }
  if (!video)
    return;
  cv_rtc_playout_add (&stream->playout, index, header->timestamp, header->marker, empty, see ? &vp8 : NULL, at);
  gboolean blind = context->decrypt == CV_RTC_DECRYPT_NONE;
  if (blind ? stream->n == 1 : cv_rtc_playout_wants_key (&stream->playout) && at >= stream->next_pli) {
    cv_rtc_receiver_ask_key (self, stream->ssrc);
    stream->next_pli = at + PLI_INTERVAL;
  }
}

void
cv_rtc_receiver_rtp (CvRtcReceiver *self, guint8 *packet, gsize n, guint64 at)
{
  Header header;
  if (!read_header (self, &header, packet, n))
    return;
  CvRtcStream *stream = find (self, header.ssrc);
  if (stream == NULL)
    stream = add_stream (self, header.ssrc, packet[1] & 0x7f, at);
  if (header.ext[CV_RTC_EXT_MID] != NULL)
    learn_names (&header, stream);
  if (header.ext[CV_RTC_EXT_LEVEL] != NULL)
    stream->level = header.ext[CV_RTC_EXT_LEVEL][0] & 0x7f;
  if (stream->kind == CV_RTC_RTX)
    receive_rtx (self, stream, &header, packet, n, at);
  else if (stream->kind == CV_RTC_OTHER)
    self->transport->context->totals.rx_other++;
  else
    receive_media (self, stream, &header, packet, n, at);
}

void
cv_rtc_receiver_report (CvRtcReceiver *self, const CvRtcRtcpMessage *message, guint64 at)
{
  CvRtcStream *stream = message->n >= 28 ? find (self, cv_read32 (message->data + 4)) : NULL;
  if (stream != NULL)
    cv_rtc_stream_sender_report (stream, message->data, at);
}

/* ---- time ---- */

void
cv_rtc_receiver_start (CvRtcReceiver *self, guint64 now)
{
  self->next_report = now + REPORT_INTERVAL * (guint64) g_random_int_range (512, 1024) / 1024;
  self->next_twcc = now + TWCC_INTERVAL;
}

void
cv_rtc_receiver_tick (CvRtcReceiver *self, guint64 now)
{
  if (self->n == 0)
    return;
  if (now >= self->next_report) {
    self->next_report = now + REPORT_INTERVAL;
    send_reports (self, now);
  }
  if (self->arrivals.any && now >= self->next_twcc) {
    self->next_twcc = now + TWCC_INTERVAL;
    send_arrivals (self);
  }
  if (now < self->next_nack)
    return;
  self->next_nack = now + NACK_INTERVAL;
  for (guint i = 0; i < self->capacity; i++) {
    CvRtcStream *stream = self->streams[i];
    if (stream == NULL || stream->kind != CV_RTC_VIDEO)
      continue;
    if (stream->missing.n > 0)
      send_nacks (self, stream, now);
    cv_rtc_playout_work (&stream->playout, now);
  }
}
