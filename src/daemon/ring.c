/* See ring.h. */
#include "daemon/ring.h"

struct _CvRing {
  char **rows; /* row n is at n % size */
  guint size;
  guint last; /* number of the newest */
};

CvRing *
cv_ring_new (guint rows)
{
  CvRing *self = g_new0 (CvRing, 1);
  g_return_val_if_fail (rows > 0, self);
  self->size = rows;
  self->rows = g_new0 (char *, rows);
  return self;
}

void
cv_ring_free (CvRing *self)
{
  for (guint i = 0; i < self->size; i++)
    g_free (self->rows[i]);
  g_free (self->rows);
  g_free (self);
}

guint
cv_ring_add (CvRing *self, char *row)
{
  char **place = &self->rows[++self->last % self->size];
  g_free (*place);
  *place = row;
  return self->last;
}

guint
cv_ring_get_last (const CvRing *self)
{
  return self->last;
}

guint
cv_ring_write (const CvRing *self, guint after, GString *to)
{
  guint before = self->last - MIN (self->last, self->size), n = 0;
  for (guint i = MAX (after, before); i < self->last; n++) {
    i++;
    if (n > 0)
      g_string_append_c (to, ',');
    g_string_append (to, self->rows[i % self->size]);
  }
  return n;
}
