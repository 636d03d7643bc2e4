/* Does this server answer at public-url, by a TLS that browsers take? */
#include "doctor/check-address.h"

#include "doctor/check-certificate.h"
#include "doctor/patient.h"

#include <libsoup/soup.h>
#include <string.h>

#define ID "address"
#define SECONDS 5
#define SUBPROTOCOL "conclave.v1"

void
cv_served_clear (CvServed *self)
{
  g_clear_pointer (&self->error, g_free);
}

const char *
cv_served_describe (GTlsCertificateFlags flags)
{
  static const struct {
    GTlsCertificateFlags flag;
    const char *words;
  } table[] = {
    { G_TLS_CERTIFICATE_EXPIRED, "it has run out" },
    { G_TLS_CERTIFICATE_BAD_IDENTITY, "it is for another name" },
    { G_TLS_CERTIFICATE_NOT_ACTIVATED, "it counts only from a later time on" },
    { G_TLS_CERTIFICATE_UNKNOWN_CA, "nobody whom this machine trusts vouches for it, or its chain is not complete" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if ((flags & table[i].flag) != 0)
      return table[i].words;
  return flags != 0 ? "it cannot be trusted" : NULL;
}

/* ---- asking ---- */

/* Returns: (transfer full). */
static SoupMessage *
make_message (const char *url, const char *path)
{
  g_autofree char *where = g_strconcat (url, path, NULL);
  SoupMessage *message = soup_message_new ("GET", where);

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  return message;
}

/* What is wrong is judged later. */
static gboolean
on_accept_certificate (SoupMessage *message, GTlsCertificate *certificate, GTlsCertificateFlags flags,
                       gpointer user_data)
{
  CvServed *self = user_data;

  self->flags = flags;
  return TRUE;
}

static int
count_days (GTlsCertificate *certificate)
{
  g_autoptr (GDateTime) end = certificate != NULL ? g_tls_certificate_get_not_valid_after (certificate) : NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  return end != NULL ? (int) (g_date_time_difference (end, now) / G_TIME_SPAN_DAY) : 0;
}

/* It is judged already. */
static gboolean
on_accept_any (SoupMessage *message, GTlsCertificate *certificate, GTlsCertificateFlags flags, gpointer user_data)
{
  return TRUE;
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* As pages do, by HTTP/1.1 alone. Nothing is said over it. */
static gboolean
ask_for_socket (const char *url, guint seconds)
{
  char *protocols[] = { (char *) SUBPROTOCOL, NULL };
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (SoupMessage) message = make_message (url, "/ws");
  g_autoptr (SoupSession) session = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (SoupWebsocketConnection) connection = NULL;

  g_main_context_push_thread_default (context);
  session = soup_session_new_with_options ("timeout", seconds, NULL);
  soup_session_set_proxy_resolver (session, NULL);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (on_accept_any), NULL);
  soup_session_websocket_connect_async (session, message, url, protocols, G_PRIORITY_DEFAULT, NULL, on_connected,
                                        &result);
  while (result == NULL)
    g_main_context_iteration (context, TRUE);
  connection = soup_session_websocket_connect_finish (session, result, NULL);
  g_main_context_pop_thread_default (context);
  return connection != NULL;
}

void
cv_served_ask (CvServed *self, const char *url, guint seconds)
{
  g_autoptr (SoupSession) session = soup_session_new_with_options ("timeout", seconds, NULL);
  g_autoptr (SoupMessage) message = make_message (url, "/health");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = NULL;

  /* people's browsers take no proxy of this machine's either */
  soup_session_set_proxy_resolver (session, NULL);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (on_accept_certificate), self);
  body = soup_session_send_and_read (session, message, NULL, &error);
  self->version = soup_message_get_tls_protocol_version (message);
  self->days_left = count_days (soup_message_get_tls_peer_certificate (message));
  self->status = soup_message_get_status (message);
  if (body == NULL) {
    self->error = g_strdup (error->message);
    self->broken = error->domain == G_TLS_ERROR;
    return;
  }
  self->ours = g_strstr_len (g_bytes_get_data (body, NULL), (gssize) g_bytes_get_size (body), "{\"status\":\"") != NULL;
  self->upgrades = self->ours && self->status == SOUP_STATUS_OK && ask_for_socket (url, seconds);
}

/* ---- judging ---- */

static gboolean
judge_tls (const CvServed *self, const char *url, gboolean own, CvFindings *findings)
{
  const char *wrong = cv_served_describe (self->flags);

  if (wrong != NULL && own && self->flags == G_TLS_CERTIFICATE_UNKNOWN_CA) {
    cv_findings_add (findings, ID, CV_FINDING_WARN,
                     "Get one that browsers trust, for example with certbot: “TLS” in docs/operator.md",
                     "%s: the server vouches for itself: browsers warn of it", url);
  } else if (wrong != NULL) {
    cv_findings_add (findings, ID, CV_FINDING_FAIL,
                     "Renew it (sudo certbot renew) or name the right one, then reload what serves it",
                     "%s: the certificate that is served: %s", url, wrong);
  } else if (self->days_left < CV_CHAIN_MIN_DAYS) {
    cv_findings_add (findings, ID, CV_FINDING_WARN, "Renew it (sudo certbot renew), then reload what serves it",
                     "%s: the certificate that is served runs out in %d days", url, self->days_left);
  }
  if (self->version < G_TLS_PROTOCOL_VERSION_TLS_1_2)
    cv_findings_add (findings, ID, CV_FINDING_FAIL, "Set ssl_protocols TLSv1.2 TLSv1.3; in nginx",
                     "%s: what is served is older than TLS 1.2", url);
  return wrong == NULL && self->days_left >= CV_CHAIN_MIN_DAYS && self->version >= G_TLS_PROTOCOL_VERSION_TLS_1_2;
}

static void
judge_answer (const CvServed *self, const char *url, gboolean secure, CvFindings *findings)
{
  if (self->status == SOUP_STATUS_BAD_GATEWAY || self->status == SOUP_STATUS_GATEWAY_TIMEOUT)
    cv_findings_add (findings, ID, CV_FINDING_FAIL,
                     "Start the server; what the proxy passes on to has to be listen of [server]",
                     "%s: a proxy answers and does not reach the server", url);
  else if (!self->ours)
    cv_findings_add (findings, ID, CV_FINDING_FAIL,
                     "Look at server_name of the proxy, at DNS, and at public-url: another server answers there",
                     "%s: what answers is not this server (status %u)", url, self->status);
  else if (self->status != SOUP_STATUS_OK)
    cv_findings_add (findings, ID, CV_FINDING_FAIL, "Look at the log: journalctl -u conclave",
                     "%s: the server says that it does not work", url);
  else if (!self->upgrades)
    cv_findings_add (findings, ID, CV_FINDING_FAIL,
                     "Have the proxy pass on /ws as the example does: /usr/share/doc/conclave/examples/nginx",
                     "%s: pages come, but no WebSocket can be opened: nobody gets into a meeting", url);
  else if (secure)
    cv_findings_add (findings, ID, CV_FINDING_OK, NULL, "%s: answers, with a certificate that is good for %d days", url,
                     self->days_left);
}

void
cv_served_judge (const CvServed *self, const char *url, gboolean own, CvFindings *findings)
{
  gboolean secure;

  if (self->broken) {
    cv_findings_add (findings, ID, CV_FINDING_FAIL, "Look at the certificate and the protocols of what serves it",
                     "%s: there is no TLS: %s", url, self->error);
    return;
  }
  if (self->error != NULL) {
    cv_findings_add (findings, ID, CV_FINDING_WARN,
                     "Try it in a browser elsewhere; look at DNS, the firewall, and whether the proxy runs",
                     "%s cannot be reached from this machine: %s", url, self->error);
    return;
  }
  secure = judge_tls (self, url, own, findings);
  judge_answer (self, url, secure, findings);
}

void
cv_check_address (const CvPatient *patient, CvFindings *findings)
{
  const CvConfig *config = patient->config;
  g_auto (CvServed) served = { 0 };

  if (config->public_url[0] == '\0') {
    cv_findings_add (findings, ID, CV_FINDING_SKIPPED, "Set public-url=https://HOST in [server]",
                     "it is not known where people reach the server");
    return;
  }
  cv_served_ask (&served, config->public_url, SECONDS);
  cv_served_judge (&served, config->public_url, config->tls && config->certificate_file[0] == '\0', findings);
}
