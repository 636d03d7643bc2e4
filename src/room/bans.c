/* See bans.h. */
#include "room/bans.h"

struct _CvBans {
  GQueue identities; /* of CvIdentity, owned, oldest first */
};

CvIdentity
cv_identity_copy (const CvIdentity *self)
{
  return (CvIdentity){ g_strdup (self->visitor), g_strdup (self->account), g_strdup (self->subject),
                       g_strdup (self->address) };
}

void
cv_identity_clear (CvIdentity *self)
{
  g_clear_pointer (&self->visitor, g_free);
  g_clear_pointer (&self->account, g_free);
  g_clear_pointer (&self->subject, g_free);
  g_clear_pointer (&self->address, g_free);
}

static void
identity_free (gpointer data)
{
  cv_identity_clear (data);
  g_free (data);
}

CvBans *
cv_bans_new (void)
{
  CvBans *self = g_new0 (CvBans, 1);
  g_queue_init (&self->identities);
  return self;
}

void
cv_bans_free (CvBans *self)
{
  g_queue_clear_full (&self->identities, identity_free);
  g_free (self);
}

void
cv_bans_add (CvBans *self, const CvIdentity *identity)
{
  if (self->identities.length >= CV_BANS_MAX)
    identity_free (g_queue_pop_head (&self->identities));
  CvIdentity *copy = g_new (CvIdentity, 1);
  *copy = cv_identity_copy (identity);
  g_queue_push_tail (&self->identities, copy);
}

static gboolean
is_same (const char *a, const char *b)
{
  return a != NULL && b != NULL && g_str_equal (a, b);
}

gboolean
cv_bans_has (CvBans *self, const CvIdentity *identity)
{
  for (GList *item = self->identities.head; item != NULL; item = item->next) {
    const CvIdentity *banned = item->data;
    if (is_same (banned->visitor, identity->visitor) || is_same (banned->account, identity->account) ||
        is_same (banned->subject, identity->subject))
      return TRUE;
  }
  return FALSE;
}

gboolean
cv_bans_has_address (CvBans *self, const CvIdentity *identity)
{
  for (GList *item = self->identities.head; item != NULL; item = item->next)
    if (is_same (((const CvIdentity *) item->data)->address, identity->address))
      return TRUE;
  return FALSE;
}
