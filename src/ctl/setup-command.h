/* conclavectl setup. Main thread, blocking. */
#pragma once

#include "ctl/commands.h"

G_BEGIN_DECLS

gboolean cv_setup_command (const CvCommandArguments *arguments, GError **error);

G_END_DECLS
