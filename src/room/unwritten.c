/* See unwritten.h. */
#include "room/unwritten.h"

#include "base/ids.h"

#include <string.h>

#define MAX_ROOMS 5000

typedef struct {
  CvRoomRow *row;
  gint64 used; /* ms since 1970 */
} Kept;

struct _CvUnwritten {
  CvClock *clock;
  GHashTable *rooms; /* id → Kept, owned; the row owns the id */
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
  return self;
}

void
cv_unwritten_free (CvUnwritten *self)
{
  g_hash_table_unref (self->rooms);
  g_object_unref (self->clock);
  g_free (self);
}

static gboolean
is_over (gpointer key, gpointer value, gpointer user_data)
{
  const Kept *kept = value;
  return kept->used + CV_UNWRITTEN_KEEP_MS <= cv_clock_wall (((CvUnwritten *) user_data)->clock);
}

static void
sweep (CvUnwritten *self)
{
  g_hash_table_foreach_remove (self->rooms, is_over, self);
}

gboolean
cv_unwritten_put (CvUnwritten *self, const CvRoomRow *row)
{
  sweep (self);
  if (g_hash_table_contains (self->rooms, row->id) || g_hash_table_size (self->rooms) >= MAX_ROOMS)
    return FALSE;
  Kept *kept = g_new (Kept, 1);
  *kept = (Kept){ cv_room_row_copy (row), cv_clock_wall (self->clock) };
  g_hash_table_insert (self->rooms, kept->row->id, kept);
  return TRUE;
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
}

gboolean
cv_unwritten_remove (CvUnwritten *self, const char *id)
{
  return g_hash_table_remove (self->rooms, id);
}

guint
cv_unwritten_count (CvUnwritten *self)
{
  sweep (self);
  return g_hash_table_size (self->rooms);
}
