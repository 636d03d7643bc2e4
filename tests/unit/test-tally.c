/* What is counted is there, each under its own label. */
#include "base/tally.h"

static void
test_counts (void)
{
  cv_tally_count (CV_TALLY_BACKUPS);
  cv_tally_count (CV_TALLY_BACKUPS);
  cv_tally_count_as (CV_TALLY_JOINS, 2);
  cv_tally_add (CV_TALLY_RECORDED_BYTES, 0, G_GUINT64_CONSTANT (5000000000));
  g_assert_cmpuint (cv_tally_get (CV_TALLY_BACKUPS, 0), ==, 2);
  g_assert_cmpuint (cv_tally_get (CV_TALLY_BACKUPS_FAILED, 0), ==, 0);
  g_assert_cmpuint (cv_tally_get (CV_TALLY_JOINS, 2), ==, 1);
  g_assert_cmpuint (cv_tally_get (CV_TALLY_JOINS, 1), ==, 0);
  g_assert_cmpuint (cv_tally_get (CV_TALLY_RECORDED_BYTES, 0), ==, G_GUINT64_CONSTANT (5000000000));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tally/counts", test_counts);
  return g_test_run ();
}
