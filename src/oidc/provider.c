/* See provider.h. */
#include "oidc/provider.h"

#include "base/bucket.h"
#include "base/ids.h"
#include "oidc/discovery.h"
#include "oidc/fetch.h"
#include "oidc/id-token.h"

#include <string.h>

#define SECOND_US G_GINT64_CONSTANT (1000000)
#define BELIEVED_US (CV_OIDC_BELIEVED_MINUTES * 60 * SECOND_US)
#define MAX_WORD 40

struct _CvOidcProvider {
  GObject parent_instance;
  char *issuer;
  char *client;
  char *secret;
  char *scopes;
  char *login_claim;
  char *groups_claim;
  char **groups;
  char **domains;
  CvClock *clock;
  SoupSession *session;
  GCancellable *cancellable;
  CvOidcDiscovery *discovery; /* NULL: not known yet */
  gint64 discovered;          /* µs, monotonic, like the next */
  CvOidcKeys *keys;
  gint64 looked;  /* for keys */
  CvBucket looks; /* for keys that are not known */
};

G_DEFINE_FINAL_TYPE (CvOidcProvider, cv_oidc_provider, G_TYPE_OBJECT)

/* What is under way. */
typedef struct {
  void (*then) (GTask *task); /* (transfer full): once it is known what the provider says of itself */
  char *redirect;
  char *state;
  char *nonce;
  char *verifier;
  char *code;
  char *issuer; /* or NULL */
  char *token;
} Job;

static void
job_free (gpointer data)
{
  Job *self = data;
  g_free (self->redirect);
  g_free (self->state);
  g_free (self->nonce);
  g_free (self->verifier);
  g_free (self->code);
  g_free (self->issuer);
  g_free (self->token);
  g_free (self);
}

static GTask *
job_new (CvOidcProvider *self, const CvOidcAttempt *attempt, gpointer tag, GAsyncReadyCallback callback,
         gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Job *job = g_new0 (Job, 1);
  g_task_set_source_tag (task, tag);
  job->redirect = g_strdup (attempt->redirect);
  job->state = g_strdup (attempt->state);
  job->nonce = g_strdup (attempt->nonce);
  job->verifier = g_strdup (attempt->verifier);
  g_task_set_task_data (task, job, job_free);
  return task;
}

static void
fetch (GTask *task, SoupMessage *message, GAsyncReadyCallback callback)
{
  CvOidcProvider *self = g_task_get_source_object (task);
  cv_oidc_fetch_async (self->session, message, self->clock, self->cancellable, callback, task);
}

/* The body of an answer that has to be good; NULL with an error. Returns: (transfer full). */
static GBytes *
take_document (GAsyncResult *result, const char *what, GError **error)
{
  guint status = 0;
  g_autoptr (GBytes) bytes = cv_oidc_fetch_finish (result, &status, error);
  if (bytes == NULL) {
    g_prefix_error (error, "%s: ", what);
    return NULL;
  }
  if (status == SOUP_STATUS_OK)
    return g_steal_pointer (&bytes);
  g_set_error (error, CV_OIDC_ERROR, CV_OIDC_ERROR_UNREACHABLE, "%s: status %u", what, status);
  return NULL;
}

/* ---- what it says of itself ---- */

static void
on_discovered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CvOidcProvider *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GBytes) bytes = take_document (result, "discovery", &error);
  CvOidcDiscovery *discovery = bytes != NULL ? cv_oidc_discovery_read (bytes, self->issuer, &error) : NULL;
  if (discovery == NULL) {
    g_task_return_error (task, error);
    return;
  }
  g_clear_pointer (&self->discovery, cv_oidc_discovery_free);
  self->discovery = discovery;
  self->discovered = cv_clock_now (self->clock);
  ((Job *) g_task_get_task_data (task))->then (g_steal_pointer (&task));
}

