/* See operation.h. */
#include "model/operation.h"

#include "model/order-key.h"

#include <string.h>

static void
assignment_clear (gpointer data)
{
  g_clear_pointer (&((CvAssignment *) data)->value, json_node_unref);
}

CvOperation *
cv_operation_new (const char *object, CvModelType type, gint64 clock, const char *actor)
{
  CvOperation *self = g_new0 (CvOperation, 1);
  self->object = g_strdup (object);
  self->type = type;
  self->clock = clock;
  self->actor = g_strdup (actor);
  self->assignments = g_array_new (FALSE, FALSE, sizeof (CvAssignment));
  g_array_set_clear_func (self->assignments, assignment_clear);
  return self;
}

void
cv_operation_free (CvOperation *self)
{
  g_array_unref (self->assignments);
  g_free (self->object);
  g_free (self->actor);
  g_free (self);
}

gboolean
cv_operation_is_id (const char *text)
{
  gsize n = 0;
  while (g_ascii_isalnum (text[n]) || text[n] == '_' || text[n] == '-')
    n++;
  return text[n] == '\0' && n >= 1 && n <= CV_MODEL_MAX_ID_CHARACTERS;
}

/* ---- what a field takes ---- */

/* NULL where it is no string. */
static const char *
get_string (JsonNode *value)
{
  gboolean is = JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING;
  return is ? json_node_get_string (value) : NULL;
}

static gboolean
is_int (JsonNode *value, gint64 max)
{
  if (!JSON_NODE_HOLDS_VALUE (value) || json_node_get_value_type (value) != G_TYPE_INT64)
    return FALSE;
  return json_node_get_int (value) >= 0 && json_node_get_int (value) <= max;
}

