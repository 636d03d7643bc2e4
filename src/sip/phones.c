/* See phones.h. */
#include "sip/phones.h"

#include "base/ids.h"
#include "base/usage.h"
#include "rtp/dtls.h"
#include "sip/bridge.h"
#include "sip/call.h"
#include "sip/sofia.h"
#include "sip/trunk.h"

#include <string.h>
#include <unistd.h>

#define CV_LOG_TOPIC "sip"
#include "base/log.h"

#define STATS_MS 2000
/* for calls to end when we do, and for the last words on the wire after that */
#define CLOSE_MS 2500
#define LAST_WORDS_MS 300
/* meetings with callers */
#define MAX_BRIDGES 256

struct _CvPhones {
  CvSipConfig *config;
  CvChannel *channel;
  CvClock *clock;
  CvDtlsIdentity *identity;
  CvExchange *exchange;
  CvPrompts *prompts;
  CvUserAgent *agent;
  CvRtpPorts ports;
  CvTrunk *trunks[CV_SIP_MAX_TRUNKS];
  GHashTable *calls;   /* id → CvCall, owned */
  GHashTable *bridges; /* room → CvBridge, owned */
  CvCallHouse house;
  guint8 salt[CV_CALLER_NUMBER_SALT];
  guint64 answered;
  struct {
    guint64 full, media;
  } refused[CV_SIP_MAX_TRUNKS];
  guint stats, closing; /* timers */
  GSourceOnceFunc done;
  gpointer done_data;
};

/* ---- News ---- */

static void
tell (CvPhones *self, JsonBuilder *message)
{
  cv_channel_send (self->channel, message, NULL, 0);
}

static void
on_trunk_state (CvTrunk *trunk, CvTrunkState state, const char *text, gpointer user_data)
{
  static const char *const states[] = { "listed", "registering", "registered", "failed" };
  CvPhones *self = user_data;
  JsonBuilder *message = cv_parcel_build ("trunk");
  cv_json_add_text (message, "trunk", cv_trunk_get_config (trunk)->name);
  cv_json_add_text (message, "state", states[state]);
  cv_json_add_text (message, "text", text);
  tell (self, message);
}

static void
add_trunks (CvPhones *self, JsonBuilder *message)
{
  json_builder_set_member_name (message, "trunks");
  json_builder_begin_array (message);
  for (guint i = 0; i < self->config->n_trunks; i++) {
    json_builder_begin_object (message);
    cv_json_add_text (message, "trunk", self->config->trunks[i].name);
    cv_json_add_int (message, "refused_full", (gint64) self->refused[i].full);
    cv_json_add_int (message, "refused_media", (gint64) self->refused[i].media);
    json_builder_end_object (message);
  }
  json_builder_end_array (message);
}

static gboolean
on_stats (gpointer user_data)
{
  CvPhones *self = user_data;
  guint64 full = 0, media = 0;
  const CvUserAgentStats *refused = cv_user_agent_get_stats (self->agent);
  JsonBuilder *message = cv_parcel_build ("stats");
  for (guint i = 0; i < self->config->n_trunks; i++) {
    full += self->refused[i].full;
    media += self->refused[i].media;
  }
  cv_json_add_double (message, "cpu", cv_usage_take_cpu (g_get_monotonic_time ()));
  cv_json_add_int (message, "rss", cv_usage_get_rss ());
  cv_json_add_int (message, "calls", g_hash_table_size (self->calls));
  cv_json_add_int (message, "answered", (gint64) self->answered);
  cv_json_add_int (message, "refused_unknown", (gint64) refused->unknown);
  cv_json_add_int (message, "refused_rate", (gint64) refused->rate);
  cv_json_add_int (message, "refused_full", (gint64) full);
  cv_json_add_int (message, "refused_media", (gint64) media);
  add_trunks (self, message);
  tell (self, message);
  return G_SOURCE_CONTINUE;
}

/* ---- Calls that come ---- */

static int
find_trunk (const struct sockaddr *source, gpointer user_data)
{
  CvPhones *self = user_data;
  for (guint i = 0; i < self->config->n_trunks; i++)
    if (self->trunks[i] != NULL && cv_trunk_knows (self->trunks[i], source))
      return (int) i;
  return -1;
}

static gboolean
knows (guint trunk, const struct sockaddr *source, gpointer user_data)
{
  CvPhones *self = user_data;
  return cv_trunk_knows (self->trunks[trunk], source);
}

