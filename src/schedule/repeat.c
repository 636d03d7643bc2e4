/* See repeat.h. */
#include "schedule/repeat.h"

#include "base/json.h"
#include "schedule/wall.h"

#include <string.h>

#define MAX_DAYS 7
#define MAX_DAY_BYTES 2

static const char *const EVERY[] = { "day", "week", "month", NULL };
static const char *const DAYS[] = { "mo", "tu", "we", "th", "fr", "sa", "su", NULL };

static void
refuse (CvJsonReader *reader, const char *what)
{
  if (reader->error == NULL)
    g_set_error_literal (&reader->error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, what);
}

static guint
read_days (CvJsonReader *reader)
{
  JsonArray *array = cv_json_reader_strings (reader, "days", MAX_DAYS, MAX_DAY_BYTES);
  guint n = array != NULL ? json_array_get_length (array) : 0;
  guint days = 0;

  for (guint i = 0; i < n; i++) {
    const char *text = json_array_get_string_element (array, i);
    guint bit = 0;

    while (DAYS[bit] != NULL && !g_str_equal (DAYS[bit], text))
      bit++;
    if (DAYS[bit] == NULL || days & 1u << bit)
      refuse (reader, "days has something else than days, or one twice");
    else
      days |= 1u << bit;
  }
  if (days == 0)
    refuse (reader, "days is empty");
  return days;
}

static int
read_until (CvJsonReader *reader)
{
  const char *text = cv_json_reader_ascii (reader, "until", strlen ("YYYY-MM-DD"));
  int day = 0;

  if (text != NULL && !cv_wall_parse_day (text, &day))
    refuse (reader, "until is no day");
  return day;
}

gboolean
cv_repeat_read (CvRepeat *self, JsonObject *object, GError **error)
{
  CvJsonReader reader;

  cv_json_reader_init (&reader, object);
  *self = (CvRepeat){ .every = (CvEvery) MAX (cv_json_reader_choice (&reader, "every", EVERY), 0) };
  self->interval = (int) cv_json_reader_int (&reader, "interval", 1, CV_REPEAT_MAX_INTERVAL);
  if (cv_json_reader_has (&reader, "days"))
    self->days = read_days (&reader);
  if (cv_json_reader_has (&reader, "until"))
    self->until = read_until (&reader);
  if (cv_json_reader_has (&reader, "count"))
    self->count = (int) cv_json_reader_int (&reader, "count", 1, CV_REPEAT_MAX_COUNT);
  if (self->days != 0 && self->every != CV_EVERY_WEEK)
    refuse (&reader, "days are of weeks");
  if (self->until != 0 && self->count != 0)
    refuse (&reader, "until and count do not go together");
  return cv_json_reader_finish (&reader, error);
}

gboolean
cv_repeat_parse (CvRepeat *self, const char *text, GError **error)
{
  g_autoptr (JsonObject) object = cv_json_parse (text, strlen (text), error);

  return object != NULL && cv_repeat_read (self, object, error);
}

void
cv_repeat_add (const CvRepeat *self, JsonBuilder *builder)
{
  g_autofree char *until = self->until != 0 ? cv_wall_day_to_text (self->until) : NULL;

  json_builder_begin_object (builder);
  cv_json_add_text (builder, "every", EVERY[self->every]);
  cv_json_add_int (builder, "interval", self->interval);
  if (self->days != 0) {
    json_builder_set_member_name (builder, "days");
    json_builder_begin_array (builder);
    for (guint bit = 0; DAYS[bit] != NULL; bit++)
      if (self->days & 1u << bit)
        json_builder_add_string_value (builder, DAYS[bit]);
    json_builder_end_array (builder);
  }
  if (until != NULL)
    cv_json_add_text (builder, "until", until);
  if (self->count != 0)
    cv_json_add_int (builder, "count", self->count);
  json_builder_end_object (builder);
}

char *
cv_repeat_to_text (const CvRepeat *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  cv_repeat_add (self, builder);
  return cv_json_builder_to_text (builder, NULL);
}
