/* Captions of a meeting as WebVTT. Any thread. */
#pragma once

#include "summary/summary.h"

G_BEGIN_DECLS

/* Times from the meeting's beginning on. Returns: (transfer full). */
char *cv_captions_write (const CvSummary *summary);

G_END_DECLS
