/* See access.h. */
#include "signalling/access.h"

#include "base/tally.h"
#include "signalling/bounds.h"
#include "signalling/http.h"
#include "signalling/secret.h"

#include <string.h>

#define CV_LOG_TOPIC "access"
#include "base/log.h"

#define LIFE_MS (CV_ACCESS_HOURS * G_GINT64_CONSTANT (3600) * 1000)
/* links that one browser has open */
#define MAX_GRANTS 50

struct _CvAccess {
  CvStore *store;
  CvClock *clock;
  GHashTable *passes;  /* CvSecretHash (in the pass) → CvPass, owned */
  GQueue by_age;       /* of CvPass, the oldest first */
  CvBuckets *wrong;    /* by address: keys that are not good */
  CvBuckets *attempts; /* by address: passwords */
};

struct _CvPass {
  CvAccess *access;
  CvSecretHash hash;
  GList link;   /* in by_age */
  gint64 until; /* the cookie's end, ms since 1970 */
  char *key;    /* NULL: it came by links alone */
  char *name;
  CvAccountRole role;
  gint64 expires;    /* of the key's part */
  GPtrArray *grants; /* of CvGrant */
};

static void
grant_free (gpointer data)
{
  CvGrant *self = data;
  g_free (self->share);
  g_free (self->recording);
  g_free (self);
}

static void
pass_free (gpointer data)
{
  CvPass *self = data;
  g_queue_unlink (&self->access->by_age, &self->link);
  g_ptr_array_unref (self->grants);
  g_free (self->key);
  g_free (self->name);
  g_free (self);
}

CvAccess *
cv_access_new (CvStore *store, CvClock *clock)
{
  CvAccess *self = g_new0 (CvAccess, 1);
  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->passes = g_hash_table_new_full (cv_secret_hash_hash, cv_secret_hash_equal, NULL, pass_free);
  self->wrong = cv_buckets_new (CV_LIMIT_WRONG_KEYS_A_MINUTE / 60.0, CV_LIMIT_WRONG_KEYS_A_MINUTE, CV_LIMIT_ADDRESSES);
  self->attempts = cv_buckets_new (CV_LIMIT_PASSWORDS_A_MINUTE / 60.0, CV_LIMIT_PASSWORDS_A_MINUTE, CV_LIMIT_ADDRESSES);
  g_queue_init (&self->by_age);
  return self;
}

void
cv_access_free (CvAccess *self)
{
  g_hash_table_unref (self->passes);
  cv_buckets_free (self->wrong);
  cv_buckets_free (self->attempts);
  g_object_unref (self->clock);
  g_object_unref (self->store);
  g_free (self);
}

guint
cv_access_count (CvAccess *self)
{
  return g_hash_table_size (self->passes);
}

/* ---- passes ---- */

static gint64
get_now (CvAccess *self)
{
  return cv_clock_wall (self->clock);
}

/* When what is good until `expires` (0: for ever) ends for a cookie that is made now. */
static gint64
bound (CvAccess *self, gint64 expires)
{
  gint64 latest = get_now (self) + LIFE_MS;
  return expires == 0 ? latest : MIN (expires, latest);
}

static gboolean
has_key (CvPass *self)
{
  return self->key != NULL && self->expires > get_now (self->access);
}

static gboolean
is_grant_over (CvPass *self, const CvGrant *grant)
{
  return grant->expires <= get_now (self->access);
}

static void
drop_old_grants (CvPass *self)
{
  for (guint i = self->grants->len; i > 0; i--)
    if (is_grant_over (self, g_ptr_array_index (self->grants, i - 1)))
      g_ptr_array_remove_index (self->grants, i - 1);
}

