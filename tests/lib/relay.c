/* See relay.h. */
#include "lib/relay.h"

#include <gio/gio.h>
#include <string.h>

#define HEADER 20
#define INTEGRITY_BYTES 24
#define MAX_BYTES 1500
#define REALM "conclave"
#define NONCE "abcdefgh"

struct _CvRelay {
  char *secret;
  gboolean open;
  GSocket *udp, *tcp;
  GCancellable *cancellable;
  GThread *threads[2];
  guint port;
  int allocations, ignore, private; /* atomic */
};

static void
add (GByteArray *out, guint type, const void *data, gsize n)
{
  const guint8 head[] = { type >> 8, type & 0xff, 0, (guint8) n };
  const guint8 padding[3] = { 0 };

  g_byte_array_append (out, head, sizeof head);
  g_byte_array_append (out, data, (guint) n);
  g_byte_array_append (out, padding, (guint) (3 - (n + 3) % 4));
}

static void
add_error (GByteArray *out, guint code)
{
  const guint8 value[] = { 0, 0, code / 100, code % 100, 'n', 'o' };

  out->data[0] |= 0x01;
  out->data[1] |= 0x10;
  add (out, 0x0009, value, sizeof value);
}

static const guint8 *
find (const guint8 *request, gsize n, guint type, gsize *length)
{
  for (gsize at = HEADER; at + 4 <= n; at += 4 + ((gsize) request[at + 3] + 3) / 4 * 4)
    if ((guint) (request[at] << 8 | request[at + 1]) == type) {
      *length = request[at + 3];
      return request + at + 4;
    }
  return NULL;
}

/* What RFC 8489 §9.2 says, from the secret that coturn would have. */
static gboolean
is_known (const CvRelay *self, const guint8 *request, gsize n)
{
  gsize name_n = 0, mac_n = 0, key_n = 16, size = 20;
  const guint8 *name = find (request, n, 0x0006, &name_n), *mac = find (request, n, 0x0008, &mac_n);
  g_autofree char *user = name != NULL ? g_strndup ((const char *) name, name_n) : NULL;
  g_autofree char *credential = NULL, *long_term = NULL;
  g_autoptr (GChecksum) md5 = g_checksum_new (G_CHECKSUM_MD5);
  guint8 key[16], own[20];
  GHmac *hmac;

  if (user == NULL || mac == NULL || n != (gsize) (mac - request) + mac_n)
    return FALSE;
  hmac = g_hmac_new (G_CHECKSUM_SHA1, (const guint8 *) self->secret, strlen (self->secret));
  g_hmac_update (hmac, (const guint8 *) user, (gssize) name_n);
  g_hmac_get_digest (hmac, own, &size);
  g_hmac_unref (hmac);
  credential = g_base64_encode (own, sizeof own);
  long_term = g_strdup_printf ("%s:" REALM ":%s", user, credential);
  g_checksum_update (md5, (const guint8 *) long_term, -1);
  g_checksum_get_digest (md5, key, &key_n);
  hmac = g_hmac_new (G_CHECKSUM_SHA1, key, sizeof key);
  g_hmac_update (hmac, request, (gssize) (n - INTEGRITY_BYTES));
  g_hmac_get_digest (hmac, own, &size);
  g_hmac_unref (hmac);
  return memcmp (own, mac, sizeof own) == 0;
}

static void
answer_permission (const CvRelay *self, const guint8 *request, gsize n, GByteArray *out)
{
  gsize length = 0;
  const guint8 *peer = find (request, n, 0x0012, &length);

  if (peer == NULL || length != 8)
    add_error (out, 400);
  else if (!self->open || (peer[4] ^ request[4]) == 127)
    add_error (out, 403);
}

static GByteArray *
answer (CvRelay *self, const guint8 *request, gsize n)
{
  static const guint8 relayed[][8] = { { 0, 1, 0x21, 0x12, 192 ^ 0x21, 0 ^ 0x12, 2 ^ 0xa4, 7 ^ 0x42 },
                                       { 0, 1, 0x21, 0x12, 10 ^ 0x21, 0 ^ 0x12, 0 ^ 0xa4, 1 ^ 0x42 } };
  GByteArray *out = g_byte_array_new ();

  g_byte_array_append (out, request, HEADER);
  out->data[0] |= 0x01;
  if (find (request, n, 0x0006, &(gsize){ 0 }) == NULL) {
    add_error (out, 401);
    add (out, 0x0014, REALM, strlen (REALM));
    add (out, 0x0015, NONCE, strlen (NONCE));
  } else if (!is_known (self, request, n)) {
    add_error (out, 401);
  } else if (request[1] == 0x03) {
    g_atomic_int_inc (&self->allocations);
    add (out, 0x0016, relayed[g_atomic_int_get (&self->private)], sizeof relayed[0]);
  } else if (request[1] == 0x04) {
    g_atomic_int_add (&self->allocations, -1);
  } else {
    answer_permission (self, request, n, out);
  }
  out->data[2] = 0;
  out->data[3] = (guint8) (out->len - HEADER);
  return out;
}

