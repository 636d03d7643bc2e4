/* Renderings that wait and those that run: see render-queue.h. */
#include "library/render-queue.h"

#include "base/tally.h"
#include "library/contents.h"
#include "library/folder.h"

#define CV_LOG_TOPIC "renders"
#include "base/log.h"

typedef struct {
  CvRenderQueue *queue;
  CvRenderRow *row;
  CvRenderProcess *process; /* NULL: it waits */
  guint timer;              /* until it may be started again; 0: it may */
  gboolean over;            /* it went wrong; what it left is being cleared away */
} Job;

struct _CvRenderQueue {
  GObject parent_instance;
  CvStore *store;
  CvClock *clock;
  char *directory;
  char *program;
  char **words; /* of films */
  guint at_once;
  GPtrArray *jobs; /* of Job, oldest first */
  GList *drops;    /* of GTask, whose data is a recording's id */
  gboolean stopped;
};

enum { SIGNAL_CHANGED, SIGNAL_FILE, SIGNAL_ENDED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvRenderQueue, cv_render_queue, G_TYPE_OBJECT)

static void pump (CvRenderQueue *self);

static void
job_free (gpointer data)
{
  Job *self = data;

  if (self->process != NULL)
    g_signal_handlers_disconnect_by_data (self->process, self);
  g_clear_object (&self->process);
  cv_clock_cancel (self->queue->clock, &self->timer);
  cv_render_row_free (self->row);
  g_free (self);
}

static Job *
find_job (CvRenderQueue *self, const char *id)
{
  for (guint i = 0; i < self->jobs->len; i++) {
    Job *job = self->jobs->pdata[i];

    if (g_str_equal (job->row->id, id))
      return job;
  }
  return NULL;
}

static gboolean
is_busy (CvRenderQueue *self, const char *recording, gboolean running)
{
  for (guint i = 0; i < self->jobs->len; i++) {
    const Job *job = self->jobs->pdata[i];

    if (g_str_equal (job->row->recording, recording) && (!running || job->process != NULL || job->over))
      return TRUE;
  }
  return FALSE;
}

/* ---- What is kept of it ---- */

static void
on_row_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree char *id = user_data;
  g_autoptr (GError) error = NULL;

  /* a recording that was deleted took it along */
  if (!cv_renders_update_finish (CV_STORE (source), result, &error) &&
      !g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING))
    cv_warning (NULL, NULL, "the state of rendering %s was not stored: %s", id, error->message);
}

static void
store_row (Job *job)
{
  cv_renders_update_async (job->queue->store, job->row, on_row_stored, g_strdup (job->row->id));
}

static void
set_state (Job *job, CvRenderStatus status, const char *stage, double done)
{
  g_autofree char *old = g_steal_pointer (&job->row->stage);

  job->row->status = status;
  job->row->stage = g_strdup (stage);
  job->row->done = done;
}

static void
answer_drops (CvRenderQueue *self)
{
  GList *next;

  for (GList *at = self->drops; at != NULL; at = next) {
    GTask *task = at->data;

    next = at->next;
    if (is_busy (self, g_task_get_task_data (task), FALSE))
      continue;
    self->drops = g_list_delete_link (self->drops, at);
    g_task_return_boolean (task, TRUE);
    g_object_unref (task);
  }
}

/* It is over, one way or the other. */
static void
end_job (Job *job, gint64 duration)
{
  g_autoptr (CvRenderQueue) self = g_object_ref (job->queue);
  g_autoptr (CvRenderRow) row = NULL;

  if (!job->over)
    cv_tally_count (CV_TALLY_RENDERS);
  else if (!g_str_equal (job->row->error, "cancelled"))
    cv_tally_count (CV_TALLY_RENDERS_FAILED);
  set_state (job, job->over ? CV_RENDER_FAILED : CV_RENDER_DONE, job->row->stage, job->over ? job->row->done : 1);
  store_row (job);
  row = cv_render_row_copy (job->row);
  g_ptr_array_remove (self->jobs, job);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, row, duration);
  answer_drops (self);
  pump (self);
}

typedef struct {
  CvRenderQueue *queue;
  char *id;
} Failure;

static void
on_cleaned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Failure *failure = user_data;
  g_autoptr (CvRenderQueue) self = failure->queue;
  g_autofree char *id = failure->id;
  g_autoptr (GError) error = NULL;
  Job *job = find_job (self, id);

  if (!cv_contents_clean_finish (result, &error))
    cv_info (NULL, NULL, "what rendering %s left is not cleared away: %s", id, error->message);
  if (job != NULL)
    end_job (job, 0);
}

/* It went wrong. What it has begun would be of use to itself only, and may be large; but another one of the recording's that
 * runs has begun things there, too. */
