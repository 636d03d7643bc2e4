/* What a client in a test sends and gets. Values. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* of header extensions and payloads, as lib/offers.h has them */
enum { CV_RTC_LEVEL = 1, CV_RTC_TWCC = 3, CV_RTC_MID = 4, CV_RTC_RID = 10, CV_RTC_REPAIRED = 11 };
enum { CV_RTC_VP8 = 96, CV_RTC_RTX = 97, CV_RTC_OPUS = 111 };

/* A packet to be sent; what is 0 is left out. */
typedef struct {
  guint32 ssrc;
  guint64 index; /* extended sequence number */
  guint8 type;
  gboolean marker, padded;
  guint32 timestamp;
  const char *mid, *rid, *repaired;
  guint8 level;
  const guint8 *payload;
  gsize n;
} CvRtcSend;

/* A packet that came. */
typedef struct {
  guint32 ssrc;
  guint64 index;
  guint8 type;
  gboolean marker;
  guint32 timestamp;
  int twcc;     /* -1: none */
  char mid[17]; /* "": none */
  guint8 level;
  guint8 payload[1500];
  gsize n;
} CvRtcPacket;

G_END_DECLS
