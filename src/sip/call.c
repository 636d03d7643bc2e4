/* See call.h. */
#include "sip/call.h"

#include "base/ids.h"
#include "sip/dialog.h"
#include "sip/sip-sdp.h"
#include "sip/sofia.h"

#include <string.h>
#include <unistd.h>

#define CV_LOG_TOPIC "sip"
#include "base/log.h"

/* h: nobody is on the phone for longer */
#define MAX_HOURS 24

struct _CvCall {
  const CvCallHouse *house;
  char *id;
  guint trunk;
  CvCallerNumber caller;
  CvDialog *dialog;
  CvCallMedia *media;
  CvMenu *menu;
  CvSipSdp sdp;
  gboolean agreed; /* `sdp` is filled */
  gboolean sdes;   /* keys may stand in SDP */
  guint16 port;
  guint32 session, version;
  char *pin; /* that was dialled with the number */
  char room[CV_ID_LETTERS + 1];
  CvBridge *bridge;
  guint32 number; /* 0: not in the meeting */
  gboolean speaks, muted, on_hold, rtp_digits, over;
  gboolean known; /* the others in the meeting have been told of it */
  guint last;     /* on the clock: the longest call */
  guint idle;     /* a source: the end */
};

/* ---- To the daemon ---- */

static JsonBuilder *
build (CvCall *self, const char *type)
{
  JsonBuilder *message = cv_parcel_build (type);
  cv_json_add_text (message, "call", self->id);
  return message;
}

static void
tell (CvCall *self, JsonBuilder *message)
{
  cv_channel_send (self->house->channel, message, NULL, 0);
}

static void
tell_call (CvCall *self)
{
  JsonBuilder *message = build (self, "call");
  cv_json_add_text (message, "from", self->caller.shown);
  cv_json_add_text (message, "trunk", self->house->config->trunks[self->trunk].name);
  cv_json_add_text (message, "source", self->caller.source);
  tell (self, message);
}

static void
tell_ready (CvCall *self)
{
  static const char *const securities[] = { "none", "sdes", "dtls" };
  JsonBuilder *message = build (self, "ready");
  cv_json_add_text (message, "codec", cv_phone_codec_get_name (self->sdp.media.codec));
  cv_json_add_text (message, "security", securities[self->sdp.media.security]);
  tell (self, message);
}

/* Who only listens comes and goes unnoticed. */
static void
tell_others (CvCall *self, gboolean in)
{
  if (self->known == in)
    return;
  self->known = in;
  self->house->moved (self, in, self->house->user_data);
}

/* ---- The end ---- */

static gboolean
on_over (gpointer user_data)
{
  CvCall *self = user_data;
  self->idle = 0;
  self->house->over (self, self->house->user_data);
  return G_SOURCE_REMOVE;
}

static void
finish (CvCall *self)
{
  if (self->idle == 0)
    self->idle = g_idle_add (on_over, self);
}

/* The daemon hears of the end at once; the call stays until the phone knows. */
static void
end (CvCall *self, const char *reason)
{
  if (self->over)
    return;
  self->over = TRUE;
  tell_others (self, FALSE);
  JsonBuilder *message = build (self, "gone");
  cv_json_add_text (message, "reason", reason);
  tell (self, message);
  cv_info (self->room[0] != '\0' ? self->room : NULL, NULL, "call %s is over: %s", self->id, reason);
  if (self->media != NULL)
    cv_call_media_attach (self->media, NULL, 0);
}

void
cv_call_drop (CvCall *self, const char *reason)
{
  if (self->over)
    return;
  end (self, reason);
  if (cv_dialog_hang_up (self->dialog))
    finish (self);
}

static void
on_dialog_ended (const char *reason, gpointer user_data)
{
  CvCall *self = user_data;
  end (self, reason);
  finish (self);
}

/* ---- Media ---- */

static void
apply (CvCall *self)
{
  cv_call_media_set_muted (self->media, !self->speaks || self->muted);
  if (cv_call_media_attach (self->media, self->number != 0 ? self->bridge : NULL, self->number))
    return;
  cv_warning (self->room, NULL, "call %s has no place in the meeting", self->id);
  self->number = 0;
}

