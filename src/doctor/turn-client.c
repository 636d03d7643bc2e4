/* See turn-client.h.
 *
 * One request is on its way at a time. Over UDP it is sent again until something answers. What answers is believed to be the
 * server: nothing that it says is used but to be shown.
 */
#include "doctor/turn-client.h"

#include <string.h>

#define COOKIE 0x2112a442u
#define HEADER 20
#define TRANSACTION_BYTES 12
#define INTEGRITY_BYTES 24
#define MAX_ANSWER 2000
#define SECONDS 4
/* of UDP: how often, and how long for each (ms) */
#define SENDINGS 4
#define WAIT_MS 700

#define REFRESH 0x0004
#define ALLOCATE 0x0003
#define CREATE_PERMISSION 0x0008

#define USERNAME 0x0006
#define INTEGRITY 0x0008
#define ERROR_CODE 0x0009
#define LIFETIME 0x000d
#define XOR_PEER_ADDRESS 0x0012
#define REALM 0x0014
#define NONCE 0x0015
#define XOR_RELAYED_ADDRESS 0x0016
#define REQUESTED_TRANSPORT 0x0019

#define TRANSPORT_UDP 17
#define IPV4 1
#define IPV6 2

#define UNAUTHENTICATED 401

struct _CvTurnClient {
  GSocketConnection *plain;
  GIOStream *stream; /* over TLS another one */
  gboolean udp;
  GTlsCertificateFlags flags;
  char *username;
  guint8 key[16]; /* MD5 of user, realm and credential */
  GByteArray *realm, *nonce;
  gboolean allocated;
};

G_DEFINE_QUARK (cv_turn_client_error, cv_turn_client_error)

/* ---- URLs ---- */

