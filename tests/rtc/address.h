/* An IPv4 or IPv6 address with a port: a value. */
#pragma once

#include <glib.h>
#include <netinet/in.h>

G_BEGIN_DECLS

typedef union {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
} CvRtcAddress;

/* FALSE: not a numeric address. */
gboolean cv_rtc_address_parse (CvRtcAddress *self, const char *text, guint port);
socklen_t cv_rtc_address_length (const CvRtcAddress *self);
guint cv_rtc_address_port (const CvRtcAddress *self);
gboolean cv_rtc_address_equal (const CvRtcAddress *self, const CvRtcAddress *other);

G_END_DECLS
