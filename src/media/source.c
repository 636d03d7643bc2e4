/* See source.h. */
#include "media/source.h"

#include "media/recording.h"
#include "media/slot.h"

#include <string.h>

#define AUDIO_CLOCK 48000
#define VIDEO_CLOCK 90000

const char *
cv_source_type_to_text (CvSourceType type)
{
  static const char *const texts[CV_N_SOURCES] = { "microphone", "camera", "screen", "screen-audio" };
  return texts[type];
}

CvKind
cv_source_type_get_kind (CvSourceType type)
{
  return type == CV_SOURCE_CAMERA || type == CV_SOURCE_SCREEN ? CV_KIND_VIDEO : CV_KIND_AUDIO;
}

CvSource *
cv_source_new (CvSourceType type, const char *person, const CvSdpMedia *media)
{
  CvSource *self = g_new0 (CvSource, 1);
  gboolean video = media->kind == CV_KIND_VIDEO;
  self->type = type;
  self->person = person;
  self->media = *media;
  self->level = 127;
  self->codec = video ? CV_CODEC_VP8 : CV_CODEC_OPUS;
  self->n_tracks = MAX (media->n_rids, 1);
  self->told = ~0u; /* a publisher begins with all of them */
  self->slots = g_ptr_array_new ();
  for (guint i = 0; i < self->n_tracks; i++) {
    cv_track_init (&self->tracks[i], video ? VIDEO_CLOCK : AUDIO_CLOCK, video);
    if (media->n_rids > 0)
      memcpy (self->tracks[i].rid, media->rids[i], sizeof self->tracks[i].rid);
  }
  return self;
}

void
cv_source_free (CvSource *self)
{
  if (self->recording != NULL)
    cv_recording_detach (self->recording);
  while (self->slots->len > 0)
    cv_slot_assign (g_ptr_array_index (self->slots, self->slots->len - 1), NULL);
  for (guint i = 0; i < self->n_tracks; i++)
    cv_track_clear (&self->tracks[i]);
  g_ptr_array_unref (self->slots);
  g_free (self);
}

CvTrack *
cv_source_find_rid (CvSource *self, const char *rid, gsize n)
{
  for (guint i = 0; i < self->n_tracks; i++)
    if (strlen (self->tracks[i].rid) == n && memcmp (self->tracks[i].rid, rid, n) == 0)
      return &self->tracks[i];
  return NULL;
}

gboolean
cv_source_find_codec (const CvSource *self, guint8 payload_type, CvCodec *codec, gboolean *rtx)
{
  for (guint i = 0; i < CV_N_CODECS && payload_type != 0; i++) {
    *rtx = self->media.rtx_type[i] == payload_type;
    *codec = (CvCodec) i;
    if (*rtx || self->media.payload_type[i] == payload_type)
      return TRUE;
  }
  return FALSE;
}

gboolean
cv_source_is_used (const CvSource *self)
{
  return self->slots->len > 0 || (self->recording != NULL && self->may);
}

guint
cv_source_get_layer (const CvSource *self, const CvTrack *track)
{
  return (guint) (track - self->tracks);
}

void
cv_source_interrupt (CvSource *self, const CvTrack *track)
{
  for (guint i = 0; i < self->slots->len; i++)
    cv_slot_interrupt (g_ptr_array_index (self->slots, i), track);
  if (self->recording != NULL && track == NULL)
    cv_recording_interrupt (self->recording);
}
