/* Statistics as JSON. */
#pragma once

#include "rtc/engine.h"

G_BEGIN_DECLS

/* `detail`: with every stream and sender. `reset`: counts from here on. `id` 0: all peers, else the details of one. */
void cv_rtc_report (CvRtcEngine *engine, guint id, gboolean detail, gboolean reset);

G_END_DECLS
