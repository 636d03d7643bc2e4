/* Token buckets: how often somebody may do something. Main thread only. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  double tokens;
  gint64 at; /* µs, monotonic, of the last refill */
} CvBucket;

/* A full bucket of `burst` tokens. */
void cv_bucket_init (CvBucket *self, double burst, gint64 now);
/* Takes one token; refills at `rate` tokens a second up to `burst`. FALSE if there is none. */
gboolean cv_bucket_take (CvBucket *self, double rate, double burst, gint64 now);

/* Buckets by key (an address); at most `max_keys`, the longest unused is dropped first. IPv6 addresses share a bucket per
 * /64. */
typedef struct _CvBuckets CvBuckets;
CvBuckets *cv_buckets_new (double rate, double burst, guint max_keys);
void cv_buckets_free (CvBuckets *self);
/* From now on; a bucket that is fuller than that is emptied down to it when something is next taken. */
void cv_buckets_set_rate (CvBuckets *self, double rate, double burst);
gboolean cv_buckets_take (CvBuckets *self, const char *key, gint64 now);
/* What those who share a bucket have in common: the address itself, or its /64. Returns: (transfer full). */
char *cv_bucket_key (const char *address);
/* Could one be taken? For what costs only where it goes wrong. */
gboolean cv_buckets_has (CvBuckets *self, const char *key, gint64 now);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvBuckets, cv_buckets_free)

G_END_DECLS
