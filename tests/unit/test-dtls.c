/* An OpenSSL client shakes hands with ours: good ones, wrong ones, and over a network that loses, repeats and reorders. */
#include "rtp/dtls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>

#include "rtp/bytes.h"

#define ALL_PROFILES "SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_128_GCM:SRTP_AEAD_AES_256_GCM"
#define EXPORTER "EXTRACTOR-dtls_srtp"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)

static gint64 ahead;

/* The program's own takes the place of GLib's: the clock can be put forward. */
gint64
g_get_monotonic_time (void)
{
  struct timespec time;
  clock_gettime (CLOCK_MONOTONIC, &time);
  return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000 + ahead;
}

/* How a client is: what is 0 is as browsers are. */
typedef struct {
  const char *profiles;
  const char *ciphers;
  int version;
  guint64 options;
  guint mtu;
  gboolean rsa;
  gboolean long_hello; /* a datagram is too small for it, as with post-quantum key shares */
  gboolean no_certificate;
  gboolean other_certificate; /* not the one that was announced */
  gboolean distrusts;         /* refuses our certificate */
  const char *failure;        /* that ours ends with */
} Client;

typedef struct {
  const Client *client;
  CvDtlsIdentity *identity;
  CvDtls *dtls;
  SSL_CTX *context;
  SSL *ssl;
  gboolean client_failed;
  GQueue to_server, to_client; /* GBytes, datagrams */
  guint bad;                   /* percent that is lost; so much is repeated, and comes late */
  guint lose_sent;             /* so many that the server sends from now on are lost */
  guint n_sent;
  gsize largest;
  gint64 sent_at; /* the latest */
} Fixture;

/* --- the network ------------------------------------------------------------------------------------------------- */

static gboolean
happens (guint percent)
{
  return (guint) g_test_rand_int_range (0, 100) < percent;
}

static void
post (GQueue *queue, const guint8 *data, gsize n, guint bad)
{
  if (happens (bad))
    return;
  if (happens (bad))
    g_queue_push_nth (queue, g_bytes_new (data, n), g_test_rand_int_range (0, (int) queue->length + 1));
  else
    g_queue_push_tail (queue, g_bytes_new (data, n));
  if (happens (bad))
    g_queue_push_tail (queue, g_bytes_new (data, n));
}

static void
on_dtls_send (const guint8 *datagram, gsize n, gpointer user_data)
{
  Fixture *f = user_data;
  f->n_sent++;
  f->largest = MAX (f->largest, n);
  f->sent_at = g_get_monotonic_time ();
  if (f->lose_sent > 0)
    f->lose_sent--;
  else
    post (&f->to_client, datagram, n, f->bad);
}

/* What the client wrote: each record is a datagram. */
static void
collect (Fixture *f)
{
  BIO *out = SSL_get_wbio (f->ssl);
  char *data;
  gsize n = (gsize) BIO_get_mem_data (out, &data), at = 0;
  while (at + 13 <= n) {
    gsize record_n = 13u + cv_read16 ((const guint8 *) data + at + 11);
    post (&f->to_server, (const guint8 *) data + at, record_n, f->bad);
    at += record_n;
  }
  (void) BIO_reset (out);
}

static void
run_client (Fixture *f)
{
  guint8 data[2048];
  ERR_clear_error ();
  int result = SSL_is_init_finished (f->ssl) ? SSL_read (f->ssl, data, sizeof data) : SSL_do_handshake (f->ssl);
  if (result != 1 && SSL_get_error (f->ssl, result) != SSL_ERROR_WANT_READ)
    f->client_failed = TRUE;
  collect (f);
}

static void
deliver (Fixture *f)
{
  while (f->to_server.length + f->to_client.length > 0) {
    g_autoptr (GBytes) in = g_queue_pop_head (&f->to_server);
    g_autoptr (GBytes) out = g_queue_pop_head (&f->to_client);
    if (in != NULL)
      cv_dtls_receive (f->dtls, g_bytes_get_data (in, NULL), g_bytes_get_size (in));
    if (out != NULL && !f->client_failed) {
      BIO_write (SSL_get_rbio (f->ssl), g_bytes_get_data (out, NULL), (int) g_bytes_get_size (out));
      run_client (f);
    }
  }
}

