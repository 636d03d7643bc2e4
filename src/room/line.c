/* See line.h. */
#include "room/line.h"

#define CV_LOG_TOPIC "line"
#include "base/log.h"

struct _CvLine {
  CvTelephony *telephony; /* borrowed */
  CvBridges *bridges;     /* borrowed */
  char *room;
  char *call;
  CvMeeting *meeting;
  CvCapture *capture;         /* NULL: nothing is recorded here */
  CvParticipant *participant; /* borrowed from the meeting */
  guint32 number;
  gboolean muted;     /* as the phone was told */
  gboolean hand;      /* likewise */
  gboolean asked;     /* whether they may be recorded: the answer is awaited */
  gboolean recording; /* they were told that one is under way */
};

static gboolean
may (CvLine *self, CvAction action)
{
  return cv_meeting_may (self->meeting, self->participant, action);
}

static void
say (CvLine *self, const char *prompt)
{
  cv_telephony_say (self->telephony, self->call, prompt);
}

/* ---- being recorded ---- */

static void
stop_asking (CvLine *self)
{
  if (!self->asked)
    return;
  self->asked = FALSE;
  cv_telephony_hold_on (self->telephony, self->call, "answered");
}

static void
tell_of_recording (CvLine *self)
{
  CvCaptureView view;
  cv_capture_get_view (self->capture, self->participant, &view);
  gboolean on = !g_str_equal (view.state, "off");
  gboolean asks = on && g_str_equal (view.consent, cv_consents[CV_CONSENT_REQUIRE]) &&
                  g_str_equal (view.mine, cv_answers[CV_ANSWER_NONE]) && may (self, CV_ACTION_CONSENT);
  if (on != self->recording)
    say (self, on ? "recording-on" : "recording-off");
  self->recording = on;
  if (!asks)
    stop_asking (self);
  else if (!self->asked)
    cv_telephony_hold_on (self->telephony, self->call, "consent");
  self->asked = asks;
}

static void
on_capture_changed (CvCapture *capture, CvParticipant *participant, CvLine *self)
{
  if (participant == NULL || participant == self->participant)
    tell_of_recording (self);
}

/* A yes that is not on the disk is none, and they are asked again. */
static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree char *room = user_data;
  g_autoptr (GError) error = NULL;
  if (!cv_capture_answer_finish (CV_CAPTURE (source), result, &error))
    cv_warning (room, NULL, "what a caller said about being recorded is lost: %s", error->message);
}

static void
answer (CvLine *self, gboolean yes)
{
  if (!self->asked || self->capture == NULL)
    return;
  stop_asking (self);
  say (self, yes ? "consent-yes" : "consent-no");
  cv_capture_answer_async (self->capture, self->participant, yes ? CV_ANSWER_AGREED : CV_ANSWER_REFUSED, on_answered,
                           g_strdup (self->room));
}

/* ---- what happens to them ---- */

static void
set_muted (CvLine *self, gboolean muted, gboolean by_host)
{
  self->muted = muted;
  cv_telephony_mute (self->telephony, self->call, muted, by_host);
}

static void
on_meeting_participant_changed (CvMeeting *meeting, CvParticipant *participant, CvLine *self)
{
  if (participant != self->participant)
    return;
  if (self->muted == participant->sending.microphone)
    set_muted (self, !participant->sending.microphone, TRUE);
  if (self->hand && participant->hand == 0)
    say (self, "hand-down");
  self->hand = participant->hand != 0;
}

/* Nobody is heard before they have said so, this time as well: they press the key. */
static void
on_meeting_participant_staged (CvMeeting *meeting, CvParticipant *participant, gboolean on, CvLine *self)
{
  if (participant != self->participant)
    return;
  self->hand = FALSE;
  cv_telephony_stage (self->telephony, self->call, on);
  if (on)
    set_muted (self, TRUE, FALSE);
  self->muted = TRUE;
  if (self->capture != NULL)
    tell_of_recording (self);
}

