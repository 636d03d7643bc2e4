/* See config-values.h. */
#include "daemon/config-values.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>
#include <sys/un.h>

#define MAX_ISSUER 255
/* characters, on a button */
#define MAX_LABEL 60

/* The port after the last colon. FALSE if there is none; `host_length` is what stands before the colon. */
static gboolean
split_port (const char *text, gsize *host_length, guint *port)
{
  const char *colon = strrchr (text, ':');
  guint64 number;

  if (colon == NULL || !g_ascii_string_to_unsigned (colon + 1, 10, 0, G_MAXUINT16, &number, NULL))
    return FALSE;
  *host_length = colon - text;
  *port = number;
  return TRUE;
}

GSocketAddress *
cv_value_parse_listen (const char *text)
{
  g_autofree char *host = NULL;
  gsize n;
  guint port;

  if (g_str_has_prefix (text, "unix:/"))
    return strlen (text + 5) < sizeof ((struct sockaddr_un *) NULL)->sun_path ? g_unix_socket_address_new (text + 5)
                                                                              : NULL;
  if (!split_port (text, &n, &port))
    return NULL;
  if (n > 2 && text[0] == '[' && text[n - 1] == ']' && memchr (text, ':', n) != NULL)
    host = g_strndup (text + 1, n - 2);
  else if (memchr (text, ':', n) == NULL)
    host = g_str_has_prefix (text, "localhost:") ? g_strdup ("127.0.0.1") : g_strndup (text, n);
  return host != NULL ? g_inet_socket_address_new_from_string (host, port) : NULL;
}

gboolean
cv_value_is_listen (const char *text)
{
  g_autoptr (GSocketAddress) address = cv_value_parse_listen (text);

  return address != NULL;
}

gboolean
cv_value_is_public_url (const char *text)
{
  return g_regex_match_simple ("^https://([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?$",
                               text, G_REGEX_DOLLAR_ENDONLY, 0);
}

/* As browsers write it, since they compare it: small letters, and no port that goes without saying. A content security
 * policy has no IPv6 addresses. */
gboolean
cv_value_is_origin (const char *text)
{
  return g_regex_match_simple ("^(https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:(?!443$)[1-9][0-9]{0,4})?|"
                               "http://(localhost|127\\.0\\.0\\.1)(:(?!80$)[1-9][0-9]{0,4})?)$",
                               text, G_REGEX_DOLLAR_ENDONLY, 0);
}

gboolean
cv_value_is_turn_url (const char *text)
{
  return g_regex_match_simple (
    "^turns?:(%h|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?(\\?transport=(udp|tcp))?$",
    text, G_REGEX_DOLLAR_ENDONLY, 0);
}

gboolean
cv_value_is_address (const char *text)
{
  return g_hostname_is_ip_address (text) && strchr (text, '%') == NULL;
}

gboolean
cv_value_parse_ports (const char *text, guint *min, guint *max)
{
  g_auto (GStrv) parts = g_strsplit (text, "-", 2);
  guint64 first, last;

  *min = *max = 0;
  if (g_str_equal (text, "0"))
    return TRUE;
  if (g_strv_length (parts) != 2 || !g_ascii_string_to_unsigned (parts[0], 10, 1024, G_MAXUINT16, &first, NULL) ||
      !g_ascii_string_to_unsigned (parts[1], 10, first, G_MAXUINT16, &last, NULL))
    return FALSE;
  *min = (guint) first;
  *max = (guint) last;
  return TRUE;
}

gboolean
cv_value_is_ports (const char *text)
{
  guint min, max;

  return cv_value_parse_ports (text, &min, &max);
}

gboolean
cv_value_is_webhook_url (const char *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);

  return uri != NULL &&
         (g_str_equal (g_uri_get_scheme (uri), "https") || g_str_equal (g_uri_get_scheme (uri), "http")) &&
         g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0';
}

gboolean
cv_value_is_sip_listen (const char *text)
{
  return g_regex_match_simple ("^(udp|tcp|tls):(?!unix:)", text, 0, 0) && cv_value_is_listen (text + strlen ("udp:"));
}

