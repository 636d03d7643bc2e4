/* The library: see library.h. What it is made of: processing, deletion, retention, render-queue, catalogue, contents. */
#include "library/library.h"

#include "base/ids.h"
#include "library/catalogue.h"
#include "library/processing.h"
#include "library/retention.h"

#define CV_LOG_TOPIC "library"
#include "base/log.h"

/* verifications at once: each reads whole recordings */
#define MAX_CHECKS 2
/* ms between two signals about the progress of one stage */
#define PROGRESS_MS 250

struct _CvLibrary {
  GObject parent_instance;
  CvStore *store;
  CvClock *clock;
  CvHooks *hooks;
  char *directory;
  CvRenderQueue *queue; /* NULL: no renderer */
  CvDeletion *deletion;
  CvProcessing *processing;
  CvRetention *retention; /* NULL: not started, or stopped */
  guint checks;           /* under way */
  gint64 told;            /* µs: when progress was told of last */
  char *told_stage;       /* of which rendering, and which stage of it */
};

enum { SIGNAL_CHANGED, SIGNAL_DELETED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_QUARK (cv_library_error, cv_library_error)
G_DEFINE_FINAL_TYPE (CvLibrary, cv_library, G_TYPE_OBJECT)

void
cv_library_page_free (CvLibraryPage *self)
{
  g_ptr_array_unref (self->entries);
  g_free (self->next);
  g_free (self);
}

/* The store's and the disk's words for what went wrong, in ours. */
static GError *
translate (const GError *error)
{
  CvLibraryError code = CV_LIBRARY_ERROR_STORE;

  if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    code = CV_LIBRARY_ERROR_MISSING;
  else if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT))
    code = CV_LIBRARY_ERROR_LIMIT;
  return g_error_new_literal (CV_LIBRARY_ERROR, code, error->message);
}

/* Takes `error` over. */
static void
return_error (GTask *task, GError *error)
{
  g_task_return_error (task, translate (error));
  g_error_free (error);
}

static void
emit_changed (CvLibrary *self, const char *recording)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, recording);
}

static GTask *
task_for (CvLibrary *self, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_task_data (task, g_strdup (id), g_free);
  return task;
}

static CvLibrary *
self_of (GTask *task)
{
  return g_task_get_source_object (task);
}

/* ---- Reading ---- */

static void
on_entry_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (CvEntry) entry = cv_catalogue_load_finish (result, &error);

  if (entry == NULL)
    return_error (task, error);
  else if (entry->row->status == CV_RECORDING_DELETING)
    g_task_return_new_error (task, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_MISSING, "it is being deleted");
  else
    g_task_return_pointer (task, g_steal_pointer (&entry), (GDestroyNotify) cv_entry_free);
}

void
cv_library_load_async (CvLibrary *self, const char *recording, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (CV_IS_LIBRARY (self));

  cv_catalogue_load_async (self->store, self->queue, recording, on_entry_loaded,
                           task_for (self, recording, callback, user_data));
}

CvEntry *
cv_library_load_finish (CvLibrary *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_entries_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  char *next;
  GPtrArray *entries = cv_catalogue_list_finish (result, &next, &error);
  CvLibraryPage *page;

  if (entries == NULL && g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_INVALID)) {
    g_task_return_new_error (task, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_INVALID, "%s", error->message);
    g_error_free (error);
  } else if (entries == NULL) {
    return_error (task, error);
  } else {
    page = g_new (CvLibraryPage, 1);
    *page = (CvLibraryPage){ entries, next };
    g_task_return_pointer (task, page, (GDestroyNotify) cv_library_page_free);
  }
}

void
cv_library_list_async (CvLibrary *self, const CvRecordingsQuery *query, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_return_if_fail (CV_IS_LIBRARY (self));
  g_return_if_fail (query != NULL);

  cv_catalogue_list_async (self->store, self->queue, query, on_entries_listed,
                           task_for (self, NULL, callback, user_data));
}

