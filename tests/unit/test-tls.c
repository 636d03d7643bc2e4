/* The server's side of TLS over a socket pair, with GLib's TLS as the client. */
#include "signalling/tls.h"

#include "daemon/certificate.h"
#include "lib/folder.h"
#include "lib/log.h"
#include "lib/peer.h"
#include "lib/wait.h"

#include <string.h>

typedef struct {
  char *folder;
  CvTlsContext *context;
  GSocketConnection *ours;
  GSocketConnection *theirs;
  GIOStream *server;
  GIOStream *client;
} Fixture;

static gboolean
on_accept_certificate (GTlsConnection *connection, GTlsCertificate *certificate, GTlsCertificateFlags errors,
                       gpointer user_data)
{
  return TRUE;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  f->folder = cv_test_folder_new ();
  g_autofree char *certificate_file = g_build_filename (f->folder, "certificate.pem", NULL);
  g_autofree char *key_file = g_build_filename (f->folder, "key.pem", NULL);
  g_autoptr (GTlsCertificate) certificate = cv_certificate_load (certificate_file, key_file, "localhost", &error);
  g_assert_no_error (error);
  f->context = cv_tls_context_new (certificate, &error);
  g_assert_no_error (error);
  cv_test_socket_pair (&f->ours, &f->theirs);
  GSocket *socket = g_socket_connection_get_socket (f->ours);
  g_socket_set_blocking (socket, FALSE);
  f->server = cv_tls_stream_new (f->context, socket);
  f->client = g_tls_client_connection_new (G_IO_STREAM (f->theirs), NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (f->client, "accept-certificate", G_CALLBACK (on_accept_certificate), NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->server);
  cv_test_wait_gone (f->client);
  g_assert_finalize_object (f->ours);
  cv_test_wait_gone (f->theirs);
  cv_tls_context_free (f->context);
  cv_test_folder_free (f->folder);
}

static GPollableInputStream *
input (Fixture *f)
{
  return G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (f->server));
}

static GPollableOutputStream *
output (Fixture *f)
{
  return G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (f->server));
}

static void
read_async (Fixture *f, void *buffer, gsize n, GAsyncResult **slot)
{
  g_input_stream_read_async (G_INPUT_STREAM (input (f)), buffer, n, G_PRIORITY_DEFAULT, NULL, cv_test_on_ready, slot);
}

static gssize
read_finish (Fixture *f, GAsyncResult **slot, GError **error)
{
  g_autoptr (GAsyncResult) result = cv_test_wait_for (slot);
  return g_input_stream_read_finish (G_INPUT_STREAM (input (f)), result, error);
}

/* The client shakes hands, for which the server reads, and says "hello". */
static void
greet (Fixture *f)
{
  char buffer[16];
  g_autoptr (GError) error = NULL;
  GAsyncResult *heard = NULL, *shaken = NULL;
  g_tls_connection_handshake_async (G_TLS_CONNECTION (f->client), G_PRIORITY_DEFAULT, NULL, cv_test_on_ready, &shaken);
  read_async (f, buffer, sizeof buffer, &heard);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&shaken);
  g_tls_connection_handshake_finish (G_TLS_CONNECTION (f->client), result, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (f->client), "hello", 5, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read_finish (f, &heard, &error), ==, 5);
  g_assert_cmpmem (buffer, 5, "hello", 5);
}

static void
test_talk (Fixture *f, gconstpointer data)
{
  char buffer[16];
  g_autoptr (GError) error = NULL;
  greet (f);
  g_assert_true (g_pollable_output_stream_is_writable (output (f)));
  g_assert_cmpint (g_pollable_output_stream_write_nonblocking (output (f), "", 0, NULL, &error), ==, 0);
  g_assert_cmpint (g_output_stream_write (G_OUTPUT_STREAM (output (f)), "world", 5, NULL, &error), ==, 5);
  GInputStream *theirs = g_io_stream_get_input_stream (f->client);
  g_assert_cmpint (g_input_stream_read (theirs, buffer, sizeof buffer, NULL, &error), ==, 5);
  g_assert_cmpmem (buffer, 5, "world", 5);

  GTlsConnection *client = G_TLS_CONNECTION (f->client);
  g_assert_cmpint (g_tls_connection_get_protocol_version (client), ==, G_TLS_PROTOCOL_VERSION_TLS_1_3);
  g_autofree char *cipher = g_tls_connection_get_ciphersuite_name (client);
  g_assert_true (strstr (cipher, "AES_256") != NULL || strstr (cipher, "CHACHA20") != NULL);
}

/* Nothing blocks: neither before the client has said anything, nor after. */
static void
test_silent_client (Fixture *f, gconstpointer data)
{
  char byte;
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GError) error = NULL;
    g_assert_cmpint (g_pollable_input_stream_read_nonblocking (input (f), &byte, 1, NULL, &error), ==, -1);
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
    g_clear_error (&error);
    g_assert_cmpint (g_input_stream_read (G_INPUT_STREAM (input (f)), &byte, 1, NULL, &error), ==, -1);
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
    g_clear_error (&error);
    if (i == 0) {
      g_assert_cmpint (g_pollable_output_stream_write_nonblocking (output (f), "x", 1, NULL, &error), ==, -1);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
      greet (f);
    }
    g_assert_false (g_pollable_input_stream_is_readable (input (f)));
  }
}

static gboolean
on_stream_ready (GObject *stream, gpointer user_data)
{
  (*(guint *) user_data)++;
  return G_SOURCE_REMOVE;
}

