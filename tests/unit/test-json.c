/* The JSON reader: what RFC 8259 allows and no more, and typed access. */
#include "base/json.h"

#include <math.h>
#include <string.h>

/* ---- Parsing ---- */

static JsonObject *
parse (const char *text, GError **error)
{
  /* a copy without a NUL behind it: reading on is an error that the sanitizer sees */
  gsize n = strlen (text);
  g_autofree char *copy = g_memdup2 (text, n);

  return cv_json_parse (copy != NULL ? copy : "", n, error);
}

static void
assert_refused (const char *text, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = parse (text, &error);

  if (object != NULL)
    g_error ("accepted: %s", text);
  g_assert_error (error, CV_JSON_ERROR, code);
}

static void
test_accepted (void)
{
  static const char *const GOOD[] = {
    "{}",
    " \t\r\n{ \"a\" : 1 , \"b\" : [ ] } \n",
    "{\"a\":true,\"b\":false,\"c\":null}",
    "{\"a\":[1,2,[3,{\"b\":{}}]]}",
    "{\"\":\"\"}",
    "{\"a\":-0,\"b\":0,\"c\":-1,\"d\":9223372036854775807,\"e\":-9223372036854775808}",
    "{\"a\":0.5,\"b\":-0.0,\"c\":1e3,\"d\":1E+2,\"e\":2.5e-3,\"f\":0e1,\"g\":1e-999}",
    "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDe00\"}",
    "{\"a\":\"é😀\xe2\x80\xa8\x7f\"}",
    "{\"a\":\"// # /* ' \"}",
    "{\"a\":1,\"A\":2,\"a \":3}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (GOOD); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonObject) object = parse (GOOD[i], &error);

    g_assert_no_error (error);
    g_assert_nonnull (object);
  }
}

static void
test_values (void)
{
  g_autoptr (JsonObject) object = parse ("{\"i\":-9223372036854775808,\"d\":1e2,\"s\":\"a\\uD83D\\uDE00\\u0041\\n\","
                                         "\"t\":true,\"n\":null,\"\\u0061\":[\"x\"]}",
                                         NULL);

  g_assert_nonnull (object);
  g_assert_cmpint (json_object_get_int_member (object, "i"), ==, G_MININT64);
  g_assert_cmpfloat (json_object_get_double_member (object, "d"), ==, 100.0);
  g_assert_cmpstr (json_object_get_string_member (object, "s"), ==, "a😀A\n");
  g_assert_true (json_object_get_boolean_member (object, "t"));
  g_assert_true (json_object_get_null_member (object, "n"));
  g_assert_cmpstr (json_array_get_string_element (json_object_get_array_member (object, "a"), 0), ==, "x");
}

