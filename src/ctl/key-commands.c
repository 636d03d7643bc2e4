/* See key-commands.h. A key is made here and goes to stdout alone; the server gets its hash. */
#include "ctl/key-commands.h"

#include "base/ids.h"
#include "base/json.h"
#include "base/link.h"
#include "ctl/print.h"

#include <stdio.h>

#define KEY_BYTES 32

static JsonNode *
build_request (const CvCommandArguments *arguments, const guint8 key[KEY_BYTES])
{
  const CvOptions *options = arguments->options;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  guint8 hash[CV_HASH_BYTES];
  g_autofree char *hash_text = NULL;

  cv_hash (key, KEY_BYTES, hash);
  hash_text = cv_base64url_encode (hash, sizeof hash);
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "role", options->role != NULL ? options->role : "producer");
  cv_json_add_text (builder, "name", arguments->id);
  cv_json_add_text (builder, "hash", hash_text);
  cv_json_add_int (builder, "days", MAX (options->days, 0));
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static void
print_key (const CvCommandArguments *arguments, JsonObject *answer, const char *key, const char *url)
{
  g_autofree char *text = NULL;

  if (arguments->options->json) {
    json_object_set_string_member (answer, "key", key);
    json_object_set_string_member (answer, "url", url);
    cv_command_print_json (answer);
    return;
  }
  text = cv_print_key (answer);
  printf ("%s\nKey:      %s\nSign in:  %s\n\n", text, key, url);
  puts ("Keep it: it is made here and cannot be shown again.");
}

gboolean
cv_key_command_add (const CvCommandArguments *arguments, GError **error)
{
  g_autofree char *server = cv_command_find_server (arguments->client, error);
  g_autoptr (JsonNode) request = NULL;
  g_autoptr (JsonObject) answer = NULL;
  guint8 key[KEY_BYTES];
  char *text, *url;

  if (server == NULL)
    return FALSE;
  cv_random_bytes (key, sizeof key);
  request = build_request (arguments, key);
  text = cv_base64url_encode (key, sizeof key);
  cv_wipe (key, sizeof key);
  url = g_strconcat (server, "/recordings#", text, NULL);
  answer = cv_client_call (arguments->client, "POST", "/api/v1/keys", request, error);
  if (answer != NULL)
    print_key (arguments, answer, text, url);
  cv_link_free_url (text);
  cv_link_free_url (url);
  return answer != NULL;
}

gboolean
cv_key_command_list (const CvCommandArguments *arguments, GError **error)
{
  return cv_command_call_and_print (arguments, "GET", "/api/v1/keys", NULL, cv_print_keys, error);
}

static char *
print_revoked (JsonObject *answer)
{
  return g_strdup ("The key is revoked. Who signed in with it is out.\n");
}

gboolean
cv_key_command_revoke (const CvCommandArguments *arguments, GError **error)
{
  return cv_command_call_of (arguments, "DELETE", "/api/v1/keys/", "", print_revoked, error);
}
