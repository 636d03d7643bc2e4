/* Deleting recordings: see deletion.h. */
#include "library/deletion.h"

#include "library/catalogue.h"
#include "library/contents.h"
#include "store/deletions.h"
#include "store/outcomes.h"

#define CV_LOG_TOPIC "deletion"
#include "base/log.h"

struct _CvDeletion {
  GObject parent_instance;
  CvStore *store;
  CvClock *clock;
  CvRenderQueue *queue;
  CvHooks *hooks;
  char *directory;
  GHashTable *under_way; /* ids */
};

enum { SIGNAL_DELETED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvDeletion, cv_deletion, G_TYPE_OBJECT)

/* ---- One recording: a GTask whose data is its id ---- */

static CvDeletion *
self_of (GTask *task)
{
  return g_task_get_source_object (task);
}

/* Takes both over. */
static void
give_up (GTask *task, GError *error)
{
  g_hash_table_remove (self_of (task)->under_way, g_task_get_task_data (task));
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
on_completed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CvDeletion *self = self_of (task);
  const char *recording = g_task_get_task_data (task);
  GError *error = NULL;

  if (!cv_deletions_complete_finish (CV_STORE (source), result, &error)) {
    give_up (task, error);
    return;
  }
  g_hash_table_remove (self->under_way, recording);
  cv_info (NULL, NULL, "recording %s was deleted", recording);
  g_signal_emit (self, signals[SIGNAL_DELETED], 0, recording);
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
on_entry_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CvDeletion *self = self_of (task);
  GError *error = NULL;
  g_autoptr (CvEntry) entry = cv_catalogue_load_finish (result, &error);

  if (entry == NULL) {
    give_up (task, error);
    return;
  }
  if (self->hooks != NULL)
    cv_hooks_post_entry (self->hooks, "recording.deleted", entry);
  cv_deletions_complete_async (self->store, g_task_get_task_data (task), on_completed, task);
}

static void
on_files_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CvDeletion *self = self_of (task);
  GError *error = NULL;

  if (!cv_contents_delete_finish (result, &error)) {
    cv_warning (NULL, NULL, "the files of recording %s are not deleted: %s", (char *) g_task_get_task_data (task),
                error->message);
    give_up (task, error);
    return;
  }
  cv_catalogue_load_async (self->store, self->queue, g_task_get_task_data (task), on_entry_loaded, task);
}

static void
delete_files (GTask *task)
{
  cv_contents_delete_async (self_of (task)->directory, g_task_get_task_data (task), on_files_deleted, task);
}

static void
on_renders_dropped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  cv_render_queue_drop_finish (CV_RENDER_QUEUE (source), result, NULL);
  delete_files (user_data);
}

/* It is marked. */
static void
dispose_of (GTask *task)
{
  CvDeletion *self = self_of (task);

  if (self->queue != NULL)
    cv_render_queue_drop_async (self->queue, g_task_get_task_data (task), on_renders_dropped, task);
  else
    delete_files (task);
}

static void
on_marked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (cv_deletions_mark_finish (CV_STORE (source), result, &error))
    dispose_of (task);
  else
    give_up (task, error);
}

static GTask *
begin (CvDeletion *self, const char *recording, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_task_data (task, g_strdup (recording), g_free);
  g_hash_table_add (self->under_way, g_strdup (recording));
  return task;
}

void
cv_deletion_run_async (CvDeletion *self, const char *recording, const char *actor, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_return_if_fail (CV_IS_DELETION (self));
  g_return_if_fail (recording != NULL && actor != NULL);

  if (g_hash_table_contains (self->under_way, recording)) {
    g_task_report_new_error (self, callback, user_data, NULL, CV_STORE_ERROR, CV_STORE_ERROR_MISSING,
                             "it is being deleted");
    return;
  }
  cv_deletions_mark_async (self->store, recording, actor, cv_clock_wall (self->clock), on_marked,
                           begin (self, recording, callback, user_data));
}

gboolean
cv_deletion_finish (CvDeletion *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
cv_deletion_is_under_way (CvDeletion *self, const char *recording)
{
  g_return_val_if_fail (CV_IS_DELETION (self), FALSE);

  return g_hash_table_contains (self->under_way, recording);
}

/* ---- Those that were interrupted ---- */

static void
on_marked_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvDeletion) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ids = cv_deletions_list_finish (CV_STORE (source), result, &error);

  if (ids == NULL)
    cv_warning (NULL, NULL, "recordings that are to be deleted are not known: %s", error->message);
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    if (!g_hash_table_contains (self->under_way, ids->pdata[i]))
      dispose_of (begin (self, ids->pdata[i], NULL, NULL));
}

void
cv_deletion_resume (CvDeletion *self)
{
  g_return_if_fail (CV_IS_DELETION (self));

  cv_deletions_list_async (self->store, on_marked_listed, g_object_ref (self));
}

