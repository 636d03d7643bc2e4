/* Strict JSON: a reader that builds json-glib's tree itself, typed access to its objects, and short writing.
 *
 * Owns nothing. Any thread. Text from the network never meets json-glib's own parser, which takes comments, assignments,
 * single quotes, doubled members, lone surrogates and numbers that it then cuts off; whatever is read here, json-glib
 * reads alike (a test compares). Grammar: RFC 8259.
 */
#include "base/json.h"

#include "base/ids.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* characters of a number; 2⁶³ has 19 digits, a double of JavaScript at most 24 */
#define MAX_NUMBER 64

G_DEFINE_QUARK (cv_json_error, cv_json_error)

typedef struct {
  const char *at;
  const char *end;
  guint depth;
  gsize values_left;
  guint max_members;
  GError **error;
} Parser;

static JsonNode *parse_value (Parser *p);

/* ---- Parsing ---- */

static gboolean
fail (Parser *p, CvJsonError code, const char *what)
{
  g_set_error_literal (p->error, CV_JSON_ERROR, code, what);
  return FALSE;
}

static void
skip_space (Parser *p)
{
  while (p->at < p->end && (*p->at == ' ' || *p->at == '\t' || *p->at == '\n' || *p->at == '\r'))
    p->at++;
}

/* Passes over `c` and TRUE if it comes next. */
static gboolean
take (Parser *p, char c)
{
  if (p->at == p->end || *p->at != c)
    return FALSE;
  p->at++;
  return TRUE;
}

static gboolean
take_word (Parser *p, const char *word)
{
  gsize n = strlen (word);

  if ((gsize) (p->end - p->at) < n || memcmp (p->at, word, n) != 0)
    return FALSE;
  p->at += n;
  return TRUE;
}

static gboolean
parse_hex4 (Parser *p, gunichar *c)
{
  *c = 0;
  if (p->end - p->at < 4)
    return FALSE;
  for (guint i = 0; i < 4; i++, p->at++) {
    if (!g_ascii_isxdigit (*p->at))
      return FALSE;
    *c = *c << 4 | (gunichar) g_ascii_xdigit_value (*p->at);
  }
  return TRUE;
}

/* After `\u`. */
static gboolean
parse_unicode_escape (Parser *p, GString *text)
{
  gunichar c, low;

  if (!parse_hex4 (p, &c))
    return fail (p, CV_JSON_ERROR_SYNTAX, "\\u needs four hexadecimal digits");
  if (c >= 0xd800 && c <= 0xdbff) {
    if (!take (p, '\\') || !take (p, 'u') || !parse_hex4 (p, &low) || low < 0xdc00 || low > 0xdfff)
      return fail (p, CV_JSON_ERROR_SYNTAX, "lone surrogate");
    c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
  } else if (c >= 0xdc00 && c <= 0xdfff) {
    return fail (p, CV_JSON_ERROR_SYNTAX, "lone surrogate");
  }
  if (c == 0)
    return fail (p, CV_JSON_ERROR_SYNTAX, "NUL character");
  g_string_append_unichar (text, c);
  return TRUE;
}

/* After the backslash. */
static gboolean
parse_escape (Parser *p, GString *text)
{
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  const char *found;

  if (take (p, 'u'))
    return parse_unicode_escape (p, text);
  found = p->at < p->end && *p->at != '\0' ? strchr (from, *p->at) : NULL;
  if (found == NULL)
    return fail (p, CV_JSON_ERROR_SYNTAX, "unknown escape");
  g_string_append_c (text, to[found - from]);
  p->at++;
  return TRUE;
}

