/* See occurrences.h. */
#include "schedule/occurrences.h"

#include "schedule/zone.h"

#define DAYS_OF_WEEK 7
#define MONTHS 12
#define DAY_MS G_GINT64_CONSTANT (86400000)

static guint
get_days (const CvPlan *plan)
{
  return plan->repeat.days != 0 ? plan->repeat.days : 1u << cv_wall_get_weekday (plan->start.day);
}

static guint
count_days (guint days)
{
  return (guint) __builtin_popcount (days);
}

/* The weekday of the `n`th of `days`, from 0. */
static int
find_weekday (guint days, guint n)
{
  int weekday = 0;

  for (; weekday < DAYS_OF_WEEK - 1; weekday++)
    if (days & 1u << weekday && n-- == 0)
      break;
  return weekday;
}

/* How many of the first week's days lie before the first one of all. */
static guint
count_passed (const CvPlan *plan)
{
  return count_days (get_days (plan) & ((1u << cv_wall_get_weekday (plan->start.day)) - 1));
}

/* In weeks that begin on Monday. */
static gint64
get_day_of_week (const CvPlan *plan, gint64 n)
{
  guint days = get_days (plan);
  gint64 i = n + count_passed (plan), per_week = count_days (days);
  gint64 monday = plan->start.day - cv_wall_get_weekday (plan->start.day);

  return monday + i / per_week * plan->repeat.interval * DAYS_OF_WEEK + find_weekday (days, (guint) (i % per_week));
}

static gint64
get_day_of_month (const CvPlan *plan, gint64 n)
{
  int year, month, of_month;
  gint64 months;

  cv_wall_split_day (plan->start.day, &year, &month, &of_month);
  months = month + n * plan->repeat.interval;
  if (year + months / MONTHS > 2100)
    return G_MAXINT;
  return cv_wall_join_day (year + (int) (months / MONTHS), (int) (months % MONTHS), of_month);
}

/* The day of the `n`th one, whether or not there are so many. */
static gint64
get_day (const CvPlan *plan, gint64 n)
{
  if (!plan->repeats)
    return plan->start.day + n;
  switch (plan->repeat.every) {
  case CV_EVERY_WEEK:
    return get_day_of_week (plan, n);
  case CV_EVERY_MONTH:
    return get_day_of_month (plan, n);
  case CV_EVERY_DAY:
  default:
    return plan->start.day + n * plan->repeat.interval;
  }
}

/* None before this one is on `day` or later; a few may be before it. */
static gint64
guess (const CvPlan *plan, gint64 day)
{
  gint64 passed = MAX (day - plan->start.day, 0);
  gint64 interval = plan->repeats ? plan->repeat.interval : 1;

  if (!plan->repeats)
    return 0;
  switch (plan->repeat.every) {
  case CV_EVERY_WEEK:
    return MAX (passed / (DAYS_OF_WEEK * interval) * count_days (get_days (plan)) - count_passed (plan), 0);
  case CV_EVERY_MONTH:
    return MAX (passed / (31 * interval) - 1, 0);
  case CV_EVERY_DAY:
  default:
    return passed / interval;
  }
}

static gboolean
is_over (const CvPlan *plan, gint64 n, gint64 day)
{
  if (day > CV_WALL_LAST_DAY || (!plan->repeats && n > 0))
    return TRUE;
  return plan->repeats &&
         ((plan->repeat.count > 0 && n >= plan->repeat.count) || (plan->repeat.until > 0 && day > plan->repeat.until));
}

void
cv_occurrences_init (CvOccurrences *self, const CvPlan *plan, gint64 from)
{
  /* what began the day before may go on, and zones are a day apart */
  *self = (CvOccurrences){ .plan = plan, .n = guess (plan, MAX (from / DAY_MS - 2, 0)), .from = from };
}

gboolean
cv_occurrences_next (CvOccurrences *self, CvOccurrence *out)
{
  const CvPlan *plan = self->plan;
  gint64 day;

  while (!is_over (plan, self->n, day = get_day (plan, self->n))) {
    CvWall wall = { .day = (int) day, .minute = plan->start.minute };

    self->n++;
    if (cv_plan_is_cancelled (plan, (int) day))
      continue;
    out->day = (int) day;
    out->start = cv_zone_to_utc (plan->clocks, &wall);
    out->end = out->start + plan->minutes * G_GINT64_CONSTANT (60000);
    if (out->end > self->from)
      return TRUE;
  }
  return FALSE;
}

int
cv_occurrences_find_first (const CvPlan *plan)
{
  return (int) MIN (get_day (plan, 0), G_MAXINT);
}

gboolean
cv_occurrences_has (const CvPlan *plan, int day)
{
  gint64 n = guess (plan, day), found;

  while ((found = get_day (plan, n)) < day && !is_over (plan, n, found))
    n++;
  return found == day && !is_over (plan, n, found);
}
