/* The sockets of a call: keys by DTLS, RTCP beside RTP, IPv6, and what is no packet. What strangers send: test-call-media.c. */
#include "sip/wire.h"

#include "lib/phone.h"

#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define EXPORTER "EXTRACTOR-dtls_srtp"
#define KEY 16
#define SALT 14
#define RTCP_EVERY_US (G_USEC_PER_SEC / 10)

typedef struct {
  CvDtlsIdentity *identity;
  CvTestPhone *phone;
  CvWire *wire;
  CvCallAgreement agreement;
  guint packets, reports;
  guint64 index;
  gsize n;        /* of the last payload */
  gint64 rtcp_at; /* µs: of the last report */
  const char *failure;
  SSL_CTX *context;
  SSL *ssl;
} Fixture;

static void
on_rtp (const CvRtp *rtp, const guint8 *payload, gsize n, guint64 index, gint64 at, gpointer user_data)
{
  Fixture *self = user_data;
  g_assert_cmpint (at, <=, g_get_monotonic_time ());
  g_assert_cmpint (at, >, g_get_monotonic_time () - G_USEC_PER_SEC * 30);
  self->packets++;
  self->index = index;
  self->n = n;
}

static void
on_rtcp (const guint8 *packet, gsize n, gint64 at, gpointer user_data)
{
  Fixture *self = user_data;
  self->reports++;
  self->rtcp_at = at;
}

static void
on_failed (const char *reason, gpointer user_data)
{
  ((Fixture *) user_data)->failure = reason;
}

static const CvWireFuncs funcs = { on_rtp, on_rtcp, on_failed };

static void
set_up (Fixture *self, gconstpointer data)
{
  self->identity = cv_dtls_identity_new (NULL);
  self->phone = cv_test_phone_new ("127.0.0.1", CV_PHONE_PCMU);
  self->wire = cv_wire_new (cv_test_phone_socket (self->phone), -1, self->identity, &funcs, self);
  cv_test_phone_agreement (self->phone, &self->agreement);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  cv_wire_free (self->wire);
  cv_test_phone_free (self->phone);
  cv_dtls_identity_free (self->identity);
  g_clear_pointer (&self->ssl, SSL_free);
  g_clear_pointer (&self->context, SSL_CTX_free);
}

static void
read_wire (Fixture *self)
{
  cv_wire_read (self->wire, g_get_monotonic_time ());
}

static void
send_raw (Fixture *self, gconstpointer data, gsize n)
{
  sendto (self->phone->fd, data, n, 0, &self->phone->call.any, self->phone->call.n);
}

/* Padding, contributing sources, other types, too short, other versions, with RTCP among them. */
static void
test_packets (Fixture *self, gconstpointer data)
{
  static const guint8 padded[] = { 0xa0, 0, 0, 9, 0, 0, 0, 0, 1, 2, 3, 4, 0xff, 0xff, 0, 2 };
  static const guint8 all_padding[] = { 0xa0, 0, 0, 10, 0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 200 };
  static const guint8 other_type[] = { 0x80, 34, 0, 11, 0, 0, 0, 0, 1, 2, 3, 4, 0xff };
  static const guint8 version[] = { 0x40, 0, 0, 11, 0, 0, 0, 0, 1, 2, 3, 4, 0xff };
  static const guint8 report[] = { 0x80, 201, 0, 1, 1, 2, 3, 4 };
  read_wire (self);
  send_raw (self, padded, sizeof padded);
  read_wire (self);
  g_assert_cmpuint (self->packets, ==, 0); /* nothing was agreed */
  g_assert_true (cv_wire_agree (self->wire, &self->agreement));
  send_raw (self, report, sizeof report); /* it is not known yet who that is */
  send_raw (self, other_type, sizeof other_type);
  read_wire (self);
  g_assert_false (cv_wire_is_open (self->wire));
  send_raw (self, padded, sizeof padded);
  read_wire (self);
  g_assert_true (cv_wire_is_open (self->wire));
  g_assert_cmpuint (self->packets, ==, 1);
  g_assert_cmpuint (self->n, ==, 2);
  send_raw (self, all_padding, sizeof all_padding);
  send_raw (self, version, sizeof version);
  send_raw (self, other_type, sizeof other_type);
  send_raw (self, padded, 11);
  send_raw (self, padded, 0);
  send_raw (self, report, sizeof report);
  read_wire (self);
  g_assert_cmpuint (self->packets, ==, 1);
  g_assert_cmpuint (self->reports, ==, 1);
}

