/* From stopped to ready: see processing.h. Each step is in the database before the next one begins. */
#include "library/processing.h"

#include "base/ids.h"
#include "library/catalogue.h"
#include "library/contents.h"
#include "store/outcomes.h"

#define CV_LOG_TOPIC "library"
#include "base/log.h"

/* folders that belong to nobody and are named in the log; there may be more */
#define MAX_STRANGERS 20
/* the error of one whose folder is gone */
#define MISSING "files-missing"

struct _CvProcessing {
  GObject parent_instance;
  CvStore *store;
  CvClock *clock;
  CvRenderQueue *queue;
  CvHooks *hooks;
  CvDeletion *deletion;
  char *directory;
  guint keep_days;
};

enum { SIGNAL_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvProcessing, cv_processing, G_TYPE_OBJECT)

/* One recording on its way. */
typedef struct {
  CvProcessing *self;
  char *recording;
  gint64 ended;      /* ms since 1970, where its row does not say */
  char *error;       /* how it comes out; "": well */
  gint64 duration;   /* ms; -1: not known */
  gboolean rendered; /* nothing more is to be made of it: it comes out now */
} Step;

static Step *
step_new (CvProcessing *self, const char *recording)
{
  Step *step = g_new (Step, 1);

  *step =
    (Step){ .self = g_object_ref (self), .recording = g_strdup (recording), .error = g_strdup (""), .duration = -1 };
  return step;
}

static void
step_free (Step *step)
{
  g_object_unref (step->self);
  g_free (step->recording);
  g_free (step->error);
  g_free (step);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Step, step_free)

static void
emit_changed (Step *step)
{
  g_signal_emit (step->self, signals[SIGNAL_CHANGED], 0, step->recording);
}

static void
set_error (Step *step, const char *error)
{
  g_free (step->error);
  step->error = g_strdup (error);
}

/* What fails here is tried again at the next start: nothing is lost but time. What is being deleted fails by right. */
static void
complain (const Step *step, const char *doing, const GError *error)
{
  if (!cv_deletion_is_under_way (step->self->deletion, step->recording) &&
      !g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING))
    cv_warning (NULL, NULL, "recording %s: %s: %s", step->recording, doing, error->message);
}

/* ---- It comes out ---- */

static void come_out (Step *step);

static void
on_settled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Step) step = user_data;
  g_autoptr (GError) error = NULL;

  if (cv_outcomes_settle_finish (CV_STORE (source), result, &error))
    emit_changed (step);
  else
    complain (step, "its end is not stored", error);
}

/* Tracks can be played even where nothing could be made of them. */
static gboolean
is_usable (const Step *step, const CvEntry *entry)
{
  return entry->files->len > 0 && !g_str_equal (step->error, MISSING);
}

static void
settle (Step *step, CvEntry *entry)
{
  CvProcessing *self = step->self;
  CvRecordingStatus before = entry->row->status;
  gboolean failed = *step->error != '\0';

  if (g_str_equal (step->error, MISSING))
    cv_warning (NULL, NULL, "recording %s: its files are missing", step->recording);

  /* a rendering more or less does not change what is there */
  if (before == CV_RECORDING_READY && failed) {
    emit_changed (step);
    step_free (step);
    return;
  }
  entry->row->status = failed && !is_usable (step, entry) ? CV_RECORDING_FAILED : CV_RECORDING_READY;
  g_free (entry->row->error);
  entry->row->error = g_strdup (step->error);
  if (step->duration >= 0)
    entry->row->duration = step->duration;
  /* in this order: should we go in between, it is told twice rather than not at all */
  if (self->hooks != NULL && entry->row->status != before)
    cv_hooks_post_entry (self->hooks, entry->row->status == CV_RECORDING_READY ? "recording.ready" : "recording.failed",
                         entry);
  cv_outcomes_settle_async (self->store, step->recording, entry->row->status, step->error, step->duration,
                            self->keep_days, on_settled, step);
}

static void
on_hashes_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Step *step = user_data;
  g_autoptr (GError) error = NULL;

  if (!cv_recording_files_put_finish (CV_STORE (source), result, &error))
    complain (step, "hashes are not stored", error);
  step->rendered = TRUE;
  come_out (step);
}

