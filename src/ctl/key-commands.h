/* conclavectl's commands about keys of producers. Main thread, blocking. */
#pragma once

#include "ctl/commands.h"

G_BEGIN_DECLS

gboolean cv_key_command_add (const CvCommandArguments *arguments, GError **error);
gboolean cv_key_command_list (const CvCommandArguments *arguments, GError **error);
gboolean cv_key_command_revoke (const CvCommandArguments *arguments, GError **error);

G_END_DECLS
