/* See registry.h. */
#include "room/registry.h"

#include "base/ids.h"
#include "base/tally.h"
#include "room/ledger.h"
#include "store/audit.h"
#include "store/meetings.h"
#include "store/records.h"

#define CV_LOG_TOPIC "room"
#include "base/log.h"

struct _CvRegistry {
  GObject parent_instance;
  CvStore *store;
  CvClock *clock;
  gboolean closed;
  guint empty_ms;
  char **without_media;
  CvMediaPool *pool;
  GHashTable *live; /* id → CvRoom, owned: those with a running meeting */
  const CvShelf *shelf;
  GHashTable
    *captures; /* set of CvCapture, borrowed: of all meetings, and of those that are over while files are closed */
  CvLibrary *library;         /* NULL: none */
  CvCabinet *cabinet;         /* the same */
  const char *const *numbers; /* NULL: cannot be called */
  CvUnwritten *unwritten;     /* rooms of kinds that keep no rows */
  GHashTable *deleting;       /* ids whose deletion is under way: nobody may enter */
};

enum {
  MEETING_STARTED,
  MEETING_OVER,
  ROOM_CREATED,
  ROOM_CHANGED,
  ROOM_DELETED,
  DIAL_IN,
  RECORDING_STARTED,
  RECORDING_FINISHED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvRegistry, cv_registry, G_TYPE_OBJECT)

static void
on_meeting_ended_forget (gpointer key, gpointer value, gpointer user_data)
{
  g_signal_handlers_disconnect_by_data (cv_room_get_meeting (value), user_data);
  cv_ledger_flush (cv_room_get_meeting (value));
}

static void
on_capture_gone (gpointer user_data, GObject *where_it_was)
{
  g_hash_table_remove (((CvRegistry *) user_data)->captures, where_it_was);
}

static void
drop_captures (CvRegistry *self)
{
  GHashTableIter iter;
  gpointer capture = NULL;
  if (self->captures == NULL)
    return;
  g_hash_table_iter_init (&iter, self->captures);
  while (g_hash_table_iter_next (&iter, &capture, NULL)) {
    g_signal_handlers_disconnect_by_data (capture, self);
    g_object_weak_unref (capture, on_capture_gone, self);
  }
  g_clear_pointer (&self->captures, g_hash_table_unref);
}

static void
cv_registry_dispose (GObject *object)
{
  CvRegistry *self = CV_REGISTRY (object);
  if (self->live != NULL)
    g_hash_table_foreach (self->live, on_meeting_ended_forget, self);
  drop_captures (self);
  g_clear_pointer (&self->live, g_hash_table_unref);
  g_clear_object (&self->library);
  g_clear_object (&self->cabinet);
  g_clear_object (&self->pool);
  g_clear_object (&self->clock);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (cv_registry_parent_class)->dispose (object);
}

static void
cv_registry_finalize (GObject *object)
{
  CvRegistry *self = CV_REGISTRY (object);
  g_hash_table_unref (self->deleting);
  g_clear_pointer (&self->unwritten, cv_unwritten_free);
  g_strfreev (self->without_media);
  G_OBJECT_CLASS (cv_registry_parent_class)->finalize (object);
}

