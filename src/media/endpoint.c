/* See endpoint.h. */
#include "media/endpoint.h"

#include "media/sdp-answer.h"

#include <string.h>

#define START_BPS 1200000 /* a picture at once for most; a narrow path says so within a round trip */
#define MIN_BPS 60000
#define MAX_BPS 60000000
#define CNAME "conclave"
#define PHONE_TYPE 111 /* what browsers use; each slot has its own anyway */

static const CvSourceType audio_sources[] = { CV_SOURCE_MICROPHONE, CV_SOURCE_SCREEN_AUDIO };
static const CvSourceType video_sources[] = { CV_SOURCE_CAMERA, CV_SOURCE_SCREEN };

/* The n-th line of its kind that the client sends on is a source; a third one is of no use. */
static void
add_source (CvEndpoint *self, const CvSdpMedia *media, guint *n_audio, guint *n_video)
{
  guint *n = media->kind == CV_KIND_AUDIO ? n_audio : n_video;
  const CvSourceType *types = media->kind == CV_KIND_AUDIO ? audio_sources : video_sources;
  if (*n == G_N_ELEMENTS (audio_sources))
    return;
  CvSourceType type = types[(*n)++];
  self->sources[type] = cv_source_new (type, self->person, media);
}

static void
add_slot (CvEndpoint *self, const CvSdpMedia *media, guint *n_audio, guint *n_video)
{
  guint *n = media->kind == CV_KIND_AUDIO ? n_audio : n_video;
  CvSlot *slot = &self->slots[self->n_slots++];
  cv_slot_init (slot, media, (*n)++, self);
  /* Two slots of one SSRC would use the numbers of the key twice: none is left to chance. */
  slot->ssrc = self->ssrc + 2 * self->n_slots;
  slot->rtx_ssrc = slot->ssrc + 1;
}

static void
read_offer (CvEndpoint *self, const CvSdpOffer *offer)
{
  guint sources[2] = { 0, 0 }, slots[2] = { 0, 0 };
  gboolean feeds = FALSE, fed = FALSE;
  self->slots = g_new0 (CvSlot, offer->n_media);
  for (guint i = 0; i < offer->n_media; i++) {
    const CvSdpMedia *media = &offer->media[i];
    if (media->rejected)
      continue;
    for (guint e = 0; e < CV_N_EXTENSIONS; e++)
      if (media->extension[e] != 0)
        self->extension[e] = media->extension[e];
    if (media->sends) {
      add_source (self, media, &sources[0], &sources[1]);
      feeds |= media->twcc;
    } else if (media->receives) {
      add_slot (self, media, &slots[0], &slots[1]);
      fed |= self->slots[self->n_slots - 1].twcc_id != 0;
    }
  }
  if (feeds)
    self->incoming = cv_twcc_receiver_new ();
  if (fed) {
    self->outgoing = cv_twcc_sender_new ();
    self->bandwidth = cv_bandwidth_new (START_BPS, MIN_BPS, MAX_BPS);
  }
}

CvEndpoint *
cv_endpoint_new (const char *person, const CvSdpOffer *offer, CvTransport *transport, GError **error)
{
  CvEndpoint *self = g_new0 (CvEndpoint, 1);
  g_strlcpy (self->person, person, sizeof self->person);
  self->transport = transport;
  self->ssrc = (guint32) g_random_int_range (1, G_MAXINT32);
  self->rtt = -1;
  self->rearrange = TRUE;
  read_offer (self, offer);
  gboolean sends = FALSE;
  for (guint i = 0; i < CV_N_SOURCES; i++)
    sends |= self->sources[i] != NULL;
  if (sends || self->n_slots > 0)
    return self;
  g_set_error (error, CV_SDP_ERROR, CV_SDP_ERROR_NO_CODEC, "there is nothing to send and nothing to receive");
  self->transport = NULL; /* the caller's still */
  cv_endpoint_free (self);
  return NULL;
}

