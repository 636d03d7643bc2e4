/* One client of the daemon as the benchmark plays it: TCP, TLS where wanted, the WebSocket handshake, frames.
 *
 * Never blocks; the owner watches the descriptor (edge-triggered) and calls cv_peer_work(). One thread. Knows nothing of
 * what messages say. A peer whose connection breaks ends the program: figures of half a load would be worthless.
 */
#pragma once

#include <glib.h>
#include <openssl/ssl.h>

G_BEGIN_DECLS

typedef struct _CvPeer CvPeer;

typedef struct {
  /* The WebSocket is open. */
  void (*open) (CvPeer *peer);
  /* One text message, NUL-terminated. */
  void (*message) (CvPeer *peer, const char *text);
} CvPeerFuncs;

struct _CvPeer {
  int fd;
  SSL *tls; /* NULL over plain HTTP */
  enum { CV_PEER_CONNECTING, CV_PEER_TLS, CV_PEER_UPGRADING, CV_PEER_OPEN } stage;
  const CvPeerFuncs *funcs;
  const char *host; /* HOST:PORT, as in the Host header */
  GByteArray *in;
  GByteArray *out;
  /* The owner's: */
  guint room;
  gint64 started;  /* ns, when it began to connect */
  guint64 seq;     /* the last one that came */
  guint64 acked;   /* the last one acknowledged */
  gint64 unacked;  /* ns, since when something waits to be acknowledged */
  guint64 last_id; /* of numbered messages */
  char person[14]; /* whose seat it is */
};

/* Begins to connect. `tls` NULL: plain HTTP. */
CvPeer *cv_peer_new (const char *address, guint16 port, const char *host, SSL_CTX *tls, const CvPeerFuncs *funcs);
void cv_peer_free (CvPeer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvPeer, cv_peer_free)

/* The descriptor is ready for something. */
void cv_peer_work (CvPeer *self);
void cv_peer_send (CvPeer *self, const char *text);

G_END_DECLS
