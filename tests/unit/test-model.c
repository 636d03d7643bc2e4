/* The whole state: the vectors, which the web client is held against as well, and the limits. */
#include "model/model.h"
#include "lib/operations.h"

#include <string.h>

static void
apply (CvModel *model, JsonObject *object)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvOperation) operation = cv_operation_read (object, &error);
  g_assert_no_error (error);
  cv_model_apply (model, operation, NULL, &error);
  g_assert_no_error (error);
}

/* Forwards and backwards. */
static void
test_vectors (void)
{
  g_autoptr (JsonObject) vectors = operations_load_vectors ();
  JsonArray *states = json_object_get_array_member (vectors, "states");
  for (guint i = 0; i < json_array_get_length (states); i++) {
    JsonObject *vector = json_array_get_object_element (states, i);
    JsonArray *ops = json_object_get_array_member (vector, "ops");
    guint n = json_array_get_length (ops);
    g_autoptr (CvModel) forwards = cv_model_new ();
    g_autoptr (CvModel) backwards = cv_model_new ();
    for (guint j = 0; j < n; j++) {
      apply (forwards, json_array_get_object_element (ops, j));
      apply (backwards, json_array_get_object_element (ops, n - 1 - j));
    }
    g_autofree char *one = cv_model_to_text (forwards);
    g_autofree char *other = cv_model_to_text (backwards);
    g_assert_cmpstr (one, ==, json_object_get_string_member (vector, "state"));
    g_assert_cmpstr (other, ==, one);
  }
}

static void
test_clock (void)
{
  g_autoptr (CvModel) model = cv_model_new ();
  g_assert_cmpint (cv_model_get_clock (model), ==, 0);
  g_assert_true (operation_apply (model, "{'o':'i1','t':'item','c':7,'a':'p1','f':{'done':true}}"));
  g_assert_false (operation_apply (model, "{'o':'i1','t':'item','c':3,'a':'p1','f':{'done':false}}"));
  g_assert_cmpint (cv_model_get_clock (model), ==, 7);
  g_assert_nonnull (cv_model_find (model, "i1"));
  g_assert_null (cv_model_find (model, "i2"));
}

static void
test_type (void)
{
  g_autoptr (CvModel) model = cv_model_new ();
  g_autoptr (GError) error = NULL;
  operation_apply (model, "{'o':'x','t':'item','c':1,'a':'p1','f':{'done':true}}");
  g_autoptr (CvOperation) other = operation_new ("{'o':'x','t':'block','c':2,'a':'p1','f':{'gone':true}}");
  g_assert_false (cv_model_apply (model, other, NULL, &error));
  g_assert_error (error, CV_MODEL_ERROR, CV_MODEL_ERROR_TYPE);
  g_assert_cmpint (cv_model_get_clock (model), ==, 1);
}

static void
test_too_many_objects (void)
{
  g_autoptr (CvModel) model = cv_model_new ();
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < CV_MODEL_MAX_OBJECTS; i++) {
    g_autofree char *id = g_strdup_printf ("i%u", i);
    g_autoptr (CvOperation) operation = cv_operation_new (id, CV_MODEL_ITEM, 1, "p1");
    operation->gone = TRUE;
    g_assert_true (cv_model_apply (model, operation, NULL, NULL));
  }
  g_autoptr (CvOperation) more = operation_new ("{'o':'x','t':'item','c':1,'a':'p1','f':{'gone':true}}");
  g_assert_false (cv_model_apply (model, more, NULL, &error));
  g_assert_error (error, CV_MODEL_ERROR, CV_MODEL_ERROR_LIMIT);
  g_assert_cmpuint (cv_model_get_objects (model)->len, ==, CV_MODEL_MAX_OBJECTS);
  operation_apply (model, "{'o':'i1','t':'item','c':2,'a':'p1','f':{'gone':true}}");
}

static void
test_too_much_text (void)
{
  g_autoptr (CvModel) model = cv_model_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strnfill (4000, 'x');
  for (guint i = 0; cv_model_get_bytes (model) < CV_MODEL_MAX_BYTES; i++) {
    g_autofree char *id = g_strdup_printf ("b%u", i);
    g_autoptr (CvOperation) operation = cv_operation_new (id, CV_MODEL_BLOCK, 1, "p1");
    cv_operation_set_text (operation, "text", text);
    g_assert_true (cv_model_apply (model, operation, NULL, NULL));
  }
  g_autoptr (CvOperation) more = operation_new ("{'o':'x','t':'item','c':1,'a':'p1','f':{'done':true}}");
  g_assert_false (cv_model_apply (model, more, NULL, &error));
  g_assert_error (error, CV_MODEL_ERROR, CV_MODEL_ERROR_LIMIT);
  /* to remove something makes room */
  g_assert_true (operation_apply (model, "{'o':'b0','t':'block','c':2,'a':'p1','f':{'gone':true}}"));
  g_assert_cmpuint (cv_model_get_bytes (model), <, CV_MODEL_MAX_BYTES);
  g_assert_true (cv_model_apply (model, more, NULL, NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/vectors", test_vectors);
  g_test_add_func ("/model/clock", test_clock);
  g_test_add_func ("/model/type", test_type);
  g_test_add_func ("/model/too-many-objects", test_too_many_objects);
  g_test_add_func ("/model/too-much-text", test_too_much_text);
  return g_test_run ();
}