static void
on_hashed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Step *step = user_data;
  g_autoptr (GPtrArray) rows = cv_contents_hash_finish (result, NULL);

  cv_recording_files_put_async (step->self->store, rows, on_hashes_stored, step);
}

/* Those whose hash nobody told. Returns: (transfer container), borrowed rows. */
static GPtrArray *
list_unhashed (const CvEntry *entry)
{
  GPtrArray *rows = g_ptr_array_new ();

  for (guint i = 0; i < entry->files->len; i++)
    if (*((CvRecordingFileRow *) entry->files->pdata[i])->sha256 == '\0')
      g_ptr_array_add (rows, entry->files->pdata[i]);
  return rows;
}

static void
on_entry_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Step *step = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CvEntry) entry = cv_catalogue_load_finish (result, &error);
  g_autoptr (GPtrArray) unhashed = entry != NULL ? list_unhashed (entry) : NULL;

  if (entry == NULL || entry->row->status == CV_RECORDING_DELETING) {
    if (error != NULL)
      complain (step, "not read", error);
    step_free (step);
  } else if (unhashed->len > 0 && !step->rendered) {
    cv_contents_hash_async (step->self->directory, unhashed, NULL, on_hashed, step);
  } else {
    settle (step, entry);
  }
}

/* Takes `step` over. */
static void
come_out (Step *step)
{
  cv_catalogue_load_async (step->self->store, step->self->queue, step->recording, on_entry_loaded, step);
}

static void
fail (Step *step, const char *error)
{
  set_error (step, error);
  come_out (step);
}

/* ---- What the queue tells ---- */

static void
on_file_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Step) step = user_data;
  g_autoptr (GError) error = NULL;

  if (cv_recording_files_put_finish (CV_STORE (source), result, &error))
    emit_changed (step);
  else
    complain (step, "a file is not noted", error);
}

/* TRUE where it is there and as long as they say. */
static gboolean
is_there (CvProcessing *self, const CvRecordingFileRow *row)
{
  g_autoptr (CvOpenedFile) file = cv_contents_open (self->directory, row, NULL);

  return file != NULL && file->bytes == row->bytes;
}

static void
on_queue_file (CvRenderQueue *queue, const CvRenderRow *render, const CvRenderFile *file, gpointer user_data)
{
  CvProcessing *self = user_data;
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  CvRecordingFileRow row = { .recording = render->recording,
                             .name = file->name,
                             .kind = (char *) file->kind,
                             .bytes = file->bytes,
                             .sha256 = (char *) file->sha256,
                             .person = (char *) file->person,
                             .source = (char *) file->source,
                             .begins = file->begins,
                             .duration = file->duration,
                             .render = render->id };

  if (!is_there (self, &row)) {
    cv_warning (NULL, NULL, "recording %s: rendering %s tells of a file that is not there, or not so", row.recording,
                render->id);
    return;
  }
  g_ptr_array_add (rows, &row);
  cv_recording_files_put_async (self->store, rows, on_file_stored, step_new (self, render->recording));
}

/* Of the recording, not of a part of it. */
static gboolean
is_whole (const CvRenderRow *render)
{
  g_autoptr (CvRenderOrder) order = cv_render_order_parse (render->parameters, NULL);

  return order != NULL && order->from <= 0 && order->to < 0;
}

static void
on_queue_ended (CvRenderQueue *queue, const CvRenderRow *render, gint64 duration, gpointer user_data)
{
  CvProcessing *self = user_data;
  Step *step = step_new (self, render->recording);

  set_error (step, render->error);
  if (render->status == CV_RENDER_DONE && is_whole (render))
    step->duration = duration;
  come_out (step);
}

/* ---- It was stopped ---- */

static void
on_render_queued (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Step) step = user_data;
  CvProcessing *self = step->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRenderRow) row = cv_renders_insert_finish (CV_STORE (source), result, &error);

  if (row == NULL)
    complain (step, "its rendering is not queued", error);
  else if (!cv_deletion_is_under_way (self->deletion, step->recording))
    cv_render_queue_add (self->queue, g_steal_pointer (&row));
  emit_changed (step);
}