/* What OpenSSL holds, but the socket no longer does, is still announced. */
static void
test_rest_of_a_record (Fixture *f, gconstpointer data)
{
  char buffer[4];
  guint fired = 0;
  greet (f);
  g_output_stream_write_all (g_io_stream_get_output_stream (f->client), "abcdef", 6, NULL, NULL, NULL);
  GAsyncResult *slot = NULL;
  read_async (f, buffer, 4, &slot);
  g_assert_cmpint (read_finish (f, &slot, NULL), ==, 4);
  g_assert_cmpint (g_socket_condition_check (g_socket_connection_get_socket (f->ours), G_IO_IN), ==, 0);
  g_assert_true (g_pollable_input_stream_is_readable (input (f)));
  g_autoptr (GSource) source = g_pollable_input_stream_create_source (input (f), NULL);
  g_source_set_callback (source, G_SOURCE_FUNC (on_stream_ready), &fired, NULL);
  g_source_attach (source, NULL);
  cv_test_wait_until (fired == 1);
  g_assert_cmpint (g_pollable_input_stream_read_nonblocking (input (f), buffer, 4, NULL, NULL), ==, 2);
  g_assert_cmpmem (buffer, 2, "ef", 2);
  g_assert_false (g_pollable_input_stream_is_readable (input (f)));
}

static void
test_client_that_does_not_read (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *much = g_strnfill (64 * 1024, 'x');
  gsize written = 0;
  greet (f);
  while (error == NULL && written < 64 * 1024 * 1024) {
    gssize n = g_pollable_output_stream_write_nonblocking (output (f), much, 64 * 1024, NULL, &error);
    written += n > 0 ? (gsize) n : 0;
  }
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  g_assert_cmpuint (written, >, 0);

  /* once it reads, there is room again */
  guint fired = 0;
  g_autoptr (GSource) source = g_pollable_output_stream_create_source (output (f), NULL);
  g_source_set_callback (source, G_SOURCE_FUNC (on_stream_ready), &fired, NULL);
  g_source_attach (source, NULL);
  cv_test_settle ();
  g_assert_cmpuint (fired, ==, 0);
  for (gsize got = 0; got < written;) {
    gssize n = g_input_stream_read (g_io_stream_get_input_stream (f->client), much, 64 * 1024, NULL, NULL);
    g_assert_cmpint (n, >, 0);
    got += (gsize) n;
  }
  cv_test_wait_until (fired == 1);
}

static void
test_goodbye (Fixture *f, gconstpointer data)
{
  char byte;
  GAsyncResult *slot = NULL, *closed = NULL;
  greet (f);
  read_async (f, &byte, 1, &slot);
  g_io_stream_close_async (f->client, G_PRIORITY_DEFAULT, NULL, cv_test_on_ready, &closed);
  g_assert_cmpint (read_finish (f, &slot, NULL), ==, 0);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&closed);
  g_assert_true (g_io_stream_close_finish (f->client, result, NULL));
}

/* Browsers often go without one. */
static void
test_no_goodbye (Fixture *f, gconstpointer data)
{
  char byte;
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  greet (f);
  read_async (f, &byte, 1, &slot);
  g_socket_shutdown (g_socket_connection_get_socket (f->theirs), FALSE, TRUE, NULL);
  g_assert_cmpint (read_finish (f, &slot, &error), ==, 0);
  g_socket_close (g_socket_connection_get_socket (f->theirs), NULL);
  g_assert_cmpint (g_pollable_output_stream_write_nonblocking (output (f), "x", 1, NULL, &error), ==, -1);
  g_assert_nonnull (error);
}

static void
test_garbage (Fixture *f, gconstpointer data)
{
  char byte;
  g_autoptr (GError) error = NULL;
  GOutputStream *theirs = g_io_stream_get_output_stream (G_IO_STREAM (f->theirs));
  g_output_stream_write_all (theirs, "GET / HTTP/1.1\r\n\r\n", 18, NULL, NULL, NULL);
  g_assert_cmpint (g_pollable_input_stream_read_nonblocking (input (f), &byte, 1, NULL, &error), ==, -1);
  g_assert_error (error, G_TLS_ERROR, G_TLS_ERROR_MISC);
}

static void
test_outlived_by_its_halves (Fixture *f, gconstpointer data)
{
  char byte;
  g_autoptr (GInputStream) in = g_object_ref (G_INPUT_STREAM (input (f)));
  greet (f);
  g_assert_finalize_object (f->server);
  f->server = g_simple_io_stream_new (in, g_io_stream_get_output_stream (G_IO_STREAM (f->ours)));
  g_assert_cmpint (g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (in), &byte, 1, NULL, NULL), ==,
                   -1);
}

static void
test_certificate_without_key (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *pem = cv_test_folder_read (f->folder, "certificate.pem");
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_pem (pem, -1, &error);
  g_assert_no_error (error);
  g_assert_null (cv_tls_context_new (certificate, &error));
  g_assert_error (error, G_TLS_ERROR, G_TLS_ERROR_MISC);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/tls/talk", test_talk);
  ADD ("/tls/silent-client", test_silent_client);
  ADD ("/tls/rest-of-a-record", test_rest_of_a_record);
  ADD ("/tls/client-that-does-not-read", test_client_that_does_not_read);
  ADD ("/tls/goodbye", test_goodbye);
  ADD ("/tls/no-goodbye", test_no_goodbye);
  ADD ("/tls/garbage", test_garbage);
  ADD ("/tls/outlived-by-its-halves", test_outlived_by_its_halves);
  ADD ("/tls/certificate-without-key", test_certificate_without_key);
  return g_test_run ();
}
