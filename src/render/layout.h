/* Where tiles lie in a picture. Pure: sizes in, boxes out, all of them even, inside, and apart from each other. */
#pragma once

#include "render/canvas.h"

G_BEGIN_DECLS

/* of a grid, and of all tiles beside one that is large */
#define CV_LAYOUT_MAX_GRID 16
#define CV_LAYOUT_MAX_STRIP 8

/* `n` tiles of 16:9 (at most CV_LAYOUT_MAX_GRID), as large as they can be. */
void cv_layout_grid (guint width, guint height, guint n, CvBox *boxes);
/* A large tile of 16:9, and below it up to `n` small ones. Returns how many of those there is room for; boxes[0] is the large
 * one. */
guint cv_layout_speaker (guint width, guint height, guint n, CvBox *boxes);
/* The same with the large one as wide as `aspect` (width / height) says, and the others at its right. */
guint cv_layout_presentation (guint width, guint height, double aspect, guint n, CvBox *boxes);
/* Between two tiles, and around them. */
guint cv_layout_gutter (guint height);

G_END_DECLS
