/* Token buckets, alone and by key.
 *
 * CvBuckets owns one entry a key, in order of last use. Main thread only. Knows no clock: the caller brings the time.
 */
#include "base/bucket.h"

#include <arpa/inet.h>
#include <string.h>

typedef struct {
  char *key;
  CvBucket bucket;
  GList link; /* in CvBuckets.used; data is this entry */
} Entry;

struct _CvBuckets {
  double rate;
  double burst;
  guint max_keys;
  GHashTable *entries; /* key → Entry, which it owns */
  GQueue used;         /* the longest unused first */
};

void
cv_bucket_init (CvBucket *self, double burst, gint64 now)
{
  self->tokens = burst;
  self->at = now;
}

gboolean
cv_bucket_take (CvBucket *self, double rate, double burst, gint64 now)
{
  if (now > self->at) {
    self->tokens = MIN (burst, self->tokens + rate * (double) (now - self->at) / G_USEC_PER_SEC);
    self->at = now;
  }
  /* a rounding error of many small refills must not cost a token */
  if (self->tokens < 1.0 - 1e-9)
    return FALSE;
  self->tokens -= 1.0;
  return TRUE;
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->key);
  g_free (entry);
}

CvBuckets *
cv_buckets_new (double rate, double burst, guint max_keys)
{
  CvBuckets *self;

  g_return_val_if_fail (max_keys > 0, NULL);

  self = g_new0 (CvBuckets, 1);
  self->rate = rate;
  self->burst = burst;
  self->max_keys = max_keys;
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, entry_free);
  g_queue_init (&self->used);
  return self;
}

void
cv_buckets_free (CvBuckets *self)
{
  g_hash_table_unref (self->entries);
  g_free (self);
}

void
cv_buckets_set_rate (CvBuckets *self, double rate, double burst)
{
  g_return_if_fail (self != NULL);

  self->rate = rate;
  self->burst = burst;
}

/* One IPv6 customer has a /64 and would else have 2⁶⁴ buckets; an IPv4 address in IPv6's clothes is that IPv4 address.
 * Returns: (transfer full). */
char *
cv_bucket_key (const char *key)
{
  struct in6_addr address;
  g_autofree char *without_zone = g_strndup (key, strcspn (key, "%"));
  const guint8 *b = address.s6_addr;

  if (inet_pton (AF_INET6, without_zone, &address) != 1)
    return g_strdup (key);
  if (IN6_IS_ADDR_V4MAPPED (&address))
    return g_strdup_printf ("%u.%u.%u.%u", b[12], b[13], b[14], b[15]);
  return g_strdup_printf ("%02x%02x:%02x%02x:%02x%02x:%02x%02x::/64", b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]);
}

static Entry *
add_entry (CvBuckets *self, const char *key, gint64 now)
{
  Entry *entry;

  if (g_hash_table_size (self->entries) >= self->max_keys) {
    GList *oldest = g_queue_peek_head_link (&self->used);

    g_queue_unlink (&self->used, oldest);
    g_hash_table_remove (self->entries, ((Entry *) oldest->data)->key);
  }
  entry = g_new0 (Entry, 1);
  entry->key = g_strdup (key);
  entry->link.data = entry;
  cv_bucket_init (&entry->bucket, self->burst, now);
  g_hash_table_insert (self->entries, entry->key, entry);
  g_queue_push_tail_link (&self->used, &entry->link);
  return entry;
}

gboolean
cv_buckets_take (CvBuckets *self, const char *key, gint64 now)
{
  g_autofree char *normal = NULL;
  Entry *entry;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  normal = cv_bucket_key (key);
  entry = g_hash_table_lookup (self->entries, normal);
  if (entry == NULL) {
    entry = add_entry (self, normal, now);
  } else {
    g_queue_unlink (&self->used, &entry->link);
    g_queue_push_tail_link (&self->used, &entry->link);
  }
  return cv_bucket_take (&entry->bucket, self->rate, self->burst, now);
}

gboolean
cv_buckets_has (CvBuckets *self, const char *key, gint64 now)
{
  g_autofree char *normal = NULL;
  const Entry *entry;
  CvBucket bucket;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  normal = cv_bucket_key (key);
  entry = g_hash_table_lookup (self->entries, normal);
  if (entry == NULL)
    return TRUE;
  bucket = entry->bucket;
  return cv_bucket_take (&bucket, self->rate, self->burst, now);
}
