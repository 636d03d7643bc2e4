/* The days of a plan: each rule, its ends, cancelled days, changes of clocks, and from anywhere on the same as from the first. */
#include "schedule/occurrences.h"

#include "lib/plans.h"

#include <string.h>

#define DAY G_GINT64_CONSTANT (86400000)

/* Its first days from the beginning. */
static void
assert_days (const char *start, const char *repeat, const char *expected)
{
  g_autofree char *json =
    g_strdup_printf ("{\"start\":\"%sT09:00\",\"zone\":\"Europe/Zurich\",\"minutes\":30,\"repeat\":%s}", start, repeat);
  g_autoptr (CvPlan) plan = cv_test_plans_new (json);
  g_autofree char *days = cv_test_plans_dump (plan, 0, 5);

  g_assert_cmpstr (days, ==, expected);
}

static void
test_rules (void)
{
  assert_days ("2026-11-26", "null", "2026-11-26 ");
  assert_days ("2026-11-26", "{\"every\":\"day\",\"interval\":3}",
               "2026-11-26 2026-11-29 2026-12-02 2026-12-05 2026-12-08 ");
  assert_days ("2026-11-26", "{\"every\":\"week\",\"interval\":1}",
               "2026-11-26 2026-12-03 2026-12-10 2026-12-17 2026-12-24 ");
  assert_days ("2026-11-26", "{\"every\":\"week\",\"interval\":1,\"days\":[\"mo\",\"th\",\"su\"]}",
               "2026-11-26 2026-11-29 2026-11-30 2026-12-03 2026-12-06 ");
  /* weeks begin on Monday */
  assert_days ("2026-11-26", "{\"every\":\"week\",\"interval\":2,\"days\":[\"mo\",\"th\",\"su\"]}",
               "2026-11-26 2026-11-29 2026-12-07 2026-12-10 2026-12-13 ");
  assert_days ("2026-11-30", "{\"every\":\"month\",\"interval\":1}",
               "2026-11-30 2026-12-30 2027-01-30 2027-02-28 2027-03-30 ");
  assert_days ("2026-10-31", "{\"every\":\"month\",\"interval\":1}",
               "2026-10-31 2026-11-30 2026-12-31 2027-01-31 2027-02-28 ");
  assert_days ("2028-01-29", "{\"every\":\"month\",\"interval\":1}",
               "2028-01-29 2028-02-29 2028-03-29 2028-04-29 2028-05-29 ");
  assert_days ("2026-08-31", "{\"every\":\"month\",\"interval\":6}",
               "2026-08-31 2027-02-28 2027-08-31 2028-02-29 2028-08-31 ");
}

static void
test_ends (void)
{
  assert_days ("2026-11-26", "{\"every\":\"day\",\"interval\":3,\"count\":2}", "2026-11-26 2026-11-29 ");
  assert_days ("2026-11-26", "{\"every\":\"day\",\"interval\":3,\"until\":\"2026-12-02\"}",
               "2026-11-26 2026-11-29 2026-12-02 ");
  assert_days ("2026-11-26", "{\"every\":\"day\",\"interval\":3,\"until\":\"2026-12-01\"}", "2026-11-26 2026-11-29 ");
  assert_days ("2026-11-26", "{\"every\":\"week\",\"interval\":1,\"days\":[\"we\",\"th\"],\"count\":3}",
               "2026-11-26 2026-12-02 2026-12-03 ");
  assert_days ("2026-11-26", "{\"every\":\"month\",\"interval\":1,\"count\":1}", "2026-11-26 ");
  assert_days ("2099-12-29", "{\"every\":\"day\",\"interval\":1}", "2099-12-29 2099-12-30 2099-12-31 ");
  assert_days ("2099-12-29", "{\"every\":\"month\",\"interval\":12}", "2099-12-29 ");
}

/* They count all the same. */
static void
test_cancelled (void)
{
  g_autoptr (CvEventRow) row =
    cv_test_plans_read ("{\"start\":\"2026-11-26T09:00\",\"zone\":\"UTC\",\"minutes\":30,\"repeat\":"
                        "{\"every\":\"day\",\"interval\":1,\"count\":4}}",
                        NULL);
  g_free (row->cancelled);
  row->cancelled = g_strdup ("[\"2026-11-26\",\"2026-11-28\"]");
  g_autoptr (CvPlan) plan = cv_plan_new (row, NULL);
  g_autofree char *days = cv_test_plans_dump (plan, 0, 5);
  g_assert_cmpstr (days, ==, "2026-11-27 2026-11-29 ");
}

