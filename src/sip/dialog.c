/* See dialog.h. */
#include "sip/dialog.h"

#include "base/ids.h"
#include "sip/info-digit.h"
#include "sip/session-timer.h"
#include "sip/sofia.h"
#include "sip/sources.h"

#include <string.h>

typedef enum { RINGING, ANSWERED, CONFIRMED, OVER } State;

struct _CvDialog {
  nta_agent_t *agent;
  CvClock *clock;
  CvDialogFuncs funcs;
  gpointer user_data;
  State state;
  gboolean ending; /* hung up, and waits for the ACK */
  nta_leg_t *leg;
  nta_incoming_t *invite;   /* the first one, until it is confirmed */
  nta_incoming_t *reinvite; /* a later one, until it is confirmed */
  gboolean offered_ours;    /* our answer to it is an offer */
  nta_outgoing_t *refresh;
  char *contact;
  char *route; /* where the INVITE came from; NULL: what it recorded says where to */
  char *sdp;   /* what we said last, for refreshing */
  CvSessionTimer timer;
  guint alarm;
  gboolean updates; /* it takes UPDATE */
};

static void
end (CvDialog *self, const char *reason)
{
  if (self->state == OVER)
    return;
  self->state = OVER;
  cv_clock_cancel (self->clock, &self->alarm);
  self->funcs.ended (reason, self->user_data);
}

static void
drop (nta_incoming_t **transaction)
{
  if (*transaction == NULL)
    return;
  nta_incoming_bind (*transaction, NULL, NULL);
  g_clear_pointer (transaction, nta_incoming_destroy);
}

static void
keep_sdp (CvDialog *self, const char *sdp)
{
  g_autofree char *copy = g_strdup (sdp);
  g_free (self->sdp);
  self->sdp = g_steal_pointer (&copy);
}

/* Back to where it came from, whatever a phone behind a NAT takes for its address. */
static url_string_t *
get_route (CvDialog *self)
{
  return self->route != NULL ? URL_STRING_MAKE (self->route) : NULL;
}

static char *
make_route (msg_t *msg, const sip_t *sip)
{
  char address[46];
  const su_sockaddr_t *source = msg_addr (msg);
  cv_sources_print (&source->su_sa, address);
  if (sip->sip_record_route != NULL || address[0] == '\0' || sip->sip_via == NULL)
    return NULL;
  gboolean six = strchr (address, ':') != NULL;
  const char *transport = strrchr (sip->sip_via->v_protocol, '/');
  return g_strdup_printf ("sip:%s%s%s:%u;transport=%s", six ? "[" : "", address, six ? "]" : "",
                          g_ntohs (source->su_port), transport != NULL ? transport + 1 : "udp");
}

/* BYE goes on by itself: nobody needs its answer. */
static void
send_bye (CvDialog *self)
{
  nta_outgoing_t *bye = nta_outgoing_tcreate (self->leg, NULL, NULL, get_route (self), SIP_METHOD_BYE, NULL,
                                              SIPTAG_USER_AGENT_STR (CV_SIP_SERVER), TAG_END ());
  if (bye != NULL)
    nta_outgoing_destroy (bye);
}

/* ---- Session timers ---- */

static void send_refresh (CvDialog *self);

static void
on_alarm (gpointer user_data)
{
  CvDialog *self = user_data;
  self->alarm = 0;
  if (self->timer.we) {
    send_refresh (self);
    return;
  }
  send_bye (self);
  end (self, "session-timeout");
}

static void
wind (CvDialog *self)
{
  cv_clock_cancel (self->clock, &self->alarm);
  if (self->timer.interval > 0)
    self->alarm = cv_clock_after (self->clock, cv_session_timer_get_ms (&self->timer), on_alarm, self);
}

static gboolean
has_option (const sip_supported_t *options, const char *name)
{
  return options != NULL && sip_has_feature (options, name) == 1;
}

static void
agree_on_timer (CvDialog *self, const sip_t *sip)
{
  const sip_session_expires_t *expires = sip->sip_session_expires;
  CvSessionTimerAsked asked = {
    .supported = has_option (sip->sip_supported, "timer"),
    .interval = expires != NULL ? (guint) MIN (expires->x_delta, G_MAXINT) : 0,
    .min = sip->sip_min_se != NULL ? (guint) MIN (sip->sip_min_se->min_delta, G_MAXINT) : 0,
    .refresher = expires != NULL ? expires->x_refresher : NULL,
  };
  cv_session_timer_agree (&self->timer, &asked);
  if (sip->sip_allow != NULL)
    self->updates = sip_is_allowed (sip->sip_allow, SIP_METHOD_UPDATE) == 1;
}

