/* A rate that grows until the queue does: additive near what the path is known to take, else multiplicative; and decreases
 * to 85 % of what came through (draft-ietf-rmcat-gcc-02 5.5).
 *
 * A plain struct inside its owner; any thread; time is given.
 */
#pragma once

#include "media/trend.h"

G_BEGIN_DECLS

typedef struct {
  double rate, min, max;   /* bit/s */
  double capacity;         /* kbit/s at which the queue grew lately; < 0: not known */
  double deviation;        /* its variance by its mean */
  gint64 changed, reduced; /* µs; 0: never */
  gboolean holding;        /* until the queue is empty again */
} CvAimd;

typedef struct {
  CvTrendState trend;
  double sent_bps, acked_bps; /* of the last packets; < 0: not known */
  gint64 rtt_us;              /* < 0: not known */
} CvAimdInput;

void cv_aimd_init (CvAimd *self, double start, double min, double max);
/* TRUE: it was reduced. */
gboolean cv_aimd_update (CvAimd *self, const CvAimdInput *input, gint64 now_us);
/* Something else knows better: a probe, or silence. */
void cv_aimd_set (CvAimd *self, double rate, gint64 now_us);

G_END_DECLS
