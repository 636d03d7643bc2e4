/* Calendars' files: read back by libical, they say the same days and moments as we do, in all zones; texts stay texts. */
#include "schedule/calendar.h"

#include "lib/plans.h"
#include "schedule/occurrences.h"
#include "schedule/zone.h"

#include <libical/ical.h>
#include <string.h>

#define URL "https://meet.example/r/abcdefghijkm#AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

/* Returns: (transfer full). */
static char *
write_calendar (const CvEventRow *row, const CvPlan *plan, const char *url)
{
  g_autoptr (CvCalendar) calendar = cv_calendar_new (NULL, "meet.example");

  cv_calendar_add (calendar, row, plan, url, NULL);
  return cv_calendar_to_text (calendar);
}

/* Returns: (transfer full), a whole calendar without errors. */
static icalcomponent *
read_calendar (const char *text)
{
  icalcomponent *root = icalcomponent_new_from_string (text);

  g_assert_nonnull (root);
  g_assert_cmpint (icalcomponent_isa (root), ==, ICAL_VCALENDAR_COMPONENT);
  g_assert_cmpint (icalcomponent_count_errors (root), ==, 0);
  g_assert_true (icalrestriction_check (root));
  g_assert_cmpint (icalcomponent_count_errors (root), ==, 0);
  return root;
}

static const char *
get_text (icalcomponent *event, icalproperty_kind kind)
{
  icalproperty *property = icalcomponent_get_first_property (event, kind);

  return property != NULL ? icalproperty_get_value_as_string (property) : NULL;
}

