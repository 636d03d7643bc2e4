/* See fetch.h. */
#include "oidc/fetch.h"

#define PIECE_BYTES (16 * 1024)
#define MAX_CONNECTIONS 8
#define IDLE_SECONDS 10

typedef struct {
  SoupMessage *message;
  CvClock *clock;
  GCancellable *all; /* whose end is ours */
  gulong watch;
  guint deadline;
  gboolean late;
  GInputStream *stream;
  GByteArray *body;
} Fetch;

static void
fetch_free (gpointer data)
{
  Fetch *self = data;
  cv_clock_cancel (self->clock, &self->deadline);
  g_cancellable_disconnect (self->all, self->watch);
  g_clear_object (&self->stream);
  g_byte_array_unref (self->body);
  g_object_unref (self->all);
  g_object_unref (self->message);
  g_object_unref (self->clock);
  g_free (self);
}

SoupSession *
cv_oidc_session_new (void)
{
  /* no proxy, no cookies */
  return soup_session_new_with_options ("max-conns", MAX_CONNECTIONS, "max-conns-per-host", MAX_CONNECTIONS,
                                        "proxy-resolver", NULL, "user-agent", "Conclave", "idle-timeout", IDLE_SECONDS,
                                        NULL);
}

static void
fail (GTask *task, const char *what)
{
  const Fetch *self = g_task_get_task_data (task);
  g_task_return_new_error (task, CV_OIDC_ERROR, CV_OIDC_ERROR_UNREACHABLE, "%s",
                           self->late ? "no answer in time" : what);
}

static void read_on (GTask *task);

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Fetch *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) piece = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  if (piece == NULL) {
    fail (task, error->message);
    return;
  }
  gsize n = g_bytes_get_size (piece);
  if (n == 0) {
    g_task_return_boolean (task, TRUE);
    return;
  }
  g_byte_array_append (self->body, g_bytes_get_data (piece, NULL), (guint) n);
  if (self->body->len > CV_OIDC_MAX_BYTES) {
    g_cancellable_cancel (g_task_get_cancellable (task)); /* the rest of it */
    fail (task, "its answer is too long");
  } else {
    read_on (g_steal_pointer (&task));
  }
}

/* `task`: (transfer full). */
static void
read_on (GTask *task)
{
  Fetch *self = g_task_get_task_data (task);
  g_input_stream_read_bytes_async (self->stream, PIECE_BYTES, G_PRIORITY_DEFAULT, g_task_get_cancellable (task),
                                   on_read, task);
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Fetch *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  self->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (self->stream != NULL)
    read_on (g_steal_pointer (&task));
  else
    fail (task, error->message);
}

static void
on_deadline (gpointer user_data)
{
  GTask *task = user_data;
  Fetch *self = g_task_get_task_data (task);
  self->deadline = 0;
  self->late = TRUE;
  g_cancellable_cancel (g_task_get_cancellable (task));
}

static void
on_all_cancelled (GCancellable *all, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

void
cv_oidc_fetch_async (SoupSession *session, SoupMessage *message, CvClock *clock, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GCancellable) own = g_cancellable_new ();
  g_autoptr (GTask) task = g_task_new (NULL, own, callback, user_data);
  Fetch *self = g_new0 (Fetch, 1);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_source_tag (task, cv_oidc_fetch_async);
  self->message = g_object_ref (message);
  self->clock = g_object_ref (clock);
  self->all = g_object_ref (cancellable);
  self->body = g_byte_array_new ();
  g_task_set_task_data (task, self, fetch_free);
  self->watch = g_cancellable_connect (cancellable, G_CALLBACK (on_all_cancelled), g_object_ref (own), g_object_unref);
  self->deadline = cv_clock_after (clock, CV_OIDC_FETCH_MS, on_deadline, task);
  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Accept", "application/json");
  soup_session_send_async (session, message, G_PRIORITY_DEFAULT, own, on_sent, g_steal_pointer (&task));
}

GBytes *
cv_oidc_fetch_finish (GAsyncResult *result, guint *status, GError **error)
{
  Fetch *self = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  *status = soup_message_get_status (self->message);
  return g_bytes_new (self->body->data, self->body->len);
}
