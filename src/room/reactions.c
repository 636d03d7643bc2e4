/* See reactions.h. */
#include "room/reactions.h"

const char *const cv_reaction_names[] = { "up", "clap", "heart", "laugh", "surprise", "party", NULL };

static void
reacted_clear (gpointer data)
{
  g_free (((CvReacted *) data)->person);
}

CvReactions *
cv_reactions_new (void)
{
  CvReactions *self = g_new0 (CvReactions, 1);
  self->named = g_array_new (FALSE, FALSE, sizeof (CvReacted));
  g_array_set_clear_func (self->named, reacted_clear);
  return self;
}

void
cv_reactions_free (CvReactions *self)
{
  g_array_unref (self->named);
  g_free (self);
}

static guint
count_named (CvReactions *self, gboolean staged)
{
  guint n = 0;
  for (guint i = 0; i < self->named->len; i++)
    n += g_array_index (self->named, CvReacted, i).staged == staged;
  return n;
}

void
cv_reactions_add (CvReactions *self, const char *person, gboolean staged, CvReaction what)
{
  self->counts[what]++;
  if (count_named (self, staged) >= CV_REACTIONS_MAX_NAMED)
    return;
  CvReacted reacted = { g_strdup (person), what, staged };
  g_array_append_val (self->named, reacted);
}