/* Until both ends have finished, or `seconds` are over. */
static void
shake_hands (Fixture *f, guint seconds)
{
  gint64 end = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  run_client (f);
  for (;;) {
    deliver (f);
    if ((cv_dtls_get_state (f->dtls) != CV_DTLS_HANDSHAKING && (SSL_is_init_finished (f->ssl) || f->client_failed)) ||
        g_get_monotonic_time () > end)
      return;
    g_usleep (5000);
    cv_dtls_tick (f->dtls);
    if (DTLSv1_handle_timeout (f->ssl) > 0)
      collect (f);
  }
}

/* --- the client -------------------------------------------------------------------------------------------------- */

static X509 *
make_certificate (EVP_PKEY *key)
{
  X509 *certificate = X509_new ();
  X509_NAME *name = X509_get_subject_name (certificate);
  X509_set_version (certificate, X509_VERSION_3);
  ASN1_INTEGER_set (X509_get_serialNumber (certificate), 7);
  X509_gmtime_adj (X509_getm_notBefore (certificate), 0);
  X509_gmtime_adj (X509_getm_notAfter (certificate), 60 * 60);
  X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_ASC, (const guint8 *) "client", -1, -1, 0);
  X509_set_issuer_name (certificate, name);
  X509_set_pubkey (certificate, key);
  g_assert_cmpint (X509_sign (certificate, key, EVP_sha256 ()), >, 0);
  return certificate;
}

static int
on_client_verify (X509_STORE_CTX *store, void *data)
{
  Fixture *f = data;
  guint8 digest[32];
  g_assert_true (X509_digest (X509_STORE_CTX_get0_cert (store), EVP_sha256 (), digest, NULL));
  g_assert_cmpmem (digest, 32, cv_dtls_identity_get_fingerprint (f->identity), CV_DTLS_FINGERPRINT);
  return !f->client->distrusts;
}

static unsigned int
on_client_timer (SSL *ssl, unsigned int last_us)
{
  return last_us == 0 ? 50000 : MIN (2 * last_us, 400000);
}

static void
set_up_client (Fixture *f, X509 *certificate, EVP_PKEY *key)
{
  const Client *client = f->client;
  f->context = SSL_CTX_new (DTLS_client_method ());
  SSL_CTX_set_min_proto_version (f->context, client->version != 0 ? client->version : DTLS1_2_VERSION);
  SSL_CTX_set_max_proto_version (f->context, client->version != 0 ? client->version : DTLS1_2_VERSION);
  SSL_CTX_set_options (f->context, SSL_OP_NO_QUERY_MTU | client->options);
  if (client->ciphers != NULL)
    g_assert_true (SSL_CTX_set_cipher_list (f->context, client->ciphers));
  if (client->profiles == NULL || *client->profiles != '\0')
    g_assert_false (
      SSL_CTX_set_tlsext_use_srtp (f->context, client->profiles != NULL ? client->profiles : ALL_PROFILES));
  SSL_CTX_set_verify (f->context, SSL_VERIFY_PEER, NULL);
  SSL_CTX_set_cert_verify_callback (f->context, on_client_verify, f);
  if (client->long_hello) {
    guint8 protocols[4 * 256];
    memset (protocols, 255, sizeof protocols);
    g_assert_false (SSL_CTX_set_alpn_protos (f->context, protocols, sizeof protocols));
  }
  if (!client->no_certificate) {
    g_assert_true (SSL_CTX_use_certificate (f->context, certificate));
    g_assert_true (SSL_CTX_use_PrivateKey (f->context, key));
  }
}

static void
connect_client (Fixture *f)
{
  BIO *in = BIO_new (BIO_s_mem ()), *out = BIO_new (BIO_s_mem ());
  f->ssl = SSL_new (f->context);
  BIO_set_mem_eof_return (in, -1);
  SSL_set_bio (f->ssl, in, out);
  SSL_set_connect_state (f->ssl);
  SSL_set_mtu (f->ssl, f->client->mtu != 0 ? f->client->mtu : 1200);
  DTLS_set_timer_cb (f->ssl, on_client_timer);
}