static void
cv_registry_class_init (CvRegistryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->dispose = cv_registry_dispose;
  object_class->finalize = cv_registry_finalize;
  signals[MEETING_STARTED] = g_signal_new ("meeting-started", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 1, CV_TYPE_ROOM);
  signals[MEETING_OVER] = g_signal_new ("meeting-over", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[ROOM_CREATED] = g_signal_new ("room-created", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[ROOM_CHANGED] = g_signal_new ("room-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[ROOM_DELETED] = g_signal_new ("room-deleted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[DIAL_IN] = g_signal_new ("dial-in", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, CV_TYPE_ROOM);
  signals[RECORDING_STARTED] = g_signal_new ("recording-started", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                             NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[RECORDING_FINISHED] = g_signal_new ("recording-finished", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                              NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
cv_registry_init (CvRegistry *self)
{
  self->live = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->captures = g_hash_table_new (NULL, NULL);
  self->deleting = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

CvRegistry *
cv_registry_new (CvStore *store, CvClock *clock, guint empty_ms, const char *const *without_media)
{
  CvRegistry *self = g_object_new (CV_TYPE_REGISTRY, NULL);
  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->unwritten = cv_unwritten_new (clock, store);
  cv_unwritten_start (self->unwritten, G_OBJECT (self));
  self->empty_ms = empty_ms;
  self->without_media = g_strdupv ((char **) without_media);
  return self;
}

CvUnwritten *
cv_registry_get_unwritten (CvRegistry *self)
{
  return self->unwritten;
}

void
cv_registry_set_media_pool (CvRegistry *self, CvMediaPool *pool)
{
  g_set_object (&self->pool, pool);
}

void
cv_registry_set_shelf (CvRegistry *self, const CvShelf *shelf)
{
  self->shelf = shelf;
}

void
cv_registry_set_library (CvRegistry *self, CvLibrary *library)
{
  g_set_object (&self->library, library);
}

void
cv_registry_set_numbers (CvRegistry *self, const char *const *numbers)
{
  self->numbers = numbers;
}

const char *const *
cv_registry_get_numbers (CvRegistry *self)
{
  return self->numbers;
}

void
cv_registry_set_cabinet (CvRegistry *self, CvCabinet *cabinet)
{
  g_set_object (&self->cabinet, cabinet);
}

static gboolean
is_without_media (CvRegistry *self, const CvPolicy *policy)
{
  return self->without_media != NULL && g_strv_contains ((const char *const *) self->without_media, policy->kind);
}

gboolean
cv_registry_has_media_reserve (CvRegistry *self)
{
  return self->pool == NULL || cv_media_pool_has_reserve (self->pool);
}

gboolean
cv_registry_is_available (CvRegistry *self, const CvPolicy *policy)
{
  return policy->topology != CV_TOPOLOGY_SFU || self->pool != NULL || is_without_media (self, policy);
}

static void
on_room_inserted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  if (!cv_rooms_insert_finish (CV_STORE (source), result, &error)) {
    g_task_return_error (task, cv_room_error_from_store (error));
    return;
  }
  g_signal_emit (g_task_get_source_object (task), signals[ROOM_CREATED], 0, g_task_get_task_data (task));
  g_task_return_boolean (task, TRUE);
}

void
cv_registry_create_async (CvRegistry *self, const CvRoomRow *row, const char *actor, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  const CvPolicy *policy = cv_policy_find (row->kind);
  g_return_if_fail (policy != NULL);
  if (!cv_registry_is_available (self, policy)) {
    g_task_return_new_error (task, CV_ROOM_ERROR, CV_ROOM_ERROR_NOT_AVAILABLE, "kind %s is not available", row->kind);
    return;
  }
  g_task_set_task_data (task, cv_room_row_copy (row), (GDestroyNotify) cv_room_row_free);
  if (cv_unwritten_has (self->unwritten, row->id)) {
    g_task_return_new_error (task, CV_ROOM_ERROR, CV_ROOM_ERROR_TAKEN, "room %s is there", row->id);
  } else if (policy->keeps_rows) {
    cv_audit_note_with_next (self->store, self->clock, actor, "room.create", row->id, NULL);
    cv_rooms_insert_async (self->store, row, on_room_inserted, g_steal_pointer (&task));
  } else {
    cv_unwritten_add (self->unwritten, self->store, g_steal_pointer (&task));
  }
}

gboolean
cv_registry_create_finish (CvRegistry *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Takes `row`. Returns: (transfer full), NULL where its kind is unknown. */
static CvRoom *
make_room (CvRegistry *self, CvRoomRow *row, GError **error)
{
  g_autoptr (CvRoomRow) taken = row;
  const CvPolicy *policy = cv_policy_find (row->kind);
  if (policy == NULL) {
    g_set_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_NOT_AVAILABLE, "kind %s is unknown", row->kind);
    return NULL;
  }
  CvRoom *room = cv_room_new (g_steal_pointer (&taken), policy);
  cv_room_set_numbers (room, self->numbers);
  return room;
}

static void
on_room_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CvRegistry *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRoomRow) row = cv_rooms_load_finish (CV_STORE (source), result, &error);
  const CvRoomRow *planned = row == NULL ? cv_unwritten_find (self->unwritten, g_task_get_task_data (task)) : NULL;
  if (row == NULL && planned == NULL) {
    g_task_return_error (task, cv_room_error_from_store (error));
    return;
  }
  if (planned != NULL) /* the server was just started */
    row = cv_room_row_copy (planned);
  /* Somebody else's load may have come first and started a meeting. */
  CvRoom *live = cv_registry_peek (self, row->id);
  if (live != NULL) {
    g_task_return_pointer (task, g_object_ref (live), g_object_unref);
    return;
  }
  CvRoom *room = make_room (self, g_steal_pointer (&row), &error);
  if (room != NULL)
    g_task_return_pointer (task, room, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
cv_registry_load_async (CvRegistry *self, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  g_task_set_task_data (task, g_strdup (id), g_free);
  CvRoom *live = cv_registry_peek (self, id);
  const CvRoomRow *row = cv_unwritten_find (self->unwritten, id);
  if (live != NULL)
    g_task_return_pointer (task, g_object_ref (live), g_object_unref);
  else if (row != NULL)
    g_task_return_pointer (task, make_room (self, cv_room_row_copy (row), NULL), g_object_unref);
  else
    cv_rooms_load_async (self->store, id, on_room_loaded, g_steal_pointer (&task));
}

CvRoom *
cv_registry_load_finish (CvRegistry *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_rooms_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *rows = cv_rooms_list_finish (CV_STORE (source), result, &error);
  if (rows != NULL)
    g_task_return_pointer (task, rows, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, cv_room_error_from_store (error));
}

void
cv_registry_list_async (CvRegistry *self, const CvRoomsQuery *query, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_rooms_list_async (self->store, query, on_rooms_listed, g_task_new (self, NULL, callback, user_data));
}

GPtrArray *
cv_registry_list_finish (CvRegistry *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The lobby counts at once, unless hosts of the meeting have it so already, and so does whether it is called by phone. */
static void
change_live (CvRegistry *self, const CvRoomRow *row)
{
  CvRoom *live = cv_registry_peek (self, row->id);
  if (live == NULL)
    return;
  CvMeeting *meeting = cv_room_get_meeting (live);
  if (meeting != NULL && row->lobby != cv_room_get_row (live)->lobby)
    cv_meeting_set_floor (meeting, row->lobby, cv_meeting_is_locked (meeting));
  gboolean called = cv_room_get_row (live)->dial_in;
  cv_room_change (live, row);
  if (meeting != NULL && row->dial_in != called)
    g_signal_emit (self, signals[DIAL_IN], 0, live);
}

static void
on_room_updated (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CvRegistry *self = g_task_get_source_object (task);
  const CvRoomRow *row = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  if (!cv_rooms_update_finish (CV_STORE (source), result, &error)) {
    g_task_return_error (task, cv_room_error_from_store (error));
    return;
  }
  change_live (self, row);
  g_signal_emit (self, signals[ROOM_CHANGED], 0, row);
  g_task_return_boolean (task, TRUE);
}

void
cv_registry_change_async (CvRegistry *self, const CvRoomRow *row, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  g_task_set_task_data (task, cv_room_row_copy (row), (GDestroyNotify) cv_room_row_free);
  cv_rooms_update_async (self->store, row, on_room_updated, task);
}

gboolean
cv_registry_change_finish (CvRegistry *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_room_rotated (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const CvRoomRow *row = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  if (!cv_rooms_rotate_finish (CV_STORE (source), result, &error)) {
    gboolean late = g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
    g_task_return_new_error (task, CV_ROOM_ERROR, late ? CV_ROOM_ERROR_OUTDATED : CV_ROOM_ERROR_STORE, "%s",
                             error->message);
    return;
  }
  CvRoom *live = cv_registry_peek (g_task_get_source_object (task), row->id);
  if (live != NULL)
    cv_room_rotate (live, row);
  g_task_return_boolean (task, TRUE);
}

void
cv_registry_rotate_async (CvRegistry *self, CvRoom *room, const CvRotation *rotation, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  GError *error = NULL;
  CvRoomRow *row = cv_rotation_apply (rotation, cv_room_get_row (room), &error);
  if (row == NULL) {
    g_task_return_error (task, error);
    return;
  }
  g_task_set_task_data (task, row, (GDestroyNotify) cv_room_row_free);
  if (cv_room_get_policy (room)->keeps_rows) {
    cv_rooms_rotate_async (self->store, row, on_room_rotated, g_steal_pointer (&task));
    return;
  }
  cv_room_rotate (room, row);
  cv_unwritten_rotate (self->unwritten, row, g_steal_pointer (&task));
}

gboolean
cv_registry_rotate_finish (CvRegistry *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_room_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CvRegistry *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_hash_table_remove (self->deleting, g_task_get_task_data (task));
  if (!cv_rooms_delete_finish (CV_STORE (source), result, &error)) {
    g_task_return_error (task, cv_room_error_from_store (error));
    return;
  }
  g_signal_emit (self, signals[ROOM_DELETED], 0, g_task_get_task_data (task));
  g_task_return_boolean (task, TRUE);
}

static void
delete_row (CvRegistry *self, GTask *task)
{
  cv_audit_note_with_next (self->store, self->clock, g_object_get_data (G_OBJECT (task), "actor"), "room.delete",
                           g_task_get_task_data (task), NULL);
  cv_rooms_delete_async (self->store, g_task_get_task_data (task), on_room_deleted, task);
}

static void
fail_to_delete (CvRegistry *self, GTask *task, const GError *error)
{
  g_hash_table_remove (self->deleting, g_task_get_task_data (task));
  g_task_return_new_error (task, CV_ROOM_ERROR, CV_ROOM_ERROR_STORE, "%s", error->message);
  g_object_unref (task);
}

static void
on_documents_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CvRegistry *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  if (cv_cabinet_delete_finish (CV_CABINET (source), result, &error))
    delete_row (self, task);
  else
    fail_to_delete (self, task, error);
}

static void
delete_documents (CvRegistry *self, GTask *task)
{
  if (self->cabinet != NULL)
    cv_cabinet_delete_async (self->cabinet, CV_DOCUMENTS_OF_ROOM, g_task_get_task_data (task), on_documents_deleted,
                             task);
  else
    delete_row (self, task);
}

static void
on_recordings_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  CvRegistry *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  if (cv_library_finish (CV_LIBRARY (source), result, &error))
    delete_documents (self, task);
  else
    fail_to_delete (self, task, error);
}

void
cv_registry_delete_async (CvRegistry *self, const char *id, const char *actor, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  g_task_set_task_data (task, g_strdup (id), g_free);
  g_object_set_data_full (G_OBJECT (task), "actor", g_strdup (actor), g_free);
  g_hash_table_add (self->deleting, g_strdup (id));
  CvRoom *live = cv_registry_peek (self, id);
  if (live != NULL)
    cv_meeting_end (cv_room_get_meeting (live), CV_ENDING_ADMIN);
  if (cv_unwritten_remove (self->unwritten, id)) {
    g_hash_table_remove (self->deleting, id);
    g_task_return_boolean (task, TRUE);
    g_object_unref (task);
    return;
  }
  if (self->library != NULL)
    cv_library_delete_room_async (self->library, id, actor, on_recordings_deleted, task);
  else
    delete_documents (self, task);
}

gboolean
cv_registry_delete_finish (CvRegistry *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cv_registry_close (CvRegistry *self)
{
  self->closed = TRUE;
}

gboolean
cv_registry_is_closed (CvRegistry *self)
{
  return self->closed;
}

CvRoom *
cv_registry_peek (CvRegistry *self, const char *id)
{
  return g_hash_table_lookup (self->live, id);
}

static void
on_meeting_start_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree char *room = user_data;
  g_autoptr (GError) error = NULL;
  if (!cv_meetings_start_finish (CV_STORE (source), result, &error))
    cv_warning (room, NULL, "the start of a meeting was not stored: %s", error->message);
}

static void
on_meeting_end_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree char *room = user_data;
  g_autoptr (GError) error = NULL;
  /* With its room deleted, or its start not stored, there is no row to end: nothing is lost. */
  if (!cv_meetings_end_finish (CV_STORE (source), result, &error) &&
      !g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING))
    cv_warning (room, NULL, "the end of a meeting was not stored: %s", error->message);
}

static CvRoom *
find_by_meeting (CvRegistry *self, CvMeeting *meeting)
{
  GHashTableIter iter;
  gpointer room = NULL;
  g_hash_table_iter_init (&iter, self->live);
  while (g_hash_table_iter_next (&iter, NULL, &room))
    if (cv_room_get_meeting (room) == meeting)
      return room;
  return NULL;
}

static void
on_capture_started (CvCapture *capture, const char *id, CvRegistry *self)
{
  g_signal_emit (self, signals[RECORDING_STARTED], 0, id);
}

static void
on_capture_finished (CvCapture *capture, const char *id, CvRegistry *self)
{
  g_signal_emit (self, signals[RECORDING_FINISHED], 0, id);
}

static void
on_meeting_ended (CvMeeting *meeting, CvEnding ending, gpointer user_data)
{
  CvRegistry *self = user_data;
  CvRoom *room = find_by_meeting (self, meeting);
  g_return_if_fail (room != NULL);
  const char *id = cv_room_get_row (room)->id;
  cv_info (id, NULL, "meeting %s ended: %s", cv_meeting_get_id (meeting), cv_ending_to_text (ending));
  if (cv_room_get_policy (room)->keeps_rows)
    cv_meetings_end_async (self->store, cv_meeting_get_id (meeting), cv_clock_wall (self->clock),
                           cv_ending_to_text (ending), on_meeting_end_stored, g_strdup (id));
  g_signal_emit (self, signals[MEETING_OVER], 0, cv_meeting_get_id (meeting));
  g_signal_handlers_disconnect_by_data (meeting, self);
  g_object_ref (room); /* which owns `id` */
  g_hash_table_remove (self->live, id);
  cv_room_set_meeting (room, NULL, NULL, NULL);
  g_object_unref (room);
}

/* Returns: (transfer full), NULL in a room whose media do not come here. */
static CvSwitchboard *
start_switchboard (CvRegistry *self, CvRoom *room, CvMeeting *meeting)
{
  const CvPolicy *policy = cv_room_get_policy (room);
  if (policy->topology != CV_TOPOLOGY_SFU)
    return NULL;
  return cv_switchboard_new (cv_room_get_row (room)->id, meeting, is_without_media (self, policy) ? NULL : self->pool,
                             self->clock);
}

/* Returns: (transfer full), NULL where there is no switchboard. */
static CvCapture *
start_capture (CvRegistry *self, CvRoom *room, CvMeeting *meeting, CvSwitchboard *switchboard)
{
  if (switchboard == NULL)
    return NULL;
  CvCapture *capture =
    cv_capture_new (cv_room_get_row (room), meeting, switchboard, self->store, self->clock, self->shelf);
  g_hash_table_add (self->captures, capture);
  g_object_weak_ref (G_OBJECT (capture), on_capture_gone, self);
  g_signal_connect (capture, "started", G_CALLBACK (on_capture_started), self);
  g_signal_connect (capture, "finished", G_CALLBACK (on_capture_finished), self);
  return capture;
}

static void
on_record_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree char *room = user_data;
  g_autoptr (GError) error = NULL;
  if (!cv_records_open_finish (CV_STORE (source), result, &error))
    cv_warning (room, NULL, "a meeting will have no summary: %s", error->message);
}

/* It leaves something behind, where rooms of its kind do: whoever is to see it later needs a secret that is known now. */
static void
open_record (CvRegistry *self, CvRoom *room, CvMeeting *meeting)
{
  const CvRoomRow *row = cv_room_get_row (room);
  guint8 secret[CV_RECORD_SECRET_BYTES];
  if (!cv_room_get_policy (room)->has_summary)
    return;
  cv_random_bytes (secret, sizeof secret);
  cv_meeting_set_summary (meeting, cv_record_make_path_for (cv_meeting_get_id (meeting), secret, TRUE),
                          cv_record_make_path_for (cv_meeting_get_id (meeting), secret, FALSE));
  cv_records_open_async (self->store, cv_meeting_get_id (meeting), row->title, secret, on_record_opened,
                         g_strdup (row->id));
  cv_wipe (secret, sizeof secret);
}

/* What hosts may change for this meeting is as the room says, until they do. */
static void
put_settings (CvRoom *room, CvMeeting *meeting)
{
  const CvRoomRow *row = cv_room_get_row (room);
  const char *id = cv_model_schema_get (CV_MODEL_SETTINGS)->name;
  if (!cv_room_get_policy (room)->has_summary)
    return;
  CvOperation *settings = cv_operation_new (id, CV_MODEL_SETTINGS, 1, CV_SHARING_SERVER);
  cv_operation_set_bool (settings, "attendance", row->attendance);
  cv_operation_set_bool (settings, "chat", TRUE);
  cv_operation_set_text (settings, "summary", cv_summary_fors[row->summary]);
  cv_sharing_put (cv_meeting_get_sharing (meeting), settings, NULL);
}

static void
start_meeting (CvRegistry *self, CvRoom *room)
{
  g_autoptr (CvMeeting) meeting = cv_meeting_new (cv_room_get_policy (room), self->clock, self->empty_ms);
  cv_meeting_set_floor (meeting, cv_room_get_row (room)->lobby, FALSE);
  const char *id = cv_room_get_row (room)->id;
  if (cv_unwritten_goes_on (self->unwritten, id) && cv_room_get_continued (room) != NULL)
    cv_meeting_set_id (meeting, cv_room_get_continued (room));
  cv_unwritten_meet (self->unwritten, id);
  g_autoptr (CvSwitchboard) switchboard = start_switchboard (self, room, meeting);
  g_autoptr (CvCapture) capture = start_capture (self, room, meeting, switchboard);
  cv_room_set_meeting (room, meeting, switchboard, capture);
  g_hash_table_insert (self->live, (char *) id, g_object_ref (room));
  cv_info (id, NULL, "meeting %s started", cv_meeting_get_id (meeting));
  if (cv_room_get_policy (room)->keeps_rows) {
    cv_meetings_start_async (self->store, cv_meeting_get_id (meeting), id, cv_meeting_get_started (meeting),
                             on_meeting_start_stored, g_strdup (id));
    cv_ledger_keep (meeting, self->store, self->clock, id);
  }
  open_record (self, room, meeting);
  g_signal_emit (self, signals[MEETING_STARTED], 0, room);
  put_settings (room, meeting);
  /* After the listeners of meeting-started, who still need the room when the meeting ends. */
  g_signal_connect_after (meeting, "ended", G_CALLBACK (on_meeting_ended), self);
}

/* The room's meeting, started if none runs; NULL where nobody may enter. */
static CvMeeting *
open_door (CvRegistry *self, CvRoom *room, const CvParticipant *participant, GError **error)
{
  const char *id = cv_room_get_row (room)->id;
  const CvPolicy *policy = cv_room_get_policy (room);
  if (g_hash_table_contains (self->deleting, id)) {
    g_set_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_UNKNOWN, "room %s is being deleted", id);
    return NULL;
  }
  if (!cv_registry_is_available (self, policy)) {
    g_set_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_NOT_AVAILABLE, "kind %s is not available", policy->kind);
    return NULL;
  }
  if (self->closed && (participant->formerly == NULL || cv_registry_peek (self, id) == NULL)) {
    g_set_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_CLOSED, "the server stops");
    return NULL;
  }
  /* `room` may have been loaded before another one of the same id got its meeting. */
  CvRoom *live = cv_registry_peek (self, id);
  if (live != NULL && cv_meeting_get_size (cv_room_get_meeting (live)) >= policy->max_people) {
    g_set_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_FULL, "room %s is full", id);
    return NULL;
  }
  if (live == NULL)
    start_meeting (self, live = room);
  return cv_room_get_meeting (live);
}