static void
fill_end (CvCall *self, CvSipEnd *out)
{
  const CvSipConfig *config = self->house->config;
  *out = (CvSipEnd){ .address = config->external[0] != '\0' ? config->external : config->rtp_address,
                     .port = self->port,
                     .fingerprint = self->house->fingerprint,
                     .id = self->session,
                     .version = ++self->version };
}

static void
tell_held (CvCall *self)
{
  gboolean held = !self->sdp.media.receives;
  if (held == self->on_hold)
    return;
  self->on_hold = held;
  JsonBuilder *message = build (self, "held");
  cv_json_add_bool (message, "on", held);
  tell (self, message);
}

/* Our key stays as long as theirs does: SRTP's numbers go on. */
static void
choose_key (const CvSipSdp *old, CvSipSdp *new)
{
  CvCallAgreement *media = &new->media;
  if (media->security != CV_CALL_SDES)
    return;
  if (old != NULL && old->media.security == CV_CALL_SDES && old->media.profile == media->profile &&
      cv_bytes_equal (old->media.their_key, media->their_key, sizeof media->their_key))
    memcpy (media->our_key, old->media.our_key, sizeof media->our_key);
  else
    cv_random_bytes (media->our_key, cv_srtp_key_length (media->profile) + cv_srtp_salt_length (media->profile));
}

/* What the phone says about media, be it an offer or an answer. FALSE: all stays as it was. */
static gboolean
agree (CvCall *self, const char *text, gsize n, GError **error)
{
  CvSipSdp new;
  if (!cv_sip_sdp_parse (&new, text, n, self->house->config->security, self->sdes, error))
    return FALSE;
  choose_key (self->agreed ? &self->sdp : NULL, &new);
  gboolean fine = cv_call_media_agree (self->media, &new.media);
  if (fine) {
    self->sdp = new;
    self->agreed = TRUE;
  } else
    g_set_error_literal (error, CV_SIP_SDP_ERROR, CV_SIP_SDP_ERROR_NO_MEDIA, "its keys are not of use");
  cv_wipe (&new, sizeof new);
  return fine;
}

static void
on_media_ready (CvCallMedia *media, gpointer user_data)
{
}

static void
on_media_digit (CvCallMedia *media, char digit, gpointer user_data)
{
  CvCall *self = user_data;
  self->rtp_digits = TRUE;
  if (!self->over)
    cv_menu_digit (self->menu, digit);
}

static void
on_media_said (CvCallMedia *media, gpointer user_data)
{
  CvCall *self = user_data;
  if (!self->over)
    cv_menu_said (self->menu);
}

static void
on_media_lost (CvCallMedia *media, const char *reason, gpointer user_data)
{
  CvCall *self = user_data;
  gboolean silent = g_str_equal (reason, "silent");
  if (!silent)
    cv_info (NULL, NULL, "call %s: media failed: %s", self->id, reason);
  cv_call_drop (self, silent ? "media-timeout" : "failed");
}

static const CvCallMediaFuncs media_funcs = { on_media_ready, on_media_digit, on_media_said, on_media_lost };

/* ---- The dialog ---- */

static gboolean
on_dialog_knows (const struct sockaddr *source, gpointer user_data)
{
  CvCall *self = user_data;
  return self->house->knows (self->trunk, source, self->house->user_data);
}

static void
on_dialog_confirmed (const char *text, gsize n, gpointer user_data)
{
  CvCall *self = user_data;
  g_autoptr (GError) error = NULL;
  if (!self->agreed && !agree (self, text, n, &error)) {
    cv_info (NULL, NULL, "call %s: its answer is of no use: %s", self->id, error->message);
    cv_call_drop (self, "failed");
    return;
  }
  tell_ready (self);
  tell_held (self);
  cv_menu_start (self->menu, self->pin);
}

static char *
on_dialog_offered (const char *text, gsize n, gpointer user_data)
{
  CvCall *self = user_data;
  CvSipEnd ours;
  g_autoptr (GError) error = NULL;
  if (text == NULL) {
    fill_end (self, &ours);
    return cv_sip_sdp_write_offer (&self->sdp, &ours);
  }
  if (!agree (self, text, n, &error)) {
    cv_info (NULL, NULL, "call %s: an offer was refused: %s", self->id, error->message);
    return NULL;
  }
  fill_end (self, &ours);
  tell_held (self);
  return cv_sip_sdp_write_answer (&self->sdp, &ours);
}

