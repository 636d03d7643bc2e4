/* Free space: both thresholds at their edges, a directory that is not there yet, one that cannot be asked. */
#include "library/disk.h"

static const CvDiskLimits LIMITS = { .warn_percent = 10, .stop_percent = 2, .stop_bytes = 1000 };

typedef struct {
  guint64 available;
  guint64 total;
  gboolean works;
} Probe;

static gboolean
probe (const char *directory, guint64 *available, guint64 *total, gpointer user_data)
{
  const Probe *self = user_data;
  *available = self->available;
  *total = self->total;
  return self->works;
}

static void
assert_state (guint64 available, guint64 total, gboolean works, CvDiskState expected)
{
  Probe answers = { available, total, works };
  g_autoptr (CvDisk) disk = cv_disk_new ("/", &LIMITS);
  cv_disk_set_probe (disk, probe, &answers);
  g_assert_cmpint (cv_disk_check (disk), ==, expected);
}

static void
test_limits (void)
{
  assert_state (100000, 1000000, TRUE, CV_DISK_OK);
  assert_state (99999, 1000000, TRUE, CV_DISK_WARN);
  assert_state (20000, 1000000, TRUE, CV_DISK_WARN);
  assert_state (19999, 1000000, TRUE, CV_DISK_STOP);
  assert_state (1000, 1500, TRUE, CV_DISK_OK);
  assert_state (999, 1500, TRUE, CV_DISK_STOP);
  assert_state (G_MAXUINT64 / 2, G_MAXUINT64, TRUE, CV_DISK_OK);
  assert_state (100000, 1000000, FALSE, CV_DISK_STOP);
}

static void
test_real (void)
{
  const CvDiskLimits none = { 0 };
  const CvDiskLimits all = { .stop_percent = 100 };
  g_autoptr (CvDisk) here = cv_disk_new (g_get_tmp_dir (), &none);
  g_autoptr (CvDisk) later = cv_disk_new ("/nothing-of-this-name/below", &none);
  g_autoptr (CvDisk) relative = cv_disk_new ("nothing-of-this-name", &none);
  g_autoptr (CvDisk) full = cv_disk_new ("/", &all);
  g_autoptr (CvDisk) strange = cv_disk_new ("/dev/null/x", &none);
  g_assert_cmpint (cv_disk_check (here), ==, CV_DISK_OK);
  g_assert_cmpint (cv_disk_check (later), ==, CV_DISK_OK);
  g_assert_cmpint (cv_disk_check (relative), ==, CV_DISK_OK);
  g_assert_cmpint (cv_disk_check (full), ==, CV_DISK_STOP);
  g_assert_cmpint (cv_disk_check (strange), ==, CV_DISK_STOP);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/disk/limits", test_limits);
  g_test_add_func ("/disk/real", test_real);
  return g_test_run ();
}
