/* See arrival.h. */
#include "signalling/arrival.h"

#include "base/tally.h"
#include "signalling/audience.h"
#include "signalling/dispatch-sharing.h"
#include "signalling/doorstep.h"
#include "signalling/protocol-moderation.h"
#include "store/used-tickets.h"

#define CV_LOG_TOPIC "arrival"
#include "base/log.h"

struct _CvArrival {
  CvDispatch *dispatch;
  CvConnection *connection;
  CvMessage message;  /* `join` */
  CvTicket *ticket;   /* NULL: they have none */
  CvReceipt *receipt; /* the same, or what they brought is not good */
  CvRoom *room;       /* NULL until it is loaded */
  CvRole role;        /* by what they brought along */
  CvIdentity identity;
  CvKnock *knock; /* NULL: does not wait */
  gboolean told;  /* that they wait */
  gboolean hosts; /* as they were told */
};

static void
arrival_free (CvArrival *self)
{
  if (self->knock != NULL)
    cv_knocks_end (self->dispatch->knocks, self->knock);
  cv_connection_set_arrival (self->connection, NULL);
  cv_message_clear (&self->message);
  cv_identity_clear (&self->identity);
  g_clear_pointer (&self->ticket, cv_ticket_free);
  g_clear_pointer (&self->receipt, cv_receipt_free);
  g_clear_object (&self->room);
  g_object_unref (self->connection);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvArrival, arrival_free)

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

/* They get no seat. */
static void
turn_away (CvConnection *connection, CvProblem problem)
{
  cv_tally_count_as (CV_TALLY_JOINS_REFUSED, problem);
  cv_connection_fail (connection, problem);
}

/* ---- who it is ---- */

static const char *
get_id (CvArrival *self)
{
  return self->message.room;
}

/* NULL where none runs. */
static CvMeeting *
peek_meeting (CvArrival *self)
{
  CvRoom *live = cv_registry_peek (self->dispatch->registry, get_id (self));
  return live != NULL ? cv_room_get_meeting (live) : NULL;
}

static void
identify (CvArrival *self)
{
  const CvMessage *message = &self->message;
  self->identity.visitor = message->has_visitor ? cv_hex_encode (message->visitor, CV_VISITOR_BYTES) : NULL;
  self->identity.account = g_strdup (cv_connection_get_account (self->connection));
  self->identity.subject = self->ticket != NULL ? g_strdup (self->ticket->sub) : NULL;
  self->identity.address = cv_bucket_key (cv_connection_get_address (self->connection));
}

/* FALSE where they brought one that is not good for this room. */
static gboolean
read_ticket (CvArrival *self)
{
  CvDispatch *dispatch = self->dispatch;
  if (self->message.ticket == NULL)
    return TRUE;
  if (dispatch->tickets != NULL)
    self->ticket = cv_tickets_read (dispatch->tickets, self->message.ticket, cv_clock_wall (dispatch->clock) / 1000);
  if (self->ticket == NULL || !g_str_equal (self->ticket->room, get_id (self)))
    return FALSE;
  if (self->ticket->name != NULL)
    self->message.name = self->ticket->name;
  return self->message.name != NULL;
}

/* Where names travel sealed the server takes none, nor anything else that the others hear from the newcomer. */
static CvProblem
check_words (CvArrival *self)
{
  const CvMessage *message = &self->message;
  gboolean named = message->name != NULL;
  if (cv_room_get_policy (self->room)->names_on_server)
    return named ? CV_DISPATCH_FINE : CV_PROBLEM_BAD_MESSAGE;
  gboolean silent = !named && !message->sending.microphone && !message->sending.camera && !message->has_visitor;
  return silent ? CV_DISPATCH_FINE : CV_PROBLEM_BAD_MESSAGE;
}

/* Where media pass through the server a ticket stands for the link. Elsewhere nobody could seal anything without its secret. */
static gboolean
fits_join_key (CvArrival *self, CvRoom *room)
{
  if (!self->message.has_key)
    return self->ticket != NULL && cv_room_get_policy (room)->topology == CV_TOPOLOGY_SFU;
  return cv_room_fits_join_key (room, self->message.key);
}

