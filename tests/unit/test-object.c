/* One object: which write wins, what is kept, and what it counts. */
#include "model/object.h"
#include "lib/operations.h"

static gboolean
apply (CvObject *object, const char *text)
{
  g_autoptr (CvOperation) operation = operation_new (text);
  return cv_object_apply (object, operation);
}

static void
test_latest (void)
{
  g_autoptr (CvObject) object = cv_object_new ("i1", CV_MODEL_ITEM);
  g_assert_true (apply (object, "{'o':'i1','t':'item','c':2,'a':'p1','f':{'title':'B','minutes':5}}"));
  g_assert_false (apply (object, "{'o':'i1','t':'item','c':1,'a':'p9','f':{'title':'A'}}"));
  g_assert_false (apply (object, "{'o':'i1','t':'item','c':2,'a':'p1','f':{'title':'B'}}"));
  g_assert_true (apply (object, "{'o':'i1','t':'item','c':2,'a':'p2','f':{'title':'C'}}"));
  g_assert_cmpstr (cv_object_get_text (object, "title"), ==, "C");
  g_assert_cmpint (cv_object_get_int (object, "minutes"), ==, 5);
}

static void
test_defaults (void)
{
  g_autoptr (CvObject) object = cv_object_new ("b1", CV_MODEL_BLOCK);
  g_assert_cmpstr (cv_object_get_text (object, "kind"), ==, "text");
  g_assert_cmpstr (cv_object_get_text (object, "due"), ==, "");
  g_assert_cmpint (cv_object_get_int (object, "nothing"), ==, 0);
  g_assert_false (cv_object_get_bool (object, "nothing"));
  g_assert_null (cv_object_get (object, "text"));
}

static void
test_owner (void)
{
  g_autoptr (CvObject) block = cv_object_new ("b1", CV_MODEL_BLOCK);
  g_autoptr (CvObject) item = cv_object_new ("i1", CV_MODEL_ITEM);
  g_assert_false (cv_object_is_of (block, "p1"));
  apply (block, "{'o':'b1','t':'block','c':1,'a':'server','f':{'by':'p1'}}");
  g_assert_true (cv_object_is_of (block, "p1"));
  g_assert_false (cv_object_is_of (block, "p2"));
  g_assert_false (cv_object_is_of (item, ""));
}

static void
test_gone (void)
{
  g_autoptr (CvObject) object = cv_object_new ("i1", CV_MODEL_ITEM);
  gsize empty = cv_object_get_bytes (object);
  apply (object, "{'o':'i1','t':'item','c':1,'a':'p1','f':{'title':'0123456789'}}");
  g_assert_cmpuint (cv_object_get_bytes (object), ==, empty + 24 + 10);
  apply (object, "{'o':'i1','t':'item','c':2,'a':'p1','f':{'title':'01'}}");
  g_assert_cmpuint (cv_object_get_bytes (object), ==, empty + 24 + 2);
  g_assert_true (apply (object, "{'o':'i1','t':'item','c':1,'a':'p1','f':{'gone':true}}"));
  g_assert_true (cv_object_is_gone (object));
  g_assert_false (apply (object, "{'o':'i1','t':'item','c':3,'a':'p1','f':{'gone':true}}"));
  g_assert_false (apply (object, "{'o':'i1','t':'item','c':9,'a':'p1','f':{'title':'A'}}"));
  g_assert_cmpuint (cv_object_get_bytes (object), ==, empty + 24 + 8);
  g_assert_null (cv_object_get (object, "title"));
  g_autofree char *state = cv_object_to_state (object);
  g_assert_cmpstr (state, ==, "{\"gone\":[true,3,\"p1\"]}");
}

/* What was done at once is one operation. */
static void
test_operations (void)
{
  g_autoptr (CvObject) object = cv_object_new ("i1", CV_MODEL_ITEM);
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  apply (object, "{'o':'i1','t':'item','c':1,'a':'p1','f':{'title':'A','minutes':5,'done':false}}");
  apply (object, "{'o':'i1','t':'item','c':2,'a':'p2','f':{'done':true}}");
  json_builder_begin_array (builder);
  g_assert_cmpuint (cv_object_add_operations (object, builder), ==, 2);
  json_builder_end_array (builder);
  g_autofree char *text = cv_json_builder_to_text (builder, NULL);
  g_assert_cmpstr (text, ==,
                   "[{\"o\":\"i1\",\"t\":\"item\",\"c\":2,\"a\":\"p2\",\"f\":{\"done\":true}},"
                   "{\"o\":\"i1\",\"t\":\"item\",\"c\":1,\"a\":\"p1\",\"f\":{\"minutes\":5,\"title\":\"A\"}}]");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/object/latest", test_latest);
  g_test_add_func ("/object/defaults", test_defaults);
  g_test_add_func ("/object/owner", test_owner);
  g_test_add_func ("/object/gone", test_gone);
  g_test_add_func ("/object/operations", test_operations);
  return g_test_run ();
}
