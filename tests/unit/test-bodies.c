/* Bodies piece by piece: whole, slow, cut short, given up. */
#include "signalling/bodies.h"

#include "lib/http.h"
#include "lib/log.h"
#include "lib/wait.h"
#include "signalling/bounds.h"

#include <string.h>

/* What one body is made of; the thread counts. */
typedef struct {
  guint64 length;
  guint64 made;
  guint64 fails_at;
  guint pieces;
  gboolean *freed;
} Source;

typedef struct {
  CvTestHttp http;
  CvClock *clock;
  CvBodies *bodies;
  Source *source; /* of the last request; gone once `freed` */
  gboolean freed;
  guint64 length;
  guint64 fails_at;
  guint64 more; /* than it should be */
} Fixture;

static GBytes *
make_piece (gpointer data, GError **error)
{
  Source *source = data;
  if (source->made >= source->fails_at) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the disk is gone");
    return NULL;
  }
  gsize n = (gsize) MIN (source->length - source->made, 100000);
  guint8 *bytes = g_malloc (n);
  for (gsize i = 0; i < n; i++)
    bytes[i] = (guint8) ('a' + (source->made + i) % 26);
  source->made += n;
  g_atomic_int_inc (&source->pieces);
  return g_bytes_new_take (bytes, n);
}

static void
free_source (gpointer data)
{
  Source *source = data;
  *source->freed = TRUE;
  g_free (source);
}

static void
on_request (SoupServerMessage *message, const char *path, gpointer user_data)
{
  Fixture *f = user_data;
  f->freed = FALSE;
  f->source = g_new0 (Source, 1);
  *f->source = (Source){ .length = f->length + f->more, .fails_at = f->fails_at, .freed = &f->freed };
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  cv_bodies_send (f->bodies, message, f->length, make_piece, f->source, free_source);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = cv_clock_new ();
  f->bodies = cv_bodies_new (f->clock);
  f->fails_at = G_MAXUINT64;
  cv_test_http_init (&f->http, on_request, f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_test_http_clear (&f->http);
  cv_bodies_free (f->bodies);
  g_assert_true (f->freed || f->source == NULL);
  g_object_unref (f->clock);
}

static gboolean
is_pattern (const char *text, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (text[i] != (char) ('a' + i % 26))
      return FALSE;
  return TRUE;
}

static void
test_whole (Fixture *f, gconstpointer data)
{
  static const guint64 lengths[] = { 1, 99999, 100000, 100001, 3000000 };
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++) {
    f->length = lengths[i];
    g_autofree char *answer = cv_test_http_ask (&f->http, "GET /", "Host: a\r\n", "");
    const char *body = cv_test_http_body (answer);
    g_autofree char *length = g_strdup_printf ("\r\nContent-Length: %" G_GUINT64_FORMAT "\r\n", lengths[i]);
    g_assert_true (strstr (answer, length) != NULL && strstr (answer, length) < body);
    g_assert_cmpuint (strlen (body), ==, lengths[i]);
    g_assert_true (is_pattern (body, strlen (body)));
    cv_test_wait_until (f->freed);
  }
}

/* Two on one connection: the second one begins where the first one ends. */
static void
test_one_after_the_other (Fixture *f, gconstpointer data)
{
  f->length = 250000;
  g_autofree char *answer = cv_test_http_talk (
    f->http.port, "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const char *body = cv_test_http_body (answer);
  g_assert_true (is_pattern (body, 250000));
  g_assert_true (g_str_has_prefix (body + 250000, "HTTP/1.1 200 "));
  g_assert_true (is_pattern (cv_test_http_body (body + 250000), 250000));
}

static GSocketConnection *
request_only (Fixture *f)
{
  static const char request[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_socket_client_set_enable_proxy (client, FALSE);
  GSocketConnection *connection = g_socket_client_connect_to_host (client, "127.0.0.1", f->http.port, NULL, NULL);
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request,
                                            strlen (request), NULL, NULL, NULL));
  f->source = NULL;
  cv_test_wait_until (f->source != NULL);
  return connection;
}

/* No more is made than what the client takes, and what the kernel holds for it. */
static void
test_slow_client (Fixture *f, gconstpointer data)
{
  f->length = G_GUINT64_CONSTANT (10) << 30;
  g_autoptr (GSocketConnection) connection = request_only (f);
  guint before = 0, after = 0;
  do {
    before = (guint) g_atomic_int_get (&f->source->pieces);
    cv_test_pause (100);
    after = (guint) g_atomic_int_get (&f->source->pieces);
  } while (after != before);
  g_assert_cmpuint (after, <, 200);
  /* and then it goes on */
  g_autofree guint8 *buffer = g_malloc (100000);
  g_socket_set_blocking (g_socket_connection_get_socket (connection), FALSE);
  while ((guint) g_atomic_int_get (&f->source->pieces) < after + 10) {
    g_socket_receive (g_socket_connection_get_socket (connection), (char *) buffer, 100000, NULL, NULL);
    cv_test_pause (1);
  }
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  cv_test_wait_until (f->freed);
}

/* Not even a new request is taken on a connection whose body has ended too early. */
static void
test_error (Fixture *f, gconstpointer data)
{
  static const guint64 at[] = { 0, 200000 };
  f->length = 3000000;
  for (gsize i = 0; i < G_N_ELEMENTS (at); i++) {
    f->fails_at = at[i];
    cv_test_log_expect (G_LOG_LEVEL_WARNING, "*a body was cut: the disk is gone*");
    g_autofree char *answer =
      cv_test_http_talk (f->http.port, "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
    g_assert_cmpuint (strlen (answer), <, 200000 + 1000);
    cv_test_wait_until (f->freed);
  }
  cv_test_log_assert_all ();
}

/* A file that has grown meanwhile. */
static void
test_too_long (Fixture *f, gconstpointer data)
{
  f->length = 150000;
  f->more = 1;
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*a body was cut: it has another length*");
  g_autofree char *answer = cv_test_http_ask (&f->http, "GET /", "Host: a\r\n", "");
  cv_test_wait_until (f->freed);
  g_assert_cmpuint (strlen (cv_test_http_body (answer)), ==, 100000);
  cv_test_log_assert_all ();
}

static void
test_bound (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) connections = g_ptr_array_new_with_free_func (g_object_unref);
  f->length = G_GUINT64_CONSTANT (10) << 30;
  for (guint i = 0; i < CV_LIMIT_BODIES; i++) {
    g_assert_false (cv_bodies_is_full (f->bodies));
    g_ptr_array_add (connections, request_only (f));
  }
  g_assert_true (cv_bodies_is_full (f->bodies));
  g_ptr_array_set_size (connections, 1);
  cv_test_wait_until (!cv_bodies_is_full (f->bodies));
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/bodies/whole", test_whole);
  ADD ("/bodies/one-after-the-other", test_one_after_the_other);
  ADD ("/bodies/slow-client", test_slow_client);
  ADD ("/bodies/error", test_error);
  ADD ("/bodies/too-long", test_too_long);
  ADD ("/bodies/bound", test_bound);
  return g_test_run ();
}