/* Where media go from browser to browser an account is no host: the server says whose it is, and is not to be believed. */
static gboolean
is_owner (CvArrival *self)
{
  const char *owner = cv_room_get_row (self->room)->owner;
  return cv_room_get_policy (self->room)->topology == CV_TOPOLOGY_SFU && owner != NULL &&
         g_strcmp0 (owner, self->identity.account) == 0;
}

/* The room that was loaded may be of before its link was exchanged for another one. */
static CvProblem
check_join_key (CvArrival *self)
{
  CvRoom *live = cv_registry_peek (self->dispatch->registry, get_id (self));
  CvRoom *room = live != NULL ? live : self->room;
  if (fits_join_key (self, room))
    return CV_DISPATCH_FINE;
  return self->message.has_key ? cv_problem_of_key (cv_room_get_row (room)->generation) : CV_PROBLEM_WRONG_KEY;
}

/* What they may be by what they brought along. */
static CvProblem
find_role (CvArrival *self)
{
  const CvMessage *message = &self->message;
  self->role = self->ticket != NULL ? self->ticket->role : cv_room_get_policy (self->room)->joins_as;
  CvProblem problem = check_join_key (self);
  if (problem != CV_DISPATCH_FINE)
    return problem;
  if (!cv_policy_has (cv_room_get_policy (self->room), self->role))
    return CV_PROBLEM_BAD_TICKET;
  problem = check_words (self);
  if (problem != CV_DISPATCH_FINE)
    return problem;
  if (message->has_host_key && !cv_room_fits_host_key (self->room, message->host_key))
    return CV_PROBLEM_WRONG_KEY;
  if (message->has_host_key || is_owner (self))
    self->role = CV_ROLE_HOST;
  return CV_DISPATCH_FINE;
}

/* "" where it is not for the server. */
static const char *
get_name (CvArrival *self)
{
  return self->message.name != NULL ? self->message.name : "";
}

/* ---- the seat they had ---- */

/* Before the server was started anew they were in the meeting that runs, or goes on with them. */
static gboolean
was_in (CvArrival *self)
{
  const CvReceipt *receipt = self->receipt;
  CvMeeting *meeting = peek_meeting (self);
  if (receipt == NULL || receipt->meeting == NULL || !cv_reopening_is_fresh (self->dispatch->reopening, receipt))
    return FALSE;
  return meeting != NULL ? g_str_equal (cv_meeting_get_id (meeting), receipt->meeting)
                         : cv_unwritten_goes_on (cv_registry_get_unwritten (self->dispatch->registry), get_id (self));
}

/* They were in a meeting that is over, as nobody was there to lead it on, and the connections between its people are there still. */
static gboolean
is_awaited (CvArrival *self)
{
  return self->receipt != NULL &&
         cv_reopening_is_awaited (self->dispatch->reopening, self->receipt, cv_room_get_row (self->room));
}

/* A reloaded page comes with the token of its former seat. */
static gboolean
is_returning (CvArrival *self)
{
  CvMeeting *meeting = peek_meeting (self);
  if (was_in (self) || is_awaited (self))
    return TRUE;
  if (!self->message.has_token || meeting == NULL)
    return FALSE;
  CvSession *former = cv_sessions_find (self->dispatch->sessions, self->message.token);
  return (former != NULL && cv_session_get_meeting (former) == meeting) ||
         cv_sessions_has_former (self->dispatch->sessions, self->message.token, meeting);
}

/* It must not linger beside the new one. Returns: (transfer full) what is left of it, or NULL. */
static CvFormer *
give_up_former_seat (CvArrival *self)
{
  CvSessions *sessions = self->dispatch->sessions;
  const guint8 *token = self->message.token;
  if (!self->message.has_token)
    return NULL;
  CvSession *former = cv_sessions_find (sessions, token);
  if (former != NULL && g_str_equal (cv_session_get_room (former), get_id (self)))
    cv_session_close (former, CV_LEAVING_REPLACED, 4001);
  CvMeeting *meeting = peek_meeting (self);
  return meeting != NULL ? cv_sessions_take_former (sessions, token, meeting) : NULL;
}