CvEndpoint *
cv_endpoint_new_phone (const char *person)
{
  CvSdpMedia media = { .kind = CV_KIND_AUDIO, .sends = TRUE };
  CvEndpoint *self = g_new0 (CvEndpoint, 1);
  g_strlcpy (self->person, person, sizeof self->person);
  media.payload_type[CV_CODEC_OPUS] = PHONE_TYPE;
  media.extension[CV_EXTENSION_AUDIO_LEVEL] = 1; /* it says how loud it is */
  self->rtt = -1;
  self->sources[CV_SOURCE_MICROPHONE] = cv_source_new (CV_SOURCE_MICROPHONE, self->person, &media);
  self->sources[CV_SOURCE_MICROPHONE]->tracks[0].ssrc = (guint32) g_random_int_range (1, G_MAXINT32);
  return self;
}

void
cv_endpoint_free (CvEndpoint *self)
{
  for (guint i = 0; i < self->n_slots; i++)
    cv_slot_assign (&self->slots[i], NULL);
  for (guint i = 0; i < CV_N_SOURCES; i++)
    g_clear_pointer (&self->sources[i], cv_source_free);
  g_clear_pointer (&self->incoming, cv_twcc_receiver_free);
  g_clear_pointer (&self->outgoing, cv_twcc_sender_free);
  g_clear_pointer (&self->bandwidth, cv_bandwidth_free);
  g_clear_pointer (&self->transport, cv_transport_free);
  g_free (self->slots);
  g_free (self);
}

char *
cv_endpoint_answer (CvEndpoint *self, const CvSdpOffer *offer, const guint8 *fingerprint, const char *const *candidates,
                    guint n_candidates)
{
  g_autofree CvSdpSlot *slots = g_new0 (CvSdpSlot, offer->n_media);
  guint n = 0;
  for (guint i = 0; i < offer->n_media; i++) {
    const CvSdpMedia *media = &offer->media[i];
    if (media->rejected || media->sends || !media->receives)
      continue;
    const CvSlot *slot = &self->slots[n++];
    slots[i].ssrc = slot->ssrc;
    slots[i].rtx_ssrc = slot->kind == CV_KIND_VIDEO ? slot->rtx_ssrc : 0;
    g_snprintf (slots[i].msid, sizeof slots[i].msid, "slot-%s %s", slot->mid, slot->mid);
  }
  CvSdpAnswer answer = {
    .ufrag = self->transport->ufrag,
    .pwd = self->transport->pwd,
    .fingerprint = fingerprint,
    .candidates = candidates,
    .n_candidates = n_candidates,
    .cname = CNAME,
    .slots = slots,
  };
  return cv_sdp_write_answer (offer, &answer);
}

static void
set_may (CvSource *source, gboolean may)
{
  if (source == NULL || source->may == may)
    return;
  source->may = may;
  cv_source_interrupt (source, NULL);
}

void
cv_endpoint_set_may (CvEndpoint *self, gboolean microphone, gboolean camera, gboolean screen)
{
  set_may (self->sources[CV_SOURCE_MICROPHONE], microphone);
  set_may (self->sources[CV_SOURCE_CAMERA], camera);
  set_may (self->sources[CV_SOURCE_SCREEN], screen);
  set_may (self->sources[CV_SOURCE_SCREEN_AUDIO], screen);
}

gboolean
cv_endpoint_is_connected (const CvEndpoint *self)
{
  return self->transport != NULL && self->transport->state == CV_TRANSPORT_CONNECTED;
}

/* ---- which stream is it? ---- */

CvStream *
cv_endpoint_find_stream (CvEndpoint *self, guint32 ssrc)
{
  if (self->last != NULL && self->last->ssrc == ssrc)
    return self->last;
  for (guint i = 0; i < self->n_streams; i++)
    if (self->streams[i].ssrc == ssrc)
      return self->last = &self->streams[i];
  return NULL;
}

