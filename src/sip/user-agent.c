/* See user-agent.h. */
#include "sip/user-agent.h"

#include "base/bucket.h"
#include "sip/sofia.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <string.h>

#define CV_LOG_TOPIC "sip"
#include "base/log.h"

/* connections: for how long one may say nothing, or half of something */
#define IDLE_MS (30 * 60 * 1000)
#define HALF_MS 10000
#define MIN_EXPIRES "90"
/* INVITEs at once, in multiples of what is allowed a second */
#define BURST 3

G_DEFINE_QUARK (cv_user_agent_error, cv_user_agent_error)

struct _CvUserAgent {
  const CvSipConfig *config;
  CvUserAgentFuncs funcs;
  gpointer user_data;
  su_root_t *root;
  GSource *source;
  nta_agent_t *agent;
  CvBuckets *invites, *requests;
  CvSipListener listeners[CV_SIP_MAX_LISTENERS];
  char *contacts[CV_SIP_TLS + 1];
  CvUserAgentStats stats;
};

/* ---- What comes and belongs to no dialog ---- */

static void
discard (CvUserAgent *self, msg_t *msg)
{
  nta_msg_discard (self->agent, msg);
}

/* Nothing is said to a stranger, and its connection, if it has one, is closed. */
static void
ignore (CvUserAgent *self, msg_t *msg)
{
  tport_t *transport = nta_incoming_transport (self->agent, NULL, msg);
  discard (self, msg);
  if (transport == NULL)
    return;
  tport_shutdown (transport, 2);
  tport_unref (transport);
}

void
cv_user_agent_refuse (CvUserAgent *self, msg_t *msg, int status, const char *phrase)
{
  nta_msg_treply (self->agent, msg, status, phrase, SIPTAG_SERVER_STR (CV_SIP_SERVER),
                  TAG_IF (status == 503, SIPTAG_RETRY_AFTER_STR ("2")),
                  TAG_IF (status == 405, SIPTAG_ALLOW_STR (CV_SIP_ALLOW)),
                  TAG_IF (status == 415, SIPTAG_ACCEPT_STR ("application/sdp")),
                  TAG_IF (status == 422, SIPTAG_MIN_SE_STR (MIN_EXPIRES)), TAG_END ());
}

static void
answer_options (CvUserAgent *self, msg_t *msg)
{
  nta_msg_treply (self->agent, msg, SIP_200_OK, SIPTAG_SERVER_STR (CV_SIP_SERVER), SIPTAG_ALLOW_STR (CV_SIP_ALLOW),
                  SIPTAG_SUPPORTED_STR (CV_SIP_SUPPORTED), SIPTAG_ACCEPT_STR ("application/sdp"), TAG_END ());
}

/* FALSE: answered. */
static gboolean
has_only_known_requirements (CvUserAgent *self, msg_t *msg, const sip_t *sip)
{
  for (guint i = 0; sip->sip_require != NULL && sip->sip_require->k_items != NULL; i++) {
    const char *option = sip->sip_require->k_items[i];
    if (option == NULL)
      break;
    if (g_ascii_strcasecmp (option, "timer") == 0)
      continue;
    nta_msg_treply (self->agent, msg, SIP_420_BAD_EXTENSION, SIPTAG_SERVER_STR (CV_SIP_SERVER),
                    SIPTAG_UNSUPPORTED (sip->sip_require), TAG_END ());
    return FALSE;
  }
  return TRUE;
}

static void
take_invite (CvUserAgent *self, guint trunk, msg_t *msg, const sip_t *sip)
{
  const sip_content_type_t *type = sip->sip_content_type;
  gboolean has_body = sip->sip_payload != NULL && sip->sip_payload->pl_len > 0;
  if ((has_body &&
       (type == NULL || type->c_type == NULL || g_ascii_strcasecmp (type->c_type, "application/sdp") != 0)) ||
      sip->sip_content_encoding != NULL)
    cv_user_agent_refuse (self, msg, SIP_415_UNSUPPORTED_MEDIA);
  else if (sip->sip_contact == NULL)
    cv_user_agent_refuse (self, msg, 400, "Missing Contact Header");
  else
    self->funcs.invite (trunk, msg, sip, self->user_data);
}

static void
take_request (CvUserAgent *self, guint trunk, msg_t *msg, const sip_t *sip)
{
  const url_t *url = sip->sip_request->rq_url;
  if (url->url_type != url_sip && url->url_type != url_sips && url->url_type != url_tel) {
    cv_user_agent_refuse (self, msg, SIP_416_UNSUPPORTED_URI);
    return;
  }
  if (!has_only_known_requirements (self, msg, sip))
    return;
  switch (sip->sip_request->rq_method) {
  case sip_method_options:
    answer_options (self, msg);
    break;
  case sip_method_invite:
    if (sip->sip_to->a_tag != NULL)
      cv_user_agent_refuse (self, msg, SIP_481_NO_CALL);
    else
      take_invite (self, trunk, msg, sip);
    break;
  case sip_method_bye:
  case sip_method_cancel:
  case sip_method_info:
  case sip_method_update:
    cv_user_agent_refuse (self, msg, SIP_481_NO_CALL);
    break;
  case sip_method_unknown:
    cv_user_agent_refuse (self, msg, SIP_501_NOT_IMPLEMENTED);
    break;
  default:
    cv_user_agent_refuse (self, msg, SIP_405_METHOD_NOT_ALLOWED);
  }
}

