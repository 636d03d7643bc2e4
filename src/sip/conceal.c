/* See conceal.h. */
#include "sip/conceal.h"

#include <math.h>
#include <string.h>

/* 400 Hz … 66 Hz, compared over 15 ms */
#define LAG_LEAST 40
#define LAG_MOST 240
#define COMPARED 240
/* 10 ms as it was, then down to nothing */
#define FULL 160
#define END 960
#define JOINT 80 /* 5 ms */

/* How alike what was last and what was `lag` before it are. */
static float
compare (const gint16 *past, guint lag)
{
  const gint16 *now = past + CV_CONCEAL_PAST - COMPARED, *then = now - lag;
  float product = 0, power = 1;
  for (guint i = 0; i < COMPARED; i += 2) {
    product += (float) now[i] * (float) then[i];
    power += (float) then[i] * (float) then[i];
  }
  return product > 0 ? product * product / power : 0;
}

static guint
find_lag (const gint16 *past)
{
  guint best = LAG_MOST;
  float most = 0;
  for (guint lag = LAG_LEAST; lag <= LAG_MOST; lag++) {
    float likeness = compare (past, lag);
    if (likeness > most) {
      most = likeness;
      best = lag;
    }
  }
  return best;
}

static gint16
guess (CvConceal *self)
{
  if (self->gone >= END)
    return 0;
  gint32 sample = self->past[CV_CONCEAL_PAST - self->lag + self->at];
  self->at = (self->at + 1) % self->lag;
  gint32 left = self->gone < FULL ? END - FULL : END - (gint32) self->gone;
  self->gone++;
  return (gint16) (sample * left / (END - FULL));
}

gboolean
cv_conceal_guess (CvConceal *self, gint16 frame[CV_CONCEAL_FRAME])
{
  if (self->lag == 0)
    self->lag = find_lag (self->past);
  gboolean says = self->gone < END;
  for (guint i = 0; i < CV_CONCEAL_FRAME; i++)
    frame[i] = guess (self);
  return says;
}

void
cv_conceal_heard (CvConceal *self, gint16 *samples, gsize n)
{
  for (guint i = 0; self->lag != 0 && i < MIN (n, JOINT); i++)
    samples[i] = (gint16) ((samples[i] * (gint32) i + guess (self) * (gint32) (JOINT - i)) / JOINT);
  self->lag = self->at = self->gone = 0;
  gsize kept = MIN (n, CV_CONCEAL_PAST);
  memmove (self->past, self->past + kept, (CV_CONCEAL_PAST - kept) * sizeof *samples);
  memcpy (self->past + CV_CONCEAL_PAST - kept, samples + n - kept, kept * sizeof *samples);
}
