/* See doorstep.h. */
#include "signalling/doorstep.h"

#include "signalling/arrival.h"
#include "signalling/protocol-moderation.h"

#define CV_LOG_TOPIC "doorstep"
#include "base/log.h"

/* ---- who is told ---- */

static gboolean
is_host (CvMeeting *meeting, const CvParticipant *participant)
{
  return cv_meeting_may (meeting, participant, CV_ACTION_ADMIT);
}

gboolean
cv_doorstep_has_hosts (CvMeeting *meeting)
{
  GPtrArray *participants = cv_meeting_get_participants (meeting);
  for (guint i = 0; !cv_meeting_has_ended (meeting) && i < participants->len; i++)
    if (is_host (meeting, g_ptr_array_index (participants, i)))
      return TRUE;
  return FALSE;
}

static void
show_knocks (CvKnocks *knocks, const char *room, const CvParticipant *participant)
{
  CvSession *session = cv_session_of (participant);
  g_autoptr (GPtrArray) list = cv_knocks_list (knocks, room);
  g_autoptr (GBytes) body = cv_message_knocks (list);
  if (session != NULL)
    cv_session_show (session, CV_LATEST_KNOCKS, body);
}

void
cv_doorstep_greet (CvKnocks *knocks, const char *room, const CvParticipant *participant)
{
  CvSession *session = cv_session_of (participant);
  if (cv_knocks_count (knocks, room) > 0 && session != NULL && is_host (cv_session_get_meeting (session), participant))
    show_knocks (knocks, room, participant);
}

/* ---- browsers and phones ---- */

static CvProblem
judge (CvKnock *knock, gboolean *knocks)
{
  if (!knock->phone)
    return cv_arrival_judge (knock->guest, knocks);
  CvCallerVerdict verdict = cv_caller_judge (knock->guest);
  *knocks = verdict == CV_CALLER_KNOCKS;
  if (verdict == CV_CALLER_REMOVED)
    return CV_PROBLEM_REMOVED;
  return verdict == CV_CALLER_LOCKED ? CV_PROBLEM_LOCKED : CV_DISPATCH_FINE;
}

static void
let_in (CvKnock *knock)
{
  if (knock->phone)
    cv_caller_admit (knock->guest);
  else
    cv_arrival_admit (knock->guest);
}

/* What a caller hears. */
static const char *
find_reason (CvProblem problem)
{
  static const struct {
    CvProblem problem;
    const char *reason;
  } reasons[] = { { CV_PROBLEM_DENIED, "refused" },  { CV_PROBLEM_LOCKED, "locked" },
                  { CV_PROBLEM_REMOVED, "removed" }, { CV_PROBLEM_ROOM_FULL, "full" },
                  { CV_PROBLEM_TIMEOUT, "timeout" }, { CV_PROBLEM_UNKNOWN_ROOM, "ended" } };
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (reasons[i].problem == problem)
      return reasons[i].reason;
  return "failed";
}

static void
refuse (CvKnock *knock, CvProblem problem)
{
  if (knock->phone)
    cv_caller_refuse (knock->guest, find_reason (problem));
  else
    cv_arrival_refuse (knock->guest, problem);
}

static void
forget (CvKnock *knock)
{
  if (knock->phone)
    cv_caller_refuse (knock->guest, NULL);
  else
    cv_arrival_forget (knock->guest);
}

/* ---- what becomes of them ---- */

/* One of those about whom there is nothing to wait for any more. */
static CvKnock *
find_decided (CvKnocks *knocks, const char *room, CvProblem *problem)
{
  g_autoptr (GPtrArray) list = cv_knocks_list (knocks, room);
  for (guint i = 0; i < list->len; i++) {
    gboolean waits = FALSE;
    *problem = judge (list->pdata[i], &waits);
    if (*problem != CV_DISPATCH_FINE || !waits)
      return list->pdata[i];
  }
  return NULL;
}

