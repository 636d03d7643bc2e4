/* The guard's streams over a socket pair: the budget, frames, what was written, and the end. */
#include "signalling/guard.h"

#include "lib/log.h"
#include "lib/peer.h"
#include "lib/wait.h"

#include <string.h>

typedef struct {
  GSocketConnection *ours;
  GSocketConnection *theirs;
  CvGuard *guard;
  guint refused;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  cv_test_socket_pair (&f->ours, &f->theirs);
  f->guard = cv_guard_new (G_IO_STREAM (f->ours), g_socket_connection_get_socket (f->ours));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  if (f->guard != NULL)
    g_assert_finalize_object (f->guard);
  g_assert_finalize_object (f->ours);
  g_assert_finalize_object (f->theirs);
}

static void
on_refuse (gpointer user_data)
{
  ((Fixture *) user_data)->refused++;
}

static GPollableInputStream *
input (Fixture *f)
{
  return G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (G_IO_STREAM (f->guard)));
}

static GPollableOutputStream *
output (Fixture *f)
{
  return G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (G_IO_STREAM (f->guard)));
}

static void
write_theirs (Fixture *f, const void *data, gsize n)
{
  g_assert_true (
    g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (f->theirs)), data, n, NULL, NULL, NULL));
}

static gssize
read_ours (Fixture *f, gsize n, GError **error)
{
  guint8 buffer[4096];
  g_assert_cmpuint (n, <=, sizeof buffer);
  return g_pollable_input_stream_read_nonblocking (input (f), buffer, n, NULL, error);
}

