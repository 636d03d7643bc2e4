/* Token buckets: bursts, refills, and which keys share one. */
#include "base/bucket.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

static void
test_burst (void)
{
  CvBucket bucket;

  cv_bucket_init (&bucket, 3, 0);
  for (guint i = 0; i < 3; i++)
    g_assert_true (cv_bucket_take (&bucket, 1, 3, 0));
  g_assert_false (cv_bucket_take (&bucket, 1, 3, 0));
}

static void
test_refill (void)
{
  CvBucket bucket;

  cv_bucket_init (&bucket, 2, 0);
  g_assert_true (cv_bucket_take (&bucket, 2, 2, 0));
  g_assert_true (cv_bucket_take (&bucket, 2, 2, 0));
  /* two a second: one after half a second, and not before */
  g_assert_false (cv_bucket_take (&bucket, 2, 2, SECOND / 2 - 1000));
  g_assert_true (cv_bucket_take (&bucket, 2, 2, SECOND / 2));
  /* never more than the burst, however long it waited */
  g_assert_true (cv_bucket_take (&bucket, 2, 2, 3600 * SECOND));
  g_assert_true (cv_bucket_take (&bucket, 2, 2, 3600 * SECOND));
  g_assert_false (cv_bucket_take (&bucket, 2, 2, 3600 * SECOND));
}

static void
test_small_refills (void)
{
  CvBucket bucket;
  guint taken = 0;

  cv_bucket_init (&bucket, 1, 0);
  /* asked every 10 ms for 10 s at 3 a second: the burst and 30 */
  for (gint64 now = 0; now <= 10 * SECOND; now += SECOND / 100)
    taken += cv_bucket_take (&bucket, 3, 1, now);
  g_assert_cmpuint (taken, >=, 29);
  g_assert_cmpuint (taken, <=, 31);
}

static void
test_time_back (void)
{
  CvBucket bucket;

  cv_bucket_init (&bucket, 1, 10 * SECOND);
  g_assert_true (cv_bucket_take (&bucket, 1, 1, 10 * SECOND));
  g_assert_false (cv_bucket_take (&bucket, 1, 1, 5 * SECOND));
  g_assert_true (cv_bucket_take (&bucket, 1, 1, 11 * SECOND));
}

static void
test_keys_apart (void)
{
  g_autoptr (CvBuckets) buckets = cv_buckets_new (1, 1, 10);

  g_assert_true (cv_buckets_take (buckets, "192.0.2.1", 0));
  g_assert_false (cv_buckets_take (buckets, "192.0.2.1", 0));
  g_assert_true (cv_buckets_take (buckets, "192.0.2.2", 0));
  g_assert_true (cv_buckets_take (buckets, "192.0.2.1", SECOND));
}

static void
test_ipv6_prefix (void)
{
  g_autoptr (CvBuckets) buckets = cv_buckets_new (1, 1, 10);

  g_assert_true (cv_buckets_take (buckets, "2001:db8:1:2::1", 0));
  g_assert_false (cv_buckets_take (buckets, "2001:db8:1:2:ffff::9", 0));
  g_assert_false (cv_buckets_take (buckets, "2001:DB8:1:2:0:0:0:1", 0));
  g_assert_true (cv_buckets_take (buckets, "2001:db8:1:3::1", 0));
  g_assert_true (cv_buckets_take (buckets, "fe80::1%eth0", 0));
  g_assert_false (cv_buckets_take (buckets, "fe80::2%eth1", 0));
  /* mapped: the IPv4 address, not one bucket for all of them */
  g_assert_true (cv_buckets_take (buckets, "::ffff:192.0.2.1", 0));
  g_assert_false (cv_buckets_take (buckets, "192.0.2.1", 0));
  g_assert_true (cv_buckets_take (buckets, "::ffff:192.0.2.2", 0));
}

static void
test_longest_unused_goes (void)
{
  g_autoptr (CvBuckets) buckets = cv_buckets_new (0, 1, 2);

  g_assert_true (cv_buckets_take (buckets, "a", 0));
  g_assert_true (cv_buckets_take (buckets, "b", 0));
  g_assert_false (cv_buckets_take (buckets, "a", 0));
  g_assert_true (cv_buckets_take (buckets, "c", 0)); /* b goes */
  g_assert_false (cv_buckets_take (buckets, "a", 0));
  g_assert_true (cv_buckets_take (buckets, "b", 0)); /* c goes */
  g_assert_false (cv_buckets_take (buckets, "a", 0));
  g_assert_true (cv_buckets_take (buckets, "c", 0));
}

/* Asking takes nothing. */
static void
test_asking (void)
{
  g_autoptr (CvBuckets) buckets = cv_buckets_new (1, 1, 10);

  for (guint i = 0; i < 3; i++)
    g_assert_true (cv_buckets_has (buckets, "2001:db8:1:2::1", 0));
  g_assert_true (cv_buckets_take (buckets, "2001:db8:1:2::1", 0));
  g_assert_false (cv_buckets_has (buckets, "2001:db8:1:2::2", 0));
  g_assert_true (cv_buckets_has (buckets, "2001:db8:1:3::2", 0));
  g_assert_true (cv_buckets_has (buckets, "2001:db8:1:2::2", SECOND));
  g_assert_true (cv_buckets_take (buckets, "2001:db8:1:2::1", SECOND));
}

static void
test_many_keys (void)
{
  g_autoptr (CvBuckets) buckets = cv_buckets_new (1, 1, 100);

  for (guint i = 0; i < 10000; i++) {
    g_autofree char *key = g_strdup_printf ("key-%u", i);

    g_assert_true (cv_buckets_take (buckets, key, 0));
    g_assert_false (cv_buckets_take (buckets, key, 0));
  }
}

static void
test_key (void)
{
  static const char *const keys[][2] = {
    { "192.0.2.1", "192.0.2.1" },
    { "::ffff:192.0.2.1", "192.0.2.1" },
    { "2001:db8::1", "2001:0db8:0000:0000::/64" },
    { "2001:db8::ffff:1", "2001:0db8:0000:0000::/64" },
    { "fe80::1%eth0", "fe80:0000:0000:0000::/64" },
    { "unix", "unix" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autofree char *key = cv_bucket_key (keys[i][0]);
    g_assert_cmpstr (key, ==, keys[i][1]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bucket/burst", test_burst);
  g_test_add_func ("/bucket/refill", test_refill);
  g_test_add_func ("/bucket/small-refills", test_small_refills);
  g_test_add_func ("/bucket/time-back", test_time_back);
  g_test_add_func ("/buckets/keys-apart", test_keys_apart);
  g_test_add_func ("/buckets/ipv6-prefix", test_ipv6_prefix);
  g_test_add_func ("/buckets/longest-unused-goes", test_longest_unused_goes);
  g_test_add_func ("/buckets/asking", test_asking);
  g_test_add_func ("/buckets/many-keys", test_many_keys);
  g_test_add_func ("/bucket/key", test_key);
  return g_test_run ();
}
