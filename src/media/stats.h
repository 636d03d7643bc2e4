/* How a person's connection does, in numbers. Main thread; owns nothing. */
#pragma once

#include "media/endpoint.h"

G_BEGIN_DECLS

typedef struct {
  guint up, down;            /* bit/s since it was last asked */
  guint estimate;            /* bit/s that the path to the person takes; 0: not known */
  double up_loss, down_loss; /* 0 … 1 */
  int rtt;                   /* ms, -1: not known */
  guint width;               /* px of the largest camera layer that comes; 0: none */
  guint slots;               /* in use */
} CvStats;

/* Of an endpoint, since the last call. */
void cv_stats_take (CvStats *self, CvEndpoint *endpoint, gint64 now);

G_END_DECLS
