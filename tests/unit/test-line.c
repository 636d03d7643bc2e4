/* A caller in a meeting: keys, what hosts do, and being recorded. */
#include "room/line.h"

#include "lib/log.h"
#include "lib/recording.h"
#include "lib/rooms.h"
#include "lib/telephony.h"
#include "lib/wait.h"

typedef struct {
  CvTestRecording recording;
  CvRoom *room;
  CvTestTelephony *telephony;
  CvBridges *bridges;
  CvParticipant *participant;
  CvLine *line;
} Fixture;

static void
set_up_in (Fixture *f, const CvPolicy *policy, CvConsent consent)
{
  cv_test_recording_init (&f->recording, policy, consent);
  f->room = cv_room_new (cv_test_room_row (CV_TEST_ROOM, policy->kind), policy);
  cv_room_set_meeting (f->room, f->recording.meeting, f->recording.switchboard, f->recording.capture);
  f->telephony = cv_test_telephony_new ();
  f->bridges = cv_bridges_new (CV_TELEPHONY (f->telephony));
  f->participant = cv_test_recording_add (&f->recording, "Phone", policy->joins_as);
  f->participant->phone = TRUE;
  f->participant->sending.camera = FALSE;
  if (policy->joins_as == CV_ROLE_VIEWER)
    f->participant->sending.microphone = FALSE;
  f->line = cv_line_new (CV_TELEPHONY (f->telephony), f->bridges, f->room, f->participant, "caaaaaaaaaaaa", 7);
}

static void
set_up (Fixture *f, gconstpointer consent)
{
  set_up_in (f, &cv_policy_boardroom, GPOINTER_TO_INT (consent));
}

static void
set_up_classroom (Fixture *f, gconstpointer data)
{
  set_up_in (f, &cv_policy_classroom, CV_CONSENT_ANNOUNCE);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_line_end (f->line, CV_LEAVING_LEFT);
  cv_bridges_free (f->bridges);
  cv_room_set_meeting (f->room, NULL, NULL, NULL);
  g_assert_finalize_object (f->room);
  g_assert_finalize_object (f->telephony);
  cv_test_recording_clear (&f->recording);
}

static void
assert_told (Fixture *f, const char *expected)
{
  g_autofree char *told = cv_test_telephony_take (f->telephony);
  g_assert_cmpstr (told, ==, expected);
}

static void
test_keys (Fixture *f, gconstpointer data)
{
  g_autofree char *told = cv_test_telephony_take (f->telephony);
  g_assert_true (g_str_has_suffix (told, " admit(aa,7,false,true)")); /* no host, may speak */
  cv_line_press (f->line, CV_SIP_KEY_MUTE);
  assert_told (f, "mute(aa,true,self)");
  g_assert_false (f->participant->sending.microphone);
  cv_line_press (f->line, CV_SIP_KEY_MUTE);
  assert_told (f, "mute(aa,false,self)");
  cv_meeting_stop (f->recording.meeting, f->participant, CV_SENDING_MICROPHONE, f->participant);
  assert_told (f, "mute(aa,true,host)");
  cv_line_press (f->line, CV_SIP_KEY_MUTE);
  assert_told (f, "mute(aa,false,self)");
  cv_line_press (f->line, CV_SIP_KEY_HAND);
  assert_told (f, "say(aa,hand-up)");
  g_assert_cmpint (f->participant->hand, >, 0);
  cv_meeting_lower (f->recording.meeting, f->participant);
  assert_told (f, "say(aa,hand-down)");
  cv_line_press (f->line, CV_SIP_KEY_HAND);
  cv_line_press (f->line, CV_SIP_KEY_HAND);
  assert_told (f, "say(aa,hand-up) say(aa,hand-down)");
  cv_line_press (f->line, CV_SIP_KEY_HELP);
  cv_line_press (f->line, CV_SIP_KEY_CONSENT_YES); /* nobody asked */
  cv_line_press (f->line, CV_SIP_KEY_HOST_MUTE_ALL);
  cv_line_press (f->line, CV_SIP_KEY_HOST_END);
  assert_told (f, "");
  g_assert_false (cv_meeting_has_ended (f->recording.meeting));
}

static void
test_host_keys (Fixture *f, gconstpointer data)
{
  CvParticipant *other = cv_test_recording_add (&f->recording, "Other", CV_ROLE_PERSON);
  cv_meeting_set_role (f->recording.meeting, f->participant, CV_ROLE_HOST);
  g_free (cv_test_telephony_take (f->telephony));
  cv_line_press (f->line, CV_SIP_KEY_HOST_MUTE_ALL);
  assert_told (f, "say(aa,all-muted)");
  g_assert_true (f->participant->sending.microphone);
  g_assert_false (other->sending.microphone);
  cv_line_press (f->line, CV_SIP_KEY_HOST_END);
  g_assert_true (cv_meeting_has_ended (f->recording.meeting));
}

