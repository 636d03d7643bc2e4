/* See trunk.h. */
#include "sip/trunk.h"

#include "base/ids.h"
#include "sip/sofia.h"

#include <sofia-sip/auth_client.h>

#include <string.h>

#define CV_LOG_TOPIC "sip"
#include "base/log.h"

/* answers of a registrar that lead to another request at once: a challenge, a stale nonce, a longer time */
#define MAX_TURNS 4
#define MIN_REFRESH_S 20
/* what a registrar may take us for gone in is renewed so many seconds before */
#define EARLY_S 30

struct _CvTrunk {
  nta_agent_t *agent;
  const CvSipTrunkConfig *config;
  const char *contacts[CV_SIP_TLS + 1];
  CvClock *clock;
  CvTrunkFunc func;
  gpointer user_data;
  CvTrunkState state;
  su_home_t home[1];
  auth_client_t *auth;
  nta_outgoing_t *request;
  char *call_id, *tag;
  guint32 seq;
  guint registrar; /* which one we are at, or were registered with last */
  guint failures;  /* in a row */
  guint turns;
  guint expires; /* what is asked for */
  guint alarm;
  CvSources *learned; /* who took the registration; NULL: nobody */
};

static void send_register (CvTrunk *self, guint expires);

static void
set_state (CvTrunk *self, CvTrunkState state, const char *text)
{
  if (self->state == state && state != CV_TRUNK_FAILED)
    return;
  self->state = state;
  self->func (self, state, text, self->user_data);
}

const CvSipTrunkConfig *
cv_trunk_get_config (CvTrunk *self)
{
  return self->config;
}

gboolean
cv_trunk_knows (CvTrunk *self, const struct sockaddr *source)
{
  const CvSources *sources = self->config->sources != NULL ? self->config->sources : self->learned;
  return sources != NULL && cv_sources_has (sources, source);
}

/* ---- Time ---- */

static void
on_alarm (gpointer user_data)
{
  CvTrunk *self = user_data;
  self->alarm = 0;
  self->turns = 0;
  send_register (self, self->expires);
}

static void
wind (CvTrunk *self, guint seconds)
{
  cv_clock_cancel (self->clock, &self->alarm);
  self->alarm = cv_clock_after (self->clock, seconds * 1000, on_alarm, self);
}

/* On to the next one, and after all of them later. */
static void
fail (CvTrunk *self, const char *text)
{
  guint n = g_strv_length (self->config->registrars);
  set_state (self, CV_TRUNK_FAILED, text);
  cv_info (NULL, NULL, "trunk %s: %s", self->config->name, text);
  self->failures++;
  self->registrar = (self->registrar + 1) % n;
  guint rounds = (self->failures - 1) / n;
  gboolean at_once = self->failures % n != 0;
  wind (self, at_once ? 1 : MIN (CV_TRUNK_MAX_RETRY_S, CV_TRUNK_RETRY_S << MIN (rounds, 6)));
}

/* ---- Answers ---- */

/* What the registrar granted us: at our Contact, or for all. */
static guint
get_granted (CvTrunk *self, const sip_t *sip)
{
  guint granted = self->expires;
  if (sip->sip_expires != NULL)
    granted = (guint) MIN (sip->sip_expires->ex_delta, G_MAXINT);
  for (const sip_contact_t *contact = sip->sip_contact; contact != NULL; contact = contact->m_next) {
    guint64 value;
    if (contact->m_expires == NULL || !g_ascii_string_to_unsigned (contact->m_expires, 10, 1, G_MAXINT, &value, NULL))
      continue;
    if (sip->sip_contact->m_next == NULL ||
        (contact->m_url->url_user != NULL && g_str_equal (contact->m_url->url_user, self->config->user)))
      granted = (guint) value;
  }
  return granted;
}

static void
learn (CvTrunk *self, nta_outgoing_t *request)
{
  char text[46];
  msg_t *msg = nta_outgoing_getresponse (request);
  if (msg == NULL)
    return;
  cv_sources_print (&msg_addr (msg)->su_sa, text);
  msg_destroy (msg);
  g_clear_pointer (&self->learned, cv_sources_free);
  self->learned = cv_sources_new ();
  cv_sources_add (self->learned, text);
}