static void
acknowledge (CvDialog *self, const sip_t *sip)
{
  su_home_t home[1] = { SU_HOME_INIT (home) };
  sip_cseq_t *cseq = sip_cseq_create (home, sip->sip_cseq->cs_seq, SIP_METHOD_ACK);
  nta_outgoing_t *ack = nta_outgoing_tcreate (self->leg, NULL, NULL, get_route (self), SIP_METHOD_ACK, NULL,
                                              SIPTAG_CSEQ (cseq), SIPTAG_USER_AGENT_STR (CV_SIP_SERVER), TAG_END ());
  if (ack != NULL)
    nta_outgoing_destroy (ack);
  su_home_deinit (home);
}

static int
on_refreshed (void *magic, nta_outgoing_t *request, const sip_t *sip)
{
  CvDialog *self = magic;
  int status = sip != NULL && sip->sip_status != NULL ? sip->sip_status->st_status : 408;
  if (status < 200)
    return 0;
  gboolean invited = nta_outgoing_method (request) == sip_method_invite;
  if (invited && status < 300)
    acknowledge (self, sip);
  g_clear_pointer (&self->refresh, nta_outgoing_destroy);
  if (status == 408 || status == 481) {
    send_bye (self);
    end (self, "session-timeout");
    return 0;
  }
  if (status >= 300 && !invited)
    self->updates = FALSE; /* by INVITE, then */
  wind (self);
  return 0;
}

static void
send_refresh (CvDialog *self)
{
  g_autofree char *expires = cv_session_timer_print (&self->timer);
  if (self->refresh != NULL || self->reinvite != NULL) {
    wind (self);
    return;
  }
  /* as the one who asks, what we did is what "uac" does */
  g_free (expires);
  expires = g_strdup_printf ("%u;refresher=uac", self->timer.interval);
  if (self->updates)
    self->refresh =
      nta_outgoing_tcreate (self->leg, on_refreshed, self, get_route (self), SIP_METHOD_UPDATE, NULL,
                            SIPTAG_CONTACT_STR (self->contact), SIPTAG_SUPPORTED_STR (CV_SIP_SUPPORTED),
                            SIPTAG_SESSION_EXPIRES_STR (expires), SIPTAG_USER_AGENT_STR (CV_SIP_SERVER), TAG_END ());
  else
    self->refresh = nta_outgoing_tcreate (self->leg, on_refreshed, self, get_route (self), SIP_METHOD_INVITE, NULL,
                                          SIPTAG_CONTACT_STR (self->contact), SIPTAG_SUPPORTED_STR (CV_SIP_SUPPORTED),
                                          SIPTAG_SESSION_EXPIRES_STR (expires), SIPTAG_ALLOW_STR (CV_SIP_ALLOW),
                                          SIPTAG_CONTENT_TYPE_STR ("application/sdp"), SIPTAG_PAYLOAD_STR (self->sdp),
                                          SIPTAG_USER_AGENT_STR (CV_SIP_SERVER), TAG_END ());
  wind (self);
}

/* ---- Answers ---- */

/* Takes `msg`, which says where it came from. */
static gboolean
is_known (CvDialog *self, msg_t *msg)
{
  gboolean known = msg != NULL && self->funcs.knows (&msg_addr (msg)->su_sa, self->user_data);
  if (msg != NULL)
    msg_destroy (msg);
  return known;
}

static void
reply_ok (CvDialog *self, nta_incoming_t *transaction, const char *sdp)
{
  g_autofree char *expires = cv_session_timer_print (&self->timer);
  nta_incoming_treply (transaction, SIP_200_OK, SIPTAG_CONTACT_STR (self->contact), SIPTAG_ALLOW_STR (CV_SIP_ALLOW),
                       SIPTAG_SUPPORTED_STR (CV_SIP_SUPPORTED), SIPTAG_SERVER_STR (CV_SIP_SERVER),
                       TAG_IF (expires != NULL, SIPTAG_SESSION_EXPIRES_STR (expires)),
                       TAG_IF (expires != NULL && !self->timer.we, SIPTAG_REQUIRE_STR ("timer")),
                       TAG_IF (sdp != NULL, SIPTAG_CONTENT_TYPE_STR ("application/sdp")),
                       TAG_IF (sdp != NULL, SIPTAG_PAYLOAD_STR (sdp)), TAG_END ());
}

