/* See address.h. */
#include "rtp/address.h"

#include <arpa/inet.h>
#include <string.h>

guint
cv_address_hash (gconstpointer pointer)
{
  const CvAddress *self = pointer;
  if (self->any.sa_family == AF_INET)
    return self->v4.sin_addr.s_addr * 2654435761u ^ self->v4.sin_port;
  guint32 words[4];
  memcpy (words, &self->v6.sin6_addr, sizeof words);
  return ((words[0] * 31 + words[1]) * 31 + words[2]) * 2654435761u ^ words[3] ^ self->v6.sin6_port;
}

gboolean
cv_address_equal (gconstpointer pa, gconstpointer pb)
{
  const CvAddress *a = pa, *b = pb;
  if (a->any.sa_family != b->any.sa_family || memcmp (a->local, b->local, sizeof a->local) != 0)
    return FALSE;
  if (a->any.sa_family == AF_INET)
    return a->v4.sin_port == b->v4.sin_port && a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr;
  return a->v6.sin6_port == b->v6.sin6_port && a->v6.sin6_scope_id == b->v6.sin6_scope_id &&
         memcmp (&a->v6.sin6_addr, &b->v6.sin6_addr, sizeof a->v6.sin6_addr) == 0;
}

gboolean
cv_address_parse (CvAddress *self, const char *address, guint16 port)
{
  memset (self, 0, sizeof *self);
  if (inet_pton (AF_INET, address, &self->v4.sin_addr) == 1) {
    self->v4.sin_family = AF_INET;
    self->v4.sin_port = htons (port);
    self->n = sizeof self->v4;
  } else if (inet_pton (AF_INET6, address, &self->v6.sin6_addr) == 1) {
    self->v6.sin6_family = AF_INET6;
    self->v6.sin6_port = htons (port);
    self->n = sizeof self->v6;
  }
  return self->n > 0;
}
