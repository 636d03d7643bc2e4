/* See site.h. */
#include "setup/site.h"

#include "setup/key-line.h"

#include <gio/gio.h>
#include <string.h>

#define EXAMPLES "/conclave/setup/"
#define EXAMPLE_HOST "meet.example.org"
#define EXAMPLE_ADDRESS "192.0.2.7"
#define OWN_443 "  listen 443 ssl http2;\n  listen [::]:443 ssl http2;\n"
/* behind stream.conf, which says who it is */
#define SHARED_443                                                                                                     \
  "  listen 127.0.0.1:4443 ssl http2 proxy_protocol;\n"                                                                \
  "  set_real_ip_from 127.0.0.1;\n"                                                                                    \
  "  real_ip_header proxy_protocol;\n"
#define OWN_TURN_PORTS "tcp dport { 3478, 5349 }"
#define SHARED_TURN_PORTS "tcp dport 3478"
#define TURN "turn:%h:3478?transport=udp;turn:%h:3478?transport=tcp;"
/* where the hook puts copies that coturn can read */
#define COTURN_TLS                                                                                                     \
  "tls-listening-port=5349\n"                                                                                          \
  "cert=/etc/conclave/turn/certificate.pem\n"                                                                          \
  "pkey=/etc/conclave/turn/key.pem\n"                                                                                  \
  "no-tlsv1\n"                                                                                                         \
  "no-tlsv1_1\n"                                                                                                       \
  "no-dtls"
#define MAX_HOST 253

gboolean
cv_site_is_host (const char *text)
{
  return strlen (text) <= MAX_HOST &&
         g_regex_match_simple ("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", text,
                               G_REGEX_DOLLAR_ENDONLY, 0);
}

/* Returns: (transfer full). */
static GString *
read_example (const char *name)
{
  g_autofree char *path = g_strconcat (EXAMPLES, name, NULL);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_assert (bytes != NULL);
  return g_string_new_len (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
}

char *
cv_site_make_configuration (const CvSite *self, const char *old)
{
  g_autofree char *url = g_strconcat ("https://", self->host, NULL);
  g_autofree char *shared = g_strconcat (TURN "turns:turn.", self->host, ":443?transport=tcp", NULL);
  const char *const keys[][3] = {
    { "server", "listen", "127.0.0.1:8080" },
    { "server", "public-url", url },
    { "server", "tls", "false" },
    { "server", "trusted-proxy", "loopback" },
    { "turn", "servers", self->shared ? shared : TURN "turns:%h:5349?transport=tcp" },
    { "turn", "secret-file", "secret_turn" },
    { "media", "listen", "0.0.0.0;::" },
    { "media", "public-address", self->outside },
  };
  char *text = g_strdup (old);

  for (guint i = 0; i < G_N_ELEMENTS (keys) && keys[i][2] != NULL; i++) {
    char *next = cv_key_line_set (text, keys[i][0], keys[i][1], keys[i][2]);

    g_free (text);
    text = next;
  }
  return text;
}

/* There once, or the example has changed. */
static void
replace_once (GString *text, const char *old, const char *with)
{
  guint n = g_string_replace (text, old, with, 0);

  g_assert (n == 1);
}

char *
cv_site_make_nginx (const CvSite *self)
{
  GString *text = read_example ("nginx/conclave.conf");

  if (self->shared)
    replace_once (text, OWN_443, SHARED_443);
  g_string_replace (text, EXAMPLE_HOST, self->host, 0);
  return g_string_free (text, FALSE);
}

char *
cv_site_make_stream (const CvSite *self)
{
  GString *text = read_example ("nginx/stream.conf");

  replace_once (text, EXAMPLE_ADDRESS, self->address);
  g_string_replace (text, EXAMPLE_HOST, self->host, 0);
  return g_string_free (text, FALSE);
}

char *
cv_site_make_coturn (const CvSite *self)
{
  GString *text = read_example ("coturn.conf.in");
  const char *const names[][2] = {
    { "@ADDRESS@", self->address }, { "@PORT@", "3478" },         { "@MIN_PORT@", "49160" },
    { "@MAX_PORT@", "49759" },      { "@SECRET@", self->secret }, { "@STATE@", "/var/lib/turn" },
    { "@TLS@", COTURN_TLS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_string_replace (text, names[i][0], names[i][1], 0);
  if (self->outside != NULL)
    g_string_append_printf (text, "\n# A NAT passes the ports on.\nexternal-ip=%s/%s\n", self->outside, self->address);
  return g_string_free (text, FALSE);
}

char *
cv_site_make_firewall (const CvSite *self)
{
  GString *text = read_example ("nftables/conclave.conf");

  if (self->shared)
    replace_once (text, OWN_TURN_PORTS, SHARED_TURN_PORTS);
  return g_string_free (text, FALSE);
}

char *
cv_site_make_hook (const CvSite *self)
{
  GString *text = read_example ("certbot/conclave");

  g_string_replace (text, EXAMPLE_HOST, self->host, 0);
  return g_string_free (text, FALSE);
}
