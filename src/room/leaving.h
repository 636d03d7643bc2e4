/* Why somebody leaves a meeting, and why it ends. Values; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* STAGE: off the stage, for those who do not see viewers. */
typedef enum {
  CV_LEAVING_LEFT,
  CV_LEAVING_LOST,
  CV_LEAVING_REPLACED,
  CV_LEAVING_STAGE,
  CV_LEAVING_REMOVED,
} CvLeaving;

typedef enum { CV_ENDING_HOST, CV_ENDING_ADMIN, CV_ENDING_EMPTY } CvEnding;

/* "left", "lost", "replaced", "stage", "removed" and "host", "admin", "empty". */
const char *cv_leaving_to_text (CvLeaving leaving);
const char *cv_ending_to_text (CvEnding ending);

G_END_DECLS
