/* The listener on the loopback and on socket files: modes, stale files, caps, TLS, deadlines by a clock that the test
 * turns. */
#include "signalling/listener.h"

#include "daemon/certificate.h"
#include "lib/folder.h"
#include "lib/log.h"
#include "lib/wait.h"
#include "signalling/bounds.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  CvClock *clock;
  CvListener *listener;
  GPtrArray *guards; /* accepted */
  char *folder;
  char *path;
} Fixture;

static void
on_accepted (CvGuard *guard, GSocketAddress *local, GSocketAddress *remote, gpointer user_data)
{
  Fixture *f = user_data;
  g_assert_true (cv_listener_guard_of (remote) == guard);
  g_assert_nonnull (local);
  g_assert_cmpint (cv_guard_get_deadline (guard), >, cv_clock_now (f->clock));
  g_ptr_array_add (f->guards, g_object_ref (guard));
}

static void
start (Fixture *f, GTlsCertificate *certificate, guint max_per_address)
{
  f->listener = cv_listener_new (f->clock, certificate, max_per_address, on_accepted, f);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = cv_clock_new_fake (0);
  f->guards = g_ptr_array_new_with_free_func (g_object_unref);
  f->folder = cv_test_folder_new ();
  f->path = g_build_filename (f->folder, "door.sock", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_pointer (&f->listener, cv_listener_free);
  g_ptr_array_unref (f->guards);
  cv_test_settle ();
  g_assert_finalize_object (f->clock);
  cv_test_folder_free (f->folder);
  g_free (f->path);
}

static guint16
listen_inet (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  guint16 port = cv_listener_add_inet (f->listener, "127.0.0.1", 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (port, !=, 0);
  return port;
}

static GSocketConnection *
connect_to (GSocketAddress *address)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_socket_client_set_enable_proxy (client, FALSE);
  GSocketConnection *connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  return connection;
}

static GSocketConnection *
connect_inet (guint16 port)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  return connect_to (address);
}

static gboolean
is_closed (GSocketConnection *connection)
{
  char byte;
  g_autoptr (GError) error = NULL;
  gssize n =
    g_socket_receive_with_blocking (g_socket_connection_get_socket (connection), &byte, 1, FALSE, NULL, &error);
  return n == 0 || (n < 0 && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK));
}

static void
test_inet (Fixture *f, gconstpointer data)
{
  start (f, NULL, 0);
  guint16 port = listen_inet (f);
  g_autoptr (GSocketConnection) connection = connect_inet (port);
  cv_test_wait_until (f->guards->len == 1);
  GOutputStream *out = g_io_stream_get_output_stream (g_ptr_array_index (f->guards, 0));
  g_assert_cmpint (g_output_stream_write (out, "hello", 5, NULL, NULL), ==, 5);
  char buffer[8] = "";
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  g_assert_cmpint (g_input_stream_read (in, buffer, 5, NULL, NULL), ==, 5);
  g_assert_cmpstr (buffer, ==, "hello");
}