/* `task`: (transfer full), like in all that follows. */
static void
discover (GTask *task, void (*then) (GTask *task))
{
  CvOidcProvider *self = g_task_get_source_object (task);
  if (self->discovery != NULL && cv_clock_now (self->clock) - self->discovered < BELIEVED_US) {
    then (task);
    return;
  }
  g_autofree char *url = cv_oidc_discovery_url (self->issuer);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  ((Job *) g_task_get_task_data (task))->then = then;
  fetch (task, message, on_discovered);
}

/* ---- going there ---- */

/* Returns: (transfer full): S256 of PKCE. */
static char *
make_challenge (const char *verifier)
{
  guint8 hash[CV_HASH_BYTES];
  cv_hash ((const guint8 *) verifier, strlen (verifier), hash);
  return cv_base64url_encode (hash, sizeof hash);
}

static void
lead (GTask *task)
{
  g_autoptr (GTask) own = task;
  CvOidcProvider *self = g_task_get_source_object (task);
  const Job *job = g_task_get_task_data (task);
  const char *where = self->discovery->authorization;
  g_autofree char *challenge = make_challenge (job->verifier);
  g_autofree char *query = soup_form_encode (
    "response_type", "code", "client_id", self->client, "redirect_uri", job->redirect, "scope", self->scopes, "state",
    job->state, "nonce", job->nonce, "code_challenge", challenge, "code_challenge_method", "S256", NULL);
  g_task_return_pointer (task, g_strconcat (where, strchr (where, '?') != NULL ? "&" : "?", query, NULL), g_free);
}

void
cv_oidc_provider_begin_async (CvOidcProvider *self, const CvOidcAttempt *attempt, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  discover (job_new (self, attempt, cv_oidc_provider_begin_async, callback, user_data), lead);
}

char *
cv_oidc_provider_begin_finish (CvOidcProvider *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- coming back: the token ---- */

static void
judge (GTask *task)
{
  g_autoptr (GTask) own = task;
  CvOidcProvider *self = g_task_get_source_object (task);
  const Job *job = g_task_get_task_data (task);
  const CvOidcExpected expected = {
    .issuer = self->issuer, .client = self->client, .nonce = job->nonce, .now = cv_clock_wall (self->clock) / 1000
  };
  const CvOidcRules rules = { .login_claim = self->login_claim,
                              .groups_claim = self->groups_claim,
                              .groups = (const char *const *) self->groups,
                              .domains = (const char *const *) self->domains };
  GError *error = NULL;
  g_autoptr (JsonObject) claims = cv_oidc_token_read (job->token, self->keys, &expected, &error);
  CvOidcPerson *person = claims != NULL ? cv_oidc_person_read (claims, &rules, &error) : NULL;
  if (person != NULL)
    g_task_return_pointer (task, person, (GDestroyNotify) cv_oidc_person_free);
  else
    g_task_return_error (task, error);
}

static void
on_keys (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CvOidcProvider *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GBytes) bytes = take_document (result, "keys", &error);
  CvOidcKeys *keys = bytes != NULL ? cv_oidc_keys_read (bytes, &error) : NULL;
  if (keys == NULL) {
    g_task_return_error (task, error);
    return;
  }
  g_clear_pointer (&self->keys, cv_oidc_keys_free);
  self->keys = keys;
  judge (g_steal_pointer (&task));
}

/* Old ones are of no use, and neither are those without the one that a token names; but who sends such tokens does not make us
 * ask again and again. */
static gboolean
needs_keys (CvOidcProvider *self, const CvOidcHeader *header)
{
  gint64 now = cv_clock_now (self->clock);
  if (self->keys == NULL || now - self->looked >= BELIEVED_US)
    return TRUE;
  return !cv_oidc_keys_has (self->keys, header->kid, header->algorithm) &&
         cv_bucket_take (&self->looks, 1.0 / CV_OIDC_KEYS_SECONDS, CV_OIDC_KEYS_BURST, now);
}

