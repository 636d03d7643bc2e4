/* Who chose what, and the sums of it. */
#include "room/ballots.h"

static void
test_sums (void)
{
  g_autoptr (CvBallots) ballots = cv_ballots_new ();
  guint counts[3];
  g_assert_cmpuint (cv_ballots_count (ballots, "p", counts, 3), ==, 0);
  g_assert_true (cv_ballots_vote (ballots, "p", "ann", "Ann", 1));
  g_assert_true (cv_ballots_vote (ballots, "p", "bob", "Bob", 6));
  g_assert_true (cv_ballots_vote (ballots, "q", "bob", "Bob", 1));
  g_assert_cmpuint (cv_ballots_count (ballots, "p", counts, 3), ==, 2);
  g_assert_true (counts[0] == 1 && counts[1] == 1 && counts[2] == 1);
  g_assert_true (cv_ballots_vote (ballots, "p", "ann", "Ann", 2));
  g_assert_cmpuint (cv_ballots_count (ballots, "p", counts, 3), ==, 2);
  g_assert_true (counts[0] == 0 && counts[1] == 2 && counts[2] == 1);
  g_assert_cmpuint (cv_ballots_get (ballots, "p", "bob"), ==, 6);
  g_assert_true (cv_ballots_vote (ballots, "p", "bob", "Bob", 0));
  g_assert_cmpuint (cv_ballots_get (ballots, "p", "bob"), ==, 0);
  g_assert_cmpuint (cv_ballots_count (ballots, "p", counts, 3), ==, 1);
  g_autoptr (GPtrArray) polls = cv_ballots_list (ballots);
  g_assert_cmpuint (polls->len, ==, 2);
}

static void
test_names (void)
{
  g_autoptr (CvBallots) ballots = cv_ballots_new ();
  cv_ballots_vote (ballots, "p", "1", "Cid", 1);
  cv_ballots_vote (ballots, "p", "2", "Ann", 1);
  cv_ballots_vote (ballots, "p", "3", "Bob", 1);
  g_autoptr (GPtrArray) names = cv_ballots_list_names (ballots, "p");
  g_assert_cmpuint (names->len, ==, 3);
  g_assert_cmpstr (names->pdata[0], ==, "Ann");
  g_assert_cmpstr (names->pdata[2], ==, "Cid");
  g_autoptr (GPtrArray) none = cv_ballots_list_names (ballots, "q");
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_limit (void)
{
  g_autoptr (CvBallots) ballots = cv_ballots_new ();
  for (guint i = 0; i < CV_BALLOTS_MAX_VOTERS; i++) {
    g_autofree char *voter = g_strdup_printf ("%u", i);
    g_assert_true (cv_ballots_vote (ballots, "p", voter, "Ann", 1));
  }
  g_assert_false (cv_ballots_vote (ballots, "p", "more", "Ann", 1));
  g_assert_true (cv_ballots_vote (ballots, "p", "0", "Ann", 2));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ballots/sums", test_sums);
  g_test_add_func ("/ballots/names", test_names);
  g_test_add_func ("/ballots/limit", test_limit);
  return g_test_run ();
}
