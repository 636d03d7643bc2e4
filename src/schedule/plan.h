/* When an event is: a wall time somewhere, for so long, once or again and again. Main thread. */
#pragma once

#include "base/json.h"
#include "schedule/repeat.h"
#include "schedule/wall.h"
#include "store/events.h"

G_BEGIN_DECLS

#define CV_PLAN_MAX_TITLE 120
#define CV_PLAN_MAX_MINUTES (24 * 60)
#define CV_PLAN_MAX_CANCELLED 500

typedef struct {
  CvWall start; /* of the first one */
  char *zone;
  GTimeZone *clocks; /* of that zone */
  int minutes;
  gboolean repeats;
  CvRepeat repeat;
  GArray *cancelled; /* of int: days, in order, each once */
} CvPlan;

/* With what is in `row`. NULL with CV_JSON_ERROR where that makes no sense (any more: a zone may be gone). Returns: (transfer full). */
CvPlan *cv_plan_new (const CvEventRow *row, GError **error);
void cv_plan_free (CvPlan *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvPlan, cv_plan_free)

/* Reads `title`, `start`, `zone`, `minutes` and `repeat` of a request into `row`, whose other members stay. What is left out stays as well;
 * a row that has nothing yet needs all but `title` and `repeat`. Afterwards `start` is the first day on which it is, and days that are
 * cancelled but no longer in it are gone. FALSE with CV_JSON_ERROR. */
gboolean cv_plan_read (CvEventRow *row, JsonObject *object, GError **error);
/* Cancels a day. FALSE with CV_STORE_ERROR_MISSING where it is not on that day, LIMIT where there are too many already. */
gboolean cv_plan_cancel (CvEventRow *row, int day, GError **error);
gboolean cv_plan_is_cancelled (const CvPlan *self, int day);

G_END_DECLS
