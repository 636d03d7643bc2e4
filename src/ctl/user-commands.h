/* conclavectl's commands about users. Main thread, blocking. */
#pragma once

#include "ctl/commands.h"

G_BEGIN_DECLS

gboolean cv_user_command_add (const CvCommandArguments *arguments, GError **error);
gboolean cv_user_command_list (const CvCommandArguments *arguments, GError **error);
gboolean cv_user_command_passwd (const CvCommandArguments *arguments, GError **error);
gboolean cv_user_command_link (const CvCommandArguments *arguments, GError **error);
gboolean cv_user_command_role (const CvCommandArguments *arguments, GError **error);
gboolean cv_user_command_disable (const CvCommandArguments *arguments, GError **error);
gboolean cv_user_command_enable (const CvCommandArguments *arguments, GError **error);
gboolean cv_user_command_delete (const CvCommandArguments *arguments, GError **error);

G_END_DECLS
