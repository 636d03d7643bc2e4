/* See asker.h. */
#include "signalling/asker.h"

#include "signalling/listener.h"

#include <string.h>

#define FORWARDED_FOR "X-Forwarded-For"

static gboolean
is_local (GSocketAddress *address)
{
  return !G_IS_INET_SOCKET_ADDRESS (address) ||
         g_inet_address_get_is_loopback (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

static const char *
get_header (SoupServerMessage *message, const char *name)
{
  return soup_message_headers_get_list (soup_server_message_get_request_headers (message), name);
}

/* What the proxy that came to us says. Returns: (transfer full), NULL: no address. */
static char *
get_forwarded (SoupServerMessage *message)
{
  const char *forwarded = get_header (message, FORWARDED_FOR);
  const char *last = forwarded != NULL ? strrchr (forwarded, ',') : NULL;
  g_autofree char *text = g_strstrip (g_strdup (last != NULL ? last + 1 : forwarded != NULL ? forwarded : ""));
  return g_hostname_is_ip_address (text) ? g_steal_pointer (&text) : NULL;
}

char *
cv_asker_get_address (SoupServerMessage *message, gboolean behind_proxy)
{
  GSocketAddress *remote = soup_server_message_get_remote_address (message);
  char *forwarded = behind_proxy && is_local (remote) ? get_forwarded (message) : NULL;
  return forwarded != NULL ? forwarded : cv_listener_address_to_text (remote);
}

/* The address is the peer's, and the peer speaks for somebody else. */
static gboolean
is_in_doubt (SoupServerMessage *message, const char *address)
{
  static const char *const marks[] = { FORWARDED_FOR, "Forwarded", "X-Real-IP", "Via" };
  g_autofree char *peer = cv_listener_address_to_text (soup_server_message_get_remote_address (message));
  gboolean forwarded = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    forwarded |= get_header (message, marks[i]) != NULL;
  return forwarded && g_str_equal (address, peer);
}

/* An IPv4 address that came over IPv6 is one. Returns: (transfer full), NULL: it is none. */
static GInetAddress *
parse (const char *text)
{
  static const guint8 mapped[12] = { [10] = 0xff, [11] = 0xff };
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);
  if (address == NULL || g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV6)
    return g_steal_pointer (&address);
  const guint8 *bytes = g_inet_address_to_bytes (address);
  return memcmp (bytes, mapped, sizeof mapped) == 0
           ? g_inet_address_new_from_bytes (bytes + sizeof mapped, G_SOCKET_FAMILY_IPV4)
           : g_steal_pointer (&address);
}

gboolean
cv_asker_is_from (SoupServerMessage *message, const char *address, const char *const *networks)
{
  g_autoptr (GInetAddress) inet = parse (address);
  if (inet == NULL || is_in_doubt (message, address))
    return FALSE;
  for (const char *const *network = networks; network != NULL && *network != NULL; network++) {
    g_autoptr (GInetAddressMask) mask = g_inet_address_mask_new_from_string (*network, NULL);
    if (mask != NULL && g_inet_address_mask_matches (mask, inet))
      return TRUE;
  }
  return FALSE;
}
