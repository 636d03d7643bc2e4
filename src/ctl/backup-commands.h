/* conclavectl's commands for backups of the database. `cv_backup_command_restore` works on the files and needs no server. */
#pragma once

#include "ctl/commands.h"

G_BEGIN_DECLS

gboolean cv_backup_command_make (const CvCommandArguments *arguments, GError **error);
gboolean cv_backup_command_restore (const CvCommandArguments *arguments, GError **error);

G_END_DECLS
