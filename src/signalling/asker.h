/* Who asks over HTTP: whom limits count, and who may see what is for some addresses only. Owns nothing; main thread. */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The address as text; `behind_proxy`: of who came to a proxy on this machine, the last one that it added. "unix" where there is
 * none. Returns: (transfer full). */
char *cv_asker_get_address (SoupServerMessage *message, gboolean behind_proxy);

/* Is `address` (as above) one of `networks` (ADDRESS or ADDRESS/BITS, ending in NULL), and beyond doubt? A request that a proxy has
 * passed on which is not believed comes from anywhere. */
gboolean cv_asker_is_from (SoupServerMessage *message, const char *address, const char *const *networks);

G_END_DECLS
