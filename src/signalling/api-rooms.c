/* See api-rooms.h. */
#include "signalling/api-rooms.h"

#include "base/json.h"
#include "base/link.h"
#include "signalling/dial-in.h"
#include "signalling/http.h"
#include "signalling/protocol.h"
#include "signalling/query.h"
#include "store/cursor.h"
#include "store/meetings.h"

#include <string.h>

#define CV_LOG_TOPIC "api"
#include "base/log.h"

#define DEFAULT_PAGE 50
#define MAX_SEARCH_BYTES 400
/* of the key of a room's orders, as text */
#define MAX_ORDERS 1024

/* ---- a room's object ---- */

static void
add_days (JsonBuilder *builder, const char *name, int days)
{
  json_builder_set_member_name (builder, name);
  if (days == CV_ROOM_KEEP_DEFAULT)
    json_builder_add_null_value (builder);
  else
    json_builder_add_int_value (builder, days);
}

void
cv_api_add_room (CvRegistry *registry, JsonBuilder *builder, const CvRoomRow *row)
{
  CvRoom *live = cv_registry_peek (registry, row->id);
  CvMeeting *meeting = live != NULL ? cv_room_get_meeting (live) : NULL;
  const CvPolicy *policy = cv_policy_find (row->kind);
  cv_json_add_text (builder, "id", row->id);
  cv_json_add_text (builder, "kind", row->kind);
  cv_json_add_text (builder, "title", row->title);
  cv_json_add_int (builder, "created", row->created);
  cv_json_add_bool (builder, "available", policy != NULL && cv_registry_is_available (registry, policy));
  cv_json_add_int (builder, "people", meeting != NULL ? cv_meeting_get_size (meeting) : 0);
  cv_json_add_text (builder, "meeting", meeting != NULL ? cv_meeting_get_id (meeting) : NULL);
  cv_json_add_bool (builder, "lobby", row->lobby);
  cv_json_add_bool (builder, "recording", row->recording);
  cv_json_add_text (builder, "consent", cv_consents[row->consent]);
  add_days (builder, "keep_days", row->keep_days);
  cv_json_add_text (builder, "summary", cv_summary_fors[row->summary]);
  cv_json_add_bool (builder, "attendance", row->attendance);
  add_days (builder, "keep_content_days", row->keep_content_days);
  cv_json_add_text (builder, "owner", row->owner);
}

/* Where nobody knows by what name people come, the link begins with its path. */
static const char *
get_server (CvApi *self)
{
  return self->url != NULL && g_str_has_prefix (self->url, "http") ? self->url : "";
}

char *
cv_api_make_link (CvApi *self, const char *room, const guint8 secret[CV_ROOM_SECRET_BYTES])
{
  g_auto (CvLink) link = { 0 };
  g_strlcpy (link.room, room, sizeof link.room);
  memcpy (link.secret, secret, sizeof link.secret);
  return cv_link_join_url (&link, get_server (self));
}

static void
add_link (CvApi *self, JsonBuilder *builder, const CvRoomRow *row)
{
  char *url = row->has_secret ? cv_api_make_link (self, row->id, row->secret) : NULL;
  cv_json_add_text (builder, "link", url);
  if (url != NULL)
    cv_link_free_url (url);
}

static void
add_dial_in (CvApi *self, JsonBuilder *builder, const CvRoomRow *row)
{
  cv_dial_in_add (builder, row, cv_registry_get_numbers (self->registry), TRUE);
}

void
cv_api_add_receipt (CvApi *self, JsonBuilder *builder, const CvRoomRow *row)
{
  g_autofree char *receipt = cv_reopening_issue (self->reopening, row->id, NULL, NULL);
  if (receipt != NULL)
    cv_json_add_text (builder, "receipt", receipt);
}

/* As its owner sees it. */
static void
add_own_room (CvApi *self, JsonBuilder *builder, const CvRoomRow *row)
{
  json_builder_begin_object (builder);
  cv_api_add_room (self->registry, builder, row);
  add_link (self, builder, row);
  add_dial_in (self, builder, row);
  json_builder_end_object (builder);
}

static void
respond_room (CvApiPending *pending, guint status, const CvRoomRow *row)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  add_own_room (pending->api, builder, row);
  cv_api_respond_builder (pending->message, status, builder);
}

/* ---- whose it is ---- */

CvApiPending *
cv_api_load_own_room (const CvApiRequest *request, CvApiAnswerFunc answer)
{
  CvApiPending *pending = cv_api_pause (request, answer);
  cv_registry_load_async (request->api->registry, request->id, cv_api_answer, pending);
  return pending;
}

