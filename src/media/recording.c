/* See recording.h. */
#include "media/recording.h"

#include "media/assembly.h"
#include "media/tape.h"
#include "media/timeline.h"

#include <errno.h>
#include <string.h>

#define CV_LOG_TOPIC "recording"
#include "base/log.h"

/* frames that wait until it is known when they were; more: it is settled at once */
#define MAX_HELD_BYTES (4 * 1024 * 1024)
/* A layer that sent nothing for so long was stopped: a smaller one is better than none. */
#define GONE_US (500 * 1000)
/* A sender's report that is further from when it came is of no use. */
#define MAX_REPORT_AGE_US (5 * G_USEC_PER_SEC)

typedef struct {
  CvRecording *recording;
  guint32 ssrc; /* 0: nothing came yet */
  guint64 top;  /* the newest index */
  CvTimeline timeline;
  CvAssembly *assembly;
} Layer;

struct _CvRecording {
  guint file;
  char person[16];
  CvSourceType type;
  const CvRecordingFuncs *funcs;
  gpointer user_data;
  CvTape *tape;
  const char *reason; /* NULL: it goes on */

  CvSource *source; /* NULL: the person is not connected */
  CvCodec codec;    /* of what is being assembled; CV_N_CODECS: nothing came yet */
  Layer layers[CV_SDP_MAX_RIDS];
  int layer;    /* that is written; -1: none yet */
  int target;   /* that is to be; -1: nothing comes */
  GQueue *held; /* of CvFrame with their data behind them: of `layer`, until it has settled */
  gsize held_bytes;

  guint channels;  /* of sound */
  gint64 key_at;   /* µs: the last keyframe */
  gint64 clock_at; /* µs: the last that was told of the sender's clock; 0: it is time */
  gint64 sr_at;    /* µs: the report that it was told of */
};

/* ---- the file ---- */

static void
on_tape_ended (CvWriterFile *file, int error, guint64 bytes, gpointer user_data)
{
  CvRecording *self = user_data;
  const char *reason = self->reason != NULL ? self->reason : "";
  if (error != 0)
    reason = error == ENOSPC || error == EDQUOT || error == EFBIG ? "full" : "io";
  if (error != 0)
    cv_warning (NULL, self->person, "file %u cannot be written: %s", self->file, g_strerror (error));
  cv_recording_detach (self);
  self->reason = reason;
  self->funcs->ended (self, reason, bytes, self->user_data);
}

CvRecording *
cv_recording_new (guint file, const char *person, CvSourceType type, CvWriter *writer, int fd,
                  const CvRecordingFuncs *funcs, gpointer user_data)
{
  CvRecording *self = g_new0 (CvRecording, 1);
  self->file = file;
  g_strlcpy (self->person, person, sizeof self->person);
  self->type = type;
  self->funcs = funcs;
  self->user_data = user_data;
  self->codec = CV_N_CODECS;
  self->layer = self->target = -1;
  self->held = g_queue_new ();
  self->tape = cv_tape_new (writer, fd, on_tape_ended, self);
  for (guint i = 0; i < G_N_ELEMENTS (self->layers); i++)
    self->layers[i].recording = self;
  return self;
}

static void
reset_layer (Layer *self)
{
  g_clear_pointer (&self->assembly, cv_assembly_free);
  self->ssrc = 0;
}

void
cv_recording_free (CvRecording *self)
{
  if (self->source != NULL)
    self->source->recording = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (self->layers); i++)
    reset_layer (&self->layers[i]);
  g_queue_free_full (self->held, g_free);
  cv_tape_free (self->tape);
  g_free (self);
}

guint
cv_recording_get_file (const CvRecording *self)
{
  return self->file;
}

gboolean
cv_recording_is_of (const CvRecording *self, const char *person, CvSourceType type)
{
  return self->reason == NULL && self->type == type && strcmp (self->person, person) == 0;
}

/* ---- frames ---- */

static void
write_frame (CvRecording *self, const CvFrame *frame)
{
  gint64 time = cv_timeline_get (&self->layers[self->layer].timeline, frame->timestamp);
  gboolean begun = cv_tape_has_begun (self->tape);
  if (!cv_tape_add (self->tape, frame, time, self->channels))
    return;
  if (!begun)
    self->funcs->track (self, frame->codec, cv_tape_get_start (self->tape), frame->width, frame->height,
                        self->user_data);
}

static void
hold (CvRecording *self, const CvFrame *frame)
{
  CvFrame *held = g_malloc (sizeof *held + frame->n + frame->config_n);
  *held = *frame;
  held->data = memcpy (held + 1, frame->data, frame->n);
  if (frame->config_n > 0)
    held->config = memcpy ((guint8 *) (held + 1) + frame->n, frame->config, frame->config_n);
  g_queue_push_tail (self->held, held);
  self->held_bytes += frame->n;
}

