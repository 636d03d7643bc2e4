/* Plans: read from requests and from what is kept, changed in part, and days of them cancelled. */
#include "schedule/plan.h"

#include "lib/plans.h"

#include <string.h>

#define ONCE "{\"start\":\"2026-11-26T09:00\",\"zone\":\"Europe/Zurich\",\"minutes\":30}"
#define START "{\"start\":\"2026-11-26T09:00\",\"zone\":\"Europe/Zurich\",\"minutes\":30,"

static void
test_read (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvEventRow) row = cv_test_plans_read (
    START "\"title\":\"Zoë\",\"repeat\":{\"every\":\"week\",\"interval\":1,\"days\":[\"th\"]}}", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (row->title, ==, "Zoë");
  g_assert_cmpstr (row->start, ==, "2026-11-26T09:00");
  g_assert_cmpstr (row->repeat, ==, "{\"every\":\"week\",\"interval\":1,\"days\":[\"th\"]}");
  g_assert_cmpstr (row->cancelled, ==, "[]");
  g_autoptr (CvPlan) plan = cv_plan_new (row, &error);
  g_assert_no_error (error);
  g_assert_cmpint (plan->minutes, ==, 30);
  g_assert_true (plan->repeats);
}

/* The first one is a day of the rule. */
static void
test_moved (void)
{
  g_autoptr (CvEventRow) row =
    cv_test_plans_read (START "\"repeat\":{\"every\":\"week\",\"interval\":2,\"days\":[\"mo\",\"fr\"]}}", NULL);
  g_assert_cmpstr (row->start, ==, "2026-11-27T09:00");
  g_autoptr (CvEventRow) later =
    cv_test_plans_read (START "\"repeat\":{\"every\":\"week\",\"interval\":2,\"days\":[\"mo\"]}}", NULL);
  g_assert_cmpstr (later->start, ==, "2026-12-07T09:00");
}

static void
test_bad (void)
{
  static const char *const BAD[] = {
    "{}",
    "{\"zone\":\"Europe/Zurich\",\"minutes\":30}",
    "{\"start\":\"2026-11-26T09:00\",\"minutes\":30}",
    "{\"start\":\"2026-11-26T09:00\",\"zone\":\"Europe/Zurich\"}",
    "{\"start\":\"2026-11-26\",\"zone\":\"Europe/Zurich\",\"minutes\":30}",
    "{\"start\":1,\"zone\":\"Europe/Zurich\",\"minutes\":30}",
    "{\"start\":\"2026-11-26T09:00\",\"zone\":\"../../etc/passwd\",\"minutes\":30}",
    "{\"start\":\"2026-11-26T09:00\",\"zone\":\"Mars/Olympus\",\"minutes\":30}",
    "{\"start\":\"2026-11-26T09:00\",\"zone\":\"\",\"minutes\":30}",
    "{\"start\":\"2026-11-26T09:00\",\"zone\":\"UTC\",\"minutes\":0}",
    "{\"start\":\"2026-11-26T09:00\",\"zone\":\"UTC\",\"minutes\":1441}",
    START "\"title\":\"\"}",
    START "\"title\":\"  \"}",
    START "\"title\":\"a\\nb\"}",
    START "\"title\":\"a\\u202eb\"}",
    START "\"title\":null}",
    START "\"repeat\":false}",
    START "\"repeat\":\"RRULE:FREQ=SECONDLY\"}",
    START "\"repeat\":{\"every\":\"second\",\"interval\":1}}",
    START "\"repeat\":{\"every\":\"day\",\"interval\":1,\"until\":\"2026-11-25\"}}",
    START "\"cancelled\":[]}",
    START "\"sequence\":7}",
    "{\"start\":\"2099-12-31T09:00\",\"zone\":\"UTC\",\"minutes\":30,\"repeat\":{\"every\":\"week\",\"interval\":12,"
    "\"days\":[\"mo\"]}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (BAD); i++) {
    g_autoptr (GError) error = NULL;

    if (cv_test_plans_read (BAD[i], &error) != NULL)
      g_error ("accepted: %s", BAD[i]);
    g_assert_true (error->domain == CV_JSON_ERROR);
  }
  g_autofree char *title = g_strnfill (121, 'x');
  g_autofree char *too_long = g_strdup_printf (START "\"title\":\"%s\"}", title);
  g_assert_null (cv_test_plans_read (too_long, NULL));
}

