/* conclavectl's commands: rooms, tokens and tickets, and the table of all.
 *
 * Owns nothing. Main thread, blocking. A room's secrets and tokens are made here and go to stdout alone; the server gets
 * hashes.
 */
#include "ctl/commands.h"

#include "base/json.h"
#include "base/link.h"
#include "base/lock.h"
#include "ctl/audit-commands.h"
#include "ctl/backup-commands.h"
#include "ctl/doctor-command.h"
#include "ctl/document-commands.h"
#include "ctl/key-commands.h"
#include "ctl/meeting-commands.h"
#include "ctl/orders.h"
#include "ctl/person-commands.h"
#include "ctl/print.h"
#include "ctl/recording-commands.h"
#include "ctl/recordings.h"
#include "ctl/setup-command.h"
#include "ctl/sip-commands.h"
#include "ctl/user-commands.h"
#include "ctl/verify-client.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_STATE "/var/lib/conclave"

char *
cv_command_find_state (const CvOptions *options)
{
  const char *from_environment = g_getenv ("CONCLAVE_SOCKET");

  if (options->state != NULL)
    return g_strdup (options->state);
  if (options->socket != NULL)
    return g_path_get_dirname (options->socket);
  if (from_environment != NULL && from_environment[0] != '\0')
    return g_path_get_dirname (from_environment);
  return g_strdup (DEFAULT_STATE);
}

gboolean
cv_command_run_alone (const CvCommandArguments *arguments,
                      gboolean (*run) (const CvCommandArguments *arguments, const char *state, GError **error),
                      GError **error)
{
  g_autofree char *state = cv_command_find_state (arguments->options);
  g_autoptr (GError) cause = NULL;
  gboolean done;
  int lock = cv_lock_take (state, &cause);

  if (g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_AGAIN)) {
    g_set_error (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_REFUSED, "%s. Stop it first.", cause->message);
    return FALSE;
  }
  if (lock < 0) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  done = run (arguments, state, error);
  g_close (lock, NULL);
  return done;
}

void
cv_command_print_json (JsonObject *answer)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), answer);
  g_autofree char *text = cv_json_to_text (node, NULL);

  puts (text);
}

gboolean
cv_command_call_and_print (const CvCommandArguments *arguments, const char *method, const char *path, JsonNode *body,
                           char *(*print) (JsonObject *), GError **error)
{
  g_autoptr (JsonObject) answer = cv_client_call (arguments->client, method, path, body, error);
  g_autofree char *text = NULL;

  if (answer == NULL)
    return FALSE;
  if (arguments->options->json) {
    cv_command_print_json (answer);
    return TRUE;
  }
  text = print (answer);
  fputs (text, stdout);
  return TRUE;
}

gboolean
cv_command_call_of (const CvCommandArguments *arguments, const char *method, const char *before, const char *behind,
                    char *(*print) (JsonObject *), GError **error)
{
  g_autofree char *path = g_strconcat (before, arguments->id, behind, NULL);

  return cv_command_call_and_print (arguments, method, path, NULL, print, error);
}

/* What `member` of `page` has is moved to the end of `all`. Returns: borrowed, where it goes on, or NULL. */
static const char *
take_page (JsonArray *all, JsonObject *page, const char *member)
{
  JsonNode *node = json_object_get_member (page, member);
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    json_array_add_element (all, json_array_dup_element (array, i));
  return array != NULL ? json_object_get_string_member_with_default (page, "next", NULL) : NULL;
}

gboolean
cv_command_list_and_print (const CvCommandArguments *arguments, const char *path, const char *member,
                           char *(*print) (JsonObject *), GError **error)
{
  g_autoptr (JsonObject) answer = json_object_new ();
  g_autofree char *cursor = NULL;
  JsonArray *all = json_array_new ();

  json_object_set_array_member (answer, member, all);
  do {
    g_autofree char *next = cursor != NULL ? g_strconcat (path, "&cursor=", cursor, NULL) : g_strdup (path);
    g_autoptr (JsonObject) page = cv_client_call (arguments->client, "GET", next, NULL, error);

    if (page == NULL)
      return FALSE;
    g_free (cursor);
    cursor = g_strdup (take_page (all, page, member));
  } while (cursor != NULL);

  if (arguments->options->json) {
    cv_command_print_json (answer);
  } else {
    g_autofree char *text = print (answer);

    fputs (text, stdout);
  }
  return TRUE;
}