CvLibraryPage *
cv_library_list_finish (CvLibrary *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_file_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CvLibrary *self = self_of (task);
  GError *error = NULL;
  g_autoptr (CvRecordingFileRow) row = cv_recording_files_find_finish (CV_STORE (source), result, &error);
  CvOpenedFile *file = row != NULL ? cv_contents_open (self->directory, row, &error) : NULL;

  if (file == NULL)
    return_error (task, error);
  else
    g_task_return_pointer (task, file, (GDestroyNotify) cv_opened_file_free);
}

void
cv_library_open_file_async (CvLibrary *self, const char *recording, const char *name, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (CV_IS_LIBRARY (self));

  cv_recording_files_find_async (self->store, recording, name, on_file_found,
                                 task_for (self, recording, callback, user_data));
}

CvOpenedFile *
cv_library_open_file_finish (CvLibrary *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  self_of (task)->checks--;
  g_task_return_pointer (task, cv_contents_check_finish (result, NULL), (GDestroyNotify) g_ptr_array_unref);
}

static void
on_loaded_to_verify (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CvLibrary *self = CV_LIBRARY (source);
  GError *error = NULL;
  g_autoptr (CvEntry) entry = cv_library_load_finish (self, result, &error);

  if (entry == NULL) {
    g_task_return_error (task, error);
  } else if (entry->row->status == CV_RECORDING_RECORDING) {
    g_task_return_new_error (task, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_STATE, "it is still being recorded");
  } else if (self->checks >= MAX_CHECKS) {
    g_task_return_new_error (task, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_LIMIT, "others are being verified");
  } else {
    self->checks++;
    cv_contents_check_async (self->directory, entry->files, NULL, on_checked, g_steal_pointer (&task));
  }
}

void
cv_library_verify_async (CvLibrary *self, const char *recording, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (CV_IS_LIBRARY (self));

  cv_library_load_async (self, recording, on_loaded_to_verify, task_for (self, recording, callback, user_data));
}

GPtrArray *
cv_library_verify_finish (CvLibrary *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- Changing ---- */

static void
on_renamed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (!cv_recordings_change_finish (CV_STORE (source), result, &error)) {
    return_error (task, error);
    return;
  }
  emit_changed (self_of (task), g_task_get_task_data (task));
  g_task_return_boolean (task, TRUE);
}

void
cv_library_rename_async (CvLibrary *self, const char *recording, const char *title, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (CV_IS_LIBRARY (self));

  cv_recordings_set_title_async (self->store, recording, title, on_renamed,
                                 task_for (self, recording, callback, user_data));
}

static void
on_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (cv_deletion_finish (CV_DELETION (source), result, &error)) {
    g_task_return_boolean (task, TRUE);
  } else if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT)) {
    g_task_return_new_error (task, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_STATE, "%s", error->message);
    g_error_free (error);
  } else {
    return_error (task, error);
  }
}

void
cv_library_delete_async (CvLibrary *self, const char *recording, const char *actor, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (CV_IS_LIBRARY (self));

  cv_deletion_run_async (self->deletion, recording, actor, on_deleted, task_for (self, recording, callback, user_data));
}

void
cv_library_delete_room_async (CvLibrary *self, const char *room, const char *actor, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_return_if_fail (CV_IS_LIBRARY (self));

  cv_deletion_run_room_async (self->deletion, room, actor, on_deleted, task_for (self, room, callback, user_data));
}

void
cv_library_cancel_render_async (CvLibrary *self, const char *render, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (CV_IS_LIBRARY (self));

  task = task_for (self, render, callback, user_data);
  if (self->queue != NULL && cv_render_queue_cancel (self->queue, render))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_MISSING, "no such rendering is under way");
}

