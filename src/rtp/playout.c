/* See playout.h. */
#include "rtp/playout.h"

#include <string.h>

#define DEPTH_LEAST 2
#define DEPTH_MOST 4
/* A start is not waited for longer than this: it may be the end of what somebody said. */
#define WAIT_FRAMES 3
/* 1 s: how long too much must wait before it is shortened */
#define WINDOW_FRAMES 50
/* 5 s without running dry: it may start with less again */
#define CALM_FRAMES 250

static guint
get_capacity (const CvPlayout *self)
{
  return CV_PLAYOUT_FRAMES * self->frame;
}

void
cv_playout_init (CvPlayout *self, guint frame)
{
  memset (self, 0, sizeof *self);
  self->frame = frame;
  self->depth = DEPTH_LEAST;
  self->low = get_capacity (self);
}

/* Makes room for n samples, n at most the capacity; the oldest go. */
static void
make_room (CvPlayout *self, guint n)
{
  guint capacity = get_capacity (self);
  guint free = capacity - self->n;
  if (n <= free)
    return;
  guint excess = n - free;
  self->at = (self->at + excess) % capacity;
  self->n -= excess;
  self->dropped += excess;
  self->cut = TRUE;
}

void
cv_playout_push (CvPlayout *self, const gint16 *samples, gsize n)
{
  guint capacity = get_capacity (self);
  if (n > capacity) {
    self->dropped += n - capacity;
    samples += n - capacity;
    n = capacity;
  }
  make_room (self, (guint) n);
  guint end = (self->at + self->n) % capacity;
  guint first = MIN ((guint) n, capacity - end);
  memcpy (self->ring + end, samples, first * sizeof *samples);
  memcpy (self->ring, samples + first, (n - first) * sizeof *samples);
  self->n += (guint) n;
}

void
cv_playout_push_silence (CvPlayout *self, gsize n)
{
  guint capacity = get_capacity (self);
  static const gint16 silence[CV_MIX_FRAME];
  n = MIN (n, capacity);
  for (gsize done = 0; done < n; done += CV_MIX_FRAME)
    cv_playout_push (self, silence, MIN (n - done, CV_MIX_FRAME));
}

/* n: at most a frame, and at most what is there. */
static void
pop (CvPlayout *self, gint16 *frame, guint n)
{
  guint capacity = get_capacity (self);
  guint first = MIN (n, capacity - self->at);
  memcpy (frame, self->ring + self->at, first * sizeof *frame);
  memcpy (frame + first, self->ring, (n - first) * sizeof *frame);
  self->at = (self->at + n) % capacity;
  self->n -= n;
  if (n > 0)
    self->last = frame[n - 1];
}

/* Leads from the sample before into a frame that does not follow it: the step between them fades away. */
static void
bridge (gint16 *frame, gint16 before)
{
  gint32 step = before - frame[0];
  for (gint32 i = 0; i < CV_MIX_FADE; i++)
    frame[i] = (gint16) CLAMP (frame[i] + step * (CV_MIX_FADE - i) / CV_MIX_FADE, G_MININT16, G_MAXINT16);
}

static gboolean
start (CvPlayout *self)
{
  if (self->n == 0)
    return FALSE;
  if (self->n < self->depth * self->frame && ++self->waited < WAIT_FRAMES)
    return FALSE;
  self->playing = TRUE;
  self->waited = 0;
  self->calm = 0;
  self->age = 0;
  self->low = get_capacity (self);
  return TRUE;
}

/* What is left, and from its last sample down to nothing. */
static gboolean
run_dry (CvPlayout *self, gint16 *frame)
{
  guint n = self->n;
  gint32 last;
  self->playing = FALSE;
  self->depth = MIN (self->depth + 1, DEPTH_MOST);
  if (n == 0 && self->last == 0)
    return FALSE;
  pop (self, frame, n);
  last = self->last;
  for (guint i = n; i < self->frame; i++) {
    gint32 left = CV_MIX_FADE - (gint32) (i - n);
    frame[i] = left > 0 ? (gint16) (last * left / CV_MIX_FADE) : 0;
  }
  self->last = 0;
  return TRUE;
}

/* Two frames become one. */
static void
shorten (CvPlayout *self, gint16 *frame)
{
  gint16 next[CV_MIX_FRAME];
  gint32 n = (gint32) self->frame;
  pop (self, next, self->frame);
  for (gint32 i = 0; i < n; i++)
    frame[i] = (gint16) ((frame[i] * (n - i) + next[i] * i) / n);
  self->last = frame[n - 1];
  self->dropped += self->frame;
}

/* Once a second: whether there was always more than it takes; and whether it may take less again. */
static void
look_back (CvPlayout *self, gint16 *frame)
{
  self->low = MIN (self->low, self->n);
  if (++self->calm >= CALM_FRAMES) {
    self->calm = 0;
    self->depth = MAX (self->depth - 1, DEPTH_LEAST);
  }
  if (++self->age < WINDOW_FRAMES)
    return;
  if (self->low >= self->depth * self->frame)
    shorten (self, frame);
  self->age = 0;
  self->low = get_capacity (self);
}

gboolean
cv_playout_take (CvPlayout *self, gint16 *frame)
{
  gint16 before = self->last;
  gboolean joint = !self->playing || self->cut;
  if (!self->playing && !start (self))
    return FALSE;
  self->cut = FALSE;
  if (self->n < self->frame)
    return run_dry (self, frame);

  pop (self, frame, self->frame);
  if (joint)
    bridge (frame, before);
  look_back (self, frame);
  return TRUE;
}