/* What follows "sip:", "sips:" or "tel:" in the first URI of a header, up to what ends a user. Returns: (transfer full), NULL. */
static char *
find_user (const char *value)
{
  static const char *const schemes[] = { "sip:", "sips:", "tel:" };
  for (guint i = 0; value != NULL && i < G_N_ELEMENTS (schemes); i++) {
    const char *found = strstr (value, schemes[i]);
    if (found == NULL)
      continue;
    found += strlen (schemes[i]);
    return g_strndup (found, strcspn (found, "@;>?"));
  }
  return NULL;
}

static const char *
find_header (const sip_t *sip, const char *name)
{
  for (const sip_unknown_t *header = sip->sip_unknown; header != NULL; header = header->un_next)
    if (header->un_name != NULL && g_ascii_strcasecmp (header->un_name, name) == 0)
      return header->un_value;
  return NULL;
}

/* Privacy, but for "none": the library has read it. */
static gboolean
wants_privacy (const sip_t *sip)
{
  if (sip->sip_privacy == NULL)
    return FALSE;
  for (const msg_param_t *value = sip->sip_privacy->priv_values; value != NULL && *value != NULL; value++)
    if (g_ascii_strcasecmp (*value, "none") == 0)
      return FALSE;
  return TRUE;
}

/* What the trunk vouches for counts more than what the phone says. */
static void
read_caller (CvPhones *self, const sip_t *sip, const char *address, CvCallerNumber *out)
{
  g_autofree char *asserted = find_user (find_header (sip, "P-Asserted-Identity"));
  const char *said = sip->sip_from->a_url->url_user;
  gboolean hidden = wants_privacy (sip) || (said != NULL && g_ascii_strcasecmp (said, "anonymous") == 0);
  cv_caller_number_init (out, asserted != NULL ? asserted : said, hidden, address, self->salt);
}

/* Is there room for one more, of this trunk and of this caller? */
static gboolean
has_room (CvPhones *self, guint trunk, const CvCallerNumber *caller)
{
  guint of_trunk = 0, of_source = 0;
  GHashTableIter iter;
  CvCall *call;
  g_hash_table_iter_init (&iter, self->calls);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &call)) {
    of_trunk += cv_call_get_trunk (call) == trunk;
    of_source += g_str_equal (cv_call_get_source (call), caller->source);
  }
  return g_hash_table_size (self->calls) < self->config->calls && of_trunk < self->config->trunks[trunk].calls &&
         of_source < self->config->calls_per_source;
}

/* Several trunks may have registered at the same place: what is called is the name that one of them has there. */
static guint
choose_trunk (CvPhones *self, guint trunk, msg_t *msg, const sip_t *sip)
{
  const char *called = sip->sip_request->rq_url->url_user;
  for (guint i = 0; called != NULL && i < self->config->n_trunks; i++) {
    const CvSipTrunkConfig *config = &self->config->trunks[i];
    gsize n = strcspn (config->user, "@");
    if (config->registrars[0] != NULL && strlen (called) == n && strncmp (called, config->user, n) == 0 &&
        cv_trunk_knows (self->trunks[i], &msg_addr (msg)->su_sa))
      return i;
  }
  return trunk;
}

static void
on_invite (guint trunk, msg_t *msg, const sip_t *sip, gpointer user_data)
{
  CvPhones *self = user_data;
  CvCallerNumber caller;
  char address[46];
  gboolean no_media = FALSE;
  trunk = choose_trunk (self, trunk, msg, sip);
  cv_sources_print (&msg_addr (msg)->su_sa, address);
  read_caller (self, sip, address, &caller);
  if (self->closing != 0) {
    cv_user_agent_refuse (self->agent, msg, SIP_503_SERVICE_UNAVAILABLE);
    return;
  }
  if (!has_room (self, trunk, &caller)) {
    self->refused[trunk].full++;
    cv_user_agent_refuse (self->agent, msg, SIP_486_BUSY_HERE);
    return;
  }
  CvCall *call = cv_call_new (&self->house, trunk, &caller, msg, sip, &no_media);
  if (call == NULL) {
    self->refused[trunk].media += no_media ? 1 : 0;
    return;
  }
  self->answered++;
  cv_info (NULL, NULL, "call %s of %s over trunk %s", cv_call_get_id (call), caller.source,
           self->config->trunks[trunk].name);
  g_hash_table_insert (self->calls, (gpointer) cv_call_get_id (call), call);
}

static gboolean
on_last_words (gpointer user_data)
{
  CvPhones *self = user_data;
  self->closing = 0;
  self->done (self->done_data);
  return G_SOURCE_REMOVE;
}

static void
finish_closing (CvPhones *self)
{
  g_source_remove (self->closing);
  self->closing = g_timeout_add (LAST_WORDS_MS, on_last_words, self);
}

