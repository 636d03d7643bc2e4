/* See api-request.h. */
#include "signalling/api-request.h"

#include "base/ids.h"
#include "base/json.h"
#include "signalling/api.h"
#include "signalling/bounds.h"
#include "signalling/http.h"
#include "signalling/listener.h"
#include "signalling/once.h"
#include "store/audit.h"

#include <string.h>

#define CV_LOG_TOPIC "api"
#include "base/log.h"

/* ---- answers that come later ---- */

static void
on_message_disconnected (SoupServerMessage *message, gpointer user_data)
{
  ((CvApiPending *) user_data)->cut = TRUE;
}

CvApiPending *
cv_api_pause (const CvApiRequest *request, CvApiAnswerFunc answer)
{
  CvApiPending *pending = g_new0 (CvApiPending, 1);
  pending->api = request->api;
  pending->answer = answer;
  pending->message = g_object_ref (request->message);
  pending->request = *request;
  pending->request.id = g_strdup (request->id);
  pending->request.rest = g_strdup (request->rest);
  pending->request.actor = g_strdup (request->actor);
  pending->request.sign_in = g_strdup (request->sign_in);
  pending->request.address = g_strdup (request->address);
  pending->request.badge = request->badge != NULL ? cv_badge_ref (request->badge) : NULL;
  pending->request.once = request->once != NULL ? cv_once_ref (request->once) : NULL;
  g_signal_connect (pending->message, "disconnected", G_CALLBACK (on_message_disconnected), pending);
  soup_server_message_pause (pending->message);
  return pending;
}

CvApiPending *
cv_api_postpone (CvApiPending *pending, CvApiAnswerFunc answer)
{
  pending->answer = answer;
  pending->postponed = TRUE;
  return pending;
}

void
cv_api_hand_on (CvApiPending *pending)
{
  pending->handed_on = TRUE;
  soup_server_message_unpause (pending->message);
}

static void
set_deadline (CvApiPending *self, gint64 at)
{
  CvGuard *guard = cv_listener_guard_of (soup_server_message_get_remote_address (self->message));
  if (guard != NULL)
    cv_guard_set_deadline (guard, at);
}

void
cv_api_take_time (CvApiPending *self)
{
  self->takes_time = TRUE;
  set_deadline (self, 0);
}

static void
pending_free (CvApiPending *self)
{
  g_signal_handlers_disconnect_by_data (self->message, self);
  g_object_unref (self->message);
  g_clear_pointer (&self->row, cv_room_row_free);
  g_clear_pointer (&self->token, cv_token_row_free);
  if (self->data != NULL && self->free_data != NULL)
    self->free_data (self->data);
  g_free (self->request.id);
  g_free ((char *) self->request.rest);
  g_free ((char *) self->request.actor);
  g_free ((char *) self->request.sign_in);
  g_free ((char *) self->request.address);
  g_clear_pointer (&self->request.badge, cv_badge_unref);
  g_clear_pointer (&self->request.once, cv_once_unref);
  g_free (self);
}

/* Lets the answer go out. */
static void
finish (gpointer user_data)
{
  CvApiPending *self = user_data;
  if (!self->cut && !self->handed_on)
    soup_server_message_unpause (self->message);
  pending_free (self);
}

void
cv_api_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CvApiPending *self = user_data;
  CvOnce *once = self->request.once;
  if (!self->cut || (once != NULL && cv_once_goes_on (once))) {
    self->postponed = FALSE;
    self->answer (self, source, result);
    if (self->postponed)
      return;
    if (self->takes_time)
      set_deadline (self, cv_clock_now (self->api->clock) + CV_LIMIT_ANSWER_MS * G_GINT64_CONSTANT (1000));
    if (!self->handed_on && once != NULL && cv_once_keep (once, self->message, finish, self))
      return;
  }
  finish (self);
}

void
cv_api_respond_error (SoupServerMessage *message, const GError *error)
{
  CvProblem problem = cv_problem_from_error (error);
  if (problem == CV_PROBLEM_INTERNAL || problem == CV_PROBLEM_STORE_FAILED)
    cv_warning (NULL, NULL, "a request failed: %s", error->message);
  cv_http_respond_problem (message, problem);
}

