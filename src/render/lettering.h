/* Text in pictures. Owns nothing; one thread (Pango keeps a map of fonts for each). Knows no markup: names are names. */
#pragma once

#include <pango/pangocairo.h>

G_BEGIN_DECLS

/* Finds fonts and reads their configuration, which is quicker before there is a sandbox than in it. */
void cv_lettering_warm_up (void);
/* One line of `text`, at most `width` pixels: what is longer ends in an ellipsis. `size`: of the letters, in pixels.
 * Returns: (transfer full). */
PangoLayout *cv_lettering_new (cairo_t *cairo, const char *text, double size, gboolean bold, double width);
/* One or two letters that stand for a person; "" where the name is empty. As the web client does. Returns: (transfer full). */
char *cv_lettering_initials (const char *name);

G_END_DECLS