static const char *const BAD_SYNTAX[] = {
  "",
  " ",
  "null",
  "1",
  "\"a\"",
  "[]",
  "[{}]",
  "{",
  "}",
  "{}{}",
  "{} x",
  "{}\v",
  "\xef\xbb\xbf{}",
  "{,}",
  "{\"a\"}",
  "{\"a\":}",
  "{\"a\":1,}",
  "{\"a\":1 \"b\":2}",
  "{\"a\":1,,\"b\":2}",
  "{\"a\"=1}",
  "{\"a\":[1,]}",
  "{\"a\":[,1]}",
  "{\"a\":[1 2]}",
  "{\"a\":[1}",
  "{\"a\":{]}",
  "{\"a\":[",
  "{\"a\":",
  "{\"a\":\"",
  "{\"a\":\"\\",
  "{\"a\":\"\\u",
  "{\"a\":\"\\u12",
  /* what json-glib takes besides */
  "{a:1}",
  "{'a':1}",
  "{\"a\":'b'}",
  "// x\n{}",
  "/* x */{}",
  "{}// x",
  "# x\n{}",
  "{\"a\":1/*x*/}",
  "var a = {};",
  "a={}",
  "{\"a\":1};",
  "{1:2}",
  "{null:1}",
  /* numbers */
  "{\"a\":01}",
  "{\"a\":-01}",
  "{\"a\":+1}",
  "{\"a\":.5}",
  "{\"a\":5.}",
  "{\"a\":1e}",
  "{\"a\":1e+}",
  "{\"a\":0x1f}",
  "{\"a\":1_0}",
  "{\"a\":-}",
  "{\"a\":--1}",
  "{\"a\":NaN}",
  "{\"a\":Infinity}",
  "{\"a\":-Infinity}",
  "{\"a\":1.2.3}",
  "{\"a\":$ff}",
  "{\"a\":1L}",
  /* words */
  "{\"a\":True}",
  "{\"a\":NULL}",
  "{\"a\":nul}",
  "{\"a\":truex}",
  "{\"a\":undefined}",
  /* strings */
  "{\"a\":\"\n\"}",
  "{\"a\":\"\t\"}",
  "{\"a\":\"\x01\"}",
  "{\"a\":\"\x1f\"}",
  "{\"a\":\"\\x\"}",
  "{\"a\":\"\\'\"}",
  "{\"a\":\"\\0\"}",
  "{\"a\":\"\\012\"}",
  "{\"a\":\"\\u12g4\"}",
  "{\"a\":\"\\u+123\"}",
  "{\"a\":\"\\U0041\"}",
  "{\"a\":\"\\u0000\"}",
  "{\"\\u0000\":1}",
  "{\"a\":\"\\ud800\"}",
  "{\"a\":\"\\udc00\"}",
  "{\"a\":\"\\ud800\\ud800\"}",
  "{\"a\":\"\\ud800x\"}",
  "{\"a\":\"\\ud800\\n\"}",
  "{\"a\":\"\\ud800\\u0041\"}",
  "{\"a\\udfff\":1}",
  /* not UTF-8: broken, too short, over-long, surrogate, above U+10FFFF */
  "{\"a\":\"\xff\"}",
  "{\"a\":\"\xc3\"}",
  "{\"a\":\"\xc0\xaf\"}",
  "{\"a\":\"\xed\xa0\x80\"}",
  "{\"a\":\"\xf4\x90\x80\x80\"}",
  "{\"\x80\":1}",
  "{\"a\":1}\xff",
};

static void
test_syntax (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (BAD_SYNTAX); i++)
    assert_refused (BAD_SYNTAX[i], CV_JSON_ERROR_SYNTAX);
}

static void
test_embedded_nul (void)
{
  static const char AFTER[] = "{}\0", WITHIN[] = "{\"a\":\"b\0c\"}", BEFORE[] = "{\0\"a\":1}";
  g_autoptr (GError) error = NULL;

  g_assert_null (cv_json_parse (AFTER, sizeof AFTER - 1, &error));
  g_assert_error (error, CV_JSON_ERROR, CV_JSON_ERROR_SYNTAX);
  g_clear_error (&error);
  g_assert_null (cv_json_parse (WITHIN, sizeof WITHIN - 1, &error));
  g_assert_error (error, CV_JSON_ERROR, CV_JSON_ERROR_SYNTAX);
  g_clear_error (&error);
  g_assert_null (cv_json_parse (BEFORE, sizeof BEFORE - 1, &error));
  g_assert_error (error, CV_JSON_ERROR, CV_JSON_ERROR_SYNTAX);
  g_clear_error (&error);
  g_assert_null (cv_json_parse (NULL, 0, &error));
  g_assert_error (error, CV_JSON_ERROR, CV_JSON_ERROR_SYNTAX);
}

static void
test_doubled (void)
{
  assert_refused ("{\"a\":1,\"a\":1}", CV_JSON_ERROR_SYNTAX);
  assert_refused ("{\"a\":1,\"b\":2,\"\\u0061\":3}", CV_JSON_ERROR_SYNTAX);
  assert_refused ("{\"\\/\":1,\"/\":2}", CV_JSON_ERROR_SYNTAX);
  assert_refused ("{\"😀\":1,\"\\ud83d\\ude00\":2}", CV_JSON_ERROR_SYNTAX);
  assert_refused ("{\"\":1,\"\":2}", CV_JSON_ERROR_SYNTAX);
  assert_refused ("{\"x\":[{\"y\":{\"a\":1,\"a\":2}}]}", CV_JSON_ERROR_SYNTAX);
}

