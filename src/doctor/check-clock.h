/* Whether the clock is kept right: the judgement. */
#pragma once

#include "doctor/findings.h"

G_BEGIN_DECLS

/* What adjtimex() returned, and the status that it gave. */
CvFindingState cv_clock_judge (int result, int status);

G_END_DECLS
