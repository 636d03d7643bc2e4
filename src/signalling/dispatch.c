/* See dispatch.h. */
#include "signalling/dispatch.h"

#include "signalling/arrival.h"
#include "signalling/bounds.h"
#include "signalling/dispatch-media.h"
#include "signalling/dispatch-moderation.h"
#include "signalling/dispatch-recording.h"
#include "signalling/dispatch-removal.h"
#include "signalling/dispatch-sharing.h"
#include "signalling/permissions.h"
#include "store/audit.h"

#include <string.h>

#define CV_LOG_TOPIC "dispatch"
#include "base/log.h"

static void
send_body (CvConnection *connection, GBytes *body)
{
  cv_connection_send (connection, g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  g_bytes_unref (body);
}

void
cv_dispatch_post (CvSession *session, GBytes *body)
{
  cv_session_post (session, body);
  g_bytes_unref (body);
}

CvProblem
cv_dispatch_done (CvSession *session, const CvMessage *message)
{
  cv_dispatch_post (session, cv_message_ok (message->id));
  return CV_DISPATCH_FINE;
}

const char *
cv_dispatch_get_audited (const CvParticipant *participant)
{
  return participant->identity.account != NULL ? participant->identity.account : participant->id;
}

void
cv_dispatch_audit (CvDispatch *self, CvMeeting *meeting, const char *by, const char *action, const char *object,
                   const char *detail)
{
  const CvParticipant *participant = cv_meeting_find (meeting, by);
  if (self->store != NULL && cv_meeting_get_policy (meeting)->keeps_rows)
    cv_audit_note (self->store, self->clock, participant != NULL ? cv_dispatch_get_audited (participant) : by, action,
                   object, detail);
}

void
cv_dispatch_get_ice (CvDispatch *self, CvConnection *connection, const CvParticipant *participant, CvIce *ice)
{
  cv_turn_credentials (self->turn, cv_connection_get_host (connection), participant->id, cv_clock_wall (self->clock),
                       ice);
}

#define FINE CV_DISPATCH_FINE

static CvProblem
handle_state (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  cv_meeting_set_sending (cv_session_get_meeting (session), cv_session_get_participant (session), &message->sending);
  return cv_dispatch_done (session, message);
}

static CvProblem
handle_turn (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  g_auto (CvIce) ice = { 0 };
  cv_dispatch_get_ice (self, connection, cv_session_get_participant (session), &ice);
  cv_dispatch_post (session, cv_message_turn (message->id, &ice));
  return FINE;
}

static CvProblem
handle_receipt (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  g_autofree char *receipt =
    cv_reopening_issue (self->reopening, cv_session_get_room (session),
                        cv_meeting_get_id (cv_session_get_meeting (session)), cv_session_get_participant (session)->id);
  if (receipt == NULL)
    return CV_PROBLEM_NOT_AVAILABLE;
  cv_dispatch_post (session, cv_message_receipt (message->id, receipt));
  return FINE;
}

static CvProblem
handle_leave (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  cv_dispatch_post (session, cv_message_ok (message->id));
  cv_info (cv_session_get_room (session), cv_session_get_participant (session)->id, "left");
  cv_session_close (session, CV_LEAVING_LEFT, SOUP_WEBSOCKET_CLOSE_NORMAL);
  return FINE;
}

static CvProblem
handle_end (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  cv_dispatch_post (session, cv_message_ok (message->id));
  CvMeeting *meeting = cv_session_get_meeting (session);
  cv_dispatch_audit (self, meeting, cv_session_get_participant (session)->id, "meeting.end",
                     cv_meeting_get_id (meeting), NULL);
  cv_meeting_end (meeting, CV_ENDING_HOST);
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
  if (!cv_session_acknowledge (session, message->seq))
    return CV_PROBLEM_BAD_MESSAGE;
  cv_dispatch_feed (session);
  return FINE;
}

static CvProblem
handle_pong (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  return FINE; /* that it came is all there is to it */
}

/* Those who may: see permissions.h. `join` and `resume` have none: they are the first word, and no other. */
static const CvDispatchFunc handlers[CV_N_MESSAGES] = {
  [CV_MESSAGE_ACK] = handle_ack,
  [CV_MESSAGE_PONG] = handle_pong,
  [CV_MESSAGE_RELAY] = handle_relay,
  [CV_MESSAGE_STATE] = handle_state,
  [CV_MESSAGE_TURN] = handle_turn,
  [CV_MESSAGE_RECEIPT] = handle_receipt,
  [CV_MESSAGE_LEAVE] = handle_leave,
  [CV_MESSAGE_END] = handle_end,
  [CV_MESSAGE_OFFER] = cv_dispatch_offer,
  [CV_MESSAGE_VIEW] = cv_dispatch_view,
  [CV_MESSAGE_HAND] = cv_dispatch_hand,
  [CV_MESSAGE_STAGE] = cv_dispatch_stage,
  [CV_MESSAGE_STOP] = cv_dispatch_stop,
  [CV_MESSAGE_START] = cv_dispatch_start,
  [CV_MESSAGE_MUTE_ALL] = cv_dispatch_mute_all,
  [CV_MESSAGE_SPOTLIGHT] = cv_dispatch_spotlight,
  [CV_MESSAGE_ASK] = cv_dispatch_ask,
  [CV_MESSAGE_VOTE] = cv_dispatch_vote,
  [CV_MESSAGE_RESOLVE] = cv_dispatch_resolve,
  [CV_MESSAGE_WATCH_STATS] = cv_dispatch_watch_stats,
  [CV_MESSAGE_RECORD] = cv_dispatch_record,
  [CV_MESSAGE_CONSENT] = cv_dispatch_consent,
  [CV_MESSAGE_LOBBY] = cv_dispatch_lobby,
  [CV_MESSAGE_LOCK] = cv_dispatch_lock,
  [CV_MESSAGE_ADMIT] = cv_dispatch_admit,
  [CV_MESSAGE_DENY] = cv_dispatch_deny,
  [CV_MESSAGE_REMOVE] = cv_dispatch_remove,
  [CV_MESSAGE_ROLE] = cv_dispatch_role,
  [CV_MESSAGE_RENAME] = cv_dispatch_rename,
  [CV_MESSAGE_LOWER] = cv_dispatch_lower,
  [CV_MESSAGE_REACT] = cv_dispatch_react,
  [CV_MESSAGE_REQUEST] = cv_dispatch_request,
  [CV_MESSAGE_CHANGE] = cv_dispatch_change,
  [CV_MESSAGE_POLL_VOTE] = cv_dispatch_poll_vote,
  [CV_MESSAGE_WHISPER] = cv_dispatch_whisper,
};

/* An order is passed on in rooms only where browsers ask for one. */
static CvProblem
act (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  g_autoptr (CvMeeting) meeting = g_object_ref (cv_session_get_meeting (session));
  gboolean orders = cv_meeting_get_policy (meeting)->topology == CV_TOPOLOGY_P2P;
  cv_meeting_set_order (meeting, orders ? message->order : NULL);
  CvProblem problem = handlers[message->type](self, connection, session, message);
  cv_meeting_set_order (meeting, NULL);
  return problem;
}

static CvProblem
handle (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  const CvPolicy *policy = cv_meeting_get_policy (cv_session_get_meeting (session));
  CvRole role = cv_session_get_participant (session)->role;

  cv_session_heard (session);
  if (message->id != 0) {
    CvTake take = cv_session_take (session, message->id);
    if (take == CV_TAKE_GAP)
      return CV_PROBLEM_BAD_MESSAGE;
    if (take == CV_TAKE_AGAIN)
      return FINE;
  }
  CvProblem problem =
    cv_permission_may (policy, role, message->type) ? act (self, connection, session, message) : CV_PROBLEM_NOT_ALLOWED;
  if (message->id == 0 || problem == FINE)
    return problem;
  cv_dispatch_post (session, cv_message_error (problem, message->id));
  return FINE;
}

/* What goes to everyone is kept until each has acknowledged it: by its number alone one person could fill the others'
 * seats until they are given up. */
static guint
get_extra_cost (const CvMessage *message, gsize length)
{
  if (message->type == CV_MESSAGE_CHANGE)
    return (length + message->ops->len * CV_LIMIT_STAMP_BYTES) / CV_LIMIT_TEXT_BYTES_A_MESSAGE;
  if (message->type == CV_MESSAGE_OFFER)
    return CV_LIMIT_OFFER_COST;
  if (message->type == CV_MESSAGE_VOTE)
    return CV_LIMIT_VOTE_COST;
  if (message->type == CV_MESSAGE_RENAME)
    return CV_LIMIT_RENAME_COST;
  if (message->order != NULL)
    return strlen (message->order) / CV_LIMIT_TEXT_BYTES_A_MESSAGE;
  if (message->tiles != NULL)
    return message->tiles->len / CV_LIMIT_TILES_A_MESSAGE;
  return message->text != NULL ? strlen (message->text) / CV_LIMIT_TEXT_BYTES_A_MESSAGE : 0;
}

/* Whoever waits for a seat does so no longer. */
static void
fail (CvConnection *connection, CvProblem problem)
{
  CvArrival *arrival = cv_connection_get_arrival (connection);
  if (arrival != NULL)
    cv_arrival_refuse (arrival, problem);
  else
    cv_connection_fail (connection, problem);
}

/* Who waits is still there, or says who they are; or has been let in before that came. */
static gboolean
is_said_at_door (CvConnection *connection, const CvMessage *message)
{
  CvArrival *arrival = cv_connection_get_arrival (connection);
  CvSession *session = cv_connection_get_session (connection);
  gboolean introduces = message->type == CV_MESSAGE_INTRODUCE;
  if (arrival != NULL)
    return message->type == CV_MESSAGE_PONG || (introduces && cv_arrival_introduce (arrival, message));
  return introduces && session != NULL && !cv_meeting_get_policy (cv_session_get_meeting (session))->names_on_server;
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
  if (parsed && is_said_at_door (connection, &message))
    return;

  if (!parsed || cv_connection_is_joining (connection) || first != opening) {
    cv_debug (session != NULL ? cv_session_get_room (session) : NULL, NULL, "bad message: %s",
              error != NULL ? error->message : "out of place");
    fail (connection, CV_PROBLEM_BAD_MESSAGE);
  } else if (!cv_connection_charge (connection, get_extra_cost (&message, length))) {
    fail (connection, CV_PROBLEM_RATE_LIMITED);
  } else if (message.type == CV_MESSAGE_JOIN) {
    cv_arrival_join (self, connection, &message);
  } else if (message.type == CV_MESSAGE_RESUME) {
    cv_arrival_resume (self, connection, &message);
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
  CvArrival *arrival = cv_connection_get_arrival (connection);
  cv_connection_set_session (connection, NULL);
  if (session != NULL)
    cv_session_detach (session, connection);
  if (arrival != NULL)
    cv_arrival_forget (arrival);
}