/* No control characters, no bidi overrides and isolates: as base/json.h has it. */
static gboolean
is_plain (const char *text, gint64 max, gboolean lines)
{
  gint64 n = 0;
  for (; *text != '\0'; text = g_utf8_next_char (text), n++) {
    gunichar c = g_utf8_get_char (text);
    if (g_unichar_iscntrl (c) && !(lines && (c == '\n' || c == '\t')))
      return FALSE;
    if ((c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
      return FALSE;
  }
  return n <= max;
}

static gboolean
is_date (const char *text)
{
  int month = 0, day = 0;
  if (strlen (text) != 10 || text[4] != '-' || text[7] != '-')
    return FALSE;
  for (guint i = 0; i < 10; i++)
    if (i != 4 && i != 7 && !g_ascii_isdigit (text[i]))
      return FALSE;
  month = (text[5] - '0') * 10 + text[6] - '0';
  day = (text[8] - '0') * 10 + text[9] - '0';
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static gboolean
text_fits (const CvField *field, const char *text)
{
  if (text == NULL || (field->needed && *text == '\0'))
    return FALSE;
  switch (field->form) {
  case CV_FIELD_TEXT:
  case CV_FIELD_TEXTS:
    return is_plain (text, field->max, FALSE);
  case CV_FIELD_LINES:
    return is_plain (text, field->max, TRUE);
  case CV_FIELD_ID:
    return *text == '\0' || cv_operation_is_id (text);
  case CV_FIELD_CHOICE:
    return g_strv_contains (field->choices, text);
  case CV_FIELD_DATE:
    return *text == '\0' || is_date (text);
  case CV_FIELD_ORDER:
    return cv_order_key_is_valid (text);
  default:
    return FALSE;
  }
}

static gboolean
list_fits (const CvField *field, JsonNode *value)
{
  const CvField element = { .form = field->form, .max = field->max };
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (value) ? json_node_get_array (value) : NULL;
  guint n = array != NULL ? json_array_get_length (array) : 0;
  if (array == NULL || n > field->items || (field->needed && n < 2))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    JsonNode *node = json_array_get_element (array, i);
    if (field->form == CV_FIELD_INTS ? !is_int (node, field->max) : !text_fits (&element, get_string (node)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
fits (const CvField *field, JsonNode *value)
{
  if (field->form == CV_FIELD_TEXTS || field->form == CV_FIELD_INTS)
    return list_fits (field, value);
  if (field->form == CV_FIELD_INT)
    return is_int (value, field->max);
  if (field->form == CV_FIELD_BOOL)
    return JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_BOOLEAN;
  return text_fits (field, get_string (value));
}

/* ---- reading ---- */

static gboolean
fail (GError **error, const char *what)
{
  g_set_error_literal (error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, what);
  return FALSE;
}

static void
assign (CvOperation *self, guint field, JsonNode *value)
{
  guint at = 0;
  while (at < self->assignments->len && g_array_index (self->assignments, CvAssignment, at).field < field)
    at++;
  if (at < self->assignments->len && g_array_index (self->assignments, CvAssignment, at).field == field)
    g_array_remove_index (self->assignments, at);
  CvAssignment assignment = { field, value };
  g_array_insert_val (self->assignments, at, assignment);
}

static gboolean
read_fields (CvOperation *self, JsonObject *fields, GError **error)
{
  JsonObjectIter iter;
  const char *name = NULL;
  JsonNode *value = NULL;
  guint n = json_object_get_size (fields);
  if (n < 1 || n > CV_MODEL_MAX_FIELDS)
    return fail (error, "too few fields, or too many");
  json_object_iter_init (&iter, fields);
  while (json_object_iter_next (&iter, &name, &value)) {
    int field = cv_model_schema_find_field (self->type, name);
    if (g_str_equal (name, "gone")) {
      gboolean is = JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_BOOLEAN &&
                    json_node_get_boolean (value);
      if (!is)
        return fail (error, "gone is not true");
      self->gone = TRUE;
    } else if (field < 0 || !fits (&cv_model_schema_get (self->type)->fields[field], value)) {
      return fail (error, "a field is unknown or does not fit");
    } else {
      assign (self, (guint) field, json_node_ref (value));
    }
  }
  return TRUE;
}

/* The name of what there is one of is nothing else's id. */
static gboolean
id_fits_type (const char *id, CvModelType type)
{
  CvModelType named = CV_N_MODEL_TYPES;
  const CvModelSchema *schema = cv_model_schema_get (type);
  if (schema->singleton)
    return g_str_equal (id, schema->name);
  return !cv_model_schema_find (id, &named) || !cv_model_schema_get (named)->singleton;
}

CvOperation *
cv_operation_read (JsonObject *object, GError **error)
{
  CvJsonReader reader;
  CvModelType type = CV_MODEL_MESSAGE;
  cv_json_reader_init (&reader, object);
  const char *id = cv_json_reader_text (&reader, "o", 1, CV_MODEL_MAX_ID_CHARACTERS, FALSE);
  const char *type_name = cv_json_reader_text (&reader, "t", 1, 20, FALSE);
  gint64 clock = cv_json_reader_int (&reader, "c", 1, CV_MODEL_MAX_NUMBER);
  const char *actor = cv_json_reader_text (&reader, "a", 1, CV_MODEL_MAX_ID_CHARACTERS, FALSE);
  JsonObject *fields = cv_json_reader_object (&reader, "f");
  if (!cv_json_reader_finish (&reader, error))
    return NULL;
  if (!cv_operation_is_id (id) || !cv_operation_is_id (actor) || !cv_model_schema_find (type_name, &type) ||
      !id_fits_type (id, type)) {
    fail (error, "not an operation of the model");
    return NULL;
  }
  g_autoptr (CvOperation) self = cv_operation_new (id, type, clock, actor);
  return read_fields (self, fields, error) ? g_steal_pointer (&self) : NULL;
}

/* ---- making ---- */

void
cv_operation_set (CvOperation *self, const char *field, JsonNode *value)
{
  int index = cv_model_schema_find_field (self->type, field);
  g_autoptr (JsonNode) own = value;
  g_return_if_fail (index >= 0 && fits (&cv_model_schema_get (self->type)->fields[index], value));
  assign (self, (guint) index, g_steal_pointer (&own));
}

void
cv_operation_set_text (CvOperation *self, const char *field, const char *text)
{
  cv_operation_set (self, field, json_node_init_string (json_node_alloc (), text));
}

void
cv_operation_set_int (CvOperation *self, const char *field, gint64 number)
{
  cv_operation_set (self, field, json_node_init_int (json_node_alloc (), number));
}

void
cv_operation_set_bool (CvOperation *self, const char *field, gboolean value)
{
  cv_operation_set (self, field, json_node_init_boolean (json_node_alloc (), value));
}

JsonNode *
cv_operation_get (const CvOperation *self, const char *field)
{
  int index = cv_model_schema_find_field (self->type, field);
  for (guint i = 0; i < self->assignments->len; i++)
    if ((int) g_array_index (self->assignments, CvAssignment, i).field == index)
      return g_array_index (self->assignments, CvAssignment, i).value;
  return NULL;
}

/* A node of its own: one tree has each only once. */
void
cv_operation_add_value (JsonBuilder *builder, JsonNode *value)
{
  json_builder_add_value (builder, json_node_copy (value));
}

void
cv_operation_add (const CvOperation *self, JsonBuilder *builder)
{
  const CvModelSchema *schema = cv_model_schema_get (self->type);
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "o", self->object);
  cv_json_add_text (builder, "t", schema->name);
  cv_json_add_int (builder, "c", self->clock);
  cv_json_add_text (builder, "a", self->actor);
  json_builder_set_member_name (builder, "f");
  json_builder_begin_object (builder);
  if (self->gone)
    cv_json_add_bool (builder, "gone", TRUE);
  for (guint i = 0; i < self->assignments->len && !self->gone; i++) {
    const CvAssignment *assignment = &g_array_index (self->assignments, CvAssignment, i);
    json_builder_set_member_name (builder, schema->fields[assignment->field].name);
    cv_operation_add_value (builder, assignment->value);
  }
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}
