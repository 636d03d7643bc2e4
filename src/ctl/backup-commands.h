/* conclavectl's commands for backups of the database. `cv_backup_command_restore` works on the files and needs no server. */
#pragma once

#include "ctl/commands.h"

G_BEGIN_DECLS

gboolean cv_backup_command_make (const CvCommandArguments *arguments, GError **error);
gboolean cv_backup_command_restore (const CvCommandArguments *arguments, GError **error);

/* Beside the socket, where one is named; else where the server is installed. Returns: (transfer full). */
char *cv_backup_command_find_state (const CvOptions *options);

G_END_DECLS