CvPass *
cv_access_find (CvAccess *self, SoupServerMessage *message)
{
  guint8 secret[CV_SECRET_BYTES];
  if (!cv_http_get_cookie (message, CV_ACCESS_COOKIE, secret, sizeof secret))
    return NULL;
  CvSecretHash hash = cv_secret_get_hash (secret);
  cv_wipe (secret, sizeof secret);
  CvPass *pass = g_hash_table_lookup (self->passes, &hash);
  if (pass == NULL)
    return NULL;
  drop_old_grants (pass);
  if (pass->until > get_now (self) && (has_key (pass) || pass->grants->len > 0))
    return pass;
  g_hash_table_remove (self->passes, &hash);
  return NULL;
}

const char *
cv_pass_get_key (CvPass *self)
{
  return has_key (self) ? self->key : NULL;
}

CvAccountRole
cv_pass_get_role (CvPass *self)
{
  return has_key (self) ? self->role : CV_ACCOUNT_NOBODY;
}

const char *
cv_pass_get_name (CvPass *self)
{
  return has_key (self) ? self->name : NULL;
}

gint64
cv_pass_get_expires (CvPass *self)
{
  return self->expires;
}

GPtrArray *
cv_pass_get_grants (CvPass *self)
{
  drop_old_grants (self);
  return self->grants;
}

const CvGrant *
cv_pass_find_grant (CvPass *self, const char *recording)
{
  const CvGrant *best = NULL;
  for (guint i = 0; i < self->grants->len; i++) {
    const CvGrant *grant = g_ptr_array_index (self->grants, i);
    if (g_str_equal (grant->recording, recording) && !is_grant_over (self, grant) &&
        (best == NULL || (grant->downloads && !best->downloads)))
      best = grant;
  }
  return best;
}

/* ---- keys and passwords ---- */

gboolean
cv_access_read_bearer (const char *header, guint8 key[CV_ACCESS_KEY_BYTES])
{
  if (header == NULL)
    return FALSE;
  gboolean bearer = g_ascii_strncasecmp (header, "Bearer ", strlen ("Bearer ")) == 0;
  if (!bearer || !cv_base64url_decode (header + strlen ("Bearer "), key, CV_ACCESS_KEY_BYTES))
    memset (key, 0, CV_ACCESS_KEY_BYTES);
  return TRUE;
}

gboolean
cv_access_get_bearer (SoupServerMessage *message, guint8 key[CV_ACCESS_KEY_BYTES])
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  return cv_access_read_bearer (soup_message_headers_get_one (headers, "Authorization"), key);
}

gboolean
cv_access_has_bearer (SoupServerMessage *message)
{
  const char *header =
    soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Authorization");
  return header != NULL && g_ascii_strncasecmp (header, "Bearer ", strlen ("Bearer ")) == 0;
}

gboolean
cv_access_may_try (CvAccess *self, const char *address)
{
  return cv_buckets_has (self->wrong, address, cv_clock_now (self->clock));
}

void
cv_access_check_async (CvAccess *self, const guint8 key[CV_ACCESS_KEY_BYTES], GAsyncReadyCallback callback,
                       gpointer user_data)
{
  CvSecretHash hash = cv_secret_get_hash (key);
  cv_keys_find_async (self->store, hash.bytes, callback, user_data);
}

void
cv_access_count_wrong (CvAccess *self, const char *address)
{
  cv_buckets_take (self->wrong, address, cv_clock_now (self->clock));
  cv_access_log_refused (address);
}

void
cv_access_log_refused (const char *address)
{
  cv_tally_count (CV_TALLY_LOGINS_FAILED);
  cv_warning (NULL, NULL, "sign-in refused from %s", address);
}

