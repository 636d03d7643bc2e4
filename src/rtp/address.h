/* Where a datagram came from or goes to: IPv4 or IPv6, with its port. A value; any thread.
 *
 * With it, on a socket that listens on all addresses of the machine, goes the one of them that it came to: answers must
 * leave from there. */
#pragma once

#include <glib.h>
#include <netinet/in.h>

G_BEGIN_DECLS

typedef struct {
  union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
  };
  socklen_t n;      /* 0: none */
  guint8 local[16]; /* IPv4 or IPv6; all 0: the socket knows */
} CvAddress;

/* For GHashTable; pointers to CvAddress. IPv6 flow labels do not count. */
guint cv_address_hash (gconstpointer address);
gboolean cv_address_equal (gconstpointer a, gconstpointer b);

/* "192.0.2.1", 5000. FALSE: not a numeric address. */
gboolean cv_address_parse (CvAddress *self, const char *address, guint16 port);

G_END_DECLS
