/* See guard.h. */
#include "signalling/guard.h"

#include "signalling/frames.h"
#include "signalling/requests.h"

#include <string.h>

struct _CvGuard {
  GIOStream parent_instance;
  GIOStream *base;
  GSocket *socket;
  GInputStream *input;
  GOutputStream *output;
  gsize budget;
  gint64 deadline;
  guint64 written;
  gboolean framed;
  gboolean stuck;      /* a bound was passed: nothing more is read */
  gboolean spoken;     /* something was read: a request that ended, where none has begun since */
  gboolean over;       /* it ended between two requests, and libsoup was given something to end */
  CvRequests requests; /* before there are frames */
  CvFrames frames;
  CvGuardRefuse refuse;
  gpointer refuse_data;
  guint refuse_source;
  CvWaiter *waiter; /* or NULL */
  CvWatch *watch;   /* once there are frames; or NULL */
};

G_DEFINE_FINAL_TYPE (CvGuard, cv_guard, G_TYPE_IO_STREAM)

static void
on_idle_refuse (gpointer user_data)
{
  CvGuard *self = user_data;
  self->refuse_source = 0;
  if (self->refuse != NULL)
    self->refuse (self->refuse_data);
}

/* libsoup would say nothing about bytes that it never sees. */
static void
answer_bad_request (CvGuard *self)
{
  static const char answer[] = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/json\r\n"
                               "Content-Length: 72\r\n\r\n"
                               "{\"error\":\"bad-message\",\"text\":\"This message does not fit the protocol.\"}";
  g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (self->base)),
                                              answer, strlen (answer), NULL, NULL);
}

/* What was read goes through here. Returns `n`, or -1. */
static gssize
inspect (CvGuard *self, const void *buffer, gssize n, GError **error)
{
  if (n <= 0)
    return n;
  self->spoken = TRUE;
  if (self->framed) {
    if (cv_frames_feed (&self->frames, buffer, (gsize) n))
      return n;
    self->stuck = TRUE;
    self->refuse_source = g_idle_add_once (on_idle_refuse, self);
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "a message is too large");
    return -1;
  }
  if ((gsize) n > self->budget) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "a request is too large");
    return -1;
  }
  if (!cv_requests_feed (&self->requests, buffer, (gsize) n)) {
    answer_bad_request (self);
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "a request is malformed");
    return -1;
  }
  self->budget -= (gsize) n;
  return n;
}

/* libsoup 3.2 forgets a connection that ends while it waits for the next request: it is neither read nor closed ever again. It closes one
 * that ends within a request, so it gets the first byte of one. */
static gssize
read_end (CvGuard *self, char *buffer, gssize n, GError **error)
{
  gboolean waits = n < 0 && g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  gboolean between =
    self->spoken && !self->framed && self->requests.state == CV_REQUESTS_START && self->requests.length == 0;
  if (n > 0 || waits || !between || self->over)
    return n;
  self->over = TRUE;
  g_clear_error (error);
  buffer[0] = 'X';
  return 1;
}

/* What was read, or its end. */
static gssize
take (CvGuard *self, void *buffer, gssize n, GError *cause, GError **error)
{
  if (n <= 0)
    n = read_end (self, buffer, n, &cause);
  if (n < 0)
    g_propagate_error (error, cause);
  return self->over ? n : inspect (self, buffer, n, error);
}

/* ---- input ---- */

#define CV_TYPE_GUARD_INPUT (cv_guard_input_get_type ())
G_DECLARE_FINAL_TYPE (CvGuardInput, cv_guard_input, CV, GUARD_INPUT, GInputStream)

struct _CvGuardInput {
  GInputStream parent_instance;
  CvGuard *guard; /* owns this; NULL once it is gone */
  GInputStream *base;
};

static void guard_input_pollable_init (GPollableInputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvGuardInput, cv_guard_input, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM, guard_input_pollable_init))

static gboolean
guard_input_is_open (CvGuardInput *self, GError **error)
{
  if (self->guard != NULL && !self->guard->stuck)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "nothing more is read");
  return FALSE;
}

static gssize
cv_guard_input_read (GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  CvGuardInput *self = CV_GUARD_INPUT (stream);
  if (!guard_input_is_open (self, error))
    return -1;
  GError *cause = NULL;
  gssize n = g_input_stream_read (self->base, buffer, count, cancellable, &cause);
  return take (self->guard, buffer, n, cause, error);
}

static gssize
cv_guard_input_read_nonblocking (GPollableInputStream *stream, void *buffer, gsize count, GError **error)
{
  CvGuardInput *self = CV_GUARD_INPUT (stream);
  if (!guard_input_is_open (self, error))
    return -1;
  GError *cause = NULL;
  gssize n =
    g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (self->base), buffer, count, NULL, &cause);
  return take (self->guard, buffer, n, cause, error);
}

