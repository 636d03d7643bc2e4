/* One outgoing RTP stream: synthetic Opus or VP8, paced; keeps what it sent to repeat it; makes keyframes when asked. */
#pragma once

#include "rtc/coder.h"
#include "rtc/stamp.h"
#include "rtc/transport.h"

G_BEGIN_DECLS

/* How many packets can be repeated. */
#define CV_RTC_HISTORY 512

typedef struct {
  guint16 seq;
  guint16 n; /* of the whole packet */
  guint8 header_n;
  guint8 *packet; /* as it was before SRTP */
} CvRtcKept;

typedef struct {
  CvRtcTransport *transport;
  guint peer; /* its id, for stamps */
  CvRtcKind kind;
  CvRtcSource source;
  guint encoding; /* of simulcast, from 0 */
  char mid[33], rid[17];
  gboolean negotiated;   /* the answer takes it */
  gboolean on;           /* wanted */
  guint8 type, rtx_type; /* payload types; rtx 0: none */
  guint8 ext[CV_RTC_N_EXTS];
  guint32 ssrc, rtx_ssrc;
  guint16 seq, rtx_seq;
  guint32 first_timestamp, timestamp, counter;
  guint64 epoch; /* when first_timestamp was */
  guint64 interval, next, next_report;
  guint frame_bytes, packet_bytes;
  CvRtcCoder *coder; /* NULL: what is sent cannot be decoded */
  guint32 packets, octets;
  gboolean acknowledged, rtx_acknowledged; /* a receiver report came: mid and rid are known by now */
  /* video */
  gboolean need_key;
  guint64 last_key, key_interval; /* 0: only when asked */
  guint picture, tl0, layers, width, height;
  CvRtcKept *history;
  guint64 repeated;
  /* audio */
  guint level; /* -dBov, 0…127 */
  gboolean dtx;
} CvRtcSender;

void cv_rtc_sender_clear (CvRtcSender *self);
/* The transport is up: begins somewhere within an interval. */
void cv_rtc_sender_start (CvRtcSender *self, guint64 now);
void cv_rtc_sender_tick (CvRtcSender *self, guint64 now);
/* Somebody misses a packet. FALSE: it is not there any more. */
gboolean cv_rtc_sender_repeat (CvRtcSender *self, guint16 seq);
void cv_rtc_sender_ask_key (CvRtcSender *self);
/* The header of a packet with this payload type, SSRC and number, extensions included. Returns its length. */
gsize cv_rtc_sender_write_header (CvRtcSender *self, gboolean rtx, gboolean marker, guint8 *out);

G_END_DECLS
