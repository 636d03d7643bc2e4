/* See dispatch-media.h. */
#include "signalling/dispatch-media.h"

#include "signalling/protocol-media.h"

#define CV_LOG_TOPIC "dispatch"
#include "base/log.h"

/* NULL where the meeting is just over. */
static CvSwitchboard *
find_switchboard (CvDispatch *self, CvSession *session)
{
  CvRoom *room = cv_registry_peek (self->registry, cv_session_get_room (session));
  gboolean ours = room != NULL && cv_room_get_meeting (room) == cv_session_get_meeting (session);
  return ours ? cv_room_get_switchboard (room) : NULL;
}

/* ---- the connection to the media process ---- */

/* An offer while it has no answer. The seat may be given up meanwhile. */
typedef struct {
  char *room;
  CvMeeting *meeting;
  char *person;
  guint64 id;
} Offering;

static void
offering_free (Offering *self)
{
  g_free (self->room);
  g_object_unref (self->meeting);
  g_free (self->person);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Offering, offering_free)

static void
on_offer_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Offering) offering = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = cv_switchboard_offer_finish (CV_SWITCHBOARD (source), result, &error);
  const CvParticipant *participant = cv_meeting_find (offering->meeting, offering->person);
  CvSession *session = participant != NULL ? cv_session_of (participant) : NULL;
  if (answer == NULL)
    cv_info (offering->room, offering->person, "an offer was refused: %s", error->message);
  if (session == NULL)
    return;
  cv_dispatch_post (session, answer != NULL ? cv_message_answer (offering->id, answer)
                                            : cv_message_error (cv_problem_from_error (error), offering->id));
}

CvProblem
cv_dispatch_offer (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  CvSwitchboard *switchboard = find_switchboard (self, session);
  CvParticipant *participant = cv_session_get_participant (session);
  if (switchboard == NULL)
    return CV_PROBLEM_MEDIA_LOST;
  /* What was said of the connection before means nothing to this one. */
  cv_session_show (session, CV_LATEST_SLOTS, NULL);
  cv_session_show (session, CV_LATEST_CAMERA_LAYERS, NULL);
  cv_session_show (session, CV_LATEST_SCREEN_LAYERS, NULL);
  Offering *offering = g_new (Offering, 1);
  *offering = (Offering){ g_strdup (cv_session_get_room (session)), g_object_ref (cv_session_get_meeting (session)),
                          g_strdup (participant->id), message->id };
  cv_switchboard_offer_async (switchboard, participant, message->sdp, on_offer_answered, offering);
  return CV_DISPATCH_FINE;
}

CvProblem
cv_dispatch_view (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  CvSwitchboard *switchboard = find_switchboard (self, session);
  if (switchboard != NULL)
    cv_switchboard_set_view (switchboard, cv_session_get_participant (session), (CvMediaTile *) message->tiles->data,
                             message->tiles->len);
  return cv_dispatch_done (session, message);
}

CvProblem
cv_dispatch_watch_stats (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  cv_session_get_participant (session)->watches_stats = message->on;
  if (!message->on)
    cv_session_show (session, CV_LATEST_STATS, NULL);
  return cv_dispatch_done (session, message);
}

/* ---- the floor ---- */

CvProblem
cv_dispatch_hand (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  cv_meeting_set_hand (cv_session_get_meeting (session), cv_session_get_participant (session), message->on);
  return cv_dispatch_done (session, message);
}

CvProblem
cv_dispatch_stage (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  CvMeeting *meeting = cv_session_get_meeting (session);
  CvParticipant *whom = cv_meeting_find (meeting, message->person);
  if (whom == NULL)
    return CV_PROBLEM_NOT_FOUND;
  if (!cv_meeting_set_stage (meeting, whom, message->on))
    return CV_PROBLEM_NOT_ALLOWED;
  cv_info (cv_session_get_room (session), whom->id, message->on ? "on stage" : "off the stage");
  return cv_dispatch_done (session, message);
}

CvProblem
cv_dispatch_stop (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  CvMeeting *meeting = cv_session_get_meeting (session);
  CvParticipant *me = cv_session_get_participant (session);
  CvParticipant *whom = cv_meeting_find (meeting, message->person);
  if (whom == NULL)
    return CV_PROBLEM_NOT_FOUND;
  if (whom != me && !cv_participant_is_above (me, whom))
    return CV_PROBLEM_NOT_ALLOWED;
  cv_meeting_stop (meeting, whom, message->part, me);
  return cv_dispatch_done (session, message);
}

CvProblem
cv_dispatch_start (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  CvMeeting *meeting = cv_session_get_meeting (session);
  CvParticipant *whom = cv_meeting_find (meeting, message->person);
  if (whom == NULL)
    return CV_PROBLEM_NOT_FOUND;
  return cv_meeting_start (meeting, whom, message->part) ? cv_dispatch_done (session, message) : CV_PROBLEM_NOT_ALLOWED;
}

CvProblem
cv_dispatch_mute_all (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  cv_meeting_mute_all (cv_session_get_meeting (session), cv_session_get_participant (session));
  return cv_dispatch_done (session, message);
}

CvProblem
cv_dispatch_spotlight (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  CvMeeting *meeting = cv_session_get_meeting (session);
  CvParticipant *whom = message->person != NULL ? cv_meeting_find (meeting, message->person) : NULL;
  if (message->person != NULL && whom == NULL)
    return CV_PROBLEM_NOT_FOUND;
  return cv_meeting_set_spotlight (meeting, whom) ? cv_dispatch_done (session, message) : CV_PROBLEM_NOT_ALLOWED;
}

/* ---- questions ---- */

CvProblem
cv_dispatch_ask (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  CvMeeting *meeting = cv_session_get_meeting (session);
  gboolean asked = cv_meeting_ask (meeting, cv_session_get_participant (session), message->text);
  return asked ? cv_dispatch_done (session, message) : CV_PROBLEM_TOO_MANY;
}

CvProblem
cv_dispatch_vote (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  CvMeeting *meeting = cv_session_get_meeting (session);
  CvQuestion *question = cv_questions_find (cv_meeting_get_questions (meeting), message->question);
  if (question == NULL)
    return CV_PROBLEM_NOT_FOUND;
  if (question->resolved)
    return CV_PROBLEM_NOT_ALLOWED;
  cv_meeting_vote (meeting, cv_session_get_participant (session), question, message->on);
  return cv_dispatch_done (session, message);
}

CvProblem
cv_dispatch_resolve (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  CvMeeting *meeting = cv_session_get_meeting (session);
  CvQuestion *question = cv_questions_find (cv_meeting_get_questions (meeting), message->question);
  if (question == NULL)
    return CV_PROBLEM_NOT_FOUND;
  cv_meeting_resolve (meeting, question);
  return cv_dispatch_done (session, message);
}
