/* See announcer.h. */
#include "sip/announcer.h"

#include <string.h>

#define FRAME CV_MIX_PHONE_FRAME

void
cv_announcer_init (CvAnnouncer *self)
{
  *self = (CvAnnouncer){ 0 };
  g_queue_init (&self->queue);
}

void
cv_announcer_hush (CvAnnouncer *self)
{
  g_queue_clear_full (&self->queue, (GDestroyNotify) g_bytes_unref);
  self->at = 0;
}

void
cv_announcer_clear (CvAnnouncer *self)
{
  cv_announcer_hush (self);
  g_clear_pointer (&self->loop, g_bytes_unref);
}

void
cv_announcer_say (CvAnnouncer *self, GBytes *samples)
{
  if (g_bytes_get_size (samples) < sizeof (gint16))
    return;
  if (self->queue.length == CV_ANNOUNCER_MAX) {
    g_bytes_unref (g_queue_pop_head (&self->queue));
    self->at = 0;
  }
  g_queue_push_tail (&self->queue, g_bytes_ref (samples));
}

void
cv_announcer_set_loop (CvAnnouncer *self, GBytes *samples, gsize pause)
{
  g_clear_pointer (&self->loop, g_bytes_unref);
  self->loop_at = 0;
  self->pause = pause;
  if (samples != NULL && g_bytes_get_size (samples) >= sizeof (gint16))
    self->loop = g_bytes_ref (samples);
}

/* Up to `n` samples from `*at` on; returns how many. */
static gsize
copy (GBytes *samples, gsize *at, gint16 *out, gsize n)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (samples, &size);
  gsize left = size / sizeof (gint16) - *at;
  n = MIN (n, left);
  memcpy (out, data + *at * sizeof (gint16), n * sizeof (gint16));
  *at += n;
  return n;
}

static gboolean
is_through (GBytes *samples, gsize at)
{
  return at >= g_bytes_get_size (samples) / sizeof (gint16);
}

static gboolean
take_loop (CvAnnouncer *self, gint16 *frame)
{
  gsize length = g_bytes_get_size (self->loop) / sizeof (gint16);
  memset (frame, 0, FRAME * sizeof *frame);
  if (self->loop_at < length)
    copy (self->loop, &self->loop_at, frame, FRAME);
  else
    self->loop_at += FRAME;
  if (self->loop_at >= length + self->pause)
    self->loop_at = 0;
  return TRUE;
}

gboolean
cv_announcer_take (CvAnnouncer *self, gint16 *frame, gboolean *done)
{
  *done = FALSE;
  if (self->queue.length == 0)
    return self->loop != NULL && take_loop (self, frame);
  self->loop_at = 0; /* it begins anew */
  gsize n = 0;
  while (n < FRAME && self->queue.length > 0) {
    GBytes *first = self->queue.head->data;
    n += copy (first, &self->at, frame + n, FRAME - n);
    if (!is_through (first, self->at))
      continue;
    g_bytes_unref (g_queue_pop_head (&self->queue));
    self->at = 0;
  }
  memset (frame + n, 0, (FRAME - n) * sizeof *frame);
  *done = self->queue.length == 0;
  return TRUE;
}
