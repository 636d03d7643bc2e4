/* Pauses are cut out; sets of periods. */
#include "render/spans.h"

static void
test_compose (void)
{
  g_autoptr (CvSpans) spans = cv_spans_new ();
  g_assert_cmpint (cv_spans_compose (spans, 5), ==, 0);
  cv_spans_add (spans, 10, 20);
  cv_spans_add (spans, 15, 18); /* nothing is left of it */
  cv_spans_add (spans, 15, 40); /* overlaps */
  cv_spans_add (spans, 100, 110);
  g_assert_cmpint (cv_spans_get_duration (spans), ==, 40);
  g_assert_cmpint (cv_spans_compose (spans, 0), ==, 0);
  g_assert_cmpint (cv_spans_compose (spans, 12), ==, 2);
  g_assert_cmpint (cv_spans_compose (spans, 25), ==, 15);
  g_assert_cmpint (cv_spans_compose (spans, 60), ==, 30);
  g_assert_cmpint (cv_spans_compose (spans, 105), ==, 35);
  g_assert_cmpint (cv_spans_compose (spans, 1000), ==, 40);
  g_assert_cmpint (cv_spans_find (spans, 50)->from, ==, 100);
  g_assert_null (cv_spans_find (spans, 110));
}

static void
test_periods (void)
{
  g_autoptr (GArray) periods = g_array_new (FALSE, FALSE, sizeof (CvPeriod));
  cv_periods_add (periods, 10, 20);
  cv_periods_add (periods, 20, 30);
  cv_periods_add (periods, 40, 40);
  cv_periods_add (periods, 50, 60);
  g_assert_cmpuint (periods->len, ==, 2);
  g_assert_false (cv_periods_contain (periods, 9));
  g_assert_true (cv_periods_contain (periods, 10));
  g_assert_true (cv_periods_contain (periods, 29));
  g_assert_false (cv_periods_contain (periods, 30));
  g_assert_cmpint (cv_periods_next (periods, 0), ==, 10);
  g_assert_cmpint (cv_periods_next (periods, 10), ==, 30);
  g_assert_cmpint (cv_periods_next (periods, 30), ==, 50);
  g_assert_cmpint (cv_periods_next (periods, 60), ==, G_MAXINT64);
  cv_periods_crop (periods, 25, 30);
  g_assert_cmpuint (periods->len, ==, 2);
  g_assert_cmpint (g_array_index (periods, CvPeriod, 0).from, ==, 0);
  g_assert_cmpint (g_array_index (periods, CvPeriod, 0).to, ==, 5);
  g_assert_cmpint (g_array_index (periods, CvPeriod, 1).to, ==, 30);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/spans/compose", test_compose);
  g_test_add_func ("/spans/periods", test_periods);
  return g_test_run ();
}
