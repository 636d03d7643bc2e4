/* conclavectl's commands about the telephone gateway. As those of commands.h. */
#pragma once

#include "ctl/commands.h"

G_BEGIN_DECLS

gboolean cv_sip_command_status (const CvCommandArguments *arguments, GError **error);
gboolean cv_sip_command_calls (const CvCommandArguments *arguments, GError **error);
gboolean cv_sip_command_hang_up (const CvCommandArguments *arguments, GError **error);

/* Their answers as text. Returns: (transfer full). */
char *cv_sip_print_status (JsonObject *status);
char *cv_sip_print_calls (JsonObject *answer);

G_END_DECLS
