/* The days of a plan, one after the other, found without going through those before. A value; main thread. */
#pragma once

#include "schedule/plan.h"

G_BEGIN_DECLS

typedef struct {
  gint64 start, end; /* ms since 1970 */
  int day;           /* in its own zone */
} CvOccurrence;

typedef struct {
  const CvPlan *plan;
  gint64 n;    /* of the next one, from 0; cancelled ones count */
  gint64 from; /* ms: none that was over by then */
} CvOccurrences;

/* From the first one on that ends after `from` (ms since 1970). `plan` must outlive it. */
void cv_occurrences_init (CvOccurrences *self, const CvPlan *plan, gint64 from);
/* The next one that is not cancelled. FALSE: there is none. */
gboolean cv_occurrences_next (CvOccurrences *self, CvOccurrence *out);

/* The day of the first one: that of the plan's start, or the first day of the week after it that fits. */
int cv_occurrences_find_first (const CvPlan *plan);
/* Is one of them, cancelled or not, on that day? */
gboolean cv_occurrences_has (const CvPlan *plan, int day);

G_END_DECLS
