/* See api.h. */
#include "signalling/api.h"

#include "base/ids.h"
#include "base/json.h"
#include "cv-build.h"
#include "signalling/api-about.h"
#include "signalling/api-account.h"
#include "signalling/api-backup.h"
#include "signalling/api-calendar.h"
#include "signalling/api-check.h"
#include "signalling/api-documents.h"
#include "signalling/api-events.h"
#include "signalling/api-files.h"
#include "signalling/api-keys.h"
#include "signalling/api-oidc.h"
#include "signalling/api-recording.h"
#include "signalling/api-recordings.h"
#include "signalling/api-rooms.h"
#include "signalling/api-session.h"
#include "signalling/api-shares.h"
#include "signalling/api-sip.h"
#include "signalling/api-summaries.h"
#include "signalling/api-tickets.h"
#include "signalling/api-tokens.h"
#include "signalling/api-users.h"
#include "signalling/api-watch.h"
#include "signalling/asker.h"
#include "signalling/http.h"
#include "store/audit.h"
#include "store/meetings.h"
#include "store/owners.h"

#include <string.h>

#define CV_LOG_TOPIC "api"
#include "base/log.h"

/* ---- the server ---- */

static void
answer_status (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  CvApi *self = pending->api;
  g_autoptr (GError) error = NULL;
  gint64 rooms = cv_rooms_count_finish (source, result, &error);
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
  cv_rooms_count_async (request->api->store, cv_api_answer, cv_api_pause (request, answer_status));
}

/* ---- which request is for whom ---- */

