/* Fuzz target of the JSON reader (libFuzzer).
 *
 * Whatever is accepted must be read alike by json-glib, and must be accepted again, and equal, after being written. The
 * reader's calls must stand any object.
 */
#include "base/json.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

/* Reads each member in every way; none may be wrong about what it returns. */
static void
read_members (JsonObject *object)
{
  g_autoptr (GList) names = json_object_get_members (object);
  guint8 bytes[32];

  for (GList *name = names; name != NULL; name = name->next) {
    CvJsonReader reader;
    const char *text;

    cv_json_reader_init (&reader, object);
    text = cv_json_reader_text (&reader, name->data, 1, 60, FALSE);
    g_assert_true (text == NULL || (g_utf8_validate (text, -1, NULL) && g_utf8_strlen (text, -1) <= 60));
    cv_json_reader_finish (&reader, NULL);
    cv_json_reader_init (&reader, object);
    cv_json_reader_id (&reader, name->data, "m", 12);
    cv_json_reader_finish (&reader, NULL);
    cv_json_reader_init (&reader, object);
    cv_json_reader_bytes (&reader, name->data, bytes, sizeof bytes);
    cv_json_reader_finish (&reader, NULL);
    cv_json_reader_init (&reader, object);
    cv_json_reader_base64url (&reader, name->data, 100);
    cv_json_reader_int (&reader, name->data, 0, 100);
    cv_json_reader_bool (&reader, name->data);
    cv_json_reader_finish (&reader, NULL);
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_json_parse ((const char *) data, n, &error);
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonObject) again = NULL;
  g_autofree char *written = NULL;
  gsize length;

  g_assert_true ((object == NULL) == (error != NULL));
  if (object == NULL)
    return 0;
  node = json_node_init_object (json_node_alloc (), object);
  parser = json_parser_new ();
  g_assert_true (json_parser_load_from_data (parser, (const char *) data, n, NULL));
  g_assert_true (json_node_equal (node, json_parser_get_root (parser)));
  written = cv_json_to_text (node, &length);
  /* what is written may be longer than what was read: U+007F becomes six characters */
  again = cv_json_parse_long (written, length, CV_JSON_MAX_BYTES * 32, &error);
  g_assert_no_error (error);
  g_assert_true (json_object_equal (object, again));
  read_members (object);
  return 0;
}
