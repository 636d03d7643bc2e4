/* See api-tokens.h. */
#include "signalling/api-tokens.h"

#include "base/ids.h"
#include "base/json.h"
#include "signalling/api-rooms.h"
#include "signalling/http.h"
#include "signalling/protocol.h"
#include "store/owners.h"

#define MAX_TOKEN_HOURS (10 * 366 * 24)

#define CV_LOG_TOPIC "api"
#include "base/log.h"

static const char *const token_kinds[] = { "publish", "watch", NULL };

static void
add_token (JsonBuilder *builder, const CvTokenRow *token)
{
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", token->id);
  cv_json_add_text (builder, "room", token->room);
  cv_json_add_text (builder, "kind", token_kinds[token->publishes ? 0 : 1]);
  cv_json_add_text (builder, "name", token->name);
  cv_json_add_int (builder, "created", token->created);
  cv_json_add_int (builder, "expires", token->expires);
  cv_json_add_int (builder, "revoked", token->revoked);
  cv_json_add_bool (builder, "consents", token->consents);
  json_builder_end_object (builder);
}

static CvTokenRow *
read_token (JsonObject *object, const char *room, gint64 now, GError **error)
{
  g_autoptr (CvTokenRow) token = g_new0 (CvTokenRow, 1);
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  token->id = cv_id_new ("t");
  token->room = g_strdup (room);
  token->publishes = cv_json_reader_choice (&reader, "kind", token_kinds) == 0;
  token->name = g_strdup (cv_text_read_name (&reader, "name", CV_NAME_MAX_CHARACTERS));
  cv_json_reader_bytes (&reader, "hash", token->hash, sizeof token->hash);
  gint64 hours = cv_json_reader_int (&reader, "hours", 0, MAX_TOKEN_HOURS);
  token->consents = cv_json_reader_has (&reader, "consents") && cv_json_reader_bool (&reader, "consents");
  token->created = now;
  token->expires = hours > 0 ? now + hours * 3600 * 1000 : 0;
  return cv_json_reader_finish (&reader, error) ? g_steal_pointer (&token) : NULL;
}

static void
answer_token_created (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  if (!cv_tokens_insert_finish (source, result, &error)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  add_token (builder, pending->token);
  cv_api_respond_builder (pending->message, SOUP_STATUS_CREATED, builder);
  cv_info (pending->token->room, NULL, "token %s made: %s", pending->token->id,
           token_kinds[pending->token->publishes ? 0 : 1]);
}

/* The room is there: may anybody come into it with a token? */
static void
answer_token_room (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (CvRoom) room = cv_api_load_own_room_finish (pending, source, result);
  CvRole role = pending->token->publishes ? CV_ROLE_PERSON : CV_ROLE_VIEWER;
  if (room == NULL)
    return;
  if (!cv_policy_may (cv_room_get_policy (room), role, CV_ACTION_OFFER)) {
    cv_http_respond_problem (pending->message, CV_PROBLEM_NOT_ALLOWED);
  } else {
    CvApiPending *next = cv_api_postpone (pending, answer_token_created);
    cv_api_audit_next (&next->request, "token.create", next->token->id, token_kinds[next->token->publishes ? 0 : 1]);
    cv_tokens_insert_async (next->api->store, next->token, cv_api_answer, next);
  }
}

void
cv_api_create_token (const CvApiRequest *request)
{
  CvApi *self = request->api;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_api_read_body (request);
  if (object == NULL)
    return;
  CvTokenRow *token = read_token (object, request->id, cv_clock_wall (self->clock), &error);
  if (token == NULL) {
    cv_api_respond_error (request->message, error);
    return;
  }
  CvApiPending *pending = cv_api_load_own_room (request, answer_token_room);
  pending->token = token;
}

static void
answer_tokens (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = cv_tokens_list_finish (source, result, &error);
  if (rows == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "tokens");
  json_builder_begin_array (builder);
  for (guint i = 0; i < rows->len; i++)
    add_token (builder, g_ptr_array_index (rows, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

static void
answer_tokens_room (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (CvRoom) room = cv_api_load_own_room_finish (pending, source, result);
  if (room == NULL)
    return;
  CvApiPending *next = cv_api_postpone (pending, answer_tokens);
  cv_tokens_list_async (next->api->store, cv_room_get_row (room)->id, cv_api_answer, next);
}

void
cv_api_list_tokens (const CvApiRequest *request)
{
  cv_api_load_own_room (request, answer_tokens_room);
}

static void
answer_revoked (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  if (!cv_tokens_revoke_finish (source, result, &error)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  /* Who is in with it goes at once. */
  cv_streams_end_token (pending->api->streams, pending->token->id);
  cv_http_respond_nothing (pending->message, SOUP_STATUS_NO_CONTENT);
}

static void
revoke_token (CvApiPending *pending)
{
  CvApi *self = pending->api;
  cv_api_audit_next (&pending->request, "token.revoke", pending->token->id, NULL);
  cv_tokens_revoke_async (self->store, pending->token->id, cv_clock_wall (self->clock), cv_api_answer, pending);
}

static void
answer_revoker (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  if (cv_owners_check_finish (source, result, &error))
    revoke_token (cv_api_postpone (pending, answer_revoked));
  else
    cv_api_respond_error (pending->message, error);
}

/* Others' tokens are not there. */
void
cv_api_revoke_token (const CvApiRequest *request)
{
  gboolean any = request->role == CV_ACCOUNT_ADMINISTRATOR;
  CvApiPending *pending = cv_api_pause (request, any ? answer_revoked : answer_revoker);
  pending->token = g_new0 (CvTokenRow, 1);
  pending->token->id = g_strdup (request->id);
  if (any)
    revoke_token (pending);
  else
    cv_owners_check_async (request->api->store, request->id, request->actor, cv_api_answer, pending);
}