static void
test_cannot_listen (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  start (f, NULL, 0);
  guint16 port = listen_inet (f);
  g_assert_cmpuint (cv_listener_add_inet (f->listener, "127.0.0.1", port, &error), ==, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_clear_error (&error);
  g_assert_cmpuint (cv_listener_add_inet (f->listener, "192.0.2.1", 0, &error), ==, 0);
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_autofree char *nowhere = g_build_filename (f->folder, "missing", "door.sock", NULL);
  g_assert_false (cv_listener_add_unix (f->listener, nowhere, 0600, &error));
  g_assert_nonnull (error);
}

static void
assert_unix_works (Fixture *f)
{
  guint before = f->guards->len;
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (f->path);
  g_autoptr (GSocketConnection) connection = connect_to (address);
  cv_test_wait_until (f->guards->len == before + 1);
  g_assert_false (is_closed (connection));
}

static void
test_unix (Fixture *f, gconstpointer data)
{
  g_autofree char *other = g_build_filename (f->folder, "open.sock", NULL);
  start (f, NULL, 0);
  g_assert_true (cv_listener_add_unix (f->listener, f->path, 0600, NULL));
  g_assert_true (cv_listener_add_unix (f->listener, other, 0666, NULL));
  g_assert_cmpuint (cv_test_folder_mode (f->folder, "door.sock"), ==, 0600);
  g_assert_cmpuint (cv_test_folder_mode (f->folder, "open.sock"), ==, 0666);
  assert_unix_works (f);
  g_clear_pointer (&f->listener, cv_listener_free);
  g_assert_false (g_file_test (f->path, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (other, G_FILE_TEST_EXISTS));
}

static void
test_stale_socket (Fixture *f, gconstpointer data)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (f->path);
  g_autoptr (GSocket) dead = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  g_assert_true (g_socket_bind (dead, address, FALSE, NULL) && g_socket_listen (dead, NULL));
  g_socket_close (dead, NULL);
  g_assert_true (g_file_test (f->path, G_FILE_TEST_EXISTS));
  start (f, NULL, 0);
  g_assert_true (cv_listener_add_unix (f->listener, f->path, 0600, NULL));
  assert_unix_works (f);
}

static void
test_socket_in_use (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  start (f, NULL, 0);
  g_assert_true (cv_listener_add_unix (f->listener, f->path, 0600, NULL));
  CvListener *second = cv_listener_new (f->clock, NULL, 0, on_accepted, f);
  g_assert_false (cv_listener_add_unix (second, f->path, 0600, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  cv_listener_free (second);
  cv_test_wait_until (f->guards->len == 1); /* it knocked to find out */
  g_assert_true (g_file_test (f->path, G_FILE_TEST_EXISTS));
  assert_unix_works (f);
}

static void
test_not_a_socket (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  cv_test_folder_write (f->folder, "door.sock", "precious");
  start (f, NULL, 0);
  g_assert_false (cv_listener_add_unix (f->listener, f->path, 0600, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_autofree char *text = cv_test_folder_read (f->folder, "door.sock");
  g_assert_cmpstr (text, ==, "precious");
}

static void
test_per_address (Fixture *f, gconstpointer data)
{
  start (f, NULL, 2);
  guint16 port = listen_inet (f);
  g_autoptr (GSocketConnection) first = connect_inet (port);
  g_autoptr (GSocketConnection) second = connect_inet (port);
  g_autoptr (GSocketConnection) third = connect_inet (port);
  cv_test_wait_until (is_closed (third));
  g_assert_cmpuint (f->guards->len, ==, 2);
  g_assert_false (is_closed (first) || is_closed (second));

  /* who goes makes room */
  g_ptr_array_set_size (f->guards, 1);
  g_autoptr (GSocketConnection) fourth = connect_inet (port);
  cv_test_wait_until (f->guards->len == 2);
  g_assert_false (is_closed (fourth));
  g_ptr_array_set_size (f->guards, 0);
  g_autoptr (GSocketConnection) fifth = connect_inet (port);
  cv_test_wait_until (f->guards->len == 1);
  g_assert_false (is_closed (fifth));
}

/* Eight may be open, a ninth comes in, which is told; a tenth does not. */
static void
test_full (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) clients = g_ptr_array_new_with_free_func (g_object_unref);

  start (f, NULL, 0);
  cv_listener_set_most (f->listener, 8);
  guint16 port = listen_inet (f);
  for (guint i = 1; i <= 9; i++) {
    g_ptr_array_add (clients, connect_inet (port));
    cv_test_wait_until (f->guards->len == i);
    g_assert_cmpint (cv_listener_is_full (f->listener), ==, i > 8);
  }
  g_autoptr (GSocketConnection) tenth = connect_inet (port);
  cv_test_wait_until (is_closed (tenth));
  g_assert_cmpuint (f->guards->len, ==, 9);
  g_assert_false (is_closed (g_ptr_array_index (clients, 8)));

  g_ptr_array_set_size (f->guards, 8);
  g_assert_false (cv_listener_is_full (f->listener));
  g_ptr_array_add (clients, connect_inet (port));
  cv_test_wait_until (f->guards->len == 9);
  g_assert_false (is_closed (g_ptr_array_index (clients, 9)));
}

static void
test_deadlines (Fixture *f, gconstpointer data)
{
  start (f, NULL, 0);
  guint16 port = listen_inet (f);
  g_autoptr (GSocketConnection) late = connect_inet (port);
  g_autoptr (GSocketConnection) timeless = connect_inet (port);
  cv_test_wait_until (f->guards->len == 2);
  cv_guard_set_deadline (g_ptr_array_index (f->guards, 1), 0);
  cv_clock_advance (f->clock, CV_LIMIT_REQUEST_MS - 1500);
  g_assert_false (g_io_stream_is_closed (g_ptr_array_index (f->guards, 0)));
  cv_clock_advance (f->clock, 1500); /* not a moment later than said */
  g_assert_true (g_io_stream_is_closed (g_ptr_array_index (f->guards, 0)));
  g_assert_true (is_closed (late));
  cv_clock_advance (f->clock, 100 * CV_LIMIT_REQUEST_MS);
  g_assert_false (is_closed (timeless));
}

static void
test_free_closes (Fixture *f, gconstpointer data)
{
  start (f, NULL, 0);
  guint16 port = listen_inet (f);
  g_autoptr (GSocketConnection) connection = connect_inet (port);
  cv_test_wait_until (f->guards->len == 1);
  g_clear_pointer (&f->listener, cv_listener_free);
  g_assert_true (is_closed (connection));
  /* it goes later than its listener */
  g_ptr_array_set_size (f->guards, 0);
}

/* ---- TLS ---- */

static void
start_tls (Fixture *f)
{
  g_autofree char *certificate_file = g_build_filename (f->folder, "certificate.pem", NULL);
  g_autofree char *key_file = g_build_filename (f->folder, "key.pem", NULL);
  g_autoptr (GTlsCertificate) certificate = cv_certificate_load (certificate_file, key_file, "localhost", NULL);
  g_assert_nonnull (certificate);
  start (f, certificate, 0);
}

static gboolean
on_accept_certificate (GTlsConnection *connection, GTlsCertificate *certificate, GTlsCertificateFlags errors,
                       gpointer user_data)
{
  return TRUE;
}

/* The first read of the one connection, of which the handshake is a part. */
static void
read_first (Fixture *f, char *text, gsize n, GAsyncResult **slot)
{
  cv_test_wait_until (f->guards->len == 1);
  CvGuard *guard = g_ptr_array_index (f->guards, 0);
  cv_guard_set_budget (guard, n);
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (guard)), text, n, G_PRIORITY_DEFAULT, NULL,
                             cv_test_on_ready, slot);
}

static gssize
read_finish (Fixture *f, GAsyncResult **slot, GError **error)
{
  g_autoptr (GAsyncResult) result = cv_test_wait_for (slot);
  CvGuard *guard = g_ptr_array_index (f->guards, 0);
  return g_input_stream_read_finish (g_io_stream_get_input_stream (G_IO_STREAM (guard)), result, error);
}

static void
test_tls (Fixture *f, gconstpointer data)
{
  static const char *const protocols[] = { "h2", "http/1.1", NULL };
  char text[16];
  GAsyncResult *heard = NULL;
  g_autoptr (GError) error = NULL;
  start_tls (f);
  guint16 port = listen_inet (f);
  g_autoptr (GSocketConnection) connection = connect_inet (port);
  g_autoptr (GIOStream) tls = g_tls_client_connection_new (G_IO_STREAM (connection), NULL, &error);
  g_assert_no_error (error);
  g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (tls), protocols);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (on_accept_certificate), NULL);
  GAsyncResult *slot = NULL;
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT, NULL, cv_test_on_ready, &slot);
  read_first (f, text, sizeof text, &heard);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (g_tls_connection_handshake_finish (G_TLS_CONNECTION (tls), result, &error));
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (tls), "hello", 5, NULL, NULL, &error));
  g_assert_cmpint (read_finish (f, &heard, &error), ==, 5);
  g_assert_cmpmem (text, 5, "hello", 5);
  g_assert_cmpstr (g_tls_connection_get_negotiated_protocol (G_TLS_CONNECTION (tls)), ==, "http/1.1");
  g_assert_cmpint (g_tls_connection_get_protocol_version (G_TLS_CONNECTION (tls)), >=, G_TLS_PROTOCOL_VERSION_TLS_1_2);
}

