/* See elsewhere.h. */
#include "signalling/elsewhere.h"

#include <string.h>

struct _CvElsewhere {
  CvOidcProvider *provider;
  char *label;
  gboolean makes_accounts;
  CvClock *clock;
  GHashTable *all; /* CvSecretHash (in the journey) → CvJourney, borrowed */
  GQueue queue;    /* of CvJourney, owned, oldest first */
};

void
cv_journey_free (CvJourney *self)
{
  g_free (self->state);
  g_free (self->nonce);
  g_free (self->verifier);
  g_free (self);
}

CvElsewhere *
cv_elsewhere_new (const CvElsewhereOptions *options, CvClock *clock)
{
  CvElsewhere *self = g_new0 (CvElsewhere, 1);
  self->provider = cv_oidc_provider_new (&options->provider, clock);
  self->label = g_strdup (options->label);
  self->makes_accounts = options->makes_accounts;
  self->clock = g_object_ref (clock);
  self->all = g_hash_table_new (cv_secret_hash_hash, cv_secret_hash_equal);
  g_queue_init (&self->queue);
  return self;
}

void
cv_elsewhere_free (CvElsewhere *self)
{
  cv_oidc_provider_stop (self->provider);
  g_object_unref (self->provider);
  g_hash_table_unref (self->all);
  g_queue_clear_full (&self->queue, (GDestroyNotify) cv_journey_free);
  g_object_unref (self->clock);
  g_free (self->label);
  g_free (self);
}

const char *
cv_elsewhere_get_label (CvElsewhere *self)
{
  return self->label;
}

gboolean
cv_elsewhere_makes_accounts (CvElsewhere *self)
{
  return self->makes_accounts;
}

CvOidcProvider *
cv_elsewhere_get_provider (CvElsewhere *self)
{
  return self->provider;
}

/* Random, and more than anybody could guess. Returns: (transfer full). */
static char *
draw (void)
{
  CvSecretHash hash;
  return cv_secret_draw (&hash);
}

static void
drop_old (CvElsewhere *self)
{
  gint64 now = cv_clock_now (self->clock);
  for (CvJourney *oldest = g_queue_peek_head (&self->queue);
       oldest != NULL && (oldest->expires <= now || self->queue.length >= CV_ELSEWHERE_MAX);
       oldest = g_queue_peek_head (&self->queue)) {
    g_hash_table_remove (self->all, &oldest->hash);
    cv_journey_free (g_queue_pop_head (&self->queue));
  }
}

char *
cv_elsewhere_leave (CvElsewhere *self, const CvJourney **journey)
{
  CvJourney *mine = g_new0 (CvJourney, 1);
  drop_old (self);
  char *cookie = cv_secret_draw (&mine->hash);
  mine->state = draw ();
  mine->nonce = draw ();
  mine->verifier = draw ();
  mine->expires = cv_clock_now (self->clock) + CV_ELSEWHERE_SECONDS * G_GINT64_CONSTANT (1000000);
  g_hash_table_insert (self->all, &mine->hash, mine);
  g_queue_push_tail (&self->queue, mine);
  *journey = mine;
  return cookie;
}

CvJourney *
cv_elsewhere_return (CvElsewhere *self, const guint8 cookie[CV_SECRET_BYTES], const char *state)
{
  CvSecretHash hash = cv_secret_get_hash (cookie);
  CvJourney *journey = g_hash_table_lookup (self->all, &hash);
  if (journey == NULL || journey->expires <= cv_clock_now (self->clock) || strlen (state) != strlen (journey->state) ||
      !cv_bytes_equal ((const guint8 *) state, (const guint8 *) journey->state, strlen (state)))
    return NULL;
  g_hash_table_remove (self->all, &hash);
  g_queue_remove (&self->queue, journey);
  return journey;
}
