/* See audience.h. */
#include "signalling/audience.h"

#include "signalling/session.h"

/* To everyone who has a session; `but` may be NULL. The body is made once, whatever the number of people. */
static void
tell (CvMeeting *meeting, const CvParticipant *but, GBytes *body)
{
  GPtrArray *participants = cv_meeting_get_participants (meeting);
  for (guint i = 0; i < participants->len; i++) {
    const CvParticipant *participant = g_ptr_array_index (participants, i);
    CvSession *session = cv_session_of (participant);
    if (session != NULL && participant != but)
      cv_session_post (session, body);
  }
  g_bytes_unref (body);
}

static void
on_meeting_participant_joined (CvMeeting *meeting, CvParticipant *participant)
{
  tell (meeting, participant, cv_message_person_joined (participant));
}

static void
on_meeting_participant_changed (CvMeeting *meeting, CvParticipant *participant)
{
  tell (meeting, participant, cv_message_person_changed (participant));
}

static void
on_meeting_participant_left (CvMeeting *meeting, CvParticipant *participant, CvLeaving leaving)
{
  if (!cv_meeting_has_ended (meeting))
    tell (meeting, participant, cv_message_person_left (participant, leaving));
}

static void
on_meeting_chat (CvMeeting *meeting, CvChatMessage *message)
{
  tell (meeting, NULL, cv_message_chat (message));
}

static void
on_meeting_ended (CvMeeting *meeting, CvEnding ending)
{
  /* The sessions stay for as long as a seat does: who lost the socket just now still learns of it. */
  tell (meeting, NULL, cv_message_ended (ending));
  GPtrArray *participants = cv_meeting_get_participants (meeting);
  for (guint i = 0; i < participants->len; i++) {
    CvSession *session = cv_session_of (g_ptr_array_index (participants, i));
    if (session != NULL)
      cv_session_hang_up (session, 1000);
  }
}

static void
on_registry_meeting_started (CvRegistry *registry, CvRoom *room)
{
  CvMeeting *meeting = cv_room_get_meeting (room);
  g_signal_connect (meeting, "participant-joined", G_CALLBACK (on_meeting_participant_joined), NULL);
  g_signal_connect (meeting, "participant-changed", G_CALLBACK (on_meeting_participant_changed), NULL);
  g_signal_connect (meeting, "participant-left", G_CALLBACK (on_meeting_participant_left), NULL);
  g_signal_connect (meeting, "chat", G_CALLBACK (on_meeting_chat), NULL);
  g_signal_connect (meeting, "ended", G_CALLBACK (on_meeting_ended), NULL);
}

void
cv_audience_listen (CvRegistry *registry)
{
  g_signal_connect (registry, "meeting-started", G_CALLBACK (on_registry_meeting_started), NULL);
}
