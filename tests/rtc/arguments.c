/* See arguments.h. */
#include "rtc/arguments.h"

static JsonNode *
find (JsonObject *command, const char *name)
{
  JsonNode *node = json_object_get_member (command, name);
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? node : NULL;
}

double
cv_rtc_argument_number (JsonObject *command, const char *name, double usual)
{
  JsonNode *node = find (command, name);
  return node != NULL ? json_node_get_double (node) : usual;
}

gboolean
cv_rtc_argument_flag (JsonObject *command, const char *name, gboolean usual)
{
  JsonNode *node = find (command, name);
  return node != NULL ? json_node_get_boolean (node) : usual;
}

const char *
cv_rtc_argument_text (JsonObject *command, const char *name)
{
  JsonNode *node = find (command, name);
  const char *text = node != NULL ? json_node_get_string (node) : NULL;
  return text != NULL ? text : "";
}

guint64
cv_rtc_argument_time (JsonObject *command, const char *name)
{
  return g_ascii_strtoull (cv_rtc_argument_text (command, name), NULL, 10);
}

JsonArray *
cv_rtc_argument_list (JsonObject *command, const char *name)
{
  JsonNode *node = json_object_get_member (command, name);
  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

gboolean
cv_rtc_argument_lists (JsonArray *list, const char *text)
{
  for (guint i = 0; i < json_array_get_length (list); i++)
    if (g_strcmp0 (json_array_get_string_element (list, i), text) == 0)
      return TRUE;
  return FALSE;
}