/* ---- room create ---- */

static const char *
get_kind (const CvCommandArguments *arguments)
{
  return arguments->options->kind != NULL ? arguments->options->kind : "standard";
}

/* Kinds whose media go past the server: it must not be able to order people about in a host's name. The server's policy
 * tables decide; this is a client's copy, as data/web/core/kinds.js has one. */
static const char *const ORDERED[] = { "standard", "otr", NULL };

/* "" where the server must not learn it. */
static const char *
get_title (const CvCommandArguments *arguments)
{
  return arguments->options->title != NULL ? arguments->options->title : "";
}

static gboolean
is_recorded (const CvCommandArguments *arguments)
{
  return g_strcmp0 (arguments->options->recording, "on") == 0;
}

static gboolean
calls_in (const CvCommandArguments *arguments)
{
  return g_strcmp0 (arguments->options->dial_in, "on") == 0;
}

char *
cv_command_find_server (CvClient *client, GError **error)
{
  g_autoptr (JsonObject) status = cv_client_call (client, "GET", "/api/v1/status", NULL, error);
  const char *url;

  if (status == NULL)
    return NULL;
  url = json_object_get_string_member_with_default (status, "url", "");
  if (g_str_has_prefix (url, "https://") || g_str_has_prefix (url, "http://"))
    return g_strdup (url);
  g_set_error_literal (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_STRANGE,
                       "The server does not know the address that people reach it by. "
                       "Set public-url in [server] of its configuration and start it anew.");
  return NULL;
}

/* Those that were given. */
static void
add_settings (JsonBuilder *builder, const CvOptions *options)
{
  if (options->keep_days >= 0)
    cv_json_add_int (builder, "keep_days", options->keep_days);
  if (options->summary != NULL)
    cv_json_add_text (builder, "summary", options->summary);
  if (options->attendance != NULL)
    cv_json_add_bool (builder, "attendance", g_str_equal (options->attendance, "on"));
  if (options->keep_content >= 0)
    cv_json_add_int (builder, "keep_content_days", options->keep_content);
  if (options->dial_in != NULL)
    cv_json_add_bool (builder, "dial_in", g_str_equal (options->dial_in, "on"));
}

/* Returns: (transfer full). */
static JsonNode *
build_request (const CvCommandArguments *arguments, const CvLink *link)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_auto (CvLinkKeys) keys = { 0 };
  g_autofree char *join_verifier = NULL, *host_verifier = NULL;

  cv_link_derive (link, &keys);
  join_verifier = cv_base64url_encode (keys.join_verifier, sizeof keys.join_verifier);
  host_verifier = cv_base64url_encode (keys.host_verifier, sizeof keys.host_verifier);
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", link->room);
  cv_json_add_text (builder, "kind", get_kind (arguments));
  cv_json_add_text (builder, "title", get_title (arguments));
  cv_json_add_text (builder, "join_verifier", join_verifier);
  cv_json_add_text (builder, "host_verifier", host_verifier);
  if (g_strv_contains (ORDERED, get_kind (arguments))) {
    g_autofree char *orders = cv_orders_new (link);

    cv_json_add_text (builder, "orders", orders);
  }
  cv_json_add_bool (builder, "recording", is_recorded (arguments));
  cv_json_add_text (builder, "consent", arguments->options->consent != NULL ? arguments->options->consent : "announce");
  cv_json_add_bool (builder, "lobby", g_strcmp0 (arguments->options->lobby, "on") == 0);
  add_settings (builder, arguments->options);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/* `room`: as the server answered. */