static void
on_dialog_answered (const char *text, gsize n, gpointer user_data)
{
  CvCall *self = user_data;
  g_autoptr (GError) error = NULL;
  if (agree (self, text, n, &error))
    tell_held (self);
  else
    cv_info (NULL, NULL, "call %s: an answer was passed over: %s", self->id, error->message);
}

/* Who sends digits both ways sends each twice. */
static void
on_dialog_digit (char digit, gpointer user_data)
{
  CvCall *self = user_data;
  if (!self->rtp_digits && !self->over)
    cv_menu_digit (self->menu, digit);
}

static const CvDialogFuncs dialog_funcs = { on_dialog_knows,    on_dialog_confirmed, on_dialog_offered,
                                            on_dialog_answered, on_dialog_digit,     on_dialog_ended };

/* ---- The menu ---- */

static void
on_menu_say (const char *prompt, gpointer user_data)
{
  CvCall *self = user_data;
  cv_call_media_say (self->media, cv_prompts_get (self->house->prompts, prompt));
}

static void
on_menu_hush (gpointer user_data)
{
  CvCall *self = user_data;
  cv_call_media_hush (self->media);
}

static void
on_menu_loop (const char *prompt, guint pause_ms, gpointer user_data)
{
  CvCall *self = user_data;
  cv_call_media_set_loop (self->media, prompt != NULL ? cv_prompts_get (self->house->prompts, prompt) : NULL, pause_ms);
}

static void
on_menu_pin (const char *digits, gpointer user_data)
{
  CvCall *self = user_data;
  JsonBuilder *message = build (self, "pin");
  cv_json_add_text (message, "digits", digits);
  tell (self, message);
}

static void
on_menu_key (const char *what, gpointer user_data)
{
  CvCall *self = user_data;
  JsonBuilder *message = build (self, "key");
  cv_json_add_text (message, "what", what);
  tell (self, message);
}

static void
on_menu_hang_up (const char *reason, gpointer user_data)
{
  cv_call_drop (user_data, reason);
}

static const CvMenuFuncs menu_funcs = { on_menu_say, on_menu_hush, on_menu_loop,
                                        on_menu_pin, on_menu_key,  on_menu_hang_up };

/* ---- What the daemon says ---- */

void
cv_call_pin_result (CvCall *self, CvPinVerdict verdict, const char *room, guint wait_ms, guint tries)
{
  if (self->over)
    return;
  if (verdict == CV_PIN_ROOM)
    g_strlcpy (self->room, room, sizeof self->room);
  cv_menu_pin_result (self->menu, verdict, wait_ms, tries);
}

void
cv_call_set_bridge (CvCall *self, CvBridge *bridge)
{
  self->bridge = bridge;
  apply (self);
}

void
cv_call_hold_on (CvCall *self, CvWaitWhy why)
{
  if (self->over)
    return;
  cv_menu_hold_on (self->menu, why);
  if (!cv_menu_is_in (self->menu)) {
    self->number = 0;
    tell_others (self, FALSE);
  }
  apply (self);
}

void
cv_call_admit (CvCall *self, guint32 number, gboolean host, gboolean speaks)
{
  if (self->over)
    return;
  self->number = number;
  self->speaks = speaks;
  self->muted = FALSE;
  apply (self);
  cv_menu_admit (self->menu, host, speaks);
  tell_others (self, speaks);
}

void
cv_call_say (CvCall *self, const char *prompt)
{
  if (!self->over)
    cv_menu_say (self->menu, prompt);
}

void
cv_call_tone (CvCall *self, gboolean in)
{
  if (!self->over)
    cv_menu_tone (self->menu, in ? "tone-entry" : "tone-exit");
}

void
cv_call_mute (CvCall *self, gboolean on, gboolean by_host)
{
  if (self->over)
    return;
  self->muted = on;
  apply (self);
  cv_menu_say (self->menu, !on ? "unmuted" : by_host ? "muted-by-host" : "muted");
}

void
cv_call_stage (CvCall *self, gboolean speaks)
{
  if (self->over)
    return;
  self->speaks = speaks;
  apply (self);
  cv_menu_say (self->menu, speaks ? "on-stage" : "off-stage");
}

