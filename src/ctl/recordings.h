/* Commands about the recording of a running meeting. Main thread, blocking. */
#pragma once

#include "ctl/commands.h"

G_BEGIN_DECLS

/* Of the meeting that runs in the room `id`. */
gboolean cv_recording_start (const CvCommandArguments *arguments, GError **error);
gboolean cv_recording_pause (const CvCommandArguments *arguments, GError **error);
gboolean cv_recording_resume (const CvCommandArguments *arguments, GError **error);
gboolean cv_recording_stop (const CvCommandArguments *arguments, GError **error);

G_END_DECLS
