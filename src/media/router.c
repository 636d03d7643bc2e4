/* See router.h. */
#include "media/router.h"

#include "media/receiver.h"
#include "media/sender.h"

#include <string.h>

#define TICK_MS 10
#define IDLE_TICK_MS 50 /* where nobody has a transport */
#define SPEAKERS_EVERY_US (60 * 1000)
#define SPEAKERS_TOLD_US (200 * 1000) /* people see changes no quicker */
#define CHOOSE_EVERY_US (250 * 1000)
#define WANTED_EVERY_US (250 * 1000)
/* an address that a person checked so lately is theirs; browsers check every few seconds */
#define IN_USE_US (15 * G_USEC_PER_SEC)
/* packets of one batch that are forwarded; as many as the socket reads at once */
#define MAX_PACKETS 64
#define SPOKEN_ROOM 512 /* a packet of a phone */

struct _CvRouter {
  const CvRouterFuncs *funcs;
  gpointer user_data;
  CvDtlsIdentity *identity; /* borrowed */
  CvRecorder *recorder;     /* borrowed, or NULL */
  CvSocket *socket;
  char **candidates;
  GPtrArray *everyone;    /* owned, in the order they came */
  GHashTable *by_person;  /* borrowed */
  GHashTable *by_ufrag;   /* borrowed */
  GHashTable *by_address; /* CvAddress (owned) → CvEndpoint, borrowed */
  char *spotlight;

  CvSpeakers *speakers;
  CvEndpoint *heard[CV_SPEAKERS_MAX];
  gint64 speakers_at, told_at, wanted_at;
  gboolean speaking_changed;

  CvPacket packets[MAX_PACKETS]; /* of this batch */
  guint n_packets;
  guint8 (*spoken)[SPOKEN_ROOM]; /* what those of phones stand in; NULL: nobody called yet */
  CvRouterListenFunc listen;     /* NULL: nobody does */
  gpointer listen_data;
  GPtrArray *touched; /* endpoints that something waits for */
  guint tick, tick_ms;
};

G_DEFINE_QUARK (cv_router_error, cv_router_error)

static CvScene
get_scene (CvRouter *self)
{
  return (CvScene){
    .by_person = self->by_person, .everyone = self->everyone, .heard = self->heard, .spotlight = self->spotlight
  };
}

static void
rearrange_all (CvRouter *self)
{
  for (guint i = 0; i < self->everyone->len; i++)
    ((CvEndpoint *) g_ptr_array_index (self->everyone, i))->rearrange = TRUE;
}

/* ---- where they are ---- */

static gboolean
is_in_use (const CvEndpoint *endpoint, const CvAddress *address, gint64 now)
{
  const CvTransport *transport = endpoint->transport;
  return transport->state == CV_TRANSPORT_CONNECTED && cv_address_equal (&transport->address, address) &&
         now - transport->heard < IN_USE_US;
}

/* The oldest makes room, but not the one that media go to. */
static CvAddress *
find_place (CvRouter *self, CvEndpoint *endpoint)
{
  if (endpoint->n_addresses < CV_ENDPOINT_MAX_ADDRESSES)
    return &endpoint->addresses[endpoint->n_addresses++];
  CvAddress *place;
  do {
    place = &endpoint->addresses[endpoint->next_address];
    endpoint->next_address = (endpoint->next_address + 1) % CV_ENDPOINT_MAX_ADDRESSES;
  } while (cv_address_equal (place, &endpoint->transport->address));
  if (g_hash_table_lookup (self->by_address, place) == endpoint)
    g_hash_table_remove (self->by_address, place);
  return place;
}

static void
learn_address (CvRouter *self, CvEndpoint *endpoint, const CvAddress *address)
{
  if (g_hash_table_lookup (self->by_address, address) == endpoint)
    return;
  gboolean known = FALSE;
  for (guint i = 0; i < endpoint->n_addresses && !known; i++)
    known = cv_address_equal (&endpoint->addresses[i], address);
  if (!known)
    *find_place (self, endpoint) = *address;
  g_hash_table_replace (self->by_address, g_memdup2 (address, sizeof *address), endpoint);
}

/* ---- batches: the hot path ---- */

