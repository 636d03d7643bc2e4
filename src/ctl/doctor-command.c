/* See doctor-command.h.
 *
 * Gathers what the checks look at: the configuration, and what a running server says on its admin socket. It works without a
 * server, too.
 */
#include "ctl/doctor-command.h"

#include "cv-build.h"
#include "doctor/patient.h"

#include <stdio.h>

#define SECONDS 10

/* That of the options, else the one in `state`: the place where the package puts it. Returns: (transfer full). */
static CvClient *
open_client (const CvOptions *options, const char *state)
{
  const char *from_environment = g_getenv ("CONCLAVE_SOCKET");
  const char *named = options->socket != NULL ? options->socket : from_environment;
  g_autofree char *own = g_build_filename (state, "admin.sock", NULL);
  CvClient *client = cv_client_new (named != NULL && *named != '\0' ? named : own);

  cv_client_set_patience (client, SECONDS);
  return client;
}

/* Its advice is for those who only want something of the server. Returns: (transfer full). */
static char *
shorten (const GError *silence)
{
  g_auto (GStrv) sentences = silence != NULL ? g_strsplit (silence->message, ". ", 2) : NULL;

  return sentences != NULL ? g_strdup (sentences[0]) : NULL;
}

gboolean
cv_doctor_command (const CvCommandArguments *arguments, GError **error)
{
  const CvOptions *options = arguments->options;
  const char *path = options->config != NULL ? options->config : CV_SYSCONF_DIR "/conclave.conf";
  g_autofree char *state = cv_command_find_state (options);
  g_autoptr (GError) broken = NULL, silence = NULL;
  g_autoptr (CvConfig) config = cv_patient_load_config (path, &broken);
  g_autoptr (CvClient) client = open_client (options, state);
  g_autoptr (JsonObject) status = cv_client_call (client, "GET", "/api/v1/status", NULL, &silence);
  g_autoptr (JsonObject) sip = status != NULL ? cv_client_call (client, "GET", "/api/v1/sip", NULL, NULL) : NULL;
  g_autofree char *words = shorten (silence);
  g_autoptr (CvFindings) findings = cv_findings_new ();
  const CvPatient patient = {
    .config_path = path,
    .state = state,
    .config = config,
    .config_error = broken != NULL ? broken->message : NULL,
    .status = status,
    .silence = words,
    .sip = sip,
  };
  guint failed;

  cv_patient_examine (&patient, findings);
  if (options->json) {
    g_autoptr (JsonObject) answer = cv_findings_to_json (findings);

    cv_command_print_json (answer);
  } else {
    g_autofree char *text = cv_findings_to_text (findings);

    fputs (text, stdout);
  }
  failed = cv_findings_count (findings, CV_FINDING_FAIL);
  if (failed > 0)
    g_set_error (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_REFUSED, "%u of %u checks failed", failed,
                 cv_findings_get_length (findings));
  return failed == 0;
}
