/* Who is in a list of addresses, and who is not. */
#include "sip/sources.h"

#include <arpa/inet.h>
#include <string.h>

static gboolean
has (const CvSources *sources, const char *text)
{
  struct sockaddr_in v4 = { .sin_family = AF_INET };
  struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
  if (inet_pton (AF_INET, text, &v4.sin_addr) == 1)
    return cv_sources_has (sources, (struct sockaddr *) &v4);
  g_assert_cmpint (inet_pton (AF_INET6, text, &v6.sin6_addr), ==, 1);
  return cv_sources_has (sources, (struct sockaddr *) &v6);
}

static void
test_has (void)
{
  g_autoptr (CvSources) sources = cv_sources_new ();
  g_assert_false (has (sources, "192.0.2.1"));
  g_assert_true (cv_sources_add (sources, "192.0.2.1"));
  g_assert_true (cv_sources_add (sources, "198.51.100.128/25"));
  g_assert_true (cv_sources_add (sources, "2001:db8:1::/48"));
  g_assert_true (has (sources, "192.0.2.1"));
  g_assert_true (has (sources, "::ffff:192.0.2.1"));
  g_assert_false (has (sources, "192.0.2.2"));
  g_assert_true (has (sources, "198.51.100.200"));
  g_assert_false (has (sources, "198.51.100.127"));
  g_assert_true (has (sources, "2001:db8:1:ffff::1"));
  g_assert_false (has (sources, "2001:db8:2::1"));
  g_assert_false (has (sources, "::1"));
  struct sockaddr other = { .sa_family = AF_UNIX };
  g_assert_false (cv_sources_has (sources, &other));
}

static void
test_all (void)
{
  g_autoptr (CvSources) sources = cv_sources_new ();
  g_assert_true (cv_sources_add (sources, "0.0.0.0/0"));
  g_assert_true (has (sources, "203.0.113.9"));
  g_assert_false (has (sources, "2001:db8::1"));
}

static void
test_malformed (void)
{
  static const char *const wrong[] = { "",           "192.0.2",       "192.0.2.1/33", "192.0.2.1/24",
                                       "192.0.2.0/", "192.0.2.0/-1",  "example.org",  "2001:db8::1/64",
                                       "::/129",     "192.0.2.0/24/1" };
  g_autoptr (CvSources) sources = cv_sources_new ();
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (cv_sources_add (sources, wrong[i]));
  for (guint i = 0; i < CV_SOURCES_MAX; i++)
    g_assert_true (cv_sources_add (sources, "192.0.2.1"));
  g_assert_false (cv_sources_add (sources, "192.0.2.1"));
}

static void
test_print (void)
{
  char text[46];
  struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
  struct sockaddr other = { .sa_family = AF_UNIX };
  cv_sources_print ((struct sockaddr *) &v4, text);
  g_assert_cmpstr (text, ==, "127.0.0.1");
  inet_pton (AF_INET6, "::ffff:127.0.0.1", &v6.sin6_addr);
  cv_sources_print ((struct sockaddr *) &v6, text);
  g_assert_cmpstr (text, ==, "127.0.0.1");
  inet_pton (AF_INET6, "2001:db8::1", &v6.sin6_addr);
  cv_sources_print ((struct sockaddr *) &v6, text);
  g_assert_cmpstr (text, ==, "2001:db8::1");
  cv_sources_print (&other, text);
  g_assert_cmpstr (text, ==, "");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sources/has", test_has);
  g_test_add_func ("/sources/all", test_all);
  g_test_add_func ("/sources/malformed", test_malformed);
  g_test_add_func ("/sources/print", test_print);
  return g_test_run ();
}