/* ---- A room's ---- */

typedef struct {
  char *room;
  char *actor;
  guint timer;
  guint waited_ms;
} Clearing;

static void
clearing_free (gpointer data)
{
  Clearing *self = data;

  g_free (self->room);
  g_free (self->actor);
  g_free (self);
}

static void clear_room (gpointer task);

static void
wait_a_while (GTask *task)
{
  Clearing *clearing = g_task_get_task_data (task);

  clearing->waited_ms += CV_DELETION_POLL_MS;
  clearing->timer = cv_clock_after (self_of (task)->clock, CV_DELETION_POLL_MS, clear_room, task);
}

static void
on_one_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  /* somebody else may have been first: the next look tells */
  if (cv_deletion_finish (CV_DELETION (source), result, &error)) {
    clear_room (task);
  } else if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING) ||
             g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT)) {
    g_error_free (error);
    wait_a_while (task);
  } else {
    g_task_return_error (task, error);
    g_object_unref (task);
  }
}

/* Who recorded it does not say that it is over: it is now. */
static void
on_ended_by_force (GObject *source, GAsyncResult *result, gpointer user_data)
{
  cv_recordings_change_finish (CV_STORE (source), result, NULL);
  wait_a_while (user_data);
}

/* One after the other; those that run at last. */
static void
on_room_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CvDeletion *self = self_of (task);
  Clearing *clearing = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) rows = cv_outcomes_list_room_finish (CV_STORE (source), result, &error);
  const CvOutcomeRow *chosen = NULL;

  if (rows == NULL || rows->len == 0) {
    if (rows == NULL)
      g_task_return_error (task, error);
    else
      g_task_return_boolean (task, TRUE);
    g_object_unref (task);
    return;
  }
  for (guint i = 0; chosen == NULL && i < rows->len; i++) {
    const CvOutcomeRow *row = rows->pdata[i];

    if (row->status != CV_RECORDING_RECORDING && !g_hash_table_contains (self->under_way, row->recording))
      chosen = row;
  }
  if (chosen != NULL && chosen->status == CV_RECORDING_DELETING)
    dispose_of (begin (self, chosen->recording, on_one_deleted, task));
  else if (chosen != NULL)
    cv_deletion_run_async (self, chosen->recording, clearing->actor, on_one_deleted, task);
  else if (clearing->waited_ms >= CV_DELETION_PATIENCE_MS)
    cv_recordings_end_async (self->store, ((CvOutcomeRow *) rows->pdata[0])->recording, cv_clock_wall (self->clock), 0,
                             0, 0, on_ended_by_force, task);
  else
    wait_a_while (task);
}

static void
clear_room (gpointer task)
{
  Clearing *clearing = g_task_get_task_data (task);

  clearing->timer = 0;
  cv_outcomes_list_room_async (self_of (task)->store, clearing->room, on_room_listed, task);
}

void
cv_deletion_run_room_async (CvDeletion *self, const char *room, const char *actor, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task;
  Clearing *clearing;

  g_return_if_fail (CV_IS_DELETION (self));
  g_return_if_fail (room != NULL && actor != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  clearing = g_new0 (Clearing, 1);
  *clearing = (Clearing){ .room = g_strdup (room), .actor = g_strdup (actor) };
  g_task_set_task_data (task, clearing, clearing_free);
  clear_room (task);
}

/* ---- Itself ---- */

CvDeletion *
cv_deletion_new (CvStore *store, CvClock *clock, CvRenderQueue *queue, CvHooks *hooks, const char *directory)
{
  CvDeletion *self;

  g_return_val_if_fail (CV_IS_STORE (store), NULL);
  g_return_val_if_fail (CV_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (directory != NULL, NULL);

  self = g_object_new (CV_TYPE_DELETION, NULL);
  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->queue = queue != NULL ? g_object_ref (queue) : NULL;
  self->hooks = hooks != NULL ? g_object_ref (hooks) : NULL;
  self->directory = g_strdup (directory);
  return self;
}

static void
cv_deletion_dispose (GObject *object)
{
  CvDeletion *self = CV_DELETION (object);

  g_clear_object (&self->queue);
  g_clear_object (&self->hooks);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (cv_deletion_parent_class)->dispose (object);
}

static void
cv_deletion_finalize (GObject *object)
{
  CvDeletion *self = CV_DELETION (object);

  g_hash_table_unref (self->under_way);
  g_free (self->directory);
  G_OBJECT_CLASS (cv_deletion_parent_class)->finalize (object);
}

static void
cv_deletion_class_init (CvDeletionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_deletion_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_deletion_finalize;
  signals[SIGNAL_DELETED] =
    g_signal_new ("deleted", CV_TYPE_DELETION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
cv_deletion_init (CvDeletion *self)
{
  self->under_way = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}
