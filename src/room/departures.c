/* See departures.h. */
#include "room/departures.h"

typedef struct {
  CvIdentity identity;
  GPtrArray *seats;
} Departure;

struct _CvDepartures {
  GQueue left; /* of Departure, the latest first */
};

static void
departure_free (gpointer data)
{
  Departure *self = data;
  cv_identity_clear (&self->identity);
  g_ptr_array_unref (self->seats);
  g_free (self);
}

CvDepartures *
cv_departures_new (void)
{
  CvDepartures *self = g_new0 (CvDepartures, 1);
  g_queue_init (&self->left);
  return self;
}

void
cv_departures_free (CvDepartures *self)
{
  g_queue_clear_full (&self->left, departure_free);
  g_free (self);
}

GPtrArray *
cv_departures_chain (const GPtrArray *formerly, const char *id)
{
  GPtrArray *seats = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; formerly != NULL && i < formerly->len; i++)
    g_ptr_array_add (seats, g_strdup (g_ptr_array_index (formerly, i)));
  if (seats->len >= CV_DEPARTURES_MAX_SEATS)
    g_ptr_array_remove_index (seats, 1);
  g_ptr_array_add (seats, g_strdup (id));
  return seats;
}

static gboolean
is_same (const char *one, const char *other)
{
  return one != NULL && g_strcmp0 (one, other) == 0;
}

void
cv_departures_add (CvDepartures *self, const CvIdentity *identity, const GPtrArray *formerly, const char *id)
{
  if (identity->visitor == NULL && identity->account == NULL && identity->subject == NULL)
    return;
  Departure *departure = g_new0 (Departure, 1);
  departure->identity = cv_identity_copy (identity);
  departure->seats = cv_departures_chain (formerly, id);
  g_queue_push_head (&self->left, departure);
  if (self->left.length > CV_DEPARTURES_MAX)
    departure_free (g_queue_pop_tail (&self->left));
}

GPtrArray *
cv_departures_take (CvDepartures *self, const CvIdentity *identity)
{
  for (GList *item = self->left.head; item != NULL; item = item->next) {
    Departure *departure = item->data;
    const CvIdentity *other = &departure->identity;
    if (!is_same (identity->visitor, other->visitor) && !is_same (identity->account, other->account) &&
        !is_same (identity->subject, other->subject))
      continue;
    GPtrArray *seats = g_ptr_array_ref (departure->seats);
    g_queue_delete_link (&self->left, item);
    departure_free (departure);
    return seats;
  }
  return NULL;
}
