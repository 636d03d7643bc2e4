/* conclavectl's commands about meetings and what is kept of them. Main thread, blocking. */
#pragma once

#include "ctl/commands.h"

G_BEGIN_DECLS

gboolean cv_meeting_command_list (const CvCommandArguments *arguments, GError **error);
gboolean cv_meeting_command_summary (const CvCommandArguments *arguments, GError **error);
gboolean cv_meeting_command_mail (const CvCommandArguments *arguments, GError **error);
gboolean cv_meeting_command_delete (const CvCommandArguments *arguments, GError **error);

G_END_DECLS