static void
print_links (const CvCommandArguments *arguments, const CvLink *link, const char *server, JsonObject *room)
{
  char *host_url = cv_link_host_url (link, server);
  char *join_url = cv_link_join_url (link, server);
  g_autofree char *invitation = cv_print_dial_in (room);

  if (arguments->options->json) {
    g_autoptr (JsonBuilder) builder = json_builder_new ();
    char *text;

    json_builder_begin_object (builder);
    cv_json_add_text (builder, "id", link->room);
    cv_json_add_text (builder, "kind", get_kind (arguments));
    cv_json_add_text (builder, "title", get_title (arguments));
    cv_json_add_text (builder, "host_url", host_url);
    cv_json_add_text (builder, "join_url", join_url);
    json_builder_set_member_name (builder, "dial_in");
    json_builder_add_value (builder, json_object_has_member (room, "dial_in") ? json_object_dup_member (room, "dial_in")
                                                                              : json_node_new (JSON_NODE_NULL));
    json_builder_end_object (builder);
    text = cv_json_builder_to_text (builder, NULL);
    puts (text);
    cv_link_free_url (text);
  } else {
    const char *title = get_title (arguments);

    printf (*title != '\0' ? "Room %s, “%s”\n\n" : "Room %s\n\n", link->room, title);
    printf ("For the host:    %s\n", host_url);
    printf ("For the others:  %s\n\n", join_url);
    fputs (invitation, stdout);
    puts ("Keep them: they are made here and cannot be shown again.");
  }
  cv_link_free_url (host_url);
  cv_link_free_url (join_url);
}

/* An administrator may make any room, but one that cannot be recorded. */
static void
explain_room (const CvCommandArguments *arguments, const GError *cause, GError **error)
{
  if (calls_in (arguments) && !is_recorded (arguments) && g_str_has_suffix (cause->message, "(not-allowed)"))
    g_set_error (
      error, cause->domain, cause->code,
      "Rooms of the kind “%s” cannot be called by phone: what people say there is sealed from the server, and a "
      "phone cannot seal. (not-allowed)",
      get_kind (arguments));
  else if (is_recorded (arguments) && g_str_has_suffix (cause->message, "(not-allowed)"))
    g_set_error (error, cause->domain, cause->code,
                 "Rooms of the kind “%s” cannot be recorded: their media go from browser to browser, and never "
                 "through the server. (not-allowed)",
                 get_kind (arguments));
  else
    g_propagate_error (error, g_error_copy (cause));
}

/* Off the record, for as long as `days` from today. */
static gboolean
plan_room (const CvCommandArguments *arguments, const CvLink *link, int days, GError **error)
{
  static const gint64 day = G_GINT64_CONSTANT (24) * 3600 * 1000;
  g_autofree char *path = g_strconcat ("/api/v1/rooms/", link->room, "/keep", NULL);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_auto (CvLinkKeys) keys = { 0 };

  cv_link_derive (link, &keys);
  g_autofree char *key = cv_base64url_encode (keys.join_key, sizeof keys.join_key);
  g_autofree char *host_key = cv_base64url_encode (keys.host_key, sizeof keys.host_key);
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "key", key);
  cv_json_add_text (builder, "host_key", host_key);
  cv_json_add_int (builder, "until", (g_get_real_time () / 1000 / day + days + 1) * day);
  json_builder_end_object (builder);
  g_autoptr (JsonNode) request = json_builder_get_root (builder);
  g_autoptr (JsonObject) kept = cv_client_call (arguments->client, "POST", path, request, error);
  return kept != NULL;
}

