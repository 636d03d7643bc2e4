/* Transport-wide congestion control (draft-holmer-rmcat-transport-wide-cc-extensions-01), both ends: writes feedback about
 * what came, and holds feedback about what went against what really went. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_RTC_TWCC_RING 4096
#define CV_RTC_TWCC_MAX 1024 /* bytes of one feedback message */

/* What came. */
typedef struct {
  gboolean any;
  guint8 count;
  guint32 base, newest; /* indices: the first not reported, the newest that came */
  guint32 media;        /* SSRC of the newest */
  guint64 *arrivals;    /* ns; 0: did not come */
} CvRtcArrivals;

void cv_rtc_arrivals_init (CvRtcArrivals *self);
void cv_rtc_arrivals_clear (CvRtcArrivals *self);
void cv_rtc_arrivals_add (CvRtcArrivals *self, guint16 seq, guint32 ssrc, guint64 at);
/* One message, header included; 0: nothing to say. */
gsize cv_rtc_arrivals_write (CvRtcArrivals *self, guint32 sender, guint8 out[CV_RTC_TWCC_MAX]);

/* What went, as the other end tells. */
typedef struct {
  guint16 next;
  gboolean any;
  guint8 count;
  guint64 messages, received, lost;
  guint64 gaps; /* messages whose number is not the next */
  guint64 bad;  /* messages that break the format or tell of what never went */
} CvRtcDepartures;

static inline guint16
cv_rtc_departures_take (CvRtcDepartures *self)
{
  return self->next++;
}

/* `fci`: what stands behind the two SSRCs. */
void cv_rtc_departures_feedback (CvRtcDepartures *self, const guint8 *fci, gsize n);

G_END_DECLS
