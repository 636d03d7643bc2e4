/* See timeline.h. */
#include "media/timeline.h"

#include <string.h>

/* By so much the two clocks may differ from one packet to the next: more is no delay but a break; */
#define MAX_STEP_US G_USEC_PER_SEC
/* and by so much where nothing came for that long. */
#define MAX_PAUSE_STEP_US (100 * 1000)
/* From what arrivals say: a stream whose clock runs away is set right. */
#define MAX_LAG_US (G_GINT64_CONSTANT (3) * G_USEC_PER_SEC)
/* A break that moved time by no more is none: it is not worth a jolt. */
#define KEEP_US (40 * 1000)
/* Reports of streams that are sent together do not differ more from what arrivals say. */
#define MAX_REPORTED_US (500 * 1000)

void
cv_timeline_init (CvTimeline *self, guint clock)
{
  *self = (CvTimeline){ .clock = clock };
}

static gint64
to_us (const CvTimeline *self, gint64 rtp)
{
  return rtp * G_USEC_PER_SEC / self->clock;
}

static gint64
unwrap (const CvTimeline *self, guint32 timestamp)
{
  return self->rtp + (gint32) (timestamp - (guint32) self->rtp);
}

static void
begin_to_settle (CvTimeline *self, gint64 least, gint64 at)
{
  self->settled = FALSE;
  self->least = least;
  self->settle_at = at + CV_TIMELINE_SETTLE_US;
}

static gboolean
breaks (const CvTimeline *self, gint64 rtp, gint64 at)
{
  gint64 elapsed = at - self->at;
  gint64 step = ABS (elapsed - to_us (self, rtp - self->rtp));
  return step > (elapsed > MAX_STEP_US ? MAX_PAUSE_STEP_US : MAX_STEP_US) ||
         (self->settled && ABS (at - to_us (self, rtp) - self->offset) > MAX_LAG_US);
}

void
cv_timeline_arrive (CvTimeline *self, guint32 timestamp, gint64 at)
{
  gint64 rtp = self->started ? unwrap (self, timestamp) : (gint64) timestamp;
  gint64 transit = at - to_us (self, rtp);
  if (!self->started || breaks (self, rtp, at))
    begin_to_settle (self, transit, at);
  else if (!self->settled)
    self->least = MIN (self->least, transit);
  self->started = TRUE;
  self->rtp = rtp;
  self->at = at;
  if (!self->settled && at >= self->settle_at)
    cv_timeline_settle (self);
}

void
cv_timeline_settle (CvTimeline *self)
{
  if (self->settled)
    return;
  if (!self->known || ABS (self->least - self->offset) > KEEP_US)
    self->offset = self->least;
  self->known = self->settled = TRUE;
}

gboolean
cv_timeline_is_settled (CvTimeline *self, gint64 now)
{
  if (!self->settled && self->started && now >= self->settle_at)
    cv_timeline_settle (self);
  return self->settled;
}

gint64
cv_timeline_get (const CvTimeline *self, guint32 timestamp)
{
  return (self->settled ? self->offset : self->least) + to_us (self, unwrap (self, timestamp));
}

gboolean
cv_timeline_follow (CvTimeline *self, guint32 timestamp, gint64 ntp, const CvTimeline *other, guint32 other_timestamp,
                    gint64 other_ntp)
{
  if (!self->started || !other->settled)
    return FALSE;
  gint64 time = cv_timeline_get (other, other_timestamp) + (ntp - other_ntp);
  gint64 moved = time - cv_timeline_get (self, timestamp);
  if (ABS (moved) > MAX_REPORTED_US)
    return FALSE;
  self->offset = time - to_us (self, unwrap (self, timestamp));
  self->known = self->settled = TRUE;
  return TRUE;
}
