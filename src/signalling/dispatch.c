/* See dispatch.h. */
#include "signalling/dispatch.h"

#include "signalling/audience.h"
#include "signalling/bounds.h"
#include "signalling/dispatch-media.h"
#include "signalling/dispatch-recording.h"

#include <string.h>

#define CV_LOG_TOPIC "dispatch"
#include "base/log.h"

/* ---- the connection as a session sees it ---- */

static void
socket_send (gpointer socket, const char *text, gsize length)
{
  cv_connection_send (socket, text, length);
}

static void
socket_close (gpointer socket, guint16 code)
{
  cv_connection_set_session (socket, NULL);
  cv_connection_close (socket, code);
}

static const CvSocketFuncs socket_funcs = { socket_send, socket_close };

static void
send_body (CvConnection *connection, GBytes *body)
{
  cv_connection_send (connection, g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  g_bytes_unref (body);
}

static void
post (CvSession *session, GBytes *body)
{
  cv_session_post (session, body);
  g_bytes_unref (body);
}

static void
get_ice (CvDispatch *self, CvConnection *connection, const CvParticipant *participant, CvIce *ice)
{
  cv_turn_credentials (self->turn, cv_connection_get_host (connection), participant->id, cv_clock_wall (self->clock),
                       ice);
}

/* ---- join and resume: the first message ---- */

/* A join while its room is loaded. */
typedef struct {
  CvDispatch *dispatch;
  CvConnection *connection;
  CvMessage message;
} Joining;

static void
joining_free (Joining *self)
{
  cv_message_clear (&self->message);
  g_object_unref (self->connection);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Joining, joining_free)

/* A reloaded page comes with the token of its former seat, which must not linger beside the new one. Returns: (transfer full) what
 * is left of that seat, or NULL. */
static CvFormer *
give_up_former_seat (Joining *joining, const char *room)
{
  CvDispatch *self = joining->dispatch;
  if (!joining->message.has_token)
    return NULL;
  CvSession *former = cv_sessions_find (self->sessions, joining->message.token);
  if (former != NULL && g_str_equal (cv_session_get_room (former), room))
    cv_session_close (former, CV_LEAVING_REPLACED, 4001);
  CvRoom *live = cv_registry_peek (self->registry, room);
  return live != NULL ? cv_sessions_take_former (self->sessions, joining->message.token, cv_room_get_meeting (live))
                      : NULL;
}

static void
give_votes_back (CvMeeting *meeting, CvParticipant *participant, const CvFormer *former)
{
  for (guint i = 0; i < former->votes->len; i++) {
    CvQuestion *question =
      cv_questions_find (cv_meeting_get_questions (meeting), g_array_index (former->votes, guint64, i));
    if (question != NULL && !question->resolved)
      cv_meeting_vote (meeting, participant, question, TRUE);
  }
}

static gboolean
take_seat (Joining *joining, CvRoom *room, GError **error)
{
  CvDispatch *self = joining->dispatch;
  const CvMessage *message = &joining->message;
  const char *id = cv_room_get_row (room)->id;
  CvRole role = cv_room_get_policy (room)->joins_as;

  if (!cv_room_fits_join_key (room, message->key)) {
    g_set_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_KEY, "wrong key");
    return FALSE;
  }
  if (message->has_host_key) {
    if (!cv_room_fits_host_key (room, message->host_key)) {
      g_set_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_KEY, "wrong host key");
      return FALSE;
    }
    role = CV_ROLE_HOST;
  }
  g_autoptr (CvFormer) former = give_up_former_seat (joining, id);
  if (former != NULL && former->staged && role == CV_ROLE_VIEWER)
    role = CV_ROLE_PERSON;
  CvParticipant *participant = cv_registry_enter (self->registry, room, message->name, role, &message->sending, error);
  if (participant == NULL)
    return FALSE;

  g_autofree char *token = NULL;
  g_auto (CvIce) ice = { 0 };
  CvMeeting *meeting = cv_room_get_meeting (cv_registry_peek (self->registry, id));
  if (former != NULL)
    give_votes_back (meeting, participant, former);
  CvSession *session = cv_sessions_open (self->sessions, id, meeting, participant, &token);
  get_ice (self, joining->connection, participant, &ice);
  cv_connection_set_session (joining->connection, session);
  cv_session_attach (session, &socket_funcs, joining->connection);
  send_body (joining->connection,
             cv_message_joined (room, meeting, participant, token, &ice, cv_clock_wall (self->clock)));
  cv_audience_greet (room, participant);
  cv_session_replay (session, 0);
  cv_info (id, participant->id, "joined");
  return TRUE;
}