static void
assert_starts (const char *start, const char *zone, guint minutes, const char *expected)
{
  g_autofree char *json =
    g_strdup_printf ("{\"start\":\"%s\",\"zone\":\"%s\",\"minutes\":%u,\"repeat\":{\"every\":\"day\",\"interval\":1}}",
                     start, zone, minutes);
  g_autoptr (CvPlan) plan = cv_test_plans_new (json);
  g_autoptr (GString) text = g_string_new (NULL);
  CvOccurrences occurrences;
  CvOccurrence one;

  cv_occurrences_init (&occurrences, plan, 0);
  for (guint i = 0; i < 3 && cv_occurrences_next (&occurrences, &one); i++) {
    g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (one.start / 1000);
    g_autofree char *at = g_date_time_format (time, "%dT%H:%M ");

    g_assert_cmpint (one.end - one.start, ==, minutes * G_GINT64_CONSTANT (60000));
    g_string_append (text, at);
  }
  g_assert_cmpstr (text->str, ==, expected);
}

/* The wall's time stays; the world's does not. */
static void
test_clocks (void)
{
  assert_starts ("2026-03-28T09:00", "Europe/Zurich", 60, "28T08:00 29T07:00 30T07:00 ");
  assert_starts ("2026-03-28T02:30", "Europe/Zurich", 60, "28T01:30 29T01:30 30T00:30 ");
  assert_starts ("2026-10-24T02:30", "Europe/Zurich", 60, "24T00:30 25T00:30 26T01:30 ");
  assert_starts ("2026-10-31T20:00", "America/New_York", 60, "01T00:00 02T01:00 03T01:00 ");
  /* midnight is not there on one of these days */
  assert_starts ("2026-03-07T00:00", "America/Havana", 60, "07T05:00 08T05:00 09T04:00 ");
}

/* What goes on is in it, what is over is not; and it makes no difference where one begins to look. */
static void
test_from (void)
{
  static const char *const RULES[] = {
    "null",
    "{\"every\":\"day\",\"interval\":1}",
    "{\"every\":\"day\",\"interval\":11,\"count\":77}",
    "{\"every\":\"week\",\"interval\":1}",
    "{\"every\":\"week\",\"interval\":3,\"days\":[\"tu\",\"we\",\"sa\",\"su\"]}",
    "{\"every\":\"week\",\"interval\":12,\"days\":[\"su\"],\"until\":\"2036-01-01\"}",
    "{\"every\":\"month\",\"interval\":1}",
    "{\"every\":\"month\",\"interval\":7}",
  };
  for (gsize r = 0; r < G_N_ELEMENTS (RULES); r++) {
    g_autofree char *json = g_strdup_printf (
      "{\"start\":\"2026-01-31T23:30\",\"zone\":\"Pacific/Kiritimati\",\"minutes\":1440,\"repeat\":%s}", RULES[r]);
    g_autoptr (CvPlan) plan = cv_test_plans_new (json);
    CvOccurrences all;
    CvOccurrence one;

    cv_occurrences_init (&all, plan, 0);
    for (guint i = 0; i < 600 && cv_occurrences_next (&all, &one); i++) {
      CvOccurrences some;
      CvOccurrence first;

      cv_occurrences_init (&some, plan, one.end - 1);
      g_assert_true (cv_occurrences_next (&some, &first));
      g_assert_cmpint (first.start, ==, one.start);
      g_assert_cmpint (first.day, ==, one.day);
      cv_occurrences_init (&some, plan, one.end);
      g_assert_true (!cv_occurrences_next (&some, &first) || first.start > one.start);
      g_assert_true (cv_occurrences_has (plan, one.day));
    }
  }
}

/* Whatever is asked for, it is answered at once. */
static void
test_far (void)
{
  static const gint64 FROM[] = { G_MININT64, -1, 0, 40000 * DAY, 47482 * DAY, 1000000 * DAY, G_MAXINT64 };
  static const char *const RULES[] = { "{\"every\":\"day\",\"interval\":1}",
                                       "{\"every\":\"week\",\"interval\":1,\"days\":[\"mo\",\"su\"]}",
                                       "{\"every\":\"month\",\"interval\":1}" };

  for (gsize r = 0; r < G_N_ELEMENTS (RULES); r++) {
    g_autofree char *json =
      g_strdup_printf ("{\"start\":\"2000-01-03T00:00\",\"zone\":\"UTC\",\"minutes\":1,\"repeat\":%s}", RULES[r]);
    g_autoptr (CvPlan) plan = cv_test_plans_new (json);

    for (gsize i = 0; i < G_N_ELEMENTS (FROM); i++) {
      CvOccurrences occurrences;
      CvOccurrence one;

      cv_occurrences_init (&occurrences, plan, FROM[i]);
      g_assert_cmpint (cv_occurrences_next (&occurrences, &one), ==, FROM[i] < 47482 * DAY);
      if (FROM[i] == 40000 * DAY)
        g_assert_cmpint (occurrences.n, >, 900);
    }
    g_assert_false (cv_occurrences_has (plan, G_MAXINT));
    g_assert_false (cv_occurrences_has (plan, 0));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/occurrences/rules", test_rules);
  g_test_add_func ("/occurrences/ends", test_ends);
  g_test_add_func ("/occurrences/cancelled", test_cancelled);
  g_test_add_func ("/occurrences/clocks", test_clocks);
  g_test_add_func ("/occurrences/from", test_from);
  g_test_add_func ("/occurrences/far", test_far);
  return g_test_run ();
}
