/* One incoming RTP stream: what came, what is missing, what a decoder would make of it, who is in it. Time is given. */
#pragma once

#include "rtc/missing.h"
#include "rtc/playout.h"
#include "rtc/rtcp.h"
#include "rtc/sdp.h"
#include "rtc/stamp.h"

G_BEGIN_DECLS

/* Packets whose arrival is remembered, to know duplicates. */
#define CV_RTC_SEEN 1024

typedef enum { CV_RTC_FRESH, CV_RTC_REORDERED, CV_RTC_DUPLICATE, CV_RTC_TOO_LATE, CV_RTC_RESET } CvRtcArrival;

typedef struct _CvRtcStream CvRtcStream;
struct _CvRtcStream {
  guint32 ssrc;
  CvRtcKind kind;
  char mid[33], rid[17];
  CvRtcStream *repeats; /* of RTX: the stream whose packets it repeats; NULL: not known yet */
  gboolean first;       /* the first usable packet was seen: audio, or of a keyframe */
  guint64 born, n, next_pli, last_packet;
  gint64 base, newest; /* extended sequence numbers; newest -1: none */
  guint64 seen[CV_RTC_SEEN / 64];
  guint64 received, recovered, duplicates, padding;
  guint64 window_received, window_recovered; /* at the last reset */
  gint64 window_expected;
  CvRtcMissing missing;
  CvRtcPlayout playout;
  CvRtcStamp stamp; /* of the newest that was read */
  gboolean has_stamp;
  int level; /* of audio, -dBov; -1: not told */
  /* receiver reports */
  gint64 reported_expected;
  guint64 reported_received;
  guint32 lsr;
  guint64 lsr_at;
  double jitter;
  gint64 transit;
  guint32 newest_timestamp;
  guint64 bad_reports; /* sender reports that tell another time than the packets */
};

CvRtcStream *cv_rtc_stream_new (guint32 ssrc, CvRtcKind kind, guint64 now);
void cv_rtc_stream_free (CvRtcStream *self);
/* Notes the arrival of a packet; *index becomes its extended sequence number. Missing packets are noted in between. */
CvRtcArrival cv_rtc_stream_arrive (CvRtcStream *self, guint16 seq, guint64 now, gint64 *index);
/* One came by RTX. FALSE: it was there already, or is too old. */
gboolean cv_rtc_stream_recover (CvRtcStream *self, guint16 seq, gint64 *index);
void cv_rtc_stream_clock (CvRtcStream *self, guint32 timestamp, guint64 at);
void cv_rtc_stream_sender_report (CvRtcStream *self, const guint8 *report, guint64 at);
void cv_rtc_stream_report (CvRtcStream *self, CvRtcReport *report, guint64 now);
gint64 cv_rtc_stream_expected (const CvRtcStream *self);
/* Counts from here on. */
void cv_rtc_stream_reset (CvRtcStream *self);

G_END_DECLS
