/* Browsers that are signed in to an account: their cookie, how often somebody may try, who needs no old password.
 *
 * Main thread. Who is signed in stands in the database (store/sign-ins.h) and nowhere else, so that it outlives the daemon
 * and ends where it is taken away. Owns what is counted; knows neither passwords nor requests.
 */
#pragma once

#include "base/bucket.h"
#include "base/clock.h"
#include "signalling/secret.h"
#include "store/sign-ins.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

#define CV_ACCOUNT_COOKIE "__Host-conclave-account"
/* without being used */
#define CV_ACCOUNT_DAYS 30
/* after a sign-in with a code a password may be set without the old one */
#define CV_ACCOUNT_FRESH_MINUTES 60

typedef struct _CvAccounts CvAccounts;
/* `tries_a_minute`: of one address, and of one login. */
CvAccounts *cv_accounts_new (CvStore *store, CvClock *clock, guint tries_a_minute);
void cv_accounts_set_rate (CvAccounts *self, guint tries_a_minute);
void cv_accounts_free (CvAccounts *self);

/* A password is to be tried: counts it. FALSE: not now. */
gboolean cv_accounts_take_try (CvAccounts *self, const char *address, const char *login);

/* Somebody (or NULL) was not let in, with a wrong `what`, which the audit says; of many only some, and then that there are more. */
void cv_accounts_note_refused (CvAccounts *self, const char *user, const char *what);

/* What is compared: as people type it, on whatever keyboard. Returns: (transfer full). */
char *cv_accounts_normalize (const char *text);

/* FALSE where the browser has none. */
gboolean cv_accounts_read_cookie (SoupServerMessage *message, CvSecretHash *hash);
void cv_accounts_set_cookie (SoupServerMessage *message, const char *secret);
void cv_accounts_clear_cookie (SoupServerMessage *message);

/* A row of this user for the browser that asks. `secret`: what its cookie is to be, (transfer full). */
CvSignInRow *cv_accounts_make_sign_in (CvAccounts *self, SoupServerMessage *message, const char *user, char **secret);
/* It was used: it is good for longer, and so is the cookie of the request. */
void cv_accounts_renew (CvAccounts *self, SoupServerMessage *message, const CvSignInRow *row);
/* The one of the request's cookie ends, if there is one. FALSE where there is none. */
gboolean cv_accounts_end (CvAccounts *self, SoupServerMessage *message);

/* This sign-in came by a code. */
void cv_accounts_set_fresh (CvAccounts *self, const char *sign_in);
gboolean cv_accounts_is_fresh (CvAccounts *self, const char *sign_in);

G_END_DECLS