CvRoom *
cv_api_load_own_room_finish (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRoom) room = cv_registry_load_finish (source, result, &error);
  if (room == NULL)
    cv_api_respond_error (pending->message, error);
  else if (!cv_api_may_room (&pending->request, cv_room_get_row (room)))
    cv_http_respond_problem (pending->message, CV_PROBLEM_UNKNOWN_ROOM);
  else
    return g_steal_pointer (&room);
  return NULL;
}

/* ---- a new one ---- */

static void
read_days (CvJsonReader *reader, const char *name, int *days)
{
  if (cv_json_reader_has (reader, name))
    *days = cv_json_reader_null (reader, name) ? CV_ROOM_KEEP_DEFAULT
                                               : (int) cv_json_reader_int (reader, name, 0, CV_ROOM_MAX_KEEP_DAYS);
}

/* All may be left out. */
static void
read_settings (CvRoomRow *row, CvJsonReader *reader)
{
  if (cv_json_reader_has (reader, "lobby"))
    row->lobby = cv_json_reader_bool (reader, "lobby");
  if (cv_json_reader_has (reader, "recording"))
    row->recording = cv_json_reader_bool (reader, "recording");
  if (cv_json_reader_has (reader, "consent"))
    row->consent = (CvConsent) MAX (cv_json_reader_choice (reader, "consent", cv_consents), 0);
  read_days (reader, "keep_days", &row->keep_days);
  if (cv_json_reader_has (reader, "summary"))
    row->summary = (CvSummaryFor) MAX (cv_json_reader_choice (reader, "summary", cv_summary_fors), 0);
  if (cv_json_reader_has (reader, "attendance"))
    row->attendance = cv_json_reader_bool (reader, "attendance");
  read_days (reader, "keep_content_days", &row->keep_content_days);
  if (cv_json_reader_has (reader, "dial_in"))
    row->dial_in = cv_json_reader_bool (reader, "dial_in");
}

/* What its kind, or the server, has not; draws what it needs else. CV_N_PROBLEMS: all is well. */
static CvProblem
settle (CvApi *self, CvRoomRow *row)
{
  const CvPolicy *policy = cv_policy_find (row->kind);
  if ((row->recording && !policy->may_record) || (row->dial_in && !policy->may_dial_in) ||
      (row->summary != CV_SUMMARY_OFF && !policy->has_summary))
    return CV_PROBLEM_NOT_ALLOWED;
  if (row->dial_in && cv_registry_get_numbers (self->registry) == NULL)
    return CV_PROBLEM_NO_DIAL_IN;
  if (row->dial_in)
    cv_dial_in_draw (row);
  return CV_N_PROBLEMS;
}

/* What a room is called is not for a server that is not to know who meets. */
static char *
read_title (CvJsonReader *reader, const CvPolicy *policy)
{
  if (policy != NULL && !policy->names_on_server)
    return g_strdup (cv_json_reader_text (reader, "title", 0, 0, FALSE));
  return g_strdup (cv_text_read_name (reader, "title", CV_TITLE_MAX_CHARACTERS));
}

/* TRUE if a link with the row's secret would lead into it. */
static gboolean
fits_secret (const CvRoomRow *row)
{
  g_auto (CvLink) link = { 0 };
  g_auto (CvLinkKeys) keys = { 0 };
  g_strlcpy (link.room, row->id, sizeof link.room);
  memcpy (link.secret, row->secret, sizeof link.secret);
  cv_link_derive (&link, &keys);
  return cv_bytes_equal (keys.join_verifier, row->join_verifier, sizeof keys.join_verifier);
}

/* What was made elsewhere; of rooms that are sealed from the server it must not get to know the secret. */
static void
read_verifiers (CvRoomRow *row, const CvPolicy *policy, CvJsonReader *reader)
{
  row->id = g_strdup (cv_json_reader_id (reader, "id", "", CV_ID_LETTERS));
  cv_json_reader_bytes (reader, "join_verifier", row->join_verifier, sizeof row->join_verifier);
  cv_json_reader_bytes (reader, "host_verifier", row->host_verifier, sizeof row->host_verifier);
  row->has_secret = cv_json_reader_has (reader, "secret");
  if (row->has_secret)
    cv_json_reader_bytes (reader, "secret", row->secret, sizeof row->secret);
  if (row->has_secret && reader->error == NULL && (policy->topology != CV_TOPOLOGY_SFU || !fits_secret (row)))
    g_set_error (&reader->error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "the secret does not fit");
}

