/* A configuration that can be read, and does not do for people elsewhere. */
#include "lib/ward.h"

static void
test_fine (void)
{
  g_autoptr (CvWard) ward = cv_test_ward_new (
    "[server]\nlisten=127.0.0.1:8080\ntls=false\ntrusted-proxy=loopback\npublic-url=https://meet.example\n"
    "[media]\nlisten=0.0.0.0\n");

  cv_test_ward_check (ward, cv_check_configuration);
  cv_test_ward_assert (ward->findings, 0, CV_FINDING_OK, "*/conclave.conf can be read");
  g_assert_cmpuint (cv_findings_get_length (ward->findings), ==, 1);
}

static void
test_doubtful (void)
{
  g_autoptr (CvWard) bare = cv_test_ward_new ("[server]\nlisten=0.0.0.0:8443\n");
  g_autoptr (CvWard) unbelieved =
    cv_test_ward_new ("[server]\nlisten=unix:/run/x\ntls=false\npublic-url=https://a.example\n");
  g_autoptr (CvWard) local = cv_test_ward_new ("[server]\npublic-url=https://a.example\n");

  cv_test_ward_check (bare, cv_check_configuration);
  cv_test_ward_assert (bare->findings, 1, CV_FINDING_WARN, "*by what address*");
  cv_test_ward_check (unbelieved, cv_check_configuration);
  cv_test_ward_assert (unbelieved->findings, 1, CV_FINDING_WARN, "a proxy*not believed*");
  cv_test_ward_check (local, cv_check_configuration);
  cv_test_ward_assert (local->findings, 1, CV_FINDING_WARN, "Boardrooms and Classrooms*this machine only");
  g_assert_cmpuint (cv_findings_get_length (bare->findings), ==, 2);
  g_assert_cmpuint (cv_findings_get_length (unbelieved->findings), ==, 2);
  g_assert_cmpuint (cv_findings_get_length (local->findings), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check-configuration/fine", test_fine);
  g_test_add_func ("/check-configuration/doubtful", test_doubtful);
  return g_test_run ();
}
