/* Composes a meeting: the picture of any time, cheapest in their order.
 *
 * Owns the canvas, what is drawn over tiles, and a decoder for each track that is seen. Decoding and scaling are done by a
 * few threads of a pool, one tile by one of them; all of them are done when a call returns. Called by one thread.
 */
#pragma once

#include "render/scene.h"

#include "render/kit.h"

G_BEGIN_DECLS

typedef struct _CvStage CvStage;

/* Timeline and kit must outlive it. Returns: (transfer full). */
CvStage *cv_stage_new (const CvProgramme *programme, const CvKit *kit, CvLayout layout, guint width, guint height);
void cv_stage_free (CvStage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvStage, cv_stage_free)

/* Borrowed, and good until the next call. */
const CvCanvas *cv_stage_draw (CvStage *self, gint64 t);
/* How much there is to see in the picture that was drawn last: 1 for each moving picture, 3 for a screen. */
guint cv_stage_get_interest (const CvStage *self);

G_END_DECLS
