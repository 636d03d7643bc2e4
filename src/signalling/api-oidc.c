/* See api-oidc.h. */
#include "signalling/api-oidc.h"

#include "signalling/http.h"
#include "signalling/protocol.h"
#include "signalling/query.h"
#include "store/audit.h"
#include "store/identities.h"

#include <string.h>

#define CV_LOG_TOPIC "api"
#include "base/log.h"

#define MAX_CODE 2048
#define MAX_WORD 64
#define METHOD "oidc"

/* Where people come to, whatever they came with: nobody can have them sent elsewhere. */
#define HOME "/"
#define AGAIN "/sign-in?problem="

/* What the page says (data/web/core/errors.js). */
#define EXPIRED AGAIN "elsewhere-expired"
#define CANCELLED AGAIN "elsewhere-cancelled"
#define UNREACHABLE AGAIN "elsewhere-unreachable"
#define FAILED AGAIN "elsewhere-failed"
#define NOT_ALLOWED AGAIN "elsewhere-refused"
#define UNKNOWN AGAIN "elsewhere-unknown"
#define TAKEN AGAIN "elsewhere-taken"

/* One sign-in that has come back. */
typedef struct {
  CvUserRow *user;
  CvSignInRow *row;
  char *secret; /* of the cookie */
} Arrival;

static void
arrival_free (gpointer data)
{
  Arrival *self = data;
  g_clear_pointer (&self->user, cv_user_row_free);
  g_clear_pointer (&self->row, cv_sign_in_row_free);
  cv_api_wipe_text (self->secret);
  g_free (self);
}

/* Returns: (transfer full). */
static char *
get_redirect (CvApi *api)
{
  return g_strconcat (api->url, CV_OIDC_RETURN_PATH, NULL);
}

/* The audit has it; `user`: or NULL. */
static void
refuse (CvApiPending *pending, const char *user, const char *where)
{
  cv_accounts_note_refused (pending->api->accounts, user, METHOD);
  cv_http_lead (pending->message, where);
}

/* ---- there ---- */

static void
answer_begun (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *where = cv_oidc_provider_begin_finish (source, result, &error);
  if (where != NULL) {
    cv_http_set_lax_cookie (pending->message, CV_ELSEWHERE_COOKIE, pending->data, CV_ELSEWHERE_SECONDS);
    cv_http_lead (pending->message, where);
  } else {
    cv_warning (NULL, NULL, "nobody can sign in at the provider: %s", error->message);
    cv_http_lead (pending->message, UNREACHABLE);
  }
}

static gboolean
is_on (const CvApiRequest *request)
{
  const CvApi *api = request->api;
  /* behind a proxy, on a socket, without a public-url nobody could be sent back */
  if (api->elsewhere != NULL && api->url != NULL && g_str_has_prefix (api->url, "http"))
    return TRUE;
  cv_http_respond_problem (request->message, CV_PROBLEM_NOT_FOUND);
  return FALSE;
}

void
cv_api_leave_for_oidc (const CvApiRequest *request)
{
  CvApi *api = request->api;
  const CvJourney *journey = NULL;
  if (!is_on (request))
    return;
  if (!cv_buckets_take (api->checks, request->address, cv_clock_now (api->clock))) {
    cv_http_lead (request->message, AGAIN "rate-limited");
    return;
  }
  CvApiPending *pending = cv_api_pause (request, answer_begun);
  pending->data = cv_elsewhere_leave (api->elsewhere, &journey);
  pending->free_data = (GDestroyNotify) cv_api_wipe_text;
  g_autofree char *redirect = get_redirect (api);
  const CvOidcAttempt attempt = {
    .redirect = redirect, .state = journey->state, .nonce = journey->nonce, .verifier = journey->verifier
  };
  cv_oidc_provider_begin_async (cv_elsewhere_get_provider (api->elsewhere), &attempt, cv_api_answer, pending);
}

/* ---- and back ---- */

static void
answer_entered (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  CvApi *api = pending->api;
  const Arrival *arrival = pending->data;
  g_autoptr (GError) error = NULL;
  if (!cv_sign_ins_change_finish (source, result, &error)) {
    /* They are disabled, or were deleted in the meantime. */
    if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING))
      refuse (pending, arrival->user->id, NOT_ALLOWED);
    else
      cv_api_respond_error (pending->message, error);
    return;
  }
  cv_accounts_end (api->accounts, pending->message);
  cv_access_drop_key (api->access, pending->message);
  cv_accounts_set_cookie (pending->message, arrival->secret);
  cv_http_lead (pending->message, HOME);
  cv_info (NULL, NULL, "signed in: user %s", arrival->user->id);
}

