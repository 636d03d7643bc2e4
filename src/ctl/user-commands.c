/* See user-commands.h. People name a user by what they sign in with; the server wants the id. */
#include "ctl/user-commands.h"

#include "base/json.h"
#include "base/link.h"
#include "ctl/password.h"
#include "ctl/print.h"

#include <stdio.h>

#define USERS "/api/v1/users"

/* "/api/v1/users/ID" and what stands behind. Returns: (transfer full), NULL with an error. */
static char *
find_path (const CvCommandArguments *arguments, const char *behind, GError **error)
{
  g_autoptr (JsonObject) answer = cv_client_call (arguments->client, "GET", USERS, NULL, error);
  JsonArray *users = answer != NULL ? json_object_get_array_member (answer, "users") : NULL;

  if (answer == NULL)
    return NULL;
  for (guint i = 0; users != NULL && i < json_array_get_length (users); i++) {
    JsonObject *user = json_array_get_object_element (users, i);
    const char *login = json_object_get_string_member_with_default (user, "login", "");

    if (g_ascii_strcasecmp (login, arguments->id) == 0)
      return g_strconcat (USERS "/", json_object_get_string_member_with_default (user, "id", ""), behind, NULL);
  }
  g_set_error (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_REFUSED,
               "There is no user “%s” (“conclavectl user list” shows them). (not-found)", arguments->id);
  return NULL;
}

/* ---- add, link ---- */

static JsonNode *
build_user (const CvCommandArguments *arguments)
{
  const CvOptions *options = arguments->options;
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  cv_json_add_text (builder, "login", arguments->id);
  if (options->name != NULL)
    cv_json_add_text (builder, "name", options->name);
  cv_json_add_text (builder, "role", options->role != NULL ? options->role : "host");
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static void
print_link (JsonObject *link)
{
  g_autofree char *until = cv_print_time (json_object_get_int_member_with_default (link, "expires", 0));

  printf ("Sign in:  %s\n\n", json_object_get_string_member_with_default (link, "url", ""));
  printf ("The link works once, until %s, and cannot be shown again.\n", until);
}

gboolean
cv_user_command_add (const CvCommandArguments *arguments, GError **error)
{
  g_autofree char *server = cv_command_find_server (arguments->client, error);
  g_autoptr (JsonNode) request = NULL;
  g_autoptr (JsonObject) user = NULL, link = NULL;
  g_autofree char *path = NULL, *text = NULL;

  if (server == NULL)
    return FALSE;
  request = build_user (arguments);
  user = cv_client_call (arguments->client, "POST", USERS, request, error);
  if (user == NULL)
    return FALSE;
  path = g_strconcat (USERS "/", json_object_get_string_member_with_default (user, "id", ""), "/code", NULL);
  link = cv_client_call (arguments->client, "POST", path, NULL, error);
  if (link == NULL)
    return FALSE;
  if (arguments->options->json) {
    json_object_set_string_member (user, "url", json_object_get_string_member_with_default (link, "url", ""));
    cv_command_print_json (user);
    return TRUE;
  }
  text = cv_print_user (user);
  printf ("%s\n", text);
  print_link (link);
  return TRUE;
}

gboolean
cv_user_command_link (const CvCommandArguments *arguments, GError **error)
{
  g_autofree char *server = cv_command_find_server (arguments->client, error);
  g_autofree char *path = server != NULL ? find_path (arguments, "/code", error) : NULL;
  g_autoptr (JsonObject) link = NULL;

  if (path == NULL)
    return FALSE;
  link = cv_client_call (arguments->client, "POST", path, NULL, error);
  if (link == NULL)
    return FALSE;
  if (arguments->options->json)
    cv_command_print_json (link);
  else
    print_link (link);
  return TRUE;
}

/* ---- the others ---- */

gboolean
cv_user_command_list (const CvCommandArguments *arguments, GError **error)
{
  return cv_command_call_and_print (arguments, "GET", USERS, NULL, cv_print_users, error);
}

/* One member of the user; prints what it is then. */
static gboolean
change (const CvCommandArguments *arguments, void (*add) (JsonBuilder *, const CvCommandArguments *), GError **error)
{
  g_autofree char *path = find_path (arguments, "", error);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) request = NULL;

  if (path == NULL)
    return FALSE;
  json_builder_begin_object (builder);
  add (builder, arguments);
  json_builder_end_object (builder);
  request = json_builder_get_root (builder);
  return cv_command_call_and_print (arguments, "PATCH", path, request, cv_print_user, error);
}

static void
add_role (JsonBuilder *builder, const CvCommandArguments *arguments)
{
  cv_json_add_text (builder, "role", arguments->options->role);
}

gboolean
cv_user_command_role (const CvCommandArguments *arguments, GError **error)
{
  return change (arguments, add_role, error);
}

static void
add_disabled (JsonBuilder *builder, const CvCommandArguments *arguments)
{
  cv_json_add_bool (builder, "disabled", TRUE);
}

gboolean
cv_user_command_disable (const CvCommandArguments *arguments, GError **error)
{
  return change (arguments, add_disabled, error);
}

static void
add_enabled (JsonBuilder *builder, const CvCommandArguments *arguments)
{
  cv_json_add_bool (builder, "disabled", FALSE);
}

gboolean
cv_user_command_enable (const CvCommandArguments *arguments, GError **error)
{
  return change (arguments, add_enabled, error);
}

static char *
print_password_set (JsonObject *answer)
{
  return g_strdup ("The password is set. Whoever was signed in is out.\n");
}

gboolean
cv_user_command_passwd (const CvCommandArguments *arguments, GError **error)
{
  g_autofree char *path = find_path (arguments, "", error);
  char *password = path != NULL ? cv_password_read (error) : NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) request = NULL;

  if (password == NULL)
    return FALSE;
  if (g_utf8_strlen (password, -1) < 10 || g_utf8_strlen (password, -1) > 200) {
    cv_link_free_url (password);
    g_set_error_literal (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_REFUSED, "A password has 10 to 200 characters.");
    return FALSE;
  }
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "password", password);
  json_builder_end_object (builder);
  cv_link_free_url (password);
  request = json_builder_get_root (builder);
  return cv_command_call_and_print (arguments, "PATCH", path, request, print_password_set, error);
}

static char *
print_deleted (JsonObject *answer)
{
  return g_strdup ("The user is deleted. Rooms that were theirs are administrators' now.\n");
}

gboolean
cv_user_command_delete (const CvCommandArguments *arguments, GError **error)
{
  g_autofree char *path = find_path (arguments, "", error);

  return path != NULL && cv_command_call_and_print (arguments, "DELETE", path, NULL, print_deleted, error);
}