gboolean
cv_turn_url_parse (CvTurnUrl *self, const char *url)
{
  g_autoptr (GRegex) form = g_regex_new (
    "^(turns?):(?:\\[([0-9A-Fa-f:.]+)\\]|([^:?\\[\\]]+))(?::([0-9]+))?(?:\\?transport=(udp|tcp))?$", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *scheme = NULL, *bracketed = NULL, *host = NULL, *port = NULL, *transport = NULL;
  guint64 number = 0;

  *self = (CvTurnUrl){ 0 };
  if (!g_regex_match (form, url, 0, &match))
    return FALSE;
  scheme = g_match_info_fetch (match, 1);
  bracketed = g_match_info_fetch (match, 2);
  host = g_match_info_fetch (match, 3);
  port = g_match_info_fetch (match, 4);
  transport = g_match_info_fetch (match, 5);
  self->tls = g_str_equal (scheme, "turns");
  /* turns: over udp would be DTLS, which we have not */
  self->udp = !self->tls && g_strcmp0 (transport, "tcp") != 0;
  if (self->tls && g_strcmp0 (transport, "udp") == 0)
    return FALSE;
  if (port != NULL && *port != '\0' && !g_ascii_string_to_unsigned (port, 10, 1, G_MAXUINT16, &number, NULL))
    return FALSE;
  self->port = number != 0 ? (guint16) number : self->tls ? 5349 : 3478;
  self->host = bracketed != NULL && *bracketed != '\0' ? g_steal_pointer (&bracketed) : g_steal_pointer (&host);
  return TRUE;
}

void
cv_turn_url_clear (CvTurnUrl *self)
{
  g_clear_pointer (&self->host, g_free);
}

/* ---- requests ---- */

static void
put16 (GByteArray *out, guint16 value)
{
  const guint8 bytes[] = { value >> 8, value & 0xff };

  g_byte_array_append (out, bytes, sizeof bytes);
}

static void
add (GByteArray *out, guint16 type, const void *data, gsize n)
{
  static const guint8 padding[3] = { 0 };

  put16 (out, type);
  put16 (out, (guint16) n);
  g_byte_array_append (out, data, (guint) n);
  g_byte_array_append (out, padding, (guint) (3 - (n + 3) % 4));
}

static GByteArray *
begin (guint16 method)
{
  GByteArray *out = g_byte_array_new ();
  const guint8 cookie[] = { COOKIE >> 24, COOKIE >> 16 & 0xff, COOKIE >> 8 & 0xff, COOKIE & 0xff };

  put16 (out, method);
  put16 (out, 0); /* its length comes at the end */
  g_byte_array_append (out, cookie, sizeof cookie);
  for (guint i = 0; i < TRANSACTION_BYTES / sizeof (guint32); i++) {
    guint32 word = g_random_int ();

    g_byte_array_append (out, (const guint8 *) &word, sizeof word);
  }
  return out;
}

static void
set_length (GByteArray *out, gsize n)
{
  out->data[2] = n >> 8 & 0xff;
  out->data[3] = n & 0xff;
}

/* Long-term credentials, where the server has asked for them. */
static void
finish (const CvTurnClient *self, GByteArray *out)
{
  guint8 mac[20];
  gsize n = sizeof mac;
  GHmac *hmac;

  if (self->realm != NULL) {
    add (out, USERNAME, self->username, strlen (self->username));
    add (out, REALM, self->realm->data, self->realm->len);
    add (out, NONCE, self->nonce->data, self->nonce->len);
    set_length (out, out->len - HEADER + INTEGRITY_BYTES);
    hmac = g_hmac_new (G_CHECKSUM_SHA1, self->key, sizeof self->key);
    g_hmac_update (hmac, out->data, out->len);
    g_hmac_get_digest (hmac, mac, &n);
    g_hmac_unref (hmac);
    add (out, INTEGRITY, mac, sizeof mac);
  }
  set_length (out, out->len - HEADER);
}

static GByteArray *
build_allocate (void)
{
  static const guint8 udp[4] = { TRANSPORT_UDP };
  GByteArray *out = begin (ALLOCATE);

  add (out, REQUESTED_TRANSPORT, udp, sizeof udp);
  return out;
}

static GByteArray *
build_permission (GInetAddress *peer)
{
  gboolean four = g_inet_address_get_family (peer) == G_SOCKET_FAMILY_IPV4;
  gsize n = g_inet_address_get_native_size (peer);
  const guint8 *bytes = g_inet_address_to_bytes (peer);
  GByteArray *out = begin (CREATE_PERMISSION);
  guint8 value[4 + 16] = { 0, four ? IPV4 : IPV6, 0, 0 };

  for (gsize i = 0; i < n; i++)
    value[4 + i] = bytes[i] ^ out->data[4 + i];
  add (out, XOR_PEER_ADDRESS, value, 4 + n);
  return out;
}

/* ---- answers ---- */

/* Returns: borrowed, the value of an attribute, NULL if there is none. */
static const guint8 *
find (const GByteArray *answer, guint16 type, gsize *n)
{
  for (gsize at = HEADER; at + 4 <= answer->len;) {
    gsize length = answer->data[at + 2] << 8 | answer->data[at + 3];

    if (length > answer->len - at - 4)
      return NULL;
    if ((answer->data[at] << 8 | answer->data[at + 1]) == type) {
      *n = length;
      return answer->data + at + 4;
    }
    at += 4 + (length + 3) / 4 * 4;
  }
  return NULL;
}

static gboolean
answers (const GByteArray *answer, const GByteArray *request)
{
  return answer->len >= HEADER && memcmp (answer->data + 4, request->data + 4, HEADER - 4) == 0 &&
         (gsize) (answer->data[2] << 8 | answer->data[3]) + HEADER == answer->len;
}

static GByteArray *
copy (const guint8 *data, gsize n)
{
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_append (bytes, data, (guint) n);
  return bytes;
}

static gboolean
fail_silent (const GError *cause, GError **error)
{
  g_set_error (error, CV_TURN_CLIENT_ERROR, CV_TURN_CLIENT_ERROR_SILENT, "%s",
               cause != NULL ? cause->message : "nobody answers");
  return FALSE;
}

static GByteArray *
fail_strange (GError **error)
{
  g_set_error_literal (error, CV_TURN_CLIENT_ERROR, CV_TURN_CLIENT_ERROR_STRANGE, "what answers is not a TURN server");
  return NULL;
}

/* One after the other, until one is for `request`. Returns: (transfer full), NULL with an error. */
static GByteArray *
receive_packet (CvTurnClient *self, const GByteArray *request, GError **error)
{
  GSocket *socket = g_socket_connection_get_socket (self->plain);
  guint8 bytes[MAX_ANSWER];
  g_autoptr (GError) cause = NULL;

  for (guint sent = 0; sent < SENDINGS; sent++) {
    if (g_socket_send (socket, (const char *) request->data, request->len, NULL, &cause) < 0)
      break;
    while (g_socket_condition_timed_wait (socket, G_IO_IN, WAIT_MS * G_TIME_SPAN_MILLISECOND, NULL, NULL)) {
      gssize n = g_socket_receive (socket, (char *) bytes, sizeof bytes, NULL, &cause);
      g_autoptr (GByteArray) answer = n > 0 ? copy (bytes, n) : NULL;

      if (answer == NULL)
        return fail_silent (cause, error), NULL;
      if (answers (answer, request))
        return g_steal_pointer (&answer);
    }
  }
  return fail_silent (cause, error), NULL;
}

static GByteArray *
receive_stream (CvTurnClient *self, const GByteArray *request, GError **error)
{
  GInputStream *in = g_io_stream_get_input_stream (self->stream);
  GOutputStream *out = g_io_stream_get_output_stream (self->stream);
  g_autoptr (GByteArray) answer = g_byte_array_sized_new (MAX_ANSWER);
  g_autoptr (GError) cause = NULL;
  gsize n = 0, length;

  g_byte_array_set_size (answer, HEADER);
  if (!g_output_stream_write_all (out, request->data, request->len, NULL, NULL, &cause) ||
      !g_input_stream_read_all (in, answer->data, HEADER, &n, NULL, &cause) || n < HEADER)
    return fail_silent (cause, error), NULL;
  length = answer->data[2] << 8 | answer->data[3];
  if (length > MAX_ANSWER - HEADER)
    return fail_strange (error);
  g_byte_array_set_size (answer, (guint) (HEADER + length));
  if (!g_input_stream_read_all (in, answer->data + HEADER, length, &n, NULL, &cause) || n < length)
    return fail_silent (cause, error), NULL;
  return answers (answer, request) ? g_steal_pointer (&answer) : fail_strange (error);
}

/* The code of an error, 0 of a success. `words`: (transfer full). */
static guint
read_code (const GByteArray *answer, char **words)
{
  gsize n = 0;
  const guint8 *value = (answer->data[1] & 0x10) != 0 ? find (answer, ERROR_CODE, &n) : NULL;

  *words = NULL;
  if (value == NULL || n < 4)
    return (answer->data[1] & 0x10) != 0 ? 500 : 0;
  *words = g_utf8_make_valid ((const char *) value + 4, (gssize) n - 4);
  return (value[2] & 7) * 100 + value[3];
}

/* What a server says that wants to know who asks. */
static gboolean
take_challenge (CvTurnClient *self, const GByteArray *answer, const char *credential)
{
  gsize realm_n = 0, nonce_n = 0, n = sizeof self->key;
  const guint8 *realm = find (answer, REALM, &realm_n), *nonce = find (answer, NONCE, &nonce_n);
  g_autoptr (GChecksum) md5 = g_checksum_new (G_CHECKSUM_MD5);

  if (realm == NULL || nonce == NULL)
    return FALSE;
  g_clear_pointer (&self->realm, g_byte_array_unref);
  g_clear_pointer (&self->nonce, g_byte_array_unref);
  self->realm = copy (realm, realm_n);
  self->nonce = copy (nonce, nonce_n);
  g_checksum_update (md5, (const guint8 *) self->username, (gssize) strlen (self->username));
  g_checksum_update (md5, (const guint8 *) ":", 1);
  g_checksum_update (md5, realm, (gssize) realm_n);
  g_checksum_update (md5, (const guint8 *) ":", 1);
  g_checksum_update (md5, (const guint8 *) credential, (gssize) strlen (credential));
  g_checksum_get_digest (md5, self->key, &n);
  return TRUE;
}

/* Returns: (transfer full), the answer, whatever it says; NULL with an error. Frees the request. */
static GByteArray *
ask (CvTurnClient *self, GByteArray *request, GError **error)
{
  GByteArray *answer;

  finish (self, request);
  answer = self->udp ? receive_packet (self, request, error) : receive_stream (self, request, error);
  g_byte_array_unref (request);
  return answer;
}

/* ---- what it is for ---- */

static gboolean
on_accept_certificate (GTlsConnection *connection, GTlsCertificate *certificate, GTlsCertificateFlags flags,
                       gpointer user_data)
{
  CvTurnClient *self = user_data;

  self->flags = flags;
  return TRUE;
}

static gboolean
secure (CvTurnClient *self, const CvTurnUrl *url, GError **error)
{
  g_autoptr (GSocketConnectable) identity = g_network_address_new (url->host, url->port);
  GIOStream *stream = g_tls_client_connection_new (G_IO_STREAM (self->plain), identity, error);

  if (stream == NULL)
    return FALSE;
  g_object_unref (self->stream);
  self->stream = stream;
  g_signal_connect (stream, "accept-certificate", G_CALLBACK (on_accept_certificate), self);
  return g_tls_connection_handshake (G_TLS_CONNECTION (stream), NULL, error);
}

CvTurnClient *
cv_turn_client_new (const CvTurnUrl *url, GInetAddress *address, GError **error)
{
  g_autoptr (CvTurnClient) self = g_new0 (CvTurnClient, 1);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) where = g_inet_socket_address_new (address, url->port);
  g_autoptr (GError) cause = NULL;

  self->udp = url->udp;
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_timeout (client, SECONDS);
  if (url->udp) {
    g_socket_client_set_socket_type (client, G_SOCKET_TYPE_DATAGRAM);
    g_socket_client_set_protocol (client, G_SOCKET_PROTOCOL_UDP);
  }
  self->plain = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (where), NULL, &cause);
  if (self->plain != NULL)
    self->stream = g_object_ref (G_IO_STREAM (self->plain));
  if (self->plain != NULL && (!url->tls || secure (self, url, &cause)))
    return g_steal_pointer (&self);
  fail_silent (cause, error);
  return NULL;
}

