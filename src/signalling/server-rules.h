/* What anybody may ask of the server, and how often: all that may change while it runs. Plain values. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  gboolean anyone_may_create;
  guint max_sockets;
  guint max_connections_per_address;
  guint joins_per_minute;
  guint sign_ins_per_minute;
  guint messages_per_second;
  guint rooms_per_hour;
  const char *const *metrics_from; /* addresses and networks; NULL: nobody's but the admin socket's */
} CvServerRules;

G_END_DECLS
