/* What was counted in base/tally.h, with its names. Owns nothing; main thread. */
#pragma once

#include "base/exposition.h"

G_BEGIN_DECLS

void cv_metrics_write_tallies (CvExposition *text);

G_END_DECLS
