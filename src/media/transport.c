/* See transport.h. */
#include "media/transport.h"

#include "base/ids.h"

#include <string.h>

/* RFC 7675 lets consent last 30 s. Whoever lives checks or reports every few seconds, and who is not heard should learn of
 * it soon. */
#define SILENT_US (G_GINT64_CONSTANT (15) * G_USEC_PER_SEC)
/* from the answer to a finished handshake */
#define CONNECT_US (G_GINT64_CONSTANT (30) * G_USEC_PER_SEC)

static void
set_state (CvTransport *self, CvTransportState state, const char *reason)
{
  if (self->state == state || self->state >= CV_TRANSPORT_FAILED)
    return;
  self->state = state;
  self->reason = reason;
  self->changed (self, self->user_data);
}

static void
on_dtls_send (const guint8 *datagram, gsize n, gpointer user_data)
{
  CvTransport *self = user_data;
  if (self->dtls_address.n == 0 || n > CV_SOCKET_ROOM)
    return;
  memcpy (cv_socket_reserve (self->socket), datagram, n);
  cv_socket_commit (self->socket, &self->dtls_address, n);
}

CvTransport *
cv_transport_new (CvSocket *socket, CvDtlsIdentity *identity, const guint8 fingerprint[CV_DTLS_FINGERPRINT], gint64 now,
                  CvTransportFunc changed, gpointer user_data)
{
  CvTransport *self = g_new0 (CvTransport, 1);
  guint8 random[30];
  cv_random_bytes (random, sizeof random);
  /* 48 and 192 bits, in characters that SDP takes: base64url has '-' and '_', which ICE has not. */
  g_autofree char *ufrag = g_base64_encode (random, 6);
  g_autofree char *pwd = g_base64_encode (random + 6, 24);
  memcpy (self->ufrag, ufrag, 8);
  memcpy (self->pwd, pwd, 32);
  cv_wipe (random, sizeof random);
  self->socket = socket;
  self->changed = changed;
  self->user_data = user_data;
  self->made = now;
  self->dtls = cv_dtls_new (identity, fingerprint, on_dtls_send, self);
  return self;
}

void
cv_transport_free (CvTransport *self)
{
  cv_dtls_close (self->dtls);
  cv_dtls_free (self->dtls);
  g_clear_pointer (&self->receive, cv_srtp_free);
  g_clear_pointer (&self->send, cv_srtp_free);
  cv_wipe (self->pwd, sizeof self->pwd);
  g_free (self);
}

gboolean
cv_transport_check (CvTransport *self, const CvStunRequest *request, const guint8 *packet, gsize n,
                    const CvAddress *from, gint64 now)
{
  if (!cv_stun_verify (request, packet, n, self->pwd))
    return FALSE;
  guint8 *out = cv_socket_reserve (self->socket);
  gsize length = request->controlled ? cv_stun_write_conflict (out, CV_SOCKET_ROOM, request, self->pwd)
                                     : cv_stun_write_response (out, CV_SOCKET_ROOM, request, &from->any, self->pwd);
  if (length > 0)
    cv_socket_commit (self->socket, from, length);
  if (request->controlled)
    return FALSE;
  self->heard = now;
  if (request->use_candidate)
    self->address = *from;
  return TRUE;
}

static void
look_at_handshake (CvTransport *self)
{
  switch (cv_dtls_get_state (self->dtls)) {
  case CV_DTLS_HANDSHAKING:
    break;
  case CV_DTLS_CONNECTED:
    if (self->state != CV_TRANSPORT_NEW)
      break;
    if (cv_dtls_take_keys (self->dtls, &self->receive, &self->send) == CV_SRTP_NONE) {
      set_state (self, CV_TRANSPORT_FAILED, "no-srtp");
      break;
    }
    if (self->address.n == 0) /* regular nomination may come a little later */
      self->address = self->dtls_address;
    set_state (self, CV_TRANSPORT_CONNECTED, NULL);
    break;
  case CV_DTLS_FAILED:
    set_state (self, CV_TRANSPORT_FAILED, cv_dtls_get_failure (self->dtls));
    break;
  case CV_DTLS_CLOSED:
    set_state (self, CV_TRANSPORT_LOST, "closed");
    break;
  }
}

void
cv_transport_handshake (CvTransport *self, const guint8 *datagram, gsize n, const CvAddress *from)
{
  self->dtls_address = *from;
  cv_dtls_receive (self->dtls, datagram, n);
  look_at_handshake (self);
}

void
cv_transport_send_rtcp (CvTransport *self, const guint8 *packet, gsize n)
{
  if (self->send == NULL || self->address.n == 0 || n + CV_SRTP_MAX_OVERHEAD > CV_SOCKET_ROOM)
    return;
  guint8 *out = cv_socket_reserve (self->socket);
  memcpy (out, packet, n);
  gsize length = cv_srtp_protect_rtcp (self->send, out, n);
  if (length > 0)
    cv_socket_commit (self->socket, &self->address, length);
}

void
cv_transport_tick (CvTransport *self, gint64 now)
{
  if (self->state == CV_TRANSPORT_NEW) {
    cv_dtls_tick (self->dtls);
    look_at_handshake (self);
    if (now - self->made > CONNECT_US)
      set_state (self, CV_TRANSPORT_FAILED, self->heard == 0 ? "unreachable" : "timeout");
  } else if (self->state == CV_TRANSPORT_CONNECTED && now - self->heard > SILENT_US) {
    set_state (self, CV_TRANSPORT_LOST, "silent");
  }
}
