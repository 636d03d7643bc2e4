/* Where a page of a list ended: "ID VALUE" of its last row, as text that clients pass back and do not read. Neither needs the
 * row to be there still. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* characters of one; a title has far fewer */
#define CV_CURSOR_MAX 4096

/* Returns: (transfer full). */
char *cv_cursor_new (const char *id, const char *value);
char *cv_cursor_new_number (const char *id, gint64 value);
/* FALSE with CV_STORE_ERROR_INVALID where `cursor` is none. `id` and `value`: (transfer full), or NULL. */
gboolean cv_cursor_read (const char *cursor, char **id, char **value, GError **error);
gboolean cv_cursor_read_number (const char *cursor, char **id, gint64 *value, GError **error);

G_END_DECLS
