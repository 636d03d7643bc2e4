/* DTLS 1.2 with use_srtp (RFC 5764) in both roles, whose keys go to libsrtp2. Knows no socket. */
#pragma once

#include <glib.h>
#include <openssl/ssl.h>
#include <srtp2/srtp.h>

G_BEGIN_DECLS

/* A certificate and what is offered; one a process. */
typedef struct {
  SSL_CTX *context;
  BIO_METHOD *method;
  guint8 fingerprint[32];
  char fingerprint_text[96];
} CvRtcIdentity;

/* `profiles` and `ciphers` as OpenSSL writes them; ciphers NULL: its default. NULL: bad ones. */
CvRtcIdentity *cv_rtc_identity_new (const char *profiles, const char *ciphers);
void cv_rtc_identity_free (CvRtcIdentity *self);

typedef void (*CvRtcDtlsSend) (gpointer user_data, const guint8 *packet, gsize n);
typedef enum { CV_RTC_DTLS_NEW, CV_RTC_DTLS_HANDSHAKE, CV_RTC_DTLS_UP, CV_RTC_DTLS_FAILED } CvRtcDtlsState;

typedef struct {
  CvRtcDtlsState state;
  SSL *ssl;
  CvRtcDtlsSend send;
  gpointer user_data;
  gboolean active;
  guint8 remote[32]; /* fingerprint that the other end must have */
  const guint8 *in;  /* the datagram that is being read */
  gsize in_n;
  guint64 next_timeout;
  srtp_t outgoing, incoming;
  const char *profile;
  char failure[160];
} CvRtcDtls;

void cv_rtc_dtls_start (CvRtcDtls *self, CvRtcIdentity *identity, gboolean active, const guint8 remote[32],
                        CvRtcDtlsSend send, gpointer user_data);
/* Each returns the state after it. */
CvRtcDtlsState cv_rtc_dtls_receive (CvRtcDtls *self, const guint8 *packet, gsize n);
CvRtcDtlsState cv_rtc_dtls_tick (CvRtcDtls *self, guint64 now);
/* Says goodbye where there was a connection. */
void cv_rtc_dtls_clear (CvRtcDtls *self);

G_END_DECLS
