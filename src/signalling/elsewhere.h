/* People who go to another server to sign in there (OpenID Connect), and come back: the provider, and who is on the way.
 *
 * Owns both. Main thread. Each journey is bound to one browser by a cookie, is good once and for minutes. Knows no account.
 */
#pragma once

#include "oidc/provider.h"
#include "signalling/secret.h"

G_BEGIN_DECLS

/* `Lax`: it has to come along when the provider sends somebody back */
#define CV_ELSEWHERE_COOKIE "__Host-conclave-oidc"
#define CV_ELSEWHERE_SECONDS 600
/* on the way at once; the oldest goes */
#define CV_ELSEWHERE_MAX 10000

typedef struct {
  CvOidcOptions provider;
  const char *label;       /* what people call it */
  gboolean makes_accounts; /* for who has none */
} CvElsewhereOptions;

typedef struct {
  CvSecretHash hash; /* of the cookie */
  char *state;
  char *nonce;
  char *verifier;
  gint64 expires; /* µs, monotonic */
} CvJourney;
void cv_journey_free (CvJourney *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvJourney, cv_journey_free)

typedef struct _CvElsewhere CvElsewhere;
CvElsewhere *cv_elsewhere_new (const CvElsewhereOptions *options, CvClock *clock);
/* What the provider is asked fails. */
void cv_elsewhere_free (CvElsewhere *self);

const char *cv_elsewhere_get_label (CvElsewhere *self);
gboolean cv_elsewhere_makes_accounts (CvElsewhere *self);
CvOidcProvider *cv_elsewhere_get_provider (CvElsewhere *self);

/* Somebody goes. `journey`: borrowed until the main loop goes on. Returns: (transfer full), what their cookie is to be. */
char *cv_elsewhere_leave (CvElsewhere *self, const CvJourney **journey);
/* Somebody with that cookie is back, and says that it is this journey. NULL where that is not so; another try is allowed then.
 * Returns: (transfer full). */
CvJourney *cv_elsewhere_return (CvElsewhere *self, const guint8 cookie[CV_SECRET_BYTES], const char *state);

G_END_DECLS