static gboolean
run_room_create (const CvCommandArguments *arguments, GError **error)
{
  g_autofree char *server = cv_command_find_server (arguments->client, error);
  g_auto (CvLink) link = { 0 };
  g_autoptr (JsonNode) request = NULL;
  g_autoptr (JsonObject) room = NULL;
  g_autoptr (GError) cause = NULL;

  if (server == NULL)
    return FALSE;
  cv_link_init (&link);
  request = build_request (arguments, &link);
  room = cv_client_call (arguments->client, "POST", "/api/v1/rooms", request, &cause);
  if (room == NULL) {
    explain_room (arguments, cause, error);
    return FALSE;
  }
  if (arguments->options->days >= 0 && !plan_room (arguments, &link, arguments->options->days, error))
    return FALSE;
  print_links (arguments, &link, server, room);
  return TRUE;
}

/* ---- the others ---- */

static gboolean
run_room_list (const CvCommandArguments *arguments, GError **error)
{
  return cv_command_list_and_print (arguments, "/api/v1/rooms?limit=200", "rooms", cv_print_rooms, error);
}

static gboolean
run_room_show (const CvCommandArguments *arguments, GError **error)
{
  return cv_command_call_of (arguments, "GET", "/api/v1/rooms/", "", cv_print_room, error);
}

/* What is given, and nothing else. */
static gboolean
run_room_change (const CvCommandArguments *arguments, GError **error)
{
  const CvOptions *options = arguments->options;
  g_autofree char *path = g_strconcat ("/api/v1/rooms/", arguments->id, NULL);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) request = NULL;

  json_builder_begin_object (builder);
  if (options->title != NULL)
    cv_json_add_text (builder, "title", options->title);
  if (options->recording != NULL)
    cv_json_add_bool (builder, "recording", is_recorded (arguments));
  if (options->consent != NULL)
    cv_json_add_text (builder, "consent", options->consent);
  if (options->lobby != NULL)
    cv_json_add_bool (builder, "lobby", g_str_equal (options->lobby, "on"));
  add_settings (builder, options);
  json_builder_end_object (builder);
  request = json_builder_get_root (builder);
  return cv_command_call_and_print (arguments, "PATCH", path, request, cv_print_room, error);
}

static char *
print_end (JsonObject *answer)
{
  const char *meeting = json_object_get_string_member_with_default (answer, "meeting", NULL);

  return meeting != NULL ? g_strconcat (meeting, "\n", NULL) : g_strdup ("No meeting is running in this room.\n");
}

static gboolean
run_room_end (const CvCommandArguments *arguments, GError **error)
{
  return cv_command_call_of (arguments, "POST", "/api/v1/rooms/", "/end", print_end, error);
}

static char *
print_delete (JsonObject *answer)
{
  return g_strdup ("The room is deleted. Its links no longer work.\n");
}

static gboolean
run_room_delete (const CvCommandArguments *arguments, GError **error)
{
  return cv_command_call_of (arguments, "DELETE", "/api/v1/rooms/", "", print_delete, error);
}

/* ---- token ---- */

#define TOKEN_BYTES 32

static JsonNode *
build_token_request (const CvCommandArguments *arguments, const guint8 token[TOKEN_BYTES])
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  guint8 hash[CV_HASH_BYTES];
  g_autofree char *hash_text = NULL;

  cv_hash (token, TOKEN_BYTES, hash);
  hash_text = cv_base64url_encode (hash, sizeof hash);
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "kind", arguments->options->publish ? "publish" : "watch");
  cv_json_add_text (builder, "name",
                    arguments->options->name != NULL ? arguments->options->name
                    : arguments->options->publish    ? "Stream"
                                                     : "Player");
  cv_json_add_text (builder, "hash", hash_text);
  cv_json_add_int (builder, "hours", MAX (arguments->options->hours, 0));
  cv_json_add_bool (builder, "consents", arguments->options->consents);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static void
print_token (const CvCommandArguments *arguments, JsonObject *answer, const char *token, const char *url)
{
  g_autofree char *text = NULL;

  if (arguments->options->json) {
    json_object_set_string_member (answer, "token", token);
    json_object_set_string_member (answer, "url", url);
    cv_command_print_json (answer);
    return;
  }
  text = cv_print_token (answer);
  printf ("%s\nToken:    %s\n%s:     %s\n\n", text, token, arguments->options->publish ? "WHIP" : "WHEP", url);
  puts ("Keep it: it is made here and cannot be shown again.");
}

