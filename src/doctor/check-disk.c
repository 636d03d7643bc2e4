/* Is there space where the server writes? By the limits that recordings have. */
#include "doctor/check-disk.h"

#include "library/disk.h"

#include <glib/gstdio.h>

#define ID "disk"
#define GB 1e9

void
cv_disk_judge (const char *what, const char *directory, CvDisk *disk, CvFindings *findings)
{
  guint64 available = 0, total = 0;
  gboolean known = cv_disk_measure (disk, &available, &total);

  if (!known) {
    cv_findings_add (findings, ID, CV_FINDING_FAIL, "Make it, or correct the path in the configuration",
                     "%s: %s cannot be used", what, directory);
    return;
  }
  switch (cv_disk_check (disk)) {
  case CV_DISK_OK:
    cv_findings_add (findings, ID, CV_FINDING_OK, NULL, "%s: %.1f GB of %.1f GB are free in %s", what,
                     (double) available / GB, (double) total / GB, directory);
    return;
  case CV_DISK_WARN:
    cv_findings_add (findings, ID, CV_FINDING_WARN, "Delete what is no longer needed, or use a larger disk",
                     "%s: only %.1f GB of %.1f GB are free in %s", what, (double) available / GB, (double) total / GB,
                     directory);
    return;
  case CV_DISK_STOP:
  default:
    cv_findings_add (findings, ID, CV_FINDING_FAIL, "Delete what is no longer needed, or use a larger disk",
                     "%s: only %.1f GB of %.1f GB are free in %s, nothing is recorded", what, (double) available / GB,
                     (double) total / GB, directory);
  }
}

/* Where `directory` is, or will be. */
static guint64
find_device (const char *directory)
{
  g_autofree char *path = g_strdup (directory);
  GStatBuf info;

  while (g_stat (path, &info) != 0) {
    char *above = g_path_get_dirname (path);
    gboolean top = g_str_equal (above, path);

    g_free (path);
    path = above;
    if (top)
      return 0;
  }
  return info.st_dev;
}

void
cv_check_disk (const CvPatient *patient, CvFindings *findings)
{
  const CvConfig *config = patient->config;
  const CvDiskLimits limits = { config->warn_below_percent, config->stop_below_percent, config->stop_below_bytes };
  g_autofree char *recordings = cv_patient_find (patient, config->recordings, "recordings");
  g_autofree char *documents = cv_patient_find (patient, config->documents, "documents");
  g_autofree char *backups = cv_patient_find (patient, config->backups, "backups");
  const struct {
    const char *what, *directory;
  } places[] = {
    { "state", patient->state }, { "recordings", recordings }, { "documents", documents }, { "backups", backups }
  };
  guint64 seen[G_N_ELEMENTS (places)] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    gboolean again = FALSE;

    seen[i] = find_device (places[i].directory);
    for (guint k = 0; k < i; k++)
      again = again || (seen[k] == seen[i] && seen[i] != 0);
    if (!again) {
      g_autoptr (CvDisk) disk = cv_disk_new (places[i].directory, &limits);

      cv_disk_judge (places[i].what, places[i].directory, disk, findings);
    }
  }
}