static gboolean
is_too_quick (CvUserAgent *self, msg_t *msg, const char *source, gboolean invite)
{
  gint64 now = g_get_monotonic_time ();
  gboolean fine = cv_buckets_take (self->requests, source, now);
  if (fine && (!invite || cv_buckets_take (self->invites, source, now)))
    return FALSE;
  self->stats.rate++;
  if (fine)
    cv_user_agent_refuse (self, msg, SIP_503_SERVICE_UNAVAILABLE);
  else
    discard (self, msg);
  return TRUE;
}

static int
on_message (CvUserAgent *self, nta_agent_t *agent, msg_t *msg, sip_t *sip)
{
  char text[46];
  if (sip == NULL || sip->sip_request == NULL || sip->sip_request->rq_method == sip_method_ack) {
    discard (self, msg);
    return 0;
  }
  const struct sockaddr *source = &msg_addr (msg)->su_sa;
  int trunk = self->funcs.find_trunk (source, self->user_data);
  cv_sources_print (source, text);
  if (trunk < 0)
    self->stats.unknown++;
  if (trunk < 0 && self->config->silent)
    ignore (self, msg);
  else if (is_too_quick (self, msg, text, sip->sip_request->rq_method == sip_method_invite))
    return 0;
  else if (trunk < 0)
    cv_user_agent_refuse (self, msg, SIP_403_FORBIDDEN);
  else
    take_request (self, (guint) trunk, msg, sip);
  return 0;
}

/* ---- What listens ---- */

/* sofia-sip goes on where there is no certificate, or none of that key. */
static gboolean
has_identity (const char *folder)
{
  g_autofree char *file = g_build_filename (folder, "agent.pem", NULL);
  g_autofree char *trusted = g_build_filename (folder, "cafile.pem", NULL);
  SSL_CTX *context = SSL_CTX_new (TLS_method ());
  gboolean fine = SSL_CTX_use_certificate_file (context, file, SSL_FILETYPE_PEM) == 1 &&
                  SSL_CTX_use_PrivateKey_file (context, file, SSL_FILETYPE_PEM) == 1 &&
                  SSL_CTX_check_private_key (context) == 1 &&
                  SSL_CTX_load_verify_locations (context, trusted, NULL) == 1;
  SSL_CTX_free (context);
  ERR_clear_error ();
  return fine;
}

static gboolean
listen_on (CvUserAgent *self, const CvSipListener *listener, const char *folder, GError **error)
{
  const char *transport = cv_sip_transport_get_name (listener->transport);
  gboolean six = strchr (listener->address, ':') != NULL, tls = listener->transport == CV_SIP_TLS;
  const char *shown = self->config->external[0] != '\0' ? self->config->external : listener->address;
  gboolean shown_six = strchr (shown, ':') != NULL;
  if (tls && !has_identity (folder)) {
    g_set_error_literal (error, CV_USER_AGENT_ERROR, CV_USER_AGENT_ERROR_TLS,
                         "agent.pem has no certificate with its key, or cafile.pem none");
    return FALSE;
  }
  g_autofree char *port = listener->port != 0 ? g_strdup_printf ("%u", listener->port) : g_strdup ("*");
  g_autofree char *url =
    g_strdup_printf ("%s:%s%s%s:%s;transport=%s;maddr=%s%s%s", tls ? "sips" : "sip", shown_six ? "[" : "", shown,
                     shown_six ? "]" : "", port, transport, six ? "[" : "", listener->address, six ? "]" : "");
  if (nta_agent_add_tport (self->agent, URL_STRING_MAKE (url), TAG_IF (tls, TPTAG_CERTIFICATE (folder)),
                           TAG_IF (tls, TPTAG_TLS_VERIFY_POLICY (TPTLS_VERIFY_OUT | TPTLS_VERIFY_SUBJECTS_OUT)),
                           TPTAG_TIMEOUT (HALF_MS), TPTAG_SERVER (1), TPTAG_STUN_SERVER (0), TAG_END ()) == 0)
    return TRUE;
  g_set_error (error, CV_USER_AGENT_ERROR, tls ? CV_USER_AGENT_ERROR_TLS : CV_USER_AGENT_ERROR_BIND,
               "%s %s:%u cannot be listened on: %s", transport, listener->address, listener->port,
               su_strerror (su_errno ()));
  return FALSE;
}

