/* Who refreshes, and how often. */
#include "sip/session-timer.h"

static CvSessionTimer
agree (gboolean supported, guint interval, guint min, const char *refresher)
{
  CvSessionTimer self;
  CvSessionTimerAsked asked = { supported, interval, min, refresher };
  cv_session_timer_agree (&self, &asked);
  return self;
}

static void
assert_timer (CvSessionTimer self, const char *expected)
{
  g_autofree char *text = cv_session_timer_print (&self);
  g_assert_false (self.refuse);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_agree (void)
{
  assert_timer (agree (FALSE, 0, 0, NULL), NULL);
  assert_timer (agree (TRUE, 0, 0, NULL), "1800;refresher=uac");
  assert_timer (agree (TRUE, 0, 3600, NULL), "3600;refresher=uac");
  assert_timer (agree (TRUE, 120, 0, NULL), "120;refresher=uac");
  assert_timer (agree (TRUE, 120, 0, "uac"), "120;refresher=uac");
  assert_timer (agree (TRUE, 120, 0, "uas"), "120;refresher=uas");
  /* a proxy asks for a phone that does not know timers: we do it, and cannot say 422 */
  assert_timer (agree (FALSE, 120, 0, NULL), "120;refresher=uas");
  assert_timer (agree (FALSE, 30, 0, NULL), "90;refresher=uas");
  assert_timer (agree (TRUE, G_MAXUINT, 0, NULL), "86400;refresher=uac");
}

static void
test_refuse (void)
{
  g_assert_true (agree (TRUE, 89, 0, NULL).refuse);
  g_assert_false (agree (TRUE, 90, 0, NULL).refuse);
}

static void
test_ms (void)
{
  CvSessionTimer phone = agree (TRUE, 120, 0, "uac"), we = agree (TRUE, 120, 0, "uas"),
                 brief = agree (TRUE, 90, 0, "uac");
  g_assert_cmpuint (cv_session_timer_get_ms (&phone), ==, 88000);
  g_assert_cmpuint (cv_session_timer_get_ms (&we), ==, 60000);
  g_assert_cmpuint (cv_session_timer_get_ms (&brief), ==, 60000);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session-timer/agree", test_agree);
  g_test_add_func ("/session-timer/refuse", test_refuse);
  g_test_add_func ("/session-timer/ms", test_ms);
  return g_test_run ();
}
