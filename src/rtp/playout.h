/* Samples of one input on their way from the thread that decodes them to the tick that mixes them: a bounded queue that
 * smooths what comes late or in bursts.
 *
 * It starts to play once 40 ms are there (more after it ran dry, up to 80), holds at most 120 ms (what is older goes), is
 * silent when empty, and shortens itself where more waits than is needed. Starts, ends and joints are faded, so that none
 * of it clicks. Pure; not locked: who shares it between threads has a lock.
 */
#pragma once

#include "rtp/mix.h"

G_BEGIN_DECLS

/* frames; the longest packet of Opus fits */
#define CV_PLAYOUT_FRAMES 6

typedef struct {
  guint frame; /* samples of 20 ms; the ring has room for CV_PLAYOUT_FRAMES of them */
  gint16 ring[CV_PLAYOUT_FRAMES * CV_MIX_FRAME];
  guint at; /* of the oldest sample */
  guint n;
  gboolean playing;
  gboolean cut; /* something was dropped before the oldest sample */
  gint16 last;  /* the sample that was played last */
  guint depth;  /* frames that must be there before it starts */
  guint waited; /* frames since something waits to be started */
  guint calm;   /* frames since it ran dry */
  guint age;    /* frames since `low` was begun */
  guint low;    /* the least that was left after a frame was taken */
  guint64 dropped;
} CvPlayout;

/* `frame`: samples of 20 ms, at most CV_MIX_FRAME. */
void cv_playout_init (CvPlayout *self, guint frame);
void cv_playout_push (CvPlayout *self, const gint16 *samples, gsize n);
/* What is known to be lost, so that what comes after it is not played too early. */
void cv_playout_push_silence (CvPlayout *self, gsize n);
/* The next frame. FALSE: there is nothing, `frame` is untouched. */
gboolean cv_playout_take (CvPlayout *self, gint16 *frame);

G_END_DECLS