/* The secrets are drawn here; `link` is what they make. */
static void
draw_secrets (CvRoomRow *row, CvLink *link, const CvPolicy *policy, CvJsonReader *reader)
{
  g_auto (CvLinkKeys) keys = { 0 };
  cv_link_init (link);
  if (policy->topology != CV_TOPOLOGY_SFU)
    g_set_error (&reader->error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "rooms of this kind need verifiers");
  if (cv_json_reader_has (reader, "id")) {
    const char *id = cv_json_reader_id (reader, "id", "", CV_ID_LETTERS);
    g_strlcpy (link->room, id != NULL ? id : "", sizeof link->room);
  }
  cv_link_derive (link, &keys);
  row->id = g_strdup (link->room);
  row->has_secret = TRUE;
  memcpy (row->secret, link->secret, sizeof row->secret);
  memcpy (row->join_verifier, keys.join_verifier, sizeof row->join_verifier);
  memcpy (row->host_verifier, keys.host_verifier, sizeof row->host_verifier);
}

/* Of rooms whose hosts' orders the server must not be able to give. */
static void
read_orders (CvRoomRow *row, const CvPolicy *policy, CvJsonReader *reader)
{
  if (!cv_json_reader_has (reader, "orders"))
    return;
  row->orders = g_strdup (cv_json_reader_ascii (reader, "orders", MAX_ORDERS));
  if (reader->error == NULL && policy->topology != CV_TOPOLOGY_P2P)
    g_set_error (&reader->error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "rooms of this kind have no orders");
}

/* Of rooms that leave nothing behind; they have none, whatever the default is. */
static void
forbid_summary (CvRoomRow *row, const CvPolicy *policy, CvJsonReader *reader)
{
  if (policy->has_summary)
    return;
  if (cv_json_reader_has (reader, "summary") && row->summary != CV_SUMMARY_OFF)
    g_set_error (&reader->error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "rooms of this kind have no summary");
  row->summary = CV_SUMMARY_OFF;
  row->attendance = FALSE;
}

/* `link` stays empty where its secrets were drawn elsewhere. */
static CvRoomRow *
read_room (JsonObject *object, CvLink *link, GError **error)
{
  g_autoptr (CvRoomRow) row = g_new0 (CvRoomRow, 1);
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  *row = (CvRoomRow) CV_ROOM_ROW_INIT;
  row->kind = g_strdup (cv_json_reader_text (&reader, "kind", 1, 20, FALSE));
  const CvPolicy *policy = reader.error == NULL ? cv_policy_find (row->kind) : NULL;
  row->title = read_title (&reader, policy);
  read_settings (row, &reader);
  if (reader.error == NULL && policy == NULL)
    g_set_error (&reader.error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "unknown kind");
  if (reader.error == NULL) {
    forbid_summary (row, policy, &reader);
    read_orders (row, policy, &reader);
    gboolean drawn = !cv_json_reader_has (&reader, "join_verifier") && !cv_json_reader_has (&reader, "host_verifier");
    if (drawn)
      draw_secrets (row, link, policy, &reader);
    else
      read_verifiers (row, policy, &reader);
  }
  return cv_json_reader_finish (&reader, error) ? g_steal_pointer (&row) : NULL;
}

static void
link_free (gpointer data)
{
  cv_link_clear (data);
  g_free (data);
}

static void
answer_created (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  const CvLink *link = pending->data;
  const CvRoomRow *row = pending->row;
  g_autoptr (GError) error = NULL;
  if (!cv_registry_create_finish (source, result, &error)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_api_add_room (pending->api->registry, builder, row);
  if (*link->room != '\0') {
    /* all that anybody will ever hear of the host's secret */
    char *url = cv_link_join_url (link, get_server (pending->api));
    char *host_url = cv_link_host_url (link, get_server (pending->api));
    cv_json_add_text (builder, "link", url);
    cv_json_add_text (builder, "host_link", host_url);
    cv_link_free_url (url);
    cv_link_free_url (host_url);
  } else {
    add_link (pending->api, builder, row);
  }
  add_dial_in (pending->api, builder, row);
  cv_api_add_receipt (pending->api, builder, row);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_CREATED, builder);
  cv_info (row->id, NULL, "room created: %s", row->kind);
}

static gboolean
is_host (const CvApiRequest *request)
{
  return request->role == CV_ACCOUNT_HOST || request->role == CV_ACCOUNT_ADMINISTRATOR;
}

/* Visitors, where they may at all, and not too many. */
static gboolean
may_create (const CvApiRequest *request)
{
  CvApi *self = request->api;
  if (is_host (request))
    return TRUE;
  if (!self->anyone_may_create) {
    cv_http_respond_problem (request->message, CV_PROBLEM_NOT_ALLOWED);
    return FALSE;
  }
  if (cv_buckets_take (self->creations, request->address, cv_clock_now (self->clock)))
    return TRUE;
  cv_http_respond_problem (request->message, CV_PROBLEM_RATE_LIMITED);
  return FALSE;
}

