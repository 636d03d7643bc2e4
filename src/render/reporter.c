/* See reporter.h. */
#include "render/reporter.h"

#include "ipc/hello.h"

#define CV_LOG_TOPIC "render"
#include "base/log.h"

/* how often it is looked whether the last word has left */
#define DRAIN_MS 20

struct _CvReporter {
  CvChannel *channel;
  const CvReporterFuncs *funcs;
  gpointer user_data;
  gboolean ordered;
  guint alive, drain;
  gint said;           /* atomic: nothing comes after it */
  GAsyncQueue *posted; /* of JsonBuilder, from the job's thread */
};

static gboolean
on_drain (gpointer user_data)
{
  CvReporter *self = user_data;
  if (!cv_channel_is_drained (self->channel))
    return G_SOURCE_CONTINUE;
  self->drain = 0;
  self->funcs->over (FALSE, self->user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
on_posted (gpointer user_data)
{
  CvReporter *self = user_data;
  gboolean last = g_atomic_int_get (&self->said) != 0;
  JsonBuilder *message;
  while ((message = g_async_queue_try_pop (self->posted)) != NULL)
    cv_channel_send (self->channel, message, NULL, 0);
  if (last && self->drain == 0)
    self->drain = g_timeout_add (DRAIN_MS, on_drain, self);
  return G_SOURCE_REMOVE;
}

/* ---- Any thread ---- */

static void
post (CvReporter *self, JsonBuilder *message, gboolean last)
{
  g_async_queue_push (self->posted, message);
  if (last)
    g_atomic_int_set (&self->said, 1);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_posted, self, NULL);
}

void
cv_reporter_progress (CvReporter *self, const char *stage, double done)
{
  JsonBuilder *message = cv_parcel_build ("progress");
  cv_json_add_text (message, "stage", stage);
  cv_json_add_double (message, "done", CLAMP (done, 0, 1));
  post (self, message, FALSE);
}

static void
add_ms (JsonBuilder *message, const char *name, gint64 us)
{
  if (us >= 0)
    cv_json_add_double (message, name, (double) us / 1000);
}

void
cv_reporter_file (CvReporter *self, const CvReport *file)
{
  JsonBuilder *message = cv_parcel_build ("file");
  cv_json_add_text (message, "name", file->name);
  cv_json_add_text (message, "kind", file->kind);
  cv_json_add_int (message, "bytes", (gint64) file->bytes);
  cv_json_add_text (message, "sha256", file->sha256);
  if (file->person != NULL)
    cv_json_add_text (message, "person", file->person);
  if (file->source != NULL)
    cv_json_add_text (message, "source", file->source);
  add_ms (message, "t", file->t);
  add_ms (message, "duration", file->duration);
  post (self, message, FALSE);
}

void
cv_reporter_done (CvReporter *self, gint64 duration)
{
  JsonBuilder *message = cv_parcel_build ("done");
  add_ms (message, "duration", MAX (duration, 0));
  post (self, message, TRUE);
}

void
cv_reporter_failed (CvReporter *self, const char *error, const char *text)
{
  JsonBuilder *message = cv_parcel_build ("failed");
  cv_json_add_text (message, "error", error);
  cv_json_add_text (message, "text", text);
  post (self, message, TRUE);
}

/* ---- The main thread again ---- */

gboolean
cv_reporter_handle (CvReporter *self, CvParcel *message)
{
  g_autoptr (GError) error = NULL;
  if (g_strcmp0 (message->type, "render") != 0 || message->id <= 0 || message->n_fds != 1 || self->ordered)
    return FALSE;
  CvOrder *order = cv_order_parse (message, &error);
  if (order == NULL) {
    cv_warning (NULL, NULL, "an order was not understood: %s", error->message);
    return FALSE;
  }
  self->ordered = TRUE;
  cv_channel_send (self->channel, cv_parcel_build_answer (message->id), NULL, 0);
  return self->funcs->ordered (order, cv_parcel_take_fd (message, 0), self->user_data);
}

static void
on_channel_message (CvChannel *channel, CvParcel *message, gpointer user_data)
{
  CvReporter *self = user_data;
  if (!cv_reporter_handle (self, message))
    self->funcs->over (TRUE, self->user_data);
}

static void
on_channel_closed (CvChannel *channel, guint why, const char *text, gpointer user_data)
{
  CvReporter *self = user_data;
  self->funcs->over (TRUE, self->user_data);
}

CvReporter *
cv_reporter_new (CvChannel *channel, const CvReporterFuncs *funcs, gpointer user_data)
{
  CvReporter *self = g_new0 (CvReporter, 1);
  self->channel = g_object_ref (channel);
  self->funcs = funcs;
  self->user_data = user_data;
  g_signal_connect (channel, "message", G_CALLBACK (on_channel_message), self);
  g_signal_connect (channel, "closed", G_CALLBACK (on_channel_closed), self);
  self->posted = g_async_queue_new_full (g_object_unref);
  self->alive = cv_hello_keep_alive (channel);
  return self;
}

void
cv_reporter_free (CvReporter *self)
{
  g_signal_handlers_disconnect_by_data (self->channel, self);
  g_source_remove (self->alive);
  while (g_source_remove_by_user_data (self))
    ;
  g_async_queue_unref (self->posted);
  g_object_unref (self->channel);
  g_free (self);
}
