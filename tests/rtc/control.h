/* Commands, one JSON object a line, as README.md lists them. */
#pragma once

#include "rtc/engine.h"

G_BEGIN_DECLS

/* FALSE: it was `quit`. */
gboolean cv_rtc_control (CvRtcEngine *engine, const char *line);

G_END_DECLS
