/* The way to one peer: ICE-lite, DTLS, and the SRTP keys that come of it.
 *
 * Owns its credentials, the handshake and the keys; borrows the socket. Main thread. Nothing is taken from an address
 * that has not answered for itself with the password, nothing is decrypted before the certificate was the one that the
 * offer announced. Knows no media.
 */
#pragma once

#include "rtp/dtls.h"
#include "media/socket.h"
#include "media/stun.h"

G_BEGIN_DECLS

#define CV_TRANSPORT_UFRAG 9 /* with its NUL */

typedef enum {
  CV_TRANSPORT_NEW,
  CV_TRANSPORT_CONNECTED,
  CV_TRANSPORT_FAILED, /* no handshake, or the wrong one */
  CV_TRANSPORT_LOST,   /* silent for too long, or closed by the peer */
} CvTransportState;

typedef struct _CvTransport CvTransport;

/* The state is another; it may not be freed in here. */
typedef void (*CvTransportFunc) (CvTransport *self, gpointer user_data);

struct _CvTransport {
  CvSocket *socket;
  CvTransportFunc changed;
  gpointer user_data;
  CvTransportState state;
  const char *reason; /* of FAILED and LOST, an id */
  char ufrag[CV_TRANSPORT_UFRAG];
  char pwd[33];
  CvAddress address;  /* nominated; n is 0 before */
  gint64 made, heard; /* µs; heard: the last check or packet that was authentic */
  CvDtls *dtls;
  CvAddress dtls_address; /* where handshake datagrams came from */
  CvSrtp *receive, *send; /* NULL before CONNECTED */
};

/* `fingerprint`: SHA-256 of the peer's certificate, from its offer. */
CvTransport *cv_transport_new (CvSocket *socket, CvDtlsIdentity *identity,
                               const guint8 fingerprint[CV_DTLS_FINGERPRINT], gint64 now, CvTransportFunc changed,
                               gpointer user_data);
/* Says goodbye to a peer that is connected. */
void cv_transport_free (CvTransport *self);

/* A check for our ufrag. TRUE: the password fits, the address is the peer's; where it nominates, media go there from now on. */
gboolean cv_transport_check (CvTransport *self, const CvStunRequest *request, const guint8 *packet, gsize n,
                             const CvAddress *from, gint64 now);
/* A DTLS datagram from an address of the peer's. */
void cv_transport_handshake (CvTransport *self, const guint8 *datagram, gsize n, const CvAddress *from);
/* `packet` has room for CV_SRTP_MAX_OVERHEAD. Nothing happens unless it is connected. */
void cv_transport_send_rtcp (CvTransport *self, const guint8 *packet, gsize n);
/* Every 20 ms or so. */
void cv_transport_tick (CvTransport *self, gint64 now);

G_END_DECLS
