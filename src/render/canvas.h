/* A picture that is put together: I420 in memory, BT.601, 16–235.
 *
 * A canvas owns its planes, an overlay its own. Disjoint boxes with even coordinates may be painted by different threads.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint width, height; /* even */
  guint8 *planes[3];
  guint strides[3];
} CvCanvas;

/* Even numbers. */
typedef struct {
  guint x, y, width, height;
} CvBox;

CvCanvas *cv_canvas_new (guint width, guint height);
void cv_canvas_free (CvCanvas *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvCanvas, cv_canvas_free)
gsize cv_canvas_get_size (const CvCanvas *self);

/* `colour`: 0xRRGGBB. */
void cv_canvas_fill (CvCanvas *self, const CvBox *box, guint32 colour);

/* A picture with transparency, laid over a canvas again and again. */
typedef struct _CvOverlay CvOverlay;

/* From premultiplied pixels as cairo has them (ARGB32); sides even. Returns: (transfer full). */
CvOverlay *cv_overlay_new (const guint8 *pixels, guint stride, guint width, guint height);
void cv_overlay_free (CvOverlay *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvOverlay, cv_overlay_free)
/* With its upper left corner there (even); what is outside of the canvas is left out. */
void cv_canvas_blend (CvCanvas *self, const CvOverlay *overlay, guint x, guint y);

G_END_DECLS