static void
take_success (CvTrunk *self, nta_outgoing_t *request, const sip_t *sip)
{
  guint granted = get_granted (self, sip);
  learn (self, request);
  self->failures = 0;
  guint early = MIN (EARLY_S, granted / 2);
  wind (self, MAX (MIN_REFRESH_S, granted - early));
  set_state (self, CV_TRUNK_REGISTERED, "");
}

/* A challenge: TRUE where we can say more than we did. */
static gboolean
take_challenge (CvTrunk *self, const sip_t *sip)
{
  int new = 0;
  if (self->config->password[0] == '\0')
    return FALSE;
  if (sip->sip_www_authenticate != NULL)
    new |= auc_challenge (&self->auth, self->home, sip->sip_www_authenticate, sip_authorization_class) > 0;
  if (sip->sip_proxy_authenticate != NULL)
    new |= auc_challenge (&self->auth, self->home, sip->sip_proxy_authenticate, sip_proxy_authorization_class) > 0;
  g_auto (GStrv) parts = g_strsplit (self->config->user, "@", 2);
  auc_all_credentials (&self->auth, "Digest", NULL, parts[0], self->config->password);
  return new &&auc_has_authorization (&self->auth);
}

static gboolean
take_too_brief (CvTrunk *self, const sip_t *sip)
{
  if (sip->sip_min_expires == NULL || sip->sip_min_expires->me_delta > 86400)
    return FALSE;
  self->expires = MAX (self->expires, (guint) sip->sip_min_expires->me_delta);
  return TRUE;
}

static void
take_answer (CvTrunk *self, int status, const sip_t *sip)
{
  gboolean again = FALSE;
  if ((status == 401 || status == 407) && sip != NULL)
    again = take_challenge (self, sip);
  else if (status == 423 && sip != NULL)
    again = take_too_brief (self, sip);
  if (again && ++self->turns < MAX_TURNS) {
    send_register (self, self->expires);
    return;
  }
  g_autofree char *text = NULL;
  if (status == 401 || status == 407)
    text = g_strdup ("the registrar does not take user and password");
  else if (status == 408)
    text = g_strdup ("the registrar does not answer");
  else
    text = g_strdup_printf ("the registrar answered %d", status);
  fail (self, text);
}

static int
on_answer (void *magic, nta_outgoing_t *request, const sip_t *sip)
{
  CvTrunk *self = magic;
  int status = sip != NULL && sip->sip_status != NULL ? sip->sip_status->st_status : nta_outgoing_status (request);
  if (request != self->request || status < 200)
    return 0;
  self->request = NULL;
  if (status < 300 && sip != NULL)
    take_success (self, request, sip);
  else
    take_answer (self, status, sip);
  nta_outgoing_destroy (request);
  return 0;
}

/* ---- Requests ---- */

typedef struct {
  char *uri;     /* whom the request is for; always sip: */
  char *self;    /* From and To */
  char *contact; /* NULL: nothing listens on what the registrar wants */
} Addresses;

static void
clear_addresses (Addresses *self)
{
  g_free (self->uri);
  g_free (self->self);
  g_free (self->contact);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Addresses, clear_addresses)

static void
find_addresses (CvTrunk *self, Addresses *out)
{
  const char *registrar = self->config->registrars[self->registrar];
  gboolean tls = g_str_has_prefix (registrar, "sips:") || strstr (registrar, ";transport=tls") != NULL;
  gboolean tcp = strstr (registrar, ";transport=tcp") != NULL;
  const char *rest = strchr (registrar, ':') + 1;
  const char *contact = self->contacts[tls ? CV_SIP_TLS : tcp ? CV_SIP_TCP : CV_SIP_UDP];
  g_autofree char *user = g_uri_escape_string (self->config->user, "+@", FALSE);
  gsize host = strcspn (rest, ":;?");
  if (rest[0] == '[')
    host = strcspn (rest, "]") + 1;
  out->uri = g_strdup_printf (
    "sip:%s%s", rest,
    g_str_has_prefix (registrar, "sips:") && strstr (rest, ";transport=") == NULL ? ";transport=tls" : "");
  if (strchr (user, '@') != NULL)
    out->self = g_strdup_printf ("<sip:%s>", user);
  else
    out->self = g_strdup_printf ("<sip:%s@%.*s>", user, (int) host, rest);
  g_auto (GStrv) parts = g_strsplit (user, "@", 2);
  if (contact != NULL)
    out->contact = g_strdup_printf ("<sip:%s@%s", parts[0], contact + strlen ("<sip:"));
}