static const CvApiRoute routes[] = {
  { "GET", "/health", "", CV_AUTHORITY_PUBLIC, cv_api_show_health },
  { "GET", "/health/live", "", CV_AUTHORITY_PUBLIC, cv_api_show_live },
  { "GET", "/health/ready", "", CV_AUTHORITY_PUBLIC, cv_api_show_ready },
  { "GET", "/metrics", "", CV_AUTHORITY_NEAR, cv_api_show_metrics },
  { "GET", "/api", "", CV_AUTHORITY_PUBLIC, cv_api_describe },
  { "GET", "/api/v1/about", "", CV_AUTHORITY_PUBLIC, cv_api_show_about },
  { "GET", "/api/v1/branding", "", CV_AUTHORITY_PUBLIC, cv_api_show_branding },
  { "GET", "/branding/*", "", CV_AUTHORITY_PUBLIC, cv_api_send_logo },
  { "GET", "/api/v1/status", "", CV_AUTHORITY_ADMIN, show_status },
  { "GET", "/api/v1/overview", "", CV_AUTHORITY_ADMIN, cv_api_show_overview },
  { "POST", "/api/v1/backup", "", CV_AUTHORITY_ADMIN, cv_api_back_up },
  { "GET", "/api/v1/sip", "", CV_AUTHORITY_ADMIN, cv_api_show_sip },
  { "GET", "/api/v1/sip/calls", "", CV_AUTHORITY_ADMIN, cv_api_list_calls },
  { "POST", "/api/v1/sip/calls/%/hangup", "c", CV_AUTHORITY_ADMIN, cv_api_hang_up },
  { "GET", "/api/v1/rooms", "", CV_AUTHORITY_HOST, cv_api_list_rooms },
  { "POST", "/api/v1/rooms", "", CV_AUTHORITY_PUBLIC, cv_api_create_room },
  { "GET", "/api/v1/rooms/%", "", CV_AUTHORITY_HOST, cv_api_show_room },
  { "PATCH", "/api/v1/rooms/%", "", CV_AUTHORITY_HOST, cv_api_change_room },
  { "DELETE", "/api/v1/rooms/%", "", CV_AUTHORITY_HOST, cv_api_delete_room },
  { "POST", "/api/v1/rooms/%/check", "", CV_AUTHORITY_PUBLIC, cv_api_check_room },
  { "POST", "/api/v1/rooms/%/keep", "", CV_AUTHORITY_PUBLIC, cv_api_keep_room },
  { "POST", "/api/v1/rooms/%/end", "", CV_AUTHORITY_HOST, cv_api_end_room },
  { "GET", "/api/v1/rooms/%/meetings", "", CV_AUTHORITY_HOST, cv_api_list_meetings },
  { "GET", "/api/v1/meetings/%/documents", "m", CV_AUTHORITY_MEETING, cv_api_list_documents },
  { "POST", "/api/v1/meetings/%/documents", "m", CV_AUTHORITY_MEETING, cv_api_begin_document },
  { "GET", "/api/v1/documents/%", "f", CV_AUTHORITY_MEETING, cv_api_send_document },
  { "PATCH", "/api/v1/documents/%", "f", CV_AUTHORITY_MEETING, cv_api_refuse_upload },
  { "DELETE", "/api/v1/documents/%", "f", CV_AUTHORITY_MEETING, cv_api_delete_document },
  { "GET", "/api/v1/documents/%/upload", "f", CV_AUTHORITY_MEETING, cv_api_show_upload },
  { "POST", "/api/v1/documents/%/link", "f", CV_AUTHORITY_MEETING, cv_api_link_document },
  { "GET", "/d/*", "", CV_AUTHORITY_PUBLIC, cv_api_follow_voucher },
  { "DELETE", "/api/v1/meetings/%", "m", CV_AUTHORITY_SUMMARY, cv_api_delete_meeting },
  { "GET", "/api/v1/meetings/%/summary", "m", CV_AUTHORITY_SUMMARY, cv_api_show_summary },
  { "PUT", "/api/v1/meetings/%/summary", "m", CV_AUTHORITY_SUMMARY, cv_api_reissue_summary },
  { "POST", "/api/v1/meetings/%/summary/mail", "m", CV_AUTHORITY_SUMMARY, cv_api_mail_summary },
  { "POST", "/api/v1/rooms/%/recording", "", CV_AUTHORITY_HOST, cv_api_record },
  { "POST", "/api/v1/rooms/%/tickets", "", CV_AUTHORITY_HOST, cv_api_create_ticket },
  { "GET", "/api/v1/rooms/%/events", "", CV_AUTHORITY_HOST, cv_api_list_room_events },
  { "POST", "/api/v1/rooms/%/events", "", CV_AUTHORITY_HOST, cv_api_create_event },
  { "GET", "/api/v1/rooms/%/tokens", "", CV_AUTHORITY_HOST, cv_api_list_tokens },
  { "POST", "/api/v1/rooms/%/tokens", "", CV_AUTHORITY_HOST, cv_api_create_token },
  { "DELETE", "/api/v1/tokens/%", "t", CV_AUTHORITY_HOST, cv_api_revoke_token },
  { "GET", "/api/v1/events", "", CV_AUTHORITY_HOST, cv_api_list_events },
  { "PATCH", "/api/v1/events/%", "e", CV_AUTHORITY_HOST, cv_api_change_event },
  { "DELETE", "/api/v1/events/%", "e", CV_AUTHORITY_HOST, cv_api_delete_event },
  { "POST", "/api/v1/events/%/cancel", "e", CV_AUTHORITY_HOST, cv_api_cancel_event },
  { "GET", "/api/v1/events/%/calendar.ics", "e", CV_AUTHORITY_HOST, cv_api_send_event },
  { "GET", "/calendar/*", "", CV_AUTHORITY_PUBLIC, cv_api_send_feed },
  { "GET", "/api/v1/session", "", CV_AUTHORITY_PUBLIC, cv_api_show_session },
  { "POST", "/api/v1/session", "", CV_AUTHORITY_PUBLIC, cv_api_sign_in },
  { "DELETE", "/api/v1/session", "", CV_AUTHORITY_PUBLIC, cv_api_sign_out },
  { "GET", "/auth/oidc/start", "", CV_AUTHORITY_PUBLIC, cv_api_leave_for_oidc },
  { "GET", "/auth/oidc/callback", "", CV_AUTHORITY_PUBLIC, cv_api_return_from_oidc },
  { "PATCH", "/api/v1/account", "", CV_AUTHORITY_SIGNED_IN, cv_api_change_account },
  { "POST", "/api/v1/account/password", "", CV_AUTHORITY_SIGNED_IN, cv_api_set_password },
  { "POST", "/api/v1/account/feed", "", CV_AUTHORITY_SIGNED_IN, cv_api_create_feed },
  { "DELETE", "/api/v1/account/feed", "", CV_AUTHORITY_SIGNED_IN, cv_api_delete_feed },
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

/* The same of those whose body may be longer, when their head has come. */
static const CvApiRoute long_routes[] = {
  { "PUT", "/api/v1/meetings/%/summary", "m", CV_AUTHORITY_SUMMARY, cv_api_expect_summary },
};

/* TRUE if `path` fits `pattern`; then `found` is the id in it, or NULL, and `rest` what stands for `*`, or NULL. */
static gboolean
fits (const char *pattern, const char *path, char **found, const char **rest)
{
  const char *wild = strchr (pattern, '%');
  if (wild == NULL && (wild = strchr (pattern, '*')) != NULL) {
    *rest = path + (wild - pattern);
    return strncmp (pattern, path, (gsize) (wild - pattern)) == 0;
  }
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
find_route (const CvApiRoute *all, gsize n, const char *method, const char *path, char **id, const char **rest)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_equal (all[i].method, method) && fits (all[i].path, path, id, rest))
      return &all[i];
  return NULL;
}

