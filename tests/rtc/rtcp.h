/* RTCP as conclave-rtc writes it, and a walk over what comes. No state. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Enough for all that is written here. */
#define CV_RTC_RTCP_MAX 1400

typedef struct {
  guint8 data[CV_RTC_RTCP_MAX + 64]; /* the rest is for SRTCP */
  gsize n;
} CvRtcRtcp;

typedef struct {
  guint32 ssrc;
  guint8 fraction;
  guint32 lost; /* 24 bits */
  guint32 highest, jitter, lsr, dlsr;
} CvRtcReport;

void cv_rtc_rtcp_sender_report (CvRtcRtcp *self, guint32 ssrc, guint32 timestamp, guint32 packets, guint32 octets);
/* At most 31 reports. */
void cv_rtc_rtcp_receiver_report (CvRtcRtcp *self, guint32 ssrc, const CvRtcReport *reports, guint n);
void cv_rtc_rtcp_cname (CvRtcRtcp *self, guint32 ssrc, const char *cname);
void cv_rtc_rtcp_pli (CvRtcRtcp *self, guint32 sender, guint32 media);
/* `seqs` sorted. Returns how many of them it took. */
guint cv_rtc_rtcp_nack (CvRtcRtcp *self, guint32 sender, guint32 media, const guint16 *seqs, guint n);
void cv_rtc_rtcp_append (CvRtcRtcp *self, const guint8 *message, gsize n);

/* One message within a compound packet. */
typedef struct {
  guint8 type, format; /* format: the count in reports */
  const guint8 *data;  /* the whole message */
  gsize n;
} CvRtcRtcpMessage;

/* `at` begins at 0 and moves on. FALSE: the end, or nonsense (then `at` has not reached `n`). */
gboolean cv_rtc_rtcp_next (CvRtcRtcpMessage *message, const guint8 *packet, gsize n, gsize *at);

G_END_DECLS
