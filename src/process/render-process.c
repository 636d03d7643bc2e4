/* One rendering in a process of its own: see render-process.h. */
#include "process/render-process.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define CV_LOG_TOPIC "render"
#include "base/log.h"

#define PROGRAM "conclave-render"
/* ms for any word, the answer to its order too: it has what the meetings leave over of the processor, which may be nothing for a while */
#define PATIENCE_MS 60000
/* of one job: a recording has some thousands of tracks at most */
#define MAX_FILES 20000
/* MiB that it may ask for */
#define MEMORY_MIB 4096

typedef enum {
  STATE_WAITING, /* for it to start */
  STATE_WORKING, /* it has its order */
  STATE_OVER,    /* its last word was said, or it was cancelled: its end is to come */
} State;

struct _CvRenderProcess {
  GObject parent_instance;
  CvChild *child;
  State state;
  char *job;
  char *recording;
  JsonBuilder *order; /* until it is sent */
  int folder;         /* likewise; -1: it was */
  guint files;
  CvRenderEnd end;
  gint64 duration;
  char *error;
};

enum { SIGNAL_PROGRESS, SIGNAL_FILE, SIGNAL_ENDED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvRenderProcess, cv_render_process, G_TYPE_OBJECT)

/* Nothing is expected of it any more: it is asked to go, should it not by itself. */
static void
finish (CvRenderProcess *self, CvRenderEnd end)
{
  self->state = STATE_OVER;
  self->end = end;
  cv_child_end (self->child);
}

static void
on_ordered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvRenderProcess) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_channel_request_finish (CV_CHANNEL (source), result, &error);

  if (self->state != STATE_WORKING || cv_child_is_ending (self->child))
    return;
  if (object == NULL || json_object_get_size (object) > 0)
    cv_child_accuse (self->child, error != NULL ? error->message : "answers its order with members");
}

static void
on_child_started (CvChild *child, gpointer user_data)
{
  CvRenderProcess *self = user_data;

  if (self->state != STATE_WAITING)
    return;
  self->state = STATE_WORKING;
  cv_channel_request_async (cv_child_get_channel (child), g_steal_pointer (&self->order), &self->folder, 1, PATIENCE_MS,
                            on_ordered, g_object_ref (self));
  close (self->folder);
  self->folder = -1;
}

static void
tell (CvRenderProcess *self, CvRenderNews *news)
{
  switch (news->type) {
  case CV_RENDER_NEWS_PROGRESS:
    g_signal_emit (self, signals[SIGNAL_PROGRESS], 0, news->stage, news->done);
    break;
  case CV_RENDER_NEWS_FILE:
    if (++self->files > MAX_FILES)
      cv_child_accuse (self->child, "tells of too many files");
    else
      g_signal_emit (self, signals[SIGNAL_FILE], 0, &news->file);
    break;
  case CV_RENDER_NEWS_DONE:
    self->duration = news->duration;
    finish (self, CV_RENDER_END_DONE);
    break;
  case CV_RENDER_NEWS_FAILED:
    cv_notice (NULL, NULL, "rendering %s of %s failed: %s: %s", self->job, self->recording, news->error, news->text);
    self->error = g_strdup (news->error);
    finish (self, CV_RENDER_END_FAILED);
    break;
  }
}

static void
on_child_message (CvChild *child, CvParcel *parcel, gpointer user_data)
{
  g_autoptr (CvRenderProcess) self = g_object_ref (user_data);
  g_auto (CvRenderNews) news = { 0 };
  g_autoptr (GError) error = NULL;

  if (self->state != STATE_WORKING)
    cv_child_accuse (child, "speaks before it has an order");
  else if (!cv_render_news_parse (&news, parcel, &error))
    cv_child_accuse (child, error->message);
  else
    tell (self, &news);
}

