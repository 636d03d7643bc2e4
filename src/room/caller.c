/* See caller.h. */
#include "room/caller.h"

#define CV_LOG_TOPIC "caller"
#include "base/log.h"

CvCaller *
cv_caller_new (CvSwitchroom *switchroom, const CvSipNews *news)
{
  CvCaller *self = g_new0 (CvCaller, 1);
  self->switchroom = switchroom;
  self->source = g_strdup (news->source);
  self->row = g_new0 (CvCallRow, 1);
  self->row->id = g_strdup (news->call);
  self->row->caller = g_strdup (news->from);
  self->row->trunk = g_strdup (news->trunk);
  self->row->started = cv_clock_wall (switchroom->clock);
  return self;
}

void
cv_caller_free (CvCaller *self)
{
  cv_clock_cancel (self->switchroom->clock, &self->timer);
  if (self->knock != NULL)
    cv_knocks_end (self->switchroom->knocks, g_steal_pointer (&self->knock));
  g_clear_object (&self->room);
  cv_call_row_free (self->row);
  g_free (self->source);
  g_free (self);
}

static const char *
get_id (const CvCaller *self)
{
  return self->row->id;
}

static const char *
get_room (const CvCaller *self)
{
  return self->row->room;
}

static void
on_row_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  if (!cv_calls_put_finish (CV_STORE (source), result, &error))
    cv_warning (NULL, NULL, "a call was not stored: %s", error->message);
}

void
cv_caller_store (CvCaller *self)
{
  cv_calls_put_async (self->switchroom->store, self->row, on_row_stored, NULL);
}

gboolean
cv_caller_has_number (const CvCaller *self)
{
  return *self->row->caller != '\0';
}

static char *
make_name (const CvCaller *self)
{
  return cv_caller_has_number (self) ? g_strdup_printf ("Phone %s", self->row->caller) : g_strdup ("Phone");
}

/* Returns: (transfer full) members. */
static CvIdentity
make_identity (const CvCaller *self)
{
  char *name = g_strconcat ("phone:", self->source, NULL);
  return cv_caller_has_number (self) ? (CvIdentity){ .subject = name } : (CvIdentity){ .address = name };
}

void
cv_caller_give_seat_up (CvCaller *self, CvLeaving leaving)
{
  CvLine *line = g_steal_pointer (&self->line);
  self->state = CV_CALLER_ENDING;
  if (line == NULL)
    return;
  cv_info (get_room (self), cv_line_get_participant (line)->id, "a caller is out: %s", cv_leaving_to_text (leaving));
  g_signal_handlers_disconnect_by_data (cv_line_get_meeting (line), self);
  cv_line_end (line, leaving);
}

void
cv_caller_hang_up (CvCaller *self, const char *reason)
{
  cv_clock_cancel (self->switchroom->clock, &self->timer);
  self->state = CV_CALLER_ENDING;
  cv_telephony_hang_up (self->switchroom->telephony, get_id (self), reason);
}

/* ---- a seat ---- */

static CvMeeting *
peek_meeting (CvCaller *self)
{
  CvRoom *live = cv_registry_peek (self->switchroom->registry, get_room (self));
  return live != NULL ? cv_room_get_meeting (live) : NULL;
}

static void
on_meeting_ended (CvMeeting *meeting, CvEnding ending, CvCaller *self)
{
  cv_telephony_hang_up (self->switchroom->telephony, get_id (self), "ended");
  cv_caller_give_seat_up (self, CV_LEAVING_LOST);
}

static CvParticipant *
make_participant (CvCaller *self)
{
  const CvPolicy *policy = cv_room_get_policy (self->room);
  CvRole role = self->host ? CV_ROLE_HOST : policy->joins_as;
  CvSending sending = { .microphone = cv_policy_may (policy, role, CV_ACTION_PUBLISH) };
  g_autofree char *name = make_name (self);
  CvParticipant *participant = cv_participant_new (name, role, &sending);
  participant->phone = TRUE;
  participant->identity = make_identity (self);
  return participant;
}