static void
test_budget (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_cmpint (read_ours (f, 10, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  g_clear_error (&error);

  write_theirs (f, "0123456789", 10);
  cv_guard_set_budget (f->guard, 8);
  g_assert_cmpint (read_ours (f, 4, &error), ==, 4);
  g_assert_cmpint (read_ours (f, 4, &error), ==, 4);
  g_assert_cmpint (read_ours (f, 2, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  /* the next request has one of its own */
  write_theirs (f, "abc", 3);
  cv_guard_set_budget (f->guard, 3);
  g_assert_cmpint (read_ours (f, 3, NULL), ==, 3);
}

static void
test_blocking_read (Fixture *f, gconstpointer data)
{
  char buffer[8];
  g_autoptr (GError) error = NULL;
  cv_guard_set_budget (f->guard, 4);
  write_theirs (f, "01234", 5);
  GInputStream *stream = g_io_stream_get_input_stream (G_IO_STREAM (f->guard));
  g_assert_cmpint (g_input_stream_read (stream, buffer, 4, NULL, NULL), ==, 4);
  g_assert_cmpint (g_input_stream_read (stream, buffer, 1, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
}

static void
test_end_of_stream (Fixture *f, gconstpointer data)
{
  write_theirs (f, "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET", 30);
  cv_guard_set_budget (f->guard, 100);
  g_io_stream_close (G_IO_STREAM (f->theirs), NULL, NULL);
  g_assert_cmpint (read_ours (f, 30, NULL), ==, 30);
  g_assert_cmpint (read_ours (f, 4, NULL), ==, 0);
}

static void
test_end_before_a_request (Fixture *f, gconstpointer data)
{
  g_io_stream_close (G_IO_STREAM (f->theirs), NULL, NULL);
  g_assert_cmpint (read_ours (f, 4, NULL), ==, 0);
}

/* Where libsoup waits for another request, it needs the beginning of one, that it may end. */
static void
test_end_between_requests (Fixture *f, gconstpointer data)
{
  write_theirs (f, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27);
  cv_guard_set_budget (f->guard, 100);
  g_io_stream_close (G_IO_STREAM (f->theirs), NULL, NULL);
  g_assert_cmpint (read_ours (f, 27, NULL), ==, 27);
  g_assert_cmpint (read_ours (f, 4, NULL), ==, 1);
  g_assert_cmpint (read_ours (f, 4, NULL), ==, 0);
  g_assert_cmpint (read_ours (f, 4, NULL), ==, 0);
}

static gboolean
on_readable (GObject *stream, gpointer user_data)
{
  (*(guint *) user_data)++;
  return G_SOURCE_REMOVE;
}

static void
test_readable (Fixture *f, gconstpointer data)
{
  guint fired = 0;
  g_autoptr (GSource) source = g_pollable_input_stream_create_source (input (f), NULL);
  g_source_set_callback (source, G_SOURCE_FUNC (on_readable), &fired, NULL);
  g_source_attach (source, NULL);
  cv_test_settle ();
  g_assert_false (g_pollable_input_stream_is_readable (input (f)));
  g_assert_cmpuint (fired, ==, 0);
  write_theirs (f, "x", 1);
  g_assert_true (g_pollable_input_stream_is_readable (input (f)));
  cv_test_wait_until (fired == 1);
}

static void
test_written (Fixture *f, gconstpointer data)
{
  guint fired = 0;
  g_assert_cmpuint (cv_guard_get_written (f->guard), ==, 0);
  g_assert_true (g_pollable_output_stream_is_writable (output (f)));
  g_assert_cmpint (g_pollable_output_stream_write_nonblocking (output (f), "abc", 3, NULL, NULL), ==, 3);
  g_assert_cmpint (g_output_stream_write (G_OUTPUT_STREAM (output (f)), "de", 2, NULL, NULL), ==, 2);
  g_assert_cmpuint (cv_guard_get_written (f->guard), ==, 5);

  g_autoptr (GSource) source = g_pollable_output_stream_create_source (output (f), NULL);
  g_source_set_callback (source, G_SOURCE_FUNC (on_readable), &fired, NULL);
  g_source_attach (source, NULL);
  cv_test_wait_until (fired == 1);

  /* what could not be written does not count */
  g_autofree char *much = g_strnfill (1024 * 1024, 'x');
  gssize n = g_pollable_output_stream_write_nonblocking (output (f), much, 1024 * 1024, NULL, NULL);
  g_assert_cmpint (n, >, 0);
  g_assert_cmpint (n, <, 1024 * 1024);
  g_assert_cmpuint (cv_guard_get_written (f->guard), ==, 5 + (guint64) n);
  g_assert_false (g_pollable_output_stream_is_writable (output (f)));
}

static void
test_frames (Fixture *f, gconstpointer data)
{
  static const guint8 fine[] = { 0x81, 0x84, 1, 2, 3, 4, 'a', 'b', 'c', 'd' };
  static const guint8 too_long[] = { 0x81, 0x85, 1, 2, 3, 4, 'a', 'b', 'c', 'd', 'e' };
  g_autoptr (GError) error = NULL;
  cv_guard_watch_frames (f->guard, 4, 2, on_refuse, f);
  write_theirs (f, fine, sizeof fine);
  g_assert_cmpint (read_ours (f, 3, NULL), ==, 3);
  g_assert_cmpint (read_ours (f, 100, NULL), ==, sizeof fine - 3);

  write_theirs (f, too_long, sizeof too_long);
  g_assert_cmpint (read_ours (f, 100, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  g_assert_cmpuint (f->refused, ==, 0); /* from the main loop, not from within */
  cv_test_wait_until (f->refused == 1);

  /* nothing more is read, nobody spins, and it is said once */
  guint fired = 0;
  write_theirs (f, fine, sizeof fine);
  g_assert_cmpint (read_ours (f, 100, NULL), ==, -1);
  g_assert_false (g_pollable_input_stream_is_readable (input (f)));
  g_autoptr (GSource) source = g_pollable_input_stream_create_source (input (f), NULL);
  g_source_set_callback (source, G_SOURCE_FUNC (on_readable), &fired, NULL);
  g_source_attach (source, NULL);
  cv_test_settle ();
  g_assert_cmpuint (fired, ==, 0);
  g_assert_cmpuint (f->refused, ==, 1);
  g_source_destroy (source);
}

static const guint8 bomb[] = { 0x81, 0x7f, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff };

static void
test_unwatch (Fixture *f, gconstpointer data)
{
  cv_guard_watch_frames (f->guard, 4, 2, on_refuse, f);
  write_theirs (f, bomb, sizeof bomb);
  g_assert_cmpint (read_ours (f, 100, NULL), ==, -1);
  cv_guard_unwatch (f->guard);
  cv_test_settle ();
  g_assert_cmpuint (f->refused, ==, 0);
}

static void
test_gone_before_it_refuses (Fixture *f, gconstpointer data)
{
  cv_guard_watch_frames (f->guard, 4, 2, on_refuse, f);
  write_theirs (f, bomb, sizeof bomb);
  g_assert_cmpint (read_ours (f, 100, NULL), ==, -1);
  g_assert_finalize_object (g_steal_pointer (&f->guard));
  cv_test_settle ();
  g_assert_cmpuint (f->refused, ==, 0);
}

/* Somebody above the guard has read further than it gave on: those bytes must not pass for what is still to come. */
static void
test_behind (Fixture *f, gconstpointer data)
{
  char byte;
  g_autoptr (GConverter) copy = G_CONVERTER (g_charset_converter_new ("UTF-8", "UTF-8", NULL));
  g_autoptr (GInputStream) above = g_converter_input_stream_new (G_INPUT_STREAM (input (f)), copy);
  g_autoptr (GIOStream) stream = g_simple_io_stream_new (above, G_OUTPUT_STREAM (output (f)));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (above), FALSE);
  cv_guard_set_budget (f->guard, 100);
  write_theirs (f, "abc", 3);
  g_assert_false (cv_guard_is_behind (f->guard, stream)); /* it waits in the socket */
  g_assert_cmpint (g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (above), &byte, 1, NULL, NULL), ==,
                   1);
  g_assert_true (cv_guard_is_behind (f->guard, stream));
  write_theirs (f, "d", 1);
  for (guint i = 0; i < 2; i++)
    g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (above), &byte, 1, NULL, NULL);
  g_assert_false (cv_guard_is_behind (f->guard, stream));
  g_assert_true (g_pollable_input_stream_is_readable (input (f)));
}

static void
test_deadline (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (cv_guard_get_deadline (f->guard), ==, 0);
  cv_guard_set_deadline (f->guard, 42);
  g_assert_cmpint (cv_guard_get_deadline (f->guard), ==, 42);
}

static void
test_close (Fixture *f, gconstpointer data)
{
  char buffer[4];
  g_assert_true (g_io_stream_close (G_IO_STREAM (f->guard), NULL, NULL));
  g_assert_true (g_io_stream_close (G_IO_STREAM (f->guard), NULL, NULL));
  /* the descriptor stays as long as anybody may use it */
  g_assert_false (g_socket_is_closed (g_socket_connection_get_socket (f->ours)));
  GInputStream *theirs = g_io_stream_get_input_stream (G_IO_STREAM (f->theirs));
  g_assert_cmpint (g_input_stream_read (theirs, buffer, sizeof buffer, NULL, NULL), ==, 0);
}

static void
on_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(gboolean *) user_data = g_io_stream_close_finish (G_IO_STREAM (source), result, NULL);
}

/* No thread has it, which could be the last to let go of it: when the call returns it is done. */
static void
test_close_async (Fixture *f, gconstpointer data)
{
  gboolean closed = FALSE;
  char buffer[4];
  GPollableInputStream *theirs = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (G_IO_STREAM (f->theirs)));
  g_io_stream_close_async (G_IO_STREAM (f->guard), G_PRIORITY_DEFAULT, NULL, on_closed, &closed);
  g_assert_cmpint (g_pollable_input_stream_read_nonblocking (theirs, buffer, sizeof buffer, NULL, NULL), ==, 0);
  g_assert_false (closed);
  cv_test_wait_until (closed);
  g_assert_true (g_io_stream_is_closed (G_IO_STREAM (f->guard)));
  g_assert_false (g_socket_is_closed (g_socket_connection_get_socket (f->ours)));
}

/* libsoup may hold on to a stream for longer than to the pair. */
static void
test_streams_outlive_it (Fixture *f, gconstpointer data)
{
  g_autoptr (GInputStream) in = g_object_ref (G_INPUT_STREAM (input (f)));
  g_autoptr (GOutputStream) out = g_object_ref (G_OUTPUT_STREAM (output (f)));
  g_autoptr (GError) error = NULL;
  char buffer[4];
  g_assert_finalize_object (g_steal_pointer (&f->guard));
  g_assert_cmpint (g_input_stream_read (in, buffer, 1, NULL, &error), ==, -1);
  g_assert_nonnull (error);
  g_assert_cmpint (g_output_stream_write (out, "x", 1, NULL, NULL), ==, -1);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/guard/budget", test_budget);
  ADD ("/guard/blocking-read", test_blocking_read);
  ADD ("/guard/end-of-stream", test_end_of_stream);
  ADD ("/guard/end-before-a-request", test_end_before_a_request);
  ADD ("/guard/end-between-requests", test_end_between_requests);
  ADD ("/guard/readable", test_readable);
  ADD ("/guard/written", test_written);
  ADD ("/guard/frames", test_frames);
  ADD ("/guard/unwatch", test_unwatch);
  ADD ("/guard/gone-before-it-refuses", test_gone_before_it_refuses);
  ADD ("/guard/behind", test_behind);
  ADD ("/guard/deadline", test_deadline);
  ADD ("/guard/close", test_close);
  ADD ("/guard/close-async", test_close_async);
  ADD ("/guard/streams-outlive-it", test_streams_outlive_it);
  return g_test_run ();
}
