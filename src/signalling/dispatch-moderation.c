/* See dispatch-moderation.h. */
#include "signalling/dispatch-moderation.h"

#include "signalling/doorstep.h"
#include "signalling/protocol-moderation.h"

#define CV_LOG_TOPIC "dispatch"
#include "base/log.h"

/* NULL where they are not there. */
static CvParticipant *
find_whom (CvSession *session, const CvMessage *message)
{
  return cv_meeting_find (cv_session_get_meeting (session), message->person);
}

/* ---- the door ---- */

static CvProblem
set_floor (CvDispatch *self, CvSession *session, const CvMessage *message, gboolean lobby, gboolean locked)
{
  CvMeeting *meeting = cv_session_get_meeting (session);
  g_autofree char *room = g_strdup (cv_session_get_room (session));
  cv_meeting_set_floor (meeting, lobby, locked);
  cv_dispatch_post (session, cv_message_ok (message->id));
  cv_doorstep_reconsider (self, room);
  return CV_DISPATCH_FINE;
}

CvProblem
cv_dispatch_lobby (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  cv_info (cv_session_get_room (session), NULL, message->on ? "newcomers knock" : "newcomers come in");
  return set_floor (self, session, message, message->on, cv_meeting_is_locked (cv_session_get_meeting (session)));
}

CvProblem
cv_dispatch_lock (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  cv_info (cv_session_get_room (session), NULL, message->on ? "locked" : "unlocked");
  return set_floor (self, session, message, cv_meeting_has_lobby (cv_session_get_meeting (session)), message->on);
}

CvProblem
cv_dispatch_admit (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  gboolean found = cv_doorstep_admit (self, cv_session_get_room (session), message->knock);
  return found ? cv_dispatch_done (session, message) : CV_PROBLEM_NOT_FOUND;
}

CvProblem
cv_dispatch_deny (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  gboolean found = cv_doorstep_deny (self, cv_session_get_room (session), message->knock);
  return found ? cv_dispatch_done (session, message) : CV_PROBLEM_NOT_FOUND;
}

/* ---- roles ---- */

/* A stream has nobody who could lead, a phone nothing to lead with, and who only watches is brought on stage by `stage`. */
static gboolean
may_become (const CvParticipant *whom, CvRole role)
{
  if (whom->stream || whom->phone)
    return FALSE;
  return role != CV_ROLE_PERSON || whom->role >= CV_ROLE_PERSON;
}

CvProblem
cv_dispatch_role (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  CvMeeting *meeting = cv_session_get_meeting (session);
  CvParticipant *me = cv_session_get_participant (session);
  CvParticipant *whom = find_whom (session, message);
  if (whom == NULL)
    return CV_PROBLEM_NOT_FOUND;
  if (!cv_participant_is_above (me, whom) || !may_become (whom, message->role))
    return CV_PROBLEM_NOT_ALLOWED;
  cv_info (cv_session_get_room (session), whom->id, "is %s now", cv_role_to_text (message->role));
  cv_dispatch_audit (self, meeting, me->id, "person.role", cv_dispatch_get_audited (whom),
                     cv_role_to_text (message->role));
  /* The answer comes before what follows from it, which may be long. */
  cv_dispatch_post (session, cv_message_ok (message->id));
  cv_meeting_set_role (meeting, whom, message->role);
  if (message->role == CV_ROLE_HOST)
    cv_meeting_set_role (meeting, me, CV_ROLE_COHOST);
  return CV_DISPATCH_FINE;
}

/* ---- people ---- */

CvProblem
cv_dispatch_rename (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  CvMeeting *meeting = cv_session_get_meeting (session);
  CvParticipant *me = cv_session_get_participant (session);
  CvParticipant *whom = message->person != NULL ? find_whom (session, message) : me;
  if (whom != me && !cv_meeting_may (meeting, me, CV_ACTION_RENAME_OTHERS))
    return CV_PROBLEM_NOT_ALLOWED;
  if (whom == NULL)
    return CV_PROBLEM_NOT_FOUND;
  if (whom != me && !cv_participant_is_above (me, whom))
    return CV_PROBLEM_NOT_ALLOWED;
  cv_meeting_rename (meeting, whom, message->name);
  return cv_dispatch_done (session, message);
}

CvProblem
cv_dispatch_lower (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  CvParticipant *whom = find_whom (session, message);
  if (whom == NULL)
    return CV_PROBLEM_NOT_FOUND;
  cv_meeting_lower (cv_session_get_meeting (session), whom);
  return cv_dispatch_done (session, message);
}

CvProblem
cv_dispatch_react (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  CvMeeting *meeting = cv_session_get_meeting (session);
  gboolean told = cv_meeting_react (meeting, cv_session_get_participant (session), message->reaction);
  return told ? cv_dispatch_done (session, message) : CV_PROBLEM_RATE_LIMITED;
}

CvProblem
cv_dispatch_request (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  CvMeeting *meeting = cv_session_get_meeting (session);
  const CvParticipant *me = cv_session_get_participant (session);
  const CvParticipant *whom = find_whom (session, message);
  CvSession *asked = whom != NULL ? cv_session_of (whom) : NULL;
  if (whom == NULL)
    return CV_PROBLEM_NOT_FOUND;
  if (whom == me || asked == NULL || !cv_meeting_may (meeting, whom, CV_ACTION_PUBLISH))
    return CV_PROBLEM_NOT_ALLOWED;
  cv_dispatch_post (asked, cv_message_requested (message->part, me, cv_meeting_get_order (meeting)));
  return cv_dispatch_done (session, message);
}