static void
fail_job (Job *job, const char *error)
{
  gboolean alone = !is_busy (job->queue, job->row->recording, TRUE);
  Failure *failure;

  job->over = TRUE;
  g_free (job->row->error);
  job->row->error = g_strdup (error);
  cv_clock_cancel (job->queue->clock, &job->timer);
  if (!alone) {
    end_job (job, 0);
    return;
  }
  failure = g_new (Failure, 1);
  *failure = (Failure){ g_object_ref (job->queue), g_strdup (job->row->id) };
  cv_contents_clean_async (job->queue->directory, job->row->recording, on_cleaned, failure);
}

/* ---- Its process ---- */

static void
on_timer_again (gpointer user_data)
{
  Job *job = user_data;

  job->timer = 0;
  pump (job->queue);
}

static void
note_crash (Job *job)
{
  job->row->attempts++;
  if (job->row->attempts >= CV_RENDER_QUEUE_ATTEMPTS) {
    cv_warning (NULL, NULL, "rendering %s of %s crashed %u times: given up", job->row->id, job->row->recording,
                job->row->attempts);
    fail_job (job, "render-crashed");
    return;
  }
  set_state (job, CV_RENDER_QUEUED, "", 0);
  store_row (job);
  job->timer = cv_clock_after (job->queue->clock, CV_RENDER_QUEUE_PAUSE_MS * job->row->attempts, on_timer_again, job);
  g_signal_emit (job->queue, signals[SIGNAL_CHANGED], 0, job->row);
  pump (job->queue);
}

static void
on_process_progress (CvRenderProcess *process, const char *stage, double done, gpointer user_data)
{
  Job *job = user_data;
  gboolean other_stage = !g_str_equal (stage, job->row->stage);

  set_state (job, CV_RENDER_RUNNING, stage, done);
  if (other_stage)
    store_row (job);
  g_signal_emit (job->queue, signals[SIGNAL_CHANGED], 0, job->row);
}

static void
on_process_file (CvRenderProcess *process, const CvRenderFile *file, gpointer user_data)
{
  Job *job = user_data;

  g_signal_emit (job->queue, signals[SIGNAL_FILE], 0, job->row, file);
}

static void
on_process_ended (CvRenderProcess *process, guint end, gpointer user_data)
{
  Job *job = user_data;
  g_autoptr (CvRenderProcess) gone = g_steal_pointer (&job->process);

  g_signal_handlers_disconnect_by_data (gone, job);
  switch ((CvRenderEnd) end) {
  case CV_RENDER_END_DONE:
    end_job (job, cv_render_process_get_duration (gone));
    break;
  case CV_RENDER_END_FAILED:
    fail_job (job, cv_render_process_get_error (gone));
    break;
  case CV_RENDER_END_CANCELLED:
    fail_job (job, "cancelled");
    break;
  case CV_RENDER_END_CRASHED:
    note_crash (job);
    break;
  }
}

/* NULL with an error of GIO. */
static CvRenderProcess *
start_process (Job *job, const char **reason, GError **error)
{
  CvRenderQueue *self = job->queue;
  g_autoptr (CvRenderOrder) order = NULL;
  g_autoptr (CvFolder) folder = NULL;

  *reason = "internal";
  order = cv_render_order_parse (job->row->parameters, error);
  if (order == NULL)
    return NULL;
  order->words = (const char *const *) self->words;
  *reason = "files-missing";
  folder = cv_folder_open (self->directory, job->row->recording, error);
  if (folder == NULL)
    return NULL;
  *reason = NULL;
  return cv_render_process_new (self->program, self->clock, job->row->id, job->row->recording, order,
                                cv_folder_get_fd (folder), error);
}

static void
start_job (Job *job)
{
  g_autoptr (GError) error = NULL;
  const char *reason;

  job->process = start_process (job, &reason, &error);
  if (job->process == NULL) {
    cv_warning (NULL, NULL, "rendering %s of %s does not start: %s", job->row->id, job->row->recording, error->message);
    if (reason != NULL)
      fail_job (job, reason);
    else
      note_crash (job);
    return;
  }
  g_signal_connect (job->process, "progress", G_CALLBACK (on_process_progress), job);
  g_signal_connect (job->process, "file", G_CALLBACK (on_process_file), job);
  g_signal_connect (job->process, "ended", G_CALLBACK (on_process_ended), job);
  set_state (job, CV_RENDER_RUNNING, "", 0);
  store_row (job);
  g_signal_emit (job->queue, signals[SIGNAL_CHANGED], 0, job->row);
}

/* The oldest that may be started, or NULL. */
static Job *
choose (CvRenderQueue *self)
{
  guint running = 0;

  for (guint i = 0; i < self->jobs->len; i++)
    running += ((Job *) self->jobs->pdata[i])->process != NULL;
  for (guint i = 0; running < self->at_once && i < self->jobs->len; i++) {
    Job *job = self->jobs->pdata[i];

    if (job->process == NULL && job->timer == 0 && !is_busy (self, job->row->recording, TRUE))
      return job;
  }
  return NULL;
}