static void
on_stun (CvRouter *self, const guint8 *data, gsize n, const CvAddress *from, gint64 now)
{
  CvStunRequest request;
  if (!cv_stun_parse_request (&request, data, n))
    return;
  char ufrag[CV_TRANSPORT_UFRAG];
  if (!cv_stun_copy_ufrag (&request, ufrag, sizeof ufrag))
    return;
  CvEndpoint *endpoint = g_hash_table_lookup (self->by_ufrag, ufrag);
  const CvEndpoint *other = g_hash_table_lookup (self->by_address, from);
  /* A sender's address can be forged: with a password of their own nobody may take another's. */
  if (endpoint == NULL || (other != NULL && other != endpoint && is_in_use (other, from, now)))
    return;
  CvAddress before = endpoint->transport->address;
  if (!cv_transport_check (endpoint->transport, &request, data, n, from, now))
    return;
  learn_address (self, endpoint, from);
  if (!cv_address_equal (&before, &endpoint->transport->address))
    cv_sender_moved (endpoint);
}

static void
forward (CvRouter *self, CvSource *source, CvTrack *track, const CvPacket *packet)
{
  for (guint i = 0; i < source->slots->len; i++) {
    CvSlot *slot = g_ptr_array_index (source->slots, i);
    CvStretch as;
    if (cv_slot_accept (slot, track, packet, &as) && cv_sender_add (slot->endpoint, slot, packet, &as))
      g_ptr_array_add (self->touched, slot->endpoint);
  }
}

static void
let_listen (CvRouter *self, const CvEndpoint *endpoint, const CvSource *source, const CvPacket *packet)
{
  gboolean heard = source->type == CV_SOURCE_SCREEN_AUDIO;
  for (guint i = 0; i < CV_SPEAKERS_MAX && !heard; i++)
    heard = self->heard[i] == endpoint;
  if (heard && packet->codec == CV_CODEC_OPUS)
    self->listen (source, packet, self->listen_data);
}

static void
on_rtp (CvRouter *self, CvEndpoint *endpoint, guint8 *data, gsize n, gint64 now)
{
  CvTrack *track = NULL;
  if (self->n_packets == MAX_PACKETS)
    return;
  CvPacket *packet = &self->packets[self->n_packets];
  CvSource *source = cv_receiver_rtp (endpoint, data, n, now, packet, &track);
  if (source == NULL)
    return;
  self->n_packets++;
  if (source->type == CV_SOURCE_MICROPHONE)
    cv_speakers_level (endpoint->speaker, packet->level, now);
  if (source->type == CV_SOURCE_SCREEN_AUDIO && track->received == 1)
    rearrange_all (self); /* only now is it known that this screen has a sound */
  forward (self, source, track, packet);
  if (source->recording != NULL)
    cv_recording_packet (source->recording, track, packet);
  if (self->listen != NULL && source->media.kind == CV_KIND_AUDIO)
    let_listen (self, endpoint, source, packet);
}

static void
on_datagram (guint8 *data, gsize n, const CvAddress *from, gint64 now, gpointer user_data)
{
  CvRouter *self = user_data;
  if (cv_stun_is (data, n)) {
    on_stun (self, data, n, from, now);
    return;
  }
  CvEndpoint *endpoint = g_hash_table_lookup (self->by_address, from);
  if (endpoint == NULL || n < CV_RTP_HEADER)
    return;
  if (cv_dtls_is (data, n))
    cv_transport_handshake (endpoint->transport, data, n, from);
  else if (data[0] >> 6 != 2)
    return;
  else if (cv_rtp_is_rtcp (data))
    cv_receiver_rtcp (endpoint, data, n, now);
  else
    on_rtp (self, endpoint, data, n, now);
}

static void
on_batch (gint64 now, gpointer user_data)
{
  CvRouter *self = user_data;
  for (guint i = 0; i < self->touched->len; i++)
    cv_sender_flush (g_ptr_array_index (self->touched, i), now);
  g_ptr_array_set_size (self->touched, 0);
  self->n_packets = 0;
}

static const CvSocketFuncs socket_funcs = { on_datagram, on_batch };

/* ---- phones ---- */

void
cv_router_listen (CvRouter *self, CvRouterListenFunc func, gpointer user_data)
{
  self->listen = func;
  self->listen_data = user_data;
}

void
cv_router_flush (CvRouter *self, gint64 now)
{
  on_batch (now, self);
  cv_socket_flush (self->socket);
}