static void
on_room_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Joining) joining = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRoom) room = cv_registry_load_finish (CV_REGISTRY (source), result, &error);
  cv_connection_set_joining (joining->connection, FALSE);
  if (!cv_connection_is_open (joining->connection))
    return;
  if (room == NULL || !take_seat (joining, room, &error)) {
    CvProblem problem = cv_problem_from_error (error);
    if (problem == CV_PROBLEM_INTERNAL || problem == CV_PROBLEM_STORE_FAILED)
      cv_warning (joining->message.room, NULL, "a join failed: %s", error->message);
    cv_connection_fail (joining->connection, problem);
  }
}

static void
join (CvDispatch *self, CvConnection *connection, CvMessage *message)
{
  if (!cv_buckets_take (self->joins, cv_connection_get_address (connection), cv_clock_now (self->clock))) {
    cv_connection_fail (connection, CV_PROBLEM_RATE_LIMITED);
    return;
  }
  Joining *joining = g_new0 (Joining, 1);
  joining->dispatch = self;
  joining->connection = g_object_ref (connection);
  joining->message = *message;
  message->object = NULL; /* moved */
  cv_connection_set_joining (connection, TRUE);
  cv_registry_load_async (self->registry, joining->message.room, on_room_loaded, joining);
}

static void
resume (CvDispatch *self, CvConnection *connection, const CvMessage *message)
{
  CvSession *session = cv_sessions_find (self->sessions, message->token);
  if (session == NULL) {
    cv_connection_fail (connection, CV_PROBLEM_SESSION_LOST);
    return;
  }
  g_autofree char *token = cv_session_rotate (session, message->token);
  cv_connection_set_session (connection, session);
  cv_session_attach (session, &socket_funcs, connection);
  send_body (connection, cv_message_resumed (token, cv_session_get_last_id (session)));
  if (!cv_session_replay (session, message->seq)) {
    cv_connection_fail (connection, CV_PROBLEM_SESSION_LOST);
    cv_session_close (session, CV_LEAVING_LOST, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
  } else if (cv_meeting_has_ended (cv_session_get_meeting (session))) {
    cv_session_hang_up (session, SOUP_WEBSOCKET_CLOSE_NORMAL);
  }
}

/* ---- later messages ---- */

#define FINE CV_DISPATCH_FINE

static CvProblem
handle_state (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  cv_meeting_set_sending (cv_session_get_meeting (session), cv_session_get_participant (session), &message->sending);
  post (session, cv_message_ok (message->id));
  return FINE;
}

static CvProblem
handle_chat (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  cv_meeting_say (cv_session_get_meeting (session), cv_session_get_participant (session), message->text);
  post (session, cv_message_ok (message->id));
  return FINE;
}

static CvProblem
handle_turn (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  g_auto (CvIce) ice = { 0 };
  get_ice (self, connection, cv_session_get_participant (session), &ice);
  post (session, cv_message_turn (message->id, &ice));
  return FINE;
}

static CvProblem
handle_leave (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  post (session, cv_message_ok (message->id));
  cv_info (cv_session_get_room (session), cv_session_get_participant (session)->id, "left");
  cv_session_close (session, CV_LEAVING_LEFT, SOUP_WEBSOCKET_CLOSE_NORMAL);
  return FINE;
}

static CvProblem
handle_end (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  post (session, cv_message_ok (message->id));
  cv_meeting_end (cv_session_get_meeting (session), CV_ENDING_HOST);
  return FINE;
}

static CvProblem
handle_relay (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  CvParticipant *from = cv_session_get_participant (session);
  CvParticipant *to = cv_meeting_find (cv_session_get_meeting (session), message->person);
  CvSession *receiver = to != NULL && to != from ? cv_session_of (to) : NULL;
  g_autoptr (GBytes) body = cv_message_relay (from->id, message->data);
  if (receiver == NULL || !cv_session_pass (receiver, body))
    send_body (connection, cv_message_relay_failed (message->person, receiver != NULL));
  return FINE;
}

static CvProblem
handle_ack (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  return cv_session_acknowledge (session, message->seq) ? FINE : CV_PROBLEM_BAD_MESSAGE;
}

static CvProblem
handle_pong (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  return FINE; /* that it came is all there is to it */
}

/* `action`: what the room's policy is asked about; -1: always allowed. */
static const struct {
  CvDispatchFunc handle;
  int action;
} handlers[CV_N_MESSAGES] = {
  [CV_MESSAGE_ACK] = { handle_ack, -1 },
  [CV_MESSAGE_PONG] = { handle_pong, -1 },
  [CV_MESSAGE_RELAY] = { handle_relay, CV_ACTION_RELAY },
  [CV_MESSAGE_STATE] = { handle_state, CV_ACTION_STATE },
  [CV_MESSAGE_CHAT] = { handle_chat, CV_ACTION_CHAT },
  [CV_MESSAGE_TURN] = { handle_turn, CV_ACTION_TURN },
  [CV_MESSAGE_LEAVE] = { handle_leave, CV_ACTION_LEAVE },
  [CV_MESSAGE_END] = { handle_end, CV_ACTION_END },
  [CV_MESSAGE_OFFER] = { cv_dispatch_offer, CV_ACTION_OFFER },
  [CV_MESSAGE_VIEW] = { cv_dispatch_view, CV_ACTION_VIEW },
  [CV_MESSAGE_HAND] = { cv_dispatch_hand, CV_ACTION_HAND },
  [CV_MESSAGE_STAGE] = { cv_dispatch_stage, CV_ACTION_STAGE },
  [CV_MESSAGE_STOP] = { cv_dispatch_stop, CV_ACTION_STOP },
  [CV_MESSAGE_START] = { cv_dispatch_start, CV_ACTION_STOP },
  [CV_MESSAGE_MUTE_ALL] = { cv_dispatch_mute_all, CV_ACTION_MUTE_ALL },
  [CV_MESSAGE_SPOTLIGHT] = { cv_dispatch_spotlight, CV_ACTION_SPOTLIGHT },
  [CV_MESSAGE_ASK] = { cv_dispatch_ask, CV_ACTION_ASK },
  [CV_MESSAGE_VOTE] = { cv_dispatch_vote, CV_ACTION_VOTE },
  [CV_MESSAGE_RESOLVE] = { cv_dispatch_resolve, CV_ACTION_RESOLVE },
  [CV_MESSAGE_WATCH_STATS] = { cv_dispatch_watch_stats, CV_ACTION_WATCH_STATS },
  [CV_MESSAGE_RECORD] = { cv_dispatch_record, CV_ACTION_RECORD },
  [CV_MESSAGE_CONSENT] = { cv_dispatch_consent, CV_ACTION_CONSENT },
};

static CvProblem
handle (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  const CvPolicy *policy = cv_meeting_get_policy (cv_session_get_meeting (session));
  CvRole role = cv_session_get_participant (session)->role;
  int action = handlers[message->type].action;

  cv_session_heard (session);
  if (message->id != 0) {
    CvTake take = cv_session_take (session, message->id);
    if (take == CV_TAKE_GAP)
      return CV_PROBLEM_BAD_MESSAGE;
    if (take == CV_TAKE_AGAIN)
      return FINE;
  }
  gboolean allowed = action < 0 || cv_policy_may (policy, role, (CvAction) action);
  CvProblem problem =
    allowed ? handlers[message->type].handle (self, connection, session, message) : CV_PROBLEM_NOT_ALLOWED;
  if (message->id == 0 || problem == FINE)
    return problem;
  post (session, cv_message_error (problem, message->id));
  return FINE;
}

/* What goes to everyone is kept until each has acknowledged it: by its number alone one person could fill the others'
 * seats until they are given up. */
static guint
get_extra_cost (const CvMessage *message)
{
  if (message->type == CV_MESSAGE_OFFER)
    return CV_LIMIT_OFFER_COST;
  if (message->type == CV_MESSAGE_VOTE)
    return CV_LIMIT_VOTE_COST;
  if (message->tiles != NULL)
    return message->tiles->len / CV_LIMIT_TILES_A_MESSAGE;
  return message->text != NULL ? strlen (message->text) / CV_LIMIT_CHAT_BYTES_A_MESSAGE : 0;
}

void
cv_dispatch_message (CvDispatch *self, CvConnection *connection, const char *text, gsize length)
{
  g_auto (CvMessage) message = { 0 };
  g_autoptr (GError) error = NULL;
  CvSession *session = cv_connection_get_session (connection);
  gboolean first = session == NULL;
  gboolean parsed = cv_message_parse (&message, text, length, &error);
  gboolean opening = parsed && (message.type == CV_MESSAGE_JOIN || message.type == CV_MESSAGE_RESUME);

  if (!parsed || cv_connection_is_joining (connection) || first != opening) {
    cv_debug (session != NULL ? cv_session_get_room (session) : NULL, NULL, "bad message: %s",
              error != NULL ? error->message : "out of place");
    cv_connection_fail (connection, CV_PROBLEM_BAD_MESSAGE);
  } else if (!cv_connection_charge (connection, get_extra_cost (&message))) {
    cv_connection_fail (connection, CV_PROBLEM_RATE_LIMITED);
  } else if (message.type == CV_MESSAGE_JOIN) {
    join (self, connection, &message);
  } else if (message.type == CV_MESSAGE_RESUME) {
    resume (self, connection, &message);
  } else {
    CvProblem problem = handle (self, connection, session, &message);
    if (problem != FINE)
      cv_connection_fail (connection, problem);
  }
}

void
cv_dispatch_closed (CvDispatch *self, CvConnection *connection)
{
  CvSession *session = cv_connection_get_session (connection);
  cv_connection_set_session (connection, NULL);
  if (session != NULL)
    cv_session_detach (session, connection);
}
