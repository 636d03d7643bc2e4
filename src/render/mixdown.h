/* All that is heard of a programme, as one: sums the voices and keeps the sum from clipping.
 *
 * Owns the voices. Works in blocks of 10 ms and looks one ahead, so that it is softer before it would be too loud. One
 * thread.
 */
#pragma once

#include "render/voice.h"

G_BEGIN_DECLS

/* samples of both channels each */
#define CV_MIXDOWN_BLOCK (CV_VOICE_RATE / 100)

typedef struct _CvMixdown CvMixdown;

/* Of everybody. Returns: (transfer full). */
CvMixdown *cv_mixdown_new (const CvProgramme *programme, const CvKit *kit);
/* Of one track, as it is. */
CvMixdown *cv_mixdown_new_single (CvCut *cut, const CvKit *kit);
void cv_mixdown_free (CvMixdown *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvMixdown, cv_mixdown_free)

/* The next block. Returns its largest sample, 0…32767. */
guint cv_mixdown_next (CvMixdown *self, gint16 out[CV_MIXDOWN_BLOCK * CV_VOICE_CHANNELS]);
/* The largest sample of this person in that block, before it was mixed. */
guint cv_mixdown_get_peak (const CvMixdown *self, const CvCharacter *person);

G_END_DECLS
