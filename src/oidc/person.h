/* Who the claims of a token say that somebody is, and whether such people may come in.
 *
 * Values. Any thread. Fuzzed.
 */
#pragma once

#include "oidc/document.h"

G_BEGIN_DECLS

/* as accounts have them */
#define CV_OIDC_MAX_LOGIN 120
#define CV_OIDC_MAX_NAME 60

/* Borrowed. */
typedef struct {
  const char *login_claim;
  const char *groups_claim;
  const char *const *groups;  /* one of them is needed; ending in NULL; empty: anybody's */
  const char *const *domains; /* the same of e-mail addresses */
} CvOidcRules;

typedef struct {
  char *subject; /* with the issuer, who it is for good */
  char *login;   /* NULL: the claim is missing, or an address that nobody has verified */
  char *name;    /* or NULL */
} CvOidcPerson;

/* NULL with NOT_ALLOWED. `claims`: that are checked. Returns: (transfer full). */
CvOidcPerson *cv_oidc_person_read (JsonObject *claims, const CvOidcRules *rules, GError **error);
void cv_oidc_person_free (CvOidcPerson *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvOidcPerson, cv_oidc_person_free)

G_END_DECLS
