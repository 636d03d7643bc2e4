/* The server's end of a DTLS-SRTP handshake (RFC 5764), over a transport that the caller has. Main thread.
 *
 * DTLS 1.2 only, ECDHE with AEAD ciphers, extended master secret. The client must show the certificate whose fingerprint
 * its offer announced: any other fails the handshake itself, before there are keys.
 */
#pragma once

#include "rtp/srtp.h"

G_BEGIN_DECLS

#define CV_DTLS_FINGERPRINT 32

/* Certificate (ECDSA P-256, made at start, never stored) and what all handshakes share; one a process. */
typedef struct _CvDtlsIdentity CvDtlsIdentity;

CvDtlsIdentity *cv_dtls_identity_new (GError **error);
void cv_dtls_identity_free (CvDtlsIdentity *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvDtlsIdentity, cv_dtls_identity_free)

/* SHA-256 of the certificate, for a=fingerprint. */
const guint8 *cv_dtls_identity_get_fingerprint (CvDtlsIdentity *self);

typedef struct _CvDtls CvDtls;

typedef enum { CV_DTLS_HANDSHAKING, CV_DTLS_CONNECTED, CV_DTLS_FAILED, CV_DTLS_CLOSED } CvDtlsState;

/* A datagram to be sent, of at most 1152 bytes. Called from within cv_dtls_receive, cv_dtls_tick and cv_dtls_close; must not
 * call any of them, nor free it. */
typedef void (*CvDtlsSendFunc) (const guint8 *datagram, gsize n, gpointer user_data);

/* (transfer full). `identity` must outlive it. `fingerprint`: SHA-256 of the client's certificate. */
CvDtls *cv_dtls_new (CvDtlsIdentity *identity, const guint8 fingerprint[CV_DTLS_FINGERPRINT], CvDtlsSendFunc send,
                     gpointer user_data);
void cv_dtls_free (CvDtls *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvDtls, cv_dtls_free)

/* Is it DTLS, and not RTP or STUN (RFC 7983)? */
static inline gboolean
cv_dtls_is (const guint8 *datagram, gsize n)
{
  return n >= 13 && datagram[0] >= 20 && datagram[0] <= 63;
}

/* A datagram came. Returns the state after it. Datagrams after FAILED or CLOSED do nothing. */
CvDtlsState cv_dtls_receive (CvDtls *self, const guint8 *datagram, gsize n);

/* Sends again what is due (first after 50 ms, then twice as late each time) and ends what takes more than 30 s from the
 * first datagram on (that one may be waited for without end); call it every 50 ms or so while HANDSHAKING. */
CvDtlsState cv_dtls_tick (CvDtls *self);

CvDtlsState cv_dtls_get_state (CvDtls *self);

/* Why it FAILED, an id: "fingerprint", "no-certificate", "no-srtp", "no-extended-master-secret", "timeout", "too-much",
 * "alert" (the client gave up), "handshake" (anything else). NULL otherwise. */
const char *cv_dtls_get_failure (CvDtls *self);

/* Once, after CONNECTED: what comes is opened with *receive, what goes is closed with *send (transfer full).
 * CV_SRTP_NONE: there are no keys, or they were taken. */
CvSrtpProfile cv_dtls_take_keys (CvDtls *self, CvSrtp **receive, CvSrtp **send);

/* Sends close_notify, where there is somebody to send it to; then it is CLOSED. */
void cv_dtls_close (CvDtls *self);

G_END_DECLS