static void
look_at_token (GTask *task)
{
  CvOidcProvider *self = g_task_get_source_object (task);
  const Job *job = g_task_get_task_data (task);
  g_auto (CvOidcHeader) header = { 0 };
  if (!cv_oidc_header_read (job->token, &header)) {
    g_autoptr (GTask) own = task;
    g_task_return_new_error (task, CV_OIDC_ERROR, CV_OIDC_ERROR_TOKEN, "it is not signed with RS256, PS256 or ES256");
  } else if (needs_keys (self, &header)) {
    g_autoptr (SoupMessage) message = soup_message_new ("GET", self->discovery->keys);
    self->looked = cv_clock_now (self->clock);
    fetch (task, message, on_keys);
  } else {
    judge (task);
  }
}

/* ---- coming back: the code ---- */

/* What it says is wrong, if that is a word: nothing else of it gets into the log. */
static void
set_refused (GError **error, guint status, JsonObject *answer)
{
  const char *word = answer != NULL ? cv_oidc_document_text (answer, "error", MAX_WORD) : NULL;
  gboolean plain = word != NULL && strspn (word, G_CSET_a_2_z "_") == strlen (word);
  gboolean refused = plain && (status == SOUP_STATUS_BAD_REQUEST || status == SOUP_STATUS_UNAUTHORIZED);
  g_set_error (error, CV_OIDC_ERROR, refused ? CV_OIDC_ERROR_REFUSED : CV_OIDC_ERROR_UNREACHABLE, "code: status %u, %s",
               status, plain ? word : "without a reason");
}

/* Returns: (transfer full), NULL with an error. */
static char *
take_token (GAsyncResult *result, GError **error)
{
  guint status = 0;
  g_autoptr (GBytes) bytes = cv_oidc_fetch_finish (result, &status, error);
  if (bytes == NULL) {
    g_prefix_error (error, "code: ");
    return NULL;
  }
  g_autoptr (JsonObject) answer = cv_oidc_document_parse (bytes, NULL);
  const char *token = answer != NULL ? cv_oidc_document_text (answer, "id_token", CV_OIDC_MAX_TOKEN_BYTES) : NULL;
  if (status == SOUP_STATUS_OK && token != NULL)
    return g_strdup (token);
  if (status == SOUP_STATUS_OK)
    g_set_error_literal (error, CV_OIDC_ERROR, CV_OIDC_ERROR_UNREACHABLE, "code: an answer without an ID token");
  else
    set_refused (error, status, answer);
  return NULL;
}

