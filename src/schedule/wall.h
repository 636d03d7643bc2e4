/* Wall times: what a clock on the wall of some place shows, to the minute. A value; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* what may be planned: from 2000 to 2099 */
#define CV_WALL_FIRST_DAY 10957
#define CV_WALL_LAST_DAY 47481

typedef struct {
  int day;    /* since 1970-01-01 */
  int minute; /* of that day */
} CvWall;

/* "YYYY-MM-DDTHH:MM", of a day that may be planned. */
gboolean cv_wall_parse (const char *text, CvWall *out);
/* "YYYY-MM-DD", the same. */
gboolean cv_wall_parse_day (const char *text, int *out);
/* Returns: (transfer full). */
char *cv_wall_to_text (const CvWall *self);
char *cv_wall_day_to_text (int day);

/* 0: Monday. */
int cv_wall_get_weekday (int day);
/* `month`: 0 … 11, `of_month`: 1 … 31. */
void cv_wall_split_day (int day, int *year, int *month, int *of_month);
/* Where that month is shorter, its last day. */
int cv_wall_join_day (int year, int month, int of_month);

G_END_DECLS