static void
reconsider (CvKnocks *knocks, const char *room)
{
  CvKnock *knock;
  CvProblem problem = CV_DISPATCH_FINE;
  while ((knock = find_decided (knocks, room, &problem)) != NULL) {
    if (problem == CV_DISPATCH_FINE)
      let_in (knock);
    else
      refuse (knock, problem);
  }
}

void
cv_doorstep_reconsider (CvDispatch *self, const char *room)
{
  reconsider (self->knocks, room);
}

static void
refuse_all (CvKnocks *knocks, const char *room, CvProblem problem)
{
  g_autoptr (GPtrArray) list = cv_knocks_list (knocks, room);
  for (guint i = 0; i < list->len; i++)
    refuse (list->pdata[i], problem);
}

static void
admit (CvKnock *knock)
{
  gboolean knocks = FALSE;
  CvProblem problem = judge (knock, &knocks);
  cv_info (knock->room, NULL, "somebody is let in");
  if (problem == CV_DISPATCH_FINE)
    let_in (knock);
  else
    refuse (knock, problem);
}

gboolean
cv_doorstep_admit (CvDispatch *self, const char *room, const char *id)
{
  CvKnock *knock = id != NULL ? cv_knocks_find (self->knocks, room, id) : NULL;
  if (id != NULL && knock == NULL)
    return FALSE;
  if (knock != NULL) {
    admit (knock);
    return TRUE;
  }
  g_autoptr (GPtrArray) list = cv_knocks_list (self->knocks, room);
  for (guint i = 0; i < list->len; i++)
    admit (list->pdata[i]);
  return TRUE;
}

gboolean
cv_doorstep_deny (CvDispatch *self, const char *room, const char *id)
{
  CvKnock *knock = cv_knocks_find (self->knocks, room, id);
  if (knock == NULL)
    return FALSE;
  cv_info (room, NULL, "somebody is sent away");
  refuse (knock, CV_PROBLEM_DENIED);
  return TRUE;
}

void
cv_doorstep_clear (CvDispatch *self)
{
  g_autoptr (GPtrArray) all = cv_knocks_list_all (self->knocks);
  for (guint i = 0; i < all->len; i++)
    forget (all->pdata[i]);
}

/* ---- what is listened to ---- */

/* A meeting's, for its handlers. */
typedef struct {
  CvKnocks *knocks; /* borrowed: the handlers go with it */
  char *room;
} Door;

static void
door_clear (gpointer data)
{
  g_free (((Door *) data)->room);
}

static void
on_closure_gone (gpointer data, GClosure *closure)
{
  g_rc_box_release_full (data, door_clear);
}

static void
tell_hosts (Door *self, CvMeeting *meeting)
{
  if (cv_knocks_count (self->knocks, self->room) == 0)
    return;
  gboolean hosts = cv_doorstep_has_hosts (meeting);
  g_autoptr (GPtrArray) list = cv_knocks_list (self->knocks, self->room);
  for (guint i = 0; i < list->len; i++)
    if (!((CvKnock *) list->pdata[i])->phone) /* who calls was told to wait, and is no further told */
      cv_arrival_tell (((CvKnock *) list->pdata[i])->guest, hosts);
}

static void
on_meeting_participant_joined (CvMeeting *meeting, CvParticipant *participant, Door *self)
{
  tell_hosts (self, meeting);
}

static void
on_meeting_participant_left (CvMeeting *meeting, CvParticipant *participant, CvLeaving leaving, Door *self)
{
  tell_hosts (self, meeting);
}

static void
on_meeting_participant_role (CvMeeting *meeting, CvParticipant *participant, CvRole before, Door *self)
{
  CvSession *session = cv_session_of (participant);
  if (session != NULL && !is_host (meeting, participant))
    cv_session_show (session, CV_LATEST_KNOCKS, NULL);
  cv_doorstep_greet (self->knocks, self->room, participant);
  tell_hosts (self, meeting);
}

