/* See knocks.h. */
#include "room/knocks.h"

#include "base/ids.h"

struct _CvKnocks {
  GObject parent_instance;
  CvClock *clock;
  GHashTable *rooms; /* id → GPtrArray of Entry, all owned; none is empty */
};

typedef struct {
  CvKnock knock; /* the first: others know it by this */
  CvKnocks *knocks;
  guint timer;
} Entry;

enum { CHANGED, EXPIRED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvKnocks, cv_knocks, G_TYPE_OBJECT)

static void
entry_free (gpointer data)
{
  Entry *self = data;
  cv_clock_cancel (self->knocks->clock, &self->timer);
  g_free (self->knock.id);
  g_free (self->knock.room);
  g_free (self->knock.name);
  g_free (self->knock.sealed);
  g_free (self);
}

static void
cv_knocks_finalize (GObject *object)
{
  CvKnocks *self = CV_KNOCKS (object);
  g_hash_table_unref (self->rooms);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (cv_knocks_parent_class)->finalize (object);
}

static void
cv_knocks_class_init (CvKnocksClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = cv_knocks_finalize;
  signals[CHANGED] =
    g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[EXPIRED] =
    g_signal_new ("expired", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
cv_knocks_init (CvKnocks *self)
{
  self->rooms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
}

CvKnocks *
cv_knocks_new (CvClock *clock)
{
  CvKnocks *self = g_object_new (CV_TYPE_KNOCKS, NULL);
  self->clock = g_object_ref (clock);
  return self;
}

static void
on_knock_timeout (gpointer user_data)
{
  Entry *entry = user_data;
  entry->timer = 0;
  g_signal_emit (entry->knocks, signals[EXPIRED], 0, &entry->knock);
}

CvKnock *
cv_knocks_add (CvKnocks *self, const char *room, const char *name, gboolean marked, gboolean phone, gpointer guest)
{
  GPtrArray *entries = g_hash_table_lookup (self->rooms, room);
  if (entries != NULL && entries->len >= CV_KNOCKS_MAX)
    return NULL;
  if (entries == NULL)
    g_hash_table_insert (self->rooms, g_strdup (room), entries = g_ptr_array_new_with_free_func (entry_free));
  Entry *entry = g_new (Entry, 1);
  *entry = (Entry){ .knock = { .id = cv_id_new ("q"),
                               .room = g_strdup (room),
                               .name = g_strdup (name),
                               .since = cv_clock_wall (self->clock),
                               .marked = marked,
                               .phone = phone,
                               .guest = guest },
                    .knocks = self,
                    .timer = cv_clock_after (self->clock, CV_KNOCK_MAX_MS, on_knock_timeout, entry) };
  g_ptr_array_add (entries, entry);
  g_signal_emit (self, signals[CHANGED], 0, room);
  return &entry->knock;
}

void
cv_knocks_introduce (CvKnocks *self, CvKnock *knock, const char *sealed)
{
  g_return_if_fail (knock->sealed == NULL);

  knock->sealed = g_strdup (sealed);
  g_signal_emit (self, signals[CHANGED], 0, knock->room);
}

void
cv_knocks_end (CvKnocks *self, CvKnock *knock)
{
  g_autofree char *room = g_strdup (knock->room);
  GPtrArray *entries = g_hash_table_lookup (self->rooms, room);
  g_return_if_fail (entries != NULL && g_ptr_array_remove (entries, knock));

  if (entries->len == 0)
    g_hash_table_remove (self->rooms, room);
  g_signal_emit (self, signals[CHANGED], 0, room);
}

CvKnock *
cv_knocks_find (CvKnocks *self, const char *room, const char *id)
{
  GPtrArray *entries = g_hash_table_lookup (self->rooms, room);
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    if (g_str_equal (((CvKnock *) entries->pdata[i])->id, id))
      return entries->pdata[i];
  return NULL;
}

GPtrArray *
cv_knocks_list (CvKnocks *self, const char *room)
{
  GPtrArray *entries = g_hash_table_lookup (self->rooms, room);
  GPtrArray *list = g_ptr_array_new ();
  if (entries != NULL)
    g_ptr_array_extend (list, entries, NULL, NULL);
  return list;
}

GPtrArray *
cv_knocks_list_all (CvKnocks *self)
{
  GHashTableIter iter;
  gpointer entries = NULL;
  GPtrArray *list = g_ptr_array_new ();
  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, NULL, &entries))
    g_ptr_array_extend (list, entries, NULL, NULL);
  return list;
}

guint
cv_knocks_count (CvKnocks *self, const char *room)
{
  const GPtrArray *entries = g_hash_table_lookup (self->rooms, room);
  return entries != NULL ? entries->len : 0;
}
