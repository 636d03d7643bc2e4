/* See call.h. */
#include "ctl/call.h"

#include "base/json.h"

#include <stdio.h>

void
cv_call_print_json (JsonObject *answer)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), answer);
  g_autofree char *text = cv_json_to_text (node, NULL);

  puts (text);
}

gboolean
cv_call_and_print (const CvCommandArguments *arguments, const char *method, const char *path, JsonNode *body,
                   char *(*print) (JsonObject *), GError **error)
{
  g_autoptr (JsonObject) answer = cv_client_call (arguments->client, method, path, body, error);
  g_autofree char *text = NULL;

  if (answer == NULL)
    return FALSE;
  if (arguments->json) {
    cv_call_print_json (answer);
    return TRUE;
  }
  text = print (answer);
  fputs (text, stdout);
  return TRUE;
}
