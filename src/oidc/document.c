/* See document.h. */
#include "oidc/document.h"

#include "base/ids.h"
#include "base/json.h"

#include <libsoup/soup.h>
#include <string.h>

G_DEFINE_QUARK (cv_oidc_error, cv_oidc_error)

JsonObject *
cv_oidc_document_parse (GBytes *bytes, GError **error)
{
  g_autoptr (GError) cause = NULL;
  gsize n = 0;
  const char *text = g_bytes_get_data (bytes, &n);
  JsonObject *object = cv_json_parse_foreign (n > 0 ? text : "", n, CV_OIDC_MAX_BYTES, &cause);
  if (object == NULL)
    g_set_error (error, CV_OIDC_ERROR, CV_OIDC_ERROR_UNREACHABLE, "no JSON object: %s", cause->message);
  return object;
}

/* Neither controls nor what turns the direction of what stands around it. */
static gboolean
is_plain (const char *text, gsize max)
{
  gsize n = 0;
  for (; *text != '\0'; text = g_utf8_next_char (text), n++) {
    gunichar c = g_utf8_get_char (text);
    if (n == max || g_unichar_iscntrl (c) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
      return FALSE;
  }
  return n > 0;
}

static const char *
get_text (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

const char *
cv_oidc_document_text (JsonObject *object, const char *name, gsize max)
{
  const char *text = get_text (json_object_get_member (object, name));
  return text != NULL && is_plain (text, max) ? text : NULL;
}

gboolean
cv_oidc_document_number (JsonObject *object, const char *name, double *value)
{
  JsonNode *node = json_object_get_member (object, name);
  GType type = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;
  if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
    return FALSE;
  *value = type == G_TYPE_INT64 ? (double) json_node_get_int (node) : json_node_get_double (node);
  return TRUE;
}

gboolean
cv_oidc_document_true (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN &&
         json_node_get_boolean (node);
}

gboolean
cv_oidc_document_has (JsonObject *object, const char *name, const char *text)
{
  JsonNode *node = json_object_get_member (object, name);
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return g_strcmp0 (get_text (node), text) == 0;
  JsonArray *array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (g_strcmp0 (get_text (json_array_get_element (array, i)), text) == 0)
      return TRUE;
  return FALSE;
}

char *
cv_oidc_decode (const char *text, gsize n, gsize *length)
{
  g_autofree char *part = g_strndup (text, n);
  *length = n * 3 / 4;
  g_autofree char *bytes = g_malloc0 (*length + 1);
  return cv_base64url_decode (part, (guint8 *) bytes, *length) ? g_steal_pointer (&bytes) : NULL;
}

static gboolean
is_this_machine (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);
  return g_str_equal (host, "localhost") || (address != NULL && g_inet_address_get_is_loopback (address));
}

gboolean
cv_oidc_is_url (const char *text, gboolean bare)
{
  g_autoptr (GUri) uri = strlen (text) <= CV_OIDC_MAX_URL ? g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL) : NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  if (host == NULL || *host == '\0' || g_uri_get_userinfo (uri) != NULL || g_uri_get_fragment (uri) != NULL ||
      (bare && g_uri_get_query (uri) != NULL))
    return FALSE;
  return g_str_equal (g_uri_get_scheme (uri), "https") ||
         (g_str_equal (g_uri_get_scheme (uri), "http") && is_this_machine (host));
}
