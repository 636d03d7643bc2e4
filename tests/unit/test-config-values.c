/* Which texts are valid behind keys; what a whole file says stands in test-config.c. */
#include "daemon/config-values.h"

typedef gboolean (*Check) (const char *text);

static void
assert_all (Check check, const char *const *texts, gboolean valid)
{
  for (; *texts != NULL; texts++) {
    g_test_message ("%s", *texts);
    g_assert_cmpint (check (*texts), ==, valid);
  }
}

#define GOOD(check, ...) assert_all (check, (const char *const[]){ __VA_ARGS__, NULL }, TRUE)
#define BAD(check, ...) assert_all (check, (const char *const[]){ __VA_ARGS__, NULL }, FALSE)

static void
test_addresses (void)
{
  guint min, max;
  GOOD (cv_value_is_listen, "127.0.0.1:80", "[::1]:0", "localhost:8443", "unix:/run/x");
  BAD (cv_value_is_listen, "127.0.0.1", "::1:80", "host:80", "127.0.0.1:65536", "unix:x");
  GOOD (cv_value_is_address, "10.0.0.1", "::1");
  BAD (cv_value_is_address, "fe80::1%eth0", "host");
  GOOD (cv_value_is_network, "10.0.0.0/8", "10.0.0.1", "2001:db8::/32");
  BAD (cv_value_is_network, "10.0.0.0/33", "host", "");
  GOOD (cv_value_is_ports, "0", "1024-65535", "5000-5000");
  BAD (cv_value_is_ports, "1-2", "5000", "5001-5000", "1024-65536");
  g_assert_true (cv_value_parse_ports ("2000-3000", &min, &max));
  g_assert_true (min == 2000 && max == 3000);
}

static void
test_urls (void)
{
  GOOD (cv_value_is_public_url, "https://a.example", "https://[::1]:8443");
  BAD (cv_value_is_public_url, "http://a.example", "https://a.example/", "https://a.example\n");
  GOOD (cv_value_is_origin, "https://a.example", "http://localhost:81");
  BAD (cv_value_is_origin, "https://A.example", "https://a.example:443", "http://a.example");
  GOOD (cv_value_is_turn_url, "turn:%h:3478", "turns:a.example?transport=tcp");
  BAD (cv_value_is_turn_url, "stun:a.example", "turn:a.example?transport=sctp");
  GOOD (cv_value_is_mail_server, "smtp://a.example", "smtps://a.example:465");
  BAD (cv_value_is_mail_server, "a.example", "http://a.example", "smtp://");
  GOOD (cv_value_is_mailbox, "a@b.example", "Ann <a@b.example>");
  BAD (cv_value_is_mailbox, "a", "Ann a@b.example>", "Ann <a@b.example");
  GOOD (cv_value_is_webhook_url, "http://127.0.0.1/x", "https://a.example/x?y");
  BAD (cv_value_is_webhook_url, "ftp://a.example", "https://", "x");
}

static void
test_oidc (void)
{
  GOOD (cv_value_is_issuer, "https://a.example", "https://a.example:8443/realms/x", "https://a.example/o/x/",
        "http://127.0.0.1:81/x", "http://localhost", "http://[::1]:1");
  BAD (cv_value_is_issuer, "http://a.example", "https://a.example?x", "https://a.example#x", "https://u@a.example",
       "http://localhost.example", "http://127.0.0.1.example", "ftp://a.example", "https://", "https://a.example\n",
       "a");
  GOOD (cv_value_is_scopes, "openid", "openid email", "email openid", "openid urn:x:y");
  BAD (cv_value_is_scopes, "email", "openidx", "openid  email", "xopenid email", " openid", "openid ");
  GOOD (cv_value_is_claim, "email", "https://a.example/login");
  BAD (cv_value_is_claim, "", "a b", "a\n");
  GOOD (cv_value_is_domain, "example.org", "a");
  BAD (cv_value_is_domain, "@example.org", "example.org.", "a b", "");
  GOOD (cv_value_is_label, "Example ä");
  BAD (cv_value_is_label, "\xff", "1234567890123456789012345678901234567890123456789012345678901");
}

static void
test_sip (void)
{
  GOOD (cv_value_is_sip_listen, "udp:0.0.0.0:5060", "tls:[::]:5061", "tcp:localhost:0");
  BAD (cv_value_is_sip_listen, "0.0.0.0:5060", "ws:0.0.0.0:5060", "udp:host:5060", "udp:1.2.3.4", "udp:unix",
       "udp:unix:/run/x");
  GOOD (cv_value_is_registrar, "sip:a.example", "sips:a.example:5061", "sip:[::1]:5060;transport=tcp");
  BAD (cv_value_is_registrar, "a.example", "sip:user@a.example", "sip:a.example;transport=ws", "sip:", "sip:a\n");
  GOOD (cv_value_is_phone_number, "+49 30 1234567", "030/12-34", "0 (30) 12", "sip:conclave@a.example");
  BAD (cv_value_is_phone_number, "call me", "+", "+49 30 <b>", "12\n");
}

static void
test_branding (void)
{
  GOOD (cv_value_is_name, "Example & Co", "<b>", "Zoë’s", "会議");
  BAD (cv_value_is_name, "a\nb", "a\x07",
       "a\xe2\x80\xae"
       "b",
       "a\xe2\x80\xa8"
       "b",
       "1234567890123456789012345678901234567890123456789012345678901");
  GOOD (cv_value_is_name, "123456789012345678901234567890123456789012345678901234567890");
  GOOD (cv_value_is_colour, "#0b6B69");
  BAD (cv_value_is_colour, "0b6b69", "#0b6b6", "#0b6b691", "#0b6b6g", "red", "#0b6b69\n", "#0b6b69;x");
  GOOD (cv_value_is_link, "https://a.example", "https://a.example:8443/x?y=z#t", "mailto:a.b+c@d.example");
  BAD (cv_value_is_link, "http://a.example", "javascript:alert(1)", "data:text/html,x", "https://", "https:a.example",
       "https://a.example/\"><script>", "https://a.example/ x", "https://u:p@a.example", "mailto:a@b.example?x=<y>",
       "mailto:", "//a.example", "https://a.example\n", "HTTPS://a.example");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config-values/addresses", test_addresses);
  g_test_add_func ("/config-values/urls", test_urls);
  g_test_add_func ("/config-values/oidc", test_oidc);
  g_test_add_func ("/config-values/sip", test_sip);
  g_test_add_func ("/config-values/branding", test_branding);
  return g_test_run ();
}