static gpointer
serve_udp (gpointer data)
{
  CvRelay *self = data;
  guint8 request[MAX_BYTES];

  while (TRUE) {
    g_autoptr (GSocketAddress) from = NULL;
    g_autoptr (GByteArray) out = NULL;
    gssize n = g_socket_receive_from (self->udp, &from, (char *) request, sizeof request, self->cancellable, NULL);

    if (n < HEADER)
      return NULL;
    if (g_atomic_int_get (&self->ignore) > 0) {
      g_atomic_int_add (&self->ignore, -1);
      continue;
    }
    out = answer (self, request, (gsize) n);
    g_socket_send_to (self->udp, from, (const char *) out->data, out->len, NULL, NULL);
  }
}

static gboolean
read_all (CvRelay *self, GSocket *socket, guint8 *data, gsize n)
{
  for (gsize done = 0; done < n;) {
    gssize more = g_socket_receive (socket, (char *) data + done, n - done, self->cancellable, NULL);

    if (more <= 0)
      return FALSE;
    done += (gsize) more;
  }
  return TRUE;
}

static gpointer
serve_tcp (gpointer data)
{
  CvRelay *self = data;
  g_autoptr (GSocket) client = NULL;
  guint8 request[HEADER + G_MAXUINT8];

  while ((client = g_socket_accept (self->tcp, self->cancellable, NULL)) != NULL) {
    while (read_all (self, client, request, HEADER) && read_all (self, client, request + HEADER, request[3])) {
      g_autoptr (GByteArray) out = answer (self, request, HEADER + request[3]);

      g_socket_send (client, (const char *) out->data, out->len, NULL, NULL);
    }
    g_clear_object (&client);
  }
  return NULL;
}

static GSocket *
open_socket (GSocketType type, guint port)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, type, G_SOCKET_PROTOCOL_DEFAULT, NULL);

  if (!g_socket_bind (socket, address, FALSE, NULL) ||
      (type == G_SOCKET_TYPE_STREAM && !g_socket_listen (socket, NULL)))
    return NULL;
  return g_steal_pointer (&socket);
}

CvRelay *
cv_test_relay_new (const char *secret, gboolean open)
{
  CvRelay *self = g_new0 (CvRelay, 1);

  self->secret = g_strdup (secret);
  self->open = open;
  self->cancellable = g_cancellable_new ();
  /* both on one port, which has to be free for both */
  while (self->tcp == NULL) {
    g_autoptr (GSocketAddress) address = NULL;

    g_clear_object (&self->udp);
    self->udp = open_socket (G_SOCKET_TYPE_DATAGRAM, 0);
    address = g_socket_get_local_address (self->udp, NULL);
    self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
    self->tcp = open_socket (G_SOCKET_TYPE_STREAM, self->port);
  }
  self->threads[0] = g_thread_new ("relay-udp", serve_udp, self);
  self->threads[1] = g_thread_new ("relay-tcp", serve_tcp, self);
  return self;
}

void
cv_test_relay_free (CvRelay *self)
{
  g_cancellable_cancel (self->cancellable);
  for (guint i = 0; i < G_N_ELEMENTS (self->threads); i++)
    g_thread_join (self->threads[i]);
  g_object_unref (self->udp);
  g_object_unref (self->tcp);
  g_object_unref (self->cancellable);
  g_free (self->secret);
  g_free (self);
}

guint
cv_test_relay_get_port (const CvRelay *self)
{
  return self->port;
}

int
cv_test_relay_count (const CvRelay *self)
{
  return g_atomic_int_get (&self->allocations);
}

void
cv_test_relay_set_private (CvRelay *self)
{
  g_atomic_int_set (&self->private, 1);
}

void
cv_test_relay_ignore (CvRelay *self, int n)
{
  g_atomic_int_set (&self->ignore, n);
}