static void
get_body (const sip_t *sip, const char **text, gsize *n)
{
  gboolean has = sip != NULL && sip->sip_payload != NULL && sip->sip_payload->pl_len > 0;
  *text = has ? sip->sip_payload->pl_data : NULL;
  *n = has ? sip->sip_payload->pl_len : 0;
}

/* An ACK comes but once, and is taken: but what a stranger says in it is not. */
static void
get_ack_body (CvDialog *self, nta_incoming_t *transaction, const sip_t *sip, const char **text, gsize *n)
{
  get_body (is_known (self, nta_incoming_getrequest_ackcancel (transaction)) ? sip : NULL, text, n);
}

static void
confirm (CvDialog *self, const sip_t *ack)
{
  const char *sdp;
  gsize n;
  get_ack_body (self, self->invite, ack, &sdp, &n);
  drop (&self->invite);
  if (self->ending) {
    send_bye (self);
    end (self, "hung-up");
    return;
  }
  self->state = CONFIRMED;
  wind (self);
  self->funcs.confirmed (sdp, n, self->user_data);
}

/* An ACK, a CANCEL, or neither for too long. */
static int
on_invite (CvDialog *self, nta_incoming_t *transaction, const sip_t *sip)
{
  gboolean ack = sip != NULL && sip->sip_request != NULL && sip->sip_request->rq_method == sip_method_ack;
  if (transaction != self->invite)
    return 0;
  if (ack && self->state == ANSWERED) {
    confirm (self, sip);
    return 0;
  }
  if (self->state == RINGING && sip != NULL) {
    end (self, "cancelled"); /* which sofia-sip answers */
    return 0;
  }
  if (sip == NULL && self->state == ANSWERED) {
    send_bye (self);
    end (self, "no-ack");
  }
  return 0;
}

static int
on_reinvite (CvDialog *self, nta_incoming_t *transaction, const sip_t *sip)
{
  const char *sdp;
  gsize n;
  if (transaction != self->reinvite)
    return 0;
  gboolean ack = sip != NULL && sip->sip_request != NULL && sip->sip_request->rq_method == sip_method_ack;
  gboolean wants_answer = self->offered_ours;
  get_ack_body (self, transaction, sip, &sdp, &n);
  drop (&self->reinvite);
  if (sip == NULL) {
    send_bye (self);
    end (self, "no-ack");
    return 0;
  }
  if (ack && wants_answer && sdp != NULL)
    self->funcs.answered (sdp, n, self->user_data);
  return 0;
}

static int
take_reinvite (CvDialog *self, nta_incoming_t *transaction, const sip_t *sip)
{
  const char *sdp;
  gsize n;
  if (self->state != CONFIRMED || self->reinvite != NULL)
    return 500; /* one after the other: RFC 3261 §14.2 */
  if (self->refresh != NULL && nta_outgoing_method (self->refresh) == sip_method_invite)
    return 491;
  get_body (sip, &sdp, &n);
  g_autofree char *answer = self->funcs.offered (sdp, n, self->user_data);
  if (answer == NULL)
    return 488;
  nta_leg_server_route (self->leg, sip->sip_record_route, sip->sip_contact);
  agree_on_timer (self, sip);
  self->timer.refuse = FALSE;
  self->offered_ours = sdp == NULL;
  self->reinvite = transaction;
  nta_incoming_bind (transaction, on_reinvite, self);
  keep_sdp (self, answer);
  reply_ok (self, transaction, answer);
  wind (self);
  return 0;
}

/* With a body it offers as an INVITE does. */
static int
take_update (CvDialog *self, nta_incoming_t *transaction, const sip_t *sip)
{
  const char *sdp;
  gsize n;
  g_autofree char *answer = NULL;
  get_body (sip, &sdp, &n);
  if (sdp != NULL && (self->state != CONFIRMED || self->reinvite != NULL))
    return 500;
  if (sdp != NULL && (answer = self->funcs.offered (sdp, n, self->user_data)) == NULL)
    return 488;
  if (answer != NULL)
    keep_sdp (self, answer);
  agree_on_timer (self, sip);
  if (self->timer.refuse)
    return 422;
  reply_ok (self, transaction, answer);
  if (self->state == CONFIRMED)
    wind (self);
  return 200;
}

static int
take_info (CvDialog *self, const sip_t *sip)
{
  const char *body;
  gsize n;
  get_body (sip, &body, &n);
  if (body == NULL)
    return 200;
  const char *type = sip->sip_content_type != NULL ? sip->sip_content_type->c_type : NULL;
  if (!cv_info_digit_is_type (type))
    return 415;
  char digit = cv_info_digit_parse (type, body, n);
  if (digit != 0 && self->state == CONFIRMED)
    self->funcs.digit (digit, self->user_data);
  return 200;
}

