/* See dtls.h. */
#include "rtc/dtls.h"

#include "rtc/clock.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

/* As browsers do; OpenSSL's first retransmission comes after a whole second. */
#define FIRST_TIMEOUT_US 50000
#define TICK (20 * CV_RTC_MS)
#define MTU 1200
#define REPLAY_WINDOW 4096

/* ---- identity ---- */

static int
accept_any (int good, X509_STORE_CTX *store)
{
  return 1; /* the fingerprint decides, later */
}

static X509 *
make_certificate (EVP_PKEY *key)
{
  X509 *certificate = X509_new ();
  X509_set_version (certificate, 2);
  ASN1_INTEGER_set (X509_get_serialNumber (certificate), (long) (g_random_int () & 0x7fffffff));
  X509_gmtime_adj (X509_getm_notBefore (certificate), -86400);
  X509_gmtime_adj (X509_getm_notAfter (certificate), 30 * 86400);
  X509_set_pubkey (certificate, key);
  X509_NAME_add_entry_by_txt (X509_get_subject_name (certificate), "CN", MBSTRING_ASC, (const guint8 *) "conclave-rtc",
                              -1, -1, 0);
  X509_set_issuer_name (certificate, X509_get_subject_name (certificate));
  X509_sign (certificate, key, EVP_sha256 ());
  return certificate;
}

/* A datagram BIO: a write is one datagram, what is read is the one that was given to cv_rtc_dtls_receive(). */
static int
on_bio_write (BIO *bio, const char *data, int n)
{
  CvRtcDtls *self = BIO_get_data (bio);
  self->send (self->user_data, (const guint8 *) data, (gsize) n);
  return n;
}

static int
on_bio_read (BIO *bio, char *data, int n)
{
  CvRtcDtls *self = BIO_get_data (bio);
  BIO_clear_retry_flags (bio);
  if (self->in == NULL) {
    BIO_set_retry_read (bio);
    return -1;
  }
  n = MIN (n, (int) self->in_n);
  memcpy (data, self->in, (gsize) n);
  self->in = NULL;
  return n;
}

static long
on_bio_control (BIO *bio, int command, long number, void *pointer)
{
  return command == BIO_CTRL_FLUSH || command == BIO_CTRL_DUP;
}

CvRtcIdentity *
cv_rtc_identity_new (const char *profiles, const char *ciphers)
{
  CvRtcIdentity *self = g_new0 (CvRtcIdentity, 1);
  EVP_PKEY *key = EVP_EC_gen ("P-256");
  X509 *certificate = make_certificate (key);
  X509_digest (certificate, EVP_sha256 (), self->fingerprint, NULL);
  for (int i = 0; i < 32; i++)
    sprintf (self->fingerprint_text + 3 * i, i < 31 ? "%02X:" : "%02X", self->fingerprint[i]);

  self->context = SSL_CTX_new (DTLS_method ());
  SSL_CTX_set_min_proto_version (self->context, DTLS1_2_VERSION);
  SSL_CTX_set_verify (self->context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, accept_any);
  SSL_CTX_use_certificate (self->context, certificate);
  SSL_CTX_use_PrivateKey (self->context, key);
  SSL_CTX_set_options (self->context, SSL_OP_NO_QUERY_MTU);
  SSL_CTX_set_read_ahead (self->context, 1);
  X509_free (certificate);
  EVP_PKEY_free (key);

  self->method = BIO_meth_new (BIO_get_new_index () | BIO_TYPE_SOURCE_SINK, "conclave-rtc");
  BIO_meth_set_write (self->method, on_bio_write);
  BIO_meth_set_read (self->method, on_bio_read);
  BIO_meth_set_ctrl (self->method, on_bio_control);
  if (SSL_CTX_set_tlsext_use_srtp (self->context, profiles) != 0 ||
      (ciphers != NULL && SSL_CTX_set_cipher_list (self->context, ciphers) != 1)) {
    cv_rtc_identity_free (self);
    return NULL;
  }
  return self;
}

void
cv_rtc_identity_free (CvRtcIdentity *self)
{
  SSL_CTX_free (self->context);
  BIO_meth_free (self->method);
  g_free (self);
}

/* ---- keys ---- */

static CvRtcDtlsState
fail (CvRtcDtls *self, const char *why)
{
  g_strlcpy (self->failure, why, sizeof self->failure);
  return self->state = CV_RTC_DTLS_FAILED;
}

static gboolean
set_policy (srtp_crypto_policy_t *rtp, srtp_crypto_policy_t *rtcp, gulong profile, gsize *key_n, gsize *salt_n)
{
  *key_n = profile == SRTP_AEAD_AES_256_GCM ? 32 : 16;
  *salt_n = profile == SRTP_AES128_CM_SHA1_80 ? 14 : 12;
  if (profile == SRTP_AEAD_AES_128_GCM) {
    srtp_crypto_policy_set_aes_gcm_128_16_auth (rtp);
    srtp_crypto_policy_set_aes_gcm_128_16_auth (rtcp);
  } else if (profile == SRTP_AEAD_AES_256_GCM) {
    srtp_crypto_policy_set_aes_gcm_256_16_auth (rtp);
    srtp_crypto_policy_set_aes_gcm_256_16_auth (rtcp);
  } else if (profile == SRTP_AES128_CM_SHA1_80) {
    srtp_crypto_policy_set_rtp_default (rtp);
    srtp_crypto_policy_set_rtcp_default (rtcp);
  } else {
    return FALSE;
  }
  return TRUE;
}

