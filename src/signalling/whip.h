/* WHIP (RFC 9725) to publish into a room, and WHEP to watch one, over HTTP with bearer tokens: PROTOCOL.md §3.1.
 *
 * Borrows what it works on. Main thread. Pages of other servers may ask as well: there are no cookies, only the token.
 */
#pragma once

#include "base/bucket.h"
#include "signalling/streams.h"
#include "signalling/turn.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct {
  CvRegistry *registry;
  CvStore *store;
  CvStreams *streams;
  CvClock *clock;
  const CvTurn *turn;
  CvBuckets *offers;  /* by address */
  CvBuckets *changes; /* by address: of what is there */
} CvWhip;

/* Is it below /whip/ or /whep/? */
gboolean cv_whip_is_path (const char *path);
/* Lets pages of other servers read the answer, whatever it will be. */
void cv_whip_set_headers (SoupServerMessage *message);
/* Answers a request for such a path, at once or later. `address`: whom to count it for. */
void cv_whip_handle (CvWhip *self, SoupServerMessage *message, const char *path, const char *address);

G_END_DECLS