static void
test_tls_garbage (Fixture *f, gconstpointer data)
{
  start_tls (f);
  guint16 port = listen_inet (f);
  g_autoptr (GSocketConnection) connection = connect_inet (port);
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_output_stream_write (out, "GET / HTTP/1.1\r\n\r\n", 18, NULL, NULL);
  g_socket_shutdown (g_socket_connection_get_socket (connection), FALSE, TRUE, NULL);
  char buffer[256];
  GAsyncResult *heard = NULL;
  g_autoptr (GError) error = NULL;
  read_first (f, buffer, sizeof buffer, &heard);
  g_assert_cmpint (read_finish (f, &heard, &error), ==, -1);
  g_assert_error (error, G_TLS_ERROR, G_TLS_ERROR_MISC);
  g_ptr_array_set_size (f->guards, 0);
  cv_test_wait_until (g_socket_receive_with_blocking (g_socket_connection_get_socket (connection), buffer,
                                                      sizeof buffer, FALSE, NULL, NULL) == 0);
}

/* Says nothing: closed when the time for a handshake is over. */
static void
test_tls_deadline (Fixture *f, gconstpointer data)
{
  start_tls (f);
  guint16 port = listen_inet (f);
  g_autoptr (GSocketConnection) connection = connect_inet (port);
  g_autoptr (GSocketConnection) another = connect_inet (port);
  cv_test_wait_until (f->guards->len == 2);
  cv_clock_advance (f->clock, CV_LIMIT_REQUEST_MS - 1500);
  cv_test_settle ();
  g_assert_false (is_closed (connection) || is_closed (another));
  cv_clock_advance (f->clock, 1500);
  cv_test_wait_until (is_closed (connection) && is_closed (another));
}