/* ---- what they press ---- */

static void
toggle_mute (CvLine *self)
{
  CvSending sending = self->participant->sending;
  if (!may (self, CV_ACTION_PUBLISH)) {
    say (self, "joined-listening");
    return;
  }
  set_muted (self, sending.microphone, FALSE);
  sending.microphone = !sending.microphone;
  cv_meeting_set_sending (self->meeting, self->participant, &sending);
}

static void
toggle_hand (CvLine *self)
{
  if (!may (self, CV_ACTION_HAND))
    return;
  self->hand = self->participant->hand == 0;
  say (self, self->hand ? "hand-up" : "hand-down");
  cv_meeting_set_hand (self->meeting, self->participant, self->hand);
}

/* With the meeting goes `self`. */
static void
end_meeting (CvLine *self)
{
  g_autoptr (CvMeeting) meeting = g_object_ref (self->meeting);
  if (may (self, CV_ACTION_END))
    cv_meeting_end (meeting, CV_ENDING_HOST);
}

static void
mute_all (CvLine *self)
{
  if (!may (self, CV_ACTION_MUTE_ALL))
    return;
  cv_meeting_mute_all (self->meeting, self->participant);
  say (self, "all-muted");
}

void
cv_line_press (CvLine *self, CvSipKey key)
{
  switch (key) {
  case CV_SIP_KEY_MUTE:
    toggle_mute (self);
    break;
  case CV_SIP_KEY_HAND:
    toggle_hand (self);
    break;
  case CV_SIP_KEY_HOST_MUTE_ALL:
    mute_all (self);
    break;
  case CV_SIP_KEY_HOST_END:
    end_meeting (self);
    break;
  case CV_SIP_KEY_CONSENT_YES:
  case CV_SIP_KEY_CONSENT_NO:
    answer (self, key == CV_SIP_KEY_CONSENT_YES);
    break;
  case CV_SIP_KEY_HELP: /* told on the other side */
    break;
  }
}

/* ---- life ---- */

CvLine *
cv_line_new (CvTelephony *telephony, CvBridges *bridges, CvRoom *room, CvParticipant *participant, const char *call,
             guint32 number)
{
  CvLine *self = g_new0 (CvLine, 1);
  self->telephony = telephony;
  self->bridges = bridges;
  self->room = g_strdup (cv_room_get_row (room)->id);
  self->call = g_strdup (call);
  self->meeting = g_object_ref (cv_room_get_meeting (room));
  g_set_object (&self->capture, cv_room_get_capture (room));
  self->participant = participant;
  self->number = number;
  self->muted = !participant->sending.microphone;
  cv_bridges_add (bridges, room, participant, number);
  cv_telephony_admit (telephony, call, number, may (self, CV_ACTION_MUTE_ALL), may (self, CV_ACTION_PUBLISH));
  g_signal_connect (self->meeting, "participant-changed", G_CALLBACK (on_meeting_participant_changed), self);
  g_signal_connect (self->meeting, "participant-staged", G_CALLBACK (on_meeting_participant_staged), self);
  if (self->capture != NULL) {
    g_signal_connect (self->capture, "changed", G_CALLBACK (on_capture_changed), self);
    tell_of_recording (self);
  }
  return self;
}

void
cv_line_end (CvLine *self, CvLeaving leaving)
{
  g_signal_handlers_disconnect_by_data (self->meeting, self);
  if (self->capture != NULL)
    g_signal_handlers_disconnect_by_data (self->capture, self);
  cv_bridges_remove (self->bridges, self->room, self->number);
  cv_meeting_remove (self->meeting, self->participant, leaving);
  g_clear_object (&self->capture);
  g_object_unref (self->meeting);
  g_free (self->call);
  g_free (self->room);
  g_free (self);
}

CvParticipant *
cv_line_get_participant (CvLine *self)
{
  return self->participant;
}

CvMeeting *
cv_line_get_meeting (CvLine *self)
{
  return self->meeting;
}