gboolean
cv_library_finish (CvLibrary *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- Rendering ---- */

typedef struct {
  char *recording;
  char *parameters;
} Wish;

static void
wish_free (gpointer data)
{
  Wish *self = data;

  g_free (self->recording);
  g_free (self->parameters);
  g_free (self);
}

static void
on_render_inserted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CvLibrary *self = self_of (task);
  GError *error = NULL;
  g_autoptr (CvRenderRow) row = cv_renders_insert_finish (CV_STORE (source), result, &error);

  if (row == NULL) {
    return_error (task, error);
    return;
  }
  if (!cv_deletion_is_under_way (self->deletion, row->recording))
    cv_render_queue_add (self->queue, cv_render_row_copy (row));
  emit_changed (self, row->recording);
  g_task_return_pointer (task, g_steal_pointer (&row), (GDestroyNotify) cv_render_row_free);
}

static void
on_loaded_to_render (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CvLibrary *self = CV_LIBRARY (source);
  const Wish *wish = g_task_get_task_data (task);
  g_autofree char *id = cv_id_new ("j");
  CvRenderRow row = {
    .id = id, .recording = wish->recording, .created = cv_clock_wall (self->clock), .parameters = wish->parameters
  };
  GError *error = NULL;
  g_autoptr (CvEntry) entry = cv_library_load_finish (self, result, &error);

  if (entry == NULL)
    g_task_return_error (task, error);
  else if (entry->row->status == CV_RECORDING_RECORDING)
    g_task_return_new_error (task, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_STATE, "it is still being recorded");
  else
    cv_renders_insert_async (self->store, &row, on_render_inserted, g_steal_pointer (&task));
}

void
cv_library_render_async (CvLibrary *self, const char *recording, const CvRenderOrder *order,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;
  Wish *wish;

  g_return_if_fail (CV_IS_LIBRARY (self));
  g_return_if_fail (recording != NULL && order != NULL);

  if (self->queue == NULL) {
    g_task_report_new_error (self, callback, user_data, NULL, CV_LIBRARY_ERROR, CV_LIBRARY_ERROR_NO_RENDERER,
                             "there is no program to render with");
    return;
  }
  task = g_task_new (self, NULL, callback, user_data);
  wish = g_new (Wish, 1);
  *wish = (Wish){ g_strdup (recording), cv_render_order_to_text (order) };
  g_task_set_task_data (task, wish, wish_free);
  cv_library_load_async (self, recording, on_loaded_to_render, task);
}

CvRenderRow *
cv_library_render_finish (CvLibrary *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- Recording ---- */

static void
on_started_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvHooks) hooks = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CvEntry) entry = cv_catalogue_load_finish (result, &error);

  if (entry != NULL)
    cv_hooks_post_entry (hooks, "recording.started", entry);
  else
    cv_warning (NULL, NULL, "the start of a recording is not told to the webhook: %s", error->message);
}

void
cv_library_started (CvLibrary *self, const char *recording)
{
  g_return_if_fail (CV_IS_LIBRARY (self));

  emit_changed (self, recording);
  if (self->hooks != NULL)
    cv_catalogue_load_async (self->store, self->queue, recording, on_started_loaded, g_object_ref (self->hooks));
}

void
cv_library_finished (CvLibrary *self, const char *recording)
{
  g_return_if_fail (CV_IS_LIBRARY (self));

  emit_changed (self, recording);
  cv_processing_take (self->processing, recording);
}

/* ---- What its parts tell ---- */

/* A new stage at once, progress within one now and then. */
static void
on_queue_changed (CvRenderQueue *queue, const CvRenderRow *row, gpointer user_data)
{
  CvLibrary *self = user_data;
  g_autofree char *stage = g_strconcat (row->id, " ", row->stage, NULL);
  gint64 now = cv_clock_now (self->clock);

  if (g_strcmp0 (stage, self->told_stage) == 0 && now - self->told < PROGRESS_MS * 1000)
    return;
  self->told = now;
  g_free (self->told_stage);
  self->told_stage = g_steal_pointer (&stage);
  emit_changed (self, row->recording);
}

static void
on_processing_changed (CvProcessing *processing, const char *recording, gpointer user_data)
{
  emit_changed (user_data, recording);
}