/* Returns: (transfer full), NULL with the error set. */
static char *
parse_string (Parser *p)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (!take (p, '"'))
    return fail (p, CV_JSON_ERROR_SYNTAX, "string expected"), NULL;
  while (p->at < p->end) {
    const char *start = p->at;

    while (p->at < p->end && (guint8) *p->at >= 0x20 && *p->at != '"' && *p->at != '\\')
      p->at++;
    g_string_append_len (text, start, p->at - start);
    if (take (p, '"'))
      return g_string_free (g_steal_pointer (&text), FALSE);
    if (!take (p, '\\'))
      return fail (p, CV_JSON_ERROR_SYNTAX, "control character in a string"), NULL;
    if (!parse_escape (p, text))
      return NULL;
  }
  return fail (p, CV_JSON_ERROR_SYNTAX, "string without an end"), NULL;
}

static gboolean
take_digits (Parser *p)
{
  const char *start = p->at;

  while (p->at < p->end && g_ascii_isdigit (*p->at))
    p->at++;
  return p->at > start;
}

static JsonNode *
parse_number (Parser *p)
{
  const char *start = p->at;
  g_autofree char *text = NULL;
  gboolean whole = TRUE, valid;
  JsonNode *node;

  take (p, '-');
  valid = take (p, '0') || take_digits (p);
  if (valid && take (p, '.')) {
    whole = FALSE;
    valid = take_digits (p);
  }
  if (valid && (take (p, 'e') || take (p, 'E'))) {
    whole = FALSE;
    if (!take (p, '+'))
      take (p, '-');
    valid = take_digits (p);
  }
  if (!valid)
    return fail (p, CV_JSON_ERROR_SYNTAX, "value expected"), NULL;
  if (p->at - start > MAX_NUMBER)
    return fail (p, CV_JSON_ERROR_LIMIT, "number too long"), NULL;

  text = g_strndup (start, p->at - start);
  node = json_node_new (JSON_NODE_VALUE);
  errno = 0;
  if (whole)
    json_node_set_int (node, g_ascii_strtoll (text, NULL, 10));
  else
    json_node_set_double (node, g_ascii_strtod (text, NULL));
  /* a double that is too small is 0, which harms nobody */
  if (errno == ERANGE && (whole || !isfinite (json_node_get_double (node)))) {
    json_node_unref (node);
    return fail (p, CV_JSON_ERROR_LIMIT, "number too large"), NULL;
  }
  return node;
}

static JsonArray *
parse_array (Parser *p)
{
  g_autoptr (JsonArray) array = json_array_new ();

  skip_space (p);
  if (take (p, ']'))
    return g_steal_pointer (&array);
  do {
    JsonNode *element = parse_value (p);

    if (element == NULL)
      return NULL;
    json_array_add_element (array, element);
    skip_space (p);
  } while (take (p, ','));
  if (!take (p, ']'))
    return fail (p, CV_JSON_ERROR_SYNTAX, "array without an end"), NULL;
  return g_steal_pointer (&array);
}

static gboolean
parse_member (Parser *p, JsonObject *object)
{
  g_autofree char *name = NULL;
  JsonNode *value;

  skip_space (p);
  name = parse_string (p);
  if (name == NULL)
    return FALSE;
  if (json_object_has_member (object, name))
    return fail (p, CV_JSON_ERROR_SYNTAX, "member given twice");
  if (json_object_get_size (object) >= p->max_members)
    return fail (p, CV_JSON_ERROR_LIMIT, "too many members");
  skip_space (p);
  if (!take (p, ':'))
    return fail (p, CV_JSON_ERROR_SYNTAX, "colon expected");
  value = parse_value (p);
  if (value == NULL)
    return FALSE;
  json_object_set_member (object, name, value);
  skip_space (p);
  return TRUE;
}

static JsonObject *
parse_object (Parser *p)
{
  g_autoptr (JsonObject) object = json_object_new ();

  skip_space (p);
  if (take (p, '}'))
    return g_steal_pointer (&object);
  do {
    if (!parse_member (p, object))
      return NULL;
  } while (take (p, ','));
  if (!take (p, '}'))
    return fail (p, CV_JSON_ERROR_SYNTAX, "object without an end"), NULL;
  return g_steal_pointer (&object);
}

