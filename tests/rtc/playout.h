/* What a video decoder would get: packets in order, made into frames, and whether each could be decoded.
 *
 * Waits for what is missing, then gives up and needs a keyframe. Payloads may be unknown (packets that were not decrypted):
 * then the marker alone divides frames, and keyframes are not seen. Counts what a decoder would choke on. Time is given.
 */
#pragma once

#include "rtc/vp8.h"

G_BEGIN_DECLS

#define CV_RTC_PLAYOUT_SIZE 1024

typedef struct {
  guint64 frames;      /* that ended or were given up */
  guint64 complete;    /* all packets came */
  guint64 decodable;   /* and a keyframe, and all since it */
  guint64 keyframes;   /* complete ones */
  guint64 given_up;    /* packets */
  guint64 timestamps;  /* that did not grow, or differ within a frame */
  guint64 pictures;    /* picture ids with a gap where no packet is missing and no keyframe begins */
  guint64 tl0;         /* the same for TL0PICIDX */
  guint64 jumps;       /* the same where a keyframe begins: a decoder takes it, rewriting leaves none */
  guint64 cut;         /* frames whose end never came before a keyframe began: another layer or source is shown */
  guint64 longest_gap; /* ns between two decodable frames */
} CvRtcPlayoutCounts;

typedef struct {
  guint8 flags;
  gint8 layer;
  gint16 picture, tl0;
  guint16 width, height;
  guint32 timestamp;
} CvRtcPlayoutSlot;

typedef struct {
  CvRtcPlayoutCounts counts;
  gboolean started;
  gint64 next, newest; /* indices: of the packet that is to be taken now, of the newest that came */
  guint64 stalled;     /* since when `next` is missed; 0: it is not */
  gboolean chain;      /* a keyframe and all since then were decodable */
  guint width, height; /* of the last keyframe */
  gboolean in_frame, broken, key, after_gap;
  guint32 timestamp;
  gboolean has_timestamp;
  int picture, tl0; /* of the last frame with a known one; -1 */
  guint since;      /* frames begun since then */
  guint64 last_decodable;
  CvRtcPlayoutSlot *slots;
} CvRtcPlayout;

void cv_rtc_playout_init (CvRtcPlayout *self);
void cv_rtc_playout_clear (CvRtcPlayout *self);
/* `index`: extended sequence number. `vp8` NULL: unknown. `empty`: nothing but padding. FALSE: came too late. */
gboolean cv_rtc_playout_add (CvRtcPlayout *self, gint64 index, guint32 timestamp, gboolean marker, gboolean empty,
                             const CvRtcVp8 *vp8, guint64 now);
/* Gives up what is overdue. */
void cv_rtc_playout_work (CvRtcPlayout *self, guint64 now);
/* Nothing can be decoded until a keyframe comes. */
gboolean cv_rtc_playout_wants_key (const CvRtcPlayout *self);

G_END_DECLS