/* By the MID; without one by what the offer announced; without that by the kind that its payload type tells. */
static CvSource *
find_source (CvEndpoint *self, const CvRtp *rtp, const guint8 *packet, const char *mid, gsize mid_n)
{
  CvSource *by_type = NULL;
  for (guint i = 0; i < CV_N_SOURCES; i++) {
    CvSource *source = self->sources[i];
    CvCodec codec;
    gboolean rtx = FALSE;
    if (source == NULL || !cv_source_find_codec (source, rtp->payload_type, &codec, &rtx))
      continue;
    if (mid_n > 0) {
      if (strlen (source->media.mid) == mid_n && memcmp (source->media.mid, mid, mid_n) == 0)
        return source;
      continue;
    }
    for (guint k = 0; k < source->media.n_sources; k++)
      if (source->media.sources[k].ssrc == rtp->ssrc || source->media.sources[k].rtx_ssrc == rtp->ssrc)
        return source;
    if (by_type == NULL)
      by_type = source;
  }
  return mid_n == 0 ? by_type : NULL;
}

/* A layer by its RID; a source without simulcast has one only. */
static CvTrack *
find_track (CvEndpoint *self, CvSource *source, const CvRtp *rtp, const guint8 *packet, gboolean rtx)
{
  if (source->media.n_rids == 0)
    return &source->tracks[0];
  guint8 id = self->extension[rtx ? CV_EXTENSION_REPAIRED_RID : CV_EXTENSION_RID];
  if (id == 0 || rtp->extension_n[id] == 0)
    return NULL;
  return cv_source_find_rid (source, (const char *) packet + rtp->extension_at[id], rtp->extension_n[id]);
}

static gboolean
is_retired (const CvEndpoint *self, guint32 ssrc)
{
  for (guint i = 0; i < self->n_retired; i++)
    if (self->retired[i] == ssrc)
      return TRUE;
  return FALSE;
}

/* The stream of this kind of a layer before is gone for good: its replay window is. FALSE: there were too many. */
static gboolean
retire_stream (CvEndpoint *self, const CvTrack *track, gboolean rtx)
{
  for (guint i = 0; i < self->n_streams; i++) {
    if (self->streams[i].track != track || self->streams[i].rtx != rtx)
      continue;
    if (self->n_retired == CV_ENDPOINT_MAX_RETIRED)
      return FALSE;
    self->last = NULL;
    self->retired[self->n_retired++] = self->streams[i].ssrc;
    self->streams[i] = self->streams[--self->n_streams];
    return TRUE;
  }
  return TRUE;
}

CvStream *
cv_endpoint_bind_stream (CvEndpoint *self, const CvRtp *rtp, const guint8 *packet, const CvSrtpWindow *window)
{
  guint8 id = self->extension[CV_EXTENSION_MID];
  gsize mid_n = id != 0 ? rtp->extension_n[id] : 0;
  CvSource *source = find_source (self, rtp, packet, (const char *) packet + rtp->extension_at[id], mid_n);
  CvCodec codec;
  gboolean rtx = FALSE;
  if (source == NULL || !cv_source_find_codec (source, rtp->payload_type, &codec, &rtx) || is_retired (self, rtp->ssrc))
    return NULL;
  CvTrack *track = find_track (self, source, rtp, packet, rtx);
  if (track == NULL || !retire_stream (self, track, rtx))
    return NULL;
  if (rtx) {
    track->rtx_ssrc = rtp->ssrc;
    track->rtx_window = *window;
  } else {
    gboolean again = track->ssrc != 0;
    if (again)
      cv_track_restart (track, rtp->ssrc);
    track->ssrc = rtp->ssrc;
    track->window = *window;
    if (again)
      cv_source_interrupt (source, track);
  }
  self->streams[self->n_streams] = (CvStream){ .ssrc = rtp->ssrc, .source = source, .track = track, .rtx = rtx };
  return self->last = &self->streams[self->n_streams++];
}
