/* The header of an RTP packet (RFC 3550, extensions of RFC 8285). No state; any thread; never trusts a length. */
#pragma once

#include "rtp/bytes.h"

G_BEGIN_DECLS

#define CV_RTP_HEADER 12
/* of a header extension's id in the one-byte form */
#define CV_RTP_MAX_EXTENSION_ID 14
/* what a packet may hold: an Ethernet frame's UDP payload */
#define CV_RTP_MAX_PACKET 1500

typedef struct {
  guint8 payload_type;
  gboolean marker;
  gboolean padded; /* the last byte of the plain payload counts the padding */
  guint16 seq;
  guint32 timestamp;
  guint32 ssrc;
  gsize header_n; /* with contributing sources and extensions */
  /* By id: where an extension's value stands in the packet, and its length; length 0: it is not there. */
  guint16 extension_at[CV_RTP_MAX_EXTENSION_ID + 1];
  guint8 extension_n[CV_RTP_MAX_EXTENSION_ID + 1];
} CvRtp;

/* RFC 5761: RTP and RTCP on one port. */
static inline gboolean
cv_rtp_is_rtcp (const guint8 *packet)
{
  return packet[1] >= 192 && packet[1] <= 223;
}

/* Reads the header of a packet, encrypted or not. FALSE: not RTP, or cut short. One-byte and two-byte extensions. */
gboolean cv_rtp_parse (CvRtp *self, const guint8 *packet, gsize n);

G_END_DECLS
