/* Who was there, what they sent, who spoke: fills a timeline's people, turns and the agenda's chapters from the log. */
#pragma once

#include "render/timeline.h"

G_BEGIN_DECLS

/* The spans and the duration must be there. */
void cv_cast_fill (CvTimeline *timeline, const CvEventLog *log);

G_END_DECLS
