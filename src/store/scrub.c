/* See scrub.h. */
#include "store/scrub.h"

#include "base/ids.h"
#include "base/json.h"

#include <string.h>

/* a summary */
#define MAX_BYTES (8 * 1024 * 1024)
/* characters of a name that is looked for within texts */
#define MIN_WORD 3

struct _CvScrub {
  char *id;
  char *new_id;
  GHashTable *names;   /* of char * */
  GPtrArray *patterns; /* of GRegex: of those that are theirs alone */
};

/* Their values are words of the format, or ids, and never what somebody wrote. */
static const char *const WORDS[] = { "answer", "codec",      "device",  "due",    "file", "kind",
                                     "lang",   "media_type", "order",   "reason", "role", "sha256",
                                     "sign",   "source",     "summary", "type",   NULL };

CvScrub *
cv_scrub_new (const char *id)
{
  CvScrub *self = g_new (CvScrub, 1);
  const char prefix[] = { *id, '\0' };

  *self = (CvScrub){ .id = g_strdup (id),
                     .new_id = cv_id_new (prefix),
                     .names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                     .patterns = g_ptr_array_new_with_free_func ((GDestroyNotify) g_regex_unref) };
  return self;
}

void
cv_scrub_free (CvScrub *self)
{
  g_free (self->id);
  g_free (self->new_id);
  g_hash_table_unref (self->names);
  g_ptr_array_unref (self->patterns);
  g_free (self);
}

void
cv_scrub_add_name (CvScrub *self, const char *name, gboolean mine)
{
  g_autofree char *escaped = NULL, *pattern = NULL;

  if (name == NULL || *name == '\0' || !g_hash_table_add (self->names, g_strdup (name)) || !mine)
    return;
  escaped = g_regex_escape_string (name, -1);
  /* whole words: Ann is not in Annual; and "A" is in too many of them */
  pattern = g_utf8_strlen (name, -1) < MIN_WORD
              ? g_strconcat ("\\A", escaped, "\\z", NULL)
              : g_strconcat ("(?<![\\p{L}\\p{N}])", escaped, "(?![\\p{L}\\p{N}])", NULL);
  g_ptr_array_add (self->patterns, g_regex_new (pattern, 0, 0, NULL));
}

gboolean
cv_scrub_has_name (CvScrub *self, const char *name)
{
  return name != NULL && g_hash_table_contains (self->names, name);
}

const char *
cv_scrub_get_id (CvScrub *self)
{
  return self->id;
}

const char *
cv_scrub_get_new_id (CvScrub *self)
{
  return self->new_id;
}

char *
cv_scrub_text (CvScrub *self, const char *text)
{
  g_autoptr (GString) string = g_string_new (text);
  char *result;

  g_string_replace (string, self->id, self->new_id, 0);
  result = g_strdup (string->str);
  for (guint i = 0; i < self->patterns->len; i++) {
    char *next = g_regex_replace_literal (self->patterns->pdata[i], result, -1, 0, CV_SCRUB_NAME, 0, NULL);

    if (next == NULL)
      continue;
    g_free (result);
    result = next;
  }
  return result;
}

static void scrub_member (JsonObject *object, const char *name, JsonNode *node, gpointer user_data);

static void
scrub_element (JsonArray *array, guint i, JsonNode *node, gpointer user_data)
{
  cv_scrub_json (user_data, node);
}

void
cv_scrub_json (CvScrub *self, JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node)) {
    json_object_foreach_member (json_node_get_object (node), scrub_member, self);
  } else if (JSON_NODE_HOLDS_ARRAY (node)) {
    json_array_foreach_element (json_node_get_array (node), scrub_element, self);
  } else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING) {
    g_autofree char *text = cv_scrub_text (self, json_node_get_string (node));

    json_node_set_string (node, text);
  }
}

/* A register of a word has an actor behind it all the same: only ids are looked for there. */
static void
scrub_member (JsonObject *object, const char *name, JsonNode *node, gpointer user_data)
{
  CvScrub *self = user_data;
  const CvScrub only_id = { .id = self->id, .new_id = self->new_id, .names = self->names, .patterns = NULL };
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  CvScrub words = only_id;

  words.patterns = none;
  cv_scrub_json (g_strv_contains (WORDS, name) ? &words : self, node);
}

char *
cv_scrub_object (CvScrub *self, const char *text, GError **error)
{
  JsonObject *object = cv_json_parse_long (text, strlen (text), MAX_BYTES, error);
  g_autoptr (JsonNode) node = NULL;

  if (object == NULL)
    return NULL;
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  cv_scrub_json (self, node);
  return cv_json_to_text (node, NULL);
}