/* More than one tick reads stays for the next ones. */
static void
test_many (Fixture *self, gconstpointer data)
{
  g_assert_true (cv_wire_agree (self->wire, &self->agreement));
  for (guint i = 0; i < 40; i++)
    cv_test_phone_say (self->phone, 0, 0);
  read_wire (self);
  guint first = self->packets;
  g_assert_cmpuint (first, >=, 32);
  g_assert_cmpuint (first, <, 40);
  read_wire (self);
  g_assert_cmpuint (self->packets, ==, 40);
  g_assert_cmpuint (self->index & 0xffff, ==, (self->phone->index - 1) & 0xffff);
}

static void
test_rtcp_port (Fixture *self, gconstpointer data)
{
  static const guint8 report[] = { 0x80, 201, 0, 1, 1, 2, 3, 4 };
  guint8 packet[64] = { 0x80, 201, 0, 1, 9, 9, 9, 9 };
  g_autoptr (CvTestPhone) rtcp = cv_test_phone_new ("127.0.0.1", CV_PHONE_PCMU);
  g_autoptr (CvWire) wire =
    cv_wire_new (cv_test_phone_socket (self->phone), cv_test_phone_socket (rtcp), NULL, &funcs, self);
  self->agreement.rtcp_mux = FALSE;
  self->agreement.remote_rtcp = self->phone->address; /* wrong, as behind a NAT: it is where it comes from */
  g_assert_true (cv_wire_agree (wire, &self->agreement));
  cv_test_phone_say (self->phone, 0, 0);
  gint64 start = g_get_monotonic_time ();
  cv_wire_read (wire, start);
  sendto (rtcp->fd, report, sizeof report, 0, &rtcp->call.any, rtcp->call.n);
  cv_wire_read (wire, start + RTCP_EVERY_US - 1); /* not looked at yet */
  g_assert_cmpuint (self->reports, ==, 0);
  g_usleep (10000);
  cv_wire_read (wire, start + RTCP_EVERY_US);
  g_assert_cmpuint (self->reports, ==, 1);
  /* When it came, not when it was read: once the kernel stamps what arrives, which begins a while after the first socket has asked for it. */
  gint64 now = start + RTCP_EVERY_US;
  for (guint tries = 0; tries < 500 && self->rtcp_at > now - 10000; tries++) {
    sendto (rtcp->fd, report, sizeof report, 0, &rtcp->call.any, rtcp->call.n);
    g_usleep (10000);
    cv_wire_read (wire, now += RTCP_EVERY_US);
  }
  g_assert_cmpint (self->rtcp_at, <=, now - 10000);
  g_assert_true (cv_wire_send_rtcp (wire, packet, 8));
  g_assert_cmpint (recv (rtcp->fd, packet, sizeof packet, MSG_DONTWAIT), ==, 8);
}

/* ---- DTLS ---- */

static X509 *
make_certificate (EVP_PKEY *key)
{
  X509 *certificate = X509_new ();
  X509_NAME *name = X509_get_subject_name (certificate);
  X509_set_version (certificate, X509_VERSION_3);
  X509_gmtime_adj (X509_getm_notBefore (certificate), -60 * 60);
  X509_gmtime_adj (X509_getm_notAfter (certificate), 60 * 60);
  X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_ASC, (const guint8 *) "phone", -1, -1, 0);
  X509_set_issuer_name (certificate, name);
  X509_set_pubkey (certificate, key);
  g_assert_cmpint (X509_sign (certificate, key, EVP_sha256 ()), >, 0);
  return certificate;
}

static int
on_verify (X509_STORE_CTX *store, void *data)
{
  return 1;
}

