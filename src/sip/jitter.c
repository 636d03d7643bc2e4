/* See jitter.h. */
#include "sip/jitter.h"

#include <string.h>

/* so many packets that come too late are not late: their numbers begin anew */
#define BEHIND 5

void
cv_jitter_init (CvJitter *self)
{
  self->started = FALSE;
  self->behind = 0;
  self->late = 0;
  for (guint i = 0; i < CV_JITTER_PACKETS; i++)
    self->packets[i].full = FALSE;
}

static void
restart (CvJitter *self, guint64 index)
{
  guint64 late = self->late;
  cv_jitter_init (self);
  self->late = late;
  self->started = TRUE;
  self->next = self->top = index;
}

void
cv_jitter_put (CvJitter *self, guint64 index, const guint8 *payload, gsize n)
{
  if (n > CV_JITTER_PAYLOAD)
    return;
  if (!self->started || index >= self->next + CV_JITTER_PACKETS)
    restart (self, index);
  if (index < self->next) {
    self->late++;
    if (++self->behind < BEHIND)
      return;
    restart (self, index);
  }
  CvJitterPacket *packet = &self->packets[index % CV_JITTER_PACKETS];
  self->behind = 0;
  self->top = MAX (self->top, index);
  packet->index = index;
  packet->full = TRUE;
  packet->n = (guint) n;
  if (n > 0)
    memcpy (packet->payload, payload, n);
}

CvJitterWhat
cv_jitter_take (CvJitter *self, gboolean urgent, const CvJitterPacket **packet)
{
  if (!self->started || self->next > self->top)
    return CV_JITTER_NOTHING;
  CvJitterPacket *next = &self->packets[self->next % CV_JITTER_PACKETS];
  gboolean there = next->full && next->index == self->next;
  if (!there && !urgent)
    return CV_JITTER_NOTHING;
  self->next++;
  if (!there)
    return CV_JITTER_MISSING;
  next->full = FALSE;
  *packet = next;
  return CV_JITTER_PACKET;
}