GTlsCertificateFlags
cv_turn_client_get_flags (const CvTurnClient *self)
{
  return self->flags;
}

/* What the server lets go of by itself a little later is not asked for twice. */
static void
let_go (CvTurnClient *self)
{
  static const guint8 now[4] = { 0 };
  GByteArray *request = begin (REFRESH);
  g_autoptr (GByteArray) answer = NULL;

  add (request, LIFETIME, now, sizeof now);
  answer = ask (self, request, NULL);
}

void
cv_turn_client_free (CvTurnClient *self)
{
  if (self->allocated)
    let_go (self);
  g_clear_object (&self->stream);
  g_clear_object (&self->plain);
  g_clear_pointer (&self->realm, g_byte_array_unref);
  g_clear_pointer (&self->nonce, g_byte_array_unref);
  g_free (self->username);
  g_free (self);
}

static GInetAddress *
read_address (const GByteArray *answer)
{
  gsize n = 0;
  const guint8 *value = find (answer, XOR_RELAYED_ADDRESS, &n);
  guint8 bytes[16];

  if (value == NULL || n < 4 || n != (value[1] == IPV4 ? 8 : 20))
    return NULL;
  for (gsize i = 4; i < n; i++)
    bytes[i - 4] = value[i] ^ answer->data[i];
  return g_inet_address_new_from_bytes (bytes, value[1] == IPV4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);
}