void
cv_router_say (CvRouter *self, CvEndpoint *phone, guint8 level, guint32 timestamp, const guint8 *opus, gsize n,
               gint64 now)
{
  CvSource *source = phone->sources[CV_SOURCE_MICROPHONE];
  CvTrack *track = &source->tracks[0];
  gboolean asks = FALSE;
  g_return_if_fail (phone->transport == NULL && n <= SPOKEN_ROOM - CV_RTP_HEADER);
  if (!source->may)
    return;
  source->level = level;
  cv_speakers_level (phone->speaker, level, now);
  if (n == 0)
    return;
  if (self->n_packets == MAX_PACKETS)
    cv_router_flush (self, now);
  if (self->spoken == NULL)
    self->spoken = g_malloc (MAX_PACKETS * sizeof *self->spoken);
  CvPacket *packet = &self->packets[self->n_packets];
  *packet = (CvPacket){ .data = self->spoken[self->n_packets++],
                        .n = CV_RTP_HEADER + n,
                        .header_n = CV_RTP_HEADER,
                        .index = track->received > 0 ? track->top + 1 : 1,
                        .timestamp = timestamp,
                        .marker = now - track->at > 2 * G_USEC_PER_SEC / 50,
                        .level = level,
                        .codec = CV_CODEC_OPUS,
                        .at = now };
  packet->data[0] = 0x80;
  packet->data[1] = (guint8) ((packet->marker ? 0x80 : 0) | source->media.payload_type[CV_CODEC_OPUS]);
  cv_write16 (packet->data + 2, (guint16) packet->index);
  cv_write32 (packet->data + 4, timestamp);
  cv_write32 (packet->data + 8, track->ssrc);
  memcpy (packet->data + CV_RTP_HEADER, opus, n);
  cv_payload_inspect (&packet->payload, CV_CODEC_OPUS, opus, n);
  cv_track_receive (track, packet, &asks);
  forward (self, source, track, packet);
  if (source->recording != NULL)
    cv_recording_packet (source->recording, track, packet);
}

/* ---- now and then ---- */

static void
look_at_speakers (CvRouter *self, gint64 now)
{
  self->speakers_at = now;
  if (cv_speakers_tick (self->speakers, now)) {
    self->speaking_changed = TRUE;
    gpointer const *heard = cv_speakers_get_heard (self->speakers);
    if (memcmp (heard, self->heard, sizeof self->heard) != 0) {
      memcpy (self->heard, heard, sizeof self->heard);
      rearrange_all (self);
    }
  }
  if (!self->speaking_changed || now - self->told_at < SPEAKERS_TOLD_US)
    return;
  guint n = 0;
  gpointer const *speaking = cv_speakers_get_speaking (self->speakers, &n);
  self->told_at = now;
  self->speaking_changed = FALSE;
  self->funcs->speakers ((CvEndpoint *const *) speaking, n, self->user_data);
}

static void
look_at_slots (CvRouter *self, CvEndpoint *endpoint, gint64 now)
{
  CvScene scene = get_scene (self);
  gboolean changed = FALSE;
  if (endpoint->rearrange)
    changed = cv_distribution_arrange (endpoint, &scene);
  if (endpoint->n_slots > 0 && now - endpoint->chosen_at >= CHOOSE_EVERY_US)
    changed |= cv_distribution_choose_layers (endpoint, &scene, now);
  if (changed)
    self->funcs->slots (endpoint, self->user_data);
}

static void
look_at_wanted (CvRouter *self, gint64 now)
{
  CvScene scene = get_scene (self);
  self->wanted_at = now;
  cv_distribution_note_wanted (&scene, now);
  for (guint i = 0; i < self->everyone->len; i++) {
    CvSource *source = ((CvEndpoint *) g_ptr_array_index (self->everyone, i))->sources[CV_SOURCE_CAMERA];
    if (source == NULL || source->wanted == source->told)
      continue;
    source->told = source->wanted;
    self->funcs->layers (source, self->user_data);
  }
}

static gboolean on_tick (gpointer user_data);

static void
set_tick (CvRouter *self, guint ms)
{
  if (self->tick_ms == ms)
    return;
  g_clear_handle_id (&self->tick, g_source_remove);
  self->tick_ms = ms;
  self->tick = g_timeout_add (ms, on_tick, self);
}