static gboolean
run_token_create (const CvCommandArguments *arguments, GError **error)
{
  g_autofree char *server = cv_command_find_server (arguments->client, error);
  g_autofree char *path = g_strconcat ("/api/v1/rooms/", arguments->id, "/tokens", NULL);
  g_autofree char *url = g_strconcat (server, arguments->options->publish ? "/whip/" : "/whep/", arguments->id, NULL);
  g_autoptr (JsonNode) request = NULL;
  g_autoptr (JsonObject) answer = NULL;
  guint8 token[TOKEN_BYTES];
  char *text;

  if (server == NULL)
    return FALSE;
  cv_random_bytes (token, sizeof token);
  request = build_token_request (arguments, token);
  text = cv_base64url_encode (token, sizeof token);
  cv_wipe (token, sizeof token);
  answer = cv_client_call (arguments->client, "POST", path, request, error);
  if (answer != NULL)
    print_token (arguments, answer, text, url);
  cv_link_free_url (text);
  return answer != NULL;
}

static gboolean
run_token_list (const CvCommandArguments *arguments, GError **error)
{
  return cv_command_call_of (arguments, "GET", "/api/v1/rooms/", "/tokens", cv_print_tokens, error);
}

static char *
print_revoked (JsonObject *answer)
{
  return g_strdup ("The token is revoked. Who came in with it is out.\n");
}

static gboolean
run_token_revoke (const CvCommandArguments *arguments, GError **error)
{
  return cv_command_call_of (arguments, "DELETE", "/api/v1/tokens/", "", print_revoked, error);
}

/* ---- ticket ---- */

static JsonNode *
build_ticket_request (const CvOptions *options)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  cv_json_add_text (builder, "role", options->role);
  if (options->name != NULL)
    cv_json_add_text (builder, "name", options->name);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/* Alone on its line: it goes to a program. */
static char *
print_ticket (JsonObject *answer)
{
  return g_strconcat (json_object_get_string_member_with_default (answer, "ticket", ""), "\n", NULL);
}

static gboolean
run_ticket_create (const CvCommandArguments *arguments, GError **error)
{
  g_autofree char *path = g_strconcat ("/api/v1/rooms/", arguments->id, "/tickets", NULL);
  g_autoptr (JsonNode) request = build_ticket_request (arguments->options);

  return cv_command_call_and_print (arguments, "POST", path, request, print_ticket, error);
}

static gboolean
run_status (const CvCommandArguments *arguments, GError **error)
{
  return cv_command_call_and_print (arguments, "GET", "/api/v1/status", NULL, cv_print_status, error);
}

#define JSON CV_OPTION_JSON
#define ROOM                                                                                                           \
  (CV_OPTION_TITLE | CV_OPTION_KIND | CV_OPTION_RECORDING | CV_OPTION_CONSENT | CV_OPTION_KEEP_DAYS |                  \
   CV_OPTION_LOBBY | CV_OPTION_DIAL_IN | CV_OPTION_SUMMARY | CV_OPTION_ATTENDANCE | CV_OPTION_KEEP_CONTENT |           \
   CV_OPTION_PLANNED | CV_OPTION_JSON)
#define SUMMARY (CV_OPTION_FORMAT | CV_OPTION_PATH)
#define TOKEN                                                                                                          \
  (CV_OPTION_PUBLISH | CV_OPTION_WATCH | CV_OPTION_HOURS | CV_OPTION_NAME | CV_OPTION_CONSENTS | CV_OPTION_JSON)
