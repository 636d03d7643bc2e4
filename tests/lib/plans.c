/* See plans.h. */
#include "lib/plans.h"

#include "schedule/occurrences.h"

#include <string.h>

CvEventRow *
cv_test_plans_read (const char *json, GError **error)
{
  g_autoptr (CvEventRow) row = g_new0 (CvEventRow, 1);
  g_autoptr (JsonObject) object = cv_json_parse (json, strlen (json), error);
  row->id = g_strdup ("eabcdefghijkm");
  row->room = g_strdup ("abcdefghijkm");
  row->title = g_strdup ("Tea");
  row->created = G_GINT64_CONSTANT (1700000000000);
  row->changed = G_GINT64_CONSTANT (1700000060000);
  row->sequence = 3;
  return object != NULL && cv_plan_read (row, object, error) ? g_steal_pointer (&row) : NULL;
}

CvPlan *
cv_test_plans_new (const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvEventRow) row = cv_test_plans_read (json, &error);
  g_assert_no_error (error);
  CvPlan *plan = cv_plan_new (row, &error);
  g_assert_no_error (error);
  return plan;
}

char *
cv_test_plans_dump (const CvPlan *plan, gint64 from, guint n)
{
  GString *text = g_string_new (NULL);
  CvOccurrences occurrences;
  CvOccurrence one;
  cv_occurrences_init (&occurrences, plan, from);
  for (guint i = 0; i < n && cv_occurrences_next (&occurrences, &one); i++) {
    g_autofree char *day = cv_wall_day_to_text (one.day);
    g_string_append_printf (text, "%s ", day);
  }
  return g_string_free (text, FALSE);
}