static void
release_held (CvRecording *self)
{
  for (CvFrame *frame; (frame = g_queue_pop_head (self->held)) != NULL; g_free (frame))
    write_frame (self, frame);
  self->held_bytes = 0;
}

/* What was held is written, with the time that is known now. */
static void
settle (CvRecording *self)
{
  if (self->layer < 0)
    return;
  cv_timeline_settle (&self->layers[self->layer].timeline);
  release_held (self);
}

static gint64
ntp_to_us (guint64 ntp)
{
  return (gint64) (ntp >> 32) * G_USEC_PER_SEC + (gint64) (((ntp & G_MAXUINT32) * G_USEC_PER_SEC) >> 32);
}

/* Layers are pictures of the same moments: with the sender's word for it there is no jolt. */
static void
follow (CvRecording *self, guint from, guint to)
{
  const CvTrack *old = &self->source->tracks[from], *new = &self->source->tracks[to];
  if (old->sr_ntp != 0 && new->sr_ntp != 0)
    cv_timeline_follow (&self->layers[to].timeline, new->sr_rtp, ntp_to_us (new->sr_ntp), &self->layers[from].timeline,
                        old->sr_rtp, ntp_to_us (old->sr_ntp));
}

static void
change_layer (CvRecording *self, guint to)
{
  settle (self);
  if (self->layer >= 0) {
    follow (self, (guint) self->layer, to);
    if (self->layers[self->layer].assembly != NULL)
      cv_assembly_interrupt (self->layers[self->layer].assembly);
  }
  self->layer = (int) to;
  self->clock_at = 0;
}

static void
on_frame (const CvFrame *frame, gpointer user_data)
{
  Layer *layer = user_data;
  CvRecording *self = layer->recording;
  int i = (int) (layer - self->layers);
  if (i != self->layer) {
    if (!frame->keyframe)
      return;
    change_layer (self, (guint) i);
  }
  if (frame->keyframe)
    self->key_at = g_get_monotonic_time ();
  if (self->held->length == 0 && layer->timeline.settled) {
    write_frame (self, frame);
    return;
  }
  hold (self, frame);
  if (self->held_bytes > MAX_HELD_BYTES)
    settle (self);
}

/* ---- streams ---- */

static void
end_by_itself (CvRecording *self, const char *reason)
{
  cv_recording_detach (self);
  self->reason = reason;
  cv_tape_finish (self->tape);
}

/* How many the file has room for; what it gets may change from packet to packet. */
static guint
count_channels (const CvRecording *self, const CvPacket *packet)
{
  const char *fmtp = self->source->media.fmtp[CV_CODEC_OPUS];
  gboolean stereo = packet->n > packet->header_n && (packet->data[packet->header_n] & 4) != 0; /* RFC 6716 §3.1 */
  return stereo || self->type == CV_SOURCE_SCREEN_AUDIO || strstr (fmtp, "stereo=1") != NULL ? 2 : 1;
}

static void
begin_layer (CvRecording *self, Layer *layer, const CvTrack *track)
{
  if (self->layer >= 0 && layer == &self->layers[self->layer]) {
    if (layer->assembly != NULL)
      cv_assembly_flush (layer->assembly);
    settle (self);
    self->clock_at = 0;
  }
  reset_layer (layer);
  layer->ssrc = track->ssrc;
  layer->top = 0;
  cv_timeline_init (&layer->timeline, track->clock);
}

/* FALSE: the file cannot hold it. */
static gboolean
take_codec (CvRecording *self, const CvPacket *packet)
{
  if (cv_tape_has_begun (self->tape) || self->held->length > 0) {
    end_by_itself (self, "codec");
    return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (self->layers); i++)
    g_clear_pointer (&self->layers[i].assembly, cv_assembly_free);
  self->codec = packet->codec;
  if (packet->codec == CV_CODEC_OPUS)
    self->channels = count_channels (self, packet);
  return TRUE;
}

static gboolean
is_taken (const CvRecording *self, guint layer)
{
  return self->source->n_tracks == 1 || (int) layer == self->layer || (int) layer == self->target;
}

