/* Signs, counted and named. */
#include "room/reactions.h"

static void
test_counts (void)
{
  g_autoptr (CvReactions) reactions = cv_reactions_new ();
  cv_reactions_add (reactions, "p1", TRUE, CV_REACTION_UP);
  cv_reactions_add (reactions, "p2", FALSE, CV_REACTION_UP);
  cv_reactions_add (reactions, "p1", TRUE, CV_REACTION_PARTY);
  g_assert_cmpuint (reactions->counts[CV_REACTION_UP], ==, 2);
  g_assert_cmpuint (reactions->counts[CV_REACTION_PARTY], ==, 1);
  g_assert_cmpuint (reactions->counts[CV_REACTION_HEART], ==, 0);
  const CvReacted *last = &g_array_index (reactions->named, CvReacted, 2);
  g_assert_cmpstr (last->person, ==, "p1");
  g_assert_true (last->what == CV_REACTION_PARTY && last->staged);
}

/* Whoever watches does not keep the names of those on stage out, however many they are. */
static void
test_many (void)
{
  g_autoptr (CvReactions) reactions = cv_reactions_new ();
  for (guint i = 0; i < 400; i++)
    cv_reactions_add (reactions, "pviewer", FALSE, CV_REACTION_CLAP);
  for (guint i = 0; i < 20; i++)
    cv_reactions_add (reactions, "pstage", TRUE, CV_REACTION_CLAP);
  g_assert_cmpuint (reactions->counts[CV_REACTION_CLAP], ==, 420);
  g_assert_cmpuint (reactions->named->len, ==, 2 * CV_REACTIONS_MAX_NAMED);
  g_assert_true (g_array_index (reactions->named, CvReacted, CV_REACTIONS_MAX_NAMED).staged);
}

static void
test_names (void)
{
  g_assert_cmpuint (g_strv_length ((char **) cv_reaction_names), ==, CV_N_REACTIONS);
  g_assert_cmpstr (cv_reaction_names[CV_REACTION_SURPRISE], ==, "surprise");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reactions/counts", test_counts);
  g_test_add_func ("/reactions/many", test_many);
  g_test_add_func ("/reactions/names", test_names);
  return g_test_run ();
}