#define TICKET (CV_OPTION_SEAT | CV_OPTION_NAME | CV_OPTION_JSON)
#define LIST (CV_OPTION_ROOM | CV_OPTION_STATUS | CV_OPTION_QUERY | CV_OPTION_JSON)
#define EXPORT (CV_OPTION_FILE | CV_OPTION_PATH)
#define RENDER (CV_OPTION_LAYOUT | CV_OPTION_FROM | CV_OPTION_UNTIL | CV_OPTION_WITHOUT | CV_OPTION_JSON)
#define SHARE (CV_OPTION_HOURS | CV_OPTION_PASSWORD | CV_OPTION_DOWNLOADS | CV_OPTION_JSON)
#define BACKUP (CV_OPTION_PATH | CV_OPTION_JSON)
#define PERSON (CV_OPTION_STATE | CV_OPTION_CONFIG)
#define AUDIT CV_OPTION_STATE
#define SETUP (CV_OPTION_HOST | CV_OPTION_ADDRESS | CV_OPTION_SHARE_443 | CV_OPTION_ROOT | CV_OPTION_WRITE)
#define KEY (CV_OPTION_ROLE | CV_OPTION_DAYS | CV_OPTION_JSON)
#define USER (CV_OPTION_NAME | CV_OPTION_ROLE | CV_OPTION_JSON)

