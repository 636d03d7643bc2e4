/* See dispatch-sharing.h. */
#include "signalling/dispatch-sharing.h"

#include "signalling/bounds.h"
#include "signalling/protocol-sharing.h"

static CvProblem
from_error (const GError *error)
{
  static const CvProblem problems[] = {
    [CV_SHARING_ERROR_NOT_ALLOWED] = CV_PROBLEM_NOT_ALLOWED,
    [CV_SHARING_ERROR_BAD] = CV_PROBLEM_BAD_MESSAGE,
    [CV_SHARING_ERROR_LIMIT] = CV_PROBLEM_TOO_MANY,
    [CV_SHARING_ERROR_MISSING] = CV_PROBLEM_NOT_FOUND,
  };
  return problems[error->code];
}

CvProblem
cv_dispatch_change (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  CvSharing *sharing = cv_meeting_get_sharing (cv_session_get_meeting (session));
  g_autoptr (GError) error = NULL;
  if (!cv_sharing_change (sharing, cv_session_get_participant (session), message->ops, &error))
    return from_error (error);
  return cv_dispatch_done (session, message);
}

CvProblem
cv_dispatch_poll_vote (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  CvSharing *sharing = cv_meeting_get_sharing (cv_session_get_meeting (session));
  g_autoptr (GError) error = NULL;
  if (!cv_sharing_vote (sharing, cv_session_get_participant (session), message->poll, message->choices, &error))
    return from_error (error);
  return cv_dispatch_done (session, message);
}

/* Who only watches is seen by hosts, and whispers to them. */
CvProblem
cv_dispatch_whisper (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  CvMeeting *meeting = cv_session_get_meeting (session);
  CvParticipant *from = cv_session_get_participant (session);
  CvParticipant *to = cv_meeting_find (meeting, message->person);
  if (to == NULL || to == from || !cv_meeting_sees (meeting, from, to))
    return CV_PROBLEM_NOT_FOUND;
  CvSession *receiver = cv_session_of (to);
  gboolean watches = !cv_meeting_may (meeting, from, CV_ACTION_PUBLISH);
  if (receiver == NULL || (watches && to->role < CV_ROLE_COHOST))
    return CV_PROBLEM_NOT_ALLOWED;
  g_autoptr (GBytes) body = cv_message_whisper (from, to->id, message->text, cv_clock_wall (self->clock));
  cv_session_post (receiver, body);
  cv_session_post (session, body);
  return cv_dispatch_done (session, message);
}

#define FED G_MAXUINT

static const CvModel *
get_model (CvSession *session)
{
  return cv_sharing_get_model (cv_meeting_get_sharing (cv_session_get_meeting (session)));
}

/* What comes after what was there is told as it comes. */
static void
move_feed (CvSession *session, guint next)
{
  gboolean more = next < cv_model_get_objects (get_model (session))->len;
  *cv_session_get_feed (session) = more ? next : FED;
}

void
cv_dispatch_feed (CvSession *session)
{
  while (*cv_session_get_feed (session) != FED && cv_session_get_kept_bytes (session) < CV_LIMIT_SNAPSHOT_BYTES) {
    guint next = *cv_session_get_feed (session);
    cv_dispatch_post (session, cv_message_model (get_model (session), &next));
    move_feed (session, next);
  }
}

void
cv_dispatch_begin_feed (CvSession *session)
{
  gboolean told = cv_meeting_get_policy (cv_session_get_meeting (session))->keeps_content;
  move_feed (session, told ? cv_message_find_piece (get_model (session), 0) : FED);
  cv_dispatch_feed (session);
}
