/* See meeting-commands.h. */
#include "ctl/meeting-commands.h"

#include "base/json.h"
#include "ctl/print.h"

#include <gio/gunixoutputstream.h>
#include <unistd.h>

/* A summary is made when the meeting has ended: how long to wait for it, and between two looks, µs. */
#define PATIENCE_US (15 * G_USEC_PER_SEC)
#define PAUSE_US (100 * 1000)

/* "/api/v1/meetings/ID" and what stands behind. */
static char *
make_path (const CvCommandArguments *arguments, const char *behind)
{
  return g_strconcat ("/api/v1/meetings/", arguments->id, behind, NULL);
}

gboolean
cv_meeting_command_list (const CvCommandArguments *arguments, GError **error)
{
  g_autofree char *path = g_strconcat ("/api/v1/rooms/", arguments->id, "/meetings?limit=200", NULL);

  return cv_command_list_and_print (arguments, path, "meetings", cv_print_meetings, error);
}

/* ---- summary ---- */

/* Waits until it is made. */
static gboolean
wait_for_summary (const CvCommandArguments *arguments, GError **error)
{
  g_autofree char *path = make_path (arguments, "/summary");
  gint64 end = g_get_monotonic_time () + PATIENCE_US;

  for (;;) {
    g_autoptr (JsonObject) answer = cv_client_call (arguments->client, "GET", path, NULL, error);
    gboolean runs;

    if (answer == NULL)
      return FALSE;
    if (g_str_equal (json_object_get_string_member_with_default (answer, "status", ""), "ready"))
      return TRUE;
    runs = g_str_equal (json_object_get_string_member_with_default (answer, "waits_for", ""), "end");
    if (runs || g_get_monotonic_time () > end) {
      g_set_error_literal (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_REFUSED,
                           runs ? "The meeting is not over yet; its summary is made when it ends."
                                : "The summary is not made yet. Try again later.");
      return FALSE;
    }
    g_usleep (PAUSE_US);
  }
}

/* "-" is standard output. Returns: (transfer full). */
static GOutputStream *
open_target (const char *to, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (to);

  if (g_str_equal (to, "-"))
    return g_unix_output_stream_new (STDOUT_FILENO, FALSE);
  return G_OUTPUT_STREAM (g_file_replace (file, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, error));
}

gboolean
cv_meeting_command_summary (const CvCommandArguments *arguments, GError **error)
{
  const CvOptions *options = arguments->options;
  g_autofree char *behind = g_strconcat ("/summary?format=", options->format, NULL);
  g_autofree char *path = make_path (arguments, behind);
  g_autoptr (GInputStream) in = NULL;
  g_autoptr (GOutputStream) out = NULL;
  guint64 offset = 0;

  if (!wait_for_summary (arguments, error))
    return FALSE;
  in = cv_client_open (arguments->client, path, &offset, NULL, error);
  out = in != NULL ? open_target (options->to, error) : NULL;
  return out != NULL &&
         g_output_stream_splice (out, in, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET | G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE,
                                 NULL, error) >= 0;
}

/* ---- mail, delete ---- */

static char *
print_queued (JsonObject *answer)
{
  return g_strdup_printf ("%d e-mails are on their way.\n",
                          (int) json_object_get_int_member_with_default (answer, "queued", 0));
}

gboolean
cv_meeting_command_mail (const CvCommandArguments *arguments, GError **error)
{
  g_autofree char *path = make_path (arguments, "/summary/mail");
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) request = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "to");
  json_builder_begin_array (builder);
  for (char **address = arguments->more; *address != NULL; address++)
    json_builder_add_string_value (builder, *address);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  request = json_builder_get_root (builder);
  return wait_for_summary (arguments, error) &&
         cv_command_call_and_print (arguments, "POST", path, request, print_queued, error);
}

static char *
print_deleted (JsonObject *answer)
{
  return g_strdup ("What was kept of the meeting is deleted.\n");
}

gboolean
cv_meeting_command_delete (const CvCommandArguments *arguments, GError **error)
{
  g_autofree char *path = make_path (arguments, "");

  cv_client_set_patience (arguments->client, 0);
  return cv_command_call_and_print (arguments, "DELETE", path, NULL, print_deleted, error);
}
