/* See nacks.h. */
#include "media/nacks.h"

#include <string.h>

#define MAX_TRIES 10
#define MIN_WAIT_US 20000
#define MAX_GAP CV_NACKS_MAX /* a longer one is no loss but a break */

static void
remove_at (CvNacks *self, guint at, guint count)
{
  memmove (&self->missing[at], &self->missing[at + count], (self->n - at - count) * sizeof self->missing[0]);
  self->n -= count;
}

static void
give_up (CvNacks *self)
{
  self->n = 0;
  self->gave_up = TRUE;
}

gboolean
cv_nacks_received (CvNacks *self, guint64 index, gint64 now)
{
  if (!self->started) {
    self->started = TRUE;
    self->top = index;
    return FALSE;
  }
  if (index <= self->top) {
    for (guint i = 0; i < self->n; i++)
      if (self->missing[i].index == index) {
        remove_at (self, i, 1);
        break;
      }
    return FALSE;
  }
  guint64 gap = index - self->top - 1;
  if (gap > MAX_GAP || self->n + gap > CV_NACKS_MAX)
    give_up (self);
  for (guint64 i = self->top + 1; gap <= MAX_GAP && i < index; i++)
    self->missing[self->n++] = (CvNack){ .index = i, .due = now };
  self->top = index;
  return gap > 0 && self->n > 0;
}

gboolean
cv_nacks_is_missing (const CvNacks *self, guint64 index)
{
  for (guint i = 0; i < self->n; i++)
    if (self->missing[i].index == index)
      return TRUE;
  return FALSE;
}

guint
cv_nacks_take_due (CvNacks *self, gint64 now, gint64 rtt, guint16 *seqs, guint max)
{
  guint n = 0;
  for (guint i = 0; i < self->n && n < max; i++) {
    CvNack *nack = &self->missing[i];
    if (nack->due > now)
      continue;
    if (nack->tries == MAX_TRIES) {
      remove_at (self, i--, 1);
      self->gave_up = TRUE;
      continue;
    }
    nack->tries++;
    nack->due = now + MAX (rtt, MIN_WAIT_US);
    seqs[n++] = (guint16) nack->index;
  }
  return n;
}

gboolean
cv_nacks_take_gave_up (CvNacks *self)
{
  gboolean gave_up = self->gave_up;
  self->gave_up = FALSE;
  return gave_up;
}

void
cv_nacks_forget_before (CvNacks *self, guint64 index)
{
  guint count = 0;
  while (count < self->n && self->missing[count].index < index)
    count++;
  remove_at (self, 0, count);
}
