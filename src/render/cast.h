/* Who was there, what they sent, who spoke: fills a programme's people, turns and the agenda's chapters from the log. */
#pragma once

#include "render/programme.h"

G_BEGIN_DECLS

/* The spans and the duration must be there. */
void cv_cast_fill (CvProgramme *programme, const CvEventLog *log);

G_END_DECLS