static void
take_seat (CvCaller *self)
{
  CvSwitchroom *switchroom = self->switchroom;
  g_autoptr (GError) error = NULL;
  CvParticipant *participant = cv_registry_seat (switchroom->registry, self->room, make_participant (self), &error);
  cv_clock_cancel (switchroom->clock, &self->timer);
  if (participant == NULL) {
    cv_info (get_room (self), NULL, "a caller does not get in: %s", error->message);
    cv_caller_hang_up (self, g_error_matches (error, CV_ROOM_ERROR, CV_ROOM_ERROR_FULL) ? "full" : "failed");
    return;
  }
  /* the room that was loaded may be another one than that with the meeting */
  CvRoom *live = cv_registry_peek (switchroom->registry, get_room (self));
  g_set_object (&self->room, live);
  CvMeeting *meeting = cv_room_get_meeting (live);
  self->state = CV_CALLER_IN;
  self->row->meeting = g_strdup (cv_meeting_get_id (meeting));
  self->row->person = g_strdup (participant->id);
  cv_caller_store (self);
  if (++switchroom->last_number == 0)
    switchroom->last_number = 1;
  g_signal_connect (meeting, "ended", G_CALLBACK (on_meeting_ended), self);
  self->line =
    cv_line_new (switchroom->telephony, switchroom->bridges, live, participant, get_id (self), switchroom->last_number);
  cv_info (get_room (self), participant->id, "a caller is in");
}

/* ---- the wait ---- */

static gboolean
has_host (CvMeeting *meeting)
{
  GPtrArray *participants = cv_meeting_get_participants (meeting);
  for (guint i = 0; i < participants->len; i++)
    if (cv_meeting_may (meeting, g_ptr_array_index (participants, i), CV_ACTION_ADMIT))
      return TRUE;
  return FALSE;
}

static void
on_wait_timeout (gpointer user_data)
{
  CvCaller *self = user_data;
  self->timer = 0;
  cv_caller_hang_up (self, "timeout");
}

static void
wait_for_host (CvCaller *self)
{
  if (self->state == CV_CALLER_WAITING)
    return;
  self->state = CV_CALLER_WAITING;
  cv_telephony_hold_on (self->switchroom->telephony, get_id (self), "waiting-host");
  self->timer = cv_clock_after (self->switchroom->clock, CV_CALLER_WAIT_MS, on_wait_timeout, self);
}

gboolean
cv_caller_is_removed (const CvCaller *self, CvMeeting *meeting, gboolean *marked)
{
  g_auto (CvIdentity) identity = make_identity (self);
  *marked = cv_bans_has_address (cv_meeting_get_bans (meeting), &identity);
  return cv_bans_has (cv_meeting_get_bans (meeting), &identity);
}

CvCallerVerdict
cv_caller_judge (CvCaller *self)
{
  CvMeeting *meeting = peek_meeting (self);
  gboolean marked = FALSE;
  if (self->host)
    return CV_CALLER_COMES_IN;
  if (meeting != NULL && cv_caller_is_removed (self, meeting, &marked))
    return CV_CALLER_REMOVED;
  if (meeting != NULL && cv_meeting_is_locked (meeting))
    return CV_CALLER_LOCKED;
  gboolean lobby = meeting != NULL ? cv_meeting_has_lobby (meeting) : cv_room_get_row (self->room)->lobby;
  return lobby || marked ? CV_CALLER_KNOCKS : CV_CALLER_COMES_IN;
}

static void
knock (CvCaller *self)
{
  CvMeeting *meeting = peek_meeting (self);
  gboolean marked = FALSE;
  g_autofree char *name = make_name (self);
  if (meeting != NULL)
    cv_caller_is_removed (self, meeting, &marked);
  cv_clock_cancel (self->switchroom->clock, &self->timer);
  self->state = CV_CALLER_LOBBY;
  self->knock = cv_knocks_add (self->switchroom->knocks, get_room (self), name, marked, TRUE, self);
  if (self->knock == NULL) {
    cv_caller_hang_up (self, "full");
    return;
  }
  cv_info (get_room (self), NULL, "a caller knocks");
  cv_telephony_hold_on (self->switchroom->telephony, get_id (self), "lobby");
}

/* Where somebody goes whose PIN is right. */
void
cv_caller_proceed (CvCaller *self)
{
  CvMeeting *meeting = peek_meeting (self);
  if (!self->host && (meeting == NULL || !has_host (meeting))) {
    wait_for_host (self);
    return;
  }
  switch (cv_caller_judge (self)) {
  case CV_CALLER_COMES_IN:
    take_seat (self);
    break;
  case CV_CALLER_KNOCKS:
    knock (self);
    break;
  case CV_CALLER_REMOVED:
    cv_caller_hang_up (self, "removed");
    break;
  case CV_CALLER_LOCKED:
    cv_caller_hang_up (self, "locked");
    break;
  }
}

static void
leave_door (CvCaller *self)
{
  CvKnock *knock = g_steal_pointer (&self->knock);
  if (knock != NULL)
    cv_knocks_end (self->switchroom->knocks, knock);
}

void
cv_caller_admit (CvCaller *self)
{
  leave_door (self);
  take_seat (self);
}

void
cv_caller_refuse (CvCaller *self, const char *reason)
{
  leave_door (self);
  if (reason != NULL)
    cv_caller_hang_up (self, reason);
}