/* The last transport that was made says which port it has. */
static void
note_port (CvUserAgent *self, guint i)
{
  CvSipListener *listener = &self->listeners[i];
  for (tport_t *tport = tport_primaries (nta_agent_tports (self->agent)); tport != NULL; tport = tport_next (tport)) {
    const tp_name_t *name = tport_name (tport);
    if (g_ascii_strcasecmp (name->tpn_proto, cv_sip_transport_get_name (listener->transport)) == 0 &&
        (listener->port == 0 || listener->port == atoi (name->tpn_port)))
      listener->port = (guint16) atoi (name->tpn_port);
  }
}

static void
note_contact (CvUserAgent *self, const CvSipListener *listener)
{
  const char *shown = self->config->external[0] != '\0' ? self->config->external : listener->address;
  gboolean six = strchr (shown, ':') != NULL;
  if (self->contacts[listener->transport] != NULL)
    return;
  self->contacts[listener->transport] =
    g_strdup_printf ("<sip:%s%s%s:%u%s%s>", six ? "[" : "", shown, six ? "]" : "", listener->port,
                     listener->transport == CV_SIP_UDP ? "" : ";transport=",
                     listener->transport == CV_SIP_UDP ? "" : cv_sip_transport_get_name (listener->transport));
}

static gboolean
listen_on_all (CvUserAgent *self, int tls, GError **error)
{
  g_autofree char *folder = g_strdup_printf ("/proc/self/fd/%d", tls);
  for (guint i = 0; i < self->config->n_listeners; i++) {
    self->listeners[i] = self->config->listeners[i];
    if (!listen_on (self, &self->listeners[i], folder, error))
      return FALSE;
    note_port (self, i);
    if (self->listeners[i].port == 0) { /* which sofia-sip passes over where it may choose the port */
      g_set_error (error, CV_USER_AGENT_ERROR, CV_USER_AGENT_ERROR_BIND, "%s cannot be listened on: not our address",
                   self->listeners[i].address);
      return FALSE;
    }
    note_contact (self, &self->listeners[i]);
  }
  return TRUE;
}

/* What sofia-sip writes may have numbers and PINs in it. */
static void
on_log (void *stream, const char *format, va_list arguments)
{
}

CvUserAgent *
cv_user_agent_new (const CvSipConfig *config, int tls, const CvUserAgentFuncs *funcs, gpointer user_data,
                   GError **error)
{
  CvUserAgent *self = g_new0 (CvUserAgent, 1);
  su_init ();
  su_log_redirect (NULL, on_log, NULL);
  self->config = config;
  self->funcs = *funcs;
  self->user_data = user_data;
  self->invites =
    cv_buckets_new (config->invites_per_second, BURST * config->invites_per_second, CV_USER_AGENT_MAX_SOURCES);
  self->requests = cv_buckets_new (CV_USER_AGENT_REQUESTS_PER_SECOND, BURST * CV_USER_AGENT_REQUESTS_PER_SECOND,
                                   CV_USER_AGENT_MAX_SOURCES);
  self->root = su_glib_root_create (NULL);
  self->source = su_glib_root_gsource (self->root);
  g_source_attach (self->source, NULL);
  self->agent = nta_agent_create (self->root, (url_string_t *) -1, on_message, self, NTATAG_UA (1),
                                  NTATAG_MERGE_482 (0), NTATAG_CANCEL_487 (1), NTATAG_SERVER_RPORT (1),
                                  NTATAG_USE_TIMESTAMP (0), NTATAG_MAXSIZE (CV_USER_AGENT_MAX_BYTES),
                                  NTATAG_SIPFLAGS (MSG_FLG_EXTRACT_COPY), TPTAG_STUN_SERVER (0), TAG_END ());
  if (self->agent != NULL && listen_on_all (self, tls, error))
    return self;
  if (self->agent == NULL)
    g_set_error_literal (error, CV_USER_AGENT_ERROR, CV_USER_AGENT_ERROR_BIND, "SIP cannot be started");
  cv_user_agent_free (self);
  return NULL;
}

void
cv_user_agent_free (CvUserAgent *self)
{
  if (self->agent != NULL)
    nta_agent_destroy (self->agent);
  su_root_destroy (self->root);
  for (guint i = 0; i < G_N_ELEMENTS (self->contacts); i++)
    g_free (self->contacts[i]);
  cv_buckets_free (self->invites);
  cv_buckets_free (self->requests);
  g_free (self);
}

nta_agent_t *
cv_user_agent_get_agent (CvUserAgent *self)
{
  return self->agent;
}

const CvUserAgentStats *
cv_user_agent_get_stats (CvUserAgent *self)
{
  return &self->stats;
}

const CvSipListener *
cv_user_agent_get_listeners (CvUserAgent *self)
{
  return self->listeners;
}

const char *
cv_user_agent_get_contact (CvUserAgent *self, CvSipTransport transport)
{
  return self->contacts[transport];
}

CvSipTransport
cv_user_agent_get_transport (const sip_t *sip)
{
  const char *protocol = sip->sip_via != NULL ? sip->sip_via->v_protocol : "";
  if (g_str_has_suffix (protocol, "/TLS"))
    return CV_SIP_TLS;
  return g_str_has_suffix (protocol, "/TCP") ? CV_SIP_TCP : CV_SIP_UDP;
}