static void
on_child_exited (CvChild *child, guint end, const char *text, gpointer user_data)
{
  g_autoptr (CvRenderProcess) self = g_object_ref (user_data);

  if (self->state != STATE_OVER) {
    cv_notice (NULL, NULL, PROGRAM "[%s] is gone, rendering %s of %s is not done: %s", cv_child_get_identifier (child),
               self->job, self->recording, text);
    self->end = CV_RENDER_END_CRASHED;
    self->state = STATE_OVER;
  }
  g_signal_handlers_disconnect_by_data (child, self);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, (guint) self->end);
}

static JsonBuilder *
build_order (const char *job, const char *recording, const CvRenderOrder *order)
{
  JsonBuilder *message = cv_parcel_build ("render");

  cv_json_add_text (message, "job", job);
  cv_json_add_text (message, "recording", recording);
  cv_render_order_add (order, message);
  return message;
}

CvRenderProcess *
cv_render_process_new (const char *program, CvClock *clock, const char *job, const char *recording,
                       const CvRenderOrder *order, int folder, GError **error)
{
  g_autoptr (CvRenderProcess) self = g_object_new (CV_TYPE_RENDER_PROCESS, NULL);
  const CvChildOptions options = { .program = PROGRAM,
                                   .path = program,
                                   .niceness = CV_RENDER_NICENESS,
                                   .patience_ms = PATIENCE_MS,
                                   .memory_mib = MEMORY_MIB };

  self->job = g_strdup (job);
  self->recording = g_strdup (recording);
  self->folder = fcntl (folder, F_DUPFD_CLOEXEC, 0);
  if (self->folder < 0) {
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), "no descriptor for the recording's folder");
    return NULL;
  }
  self->child = cv_child_spawn (&options, clock, error);
  if (self->child == NULL)
    return NULL;
  self->order = build_order (job, recording, order);
  g_signal_connect (self->child, "started", G_CALLBACK (on_child_started), self);
  g_signal_connect (self->child, "message", G_CALLBACK (on_child_message), self);
  g_signal_connect (self->child, "exited", G_CALLBACK (on_child_exited), self);
  return g_steal_pointer (&self);
}

void
cv_render_process_cancel (CvRenderProcess *self)
{
  g_return_if_fail (CV_IS_RENDER_PROCESS (self));

  if (self->state != STATE_OVER)
    finish (self, CV_RENDER_END_CANCELLED);
}

gint64
cv_render_process_get_duration (CvRenderProcess *self)
{
  g_return_val_if_fail (CV_IS_RENDER_PROCESS (self), 0);

  return self->duration;
}

const char *
cv_render_process_get_error (CvRenderProcess *self)
{
  g_return_val_if_fail (CV_IS_RENDER_PROCESS (self), NULL);

  return self->error != NULL ? self->error : "";
}

static void
cv_render_process_dispose (GObject *object)
{
  CvRenderProcess *self = CV_RENDER_PROCESS (object);

  if (self->child != NULL) {
    g_signal_handlers_disconnect_by_data (self->child, self);
    cv_child_end (self->child);
  }
  g_clear_object (&self->child);
  g_clear_object (&self->order);
  G_OBJECT_CLASS (cv_render_process_parent_class)->dispose (object);
}

static void
cv_render_process_finalize (GObject *object)
{
  CvRenderProcess *self = CV_RENDER_PROCESS (object);

  if (self->folder >= 0)
    close (self->folder);
  g_free (self->job);
  g_free (self->recording);
  g_free (self->error);
  G_OBJECT_CLASS (cv_render_process_parent_class)->finalize (object);
}

static void
cv_render_process_class_init (CvRenderProcessClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_render_process_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_render_process_finalize;
  signals[SIGNAL_PROGRESS] = g_signal_new ("progress", CV_TYPE_RENDER_PROCESS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_DOUBLE);
  signals[SIGNAL_FILE] = g_signal_new ("file", CV_TYPE_RENDER_PROCESS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_ENDED] =
    g_signal_new ("ended", CV_TYPE_RENDER_PROCESS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
cv_render_process_init (CvRenderProcess *self)
{
  self->folder = -1;
}