static void
test_tls_free_while_it_shakes_hands (Fixture *f, gconstpointer data)
{
  start_tls (f);
  guint16 port = listen_inet (f);
  g_autoptr (GSocketConnection) connection = connect_inet (port);
  char text[16];
  GAsyncResult *heard = NULL;
  g_autoptr (GError) error = NULL;
  read_first (f, text, sizeof text, &heard);
  g_clear_pointer (&f->listener, cv_listener_free);
  cv_test_wait_until (is_closed (connection));
  g_assert_cmpint (read_finish (f, &heard, &error), <=, 0);
}

static void
test_address_texts (void)
{
  static const char *const addresses[] = { "192.0.2.1", "2001:db8::1" };
  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++) {
    g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (addresses[i], 443);
    g_autofree char *text = cv_listener_address_to_text (address);
    g_assert_cmpstr (text, ==, addresses[i]);
    g_assert_null (cv_listener_guard_of (address));
  }
  g_autoptr (GSocketAddress) local = g_unix_socket_address_new ("/nowhere");
  g_autofree char *text = cv_listener_address_to_text (local);
  g_assert_cmpstr (text, ==, "unix");
  g_assert_null (cv_listener_guard_of (NULL));
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/listener/inet", test_inet);
  ADD ("/listener/cannot-listen", test_cannot_listen);
  ADD ("/listener/unix", test_unix);
  ADD ("/listener/stale-socket", test_stale_socket);
  ADD ("/listener/socket-in-use", test_socket_in_use);
  ADD ("/listener/not-a-socket", test_not_a_socket);
  ADD ("/listener/per-address", test_per_address);
  ADD ("/listener/full", test_full);
  ADD ("/listener/deadlines", test_deadlines);
  ADD ("/listener/free-closes", test_free_closes);
  ADD ("/listener/tls", test_tls);
  ADD ("/listener/tls-garbage", test_tls_garbage);
  ADD ("/listener/tls-deadline", test_tls_deadline);
  ADD ("/listener/tls-free-while-it-shakes-hands", test_tls_free_while_it_shakes_hands);
  g_test_add_func ("/listener/address-texts", test_address_texts);
  return g_test_run ();
}
