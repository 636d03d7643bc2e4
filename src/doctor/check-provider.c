/* Can people sign in at the other server, and does it say of itself what is needed? Nothing is said where there is none. */
#include "doctor/check-provider.h"

#include "doctor/patient.h"
#include "oidc/discovery.h"
#include "oidc/fetch.h"

#define ID "sign-in"

static void
on_fetched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;
  *slot = g_object_ref (result);
}

/* Waits for the answer, as nobody else does meanwhile: no longer and for no more bytes than the daemon would. Returns: (transfer full), NULL with an
 * error. */
static CvOidcDiscovery *
ask (const char *issuer, GError **error)
{
  g_autoptr (SoupSession) session = cv_oidc_session_new ();
  g_autoptr (CvClock) clock = cv_clock_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *url = cv_oidc_discovery_url (issuer);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr (GAsyncResult) result = NULL;
  guint status = 0;

  cv_oidc_fetch_async (session, message, clock, cancellable, on_fetched, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_autoptr (GBytes) body = cv_oidc_fetch_finish (result, &status, error);
  if (body == NULL)
    return NULL;
  if (status == SOUP_STATUS_OK)
    return cv_oidc_discovery_read (body, issuer, error);
  g_set_error (error, CV_OIDC_ERROR, CV_OIDC_ERROR_UNREACHABLE, "status %u", status);
  return NULL;
}

void
cv_provider_judge (const GError *error, const char *issuer, const char *public_url, CvFindings *findings)
{
  if (public_url[0] == '\0')
    cv_findings_add (findings, ID, CV_FINDING_WARN, "Set public-url=https://HOST in [server]",
                     "it is not known where %s is to send people back to", issuer);
  if (error != NULL)
    cv_findings_add (
      findings, ID, CV_FINDING_FAIL,
      "Look at issuer in [oidc], which has to be what the provider calls itself, and at DNS, the firewall "
      "and its certificate",
      "nobody can sign in at %s: %s", issuer, error->message);
  else
    cv_findings_add (findings, ID, CV_FINDING_OK, NULL, "%s says of itself what is needed", issuer);
}

void
cv_check_provider (const CvPatient *patient, CvFindings *findings)
{
  const CvConfig *config = patient->config;
  g_autoptr (CvOidcDiscovery) discovery = NULL;
  g_autoptr (GError) error = NULL;

  if (config->oidc_issuer[0] == '\0')
    return;
  discovery = ask (config->oidc_issuer, &error);
  cv_provider_judge (error, config->oidc_issuer, config->public_url, findings);
}
