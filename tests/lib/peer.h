/* The two ends of a WebSocket over a socket pair: ours, behind a guard, and a client's that notes what it gets. */
#pragma once

#include "signalling/guard.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct {
  GSocketConnection *ours;
  GSocketConnection *theirs;
  CvGuard *guard;
  SoupWebsocketConnection *server;
  SoupWebsocketConnection *client;
  GPtrArray *texts; /* what the client got and nobody took */
  guint code;       /* it was closed with; 0: it is open */
} CvTestPeer;

/* Two connected sockets. Each is (transfer full). */
void cv_test_socket_pair (GSocketConnection **ours, GSocketConnection **theirs);

void cv_test_peer_init (CvTestPeer *self);
void cv_test_peer_clear (CvTestPeer *self);

/* Nothing is sent once it is being closed. */
void cv_test_peer_send (CvTestPeer *self, const char *text);
/* Waits for the next text. Returns: (transfer full). */
char *cv_test_peer_take (CvTestPeer *self);
/* Waits for the next text, which must fit the pattern (`*` and `?`). */
void cv_test_peer_expect (CvTestPeer *self, const char *pattern);
/* Waits for the end, which must have this code and leave no text untaken. */
void cv_test_peer_expect_close (CvTestPeer *self, guint code);

G_END_DECLS
