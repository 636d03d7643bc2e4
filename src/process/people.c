/* Whom a media process may speak of: see people.h. */
#include "process/people.h"

/* records in all: nobody who keeps to a meeting's size meets it */
#define MAX_PEOPLE 4096

typedef struct {
  guint asked;    /* joins that have no answer yet */
  gboolean taken; /* an answer was a yes, once at least */
  GArray *view;   /* of CvMediaTile with text of its own; NULL: none */
} Person;

struct _CvPeople {
  GHashTable *people; /* id → Person */
  GHashTable *gone;   /* set of the ids in the queue, which owns them */
  GQueue order;       /* of ids, who left first at the head */
};

/* Has joined this process, or is about to: it may speak of them, and must hear when they leave. */
static gboolean
is_here (const Person *person)
{
  return person != NULL && (person->taken || person->asked > 0);
}

static void
clear_tile (gpointer data)
{
  g_free ((char *) ((CvMediaTile *) data)->person);
}

static void
person_free (gpointer data)
{
  Person *person = data;

  g_clear_pointer (&person->view, g_array_unref);
  g_free (person);
}

CvPeople *
cv_people_new (void)
{
  CvPeople *self = g_new0 (CvPeople, 1);

  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, person_free);
  self->gone = g_hash_table_new (g_str_hash, g_str_equal);
  g_queue_init (&self->order);
  return self;
}

void
cv_people_free (CvPeople *self)
{
  g_hash_table_unref (self->people);
  g_hash_table_unref (self->gone);
  g_queue_clear_full (&self->order, g_free);
  g_free (self);
}

/* NULL where there are too many. */
static Person *
get (CvPeople *self, const char *id)
{
  Person *person = g_hash_table_lookup (self->people, id);

  if (person != NULL || g_hash_table_size (self->people) >= MAX_PEOPLE)
    return person;
  person = g_new0 (Person, 1);
  g_hash_table_insert (self->people, g_strdup (id), person);
  return person;
}

void
cv_people_join (CvPeople *self, const char *id)
{
  Person *person = get (self, id);

  if (person != NULL)
    person->asked++;
}

/* News of this person may still be on the way. */
static void
remember (CvPeople *self, const char *id)
{
  char *copy;

  if (g_hash_table_contains (self->gone, id))
    return;
  copy = g_strdup (id);
  g_hash_table_add (self->gone, copy);
  g_queue_push_tail (&self->order, copy);
  if (self->order.length > CV_PEOPLE_MAX_GONE) {
    g_autofree char *first = g_queue_pop_head (&self->order);

    g_hash_table_remove (self->gone, first);
  }
}

void
cv_people_note_answer (CvPeople *self, const char *id, gboolean taken)
{
  Person *person = g_hash_table_lookup (self->people, id);

  if (person == NULL)
    return;
  if (person->asked > 0)
    person->asked--;
  person->taken = person->taken || taken;
  if (!is_here (person))
    remember (self, id);
}

void
cv_people_leave (CvPeople *self, const char *id)
{
  Person *person = g_hash_table_lookup (self->people, id);

  if (is_here (person))
    remember (self, id);
  g_hash_table_remove (self->people, id);
}

void
cv_people_forget (CvPeople *self)
{
  GHashTableIter iter;
  Person *person;

  g_hash_table_iter_init (&iter, self->people);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &person))
    *person = (Person){ .view = person->view };
  g_hash_table_remove_all (self->gone);
  g_queue_clear_full (&self->order, g_free);
}

CvAcquaintance
cv_people_know (CvPeople *self, const char *id)
{
  if (is_here (g_hash_table_lookup (self->people, id)))
    return CV_ACQUAINTANCE_HERE;
  return g_hash_table_contains (self->gone, id) ? CV_ACQUAINTANCE_GONE : CV_ACQUAINTANCE_STRANGER;
}

gboolean
cv_people_set_view (CvPeople *self, const char *id, const CvMediaTile *tiles, guint n)
{
  Person *person = get (self, id);

  if (person == NULL)
    return FALSE;
  g_clear_pointer (&person->view, g_array_unref);
  person->view = g_array_sized_new (FALSE, TRUE, sizeof (CvMediaTile), n);
  g_array_set_clear_func (person->view, clear_tile);
  for (guint i = 0; i < n; i++) {
    CvMediaTile tile = tiles[i];

    tile.person = g_strdup (tile.person);
    g_array_append_val (person->view, tile);
  }
  return TRUE;
}

GArray *
cv_people_get_view (CvPeople *self, const char *id)
{
  const Person *person = g_hash_table_lookup (self->people, id);

  return person != NULL ? person->view : NULL;
}
