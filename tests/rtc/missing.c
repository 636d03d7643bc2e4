/* See missing.h. */
#include "rtc/missing.h"

#include "rtc/clock.h"

#include <string.h>

/* It may only be out of order. */
#define TOLERANCE (10 * CV_RTC_MS)
#define MIN_INTERVAL (20 * CV_RTC_MS)
#define MAX_AGE (CV_RTC_S)
#define MAX_TRIES 10

static void
forget (CvRtcMissing *self, guint i)
{
  self->n--;
  memmove (self->entries + i, self->entries + i + 1, (self->n - i) * sizeof *self->entries);
}

void
cv_rtc_missing_add (CvRtcMissing *self, gint64 index, guint64 now)
{
  if (self->n == CV_RTC_MISSING_MAX)
    forget (self, 0);
  self->entries[self->n++] = (CvRtcMissingEntry){ .index = index, .since = now };
}

CvRtcMissingState
cv_rtc_missing_remove (CvRtcMissing *self, gint64 index)
{
  for (guint i = 0; i < self->n; i++) {
    if (self->entries[i].index == index) {
      guint tries = self->entries[i].tries;
      forget (self, i);
      return tries > 0 ? CV_RTC_ASKED_FOR : CV_RTC_MISSED;
    }
  }
  return CV_RTC_NOT_MISSED;
}

static gboolean
is_due (const CvRtcMissingEntry *entry, guint64 now, guint64 rtt)
{
  if (entry->tries == 0)
    return now >= entry->since + TOLERANCE;
  return entry->tries < MAX_TRIES && now >= entry->asked + MAX (rtt + rtt / 2, MIN_INTERVAL);
}

guint
cv_rtc_missing_collect (CvRtcMissing *self, guint64 now, guint64 rtt, guint16 *seqs, guint max)
{
  guint n = 0;
  while (self->n > 0 && now > self->entries[0].since + MAX_AGE)
    forget (self, 0);
  for (guint i = 0; i < self->n && n < max; i++) {
    CvRtcMissingEntry *entry = &self->entries[i];
    if (!is_due (entry, now, rtt))
      continue;
    entry->asked = now;
    entry->tries++;
    seqs[n++] = (guint16) entry->index;
  }
  return n;
}
