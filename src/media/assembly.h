/* Whole frames out of the packets of one stream: brings them into order, waits for those that are sent again, and takes
 * off what RTP added.
 *
 * Owns the packets that wait, and the frame that is being made. One thread; time is what packets bring. What is missing for
 * too long is given up: sound goes on after it, pictures go on with the next keyframe.
 */
#pragma once

#include "media/track.h"

G_BEGIN_DECLS

/* how long a packet that is missing is waited for: pictures are sent again when asked */
#define CV_ASSEMBLY_VIDEO_WAIT_US (600 * 1000)
#define CV_ASSEMBLY_AUDIO_WAIT_US (200 * 1000)
/* packets that wait behind a missing one, and their bytes */
#define CV_ASSEMBLY_MAX_PACKETS 1024
#define CV_ASSEMBLY_MAX_BYTES (1024 * 1024)
/* of a frame; a longer one is not for us */
#define CV_ASSEMBLY_MAX_FRAME (4 * 1024 * 1024)

/* A frame, valid for the call. */
typedef struct {
  CvCodec codec;
  const guint8 *data;
  gsize n;
  guint32 timestamp;
  gint64 at;            /* µs: when its first packet came */
  gboolean keyframe;    /* sound: always */
  guint width, height;  /* of a keyframe where it says so, else 0 */
  const guint8 *config; /* H.264's keyframes: an avcC */
  gsize config_n;
} CvFrame;

typedef void (*CvAssemblyFunc) (const CvFrame *frame, gpointer user_data);

typedef struct _CvAssembly CvAssembly;

CvAssembly *cv_assembly_new (CvCodec codec, CvAssemblyFunc func, gpointer user_data);
void cv_assembly_free (CvAssembly *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvAssembly, cv_assembly_free)

/* Copies what it needs. */
void cv_assembly_put (CvAssembly *self, const CvPacket *packet);
/* Gives up what was waited for too long. */
void cv_assembly_tick (CvAssembly *self, gint64 now);
/* Nothing follows: what can be made of the rest comes out. */
void cv_assembly_flush (CvAssembly *self);
/* The stream does not go on where it was: pictures wait for a keyframe. */
void cv_assembly_interrupt (CvAssembly *self);
/* Nothing can come out before a keyframe. */
gboolean cv_assembly_needs_keyframe (const CvAssembly *self);
/* Packets and frames that were given up. */
guint64 cv_assembly_get_lost (const CvAssembly *self);

G_END_DECLS