static gboolean
cv_guard_input_is_readable (GPollableInputStream *stream)
{
  CvGuardInput *self = CV_GUARD_INPUT (stream);
  return guard_input_is_open (self, NULL) && g_pollable_input_stream_is_readable (G_POLLABLE_INPUT_STREAM (self->base));
}

static GSource *
cv_guard_input_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  CvGuardInput *self = CV_GUARD_INPUT (stream);
  g_autoptr (GSource) base = NULL;
  if (guard_input_is_open (self, NULL) && self->guard->watch != NULL && cancellable == NULL)
    return cv_watch_create_source (self->guard->watch, stream);
  /* Once stuck, a source that never fires: waiting on the socket would spin. */
  if (guard_input_is_open (self, NULL))
    base = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (self->base), NULL);
  return g_pollable_source_new_full (stream, base, cancellable);
}

static gboolean
cv_guard_input_close (GInputStream *stream, GCancellable *cancellable, GError **error)
{
  return TRUE;
}

static void
cv_guard_input_finalize (GObject *object)
{
  g_object_unref (CV_GUARD_INPUT (object)->base);
  G_OBJECT_CLASS (cv_guard_input_parent_class)->finalize (object);
}

static void
cv_guard_input_class_init (CvGuardInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cv_guard_input_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = cv_guard_input_read;
  G_INPUT_STREAM_CLASS (klass)->close_fn = cv_guard_input_close;
}

static void
guard_input_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = cv_guard_input_is_readable;
  iface->create_source = cv_guard_input_create_source;
  iface->read_nonblocking = cv_guard_input_read_nonblocking;
}

static void
cv_guard_input_init (CvGuardInput *self)
{
}

/* ---- output ---- */

#define CV_TYPE_GUARD_OUTPUT (cv_guard_output_get_type ())
G_DECLARE_FINAL_TYPE (CvGuardOutput, cv_guard_output, CV, GUARD_OUTPUT, GOutputStream)

struct _CvGuardOutput {
  GOutputStream parent_instance;
  CvGuard *guard; /* owns this; NULL once it is gone */
  GOutputStream *base;
};

static void guard_output_pollable_init (GPollableOutputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvGuardOutput, cv_guard_output, G_TYPE_OUTPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM, guard_output_pollable_init))

static gssize
count_written (CvGuardOutput *self, gssize n)
{
  if (n > 0 && self->guard != NULL)
    self->guard->written += (guint64) n;
  return n;
}

static gssize
cv_guard_output_write (GOutputStream *stream, const void *buffer, gsize count, GCancellable *cancellable,
                       GError **error)
{
  CvGuardOutput *self = CV_GUARD_OUTPUT (stream);
  return count_written (self, g_output_stream_write (self->base, buffer, count, cancellable, error));
}

static gssize
cv_guard_output_write_nonblocking (GPollableOutputStream *stream, const void *buffer, gsize count, GError **error)
{
  CvGuardOutput *self = CV_GUARD_OUTPUT (stream);
  return count_written (self, g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (self->base), buffer,
                                                                          count, NULL, error));
}

static gboolean
cv_guard_output_is_writable (GPollableOutputStream *stream)
{
  return g_pollable_output_stream_is_writable (G_POLLABLE_OUTPUT_STREAM (CV_GUARD_OUTPUT (stream)->base));
}

static GSource *
cv_guard_output_create_source (GPollableOutputStream *stream, GCancellable *cancellable)
{
  GPollableOutputStream *below = G_POLLABLE_OUTPUT_STREAM (CV_GUARD_OUTPUT (stream)->base);
  g_autoptr (GSource) base = g_pollable_output_stream_create_source (below, NULL);
  return g_pollable_source_new_full (stream, base, cancellable);
}

static gboolean
cv_guard_output_close (GOutputStream *stream, GCancellable *cancellable, GError **error)
{
  return TRUE;
}

static void
cv_guard_output_finalize (GObject *object)
{
  g_object_unref (CV_GUARD_OUTPUT (object)->base);
  G_OBJECT_CLASS (cv_guard_output_parent_class)->finalize (object);
}

static void
cv_guard_output_class_init (CvGuardOutputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cv_guard_output_finalize;
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = cv_guard_output_write;
  G_OUTPUT_STREAM_CLASS (klass)->close_fn = cv_guard_output_close;
}

static void
guard_output_pollable_init (GPollableOutputStreamInterface *iface)
{
  iface->is_writable = cv_guard_output_is_writable;
  iface->create_source = cv_guard_output_create_source;
  iface->write_nonblocking = cv_guard_output_write_nonblocking;
}

static void
cv_guard_output_init (CvGuardOutput *self)
{
}

/* ---- the pair ---- */

static GInputStream *
cv_guard_get_input_stream (GIOStream *stream)
{
  return CV_GUARD (stream)->input;
}

static GOutputStream *
cv_guard_get_output_stream (GIOStream *stream)
{
  return CV_GUARD (stream)->output;
}

