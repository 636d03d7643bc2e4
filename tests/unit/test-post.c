/* What is not sent, and whether it may work later. How it is sent, a real server sees: tests/protocol/mail.test.mjs. */
#include "summary/post.h"

#include "lib/wait.h"

#include <string.h>

/* Accepts, and says what it says to each. */
typedef struct {
  GSocketService *service;
  const char *greeting;
  guint visitors;
} Server;

static gboolean
on_visitor (GSocketService *service, GSocketConnection *connection, GObject *source, Server *server)
{
  server->visitors++;
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), server->greeting,
                             strlen (server->greeting), NULL, NULL, NULL);
  return TRUE; /* and closes */
}

static char *
listen_on_loopback (Server *server, const char *greeting)
{
  server->greeting = greeting;
  server->service = g_socket_service_new ();
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) found = NULL;
  g_assert_true (g_socket_listener_add_address (G_SOCKET_LISTENER (server->service), any, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_TCP, NULL, &found, NULL));
  g_signal_connect (server->service, "incoming", G_CALLBACK (on_visitor), server);
  return g_strdup_printf ("smtp://127.0.0.1:%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (found)));
}

typedef struct {
  const CvPostOptions *options;
  GCancellable *cancellable;
} Job;

static void
send_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  char *headers[] = { (char *) "Subject: Tea", NULL };
  const CvPostLetter letter = { .recipient = (char *) "a@example.org", .headers = headers, .text = (char *) "Tea." };
  GError *error = NULL;
  if (cv_post_send (job->options, &letter, job->cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static GError *
fail_to_send (const CvPostOptions *options, GCancellable *cancellable)
{
  GAsyncResult *slot = NULL;
  Job job = { options, cancellable };
  g_autoptr (GTask) task = g_task_new (NULL, NULL, cv_test_on_ready, &slot);
  GError *error = NULL;
  g_task_set_task_data (task, &job, NULL);
  g_task_run_in_thread (task, send_in_thread);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_false (g_task_propagate_boolean (G_TASK (result), &error));
  return error;
}

#define OPTIONS(address)                                                                                               \
  {                                                                                                                    \
    .server = (address), .from = (char *) "A <a@b.org>", .username = (char *) "", .ca_file = (char *) "",              \
    .plain = TRUE                                                                                                      \
  }

static void
test_refused (void)
{
  Server server = { 0 };
  g_autofree char *address = listen_on_loopback (&server, "554 go away\r\n");
  CvPostOptions options = OPTIONS (address);
  g_autoptr (GError) later = fail_to_send (&options, NULL);
  options.from = (char *) "nobody";
  g_autoptr (GError) never = fail_to_send (&options, NULL);
  g_assert_error (later, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_cmpuint (server.visitors, ==, 1);
  g_assert_error (never, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT); /* from nobody: it was not even tried */
  g_object_unref (server.service);
}

/* Another try may work: nobody listens, it is busy, or whoever stops us does so for now. */
static void
test_later (void)
{
  Server server = { 0 };
  g_autofree char *address = listen_on_loopback (&server, "421 busy\r\n");
  CvPostOptions options = OPTIONS (address);
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GError) busy = fail_to_send (&options, NULL);
  g_cancellable_cancel (cancelled);
  g_autoptr (GError) stopped = fail_to_send (&options, cancelled);
  g_socket_service_stop (server.service);
  g_socket_listener_close (G_SOCKET_LISTENER (server.service));
  g_autoptr (GError) closed = fail_to_send (&options, NULL);
  g_assert_error (busy, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_error (stopped, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_error (closed, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_object_unref (server.service);
}

static void
test_copied (void)
{
  CvPostOptions options = OPTIONS ((char *) "smtps://mail.example.org");
  options.password = (char *) "secret";
  CvPostOptions *copy = cv_post_options_copy (&options);
  g_assert_cmpstr (copy->server, ==, options.server);
  g_assert_cmpstr (copy->password, ==, "secret");
  g_assert_true (copy->password != options.password && copy->plain);
  cv_post_options_free (copy);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/post/refused", test_refused);
  g_test_add_func ("/post/later", test_later);
  g_test_add_func ("/post/copied", test_copied);
  return g_test_run ();
}
