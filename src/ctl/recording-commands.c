/* See recording-commands.h. */
#include "ctl/recording-commands.h"

#include "base/ids.h"
#include "base/json.h"
#include "base/link.h"
#include "ctl/export.h"
#include "ctl/password.h"
#include "ctl/print.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* a recording of a hundred people has some 100 KiB of files */
#define PAGE "10"

/* "/api/v1/recordings/ID" and what stands behind. */
static char *
make_path (const CvCommandArguments *arguments, const char *behind)
{
  return g_strconcat ("/api/v1/recordings/", arguments->id, behind, NULL);
}

/* ---- list, show ---- */

static void
add_parameter (GString *path, const char *name, const char *value)
{
  g_autofree char *escaped = value != NULL ? g_uri_escape_string (value, NULL, FALSE) : NULL;

  if (escaped != NULL)
    g_string_append_printf (path, "&%s=%s", name, escaped);
}

gboolean
cv_recording_command_list (const CvCommandArguments *arguments, GError **error)
{
  const CvOptions *options = arguments->options;
  g_autoptr (GString) path = g_string_new ("/api/v1/recordings?limit=" PAGE);

  add_parameter (path, "room", options->room);
  add_parameter (path, "status", options->status);
  add_parameter (path, "q", options->query);
  return cv_command_list_and_print (arguments, path->str, "recordings", cv_print_recordings, error);
}

gboolean
cv_recording_command_show (const CvCommandArguments *arguments, GError **error)
{
  g_autofree char *path = make_path (arguments, "");

  return cv_command_call_and_print (arguments, "GET", path, NULL, cv_print_recording, error);
}

/* ---- export ---- */

/* What the server says of the file; the texts are borrowed from `recording`. */
static gboolean
find_file (const CvCommandArguments *arguments, JsonObject *recording, CvExport *export, GError **error)
{
  JsonNode *node = json_object_get_member (recording, "files");
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonNode *element = json_array_get_element (array, i);
    JsonObject *file = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;

    if (file == NULL ||
        g_strcmp0 (json_object_get_string_member_with_default (file, "name", NULL), arguments->options->file) != 0)
      continue;
    *export = (CvExport){ .name = arguments->options->file,
                          .bytes = json_object_get_int_member_with_default (file, "bytes", 0),
                          .sha256 = json_object_get_string_member_with_default (file, "sha256", NULL) };
    return TRUE;
  }
  g_set_error (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_REFUSED,
               "This recording has no file “%s” (“conclavectl recording show %s” lists them).",
               arguments->options->file, arguments->id);
  return FALSE;
}

gboolean
cv_recording_command_export (const CvCommandArguments *arguments, GError **error)
{
  g_autofree char *path = make_path (arguments, "");
  g_autoptr (JsonObject) recording = cv_client_call (arguments->client, "GET", path, NULL, error);
  g_autofree char *where = NULL;
  g_autofree char *name = g_uri_escape_string (arguments->options->file, "/", FALSE);
  g_autofree char *request = g_strconcat (path, "/files/", name, NULL);
  gint64 told = 0;
  CvExport export;

  if (recording == NULL || !find_file (arguments, recording, &export, error))
    return FALSE;
  export.request = request;
  where = cv_export_run (&export, arguments->client, arguments->options->to,
                         isatty (STDERR_FILENO) ? cv_print_progress : NULL, &told, error);
  if (where == NULL)
    return FALSE;
  if (export.sha256 == NULL)
    fputs ("conclavectl: its checksum is not known yet; it was not compared\n", stderr);
  puts (where);
  return TRUE;
}

/* ---- render ---- */

static JsonNode *
build_order (const CvOptions *options)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  gint64 ms;

  json_builder_begin_object (builder);
  cv_json_add_text (builder, "layout", options->layout);
  if (options->from != NULL && cv_options_read_time (options->from, &ms))
    cv_json_add_int (builder, "from", ms);
  if (options->to != NULL && cv_options_read_time (options->to, &ms))
    cv_json_add_int (builder, "to", ms);
  if (options->without != NULL) {
    json_builder_set_member_name (builder, "without");
    json_builder_begin_array (builder);
    for (guint i = 0; options->without[i] != NULL; i++)
      json_builder_add_string_value (builder, options->without[i]);
    json_builder_end_array (builder);
  }
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

gboolean
cv_recording_command_render (const CvCommandArguments *arguments, GError **error)
{
  g_autofree char *path = make_path (arguments, "/renders");
  g_autoptr (JsonNode) order = build_order (arguments->options);
  g_autoptr (JsonObject) answer = cv_client_call (arguments->client, "POST", path, order, error);

  if (answer == NULL)
    return FALSE;
  if (arguments->options->json)
    cv_command_print_json (answer);
  else
    printf ("%s is queued. “conclavectl recording show %s” says how far it is.\n",
            json_object_get_string_member_with_default (answer, "id", ""), arguments->id);
  return TRUE;
}

/* ---- verify, delete ---- */

gboolean
cv_recording_command_verify (const CvCommandArguments *arguments, GError **error)
{
  g_autofree char *path = make_path (arguments, "/verify");
  g_autoptr (JsonObject) answer = NULL;

  cv_client_set_patience (arguments->client, 0);
  answer = cv_client_call (arguments->client, "POST", path, NULL, error);
  if (answer == NULL)
    return FALSE;
  if (arguments->options->json) {
    cv_command_print_json (answer);
  } else {
    g_autofree char *text = cv_print_verified (answer);

    fputs (text, stdout);
  }
  if (json_object_get_boolean_member_with_default (answer, "ok", FALSE))
    return TRUE;
  g_set_error_literal (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_REFUSED,
                       "Not all files are what they were when they were made.");
  return FALSE;
}

static char *
print_deleted (JsonObject *answer)
{
  return g_strdup ("The recording and all its files are deleted.\n");
}

gboolean
cv_recording_command_delete (const CvCommandArguments *arguments, GError **error)
{
  g_autofree char *path = make_path (arguments, "");

  cv_client_set_patience (arguments->client, 0);
  return cv_command_call_and_print (arguments, "DELETE", path, NULL, print_deleted, error);
}

/* ---- share ---- */

/* `password` may be NULL. */
static JsonNode *
build_share (const CvOptions *options, const char *password)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  cv_json_add_int (builder, "hours", MAX (options->hours, 0));
  cv_json_add_bool (builder, "downloads", options->downloads);
  if (password != NULL)
    cv_json_add_text (builder, "password", password);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static void
print_share (const CvCommandArguments *arguments, JsonObject *answer)
{
  g_autofree char *text = NULL;

  if (arguments->options->json) {
    cv_command_print_json (answer);
    return;
  }
  text = cv_print_share (answer);
  printf ("%sLink:       %s\n\nKeep it: it cannot be shown again.\n", text,
          json_object_get_string_member_with_default (answer, "url", ""));
}

gboolean
cv_recording_command_share (const CvCommandArguments *arguments, GError **error)
{
  const CvOptions *options = arguments->options;
  g_autofree char *path = make_path (arguments, "/shares");
  g_autofree char *server = cv_command_find_server (arguments->client, error);
  g_autoptr (JsonNode) request = NULL;
  g_autoptr (JsonObject) answer = NULL;
  char *password = NULL;

  if (server == NULL)
    return FALSE;
  if (options->password_stdin && (password = cv_password_read (error)) == NULL)
    return FALSE;
  request = build_share (options, password);
  if (password != NULL)
    cv_link_free_url (password);
  answer = cv_client_call (arguments->client, "POST", path, request, error);
  if (answer != NULL)
    print_share (arguments, answer);
  return answer != NULL;
}
