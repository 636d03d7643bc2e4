/* All that a peer receives: finds the stream of a packet, opens what is to be seen, and answers by RTCP: receiver reports,
 * NACK, PLI, transport-wide feedback. */
#pragma once

#include "rtc/stream.h"
#include "rtc/transport.h"

G_BEGIN_DECLS

typedef struct {
  CvRtcTransport *transport;
  guint peer;       /* its id, for events */
  guint64 asked_at; /* since when the first packets are awaited: the driver's t0 */
  CvRtcSdp *remote; /* the owner's */
  guint8 ext[CV_RTC_N_EXTS];
  CvRtcStream **streams; /* by SSRC, open addressing; capacity a power of two */
  guint n, capacity;
  guint32 ssrc; /* our own, in RTCP */
  CvRtcArrivals arrivals;
  guint64 next_report, next_twcc, next_nack;
} CvRtcReceiver;

void cv_rtc_receiver_init (CvRtcReceiver *self, CvRtcTransport *transport, guint peer, guint64 asked_at);
void cv_rtc_receiver_clear (CvRtcReceiver *self);
void cv_rtc_receiver_set_remote (CvRtcReceiver *self, CvRtcSdp *remote);
void cv_rtc_receiver_start (CvRtcReceiver *self, guint64 now);
void cv_rtc_receiver_tick (CvRtcReceiver *self, guint64 now);
void cv_rtc_receiver_rtp (CvRtcReceiver *self, guint8 *packet, gsize n, guint64 at);
/* A sender report. */
void cv_rtc_receiver_report (CvRtcReceiver *self, const CvRtcRtcpMessage *message, guint64 at);
void cv_rtc_receiver_ask_key (CvRtcReceiver *self, guint32 ssrc);

G_END_DECLS
