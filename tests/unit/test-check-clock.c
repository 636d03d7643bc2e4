/* What the kernel says of its clock. */
#include "doctor/check-clock.h"

#include "lib/ward.h"

#include <sys/timex.h>

static void
test_judgement (void)
{
  g_assert_cmpint (cv_clock_judge (TIME_OK, STA_NANO), ==, CV_FINDING_OK);
  g_assert_cmpint (cv_clock_judge (TIME_ERROR, STA_UNSYNC | STA_NANO), ==, CV_FINDING_WARN);
  g_assert_cmpint (cv_clock_judge (-1, STA_UNSYNC), ==, CV_FINDING_SKIPPED);
}

/* Whatever this machine's is like, one thing is said of it. */
static void
test_said (void)
{
  g_autoptr (CvWard) ward = cv_test_ward_new ("");

  cv_test_ward_check (ward, cv_check_clock);
  g_assert_cmpuint (cv_findings_get_length (ward->findings), ==, 1);
  g_assert_cmpint (cv_findings_get (ward->findings, 0)->state, !=, CV_FINDING_FAIL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check-clock/judgement", test_judgement);
  g_test_add_func ("/check-clock/said", test_said);
  return g_test_run ();
}