static void
queue_render (Step *step)
{
  CvProcessing *self = step->self;
  g_autoptr (CvRenderOrder) order = cv_render_order_new ();
  g_autofree char *parameters = cv_render_order_to_text (order);
  g_autofree char *id = cv_id_new ("j");
  CvRenderRow row = {
    .id = id, .recording = step->recording, .created = cv_clock_wall (self->clock), .parameters = parameters
  };

  cv_renders_insert_async (self->store, &row, on_render_queued, step);
}

static void
on_stopped_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Step *step = user_data;
  CvProcessing *self = step->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (CvEntry) entry = cv_catalogue_load_finish (result, &error);

  if (entry == NULL || entry->row->status != CV_RECORDING_PROCESSING || entry->renders->len > 0) {
    if (entry == NULL)
      complain (step, "not read", error);
    step_free (step);
    return;
  }
  if (self->hooks != NULL)
    cv_hooks_post_entry (self->hooks, "recording.stopped", entry);
  if (self->queue != NULL)
    queue_render (step);
  else
    fail (step, "no-renderer");
}

static void
on_tracks_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Step *step = user_data;
  g_autoptr (GError) error = NULL;

  if (!cv_recording_files_put_finish (CV_STORE (source), result, &error)) {
    complain (step, "its tracks are not noted", error);
    step_free (step);
    return;
  }
  cv_catalogue_load_async (step->self->store, step->self->queue, step->recording, on_stopped_loaded, step);
}

static guint
count_people (const GPtrArray *rows)
{
  g_autoptr (GHashTable) people = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < rows->len; i++)
    g_hash_table_add (people, ((CvRecordingFileRow *) rows->pdata[i])->person);
  return g_hash_table_size (people);
}

/* Its row said `processing` already, where nothing crashed. */
static void
on_row_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  cv_recordings_change_finish (CV_STORE (source), result, NULL);
}

static void
on_tracks_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Step *step = user_data;
  CvProcessing *self = step->self;
  g_autoptr (GError) error = NULL;
  gint64 modified = 0;
  g_autoptr (GPtrArray) rows = cv_contents_list_tracks_finish (result, &modified, &error);

  cv_recordings_end_async (self->store, step->recording, modified > 0 ? modified : cv_clock_wall (self->clock), 0, 0,
                           rows != NULL ? count_people (rows) : 0, on_row_ended, NULL);
  if (rows == NULL) {
    fail (step, MISSING);
    return;
  }
  cv_recording_files_put_async (self->store, rows, on_tracks_stored, step);
}

void
cv_processing_take (CvProcessing *self, const char *recording)
{
  g_return_if_fail (CV_IS_PROCESSING (self));
  g_return_if_fail (recording != NULL);

  cv_contents_list_tracks_async (self->directory, recording, on_tracks_listed, step_new (self, recording));
}

/* ---- What the last run left ---- */

typedef struct {
  CvProcessing *self;
  GHashTable *folders; /* names, at the start */
} Recovery;

static void
recovery_free (Recovery *recovery)
{
  g_object_unref (recovery->self);
  g_hash_table_unref (recovery->folders);
  g_free (recovery);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Recovery, recovery_free)

/* All of its renderings are over, and it does not know. */
static void
on_orphan_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Step *step = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CvEntry) entry = cv_catalogue_load_finish (result, &error);

  if (entry == NULL || entry->renders->len == 0) {
    step_free (step);
    return;
  }
  set_error (step, ((CvRenderRow *) entry->renders->pdata[entry->renders->len - 1])->error);
  for (guint i = 0; i < entry->files->len; i++) {
    const CvRecordingFileRow *file = entry->files->pdata[i];

    if (file->duration > 0)
      step->duration = MAX (step->duration, file->begins + file->duration);
  }
  come_out (step);
}

static void
recover_row (CvProcessing *self, const CvOutcomeRow *row, gboolean has_folder)
{
  gboolean over = row->status == CV_RECORDING_READY || row->status == CV_RECORDING_FAILED;
  Step *step;

  if (row->status == CV_RECORDING_RECORDING || (row->status == CV_RECORDING_PROCESSING && !row->rendered)) {
    cv_processing_take (self, row->recording);
  } else if (row->status == CV_RECORDING_PROCESSING && !row->open) {
    step = step_new (self, row->recording);
    cv_catalogue_load_async (self->store, self->queue, row->recording, on_orphan_loaded, step);
  } else if (over && row->status != CV_RECORDING_FAILED && !has_folder) {
    cv_warning (NULL, NULL, "recording %s has no folder any more", row->recording);
    cv_outcomes_settle_async (self->store, row->recording, CV_RECORDING_FAILED, MISSING, -1, self->keep_days,
                              on_settled, step_new (self, row->recording));
  }
}

