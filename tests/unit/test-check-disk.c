/* Space by the limits of recordings, each file system once. */
#include "doctor/check-disk.h"

#include "lib/ward.h"

typedef struct {
  guint64 available;
  gboolean works;
} Probe;

static gboolean
probe (const char *directory, guint64 *available, guint64 *total, gpointer user_data)
{
  const Probe *self = user_data;

  *available = self->available;
  *total = 100 * G_GUINT64_CONSTANT (1000000000);
  return self->works;
}

static void
assert_judged (guint gigabytes, gboolean works, CvFindingState state, const char *pattern)
{
  static const CvDiskLimits limits = { .warn_percent = 10, .stop_percent = 2 };
  Probe answers = { gigabytes * G_GUINT64_CONSTANT (1000000000), works };
  g_autoptr (CvDisk) disk = cv_disk_new ("/srv", &limits);
  g_autoptr (CvFindings) findings = cv_findings_new ();

  cv_disk_set_probe (disk, probe, &answers);
  cv_disk_judge ("state", "/srv", disk, findings);
  g_assert_cmpuint (cv_findings_get_length (findings), ==, 1);
  cv_test_ward_assert (findings, 0, state, pattern);
}

static void
test_judgement (void)
{
  assert_judged (10, TRUE, CV_FINDING_OK, "state: 10.0 GB of 100.0 GB are free in /srv");
  assert_judged (9, TRUE, CV_FINDING_WARN, "state: only 9.0 GB*");
  assert_judged (2, TRUE, CV_FINDING_WARN, "state: only 2.0 GB*");
  assert_judged (1, TRUE, CV_FINDING_FAIL, "*nothing is recorded");
  assert_judged (50, FALSE, CV_FINDING_FAIL, "*cannot be used");
}

static void
test_limits_of_configuration (void)
{
  g_autoptr (CvWard) ward =
    cv_test_ward_new ("[recording]\nwarn-below-percent=0\nstop-below-percent=0\nstop-below-bytes=0\n");
  g_autoptr (CvWard) narrow =
    cv_test_ward_new ("[recording]\nwarn-below-percent=100\nstop-below-percent=100\nstop-below-bytes=0\n");

  cv_test_ward_check (ward, cv_check_disk);
  cv_test_ward_assert (ward->findings, 0, CV_FINDING_OK, "state: *");
  /* all four are below the state folder, on one disk */
  g_assert_cmpuint (cv_findings_get_length (ward->findings), ==, 1);
  cv_test_ward_check (narrow, cv_check_disk);
  cv_test_ward_assert (narrow->findings, 0, CV_FINDING_FAIL, "state: *");
}

static void
test_elsewhere (void)
{
  g_autoptr (CvWard) ward = cv_test_ward_new ("[backup]\ndirectory=/dev/null/x\n[recording]\nstop-below-bytes=0\n");

  cv_test_ward_check (ward, cv_check_disk);
  g_assert_cmpuint (cv_findings_get_length (ward->findings), ==, 2);
  cv_test_ward_assert (ward->findings, 1, CV_FINDING_FAIL, "backups: /dev/null/x cannot be used");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check-disk/judgement", test_judgement);
  g_test_add_func ("/check-disk/limits-of-configuration", test_limits_of_configuration);
  g_test_add_func ("/check-disk/elsewhere", test_elsewhere);
  return g_test_run ();
}