void
cv_api_create_room (const CvApiRequest *request)
{
  CvApi *self = request->api;
  if (!may_create (request))
    return;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_api_read_body (request);
  if (object == NULL)
    return;
  CvLink *link = g_new0 (CvLink, 1);
  g_autoptr (CvRoomRow) row = read_room (object, link, &error);
  /* What visitors make must not fill the disk, nor take lines. */
  CvProblem problem = CV_N_PROBLEMS;
  if (row != NULL)
    problem = (row->recording || row->dial_in) && !is_host (request) ? CV_PROBLEM_NOT_ALLOWED : settle (self, row);
  if (row == NULL || problem != CV_N_PROBLEMS) {
    link_free (link);
    if (row == NULL)
      cv_api_respond_error (request->message, error);
    else
      cv_http_respond_problem (request->message, problem);
    return;
  }
  row->created = cv_clock_wall (self->clock);
  if (!is_host (request))
    row->has_secret = FALSE; /* there is no owner to whom it could be shown again */
  else if (!request->admin && cv_policy_find (row->kind)->keeps_rows)
    row->owner = g_strdup (request->actor);
  CvApiPending *pending = cv_api_pause (request, answer_created);
  pending->data = link;
  pending->free_data = link_free;
  pending->row = g_steal_pointer (&row);
  cv_registry_create_async (self->registry, pending->row, request->actor, cv_api_answer, pending);
}

/* ---- lists ---- */

/* Where there is one row more than the page has, the page has a next one. */
static guint
get_limit (const CvApiPending *pending)
{
  return GPOINTER_TO_UINT (pending->data);
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
  guint limit = get_limit (pending);
  g_autofree char *next = rows->len > limit ? cv_room_row_to_cursor (g_ptr_array_index (rows, limit - 1)) : NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "rooms");
  json_builder_begin_array (builder);
  for (guint i = 0; i < MIN (rows->len, limit); i++)
    add_own_room (pending->api, builder, g_ptr_array_index (rows, i));
  json_builder_end_array (builder);
  cv_json_add_text (builder, "next", next);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

void
cv_api_list_rooms (const CvApiRequest *request)
{
  g_auto (CvQuery) reader = { 0 };
  cv_query_init (&reader, request->message);
  guint limit = cv_query_number (&reader, "limit", CV_ROOMS_MAX_PAGE, DEFAULT_PAGE);
  const CvRoomsQuery query = { .owner = request->role == CV_ACCOUNT_ADMINISTRATOR ? NULL : request->actor,
                               .text = cv_query_text (&reader, "q", MAX_SEARCH_BYTES),
                               .cursor = cv_query_text (&reader, "cursor", CV_CURSOR_MAX),
                               .limit = limit + 1 };
  if (!cv_query_finish (&reader)) {
    cv_http_respond_problem (request->message, CV_PROBLEM_BAD_MESSAGE);
    return;
  }
  CvApiPending *pending = cv_api_pause (request, answer_listed);
  pending->data = GUINT_TO_POINTER (limit);
  cv_registry_list_async (request->api->registry, &query, cv_api_answer, pending);
}

/* A page of a list, asked for before it is known whose the room is. */
typedef struct {
  char *cursor;
  guint limit;
} Page;

static void
page_free (gpointer data)
{
  Page *self = data;
  g_free (self->cursor);
  g_free (self);
}

static void
add_meeting (JsonBuilder *builder, const CvMeetingRow *row)
{
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", row->id);
  cv_json_add_text (builder, "room", row->room);
  cv_json_add_int (builder, "started", row->started);
  json_builder_set_member_name (builder, "ended");
  if (row->ended != 0)
    json_builder_add_int_value (builder, row->ended);
  else
    json_builder_add_null_value (builder);
  cv_json_add_text (builder, "reason", row->reason);
  cv_json_add_text (builder, "title", row->title);
  cv_json_add_int (builder, "issue", row->issue);
  json_builder_end_object (builder);
}

