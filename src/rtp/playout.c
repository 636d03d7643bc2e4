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

void
cv_playout_init (CvPlayout *self)
{
  memset (self, 0, sizeof *self);
  self->depth = DEPTH_LEAST;
  self->low = CV_PLAYOUT_CAPACITY;
}

/* Makes room for n samples, n at most the capacity; the oldest go. */
static void
make_room (CvPlayout *self, guint n)
{
  guint free = CV_PLAYOUT_CAPACITY - self->n;
  if (n <= free)
    return;
  guint excess = n - free;
  self->at = (self->at + excess) % CV_PLAYOUT_CAPACITY;
  self->n -= excess;
  self->dropped += excess;
  self->cut = TRUE;
}

void
cv_playout_push (CvPlayout *self, const gint16 *samples, gsize n)
{
  if (n > CV_PLAYOUT_CAPACITY) {
    self->dropped += n - CV_PLAYOUT_CAPACITY;
    samples += n - CV_PLAYOUT_CAPACITY;
    n = CV_PLAYOUT_CAPACITY;
  }
  make_room (self, (guint) n);
  guint end = (self->at + self->n) % CV_PLAYOUT_CAPACITY;
  guint first = MIN ((guint) n, CV_PLAYOUT_CAPACITY - end);
  memcpy (self->ring + end, samples, first * sizeof *samples);
  memcpy (self->ring, samples + first, (n - first) * sizeof *samples);
  self->n += (guint) n;
}

void
cv_playout_push_silence (CvPlayout *self, gsize n)
{
  static const gint16 silence[CV_MIX_FRAME];
  n = MIN (n, CV_PLAYOUT_CAPACITY);
  for (gsize done = 0; done < n; done += CV_MIX_FRAME)
    cv_playout_push (self, silence, MIN (n - done, CV_MIX_FRAME));
}

/* n: at most a frame, and at most what is there. */
static void
pop (CvPlayout *self, gint16 *frame, guint n)
{
  guint first = MIN (n, CV_PLAYOUT_CAPACITY - self->at);
  memcpy (frame, self->ring + self->at, first * sizeof *frame);
  memcpy (frame + first, self->ring, (n - first) * sizeof *frame);
  self->at = (self->at + n) % CV_PLAYOUT_CAPACITY;
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
  if (self->n < self->depth * CV_MIX_FRAME && ++self->waited < WAIT_FRAMES)
    return FALSE;
  self->playing = TRUE;
  self->waited = 0;
  self->calm = 0;
  self->age = 0;
  self->low = CV_PLAYOUT_CAPACITY;
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
  for (guint i = n; i < CV_MIX_FRAME; i++) {
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
  pop (self, next, CV_MIX_FRAME);
  for (gint32 i = 0; i < CV_MIX_FRAME; i++)
    frame[i] = (gint16) ((frame[i] * (CV_MIX_FRAME - i) + next[i] * i) / CV_MIX_FRAME);
  self->last = frame[CV_MIX_FRAME - 1];
  self->dropped += CV_MIX_FRAME;
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
  if (self->low >= self->depth * CV_MIX_FRAME)
    shorten (self, frame);
  self->age = 0;
  self->low = CV_PLAYOUT_CAPACITY;
}

gboolean
cv_playout_take (CvPlayout *self, gint16 *frame)
{
  gint16 before = self->last;
  gboolean joint = !self->playing || self->cut;
  if (!self->playing && !start (self))
    return FALSE;
  self->cut = FALSE;
  if (self->n < CV_MIX_FRAME)
    return run_dry (self, frame);

  pop (self, frame, CV_MIX_FRAME);
  if (joint)
    bridge (frame, before);
  look_back (self, frame);
  return TRUE;
}
