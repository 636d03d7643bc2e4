/* conclavectl's commands about recordings. Main thread, blocking. */
#pragma once

#include "ctl/commands.h"

G_BEGIN_DECLS

gboolean cv_recording_command_list (const CvCommandArguments *arguments, GError **error);
gboolean cv_recording_command_show (const CvCommandArguments *arguments, GError **error);
gboolean cv_recording_command_export (const CvCommandArguments *arguments, GError **error);
gboolean cv_recording_command_render (const CvCommandArguments *arguments, GError **error);
gboolean cv_recording_command_verify (const CvCommandArguments *arguments, GError **error);
gboolean cv_recording_command_delete (const CvCommandArguments *arguments, GError **error);
gboolean cv_recording_command_share (const CvCommandArguments *arguments, GError **error);

G_END_DECLS
