/* What one track shows at a time: reads, decodes and paints it. Owns its decoder; one thread at a time. */
#pragma once

#include "render/canvas.h"
#include "render/kit.h"
#include "render/programme.h"

G_BEGIN_DECLS

typedef struct _CvPicture CvPicture;

/* The cut must outlive it, and nobody else read its footage. Returns: (transfer full). */
CvPicture *cv_picture_new (CvCut *cut, const CvKit *kit);
void cv_picture_free (CvPicture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvPicture, cv_picture_free)

/* Decodes up to there; cheapest in the order of time. TRUE: there is a picture at `t`. `changed` says whether it is another
 * one than before. */
gboolean cv_picture_advance (CvPicture *self, gint64 t, gboolean *changed);
/* Paints it into the box: filling it where nearly of its shape or `fill`, else whole, with borders. */
void cv_picture_paint (CvPicture *self, CvCanvas *canvas, const CvBox *box, gboolean fill);

G_END_DECLS
