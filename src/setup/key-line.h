/* Setting keys in the text of a key file, where all else stays as people wrote it. Values; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* `text` with `key` of `group` set: in the line that has it, else in a new one below the group's heading, else in a new group at
 * the end. A line that has that value already stays as it is. Returns: (transfer full). */
char *cv_key_line_set (const char *text, const char *group, const char *key, const char *value);

G_END_DECLS
