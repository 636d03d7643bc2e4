/* See unwritten.h. */
#include "room/unwritten.h"

#include "base/ids.h"
#include "room/room.h"

#include <string.h>

#define MAX_ROOMS 5000

typedef struct {
  CvRoomRow *row;
  gint64 used;                              /* ms since 1970 */
  gint64 began[CV_RECEIPT_MAX_GENERATIONS]; /* as in a receipt */
  gboolean restored;                        /* and nobody has met in it since */
} Kept;

struct _CvUnwritten {
  CvClock *clock;
  GHashTable *rooms;   /* id → Kept, owned; the row owns the id */
  GHashTable *removed; /* id → when, ms since 1970; both owned */
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
cv_unwritten_new (CvClock *clock)
{
  CvUnwritten *self = g_new0 (CvUnwritten, 1);
  self->clock = g_object_ref (clock);
  self->rooms = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, kept_free);
  self->removed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
cv_unwritten_free (CvUnwritten *self)
{
  g_hash_table_unref (self->rooms);
  g_hash_table_unref (self->removed);
  g_object_unref (self->clock);
  g_free (self);
}

static gboolean
is_over (gpointer key, gpointer value, gpointer user_data)
{
  const Kept *kept = value;
  return kept->used + CV_UNWRITTEN_KEEP_MS <= cv_clock_wall (((CvUnwritten *) user_data)->clock);
}

/* No receipt of it is good any more. */
static gboolean
is_past (gpointer key, gpointer value, gpointer user_data)
{
  return *(gint64 *) value + CV_RECEIPT_KEEP_MS <= cv_clock_wall (((CvUnwritten *) user_data)->clock);
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

gboolean
cv_unwritten_restore (CvUnwritten *self, const CvReceipt *receipt)
{
  sweep (self);
  g_hash_table_remove (self->rooms, receipt->row->id);
  Kept *kept = add (self, receipt->row);
  if (kept == NULL)
    return FALSE;
  memcpy (kept->began, receipt->began, sizeof kept->began);
  kept->restored = TRUE;
  return TRUE;
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

void
cv_unwritten_rotate (CvUnwritten *self, const CvRoomRow *row)
{
  Kept *kept = g_hash_table_lookup (self->rooms, row->id);
  g_return_if_fail (kept != NULL);
  memcpy (kept->row->join_verifier, row->join_verifier, sizeof kept->row->join_verifier);
  g_free (kept->row->orders);
  kept->row->orders = g_strdup (row->orders);
  kept->row->generation = row->generation;
  if (row->generation <= CV_RECEIPT_MAX_GENERATIONS)
    kept->began[row->generation - 1] = cv_clock_wall (self->clock);
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
  if (!g_hash_table_contains (self->rooms, id))
    return FALSE;
  gint64 now = cv_clock_wall (self->clock);
  if (g_hash_table_size (self->removed) < MAX_ROOMS)
    g_hash_table_insert (self->removed, g_strdup (id), g_memdup2 (&now, sizeof now));
  return g_hash_table_remove (self->rooms, id);
}

guint
cv_unwritten_count (CvUnwritten *self)
{
  sweep (self);
  return g_hash_table_size (self->rooms);
}
