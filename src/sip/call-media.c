/* See call-media.h. */
#include "sip/call-media.h"

#include "rtp/playout.h"
#include "sip/announcer.h"
#include "sip/jitter.h"
#include "sip/keypad.h"
#include "sip/reception.h"

#include <string.h>

#define FRAME CV_CODEC_FRAME
#define REPORT_EVERY_US (5 * G_USEC_PER_SEC)
#define SILENT_US (CV_CALL_MEDIA_SILENT_S * G_USEC_PER_SEC)
/* frames in a row that are guessed where nothing comes at all */
#define MAX_GUESSES 3
/* -dBov: what is quieter is the noise of a line; and frames that a voice is waited for */
#define QUIET 62
#define HANGOVER 15
#define MEETING_SHARE 4 /* what is left of a meeting's sound while something is said */
#define COMFORT_NOISE 13
#define RTCP_ROOM 300

struct _CvCallMedia {
  CvExchange *exchange; /* borrowed */
  CvWire *wire;
  const CvCallMediaFuncs *funcs;
  gpointer user_data;

  CvCallAgreement agreed; /* without keys */
  gboolean has_agreed, ready, lost, said, muted;
  gint64 now, heard_at; /* µs: of this tick; of the last packet */

  CvCoder *coder;
  CvJitter jitter;
  CvPlayout playout;
  guint duration; /* samples of the last packet */
  guint guesses;  /* in a row */
  guint quiet;    /* frames in a row */
  guint64 guessed;
  CvReception reception;
  CvKeypadReader keys_in;

  CvBridgeSeat seat;
  CvAnnouncer announcer;
  gboolean owed; /* the phone got nothing since the last tick */

  guint epoch; /* of the wire's keys */
  guint32 ssrc, timestamp_base;
  guint64 index; /* of the next packet */
  guint32 packets, octets;
  CvKeypadWriter keys_out;
  char cname[17];
  gint64 reported; /* µs */
  guint rtt_ms;
};

/* ---- from the phone ---- */

static void
begin_stream (CvCallMedia *self, guint32 ssrc)
{
  cv_reception_start (&self->reception, ssrc, cv_phone_codec_get_clock (self->agreed.codec));
  cv_jitter_init (&self->jitter);
  self->keys_in = (CvKeypadReader){ 0 };
}

static void
on_rtp (const CvRtp *rtp, const guint8 *payload, gsize n, guint64 index, gint64 at, gpointer user_data)
{
  CvCallMedia *self = user_data;
  gboolean sound = rtp->payload_type == self->agreed.payload_type;
  /* a phone that does not hear us has put us on hold: what it plays then is for nobody in the meeting */
  gboolean meant = self->agreed.sends && self->agreed.receives;
  self->heard_at = self->now;
  if (self->reception.ssrc != rtp->ssrc || self->reception.received == 0)
    begin_stream (self, rtp->ssrc);
  cv_reception_count (&self->reception, index, rtp->timestamp, at);
  cv_jitter_put (&self->jitter, index, payload, sound && meant ? n : 0);
  if (sound || rtp->payload_type == COMFORT_NOISE)
    return;
  char key = cv_keypad_read (&self->keys_in, rtp->timestamp, payload, n);
  if (key != 0)
    self->funcs->digit (self, key, self->user_data);
}

/* How long the way to the phone and back is: RFC 3550 §6.4.1. */
static void
read_block (CvCallMedia *self, const CvRtcpBlock *block, gint64 at)
{
  if (block->ssrc != self->ssrc || block->lsr == 0)
    return;
  guint32 came = (guint32) (cv_reception_get_ntp (g_get_real_time () - (self->now - at)) >> 16);
  gint32 way = (gint32) (came - block->lsr - block->dlsr);
  if (way >= 0 && way < 10 * 65536)
    self->rtt_ms = (guint) way * 1000 / 65536;
}

static void
on_rtcp (const guint8 *packet, gsize n, gint64 at, gpointer user_data)
{
  CvCallMedia *self = user_data;
  CvRtcpReader reader;
  CvRtcpItem item;
  self->heard_at = self->now;
  cv_rtcp_reader_init (&reader, packet, n);
  while (cv_rtcp_reader_next (&reader, &item)) {
    if (item.type == CV_RTCP_SR && item.sender == self->reception.ssrc)
      cv_reception_sender_report (&self->reception, &item, at);
    for (guint i = 0; i < item.n_blocks && (item.type == CV_RTCP_SR || item.type == CV_RTCP_RR); i++)
      read_block (self, &item.blocks[i], at);
  }
}

