/* The certificate that the daemon serves: the operator's, or a self-made one for trying it out. Blocks; at start, and when it is read again. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Makes a self-signed certificate (P-256, 825 days) for localhost, this machine's names and `host`, and its key (0600).
 * Both are written whole or not at all. */
gboolean cv_certificate_make (const char *certificate_file, const char *key_file, const char *host, GError **error);

/* Loads certificate and key; with `make`, makes them first where neither is there or the certificate has run out.
 * Returns: (transfer full). */
GTlsCertificate *cv_certificate_load (const char *certificate_file, const char *key_file, const char *make,
                                      GError **error);

G_END_DECLS
