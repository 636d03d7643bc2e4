/* See api-check.h. */
#include "signalling/api-check.h"

#include "base/json.h"
#include "signalling/api-rooms.h"
#include "signalling/dial-in.h"
#include "signalling/http.h"

#include <string.h>

#define DAY_MS (G_GINT64_CONSTANT (24) * 3600 * 1000)
/* as far ahead as people plan */
#define MAX_KEEP_DAYS 400

/* What somebody shows besides a key, or in its place. */
typedef struct {
  gboolean ticket;
  CvReceipt *receipt; /* owned, or NULL */
  guint8 host_key[CV_KEY_BYTES];
  gint64 until; /* ms since 1970 */
} Shown;

static void
shown_free (gpointer data)
{
  Shown *self = data;
  g_clear_pointer (&self->receipt, cv_receipt_free);
  g_free (self);
}

/* As one who joins: where media go from browser to browser the link is needed as well. */
static gboolean
may_know (const CvApiPending *pending, CvRoom *room)
{
  return ((const Shown *) pending->data)->ticket ? cv_room_get_policy (room)->topology == CV_TOPOLOGY_SFU
                                                 : cv_room_fits_join_key (room, pending->key);
}

/* TRUE where what they brought along makes the room another one than was loaded: `again` answers it later, or that they are too many. */
static gboolean
reopen (CvApiPending *pending, CvRoom *room, const GError *error, CvApiAnswerFunc again)
{
  const Shown *shown = pending->data;
  gboolean unknown = room == NULL && g_error_matches (error, CV_ROOM_ERROR, CV_ROOM_ERROR_UNKNOWN);
  if (shown->receipt == NULL || (room == NULL && !unknown))
    return FALSE;
  CvReopeningResult reopened = cv_reopening_take (
    pending->api->reopening, shown->receipt, room != NULL ? cv_room_get_row (room) : NULL, pending->request.address);
  if (reopened == CV_REOPENING_LIMITED)
    cv_http_respond_problem (pending->message, CV_PROBLEM_RATE_LIMITED);
  else if (reopened == CV_REOPENING_DONE)
    cv_registry_load_async (pending->api->registry, pending->request.id, cv_api_answer,
                            cv_api_postpone (pending, again));
  return reopened != CV_REOPENING_NOTHING;
}

/* The room that the path names, for who may know of it. NULL where that is answered, or is later, by `again`. Returns: (transfer full). */
static CvRoom *
load_finish (CvApiPending *pending, gpointer source, GAsyncResult *result, CvApiAnswerFunc again)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRoom) room = cv_registry_load_finish (source, result, &error);
  if (reopen (pending, room, error, again))
    return NULL;
  if (room == NULL) {
    cv_api_respond_error (pending->message, error);
    return NULL;
  }
  if (!may_know (pending, room)) {
    cv_http_respond_problem (pending->message, cv_problem_of_key (cv_room_get_row (room)->generation));
    return NULL;
  }
  return g_steal_pointer (&room);
}

/* FALSE where there were too many of this address, which is answered. */
static gboolean
take_turn (const CvApiRequest *request)
{
  CvApi *self = request->api;
  gboolean taken = cv_buckets_take (self->checks, request->address, cv_clock_now (self->clock));
  if (!taken)
    cv_http_respond_problem (request->message, CV_PROBLEM_RATE_LIMITED);
  return taken;
}

/* Takes `shown`. */
static void
load (const CvApiRequest *request, const guint8 key[CV_KEY_BYTES], Shown *shown, CvApiAnswerFunc answer)
{
  CvApiPending *pending = cv_api_pause (request, answer);
  memcpy (pending->key, key, CV_KEY_BYTES);
  pending->data = shown;
  pending->free_data = shown_free;
  cv_registry_load_async (request->api->registry, request->id, cv_api_answer, pending);
}

/* ---- what is behind a link ---- */

