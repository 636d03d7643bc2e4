/* See api.h. */
#include "signalling/api.h"

#include "base/ids.h"
#include "base/json.h"
#include "cv-build.h"
#include "signalling/api-about.h"
#include "signalling/api-account.h"
#include "signalling/api-backup.h"
#include "signalling/api-files.h"
#include "signalling/api-keys.h"
#include "signalling/api-recording.h"
#include "signalling/api-recordings.h"
#include "signalling/api-session.h"
#include "signalling/api-shares.h"
#include "signalling/api-tokens.h"
#include "signalling/api-users.h"
#include "signalling/bounds.h"
#include "signalling/http.h"
#include "signalling/listener.h"
#include "signalling/protocol.h"
#include "store/audit.h"
#include "store/owners.h"

#include <string.h>

#define CV_LOG_TOPIC "api"
#include "base/log.h"

static void
add_room (CvApi *self, JsonBuilder *builder, const CvRoomRow *row)
{
  CvRoom *live = cv_registry_peek (self->registry, row->id);
  CvMeeting *meeting = live != NULL ? cv_room_get_meeting (live) : NULL;
  const CvPolicy *policy = cv_policy_find (row->kind);
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", row->id);
  cv_json_add_text (builder, "kind", row->kind);
  cv_json_add_text (builder, "title", row->title);
  cv_json_add_int (builder, "created", row->created);
  cv_json_add_bool (builder, "available", policy != NULL && cv_registry_is_available (self->registry, policy));
  cv_json_add_int (builder, "people", meeting != NULL ? cv_meeting_get_size (meeting) : 0);
  cv_json_add_text (builder, "meeting", meeting != NULL ? cv_meeting_get_id (meeting) : NULL);
  cv_json_add_bool (builder, "lobby", row->lobby);
  cv_json_add_bool (builder, "recording", row->recording);
  cv_json_add_text (builder, "consent", cv_consents[row->consent]);
  json_builder_set_member_name (builder, "keep_days");
  if (row->keep_days == CV_ROOM_KEEP_DEFAULT)
    json_builder_add_null_value (builder);
  else
    json_builder_add_int_value (builder, row->keep_days);
  json_builder_end_object (builder);
}

/* All may be left out. */
static void
read_room_settings (CvRoomRow *row, CvJsonReader *reader)
{
  row->lobby = cv_json_reader_has (reader, "lobby") && cv_json_reader_bool (reader, "lobby");
  row->recording = cv_json_reader_has (reader, "recording") && cv_json_reader_bool (reader, "recording");
  if (cv_json_reader_has (reader, "consent"))
    row->consent = (CvConsent) MAX (cv_json_reader_choice (reader, "consent", cv_consents), 0);
  row->keep_days = CV_ROOM_KEEP_DEFAULT;
  if (cv_json_reader_has (reader, "keep_days") && !cv_json_reader_null (reader, "keep_days"))
    row->keep_days = (int) cv_json_reader_int (reader, "keep_days", 0, CV_ROOM_MAX_KEEP_DAYS);
}

static CvRoomRow *
read_room (JsonObject *object, GError **error)
{
  g_autoptr (CvRoomRow) row = g_new0 (CvRoomRow, 1);
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  row->id = g_strdup (cv_json_reader_id (&reader, "id", "", 12));
  row->kind = g_strdup (cv_json_reader_text (&reader, "kind", 1, 20, FALSE));
  row->title = g_strdup (cv_json_reader_text (&reader, "title", 1, CV_TITLE_MAX_CHARACTERS, FALSE));
  cv_json_reader_bytes (&reader, "join_verifier", row->join_verifier, sizeof row->join_verifier);
  cv_json_reader_bytes (&reader, "host_verifier", row->host_verifier, sizeof row->host_verifier);
  read_room_settings (row, &reader);
  if (reader.error == NULL && cv_text_is_blank (row->title))
    g_set_error (&reader.error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "title is blank");
  if (reader.error == NULL && cv_policy_find (row->kind) == NULL)
    g_set_error (&reader.error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "unknown kind");
  return cv_json_reader_finish (&reader, error) ? g_steal_pointer (&row) : NULL;
}

/* ---- requests ---- */

