/* Which packets of a stream are missed, and when to ask for them again (RFC 4585). Time is given. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_RTC_MISSING_MAX 256

typedef struct {
  gint64 index; /* extended sequence number */
  guint64 since, asked;
  guint tries;
} CvRtcMissingEntry;

typedef struct {
  CvRtcMissingEntry entries[CV_RTC_MISSING_MAX];
  guint n;
} CvRtcMissing;

typedef enum { CV_RTC_NOT_MISSED, CV_RTC_MISSED, CV_RTC_ASKED_FOR } CvRtcMissingState;

void cv_rtc_missing_add (CvRtcMissing *self, gint64 index, guint64 now);
/* It has come. Returns what was known of it. */
CvRtcMissingState cv_rtc_missing_remove (CvRtcMissing *self, gint64 index);
/* Those to be asked for now, sorted; forgets what is too old. */
guint cv_rtc_missing_collect (CvRtcMissing *self, guint64 now, guint64 rtt, guint16 *seqs, guint max);

G_END_DECLS
