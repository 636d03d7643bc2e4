/* See shared-row.h. */
#include "summary/shared-row.h"

#define MAX_NUMBER G_GINT64_CONSTANT (9007199254740991)

/* What the register of that name holds, or NULL. */
static JsonNode *
get_value (const CvSharedRow *self, const char *field)
{
  JsonNode *node = json_object_get_member (self->state, field);
  JsonArray *parts = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  return parts != NULL && json_array_get_length (parts) > 0 ? json_array_get_element (parts, 0) : NULL;
}

CvSharedRow *
cv_shared_row_new (const char *id, const char *state)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  CvSharedRow *self;

  /* a row of our own, of which each value was looked at before it came there */
  if (!json_parser_load_from_data (parser, state, -1, NULL) || json_parser_get_root (parser) == NULL ||
      !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return NULL;
  self = g_new (CvSharedRow, 1);
  *self = (CvSharedRow){ g_strdup (id), json_object_ref (json_node_get_object (json_parser_get_root (parser))) };
  if (cv_shared_row_flag (self, "gone")) {
    cv_shared_row_free (self);
    return NULL;
  }
  return self;
}

void
cv_shared_row_free (CvSharedRow *self)
{
  g_free (self->id);
  json_object_unref (self->state);
  g_free (self);
}

gboolean
cv_shared_row_has (const CvSharedRow *self, const char *field)
{
  return get_value (self, field) != NULL;
}

/* Overrides and isolates of direction (U+202A–E, U+2066–9): they would turn around what stands beside them. */
static gboolean
turns_around (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

char *
cv_shared_clean (const char *text, glong max, gboolean lines)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  glong n = 0;

  for (const char *at = valid; *at != '\0' && n < max; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);
    gboolean control = c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029;

    if (turns_around (c) || (control && c == '\r'))
      continue;
    if (control && !(lines && (c == '\n' || c == '\t')))
      c = ' ';
    g_string_append_unichar (out, c);
    n++;
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
cv_shared_row_text (const CvSharedRow *self, const char *field, glong max, gboolean lines)
{
  JsonNode *node = get_value (self, field);
  const char *text = node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
                       ? json_node_get_string (node)
                       : "";

  return cv_shared_clean (text, max, lines);
}

gint64
cv_shared_row_number (const CvSharedRow *self, const char *field)
{
  JsonNode *node = get_value (self, field);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return 0;
  return CLAMP (json_node_get_int (node), 0, MAX_NUMBER);
}

gboolean
cv_shared_row_flag (const CvSharedRow *self, const char *field)
{
  JsonNode *node = get_value (self, field);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN &&
         json_node_get_boolean (node);
}

JsonArray *
cv_shared_row_list (const CvSharedRow *self, const char *field)
{
  JsonNode *node = get_value (self, field);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

int
cv_shared_row_compare_order (gconstpointer a, gconstpointer b)
{
  const CvSharedRow *one = *(const CvSharedRow *const *) a, *other = *(const CvSharedRow *const *) b;
  g_autofree char *first = cv_shared_row_text (one, "order", 1000, FALSE);
  g_autofree char *second = cv_shared_row_text (other, "order", 1000, FALSE);
  int order = g_strcmp0 (first, second);

  return order != 0 ? order : g_strcmp0 (one->id, other->id);
}

int
cv_shared_row_compare_at (gconstpointer a, gconstpointer b)
{
  const CvSharedRow *one = *(const CvSharedRow *const *) a, *other = *(const CvSharedRow *const *) b;
  gint64 first = cv_shared_row_number (one, "at"), second = cv_shared_row_number (other, "at");

  return first != second ? (first < second ? -1 : 1) : g_strcmp0 (one->id, other->id);
}