static void
test_members (void)
{
  g_autoptr (CvEventRow) row =
    cv_test_plans_read ("{\"start\":\"2026-11-26T09:00\",\"zone\":\"Europe/Zurich\",\"minutes\":90}", NULL);
  g_autoptr (CvPlan) plan = cv_plan_new (row, NULL);
  g_autofree char *text = write_calendar (row, plan, URL);
  icalcomponent *root = read_calendar (text);
  icalcomponent *event = icalcomponent_get_first_component (root, ICAL_VEVENT_COMPONENT);

  g_assert_cmpstr (get_text (event, ICAL_UID_PROPERTY), ==, "eabcdefghijkm@meet.example");
  g_assert_cmpstr (get_text (event, ICAL_DTSTAMP_PROPERTY), ==, "20231114T221420Z");
  g_assert_cmpstr (get_text (event, ICAL_CREATED_PROPERTY), ==, "20231114T221320Z");
  g_assert_cmpstr (get_text (event, ICAL_SEQUENCE_PROPERTY), ==, "3");
  g_assert_cmpstr (get_text (event, ICAL_SUMMARY_PROPERTY), ==, "Tea");
  g_assert_cmpstr (get_text (event, ICAL_STATUS_PROPERTY), ==, "CONFIRMED");
  g_assert_cmpstr (get_text (event, ICAL_DTSTART_PROPERTY), ==, "20261126T090000");
  g_assert_cmpstr (get_text (event, ICAL_DTEND_PROPERTY), ==, "20261126T103000");
  g_assert_cmpstr (get_text (event, ICAL_URL_PROPERTY), ==, URL);
  g_assert_cmpstr (get_text (event, ICAL_LOCATION_PROPERTY), ==, URL);
  g_assert_null (get_text (event, ICAL_RRULE_PROPERTY));
  g_assert_nonnull (strstr (text, "\r\nDTSTART;TZID=Europe/Zurich:20261126T090000\r\n"));
  g_assert_nonnull (strstr (text, "\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/Zurich\r\n"));
  g_assert_true (g_str_has_prefix (text, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Conclave//Conclave "));
  g_assert_true (g_str_has_suffix (text, "END:VEVENT\r\nEND:VCALENDAR\r\n"));
  /* no line is longer than 75 bytes, none ends in \n alone */
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
  for (char **line = lines; *line != NULL; line++)
    g_assert_true (strlen (*line) <= 75 && strchr (*line, '\n') == NULL);
  icalcomponent_free (root);
}

static void
test_without_link (void)
{
  g_autoptr (CvEventRow) row =
    cv_test_plans_read ("{\"start\":\"2026-11-26T09:00\",\"zone\":\"UTC\",\"minutes\":90}", NULL);
  g_autoptr (CvPlan) plan = cv_plan_new (row, NULL);
  g_autofree char *text = write_calendar (row, plan, NULL);

  g_assert_nonnull (strstr (text, "\r\nDTSTART:20261126T090000Z\r\n"));
  g_assert_null (strstr (text, "VTIMEZONE"));
  g_assert_null (strstr (text, "TZID"));
  g_assert_null (strstr (text, "URL"));
  g_assert_null (strstr (text, "LOCATION"));
  g_assert_null (strstr (text, "DESCRIPTION"));
}

static void
test_rules (void)
{
  static const struct {
    const char *start, *repeat, *expected;
  } CASES[] = {
    { "2026-11-26", "{\"every\":\"day\",\"interval\":3}", "FREQ=DAILY;INTERVAL=3" },
    { "2026-11-26", "{\"every\":\"day\",\"interval\":1,\"count\":7}", "FREQ=DAILY;COUNT=7" },
    { "2026-11-26", "{\"every\":\"week\",\"interval\":2,\"days\":[\"mo\",\"th\",\"su\"]}",
      "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH,SU" },
    { "2026-06-26", "{\"every\":\"week\",\"interval\":1,\"until\":\"2026-07-03\"}",
      "FREQ=WEEKLY;UNTIL=20260703T215900Z" },
    { "2026-11-28", "{\"every\":\"month\",\"interval\":1}", "FREQ=MONTHLY;BYMONTHDAY=28" },
    { "2026-11-30", "{\"every\":\"month\",\"interval\":2}", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=28,29,30;BYSETPOS=-1" },
    { "2026-10-31", "{\"every\":\"month\",\"interval\":1}", "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autofree char *json =
      g_strdup_printf ("{\"start\":\"%sT09:00\",\"zone\":\"Europe/Zurich\",\"minutes\":30,\"repeat\":%s}",
                       CASES[i].start, CASES[i].repeat);
    g_autoptr (CvEventRow) row = cv_test_plans_read (json, NULL);
    g_autoptr (CvPlan) plan = cv_plan_new (row, NULL);
    g_autofree char *text = write_calendar (row, plan, NULL);
    icalcomponent *root = read_calendar (text);

    g_assert_cmpstr (get_text (icalcomponent_get_first_component (root, ICAL_VEVENT_COMPONENT), ICAL_RRULE_PROPERTY),
                     ==, CASES[i].expected);
    icalcomponent_free (root);
  }
}

/* The zone's clocks as the file itself has them, which need not be ours. Returns: (transfer full). */
static icaltimezone *
read_zone (icalcomponent *root)
{
  icalcomponent *component = icalcomponent_get_first_component (root, ICAL_VTIMEZONE_COMPONENT);
  icaltimezone *zone = icaltimezone_new ();

  g_assert_nonnull (component);
  icaltimezone_set_component (zone, icalcomponent_new_clone (component));
  return zone;
}

static gint64
to_ms (icaltimetype time, icaltimezone *zone)
{
  return (gint64) icaltime_as_timet_with_zone (time, zone) * 1000;
}

/* Each of the first `n` days and moments. What the clock never shows, or shows twice, is not compared: libraries differ there. */
static void
assert_same (const char *zone_name, const char *start, const char *repeat, guint n)
{
  g_autofree char *json =
    g_strdup_printf ("{\"start\":\"%s\",\"zone\":\"%s\",\"minutes\":30,\"repeat\":%s}", start, zone_name, repeat);
  g_autoptr (CvEventRow) row = cv_test_plans_read (json, NULL);
  g_autoptr (CvPlan) plan = cv_plan_new (row, NULL);
  g_autofree char *text = write_calendar (row, plan, NULL);
  icalcomponent *root = read_calendar (text);
  icalcomponent *event = icalcomponent_get_first_component (root, ICAL_VEVENT_COMPONENT);
  icaltimezone *zone = read_zone (root);
  icaltimetype first = icalproperty_get_dtstart (icalcomponent_get_first_property (event, ICAL_DTSTART_PROPERTY));
  struct icalrecurrencetype rule =
    icalproperty_get_rrule (icalcomponent_get_first_property (event, ICAL_RRULE_PROPERTY));
  icalrecur_iterator *iterator = icalrecur_iterator_new (rule, first);
  CvOccurrences occurrences;
  CvOccurrence one;

  cv_occurrences_init (&occurrences, plan, 0);
  for (guint i = 0; i < n; i++) {
    icaltimetype time = icalrecur_iterator_next (iterator);

    g_assert_cmpint (cv_occurrences_next (&occurrences, &one), ==, !icaltime_is_null_time (time));
    if (icaltime_is_null_time (time))
      break;
    g_autofree char *day = cv_wall_day_to_text (one.day);
    g_autofree char *found = g_strdup_printf ("%04d-%02d-%02d", time.year, time.month, time.day);
    g_assert_cmpstr (found, ==, day);
    if (to_ms (time, zone) != one.start)
      g_error ("%s %s: %" G_GINT64_FORMAT " instead of %" G_GINT64_FORMAT, zone_name, found, to_ms (time, zone),
               one.start);
  }
  icalrecur_iterator_free (iterator);
  icaltimezone_free (zone, TRUE);
  icalcomponent_free (root);
}

static void
test_same_days (void)
{
  static const char *const RULES[] = {
    "{\"every\":\"day\",\"interval\":1,\"count\":100}",
    "{\"every\":\"day\",\"interval\":12,\"until\":\"2028-03-01\"}",
    "{\"every\":\"week\",\"interval\":1}",
    "{\"every\":\"week\",\"interval\":5,\"days\":[\"mo\",\"tu\",\"fr\",\"su\"],\"count\":50}",
    "{\"every\":\"week\",\"interval\":2,\"days\":[\"sa\"],\"until\":\"2027-12-31\"}",
    "{\"every\":\"month\",\"interval\":1}",
    "{\"every\":\"month\",\"interval\":5,\"count\":30}",
  };
  static const char *const STARTS[] = { "2026-01-31T09:00", "2026-01-30T23:30", "2028-02-29T12:00",
                                        "2026-06-15T18:00" };

  for (gsize r = 0; r < G_N_ELEMENTS (RULES); r++)
    for (gsize s = 0; s < G_N_ELEMENTS (STARTS); s++)
      if (s != 2 || strstr (RULES[r], "until") == NULL)
        assert_same ("Europe/Zurich", STARTS[s], RULES[r], 200);
}

/* Also those that have an older name, that go by half hours, in the south, without a rule for summer, and fixed ones. */
static void
test_zones (void)
{
  static const char *const ZONES[] = {
    "Europe/Zurich",   "America/New_York",     "America/Havana",  "America/Asuncion", "Asia/Calcutta",
    "Asia/Kolkata",    "Asia/Katmandu",        "Europe/Kiev",     "Africa/Cairo",     "Australia/Lord_Howe",
    "Pacific/Apia",    "America/Buenos_Aires", "Pacific/Chatham", "Etc/GMT+5",        "Etc/UTC",
    "Atlantic/Azores", "Asia/Saigon",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ZONES); i++)
    assert_same (ZONES[i], "2026-01-01T12:00", "{\"every\":\"day\",\"interval\":5}", 800);
}

static void
test_cancelled (void)
{
  g_autoptr (CvEventRow) row =
    cv_test_plans_read ("{\"start\":\"2026-11-26T09:00\",\"zone\":\"Europe/Zurich\",\"minutes\":30,"
                        "\"repeat\":{\"every\":\"day\",\"interval\":1}}",
                        NULL);
  g_free (row->cancelled);
  row->cancelled = g_strdup ("[\"2026-11-27\",\"2026-12-24\"]");
  g_autoptr (CvPlan) plan = cv_plan_new (row, NULL);
  g_autofree char *text = write_calendar (row, plan, NULL);
  g_assert_nonnull (strstr (text, "\r\nEXDATE;TZID=Europe/Zurich:20261127T090000\r\n"));
  g_assert_nonnull (strstr (text, "\r\nEXDATE;TZID=Europe/Zurich:20261224T090000\r\n"));
  icalcomponent_free (read_calendar (text));

  g_autoptr (CvEventRow) once =
    cv_test_plans_read ("{\"start\":\"2026-11-26T09:00\",\"zone\":\"UTC\",\"minutes\":30}", NULL);
  g_free (once->cancelled);
  once->cancelled = g_strdup ("[\"2026-11-26\"]");
  g_autoptr (CvPlan) off = cv_plan_new (once, NULL);
  g_autofree char *cancelled = write_calendar (once, off, NULL);
  g_assert_nonnull (strstr (cancelled, "\r\nSTATUS:CANCELLED\r\n"));
}

/* A title cannot be anything else. */
static void
test_hostile (void)
{
  static const char *const TITLES[] = {
    "a,b;c\\d:e\"f", "END:VEVENT", "\\nATTACH:file:///etc/passwd",
    "日本語の長い題名はどこかで折り返されなければなりませんが、文字の途中であってはなりません。",
    "👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍"
    "👧"
    "‍"
    "👦"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (TITLES); i++) {
    g_autoptr (CvEventRow) row =
      cv_test_plans_read ("{\"start\":\"2026-11-26T09:00\",\"zone\":\"UTC\",\"minutes\":90}", NULL);
    g_free (row->title);
    row->title = g_strdup (TITLES[i]);
    g_autoptr (CvPlan) plan = cv_plan_new (row, NULL);
    g_autofree char *text = write_calendar (row, plan, NULL);
    icalcomponent *root = read_calendar (text);
    icalcomponent *event = icalcomponent_get_first_component (root, ICAL_VEVENT_COMPONENT);

    g_assert_true (g_utf8_validate (text, -1, NULL));
    g_assert_cmpint (icalcomponent_count_components (root, ICAL_ANY_COMPONENT), ==, 1);
    g_assert_cmpstr (icalcomponent_get_summary (event), ==, TITLES[i]);
    g_assert_null (strstr (text, "\nATTACH"));
    g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
    for (char **line = lines; *line != NULL; line++)
      g_assert_true (g_utf8_validate (*line, -1, NULL));
    icalcomponent_free (root);
  }
}

/* However long a line is. */
static void
test_lines (void)
{
  g_autoptr (CvEventRow) row =
    cv_test_plans_read ("{\"start\":\"2026-11-26T09:00\",\"zone\":\"UTC\",\"minutes\":9}", NULL);
  g_autoptr (CvPlan) plan = cv_plan_new (row, NULL);

  for (gsize n = 50; n < 250; n++) {
    g_autofree char *url = g_strnfill (n, 'x');
    g_autofree char *text = write_calendar (row, plan, url);
    icalcomponent *root = read_calendar (text);

    g_assert_cmpstr (icalcomponent_get_location (icalcomponent_get_first_component (root, ICAL_VEVENT_COMPONENT)), ==,
                     url);
    g_assert_null (strstr (text, "\r\n \r\n"));
    icalcomponent_free (root);
  }
}

/* Numbers and PIN are for who can be called at all; without a link they are all that there is. */
static void
test_phones (void)
{
  static const char *const NUMBERS[] = { "+49 30 1234; 5", "sip:room@phone.example", NULL };
  static const struct {
    const char *pin, *url, *expected;
    const char *const *numbers;
  } CASES[] = {
    { "4821937056", URL, URL "\n☎ +49 30 1234; 5, PIN 482 193 7056#\n☎ sip:room@phone.example, PIN 482 193 7056#",
      NUMBERS },
    { "482193705", NULL, "☎ +49 30 1234; 5, PIN 482 193 705#\n☎ sip:room@phone.example, PIN 482 193 705#", NUMBERS },
    { "4821937056", URL, URL, NULL },
    { NULL, URL, URL, NUMBERS },
    { NULL, NULL, NULL, NUMBERS },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autoptr (CvEventRow) row =
      cv_test_plans_read ("{\"start\":\"2026-11-26T09:00\",\"zone\":\"UTC\",\"minutes\":9}", NULL);
    g_autoptr (CvPlan) plan = cv_plan_new (row, NULL);
    g_autoptr (CvCalendar) calendar = cv_calendar_new (NULL, "meet.example");
    row->pin = g_strdup (CASES[i].pin);
    cv_calendar_add (calendar, row, plan, CASES[i].url, CASES[i].numbers);
    g_autofree char *text = cv_calendar_to_text (calendar);
    icalcomponent *root = read_calendar (text);
    g_assert_cmpstr (icalcomponent_get_description (icalcomponent_get_first_component (root, ICAL_VEVENT_COMPONENT)),
                     ==, CASES[i].expected);
    icalcomponent_free (root);
  }
}

/* Many in one file: each zone once. */
static void
test_many (void)
{
  g_autoptr (CvCalendar) calendar = cv_calendar_new ("Conclave", "meet.example");
  static const char *const ZONES[] = { "Europe/Zurich", "America/New_York", "Europe/Zurich", "UTC" };

  for (gsize i = 0; i < G_N_ELEMENTS (ZONES); i++) {
    g_autofree char *json =
      g_strdup_printf ("{\"start\":\"2026-11-26T09:00\",\"zone\":\"%s\",\"minutes\":90}", ZONES[i]);
    g_autoptr (CvEventRow) row = cv_test_plans_read (json, NULL);
    g_autoptr (CvPlan) plan = cv_plan_new (row, NULL);

    cv_calendar_add (calendar, row, plan, URL, NULL);
  }
  g_autofree char *text = cv_calendar_to_text (calendar);
  icalcomponent *root = read_calendar (text);
  g_assert_cmpint (icalcomponent_count_components (root, ICAL_VTIMEZONE_COMPONENT), ==, 2);
  g_assert_cmpint (icalcomponent_count_components (root, ICAL_VEVENT_COMPONENT), ==, 4);
  g_assert_nonnull (strstr (text, "\r\nX-WR-CALNAME:Conclave\r\n"));
  icalcomponent_free (root);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/calendar/members", test_members);
  g_test_add_func ("/calendar/without-link", test_without_link);
  g_test_add_func ("/calendar/rules", test_rules);
  g_test_add_func ("/calendar/same-days", test_same_days);
  g_test_add_func ("/calendar/zones", test_zones);
  g_test_add_func ("/calendar/cancelled", test_cancelled);
  g_test_add_func ("/calendar/hostile", test_hostile);
  g_test_add_func ("/calendar/lines", test_lines);
  g_test_add_func ("/calendar/phones", test_phones);
  g_test_add_func ("/calendar/many", test_many);
  return g_test_run ();
}
