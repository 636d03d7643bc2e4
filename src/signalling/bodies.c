/* See bodies.h.
 *
 * libsoup waits where a body has no more chunks and frees those that were written (accumulate); each one that is written
 * asks for the next. What is read passes through `read_source` back to the main thread.
 */
#include "signalling/bodies.h"

#include "signalling/bounds.h"
#include "signalling/listener.h"

#define CV_LOG_TOPIC "body"
#include "base/log.h"

/* that wait for disks at once */
#define MAX_THREADS 4

struct _CvBodies {
  CvClock *clock;
  GThreadPool *pool; /* of Body */
  GHashTable *all;   /* of Body, owned */
};

typedef struct {
  CvBodies *bodies;
  SoupServerMessage *message; /* NULL once it is over: goes as soon as nothing is read */
  guint64 left;
  CvBodyNext next;
  gpointer data;
  GDestroyNotify free_data;
  gboolean reading;     /* the thread has it */
  GBytes *piece;        /* by the thread */
  GError *error;        /* by the thread */
  GSource *read_source; /* made before the thread gets it */
} Body;

/* ---- threads of the pool: touch `data`, `piece` and `error` of a body that is being read, and attach its source ---- */

static void
work (gpointer data, gpointer user_data)
{
  Body *body = data;
  body->piece = body->next (body->data, &body->error);
  g_source_attach (body->read_source, NULL);
}

/* ---- main thread ---- */

static void
body_free (Body *self)
{
  if (self->read_source != NULL)
    g_source_destroy (self->read_source);
  g_clear_pointer (&self->read_source, g_source_unref);
  g_clear_pointer (&self->piece, g_bytes_unref);
  g_clear_error (&self->error);
  self->free_data (self->data);
  g_free (self);
}

static void
on_message_over (SoupServerMessage *message, Body *body)
{
  g_signal_handlers_disconnect_by_data (message, body);
  g_clear_object (&body->message);
  if (!body->reading)
    g_hash_table_remove (body->bodies->all, body);
}

static void
give_time (Body *body)
{
  CvGuard *guard = cv_listener_guard_of (soup_server_message_get_remote_address (body->message));
  if (guard != NULL)
    cv_guard_set_deadline (guard, cv_clock_now (body->bodies->clock) + CV_LIMIT_STALL_MS * G_GINT64_CONSTANT (1000));
}

/* A body that ends too early must not look like a whole one, nor be followed by another answer. */
static void
cut (Body *body)
{
  g_autoptr (SoupServerMessage) message = g_object_ref (body->message);
  on_message_over (message, body);
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);
  if (stream != NULL)
    g_io_stream_close (stream, NULL, NULL);
}

static gboolean
on_piece_read (gpointer user_data)
{
  Body *body = user_data;
  body->reading = FALSE;
  g_clear_pointer (&body->read_source, g_source_unref);
  g_autoptr (GBytes) piece = g_steal_pointer (&body->piece);
  if (body->message == NULL) {
    g_hash_table_remove (body->bodies->all, body);
    return G_SOURCE_REMOVE;
  }
  gsize n = piece != NULL ? g_bytes_get_size (piece) : 0;
  if (n == 0 || n > body->left) {
    cv_warning (NULL, NULL, "a body was cut: %s", body->error != NULL ? body->error->message : "it has another length");
    cut (body);
    return G_SOURCE_REMOVE;
  }
  body->left -= n;
  soup_message_body_append_bytes (soup_server_message_get_response_body (body->message), piece);
  soup_server_message_unpause (body->message);
  return G_SOURCE_REMOVE;
}

static void
read_next (Body *body)
{
  body->reading = TRUE;
  body->read_source = g_idle_source_new ();
  g_source_set_priority (body->read_source, G_PRIORITY_DEFAULT);
  g_source_set_callback (body->read_source, on_piece_read, body, NULL);
  g_thread_pool_push (body->bodies->pool, body, NULL);
}

static void
on_message_wrote_chunk (SoupServerMessage *message, Body *body)
{
  give_time (body);
  if (body->left > 0 && !body->reading)
    read_next (body);
}

CvBodies *
cv_bodies_new (CvClock *clock)
{
  CvBodies *self = g_new0 (CvBodies, 1);
  self->clock = g_object_ref (clock);
  self->pool = g_thread_pool_new (work, self, MAX_THREADS, FALSE, NULL);
  self->all = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) body_free, NULL);
  return self;
}

void
cv_bodies_free (CvBodies *self)
{
  g_thread_pool_free (self->pool, TRUE, TRUE);
  GHashTableIter iter;
  gpointer item = NULL;
  g_hash_table_iter_init (&iter, self->all);
  while (g_hash_table_iter_next (&iter, &item, NULL)) {
    Body *body = item;
    if (body->message != NULL)
      g_signal_handlers_disconnect_by_data (body->message, body);
    g_clear_object (&body->message);
  }
  g_hash_table_unref (self->all);
  g_object_unref (self->clock);
  g_free (self);
}

gboolean
cv_bodies_is_full (CvBodies *self)
{
  return g_hash_table_size (self->all) >= CV_LIMIT_BODIES;
}

void
cv_bodies_send (CvBodies *self, SoupServerMessage *message, guint64 length, CvBodyNext next, gpointer data,
                GDestroyNotify free_data)
{
  Body *body = g_new0 (Body, 1);
  *body = (Body){ .bodies = self,
                  .message = g_object_ref (message),
                  .left = length,
                  .next = next,
                  .data = data,
                  .free_data = free_data };
  g_hash_table_add (self->all, body);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
  soup_message_headers_set_content_length (soup_server_message_get_response_headers (message), (goffset) length);
  g_signal_connect (message, "wrote-chunk", G_CALLBACK (on_message_wrote_chunk), body);
  g_signal_connect (message, "finished", G_CALLBACK (on_message_over), body);
  g_signal_connect (message, "disconnected", G_CALLBACK (on_message_over), body);
  give_time (body);
  read_next (body);
}
