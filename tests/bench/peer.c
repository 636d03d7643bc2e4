/* See peer.h. */
#include "bench/peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TEXT 0x1
#define CLOSE 0x8
#define PING 0x9
#define PONG 0xa
#define FIN 0x80
#define MASKED 0x80

CvPeer *
cv_peer_new (const char *address, guint16 port, const char *host, SSL_CTX *tls, const CvPeerFuncs *funcs)
{
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons (port) };
  int one = 1;
  CvPeer *self = g_new0 (CvPeer, 1);
  self->funcs = funcs;
  self->host = host;
  self->in = g_byte_array_new ();
  self->out = g_byte_array_new ();
  self->fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (self->fd < 0 || inet_pton (AF_INET, address, &to.sin_addr) != 1)
    g_error ("no socket to %s: %s", address, g_strerror (errno));
  setsockopt (self->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (connect (self->fd, (struct sockaddr *) &to, sizeof to) != 0 && errno != EINPROGRESS)
    g_error ("connect: %s", g_strerror (errno));
  if (tls != NULL) {
    self->tls = SSL_new (tls);
    SSL_set_fd (self->tls, self->fd);
    SSL_set_connect_state (self->tls);
  }
  return self;
}

void
cv_peer_free (CvPeer *self)
{
  SSL_free (self->tls);
  close (self->fd);
  g_byte_array_unref (self->in);
  g_byte_array_unref (self->out);
  g_free (self);
}

/* What a call that returned `n` ≤ 0 means: try later, or the end. */
static gboolean
must_wait (CvPeer *self, int n)
{
  if (self->tls == NULL) {
    if (n < 0 && (errno == EAGAIN || errno == ENOTCONN))
      return TRUE;
  } else {
    int error = SSL_get_error (self->tls, n);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
      return TRUE;
  }
  g_error ("the server ended a connection: %s", g_strerror (errno));
}

/* ---- writing ---- */

static void
add_frame (CvPeer *self, guint8 opcode, const void *data, gsize n)
{
  guint8 header[8] = { FIN | opcode };
  gsize length = 2;
  g_assert (n < 65536);
  if (n < 126) {
    header[1] = MASKED | n;
  } else {
    header[1] = MASKED | 126;
    header[length++] = n >> 8;
    header[length++] = n & 0xff;
  }
  g_byte_array_append (self->out, header, length);
  g_byte_array_append (self->out, (const guint8 *) "\0\0\0\0", 4); /* a mask of zeros changes nothing */
  g_byte_array_append (self->out, data, n);
}

static void
work_output (CvPeer *self)
{
  while (self->out->len > 0) {
    int n = self->tls != NULL ? SSL_write (self->tls, self->out->data, self->out->len)
                              : (int) send (self->fd, self->out->data, self->out->len, MSG_NOSIGNAL);
    if (n <= 0) {
      must_wait (self, n);
      return;
    }
    g_byte_array_remove_range (self->out, 0, n);
  }
}

void
cv_peer_send (CvPeer *self, const char *text)
{
  add_frame (self, TEXT, text, strlen (text));
  work_output (self);
}

static void
ask_for_upgrade (CvPeer *self)
{
  const char *scheme = self->tls != NULL ? "https" : "http";
  g_autofree char *head = g_strdup_printf ("GET /ws HTTP/1.1\r\nHost: %s\r\nOrigin: %s://%s\r\nUpgrade: websocket\r\n"
                                           "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                           "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                                           "Sec-WebSocket-Protocol: conclave.v1\r\n\r\n",
                                           self->host, scheme, self->host);
  g_byte_array_append (self->out, (const guint8 *) head, strlen (head));
  work_output (self);
}

/* ---- reading ---- */

static gboolean
take_upgrade (CvPeer *self)
{
  const char *end = g_strstr_len ((const char *) self->in->data, self->in->len, "\r\n\r\n");
  if (end == NULL)
    return FALSE;
  if (strncmp ((const char *) self->in->data, "HTTP/1.1 101", 12) != 0)
    g_error ("no WebSocket: %.80s", self->in->data);
  g_byte_array_remove_range (self->in, 0, end + 4 - (const char *) self->in->data);
  self->stage = CV_PEER_OPEN;
  self->funcs->open (self);
  return TRUE;
}

/* One whole frame, if it is there. The server's are neither masked nor in fragments. */
static gboolean
take_frame (CvPeer *self)
{
  const guint8 *data = self->in->data;
  gsize have = self->in->len, head = 2, n = 0;
  if (have < 2)
    return FALSE;
  n = data[1] & 0x7f;
  if (n >= 126)
    head = n == 126 ? 4 : 10;
  if (have < head)
    return FALSE;
  if (n >= 126)
    n = 0;
  for (gsize i = 2; i < head; i++)
    n = n << 8 | data[i];
  if (have < head + n)
    return FALSE;

  guint8 opcode = data[0] & 0x0f;
  g_autofree char *payload = g_strndup ((const char *) data + head, n);
  g_byte_array_remove_range (self->in, 0, head + n);
  if (opcode == TEXT)
    self->funcs->message (self, payload);
  else if (opcode == PING)
    add_frame (self, PONG, payload, n);
  else if (opcode == CLOSE)
    g_error ("the server closed a WebSocket");
  return TRUE;
}

static void
work_input (CvPeer *self)
{
  guint8 buffer[16384];
  while (TRUE) {
    int n =
      self->tls != NULL ? SSL_read (self->tls, buffer, sizeof buffer) : (int) recv (self->fd, buffer, sizeof buffer, 0);
    if (n <= 0) {
      must_wait (self, n);
      return;
    }
    g_byte_array_append (self->in, buffer, n);
    while (self->stage == CV_PEER_UPGRADING ? take_upgrade (self) : take_frame (self))
      continue;
  }
}

/* ---- opening ---- */

static gboolean
is_connected (CvPeer *self)
{
  struct sockaddr_in address;
  socklen_t length = sizeof address;
  return getpeername (self->fd, (struct sockaddr *) &address, &length) == 0;
}

void
cv_peer_work (CvPeer *self)
{
  if (self->stage == CV_PEER_CONNECTING) {
    if (!is_connected (self))
      return;
    self->stage = self->tls != NULL ? CV_PEER_TLS : CV_PEER_UPGRADING;
    if (self->tls == NULL)
      ask_for_upgrade (self);
  }
  if (self->stage == CV_PEER_TLS) {
    int n = SSL_do_handshake (self->tls);
    if (n <= 0) {
      must_wait (self, n);
      return;
    }
    self->stage = CV_PEER_UPGRADING;
    ask_for_upgrade (self);
  }
  work_input (self);
  work_output (self);
}
