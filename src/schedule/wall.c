/* See wall.h. */
#include "schedule/wall.h"

#include <string.h>

/* g_date_get_julian() of 1970-01-01 */
#define JULIAN_1970 719163
#define DAY_LENGTH 10 /* "YYYY-MM-DD" */
#define MINUTES_OF_DAY (24 * 60)

/* `n` digits, nothing else. */
static gboolean
read_number (const char *text, guint n, guint *out)
{
  *out = 0;
  for (guint i = 0; i < n; i++) {
    if (!g_ascii_isdigit (text[i]))
      return FALSE;
    *out = *out * 10 + (guint) (text[i] - '0');
  }
  return TRUE;
}

static gboolean
read_day (const char *text, int *out)
{
  guint year, month, of_month;
  GDate date;

  if (!read_number (text, 4, &year) || text[4] != '-' || !read_number (text + 5, 2, &month) || text[7] != '-' ||
      !read_number (text + 8, 2, &of_month))
    return FALSE;
  if (!g_date_valid_dmy ((GDateDay) of_month, (GDateMonth) month, (GDateYear) year))
    return FALSE;
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) of_month, (GDateMonth) month, (GDateYear) year);
  *out = (int) g_date_get_julian (&date) - JULIAN_1970;
  return *out >= CV_WALL_FIRST_DAY && *out <= CV_WALL_LAST_DAY;
}

gboolean
cv_wall_parse_day (const char *text, int *out)
{
  return strlen (text) == DAY_LENGTH && read_day (text, out);
}

gboolean
cv_wall_parse (const char *text, CvWall *out)
{
  guint hour, minute;

  if (strlen (text) != strlen ("YYYY-MM-DDTHH:MM") || !read_day (text, &out->day) || text[DAY_LENGTH] != 'T' ||
      !read_number (text + 11, 2, &hour) || text[13] != ':' || !read_number (text + 14, 2, &minute) || minute > 59)
    return FALSE;
  out->minute = (int) (hour * 60 + minute);
  return out->minute < MINUTES_OF_DAY;
}

char *
cv_wall_day_to_text (int day)
{
  int year, month, of_month;

  cv_wall_split_day (day, &year, &month, &of_month);
  return g_strdup_printf ("%04d-%02d-%02d", year, month + 1, of_month);
}

char *
cv_wall_to_text (const CvWall *self)
{
  g_autofree char *day = cv_wall_day_to_text (self->day);

  return g_strdup_printf ("%sT%02d:%02d", day, self->minute / 60, self->minute % 60);
}

int
cv_wall_get_weekday (int day)
{
  /* 1970-01-01 was a Thursday */
  return ((day + 3) % 7 + 7) % 7;
}

void
cv_wall_split_day (int day, int *year, int *month, int *of_month)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) (day + JULIAN_1970));
  *year = g_date_get_year (&date);
  *month = (int) g_date_get_month (&date) - 1;
  *of_month = g_date_get_day (&date);
}

int
cv_wall_join_day (int year, int month, int of_month)
{
  GDateMonth name = (GDateMonth) (month + 1);
  int last = g_date_get_days_in_month (name, (GDateYear) year);
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) MIN (of_month, last), name, (GDateYear) year);
  return (int) g_date_get_julian (&date) - JULIAN_1970;
}