/* Answers before `ended`, within which we may be freed. */
static int
take_bye (CvDialog *self, nta_incoming_t *transaction)
{
  nta_incoming_treply (transaction, SIP_200_OK, SIPTAG_SERVER_STR (CV_SIP_SERVER), TAG_END ());
  end (self, "hung-up");
  return 200;
}

static int
on_request (CvDialog *self, nta_leg_t *leg, nta_incoming_t *transaction, const sip_t *sip)
{
  if (transaction != NULL && !is_known (self, nta_incoming_getrequest (transaction)))
    return 403;
  switch (sip->sip_request->rq_method) {
  case sip_method_ack:
    return 0;
  case sip_method_invite:
    return take_reinvite (self, transaction, sip);
  case sip_method_update:
    return take_update (self, transaction, sip);
  case sip_method_info:
    return take_info (self, sip);
  case sip_method_bye:
    return take_bye (self, transaction);
  case sip_method_options:
    return 200;
  default:
    return 501;
  }
}

/* ---- Its life ---- */

CvDialog *
cv_dialog_new (nta_agent_t *agent, msg_t *msg, const sip_t *sip, const char *contact, CvClock *clock,
               const CvDialogFuncs *funcs, gpointer user_data)
{
  CvDialog *self = g_new0 (CvDialog, 1);
  self->agent = agent;
  self->clock = g_object_ref (clock);
  self->funcs = *funcs;
  self->user_data = user_data;
  self->contact = g_strdup (contact);
  self->route = make_route (msg, sip);
  agree_on_timer (self, sip);
  self->leg = nta_leg_tcreate (agent, on_request, self, SIPTAG_CALL_ID (sip->sip_call_id), SIPTAG_FROM (sip->sip_to),
                               SIPTAG_TO (sip->sip_from), TAG_END ());
  if (self->timer.refuse || self->leg == NULL || nta_leg_tag (self->leg, NULL) == NULL ||
      nta_leg_server_route (self->leg, sip->sip_record_route, sip->sip_contact) < 0) {
    gboolean short_timer = self->timer.refuse;
    nta_msg_treply (agent, msg, short_timer ? 422 : 500, short_timer ? "Session Interval Too Small" : "Server Error",
                    TAG_IF (short_timer, SIPTAG_MIN_SE_STR (G_STRINGIFY (CV_SESSION_TIMER_MIN_S))), TAG_END ());
    cv_dialog_free (self);
    return NULL;
  }
  self->invite = nta_incoming_create (agent, self->leg, msg, (sip_t *) sip, TAG_END ());
  if (self->invite == NULL) {
    cv_dialog_free (self);
    return NULL;
  }
  nta_incoming_bind (self->invite, on_invite, self);
  return self;
}

void
cv_dialog_answer (CvDialog *self, const char *sdp)
{
  if (self->state != RINGING)
    return;
  self->state = ANSWERED;
  keep_sdp (self, sdp);
  reply_ok (self, self->invite, sdp);
}

void
cv_dialog_refuse (CvDialog *self, int status, const char *phrase)
{
  if (self->state != RINGING)
    return;
  self->state = OVER;
  nta_incoming_treply (self->invite, status, phrase, SIPTAG_SERVER_STR (CV_SIP_SERVER), TAG_END ());
}

gboolean
cv_dialog_hang_up (CvDialog *self)
{
  if (self->state == RINGING)
    cv_dialog_refuse (self, SIP_480_TEMPORARILY_UNAVAILABLE);
  else if (self->state == CONFIRMED)
    send_bye (self);
  self->ending = TRUE;
  if (self->state == ANSWERED)
    return FALSE;
  self->state = OVER;
  cv_clock_cancel (self->clock, &self->alarm);
  return TRUE;
}

void
cv_dialog_free (CvDialog *self)
{
  cv_clock_cancel (self->clock, &self->alarm);
  drop (&self->invite);
  drop (&self->reinvite);
  g_clear_pointer (&self->refresh, nta_outgoing_destroy);
  g_clear_pointer (&self->leg, nta_leg_destroy);
  g_object_unref (self->clock);
  g_free (self->contact);
  g_free (self->route);
  if (self->sdp != NULL)
    cv_wipe (self->sdp, strlen (self->sdp));
  g_free (self->sdp);
  g_free (self);
}
