/* What stands around and in place of a person's picture: rounded corners, the name, the ring of who speaks, initials.
 *
 * Draws; returns overlays that their owner keeps. One thread (lettering). The colours are the web client's dark ones.
 */
#pragma once

#include "render/canvas.h"

G_BEGIN_DECLS

#define CV_PORTRAIT_STAGE 0x0f0e0d /* behind everything */
#define CV_PORTRAIT_VIDEO 0x14120f /* beside a picture that does not fill its tile */

typedef struct {
  const char *id; /* decides the tint */
  const char *name;
  gboolean pictured; /* there is a picture below: only what is around it is drawn */
  gboolean muted;
  gboolean speaking;
  gboolean screen; /* it is what they show, not they themselves */
  guint more;      /* not a person: so many others */
} CvPortrait;

/* For a tile of that size (even). Returns: (transfer full). */
CvOverlay *cv_portrait_draw (const CvPortrait *portrait, guint width, guint height);
/* A sentence in the middle of an empty picture. Returns: (transfer full). */
CvOverlay *cv_portrait_notice (const char *text, guint width, guint height);

G_END_DECLS
