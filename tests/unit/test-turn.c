/* TURN credentials: the signature, the host in URLs, and where there is nothing to sign. */
#include "signalling/turn.h"

#define PERSON "pabcdefghijkm"
#define NOW G_GINT64_CONSTANT (1700000000999)

static char *two_servers[] = { "turn:%h:3478?transport=udp", "turns:turn.example:443", NULL };

static void
test_signed (void)
{
  CvTurn turn = { .servers = two_servers, .secret = "north", .lifetime = 3600 };
  g_auto (CvIce) ice = { 0 };
  cv_turn_credentials (&turn, "meet.example", PERSON, NOW, &ice);
  g_assert_cmpuint (g_strv_length (ice.urls), ==, 2);
  g_assert_cmpstr (ice.urls[0], ==, "turn:meet.example:3478?transport=udp");
  g_assert_cmpstr (ice.urls[1], ==, "turns:turn.example:443");
  g_assert_cmpstr (ice.username, ==, "1700003600:" PERSON);
  /* printf '1700003600:pabcdefghijkm' | openssl dgst -sha1 -hmac north -binary | base64 */
  g_assert_cmpstr (ice.credential, ==, "+fdTUJ1EDaWxlel86PS+HgjpI9I=");
  g_assert_cmpint (ice.expires, ==, G_GINT64_CONSTANT (1700003600000));
  g_assert_false (ice.relay_only);
}

static void
test_ipv6_host (void)
{
  CvTurn turn = { .servers = two_servers, .secret = "north", .lifetime = 60, .relay_only = TRUE };
  g_auto (CvIce) ice = { 0 };
  cv_turn_credentials (&turn, "[2001:db8::1]", PERSON, NOW, &ice);
  g_assert_cmpstr (ice.urls[0], ==, "turn:[2001:db8::1]:3478?transport=udp");
  g_assert_cmpstr (ice.username, ==, "1700000060:" PERSON);
  g_assert_true (ice.relay_only);
}

static void
test_host_only_once (void)
{
  /* What a client says of itself is not looked at again. */
  char *servers[] = { "turn:%h:%h", NULL };
  CvTurn turn = { .servers = servers };
  g_auto (CvIce) ice = { 0 };
  cv_turn_credentials (&turn, "%h", PERSON, NOW, &ice);
  g_assert_cmpstr (ice.urls[0], ==, "turn:%h:%h");
}

static void
test_without_secret (void)
{
  CvTurn turn = { .servers = two_servers, .lifetime = 3600 };
  g_auto (CvIce) ice = { 0 };
  cv_turn_credentials (&turn, "meet.example", PERSON, NOW, &ice);
  g_assert_cmpuint (g_strv_length (ice.urls), ==, 2);
  g_assert_null (ice.username);
  g_assert_null (ice.credential);
  g_assert_cmpint (ice.expires, ==, 0);
}

static void
test_without_servers (void)
{
  char *none[] = { NULL };
  CvTurn turn = { .servers = none, .secret = "north", .lifetime = 3600, .relay_only = TRUE };
  g_auto (CvIce) ice = { 0 };
  cv_turn_credentials (&turn, "meet.example", PERSON, NOW, &ice);
  g_assert_cmpuint (g_strv_length (ice.urls), ==, 0);
  g_assert_null (ice.username);
  g_assert_cmpint (ice.expires, ==, 0);
  g_assert_true (ice.relay_only);
  cv_ice_clear (&ice);

  turn.servers = NULL;
  cv_turn_credentials (&turn, "meet.example", PERSON, NOW, &ice);
  g_assert_cmpuint (g_strv_length (ice.urls), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turn/signed", test_signed);
  g_test_add_func ("/turn/ipv6-host", test_ipv6_host);
  g_test_add_func ("/turn/host-only-once", test_host_only_once);
  g_test_add_func ("/turn/without-secret", test_without_secret);
  g_test_add_func ("/turn/without-servers", test_without_servers);
  return g_test_run ();
}
