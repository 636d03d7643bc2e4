/* What print.h says of recordings.
 *
 * Owns nothing. Any thread. Members that the server did not send are shown as empty.
 */
#include "ctl/print.h"

static const char *
get_text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, "");
}

static gint64
get_int (JsonObject *object, const char *name)
{
  return json_object_get_int_member_with_default (object, name, 0);
}

static gboolean
get_bool (JsonObject *object, const char *name)
{
  return json_object_get_boolean_member_with_default (object, name, FALSE);
}

/* NULL where it is none. Borrowed. */
static JsonObject *
get_object (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static void
add_each (GString *text, JsonObject *object, const char *name, const char *heading,
          void (*add) (GString *, JsonObject *))
{
  JsonNode *node = json_object_get_member (object, name);
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonNode *element = json_array_get_element (array, i);

    if (!JSON_NODE_HOLDS_OBJECT (element))
      continue;
    if (i == 0)
      g_string_append (text, heading);
    add (text, json_node_get_object (element));
  }
}

/* "processing, compose 45 %" */
static char *
print_progress (JsonObject *object)
{
  JsonObject *progress = get_object (object, "progress");
  const char *status = get_text (object, "status"), *error = get_text (object, "error");

  if (progress != NULL)
    return g_strdup_printf ("%s, %s %d %%", status, get_text (progress, "stage"),
                            (int) (json_object_get_double_member_with_default (progress, "done", 0) * 100));
  return *error != '\0' ? g_strdup_printf ("%s (%s)", status, error) : g_strdup (status);
}

static char *
print_time_or (JsonObject *object, const char *name, const char *otherwise)
{
  gint64 ms = get_int (object, name);

  return ms > 0 ? cv_print_time (ms) : g_strdup (otherwise);
}

static void
add_recording (GString *text, JsonObject *recording)
{
  g_autofree char *started = cv_print_time (get_int (recording, "started"));
  g_autofree char *duration = cv_print_duration (get_int (recording, "duration"));
  g_autofree char *size = cv_print_size (get_int (recording, "bytes"));

  g_string_append_printf (text, "%-13s  %-16s  %-13s  %8s  %6d  %-10s  %s\n", get_text (recording, "id"), started,
                          duration, size, (int) get_int (recording, "people"), get_text (recording, "status"),
                          get_text (recording, "title"));
}

/* The title stands last: it may be wide, and nothing is aligned after it. */
char *
cv_print_recordings (JsonObject *answer)
{
  g_autofree char *heading = g_strdup_printf ("%-13s  %-16s  %-13s  %8s  %6s  %-10s  %s\n", "ID", "STARTED", "LENGTH",
                                              "SIZE", "PEOPLE", "STATUS", "TITLE");
  GString *text = g_string_new (NULL);

  add_each (text, answer, "recordings", heading, add_recording);
  if (text->len == 0)
    g_string_append (text, "There are no recordings.\n");
  return g_string_free (text, FALSE);
}

static void
add_file (GString *text, JsonObject *file)
{
  g_autofree char *size = cv_print_size (get_int (file, "bytes"));

  g_string_append_printf (text, "  %-10s  %8s  %s\n", get_text (file, "kind"), size, get_text (file, "name"));
}

static void
add_render (GString *text, JsonObject *render)
{
  g_autofree char *status = print_progress (render);

  g_string_append_printf (text, "  %-13s  %-12s  %s\n", get_text (render, "id"), get_text (render, "layout"), status);
}

static void
add_share (GString *text, JsonObject *share)
{
  g_autofree char *expires = print_time_or (share, "expires", "never");

  g_string_append_printf (text, "  %-13s  expires %s%s%s\n", get_text (share, "id"), expires,
                          get_bool (share, "password") ? ", password" : "",
                          get_bool (share, "downloads") ? ", downloads" : "");
}

char *
cv_print_recording (JsonObject *recording)
{
  g_autofree char *started = cv_print_time (get_int (recording, "started"));
  g_autofree char *ended = print_time_or (recording, "ended", "");
  g_autofree char *duration = cv_print_duration (get_int (recording, "duration"));
  g_autofree char *size = cv_print_size (get_int (recording, "bytes"));
  g_autofree char *expires = print_time_or (recording, "expires", "never");
  g_autofree char *status = print_progress (recording);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text,
                          "Id:       %s\n"
                          "Title:    %s\n"
                          "Room:     %s\n"
                          "Meeting:  %s\n"
                          "Started:  %s\n"
                          "Ended:    %s\n"
                          "Length:   %s\n"
                          "People:   %d\n"
                          "Size:     %s\n"
                          "Status:   %s\n"
                          "Deleted:  %s\n",
                          get_text (recording, "id"), get_text (recording, "title"), get_text (recording, "room"),
                          get_text (recording, "meeting"), started, ended, duration,
                          (int) get_int (recording, "people"), size, status, expires);
  add_each (text, recording, "files", "\nFiles:\n", add_file);
  add_each (text, recording, "renders", "\nRenderings:\n", add_render);
  add_each (text, recording, "shares", "\nLinks:\n", add_share);
  return g_string_free (text, FALSE);
}

static void
add_check (GString *text, JsonObject *check)
{
  g_string_append_printf (text, "%-8s %s\n", get_bool (check, "ok") ? "ok" : "DAMAGED", get_text (check, "name"));
}

char *
cv_print_verified (JsonObject *answer)
{
  GString *text = g_string_new (NULL);

  add_each (text, answer, "files", "", add_check);
  if (text->len == 0)
    g_string_append (text, "There are no files.\n");
  return g_string_free (text, FALSE);
}

char *
cv_print_share (JsonObject *share)
{
  g_autofree char *expires = print_time_or (share, "expires", "never");

  return g_strdup_printf ("Id:         %s\n"
                          "Recording:  %s\n"
                          "Expires:    %s\n"
                          "Password:   %s\n"
                          "Downloads:  %s\n",
                          get_text (share, "id"), get_text (share, "recording"), expires,
                          get_bool (share, "password") ? "yes" : "no", get_bool (share, "downloads") ? "yes" : "no");
}