static void
answer_meetings (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  const Page *page = pending->data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = cv_meetings_list_finish (source, result, &error);
  if (rows == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autofree char *next =
    rows->len > page->limit ? cv_meeting_row_to_cursor (g_ptr_array_index (rows, page->limit - 1)) : NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "meetings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < MIN (rows->len, page->limit); i++)
    add_meeting (builder, g_ptr_array_index (rows, i));
  json_builder_end_array (builder);
  cv_json_add_text (builder, "next", next);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

static void
answer_room_of_meetings (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  const Page *page = pending->data;
  g_autoptr (CvRoom) room = cv_api_load_own_room_finish (pending, source, result);
  if (room != NULL)
    cv_meetings_list_async (pending->api->store, cv_room_get_row (room)->id, page->cursor, page->limit + 1,
                            cv_api_answer, cv_api_postpone (pending, answer_meetings));
}

void
cv_api_list_meetings (const CvApiRequest *request)
{
  g_auto (CvQuery) reader = { 0 };
  cv_query_init (&reader, request->message);
  guint limit = cv_query_number (&reader, "limit", CV_ROOMS_MAX_PAGE, DEFAULT_PAGE);
  const char *cursor = cv_query_text (&reader, "cursor", CV_CURSOR_MAX);
  if (!cv_query_finish (&reader)) {
    cv_http_respond_problem (request->message, CV_PROBLEM_BAD_MESSAGE);
    return;
  }
  CvApiPending *pending = cv_api_load_own_room (request, answer_room_of_meetings);
  Page *page = g_new (Page, 1);
  *page = (Page){ g_strdup (cursor), limit };
  pending->data = page;
  pending->free_data = page_free;
}

/* ---- one ---- */

static void
answer_shown (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (CvRoom) room = cv_api_load_own_room_finish (pending, source, result);
  if (room != NULL)
    respond_room (pending, SOUP_STATUS_OK, cv_room_get_row (room));
}

void
cv_api_show_room (const CvApiRequest *request)
{
  cv_api_load_own_room (request, answer_shown);
}

static void
answer_changed (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  if (cv_registry_change_finish (source, result, &error))
    respond_room (pending, SOUP_STATUS_OK, pending->row);
  else
    cv_api_respond_error (pending->message, error);
}

/* What `object` says of it, all of which may be left out. */
static gboolean
read_change (CvRoomRow *row, JsonObject *object, GError **error)
{
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  if (cv_json_reader_has (&reader, "title")) {
    g_free (row->title);
    row->title = read_title (&reader, cv_policy_find (row->kind));
  }
  read_settings (row, &reader);
  return cv_json_reader_finish (&reader, error);
}

static void
answer_room_to_change (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRoom) room = cv_api_load_own_room_finish (pending, source, result);
  if (room == NULL)
    return;
  pending->row = cv_room_row_copy (cv_room_get_row (room));
  if (!read_change (pending->row, pending->data, &error)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  CvProblem problem = settle (pending->api, pending->row);
  if (problem != CV_N_PROBLEMS)
    cv_http_respond_problem (pending->message, problem);
  else
    cv_registry_change_async (pending->api->registry, pending->row, cv_api_answer,
                              cv_api_postpone (pending, answer_changed));
}

void
cv_api_change_room (const CvApiRequest *request)
{
  JsonObject *object = cv_api_read_body (request);
  if (object == NULL)
    return;
  CvApiPending *pending = cv_api_load_own_room (request, answer_room_to_change);
  pending->data = object;
  pending->free_data = (GDestroyNotify) json_object_unref;
}

static void
answer_ended (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (CvRoom) room = cv_api_load_own_room_finish (pending, source, result);
  if (room == NULL)
    return;
  CvMeeting *meeting = cv_room_get_meeting (room);
  g_autofree char *id = meeting != NULL ? g_strdup (cv_meeting_get_id (meeting)) : NULL;
  if (meeting != NULL && cv_meeting_get_policy (meeting)->keeps_rows)
    cv_api_audit (&pending->request, "meeting.end", id, NULL);
  if (meeting != NULL)
    cv_meeting_end (meeting, CV_ENDING_ADMIN);
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", cv_room_get_row (room)->id);
  cv_json_add_text (builder, "meeting", id);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

void
cv_api_end_room (const CvApiRequest *request)
{
  cv_api_load_own_room (request, answer_ended);
}

static void
answer_deleted (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  if (cv_registry_delete_finish (source, result, &error))
    cv_http_respond_nothing (pending->message, SOUP_STATUS_NO_CONTENT);
  else
    cv_api_respond_error (pending->message, error);
}

static void
answer_room_to_delete (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (CvRoom) room = cv_api_load_own_room_finish (pending, source, result);
  if (room != NULL)
    cv_registry_delete_async (pending->api->registry, pending->request.id, pending->request.actor, cv_api_answer,
                              cv_api_postpone (pending, answer_deleted));
}

void
cv_api_delete_room (const CvApiRequest *request)
{
  cv_api_load_own_room (request, answer_room_to_delete);
}