void
cv_call_hang_up (CvCall *self, const char *reason)
{
  if (self->over)
    return;
  self->number = 0;
  apply (self);
  cv_menu_end (self->menu, reason);
  tell_others (self, FALSE);
}

const char *
cv_call_get_id (CvCall *self)
{
  return self->id;
}

guint
cv_call_get_trunk (CvCall *self)
{
  return self->trunk;
}

const char *
cv_call_get_source (CvCall *self)
{
  return self->caller.source;
}

const char *
cv_call_get_room (CvCall *self)
{
  return self->room;
}

/* ---- Its life ---- */

static void
on_last (gpointer user_data)
{
  CvCall *self = user_data;
  self->last = 0;
  cv_call_hang_up (self, "timeout");
}

/* The number that was called, where it is a PIN. */
static char *
read_pin (const CvCallHouse *house, const sip_t *sip)
{
  const char *user = sip->sip_request->rq_url->url_user;
  if (!house->config->pin_in_uri || user == NULL)
    return NULL;
  gsize n = strlen (user);
  gboolean is_pin = n >= CV_MENU_MIN_PIN && n <= CV_MENU_MAX_DIGITS && strspn (user, "0123456789") == n;
  return is_pin ? g_strdup (user) : NULL;
}

/* Sockets, and what was offered; NULL: *status says why not. */
static char *
prepare_media (CvCall *self, const sip_t *sip, int *status)
{
  int rtp, rtcp;
  CvSipEnd ours;
  g_autoptr (GError) error = NULL;
  gboolean offers = sip->sip_payload != NULL && sip->sip_payload->pl_len > 0;
  *status = 503;
  self->port = cv_rtp_ports_take (self->house->ports, &rtp, &rtcp);
  if (self->port == 0)
    return NULL;
  self->media = cv_call_media_new (self->house->exchange, rtp, rtcp, &media_funcs, self);
  *status = 488;
  if (!offers && self->house->config->security == CV_SIP_REQUIRE)
    return NULL;
  if (offers && !agree (self, sip->sip_payload->pl_data, sip->sip_payload->pl_len, &error)) {
    cv_info (NULL, NULL, "an offer was refused: %s", error->message);
    return NULL;
  }
  fill_end (self, &ours);
  return offers ? cv_sip_sdp_write_answer (&self->sdp, &ours) : cv_sip_sdp_write_offer (NULL, &ours);
}

CvCall *
cv_call_new (const CvCallHouse *house, guint trunk, const CvCallerNumber *caller, msg_t *msg, const sip_t *sip,
             gboolean *no_media)
{
  int status;
  g_autoptr (CvCall) self = g_new0 (CvCall, 1);
  CvSipTransport transport = cv_user_agent_get_transport (sip);
  self->house = house;
  self->id = cv_id_new ("c");
  self->trunk = trunk;
  self->caller = *caller;
  self->sdes = transport == CV_SIP_TLS;
  self->session = g_random_int () >> 1;
  self->pin = read_pin (house, sip);
  self->menu = cv_menu_new (house->clock, &menu_funcs, self);
  g_autofree char *answer = prepare_media (self, sip, &status);
  *no_media = answer == NULL && status == 488;
  if (answer == NULL) {
    cv_user_agent_refuse (house->agent, msg, status, status == 488 ? "Not Acceptable Here" : "Service Unavailable");
    return NULL;
  }
  self->dialog = cv_dialog_new (cv_user_agent_get_agent (house->agent), msg, sip,
                                cv_user_agent_get_contact (house->agent, transport), house->clock, &dialog_funcs, self);
  if (self->dialog == NULL)
    return NULL;
  tell_call (self);
  cv_dialog_answer (self->dialog, answer);
  cv_wipe (answer, strlen (answer));
  self->last = cv_clock_after (house->clock, MAX_HOURS * 60 * 60 * 1000, on_last, self);
  return g_steal_pointer (&self);
}

void
cv_call_free (CvCall *self)
{
  cv_clock_cancel (self->house->clock, &self->last);
  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_pointer (&self->dialog, cv_dialog_free);
  cv_menu_free (self->menu);
  g_clear_pointer (&self->media, cv_call_media_free);
  if (self->pin != NULL)
    cv_wipe (self->pin, strlen (self->pin));
  g_free (self->pin);
  cv_wipe (&self->sdp, sizeof self->sdp);
  g_free (self->id);
  g_free (self);
}
