/* What a host's files have in them. Whether nginx, coturn and nft take them: tests/ctl. */
#include "setup/site.h"

#include "daemon/config.h"

#include <string.h>

static const CvSite SITE = { .host = "a.example", .address = "192.0.2.7", .secret = "s3cret" };
static const CvSite SHARED = { .host = "a.example", .address = "192.0.2.77", .secret = "s3cret", .shared = TRUE };
static const CvSite BEHIND = {
  .host = "a.example", .address = "10.1.2.3", .outside = "198.51.100.4", .secret = "s3cret"
};

static void
assert_lines (const char *text, const char *const *lines)
{
  g_auto (GStrv) all = g_strsplit (text, "\n", -1);

  for (; *lines != NULL; lines++)
    if (!g_strv_contains ((const char *const *) all, *lines))
      g_error ("no line “%s” in:\n%s", *lines, text);
}

#define LINES(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
test_hosts (void)
{
  static const char *const wrong[] = { "",           "-a.example",  "a-.example", "A.example", "a..example",
                                       "a.example.", "a_b.example", "a;",         "192.0.2.1", "[::1]",
                                       "a/b",        "a.example\n", "https://a" };

  g_assert_true (cv_site_is_host ("meet.example.org"));
  g_assert_true (cv_site_is_host ("localhost"));
  g_assert_true (cv_site_is_host ("xn--bcher-kva.example"));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (cv_site_is_host (wrong[i]));
}

static void
test_configuration (void)
{
  g_autofree char *example = cv_config_example ();
  g_autofree char *text = cv_site_make_configuration (&SITE, example);
  g_autofree char *again = cv_site_make_configuration (&SITE, text);
  g_autofree char *behind = cv_site_make_configuration (&BEHIND, "[media]\nports = 0\n");
  g_autofree char *bare = cv_site_make_configuration (&SITE, "");
  g_autofree char *kept = cv_site_make_configuration (&SITE, "[media]\npublic-address = 198.51.100.9\n");

  assert_lines (text,
                LINES ("listen = 127.0.0.1:8080", "public-url = https://a.example", "tls = false",
                       "trusted-proxy = loopback", "listen = 0.0.0.0;::", "secret-file = secret_turn",
                       "servers = turn:%h:3478?transport=udp;turn:%h:3478?transport=tcp;turns:%h:5349?transport=tcp",
                       "public-address ="));
  g_assert_cmpstr (text, ==, again);
  assert_lines (behind, LINES ("ports = 0", "public-address = 198.51.100.4"));
  assert_lines (kept, LINES ("public-address = 198.51.100.9"));
  g_assert_null (strstr (bare, "public-address"));
}

static void
test_nginx (void)
{
  g_autofree char *text = cv_site_make_nginx (&SITE);

  assert_lines (
    text, LINES ("  server_name a.example;", "  ssl_certificate     /etc/letsencrypt/live/a.example/fullchain.pem;"));
  g_assert_null (strstr (text, "meet.example.org"));
}

/* Port 443 for nginx and coturn. */
static void
test_shared (void)
{
  g_autofree char *config = cv_site_make_configuration (&SHARED, ""), *nginx = cv_site_make_nginx (&SHARED);
  g_autofree char *own = cv_site_make_nginx (&SITE), *stream = cv_site_make_stream (&SHARED);
  g_autofree char *firewall = cv_site_make_firewall (&SHARED), *open = cv_site_make_firewall (&SITE);

  assert_lines (config, LINES ("servers = turn:%h:3478?transport=udp;turn:%h:3478?transport=tcp;"
                               "turns:turn.a.example:443?transport=tcp"));
  assert_lines (nginx, LINES ("  listen 127.0.0.1:4443 ssl http2 proxy_protocol;", "  set_real_ip_from 127.0.0.1;",
                              "  real_ip_header proxy_protocol;", "  server_name a.example;"));
  g_assert_null (strstr (nginx, "listen 443"));
  g_assert_null (strstr (own, "proxy_protocol"));
  assert_lines (stream, LINES ("    turn.a.example 127.0.0.1:5350;", "    default 127.0.0.1:4443;",
                               "    proxy_pass 192.0.2.77:5349;", "    listen 127.0.0.1:5350 proxy_protocol;"));
  g_assert_null (strstr (stream, "meet.example.org"));
  g_assert_null (strstr (firewall, "5349"));
  g_assert_nonnull (strstr (open, "5349"));
}

static void
test_coturn (void)
{
  g_autofree char *text = cv_site_make_coturn (&SITE), *behind = cv_site_make_coturn (&BEHIND);

  assert_lines (text, LINES ("listening-ip=192.0.2.7", "relay-ip=192.0.2.7", "allowed-peer-ip=192.0.2.7",
                             "use-auth-secret", "static-auth-secret=s3cret", "listening-port=3478",
                             "tls-listening-port=5349", "cert=/etc/conclave/turn/certificate.pem", "no-tlsv1",
                             "no-tlsv1_1", "denied-peer-ip=10.0.0.0-10.255.255.255"));
  g_assert_null (strstr (text, "\nno-tls\n"));
  g_assert_null (strstr (text, "external-ip"));
  assert_lines (behind, LINES ("relay-ip=10.1.2.3", "external-ip=198.51.100.4/10.1.2.3"));
  /* but for the comment on top, nothing is left to fill in */
  g_assert_null (strchr (strstr (text, "listening-ip"), '@'));
}

static void
test_others (void)
{
  g_autofree char *hook = cv_site_make_hook (&SITE), *firewall = cv_site_make_firewall (&SITE);

  assert_lines (hook, LINES ("lineage=/etc/letsencrypt/live/a.example", "running conclave reload"));
  g_assert_nonnull (strstr (firewall, "40000-40999"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/site/hosts", test_hosts);
  g_test_add_func ("/site/configuration", test_configuration);
  g_test_add_func ("/site/nginx", test_nginx);
  g_test_add_func ("/site/shared", test_shared);
  g_test_add_func ("/site/coturn", test_coturn);
  g_test_add_func ("/site/others", test_others);
  return g_test_run ();
}
