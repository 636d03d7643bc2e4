/* What somebody is told of a recording: every member, as a message and within another one. */
#include "signalling/protocol-recording.h"

#include "lib/log.h"
#include "lib/recording.h"
#include "signalling/protocol.h"

#include <string.h>

static void
assert_message (CvTestRecording *f, const CvParticipant *participant, const char *expected)
{
  g_autoptr (GBytes) body = cv_message_recording (f->capture, participant);
  g_autofree char *text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  g_assert_cmpstr (text, ==, expected);
}

static void
test_message (void)
{
  CvTestRecording f = { 0 };
  cv_test_recording_init (&f, &cv_policy_boardroom, CV_CONSENT_REQUIRE);
  CvParticipant *ann = cv_test_recording_add (&f, "Ann", CV_ROLE_HOST);
  assert_message (&f, ann,
                  "{\"type\":\"recording\",\"state\":\"off\",\"since\":0,\"elapsed\":0,\"consent\":\"require\","
                  "\"mine\":\"none\",\"reason\":\"\",\"warning\":\"\"}");
  f.free_percent = 5;
  cv_test_recording_act (&f, CV_CAPTURE_START);
  cv_test_recording_answer (&f, ann, CV_ANSWER_AGREED);
  cv_clock_advance (f.clock, 1000);
  assert_message (&f, ann,
                  "{\"type\":\"recording\",\"state\":\"on\",\"since\":1700000000000,\"elapsed\":1000,"
                  "\"consent\":\"require\",\"mine\":\"agreed\",\"reason\":\"\",\"warning\":\"disk\"}");
  cv_test_recording_act (&f, CV_CAPTURE_STOP);
  assert_message (&f, ann,
                  "{\"type\":\"recording\",\"state\":\"off\",\"since\":0,\"elapsed\":0,\"consent\":\"require\","
                  "\"mine\":\"none\",\"reason\":\"host\",\"warning\":\"\"}");
  cv_test_recording_clear (&f);
}

static void
test_members (void)
{
  CvTestRecording f = { 0 };
  cv_test_recording_init (&f, &cv_policy_boardroom, CV_CONSENT_ANNOUNCE);
  CvParticipant *ann = cv_test_recording_add (&f, "Ann", CV_ROLE_HOST);
  JsonBuilder *builder = cv_message_open ("x");
  cv_message_add_recording (builder, f.capture, ann);
  g_autoptr (GBytes) body = cv_message_close (builder);
  g_autofree char *text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  g_assert_true (g_str_has_prefix (text, "{\"type\":\"x\",\"state\":\"off\","));
  cv_test_recording_clear (&f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  g_test_add_func ("/protocol-recording/message", test_message);
  g_test_add_func ("/protocol-recording/members", test_members);
  return g_test_run ();
}