static void
answer_checked (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (CvRoom) room = load_finish (pending, source, result, answer_checked);
  if (room == NULL)
    return;
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
  cv_dial_in_add (builder, row, cv_registry_get_numbers (pending->api->registry), FALSE);
  cv_api_add_receipt (pending->api, builder, row);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

/* It is not used up. */
static gboolean
is_good (const CvApiRequest *request, const char *text)
{
  CvApi *self = request->api;
  g_autoptr (CvTicket) ticket = cv_tickets_read (self->tickets, text, cv_clock_wall (self->clock) / 1000);
  return ticket != NULL && g_str_equal (ticket->room, request->id);
}

void
cv_api_check_room (const CvApiRequest *request)
{
  CvApi *self = request->api;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = take_turn (request) ? cv_api_read_body (request) : NULL;
  if (object == NULL)
    return;
  guint8 key[CV_KEY_BYTES] = { 0 };
  const char *ticket = NULL, *receipt = NULL;
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  if (cv_json_reader_has (&reader, "ticket"))
    ticket = cv_json_reader_ascii (&reader, "ticket", CV_TICKET_MAX_BYTES);
  else
    cv_json_reader_bytes (&reader, "key", key, sizeof key);
  if (ticket == NULL && cv_json_reader_has (&reader, "receipt"))
    receipt = cv_json_reader_base64url (&reader, "receipt", CV_RECEIPT_MAX_CHARACTERS);
  if (!cv_json_reader_finish (&reader, &error)) {
    cv_api_respond_error (request->message, error);
    return;
  }
  if (ticket != NULL && !is_good (request, ticket)) {
    cv_http_respond_problem (request->message, CV_PROBLEM_BAD_TICKET);
    return;
  }
  Shown *shown = g_new0 (Shown, 1);
  shown->ticket = ticket != NULL;
  shown->receipt = receipt != NULL ? cv_reopening_read (self->reopening, receipt, request->id, key) : NULL;
  load (request, key, shown, answer_checked);
}

/* ---- until somebody comes ---- */

static void
answer_kept (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvReceipt) kept =
    cv_unwritten_describe (cv_registry_get_unwritten (pending->api->registry), pending->request.id);
  if (!g_task_propagate_boolean (G_TASK (result), &error) || kept == NULL) {
    if (g_error_matches (error, CV_ROOM_ERROR, CV_ROOM_ERROR_FULL))
      cv_http_respond_problem (pending->message, CV_PROBLEM_TOO_MANY);
    else if (error != NULL)
      cv_api_respond_error (pending->message, error);
    else
      cv_http_respond_problem (pending->message, CV_PROBLEM_UNKNOWN_ROOM);
    return;
  }
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_int (builder, "until", kept->until);
  cv_api_add_receipt (pending->api, builder, kept->row);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

static void
answer_loaded_to_keep (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  CvApi *self = pending->api;
  const Shown *shown = pending->data;
  g_autoptr (CvRoom) room = load_finish (pending, source, result, answer_loaded_to_keep);
  if (room == NULL)
    return;
  if (!cv_room_fits_host_key (room, shown->host_key))
    cv_http_respond_problem (pending->message, CV_PROBLEM_WRONG_KEY);
  else if (cv_room_get_policy (room)->keeps_rows) /* which it does for longer */
    cv_http_respond_problem (pending->message, CV_PROBLEM_NOT_ALLOWED);
  else if (!cv_buckets_take (self->creations, pending->request.address, cv_clock_now (self->clock)))
    cv_http_respond_problem (pending->message, CV_PROBLEM_RATE_LIMITED);
  else
    cv_unwritten_keep (cv_registry_get_unwritten (self->registry), pending->request.id, shown->until,
                       g_task_new (self->registry, NULL, cv_api_answer, cv_api_postpone (pending, answer_kept)));
}

/* Nobody learns more than the day. */
static gboolean
is_day_ahead (gint64 until, gint64 now)
{
  return until % DAY_MS == 0 && until > now && until <= now + MAX_KEEP_DAYS * DAY_MS;
}

void
cv_api_keep_room (const CvApiRequest *request)
{
  CvApi *self = request->api;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = take_turn (request) ? cv_api_read_body (request) : NULL;
  if (object == NULL)
    return;
  guint8 key[CV_KEY_BYTES] = { 0 };
  g_autofree Shown *shown = g_new0 (Shown, 1);
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  cv_json_reader_bytes (&reader, "key", key, sizeof key);
  cv_json_reader_bytes (&reader, "host_key", shown->host_key, sizeof shown->host_key);
  shown->until = cv_json_reader_int (&reader, "until", 0, G_MAXINT64);
  const char *receipt = cv_json_reader_has (&reader, "receipt")
                          ? cv_json_reader_base64url (&reader, "receipt", CV_RECEIPT_MAX_CHARACTERS)
                          : NULL;
  if (!cv_json_reader_finish (&reader, &error)) {
    cv_api_respond_error (request->message, error);
    return;
  }
  if (!is_day_ahead (shown->until, cv_clock_wall (self->clock))) {
    cv_http_respond_problem (request->message, CV_PROBLEM_BAD_MESSAGE);
    return;
  }
  if (receipt != NULL)
    shown->receipt = cv_reopening_read (self->reopening, receipt, request->id, key);
  load (request, key, g_steal_pointer (&shown), answer_loaded_to_keep);
}
