/* See ballots.h. */
#include "room/ballots.h"

typedef struct {
  char *name;
  guint choices;
} Ballot;

struct _CvBallots {
  GHashTable *polls; /* id → GHashTable of voter → Ballot, all owned */
};

static void
ballot_free (gpointer data)
{
  Ballot *self = data;
  g_free (self->name);
  g_free (self);
}

CvBallots *
cv_ballots_new (void)
{
  CvBallots *self = g_new0 (CvBallots, 1);
  self->polls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_hash_table_unref);
  return self;
}

void
cv_ballots_free (CvBallots *self)
{
  g_hash_table_unref (self->polls);
  g_free (self);
}

gboolean
cv_ballots_vote (CvBallots *self, const char *poll, const char *voter, const char *name, guint choices)
{
  GHashTable *ballots = g_hash_table_lookup (self->polls, poll);
  if (ballots == NULL) {
    ballots = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, ballot_free);
    g_hash_table_insert (self->polls, g_strdup (poll), ballots);
  }
  if (choices == 0) {
    g_hash_table_remove (ballots, voter);
    return TRUE;
  }
  if (!g_hash_table_contains (ballots, voter) && g_hash_table_size (ballots) >= CV_BALLOTS_MAX_VOTERS)
    return FALSE;
  Ballot *ballot = g_new (Ballot, 1);
  *ballot = (Ballot){ g_strdup (name), choices };
  g_hash_table_insert (ballots, g_strdup (voter), ballot);
  return TRUE;
}

guint
cv_ballots_get (CvBallots *self, const char *poll, const char *voter)
{
  GHashTable *ballots = g_hash_table_lookup (self->polls, poll);
  const Ballot *ballot = ballots != NULL ? g_hash_table_lookup (ballots, voter) : NULL;
  return ballot != NULL ? ballot->choices : 0;
}

guint
cv_ballots_count (CvBallots *self, const char *poll, guint *counts, guint n)
{
  GHashTable *ballots = g_hash_table_lookup (self->polls, poll);
  GHashTableIter iter;
  gpointer ballot = NULL;
  for (guint i = 0; i < n; i++)
    counts[i] = 0;
  if (ballots == NULL)
    return 0;
  g_hash_table_iter_init (&iter, ballots);
  while (g_hash_table_iter_next (&iter, NULL, &ballot))
    for (guint i = 0; i < n; i++)
      counts[i] += (((Ballot *) ballot)->choices >> i) & 1;
  return g_hash_table_size (ballots);
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  return g_utf8_collate (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
cv_ballots_list_names (CvBallots *self, const char *poll)
{
  GHashTable *ballots = g_hash_table_lookup (self->polls, poll);
  GPtrArray *names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer ballot = NULL;
  if (ballots == NULL)
    return names;
  g_hash_table_iter_init (&iter, ballots);
  while (g_hash_table_iter_next (&iter, NULL, &ballot))
    g_ptr_array_add (names, ((Ballot *) ballot)->name);
  g_ptr_array_sort (names, compare);
  return names;
}

GPtrArray *
cv_ballots_list (CvBallots *self)
{
  GPtrArray *polls = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer poll = NULL;
  g_hash_table_iter_init (&iter, self->polls);
  while (g_hash_table_iter_next (&iter, &poll, NULL))
    g_ptr_array_add (polls, poll);
  return polls;
}
