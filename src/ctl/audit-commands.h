/* conclavectl's commands that read the audit. They read the database themselves: nobody has to believe the server. */
#pragma once

#include "ctl/commands.h"

G_BEGIN_DECLS

gboolean cv_audit_command_list (const CvCommandArguments *arguments, GError **error);
gboolean cv_audit_command_verify (const CvCommandArguments *arguments, GError **error);
gboolean cv_audit_command_head (const CvCommandArguments *arguments, GError **error);

G_END_DECLS
