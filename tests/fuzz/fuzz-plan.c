/* Fuzz target of what is planned (libFuzzer): the request that makes an event.
 *
 * Whatever is taken is kept so that it makes the same plan again; its days come in order, whichever one begins with, and end; its
 * calendar is read back by libical as one event with the same title.
 */
#include "base/json.h"
#include "schedule/calendar.h"
#include "schedule/occurrences.h"

#include <libical/ical.h>

#define DAYS 40

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

static void
check_days (const CvPlan *plan)
{
  CvOccurrences occurrences, again;
  CvOccurrence one, same;
  gint64 last = G_MININT64;

  cv_occurrences_init (&occurrences, plan, 0);
  for (guint i = 0; i < DAYS && cv_occurrences_next (&occurrences, &one); i++) {
    g_assert_cmpint (one.start, >=, last);
    g_assert_cmpint (one.end, >, one.start);
    g_assert_true (cv_occurrences_has (plan, one.day));
    cv_occurrences_init (&again, plan, one.end - 1);
    g_assert_true (cv_occurrences_next (&again, &same));
    g_assert_cmpint (same.start, <=, one.start);
    last = one.start;
  }
}

static void
check_calendar (const CvEventRow *row, const CvPlan *plan)
{
  g_autoptr (CvCalendar) calendar = cv_calendar_new (NULL, "meet.example");
  g_autofree char *text = NULL;
  icalcomponent *root, *event;

  cv_calendar_add (calendar, row, plan, NULL, NULL);
  text = cv_calendar_to_text (calendar);
  root = icalcomponent_new_from_string (text);
  g_assert_nonnull (root);
  g_assert_cmpint (icalcomponent_count_errors (root), ==, 0);
  g_assert_cmpint (icalcomponent_count_components (root, ICAL_VEVENT_COMPONENT), ==, 1);
  event = icalcomponent_get_first_component (root, ICAL_VEVENT_COMPONENT);
  g_assert_cmpstr (icalcomponent_get_summary (event), ==, row->title);
  icalcomponent_free (root);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvEventRow) row = g_new0 (CvEventRow, 1);
  g_autoptr (JsonObject) object = cv_json_parse ((const char *) data, n, NULL);
  g_autoptr (CvPlan) plan = NULL;

  row->id = g_strdup ("eabcdefghijkm");
  row->title = g_strdup ("Tea");
  if (object == NULL || !cv_plan_read (row, object, &error)) {
    g_assert_true (object == NULL || error != NULL);
    return 0;
  }
  plan = cv_plan_new (row, &error);
  g_assert_no_error (error);
  g_assert_true (cv_occurrences_find_first (plan) == plan->start.day);
  check_days (plan);
  check_calendar (row, plan);
  g_assert_true (cv_plan_cancel (row, plan->start.day, &error));
  return 0;
}
