/* See address.h. */
#include "rtc/address.h"

#include <arpa/inet.h>
#include <string.h>

gboolean
cv_rtc_address_parse (CvRtcAddress *self, const char *text, guint port)
{
  memset (self, 0, sizeof *self);
  if (inet_pton (AF_INET, text, &self->v4.sin_addr) == 1) {
    self->v4.sin_family = AF_INET;
    self->v4.sin_port = htons ((guint16) port);
    return TRUE;
  }
  if (inet_pton (AF_INET6, text, &self->v6.sin6_addr) == 1) {
    self->v6.sin6_family = AF_INET6;
    self->v6.sin6_port = htons ((guint16) port);
    return TRUE;
  }
  return FALSE;
}

socklen_t
cv_rtc_address_length (const CvRtcAddress *self)
{
  return self->any.sa_family == AF_INET6 ? sizeof self->v6 : sizeof self->v4;
}

guint
cv_rtc_address_port (const CvRtcAddress *self)
{
  return ntohs (self->any.sa_family == AF_INET6 ? self->v6.sin6_port : self->v4.sin_port);
}

gboolean
cv_rtc_address_equal (const CvRtcAddress *self, const CvRtcAddress *other)
{
  if (self->any.sa_family != other->any.sa_family || cv_rtc_address_port (self) != cv_rtc_address_port (other))
    return FALSE;
  if (self->any.sa_family == AF_INET6)
    return memcmp (&self->v6.sin6_addr, &other->v6.sin6_addr, sizeof self->v6.sin6_addr) == 0;
  return self->v4.sin_addr.s_addr == other->v4.sin_addr.s_addr;
}