/* The other callers of its meeting hear a tone; who has a page sees it. */
static void
on_call_moved (CvCall *call, gboolean in, gpointer user_data)
{
  CvPhones *self = user_data;
  GHashTableIter iter;
  CvCall *other;
  g_hash_table_iter_init (&iter, self->calls);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &other))
    if (other != call && g_str_equal (cv_call_get_room (other), cv_call_get_room (call)))
      cv_call_tone (other, in);
}

static void
on_call_over (CvCall *call, gpointer user_data)
{
  CvPhones *self = user_data;
  g_hash_table_remove (self->calls, cv_call_get_id (call));
  if (self->closing != 0 && g_hash_table_size (self->calls) == 0)
    finish_closing (self);
}

/* ---- What the daemon says ---- */

static CvCall *
find (CvPhones *self, const char *id)
{
  return g_hash_table_lookup (self->calls, id);
}

static void
connect_room (CvPhones *self, const char *room, CvBridge *bridge)
{
  GHashTableIter iter;
  CvCall *call;
  g_hash_table_iter_init (&iter, self->calls);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &call))
    if (g_str_equal (cv_call_get_room (call), room))
      cv_call_set_bridge (call, bridge);
}

void
cv_phones_pin_result (CvPhones *self, const char *id, CvPinVerdict verdict, const char *room, guint wait, guint tries)
{
  CvCall *call = find (self, id);
  if (call == NULL)
    return;
  cv_call_pin_result (call, verdict, room, wait, tries);
  if (room != NULL)
    cv_call_set_bridge (call, g_hash_table_lookup (self->bridges, room));
}

static void
on_bridge_ended (CvBridge *bridge, gpointer user_data)
{
  CvPhones *self = user_data;
  GHashTableIter iter;
  gpointer room, value;
  g_hash_table_iter_init (&iter, self->bridges);
  while (g_hash_table_iter_next (&iter, &room, &value))
    if (value == bridge) {
      connect_room (self, room, NULL);
      g_hash_table_iter_remove (&iter);
      return;
    }
}

void
cv_phones_bridge (CvPhones *self, const char *room, int fd)
{
  cv_phones_unbridge (self, room);
  if (g_hash_table_size (self->bridges) >= MAX_BRIDGES) {
    cv_warning (room, NULL, "too many meetings with callers");
    close (fd);
    return;
  }
  CvBridge *bridge = cv_bridge_new (self->exchange, fd, on_bridge_ended, self);
  g_hash_table_insert (self->bridges, g_strdup (room), bridge);
  connect_room (self, room, bridge);
}

void
cv_phones_unbridge (CvPhones *self, const char *room)
{
  if (!g_hash_table_contains (self->bridges, room))
    return;
  connect_room (self, room, NULL);
  g_hash_table_remove (self->bridges, room);
}

void
cv_phones_hold_on (CvPhones *self, const char *id, CvWaitWhy why)
{
  CvCall *call = find (self, id);
  if (call != NULL)
    cv_call_hold_on (call, why);
}

void
cv_phones_admit (CvPhones *self, const char *id, guint32 number, gboolean host, gboolean speaks)
{
  CvCall *call = find (self, id);
  if (call != NULL)
    cv_call_admit (call, number, host, speaks);
}

void
cv_phones_say (CvPhones *self, const char *id, const char *prompt)
{
  CvCall *call = find (self, id);
  if (call != NULL)
    cv_call_say (call, prompt);
}

void
cv_phones_mute (CvPhones *self, const char *id, gboolean on, gboolean by_host)
{
  CvCall *call = find (self, id);
  if (call != NULL)
    cv_call_mute (call, on, by_host);
}

void
cv_phones_stage (CvPhones *self, const char *id, gboolean speaks)
{
  CvCall *call = find (self, id);
  if (call != NULL)
    cv_call_stage (call, speaks);
}

void
cv_phones_hang_up (CvPhones *self, const char *id, const char *reason)
{
  CvCall *call = find (self, id);
  if (call != NULL)
    cv_call_hang_up (call, reason);
}

static gboolean
on_close_late (gpointer user_data)
{
  CvPhones *self = user_data;
  finish_closing (self);
  return G_SOURCE_CONTINUE; /* it was removed already */
}

void
cv_phones_close (CvPhones *self, GSourceOnceFunc done, gpointer user_data)
{
  g_autoptr (GList) all = g_hash_table_get_values (self->calls);
  self->done = done;
  self->done_data = user_data;
  self->closing = g_timeout_add (CLOSE_MS, on_close_late, self);
  for (guint i = 0; i < self->config->n_trunks; i++)
    cv_trunk_stop (self->trunks[i]);
  for (GList *item = all; item != NULL; item = item->next)
    cv_call_drop (item->data, "ended");
  if (all == NULL)
    finish_closing (self);
}

