/* Is the configuration right, and does it make sense for people who are elsewhere? */
#include "doctor/patient.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define ID "configuration"

static void
check_sense (const CvConfig *config, CvFindings *findings)
{
  g_autoptr (GSocketAddress) address = cv_config_get_address (config);
  gboolean inet = G_IS_INET_SOCKET_ADDRESS (address);
  gboolean local =
    inet && g_inet_address_get_is_loopback (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));

  if (config->public_url[0] == '\0')
    cv_findings_add (findings, ID, CV_FINDING_WARN, "Set public-url=https://HOST in [server]",
                     "the server does not know by what address people reach it");
  if (!config->tls && g_str_equal (config->trusted_proxy, "none"))
    cv_findings_add (findings, ID, CV_FINDING_WARN, "Set trusted-proxy=loopback in [server]",
                     "a proxy stands in front and is not believed: everybody shares the limits of one address");
  if (local && config->media_listen[0] == NULL && config->public_url[0] != '\0')
    cv_findings_add (findings, ID, CV_FINDING_WARN, "Set listen=0.0.0.0;:: in [media]",
                     "Boardrooms and Classrooms have sound and pictures on this machine only");
}

/* Who may not read it, or secrets that the unit hands over, cannot tell whether it is right. */
static gboolean
may_read (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *secrets = g_build_filename (folder, CV_PATIENT_SECRETS, NULL);

  return (g_access (path, R_OK) == 0 || errno == ENOENT) && (g_access (secrets, R_OK | X_OK) == 0 || errno == ENOENT);
}

static void
add_broken (const CvPatient *patient, CvFindings *findings)
{
  gboolean sure = may_read (patient->config_path);

  cv_findings_add (findings, ID, sure ? CV_FINDING_FAIL : CV_FINDING_SKIPPED,
                   sure ? "Correct what is named there: conclave.conf(5)" : "Run this as root", "%s",
                   patient->config_error);
  cv_findings_add (findings, "all else", CV_FINDING_SKIPPED,
                   sure ? "Correct the configuration, then run this again" : "Run this as root",
                   "what a configuration is needed for was not looked at");
}

void
cv_check_configuration (const CvPatient *patient, CvFindings *findings)
{
  if (patient->config == NULL) {
    add_broken (patient, findings);
    return;
  }
  cv_findings_add (findings, ID, CV_FINDING_OK, NULL, "%s can be read", patient->config_path);
  check_sense (patient->config, findings);
}
