/* See unwritten.h. */
#include "room/unwritten.h"

#include "base/ids.h"
#include "room/room.h"
#include "store/kept-rooms.h"

#include <string.h>

#define CV_LOG_TOPIC "room"
#include "base/log.h"

#define MAX_ROOMS 5000

typedef struct {
  CvRoomRow *row;
  gint64 used;                              /* ms since 1970 */
  gint64 until;                             /* the same: planned for until then, and on the disk; or 0 */
  gint64 began[CV_RECEIPT_MAX_GENERATIONS]; /* as in a receipt */
  gboolean restored;                        /* and nobody has met in it since */
} Kept;

struct _CvUnwritten {
  CvClock *clock;
  CvStore *store;      /* or NULL */
  GHashTable *rooms;   /* id → Kept, owned; the row owns the id */
  GHashTable *removed; /* id → until when receipts of it are good, ms since 1970; both owned */
};

static void
kept_free (gpointer data)
{
  Kept *self = data;
  cv_wipe (self->row->join_verifier, sizeof self->row->join_verifier);
  cv_wipe (self->row->host_verifier, sizeof self->row->host_verifier);
  cv_room_row_free (self->row);
  g_free (self);
}

CvUnwritten *
cv_unwritten_new (CvClock *clock, CvStore *store)
{
  CvUnwritten *self = g_new0 (CvUnwritten, 1);
  self->clock = g_object_ref (clock);
  self->store = store != NULL ? g_object_ref (store) : NULL;
  self->rooms = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, kept_free);
  self->removed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
cv_unwritten_free (CvUnwritten *self)
{
  g_hash_table_unref (self->rooms);
  g_hash_table_unref (self->removed);
  g_clear_object (&self->store);
  g_object_unref (self->clock);
  g_free (self);
}

/* ---- the disk ---- */

/* Nobody waits. */
static void
on_rewritten (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  if (!cv_kept_rooms_change_finish (CV_STORE (source), result, &error))
    cv_warning (NULL, NULL, "the disk has a room as it was before: %s", error->message);
}

static void
forget (CvUnwritten *self, const Kept *kept)
{
  if (kept->until != 0 && self->store != NULL)
    cv_kept_rooms_delete_async (self->store, kept->row->id, on_rewritten, NULL);
}

static void
on_planned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  if (cv_kept_rooms_change_finish (CV_STORE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, cv_room_error_from_store (error));
}

static void
on_rotated (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  on_rewritten (source, result, NULL);
  g_task_return_boolean (task, TRUE);
}

/* As it is now. Where no receipt can say it any more, what the disk has is wrong as well. */
static void
write_down (CvUnwritten *self, const char *id, GAsyncReadyCallback callback, GTask *task)
{
  g_autoptr (CvReceipt) receipt = cv_unwritten_describe (self, id);
  gint64 now = receipt->issued = cv_clock_wall (self->clock);
  GByteArray *bytes = cv_receipt_to_bytes (receipt);
  if (bytes == NULL) {
    cv_kept_rooms_delete_async (self->store, id, callback, task);
    return;
  }
  g_autoptr (GBytes) text = g_byte_array_free_to_bytes (bytes);
  cv_kept_rooms_put_async (self->store, id, text, receipt->until, now, callback, task);
}

/* ---- memory ---- */

static gboolean
is_over (gpointer key, gpointer value, gpointer user_data)
{
  CvUnwritten *self = user_data;
  const Kept *kept = value;
  gboolean over = MAX (kept->used + CV_UNWRITTEN_KEEP_MS, kept->until) <= cv_clock_wall (self->clock);
  if (over)
    forget (self, kept);
  return over;
}

/* No receipt of it is good any more. */
static gboolean
is_past (gpointer key, gpointer value, gpointer user_data)
{
  return *(gint64 *) value <= cv_clock_wall (((CvUnwritten *) user_data)->clock);
}