static void
count_join (const CvPolicy *policy)
{
  for (guint i = 0; cv_policy_all ()[i] != NULL; i++)
    if (cv_policy_all ()[i] == policy)
      cv_tally_count_as (CV_TALLY_JOINS, i);
}

CvParticipant *
cv_registry_seat (CvRegistry *self, CvRoom *room, CvParticipant *participant, GError **error)
{
  CvMeeting *meeting = open_door (self, room, participant, error);
  if (meeting == NULL) {
    cv_participant_free (participant);
    return NULL;
  }
  cv_meeting_add (meeting, participant);
  count_join (cv_room_get_policy (room));
  return participant;
}

CvParticipant *
cv_registry_enter (CvRegistry *self, CvRoom *room, const char *name, CvRole role, const CvSending *sending,
                   GError **error)
{
  return cv_registry_seat (self, room, cv_participant_new (name, role, sending), error);
}

CvParticipant *
cv_registry_enter_stream (CvRegistry *self, CvRoom *room, const char *name, CvRole role, const CvSending *sending,
                          GError **error)
{
  CvParticipant *participant = cv_participant_new (name, role, sending);
  participant->stream = TRUE;
  return cv_registry_seat (self, room, participant, error);
}

GPtrArray *
cv_registry_list_live (CvRegistry *self)
{
  GPtrArray *rooms = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer room = NULL;
  g_hash_table_iter_init (&iter, self->live);
  while (g_hash_table_iter_next (&iter, NULL, &room))
    g_ptr_array_add (rooms, room);
  return rooms;
}

guint
cv_registry_count_meetings (CvRegistry *self)
{
  return g_hash_table_size (self->live);
}

guint
cv_registry_count_people (CvRegistry *self)
{
  GHashTableIter iter;
  gpointer room = NULL;
  guint people = 0;
  g_hash_table_iter_init (&iter, self->live);
  while (g_hash_table_iter_next (&iter, NULL, &room))
    people += cv_meeting_get_size (cv_room_get_meeting (room));
  return people;
}

guint
cv_registry_end_recordings (CvRegistry *self)
{
  g_autoptr (GList) captures = g_hash_table_get_keys (self->captures);
  guint n = 0;
  for (GList *item = captures; item != NULL; item = item->next) {
    cv_capture_end (item->data, CV_CAPTURE_REASON_ENDED);
    n += cv_capture_get_state (item->data) != CV_CAPTURE_OFF;
  }
  return n;
}