/* What others made of them stays; whoever brings more along now than then is that. */
static CvRole
find_former_role (const CvArrival *self, const CvFormer *former)
{
  if (self->role > former->came_as)
    return self->role;
  return self->role < former->came_as ? MIN (self->role, former->role) : former->role;
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

/* ---- the new one ---- */

/* Who still has the connections of a seat from before the restart is for the others who they were. */
static void
keep_id (CvArrival *self, CvParticipant *participant)
{
  if (!self->message.same_seat || !(was_in (self) || is_awaited (self)))
    return;
  CvMeeting *meeting = peek_meeting (self);
  const CvParticipant *taken = meeting != NULL ? cv_meeting_find (meeting, self->receipt->person) : NULL;
  CvSession *session = taken != NULL ? cv_session_of (taken) : NULL;
  if (session != NULL) {
    /* Their first try, whose answer was lost. The others have heard that this id left: it is not used again. */
    cv_session_close (session, CV_LEAVING_REPLACED, 4001);
  } else if (taken == NULL) {
    g_free (participant->id);
    participant->id = g_strdup (self->receipt->person);
    cv_reopening_arrived (self->dispatch->reopening, self->receipt);
  }
}

static CvParticipant *
make_participant (CvArrival *self, const CvFormer *former)
{
  CvParticipant *participant = cv_participant_new (get_name (self), self->role, &self->message.sending);
  if (former != NULL)
    participant->role = find_former_role (self, former);
  if (former != NULL)
    participant->formerly = g_ptr_array_ref (former->seats);
  participant->identity = cv_identity_copy (&self->identity);
  keep_id (self, participant);
  return participant;
}

static void
welcome (CvArrival *self, CvRoom *room, CvParticipant *participant)
{
  CvDispatch *dispatch = self->dispatch;
  g_autofree char *token = NULL;
  g_auto (CvIce) ice = { 0 };
  CvMeeting *meeting = cv_room_get_meeting (room);
  CvSession *session = cv_sessions_open (dispatch->sessions, get_id (self), meeting, participant, &token);
  cv_dispatch_get_ice (dispatch, self->connection, participant, &ice);
  g_autofree char *receipt =
    cv_reopening_issue (dispatch->reopening, get_id (self), cv_meeting_get_id (meeting), participant->id);
  cv_connection_set_session (self->connection, session);
  cv_session_attach (session, &socket_funcs, self->connection);
  send_body (self->connection, cv_message_joined (room, meeting, participant, token, receipt, dispatch->badges, &ice,
                                                  cv_clock_wall (dispatch->clock)));
  cv_audience_greet (room, participant);
  cv_doorstep_greet (dispatch->knocks, get_id (self), participant);
  cv_dispatch_begin_feed (session);
  cv_session_replay (session, 0);
  cv_info (get_id (self), participant->id, "joined");
}

static CvProblem
take_seat (CvArrival *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvFormer) former = give_up_former_seat (self);
  if (was_in (self))
    cv_room_continue (self->room, self->receipt->meeting);
  CvParticipant *participant =
    cv_registry_seat (self->dispatch->registry, self->room, make_participant (self, former), &error);
  if (participant == NULL)
    return cv_problem_from_error (error);
  /* The room that was loaded may be another one than that with the meeting. */
  CvRoom *live = cv_registry_peek (self->dispatch->registry, get_id (self));
  if (former != NULL)
    give_votes_back (cv_room_get_meeting (live), participant, former);
  welcome (self, live, participant);
  return CV_DISPATCH_FINE;
}

/* ---- the door ---- */

