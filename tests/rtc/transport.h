/* What one PeerConnection stands on: a UDP socket, ICE, DTLS, SRTP by libsrtp2, and a bad network where one is wanted.
 *
 * Hands decrypted nothing: RTP goes to its owner as it came, who opens what it wants to see. One thread, never blocks.
 */
#pragma once

#include "rtc/context.h"
#include "rtc/dtls.h"
#include "rtc/ice.h"
#include "rtc/link.h"
#include "rtc/rtcp.h"
#include "rtc/twcc.h"

G_BEGIN_DECLS

/* The largest datagram. */
#define CV_RTC_MAX_PACKET 2048
/* How many sent datagrams are kept for a replay. */
#define CV_RTC_TAPE 64

typedef struct {
  void (*connected) (gpointer user_data); /* ICE */
  void (*up) (gpointer user_data);        /* DTLS */
  void (*rtp) (gpointer user_data, guint8 *packet, gsize n, guint64 at);
  void (*rtcp) (gpointer user_data, guint8 *packet, gsize n, guint64 at); /* decrypted */
  void (*failed) (gpointer user_data, const char *why);
} CvRtcTransportFuncs;

typedef struct {
  CvRtcContext *context;
  CvRtcIdentity *identity;
  const CvRtcTransportFuncs *funcs;
  gpointer user_data;
  int fd;
  CvRtcAddress local;
  CvRtcSdp *remote; /* the owner's */
  gboolean active;  /* of DTLS */
  gboolean mute;    /* never starts DTLS */
  CvRtcIce ice;
  CvRtcDtls dtls;
  CvRtcLink up, down;
  CvRtcDepartures departures;
  guint32 drops;          /* of the socket, as last told */
  guint64 dropped_before; /* by sockets before this one */
  gboolean recording;
  GBytes *tape[CV_RTC_TAPE];
  guint tape_n;
} CvRtcTransport;

/* FALSE: no socket at this address. */
gboolean cv_rtc_transport_init (CvRtcTransport *self, CvRtcContext *context, CvRtcIdentity *identity,
                                const char *address, const CvRtcTransportFuncs *funcs, gpointer user_data);
void cv_rtc_transport_clear (CvRtcTransport *self);
void cv_rtc_transport_set_remote (CvRtcTransport *self, CvRtcSdp *remote);
/* A new port, as after a change of networks; `silent`: without a check that would tell. */
gboolean cv_rtc_transport_move (CvRtcTransport *self, gboolean silent);
void cv_rtc_transport_readable (CvRtcTransport *self);
void cv_rtc_transport_tick (CvRtcTransport *self, guint64 now);

static inline gboolean
cv_rtc_transport_is_up (const CvRtcTransport *self)
{
  return self->dtls.state == CV_RTC_DTLS_UP;
}

/* As it is. */
void cv_rtc_transport_send (CvRtcTransport *self, const guint8 *packet, gsize n);
/* Protected first; room for SRTP_MAX_TRAILER_LEN behind it. */
void cv_rtc_transport_send_rtp (CvRtcTransport *self, guint8 *packet, gsize n);
void cv_rtc_transport_send_rtcp (CvRtcTransport *self, CvRtcRtcp *rtcp);
typedef enum { CV_RTC_OPENED, CV_RTC_REPLAYED, CV_RTC_FORGED } CvRtcOpened;

/* In place. */
CvRtcOpened cv_rtc_transport_open_rtp (CvRtcTransport *self, guint8 *packet, gsize *n);

G_END_DECLS