static void
report_strangers (GHashTable *folders)
{
  GHashTableIter iter;
  gpointer name;
  guint n = 0;

  g_hash_table_iter_init (&iter, folders);
  while (n++ < MAX_STRANGERS && g_hash_table_iter_next (&iter, &name, NULL))
    cv_notice (NULL, NULL, "the folder %s is of no recording that we know of, and is left alone", (char *) name);
}

static void
on_outcomes_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Recovery) recovery = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = cv_outcomes_list_finish (CV_STORE (source), result, &error);

  if (rows == NULL) {
    cv_warning (NULL, NULL, "recordings of the last run are not taken up: %s", error->message);
    return;
  }
  for (guint i = 0; i < rows->len; i++) {
    const CvOutcomeRow *row = rows->pdata[i];

    recover_row (recovery->self, row, g_hash_table_remove (recovery->folders, row->recording));
  }
  report_strangers (recovery->folders);
}

static void
on_renders_reopened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvProcessing) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = cv_renders_reopen_finish (CV_STORE (source), result, &error);

  if (rows == NULL)
    cv_warning (NULL, NULL, "renderings of the last run are not taken up: %s", error->message);
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    cv_render_queue_add (self->queue, cv_render_row_copy (rows->pdata[i]));
}

void
cv_processing_recover (CvProcessing *self)
{
  g_autoptr (GPtrArray) names = NULL;
  Recovery *recovery;

  g_return_if_fail (CV_IS_PROCESSING (self));

  names = cv_contents_list_folders (self->directory);
  recovery = g_new (Recovery, 1);
  *recovery = (Recovery){ g_object_ref (self), g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
  for (guint i = 0; i < names->len; i++)
    g_hash_table_add (recovery->folders, g_strdup (names->pdata[i]));
  /* in this order: none that is taken up now may be queued twice */
  if (self->queue != NULL)
    cv_renders_reopen_async (self->store, on_renders_reopened, g_object_ref (self));
  cv_outcomes_list_async (self->store, on_outcomes_listed, recovery);
}

/* ---- Itself ---- */

CvProcessing *
cv_processing_new (const CvProcessingOptions *options)
{
  CvProcessing *self;

  g_return_val_if_fail (options != NULL && options->directory != NULL, NULL);
  g_return_val_if_fail (CV_IS_STORE (options->store) && CV_IS_DELETION (options->deletion), NULL);

  self = g_object_new (CV_TYPE_PROCESSING, NULL);
  self->store = g_object_ref (options->store);
  self->clock = g_object_ref (options->clock);
  self->queue = options->queue != NULL ? g_object_ref (options->queue) : NULL;
  self->hooks = options->hooks != NULL ? g_object_ref (options->hooks) : NULL;
  self->deletion = g_object_ref (options->deletion);
  self->directory = g_strdup (options->directory);
  self->keep_days = options->keep_days;
  if (self->queue != NULL) {
    g_signal_connect_object (self->queue, "file", G_CALLBACK (on_queue_file), self, 0);
    g_signal_connect_object (self->queue, "ended", G_CALLBACK (on_queue_ended), self, 0);
  }
  return self;
}

void
cv_processing_set_keep_days (CvProcessing *self, guint days)
{
  g_return_if_fail (CV_IS_PROCESSING (self));

  self->keep_days = days;
}

static void
cv_processing_dispose (GObject *object)
{
  CvProcessing *self = CV_PROCESSING (object);

  g_clear_object (&self->queue);
  g_clear_object (&self->hooks);
  g_clear_object (&self->deletion);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (cv_processing_parent_class)->dispose (object);
}

static void
cv_processing_finalize (GObject *object)
{
  g_free (CV_PROCESSING (object)->directory);
  G_OBJECT_CLASS (cv_processing_parent_class)->finalize (object);
}

static void
cv_processing_class_init (CvProcessingClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_processing_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_processing_finalize;
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", CV_TYPE_PROCESSING, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
cv_processing_init (CvProcessing *self)
{
}