static void
enter (CvApiPending *pending)
{
  Arrival *arrival = pending->data;
  arrival->row =
    cv_accounts_make_sign_in (pending->api->accounts, pending->message, arrival->user->id, &arrival->secret);
  CvApiPending *next = cv_api_postpone (pending, answer_entered);
  cv_audit_note_with_next (next->api->store, next->api->clock, arrival->user->id, "sign-in.oidc", NULL, NULL);
  cv_sign_ins_insert_async (next->api->store, arrival->row, cv_api_answer, next);
}

static void
answer_resolved (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  Arrival *arrival = pending->data;
  g_autoptr (GError) error = NULL;
  arrival->user = cv_users_load_finish (source, result, &error);
  if (arrival->user != NULL)
    enter (pending);
  else if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING))
    refuse (pending, NULL, UNKNOWN);
  else if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS))
    refuse (pending, NULL, TAKEN);
  else
    cv_api_respond_error (pending->message, error);
}

/* Names that cannot be seen are none. */
static const char *
get_visible (const char *text)
{
  return text != NULL && !cv_text_is_blank (text) ? text : NULL;
}

static void
resolve (CvApiPending *pending, const CvOidcPerson *person)
{
  CvApi *api = pending->api;
  CvElsewhere *elsewhere = api->elsewhere;
  const CvIdentityWish wish = { .issuer = cv_oidc_provider_get_issuer (cv_elsewhere_get_provider (elsewhere)),
                                .subject = person->subject,
                                .login = get_visible (person->login),
                                .name = get_visible (person->name),
                                .role = cv_elsewhere_makes_accounts (elsewhere) ? CV_ACCOUNT_HOST : CV_ACCOUNT_NOBODY,
                                .at = cv_clock_wall (api->clock) };
  CvApiPending *next = cv_api_postpone (pending, answer_resolved);
  cv_identities_resolve_async (api->store, &wish, cv_api_answer, next);
}

static void
answer_redeemed (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvOidcPerson) person = cv_oidc_provider_redeem_finish (source, result, &error);
  if (person != NULL) {
    resolve (pending, person);
    return;
  }
  cv_warning (NULL, NULL, "a sign-in at the provider failed: %s", error->message);
  if (g_error_matches (error, CV_OIDC_ERROR, CV_OIDC_ERROR_UNREACHABLE))
    cv_http_lead (pending->message, UNREACHABLE);
  else if (g_error_matches (error, CV_OIDC_ERROR, CV_OIDC_ERROR_NOT_ALLOWED))
    refuse (pending, NULL, NOT_ALLOWED);
  else
    refuse (pending, NULL, FAILED);
}

/* The one that this browser is on; NULL: it is on none, or on another one. Returns: (transfer full). */
static CvJourney *
take_journey (const CvApiRequest *request, const char *state)
{
  guint8 cookie[CV_SECRET_BYTES];
  if (state == NULL || !cv_http_get_cookie (request->message, CV_ELSEWHERE_COOKIE, cookie, sizeof cookie))
    return NULL;
  CvJourney *journey = cv_elsewhere_return (request->api->elsewhere, cookie, state);
  cv_wipe (cookie, sizeof cookie);
  return journey;
}

static void
redeem (const CvApiRequest *request, const CvJourney *journey, const char *code, const char *issuer)
{
  CvApi *api = request->api;
  CvApiPending *pending = cv_api_pause (request, answer_redeemed);
  g_autofree char *redirect = get_redirect (api);
  const CvOidcAttempt attempt = {
    .redirect = redirect, .state = journey->state, .nonce = journey->nonce, .verifier = journey->verifier
  };
  pending->data = g_new0 (Arrival, 1);
  pending->free_data = arrival_free;
  cv_oidc_provider_redeem_async (cv_elsewhere_get_provider (api->elsewhere), &attempt, code, issuer, cv_api_answer,
                                 pending);
}

void
cv_api_return_from_oidc (const CvApiRequest *request)
{
  g_auto (CvQuery) query = { 0 };
  if (!is_on (request))
    return;
  cv_query_init (&query, request->message);
  const char *state = cv_query_text (&query, "state", MAX_WORD);
  const char *code = cv_query_text (&query, "code", MAX_CODE);
  const char *issuer = cv_query_text (&query, "iss", CV_OIDC_MAX_URL);
  const char *error = cv_query_text (&query, "error", MAX_WORD);
  g_autoptr (CvJourney) journey = query.bad ? NULL : take_journey (request, state);
  if (journey == NULL) {
    cv_http_lead (request->message, EXPIRED);
    return;
  }
  cv_http_set_lax_cookie (request->message, CV_ELSEWHERE_COOKIE, "", 0);
  if (error != NULL)
    cv_http_lead (request->message, g_str_equal (error, "access_denied") ? CANCELLED : FAILED);
  else if (code != NULL)
    redeem (request, journey, code, issuer);
  else
    cv_http_lead (request->message, FAILED);
}
