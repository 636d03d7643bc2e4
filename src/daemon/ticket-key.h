/* The key that tickets are signed with, where the configuration names none: made at the first start, kept in the state
 * directory. Main thread, at start. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The one line of `path`, which is made if it is missing, readable by nobody else. Returns: (transfer full), NULL with an
 * error. */
char *cv_ticket_key_load (const char *path, GError **error);

G_END_DECLS
