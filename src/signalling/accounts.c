/* See accounts.h. */
#include "signalling/accounts.h"

#include "signalling/agent.h"
#include "signalling/bounds.h"
#include "signalling/http.h"
#include "store/audit.h"

#include <string.h>

#define CV_LOG_TOPIC "accounts"
#include "base/log.h"

#define MINUTE_MS G_GINT64_CONSTANT (60000)
#define LIFE_MS (CV_ACCOUNT_DAYS * 24 * 60 * MINUTE_MS)
/* not each request is worth a write */
#define RENEW_MS (60 * MINUTE_MS)

/* refused sign-ins in the audit: at once, and one a minute from then on: whoever guesses must not fill the disk */
#define MAX_REFUSALS 30
#define REFUSALS_A_SECOND (1 / 60.0)

struct _CvAccounts {
  CvStore *store;
  CvClock *clock;
  CvBuckets *by_address;
  CvBuckets *by_login;
  CvBucket refusals; /* how many more the audit lists */
  GHashTable *fresh; /* id of a sign-in → gint64, until when */
};

CvAccounts *
cv_accounts_new (CvStore *store, CvClock *clock, guint tries_a_minute)
{
  CvAccounts *self = g_new0 (CvAccounts, 1);
  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->by_address = cv_buckets_new (tries_a_minute / 60.0, tries_a_minute, CV_LIMIT_ADDRESSES);
  self->by_login = cv_buckets_new (tries_a_minute / 60.0, tries_a_minute, CV_LIMIT_ADDRESSES);
  cv_bucket_init (&self->refusals, MAX_REFUSALS, cv_clock_now (clock));
  self->fresh = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
cv_accounts_set_rate (CvAccounts *self, guint tries_a_minute)
{
  cv_buckets_set_rate (self->by_address, tries_a_minute / 60.0, tries_a_minute);
  cv_buckets_set_rate (self->by_login, tries_a_minute / 60.0, tries_a_minute);
}

void
cv_accounts_free (CvAccounts *self)
{
  cv_buckets_free (self->by_address);
  cv_buckets_free (self->by_login);
  g_hash_table_unref (self->fresh);
  g_object_unref (self->clock);
  g_object_unref (self->store);
  g_free (self);
}

/* ---- tries ---- */

/* Whoever is refused for their address takes nothing away from the owner of the account. */
gboolean
cv_accounts_take_try (CvAccounts *self, const char *address, const char *login)
{
  g_autofree char *folded = g_utf8_casefold (login, -1);
  g_autofree char *key = g_strconcat ("login ", folded, NULL);
  gint64 now = cv_clock_now (self->clock);
  return cv_buckets_has (self->by_login, key, now) && cv_buckets_take (self->by_address, address, now) &&
         cv_buckets_take (self->by_login, key, now);
}

void
cv_accounts_note_refused (CvAccounts *self, const char *user, const char *what)
{
  if (!cv_bucket_take (&self->refusals, REFUSALS_A_SECOND, MAX_REFUSALS, cv_clock_now (self->clock)))
    return;
  cv_audit_note (self->store, self->clock, user, "sign-in.refused", NULL,
                 self->refusals.tokens < 1 ? "and-more" : what);
}

char *
cv_accounts_normalize (const char *text)
{
  char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
  return normal != NULL ? normal : g_strdup (text);
}

/* ---- cookies ---- */

gboolean
cv_accounts_read_cookie (SoupServerMessage *message, CvSecretHash *hash)
{
  guint8 secret[CV_SECRET_BYTES];
  if (!cv_http_get_cookie (message, CV_ACCOUNT_COOKIE, secret, sizeof secret))
    return FALSE;
  *hash = cv_secret_get_hash (secret);
  cv_wipe (secret, sizeof secret);
  return TRUE;
}

void
cv_accounts_set_cookie (SoupServerMessage *message, const char *secret)
{
  cv_http_set_cookie (message, CV_ACCOUNT_COOKIE, secret, LIFE_MS / 1000);
}

void
cv_accounts_clear_cookie (SoupServerMessage *message)
{
  cv_http_set_cookie (message, CV_ACCOUNT_COOKIE, "", 0);
}

CvSignInRow *
cv_accounts_make_sign_in (CvAccounts *self, SoupServerMessage *message, const char *user, char **secret)
{
  const char *agent = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "User-Agent");
  CvSignInRow *row = g_new0 (CvSignInRow, 1);
  CvSecretHash hash;
  *secret = cv_secret_draw (&hash);
  memcpy (row->hash, hash.bytes, sizeof row->hash);
  row->id = cv_id_new ("n");
  row->user = g_strdup (user);
  row->created = row->seen = cv_clock_wall (self->clock);
  row->expires = row->created + LIFE_MS;
  row->agent = cv_agent_describe (agent);
  return row;
}

static void
on_changed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  if (!cv_sign_ins_change_finish (CV_STORE (source), result, &error))
    cv_warning (NULL, NULL, "a sign-in was not %s: %s", (const char *) user_data, error->message);
}

void
cv_accounts_renew (CvAccounts *self, SoupServerMessage *message, const CvSignInRow *row)
{
  guint8 secret[CV_SECRET_BYTES];
  gint64 now = cv_clock_wall (self->clock);
  if (now - row->seen < RENEW_MS || !cv_http_get_cookie (message, CV_ACCOUNT_COOKIE, secret, sizeof secret))
    return;
  char *text = cv_base64url_encode (secret, sizeof secret);
  cv_accounts_set_cookie (message, text);
  cv_wipe (text, strlen (text));
  cv_wipe (secret, sizeof secret);
  g_free (text);
  cv_sign_ins_renew_async (self->store, row->id, now, now + LIFE_MS, on_changed, (gpointer) "renewed");
}

gboolean
cv_accounts_end (CvAccounts *self, SoupServerMessage *message)
{
  CvSecretHash hash;
  if (!cv_accounts_read_cookie (message, &hash))
    return FALSE;
  cv_sign_ins_end_async (self->store, hash.bytes, on_changed, (gpointer) "ended");
  return TRUE;
}

/* ---- codes ---- */

static gboolean
is_over (gpointer key, gpointer value, gpointer user_data)
{
  return *(gint64 *) value <= *(gint64 *) user_data;
}

void
cv_accounts_set_fresh (CvAccounts *self, const char *sign_in)
{
  gint64 now = cv_clock_now (self->clock);
  gint64 until = now + CV_ACCOUNT_FRESH_MINUTES * MINUTE_MS * 1000;
  g_hash_table_foreach_remove (self->fresh, is_over, &now);
  g_hash_table_insert (self->fresh, g_strdup (sign_in), g_memdup2 (&until, sizeof until));
}

gboolean
cv_accounts_is_fresh (CvAccounts *self, const char *sign_in)
{
  const gint64 *until = g_hash_table_lookup (self->fresh, sign_in);
  return until != NULL && *until > cv_clock_now (self->clock);
}
