/* conclavectl verify-client: whether a server serves the very web client that this program was built with. Main thread, blocking. */
#pragma once

#include "ctl/commands.h"

G_BEGIN_DECLS

/* Compares all files, the page and its policy; prints what differs, and the client's hash. */
gboolean cv_verify_client_command (const CvCommandArguments *arguments, GError **error);

G_END_DECLS