static void
sweep (CvUnwritten *self)
{
  g_hash_table_foreach_remove (self->rooms, is_over, self);
  g_hash_table_foreach_remove (self->removed, is_past, self);
}

/* Borrowed; NULL where there are too many, or it was removed. */
static Kept *
add (CvUnwritten *self, const CvRoomRow *row)
{
  if (g_hash_table_size (self->rooms) >= MAX_ROOMS || g_hash_table_contains (self->removed, row->id))
    return NULL;
  Kept *kept = g_new0 (Kept, 1);
  kept->row = cv_room_row_copy (row);
  kept->used = cv_clock_wall (self->clock);
  g_hash_table_insert (self->rooms, kept->row->id, kept);
  return kept;
}

gboolean
cv_unwritten_put (CvUnwritten *self, const CvRoomRow *row)
{
  sweep (self);
  return !g_hash_table_contains (self->rooms, row->id) && add (self, row) != NULL;
}

static void
on_id_looked_up (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CvUnwritten *self = g_object_get_data (G_OBJECT (task), "unwritten");
  const CvRoomRow *row = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRoomRow) there = cv_rooms_load_finish (CV_STORE (source), result, &error);
  if (there == NULL && !g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING))
    g_task_return_error (task, cv_room_error_from_store (error));
  else if (there != NULL || !cv_unwritten_put (self, row))
    g_task_return_new_error (task, CV_ROOM_ERROR, CV_ROOM_ERROR_TAKEN, "room %s is there, or too many are", row->id);
  else
    g_task_return_boolean (task, TRUE);
}

void
cv_unwritten_add (CvUnwritten *self, CvStore *store, GTask *task)
{
  const CvRoomRow *row = g_task_get_task_data (task);
  g_object_set_data (G_OBJECT (task), "unwritten", self);
  cv_rooms_load_async (store, row->id, on_id_looked_up, task);
}

/* How long it is planned for is forgotten by nobody. NULL as in add(). */
static Kept *
restore (CvUnwritten *self, const CvReceipt *receipt)
{
  sweep (self);
  const Kept *before = g_hash_table_lookup (self->rooms, receipt->row->id);
  gint64 until = MAX (receipt->until, before != NULL ? before->until : 0);
  g_hash_table_remove (self->rooms, receipt->row->id);
  Kept *kept = add (self, receipt->row);
  if (kept == NULL)
    return NULL;
  memcpy (kept->began, receipt->began, sizeof kept->began);
  kept->until = until;
  kept->restored = TRUE;
  return kept;
}

gboolean
cv_unwritten_restore (CvUnwritten *self, const CvReceipt *receipt)
{
  const Kept *kept = restore (self, receipt);
  if (kept != NULL && kept->until != 0 && self->store != NULL)
    write_down (self, receipt->row->id, on_rewritten, NULL);
  return kept != NULL;
}

typedef struct {
  CvUnwritten *self;
  GObject *owner;
} Loading;

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Loading *loading = user_data;
  CvUnwritten *self = loading->self;
  g_autoptr (GObject) owner = loading->owner;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = cv_kept_rooms_list_finish (CV_STORE (source), result, &error);
  if (list == NULL)
    cv_warning (NULL, NULL, "rooms that were planned for are not found: %s", error->message);
  for (guint i = 0; list != NULL && i < list->len; i++) {
    gsize n = 0;
    const guint8 *data = g_bytes_get_data (list->pdata[i], &n);
    g_autoptr (CvReceipt) receipt = cv_receipt_from_bytes (data, n, cv_clock_wall (self->clock));
    if (receipt == NULL || !restore (self, receipt))
      cv_warning (NULL, NULL, "a room that was planned for cannot be read");
  }
}

void
cv_unwritten_start (CvUnwritten *self, GObject *owner)
{
  Loading *loading = g_new (Loading, 1);
  *loading = (Loading){ self, g_object_ref (owner) };
  cv_kept_rooms_list_async (self->store, cv_clock_wall (self->clock), on_listed, loading);
}

