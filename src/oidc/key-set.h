/* The public keys that a provider signs with (a JWK set, RFC 7517): those of them that are good for a signature that we take.
 *
 * Owns them. Any thread. Fuzzed.
 */
#pragma once

#include "oidc/document.h"

#include <cjose/cjose.h>

G_BEGIN_DECLS

/* The only ones: each is bound to a kind of public key, so that nobody can choose another. */
typedef enum {
  CV_OIDC_ALGORITHM_NONE, /* none of those */
  CV_OIDC_ALGORITHM_RS256,
  CV_OIDC_ALGORITHM_PS256,
  CV_OIDC_ALGORITHM_ES256,
} CvOidcAlgorithm;
CvOidcAlgorithm cv_oidc_algorithm_from_name (const char *name);

/* of one provider; others are passed over */
#define CV_OIDC_MAX_KEYS 64
#define CV_OIDC_MIN_RSA_BITS 2048

typedef struct _CvOidcKeys CvOidcKeys;

/* Keys that are of no use here are left out. NULL with UNREACHABLE. Returns: (transfer full). */
CvOidcKeys *cv_oidc_keys_read (GBytes *bytes, GError **error);
void cv_oidc_keys_free (CvOidcKeys *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvOidcKeys, cv_oidc_keys_free)

/* Is there one called `kid` (NULL: any) that may have signed so? */
gboolean cv_oidc_keys_has (const CvOidcKeys *self, const char *kid, CvOidcAlgorithm algorithm);
/* Was it signed so, by one of those? */
gboolean cv_oidc_keys_verify (const CvOidcKeys *self, cjose_jws_t *jws, const char *kid, CvOidcAlgorithm algorithm);

G_END_DECLS