static void
on_meeting_ended (CvMeeting *meeting, CvEnding ending, Door *self)
{
  tell_hosts (self, meeting);
}

static void
listen (CvMeeting *meeting, const char *signal, GCallback callback, Door *door)
{
  GClosure *closure = g_cclosure_new (callback, g_rc_box_acquire (door), on_closure_gone);
  g_object_watch_closure (G_OBJECT (door->knocks), closure);
  g_signal_connect_closure (meeting, signal, closure, FALSE);
}

static void
on_registry_meeting_started (CvRegistry *registry, CvRoom *room, CvKnocks *knocks)
{
  Door *door = g_rc_box_new0 (Door);
  CvMeeting *meeting = cv_room_get_meeting (room);
  *door = (Door){ knocks, g_strdup (cv_room_get_row (room)->id) };
  listen (meeting, "participant-joined", G_CALLBACK (on_meeting_participant_joined), door);
  listen (meeting, "participant-left", G_CALLBACK (on_meeting_participant_left), door);
  listen (meeting, "participant-role", G_CALLBACK (on_meeting_participant_role), door);
  listen (meeting, "ended", G_CALLBACK (on_meeting_ended), door);
  g_rc_box_release_full (door, door_clear);
}

/* Whether newcomers wait may be other than before. */
static void
on_registry_room_changed (CvRegistry *registry, const CvRoomRow *row, CvKnocks *knocks)
{
  reconsider (knocks, row->id);
}

static void
on_registry_room_deleted (CvRegistry *registry, const char *room, CvKnocks *knocks)
{
  refuse_all (knocks, room, CV_PROBLEM_UNKNOWN_ROOM);
}

static void
on_knocks_changed (CvKnocks *knocks, const char *room, CvRegistry *registry)
{
  CvRoom *live = cv_registry_peek (registry, room);
  CvMeeting *meeting = live != NULL ? cv_room_get_meeting (live) : NULL;
  GPtrArray *participants = meeting != NULL ? cv_meeting_get_participants (meeting) : NULL;
  for (guint i = 0; participants != NULL && i < participants->len; i++)
    if (is_host (meeting, g_ptr_array_index (participants, i)))
      show_knocks (knocks, room, g_ptr_array_index (participants, i));
}

static void
on_knocks_expired (CvKnocks *knocks, CvKnock *knock)
{
  refuse (knock, CV_PROBLEM_TIMEOUT);
}

/* Locking the room is up to them. */
static void
on_callers_alert (CvCallers *callers, CvRoom *room, gpointer user_data)
{
  CvMeeting *meeting = cv_room_get_meeting (room);
  GPtrArray *participants = cv_meeting_get_participants (meeting);
  for (guint i = 0; i < participants->len; i++) {
    const CvParticipant *participant = g_ptr_array_index (participants, i);
    CvSession *session = cv_session_of (participant);
    g_autoptr (GBytes) body = cv_message_alert ();
    if (session != NULL && is_host (meeting, participant))
      cv_session_post (session, body);
  }
}

void
cv_doorstep_listen (CvDispatch *self)
{
  if (self->callers != NULL)
    g_signal_connect (self->callers, "alert", G_CALLBACK (on_callers_alert), NULL);
  g_signal_connect_object (self->registry, "meeting-started", G_CALLBACK (on_registry_meeting_started), self->knocks,
                           0);
  g_signal_connect_object (self->registry, "room-changed", G_CALLBACK (on_registry_room_changed), self->knocks, 0);
  g_signal_connect_object (self->registry, "room-deleted", G_CALLBACK (on_registry_room_deleted), self->knocks, 0);
  g_signal_connect_object (self->knocks, "changed", G_CALLBACK (on_knocks_changed), self->registry, 0);
  g_signal_connect (self->knocks, "expired", G_CALLBACK (on_knocks_expired), NULL);
}
