/* Table `identity`: users as an issuer's subjects (OpenID Connect). All calls are answered in the main context. */
#pragma once

#include "store/users.h"

G_BEGIN_DECLS

/* Somebody whom an issuer vouches for. Borrowed. */
typedef struct {
  const char *issuer;
  const char *subject;
  const char *login;  /* what they would be called here, or NULL */
  const char *name;   /* the same; NULL: the login */
  CvAccountRole role; /* of an account that is made for who has none; NOBODY: none is */
  gint64 at;
} CvIdentityWish;

/* Whose it is. Where it is nobody's: the account of that login, which has to be one that was made for somebody and that nobody has used yet (no password, never signed in, not disabled, and
 * nobody's identity); else a new one. Fails with CV_STORE_ERROR_MISSING where there is none, EXISTS where the login is somebody
 * else's, LIMIT. Who is disabled is found as well. Ends with cv_users_load_finish(). */
void cv_identities_resolve_async (CvStore *store, const CvIdentityWish *wish, GAsyncReadyCallback callback,
                                  gpointer user_data);

G_END_DECLS
