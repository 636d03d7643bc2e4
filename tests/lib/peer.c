/* See peer.h. */
#include "lib/peer.h"

#include "lib/wait.h"

#include <sys/socket.h>

static GSocketConnection *
connection_from_fd (int fd)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, &error);
  g_assert_no_error (error);
  return g_socket_connection_factory_create_connection (socket);
}

void
cv_test_socket_pair (GSocketConnection **ours, GSocketConnection **theirs)
{
  int fds[2];
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  *ours = connection_from_fd (fds[0]);
  *theirs = connection_from_fd (fds[1]);
}

static void
on_client_message (SoupWebsocketConnection *websocket, gint type, GBytes *bytes, gpointer user_data)
{
  CvTestPeer *self = user_data;
  gsize length = 0;
  const char *text = g_bytes_get_data (bytes, &length);
  g_ptr_array_add (self->texts, g_strndup (text, length));
}

static void
on_client_closed (SoupWebsocketConnection *websocket, gpointer user_data)
{
  CvTestPeer *self = user_data;
  guint code = soup_websocket_connection_get_close_code (websocket);
  self->code = code != 0 ? code : SOUP_WEBSOCKET_CLOSE_ABNORMAL;
}

void
cv_test_peer_init (CvTestPeer *self)
{
  g_autoptr (GUri) uri = g_uri_parse ("ws://localhost/ws", SOUP_HTTP_URI_FLAGS, NULL);
  *self = (CvTestPeer){ .texts = g_ptr_array_new_with_free_func (g_free) };
  cv_test_socket_pair (&self->ours, &self->theirs);
  self->guard = cv_guard_new (G_IO_STREAM (self->ours), g_socket_connection_get_socket (self->ours));
  self->server =
    soup_websocket_connection_new (G_IO_STREAM (self->guard), uri, SOUP_WEBSOCKET_CONNECTION_SERVER, NULL, NULL, NULL);
  self->client =
    soup_websocket_connection_new (G_IO_STREAM (self->theirs), uri, SOUP_WEBSOCKET_CONNECTION_CLIENT, NULL, NULL, NULL);
  soup_websocket_connection_set_max_incoming_payload_size (self->client, 0);
  g_signal_connect (self->client, "message", G_CALLBACK (on_client_message), self);
  g_signal_connect (self->client, "closed", G_CALLBACK (on_client_closed), self);
}

void
cv_test_peer_clear (CvTestPeer *self)
{
  g_signal_handlers_disconnect_by_data (self->client, self);
  g_io_stream_close (G_IO_STREAM (self->theirs), NULL, NULL);
  g_io_stream_close (G_IO_STREAM (self->guard), NULL, NULL);
  cv_test_wait_gone (g_steal_pointer (&self->client));
  cv_test_wait_gone (g_steal_pointer (&self->server));
  cv_test_wait_gone (g_steal_pointer (&self->guard));
  g_clear_object (&self->ours);
  g_clear_object (&self->theirs);
  g_clear_pointer (&self->texts, g_ptr_array_unref);
}

void
cv_test_peer_send (CvTestPeer *self, const char *text)
{
  if (soup_websocket_connection_get_state (self->client) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_text (self->client, text);
}

char *
cv_test_peer_take (CvTestPeer *self)
{
  cv_test_wait_until (self->texts->len > 0 || self->code != 0);
  if (self->texts->len == 0)
    g_error ("closed with %u instead of a message", self->code);
  return g_ptr_array_steal_index (self->texts, 0);
}

void
cv_test_peer_expect (CvTestPeer *self, const char *pattern)
{
  g_autofree char *text = cv_test_peer_take (self);
  if (!g_pattern_match_simple (pattern, text))
    g_error ("got %s instead of %s", text, pattern);
}

void
cv_test_peer_expect_close (CvTestPeer *self, guint code)
{
  cv_test_wait_until (self->code != 0);
  g_assert_cmpuint (self->code, ==, code);
  if (self->texts->len > 0)
    g_error ("nobody expected %s", (char *) g_ptr_array_index (self->texts, 0));
}
