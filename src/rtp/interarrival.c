/* See interarrival.h. */
#include "rtp/interarrival.h"

#define MAX_STEP 10 /* in s; what is more is a new timeline, and no jitter */

void
cv_interarrival_add (CvInterarrival *self, guint clock, guint32 timestamp, gint64 at)
{
  guint32 transit = (guint32) (at * clock / G_USEC_PER_SEC) - timestamp;
  gint64 step = (gint32) (transit - self->transit);
  if (self->any && ABS (step) < MAX_STEP * (gint64) clock)
    self->scaled += (guint32) (ABS (step) - ((self->scaled + 8) >> 4));
  self->transit = transit;
  self->any = TRUE;
}

guint32
cv_interarrival_get (const CvInterarrival *self)
{
  return self->scaled >> 4;
}