static gboolean
change (CvEventRow *row, const char *json)
{
  g_autoptr (JsonObject) object = cv_json_parse (json, strlen (json), NULL);

  return cv_plan_read (row, object, NULL);
}

static gboolean
cancel (CvEventRow *row, const char *day, GError **error)
{
  int number = 0;

  g_assert_true (cv_wall_parse_day (day, &number));
  return cv_plan_cancel (row, number, error);
}

static void
test_change (void)
{
  g_autoptr (CvEventRow) row = cv_test_plans_read (ONCE, NULL);

  g_assert_true (change (row, "{}"));
  g_assert_true (change (row, "{\"title\":\" New  \"}"));
  g_assert_cmpstr (row->start, ==, "2026-11-26T09:00");
  g_assert_true (change (row, "{\"repeat\":{\"every\":\"day\",\"interval\":2}}"));
  g_assert_cmpstr (row->title, ==, "New");
  g_assert_nonnull (row->repeat);
  g_assert_true (cancel (row, "2026-11-28", NULL) && cancel (row, "2026-11-30", NULL));
  g_assert_cmpstr (row->cancelled, ==, "[\"2026-11-28\",\"2026-11-30\"]");
  /* days that are in it no longer are forgotten */
  g_assert_true (change (row, "{\"start\":\"2026-11-30T10:00\"}"));
  g_assert_cmpstr (row->cancelled, ==, "[\"2026-11-30\"]");
  g_assert_true (change (row, "{\"repeat\":null}"));
  g_assert_null (row->repeat);
  g_assert_false (change (row, "{\"minutes\":0}"));
}

static void
test_cancel (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvEventRow) row =
    cv_test_plans_read (START "\"repeat\":{\"every\":\"day\",\"interval\":1,\"count\":900}}", NULL);

  g_assert_false (cancel (row, "2026-11-25", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_clear_error (&error);
  /* later ones first, and one of them twice */
  g_assert_true (cancel (row, "2026-12-24", NULL) && cancel (row, "2026-11-26", NULL) &&
                 cancel (row, "2026-12-24", NULL));
  g_assert_cmpstr (row->cancelled, ==, "[\"2026-11-26\",\"2026-12-24\"]");
  g_autoptr (CvPlan) plan = cv_plan_new (row, NULL);
  g_assert_true (cv_plan_is_cancelled (plan, plan->start.day));
  g_assert_false (cv_plan_is_cancelled (plan, plan->start.day + 1));

  for (int i = 0; i < 500; i++)
    if (!cv_plan_is_cancelled (plan, plan->start.day + i) && i != 499)
      g_assert_true (cv_plan_cancel (row, plan->start.day + i, NULL));
  g_assert_true (cv_plan_cancel (row, plan->start.day + 499, NULL));
  g_assert_false (cv_plan_cancel (row, plan->start.day + 600, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT);
  g_assert_true (cv_plan_cancel (row, plan->start.day + 499, NULL));
}

/* What is kept may be older than this build, or have been written by hand. */
static void
test_kept (void)
{
  static const char *const BAD[] = { "x", "{}", "" };
  g_autoptr (CvEventRow) row = cv_test_plans_read (ONCE, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (BAD); i++) {
    g_autoptr (GError) error = NULL;

    g_free (row->cancelled);
    row->cancelled = g_strdup (BAD[i]);
    g_assert_null (cv_plan_new (row, &error));
    g_assert_nonnull (error);
  }
  g_free (row->cancelled);
  row->cancelled = g_strdup ("[1,null,\"x\",\"2026-11-26\",\"2026-11-26\"]");
  g_autoptr (CvPlan) plan = cv_plan_new (row, NULL);
  g_assert_cmpuint (plan->cancelled->len, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plan/read", test_read);
  g_test_add_func ("/plan/moved", test_moved);
  g_test_add_func ("/plan/bad", test_bad);
  g_test_add_func ("/plan/change", test_change);
  g_test_add_func ("/plan/cancel", test_cancel);
  g_test_add_func ("/plan/kept", test_kept);
  return g_test_run ();
}
