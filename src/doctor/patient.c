/* See patient.h. */
#include "doctor/patient.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define CREDENTIAL_PREFIX "secret_"

static const CvCheck CHECKS[] = {
  cv_check_permissions, cv_check_elements, cv_check_ports, cv_check_certificate, cv_check_address,
  cv_check_relay,       cv_check_clock,    cv_check_disk,  cv_check_telephony,   cv_check_provider,
};

char *
cv_patient_find (const CvPatient *self, const char *directory, const char *name)
{
  return directory[0] != '\0' ? g_strdup (directory) : g_build_filename (self->state, name, NULL);
}

char *
cv_patient_get_name (const CvPatient *self)
{
  const char *url = self->config->public_url;
  g_autoptr (GUri) uri = url[0] != '\0' ? g_uri_parse (url, G_URI_FLAGS_NONE, NULL) : NULL;

  return g_strdup (uri != NULL ? g_uri_get_host (uri) : "localhost");
}

void
cv_patient_examine (const CvPatient *self, CvFindings *findings)
{
  if (self->status == NULL)
    cv_findings_add (
      findings, "server", CV_FINDING_WARN,
      "sudo systemctl start conclave; journalctl -u conclave says why it does not run. Only root and the "
      "server's user may ask it",
      "%s", self->silence);
  else
    cv_findings_add (findings, "server", CV_FINDING_OK, NULL, "version %s runs",
                     json_object_get_string_member_with_default (self->status, "version", "?"));
  cv_check_configuration (self, findings);
  for (guint i = 0; self->config != NULL && i < G_N_ELEMENTS (CHECKS); i++)
    CHECKS[i](self, findings);
}

/* ---- secrets ---- */

/* Links to the files of `secrets`, as systemd names them. Returns: (transfer full), a new directory, or NULL. */
static char *
link_secrets (const char *secrets)
{
  g_autoptr (GDir) dir = g_dir_open (secrets, 0, NULL);
  char *made = dir != NULL ? g_dir_make_tmp ("conclave-doctor-XXXXXX", NULL) : NULL;
  const char *name;

  while (made != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *target = g_canonicalize_filename (name, secrets);
    g_autofree char *as = g_strconcat (CREDENTIAL_PREFIX, name, NULL);
    g_autofree char *path = g_build_filename (made, as, NULL);

    if (symlink (target, path) != 0)
      g_warning ("%s: %s", path, g_strerror (errno));
  }
  return made;
}

static void
unlink_secrets (const char *made)
{
  g_autoptr (GDir) dir = g_dir_open (made, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (made, name, NULL);

    g_unlink (path);
  }
  g_rmdir (made);
}

CvConfig *
cv_patient_load_config (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *absolute = g_canonicalize_filename (folder, NULL);
  g_autofree char *secrets = g_build_filename (absolute, CV_PATIENT_SECRETS, NULL);
  g_autofree char *made = g_getenv ("CREDENTIALS_DIRECTORY") == NULL ? link_secrets (secrets) : NULL;
  CvConfig *config;

  if (made == NULL)
    return cv_config_load (path, error);
  g_setenv ("CREDENTIALS_DIRECTORY", made, TRUE);
  config = cv_config_load (path, error);
  g_unsetenv ("CREDENTIALS_DIRECTORY");
  unlink_secrets (made);
  return config;
}