/* After `[` or `{`. Returns: (transfer full), NULL with the error set. */
static JsonNode *
parse_nested (Parser *p, gboolean is_object)
{
  JsonNode *node = NULL;
  JsonObject *object;
  JsonArray *array;

  if (++p->depth > CV_JSON_MAX_DEPTH)
    return fail (p, CV_JSON_ERROR_LIMIT, "nested too deeply"), NULL;
  if (is_object && (object = parse_object (p)) != NULL) {
    node = json_node_new (JSON_NODE_OBJECT);
    json_node_take_object (node, object);
  } else if (!is_object && (array = parse_array (p)) != NULL) {
    node = json_node_new (JSON_NODE_ARRAY);
    json_node_take_array (node, array);
  }
  p->depth--;
  return node;
}

/* Returns: (transfer full), NULL with the error set. */
static JsonNode *
parse_value (Parser *p)
{
  if (p->values_left-- == 0)
    return fail (p, CV_JSON_ERROR_LIMIT, "too many values"), NULL;
  skip_space (p);
  if (take (p, '{'))
    return parse_nested (p, TRUE);
  if (take (p, '['))
    return parse_nested (p, FALSE);
  if (p->at < p->end && *p->at == '"') {
    g_autofree char *text = parse_string (p);

    return text != NULL ? json_node_init_string (json_node_alloc (), text) : NULL;
  }
  if (take_word (p, "true"))
    return json_node_init_boolean (json_node_alloc (), TRUE);
  if (take_word (p, "false"))
    return json_node_init_boolean (json_node_alloc (), FALSE);
  if (take_word (p, "null"))
    return json_node_init_null (json_node_alloc ());
  return parse_number (p);
}

static JsonObject *
parse (const char *text, gsize length, gsize max_bytes, guint max_members, GError **error)
{
  const char *start = text != NULL ? text : "";
  Parser parser = { start, start + length, 0, max_bytes / CV_JSON_BYTES_PER_VALUE, max_members, error };
  g_autoptr (JsonNode) root = NULL;

  if (length > max_bytes)
    return fail (&parser, CV_JSON_ERROR_LIMIT, "too long"), NULL;
  if (!g_utf8_validate_len (start, length, NULL))
    return fail (&parser, CV_JSON_ERROR_SYNTAX, "not UTF-8"), NULL;
  skip_space (&parser);
  if (!take (&parser, '{'))
    return fail (&parser, CV_JSON_ERROR_SYNTAX, "object expected"), NULL;
  root = parse_nested (&parser, TRUE);
  if (root == NULL)
    return NULL;
  skip_space (&parser);
  if (parser.at != parser.end)
    return fail (&parser, CV_JSON_ERROR_SYNTAX, "text after the end"), NULL;
  return json_node_dup_object (root);
}

JsonObject *
cv_json_parse_long (const char *text, gsize length, gsize max_bytes, GError **error)
{
  g_return_val_if_fail (text != NULL || length == 0, NULL);

  return parse (text, length, max_bytes, CV_JSON_MAX_MEMBERS, error);
}

JsonObject *
cv_json_parse_foreign (const char *text, gsize length, gsize max_bytes, GError **error)
{
  g_return_val_if_fail (text != NULL || length == 0, NULL);

  return parse (text, length, max_bytes, CV_JSON_MAX_FOREIGN_MEMBERS, error);
}

JsonObject *
cv_json_parse (const char *text, gsize length, GError **error)
{
  return cv_json_parse_long (text, length, CV_JSON_MAX_BYTES, error);
}

/* ---- Reading ---- */

void
cv_json_reader_init (CvJsonReader *self, JsonObject *object)
{
  g_return_if_fail (object != NULL);

  *self = (CvJsonReader){ .object = object };
  if (json_object_get_size (object) > CV_JSON_MAX_MEMBERS)
    g_set_error_literal (&self->error, CV_JSON_ERROR, CV_JSON_ERROR_LIMIT, "too many members");
}

static void
refuse (CvJsonReader *self, const char *name, const char *what)
{
  if (self->error == NULL)
    g_set_error (&self->error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "%s: %s", name, what);
}

