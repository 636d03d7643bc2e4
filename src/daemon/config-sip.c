/* See config-sip.h. */
#include "daemon/config-sip.h"

#include "daemon/config-values.h"

#include <string.h>

/* bytes that conclave-sip takes: sip/CONTROL.md */
#define MAX_NAME 120
#define MAX_REGISTRAR 200

/* `trunk` NULL: [sip] itself. */
static gboolean
find (CvConfigSipFault *fault, const CvConfigTrunk *trunk, const char *key, const char *value, const char *allowed)
{
  *fault = (CvConfigSipFault){ trunk, key, value, allowed };
  return TRUE;
}

static gboolean
is_trunk (const CvConfigTrunk *self)
{
  return self->registrars[0] != NULL || self->addresses[0] != NULL;
}

GPtrArray *
cv_config_sip_list_trunks (const CvConfigSip *self)
{
  GPtrArray *all = g_ptr_array_new ();

  if (is_trunk (&self->own))
    g_ptr_array_add (all, (gpointer) &self->own);
  for (guint i = 0; self->trunks != NULL && i < self->trunks->len; i++)
    g_ptr_array_add (all, self->trunks->pdata[i]);
  return all;
}

char **
cv_config_sip_list_numbers (const CvConfigSip *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_strv_builder_addv (builder, (const char **) self->own.numbers);
  for (guint i = 0; self->trunks != NULL && i < self->trunks->len; i++)
    g_strv_builder_addv (builder, (const char **) ((CvConfigTrunk *) self->trunks->pdata[i])->numbers);
  return g_strv_builder_end (builder);
}

gboolean
cv_config_sip_is_trunk_name (const char *text)
{
  gsize n = strlen (text);

  return n >= 1 && n <= CV_CONFIG_MAX_TRUNK_NAME && strspn (text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-") == n &&
         !g_str_equal (text, CV_CONFIG_OWN_TRUNK);
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
find_registrar_fault (const CvConfigSip *self, const CvConfigTrunk *trunk, CvConfigSipFault *fault)
{
  for (char **registrar = trunk->registrars; *registrar != NULL; registrar++) {
    if (strlen (*registrar) > MAX_REGISTRAR)
      return find (fault, trunk, "registrars", *registrar, "of 200 bytes at most");
    if (!listens_on (self, get_transport (*registrar)))
      return find (fault, trunk, "registrars", *registrar,
                   "reached over what listen has: sip: needs udp:, ;transport=tcp needs tcp:, sips: needs tls:");
  }
  if (trunk->registrars[0] != NULL && trunk->user[0] == '\0')
    return find (fault, trunk, "user", "", "given where registrars are");
  return !is_plain (trunk->user) &&
         find (fault, trunk, "user", trunk->user, "of 120 bytes at most, without control characters");
}

/* ADDRESS or ADDRESS/BITS, which is valid: each of them contains the other one, or they have nothing in common. */
static gboolean
overlap (const char *left, const char *right)
{
  g_autoptr (GInetAddressMask) a = g_inet_address_mask_new_from_string (left, NULL);
  g_autoptr (GInetAddressMask) b = g_inet_address_mask_new_from_string (right, NULL);

  return a != NULL && b != NULL &&
         (g_inet_address_mask_matches (a, g_inet_address_mask_get_address (b)) ||
          g_inet_address_mask_matches (b, g_inet_address_mask_get_address (a)));
}

/* Whoever calls a trunk that registers dials the name that it has there. */
static gboolean
have_own_names (const CvConfigTrunk *a, const CvConfigTrunk *b)
{
  gsize n = strcspn (a->user, "@"), m = strcspn (b->user, "@");

  return a->registrars[0] != NULL && b->registrars[0] != NULL && (n != m || strncmp (a->user, b->user, n) != 0);
}

/* An address of two trunks would not say whose call it is. */
static gboolean
find_overlap (const CvConfigTrunk *earlier, const CvConfigTrunk *trunk, CvConfigSipFault *fault)
{
  if (have_own_names (earlier, trunk))
    return FALSE;
  for (char **one = trunk->addresses; *one != NULL; one++)
    for (char **other = earlier->addresses; *other != NULL; other++)
      if (overlap (*one, *other))
        return find (fault, trunk, "trunk-addresses", *one,
                     "of one trunk only, unless both register and their users differ");
  return FALSE;
}

static gboolean
find_trunk_fault (const CvConfigSip *self, CvConfigSipFault *fault)
{
  g_autoptr (GPtrArray) all = cv_config_sip_list_trunks (self);

  if (all->len == 0)
    return find (fault, NULL, "trunk-addresses", "", "given where registrars are not");
  if (all->len > CV_CONFIG_MAX_TRUNKS)
    return find (fault, NULL, self->own.registrars[0] != NULL ? "registrars" : "trunk-addresses",
                 self->own.registrars[0] != NULL ? self->own.registrars[0] : self->own.addresses[0],
                 "empty where there are 16 other trunks");
  for (guint i = 0; i < all->len; i++) {
    const CvConfigTrunk *trunk = all->pdata[i];

    if (!is_trunk (trunk))
      return find (fault, trunk, "trunk-addresses", "", "given where registrars are not");
    if (find_registrar_fault (self, trunk, fault))
      return TRUE;
    for (guint k = 0; k < i; k++)
      if (find_overlap (all->pdata[k], trunk, fault))
        return TRUE;
  }
  return FALSE;
}

static gboolean
find_number_fault (const CvConfigSip *self, CvConfigSipFault *fault)
{
  guint n = g_strv_length (self->own.numbers);

  for (guint i = 0; self->trunks != NULL && i < self->trunks->len; i++) {
    const CvConfigTrunk *trunk = self->trunks->pdata[i];

    n += g_strv_length (trunk->numbers);
    if (n > CV_CONFIG_MAX_NUMBERS)
      return find (fault, trunk, "numbers", trunk->numbers[0], "at most 16 with those of [sip] and all trunks");
  }
  return n == 0 && find (fault, NULL, "numbers", "", "given where listen is, here or for a trunk");
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
    return find (fault, NULL, "external-address", self->external, "an address that trunks can reach");
  if (self->external[0] != '\0')
    return FALSE;
  for (char **listen = self->listen; *listen != NULL; listen++)
    if (listens_everywhere (*listen))
      return find (fault, NULL, "external-address", "", "given where listen is 0.0.0.0 or [::]: trunks are told it");
  return is_any (self->rtp_address) &&
         find (fault, NULL, "external-address", "", "given where rtp-address is 0.0.0.0 or ::: trunks are told it");
}

gboolean
cv_config_sip_find_fault (const CvConfigSip *self, CvConfigSipFault *fault)
{
  guint min = 0, max = 0;

  if (self->listen[0] == NULL)
    return FALSE;
  if (find_number_fault (self, fault))
    return TRUE;
  cv_value_parse_ports (self->rtp_ports, &min, &max);
  if (min + min % 2 + 1 > max)
    return find (fault, NULL, "rtp-ports", self->rtp_ports,
                 "MIN-MAX, from 1024 to 65535, with an even port and the next one");
  return find_trunk_fault (self, fault) || find_address_fault (self, fault);
}

gboolean
cv_config_sip_is_password (const char *text)
{
  return is_plain (text);
}
