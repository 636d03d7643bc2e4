/* ID tokens (OpenID Connect Core 1.0, 3.1.3.7): who somebody is, as their provider signed it for this server and this one sign-in.
 *
 * Values. Any thread. Signatures are libcjose's; what a header and claims may say stands here. Fuzzed.
 */
#pragma once

#include "oidc/key-set.h"

G_BEGIN_DECLS

#define CV_OIDC_MAX_TOKEN_BYTES (64 * 1024)
/* s by which the provider's clock may differ from ours */
#define CV_OIDC_CLOCK_SECONDS 60
/* s since it was made */
#define CV_OIDC_MAX_AGE_SECONDS 600

/* The first part: what it was signed with. */
typedef struct {
  CvOidcAlgorithm algorithm;
  char *kid; /* or NULL */
} CvOidcHeader;
/* FALSE where it is no token, or of a kind that is not taken. */
gboolean cv_oidc_header_read (const char *token, CvOidcHeader *header);
void cv_oidc_header_clear (CvOidcHeader *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvOidcHeader, cv_oidc_header_clear)

/* Whom the token is to be for, and when. */
typedef struct {
  const char *issuer;
  const char *client;
  const char *nonce;
  gint64 now; /* s since 1970 */
} CvOidcExpected;

/* The claims of one that is good: signed by one of `keys`, from and for whom it should be, now, for this sign-in. NULL with TOKEN.
 * Returns: (transfer full). */
JsonObject *cv_oidc_token_read (const char *token, const CvOidcKeys *keys, const CvOidcExpected *expected,
                                GError **error);
/* The same of claims that are signed. FALSE with TOKEN. */
gboolean cv_oidc_claims_check (JsonObject *claims, const CvOidcExpected *expected, GError **error);

G_END_DECLS