gboolean
cv_unwritten_has (CvUnwritten *self, const char *id)
{
  sweep (self);
  return g_hash_table_contains (self->rooms, id);
}

CvReceipt *
cv_unwritten_describe (CvUnwritten *self, const char *id)
{
  sweep (self);
  const Kept *kept = g_hash_table_lookup (self->rooms, id);
  if (kept == NULL)
    return NULL;
  CvReceipt *receipt = g_new0 (CvReceipt, 1);
  receipt->row = cv_room_row_copy (kept->row);
  receipt->until = kept->until;
  memcpy (receipt->began, kept->began, sizeof receipt->began);
  return receipt;
}

const CvRoomRow *
cv_unwritten_find (CvUnwritten *self, const char *id)
{
  sweep (self);
  Kept *kept = g_hash_table_lookup (self->rooms, id);
  if (kept == NULL)
    return NULL;
  kept->used = cv_clock_wall (self->clock);
  return kept->row;
}

static guint
count_planned (CvUnwritten *self)
{
  GHashTableIter iter;
  gpointer kept = NULL;
  guint n = 0;
  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, NULL, &kept))
    n += ((Kept *) kept)->until != 0;
  return n;
}

void
cv_unwritten_keep (CvUnwritten *self, const char *id, gint64 until, GTask *task)
{
  sweep (self);
  Kept *kept = g_hash_table_lookup (self->rooms, id);
  if (kept == NULL || (kept->until == 0 && count_planned (self) >= CV_UNWRITTEN_MAX_PLANNED)) {
    g_task_return_new_error (task, CV_ROOM_ERROR, kept == NULL ? CV_ROOM_ERROR_UNKNOWN : CV_ROOM_ERROR_FULL,
                             "room %s is not there, or too many are planned for", id);
    g_object_unref (task);
    return;
  }
  kept->until = MAX (kept->until, until);
  write_down (self, id, on_planned, task);
}

void
cv_unwritten_rotate (CvUnwritten *self, const CvRoomRow *row, GTask *task)
{
  Kept *kept = g_hash_table_lookup (self->rooms, row->id);
  g_return_if_fail (kept != NULL);
  memcpy (kept->row->join_verifier, row->join_verifier, sizeof kept->row->join_verifier);
  g_free (kept->row->orders);
  kept->row->orders = g_strdup (row->orders);
  kept->row->generation = row->generation;
  if (row->generation <= CV_RECEIPT_MAX_GENERATIONS)
    kept->began[row->generation - 1] = cv_clock_wall (self->clock);
  if (kept->until != 0 && self->store != NULL) {
    write_down (self, row->id, on_rotated, task);
    return;
  }
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

void
cv_unwritten_meet (CvUnwritten *self, const char *id)
{
  Kept *kept = g_hash_table_lookup (self->rooms, id);
  if (kept != NULL)
    kept->restored = FALSE;
}

gboolean
cv_unwritten_goes_on (CvUnwritten *self, const char *id)
{
  const Kept *kept = g_hash_table_lookup (self->rooms, id);
  return kept != NULL && kept->restored;
}

gboolean
cv_unwritten_remove (CvUnwritten *self, const char *id)
{
  const Kept *kept = g_hash_table_lookup (self->rooms, id);
  if (kept == NULL)
    return FALSE;
  forget (self, kept);
  gint64 good = MAX (cv_clock_wall (self->clock) + CV_RECEIPT_KEEP_MS, kept->until);
  if (g_hash_table_size (self->removed) < MAX_ROOMS)
    g_hash_table_insert (self->removed, g_strdup (id), g_memdup2 (&good, sizeof good));
  return g_hash_table_remove (self->rooms, id);
}

guint
cv_unwritten_count (CvUnwritten *self)
{
  sweep (self);
  return g_hash_table_size (self->rooms);
}