/* ---- Its life ---- */

static void
make_house (CvPhones *self)
{
  cv_rtp_ports_init (&self->ports, self->config->rtp_address, self->config->rtp_first, self->config->rtp_last);
  self->house = (CvCallHouse){
    .config = self->config,
    .channel = self->channel,
    .clock = self->clock,
    .agent = self->agent,
    .exchange = self->exchange,
    .prompts = self->prompts,
    .ports = &self->ports,
    .fingerprint = cv_dtls_identity_get_fingerprint (self->identity),
    .knows = knows,
    .moved = on_call_moved,
    .over = on_call_over,
    .user_data = self,
  };
}

static void
make_trunks (CvPhones *self)
{
  const char *contacts[CV_SIP_TLS + 1];
  for (guint i = 0; i < G_N_ELEMENTS (contacts); i++)
    contacts[i] = cv_user_agent_get_contact (self->agent, i);
  for (guint i = 0; i < self->config->n_trunks; i++)
    self->trunks[i] = cv_trunk_new (cv_user_agent_get_agent (self->agent), &self->config->trunks[i], contacts,
                                    self->clock, on_trunk_state, self);
}

CvPhones *
cv_phones_new (CvSipConfig *config, CvChannel *channel, CvClock *clock, int prompts, int tls, GError **error)
{
  static const CvUserAgentFuncs funcs = { find_trunk, on_invite };
  CvPhones *self = g_new0 (CvPhones, 1);
  self->config = config;
  self->channel = g_object_ref (channel);
  self->clock = g_object_ref (clock);
  self->calls = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) cv_call_free);
  self->bridges = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) cv_bridge_free);
  cv_usage_get_rss (); /* opens what it reads */
  cv_random_bytes (self->salt, sizeof self->salt);
  self->identity = cv_dtls_identity_new (error);
  self->agent = self->identity != NULL ? cv_user_agent_new (config, tls, &funcs, self, error) : NULL;
  if (self->agent == NULL) {
    cv_phones_free (self);
    return NULL;
  }
  self->exchange = cv_exchange_new (self->identity);
  self->prompts = cv_prompts_new (prompts, config->language);
  make_house (self);
  make_trunks (self);
  self->stats = g_timeout_add (STATS_MS, on_stats, self);
  return self;
}

void
cv_phones_start (CvPhones *self)
{
  for (guint i = 0; i < self->config->n_trunks; i++)
    cv_trunk_start (self->trunks[i]);
}

gboolean
cv_phones_set_password (CvPhones *self, const char *trunk, const char *password)
{
  for (guint i = 0; i < self->config->n_trunks; i++) {
    CvSipTrunkConfig *config = &self->config->trunks[i];
    if (!g_str_equal (config->name, trunk))
      continue;
    cv_secret_replace (&config->password, password);
    if (self->closing == 0)
      cv_trunk_renew (self->trunks[i]);
    return TRUE;
  }
  return FALSE;
}

void
cv_phones_free (CvPhones *self)
{
  g_clear_handle_id (&self->stats, g_source_remove);
  g_clear_handle_id (&self->closing, g_source_remove);
  g_hash_table_unref (self->calls);
  g_hash_table_unref (self->bridges);
  for (guint i = 0; i < self->config->n_trunks; i++)
    g_clear_pointer (&self->trunks[i], cv_trunk_free);
  g_clear_pointer (&self->agent, cv_user_agent_free);
  g_clear_pointer (&self->prompts, cv_prompts_free);
  g_clear_pointer (&self->exchange, cv_exchange_free);
  g_clear_pointer (&self->identity, cv_dtls_identity_free);
  cv_sip_config_free (self->config);
  g_object_unref (self->channel);
  g_object_unref (self->clock);
  g_free (self);
}

void
cv_phones_add_listening (CvPhones *self, JsonBuilder *message)
{
  const CvSipListener *listeners = cv_user_agent_get_listeners (self->agent);
  json_builder_set_member_name (message, "listening");
  json_builder_begin_array (message);
  for (guint i = 0; i < self->config->n_listeners; i++) {
    json_builder_begin_object (message);
    cv_json_add_text (message, "transport", cv_sip_transport_get_name (listeners[i].transport));
    cv_json_add_text (message, "address", listeners[i].address);
    cv_json_add_int (message, "port", listeners[i].port);
    json_builder_end_object (message);
  }
  json_builder_end_array (message);
}
