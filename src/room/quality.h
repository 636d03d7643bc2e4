/* How good somebody's connection is, in a word for people. No state; any thread. */
#pragma once

#include "process/media.h"

G_BEGIN_DECLS

typedef enum { CV_QUALITY_GOOD, CV_QUALITY_FAIR, CV_QUALITY_POOR } CvQuality;

CvQuality cv_quality_of (const CvMediaPersonStats *stats);
/* "good", "fair", "poor". */
const char *cv_quality_to_text (CvQuality quality);

G_END_DECLS
