/* What every payload carries: who sent it, what it is of, when. Receivers tell by it which person is in a slot and how long
 * it took. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_RTC_STAMP 24 /* bytes */

typedef enum { CV_RTC_MICROPHONE, CV_RTC_CAMERA, CV_RTC_SCREEN, CV_RTC_SCREEN_AUDIO, CV_RTC_N_SOURCES } CvRtcSource;

extern const char *const cv_rtc_source_names[CV_RTC_N_SOURCES];

typedef struct {
  guint32 peer;
  guint8 source;   /* CvRtcSource */
  guint8 encoding; /* of simulcast, from 0 */
  guint32 counter;
  guint64 time; /* cv_rtc_now() when it was sent */
} CvRtcStamp;

void cv_rtc_stamp_write (const CvRtcStamp *self, guint8 out[CV_RTC_STAMP]);
/* FALSE: there is none. */
gboolean cv_rtc_stamp_read (CvRtcStamp *self, const guint8 *data, gsize n);

G_END_DECLS
