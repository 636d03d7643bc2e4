/* The ports that calls' media use: pairs of UDP sockets out of a range. A value; main thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  const char *address; /* numeric */
  guint16 first, last;
  guint16 next; /* where one looks first: a port that was just used may still be spoken to */
} CvRtpPorts;

void cv_rtp_ports_init (CvRtpPorts *self, const char *address, guint16 first, guint16 last);
/* An even port and the odd one behind it, bound; both are the caller's. Returns the even one, 0 where none is free. */
guint16 cv_rtp_ports_take (CvRtpPorts *self, int *rtp, int *rtcp);

G_END_DECLS