static void
pump (CvRenderQueue *self)
{
  Job *job;

  while (!self->stopped && (job = choose (self)) != NULL)
    start_job (job);
}

/* ---- From outside ---- */

void
cv_render_queue_add (CvRenderQueue *self, CvRenderRow *row)
{
  Job *job;

  g_return_if_fail (CV_IS_RENDER_QUEUE (self));
  g_return_if_fail (row != NULL);

  job = g_new0 (Job, 1);
  *job = (Job){ .queue = self, .row = row };
  g_ptr_array_add (self->jobs, job);
  pump (self);
}

const CvRenderRow *
cv_render_queue_find (CvRenderQueue *self, const char *id)
{
  const Job *job;

  g_return_val_if_fail (CV_IS_RENDER_QUEUE (self), NULL);

  job = find_job (self, id);
  return job != NULL ? job->row : NULL;
}

void
cv_render_queue_count (CvRenderQueue *self, guint *waiting, guint *running)
{
  g_return_if_fail (CV_IS_RENDER_QUEUE (self));

  *running = 0;
  for (guint i = 0; i < self->jobs->len; i++)
    *running += ((Job *) self->jobs->pdata[i])->process != NULL;
  *waiting = self->jobs->len - *running;
}

static void
cancel (Job *job)
{
  if (job->process != NULL)
    cv_render_process_cancel (job->process);
  else if (!job->over)
    fail_job (job, "cancelled");
}

gboolean
cv_render_queue_cancel (CvRenderQueue *self, const char *id)
{
  Job *job;

  g_return_val_if_fail (CV_IS_RENDER_QUEUE (self), FALSE);

  job = find_job (self, id);
  if (job == NULL)
    return FALSE;
  cancel (job);
  return TRUE;
}

void
cv_render_queue_drop_async (CvRenderQueue *self, const char *recording, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task;
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  g_return_if_fail (CV_IS_RENDER_QUEUE (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_task_data (task, g_strdup (recording), g_free);
  self->drops = g_list_append (self->drops, task);
  /* each end may bring others about */
  for (guint i = 0; i < self->jobs->len; i++) {
    const Job *job = self->jobs->pdata[i];

    if (g_str_equal (job->row->recording, recording))
      g_ptr_array_add (ids, g_strdup (job->row->id));
  }
  for (guint i = 0; i < ids->len; i++)
    cv_render_queue_cancel (self, ids->pdata[i]);
  answer_drops (self);
}

gboolean
cv_render_queue_drop_finish (CvRenderQueue *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cv_render_queue_stop (CvRenderQueue *self)
{
  g_return_if_fail (CV_IS_RENDER_QUEUE (self));

  self->stopped = TRUE;
  g_ptr_array_set_size (self->jobs, 0);
  answer_drops (self);
}

CvRenderQueue *
cv_render_queue_new (CvStore *store, CvClock *clock, const char *directory, const char *program, guint at_once,
                     const char *const *words)
{
  CvRenderQueue *self;

  g_return_val_if_fail (CV_IS_STORE (store), NULL);
  g_return_val_if_fail (CV_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (directory != NULL && program != NULL, NULL);

  self = g_object_new (CV_TYPE_RENDER_QUEUE, NULL);
  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->directory = g_strdup (directory);
  self->program = g_strdup (program);
  self->at_once = at_once;
  self->words = g_strdupv ((char **) words);
  return self;
}

static void
cv_render_queue_dispose (GObject *object)
{
  CvRenderQueue *self = CV_RENDER_QUEUE (object);

  cv_render_queue_stop (self);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (cv_render_queue_parent_class)->dispose (object);
}

static void
cv_render_queue_finalize (GObject *object)
{
  CvRenderQueue *self = CV_RENDER_QUEUE (object);

  g_ptr_array_unref (self->jobs);
  g_free (self->directory);
  g_free (self->program);
  g_strfreev (self->words);
  G_OBJECT_CLASS (cv_render_queue_parent_class)->finalize (object);
}

static void
cv_render_queue_class_init (CvRenderQueueClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_render_queue_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_render_queue_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", CV_TYPE_RENDER_QUEUE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_FILE] = g_signal_new ("file", CV_TYPE_RENDER_QUEUE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_POINTER);
  signals[SIGNAL_ENDED] = g_signal_new ("ended", CV_TYPE_RENDER_QUEUE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_INT64);
}

static void
cv_render_queue_init (CvRenderQueue *self)
{
  self->jobs = g_ptr_array_new_with_free_func (job_free);
}
