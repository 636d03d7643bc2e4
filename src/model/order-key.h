/* Places in a list that can always be divided: texts over 62 digits, compared byte by byte. None ends in '0'.
 * data/web/core/order-keys.js does the same. Any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean cv_order_key_is_valid (const char *key);
/* One between two others; NULL: the beginning, or the end. Where there is nothing between them: one after the first. Returns: (transfer full). */
char *cv_order_key_between (const char *low, const char *high);

G_END_DECLS
