/* The provider that people sign in at (OpenID Connect Core 1.0, authorization code flow with PKCE): what it says of itself, its
 * keys, and codes that it gave.
 *
 * Main thread. Owns its connections. Knows no account: who comes back is an issuer's subject.
 */
#pragma once

#include "base/clock.h"
#include "oidc/person.h"

G_BEGIN_DECLS

/* how long what a provider says of itself and its keys are believed */
#define CV_OIDC_BELIEVED_MINUTES 60
/* looks for keys that are not known: at once, and one in so many seconds from then on */
#define CV_OIDC_KEYS_BURST 3
#define CV_OIDC_KEYS_SECONDS 30

typedef struct {
  const char *issuer;
  const char *client;
  const char *secret;
  const char *scopes;
  CvOidcRules rules;
} CvOidcOptions;

/* What belongs to one sign-in. Borrowed. */
typedef struct {
  const char *redirect; /* where the provider sends people back to */
  const char *state;
  const char *nonce;
  const char *verifier; /* of PKCE */
} CvOidcAttempt;

#define CV_TYPE_OIDC_PROVIDER (cv_oidc_provider_get_type ())
G_DECLARE_FINAL_TYPE (CvOidcProvider, cv_oidc_provider, CV, OIDC_PROVIDER, GObject)

CvOidcProvider *cv_oidc_provider_new (const CvOidcOptions *options, CvClock *clock);
const char *cv_oidc_provider_get_issuer (CvOidcProvider *self);
/* For codes that are redeemed from now on. FALSE: it is for another provider or client, and nothing has changed. */
gboolean cv_oidc_provider_set_secret (CvOidcProvider *self, const char *issuer, const char *client, const char *secret);
/* What is under way fails. */
void cv_oidc_provider_stop (CvOidcProvider *self);

/* Where a browser goes to sign in. */
void cv_oidc_provider_begin_async (CvOidcProvider *self, const CvOidcAttempt *attempt, GAsyncReadyCallback callback,
                                   gpointer user_data);
/* Returns: (transfer full), NULL with an error. */
char *cv_oidc_provider_begin_finish (CvOidcProvider *self, GAsyncResult *result, GError **error);

/* Somebody came back with this code; `issuer`: what the answer says (RFC 9207), or NULL. */
void cv_oidc_provider_redeem_async (CvOidcProvider *self, const CvOidcAttempt *attempt, const char *code,
                                    const char *issuer, GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full), NULL with an error. */
CvOidcPerson *cv_oidc_provider_redeem_finish (CvOidcProvider *self, GAsyncResult *result, GError **error);

G_END_DECLS