/* {"a":{"a":… with `depth` objects, or the same with arrays inside. Returns: (transfer full). */
static char *
nested (guint depth, gboolean arrays)
{
  GString *text = g_string_new ("{\"a\":");

  for (guint i = 1; i < depth; i++)
    g_string_append (text, arrays ? "[" : "{\"a\":");
  g_string_append (text, "1");
  for (guint i = 1; i < depth; i++)
    g_string_append (text, arrays ? "]" : "}");
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

static void
test_depth (void)
{
  for (guint arrays = 0; arrays < 2; arrays++) {
    g_autofree char *deepest = nested (CV_JSON_MAX_DEPTH, arrays);
    g_autofree char *deeper = nested (CV_JSON_MAX_DEPTH + 1, arrays);
    g_autofree char *abyss = nested (10000, arrays);
    g_autoptr (JsonObject) object = parse (deepest, NULL);

    g_assert_nonnull (object);
    assert_refused (deeper, CV_JSON_ERROR_LIMIT);
    assert_refused (abyss, CV_JSON_ERROR_LIMIT);
  }
  /* brackets in a string are none; siblings do not add up */
  g_autoptr (JsonObject) in_text = parse ("{\"a\":\"[[[[[[[[[[[[[[[[[[[[{{{{{{\\\"[\"}", NULL);
  g_autoptr (JsonObject) siblings = parse ("{\"a\":[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]}", NULL);
  g_assert_nonnull (in_text);
  g_assert_nonnull (siblings);
}

static void
test_length (void)
{
  g_autofree char *filler = g_strnfill (CV_JSON_MAX_BYTES, 'x');
  g_autofree char *longest = g_strdup_printf ("{\"a\":\"%.*s\"}", CV_JSON_MAX_BYTES - 8, filler);
  g_autofree char *longer = g_strdup_printf ("{\"a\":\"%.*s\"}", CV_JSON_MAX_BYTES - 7, filler);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = parse (longest, NULL), relaxed = NULL;

  g_assert_cmpuint (strlen (longest), ==, CV_JSON_MAX_BYTES);
  g_assert_nonnull (object);
  assert_refused (longer, CV_JSON_ERROR_LIMIT);
  relaxed = cv_json_parse_long (longer, strlen (longer), strlen (longer), &error);
  g_assert_no_error (error);
  g_assert_nonnull (relaxed);
}

static void
test_members (void)
{
  g_autoptr (GString) text = g_string_new ("{");
  g_autofree char *most = NULL, *more = NULL;
  g_autoptr (JsonObject) object = NULL;

  for (guint i = 0; i < CV_JSON_MAX_MEMBERS; i++)
    g_string_append_printf (text, "%s\"m%u\":%u", i > 0 ? "," : "", i, i);
  most = g_strconcat (text->str, "}", NULL);
  more = g_strconcat (text->str, ",\"x\":0}", NULL);
  object = parse (most, NULL);
  g_assert_nonnull (object);
  g_assert_cmpuint (json_object_get_size (object), ==, CV_JSON_MAX_MEMBERS);
  assert_refused (more, CV_JSON_ERROR_LIMIT);
}

static void
test_values_in_all (void)
{
  g_autoptr (GString) text = g_string_new ("{\"a\":[0");
  g_autofree char *most = NULL, *more = NULL;
  g_autoptr (JsonObject) object = NULL;

  for (guint i = 2; i < CV_JSON_MAX_BYTES / CV_JSON_BYTES_PER_VALUE; i++)
    g_string_append (text, ",0");
  most = g_strconcat (text->str, "]}", NULL);
  more = g_strconcat (text->str, ",0]}", NULL);
  object = parse (most, NULL);
  g_assert_nonnull (object);
  assert_refused (more, CV_JSON_ERROR_LIMIT);
}

static void
test_numbers_out_of_range (void)
{
  g_autofree char *digits = g_strnfill (1000, '9');
  g_autofree char *huge = g_strdup_printf ("{\"a\":%s}", digits);
  g_autofree char *precise = g_strdup_printf ("{\"a\":0.%s}", digits);

  assert_refused ("{\"a\":9223372036854775808}", CV_JSON_ERROR_LIMIT);
  assert_refused ("{\"a\":-9223372036854775809}", CV_JSON_ERROR_LIMIT);
  assert_refused ("{\"a\":18446744073709551617}", CV_JSON_ERROR_LIMIT);
  assert_refused ("{\"a\":1e999}", CV_JSON_ERROR_LIMIT);
  assert_refused ("{\"a\":-1e999}", CV_JSON_ERROR_LIMIT);
  assert_refused (huge, CV_JSON_ERROR_LIMIT);
  assert_refused (precise, CV_JSON_ERROR_LIMIT);
}

/* Whatever we take, json-glib's own parser reads alike, and what we write we take again. Fixed seed. */
static void
test_mutations (void)
{
  static const char SEED[] =
    "{\"type\":\"join\",\"name\":\"J\\u00fcrgen \\ud83d\\ude00\",\"mic\":true,\"list\":[1,-2.5e3,null,"
    "{\"a\":\"\\\\\"}],\"n\":1234567890123}";
  static const char SPICE[] = "{}[]\",:\\u0d8'/*#-+.e019 \n\ttfn\xc3\xa9\xff";
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261123);
  guint accepted = 0;

  for (guint i = 0; i < 60000; i++) {
    g_autofree char *text = g_memdup2 (SEED, sizeof SEED);
    guint changes = g_rand_int_range (rand, 0, 4);
    gsize n = sizeof SEED - 1 - (g_rand_int_range (rand, 0, 8) == 0 ? g_rand_int_range (rand, 0, 30) : 0);
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonObject) object = NULL;
    g_autoptr (JsonParser) parser = json_parser_new ();

    for (guint k = 0; k < changes; k++)
      text[g_rand_int_range (rand, 0, n)] = SPICE[g_rand_int_range (rand, 0, sizeof SPICE - 1)];
    object = cv_json_parse (text, n, &error);
    g_assert_true ((object == NULL) == (error != NULL));
    if (object == NULL)
      continue;
    accepted++;
    g_assert_true (json_parser_load_from_data (parser, text, n, NULL));
    g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
    g_assert_true (json_node_equal (node, json_parser_get_root (parser)));

    gsize length;
    g_autofree char *written = cv_json_to_text (node, &length);
    g_autoptr (JsonObject) again = cv_json_parse (written, length, &error);
    g_assert_no_error (error);
    g_assert_true (json_object_equal (object, again));
  }
  g_assert_cmpuint (accepted, >, 5000);
  g_assert_cmpuint (accepted, <, 55000);
}

