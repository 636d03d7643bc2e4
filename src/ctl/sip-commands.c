/* See sip-commands.h. */
#include "ctl/sip-commands.h"

#include "ctl/print.h"

static const char *
get_text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, "");
}

static int
get_int (JsonObject *object, const char *name)
{
  return (int) json_object_get_int_member_with_default (object, name, 0);
}

/* Returns: borrowed, NULL where there is none. */
static JsonArray *
get_array (JsonObject *answer, const char *name)
{
  JsonNode *node = json_object_get_member (answer, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

char *
cv_sip_print_status (JsonObject *status)
{
  JsonArray *trunks = get_array (status, "trunks");
  gboolean up = json_object_get_boolean_member_with_default (status, "up", FALSE);
  GString *text = g_string_new (NULL);

  g_string_append_printf (
    text,
    "Gateway:     %s\n"
    "Calls:       %d now, %d answered\n"
    "Refused:     %d unknown, %d too often, %d full, %d without common media\n"
    "Wrong PINs:  %d in the last 10 minutes\n"
    "Processor:   %.1f %% of a core\n"
    "Memory:      %d MB\n",
    up ? "up" : "down", get_int (status, "calls"), get_int (status, "answered"), get_int (status, "refused_unknown"),
    get_int (status, "refused_rate"), get_int (status, "refused_full"), get_int (status, "refused_media"),
    get_int (status, "wrong_pins"), json_object_get_double_member_with_default (status, "cpu", 0) * 100,
    get_int (status, "rss") / 1024);
  for (guint i = 0; trunks != NULL && i < json_array_get_length (trunks); i++) {
    JsonObject *trunk = json_array_get_object_element (trunks, i);
    const char *said = get_text (trunk, "text");

    g_string_append_printf (text, "Trunk:       %s: %s%s%s; %d calls now, %d answered, %d refused\n",
                            get_text (trunk, "name"), get_text (trunk, "state"), *said != '\0' ? ": " : "", said,
                            get_int (trunk, "calls"), get_int (trunk, "answered"),
                            get_int (trunk, "refused_full") + get_int (trunk, "refused_media"));
  }
  return g_string_free (text, FALSE);
}

/* The reason stands last: nothing is aligned after it. */
char *
cv_sip_print_calls (JsonObject *answer)
{
  JsonArray *calls = get_array (answer, "calls");
  GString *text;

  if (calls == NULL || json_array_get_length (calls) == 0)
    return g_strdup ("Nobody has called.\n");

  text = g_string_new (NULL);
  g_string_append_printf (text, "%-13s  %-7s  %-8s  %-12s  %-16s  %-5s  %-4s  %-8s  %s\n", "ID", "STATE", "CALLER",
                          "ROOM", "STARTED", "CODEC", "SRTP", "TRUNK", "REASON");
  for (guint i = 0; i < json_array_get_length (calls); i++) {
    JsonObject *call = json_array_get_object_element (calls, i);
    g_autofree char *started = cv_print_time (json_object_get_int_member_with_default (call, "started", 0));
    const char *caller = get_text (call, "caller"), *room = get_text (call, "room");
    /* “…123”: bytes are not columns */
    int width = 8 + (int) (strlen (caller) - (gsize) g_utf8_strlen (caller, -1));

    g_string_append_printf (text, "%-13s  %-7s  %-*s  %-12s  %-16s  %-5s  %-4s  %-8s  %s\n", get_text (call, "id"),
                            get_text (call, "state"), width, *caller != '\0' ? caller : "-", *room != '\0' ? room : "-",
                            started, get_text (call, "codec"), get_text (call, "security"), get_text (call, "trunk"),
                            get_text (call, "reason"));
  }
  return g_string_free (text, FALSE);
}

gboolean
cv_sip_command_status (const CvCommandArguments *arguments, GError **error)
{
  return cv_command_call_and_print (arguments, "GET", "/api/v1/sip", NULL, cv_sip_print_status, error);
}

gboolean
cv_sip_command_calls (const CvCommandArguments *arguments, GError **error)
{
  const char *room = arguments->options->room;
  g_autofree char *path = g_strconcat ("/api/v1/sip/calls?limit=200", room != NULL ? "&room=" : "", room, NULL);

  return cv_command_call_and_print (arguments, "GET", path, NULL, cv_sip_print_calls, error);
}

static char *
print_hung_up (JsonObject *answer)
{
  return g_strdup ("The call is ended.\n");
}

gboolean
cv_sip_command_hang_up (const CvCommandArguments *arguments, GError **error)
{
  return cv_command_call_of (arguments, "POST", "/api/v1/sip/calls/", "/hangup", print_hung_up, error);
}
