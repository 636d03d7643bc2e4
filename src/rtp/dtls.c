/* See dtls.h.
 *
 * OpenSSL does the handshake over a BIO that reads the one datagram at hand and hands what is written to the caller. An
 * SSL object lives as long as the state is HANDSHAKING or CONNECTED: a client whose last flight we answered into the void
 * sends it again, and close_notify is encrypted. Must not know addresses, ICE or what the keys are for.
 */
#include "rtp/dtls.h"

#include <gio/gio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <string.h>

#include "rtp/bytes.h"

/* A handshake takes at most so long from the client's first datagram, and so many bytes, what is sent again included. */
#define MAX_HANDSHAKE_US (30 * G_USEC_PER_SEC)
#define MAX_HANDSHAKE_BYTES (128 * 1024)
/* a client's certificate has less than 1 KiB, 4 with a long RSA key */
#define MAX_CERTIFICATE_BYTES (16 * 1024)
#define LINK_MTU 1200
#define IP_AND_UDP_HEADERS 48
#define FIRST_RESEND_US 50000
#define LAST_RESEND_US 3000000
#define CERTIFICATE_DAYS 30

#define CIPHERS "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256"
#define GROUPS "X25519:P-256:P-384"
/* In order of preference. Twice the key length costs 7 % more a packet, see tests/bench/srtp.c. */
#define SRTP_PROFILES "SRTP_AEAD_AES_256_GCM:SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80"
#define EXPORTER "EXTRACTOR-dtls_srtp"
#define MAX_SRTP_KEYS (2 * (CV_SRTP_MAX_KEY + CV_SRTP_MAX_SALT))

#define EXTENSION_USE_SRTP 14
#define EXTENSION_EXTENDED_MASTER_SECRET 23

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)

struct _CvDtlsIdentity {
  SSL_CTX *context;
  BIO_METHOD *method;
  guint8 fingerprint[CV_DTLS_FINGERPRINT];
};

struct _CvDtls {
  CvDtlsState state;
  const char *failure;
  SSL *ssl; /* NULL: FAILED or CLOSED */
  guint8 fingerprint[CV_DTLS_FINGERPRINT];
  gboolean verified; /* the client's certificate has that fingerprint */
  CvDtlsSendFunc send;
  gpointer user_data;
  const guint8 *datagram; /* that was not read yet; borrowed, and only within cv_dtls_receive() */
  gsize datagram_n;
  gint64 started; /* 0: nothing came yet */
  gsize received;
  CvSrtpProfile profile;
  CvSrtp *keys_in, *keys_out; /* until they are taken */
};

/* --- identity ---------------------------------------------------------------------------------------------------- */

static X509 *
make_certificate (EVP_PKEY *key)
{
  g_autoptr (X509) certificate = X509_new ();
  guint64 serial = 0;
  if (certificate == NULL || RAND_bytes ((guint8 *) &serial, sizeof serial) != 1)
    return NULL;
  X509_NAME *name = X509_get_subject_name (certificate);
  if (X509_set_version (certificate, X509_VERSION_3) != 1 ||
      ASN1_INTEGER_set_uint64 (X509_get_serialNumber (certificate), serial >> 1) != 1 ||
      X509_gmtime_adj (X509_getm_notBefore (certificate), -24L * 60 * 60) == NULL ||
      X509_gmtime_adj (X509_getm_notAfter (certificate), CERTIFICATE_DAYS * 24L * 60 * 60) == NULL ||
      X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_ASC, (const guint8 *) "WebRTC", -1, -1, 0) != 1 ||
      X509_set_issuer_name (certificate, name) != 1 || X509_set_pubkey (certificate, key) != 1 ||
      X509_sign (certificate, key, EVP_sha256 ()) == 0)
    return NULL;
  return g_steal_pointer (&certificate);
}

static gboolean
hash_certificate (const X509 *certificate, guint8 fingerprint[CV_DTLS_FINGERPRINT])
{
  guint8 digest[EVP_MAX_MD_SIZE];
  guint n = 0;
  if (X509_digest (certificate, EVP_sha256 (), digest, &n) != 1 || n != CV_DTLS_FINGERPRINT)
    return FALSE;
  memcpy (fingerprint, digest, n);
  return TRUE;
}

/* Stands in for the check of a chain: the one certificate that the offer announced, whoever signed it. That its key is
 * there as well is what CertificateVerify shows. */
