/* What conclavectl does with documents of meetings. Main thread, blocking. */
#pragma once

#include "ctl/commands.h"

G_BEGIN_DECLS

gboolean cv_document_command_list (const CvCommandArguments *arguments, GError **error);
gboolean cv_document_command_get (const CvCommandArguments *arguments, GError **error);
gboolean cv_document_command_delete (const CvCommandArguments *arguments, GError **error);

G_END_DECLS
