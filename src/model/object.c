/* See object.h. */
#include "model/object.h"

#include <string.h>

/* Besides their texts, for the limit of memory. */
#define OBJECT_BYTES 64
#define FIELD_BYTES 24

typedef struct {
  JsonNode *value; /* owned; NULL: nothing was set */
  char *actor;
  gint64 clock;
} Register;

struct _CvObject {
  char *id;
  CvModelType type;
  Register gone;
  gsize bytes;
  guint n;
  Register fields[]; /* `n`: none once it is gone */
};

static void
register_clear (Register *self)
{
  g_clear_pointer (&self->value, json_node_unref);
  g_clear_pointer (&self->actor, g_free);
}

CvObject *
cv_object_new (const char *id, CvModelType type)
{
  guint n = cv_model_schema_get (type)->n_fields;
  CvObject *self = g_malloc0 (sizeof *self + n * sizeof (Register));
  self->id = g_strdup (id);
  self->type = type;
  self->n = n;
  self->bytes = OBJECT_BYTES + strlen (id);
  return self;
}

void
cv_object_free (CvObject *self)
{
  for (guint i = 0; i < self->n; i++)
    register_clear (&self->fields[i]);
  register_clear (&self->gone);
  g_free (self->id);
  g_free (self);
}

const char *
cv_object_get_id (const CvObject *self)
{
  return self->id;
}

CvModelType
cv_object_get_type (const CvObject *self)
{
  return self->type;
}

gboolean
cv_object_is_gone (const CvObject *self)
{
  return self->gone.value != NULL;
}

gsize
cv_object_get_bytes (const CvObject *self)
{
  return self->bytes;
}

/* ---- changing ---- */

static gboolean
is_later (const Register *self, const CvOperation *operation)
{
  if (self->value == NULL || operation->clock != self->clock)
    return self->value == NULL || operation->clock > self->clock;
  return strcmp (operation->actor, self->actor) > 0;
}

static gsize
count_bytes (JsonNode *value)
{
  gsize bytes = 0;
  if (JSON_NODE_HOLDS_ARRAY (value)) {
    JsonArray *array = json_node_get_array (value);
    for (guint i = 0; i < json_array_get_length (array); i++)
      bytes += count_bytes (json_array_get_element (array, i));
    return bytes;
  }
  return json_node_get_value_type (value) == G_TYPE_STRING ? strlen (json_node_get_string (value)) : sizeof (gint64);
}

static gsize
register_get_bytes (const Register *self)
{
  return self->value != NULL ? FIELD_BYTES + count_bytes (self->value) : 0;
}

static void
set (CvObject *self, Register *target, JsonNode *value, const CvOperation *operation)
{
  self->bytes -= register_get_bytes (target);
  register_clear (target);
  *target = (Register){ value, g_strdup (operation->actor), operation->clock };
  self->bytes += register_get_bytes (target);
}

static gboolean
remove_it (CvObject *self, const CvOperation *operation)
{
  gboolean was = cv_object_is_gone (self);
  if (is_later (&self->gone, operation))
    set (self, &self->gone, json_node_init_boolean (json_node_alloc (), TRUE), operation);
  for (guint i = 0; i < self->n; i++) {
    self->bytes -= register_get_bytes (&self->fields[i]);
    register_clear (&self->fields[i]);
  }
  self->n = 0;
  return !was;
}

gboolean
cv_object_apply (CvObject *self, const CvOperation *operation)
{
  gboolean changed = FALSE;
  g_return_val_if_fail (operation->type == self->type, FALSE);
  if (operation->gone)
    return remove_it (self, operation);
  for (guint i = 0; i < operation->assignments->len && !cv_object_is_gone (self); i++) {
    const CvAssignment *assignment = &g_array_index (operation->assignments, CvAssignment, i);
    Register *target = &self->fields[assignment->field];
    if (!is_later (target, operation))
      continue;
    set (self, target, json_node_ref (assignment->value), operation);
    changed = TRUE;
  }
  return changed;
}

/* ---- reading ---- */

