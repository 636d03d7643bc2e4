/* Who may read what the server keeps? */
#include "doctor/check-permissions.h"

#include "doctor/patient.h"

#include <errno.h>
#include <glib/gstdio.h>

#define ID "permissions"

CvFindingState
cv_permissions_judge (CvPathKind kind, guint mode, const char **problem)
{
  *problem = NULL;
  switch (kind) {
  case CV_PATH_PRIVATE:
    if ((mode & (S_IRWXG | S_IRWXO)) != 0)
      *problem = "others than its owner can open it";
    break;
  case CV_PATH_SECRET:
    if ((mode & S_IRWXO) != 0)
      *problem = "everybody on this machine can read it";
    break;
  case CV_PATH_SERVED:
    if ((mode & S_IRWXO) != 0)
      *problem = "everybody on this machine can read what is in it";
    else if ((mode & S_ISGID) == 0 || (mode & (S_IRGRP | S_IXGRP)) != (S_IRGRP | S_IXGRP))
      *problem = "nginx is to send its files and cannot read what comes into it";
    break;
  default:
    g_assert_not_reached ();
  }
  return *problem != NULL ? CV_FINDING_FAIL : CV_FINDING_OK;
}

static char *
advise (CvPathKind kind, const char *path)
{
  switch (kind) {
  case CV_PATH_PRIVATE:
    return g_strdup_printf ("sudo chmod 700 %s", path);
  case CV_PATH_SERVED:
    return g_strdup_printf ("sudo chgrp www-data %s; sudo chmod 2750 %s", path, path);
  case CV_PATH_SECRET:
  default:
    return g_strdup_printf ("sudo chmod o= %s", path);
  }
}

/* Adds what is wrong. TRUE: nothing is, as far as one can see; what is not there yet will be made rightly. */
static gboolean
check_path (CvPathKind kind, const char *path, CvFindings *findings)
{
  g_autofree char *advice = advise (kind, path);
  GStatBuf info;
  const char *problem;

  if (path[0] == '\0' || (g_stat (path, &info) != 0 && errno == ENOENT))
    return TRUE;
  if (g_stat (path, &info) != 0) {
    cv_findings_add (findings, ID, CV_FINDING_SKIPPED, "Run this as root", "%s: %s", path, g_strerror (errno));
    return FALSE;
  }
  if (cv_permissions_judge (kind, info.st_mode, &problem) == CV_FINDING_OK)
    return TRUE;
  cv_findings_add (findings, ID, CV_FINDING_FAIL, advice, "%s: %s", path, problem);
  return FALSE;
}

void
cv_check_permissions (const CvPatient *patient, CvFindings *findings)
{
  const CvConfig *config = patient->config;
  g_autofree char *folder = g_path_get_dirname (patient->config_path);
  g_autofree char *secrets = g_build_filename (folder, CV_PATIENT_SECRETS, NULL);
  g_autofree char *recordings = cv_patient_find (patient, config->recordings, "recordings");
  g_autofree char *documents = cv_patient_find (patient, config->documents, "documents");
  g_autofree char *backups = cv_patient_find (patient, config->backups, "backups");
  const struct {
    CvPathKind kind;
    const char *path;
  } paths[] = {
    { CV_PATH_PRIVATE, patient->state },
    { CV_PATH_PRIVATE, secrets },
    { CV_PATH_SECRET, config->key_file },
    { CV_PATH_SECRET, backups },
    { config->accel_prefix[0] != '\0' ? CV_PATH_SERVED : CV_PATH_SECRET, recordings },
    { config->documents_accel_prefix[0] != '\0' ? CV_PATH_SERVED : CV_PATH_SECRET, documents },
  };
  gboolean well = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    well = check_path (paths[i].kind, paths[i].path, findings) && well;
  if (well)
    cv_findings_add (findings, ID, CV_FINDING_OK, NULL, "state, secrets, recordings, documents and backups are closed");
}
