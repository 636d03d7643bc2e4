/* Is the configuration right, and does it make sense for people who are elsewhere? */
#include "doctor/patient.h"

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

/* Who may not read the secrets is told to come back as somebody else. */
static const char *
find_advice (const CvPatient *patient)
{
  return geteuid () != 0 && g_access (patient->config_path, R_OK) != 0
           ? "Run this as root, or correct the path (--config FILE)"
           : "Correct what is named there (conclave.conf(5)); secrets that the unit hands over are read as root only";
}

void
cv_check_configuration (const CvPatient *patient, CvFindings *findings)
{
  if (patient->config == NULL) {
    cv_findings_add (findings, ID, CV_FINDING_FAIL, find_advice (patient), "%s", patient->config_error);
    cv_findings_add (findings, "all else", CV_FINDING_SKIPPED, "Correct the configuration, then run this again",
                     "what a configuration is needed for was not looked at");
    return;
  }
  cv_findings_add (findings, ID, CV_FINDING_OK, NULL, "%s can be read", patient->config_path);
  check_sense (patient->config, findings);
}