JsonNode *
cv_object_get (const CvObject *self, const char *field)
{
  int index = cv_model_schema_find_field (self->type, field);
  return index >= 0 && (guint) index < self->n ? self->fields[index].value : NULL;
}

const char *
cv_object_get_text (const CvObject *self, const char *field)
{
  JsonNode *value = cv_object_get (self, field);
  int index = cv_model_schema_find_field (self->type, field);
  if (value != NULL)
    return json_node_get_string (value);
  const CvField *schema = index >= 0 ? &cv_model_schema_get (self->type)->fields[index] : NULL;
  return schema != NULL && schema->choices != NULL ? schema->choices[0] : "";
}

gint64
cv_object_get_int (const CvObject *self, const char *field)
{
  JsonNode *value = cv_object_get (self, field);
  return value != NULL ? json_node_get_int (value) : 0;
}

gboolean
cv_object_get_bool (const CvObject *self, const char *field)
{
  JsonNode *value = cv_object_get (self, field);
  return value != NULL && json_node_get_boolean (value);
}

gboolean
cv_object_is_of (const CvObject *self, const char *person)
{
  const char *owner = cv_model_schema_get (self->type)->owner;
  return owner != NULL && g_str_equal (cv_object_get_text (self, owner), person);
}

/* ---- as JSON ---- */

static void
add_register (JsonBuilder *builder, const char *name, const Register *source)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  cv_operation_add_value (builder, source->value);
  json_builder_add_int_value (builder, source->clock);
  json_builder_add_string_value (builder, source->actor);
  json_builder_end_array (builder);
}

/* Of what is gone there is one, of the others as many as its type has, in the order of their names. */
static void
add_fields (const CvObject *self, JsonBuilder *builder)
{
  const CvModelSchema *schema = cv_model_schema_get (self->type);
  json_builder_begin_object (builder);
  if (cv_object_is_gone (self))
    add_register (builder, "gone", &self->gone);
  for (guint i = 0; i < self->n; i++)
    if (self->fields[i].value != NULL)
      add_register (builder, schema->fields[i].name, &self->fields[i]);
  json_builder_end_object (builder);
}

void
cv_object_add (const CvObject *self, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "fields");
  add_fields (self, builder);
  cv_json_add_text (builder, "type", cv_model_schema_get (self->type)->name);
  json_builder_end_object (builder);
}

char *
cv_object_to_state (const CvObject *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  add_fields (self, builder);
  return cv_json_builder_to_text (builder, NULL);
}

/* All fields that were set together. */
static void
add_operation (const CvObject *self, JsonBuilder *builder, guint first)
{
  const Register *like = &self->fields[first];
  g_autoptr (CvOperation) operation = cv_operation_new (self->id, self->type, like->clock, like->actor);
  for (guint i = first; i < self->n; i++) {
    const Register *other = &self->fields[i];
    if (other->value != NULL && other->clock == like->clock && g_str_equal (other->actor, like->actor))
      g_array_append_val (operation->assignments, ((CvAssignment){ i, json_node_ref (other->value) }));
  }
  cv_operation_add (operation, builder);
}

static gboolean
is_first_of_its_kind (const CvObject *self, guint index)
{
  const Register *this = &self->fields[index];
  for (guint i = 0; i < index; i++)
    if (self->fields[i].value != NULL && self->fields[i].clock == this->clock &&
        g_str_equal (self->fields[i].actor, this->actor))
      return FALSE;
  return this->value != NULL;
}

guint
cv_object_add_operations (const CvObject *self, JsonBuilder *builder)
{
  guint n = 0;
  if (cv_object_is_gone (self)) {
    g_autoptr (CvOperation) operation = cv_operation_new (self->id, self->type, self->gone.clock, self->gone.actor);
    operation->gone = TRUE;
    cv_operation_add (operation, builder);
    n++;
  }
  for (guint i = 0; i < self->n; i++)
    if (is_first_of_its_kind (self, i)) {
      add_operation (self, builder, i);
      n++;
    }
  return n;
}
