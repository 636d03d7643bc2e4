/* The tables are in order, and are found by name. */
#include "base/json.h"
#include "model/schema.h"

#include <string.h>

static void
test_tables (void)
{
  for (CvModelType type = 0; type < CV_N_MODEL_TYPES; type++) {
    const CvModelSchema *schema = cv_model_schema_get (type);
    CvModelType found = CV_N_MODEL_TYPES;
    g_assert_true (cv_model_schema_find (schema->name, &found));
    g_assert_cmpint (found, ==, type);
    g_assert_true (schema->owner == NULL || cv_model_schema_find_field (type, schema->owner) >= 0);
    g_assert_cmpuint (schema->n_fields, <, CV_MODEL_MAX_FIELDS);
    for (guint i = 0; i < schema->n_fields; i++) {
      const CvField *field = &schema->fields[i];
      g_assert_cmpint (cv_model_schema_find_field (type, field->name), ==, (int) i);
      g_assert_true (i == 0 || strcmp (schema->fields[i - 1].name, field->name) < 0);
      g_assert_true ((field->form == CV_FIELD_CHOICE) == (field->choices != NULL));
      g_assert_true ((field->form == CV_FIELD_TEXTS || field->form == CV_FIELD_INTS) == (field->items != 0));
    }
  }
}

static void
test_unknown (void)
{
  CvModelType type = CV_N_MODEL_TYPES;
  g_assert_false (cv_model_schema_find ("whiteboard", &type));
  g_assert_cmpint (cv_model_schema_find_field (CV_MODEL_ITEM, "text"), ==, -1);
}

static void
test_to_text (void)
{
  g_autofree char *text = cv_model_schema_to_text ();
  g_autoptr (JsonObject) object = cv_json_parse (text, strlen (text), NULL);
  g_assert_nonnull (object);
  JsonObject *types = json_object_get_object_member (object, "types");
  g_assert_cmpuint (json_object_get_size (types), ==, CV_N_MODEL_TYPES);
  JsonObject *poll = json_object_get_object_member (types, "poll");
  JsonObject *choices = json_object_get_object_member (json_object_get_object_member (poll, "fields"), "choices");
  g_assert_cmpstr (json_object_get_string_member (choices, "kind"), ==, "texts");
  g_assert_cmpint (json_object_get_int_member (choices, "items"), ==, 10);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/tables", test_tables);
  g_test_add_func ("/schema/unknown", test_unknown);
  g_test_add_func ("/schema/to-text", test_to_text);
  return g_test_run ();
}