gboolean
cv_value_is_registrar (const char *text)
{
  return g_regex_match_simple ("^sips?:([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?"
                               "(;transport=(udp|tcp|tls))?$",
                               text, G_REGEX_DOLLAR_ENDONLY, 0);
}

gboolean
cv_value_is_network (const char *text)
{
  g_autoptr (GInetAddressMask) mask = g_inet_address_mask_new_from_string (text, NULL);

  return mask != NULL;
}

/* What people dial is shown as it is written. */
gboolean
cv_value_is_phone_number (const char *text)
{
  return g_regex_match_simple ("^\\+?[0-9][0-9 ()/.-]{1,38}$|^sips?:[A-Za-z0-9._+@:-]{1,35}$", text,
                               G_REGEX_DOLLAR_ENDONLY, 0);
}

gboolean
cv_value_is_mail_server (const char *text)
{
  return g_regex_match_simple (
    "^smtps?://([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?$", text,
    G_REGEX_DOLLAR_ENDONLY, 0);
}

gboolean
cv_value_is_mailbox (const char *text)
{
  return g_regex_match_simple ("^([^<>\\x00-\\x1f]* <)?[!-;=?-~]{1,64}@[A-Za-z0-9.-]{1,190}>?$", text,
                               G_REGEX_DOLLAR_ENDONLY, 0) &&
         (strchr (text, '<') != NULL) == g_str_has_suffix (text, ">");
}

/* Shown beside a logo and in the window's title: a line that is not turned around by what it has in it. */
gboolean
cv_value_is_name (const char *text)
{
  if (!g_utf8_validate (text, -1, NULL) || g_utf8_strlen (text, -1) > 60)
    return FALSE;
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c)) {
    GUnicodeType type = g_unichar_type (g_utf8_get_char (c));
    if (type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_LINE_SEPARATOR ||
        type == G_UNICODE_PARAGRAPH_SEPARATOR || type == G_UNICODE_PRIVATE_USE)
      return FALSE;
  }
  return TRUE;
}

gboolean
cv_value_is_colour (const char *text)
{
  return g_regex_match_simple ("^#[0-9A-Fa-f]{6}$", text, G_REGEX_DOLLAR_ENDONLY, 0);
}

/* Of the characters that addresses are made of, none that ends an attribute or begins a tag. */
gboolean
cv_value_is_link (const char *text)
{
  return strlen (text) <= 2000 &&
         g_regex_match_simple (
           "^(https://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?([/?#][A-Za-z0-9._~:/?#@!$&()*+,;=%-]*)?|"
           "mailto:[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,190})$",
           text, G_REGEX_DOLLAR_ENDONLY, 0);
}

gboolean
cv_value_is_issuer (const char *text)
{
  return strlen (text) <= MAX_ISSUER &&
         g_regex_match_simple ("^(https://([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+\\])|"
                               "http://(localhost|127\\.[0-9.]+|\\[::1\\]))(:[0-9]{1,5})?(/[A-Za-z0-9._~%:@/-]*)?$",
                               text, G_REGEX_DOLLAR_ENDONLY, 0);
}

gboolean
cv_value_is_label (const char *text)
{
  return g_utf8_validate (text, -1, NULL) && g_utf8_strlen (text, -1) <= MAX_LABEL;
}

gboolean
cv_value_is_scopes (const char *text)
{
  return g_regex_match_simple ("^(?=(.* )?openid( |$))[!#-\\[\\]-~]+( [!#-\\[\\]-~]+)*$", text, G_REGEX_DOLLAR_ENDONLY,
                               0);
}

gboolean
cv_value_is_claim (const char *text)
{
  return g_regex_match_simple ("^[A-Za-z0-9._:/-]{1,100}$", text, G_REGEX_DOLLAR_ENDONLY, 0);
}

gboolean
cv_value_is_domain (const char *text)
{
  return g_regex_match_simple ("^[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$", text, G_REGEX_DOLLAR_ENDONLY, 0);
}
