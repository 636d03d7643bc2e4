/* See sources.h. */
#include "sip/sources.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

/* All as IPv6; IPv4 mapped into it. */
typedef struct {
  guint8 bytes[16];
  guint bits;
} Network;

struct _CvSources {
  Network networks[CV_SOURCES_MAX];
  guint n;
};

static const guint8 mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

CvSources *
cv_sources_new (void)
{
  return g_new0 (CvSources, 1);
}

void
cv_sources_free (CvSources *self)
{
  g_free (self);
}

/* Parses the address; *offset is how many bits stand before it. */
static gboolean
parse_address (const char *text, guint8 bytes[16], guint *offset)
{
  memcpy (bytes, mapped, sizeof mapped);
  *offset = 96;
  if (inet_pton (AF_INET, text, bytes + 12) == 1)
    return TRUE;
  *offset = 0;
  return inet_pton (AF_INET6, text, bytes) == 1;
}

static gboolean
has_bits_behind (const Network *network)
{
  for (guint i = network->bits; i < 128; i++)
    if ((network->bytes[i / 8] & 0x80 >> i % 8) != 0)
      return TRUE;
  return FALSE;
}

gboolean
cv_sources_add (CvSources *self, const char *text)
{
  Network network = { .bits = 128 };
  guint offset;
  guint64 bits;
  const char *slash = strchr (text, '/');
  g_autofree char *address = slash != NULL ? g_strndup (text, (gsize) (slash - text)) : g_strdup (text);
  if (self->n == CV_SOURCES_MAX || !parse_address (address, network.bytes, &offset))
    return FALSE;
  if (slash != NULL) {
    if (!g_ascii_string_to_unsigned (slash + 1, 10, 0, 128 - offset, &bits, NULL))
      return FALSE;
    network.bits = offset + (guint) bits;
  }
  if (has_bits_behind (&network))
    return FALSE;
  self->networks[self->n++] = network;
  return TRUE;
}

static gboolean
to_bytes (const struct sockaddr *address, guint8 bytes[16])
{
  if (address->sa_family == AF_INET6) {
    memcpy (bytes, &((const struct sockaddr_in6 *) (gconstpointer) address)->sin6_addr, 16);
    return TRUE;
  }
  if (address->sa_family != AF_INET)
    return FALSE;
  memcpy (bytes, mapped, sizeof mapped);
  memcpy (bytes + 12, &((const struct sockaddr_in *) (gconstpointer) address)->sin_addr, 4);
  return TRUE;
}

static gboolean
contains (const Network *network, const guint8 bytes[16])
{
  guint whole = network->bits / 8, rest = network->bits % 8;
  guint8 mask = (guint8) (0xff00 >> rest);
  return memcmp (network->bytes, bytes, whole) == 0 &&
         (rest == 0 || ((network->bytes[whole] ^ bytes[whole]) & mask) == 0);
}

gboolean
cv_sources_has (const CvSources *self, const struct sockaddr *address)
{
  guint8 bytes[16];
  if (!to_bytes (address, bytes))
    return FALSE;
  for (guint i = 0; i < self->n; i++)
    if (contains (&self->networks[i], bytes))
      return TRUE;
  return FALSE;
}

void
cv_sources_print (const struct sockaddr *address, char out[46])
{
  guint8 bytes[16];
  out[0] = '\0';
  if (!to_bytes (address, bytes))
    return;
  gboolean is_mapped = memcmp (bytes, mapped, sizeof mapped) == 0;
  inet_ntop (is_mapped ? AF_INET : AF_INET6, is_mapped ? bytes + 12 : bytes, out, 46);
}
