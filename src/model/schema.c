/* See schema.h. Fields stand in the order of their names. */
#include "model/schema.h"

#include "base/json.h"

#include <string.h>

static const CvField message_fields[] = {
  { "at", CV_FIELD_INT, .max = CV_MODEL_MAX_NUMBER, .stamped = TRUE },
  { "edited", CV_FIELD_BOOL, .stamped = TRUE },
  { "from", CV_FIELD_ID, .stamped = TRUE },
  { "name", CV_FIELD_TEXT, .max = 60, .stamped = TRUE },
  { "reply", CV_FIELD_ID, .fixed = TRUE },
  { "text", CV_FIELD_LINES, .max = 4000, .needed = TRUE },
};

static const char *const signs[] = { "up", "clap", "heart", "laugh", "surprise", "party", NULL };
static const CvField reaction_fields[] = {
  { "from", CV_FIELD_ID, .stamped = TRUE },
  { "message", CV_FIELD_ID, .fixed = TRUE, .needed = TRUE },
  { "on", CV_FIELD_BOOL },
  { "sign", CV_FIELD_CHOICE, .choices = signs, .fixed = TRUE, .needed = TRUE },
};

static const CvField item_fields[] = {
  { "done", CV_FIELD_BOOL },
  { "minutes", CV_FIELD_INT, .max = 600 },
  { "order", CV_FIELD_ORDER, .needed = TRUE },
  { "owner", CV_FIELD_TEXT, .max = 60 },
  { "spent", CV_FIELD_INT, .max = CV_MODEL_MAX_NUMBER },
  { "started", CV_FIELD_INT, .max = CV_MODEL_MAX_NUMBER },
  { "title", CV_FIELD_TEXT, .max = 200 },
};

static const CvField agenda_fields[] = {
  { "current", CV_FIELD_ID },
  { "since", CV_FIELD_INT, .max = CV_MODEL_MAX_NUMBER },
};

static const char *const block_kinds[] = { "text", "heading", "decision", "action", NULL };
static const CvField block_fields[] = {
  { "by", CV_FIELD_ID, .stamped = TRUE },
  { "due", CV_FIELD_DATE },
  { "kind", CV_FIELD_CHOICE, .choices = block_kinds },
  { "order", CV_FIELD_ORDER, .needed = TRUE },
  { "owner", CV_FIELD_TEXT, .max = 60 },
  { "text", CV_FIELD_LINES, .max = 4000 },
};

static const CvField poll_fields[] = {
  { "anonymous", CV_FIELD_BOOL, .fixed = TRUE },
  { "at", CV_FIELD_INT, .max = CV_MODEL_MAX_NUMBER, .stamped = TRUE },
  { "by", CV_FIELD_ID, .stamped = TRUE },
  { "choices", CV_FIELD_TEXTS, .max = 120, .items = 10, .fixed = TRUE, .needed = TRUE },
  { "counts", CV_FIELD_INTS, .max = 1000, .items = 10, .stamped = TRUE },
  { "multiple", CV_FIELD_BOOL, .fixed = TRUE },
  { "open", CV_FIELD_BOOL },
  { "question", CV_FIELD_TEXT, .max = 300, .fixed = TRUE, .needed = TRUE },
  { "voted", CV_FIELD_TEXTS, .max = 60, .items = 400, .stamped = TRUE },
  { "voters", CV_FIELD_INT, .max = 1000, .stamped = TRUE },
};

/* Where there is no server to count them, each vote is one of these. */
static const CvField vote_fields[] = {
  { "by", CV_FIELD_ID, .stamped = TRUE },
  { "choices", CV_FIELD_INTS, .max = 9, .items = 10 },
  { "name", CV_FIELD_TEXT, .max = 60, .stamped = TRUE },
  { "poll", CV_FIELD_ID, .fixed = TRUE, .needed = TRUE },
};

static const CvField caption_fields[] = {
  { "at", CV_FIELD_INT, .max = CV_MODEL_MAX_NUMBER, .stamped = TRUE },
  { "by", CV_FIELD_ID, .stamped = TRUE },
  { "lang", CV_FIELD_TEXT, .max = 35 },
  { "name", CV_FIELD_TEXT, .max = 60, .stamped = TRUE },
  { "text", CV_FIELD_TEXT, .max = 500, .needed = TRUE },
};

static const CvField document_fields[] = {
  { "at", CV_FIELD_INT, .max = CV_MODEL_MAX_NUMBER, .stamped = TRUE },
  { "by", CV_FIELD_ID, .stamped = TRUE },
  { "bytes", CV_FIELD_INT, .max = CV_MODEL_MAX_NUMBER, .stamped = TRUE },
  { "media_type", CV_FIELD_TEXT, .max = 127, .stamped = TRUE },
  { "name", CV_FIELD_TEXT, .max = 255, .stamped = TRUE },
  { "sender", CV_FIELD_TEXT, .max = 60, .stamped = TRUE },
  { "sha256", CV_FIELD_TEXT, .max = 64, .stamped = TRUE },
};