static void
on_deletion_deleted (CvDeletion *deletion, const char *recording, gpointer user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_DELETED], 0, recording);
}

/* ---- Itself ---- */

void
cv_library_set_keep_days (CvLibrary *self, guint days)
{
  g_return_if_fail (CV_IS_LIBRARY (self));

  cv_processing_set_keep_days (self->processing, days);
}

void
cv_library_start (CvLibrary *self)
{
  g_return_if_fail (CV_IS_LIBRARY (self));
  g_return_if_fail (self->retention == NULL);

  cv_processing_recover (self->processing);
  self->retention = cv_retention_new (self->store, self->clock, self->deletion);
}

void
cv_library_count_renders (CvLibrary *self, guint *waiting, guint *running)
{
  g_return_if_fail (CV_IS_LIBRARY (self));

  *waiting = *running = 0;
  if (self->queue != NULL)
    cv_render_queue_count (self->queue, waiting, running);
}

void
cv_library_stop (CvLibrary *self)
{
  g_return_if_fail (CV_IS_LIBRARY (self));

  g_clear_pointer (&self->retention, cv_retention_free);
  if (self->queue != NULL)
    cv_render_queue_stop (self->queue);
  if (self->hooks != NULL)
    cv_hooks_stop (self->hooks);
}

static void
make_parts (CvLibrary *self, const CvLibraryOptions *options)
{
  CvProcessingOptions processing = { .store = self->store,
                                     .clock = self->clock,
                                     .hooks = self->hooks,
                                     .directory = self->directory,
                                     .keep_days = options->keep_days };

  if (options->render_program != NULL)
    self->queue = cv_render_queue_new (self->store, self->clock, self->directory, options->render_program,
                                       MAX (options->renders, 1), options->words);
  self->deletion = cv_deletion_new (self->store, self->clock, self->queue, self->hooks, self->directory);
  processing.queue = self->queue;
  processing.deletion = self->deletion;
  self->processing = cv_processing_new (&processing);
  if (self->queue != NULL)
    g_signal_connect_object (self->queue, "changed", G_CALLBACK (on_queue_changed), self, 0);
  g_signal_connect_object (self->processing, "changed", G_CALLBACK (on_processing_changed), self, 0);
  g_signal_connect_object (self->deletion, "deleted", G_CALLBACK (on_deletion_deleted), self, 0);
}

CvLibrary *
cv_library_new (const CvLibraryOptions *options)
{
  CvLibrary *self;

  g_return_val_if_fail (options != NULL && options->directory != NULL, NULL);
  g_return_val_if_fail (CV_IS_STORE (options->store) && CV_IS_CLOCK (options->clock), NULL);

  self = g_object_new (CV_TYPE_LIBRARY, NULL);
  self->store = g_object_ref (options->store);
  self->clock = g_object_ref (options->clock);
  self->hooks = options->hooks != NULL ? g_object_ref (options->hooks) : NULL;
  self->directory = g_strdup (options->directory);
  make_parts (self, options);
  return self;
}

static void
cv_library_dispose (GObject *object)
{
  CvLibrary *self = CV_LIBRARY (object);

  cv_library_stop (self);
  g_clear_object (&self->processing);
  g_clear_object (&self->deletion);
  g_clear_object (&self->queue);
  g_clear_object (&self->hooks);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (cv_library_parent_class)->dispose (object);
}

static void
cv_library_finalize (GObject *object)
{
  CvLibrary *self = CV_LIBRARY (object);

  g_free (self->directory);
  g_free (self->told_stage);
  G_OBJECT_CLASS (cv_library_parent_class)->finalize (object);
}

static void
cv_library_class_init (CvLibraryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_library_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_library_finalize;
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", CV_TYPE_LIBRARY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_DELETED] =
    g_signal_new ("deleted", CV_TYPE_LIBRARY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
cv_library_init (CvLibrary *self)
{
}