static gboolean
on_tick (gpointer user_data)
{
  CvRouter *self = user_data;
  gint64 now = g_get_monotonic_time ();
  if (now - self->speakers_at >= SPEAKERS_EVERY_US)
    look_at_speakers (self, now);
  for (guint i = 0; i < self->everyone->len; i++) {
    CvEndpoint *endpoint = g_ptr_array_index (self->everyone, i);
    if (endpoint->transport == NULL)
      continue;
    cv_transport_tick (endpoint->transport, now);
    if (!cv_endpoint_is_connected (endpoint))
      continue;
    look_at_slots (self, endpoint, now);
    cv_receiver_tick (endpoint, now);
    cv_sender_tick (endpoint, now);
  }
  if (now - self->wanted_at >= WANTED_EVERY_US)
    look_at_wanted (self, now);
  cv_socket_flush (self->socket);
  for (guint i = self->everyone->len; i > 0; i--) {
    CvEndpoint *endpoint = g_ptr_array_index (self->everyone, i - 1);
    if (endpoint->transport != NULL && endpoint->transport->state >= CV_TRANSPORT_FAILED)
      cv_router_leave (self, endpoint->person);
  }
  return G_SOURCE_CONTINUE;
}

/* ---- who is in ---- */

CvRouter *
cv_router_new (CvDtlsIdentity *identity, const CvRouterOptions *options, const CvRouterFuncs *funcs, gpointer user_data)
{
  CvRouter *self = g_new0 (CvRouter, 1);
  self->funcs = funcs;
  self->user_data = user_data;
  self->identity = identity;
  self->recorder = options->recorder;
  self->candidates = g_strdupv (options->candidates);
  self->everyone = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_endpoint_free);
  self->by_person = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_ufrag = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_address = g_hash_table_new_full (cv_address_hash, cv_address_equal, g_free, NULL);
  self->speakers = cv_speakers_new (options->loudest);
  self->touched = g_ptr_array_new ();
  self->socket = cv_socket_new (options->fds, options->n_fds, &socket_funcs, self);
  set_tick (self, IDLE_TICK_MS);
  return self;
}

void
cv_router_free (CvRouter *self)
{
  while (self->everyone->len > 0)
    cv_router_leave (self, ((CvEndpoint *) g_ptr_array_index (self->everyone, 0))->person);
  g_source_remove (self->tick);
  cv_socket_flush (self->socket); /* their goodbyes */
  cv_socket_free (self->socket);
  g_ptr_array_unref (self->everyone);
  g_hash_table_unref (self->by_person);
  g_hash_table_unref (self->by_ufrag);
  g_hash_table_unref (self->by_address);
  cv_speakers_free (self->speakers);
  g_ptr_array_unref (self->touched);
  g_strfreev (self->candidates);
  g_free (self->spotlight);
  g_free (self->spoken);
  g_free (self);
}

static void
on_transport_changed (CvTransport *transport, gpointer user_data)
{
  CvEndpoint *endpoint = user_data;
  CvRouter *self = endpoint->router;
  self->funcs->state (endpoint, self->user_data);
}

/* Always heard: the spotlight, who presents, and who does not say how loud they are (streaming programs do not). */
static gboolean
is_pinned (const CvRouter *self, const CvEndpoint *endpoint)
{
  const CvSource *screen = endpoint->sources[CV_SOURCE_SCREEN];
  const CvSource *microphone = endpoint->sources[CV_SOURCE_MICROPHONE];
  if (self->spotlight != NULL && strcmp (self->spotlight, endpoint->person) == 0)
    return TRUE;
  return microphone->may &&
         ((screen != NULL && screen->may) || microphone->media.extension[CV_EXTENSION_AUDIO_LEVEL] == 0);
}

static void
pin (CvRouter *self)
{
  for (guint i = 0; i < self->everyone->len; i++) {
    const CvEndpoint *endpoint = g_ptr_array_index (self->everyone, i);
    if (endpoint->speaker != NULL)
      cv_speakers_pin (endpoint->speaker, is_pinned (self, endpoint));
  }
}

static gboolean
is_full (CvRouter *self, const char *person)
{
  return self->everyone->len >= CV_ROUTER_MAX_PEOPLE && !g_hash_table_contains (self->by_person, person);
}

static void
let_in (CvRouter *self, CvEndpoint *endpoint)
{
  cv_router_leave (self, endpoint->person);
  endpoint->router = self;
  g_ptr_array_add (self->everyone, endpoint);
  g_hash_table_insert (self->by_person, endpoint->person, endpoint);
  if (endpoint->sources[CV_SOURCE_MICROPHONE] != NULL)
    endpoint->speaker = cv_speakers_add (self->speakers, endpoint);
  if (self->recorder != NULL)
    for (guint i = 0; i < CV_N_SOURCES; i++)
      if (endpoint->sources[i] != NULL)
        cv_recorder_attach (self->recorder, endpoint->sources[i]);
  rearrange_all (self);
}