static Fixture *
fixture_new (const Client *client)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EVP_PKEY) key = client->rsa ? EVP_RSA_gen (2048) : EVP_EC_gen ("P-256");
  g_autoptr (X509) certificate = make_certificate (key);
  Fixture *f = g_new0 (Fixture, 1);
  guint8 fingerprint[CV_DTLS_FINGERPRINT];
  f->client = client;
  f->identity = cv_dtls_identity_new (&error);
  g_assert_no_error (error);
  g_assert_true (X509_digest (certificate, EVP_sha256 (), fingerprint, NULL));
  fingerprint[31] ^= client->other_certificate;
  f->dtls = cv_dtls_new (f->identity, fingerprint, on_dtls_send, f);
  set_up_client (f, certificate, key);
  connect_client (f);
  return f;
}

static void
fixture_free (Fixture *f)
{
  SSL_free (f->ssl);
  SSL_CTX_free (f->context);
  cv_dtls_free (f->dtls);
  cv_dtls_identity_free (f->identity);
  g_queue_clear_full (&f->to_server, (GDestroyNotify) g_bytes_unref);
  g_queue_clear_full (&f->to_client, (GDestroyNotify) g_bytes_unref);
  g_free (f);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

/* --- what both ends have afterwards ------------------------------------------------------------------------------ */

static void
assert_opens (CvSrtp *sender, CvSrtp *receiver)
{
  guint8 packet[64] = { 0x80, 96 };
  CvSrtpWindow sent = { 0 }, received = { 0 };
  guint64 index;
  gsize n = cv_srtp_protect_rtp (sender, &sent, 0, packet, 12, packet + 12, 20);
  g_assert_cmpuint (n, >, 0);
  g_assert_true (cv_srtp_unprotect_rtp (receiver, &received, packet, 12, &n, &index));
}

static void
assert_keys (Fixture *f, CvSrtpProfile profile)
{
  guint8 material[128];
  gsize key_n = cv_srtp_key_length (profile), salt_n = cv_srtp_salt_length (profile);
  g_autoptr (CvSrtp) receive = NULL;
  g_autoptr (CvSrtp) send = NULL;
  g_assert_cmpint (cv_dtls_get_state (f->dtls), ==, CV_DTLS_CONNECTED);
  g_assert_true (SSL_is_init_finished (f->ssl));
  g_assert_cmpint (cv_dtls_take_keys (f->dtls, &receive, &send), ==, profile);
  g_assert_true (
    SSL_export_keying_material (f->ssl, material, 2 * (key_n + salt_n), EXPORTER, strlen (EXPORTER), NULL, 0, 0));
  g_autoptr (CvSrtp) client = cv_srtp_new (profile, material, material + 2 * key_n);
  g_autoptr (CvSrtp) server = cv_srtp_new (profile, material + key_n, material + 2 * key_n + salt_n);
  assert_opens (client, receive);
  assert_opens (send, server);

  CvSrtp *none, *neither;
  g_assert_cmpint (cv_dtls_take_keys (f->dtls, &none, &neither), ==, CV_SRTP_NONE);
  g_assert_null (none);
  g_assert_null (neither);
}

static void
assert_no_keys (Fixture *f)
{
  CvSrtp *receive, *send;
  g_assert_cmpint (cv_dtls_take_keys (f->dtls, &receive, &send), ==, CV_SRTP_NONE);
  g_assert_null (receive);
  g_assert_null (send);
}

/* --- tests ------------------------------------------------------------------------------------------------------- */

static const Client browser = { 0 };

static void
test_profile (gconstpointer data)
{
  static const char *const names[] = { NULL, "SRTP_AES128_CM_SHA1_80", "SRTP_AEAD_AES_128_GCM",
                                       "SRTP_AEAD_AES_256_GCM" };
  CvSrtpProfile profile = GPOINTER_TO_INT (data);
  Client client = { .profiles = names[profile] };
  g_autoptr (Fixture) f = fixture_new (&client);
  assert_no_keys (f);
  shake_hands (f, 10);
  assert_keys (f, profile);
}

static void
test_preference (void)
{
  Client client = { .profiles = "SRTP_AES128_CM_SHA1_32:" ALL_PROFILES, .rsa = TRUE };
  g_autoptr (Fixture) f = fixture_new (&client);
  shake_hands (f, 10);
  assert_keys (f, CV_SRTP_AEAD_AES_256_GCM);
  g_assert_cmpuint (f->largest, <=, 1152);
  g_assert_cmpstr (SSL_get_cipher (f->ssl), ==, "ECDHE-ECDSA-AES256-GCM-SHA384");
  g_assert_null (cv_dtls_get_failure (f->dtls));
}

static const struct {
  const char *name;
  Client client;
} refused[] = {
  { "fingerprint", { .other_certificate = TRUE, .failure = "fingerprint" } },
  { "no-certificate", { .no_certificate = TRUE, .failure = "no-certificate" } },
  { "no-srtp", { .profiles = "", .failure = "no-srtp" } },
  { "short-tags", { .profiles = "SRTP_AES128_CM_SHA1_32", .failure = "no-srtp" } },
  { "no-ems", { .options = SSL_OP_NO_EXTENDED_MASTER_SECRET, .failure = "no-extended-master-secret" } },
  { "dtls-1.0", { .version = DTLS1_VERSION, .ciphers = "ALL:@SECLEVEL=0", .failure = "handshake" } },
  { "null", { .ciphers = "eNULL:@SECLEVEL=0", .failure = "handshake" } },
  { "anonymous", { .ciphers = "aNULL:@SECLEVEL=0", .failure = "handshake" } },
  { "cbc", { .ciphers = "ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA", .failure = "handshake" } },
  { "no-forward-secrecy", { .ciphers = "AES256-GCM-SHA384:AES128-GCM-SHA256", .failure = "handshake" } },
  { "distrusted", { .distrusts = TRUE, .failure = "alert" } },
};

static void
test_refused (gconstpointer data)
{
  const Client *client = data;
  g_autoptr (Fixture) f = fixture_new (client);
  shake_hands (f, 2);
  g_assert_cmpint (cv_dtls_get_state (f->dtls), ==, CV_DTLS_FAILED);
  g_assert_cmpstr (cv_dtls_get_failure (f->dtls), ==, client->failure);
  g_assert_true (f->client_failed); /* it was told */
  g_assert_false (SSL_is_init_finished (f->ssl));
  assert_no_keys (f);
  guint sent = f->n_sent;
  cv_dtls_close (f->dtls);
  g_assert_cmpint (cv_dtls_tick (f->dtls), ==, CV_DTLS_FAILED);
  g_assert_cmpuint (f->n_sent, ==, sent);
}

/* A fifth is lost, a fifth repeated, a fifth comes late; hello and certificate go in small pieces. */
static void
test_bad_network (void)
{
  Client client = { .mtu = 256, .rsa = TRUE, .long_hello = TRUE };
  for (guint i = 0; i < 4; i++) {
    g_autoptr (Fixture) f = fixture_new (&client);
    f->bad = 20;
    shake_hands (f, 20);
    assert_keys (f, CV_SRTP_AEAD_AES_256_GCM);
  }
}

static void
test_long_hello (void)
{
  Client client = { .long_hello = TRUE };
  g_autoptr (Fixture) f = fixture_new (&client);
  run_client (f);
  g_assert_cmpuint (f->to_server.length, ==, 2);
  g_queue_reverse (&f->to_server);
  shake_hands (f, 10);
  assert_keys (f, CV_SRTP_AEAD_AES_256_GCM);
}

/* The server has finished and its last flight is lost: the client sends its own again, and gets it. */
static void
test_last_flight (void)
{
  g_autoptr (Fixture) f = fixture_new (&browser);
  run_client (f);
  while (f->n_sent == 0) {
    g_autoptr (GBytes) in = g_queue_pop_head (&f->to_server);
    g_assert_nonnull (in);
    cv_dtls_receive (f->dtls, g_bytes_get_data (in, NULL), g_bytes_get_size (in));
  }
  f->lose_sent = 100; /* all but the first flight */
  deliver (f);
  g_assert_cmpint (cv_dtls_get_state (f->dtls), ==, CV_DTLS_CONNECTED);
  g_assert_false (SSL_is_init_finished (f->ssl));
  f->lose_sent = 0;
  shake_hands (f, 5);
  assert_keys (f, CV_SRTP_AEAD_AES_256_GCM);
}

/* Nobody answers: sent again after 50 ms, then 100, then 200. */
static void
test_resent (void)
{
  g_autoptr (Fixture) f = fixture_new (&browser);
  f->lose_sent = G_MAXUINT;
  cv_dtls_tick (f->dtls);
  g_assert_cmpuint (f->n_sent, ==, 0);
  run_client (f);
  deliver (f);
  g_assert_cmpuint (f->n_sent, >, 0);
  for (gint64 wanted = 50; wanted <= 200; wanted *= 2) {
    gint64 before = f->sent_at;
    guint sent = f->n_sent;
    while (f->n_sent == sent) {
      g_usleep (1000);
      g_assert_cmpint (cv_dtls_tick (f->dtls), ==, CV_DTLS_HANDSHAKING);
    }
    g_assert_cmpuint (f->n_sent, <=, sent + 5); /* a datagram a message */
    g_assert_cmpint (f->sent_at - before, >=, (wanted - 16) * 1000);
    g_assert_cmpint (f->sent_at - before, <, (wanted + 500) * 1000); /* a slow machine */
  }
}

static void
test_timeout (void)
{
  g_autoptr (Fixture) f = fixture_new (&browser);
  ahead += G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC; /* without a datagram it waits */
  g_assert_cmpint (cv_dtls_tick (f->dtls), ==, CV_DTLS_HANDSHAKING);
  run_client (f);
  f->lose_sent = G_MAXUINT;
  deliver (f);
  ahead += 29 * G_USEC_PER_SEC;
  g_assert_cmpint (cv_dtls_tick (f->dtls), ==, CV_DTLS_HANDSHAKING);
  ahead += 2 * G_USEC_PER_SEC;
  g_assert_cmpint (cv_dtls_tick (f->dtls), ==, CV_DTLS_FAILED);
  g_assert_cmpstr (cv_dtls_get_failure (f->dtls), ==, "timeout");
}

/* What is no DTLS, or no record that fits, changes nothing. */
static void
test_garbage (void)
{
  g_autoptr (Fixture) f = fixture_new (&browser);
  for (guint i = 0; i < 200; i++) {
    guint8 datagram[300];
    gsize n = (gsize) g_test_rand_int_range (0, sizeof datagram);
    for (gsize k = 0; k < n; k++)
      datagram[k] = (guint8) g_test_rand_int ();
    if (i % 2 == 0 && n > 4) { /* looks like a record of an epoch to come */
      datagram[0] = (guint8) g_test_rand_int_range (20, 25);
      cv_write16 (datagram + 1, 0xfefd);
      datagram[3] = 7;
    }
    g_assert_cmpint (cv_dtls_receive (f->dtls, datagram, n), ==, CV_DTLS_HANDSHAKING);
  }
  shake_hands (f, 10);
  assert_keys (f, CV_SRTP_AEAD_AES_256_GCM);
}

/* A message said to be as long as can be written is refused before there is room for it. */
static void
test_huge_fragment (void)
{
  static const guint8 record[] = {
    22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 1, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4,
  };
  g_autoptr (Fixture) f = fixture_new (&browser);
  g_assert_cmpint (cv_dtls_receive (f->dtls, record, sizeof record), ==, CV_DTLS_FAILED);
  g_assert_cmpstr (cv_dtls_get_failure (f->dtls), ==, "handshake");
}

static void
test_too_much (void)
{
  guint8 datagram[1200] = { 22, 0xfe, 0xfd, 0, 9 };
  g_autoptr (Fixture) f = fixture_new (&browser);
  guint count = 0;
  while (cv_dtls_receive (f->dtls, datagram, sizeof datagram) == CV_DTLS_HANDSHAKING)
    g_assert_cmpuint (++count, <, 200);
  g_assert_cmpstr (cv_dtls_get_failure (f->dtls), ==, "too-much");
  g_assert_cmpuint (count, >, 50);
}

static void
test_closed_by_client (void)
{
  g_autoptr (Fixture) f = fixture_new (&browser);
  shake_hands (f, 10);
  g_assert_cmpint (SSL_write (f->ssl, "not for us", 10), ==, 10);
  collect (f);
  deliver (f);
  g_assert_cmpint (cv_dtls_get_state (f->dtls), ==, CV_DTLS_CONNECTED);
  guint8 forged[] = { 21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 1, 0 };
  g_assert_cmpint (cv_dtls_receive (f->dtls, forged, sizeof forged), ==, CV_DTLS_CONNECTED);
  SSL_shutdown (f->ssl);
  collect (f);
  deliver (f);
  g_assert_cmpint (cv_dtls_get_state (f->dtls), ==, CV_DTLS_CLOSED);
  g_assert_cmpint (cv_dtls_receive (f->dtls, forged, sizeof forged), ==, CV_DTLS_CLOSED);
  CvSrtp *receive, *send; /* that it closed does not undo what was agreed */
  g_assert_cmpint (cv_dtls_take_keys (f->dtls, &receive, &send), ==, CV_SRTP_AEAD_AES_256_GCM);
  cv_srtp_free (receive);
  cv_srtp_free (send);
}

static void
test_closed_by_us (void)
{
  g_autoptr (Fixture) f = fixture_new (&browser);
  shake_hands (f, 10);
  cv_dtls_close (f->dtls);
  g_assert_cmpint (cv_dtls_get_state (f->dtls), ==, CV_DTLS_CLOSED);
  deliver (f);
  g_assert_true (SSL_get_shutdown (f->ssl) & SSL_RECEIVED_SHUTDOWN);
  guint sent = f->n_sent;
  cv_dtls_close (f->dtls);
  g_assert_cmpuint (f->n_sent, ==, sent);

  g_autoptr (Fixture) early = fixture_new (&browser);
  cv_dtls_close (early->dtls);
  g_assert_cmpint (cv_dtls_get_state (early->dtls), ==, CV_DTLS_CLOSED);
  g_assert_cmpuint (early->n_sent, ==, 0);
}

/* A second handshake within the first gets no more than an alert. */
static void
test_renegotiation (void)
{
  g_autoptr (Fixture) f = fixture_new (&browser);
  shake_hands (f, 10);
  assert_keys (f, CV_SRTP_AEAD_AES_256_GCM);
  f->largest = 0;
  SSL_renegotiate (f->ssl);
  SSL_do_handshake (f->ssl);
  collect (f);
  g_assert_cmpuint (f->to_server.length, >, 0);
  deliver (f);
  g_assert_cmpuint (f->largest, <, 100);
  g_assert_cmpint (cv_dtls_get_state (f->dtls), !=, CV_DTLS_HANDSHAKING);
  assert_no_keys (f);
}

/* A session from an earlier handshake does not save the certificate. */
static void
test_resumption (void)
{
  guint8 fingerprint[CV_DTLS_FINGERPRINT];
  g_autoptr (Fixture) f = fixture_new (&browser);
  shake_hands (f, 10);
  SSL_SESSION *session = SSL_get1_session (f->ssl);
  g_assert_true (X509_digest (SSL_get_certificate (f->ssl), EVP_sha256 (), fingerprint, NULL));
  cv_dtls_free (f->dtls);
  SSL_set_shutdown (f->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN); /* so that the client keeps it */
  SSL_free (f->ssl);
  f->dtls = cv_dtls_new (f->identity, fingerprint, on_dtls_send, f);
  connect_client (f);
  g_assert_true (SSL_set_session (f->ssl, session));
  g_assert_false (SSL_SESSION_has_ticket (session));
  shake_hands (f, 10);
  g_assert_false (SSL_session_reused (f->ssl));
  assert_keys (f, CV_SRTP_AEAD_AES_256_GCM);
  SSL_SESSION_free (session);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (CvSrtpProfile profile = CV_SRTP_AES128_CM_SHA1_80; profile <= CV_SRTP_AEAD_AES_256_GCM; profile++) {
    g_autofree char *path = g_strdup_printf ("/dtls/profile/%d", profile);
    g_test_add_data_func (path, GINT_TO_POINTER (profile), test_profile);
  }
  g_test_add_func ("/dtls/preference", test_preference);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autofree char *path = g_strconcat ("/dtls/refused/", refused[i].name, NULL);
    g_test_add_data_func (path, &refused[i].client, test_refused);
  }
  g_test_add_func ("/dtls/bad-network", test_bad_network);
  g_test_add_func ("/dtls/long-hello", test_long_hello);
  g_test_add_func ("/dtls/last-flight", test_last_flight);
  g_test_add_func ("/dtls/resent", test_resent);
  g_test_add_func ("/dtls/timeout", test_timeout);
  g_test_add_func ("/dtls/garbage", test_garbage);
  g_test_add_func ("/dtls/huge-fragment", test_huge_fragment);
  g_test_add_func ("/dtls/too-much", test_too_much);
  g_test_add_func ("/dtls/closed-by-client", test_closed_by_client);
  g_test_add_func ("/dtls/closed-by-us", test_closed_by_us);
  g_test_add_func ("/dtls/renegotiation", test_renegotiation);
  g_test_add_func ("/dtls/resumption", test_resumption);
  return g_test_run ();
}
