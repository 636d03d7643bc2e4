/* See dispatch-removal.h. */
#include "signalling/dispatch-removal.h"

#include "signalling/doorstep.h"
#include "signalling/protocol-moderation.h"

#define CV_LOG_TOPIC "dispatch"
#include "base/log.h"

static void
expel (CvDispatch *self, CvMeeting *meeting, CvParticipant *whom, const char *by)
{
  CvSession *session = cv_session_of (whom);
  cv_dispatch_audit (self, meeting, by, "person.remove", cv_dispatch_get_audited (whom), NULL);
  cv_bans_add (cv_meeting_get_bans (meeting), &whom->identity);
  if (session != NULL) {
    cv_dispatch_post (session, cv_message_removed (by, cv_meeting_get_order (meeting)));
    cv_session_close (session, CV_LEAVING_REMOVED, SOUP_WEBSOCKET_CLOSE_NORMAL);
  } else if (whom->phone && self->callers != NULL) {
    cv_callers_remove (self->callers, whom);
  } else if (self->streams != NULL) {
    cv_streams_end_participant (self->streams, whom, CV_LEAVING_REMOVED);
  }
}

/* ---- with another secret for the link ---- */

/* The verifier is on the disk before anybody is told anything. Seats may be given up meanwhile. */
typedef struct {
  CvDispatch *dispatch;
  CvMeeting *meeting;
  char *room, *by, *whom, *order;
  guint64 id;
} Removal;

static Removal *
removal_new (CvDispatch *dispatch, CvSession *session, const CvMessage *message)
{
  Removal *self = g_new (Removal, 1);
  *self = (Removal){ dispatch,
                     g_object_ref (cv_session_get_meeting (session)),
                     g_strdup (cv_session_get_room (session)),
                     g_strdup (cv_session_get_participant (session)->id),
                     g_strdup (message->person),
                     g_strdup (message->order),
                     message->id };
  return self;
}

static void
removal_free (Removal *self)
{
  g_object_unref (self->meeting);
  g_free (self->room);
  g_free (self->by);
  g_free (self->whom);
  g_free (self->order);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Removal, removal_free)

static void
answer (const Removal *self, const GError *error)
{
  const CvParticipant *participant = cv_meeting_find (self->meeting, self->by);
  CvSession *session = participant != NULL ? cv_session_of (participant) : NULL;
  if (session != NULL)
    cv_dispatch_post (session, error == NULL ? cv_message_ok (self->id)
                                             : cv_message_error (cv_problem_from_error (error), self->id));
}

static void
on_rotated (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Removal) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean rotated = cv_registry_rotate_finish (CV_REGISTRY (source), result, &error);
  /* The disk may be full: they are to be out all the same. */
  if (!rotated && !g_error_matches (error, CV_ROOM_ERROR, CV_ROOM_ERROR_STORE)) {
    answer (self, error);
    return;
  }
  if (rotated)
    cv_info (self->room, self->whom, "removed; the link is another one");
  else
    cv_warning (self->room, self->whom, "removed; another link was not stored: %s", error->message);
  CvParticipant *whom = cv_meeting_find (self->meeting, self->whom);
  cv_meeting_set_order (self->meeting, self->order);
  if (whom != NULL)
    expel (self->dispatch, self->meeting, whom, self->by);
  cv_meeting_set_order (self->meeting, NULL);
  answer (self, error);
  cv_doorstep_reconsider (self->dispatch, self->room);
}

static CvProblem
rotate (CvDispatch *self, CvSession *session, const CvMessage *message)
{
  CvRoom *room = cv_registry_peek (self->registry, cv_session_get_room (session));
  if (room == NULL || cv_room_get_meeting (room) != cv_session_get_meeting (session))
    return CV_PROBLEM_NOT_FOUND; /* it is just over */
  cv_registry_rotate_async (self->registry, room, &message->rotation, on_rotated, removal_new (self, session, message));
  return CV_DISPATCH_FINE;
}

CvProblem
cv_dispatch_remove (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  CvMeeting *meeting = cv_session_get_meeting (session);
  const CvParticipant *me = cv_session_get_participant (session);
  CvParticipant *whom = cv_meeting_find (meeting, message->person);
  if (whom == NULL)
    return CV_PROBLEM_NOT_FOUND;
  if (!cv_participant_is_above (me, whom))
    return CV_PROBLEM_NOT_ALLOWED;
  if (message->rotation.generation > 0)
    return rotate (self, session, message);
  cv_info (cv_session_get_room (session), whom->id, "removed");
  expel (self, meeting, whom, me->id);
  cv_dispatch_post (session, cv_message_ok (message->id));
  /* They may wait at the door as well. */
  cv_doorstep_reconsider (self, cv_session_get_room (session));
  return CV_DISPATCH_FINE;
}
