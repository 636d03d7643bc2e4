/* See config-sip.h. */
#include "daemon/config-sip.h"

#include "daemon/config-values.h"

#include <string.h>

/* bytes that conclave-sip takes: sip/CONTROL.md */
#define MAX_NAME 120
#define MAX_REGISTRAR 200

static gboolean
find (CvConfigSipFault *fault, const char *key, const char *value, const char *allowed)
{
  *fault = (CvConfigSipFault){ key, value, allowed };
  return TRUE;
}

/* Of a registrar the transport that it is spoken to over, as `listen` has it. */
static const char *
get_transport (const char *registrar)
{
  if (g_str_has_prefix (registrar, "sips:") || g_str_has_suffix (registrar, ";transport=tls"))
    return "tls:";
  return g_str_has_suffix (registrar, ";transport=tcp") ? "tcp:" : "udp:";
}

static gboolean
listens_on (const CvConfigSip *self, const char *transport)
{
  for (char **listen = self->listen; *listen != NULL; listen++)
    if (g_str_has_prefix (*listen, transport))
      return TRUE;
  return FALSE;
}

/* As conclave-sip takes names and passwords. */
static gboolean
is_plain (const char *text)
{
  if (strlen (text) > MAX_NAME || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (!g_unichar_isprint (g_utf8_get_char (text)))
      return FALSE;
  return TRUE;
}

/* A registrar binds a name to where we are: without one it would have nothing to bind. */
static gboolean
find_registrar_fault (const CvConfigSip *self, CvConfigSipFault *fault)
{
  for (char **registrar = self->registrars; *registrar != NULL; registrar++) {
    if (strlen (*registrar) > MAX_REGISTRAR)
      return find (fault, "registrars", *registrar, "of 200 bytes at most");
    if (!listens_on (self, get_transport (*registrar)))
      return find (fault, "registrars", *registrar,
                   "reached over what listen has: sip: needs udp:, ;transport=tcp needs tcp:, sips: needs tls:");
  }
  if (self->registrars[0] != NULL && self->user[0] == '\0')
    return find (fault, "user", "", "given where registrars are");
  return !is_plain (self->user) && find (fault, "user", self->user, "of 120 bytes at most, without control characters");
}

/* All of a machine's addresses are none that somebody could be told. */
static gboolean
is_any (const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  return address != NULL && g_inet_address_get_is_any (address);
}

static gboolean
listens_everywhere (const char *listen)
{
  g_autoptr (GSocketAddress) address = cv_value_parse_listen (strchr (listen, ':') + 1);

  return g_inet_address_get_is_any (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

static gboolean
find_address_fault (const CvConfigSip *self, CvConfigSipFault *fault)
{
  if (is_any (self->external))
    return find (fault, "external-address", self->external, "an address that trunks can reach");
  if (self->external[0] != '\0')
    return FALSE;
  for (char **listen = self->listen; *listen != NULL; listen++)
    if (listens_everywhere (*listen))
      return find (fault, "external-address", "", "given where listen is 0.0.0.0 or [::]: trunks are told it");
  return is_any (self->rtp_address) &&
         find (fault, "external-address", "", "given where rtp-address is 0.0.0.0 or ::: trunks are told it");
}

gboolean
cv_config_sip_find_fault (const CvConfigSip *self, CvConfigSipFault *fault)
{
  guint min = 0, max = 0;

  if (self->listen[0] == NULL)
    return FALSE;
  if (self->numbers[0] == NULL)
    return find (fault, "numbers", "", "given where listen is");
  if (self->registrars[0] == NULL && self->trunk_addresses[0] == NULL)
    return find (fault, "trunk-addresses", "", "given where registrars are not");
  cv_value_parse_ports (self->rtp_ports, &min, &max);
  if (min + min % 2 + 1 > max)
    return find (fault, "rtp-ports", self->rtp_ports,
                 "MIN-MAX, from 1024 to 65535, with an even port and the next one");
  return find_registrar_fault (self, fault) || find_address_fault (self, fault);
}

gboolean
cv_config_sip_is_password (const char *text)
{
  return is_plain (text);
}
