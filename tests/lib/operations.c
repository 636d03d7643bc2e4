/* See operations.h. */
#include "lib/operations.h"

#include <string.h>

CvOperation *
operation_try (const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (JsonObject) object = cv_json_parse (json, strlen (json), NULL);
  return object != NULL ? cv_operation_read (object, NULL) : NULL;
}

CvOperation *
operation_new (const char *text)
{
  CvOperation *operation = operation_try (text);
  if (operation == NULL)
    g_error ("no operation: %s", text);
  return operation;
}

gboolean
operation_apply (CvModel *model, const char *text)
{
  g_autoptr (CvOperation) operation = operation_new (text);
  g_autoptr (GError) error = NULL;
  gboolean changed = FALSE;
  cv_model_apply (model, operation, &changed, &error);
  g_assert_no_error (error);
  return changed;
}

JsonObject *
operations_load_vectors (void)
{
  g_autofree char *path = g_build_filename (CV_TESTS_DIR, "vectors", "model.json", NULL);
  g_autofree char *text = NULL;
  gsize length = 0;
  g_autoptr (GError) error = NULL;
  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  JsonObject *vectors = cv_json_parse_long (text, length, 1024 * 1024, &error);
  g_assert_no_error (error);
  return vectors;
}