/* Ticks the member off, whatever it is. NULL with the reader's error set where there is none. */
static JsonNode *
read_any (CvJsonReader *self, const char *name)
{
  JsonObjectIter iter;
  const char *found;
  JsonNode *node;

  if (self->error != NULL)
    return NULL;
  json_object_iter_init_ordered (&iter, self->object);
  for (guint i = 0; json_object_iter_next_ordered (&iter, &found, &node); i++)
    if (g_str_equal (found, name)) {
      self->seen |= G_GUINT64_CONSTANT (1) << i;
      return node;
    }
  refuse (self, name, "missing");
  return NULL;
}

/* The same for a value of one type. */
static JsonNode *
read_member (CvJsonReader *self, const char *name, GType type, const char *what)
{
  JsonNode *node = read_any (self, name);

  if (node == NULL || (json_node_get_value_type (node) == type && JSON_NODE_HOLDS_VALUE (node)))
    return node;
  refuse (self, name, what);
  return NULL;
}

static const char *
read_string (CvJsonReader *self, const char *name)
{
  JsonNode *node = read_member (self, name, G_TYPE_STRING, "not a string");

  return node != NULL ? json_node_get_string (node) : NULL;
}

/* Bidi overrides and isolates turn round what stands beside them: a name could pretend to be another. */
static gboolean
is_forbidden (gunichar c, gboolean lines)
{
  if (g_unichar_iscntrl (c))
    return !(lines && (c == '\n' || c == '\t'));
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

const char *
cv_json_reader_text (CvJsonReader *self, const char *name, guint min, guint max, gboolean lines)
{
  const char *text = read_string (self, name);
  gsize n = 0;

  if (text == NULL)
    return NULL;
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at), n++)
    if (is_forbidden (g_utf8_get_char (at), lines))
      return refuse (self, name, "forbidden character"), NULL;
  if (n < min || n > max)
    return refuse (self, name, n < min ? "too short" : "too long"), NULL;
  return text;
}

const char *
cv_json_reader_id (CvJsonReader *self, const char *name, const char *prefix, guint n)
{
  const char *text = read_string (self, name);
  gsize skip = strlen (prefix);

  if (text == NULL)
    return NULL;
  if (strlen (text) != skip + n || !g_str_has_prefix (text, prefix))
    return refuse (self, name, "not an id"), NULL;
  for (const char *at = text + skip; *at != '\0'; at++)
    if (!cv_id_is_letter (*at))
      return refuse (self, name, "not an id"), NULL;
  return text;
}

gboolean
cv_json_reader_bytes (CvJsonReader *self, const char *name, guint8 *out, gsize n)
{
  const char *text = read_string (self, name);

  if (text == NULL)
    return FALSE;
  if (!cv_base64url_decode (text, out, n))
    return refuse (self, name, "not base64url of the right length"), FALSE;
  return TRUE;
}

const char *
cv_json_reader_base64url (CvJsonReader *self, const char *name, gsize max)
{
  const char *text = read_string (self, name);
  gsize n = 0;

  if (text == NULL)
    return NULL;
  while (cv_base64url_is_digit (text[n]))
    n++;
  if (text[n] != '\0' || n == 0 || n > max)
    return refuse (self, name, n > max ? "too long" : "not base64url"), NULL;
  return text;
}

const char *
cv_json_reader_ascii (CvJsonReader *self, const char *name, gsize max)
{
  const char *text = read_string (self, name);
  gsize n = 0;

  if (text == NULL)
    return NULL;
  while (g_ascii_isprint (text[n]) || (text[n] != '\0' && strchr ("\r\n\t", text[n]) != NULL))
    n++;
  if (text[n] != '\0' || n == 0 || n > max)
    return refuse (self, name, n > max ? "too long" : "not plain ASCII"), NULL;
  return text;
}

