/* H.264 as Matroska has it (lengths before units, parameters in a header) made into a byte stream. Owns nothing. */
#pragma once

#include "render/matroska-reader.h"

G_BEGIN_DECLS

/* One access unit; before a keyframe stand the parameters of the track's header. What does not fit is left out. Returns:
 * (transfer full), never NULL. */
GByteArray *cv_nal_to_byte_stream (const CvMatroskaTrack *track, const CvMatroskaFrame *frame);

G_END_DECLS