static void
on_exchanged (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  job->token = take_token (result, &error);
  if (job->token != NULL)
    look_at_token (g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

/* RFC 6749, 2.3.1. */
static void
add_secret (CvOidcProvider *self, SoupMessage *message)
{
  g_autofree char *client = g_uri_escape_string (self->client, NULL, FALSE);
  char *secret = g_uri_escape_string (self->secret, NULL, FALSE);
  char *pair = g_strconcat (client, ":", secret, NULL);
  char *encoded = g_base64_encode ((const guint8 *) pair, strlen (pair));
  char *header = g_strconcat ("Basic ", encoded, NULL);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", header);
  char *const all[] = { secret, pair, encoded, header };
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
    cv_wipe (all[i], strlen (all[i]));
    g_free (all[i]);
  }
}

static void
exchange (GTask *task)
{
  CvOidcProvider *self = g_task_get_source_object (task);
  const Job *job = g_task_get_task_data (task);
  const CvOidcDiscovery *discovery = self->discovery;
  /* an answer of another provider's, brought here to be tried on this one */
  if (job->issuer != NULL ? !g_str_equal (job->issuer, self->issuer) : discovery->says_issuer) {
    g_autoptr (GTask) own = task;
    g_task_return_new_error (task, CV_OIDC_ERROR, CV_OIDC_ERROR_TOKEN, "the answer is not from this issuer");
    return;
  }
  g_autoptr (SoupMessage) message = soup_message_new ("POST", discovery->token);
  gboolean in_body = discovery->secret_in_body;
  char *form = soup_form_encode ("grant_type", "authorization_code", "code", job->code, "redirect_uri", job->redirect,
                                 "code_verifier", job->verifier, "client_id", self->client,
                                 in_body ? "client_secret" : NULL, self->secret, NULL);
  g_autoptr (GBytes) body = g_bytes_new_take (form, strlen (form));
  soup_message_set_request_body_from_bytes (message, "application/x-www-form-urlencoded", body);
  if (!in_body)
    add_secret (self, message);
  fetch (task, message, on_exchanged);
}

void
cv_oidc_provider_redeem_async (CvOidcProvider *self, const CvOidcAttempt *attempt, const char *code, const char *issuer,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = job_new (self, attempt, cv_oidc_provider_redeem_async, callback, user_data);
  Job *job = g_task_get_task_data (task);
  job->code = g_strdup (code);
  job->issuer = g_strdup (issuer);
  discover (task, exchange);
}

CvOidcPerson *
cv_oidc_provider_redeem_finish (CvOidcProvider *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- life ---- */

CvOidcProvider *
cv_oidc_provider_new (const CvOidcOptions *options, CvClock *clock)
{
  CvOidcProvider *self = g_object_new (CV_TYPE_OIDC_PROVIDER, NULL);
  self->issuer = g_strdup (options->issuer);
  self->client = g_strdup (options->client);
  self->secret = g_strdup (options->secret);
  self->scopes = g_strdup (options->scopes);
  self->login_claim = g_strdup (options->rules.login_claim);
  self->groups_claim = g_strdup (options->rules.groups_claim);
  self->groups = g_strdupv ((char **) options->rules.groups);
  self->domains = g_strdupv ((char **) options->rules.domains);
  self->clock = g_object_ref (clock);
  cv_bucket_init (&self->looks, CV_OIDC_KEYS_BURST, cv_clock_now (clock));
  return self;
}

const char *
cv_oidc_provider_get_issuer (CvOidcProvider *self)
{
  return self->issuer;
}

gboolean
cv_oidc_provider_set_secret (CvOidcProvider *self, const char *issuer, const char *client, const char *secret)
{
  if (secret == NULL || !g_str_equal (issuer, self->issuer) || !g_str_equal (client, self->client))
    return FALSE;
  cv_secret_replace (&self->secret, secret);
  return TRUE;
}

void
cv_oidc_provider_stop (CvOidcProvider *self)
{
  g_cancellable_cancel (self->cancellable);
}

static void
cv_oidc_provider_dispose (GObject *object)
{
  CvOidcProvider *self = CV_OIDC_PROVIDER (object);
  cv_oidc_provider_stop (self);
  g_clear_object (&self->session);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (cv_oidc_provider_parent_class)->dispose (object);
}

static void
cv_oidc_provider_finalize (GObject *object)
{
  CvOidcProvider *self = CV_OIDC_PROVIDER (object);
  cv_secret_replace (&self->secret, NULL);
  g_free (self->issuer);
  g_free (self->client);
  g_free (self->scopes);
  g_free (self->login_claim);
  g_free (self->groups_claim);
  g_strfreev (self->groups);
  g_strfreev (self->domains);
  g_clear_pointer (&self->discovery, cv_oidc_discovery_free);
  g_clear_pointer (&self->keys, cv_oidc_keys_free);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (cv_oidc_provider_parent_class)->finalize (object);
}

static void
cv_oidc_provider_class_init (CvOidcProviderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_oidc_provider_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_oidc_provider_finalize;
}

static void
cv_oidc_provider_init (CvOidcProvider *self)
{
  self->session = cv_oidc_session_new ();
  self->cancellable = g_cancellable_new ();
}
