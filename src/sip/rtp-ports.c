/* See rtp-ports.h. */
#include "sip/rtp-ports.h"

#include "rtp/address.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void
cv_rtp_ports_init (CvRtpPorts *self, const char *address, guint16 first, guint16 last)
{
  self->address = address;
  self->first = (guint16) (first + first % 2);
  self->last = last;
  guint pairs = self->last > self->first ? (guint) (self->last - self->first + 1) / 2 : 0;
  self->next = self->first;
  if (pairs > 1)
    self->next = (guint16) (self->first + 2 * g_random_int_range (0, (gint) pairs));
}

static int
bind_port (const char *text, guint16 port)
{
  CvAddress address;
  if (!cv_address_parse (&address, text, port))
    return -1;
  int fd = socket (address.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd >= 0 && bind (fd, &address.any, address.n) == 0)
    return fd;
  if (fd >= 0)
    close (fd);
  return -1;
}

static gboolean
bind_pair (const char *address, guint16 port, int *rtp, int *rtcp)
{
  *rtp = bind_port (address, port);
  if (*rtp < 0)
    return FALSE;
  *rtcp = bind_port (address, (guint16) (port + 1));
  if (*rtcp >= 0)
    return TRUE;
  close (*rtp);
  return FALSE;
}

guint16
cv_rtp_ports_take (CvRtpPorts *self, int *rtp, int *rtcp)
{
  guint pairs = self->last > self->first ? (guint) (self->last - self->first + 1) / 2 : 0;
  for (guint i = 0; i < pairs; i++) {
    guint16 port = self->next;
    self->next = port + 3 <= self->last ? (guint16) (port + 2) : self->first;
    if (bind_pair (self->address, port, rtp, rtcp))
      return port;
  }
  return 0;
}
