/* What a gateway is told, to the letter. */
#include "process/telephony.h"

#include "lib/telephony.h"

static void
test_messages (void)
{
  g_autoptr (CvTestTelephony) test = cv_test_telephony_new ();
  CvTelephony *telephony = CV_TELEPHONY (test);
  g_assert_true (cv_telephony_is_up (telephony));
  cv_telephony_pin_result (telephony, "c1", CV_SIP_PIN_ROOM, "r", 0, 0);
  cv_telephony_pin_result (telephony, "c1", CV_SIP_PIN_FAILED, NULL, 100, 2);
  cv_telephony_bridge (telephony, "r", "m", 0);
  cv_telephony_unbridge (telephony, "r");
  cv_telephony_hold_on (telephony, "c1", "lobby");
  cv_telephony_admit (telephony, "c1", G_MAXUINT32, TRUE, FALSE);
  cv_telephony_say (telephony, "c1", "help");
  cv_telephony_mute (telephony, "c1", TRUE, TRUE);
  cv_telephony_mute (telephony, "c1", FALSE, FALSE);
  cv_telephony_stage (telephony, "c1", TRUE);
  cv_telephony_hang_up (telephony, "c1", "ended");
  g_autofree char *told = cv_test_telephony_take (test);
  g_assert_cmpstr (
    told, ==,
    "pin-result(c1,room,r,0,0) pin-result(c1,failed,null,100,2) bridge(r,m) unbridge(r) hold-on(c1,lobby) "
    "admit(c1,4294967295,true,false) say(c1,help) mute(c1,true,host) mute(c1,false,self) stage(c1,true) "
    "hang-up(c1,ended)");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/telephony/messages", test_messages);
  return g_test_run ();
}
