/* conclavectl's commands about what is kept of a person: docs/privacy.md. They read and write the files themselves. */
#pragma once

#include "ctl/commands.h"

G_BEGIN_DECLS

gboolean cv_person_command_find (const CvCommandArguments *arguments, GError **error);
gboolean cv_person_command_export (const CvCommandArguments *arguments, GError **error);
/* Only while no server runs. */
gboolean cv_person_command_erase (const CvCommandArguments *arguments, GError **error);

G_END_DECLS