CvProblem
cv_arrival_judge (CvArrival *self, gboolean *knocks)
{
  CvMeeting *meeting = peek_meeting (self);
  *knocks = FALSE;
  CvProblem problem = check_join_key (self); /* it may have become an old one while they waited */
  if (problem != CV_DISPATCH_FINE)
    return problem;
  /* nobody waits at a door that stays closed */
  if (cv_registry_is_closed (self->dispatch->registry) && !is_returning (self))
    return CV_PROBLEM_SERVER_STOPPING;
  if (self->role == CV_ROLE_HOST)
    return CV_DISPATCH_FINE;
  if (meeting != NULL && cv_bans_has (cv_meeting_get_bans (meeting), &self->identity))
    return CV_PROBLEM_REMOVED;
  if (self->role >= CV_ROLE_COHOST || is_returning (self))
    return CV_DISPATCH_FINE;
  if (meeting != NULL && cv_meeting_is_locked (meeting))
    return CV_PROBLEM_LOCKED;
  if (!cv_registry_is_available (self->dispatch->registry, cv_room_get_policy (self->room)))
    return CV_PROBLEM_NOT_AVAILABLE;
  /* Where nobody may answer there is no use in knocking. */
  if (!cv_policy_may (cv_room_get_policy (self->room), CV_ROLE_HOST, CV_ACTION_ADMIT))
    return CV_DISPATCH_FINE;
  *knocks = meeting != NULL
              ? cv_meeting_has_lobby (meeting) || cv_bans_has_address (cv_meeting_get_bans (meeting), &self->identity)
              : cv_room_get_row (self->room)->lobby;
  return CV_DISPATCH_FINE;
}

/* Takes `self`, who stays at the door or is told that too many do. */
static void
wait_at_door (CvArrival *self)
{
  CvMeeting *meeting = peek_meeting (self);
  gboolean marked = meeting != NULL && cv_bans_has_address (cv_meeting_get_bans (meeting), &self->identity);
  cv_connection_set_arrival (self->connection, self);
  self->knock = cv_knocks_add (self->dispatch->knocks, get_id (self), get_name (self), marked, FALSE, self);
  if (self->knock == NULL) {
    cv_arrival_refuse (self, CV_PROBLEM_ROOM_FULL);
    return;
  }
  cv_info (get_id (self), NULL, "somebody knocks");
  cv_arrival_tell (self, meeting != NULL && cv_doorstep_has_hosts (meeting));
}

static CvProblem
find_problem (CvArrival *self, const GError *error)
{
  CvProblem problem = cv_problem_from_error (error);
  if (problem == CV_PROBLEM_INTERNAL || problem == CV_PROBLEM_STORE_FAILED)
    cv_warning (get_id (self), NULL, "a join failed: %s", error->message);
  return problem;
}

static void load_room (CvArrival *self);

/* The room that is there, if any, and what the receipt makes of it. */
static CvReopeningResult
reopen (CvArrival *self, const GError *error)
{
  gboolean unknown = self->room == NULL && g_error_matches (error, CV_ROOM_ERROR, CV_ROOM_ERROR_UNKNOWN);
  if (self->receipt == NULL || (self->room == NULL && !unknown))
    return CV_REOPENING_NOTHING;
  return cv_reopening_take (self->dispatch->reopening, self->receipt,
                            self->room != NULL ? cv_room_get_row (self->room) : NULL,
                            cv_connection_get_address (self->connection));
}

static void
on_room_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvArrival) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean knocks = FALSE;
  self->room = cv_registry_load_finish (CV_REGISTRY (source), result, &error);
  if (!cv_connection_is_open (self->connection)) {
    cv_connection_set_joining (self->connection, FALSE);
    return;
  }
  CvReopeningResult reopened = reopen (self, error);
  if (reopened == CV_REOPENING_DONE) {
    g_clear_object (&self->room);
    load_room (g_steal_pointer (&self));
    return;
  }
  CvProblem problem = self->room != NULL ? find_role (self) : find_problem (self, error);
  if (reopened == CV_REOPENING_LIMITED)
    problem = CV_PROBLEM_RATE_LIMITED;
  if (problem == CV_DISPATCH_FINE)
    problem = cv_arrival_judge (self, &knocks);
  if (problem == CV_DISPATCH_FINE && knocks) {
    wait_at_door (g_steal_pointer (&self));
    return;
  }
  cv_connection_set_joining (self->connection, FALSE);
  if (problem == CV_DISPATCH_FINE)
    problem = take_seat (self);
  if (problem == CV_DISPATCH_FINE)
    cv_doorstep_reconsider (self->dispatch, get_id (self));
  else
    turn_away (self->connection, problem);
}

