/* Commands about the recording of a running meeting. Owns nothing. Main thread, blocking. */
#include "ctl/recordings.h"

#include "base/json.h"

static char *
print_state (JsonObject *answer)
{
  const char *recording = json_object_get_string_member_with_default (answer, "recording", NULL);
  const char *state = json_object_get_string_member_with_default (answer, "state", "off");

  if (recording == NULL || g_str_equal (state, "off"))
    return g_strdup ("Nothing is recorded now.\n");
  return g_strdup_printf ("Recording %s is %s.\n", recording, state);
}

static gboolean
act (const CvCommandArguments *arguments, const char *action, GError **error)
{
  g_autofree char *path = g_strconcat ("/api/v1/rooms/", arguments->id, "/recording", NULL);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) body = NULL;

  json_builder_begin_object (builder);
  cv_json_add_text (builder, "action", action);
  json_builder_end_object (builder);
  body = json_builder_get_root (builder);
  return cv_command_call_and_print (arguments, "POST", path, body, print_state, error);
}

gboolean
cv_recording_start (const CvCommandArguments *arguments, GError **error)
{
  return act (arguments, "start", error);
}

gboolean
cv_recording_pause (const CvCommandArguments *arguments, GError **error)
{
  return act (arguments, "pause", error);
}

gboolean
cv_recording_resume (const CvCommandArguments *arguments, GError **error)
{
  return act (arguments, "resume", error);
}

gboolean
cv_recording_stop (const CvCommandArguments *arguments, GError **error)
{
  return act (arguments, "stop", error);
}
