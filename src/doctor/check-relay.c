/* Does each TURN server let people in, and keep them out of the networks around it? Takes an allocation as a browser would. */
#include "doctor/check-relay.h"

#include "doctor/check-address.h"
#include "doctor/patient.h"
#include "signalling/turn.h"

#include <string.h>

#define ID "turn"
#define PERSON "doctor"
#define LIFETIME_SECONDS 60

/* This machine, somebody's network, what clouds tell their machines: of one family, as that of what is relayed from. */
static const char *const PRIVATE[] = { "127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1", NULL };

void
cv_relay_trial_clear (CvRelayTrial *self)
{
  g_clear_error (&self->error);
  g_clear_pointer (&self->opened, g_free);
}

static void
try_peers (CvRelayTrial *self, CvTurnClient *client, GInetAddress *own)
{
  for (guint i = 0; PRIVATE[i] != NULL && self->opened == NULL; i++) {
    g_autoptr (GInetAddress) peer = g_inet_address_new_from_string (PRIVATE[i]);

    if (g_inet_address_get_family (peer) == g_inet_address_get_family (own) && !g_inet_address_equal (peer, own) &&
        cv_turn_client_permit (client, peer, NULL))
      self->opened = g_strdup (PRIVATE[i]);
  }
}

static void
try_address (CvRelayTrial *self, const CvTurnUrl *url, GInetAddress *address, const char *username,
             const char *credential)
{
  g_autoptr (CvTurnClient) client = NULL;
  g_autoptr (GInetAddress) own = NULL;

  g_clear_error (&self->error);
  client = cv_turn_client_new (url, address, &self->error);
  if (client == NULL)
    return;
  self->flags = cv_turn_client_get_flags (client);
  own = cv_turn_client_allocate (client, username, credential, &self->error);
  if (own != NULL)
    try_peers (self, client, own);
}

void
cv_relay_try (CvRelayTrial *self, const char *url, const char *username, const char *credential)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  g_auto (CvTurnUrl) parsed = { 0 };
  GList *addresses;

  if (!cv_turn_url_parse (&parsed, url)) {
    g_set_error_literal (&self->error, CV_TURN_CLIENT_ERROR, CV_TURN_CLIENT_ERROR_STRANGE, "DTLS cannot be tried here");
    return;
  }
  addresses = g_resolver_lookup_by_name (resolver, parsed.host, NULL, &self->error);
  for (GList *item = addresses; item != NULL; item = item->next) {
    try_address (self, &parsed, item->data, username, credential);
    if (!g_error_matches (self->error, CV_TURN_CLIENT_ERROR, CV_TURN_CLIENT_ERROR_SILENT))
      break;
  }
  g_resolver_free_addresses (addresses);
}

static void
judge_error (const GError *error, const char *url, CvFindings *findings)
{
  const char *advice = "Is it running (systemctl status coturn), and is that port open in the firewall?";

  if (g_error_matches (error, CV_TURN_CLIENT_ERROR, CV_TURN_CLIENT_ERROR_UNKNOWN))
    advice =
      "static-auth-secret of coturn has to be what secret-file in [turn] has, with use-auth-secret; look at both "
      "clocks, too";
  else if (g_error_matches (error, CV_TURN_CLIENT_ERROR, CV_TURN_CLIENT_ERROR_REFUSED))
    advice = "Look at the log: journalctl -u coturn";
  else if (g_error_matches (error, CV_TURN_CLIENT_ERROR, CV_TURN_CLIENT_ERROR_STRANGE))
    advice = "Look at servers in [turn]: host, port and transport";
  cv_findings_add (findings, ID, CV_FINDING_FAIL, advice, "%s: %s", url, error->message);
}

void
cv_relay_judge (const CvRelayTrial *self, const char *url, CvFindings *findings)
{
  const char *wrong = cv_served_describe (self->flags);

  if (self->error != NULL)
    judge_error (self->error, url, findings);
  if (self->opened != NULL)
    cv_findings_add (findings, ID, CV_FINDING_FAIL,
                     "Put all denied-peer-ip of the example (coturn.conf.in) into its configuration",
                     "%s: who is in a meeting can reach %s through it, and your own network", url, self->opened);
  if (wrong != NULL)
    cv_findings_add (findings, ID, CV_FINDING_FAIL, "Give coturn the certificate of that name, with its chain, anew",
                     "%s: its certificate: %s", url, wrong);
  if (self->error == NULL && self->opened == NULL && wrong == NULL)
    cv_findings_add (findings, ID, CV_FINDING_OK, NULL, "%s: relays, and not into private networks", url);
}

void
cv_check_relay (const CvPatient *patient, CvFindings *findings)
{
  const CvConfig *config = patient->config;
  const CvTurn turn = { config->servers, config->turn_secret, LIFETIME_SECONDS, config->relay_only };
  g_autofree char *name = cv_patient_get_name (patient);
  g_autofree char *host =
    g_hostname_is_ip_address (name) && strchr (name, ':') != NULL ? g_strdup_printf ("[%s]", name) : g_strdup (name);
  g_auto (CvIce) ice = { 0 };

  if (config->servers[0] == NULL) {
    cv_findings_add (findings, ID, CV_FINDING_WARN, "Set up coturn: “coturn” in docs/operator.md",
                     "there is no TURN server: behind some networks people hear and see nobody");
    return;
  }
  cv_turn_credentials (&turn, host, PERSON, g_get_real_time () / 1000, &ice);
  for (char **url = ice.urls; *url != NULL; url++) {
    g_auto (CvRelayTrial) trial = { 0 };

    cv_relay_try (&trial, *url, ice.username, ice.credential);
    cv_relay_judge (&trial, *url, findings);
  }
}