/* RFC 5764 §4.2: client's key, server's key, client's salt, server's salt. */
static gboolean
make_keys (CvRtcDtls *self)
{
  const SRTP_PROTECTION_PROFILE *profile = SSL_get_selected_srtp_profile (self->ssl);
  srtp_policy_t policy = { .window_size = REPLAY_WINDOW, .allow_repeat_tx = 1 };
  guint8 material[2 * (32 + 14)], keys[2][32 + 14];
  gsize key_n, salt_n;
  if (profile == NULL || !set_policy (&policy.rtp, &policy.rtcp, profile->id, &key_n, &salt_n))
    return FALSE;
  if (SSL_export_keying_material (self->ssl, material, 2 * (key_n + salt_n), "EXTRACTOR-dtls_srtp", 19, NULL, 0, 0) !=
      1)
    return FALSE;
  for (guint i = 0; i < 2; i++) {
    memcpy (keys[i], material + key_n * i, key_n);
    memcpy (keys[i] + key_n, material + 2 * key_n + salt_n * i, salt_n);
  }
  self->profile = profile->name;
  policy.key = keys[self->active ? 0 : 1];
  policy.ssrc.type = ssrc_any_outbound;
  if (srtp_create (&self->outgoing, &policy) != srtp_err_status_ok)
    return FALSE;
  policy.key = keys[self->active ? 1 : 0];
  policy.ssrc.type = ssrc_any_inbound;
  return srtp_create (&self->incoming, &policy) == srtp_err_status_ok;
}

static gboolean
is_expected_peer (CvRtcDtls *self)
{
  guint8 fingerprint[32];
  X509 *certificate = SSL_get1_peer_certificate (self->ssl);
  if (certificate == NULL)
    return FALSE;
  X509_digest (certificate, EVP_sha256 (), fingerprint, NULL);
  X509_free (certificate);
  return memcmp (fingerprint, self->remote, sizeof fingerprint) == 0;
}

/* ---- the connection ---- */

static unsigned int
on_timer (SSL *ssl, unsigned int microseconds)
{
  return microseconds == 0 ? FIRST_TIMEOUT_US : 2 * microseconds;
}

static CvRtcDtlsState
read_alert (CvRtcDtls *self)
{
  guint8 rest[2048];
  int n = SSL_read (self->ssl, rest, sizeof rest);
  if (n <= 0 && SSL_get_error (self->ssl, n) == SSL_ERROR_ZERO_RETURN)
    return fail (self, "dtls closed by peer");
  return self->state;
}

static CvRtcDtlsState
advance (CvRtcDtls *self)
{
  if (self->state == CV_RTC_DTLS_UP)
    return read_alert (self);
  ERR_clear_error ();
  int n = SSL_do_handshake (self->ssl);
  if (n != 1) {
    int error = SSL_get_error (self->ssl, n);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
      return self->state;
    char text[128];
    ERR_error_string_n (ERR_get_error (), text, sizeof text);
    return fail (self, text);
  }
  if (!is_expected_peer (self))
    return fail (self, "dtls fingerprint mismatch");
  if (!make_keys (self))
    return fail (self, "no srtp keys");
  return self->state = CV_RTC_DTLS_UP;
}

void
cv_rtc_dtls_start (CvRtcDtls *self, CvRtcIdentity *identity, gboolean active, const guint8 remote[32],
                   CvRtcDtlsSend send, gpointer user_data)
{
  self->send = send;
  self->user_data = user_data;
  self->active = active;
  memcpy (self->remote, remote, sizeof self->remote);
  self->ssl = SSL_new (identity->context);
  BIO *bio = BIO_new (identity->method);
  BIO_set_data (bio, self);
  BIO_set_init (bio, 1);
  SSL_set_bio (self->ssl, bio, bio);
  SSL_set_mtu (self->ssl, MTU);
  DTLS_set_timer_cb (self->ssl, on_timer);
  self->state = CV_RTC_DTLS_HANDSHAKE;
  if (active) {
    SSL_set_connect_state (self->ssl);
    advance (self);
  } else {
    SSL_set_accept_state (self->ssl);
  }
}

CvRtcDtlsState
cv_rtc_dtls_receive (CvRtcDtls *self, const guint8 *packet, gsize n)
{
  if (self->ssl == NULL || self->state == CV_RTC_DTLS_FAILED)
    return self->state;
  self->in = packet;
  self->in_n = n;
  advance (self);
  self->in = NULL;
  return self->state;
}

CvRtcDtlsState
cv_rtc_dtls_tick (CvRtcDtls *self, guint64 now)
{
  struct timeval left;
  if (self->state != CV_RTC_DTLS_HANDSHAKE || now < self->next_timeout)
    return self->state;
  self->next_timeout = now + TICK;
  if (DTLSv1_get_timeout (self->ssl, &left) && left.tv_sec == 0 && left.tv_usec == 0)
    DTLSv1_handle_timeout (self->ssl);
  return self->state;
}

void
cv_rtc_dtls_clear (CvRtcDtls *self)
{
  if (self->state == CV_RTC_DTLS_UP)
    SSL_shutdown (self->ssl);
  g_clear_pointer (&self->ssl, SSL_free);
  if (self->outgoing != NULL)
    srtp_dealloc (self->outgoing);
  if (self->incoming != NULL)
    srtp_dealloc (self->incoming);
  self->outgoing = self->incoming = NULL;
}