/* ---- Reading ---- */

#define READ(text)                                                                                                     \
  g_autoptr (JsonObject) object = parse (text, NULL);                                                                  \
  CvJsonReader reader;                                                                                                 \
  g_autoptr (GError) error = NULL;                                                                                     \
  g_assert_nonnull (object);                                                                                           \
  cv_json_reader_init (&reader, object)

#define ASSERT_BAD()                                                                                                   \
  g_assert_false (cv_json_reader_finish (&reader, &error));                                                            \
  g_assert_error (error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER)

static void
test_read (void)
{
  guint8 bytes[3];

  READ ("{\"t\":\"Zoë\",\"i\":7,\"b\":true,\"id\":\"mabcdefghijkm\",\"d\":\"AQID\",\"e\":\"AA-_\"}");
  g_assert_cmpstr (cv_json_reader_text (&reader, "t", 1, 3, FALSE), ==, "Zoë");
  g_assert_cmpint (cv_json_reader_int (&reader, "i", 7, 7), ==, 7);
  g_assert_true (cv_json_reader_bool (&reader, "b"));
  g_assert_cmpstr (cv_json_reader_id (&reader, "id", "m", 12), ==, "mabcdefghijkm");
  g_assert_true (cv_json_reader_bytes (&reader, "d", bytes, 3));
  g_assert_cmpmem (bytes, 3, "\1\2\3", 3);
  g_assert_cmpstr (cv_json_reader_base64url (&reader, "e", 4), ==, "AA-_");
  g_assert_true (cv_json_reader_has (&reader, "t"));
  g_assert_false (cv_json_reader_has (&reader, "x"));
  g_assert_true (cv_json_reader_finish (&reader, &error));
  g_assert_no_error (error);
}

static void
test_unknown_member (void)
{
  READ ("{\"a\":1,\"b\":2}");
  cv_json_reader_int (&reader, "b", 0, 9);
  g_assert_true (cv_json_reader_has (&reader, "a"));
  ASSERT_BAD ();
}

