/* Addresses are equal where their packets go to the same place. */
#include "rtp/address.h"

static void
test_parse (void)
{
  CvAddress address;
  g_assert_true (cv_address_parse (&address, "192.0.2.1", 5000));
  g_assert_cmpint (address.any.sa_family, ==, AF_INET);
  g_assert_cmpuint (ntohs (address.v4.sin_port), ==, 5000);
  g_assert_true (cv_address_parse (&address, "2001:db8::1", 5000));
  g_assert_cmpint (address.any.sa_family, ==, AF_INET6);
  g_assert_false (cv_address_parse (&address, "example.org", 5000));
  g_assert_false (cv_address_parse (&address, "", 5000));
}

static void
test_equal (void)
{
  const char *const texts[] = { "192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2" };
  CvAddress all[8];
  for (guint i = 0; i < 8; i++)
    g_assert_true (cv_address_parse (&all[i], texts[i / 2], (guint16) (1000 + i % 2)));
  for (guint i = 0; i < 8; i++)
    for (guint k = 0; k < 8; k++)
      g_assert_cmpint (cv_address_equal (&all[i], &all[k]), ==, i == k);
  CvAddress labelled = all[4];
  labelled.v6.sin6_flowinfo = 7;
  g_assert_true (cv_address_equal (&labelled, &all[4]));
  g_assert_cmpuint (cv_address_hash (&labelled), ==, cv_address_hash (&all[4]));
  labelled.local[15] = 1; /* another way to the same place */
  g_assert_false (cv_address_equal (&labelled, &all[4]));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/address/parse", test_parse);
  g_test_add_func ("/address/equal", test_equal);
  return g_test_run ();
}