static void
make_client (Fixture *self)
{
  EVP_PKEY *key = EVP_EC_gen ("P-256");
  X509 *certificate = make_certificate (key);
  self->context = SSL_CTX_new (DTLS_client_method ());
  SSL_CTX_set_options (self->context, SSL_OP_NO_QUERY_MTU);
  g_assert_false (SSL_CTX_set_tlsext_use_srtp (self->context, "SRTP_AES128_CM_SHA1_80"));
  SSL_CTX_set_verify (self->context, SSL_VERIFY_PEER, NULL);
  SSL_CTX_set_cert_verify_callback (self->context, on_verify, NULL);
  g_assert_true (SSL_CTX_use_certificate (self->context, certificate));
  g_assert_true (SSL_CTX_use_PrivateKey (self->context, key));
  g_assert_true (X509_digest (certificate, EVP_sha256 (), self->agreement.fingerprint, NULL));
  X509_free (certificate);
  EVP_PKEY_free (key);
  g_assert_cmpint (connect (self->phone->fd, &self->phone->call.any, self->phone->call.n), ==, 0);
  self->ssl = SSL_new (self->context);
  SSL_set_mtu (self->ssl, 1200);
  BIO *bio = BIO_new_dgram (self->phone->fd, BIO_NOCLOSE);
  SSL_set_bio (self->ssl, bio, bio);
  BIO_ctrl (bio, BIO_CTRL_DGRAM_SET_CONNECTED, 0, &self->phone->call.any);
  struct timeval wait = { .tv_usec = 1000 };
  BIO_ctrl (bio, BIO_CTRL_DGRAM_SET_RECV_TIMEOUT, 0, &wait);
  SSL_set_connect_state (self->ssl);
}

static gboolean
shake_hands (Fixture *self)
{
  for (guint i = 0; i < 3000 && self->failure == NULL; i++) {
    gboolean done = SSL_do_handshake (self->ssl) == 1;
    read_wire (self);
    if (done)
      return TRUE;
  }
  return FALSE;
}

static void
take_keys (Fixture *self)
{
  guint8 keys[2 * (KEY + SALT)];
  g_assert_cmpint (SSL_export_keying_material (self->ssl, keys, sizeof keys, EXPORTER, strlen (EXPORTER), NULL, 0, 0),
                   ==, 1);
  self->phone->send = cv_srtp_new (CV_SRTP_AES128_CM_SHA1_80, keys, keys + 2 * KEY);
  self->phone->receive = cv_srtp_new (CV_SRTP_AES128_CM_SHA1_80, keys + KEY, keys + 2 * KEY + SALT);
}

static void
test_dtls (Fixture *self, gconstpointer data)
{
  guint8 packet[CV_RTP_HEADER + 160 + CV_SRTP_MAX_OVERHEAD] = { 0x80, 0, 0, 5 };
  make_client (self);
  self->agreement.security = CV_CALL_DTLS;
  g_assert_true (cv_wire_agree (self->wire, &self->agreement));
  cv_test_phone_say (self->phone, 0, 0); /* in the clear: not heard */
  read_wire (self);
  g_assert_false (cv_wire_send_rtp (self->wire, 5, packet, CV_RTP_HEADER + 160));
  g_assert_true (shake_hands (self));
  take_keys (self);
  cv_test_phone_say (self->phone, 0, 0);
  read_wire (self);
  g_assert_cmpuint (self->packets, ==, 1);
  g_assert_true (cv_wire_is_open (self->wire));
  guint epoch = cv_wire_get_epoch (self->wire);
  g_assert_true (cv_wire_agree (self->wire, &self->agreement)); /* a re-INVITE that changes nothing: keys stay */
  g_assert_cmpuint (cv_wire_get_epoch (self->wire), ==, epoch);
  g_assert_true (cv_wire_send_rtp (self->wire, 5, packet, CV_RTP_HEADER + 160));
  g_assert_false (cv_wire_send_rtp (self->wire, 5, packet, CV_RTP_HEADER + 160)); /* never twice */
  cv_test_phone_listen (self->phone);
  g_assert_cmpuint (self->phone->packets, ==, 1);
  g_assert_cmpuint (self->phone->others, ==, 0);
}

static void
test_dtls_forged (Fixture *self, gconstpointer data)
{
  make_client (self);
  self->agreement.security = CV_CALL_DTLS;
  self->agreement.fingerprint[7] ^= 1;
  g_assert_true (cv_wire_agree (self->wire, &self->agreement));
  g_assert_false (shake_hands (self));
  g_assert_cmpstr (self->failure, ==, "fingerprint");
  g_assert_false (cv_wire_is_open (self->wire));
}

#define TEST(name, function) g_test_add ("/wire/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  TEST ("packets", test_packets);
  TEST ("many", test_many);
  TEST ("rtcp-port", test_rtcp_port);
  TEST ("dtls", test_dtls);
  TEST ("dtls-forged", test_dtls_forged);
  return g_test_run ();
}