static void
test_all_64_read (void)
{
  g_autoptr (GString) text = g_string_new ("{");

  for (guint i = 0; i < CV_JSON_MAX_MEMBERS; i++)
    g_string_append_printf (text, "%s\"m%u\":%u", i > 0 ? "," : "", i, i);
  g_string_append_c (text, '}');
  READ (text->str);
  for (guint i = CV_JSON_MAX_MEMBERS; i-- > 0;) {
    g_autofree char *name = g_strdup_printf ("m%u", i);

    g_assert_cmpint (cv_json_reader_int (&reader, name, i, i), ==, i);
  }
  g_assert_true (cv_json_reader_finish (&reader, &error));
}

static void
test_too_many_members (void)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GError) error = NULL;
  CvJsonReader reader;

  for (guint i = 0; i <= CV_JSON_MAX_MEMBERS; i++) {
    g_autofree char *name = g_strdup_printf ("m%u", i);

    json_object_set_int_member (object, name, i);
  }
  cv_json_reader_init (&reader, object);
  g_assert_cmpint (cv_json_reader_int (&reader, "m1", 0, 99), ==, 0);
  g_assert_false (cv_json_reader_finish (&reader, &error));
  g_assert_error (error, CV_JSON_ERROR, CV_JSON_ERROR_LIMIT);
}

static void
test_first_error_sticks (void)
{
  READ ("{\"a\":1,\"t\":\"x\"}");
  g_assert_null (cv_json_reader_text (&reader, "a", 0, 9, FALSE));
  g_assert_null (cv_json_reader_text (&reader, "t", 0, 9, FALSE));
  g_assert_cmpint (cv_json_reader_int (&reader, "a", 0, 9), ==, 0);
  ASSERT_BAD ();
  g_assert_cmpstr (error->message, ==, "a: not a string");
  /* and is gone afterwards, with or without a taker */
  g_assert_null (reader.error);
}

static void
test_types (void)
{
  static const char *const OTHERS[] = { "null", "[]", "{}", "1.0", "[1]", "1e2" };
  guint8 bytes[4];

  for (guint i = 0; i < G_N_ELEMENTS (OTHERS); i++)
    for (guint kind = 0; kind < 6; kind++) {
      g_autofree char *text = g_strdup_printf ("{\"a\":%s}", OTHERS[i]);
      READ (text);

      if (kind == 0)
        g_assert_null (cv_json_reader_text (&reader, "a", 0, 100, TRUE));
      else if (kind == 1)
        g_assert_cmpint (cv_json_reader_int (&reader, "a", G_MININT64, G_MAXINT64), ==, 0);
      else if (kind == 2)
        g_assert_false (cv_json_reader_bool (&reader, "a"));
      else if (kind == 3)
        g_assert_null (cv_json_reader_id (&reader, "a", "", 12));
      else if (kind == 4)
        g_assert_false (cv_json_reader_bytes (&reader, "a", bytes, 4));
      else
        g_assert_null (cv_json_reader_base64url (&reader, "a", 100));
      ASSERT_BAD ();
    }
}

static void
test_missing (void)
{
  READ ("{}");
  g_assert_false (cv_json_reader_bool (&reader, "mic"));
  ASSERT_BAD ();
  g_assert_cmpstr (error->message, ==, "mic: missing");
}

static gboolean
takes_text (const char *value, guint min, guint max, gboolean lines)
{
  g_autofree char *text = g_strdup_printf ("{\"a\":\"%s\"}", value);
  READ (text);

  gboolean taken = cv_json_reader_text (&reader, "a", min, max, lines) != NULL;
  g_assert_true (cv_json_reader_finish (&reader, &error) == taken);
  return taken;
}

static void
test_text (void)
{
  g_assert_true (takes_text ("", 0, 0, FALSE));
  g_assert_false (takes_text ("", 1, 9, FALSE));
  g_assert_true (takes_text ("äöü", 3, 3, FALSE));
  g_assert_false (takes_text ("äöü", 4, 9, FALSE));
  g_assert_false (takes_text ("äöü", 0, 2, FALSE));
  g_assert_true (takes_text ("😀", 1, 1, FALSE));
  g_assert_false (takes_text ("a\\nb", 0, 9, FALSE));
  g_assert_true (takes_text ("a\\nb\\tc", 0, 9, TRUE));
  g_assert_false (takes_text ("a\\rb", 0, 9, TRUE));
  g_assert_false (takes_text ("a\\u001bb", 0, 9, TRUE));
  g_assert_false (takes_text ("a\x7f", 0, 9, TRUE));
  g_assert_false (takes_text ("a\xc2\x85", 0, 9, TRUE));
  g_assert_false (takes_text ("a\\u202eb", 0, 9, TRUE));
  g_assert_false (takes_text ("a\\u2066b", 0, 9, TRUE));
  g_assert_false (takes_text ("a\\u2069b", 0, 9, TRUE));
  g_assert_true (takes_text ("a\\u200fb\\u202fc\\u2065", 0, 9, FALSE));
}