const CvCommand cv_commands[] = {
  { "room create", NULL, ROOM, 0, "make a room and print its links", run_room_create },
  { "room list", NULL, JSON, 0, "list all rooms, the newest first", run_room_list },
  { "room show", "", JSON, 0, "show one room", run_room_show },
  { "room change", "", ROOM & ~CV_OPTION_KIND, 0, "change a room's settings", run_room_change },
  { "room end", "", JSON, 0, "end the running meeting and print its id", run_room_end },
  { "room delete", "", 0, 0, "delete a room; a running meeting is ended first", run_room_delete },
  { "token create", "", TOKEN, 0, "let an encoder or a player in, and print the token", run_token_create },
  { "token list", "", JSON, 0, "list a room's tokens, the newest first", run_token_list },
  { "token revoke", "t", 0, 0, "revoke a token; who came in with it is out", run_token_revoke },
  { "ticket create", "", TICKET, CV_OPTION_SEAT, "let one person in within 10 minutes, and print the ticket",
    run_ticket_create },
  { "document list", "m", JSON, 0, "list what people shared in a meeting", cv_document_command_list },
  { "document get", "f", CV_OPTION_PATH, CV_OPTION_PATH, "copy a document; goes on where it was interrupted",
    cv_document_command_get },
  { "document delete", "f", 0, 0, "delete a document", cv_document_command_delete },
  { "meeting list", "", JSON, 0, "list a room's meetings, the newest first", cv_meeting_command_list },
  { "meeting summary", "m", SUMMARY, SUMMARY, "write a meeting's summary to a file, or to standard output (-)",
    cv_meeting_command_summary },
  { "meeting mail", CV_COMMAND_MEETING_AND_ADDRESSES, JSON, 0, "send a meeting's summary by e-mail",
    cv_meeting_command_mail },
  { "meeting delete", "m", 0, 0, "delete what is kept of a meeting: documents, content and summary, not recordings",
    cv_meeting_command_delete },
  { "recording start", "", JSON, 0, "record the running meeting", cv_recording_start },
  { "recording pause", "", JSON, 0, "record nothing until it is resumed", cv_recording_pause },
  { "recording resume", "", JSON, 0, "go on with a recording", cv_recording_resume },
  { "recording stop", "", JSON, 0, "end the recording of the running meeting", cv_recording_stop },
  { "recording list", NULL, LIST, 0, "list recordings, the newest first", cv_recording_command_list },
  { "recording show", "r", JSON, 0, "show one recording, its files, renderings and links", cv_recording_command_show },
  { "recording export", "r", EXPORT, EXPORT, "copy a file of a recording; goes on where it was interrupted",
    cv_recording_command_export },
  { "recording render", "r", RENDER, CV_OPTION_LAYOUT, "make another film of it", cv_recording_command_render },
  { "recording verify", "r", JSON, 0, "read all files again and compare them with what they were",
    cv_recording_command_verify },
  { "recording delete", "r", 0, 0, "delete a recording and all its files", cv_recording_command_delete },
  { "recording share", "r", SHARE, 0, "make a link to it for somebody without a key, and print it",
    cv_recording_command_share },
  { "key add", CV_COMMAND_TEXT, KEY, 0, "let a producer or a program in, and print the link to sign in with",
    cv_key_command_add },
  { "key list", NULL, JSON, 0, "list all keys, the newest first", cv_key_command_list },
  { "key revoke", "k", 0, 0, "revoke a key; who signed in with it is out", cv_key_command_revoke },
  { "user add", CV_COMMAND_LOGIN, USER, 0, "let somebody in, and print the link that signs them in once",
    cv_user_command_add },
  { "user list", NULL, JSON, 0, "list all users", cv_user_command_list },
  { "user passwd", CV_COMMAND_LOGIN, 0, 0, "set a user's password, which is read from standard input",
    cv_user_command_passwd },
  { "user link", CV_COMMAND_LOGIN, JSON, 0, "print a link that signs a user in once", cv_user_command_link },
  { "user role", CV_COMMAND_LOGIN, CV_OPTION_ROLE | CV_OPTION_JSON, CV_OPTION_ROLE, "change what a user may do",
    cv_user_command_role },
  { "user disable", CV_COMMAND_LOGIN, JSON, 0, "let a user in no longer; who is signed in is out",
    cv_user_command_disable },
  { "user enable", CV_COMMAND_LOGIN, JSON, 0, "let a user in again", cv_user_command_enable },
  { "user delete", CV_COMMAND_LOGIN, 0, 0, "delete a user; rooms of theirs stay, as administrators'",
    cv_user_command_delete },
  { "sip status", NULL, JSON, 0, "show how the telephone gateway is doing", cv_sip_command_status },
  { "sip calls", NULL, CV_OPTION_ROOM | CV_OPTION_JSON, 0, "list who calls and who called, the newest first",
    cv_sip_command_calls },
  { "sip hangup", "c", 0, 0, "end a call", cv_sip_command_hang_up },
  { "backup", NULL, BACKUP, 0, "copy the database while the server runs, and print where to", cv_backup_command_make },
  { "restore", CV_COMMAND_PATH, CV_OPTION_STATE, 0,
    "put a backup in the place of the database; only while no server runs", cv_backup_command_restore },
  { "audit list", NULL, AUDIT | CV_OPTION_SINCE | CV_OPTION_OF | JSON, 0,
    "list what was done, the oldest first; who did it is not named", cv_audit_command_list },
  { "audit verify", NULL, AUDIT | CV_OPTION_HEAD, 0,
    "look whether somebody has changed that list, or taken something out", cv_audit_command_verify },
  { "audit head", NULL, AUDIT, 0, "print its last entry's number and hash, to be kept elsewhere",
    cv_audit_command_head },
  { "doctor", NULL, CV_OPTION_CONFIG | CV_OPTION_STATE | JSON, 0,
    "look at the whole installation, and say what is wrong and what to do", cv_doctor_command },
  { "setup", NULL, SETUP, CV_OPTION_HOST,
    "write configuration for the server, nginx, coturn and certbot, or show what it would be", cv_setup_command },
  { "person find", CV_COMMAND_TEXT, CV_OPTION_STATE, 0,
    "list accounts and participants of that name (% stands for anything)", cv_person_command_find },
  { "person export", CV_COMMAND_PERSON, PERSON | CV_OPTION_PATH, CV_OPTION_PATH,
    "write what is kept of somebody into a folder", cv_person_command_export },
  { "person erase", CV_COMMAND_PERSON, PERSON, 0,
    "erase somebody from database, files and backups; only while no server runs", cv_person_command_erase },
  { "verify-client", CV_COMMAND_URL, JSON, 0, "compare what a server's pages are with those of this build",
    cv_verify_client_command },
  { "status", NULL, JSON, 0, "show how the server is doing", run_status },
  { NULL },
};