static void
send_register (CvTrunk *self, guint expires)
{
  g_auto (Addresses) addresses = { 0 };
  find_addresses (self, &addresses);
  if (addresses.contact == NULL) {
    fail (self, "nothing listens on the transport of the registrar");
    return;
  }
  if (self->state != CV_TRUNK_REGISTERED)
    set_state (self, CV_TRUNK_REGISTERING, "");
  msg_t *msg = nta_msg_create (self->agent, 0);
  sip_t *sip = sip_object (msg);
  su_home_t *home = msg_home (msg);
  g_autofree char *from = g_strdup_printf ("%s;tag=%s", addresses.self, self->tag);
  g_autofree char *line = g_strdup_printf ("%u REGISTER", ++self->seq);
  g_autofree char *time = g_strdup_printf ("%u", expires);
  sip_add_tl (msg, sip,
              SIPTAG_REQUEST (sip_request_create (home, SIP_METHOD_REGISTER, URL_STRING_MAKE (addresses.uri), NULL)),
              SIPTAG_TO_STR (addresses.self), SIPTAG_FROM_STR (from), SIPTAG_CALL_ID_STR (self->call_id),
              SIPTAG_CSEQ_STR (line), SIPTAG_MAX_FORWARDS_STR ("70"), SIPTAG_CONTACT_STR (addresses.contact),
              SIPTAG_EXPIRES_STR (time), SIPTAG_SUPPORTED_STR (CV_SIP_SUPPORTED), SIPTAG_ALLOW_STR (CV_SIP_ALLOW),
              SIPTAG_USER_AGENT_STR (CV_SIP_SERVER), SIPTAG_CONTENT_LENGTH_STR ("0"), TAG_END ());
  if (self->auth != NULL && auc_has_authorization (&self->auth))
    auc_authorization (&self->auth, msg, (msg_pub_t *) sip, "REGISTER", sip->sip_request->rq_url, NULL);
  self->request = nta_outgoing_mcreate (self->agent, on_answer, self, NULL, msg, TAG_END ());
  if (self->request == NULL)
    fail (self, "the request could not be sent");
}

void
cv_trunk_start (CvTrunk *self)
{
  if (self->config->registrars[0] == NULL)
    self->func (self, CV_TRUNK_LISTED, "", self->user_data);
  else
    send_register (self, self->expires);
}

void
cv_trunk_renew (CvTrunk *self)
{
  if (self->config->registrars[0] == NULL)
    return;
  if (self->request != NULL)
    nta_outgoing_destroy (self->request);
  self->request = NULL;
  /* what it knows of digest is of the password before */
  self->auth = NULL;
  su_home_deinit (self->home);
  su_home_init (self->home);
  self->failures = self->turns = 0;
  cv_clock_cancel (self->clock, &self->alarm);
  send_register (self, self->expires);
}

void
cv_trunk_stop (CvTrunk *self)
{
  cv_clock_cancel (self->clock, &self->alarm);
  if (self->request != NULL)
    nta_outgoing_destroy (self->request);
  self->request = NULL;
  if (self->state == CV_TRUNK_REGISTERED)
    send_register (self, 0);
  if (self->request != NULL)
    nta_outgoing_destroy (self->request); /* goes on by itself */
  self->request = NULL;
}

CvTrunk *
cv_trunk_new (nta_agent_t *agent, const CvSipTrunkConfig *config, const char *const contacts[CV_SIP_TLS + 1],
              CvClock *clock, CvTrunkFunc func, gpointer user_data)
{
  CvTrunk *self = g_new0 (CvTrunk, 1);
  self->agent = agent;
  self->config = config;
  memcpy (self->contacts, contacts, sizeof self->contacts);
  self->clock = g_object_ref (clock);
  self->func = func;
  self->user_data = user_data;
  self->expires = config->expires;
  self->call_id = cv_id_new ("");
  self->tag = cv_id_new ("");
  self->seq = g_random_int_range (1, 65536);
  su_home_init (self->home);
  return self;
}

void
cv_trunk_free (CvTrunk *self)
{
  cv_clock_cancel (self->clock, &self->alarm);
  if (self->request != NULL)
    nta_outgoing_destroy (self->request);
  su_home_deinit (self->home);
  g_clear_pointer (&self->learned, cv_sources_free);
  g_free (self->call_id);
  g_free (self->tag);
  g_object_unref (self->clock);
  g_free (self);
}