static gboolean
takes_id (const char *value)
{
  g_autofree char *text = g_strdup_printf ("{\"a\":\"%s\"}", value);
  READ (text);

  gboolean taken = cv_json_reader_id (&reader, "a", "p", 12) != NULL;
  g_assert_true (cv_json_reader_finish (&reader, &error) == taken);
  return taken;
}

static void
test_id (void)
{
  g_assert_true (takes_id ("pabcdefghijkm"));
  g_assert_true (takes_id ("p23456789zzzz"));
  g_assert_false (takes_id ("abcdefghijkm"));
  g_assert_false (takes_id ("mabcdefghijkm"));
  g_assert_false (takes_id ("pabcdefghijk"));
  g_assert_false (takes_id ("pabcdefghijkmm"));
  g_assert_false (takes_id ("pabcdefghijkl"));
  g_assert_false (takes_id ("pabcdefghijk1"));
  g_assert_false (takes_id ("pabcdefghijkM"));
  g_assert_false (takes_id ("pabcdefghij\\u00e9"));
  g_assert_false (takes_id (""));
}

static void
test_bounds (void)
{
  READ ("{\"a\":5,\"b\":5,\"c\":\"AQI\",\"d\":\"A+\"}");
  g_assert_cmpint (cv_json_reader_int (&reader, "a", 6, 9), ==, 0);
  g_assert_false (cv_json_reader_finish (&reader, NULL));
  cv_json_reader_init (&reader, object);
  g_assert_cmpint (cv_json_reader_int (&reader, "a", 0, 4), ==, 0);
  g_assert_false (cv_json_reader_finish (&reader, NULL));
  cv_json_reader_init (&reader, object);
  g_assert_null (cv_json_reader_base64url (&reader, "c", 2));
  g_assert_false (cv_json_reader_finish (&reader, NULL));
  cv_json_reader_init (&reader, object);
  g_assert_null (cv_json_reader_base64url (&reader, "d", 9));
  ASSERT_BAD ();
}

static gboolean
takes_ascii (const char *value, gsize max)
{
  g_autofree char *text = g_strdup_printf ("{\"a\":\"%s\"}", value);
  READ (text);

  gboolean taken = cv_json_reader_ascii (&reader, "a", max) != NULL;
  g_assert_true (cv_json_reader_finish (&reader, &error) == taken);
  return taken;
}

static void
test_ascii (void)
{
  g_assert_true (takes_ascii ("v=0\\r\\n\\ts ~", 9));
  g_assert_false (takes_ascii ("v=0\\r\\n\\ts ~", 8));
  g_assert_false (takes_ascii ("", 9));
  g_assert_false (takes_ascii ("a\\u001b", 9));
  g_assert_false (takes_ascii ("a\x7f", 9));
  g_assert_false (takes_ascii ("ä", 9));
}

static void
test_choice (void)
{
  static const char *const CHOICES[] = { "up", "down", NULL };

  READ ("{\"a\":\"down\",\"b\":\"Up\"}");
  g_assert_cmpint (cv_json_reader_choice (&reader, "a", CHOICES), ==, 1);
  g_assert_false (cv_json_reader_finish (&reader, NULL)); /* "b" was not read */
  cv_json_reader_init (&reader, object);
  g_assert_cmpint (cv_json_reader_choice (&reader, "b", CHOICES), ==, -1);
  ASSERT_BAD ();
  g_assert_cmpstr (error->message, ==, "b: none of the choices");
}

static void
test_object (void)
{
  g_autoptr (JsonObject) object = cv_json_parse ("{\"a\":{\"b\":1},\"c\":[]}", 20, NULL);
  CvJsonReader reader, inner;
  cv_json_reader_init (&reader, object);
  cv_json_reader_init (&inner, cv_json_reader_object (&reader, "a"));
  g_assert_cmpint (cv_json_reader_int (&inner, "b", 0, 1), ==, 1);
  g_assert_true (cv_json_reader_finish (&inner, NULL));
  g_assert_null (cv_json_reader_object (&reader, "c"));
  g_assert_false (cv_json_reader_finish (&reader, NULL));
}

