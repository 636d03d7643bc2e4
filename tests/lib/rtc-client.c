/* See rtc-client.h. */
#include "lib/rtc-client.h"

#include <glib-unix.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/wait.h"
#include "rtp/dtls.h"

#define PROFILES "SRTP_AEAD_AES_128_GCM:SRTP_AEAD_AES_256_GCM:SRTP_AES128_CM_SHA1_80"
#define EXPORTER "EXTRACTOR-dtls_srtp"
#define COOKIE 0x2112a442u
#define ROOM 2048
#define FEEDBACK_MS 50
#define RTCP_ROOM 1200
#define OWN_SSRC 77 /* of reports */

struct _CvRtcStream {
  guint32 ssrc;
  CvSrtpWindow window;
  GHashTable *indices; /* all that were used: a window forgets */
};

/* ---- the socket ---- */

static gboolean on_readable (gint fd, GIOCondition condition, gpointer user_data);

static void
open_socket (CvRtcClient *self)
{
  struct sockaddr_in local = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int size = 4 << 20;
  self->fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  g_assert_cmpint (bind (self->fd, (struct sockaddr *) &local, sizeof local), ==, 0);
  setsockopt (self->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  self->source = g_unix_fd_add (self->fd, G_IO_IN, on_readable, self);
}

int
cv_rtc_client_move (CvRtcClient *self)
{
  int old = self->fd;
  g_source_remove (self->source);
  open_socket (self);
  return old;
}

void
cv_rtc_client_send_raw (CvRtcClient *self, const guint8 *data, gsize n)
{
  while (sendto (self->fd, data, n, 0, &self->server.any, self->server.n) < 0)
    cv_test_settle ();
}

/* ---- checks ---- */

static guint8 *
put (guint8 *at, guint16 type, const void *value, gsize n)
{
  cv_write16 (at, type);
  cv_write16 (at + 2, (guint16) n);
  memset (at + 4, 0, (n + 3) / 4 * 4);
  if (n > 0)
    memcpy (at + 4, value, n);
  return at + 4 + (n + 3) / 4 * 4;
}

void
cv_rtc_client_check (CvRtcClient *self, gboolean nominate)
{
  static const guint8 priority[4] = { 0x6e, 0, 0, 1 }, controlling[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
  guint8 packet[ROOM], digest[20];
  guint digest_n = 0;
  g_autofree char *username = g_strdup_printf ("%s:abcd", self->ufrag);
  cv_write16 (packet, 1);
  cv_write32 (packet + 4, COOKIE);
  for (guint i = 8; i < 20; i++)
    packet[i] = (guint8) g_random_int ();
  guint8 *at = put (packet + 20, 0x0006, username, strlen (username));
  at = put (at, 0x0024, priority, 4);
  at = put (at, 0x802a, controlling, 8);
  if (nominate)
    at = put (at, 0x0025, NULL, 0);
  gsize n = (gsize) (at - packet);
  cv_write16 (packet + 2, (guint16) (n + 24 - 20));
  HMAC (EVP_sha1 (), self->pwd, (int) strlen (self->pwd), packet, n, digest, &digest_n);
  put (at, 0x0008, digest, 20);
  cv_rtc_client_send_raw (self, packet, n + 24);
}

static void
on_stun (CvRtcClient *self, const guint8 *data)
{
  if (cv_read16 (data) == 0x0101)
    self->responses++;
  else
    self->conflicts++;
}

/* ---- handshake ---- */

/* Each record is a datagram. */
static void
flush_handshake (CvRtcClient *self)
{
  BIO *out = SSL_get_wbio (self->ssl);
  char *data;
  gsize n = (gsize) BIO_get_mem_data (out, &data), at = 0;
  while (at + 13 <= n) {
    gsize record_n = 13u + cv_read16 ((const guint8 *) data + at + 11);
    cv_rtc_client_send_raw (self, (const guint8 *) data + at, record_n);
    at += record_n;
  }
  (void) BIO_reset (out);
}

static void
take_keys (CvRtcClient *self)
{
  const SRTP_PROTECTION_PROFILE *agreed = SSL_get_selected_srtp_profile (self->ssl);
  CvSrtpProfile profile = agreed->id == SRTP_AEAD_AES_128_GCM   ? CV_SRTP_AEAD_AES_128_GCM
                          : agreed->id == SRTP_AEAD_AES_256_GCM ? CV_SRTP_AEAD_AES_256_GCM
                                                                : CV_SRTP_AES128_CM_SHA1_80;
  gsize key_n = cv_srtp_key_length (profile), salt_n = cv_srtp_salt_length (profile);
  guint8 material[128];
  g_assert_true (
    SSL_export_keying_material (self->ssl, material, 2 * (key_n + salt_n), EXPORTER, strlen (EXPORTER), NULL, 0, 0));
  self->send = cv_srtp_new (profile, material, material + 2 * key_n);
  self->receive = cv_srtp_new (profile, material + key_n, material + 2 * key_n + salt_n);
  self->connected = TRUE;
}

static void
go_on (CvRtcClient *self)
{
  guint8 data[ROOM];
  if (self->failed)
    return;
  ERR_clear_error ();
  int result =
    SSL_is_init_finished (self->ssl) ? SSL_read (self->ssl, data, sizeof data) : SSL_do_handshake (self->ssl);
  int error = SSL_get_error (self->ssl, result);
  if (error == SSL_ERROR_ZERO_RETURN)
    self->closed = TRUE;
  else if (result != 1 && error != SSL_ERROR_WANT_READ)
    self->failed = TRUE;
  flush_handshake (self);
  if (SSL_is_init_finished (self->ssl) && !self->connected && !self->failed)
    take_keys (self);
}

void
cv_rtc_client_shake_hands (CvRtcClient *self)
{
  BIO *in = BIO_new (BIO_s_mem ()), *out = BIO_new (BIO_s_mem ());
  self->ssl = SSL_new (self->context);
  BIO_set_mem_eof_return (in, -1);
  SSL_set_bio (self->ssl, in, out);
  SSL_set_connect_state (self->ssl);
  SSL_set_mtu (self->ssl, 1200);
  go_on (self);
}

void
cv_rtc_client_connect (CvRtcClient *self)
{
  guint before = self->responses;
  cv_rtc_client_check (self, TRUE);
  cv_test_wait_until (self->responses > before);
  cv_rtc_client_shake_hands (self);
  cv_test_wait_until (self->connected);
}

void
cv_rtc_client_settle (CvRtcClient *self)
{
  guint before = self->responses;
  cv_rtc_client_check (self, FALSE);
  cv_test_wait_until (self->responses > before);
}

/* ---- what comes ---- */

static void
free_stream (gpointer data)
{
  CvRtcStream *stream = data;
  g_hash_table_unref (stream->indices);
  g_free (stream);
}

static CvRtcStream *
find_stream (GPtrArray *streams, guint32 ssrc)
{
  for (guint i = 0; i < streams->len; i++) {
    CvRtcStream *stream = g_ptr_array_index (streams, i);
    if (stream->ssrc == ssrc)
      return stream;
  }
  CvRtcStream *stream = g_new0 (CvRtcStream, 1);
  stream->ssrc = ssrc;
  stream->indices = g_hash_table_new (g_direct_hash, g_direct_equal);
  g_ptr_array_add (streams, stream);
  return stream;
}

/* TRUE the first time. The index is worked out from what stands in the packet, not by what is being tested. */
static gboolean
note_index (CvRtcClient *self, CvRtcStream *stream, guint16 seq)
{
  guint64 index = cv_srtp_window_guess (&stream->window, seq);
  if (g_hash_table_add (stream->indices, GSIZE_TO_POINTER (index + 1)))
    return TRUE;
  self->twice++;
  return FALSE;
}

static void
read_extensions (CvRtcPacket *packet, const CvRtp *rtp, const guint8 *data)
{
  packet->twcc = rtp->extension_n[CV_RTC_TWCC] == 2 ? cv_read16 (data + rtp->extension_at[CV_RTC_TWCC]) : -1;
  packet->level = rtp->extension_n[CV_RTC_LEVEL] == 1 ? data[rtp->extension_at[CV_RTC_LEVEL]] : 127;
  memcpy (packet->mid, data + rtp->extension_at[CV_RTC_MID], rtp->extension_n[CV_RTC_MID]);
}

static void
on_rtp (CvRtcClient *self, guint8 *data, gsize n)
{
  CvRtp rtp;
  guint64 index;
  if (self->receive == NULL || !cv_rtp_parse (&rtp, data, n)) {
    self->rejected++;
    return;
  }
  CvRtcStream *stream = find_stream (self->streams, rtp.ssrc);
  if (!note_index (self, stream, rtp.seq) ||
      !cv_srtp_unprotect_rtp (self->receive, &stream->window, data, rtp.header_n, &n, &index)) {
    self->rejected++;
    return;
  }
  CvRtcPacket *packet = g_new0 (CvRtcPacket, 1);
  packet->ssrc = rtp.ssrc;
  packet->index = index;
  packet->type = rtp.payload_type;
  packet->marker = rtp.marker;
  packet->timestamp = rtp.timestamp;
  read_extensions (packet, &rtp, data);
  if (packet->twcc >= 0)
    cv_twcc_receiver_add (self->feedback, (guint16) packet->twcc, g_get_monotonic_time ());
  packet->n = n - rtp.header_n;
  memcpy (packet->payload, data + rtp.header_n, MIN (packet->n, sizeof packet->payload));
  g_ptr_array_add (self->packets, packet);
}

static void
on_rtcp (CvRtcClient *self, guint8 *data, gsize n)
{
  /* AEAD: the index is the last word (RFC 7714 §9.1) */
  g_autofree char *key = g_strdup_printf ("%08x %08x", cv_read32 (data + 4), cv_read32 (data + n - 4));
  if (self->receive != NULL && cv_srtp_get_profile (self->receive) != CV_SRTP_AES128_CM_SHA1_80)
    self->twice += !g_hash_table_add (self->used, g_steal_pointer (&key));
  if (self->receive == NULL || !cv_srtp_unprotect_rtcp (self->receive, data, &n)) {
    self->rejected++;
    return;
  }
  g_ptr_array_add (self->reports, g_bytes_new (data, n));
}

static void
on_datagram (CvRtcClient *self, guint8 *data, gsize n)
{
  self->datagrams++;
  if (data[0] < 4) {
    on_stun (self, data);
  } else if (cv_dtls_is (data, n) && self->ssl != NULL) {
    BIO_write (SSL_get_rbio (self->ssl), data, (int) n);
    go_on (self);
  } else if (n >= CV_RTP_HEADER && cv_rtp_is_rtcp (data)) {
    on_rtcp (self, data, n);
  } else {
    on_rtp (self, data, n);
  }
}

static gboolean
on_readable (gint fd, GIOCondition condition, gpointer user_data)
{
  CvRtcClient *self = user_data;
  guint8 data[ROOM];
  for (guint i = 0; i < 256; i++) {
    ssize_t n = recv (fd, data, sizeof data, MSG_DONTWAIT);
    if (n <= 0)
      break;
    on_datagram (self, data, (gsize) n);
  }
  return G_SOURCE_CONTINUE;
}

guint
cv_rtc_client_count (CvRtcClient *self, guint32 ssrc)
{
  guint n = 0;
  for (guint i = 0; i < self->packets->len; i++)
    n += ssrc == 0 || ((CvRtcPacket *) g_ptr_array_index (self->packets, i))->ssrc == ssrc;
  return n;
}

const CvRtcPacket *
cv_rtc_client_get_last (CvRtcClient *self, guint32 ssrc)
{
  for (guint i = self->packets->len; i > 0; i--) {
    const CvRtcPacket *packet = g_ptr_array_index (self->packets, i - 1);
    if (ssrc == 0 || packet->ssrc == ssrc)
      return packet;
  }
  return NULL;
}

guint
cv_rtc_client_count_rtcp (CvRtcClient *self, CvRtcpType type, guint32 media, CvRtcpItem *last)
{
  guint n = 0;
  for (guint i = 0; i < self->reports->len; i++) {
    GBytes *report = g_ptr_array_index (self->reports, i);
    CvRtcpReader reader;
    CvRtcpItem item;
    cv_rtcp_reader_init (&reader, g_bytes_get_data (report, NULL), g_bytes_get_size (report));
    while (cv_rtcp_reader_next (&reader, &item)) {
      guint32 about = type == CV_RTCP_SR ? item.sender : item.media;
      if (item.type != type || (media != 0 && about != media))
        continue;
      n++;
      if (last != NULL)
        *last = item;
    }
    g_assert_false (reader.malformed);
  }
  return n;
}

/* ---- what goes ---- */

static guint8 *
put_extension (guint8 *at, guint8 id, const void *value, gsize n)
{
  *at++ = (guint8) (id << 4 | (n - 1));
  memcpy (at, value, n);
  return at + n;
}

/* Returns the header's length. */
static gsize
write_header (CvRtcClient *self, const CvRtcSend *what, guint8 *out)
{
  guint8 number[2];
  out[0] = (guint8) (0x90 | (what->padded ? 0x20 : 0));
  out[1] = (guint8) ((what->marker ? 0x80 : 0) | what->type);
  cv_write16 (out + 2, (guint16) what->index);
  cv_write32 (out + 4, what->timestamp);
  cv_write32 (out + 8, what->ssrc);
  guint8 *at = out + CV_RTP_HEADER + 4;
  cv_write16 (number, self->twcc++);
  at = put_extension (at, CV_RTC_TWCC, number, 2);
  if (what->level != 0)
    at = put_extension (at, CV_RTC_LEVEL, &what->level, 1);
  if (what->mid != NULL)
    at = put_extension (at, CV_RTC_MID, what->mid, strlen (what->mid));
  if (what->rid != NULL)
    at = put_extension (at, CV_RTC_RID, what->rid, strlen (what->rid));
  if (what->repaired != NULL)
    at = put_extension (at, CV_RTC_REPAIRED, what->repaired, strlen (what->repaired));
  while ((at - out) % 4 != 0)
    *at++ = 0;
  cv_write16 (out + CV_RTP_HEADER, 0xbede);
  cv_write16 (out + CV_RTP_HEADER + 2, (guint16) ((at - out - CV_RTP_HEADER - 4) / 4));
  return (gsize) (at - out);
}

static void
send_and_keep (CvRtcClient *self, const guint8 *data, gsize n)
{
  g_clear_pointer (&self->last, g_bytes_unref);
  self->last = g_bytes_new (data, n);
  cv_rtc_client_send_raw (self, data, n);
}

void
cv_rtc_client_send (CvRtcClient *self, const CvRtcSend *what)
{
  guint8 out[ROOM];
  CvRtcStream *stream = find_stream (self->sent, what->ssrc);
  gsize header_n = write_header (self, what, out);
  gsize n = cv_srtp_protect_rtp (self->send, &stream->window, what->index, out, header_n, what->payload, what->n);
  g_assert_cmpuint (n, >, 0);
  send_and_keep (self, out, n);
}

void
cv_rtc_client_send_rtcp (CvRtcClient *self, const guint8 *packet, gsize n)
{
  guint8 out[ROOM];
  memcpy (out, packet, n);
  n = cv_srtp_protect_rtcp (self->send, out, n);
  g_assert_cmpuint (n, >, 0);
  send_and_keep (self, out, n);
}

static gboolean
on_feedback (gpointer user_data)
{
  CvRtcClient *self = user_data;
  for (;;) {
    guint8 out[RTCP_ROOM];
    CvRtcpWriter writer = { .out = out, .size = sizeof out };
    if (self->send == NULL || !cv_twcc_receiver_write (self->feedback, &writer, OWN_SSRC, 0))
      return G_SOURCE_CONTINUE;
    cv_rtc_client_send_rtcp (self, out, writer.n);
  }
}

/* ---- answers ---- */

static gboolean
skip (const char **line, const char *prefix)
{
  if (!g_str_has_prefix (*line, prefix))
    return FALSE;
  *line += strlen (prefix);
  return TRUE;
}

void
cv_rtc_client_take_answer (CvRtcClient *self, const char *answer)
{
  g_auto (GStrv) lines = g_strsplit (answer, "\r\n", -1);
  gboolean video = FALSE;
  const char *mid = "";
  self->n_slots = 0;
  for (char **at = lines; *at != NULL; at++) {
    const char *line = *at;
    if (skip (&line, "a=ice-ufrag:")) {
      g_strlcpy (self->ufrag, line, sizeof self->ufrag);
    } else if (skip (&line, "a=ice-pwd:")) {
      g_strlcpy (self->pwd, line, sizeof self->pwd);
    } else if (skip (&line, "a=mid:")) {
      mid = line;
    } else if (skip (&line, "m=")) {
      video = g_str_has_prefix (line, "video");
    } else if (skip (&line, "a=ssrc:")) {
      guint32 ssrc = (guint32) g_ascii_strtoull (line, NULL, 10);
      guint last = self->n_slots;
      if (last > 0 && strcmp (self->slots[last - 1].mid, mid) == 0) {
        self->slots[last - 1].rtx_ssrc = ssrc;
        continue;
      }
      g_strlcpy (self->slots[last].mid, mid, sizeof self->slots[last].mid);
      self->slots[last].video = video;
      self->slots[last].rtx_ssrc = 0;
      self->slots[self->n_slots++].ssrc = ssrc;
    }
  }
}

/* ---- the client ---- */

static X509 *
make_certificate (EVP_PKEY *key)
{
  X509 *certificate = X509_new ();
  X509_NAME *name = X509_get_subject_name (certificate);
  X509_set_version (certificate, X509_VERSION_3);
  ASN1_INTEGER_set (X509_get_serialNumber (certificate), 7);
  X509_gmtime_adj (X509_getm_notBefore (certificate), -60 * 60);
  X509_gmtime_adj (X509_getm_notAfter (certificate), 60 * 60);
  X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_ASC, (const guint8 *) "client", -1, -1, 0);
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
set_up_handshake (CvRtcClient *self, gboolean forged)
{
  EVP_PKEY *key = EVP_EC_gen ("P-256");
  X509 *certificate = make_certificate (key);
  guint8 digest[32];
  g_assert_true (X509_digest (certificate, EVP_sha256 (), digest, NULL));
  digest[0] ^= forged;
  for (guint i = 0; i < 32; i++)
    g_snprintf (self->fingerprint + 3 * i, 4, i < 31 ? "%02X:" : "%02X", digest[i]);
  self->context = SSL_CTX_new (DTLS_client_method ());
  SSL_CTX_set_options (self->context, SSL_OP_NO_QUERY_MTU);
  g_assert_false (SSL_CTX_set_tlsext_use_srtp (self->context, PROFILES));
  SSL_CTX_set_verify (self->context, SSL_VERIFY_PEER, NULL);
  SSL_CTX_set_cert_verify_callback (self->context, on_verify, NULL);
  g_assert_true (SSL_CTX_use_certificate (self->context, certificate));
  g_assert_true (SSL_CTX_use_PrivateKey (self->context, key));
  X509_free (certificate);
  EVP_PKEY_free (key);
}

CvRtcClient *
cv_rtc_client_new (guint16 port, gboolean forged)
{
  CvRtcClient *self = g_new0 (CvRtcClient, 1);
  g_assert_true (cv_address_parse (&self->server, "127.0.0.1", port));
  self->packets = g_ptr_array_new_with_free_func (g_free);
  self->reports = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->streams = g_ptr_array_new_with_free_func (free_stream);
  self->sent = g_ptr_array_new_with_free_func (free_stream);
  self->used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  set_up_handshake (self, forged);
  self->feedback = cv_twcc_receiver_new ();
  self->feedback_source = g_timeout_add (FEEDBACK_MS, on_feedback, self);
  open_socket (self);
  return self;
}

void
cv_rtc_client_free (CvRtcClient *self)
{
  g_source_remove (self->source);
  g_source_remove (self->feedback_source);
  cv_twcc_receiver_free (self->feedback);
  close (self->fd);
  SSL_free (self->ssl);
  SSL_CTX_free (self->context);
  g_clear_pointer (&self->send, cv_srtp_free);
  g_clear_pointer (&self->receive, cv_srtp_free);
  g_clear_pointer (&self->last, g_bytes_unref);
  g_ptr_array_unref (self->packets);
  g_ptr_array_unref (self->reports);
  g_ptr_array_unref (self->streams);
  g_ptr_array_unref (self->sent);
  g_hash_table_unref (self->used);
  g_free (self);
}
