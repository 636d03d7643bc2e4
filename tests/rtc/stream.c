/* See stream.h. */
#include "rtc/stream.h"

#include "rtp/bytes.h"
#include "rtc/clock.h"

#include <stdlib.h>
#include <string.h>

/* A jump by more than this: the sender began anew. */
#define MAX_JUMP 3000
#define INDEX_BASE 0x10000

CvRtcStream *
cv_rtc_stream_new (guint32 ssrc, CvRtcKind kind, guint64 now)
{
  CvRtcStream *self = g_new0 (CvRtcStream, 1);
  self->ssrc = ssrc;
  self->kind = kind;
  self->born = now;
  self->newest = -1;
  self->level = -1;
  if (kind == CV_RTC_VIDEO)
    cv_rtc_playout_init (&self->playout);
  return self;
}

void
cv_rtc_stream_free (CvRtcStream *self)
{
  cv_rtc_playout_clear (&self->playout);
  g_free (self);
}

static gboolean
test_and_set_seen (CvRtcStream *self, gint64 index)
{
  guint64 *word = &self->seen[index % CV_RTC_SEEN / 64], bit = G_GUINT64_CONSTANT (1) << (index % 64);
  gboolean was = (*word & bit) != 0;
  *word |= bit;
  return was;
}

static void
clear_seen (CvRtcStream *self, gint64 index)
{
  self->seen[index % CV_RTC_SEEN / 64] &= ~(G_GUINT64_CONSTANT (1) << (index % 64));
}

static void
begin (CvRtcStream *self, guint16 seq)
{
  self->base = self->newest = INDEX_BASE + seq;
  self->received = 1;
  self->recovered = 0;
  self->window_received = self->window_recovered = self->reported_received = 0;
  self->window_expected = self->reported_expected = 0;
  self->missing.n = 0;
  memset (self->seen, 0, sizeof self->seen);
  test_and_set_seen (self, self->newest);
}

static gint64
index_of (const CvRtcStream *self, guint16 seq)
{
  return self->newest + (gint16) (seq - (guint16) self->newest);
}

CvRtcArrival
cv_rtc_stream_arrive (CvRtcStream *self, guint16 seq, guint64 now, gint64 *index)
{
  self->last_packet = now;
  *index = self->newest < 0 ? INDEX_BASE + seq : index_of (self, seq);
  if (self->newest < 0 || llabs (*index - self->newest) > MAX_JUMP) {
    gboolean again = self->newest >= 0;
    begin (self, seq);
    *index = self->newest;
    return again ? CV_RTC_RESET : CV_RTC_FRESH;
  }
  if (*index <= self->newest - CV_RTC_SEEN || *index < self->base)
    return CV_RTC_TOO_LATE;
  if (*index > self->newest) {
    for (gint64 i = self->newest + 1; i <= *index; i++) {
      clear_seen (self, i);
      if (self->kind == CV_RTC_VIDEO && i < *index)
        cv_rtc_missing_add (&self->missing, i, now);
    }
    self->newest = *index;
    test_and_set_seen (self, *index);
    self->received++;
    return CV_RTC_FRESH;
  }
  if (test_and_set_seen (self, *index)) {
    self->duplicates++;
    return CV_RTC_DUPLICATE;
  }
  self->received++;
  if (self->kind == CV_RTC_VIDEO)
    cv_rtc_missing_remove (&self->missing, *index);
  return CV_RTC_REORDERED;
}

gboolean
cv_rtc_stream_recover (CvRtcStream *self, guint16 seq, gint64 *index)
{
  if (self->newest < 0)
    return FALSE;
  *index = index_of (self, seq);
  if (*index > self->newest || *index < self->base || *index <= self->newest - CV_RTC_SEEN)
    return FALSE;
  cv_rtc_missing_remove (&self->missing, *index);
  if (test_and_set_seen (self, *index))
    return FALSE;
  self->recovered++;
  return TRUE;
}

/* ---- reports ---- */

static double
rate_of (const CvRtcStream *self)
{
  return self->kind == CV_RTC_VIDEO ? 90000 : 48000;
}

void
cv_rtc_stream_clock (CvRtcStream *self, guint32 timestamp, guint64 at)
{
  double rate = rate_of (self);
  gint64 transit = (gint64) ((double) at * rate / (double) CV_RTC_S) - timestamp;
  gint64 step = llabs (transit - self->transit);
  if (self->transit != 0 && (double) step < 10 * rate)
    self->jitter += ((double) step - self->jitter) / 16;
  self->transit = transit;
  self->newest_timestamp = timestamp;
}

void
cv_rtc_stream_sender_report (CvRtcStream *self, const guint8 *report, guint64 at)
{
  self->lsr = cv_read32 (report + 8) << 16 | cv_read32 (report + 12) >> 16;
  self->lsr_at = at;
  if (self->newest < 0 || at - self->last_packet > CV_RTC_S)
    return;
  gint32 ahead = (gint32) (cv_read32 (report + 16) - self->newest_timestamp);
  if (abs (ahead) > (int) rate_of (self) * 2)
    self->bad_reports++;
}

void
cv_rtc_stream_report (CvRtcStream *self, CvRtcReport *report, guint64 now)
{
  gint64 expected = cv_rtc_stream_expected (self);
  gint64 lost = expected - (gint64) self->received;
  gint64 new_expected = expected - self->reported_expected;
  gint64 new_lost = new_expected - (gint64) (self->received - self->reported_received);
  self->reported_expected = expected;
  self->reported_received = self->received;
  *report = (CvRtcReport){ .ssrc = self->ssrc,
                           .lost = (guint32) MAX (lost, 0),
                           .highest = (guint32) self->newest,
                           .jitter = (guint32) self->jitter,
                           .lsr = self->lsr };
  if (new_lost > 0 && new_expected > 0)
    report->fraction = (guint8) MIN (new_lost * 256 / new_expected, 255);
  if (self->lsr != 0)
    report->dlsr = (guint32) ((now - self->lsr_at) * 65536 / CV_RTC_S);
}

gint64
cv_rtc_stream_expected (const CvRtcStream *self)
{
  return self->newest < 0 ? 0 : self->newest - self->base + 1;
}

void
cv_rtc_stream_reset (CvRtcStream *self)
{
  self->window_expected = cv_rtc_stream_expected (self);
  self->window_received = self->received;
  self->window_recovered = self->recovered;
  memset (&self->playout.counts, 0, sizeof self->playout.counts);
  self->duplicates = self->padding = self->bad_reports = 0;
}