int
cv_json_reader_choice (CvJsonReader *self, const char *name, const char *const *choices)
{
  const char *text = read_string (self, name);

  for (int i = 0; text != NULL && choices[i] != NULL; i++)
    if (g_str_equal (text, choices[i]))
      return i;
  if (text != NULL)
    refuse (self, name, "none of the choices");
  return -1;
}

JsonArray *
cv_json_reader_objects (CvJsonReader *self, const char *name, guint max)
{
  JsonNode *node = read_any (self, name);
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (array == NULL)
    return refuse (self, name, "not an array"), NULL;
  if (json_array_get_length (array) > max)
    return refuse (self, name, "too long"), NULL;
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!JSON_NODE_HOLDS_OBJECT (json_array_get_element (array, i)))
      return refuse (self, name, "not all are objects"), NULL;
  return array;
}

JsonObject *
cv_json_reader_object (CvJsonReader *self, const char *name)
{
  JsonNode *node = read_any (self, name);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return refuse (self, name, "not an object"), NULL;
  return json_node_get_object (node);
}

static gboolean
is_short_string (JsonNode *node, gsize max_bytes)
{
  const char *text;
  gsize n = 0;

  if (json_node_get_value_type (node) != G_TYPE_STRING || !JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  text = json_node_get_string (node);
  while (text[n] != '\0' && !g_ascii_iscntrl (text[n]))
    n++;
  return text[n] == '\0' && n <= max_bytes;
}

JsonArray *
cv_json_reader_strings (CvJsonReader *self, const char *name, guint max, gsize max_bytes)
{
  JsonNode *node = read_any (self, name);
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (array == NULL)
    return refuse (self, name, "not an array"), NULL;
  if (json_array_get_length (array) > max)
    return refuse (self, name, "too long"), NULL;
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!is_short_string (json_array_get_element (array, i), max_bytes))
      return refuse (self, name, "not all are short texts"), NULL;
  return array;
}

JsonArray *
cv_json_reader_ints (CvJsonReader *self, const char *name, guint n, gint64 max)
{
  JsonNode *node = read_any (self, name);
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (array == NULL || json_array_get_length (array) > n)
    return refuse (self, name, "not an array, or too long"), NULL;
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *element = json_array_get_element (array, i);
    if (!JSON_NODE_HOLDS_VALUE (element) || json_node_get_value_type (element) != G_TYPE_INT64 ||
        json_node_get_int (element) < 0 || json_node_get_int (element) > max)
      return refuse (self, name, "not all are numbers in bounds"), NULL;
  }
  return array;
}

gboolean
cv_json_reader_null (CvJsonReader *self, const char *name)
{
  JsonNode *node = self->error == NULL ? json_object_get_member (self->object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_NULL (node) && read_any (self, name) != NULL;
}

gint64
cv_json_reader_int (CvJsonReader *self, const char *name, gint64 min, gint64 max)
{
  JsonNode *node = read_member (self, name, G_TYPE_INT64, "not a whole number");
  gint64 value = node != NULL ? json_node_get_int (node) : 0;

  if (node == NULL)
    return 0;
  if (value < min || value > max)
    return refuse (self, name, "out of bounds"), 0;
  return value;
}

double
cv_json_reader_number (CvJsonReader *self, const char *name, double min, double max)
{
  JsonNode *node = read_any (self, name);
  GType type = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;
  double value;

  if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
    return refuse (self, name, "not a number"), 0;
  value = type == G_TYPE_INT64 ? (double) json_node_get_int (node) : json_node_get_double (node);
  if (!(value >= min && value <= max))
    return refuse (self, name, "out of bounds"), 0;
  return value;
}

gboolean
cv_json_reader_bool (CvJsonReader *self, const char *name)
{
  JsonNode *node = read_member (self, name, G_TYPE_BOOLEAN, "not true or false");

  return node != NULL && json_node_get_boolean (node);
}

gboolean
cv_json_reader_has (CvJsonReader *self, const char *name)
{
  return json_object_has_member (self->object, name);
}

gboolean
cv_json_reader_finish (CvJsonReader *self, GError **error)
{
  GError *first = g_steal_pointer (&self->error);
  JsonObjectIter iter;
  const char *name;

  if (first == NULL) {
    json_object_iter_init_ordered (&iter, self->object);
    for (guint i = 0; first == NULL && json_object_iter_next_ordered (&iter, &name, NULL); i++)
      if ((self->seen >> i & 1) == 0)
        first = g_error_new_literal (CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "unknown member");
  }
  *self = (CvJsonReader){ 0 };
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, first);
  return FALSE;
}

