/* Zones: which names there are, and clocks that are put forward and back, also past midnight and past a whole day. */
#include "schedule/zone.h"

#include <string.h>

static void
test_names (void)
{
  static const char *const GOOD[] = {
    "UTC",           "Etc/UTC",   "Europe/Zurich", "America/New_York", "America/Argentina/Buenos_Aires",
    "Asia/Calcutta", "Etc/GMT+5", "Pacific/Apia"
  };
  static const char *const BAD[] = { "",
                                     "Europe",
                                     "Europe/",
                                     "Europe/Zurich/",
                                     "Europe/Zürich",
                                     "Europe/Nowhere",
                                     "europe/zurich",
                                     "/Europe/Zurich",
                                     "/etc/localtime",
                                     "../../../etc/passwd",
                                     "Europe/../UTC",
                                     "Europe/../../../../etc/localtime",
                                     "Europe/./Zurich",
                                     "posixrules",
                                     "posix/UTC",
                                     "right/UTC",
                                     "leapseconds",
                                     "tzdata.zi",
                                     "zone.tab",
                                     "EST5EDT",
                                     "CET",
                                     "+02:00",
                                     "Etc/GMT+5,M3.2.0,M11.1.0",
                                     "Europe/Zurich\n" };
  g_autofree char *longest = g_strnfill (5000, 'x');
  g_autofree char *too_long = g_strconcat ("Europe/", longest, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (GOOD); i++) {
    g_autoptr (GTimeZone) zone = cv_zone_find (GOOD[i]);

    if (zone == NULL)
      g_error ("unknown: %s", GOOD[i]);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (BAD); i++)
    if (cv_zone_find (BAD[i]) != NULL)
      g_error ("accepted: %s", BAD[i]);
  g_assert_null (cv_zone_find (too_long));
}

/* `expected`: the moment in UTC, and what the clock shows then. */
static void
assert_moment (const char *name, const char *start, const char *expected, const char *shown)
{
  g_autoptr (GTimeZone) zone = cv_zone_find (name);
  CvWall wall;

  g_assert_nonnull (zone);
  g_assert_true (cv_wall_parse (start, &wall));
  gint64 ms = cv_zone_to_utc (zone, &wall);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (ms / 1000);
  g_autofree char *text = g_date_time_format (time, "%Y-%m-%dT%H:%MZ");
  CvWall back = cv_zone_from_utc (zone, ms);
  g_autofree char *back_text = cv_wall_to_text (&back);
  if (!g_str_equal (text, expected) || !g_str_equal (back_text, shown))
    g_error ("%s %s: %s, shown as %s", name, start, text, back_text);
}

static void
test_plain (void)
{
  assert_moment ("UTC", "2026-11-26T09:05", "2026-11-26T09:05Z", "2026-11-26T09:05");
  assert_moment ("Europe/Zurich", "2026-01-10T09:00", "2026-01-10T08:00Z", "2026-01-10T09:00");
  assert_moment ("Europe/Zurich", "2026-07-10T09:00", "2026-07-10T07:00Z", "2026-07-10T09:00");
  assert_moment ("America/New_York", "2026-12-31T22:00", "2027-01-01T03:00Z", "2026-12-31T22:00");
  assert_moment ("Asia/Calcutta", "2026-07-10T09:00", "2026-07-10T03:30Z", "2026-07-10T09:00");
  assert_moment ("Pacific/Kiritimati", "2026-07-10T09:00", "2026-07-09T19:00Z", "2026-07-10T09:00");
  assert_moment ("Pacific/Niue", "2026-07-10T23:00", "2026-07-11T10:00Z", "2026-07-10T23:00");
  assert_moment ("Europe/Zurich", "2080-07-10T09:00", "2080-07-10T07:00Z", "2080-07-10T09:00");
}

/* What the clock never shows is as if it had not been put forward yet. */
static void
test_forward (void)
{
  assert_moment ("Europe/Zurich", "2026-03-29T01:59", "2026-03-29T00:59Z", "2026-03-29T01:59");
  assert_moment ("Europe/Zurich", "2026-03-29T02:00", "2026-03-29T01:00Z", "2026-03-29T03:00");
  assert_moment ("Europe/Zurich", "2026-03-29T02:30", "2026-03-29T01:30Z", "2026-03-29T03:30");
  assert_moment ("Europe/Zurich", "2026-03-29T03:00", "2026-03-29T01:00Z", "2026-03-29T03:00");
  assert_moment ("America/New_York", "2026-03-08T02:30", "2026-03-08T07:30Z", "2026-03-08T03:30");
  /* by half an hour */
  assert_moment ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45Z", "2026-10-04T02:45");
  /* midnight itself is not there */
  assert_moment ("America/Havana", "2026-03-08T00:00", "2026-03-08T05:00Z", "2026-03-08T01:00");
  assert_moment ("America/Asuncion", "2023-10-01T00:30", "2023-10-01T04:30Z", "2023-10-01T01:30");
  /* nor is a whole day */
  assert_moment ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T22:00Z", "2011-12-31T12:00");
}

/* Of two moments the first one. */
static void
test_back (void)
{
  assert_moment ("Europe/Zurich", "2026-10-25T01:59", "2026-10-24T23:59Z", "2026-10-25T01:59");
  assert_moment ("Europe/Zurich", "2026-10-25T02:30", "2026-10-25T00:30Z", "2026-10-25T02:30");
  assert_moment ("Europe/Zurich", "2026-10-25T03:00", "2026-10-25T02:00Z", "2026-10-25T03:00");
  assert_moment ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30Z", "2026-11-01T01:30");
  assert_moment ("America/Havana", "2026-11-01T00:30", "2026-11-01T04:30Z", "2026-11-01T00:30");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/zone/names", test_names);
  g_test_add_func ("/zone/plain", test_plain);
  g_test_add_func ("/zone/forward", test_forward);
  g_test_add_func ("/zone/back", test_back);
  return g_test_run ();
}
