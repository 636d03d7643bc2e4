/* Makes real VP8 or Opus of a scene: for those who decode what they get. Time is given. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _CvRtcCoder CvRtcCoder;

/* NULL: the encoder cannot do that. */
CvRtcCoder *cv_rtc_coder_new_picture (guint width, guint height, guint bps, double fps);
CvRtcCoder *cv_rtc_coder_new_sound (guint bps);
void cv_rtc_coder_free (CvRtcCoder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvRtcCoder, cv_rtc_coder_free)

/* A frame of the scene at `ns`; sound: 20 ms from there on. Returns its bytes, borrowed until the next one; NULL: there are
 * none. */
const guint8 *cv_rtc_coder_encode (CvRtcCoder *self, guint peer, guint64 ns, gboolean keyframe, gsize *n);

G_END_DECLS
