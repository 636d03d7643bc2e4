/* The REST interface of PROTOCOL.md §3: rooms, tokens and the server's state.
 *
 * Borrows what it works on. Main thread. One table says which request is for whom.
 */
#pragma once

#include "base/bucket.h"
#include "signalling/streams.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct {
  CvRegistry *registry;
  CvStore *store;
  CvStreams *streams; /* who came with a token */
  CvClock *clock;
  gboolean anyone_may_create;
  CvBuckets *checks;    /* by address */
  CvBuckets *creations; /* by address */
  char *url;            /* where people find this server; owned by the server, NULL until it listens */
  gint64 started;       /* µs, monotonic */
  guint (*count_sockets) (gpointer user_data);
  gpointer user_data;
} CvApi;

typedef enum {
  CV_AUTHORITY_PUBLIC, /* anybody on the network */
  CV_AUTHORITY_ADMIN,  /* who may open the admin socket */
} CvAuthority;

/* Answers a request below /api/v1/ or for /health, at once or later. `address`: whom to count it for. */
void cv_api_handle (CvApi *self, SoupServerMessage *message, const char *path, CvAuthority authority,
                    const char *address);

G_END_DECLS