static void
refuse_stranger (SoupServerMessage *message)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "WWW-Authenticate", "Bearer");
  cv_http_respond_problem (message, CV_PROBLEM_NO_SESSION);
}

static void
run (const CvApiRoute *route, const CvApiRequest *request)
{
  cv_once_handle (request->api->onces, request, route->handle);
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
  case CV_AUTHORITY_NEAR: /* others have not come this far */
    return TRUE;
  case CV_AUTHORITY_SIGNED_IN:
    return role != CV_ACCOUNT_NOBODY;
  case CV_AUTHORITY_HOST:
  case CV_AUTHORITY_SUMMARY:
    return role == CV_ACCOUNT_HOST || role == CV_ACCOUNT_ADMINISTRATOR;
  case CV_AUTHORITY_SHARE:
  case CV_AUTHORITY_PRODUCER:
    return role == CV_ACCOUNT_PRODUCER || role == CV_ACCOUNT_ADMINISTRATOR;
  case CV_AUTHORITY_MEETING:
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
    run (route, request);
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
  cv_api_hand_on (pending);
  if (theirs)
    run (route, &request);
  else
    admit_guest (route, &request, CV_PROBLEM_NOT_FOUND); /* others' recordings are not there */
}

/* It is known who asks. */
static void
admit (const CvApiRoute *route, CvApiRequest *request)
{
  gboolean owned = route->authority == CV_AUTHORITY_PRODUCER || route->authority == CV_AUTHORITY_SHARE ||
                   route->authority == CV_AUTHORITY_MEETING;
  gboolean owner = owned && request->role == CV_ACCOUNT_HOST;
  request->downloads = request->role != CV_ACCOUNT_NOBODY;
  if (owner && request->id != NULL) {
    CvApiPending *pending = cv_api_pause (request, answer_owner);
    pending->data = (gpointer) route;
    cv_owners_check_async (request->api->store, request->id, request->actor, cv_api_answer, pending);
  } else if (owner || suffices (request->role, route->authority)) {
    run (route, request);
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
  cv_api_hand_on (pending);
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
  cv_api_hand_on (pending);
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

/* Anybody's: a program's, or somebody's who signed in with it. */
static void
check_key (const CvApiRoute *route, const CvApiRequest *request, const guint8 key[CV_ACCESS_KEY_BYTES])
{
  CvAccess *access = request->api->access;
  if (!cv_access_may_try (access, request->address)) {
    cv_http_respond_problem (request->message, CV_PROBLEM_RATE_LIMITED);
    return;
  }
  CvApiPending *pending = cv_api_pause (request, answer_key_found);
  pending->data = (gpointer) route;
  cv_access_check_async (access, key, cv_api_answer, pending);
}

static void
answer_reader (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  const CvApiRoute *route = pending->data;
  guint8 key[CV_ACCESS_KEY_BYTES];
  CvApiRequest request = pending->request;
  request.reader = cv_meetings_check_secret_finish (source, result, &error);
  if (!request.reader && !g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  cv_api_hand_on (pending);
  cv_access_get_bearer (request.message, key);
  if (request.reader)
    run (route, &request);
  else
    check_key (route, &request, key);
  cv_wipe (key, sizeof key);
}

/* What is said may be what people get with their seat, or what stands in the link to a meeting's summary. */
static void
check_meeting (const CvApiRoute *route, CvApiRequest *request, const guint8 key[CV_ACCESS_KEY_BYTES])
{
  CvApi *api = request->api;
  CvBadge *badge = api->badges != NULL ? cv_badges_find (api->badges, key) : NULL;
  if (badge != NULL && (*request->id != 'm' || g_str_equal (cv_badge_get_meeting (badge), request->id))) {
    request->badge = badge; /* whether a document is of that meeting is known later */
    run (route, request);
  } else if (badge != NULL) {
    cv_http_respond_problem (request->message, CV_PROBLEM_NOT_ALLOWED);
  } else {
    CvApiPending *pending = cv_api_pause (request, answer_reader);
    pending->data = (gpointer) route;
    cv_meetings_check_secret_async (api->store, request->id, key, cv_api_answer, pending);
  }
}

/* It may be the secret of a link, or else a key like any other. */
static void
answer_record_found (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRecordRow) record = cv_records_load_finish (source, result, &error);
  const CvApiRoute *route = pending->data;
  guint8 key[CV_ACCESS_KEY_BYTES];
  if (record == NULL && !g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  CvApiRequest request = pending->request;
  cv_access_get_bearer (pending->message, key);
  request.summary = record != NULL ? cv_api_get_summary_access (record, key) : CV_SUMMARY_ACCESS_NONE;
  cv_api_hand_on (pending);
  if (request.summary != CV_SUMMARY_ACCESS_NONE)
    run (route, &request);
  else
    check_key (route, &request, key);
  cv_wipe (key, sizeof key);
}

/* Looks at the key or the cookies. */
static void
identify (const CvApiRoute *route, CvApiRequest *request)
{
  guint8 key[CV_ACCESS_KEY_BYTES];
  if (cv_access_get_bearer (request->message, key)) {
    if (route->authority == CV_AUTHORITY_MEETING) {
      check_meeting (route, request, key);
    } else if (route->authority == CV_AUTHORITY_SUMMARY) {
      CvApiPending *pending = cv_api_pause (request, answer_record_found);
      pending->data = (gpointer) route;
      cv_records_load_async (request->api->store, request->id, cv_api_answer, pending);
    } else {
      check_key (route, request, key);
    }
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

/* Over the admin socket everybody may do everything. */
static void
admit_or_identify (const CvApiRoute *route, CvApiRequest *request)
{
  if (!request->admin) {
    identify (route, request);
    return;
  }
  request->role = CV_ACCOUNT_ADMINISTRATOR;
  request->actor = "admin";
  admit (route, request);
}

gboolean
cv_api_expect_body (CvApi *self, SoupServerMessage *message, const char *path, gboolean admin, const char *address)
{
  CvApiRequest request = { .api = self, .message = message, .admin = admin, .address = address };
  g_autofree char *id = NULL;
  const CvApiRoute *route = find_route (long_routes, G_N_ELEMENTS (long_routes),
                                        soup_server_message_get_method (message), path, &id, &request.rest);
  if (route == NULL || !cv_id_is_valid (id, route->prefix))
    return FALSE;
  request.id = id;
  /* nothing is kept, and nothing follows, unless that is taken back: cv_api_allow_body() */
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Connection", "close");
  admit_or_identify (route, &request);
  return TRUE;
}

/* What is for some addresses is nowhere to all others, whatever they have with them. */
static gboolean
is_there (const CvApiRoute *route, const CvApiRequest *request)
{
  return request->admin || route->authority != CV_AUTHORITY_NEAR ||
         cv_asker_is_from (request->message, request->address, request->api->metrics_from);
}

void
cv_api_handle (CvApi *self, SoupServerMessage *message, const char *path, gboolean admin, const char *address)
{
  CvApiRequest request = { .api = self, .message = message, .admin = admin, .address = address };
  const char *method = soup_server_message_get_method (message);
  g_autofree char *id = NULL;
  if (g_str_equal (method, "HEAD"))
    method = "GET"; /* libsoup leaves the body out */
  const CvApiRoute *route = find_route (routes, G_N_ELEMENTS (routes), method, path, &id, &request.rest);
  if (route == NULL || !is_there (route, &request)) {
    cv_http_respond_problem (message, CV_PROBLEM_NOT_FOUND);
    return;
  }
  if (id != NULL && !cv_id_is_valid (id, route->prefix)) {
    gboolean room = *route->prefix == '\0';
    cv_http_respond_problem (message, room ? CV_PROBLEM_UNKNOWN_ROOM : CV_PROBLEM_NOT_FOUND);
    return;
  }
  request.id = id;
  admit_or_identify (route, &request);
}