/* Somebody has saved a copy, where there is no server that keeps anything. */
static const CvField copy_fields[] = {
  { "at", CV_FIELD_INT, .max = CV_MODEL_MAX_NUMBER, .stamped = TRUE },
  { "by", CV_FIELD_ID, .stamped = TRUE },
  { "name", CV_FIELD_TEXT, .max = 60, .stamped = TRUE },
};

static const char *const audiences[] = { "off", "hosts", "people", NULL };
static const CvField settings_fields[] = {
  { "attendance", CV_FIELD_BOOL },
  { "chat", CV_FIELD_BOOL },
  { "summary", CV_FIELD_CHOICE, .choices = audiences },
};

#define FIELDS(list) .fields = list, .n_fields = G_N_ELEMENTS (list)

static const CvModelSchema schemas[CV_N_MODEL_TYPES] = {
  [CV_MODEL_MESSAGE] = { "message", "from", FIELDS (message_fields) },
  [CV_MODEL_REACTION] = { "reaction", "from", FIELDS (reaction_fields) },
  [CV_MODEL_ITEM] = { "item", NULL, FIELDS (item_fields) },
  [CV_MODEL_AGENDA] = { "agenda", NULL, .singleton = TRUE, FIELDS (agenda_fields) },
  [CV_MODEL_BLOCK] = { "block", "by", FIELDS (block_fields) },
  [CV_MODEL_POLL] = { "poll", "by", FIELDS (poll_fields) },
  [CV_MODEL_VOTE] = { "vote", "by", FIELDS (vote_fields) },
  [CV_MODEL_CAPTION] = { "caption", "by", FIELDS (caption_fields) },
  [CV_MODEL_DOCUMENT] = { "document", "by", FIELDS (document_fields) },
  [CV_MODEL_COPY] = { "copy", "by", FIELDS (copy_fields) },
  [CV_MODEL_SETTINGS] = { "settings", NULL, .singleton = TRUE, FIELDS (settings_fields) },
};

const CvModelSchema *
cv_model_schema_get (CvModelType type)
{
  return &schemas[type];
}

gboolean
cv_model_schema_find (const char *name, CvModelType *type)
{
  for (guint i = 0; i < CV_N_MODEL_TYPES; i++)
    if (g_str_equal (schemas[i].name, name)) {
      *type = (CvModelType) i;
      return TRUE;
    }
  return FALSE;
}

int
cv_model_schema_find_field (CvModelType type, const char *name)
{
  for (guint i = 0; i < schemas[type].n_fields; i++)
    if (g_str_equal (schemas[type].fields[i].name, name))
      return (int) i;
  return -1;
}

/* ---- as JSON ---- */

static void
add_field (JsonBuilder *builder, const CvField *field)
{
  static const char *const kinds[CV_N_FIELD_FORMS] = {
    "text", "lines", "id", "int", "bool", "choice", "date", "order", "texts", "ints",
  };
  json_builder_set_member_name (builder, field->name);
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "kind", kinds[field->form]);
  if (field->max != 0)
    cv_json_add_int (builder, "max", field->max);
  if (field->items != 0)
    cv_json_add_int (builder, "items", field->items);
  if (field->choices != NULL) {
    json_builder_set_member_name (builder, "choices");
    json_builder_begin_array (builder);
    for (const char *const *choice = field->choices; *choice != NULL; choice++)
      json_builder_add_string_value (builder, *choice);
    json_builder_end_array (builder);
  }
  if (field->stamped)
    cv_json_add_bool (builder, "stamped", TRUE);
  if (field->fixed)
    cv_json_add_bool (builder, "fixed", TRUE);
  if (field->needed)
    cv_json_add_bool (builder, "needed", TRUE);
  json_builder_end_object (builder);
}

static void
add_schema (JsonBuilder *builder, const CvModelSchema *schema)
{
  json_builder_set_member_name (builder, schema->name);
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "owner", schema->owner != NULL ? schema->owner : "");
  cv_json_add_bool (builder, "singleton", schema->singleton);
  json_builder_set_member_name (builder, "fields");
  json_builder_begin_object (builder);
  for (guint i = 0; i < schema->n_fields; i++)
    add_field (builder, &schema->fields[i]);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

char *
cv_model_schema_to_text (void)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "limits");
  json_builder_begin_object (builder);
  cv_json_add_int (builder, "objects", CV_MODEL_MAX_OBJECTS);
  cv_json_add_int (builder, "bytes", CV_MODEL_MAX_BYTES);
  cv_json_add_int (builder, "fields", CV_MODEL_MAX_FIELDS);
  cv_json_add_int (builder, "ops", CV_MODEL_MAX_OPS);
  cv_json_add_int (builder, "change_bytes", CV_MODEL_MAX_CHANGE_BYTES);
  cv_json_add_int (builder, "ahead", CV_MODEL_MAX_AHEAD);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "types");
  json_builder_begin_object (builder);
  for (guint i = 0; i < CV_N_MODEL_TYPES; i++)
    add_schema (builder, &schemas[i]);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  return cv_json_builder_to_text (builder, NULL);
}
