/* See calendar.h.
 *
 * Owns a tree of libical's. libical writes and escapes; what a zone is it knows as well, but only under the names of a table that lacks
 * older ones, which browsers still send, and it gives them names of its own.
 */
#include "schedule/calendar.h"

#include "cv-build.h"
#include "schedule/zone.h"

#include <libical/ical.h>
#include <string.h>
#include <sys/stat.h>

#define PRODUCT "-//Conclave//Conclave " CV_VERSION "//EN"
#define UTC "UTC"
#define LINE_BYTES 75
#define LAST_MINUTE (24 * 60 - 1)

struct _CvCalendar {
  icalcomponent *root;
  GHashTable *zones; /* names of those that are in it */
  char *host;
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (icalcomponent, icalcomponent_free)

CvCalendar *
cv_calendar_new (const char *name, const char *host)
{
  CvCalendar *self = g_new (CvCalendar, 1);

  *self = (CvCalendar){ .root = icalcomponent_new (ICAL_VCALENDAR_COMPONENT),
                        .zones = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                        .host = g_strdup (host) };
  icalcomponent_add_property (self->root, icalproperty_new_version ("2.0"));
  icalcomponent_add_property (self->root, icalproperty_new_prodid (PRODUCT));
  icalcomponent_add_property (self->root, icalproperty_new_calscale ("GREGORIAN"));
  if (name != NULL) {
    icalproperty *property = icalproperty_new_x (name);

    icalproperty_set_x_name (property, "X-WR-CALNAME");
    icalcomponent_add_property (self->root, property);
  }
  return self;
}

void
cv_calendar_free (CvCalendar *self)
{
  icalcomponent_free (self->root);
  g_hash_table_unref (self->zones);
  g_free (self->host);
  g_free (self);
}

/* ---- zones ---- */

static gboolean
is_same_file (const struct stat *info, const char *name)
{
  g_autofree char *path = name != NULL ? cv_zone_get_path (name) : NULL;
  struct stat other;

  return path != NULL && stat (path, &other) == 0 && other.st_dev == info->st_dev && other.st_ino == info->st_ino;
}

/* Also under an older name. Borrowed, NULL where libical knows none. */
static icaltimezone *
find_builtin (const char *name)
{
  icaltimezone *zone = icaltimezone_get_builtin_timezone (name);
  icalarray *all = icaltimezone_get_builtin_timezones ();
  g_autofree char *path = cv_zone_get_path (name);
  struct stat info;

  if (zone != NULL || stat (path, &info) != 0)
    return zone;
  for (gsize i = 0; i < all->num_elements; i++)
    if (is_same_file (&info, icaltimezone_get_location (icalarray_element_at (all, i))))
      return icalarray_element_at (all, i);
  return NULL;
}

/* One without summer times: those that libical does not know. */
static icalcomponent *
make_fixed_zone (const CvPlan *plan)
{
  gint64 at = cv_zone_to_utc (plan->clocks, &plan->start) / 1000;
  int interval = g_time_zone_find_interval (plan->clocks, G_TIME_TYPE_UNIVERSAL, at);
  int offset = g_time_zone_get_offset (plan->clocks, interval);

  return icalcomponent_vanew (
    ICAL_VTIMEZONE_COMPONENT, icalproperty_new_tzid (plan->zone),
    icalcomponent_vanew (ICAL_XSTANDARD_COMPONENT, icalproperty_new_dtstart (icaltime_from_string ("19700101T000000")),
                         icalproperty_new_tzoffsetfrom (offset), icalproperty_new_tzoffsetto (offset), NULL),
    NULL);
}

static icalcomponent *
make_zone (const CvPlan *plan)
{
  icaltimezone *zone = find_builtin (plan->zone);
  icalcomponent *original = zone != NULL ? icaltimezone_get_component (zone) : NULL;
  icalcomponent *component;
  icalproperty *property;

  if (original == NULL)
    return make_fixed_zone (plan);
  component = icalcomponent_new_clone (original);
  property = icalcomponent_get_first_property (component, ICAL_TZID_PROPERTY);
  icalproperty_set_tzid (property, plan->zone);
  /* libical's own; strict readers do not take it */
  for (property = icalcomponent_get_first_property (component, ICAL_X_PROPERTY); property != NULL;
       property = icalcomponent_get_first_property (component, ICAL_X_PROPERTY)) {
    icalcomponent_remove_property (component, property);
    icalproperty_free (property);
  }
  return component;
}

static void
add_zone (CvCalendar *self, const CvPlan *plan)
{
  if (g_str_equal (plan->zone, UTC) || !g_hash_table_add (self->zones, g_strdup (plan->zone)))
    return;
  icalcomponent_add_component (self->root, make_zone (plan));
}

/* ---- times ---- */

static icaltimetype
to_time (const CvWall *wall)
{
  icaltimetype time = icaltime_null_time ();
  int month;

  cv_wall_split_day (wall->day, &time.year, &month, &time.day);
  time.month = month + 1;
  time.hour = wall->minute / 60;
  time.minute = wall->minute % 60;
  return time;
}

static icaltimetype
to_utc (gint64 ms)
{
  return icaltime_from_timet_with_zone ((time_t) (ms / 1000), 0, icaltimezone_get_utc_timezone ());
}

/* Adds it with its zone. */
static void
add_time (icalcomponent *event, const CvPlan *plan, icalproperty *(*make) (icaltimetype), const CvWall *wall)
{
  icaltimetype time = to_time (wall);
  icalproperty *property;

  if (g_str_equal (plan->zone, UTC))
    time.zone = icaltimezone_get_utc_timezone ();
  property = make (time);
  if (time.zone == NULL)
    icalproperty_add_parameter (property, icalparameter_new_tzid (plan->zone));
  icalcomponent_add_property (event, property);
}

static void
add_span (icalcomponent *event, const CvPlan *plan)
{
  gint64 start = cv_zone_to_utc (plan->clocks, &plan->start);
  CvWall end = cv_zone_from_utc (plan->clocks, start + plan->minutes * G_GINT64_CONSTANT (60000));

  add_time (event, plan, icalproperty_new_dtstart, &plan->start);
  add_time (event, plan, icalproperty_new_dtend, &end);
}

/* ---- rules ---- */

static void
set_days_of_month (struct icalrecurrencetype *rule, int of_month)
{
  int n = 0;

  /* the last one of those that the month has */
  for (int day = MIN (of_month, 28); day <= of_month; day++)
    rule->by_month_day[n++] = (short) day;
  if (n > 1)
    rule->by_set_pos[0] = -1;
}

static void
set_weekdays (struct icalrecurrencetype *rule, guint days)
{
  int n = 0;

  /* libical counts from Sunday, which is 1 */
  for (int weekday = 0; weekday < 7; weekday++)
    if (days & 1u << weekday)
      rule->by_day[n++] = (short) ((weekday + 1) % 7 + 1);
}

static void
add_rule (icalcomponent *event, const CvPlan *plan)
{
  const CvRepeat *repeat = &plan->repeat;
  struct icalrecurrencetype rule;
  int year, month, of_month;

  icalrecurrencetype_clear (&rule);
  rule.interval = (short) repeat->interval;
  rule.week_start = ICAL_MONDAY_WEEKDAY;
  rule.count = repeat->count;
  if (repeat->until != 0) {
    const CvWall last = { repeat->until, LAST_MINUTE };

    rule.until = to_utc (cv_zone_to_utc (plan->clocks, &last));
  }
  switch (repeat->every) {
  case CV_EVERY_WEEK:
    rule.freq = ICAL_WEEKLY_RECURRENCE;
    set_weekdays (&rule, repeat->days);
    break;
  case CV_EVERY_MONTH:
    rule.freq = ICAL_MONTHLY_RECURRENCE;
    cv_wall_split_day (plan->start.day, &year, &month, &of_month);
    set_days_of_month (&rule, of_month);
    break;
  case CV_EVERY_DAY:
  default:
    rule.freq = ICAL_DAILY_RECURRENCE;
    break;
  }
  icalcomponent_add_property (event, icalproperty_new_rrule (rule));
}

/* ---- events ---- */

static void
add_place (icalcomponent *event, const char *url)
{
  icalcomponent_add_property (event, icalproperty_new_url (url));
  icalcomponent_add_property (event, icalproperty_new_location (url));
}

/* The link, and what to dial and type, in no language; digits in groups, as people read them. */
static void
add_description (icalcomponent *event, const char *url, const char *const *numbers, const char *pin)
{
  g_autoptr (GString) text = g_string_new (url);
  for (; numbers != NULL && pin != NULL && *numbers != NULL; numbers++)
    g_string_append_printf (text, "%s☎ %s, PIN %.3s %.3s %s#", text->len > 0 ? "\n" : "", *numbers, pin, pin + 3,
                            pin + 6);
  if (text->len > 0)
    icalcomponent_add_property (event, icalproperty_new_description (text->str));
}

/* A single one that is cancelled is said to be. */
static gboolean
is_off (const CvPlan *plan)
{
  return !plan->repeats && cv_plan_is_cancelled (plan, plan->start.day);
}

void
cv_calendar_add (CvCalendar *self, const CvEventRow *row, const CvPlan *plan, const char *url,
                 const char *const *numbers)
{
  icalcomponent *event = icalcomponent_new (ICAL_VEVENT_COMPONENT);
  g_autofree char *uid = g_strdup_printf ("%s@%s", row->id, self->host);

  add_zone (self, plan);
  icalcomponent_add_property (event, icalproperty_new_uid (uid));
  icalcomponent_add_property (event, icalproperty_new_dtstamp (to_utc (row->changed)));
  icalcomponent_add_property (event, icalproperty_new_created (to_utc (row->created)));
  icalcomponent_add_property (event, icalproperty_new_lastmodified (to_utc (row->changed)));
  icalcomponent_add_property (event, icalproperty_new_sequence (row->sequence));
  icalcomponent_add_property (event, icalproperty_new_summary (row->title));
  icalcomponent_add_property (event,
                              icalproperty_new_status (is_off (plan) ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED));
  add_span (event, plan);
  if (plan->repeats)
    add_rule (event, plan);
  for (guint i = 0; plan->repeats && i < plan->cancelled->len; i++) {
    const CvWall wall = { g_array_index (plan->cancelled, int, i), plan->start.minute };

    add_time (event, plan, icalproperty_new_exdate, &wall);
  }
  if (url != NULL)
    add_place (event, url);
  add_description (event, url, numbers, row->pin);
  icalcomponent_add_component (self->root, event);
}

/* ---- text ---- */

/* `line` with breaks in it, never within a character. */
static void
append_folded (GString *text, const char *line)
{
  gsize length = 0;

  for (const char *next; *line != '\0'; line = next) {
    next = g_utf8_next_char (line);
    if (length + (gsize) (next - line) > LINE_BYTES) {
      g_string_append (text, "\r\n ");
      length = 1;
    }
    g_string_append_len (text, line, next - line);
    length += (gsize) (next - line);
  }
  g_string_append (text, "\r\n");
}

/* libical breaks long lines in its own way, sometimes right before their end, which then is none. */
char *
cv_calendar_to_text (CvCalendar *self)
{
  char *made = icalcomponent_as_ical_string_r (self->root);
  g_autoptr (GString) unfolded = g_string_new (made);
  GString *text = g_string_new (NULL);
  g_auto (GStrv) lines = NULL;

  icalmemory_free_buffer (made);
  g_string_replace (unfolded, "\r\n ", "", 0);
  g_string_replace (unfolded, "\r", "", 0);
  lines = g_strsplit (unfolded->str, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (**line != '\0')
      append_folded (text, *line);
  return g_string_free (text, FALSE);
}