static void
test_add_double (void)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  cv_json_add_double (builder, "a", 0.25);
  json_builder_end_object (builder);
  g_autofree char *text = cv_json_builder_to_text (builder, NULL);
  g_assert_cmpstr (text, ==, "{\"a\":0.25}");
}

static void
test_strings (void)
{
  static const char *const BAD[] = { "{}",         "null",       "\"a\"",      "[1]",
                                     "[\"a\",{}]", "[\"abcd\"]", "[\"a\\n\"]", "[\"a\",\"b\",\"c\"]" };

  for (guint i = 0; i < G_N_ELEMENTS (BAD); i++) {
    g_autofree char *text = g_strdup_printf ("{\"a\":%s}", BAD[i]);
    READ (text);

    g_assert_null (cv_json_reader_strings (&reader, "a", 2, 3));
    ASSERT_BAD ();
  }
  READ ("{\"a\":[\"abc\",\"\"],\"b\":[]}");
  JsonArray *array = cv_json_reader_strings (&reader, "a", 2, 3);
  g_assert_cmpstr (json_array_get_string_element (array, 0), ==, "abc");
  g_assert_nonnull (cv_json_reader_strings (&reader, "b", 2, 3));
  g_assert_true (cv_json_reader_finish (&reader, &error));
}

static void
test_numbers (void)
{
  static const char *const BAD[] = { "\"1\"", "true", "null", "[]", "1.5", "2", "-0.1" };

  for (guint i = 0; i < G_N_ELEMENTS (BAD); i++) {
    g_autofree char *text = g_strdup_printf ("{\"a\":%s}", BAD[i]);
    READ (text);

    g_assert_cmpfloat (cv_json_reader_number (&reader, "a", 0, 1), ==, 0);
    ASSERT_BAD ();
  }
  READ ("{\"a\":1,\"b\":0.25}");
  g_assert_cmpfloat (cv_json_reader_number (&reader, "a", 0, 1), ==, 1);
  g_assert_cmpfloat (cv_json_reader_number (&reader, "b", 0, 1), ==, 0.25);
  g_assert_true (cv_json_reader_finish (&reader, &error));
}

static void
test_objects (void)
{
  static const char *const BAD[] = { "{}", "null", "1", "[1]", "[{},[]]", "[{},{},{}]" };

  for (guint i = 0; i < G_N_ELEMENTS (BAD); i++) {
    g_autofree char *text = g_strdup_printf ("{\"a\":%s}", BAD[i]);
    READ (text);

    g_assert_null (cv_json_reader_objects (&reader, "a", 2));
    ASSERT_BAD ();
  }
  READ ("{\"a\":[{\"n\":1},{}],\"b\":[]}");
  JsonArray *array = cv_json_reader_objects (&reader, "a", 2);
  g_assert_cmpuint (json_array_get_length (array), ==, 2);
  g_assert_nonnull (cv_json_reader_objects (&reader, "b", 2));
  g_assert_true (cv_json_reader_finish (&reader, &error));
}

static void
test_null (void)
{
  READ ("{\"a\":null,\"b\":1}");
  g_assert_true (cv_json_reader_null (&reader, "a"));
  g_assert_false (cv_json_reader_null (&reader, "b"));
  g_assert_false (cv_json_reader_null (&reader, "c"));
  g_assert_cmpint (cv_json_reader_int (&reader, "b", 1, 1), ==, 1); /* what is not null is not ticked off */
  g_assert_true (cv_json_reader_finish (&reader, &error));
}

/* ---- Writing ---- */

static void
test_write (void)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  gsize length;

  for (guint round = 0; round < 2; round++) {
    g_autofree char *text = NULL;

    json_builder_begin_object (builder);
    cv_json_add_text (builder, "t", "a\"\n</script>");
    cv_json_add_text (builder, "c", "\r\x01\x1e\x1f\x7f");
    cv_json_add_text (builder, "n", NULL);
    cv_json_add_int (builder, "i", G_MININT64);
    cv_json_add_bool (builder, "b", FALSE);
    json_builder_end_object (builder);
    text = cv_json_builder_to_text (builder, &length);
    g_assert_cmpstr (
      text, ==,
      "{\"t\":\"a\\\"\\n</"
      "script>\",\"c\":\"\\r\\u0001\\u001e\\u001f\\u007f\",\"n\":null,\"i\":-9223372036854775808,\"b\":false}");
    g_assert_cmpuint (length, ==, strlen (text));
  }
}