static void
lose (CvCallMedia *self, const char *reason)
{
  if (self->lost)
    return;
  self->lost = TRUE;
  self->funcs->lost (self, reason, self->user_data);
}

static void
on_failed (const char *reason, gpointer user_data)
{
  lose (user_data, reason);
}

static const CvWireFuncs wire_funcs = { on_rtp, on_rtcp, on_failed };

static void
conceal (CvCallMedia *self)
{
  gint16 frame[FRAME];
  self->guessed++;
  cv_coder_conceal (self->coder, frame);
  cv_playout_push (&self->playout, frame, FRAME);
}

static void
decode (CvCallMedia *self, const CvJitterPacket *packet)
{
  gint16 samples[CV_CODEC_MAX_SAMPLES];
  gsize got = cv_coder_decode (self->coder, packet->payload, packet->n, samples);
  self->guesses = got > 0 ? 0 : MAX_GUESSES; /* the end of what was said, or a key: nothing is missing */
  if (got == 0)
    return;
  self->duration = (guint) got;
  cv_playout_push (&self->playout, samples, got);
}

/* Brings what came into the playout. What is missing is waited for as long as there is something to play. */
static void
fill_playout (CvCallMedia *self)
{
  const CvJitterPacket *packet = NULL;
  for (guint i = 0; i < CV_JITTER_PACKETS; i++) {
    CvJitterWhat what = cv_jitter_take (&self->jitter, self->playout.n < FRAME, &packet);
    if (what == CV_JITTER_NOTHING)
      break;
    if (what == CV_JITTER_PACKET)
      decode (self, packet);
    else
      for (guint done = 0; done < MAX (self->duration, FRAME); done += FRAME)
        conceal (self);
  }
  if (self->playout.playing && self->playout.n < FRAME && self->guesses < MAX_GUESSES) {
    self->guesses++;
    conceal (self);
  }
}

static void
fill_seat (CvCallMedia *self)
{
  CvBridgeSeat *seat = &self->seat;
  gboolean says = cv_playout_take (&self->playout, seat->said);
  double level = says ? -cv_mix_decibels (cv_mix_power (seat->said, FRAME)) : 127;
  seat->level = (guint8) CLAMP (level, 0, 127);
  self->quiet = seat->level < QUIET ? 0 : MIN (self->quiet + 1, HANGOVER);
  seat->silent = !says || self->muted || self->quiet >= HANGOVER;
}

/* ---- to the phone ---- */

static void
send_packet (CvCallMedia *self, guint8 *packet, gsize n, guint8 type, gboolean marker, guint32 timestamp)
{
  packet[0] = 0x80;
  packet[1] = (guint8) ((marker ? 0x80 : 0) | type);
  cv_write16 (packet + 2, (guint16) self->index);
  cv_write32 (packet + 4, timestamp);
  cv_write32 (packet + 8, self->ssrc);
  if (!cv_wire_send_rtp (self->wire, self->index, packet, CV_RTP_HEADER + n))
    return;
  self->index++;
  self->packets++;
  self->octets += (guint32) n;
}

/* Returns the payload's length. `samples` NULL: silence. */
static gsize
encode (CvCallMedia *self, const gint16 *samples, gboolean common, guint8 *payload)
{
  static const gint16 silence[FRAME];
  CvPhoneCodec codec = self->agreed.codec;
  if (samples == NULL && cv_phone_codec_is_shared (codec)) {
    memset (payload, codec == CV_PHONE_PCMU ? 0xff : 0xd5, FRAME / 2);
    return FRAME / 2;
  }
  if (samples == NULL || !common || !cv_phone_codec_is_shared (codec))
    return cv_coder_encode (self->coder, samples != NULL ? samples : silence, payload);
  gsize n = 0;
  const CvCoder *coder = NULL;
  const guint8 *encoded = cv_bridge_encode_common (self->seat.bridge, codec, samples, &n, &coder);
  cv_coder_follow (self->coder, coder);
  memcpy (payload, encoded, n);
  return n;
}

