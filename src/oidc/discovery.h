/* What a provider says of itself (OpenID Connect Discovery 1.0): where it is asked for what.
 *
 * Values. Any thread. Fuzzed.
 */
#pragma once

#include "oidc/document.h"

G_BEGIN_DECLS

typedef struct {
  char *authorization;     /* where people sign in */
  char *token;             /* where a code is exchanged */
  char *keys;              /* what it signs with */
  gboolean secret_in_body; /* it does not take the secret as a header */
  gboolean says_issuer;    /* each of its answers to a browser has `iss` (RFC 9207) */
} CvOidcDiscovery;

/* Where it says so. Returns: (transfer full). */
char *cv_oidc_discovery_url (const char *issuer);
/* NULL with UNREACHABLE where it is not `issuer`'s, or of no use here. Returns: (transfer full). */
CvOidcDiscovery *cv_oidc_discovery_read (GBytes *bytes, const char *issuer, GError **error);
void cv_oidc_discovery_free (CvOidcDiscovery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvOidcDiscovery, cv_oidc_discovery_free)

G_END_DECLS
