/* What a person may send: microphone, camera, screen, or the screen's sound. Owns its tracks. Main thread. Knows the
 * slots that show it, and nothing of transports.
 */
#pragma once

#include "media/sdp.h"
#include "media/track.h"

G_BEGIN_DECLS

typedef enum {
  CV_SOURCE_MICROPHONE,
  CV_SOURCE_CAMERA,
  CV_SOURCE_SCREEN,
  CV_SOURCE_SCREEN_AUDIO,
  CV_N_SOURCES,
} CvSourceType;

/* "microphone", "camera", "screen", "screen-audio". */
const char *cv_source_type_to_text (CvSourceType type);
CvKind cv_source_type_get_kind (CvSourceType type);

typedef struct _CvSlot CvSlot;
typedef struct _CvRecording CvRecording;

typedef struct {
  CvSourceType type;
  const char *person; /* borrowed from its endpoint */
  CvSdpMedia media;   /* as offered */
  CvTrack tracks[CV_SDP_MAX_RIDS];
  guint n_tracks;         /* low to high */
  GPtrArray *slots;       /* of CvSlot, borrowed: who gets it */
  CvRecording *recording; /* borrowed: what it is written to; NULL: nothing */
  gboolean may;           /* it may be forwarded */
  guint8 level;           /* of the last packet */
  CvCodec codec;          /* of the last packet */
  /* What somebody has use for, a bit a layer, and since when a layer is not among it (µs). */
  guint wanted;
  gint64 unwanted_at[CV_SDP_MAX_RIDS];
  guint told; /* what the publisher was told last */
} CvSource;

/* (transfer full) */
CvSource *cv_source_new (CvSourceType type, const char *person, const CvSdpMedia *media);
/* Slots that show it are left without. */
void cv_source_free (CvSource *self);

/* NULL where there is no such layer. */
CvTrack *cv_source_find_rid (CvSource *self, const char *rid, gsize n);
/* The original's codec of a payload type; `rtx`: it is that codec's RTX. FALSE: not one that was offered. */
gboolean cv_source_find_codec (const CvSource *self, guint8 payload_type, CvCodec *codec, gboolean *rtx);
/* Somebody gets it, or it is recorded. */
gboolean cv_source_is_used (const CvSource *self);
guint cv_source_get_layer (const CvSource *self, const CvTrack *track);
/* A stream of it begins anew, or it may not be forwarded any more: who shows it waits for a keyframe. */
void cv_source_interrupt (CvSource *self, const CvTrack *track);

G_END_DECLS