/* ---- Writing ---- */

/* json-glib 1.6 writes U+001F as it is and 1e-87 as "1e-87.0", neither of which is JSON: hence a writer of our own. */

static void
write_string (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (const char *at = text; *at != '\0'; at++) {
    guint8 c = *at;

    if (c == '"' || c == '\\')
      g_string_append_printf (out, "\\%c", c);
    else if (c == '\n')
      g_string_append (out, "\\n");
    else if (c == '\r')
      g_string_append (out, "\\r"); /* as short as it can be: SDP is full of it */
    else if (c < 0x20 || c == 0x7f)
      g_string_append_printf (out, "\\u%04x", c);
    else
      g_string_append_c (out, c);
  }
  g_string_append_c (out, '"');
}

/* What is not finite becomes null, as in JavaScript. A point or an exponent tells it from a whole number. */
static void
write_double (GString *out, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value)) {
    g_string_append (out, "null");
    return;
  }
  /* As short as it can be: most numbers need fewer digits than any might. */
  g_ascii_formatd (text, sizeof text, "%.15g", value);
  if (g_ascii_strtod (text, NULL) != value)
    g_ascii_dtostr (text, sizeof text, value);
  g_string_append (out, text);
  if (strpbrk (text, ".e") == NULL)
    g_string_append (out, ".0");
}

static void write_node (GString *out, JsonNode *node);

static void
write_array (GString *out, JsonArray *array)
{
  guint n = json_array_get_length (array);

  g_string_append_c (out, '[');
  for (guint i = 0; i < n; i++) {
    if (i > 0)
      g_string_append_c (out, ',');
    write_node (out, json_array_get_element (array, i));
  }
  g_string_append_c (out, ']');
}

static void
write_object (GString *out, JsonObject *object)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  const char *separator = "";

  g_string_append_c (out, '{');
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    g_string_append (out, separator);
    write_string (out, name);
    g_string_append_c (out, ':');
    write_node (out, value);
    separator = ",";
  }
  g_string_append_c (out, '}');
}

static void
write_node (GString *out, JsonNode *node)
{
  GType type = json_node_get_value_type (node);

  if (JSON_NODE_HOLDS_OBJECT (node))
    write_object (out, json_node_get_object (node));
  else if (JSON_NODE_HOLDS_ARRAY (node))
    write_array (out, json_node_get_array (node));
  else if (JSON_NODE_HOLDS_NULL (node))
    g_string_append (out, "null");
  else if (type == G_TYPE_STRING)
    write_string (out, json_node_get_string (node));
  else if (type == G_TYPE_BOOLEAN)
    g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
  else if (type == G_TYPE_DOUBLE)
    write_double (out, json_node_get_double (node));
  else
    g_string_append_printf (out, "%" G_GINT64_FORMAT, json_node_get_int (node));
}

char *
cv_json_to_text (JsonNode *node, gsize *length)
{
  GString *out;

  g_return_val_if_fail (node != NULL, NULL);

  out = g_string_new (NULL);
  write_node (out, node);
  if (length != NULL)
    *length = out->len;
  return g_string_free (out, FALSE);
}

char *
cv_json_builder_to_text (JsonBuilder *builder, gsize *length)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);

  json_builder_reset (builder);
  return cv_json_to_text (root, length);
}

void
cv_json_add_text (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

void
cv_json_add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

void
cv_json_add_double (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, value);
}

void
cv_json_add_bool (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}