static int
on_context_verify (X509_STORE_CTX *store, void *unused)
{
  SSL *ssl = X509_STORE_CTX_get_ex_data (store, SSL_get_ex_data_X509_STORE_CTX_idx ());
  const X509 *certificate = X509_STORE_CTX_get0_cert (store);
  CvDtls *self = ssl != NULL ? SSL_get_app_data (ssl) : NULL;
  guint8 fingerprint[CV_DTLS_FINGERPRINT];
  if (self == NULL || certificate == NULL)
    return 0;
  self->verified = hash_certificate (certificate, fingerprint) &&
                   CRYPTO_memcmp (fingerprint, self->fingerprint, sizeof fingerprint) == 0;
  if (self->verified)
    return 1;
  self->failure = "fingerprint";
  X509_STORE_CTX_set_error (store, X509_V_ERR_CERT_REJECTED);
  return 0;
}

/* RFC 5764 §4.1.2; AEAD: RFC 7714 §14.2. */
static CvSrtpProfile
profile_from_id (guint id)
{
  switch (id) {
  case 1:
    return CV_SRTP_AES128_CM_SHA1_80;
  case 7:
    return CV_SRTP_AEAD_AES_128_GCM;
  case 8:
    return CV_SRTP_AEAD_AES_256_GCM;
  default:
    return CV_SRTP_NONE;
  }
}

static gboolean
offers_profile (SSL *ssl)
{
  const guint8 *data;
  size_t n;
  if (!SSL_client_hello_get0_ext (ssl, EXTENSION_USE_SRTP, &data, &n) || n < 2)
    return FALSE;
  gsize end = MIN (n, 2u + cv_read16 (data));
  for (gsize at = 2; at + 2 <= end; at += 2)
    if (profile_from_id (cv_read16 (data + at)) != CV_SRTP_NONE)
      return TRUE;
  return FALSE;
}

/* Refuses early what OpenSSL would let pass, and what would fail only when it is too late to say so. */
static int
on_context_client_hello (SSL *ssl, int *alert, void *unused)
{
  CvDtls *self = SSL_get_app_data (ssl);
  const guint8 *data;
  size_t n;
  if (!offers_profile (ssl))
    self->failure = "no-srtp";
  else if (!SSL_client_hello_get0_ext (ssl, EXTENSION_EXTENDED_MASTER_SECRET, &data, &n))
    self->failure = "no-extended-master-secret";
  if (self->failure == NULL)
    return SSL_CLIENT_HELLO_SUCCESS;
  *alert = SSL_AD_HANDSHAKE_FAILURE;
  return SSL_CLIENT_HELLO_ERROR;
}

/* --- the BIO ----------------------------------------------------------------------------------------------------- */

static int
on_bio_write (BIO *bio, const char *data, size_t n, size_t *written)
{
  CvDtls *self = BIO_get_data (bio);
  self->send ((const guint8 *) data, n, self->user_data);
  *written = n;
  return 1;
}

static int
on_bio_read (BIO *bio, char *data, size_t size, size_t *n)
{
  CvDtls *self = BIO_get_data (bio);
  BIO_clear_retry_flags (bio);
  if (self->datagram == NULL) {
    BIO_set_retry_read (bio);
    return 0;
  }
  *n = MIN (size, self->datagram_n);
  memcpy (data, self->datagram, *n);
  self->datagram = NULL;
  return 1;
}

static long
on_bio_ctrl (BIO *bio, int command, long number, void *pointer)
{
  switch (command) {
  case BIO_CTRL_FLUSH:
    return 1;
  case BIO_CTRL_DGRAM_GET_MTU_OVERHEAD:
    return IP_AND_UDP_HEADERS;
  default:
    return 0;
  }
}

static BIO_METHOD *
new_method (void)
{
  BIO_METHOD *method = BIO_meth_new (BIO_get_new_index () | BIO_TYPE_SOURCE_SINK, "datagrams");
  if (method == NULL)
    return NULL;
  BIO_meth_set_write_ex (method, on_bio_write);
  BIO_meth_set_read_ex (method, on_bio_read);
  BIO_meth_set_ctrl (method, on_bio_ctrl);
  return method;
}

/* --- identity, again --------------------------------------------------------------------------------------------- */

