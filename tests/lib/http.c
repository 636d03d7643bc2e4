/* See http.h. */
#include "lib/http.h"

#include "lib/wait.h"

#include <string.h>

static void
on_request (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  CvTestHttp *self = user_data;
  self->handler (message, path, self->user_data);
}

void
cv_test_http_init (CvTestHttp *self, CvTestHttpHandler handler, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  *self = (CvTestHttp){ .server = g_object_new (SOUP_TYPE_SERVER, NULL), .handler = handler, .user_data = user_data };
  soup_server_add_handler (self->server, NULL, on_request, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  GSList *uris = soup_server_get_uris (self->server);
  self->port = (guint16) g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

void
cv_test_http_clear (CvTestHttp *self)
{
  soup_server_disconnect (self->server);
  cv_test_settle ();
  g_clear_object (&self->server);
}

char *
cv_test_http_talk_over (GIOStream *stream, const char *request)
{
  g_autoptr (GOutputStream) all = g_memory_output_stream_new_resizable ();
  gsize written = 0;
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (stream), request, strlen (request), &written,
                                            NULL, NULL));
  GAsyncResult *slot = NULL;
  g_output_stream_splice_async (all, g_io_stream_get_input_stream (stream), G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                G_PRIORITY_DEFAULT, NULL, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  /* An abrupt end is an end, too. */
  g_output_stream_splice_finish (all, result, NULL);
  if (!g_output_stream_is_closed (all))
    g_output_stream_close (all, NULL, NULL);
  GMemoryOutputStream *memory = G_MEMORY_OUTPUT_STREAM (all);
  return g_strndup (g_memory_output_stream_get_data (memory), g_memory_output_stream_get_data_size (memory));
}

char *
cv_test_http_talk (guint16 port, const char *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_socket_client_set_enable_proxy (client, FALSE);
  g_autoptr (GSocketConnection) connection = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, &error);
  g_assert_no_error (error);
  return cv_test_http_talk_over (G_IO_STREAM (connection), request);
}

char *
cv_test_http_ask (CvTestHttp *self, const char *head, const char *headers, const char *body)
{
  g_autofree char *request =
    g_strdup_printf ("%s HTTP/1.1\r\nConnection: close\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n%s\r\n%s", head,
                     strlen (body), headers, body);
  return cv_test_http_talk (self->port, request);
}

const char *
cv_test_http_body (const char *answer)
{
  const char *end = strstr (answer, "\r\n\r\n");
  g_assert_nonnull (end);
  return end + 4;
}
