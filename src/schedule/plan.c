/* See plan.h. */
#include "schedule/plan.h"

#include "schedule/occurrences.h"
#include "schedule/zone.h"

#include <string.h>

#define MAX_TEXT 64

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error_literal (error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, what);
  return FALSE;
}

void
cv_plan_free (CvPlan *self)
{
  g_free (self->zone);
  g_clear_pointer (&self->clocks, g_time_zone_unref);
  g_array_unref (self->cancelled);
  g_free (self);
}

/* ---- days that are cancelled ---- */

static guint
find_cancelled (const CvPlan *self, int day)
{
  guint i = 0;

  while (i < self->cancelled->len && g_array_index (self->cancelled, int, i) < day)
    i++;
  return i;
}

gboolean
cv_plan_is_cancelled (const CvPlan *self, int day)
{
  guint i = find_cancelled (self, day);

  return i < self->cancelled->len && g_array_index (self->cancelled, int, i) == day;
}

static gboolean
read_cancelled (CvPlan *self, const char *text, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  JsonNode *root;
  JsonArray *array;

  if (!json_parser_load_from_data (parser, text, -1, error))
    return FALSE;
  root = json_parser_get_root (parser);
  array = root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;
  for (guint i = 0; array != NULL && i < MIN (json_array_get_length (array), CV_PLAN_MAX_CANCELLED); i++) {
    JsonNode *node = json_array_get_element (array, i);
    int day;

    if (json_node_get_value_type (node) == G_TYPE_STRING && cv_wall_parse_day (json_node_get_string (node), &day) &&
        !cv_plan_is_cancelled (self, day))
      g_array_insert_val (self->cancelled, find_cancelled (self, day), day);
  }
  return array != NULL || refuse (error, "cancelled is no list");
}

/* Those that are in it. Returns: (transfer full). */
static char *
write_cancelled (const CvPlan *self)
{
  GString *text = g_string_new ("[");

  for (guint i = 0; i < self->cancelled->len; i++) {
    int day = g_array_index (self->cancelled, int, i);
    g_autofree char *name = cv_wall_day_to_text (day);

    if (cv_occurrences_has (self, day))
      g_string_append_printf (text, "%s\"%s\"", text->len > 1 ? "," : "", name);
  }
  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

/* ---- from what is kept ---- */

CvPlan *
cv_plan_new (const CvEventRow *row, GError **error)
{
  g_autoptr (CvPlan) self = g_new0 (CvPlan, 1);

  self->cancelled = g_array_new (FALSE, FALSE, sizeof (int));
  self->zone = g_strdup (row->zone);
  self->clocks = cv_zone_find (row->zone);
  self->minutes = row->minutes;
  self->repeats = row->repeat != NULL;
  if (self->clocks == NULL)
    return refuse (error, "there is no such zone"), NULL;
  if (!cv_wall_parse (row->start, &self->start))
    return refuse (error, "start is no time, or not of this century"), NULL;
  if (self->minutes < 1 || self->minutes > CV_PLAN_MAX_MINUTES)
    return refuse (error, "minutes is out of bounds"), NULL;
  if (self->repeats && !cv_repeat_parse (&self->repeat, row->repeat, error))
    return NULL;
  return read_cancelled (self, row->cancelled, error) ? g_steal_pointer (&self) : NULL;
}

/* ---- from a request ---- */

static void
take_text (char **field, const char *text)
{
  if (text == NULL)
    return;
  g_free (*field);
  *field = g_strdup (text);
}

static void
read_repeat (CvEventRow *row, CvJsonReader *reader)
{
  CvRepeat repeat;
  JsonObject *object;

  if (cv_json_reader_null (reader, "repeat")) {
    g_clear_pointer (&row->repeat, g_free);
    return;
  }
  object = cv_json_reader_object (reader, "repeat");
  if (object == NULL || !cv_repeat_read (&repeat, object, &reader->error))
    return;
  g_free (row->repeat);
  row->repeat = cv_repeat_to_text (&repeat);
}

/* What it comes to, as it is kept. */
static gboolean
settle (CvEventRow *row, GError **error)
{
  g_autoptr (CvPlan) plan = cv_plan_new (row, error);

  if (plan == NULL)
    return FALSE;
  plan->start.day = cv_occurrences_find_first (plan);
  if (plan->start.day > CV_WALL_LAST_DAY)
    return refuse (error, "it begins too late");
  if (plan->repeat.until != 0 && plan->repeat.until < plan->start.day)
    return refuse (error, "until lies before the first one");
  g_free (row->start);
  row->start = cv_wall_to_text (&plan->start);
  g_free (row->cancelled);
  row->cancelled = write_cancelled (plan);
  return TRUE;
}

/* Calendars do not keep spaces at the end. */
static gboolean
settle_title (CvEventRow *row, GError **error)
{
  if (row->title == NULL)
    return TRUE;
  return *g_strstrip (row->title) != '\0' || refuse (error, "title is empty");
}

gboolean
cv_plan_read (CvEventRow *row, JsonObject *object, GError **error)
{
  gboolean all = row->start == NULL;
  CvJsonReader reader;

  cv_json_reader_init (&reader, object);
  if (cv_json_reader_has (&reader, "title"))
    take_text (&row->title, cv_json_reader_text (&reader, "title", 1, CV_PLAN_MAX_TITLE, FALSE));
  if (all || cv_json_reader_has (&reader, "start"))
    take_text (&row->start, cv_json_reader_ascii (&reader, "start", MAX_TEXT));
  if (all || cv_json_reader_has (&reader, "zone"))
    take_text (&row->zone, cv_json_reader_ascii (&reader, "zone", MAX_TEXT));
  if (all || cv_json_reader_has (&reader, "minutes"))
    row->minutes = (int) cv_json_reader_int (&reader, "minutes", 1, CV_PLAN_MAX_MINUTES);
  if (cv_json_reader_has (&reader, "repeat"))
    read_repeat (row, &reader);
  if (row->cancelled == NULL)
    row->cancelled = g_strdup ("[]");
  return cv_json_reader_finish (&reader, error) && settle_title (row, error) && settle (row, error);
}

gboolean
cv_plan_cancel (CvEventRow *row, int day, GError **error)
{
  g_autoptr (CvPlan) plan = cv_plan_new (row, error);

  if (plan == NULL)
    return FALSE;
  if (!cv_occurrences_has (plan, day)) {
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "it is not on that day");
    return FALSE;
  }
  if (!cv_plan_is_cancelled (plan, day) && plan->cancelled->len >= CV_PLAN_MAX_CANCELLED) {
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT, "too many days are cancelled");
    return FALSE;
  }
  if (!cv_plan_is_cancelled (plan, day))
    g_array_insert_val (plan->cancelled, find_cancelled (plan, day), day);
  g_free (row->cancelled);
  row->cancelled = write_cancelled (plan);
  return TRUE;
}