CvKeyRow *
cv_access_check_finish (CvAccess *self, GAsyncResult *result, const char *address, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (CvKeyRow) key = cv_keys_find_finish (self->store, result, &failure);
  gboolean over = key != NULL && (key->revoked != 0 || (key->expires != 0 && key->expires <= get_now (self)));
  if (over)
    g_set_error_literal (&failure, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "the key is no longer good");
  if (failure == NULL)
    return g_steal_pointer (&key);
  if (g_error_matches (failure, CV_STORE_ERROR, CV_STORE_ERROR_MISSING))
    cv_access_count_wrong (self, address);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

gboolean
cv_access_take_try (CvAccess *self, const char *address)
{
  return cv_buckets_take (self->attempts, address, cv_clock_now (self->clock));
}

/* ---- cookies ---- */

/* A pass under a new secret, with what the old one of this browser stood for: who could have planted the old cookie does not
 * get at what is opened now. */
static CvPass *
renew (CvAccess *self, SoupServerMessage *message)
{
  CvPass *old = cv_access_find (self, message);
  CvPass *pass = g_new0 (CvPass, 1);
  g_autofree char *secret = cv_secret_draw (&pass->hash);
  pass->access = self;
  pass->until = get_now (self) + LIFE_MS;
  pass->grants = g_ptr_array_new_with_free_func (grant_free);
  pass->link.data = pass;
  if (old != NULL) {
    pass->key = g_steal_pointer (&old->key);
    pass->name = g_steal_pointer (&old->name);
    pass->role = old->role;
    pass->expires = old->expires;
    g_ptr_array_extend_and_steal (pass->grants, g_steal_pointer (&old->grants));
    old->grants = g_ptr_array_new ();
    g_hash_table_remove (self->passes, &old->hash);
  } else if (g_hash_table_size (self->passes) >= CV_LIMIT_PASSES) {
    CvPass *oldest = g_queue_peek_head (&self->by_age);
    g_hash_table_remove (self->passes, &oldest->hash);
  }
  g_hash_table_insert (self->passes, &pass->hash, pass);
  g_queue_push_tail_link (&self->by_age, &pass->link);
  cv_http_set_cookie (message, CV_ACCESS_COOKIE, secret, LIFE_MS / 1000);
  cv_wipe (secret, strlen (secret));
  return pass;
}

CvPass *
cv_access_sign_in (CvAccess *self, SoupServerMessage *message, const CvKeyRow *key)
{
  CvPass *pass = renew (self, message);
  g_free (pass->key);
  g_free (pass->name);
  pass->key = g_strdup (key->id);
  pass->name = g_strdup (key->name);
  pass->role = key->role;
  pass->expires = bound (self, key->expires);
  return pass;
}

static void
remove_grants (CvPass *self, const char *share)
{
  for (guint i = self->grants->len; i > 0; i--)
    if (g_str_equal (((CvGrant *) g_ptr_array_index (self->grants, i - 1))->share, share))
      g_ptr_array_remove_index (self->grants, i - 1);
}

CvPass *
cv_access_open_share (CvAccess *self, SoupServerMessage *message, const CvShareRow *share)
{
  CvPass *pass = renew (self, message);
  CvGrant *grant = g_new0 (CvGrant, 1);
  grant->share = g_strdup (share->id);
  grant->recording = g_strdup (share->recording);
  grant->expires = bound (self, share->expires);
  grant->downloads = share->downloads;
  remove_grants (pass, share->id);
  if (pass->grants->len >= MAX_GRANTS)
    g_ptr_array_remove_index (pass->grants, 0);
  g_ptr_array_add (pass->grants, grant);
  return pass;
}

void
cv_access_sign_out (CvAccess *self, SoupServerMessage *message)
{
  CvPass *pass = cv_access_find (self, message);
  if (pass != NULL)
    g_hash_table_remove (self->passes, &pass->hash);
  cv_http_set_cookie (message, CV_ACCESS_COOKIE, "", 0);
}

void
cv_access_drop_key (CvAccess *self, SoupServerMessage *message)
{
  CvPass *pass = cv_access_find (self, message);
  if (pass != NULL)
    g_clear_pointer (&pass->key, g_free);
}

void
cv_access_end_key (CvAccess *self, const char *key)
{
  for (GList *item = self->by_age.head; item != NULL; item = item->next) {
    CvPass *pass = item->data;
    if (g_strcmp0 (pass->key, key) == 0)
      g_clear_pointer (&pass->key, g_free);
  }
}

void
cv_access_end_share (CvAccess *self, const char *share)
{
  for (GList *item = self->by_age.head; item != NULL; item = item->next)
    remove_grants (item->data, share);
}