static gboolean
set_up_context (SSL_CTX *context, X509 *certificate, EVP_PKEY *key)
{
  /* renegotiation and resumption would be further ways in, and nobody needs them */
  SSL_CTX_set_options (context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
                                  SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode (context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_verify (context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
  SSL_CTX_set_cert_verify_callback (context, on_context_verify, NULL);
  SSL_CTX_set_client_hello_cb (context, on_context_client_hello, NULL);
  SSL_CTX_set_max_cert_list (context, MAX_CERTIFICATE_BYTES);
  return SSL_CTX_set_min_proto_version (context, DTLS1_2_VERSION) == 1 &&
         SSL_CTX_set_max_proto_version (context, DTLS1_2_VERSION) == 1 &&
         SSL_CTX_set_max_send_fragment (context, LINK_MTU) == 1 && /* memory: it is the size of a buffer */
         SSL_CTX_set_cipher_list (context, CIPHERS) == 1 && SSL_CTX_set1_groups_list (context, GROUPS) == 1 &&
         SSL_CTX_set_tlsext_use_srtp (context, SRTP_PROFILES) == 0 /* it says so when all is well */ &&
         SSL_CTX_use_certificate (context, certificate) == 1 && SSL_CTX_use_PrivateKey (context, key) == 1;
}

CvDtlsIdentity *
cv_dtls_identity_new (GError **error)
{
  g_autoptr (CvDtlsIdentity) self = g_new0 (CvDtlsIdentity, 1);
  g_autoptr (EVP_PKEY) key = EVP_EC_gen ("P-256");
  g_autoptr (X509) certificate = key != NULL ? make_certificate (key) : NULL;
  self->context = SSL_CTX_new (DTLS_server_method ());
  self->method = new_method ();
  if (certificate == NULL || self->context == NULL || self->method == NULL ||
      !hash_certificate (certificate, self->fingerprint) || !set_up_context (self->context, certificate, key)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot set up DTLS");
    ERR_clear_error ();
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
cv_dtls_identity_free (CvDtlsIdentity *self)
{
  if (self == NULL)
    return;
  SSL_CTX_free (self->context);
  BIO_meth_free (self->method);
  g_free (self);
}

const guint8 *
cv_dtls_identity_get_fingerprint (CvDtlsIdentity *self)
{
  return self->fingerprint;
}

/* --- one handshake ----------------------------------------------------------------------------------------------- */

static unsigned int
on_ssl_timer (SSL *ssl, unsigned int last_us)
{
  return last_us == 0 ? FIRST_RESEND_US : MIN (2 * last_us, LAST_RESEND_US);
}

CvDtls *
cv_dtls_new (CvDtlsIdentity *identity, const guint8 fingerprint[CV_DTLS_FINGERPRINT], CvDtlsSendFunc send,
             gpointer user_data)
{
  g_return_val_if_fail (identity != NULL && fingerprint != NULL && send != NULL, NULL);

  CvDtls *self = g_new0 (CvDtls, 1);
  BIO *bio = BIO_new (identity->method);
  self->ssl = SSL_new (identity->context);
  if (bio == NULL || self->ssl == NULL)
    g_error ("out of memory");
  BIO_set_data (bio, self);
  BIO_set_init (bio, 1);
  SSL_set_bio (self->ssl, bio, bio);
  SSL_set_app_data (self->ssl, self);
  SSL_set_accept_state (self->ssl);
  DTLS_set_link_mtu (self->ssl, LINK_MTU);
  DTLS_set_timer_cb (self->ssl, on_ssl_timer);
  memcpy (self->fingerprint, fingerprint, CV_DTLS_FINGERPRINT);
  self->send = send;
  self->user_data = user_data;
  return self;
}

void
cv_dtls_free (CvDtls *self)
{
  if (self == NULL)
    return;
  SSL_free (self->ssl);
  cv_srtp_free (self->keys_in);
  cv_srtp_free (self->keys_out);
  g_free (self);
}

static void
end (CvDtls *self, CvDtlsState state)
{
  self->state = state;
  g_clear_pointer (&self->ssl, SSL_free);
}

static void
fail (CvDtls *self, const char *reason)
{
  if (self->failure == NULL)
    self->failure = reason;
  end (self, CV_DTLS_FAILED);
}

static const char *
explain (unsigned long error)
{
  int reason = ERR_GET_REASON (error);
  if (ERR_GET_LIB (error) != ERR_LIB_SSL)
    return "handshake";
  if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE)
    return "no-certificate";
  if (reason == SSL_R_READ_TIMEOUT_EXPIRED)
    return "timeout";
  return reason >= SSL_AD_REASON_OFFSET ? "alert" : "handshake";
}

/* RFC 5764 §4.2: the client's key, ours, the client's salt, ours. */
static gboolean
derive_keys (CvDtls *self)
{
  const SRTP_PROTECTION_PROFILE *profile = SSL_get_selected_srtp_profile (self->ssl);
  guint8 material[MAX_SRTP_KEYS];
  self->profile = profile != NULL ? profile_from_id (profile->id) : CV_SRTP_NONE;
  gsize key_n = cv_srtp_key_length (self->profile), salt_n = cv_srtp_salt_length (self->profile);
  if (self->profile == CV_SRTP_NONE || SSL_export_keying_material (self->ssl, material, 2 * (key_n + salt_n), EXPORTER,
                                                                   strlen (EXPORTER), NULL, 0, 0) != 1)
    return FALSE;
  self->keys_in = cv_srtp_new (self->profile, material, material + 2 * key_n);
  self->keys_out = cv_srtp_new (self->profile, material + key_n, material + 2 * key_n + salt_n);
  OPENSSL_cleanse (material, sizeof material);
  return TRUE;
}

static void
finish_handshake (CvDtls *self)
{
  /* whatever a later OpenSSL or another setting lets through: no keys without all of these */
  if (!self->verified)
    fail (self, "fingerprint");
  else if (SSL_get_extms_support (self->ssl) != 1)
    fail (self, "no-extended-master-secret");
  else if (!derive_keys (self))
    fail (self, "no-srtp");
  else
    self->state = CV_DTLS_CONNECTED;
}

static void
shake_hands (CvDtls *self)
{
  ERR_clear_error ();
  int result = SSL_do_handshake (self->ssl);
  if (result == 1)
    finish_handshake (self);
  else if (SSL_get_error (self->ssl, result) != SSL_ERROR_WANT_READ)
    fail (self, explain (ERR_peek_error ()));
  ERR_clear_error ();
}

/* What comes over DTLS itself is not for us; reading it answers a repeated last flight and sees alerts. Between such
 * datagrams, which are few, the record buffers (18 of 58 KiB) are given back. */
static void
drain (CvDtls *self)
{
  guint8 data[2048];
  int result = SSL_alloc_buffers (self->ssl);
  while (result > 0) {
    ERR_clear_error ();
    result = SSL_read (self->ssl, data, sizeof data);
  }
  if (SSL_get_error (self->ssl, result) == SSL_ERROR_WANT_READ)
    SSL_free_buffers (self->ssl);
  else
    end (self, CV_DTLS_CLOSED);
  ERR_clear_error ();
}

CvDtlsState
cv_dtls_receive (CvDtls *self, const guint8 *datagram, gsize n)
{
  if (self->ssl == NULL || !cv_dtls_is (datagram, n))
    return self->state;
  self->datagram = datagram;
  self->datagram_n = n;
  if (self->state == CV_DTLS_HANDSHAKING) {
    self->received += n;
    if (self->started == 0)
      self->started = g_get_monotonic_time ();
    if (self->received > MAX_HANDSHAKE_BYTES)
      fail (self, "too-much");
    else
      shake_hands (self);
  }
  if (self->state == CV_DTLS_CONNECTED)
    drain (self);
  self->datagram = NULL;
  return self->state;
}

CvDtlsState
cv_dtls_tick (CvDtls *self)
{
  if (self->state != CV_DTLS_HANDSHAKING || self->started == 0)
    return self->state;
  ERR_clear_error ();
  if (g_get_monotonic_time () - self->started > MAX_HANDSHAKE_US)
    fail (self, "timeout");
  else if (DTLSv1_handle_timeout (self->ssl) < 0)
    fail (self, explain (ERR_peek_error ()));
  ERR_clear_error ();
  return self->state;
}

CvDtlsState
cv_dtls_get_state (CvDtls *self)
{
  return self->state;
}

const char *
cv_dtls_get_failure (CvDtls *self)
{
  return self->state == CV_DTLS_FAILED ? self->failure : NULL;
}

CvSrtpProfile
cv_dtls_take_keys (CvDtls *self, CvSrtp **receive, CvSrtp **send)
{
  *receive = g_steal_pointer (&self->keys_in);
  *send = g_steal_pointer (&self->keys_out);
  return *receive != NULL ? self->profile : CV_SRTP_NONE;
}

void
cv_dtls_close (CvDtls *self)
{
  if (self->ssl == NULL)
    return;
  ERR_clear_error ();
  if (self->state == CV_DTLS_CONNECTED && SSL_alloc_buffers (self->ssl) == 1)
    SSL_shutdown (self->ssl);
  ERR_clear_error ();
  end (self, CV_DTLS_CLOSED);
}