static gboolean
fail_refused (guint code, const char *words, GError **error)
{
  g_set_error (error, CV_TURN_CLIENT_ERROR,
               code == UNAUTHENTICATED ? CV_TURN_CLIENT_ERROR_UNKNOWN : CV_TURN_CLIENT_ERROR_REFUSED, "%u %s", code,
               words != NULL ? words : "");
  return FALSE;
}

/* The first request has nothing to show: the server says what it wants to see. */
GInetAddress *
cv_turn_client_allocate (CvTurnClient *self, const char *username, const char *credential, GError **error)
{
  g_free (self->username);
  self->username = g_strdup (username);
  for (gboolean again = TRUE; TRUE; again = FALSE) {
    g_autoptr (GByteArray) answer = ask (self, build_allocate (), error);
    g_autofree char *words = NULL;
    GInetAddress *address;
    guint code;

    if (answer == NULL)
      return NULL;
    code = read_code (answer, &words);
    if (again && code == UNAUTHENTICATED && take_challenge (self, answer, credential))
      continue;
    if (code != 0)
      return fail_refused (code, words, error), NULL;
    self->allocated = TRUE;
    address = read_address (answer);
    if (address == NULL)
      fail_strange (error);
    return address;
  }
}

gboolean
cv_turn_client_permit (CvTurnClient *self, GInetAddress *peer, GError **error)
{
  g_autoptr (GByteArray) answer = ask (self, build_permission (peer), error);
  g_autofree char *words = NULL;
  guint code;

  if (answer == NULL)
    return FALSE;
  code = read_code (answer, &words);
  return code == 0 || fail_refused (code, words, error);
}
