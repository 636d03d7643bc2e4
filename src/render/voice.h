/* What one track sounds like at a time: reads, decodes, puts silence where there is nothing. Owns its decoder; one thread. */
#pragma once

#include "render/kit.h"
#include "render/programme.h"

G_BEGIN_DECLS

#define CV_VOICE_RATE 48000
#define CV_VOICE_CHANNELS 2

typedef struct _CvVoice CvVoice;

/* The cut must outlive it, and nobody else read its footage. Returns: (transfer full). */
CvVoice *cv_voice_new (CvCut *cut, const CvKit *kit);
void cv_voice_free (CvVoice *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvVoice, cv_voice_free)

/* Adds n samples (of both channels each) from the `at`-th of the programme on. Each call begins where the last one ended, or
 * later. Returns the largest of them, 0…32768. */
guint cv_voice_add (CvVoice *self, gint64 at, guint n, gint32 *sum);

/* The sample that is there at that time, µs. */
gint64 cv_voice_find_sample (gint64 t);

G_END_DECLS
