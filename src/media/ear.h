/* One source of sound, decoded: packets of Opus in, frames of 16 kHz out, one every 20 ms.
 *
 * Owns decoder and playout. Main thread. Knows nobody who hears it.
 */
#pragma once

#include "media/track.h"
#include "rtp/mix.h"

G_BEGIN_DECLS

typedef struct _CvEar CvEar;

CvEar *cv_ear_new (void);
void cv_ear_free (CvEar *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvEar, cv_ear_free)

/* Packets that are late are passed over; what is missing before one is guessed, or taken from the copy that it carries. */
void cv_ear_put (CvEar *self, const CvPacket *packet);
/* FALSE: there is nothing, `frame` is untouched. */
gboolean cv_ear_take (CvEar *self, gint16 frame[CV_MIX_PHONE_FRAME]);

G_END_DECLS