static void
load_room (CvArrival *self)
{
  cv_registry_load_async (self->dispatch->registry, get_id (self), on_room_loaded, self);
}

static void
on_ticket_used (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvArrival) self = user_data;
  g_autoptr (GError) error = NULL;
  if (cv_used_tickets_add_finish (CV_STORE (source), result, &error)) {
    load_room (g_steal_pointer (&self));
    return;
  }
  gboolean used = g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS);
  cv_connection_set_joining (self->connection, FALSE);
  if (cv_connection_is_open (self->connection))
    turn_away (self->connection, used ? CV_PROBLEM_BAD_TICKET : find_problem (self, error));
}

/* Whether it gets them a seat or not: it is on the disk that it was used before anybody knows. */
static void
use_ticket (CvArrival *self)
{
  guint8 hash[CV_HASH_BYTES];
  cv_ticket_get_hash (self->ticket, hash);
  cv_used_tickets_add_async (self->dispatch->store, hash, self->ticket->expires * 1000,
                             cv_clock_wall (self->dispatch->clock), on_ticket_used, self);
}

void
cv_arrival_join (CvDispatch *dispatch, CvConnection *connection, CvMessage *message)
{
  if (!cv_buckets_take (dispatch->joins, cv_connection_get_address (connection), cv_clock_now (dispatch->clock))) {
    turn_away (connection, CV_PROBLEM_RATE_LIMITED);
    return;
  }
  CvArrival *self = g_new0 (CvArrival, 1);
  self->dispatch = dispatch;
  self->connection = g_object_ref (connection);
  self->message = *message;
  message->object = NULL; /* moved */
  if (!read_ticket (self)) {
    arrival_free (self);
    turn_away (connection, CV_PROBLEM_BAD_TICKET);
    return;
  }
  identify (self);
  if (self->message.receipt != NULL && self->message.has_key)
    self->receipt = cv_reopening_read (dispatch->reopening, self->message.receipt, get_id (self), self->message.key);
  cv_connection_set_joining (connection, TRUE);
  if (self->ticket != NULL)
    use_ticket (self);
  else
    load_room (self);
}

/* ---- of those who wait ---- */

/* Nobody who waits any more; the connection goes on or is closed by who asks. */
static void
leave_door (CvArrival *self)
{
  CvKnock *knock = g_steal_pointer (&self->knock);
  cv_connection_set_arrival (self->connection, NULL);
  cv_connection_set_joining (self->connection, FALSE);
  if (knock != NULL)
    cv_knocks_end (self->dispatch->knocks, knock);
}

gboolean
cv_arrival_introduce (CvArrival *self, const CvMessage *message)
{
  if (cv_room_get_policy (self->room)->names_on_server || self->knock->sealed != NULL)
    return FALSE;
  cv_knocks_introduce (self->dispatch->knocks, self->knock, message->data);
  return TRUE;
}

void
cv_arrival_admit (CvArrival *arrival)
{
  g_autoptr (CvArrival) self = arrival;
  leave_door (self);
  if (!cv_connection_is_open (self->connection))
    return;
  CvProblem problem = take_seat (self);
  if (problem != CV_DISPATCH_FINE)
    turn_away (self->connection, problem);
}

void
cv_arrival_refuse (CvArrival *arrival, CvProblem problem)
{
  g_autoptr (CvArrival) self = arrival;
  leave_door (self);
  turn_away (self->connection, problem);
}

void
cv_arrival_forget (CvArrival *arrival)
{
  g_autoptr (CvArrival) self = arrival;
  leave_door (self);
}

void
cv_arrival_tell (CvArrival *self, gboolean hosts)
{
  if (self->told && self->hosts == hosts)
    return;
  self->told = TRUE;
  self->hosts = hosts;
  send_body (self->connection, cv_message_waiting (self->knock, self->room, hosts));
}

/* ---- the seat that is still there ---- */

void
cv_arrival_resume (CvDispatch *dispatch, CvConnection *connection, const CvMessage *message)
{
  CvSession *session = cv_sessions_find (dispatch->sessions, message->token);
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