static void
test_write_values (void)
{
  static const char JSON[] = "{\"d\":[1e-87,100.0,1e+300,-0.5,0.1],\"e\":[],\"o\":{},\"n\":[null,true,-7,\"\"]}";
  g_autoptr (JsonObject) object = cv_json_parse (JSON, strlen (JSON), NULL);
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autoptr (JsonObject) again = NULL;
  g_autofree char *text = cv_json_to_text (node, NULL), *odd = NULL;
  g_autoptr (JsonNode) infinite = json_node_init_double (json_node_alloc (), INFINITY);

  again = cv_json_parse (text, strlen (text), NULL);
  g_assert_true (json_object_equal (object, again));
  g_assert_true (g_str_has_suffix (text, ",\"e\":[],\"o\":{},\"n\":[null,true,-7,\"\"]}"));
  odd = cv_json_to_text (infinite, NULL);
  g_assert_cmpstr (odd, ==, "null");
}

static void
test_ints (void)
{
  static const char *const BAD[] = { "[10]", "[-1]", "[\"1\"]", "[1.5]", "[true]", "[null]", "[1,2,3]", "1", "{}" };

  for (guint i = 0; i < G_N_ELEMENTS (BAD); i++) {
    g_autofree char *text = g_strdup_printf ("{\"a\":%s}", BAD[i]);
    READ (text);

    g_assert_null (cv_json_reader_ints (&reader, "a", 2, 9));
    ASSERT_BAD ();
  }
  READ ("{\"a\":[0,9],\"b\":[]}");
  JsonArray *array = cv_json_reader_ints (&reader, "a", 2, 9);
  g_assert_cmpint (json_array_get_int_element (array, 1), ==, 9);
  g_assert_nonnull (cv_json_reader_ints (&reader, "b", 2, 9));
  g_assert_true (cv_json_reader_finish (&reader, &error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/accepted", test_accepted);
  g_test_add_func ("/json/values", test_values);
  g_test_add_func ("/json/syntax", test_syntax);
  g_test_add_func ("/json/embedded-nul", test_embedded_nul);
  g_test_add_func ("/json/doubled", test_doubled);
  g_test_add_func ("/json/depth", test_depth);
  g_test_add_func ("/json/length", test_length);
  g_test_add_func ("/json/members", test_members);
  g_test_add_func ("/json/values-in-all", test_values_in_all);
  g_test_add_func ("/json/numbers-out-of-range", test_numbers_out_of_range);
  g_test_add_func ("/json/mutations", test_mutations);
  g_test_add_func ("/json/reader/read", test_read);
  g_test_add_func ("/json/reader/unknown-member", test_unknown_member);
  g_test_add_func ("/json/reader/all-64-read", test_all_64_read);
  g_test_add_func ("/json/reader/too-many-members", test_too_many_members);
  g_test_add_func ("/json/reader/first-error-sticks", test_first_error_sticks);
  g_test_add_func ("/json/reader/types", test_types);
  g_test_add_func ("/json/reader/missing", test_missing);
  g_test_add_func ("/json/reader/text", test_text);
  g_test_add_func ("/json/reader/id", test_id);
  g_test_add_func ("/json/reader/bounds", test_bounds);
  g_test_add_func ("/json/reader/ascii", test_ascii);
  g_test_add_func ("/json/reader/choice", test_choice);
  g_test_add_func ("/json/reader/objects", test_objects);
  g_test_add_func ("/json/reader/object", test_object);
  g_test_add_func ("/json/add-double", test_add_double);
  g_test_add_func ("/json/reader/strings", test_strings);
  g_test_add_func ("/json/reader/ints", test_ints);
  g_test_add_func ("/json/reader/numbers", test_numbers);
  g_test_add_func ("/json/reader/null", test_null);
  g_test_add_func ("/json/write", test_write);
  g_test_add_func ("/json/write-values", test_write_values);
  return g_test_run ();
}