void
cv_recording_packet (CvRecording *self, CvTrack *track, const CvPacket *packet)
{
  guint i = cv_source_get_layer (self->source, track);
  Layer *layer = &self->layers[i];
  if (layer->ssrc != track->ssrc)
    begin_layer (self, layer, track);
  if (packet->index > layer->top) {
    layer->top = packet->index;
    cv_timeline_arrive (&layer->timeline, packet->timestamp, packet->at);
  }
  if ((int) i > self->target && (self->target < 0 || packet->payload.keyframe))
    self->target = (int) i; /* it begins */
  if (!is_taken (self, i))
    return;
  if (layer->assembly == NULL || packet->codec != self->codec) {
    if (packet->codec != self->codec && !take_codec (self, packet))
      return;
    layer->assembly = cv_assembly_new (self->codec, on_frame, layer);
  }
  cv_assembly_put (layer->assembly, packet);
  if (self->held->length > 0 && (int) i == self->layer && layer->timeline.settled)
    release_held (self);
}

void
cv_recording_attach (CvRecording *self, CvSource *source)
{
  self->source = source;
  source->recording = self;
  cv_recording_tick (self, g_get_monotonic_time ());
}

void
cv_recording_detach (CvRecording *self)
{
  if (self->source == NULL)
    return;
  if (self->layer >= 0 && self->layers[self->layer].assembly != NULL)
    cv_assembly_flush (self->layers[self->layer].assembly);
  settle (self);
  for (guint i = 0; i < G_N_ELEMENTS (self->layers); i++)
    reset_layer (&self->layers[i]);
  self->layer = self->target = -1;
  self->clock_at = 0;
  self->source->recording = NULL;
  self->source = NULL;
}

void
cv_recording_interrupt (CvRecording *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->layers); i++)
    if (self->layers[i].assembly != NULL)
      cv_assembly_interrupt (self->layers[i].assembly);
}

/* ---- now and then ---- */

/* The largest that comes; what was taken stays it while nothing does. */
static void
choose_layer (CvRecording *self, gint64 now)
{
  for (guint i = self->source->n_tracks; i > 0; i--)
    if (now - self->source->tracks[i - 1].at < GONE_US) {
      self->target = (int) i - 1;
      return;
    }
}

static void
ask_for_keyframes (CvRecording *self, gint64 now)
{
  if (self->target < 0 || cv_source_type_get_kind (self->type) != CV_KIND_VIDEO ||
      !cv_track_is_live (&self->source->tracks[self->target], now))
    return;
  const CvAssembly *assembly = self->layers[self->target].assembly;
  if (self->target != self->layer || assembly == NULL || cv_assembly_needs_keyframe (assembly) ||
      cv_tape_needs_keyframe (self->tape) || now - self->key_at >= CV_RECORDING_KEYFRAME_US)
    cv_track_want_keyframe (&self->source->tracks[self->target]);
}

static void
tell_clock (CvRecording *self, gint64 now)
{
  if (self->layer < 0 || !cv_tape_has_begun (self->tape) || !self->layers[self->layer].timeline.settled ||
      (self->clock_at != 0 && now - self->clock_at < CV_RECORDING_CLOCK_US))
    return;
  const CvTrack *track = &self->source->tracks[self->layer];
  if (track->sr_ntp == 0 || (self->clock_at != 0 && track->sr_at == self->sr_at))
    return;
  gint64 time = cv_timeline_get (&self->layers[self->layer].timeline, track->sr_rtp);
  if (ABS (time - track->sr_at) > MAX_REPORT_AGE_US)
    return;
  gint64 pts = time - cv_tape_get_start (self->tape), before = MIN (pts, 0);
  self->clock_at = now;
  self->sr_at = track->sr_at;
  self->funcs->clock (self, pts - before, ntp_to_us (track->sr_ntp) - before, self->user_data);
}

void
cv_recording_tick (CvRecording *self, gint64 now)
{
  if (self->source != NULL && self->source->may) {
    choose_layer (self, now);
    ask_for_keyframes (self, now);
  }
  for (guint i = 0; i < G_N_ELEMENTS (self->layers); i++)
    if (self->layers[i].assembly != NULL)
      cv_assembly_tick (self->layers[i].assembly, now);
  if (self->layer >= 0) {
    Layer *layer = &self->layers[self->layer];
    if (self->held->length > 0 && cv_timeline_is_settled (&layer->timeline, now))
      release_held (self);
    tell_clock (self, now);
  }
  cv_tape_flush (self->tape);
}

void
cv_recording_finish (CvRecording *self)
{
  cv_recording_detach (self);
  if (cv_tape_get_left_out (self->tape) > 0)
    cv_warning (NULL, self->person, "file %u lacks %" G_GUINT64_FORMAT " frames: the disk was too slow", self->file,
                cv_tape_get_left_out (self->tape));
  self->reason = "";
  cv_tape_finish (self->tape);
}