/* Adds what is to be said. FALSE: nothing is. */
static gboolean
announce (CvCallMedia *self, const gint16 *meeting, gint16 *frame)
{
  gboolean done = FALSE;
  if (!cv_announcer_take (&self->announcer, frame, &done))
    return FALSE;
  self->said |= done;
  for (guint i = 0; meeting != NULL && i < FRAME; i++)
    frame[i] = (gint16) CLAMP (frame[i] + meeting[i] / MEETING_SHARE, G_MININT16, G_MAXINT16);
  return TRUE;
}

/* One frame a tick, whatever happens: a phone's clock goes on. */
static void
speak (CvCallMedia *self, const gint16 *samples, gboolean common, guint64 tick)
{
  guint8 packet[CV_RTP_HEADER + CV_CODEC_MAX_PAYLOAD + CV_SRTP_MAX_OVERHEAD], *payload = packet + CV_RTP_HEADER;
  gint16 frame[FRAME];
  gboolean first = FALSE;
  guint clock = cv_phone_codec_get_clock (self->agreed.codec);
  guint32 timestamp = self->timestamp_base + (guint32) (tick * (clock / 50));
  self->owed = FALSE;
  if (!self->has_agreed)
    return;
  if (announce (self, samples, frame)) {
    samples = frame;
    common = FALSE;
  }
  if (!self->agreed.receives)
    return;
  if (self->agreed.digits_type != 0 &&
      cv_keypad_write (&self->keys_out, self->agreed.digits_clock, timestamp, payload, &first)) {
    send_packet (self, packet, CV_KEYPAD_EVENT, self->agreed.digits_type, first, self->keys_out.timestamp);
    return;
  }
  gsize n = encode (self, samples, common, payload);
  if (n > 0)
    send_packet (self, packet, n, self->agreed.payload_type, self->packets == 0, timestamp);
}

static void
on_hear (gpointer call, const gint16 *samples, gboolean common)
{
  CvCallMedia *self = call;
  if (self->owed)
    speak (self, samples, common, cv_exchange_get_tick (self->exchange));
}

static void
report (CvCallMedia *self, gint64 now)
{
  guint8 out[RTCP_ROOM];
  CvRtcpWriter writer = { .out = out, .size = sizeof out - CV_SRTP_MAX_OVERHEAD };
  CvRtcpBlock block;
  guint clock = cv_phone_codec_get_clock (self->agreed.codec);
  guint64 tick = cv_exchange_get_tick (self->exchange);
  gboolean hears = cv_reception_report (&self->reception, &block, now);
  self->reported = now;
  if (self->packets > 0)
    cv_rtcp_write_sr (&writer, self->ssrc, cv_reception_get_ntp (g_get_real_time ()),
                      self->timestamp_base + (guint32) (tick * (clock / 50)), self->packets, self->octets);
  if (hears || self->packets == 0)
    cv_rtcp_write_rr (&writer, self->ssrc, &block, hears ? 1 : 0);
  if (cv_rtcp_write_cname (&writer, self->ssrc, self->cname))
    cv_wire_send_rtcp (self->wire, out, writer.n);
}

/* ---- the tick ---- */

static void
on_tick_hear (gpointer member, gint64 now)
{
  CvCallMedia *self = member;
  self->now = now;
  if (!self->has_agreed)
    return;
  cv_wire_read (self->wire, now);
  fill_playout (self);
  fill_seat (self);
  if (!self->ready && cv_wire_is_open (self->wire)) {
    self->ready = TRUE;
    self->funcs->ready (self, self->user_data);
  }
  if (self->said) {
    self->said = FALSE;
    self->funcs->said (self, self->user_data);
  }
  if (self->agreed.sends && now - self->heard_at > SILENT_US)
    lose (self, "silent");
  if (now - self->reported >= REPORT_EVERY_US)
    report (self, now);
}

static void
on_tick_speak (gpointer member, gint64 now)
{
  CvCallMedia *self = member;
  guint64 tick = cv_exchange_get_tick (self->exchange);
  if (self->seat.bridge == NULL) {
    speak (self, NULL, FALSE, tick);
    return;
  }
  if (self->owed) /* the meeting did not answer to the last tick */
    speak (self, NULL, FALSE, tick - 1);
  self->owed = TRUE;
}