void
cv_api_respond_builder (SoupServerMessage *message, guint status, JsonBuilder *builder)
{
  cv_http_respond_json (message, status, cv_json_builder_to_text (builder, NULL));
}

void
cv_api_audit (const CvApiRequest *request, const char *action, const char *object, const char *detail)
{
  cv_audit_note (request->api->store, request->api->clock, request->actor, action, object, detail);
}

void
cv_api_audit_next (const CvApiRequest *request, const char *action, const char *object, const char *detail)
{
  cv_audit_note_with_next (request->api->store, request->api->clock, request->actor, action, object, detail);
}

void
cv_api_wipe_text (char *text)
{
  if (text != NULL)
    cv_wipe (text, strlen (text));
  g_free (text);
}

gboolean
cv_api_take_hash (CvApiPending *pending, GAsyncResult *result, guint8 hash[CV_PASSWORD_HASH_BYTES])
{
  g_autoptr (GError) error = NULL;
  if (cv_passwords_hash_finish (result, hash, &error))
    return TRUE;
  gboolean busy = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  cv_http_respond_problem (pending->message, busy ? CV_PROBLEM_SERVER_FULL : CV_PROBLEM_INTERNAL);
  return FALSE;
}

/* ---- bodies ---- */

static void
on_long_body_over (SoupServerMessage *message, gpointer user_data)
{
  CvApi *api = user_data;
  g_signal_handlers_disconnect_by_func (message, on_long_body_over, api);
  api->long_bodies--;
}

void
cv_api_allow_body (CvApiPending *pending, goffset max)
{
  SoupServerMessage *message = pending->message;
  CvApi *api = pending->api;
  CvGuard *guard = cv_listener_guard_of (soup_server_message_get_remote_address (message));
  goffset length = soup_message_headers_get_content_length (soup_server_message_get_request_headers (message));
  if (guard != NULL) {
    /* what is longer is read a little further, for its client to see the answer */
    cv_guard_set_budget (guard, (gsize) MIN (length, 2 * max) + CV_LIMIT_REQUEST_BYTES);
    cv_guard_set_deadline (guard, cv_clock_now (api->clock) + CV_LIMIT_LONG_BODY_MS * G_GINT64_CONSTANT (1000));
  }
  if (length > max) {
    cv_http_respond_too_large (message, max);
  } else if (api->long_bodies >= CV_LIMIT_LONG_BODIES) {
    cv_http_respond_problem (message, CV_PROBLEM_SERVER_FULL);
  } else {
    api->long_bodies++;
    g_signal_connect (message, "finished", G_CALLBACK (on_long_body_over), api);
    g_signal_connect (message, "disconnected", G_CALLBACK (on_long_body_over), api);
    soup_message_headers_remove (soup_server_message_get_response_headers (message), "Connection");
    soup_message_body_set_accumulate (soup_server_message_get_request_body (message), TRUE);
  }
}

GBytes *
cv_api_take_body (const CvApiRequest *request)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (request->message);
  if (g_strcmp0 (soup_message_headers_get_content_type (headers, NULL), "application/json") == 0)
    return soup_message_body_flatten (soup_server_message_get_request_body (request->message));
  cv_http_respond_problem (request->message, CV_PROBLEM_BAD_MESSAGE);
  return NULL;
}

JsonObject *
cv_api_read_body (const CvApiRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = cv_api_take_body (request);
  if (body == NULL)
    return NULL;
  gsize length = 0;
  const char *text = g_bytes_get_data (body, &length);
  JsonObject *object = cv_json_parse (length > 0 ? text : "", length, &error);
  if (object == NULL)
    cv_api_respond_error (request->message, error);
  return object;
}

gboolean
cv_api_may_room (const CvApiRequest *request, const CvRoomRow *row)
{
  return request->role == CV_ACCOUNT_ADMINISTRATOR ||
         (request->role != CV_ACCOUNT_NOBODY && g_strcmp0 (request->actor, row->owner) == 0);
}