static void
answer_created (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  if (!cv_registry_create_finish (source, result, &error)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  add_room (pending->api, builder, pending->row);
  cv_api_respond_builder (pending->message, SOUP_STATUS_CREATED, builder);
  cv_info (pending->row->id, NULL, "room created: %s", pending->row->kind);
}

static void
create_room (const CvApiRequest *request)
{
  CvApi *self = request->api;
  if (request->role != CV_ACCOUNT_ADMINISTRATOR) {
    if (!self->anyone_may_create) {
      cv_http_respond_problem (request->message, CV_PROBLEM_NOT_ALLOWED);
      return;
    }
    if (!cv_buckets_take (self->creations, request->address, cv_clock_now (self->clock))) {
      cv_http_respond_problem (request->message, CV_PROBLEM_RATE_LIMITED);
      return;
    }
  }
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_api_read_body (request);
  if (object == NULL)
    return;
  CvRoomRow *row = read_room (object, &error);
  if (row == NULL) {
    cv_api_respond_error (request->message, error);
    return;
  }
  /* What visitors make must not fill the disk. */
  if (row->recording && (request->role != CV_ACCOUNT_ADMINISTRATOR || !cv_policy_find (row->kind)->may_record)) {
    cv_room_row_free (row);
    cv_http_respond_problem (request->message, CV_PROBLEM_NOT_ALLOWED);
    return;
  }
  row->created = cv_clock_wall (self->clock);
  CvApiPending *pending = cv_api_pause (request, answer_created);
  pending->row = row;
  cv_registry_create_async (self->registry, row, cv_api_answer, pending);
}

static void
answer_checked (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRoom) room = cv_registry_load_finish (source, result, &error);
  if (room == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  if (!cv_room_fits_join_key (room, pending->key)) {
    cv_http_respond_problem (pending->message, CV_PROBLEM_WRONG_KEY);
    return;
  }
  const CvRoomRow *row = cv_room_get_row (room);
  const CvPolicy *policy = cv_room_get_policy (room);
  CvMeeting *meeting = cv_room_get_meeting (room);
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", row->id);
  cv_json_add_text (builder, "kind", row->kind);
  cv_json_add_text (builder, "title", row->title);
  cv_json_add_bool (builder, "available", cv_registry_is_available (pending->api->registry, policy));
  cv_json_add_int (builder, "people", meeting != NULL ? cv_meeting_get_size (meeting) : 0);
  cv_json_add_int (builder, "max_people", policy->max_people);
  cv_json_add_bool (builder, "recording", policy->may_record && row->recording);
  cv_json_add_text (builder, "consent", cv_consents[row->consent]);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

static void
check_room (const CvApiRequest *request)
{
  CvApi *self = request->api;
  if (!cv_buckets_take (self->checks, request->address, cv_clock_now (self->clock))) {
    cv_http_respond_problem (request->message, CV_PROBLEM_RATE_LIMITED);
    return;
  }
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_api_read_body (request);
  if (object == NULL)
    return;
  guint8 key[CV_KEY_BYTES];
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  cv_json_reader_bytes (&reader, "key", key, sizeof key);
  if (!cv_json_reader_finish (&reader, &error)) {
    cv_api_respond_error (request->message, error);
    return;
  }
  CvApiPending *pending = cv_api_pause (request, answer_checked);
  memcpy (pending->key, key, sizeof key);
  cv_registry_load_async (self->registry, request->id, cv_api_answer, pending);
}

static void
answer_listed (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = cv_registry_list_finish (source, result, &error);
  if (rows == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "rooms");
  json_builder_begin_array (builder);
  for (guint i = 0; i < rows->len; i++)
    add_room (pending->api, builder, g_ptr_array_index (rows, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

static void
list_rooms (const CvApiRequest *request)
{
  const CvRoomsQuery query = { .limit = CV_ROOMS_MAX_PAGE };
  cv_registry_list_async (request->api->registry, &query, cv_api_answer, cv_api_pause (request, answer_listed));
}

static void
answer_shown (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRoom) room = cv_registry_load_finish (source, result, &error);
  if (room == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  add_room (pending->api, builder, cv_room_get_row (room));
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

static void
show_room (const CvApiRequest *request)
{
  cv_registry_load_async (request->api->registry, request->id, cv_api_answer, cv_api_pause (request, answer_shown));
}

static void
answer_ended (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRoom) room = cv_registry_load_finish (source, result, &error);
  if (room == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  CvMeeting *meeting = cv_room_get_meeting (room);
  g_autofree char *id = meeting != NULL ? g_strdup (cv_meeting_get_id (meeting)) : NULL;
  if (meeting != NULL)
    cv_meeting_end (meeting, CV_ENDING_ADMIN);
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", cv_room_get_row (room)->id);
  cv_json_add_text (builder, "meeting", id);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

static void
end_room (const CvApiRequest *request)
{
  cv_registry_load_async (request->api->registry, request->id, cv_api_answer, cv_api_pause (request, answer_ended));
}

static void
answer_deleted (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  if (cv_registry_delete_finish (source, result, &error))
    soup_server_message_set_status (pending->message, SOUP_STATUS_NO_CONTENT, NULL);
  else
    cv_api_respond_error (pending->message, error);
}

static void
delete_room (const CvApiRequest *request)
{
  cv_registry_delete_async (request->api->registry, request->id, request->actor, cv_api_answer,
                            cv_api_pause (request, answer_deleted));
}

/* ---- the server ---- */

static void
answer_status (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  CvApi *self = pending->api;
  g_autoptr (GError) error = NULL;
  gint64 rooms = cv_registry_count_rooms_finish (source, result, &error);
  if (error != NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "version", CV_VERSION);
  cv_json_add_text (builder, "url", self->url);
  cv_json_add_int (builder, "uptime_ms", (cv_clock_now (self->clock) - self->started) / 1000);
  cv_json_add_int (builder, "rooms", rooms);
  cv_json_add_int (builder, "meetings", cv_registry_count_meetings (self->registry));
  cv_json_add_int (builder, "people", cv_registry_count_people (self->registry));
  cv_json_add_int (builder, "sockets", self->count_sockets (self->user_data));
  cv_json_add_int (builder, "backup", cv_backups_get_newest (self->backups));
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

static void
show_status (const CvApiRequest *request)
{
  cv_registry_count_rooms_async (request->api->registry, cv_api_answer, cv_api_pause (request, answer_status));
}

static void
answer_health (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRoom) room = cv_registry_load_finish (source, result, &error);
  gboolean ok = room != NULL || g_error_matches (error, CV_ROOM_ERROR, CV_ROOM_ERROR_UNKNOWN);
  cv_http_respond_json (pending->message, ok ? SOUP_STATUS_OK : SOUP_STATUS_SERVICE_UNAVAILABLE,
                        g_strdup (ok ? "{\"status\":\"ok\"}" : "{\"status\":\"failing\"}"));
}

static void
show_health (const CvApiRequest *request)
{
  /* A question to the store whose answer does not matter: that one came means that loop and store work. */
  cv_registry_load_async (request->api->registry, "health", cv_api_answer, cv_api_pause (request, answer_health));
}

/* ---- which request is for whom ---- */

static const CvApiRoute routes[] = {
  { "GET", "/health", "", CV_AUTHORITY_PUBLIC, show_health },
  { "GET", "/api/v1/about", "", CV_AUTHORITY_PUBLIC, cv_api_show_about },
  { "GET", "/api/v1/status", "", CV_AUTHORITY_ADMIN, show_status },
  { "POST", "/api/v1/backup", "", CV_AUTHORITY_ADMIN, cv_api_back_up },
  { "GET", "/api/v1/rooms", "", CV_AUTHORITY_ADMIN, list_rooms },
  { "POST", "/api/v1/rooms", "", CV_AUTHORITY_PUBLIC, create_room },
  { "GET", "/api/v1/rooms/%", "", CV_AUTHORITY_ADMIN, show_room },
  { "DELETE", "/api/v1/rooms/%", "", CV_AUTHORITY_ADMIN, delete_room },
  { "POST", "/api/v1/rooms/%/check", "", CV_AUTHORITY_PUBLIC, check_room },
  { "POST", "/api/v1/rooms/%/end", "", CV_AUTHORITY_ADMIN, end_room },
  { "POST", "/api/v1/rooms/%/recording", "", CV_AUTHORITY_ADMIN, cv_api_record },
  { "GET", "/api/v1/rooms/%/tokens", "", CV_AUTHORITY_ADMIN, cv_api_list_tokens },
  { "POST", "/api/v1/rooms/%/tokens", "", CV_AUTHORITY_ADMIN, cv_api_create_token },
  { "DELETE", "/api/v1/tokens/%", "t", CV_AUTHORITY_ADMIN, cv_api_revoke_token },
  { "GET", "/api/v1/session", "", CV_AUTHORITY_PUBLIC, cv_api_show_session },
  { "POST", "/api/v1/session", "", CV_AUTHORITY_PUBLIC, cv_api_sign_in },
  { "DELETE", "/api/v1/session", "", CV_AUTHORITY_PUBLIC, cv_api_sign_out },
  { "PATCH", "/api/v1/account", "", CV_AUTHORITY_SIGNED_IN, cv_api_change_account },
  { "POST", "/api/v1/account/password", "", CV_AUTHORITY_SIGNED_IN, cv_api_set_password },
  { "GET", "/api/v1/sign-ins", "", CV_AUTHORITY_SIGNED_IN, cv_api_list_sign_ins },
  { "DELETE", "/api/v1/sign-ins", "", CV_AUTHORITY_SIGNED_IN, cv_api_end_other_sign_ins },
  { "DELETE", "/api/v1/sign-ins/%", "n", CV_AUTHORITY_SIGNED_IN, cv_api_end_sign_in },
  { "GET", "/api/v1/users", "", CV_AUTHORITY_ADMIN, cv_api_list_users },
  { "POST", "/api/v1/users", "", CV_AUTHORITY_ADMIN, cv_api_create_user },
  { "PATCH", "/api/v1/users/%", "u", CV_AUTHORITY_ADMIN, cv_api_change_user },
  { "DELETE", "/api/v1/users/%", "u", CV_AUTHORITY_ADMIN, cv_api_delete_user },
  { "POST", "/api/v1/users/%/code", "u", CV_AUTHORITY_ADMIN, cv_api_create_code },
  { "GET", "/api/v1/keys", "", CV_AUTHORITY_ADMIN, cv_api_list_keys },
  { "POST", "/api/v1/keys", "", CV_AUTHORITY_ADMIN, cv_api_create_key },
  { "DELETE", "/api/v1/keys/%", "k", CV_AUTHORITY_ADMIN, cv_api_revoke_key },
  { "GET", "/api/v1/recordings", "", CV_AUTHORITY_PRODUCER, cv_api_list_recordings },
  { "GET", "/api/v1/recordings/%", "r", CV_AUTHORITY_SHARE, cv_api_show_recording },
  { "PATCH", "/api/v1/recordings/%", "r", CV_AUTHORITY_PRODUCER, cv_api_rename_recording },
  { "DELETE", "/api/v1/recordings/%", "r", CV_AUTHORITY_PRODUCER, cv_api_delete_recording },
  { "POST", "/api/v1/recordings/%/verify", "r", CV_AUTHORITY_PRODUCER, cv_api_verify_recording },
  { "POST", "/api/v1/recordings/%/renders", "r", CV_AUTHORITY_PRODUCER, cv_api_render_recording },
  { "DELETE", "/api/v1/renders/%", "j", CV_AUTHORITY_PRODUCER, cv_api_cancel_render },
  { "GET", "/api/v1/recordings/%/files/*", "r", CV_AUTHORITY_SHARE, cv_api_send_file },
  { "GET", "/api/v1/recordings/%/archive.zip", "r", CV_AUTHORITY_SHARE, cv_api_send_archive },
  { "POST", "/api/v1/recordings/%/shares", "r", CV_AUTHORITY_PRODUCER, cv_api_create_share },
  { "DELETE", "/api/v1/shares/%", "s", CV_AUTHORITY_PRODUCER, cv_api_delete_share },
  { "POST", "/api/v1/shares/%/open", "s", CV_AUTHORITY_PUBLIC, cv_api_open_share },
};

/* TRUE if `path` fits `pattern`; then `found` is the id in it, or NULL, and `rest` what stands for `*`, or NULL. */
static gboolean
fits (const char *pattern, const char *path, char **found, const char **rest)
{
  const char *wild = strchr (pattern, '%');
  if (wild == NULL)
    return g_str_equal (pattern, path);
  gsize before = (gsize) (wild - pattern);
  if (strncmp (pattern, path, before) != 0)
    return FALSE;
  gsize id = strcspn (path + before, "/");
  const char *behind = path + before + id;
  gsize n = strcspn (wild + 1, "*");
  if (id == 0 || strncmp (behind, wild + 1, n) != 0 || (behind[n] != '\0' && wild[1 + n] == '\0'))
    return FALSE;
  *rest = wild[1 + n] == '*' ? behind + n : NULL;
  *found = g_strndup (path + before, id);
  return TRUE;
}

static const CvApiRoute *
find_route (const char *method, const char *path, char **id, const char **rest)
{
  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++)
    if (g_str_equal (routes[i].method, method) && fits (routes[i].path, path, id, rest))
      return &routes[i];
  return NULL;
}

static void
refuse_stranger (SoupServerMessage *message)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "WWW-Authenticate", "Bearer");
  cv_http_respond_problem (message, CV_PROBLEM_NO_SESSION);
}

/* Who handles it may pause it anew. */
static void
hand_on (CvApiPending *pending)
{
  pending->handed_on = TRUE;
  soup_server_message_unpause (pending->message);
}

/* What the cookie stands for, where no key takes its place. */
static CvPass *
find_pass (const CvApiRequest *request)
{
  guint8 key[CV_ACCESS_KEY_BYTES];
  gboolean bearer = cv_access_get_bearer (request->message, key);
  cv_wipe (key, sizeof key);
  return bearer ? NULL : cv_access_find (request->api->access, request->message);
}

static gboolean
suffices (CvAccountRole role, CvAuthority authority)
{
  switch (authority) {
  case CV_AUTHORITY_PUBLIC:
    return TRUE;
  case CV_AUTHORITY_SIGNED_IN:
    return role != CV_ACCOUNT_NOBODY;
  case CV_AUTHORITY_HOST:
    return role == CV_ACCOUNT_HOST || role == CV_ACCOUNT_ADMINISTRATOR;
  case CV_AUTHORITY_SHARE:
  case CV_AUTHORITY_PRODUCER:
    return role == CV_ACCOUNT_PRODUCER || role == CV_ACCOUNT_ADMINISTRATOR;
  case CV_AUTHORITY_ADMIN:
  default:
    return role == CV_ACCOUNT_ADMINISTRATOR;
  }
}

/* They may not as who they are: perhaps they have opened a link. */
static void
admit_guest (const CvApiRoute *route, CvApiRequest *request, CvProblem otherwise)
{
  CvPass *pass = find_pass (request);
  const CvGrant *grant = pass != NULL && request->id != NULL ? cv_pass_find_grant (pass, request->id) : NULL;
  if (grant != NULL && route->authority == CV_AUTHORITY_SHARE) {
    request->guest = TRUE;
    request->downloads = grant->downloads;
    if (request->actor == NULL)
      request->actor = grant->share;
    route->handle (request);
  } else if (request->role != CV_ACCOUNT_NOBODY || grant != NULL) {
    cv_http_respond_problem (request->message, otherwise);
  } else {
    refuse_stranger (request->message);
  }
}

static void
answer_owner (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  gboolean theirs = cv_owners_check_finish (source, result, &error);
  if (!theirs && !g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  const CvApiRoute *route = pending->data;
  CvApiRequest request = pending->request;
  hand_on (pending);
  if (theirs)
    route->handle (&request);
  else
    admit_guest (route, &request, CV_PROBLEM_NOT_FOUND); /* others' recordings are not there */
}

/* It is known who asks. */
static void
admit (const CvApiRoute *route, CvApiRequest *request)
{
  gboolean recorded = route->authority == CV_AUTHORITY_PRODUCER || route->authority == CV_AUTHORITY_SHARE;
  gboolean owner = recorded && request->role == CV_ACCOUNT_HOST;
  request->downloads = request->role != CV_ACCOUNT_NOBODY;
  if (owner && request->id != NULL) {
    CvApiPending *pending = cv_api_pause (request, answer_owner);
    pending->data = (gpointer) route;
    cv_owners_check_async (request->api->store, request->id, request->actor, cv_api_answer, pending);
  } else if (owner || suffices (request->role, route->authority)) {
    route->handle (request);
  } else {
    admit_guest (route, request, CV_PROBLEM_NOT_ALLOWED);
  }
}

static void
answer_key_found (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvKeyRow) key = cv_access_check_finish (pending->api->access, result, pending->request.address, &error);
  if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING)) {
    refuse_stranger (pending->message);
    return;
  }
  if (key == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  CvApiRequest known = pending->request;
  known.role = key->role;
  known.actor = key->id;
  hand_on (pending);
  admit (pending->data, &known);
}

/* The cookie of no account, or of none any more. */
static void
admit_pass (const CvApiRoute *route, CvApiRequest *request)
{
  CvPass *pass = find_pass (request);
  if (pass != NULL && cv_pass_get_key (pass) != NULL) {
    request->role = cv_pass_get_role (pass);
    request->actor = cv_pass_get_key (pass);
  }
  admit (route, request);
}

static void
answer_sign_in_found (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvSignInRow) row = cv_sign_ins_find_finish (source, result, &error);
  CvApiRequest known = pending->request;
  if (row == NULL && !g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  hand_on (pending);
  if (row == NULL) {
    admit_pass (pending->data, &known);
    return;
  }
  cv_accounts_renew (pending->api->accounts, pending->message, row);
  known.role = row->role;
  known.actor = row->user;
  known.sign_in = row->id;
  admit (pending->data, &known);
}

/* Looks at the key or the cookies. */
static void
identify (const CvApiRoute *route, CvApiRequest *request)
{
  CvAccess *access = request->api->access;
  guint8 key[CV_ACCESS_KEY_BYTES];
  if (cv_access_get_bearer (request->message, key)) {
    if (!cv_access_may_try (access, request->address)) {
      cv_http_respond_problem (request->message, CV_PROBLEM_RATE_LIMITED);
      return;
    }
    CvApiPending *pending = cv_api_pause (request, answer_key_found);
    pending->data = (gpointer) route;
    cv_access_check_async (access, key, cv_api_answer, pending);
    cv_wipe (key, sizeof key);
    return;
  }
  CvSecretHash hash;
  if (!cv_accounts_read_cookie (request->message, &hash)) {
    admit_pass (route, request);
    return;
  }
  CvApiPending *pending = cv_api_pause (request, answer_sign_in_found);
  pending->data = (gpointer) route;
  cv_sign_ins_find_async (request->api->store, hash.bytes, cv_clock_wall (request->api->clock), cv_api_answer, pending);
}

void
cv_api_handle_route (CvApi *self, const CvApiRoute *route, SoupServerMessage *message, const char *address)
{
  CvApiRequest request = { .api = self, .message = message, .address = address };
  identify (route, &request);
}

void
cv_api_handle (CvApi *self, SoupServerMessage *message, const char *path, gboolean admin, const char *address)
{
  CvApiRequest request = { .api = self, .message = message, .admin = admin, .address = address };
  const char *method = soup_server_message_get_method (message);
  g_autofree char *id = NULL;
  if (g_str_equal (method, "HEAD"))
    method = "GET"; /* libsoup leaves the body out */
  const CvApiRoute *route = find_route (method, path, &id, &request.rest);
  if (route == NULL) {
    cv_http_respond_problem (message, CV_PROBLEM_NOT_FOUND);
    return;
  }
  if (id != NULL && !cv_id_is_valid (id, route->prefix)) {
    gboolean room = *route->prefix == '\0';
    cv_http_respond_problem (message, room ? CV_PROBLEM_UNKNOWN_ROOM : CV_PROBLEM_NOT_FOUND);
    return;
  }
  request.id = id;
  if (!admin) {
    identify (route, &request);
    return;
  }
  request.role = CV_ACCOUNT_ADMINISTRATOR;
  request.actor = "admin";
  admit (route, &request);
}
