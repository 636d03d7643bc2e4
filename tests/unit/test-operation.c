/* What is an operation, and what is not: the vectors, which the web client is held against as well. */
#include "model/operation.h"
#include "lib/operations.h"

static void
test_vectors (void)
{
  g_autoptr (JsonObject) vectors = operations_load_vectors ();
  const char *const names[] = { "refused", "taken" };
  for (guint taken = 0; taken <= 1; taken++) {
    JsonArray *list = json_object_get_array_member (vectors, names[taken]);
    for (guint i = 0; i < json_array_get_length (list); i++) {
      g_autoptr (GError) error = NULL;
      g_autoptr (CvOperation) operation = cv_operation_read (json_array_get_object_element (list, i), &error);
      if ((operation != NULL) != taken)
        g_error ("%s[%u]: %s", names[taken], i, error != NULL ? error->message : "taken");
      g_assert_true (taken || g_error_matches (error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER));
    }
  }
}

static void
test_read (void)
{
  g_autoptr (CvOperation) operation =
    operation_new ("{'o':'i1','t':'item','c':7,'a':'p1','f':{'title':'T','done':true,'minutes':5}}");
  g_assert_cmpstr (operation->object, ==, "i1");
  g_assert_cmpint (operation->type, ==, CV_MODEL_ITEM);
  g_assert_cmpint (operation->clock, ==, 7);
  g_assert_cmpstr (operation->actor, ==, "p1");
  g_assert_false (operation->gone);
  g_assert_cmpuint (operation->assignments->len, ==, 3);
  g_assert_cmpstr (json_node_get_string (cv_operation_get (operation, "title")), ==, "T");
  g_assert_null (cv_operation_get (operation, "order"));
  g_assert_null (cv_operation_get (operation, "nothing"));
}

static char *
to_text (const CvOperation *operation)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  cv_operation_add (operation, builder);
  return cv_json_builder_to_text (builder, NULL);
}

static void
test_make (void)
{
  g_autoptr (CvOperation) operation = cv_operation_new ("m1", CV_MODEL_MESSAGE, 3, "server");
  cv_operation_set_text (operation, "name", "Ann");
  cv_operation_set_int (operation, "at", 17);
  cv_operation_set_bool (operation, "edited", FALSE);
  cv_operation_set_text (operation, "name", "Bob");
  g_autofree char *text = to_text (operation);
  g_assert_cmpstr (
    text, ==,
    "{\"o\":\"m1\",\"t\":\"message\",\"c\":3,\"a\":\"server\",\"f\":{\"at\":17,\"edited\":false,\"name\":\"Bob\"}}");
  operation->gone = TRUE;
  g_autofree char *gone = to_text (operation);
  g_assert_cmpstr (gone, ==, "{\"o\":\"m1\",\"t\":\"message\",\"c\":3,\"a\":\"server\",\"f\":{\"gone\":true}}");
}

static void
test_id (void)
{
  g_assert_true (cv_operation_is_id ("aZ09_-"));
  const char *const bad[] = { "", "a b", "a.b", "\303\251",
                              "01234567890123456789012345678901234567890123456789012345678901234" };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (cv_operation_is_id (bad[i]));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/operation/vectors", test_vectors);
  g_test_add_func ("/operation/read", test_read);
  g_test_add_func ("/operation/make", test_make);
  g_test_add_func ("/operation/id", test_id);
  return g_test_run ();
}