static gboolean
cv_guard_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  /* Not a close: a TLS handshake waits in a thread of GLib's, which a close would not wake, and whose descriptor could
   * mean another connection a moment later. The descriptor goes with the last reference. */
  GSocket *socket = CV_GUARD (stream)->socket;
  g_autoptr (GError) gone = NULL;
  if (!g_socket_shutdown (socket, TRUE, TRUE, &gone) && !g_error_matches (gone, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED)) {
    g_propagate_error (error, g_steal_pointer (&gone));
    return FALSE;
  }
  return TRUE;
}

/* GLib's own would close in a thread, which may let go of the guard last; what is told of its end knows no threads. A shutdown waits for
 * nobody. */
static void
cv_guard_close_async (GIOStream *stream, int priority, GCancellable *cancellable, GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (stream, cancellable, callback, user_data);
  GError *error = NULL;
  g_task_set_priority (task, priority);
  if (cv_guard_close (stream, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static gboolean
cv_guard_close_finish (GIOStream *stream, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
cv_guard_dispose (GObject *object)
{
  CvGuard *self = CV_GUARD (object);
  g_clear_handle_id (&self->refuse_source, g_source_remove);
  g_clear_pointer (&self->watch, cv_watch_free);
  g_clear_pointer (&self->waiter, cv_waiter_unref);
  if (self->input != NULL) {
    CV_GUARD_INPUT (self->input)->guard = NULL;
    CV_GUARD_OUTPUT (self->output)->guard = NULL;
  }
  G_OBJECT_CLASS (cv_guard_parent_class)->dispose (object);
}

static void
cv_guard_finalize (GObject *object)
{
  CvGuard *self = CV_GUARD (object);
  g_clear_object (&self->input);
  g_clear_object (&self->output);
  g_clear_object (&self->base);
  g_clear_object (&self->socket);
  G_OBJECT_CLASS (cv_guard_parent_class)->finalize (object);
}

static void
cv_guard_class_init (CvGuardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_guard_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_guard_finalize;
  G_IO_STREAM_CLASS (klass)->get_input_stream = cv_guard_get_input_stream;
  G_IO_STREAM_CLASS (klass)->get_output_stream = cv_guard_get_output_stream;
  G_IO_STREAM_CLASS (klass)->close_fn = cv_guard_close;
  G_IO_STREAM_CLASS (klass)->close_async = cv_guard_close_async;
  G_IO_STREAM_CLASS (klass)->close_finish = cv_guard_close_finish;
}

static void
cv_guard_init (CvGuard *self)
{
}

CvGuard *
cv_guard_new (GIOStream *base, GSocket *socket)
{
  CvGuard *self = g_object_new (CV_TYPE_GUARD, NULL);
  self->base = g_object_ref (base);
  self->socket = g_object_ref (socket);
  cv_requests_init (&self->requests);

  CvGuardInput *input = g_object_new (CV_TYPE_GUARD_INPUT, NULL);
  input->guard = self;
  input->base = g_object_ref (g_io_stream_get_input_stream (base));
  self->input = G_INPUT_STREAM (input);

  CvGuardOutput *output = g_object_new (CV_TYPE_GUARD_OUTPUT, NULL);
  output->guard = self;
  output->base = g_object_ref (g_io_stream_get_output_stream (base));
  self->output = G_OUTPUT_STREAM (output);
  return self;
}

void
cv_guard_set_waiter (CvGuard *self, CvWaiter *waiter)
{
  self->waiter = cv_waiter_ref (waiter);
}

void
cv_guard_set_budget (CvGuard *self, gsize bytes)
{
  self->budget = bytes;
}

void
cv_guard_set_deadline (CvGuard *self, gint64 at)
{
  self->deadline = at;
}

gint64
cv_guard_get_deadline (CvGuard *self)
{
  return self->deadline;
}

void
cv_guard_watch_frames (CvGuard *self, gsize max_bytes, guint max_fragments, CvGuardRefuse refuse, gpointer user_data)
{
  self->framed = TRUE;
  if (self->waiter != NULL)
    self->watch = cv_waiter_add (self->waiter, self->socket);
  cv_frames_init (&self->frames, max_bytes, max_fragments);
  self->refuse = refuse;
  self->refuse_data = user_data;
}

gboolean
cv_guard_is_behind (CvGuard *self, GIOStream *stream)
{
  gboolean stuck = self->stuck;
  /* While the guard has nothing to read, only what is held above it can be readable. */
  self->stuck = TRUE;
  gboolean behind =
    g_pollable_input_stream_is_readable (G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (stream)));
  self->stuck = stuck;
  return behind;
}

void
cv_guard_unwatch (CvGuard *self)
{
  self->refuse = NULL;
}

guint64
cv_guard_get_written (CvGuard *self)
{
  return self->written;
}

guint64
cv_guard_get_pongs (CvGuard *self)
{
  return self->frames.pongs;
}
