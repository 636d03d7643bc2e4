/* See backlog.h. */
#include "media/backlog.h"

#define WINDOW_US (500 * 1000)
#define BASE_US (15 * G_USEC_PER_SEC)

gboolean
cv_backlog_add (CvBacklog *self, gint64 sent_us, gint64 arrival_us)
{
  gint64 delay = arrival_us - sent_us;
  if (!self->started || arrival_us < self->base_at) {
    *self = (CvBacklog){ delay, delay, arrival_us, delay, arrival_us, 0, TRUE };
    return FALSE;
  }
  if (arrival_us - self->base_at >= BASE_US) {
    self->base = self->next_base;
    self->next_base = delay;
    self->base_at = arrival_us;
  }
  self->next_base = MIN (self->next_base, delay);
  self->base = MIN (self->base, delay);
  if (arrival_us - self->least_at < WINDOW_US) {
    self->least = MIN (self->least, delay);
    return FALSE;
  }
  self->standing = self->least - self->base;
  self->least = delay;
  self->least_at = arrival_us;
  return TRUE;
}

void
cv_backlog_accept (CvBacklog *self)
{
  self->base += self->standing;
  self->next_base = self->base;
  self->standing = 0;
}