char *
cv_router_join (CvRouter *self, const char *person, const char *offer_text, gsize n, GError **error)
{
  g_autoptr (CvSdpOffer) offer = cv_sdp_parse_offer (offer_text, n, error);
  if (offer == NULL)
    return NULL;
  if (is_full (self, person)) {
    g_set_error (error, CV_ROUTER_ERROR, CV_ROUTER_ERROR_TOO_MANY, "there are too many people");
    return NULL;
  }
  CvTransport *transport = cv_transport_new (self->socket, self->identity, offer->fingerprint, g_get_monotonic_time (),
                                             on_transport_changed, NULL);
  CvEndpoint *endpoint = cv_endpoint_new (person, offer, transport, error);
  if (endpoint == NULL) {
    cv_transport_free (transport);
    return NULL;
  }
  transport->user_data = endpoint;
  let_in (self, endpoint);
  g_hash_table_insert (self->by_ufrag, transport->ufrag, endpoint);
  set_tick (self, TICK_MS);
  return cv_endpoint_answer (endpoint, offer, cv_dtls_identity_get_fingerprint (self->identity),
                             (const char *const *) self->candidates, g_strv_length (self->candidates));
}

gboolean
cv_router_join_phone (CvRouter *self, const char *person)
{
  if (is_full (self, person))
    return FALSE;
  let_in (self, cv_endpoint_new_phone (person));
  return TRUE;
}

void
cv_router_leave (CvRouter *self, const char *person)
{
  CvEndpoint *endpoint = g_hash_table_lookup (self->by_person, person);
  if (endpoint == NULL)
    return;
  g_hash_table_remove (self->by_person, endpoint->person);
  if (endpoint->transport != NULL)
    g_hash_table_remove (self->by_ufrag, endpoint->transport->ufrag);
  for (guint i = 0; i < endpoint->n_addresses; i++)
    if (g_hash_table_lookup (self->by_address, &endpoint->addresses[i]) == endpoint)
      g_hash_table_remove (self->by_address, &endpoint->addresses[i]);
  if (endpoint->speaker != NULL)
    cv_speakers_remove (self->speakers, endpoint->speaker);
  for (guint i = 0; i < CV_SPEAKERS_MAX; i++)
    if (self->heard[i] == endpoint)
      self->heard[i] = NULL;
  rearrange_all (self);
  g_ptr_array_remove (self->everyone, endpoint); /* which frees it */
  if (g_hash_table_size (self->by_ufrag) == 0)
    set_tick (self, IDLE_TICK_MS);
}

void
cv_router_set_may (CvRouter *self, const char *person, gboolean microphone, gboolean camera, gboolean screen)
{
  CvEndpoint *endpoint = g_hash_table_lookup (self->by_person, person);
  if (endpoint == NULL)
    return;
  cv_endpoint_set_may (endpoint, microphone, camera, screen);
  pin (self);
  rearrange_all (self);
}

void
cv_router_set_view (CvRouter *self, const char *person, const CvTile *tiles, guint n)
{
  CvEndpoint *endpoint = g_hash_table_lookup (self->by_person, person);
  if (endpoint == NULL)
    return;
  endpoint->n_tiles = MIN (n, CV_TILES_MAX);
  if (endpoint->n_tiles > 0)
    memcpy (endpoint->tiles, tiles, endpoint->n_tiles * sizeof *tiles);
  endpoint->has_view = TRUE;
  endpoint->rearrange = TRUE;
  endpoint->chosen_at = 0;
}

void
cv_router_set_spotlight (CvRouter *self, const char *person)
{
  g_free (self->spotlight);
  self->spotlight = g_strdup (person);
  pin (self);
  rearrange_all (self);
}

CvEndpoint *
cv_router_find (CvRouter *self, const char *person)
{
  return g_hash_table_lookup (self->by_person, person);
}

const GPtrArray *
cv_router_get_endpoints (CvRouter *self)
{
  return self->everyone;
}

const CvSocketCounts *
cv_router_get_counts (CvRouter *self)
{
  return cv_socket_get_counts (self->socket);
}