static void
test_stage (Fixture *f, gconstpointer data)
{
  CvMeeting *meeting = f->recording.meeting;
  g_free (cv_test_telephony_take (f->telephony));
  cv_line_press (f->line, CV_SIP_KEY_MUTE); /* who only listens */
  assert_told (f, "say(aa,joined-listening)");
  g_assert_false (f->participant->sending.microphone);
  cv_line_press (f->line, CV_SIP_KEY_HAND);
  assert_told (f, "say(aa,hand-up)");
  for (guint i = 0; i < 2; i++) { /* the second time was heard the first time */
    g_assert_true (cv_meeting_set_stage (meeting, f->participant, TRUE));
    assert_told (f, "stage(aa,true) mute(aa,true,self)");
    cv_line_press (f->line, CV_SIP_KEY_MUTE);
    assert_told (f, "mute(aa,false,self)");
    g_assert_true (cv_meeting_set_stage (meeting, f->participant, FALSE));
    assert_told (f, "stage(aa,false)");
    cv_line_press (f->line, CV_SIP_KEY_HAND);
    assert_told (f, "say(aa,hand-up)");
  }
}

static void
test_told_of_recording (Fixture *f, gconstpointer data)
{
  g_free (cv_test_telephony_take (f->telephony));
  g_assert_cmpint (cv_test_recording_act (&f->recording, CV_CAPTURE_START), ==, -1);
  assert_told (f, "say(aa,recording-on)");
  g_assert_cmpint (cv_test_recording_act (&f->recording, CV_CAPTURE_STOP), ==, -1);
  assert_told (f, "say(aa,recording-off)");
}

static void
test_recorded_when_they_came (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (cv_test_recording_act (&f->recording, CV_CAPTURE_START), ==, -1);
  g_free (cv_test_telephony_take (f->telephony));
  CvParticipant *late = cv_test_recording_add (&f->recording, "Late", CV_ROLE_PERSON);
  CvLine *line = cv_line_new (CV_TELEPHONY (f->telephony), f->bridges, f->room, late, "cbbbbbbbbbbbb", 8);
  assert_told (f, "admit(bb,8,false,true) say(bb,recording-on)");
  cv_line_end (line, CV_LEAVING_LEFT);
}

static void
test_asked_no_more (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (cv_test_recording_act (&f->recording, CV_CAPTURE_START), ==, -1);
  g_free (cv_test_telephony_take (f->telephony));
  g_assert_cmpint (cv_test_recording_act (&f->recording, CV_CAPTURE_STOP), ==, -1);
  assert_told (f, "say(aa,recording-off) hold-on(aa,answered)");
  cv_line_press (f->line, CV_SIP_KEY_CONSENT_YES);
  assert_told (f, "");
}

static void
test_asked (Fixture *f, gconstpointer data)
{
  CvCaptureView view;
  g_free (cv_test_telephony_take (f->telephony));
  g_assert_cmpint (cv_test_recording_act (&f->recording, CV_CAPTURE_START), ==, -1);
  assert_told (f, "say(aa,recording-on) hold-on(aa,consent)");
  cv_line_press (f->line, CV_SIP_KEY_CONSENT_YES);
  assert_told (f, "hold-on(aa,answered) say(aa,consent-yes)");
  cv_capture_get_view (f->recording.capture, f->participant, &view);
  g_assert_cmpstr (view.mine, ==, "agreed");
  cv_line_press (f->line, CV_SIP_KEY_CONSENT_NO); /* once is enough */
  cv_test_pause (10);
  assert_told (f, "");
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (cv_test_recording_act (&f->recording, CV_CAPTURE_START), ==, -1);
  g_free (cv_test_telephony_take (f->telephony));
  cv_line_press (f->line, CV_SIP_KEY_CONSENT_NO);
  assert_told (f, "hold-on(aa,answered) say(aa,consent-no)");
  g_assert_true (f->participant->listens);
  cv_test_pause (10);
}

#define ADD(name, consent, func) g_test_add (name, Fixture, GINT_TO_POINTER (consent), set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/line/keys", CV_CONSENT_ANNOUNCE, test_keys);
  ADD ("/line/host-keys", CV_CONSENT_ANNOUNCE, test_host_keys);
  g_test_add ("/line/stage", Fixture, NULL, set_up_classroom, test_stage, tear_down);
  ADD ("/line/told-of-recording", CV_CONSENT_ANNOUNCE, test_told_of_recording);
  ADD ("/line/recorded-when-they-came", CV_CONSENT_ANNOUNCE, test_recorded_when_they_came);
  ADD ("/line/asked-no-more", CV_CONSENT_REQUIRE, test_asked_no_more);
  ADD ("/line/asked", CV_CONSENT_REQUIRE, test_asked);
  ADD ("/line/refused", CV_CONSENT_REQUIRE, test_refused);
  return g_test_run ();
}
