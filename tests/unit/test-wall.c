/* Wall times: read to the letter, written back, and the calendar's arithmetic. */
#include "schedule/wall.h"

static void
test_times (void)
{
  static const char *const GOOD[] = { "2000-01-01T00:00", "2026-11-26T09:05", "2024-02-29T23:59", "2099-12-31T12:30" };
  static const char *const BAD[] = { "",
                                     "2026-11-26",
                                     "2026-11-26T9:05",
                                     "2026-11-26 09:05",
                                     "2026-11-26T09:05:00",
                                     "2026-11-26T09:05Z",
                                     "2026-11-26T24:00",
                                     "2026-11-26T09:60",
                                     "2025-02-29T09:05",
                                     "2026-13-01T09:05",
                                     "2026-00-01T09:05",
                                     "2026-01-00T09:05",
                                     "1999-12-31T23:59",
                                     "2100-01-01T00:00",
                                     "0000-00-00T00:00",
                                     "+026-11-26T09:05",
                                     "2026-11-26T-9:05",
                                     "２０２６-11-26T09:05" };
  CvWall wall;

  for (gsize i = 0; i < G_N_ELEMENTS (GOOD); i++) {
    g_assert_true (cv_wall_parse (GOOD[i], &wall));
    g_autofree char *text = cv_wall_to_text (&wall);
    g_assert_cmpstr (text, ==, GOOD[i]);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (BAD); i++)
    if (cv_wall_parse (BAD[i], &wall))
      g_error ("accepted: %s", BAD[i]);
}

static void
test_days (void)
{
  int day, year, month, of_month, next;

  g_assert_true (cv_wall_parse_day ("2026-11-26", &day));
  g_assert_cmpint (cv_wall_get_weekday (day), ==, 3);
  g_assert_false (cv_wall_parse_day ("2026-11-26T09:05", &next));
  g_assert_false (cv_wall_parse_day ("2026-1-26", &next));
  g_assert_true (cv_wall_parse_day ("2000-01-01", &day));
  g_assert_cmpint (day, ==, CV_WALL_FIRST_DAY);
  for (; day <= CV_WALL_LAST_DAY; day++) {
    cv_wall_split_day (day, &year, &month, &of_month);
    g_assert_cmpint (cv_wall_join_day (year, month, of_month), ==, day);
  }
  g_assert_true (cv_wall_parse_day ("2099-12-31", &next));
  g_assert_cmpint (next, ==, CV_WALL_LAST_DAY);
}

/* Where a month is shorter, its last day. */
static void
test_ends_of_months (void)
{
  static const struct {
    int year, month, of_month;
    const char *expected;
  } CASES[] = { { 2026, 1, 31, "2026-02-28" },
                { 2028, 1, 30, "2028-02-29" },
                { 2026, 3, 31, "2026-04-30" },
                { 2026, 3, 30, "2026-04-30" },
                { 2026, 11, 31, "2026-12-31" } };

  for (gsize i = 0; i < G_N_ELEMENTS (CASES); i++) {
    int day = cv_wall_join_day (CASES[i].year, CASES[i].month, CASES[i].of_month);
    g_autofree char *text = cv_wall_day_to_text (day);

    g_assert_cmpstr (text, ==, CASES[i].expected);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wall/times", test_times);
  g_test_add_func ("/wall/days", test_days);
  g_test_add_func ("/wall/ends-of-months", test_ends_of_months);
  return g_test_run ();
}
