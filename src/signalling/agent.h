/* What browser somebody has, in a few words for people, from what it says of itself. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "Firefox, Linux"; `header`: the User-Agent, or NULL. Says nothing that is not in a table of ours. "" where neither is
 * known. Returns: (transfer full). */
char *cv_agent_describe (const char *header);

G_END_DECLS