/* ---- what signalling does ---- */

CvCallMedia *
cv_call_media_new (CvExchange *exchange, int rtp_fd, int rtcp_fd, const CvCallMediaFuncs *funcs, gpointer user_data)
{
  CvCallMedia *self = g_new0 (CvCallMedia, 1);
  self->exchange = exchange;
  self->funcs = funcs;
  self->user_data = user_data;
  self->wire = cv_wire_new (rtp_fd, rtcp_fd, cv_exchange_get_identity (exchange), &wire_funcs, self);
  self->timestamp_base = g_random_int ();
  self->duration = FRAME;
  self->seat.call = self;
  self->seat.hear = on_hear;
  self->seat.silent = TRUE;
  cv_announcer_init (&self->announcer);
  cv_jitter_init (&self->jitter);
  cv_playout_init (&self->playout, FRAME);
  g_snprintf (self->cname, sizeof self->cname, "%08x%08x", g_random_int (), g_random_int ());
  cv_exchange_join (exchange, CV_EXCHANGE_HEAR, on_tick_hear, self);
  cv_exchange_join (exchange, CV_EXCHANGE_SPEAK, on_tick_speak, self);
  return self;
}

void
cv_call_media_free (CvCallMedia *self)
{
  cv_bridge_seat_leave (&self->seat);
  cv_exchange_leave (self->exchange, self);
  cv_announcer_clear (&self->announcer);
  g_clear_pointer (&self->coder, cv_coder_free);
  cv_wire_free (self->wire);
  g_free (self);
}

gboolean
cv_call_media_agree (CvCallMedia *self, const CvCallAgreement *agreement)
{
  if (!cv_wire_agree (self->wire, agreement))
    return FALSE;
  gboolean same = self->has_agreed && self->agreed.codec == agreement->codec;
  if (!same) {
    g_clear_pointer (&self->coder, cv_coder_free);
    self->coder = cv_coder_new (agreement->codec);
    self->reception = (CvReception){ 0 };
  }
  if (!self->has_agreed || self->epoch != cv_wire_get_epoch (self->wire)) {
    self->epoch = cv_wire_get_epoch (self->wire);
    self->ssrc = g_random_int ();
    self->index = (guint64) g_random_int_range (0, 0x7fff);
    self->packets = self->octets = 0;
  }
  self->agreed = *agreement;
  explicit_bzero (self->agreed.their_key, sizeof self->agreed.their_key);
  explicit_bzero (self->agreed.our_key, sizeof self->agreed.our_key);
  self->has_agreed = TRUE;
  self->heard_at = self->reported = g_get_monotonic_time ();
  return TRUE;
}

gboolean
cv_call_media_attach (CvCallMedia *self, CvBridge *bridge, guint32 number)
{
  self->owed = FALSE;
  if (bridge != NULL)
    return cv_bridge_sit (bridge, &self->seat, number);
  cv_bridge_seat_leave (&self->seat);
  return TRUE;
}

void
cv_call_media_set_muted (CvCallMedia *self, gboolean muted)
{
  self->muted = muted;
}

void
cv_call_media_say (CvCallMedia *self, GBytes *samples)
{
  cv_announcer_say (&self->announcer, samples);
}

void
cv_call_media_set_loop (CvCallMedia *self, GBytes *samples, guint pause_ms)
{
  cv_announcer_set_loop (&self->announcer, samples, (gsize) pause_ms * (CV_CODEC_RATE / 1000));
}

void
cv_call_media_hush (CvCallMedia *self)
{
  cv_announcer_hush (&self->announcer);
}

gboolean
cv_call_media_dial (CvCallMedia *self, const char *digits)
{
  return self->agreed.digits_type != 0 && cv_keypad_dial (&self->keys_out, digits);
}

void
cv_call_media_get_stats (const CvCallMedia *self, CvCallMediaStats *stats)
{
  *stats = (CvCallMediaStats){ .received = self->reception.received,
                               .lost = cv_reception_get_lost (&self->reception),
                               .sent = self->packets,
                               .concealed = self->guessed,
                               .foreign = cv_wire_get_foreign (self->wire),
                               .jitter_ms = cv_reception_get_jitter_ms (&self->reception),
                               .rtt_ms = self->rtt_ms };
}
