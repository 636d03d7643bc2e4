/* Pages of a PDF and what is written on them from top to bottom: A4, margins, a foot with the page's number.
 *
 * One thread at a time; owns a font map, which is not shared. Knows nothing of what is written.
 */
#pragma once

#include "base/palette.h"

#include <pango/pangocairo.h>

G_BEGIN_DECLS

/* points */
#define CV_SHEET_WIDTH 595.28
#define CV_SHEET_HEIGHT 841.89
#define CV_SHEET_LEFT 62.0
#define CV_SHEET_RIGHT (CV_SHEET_WIDTH - 62.0)
#define CV_SHEET_TOP 62.0
#define CV_SHEET_BOTTOM (CV_SHEET_HEIGHT - 70.0)
#define CV_SHEET_MAX_PAGES 500

typedef enum {
  CV_INK_TEXT,
  CV_INK_SOFT,
  CV_INK_ACCENT,
  CV_INK_AMBER,
  CV_INK_LINE,
  CV_INK_FAINT,
  CV_INK_PALE_ACCENT,
  CV_INK_PALE_AMBER,
  CV_N_INKS
} CvInk;

typedef struct {
  double size; /* points */
  gboolean bold;
  gboolean code;
  CvInk ink;
} CvLettering;

typedef struct _CvSheet CvSheet;

/* `pages`: how many there will be, for the foot; 0: not known yet, and nothing is kept of what is written. `foot`: at its left;
 * `page`: with {n} and {all}, at its right. Both borrowed. */
CvSheet *cv_sheet_new (const char *title, const char *foot, const char *page, guint pages);
void cv_sheet_free (CvSheet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvSheet, cv_sheet_free)

/* What CV_INK_ACCENT and CV_INK_PALE_ACCENT are from here on. */
void cv_sheet_set_accent (CvSheet *self, const CvColour *accent, const CvColour *pale);

/* Ends the last page. Returns: (transfer full), the file; NULL where there is too much of it. */
GBytes *cv_sheet_finish (CvSheet *self, guint *pages);

double cv_sheet_get_y (CvSheet *self);
void cv_sheet_advance (CvSheet *self, double points);
/* Empty space, which no page begins with. */
void cv_sheet_space (CvSheet *self, double points);
/* Goes on to the next page where so much does not fit on this one. TRUE if it did. */
gboolean cv_sheet_need (CvSheet *self, double points);
/* No more is written: there are too many pages. */
gboolean cv_sheet_is_full (CvSheet *self);

/* Returns: (transfer full). */
PangoLayout *cv_sheet_lay_out (CvSheet *self, const char *text, const CvLettering *lettering, double width);
double cv_sheet_get_height (PangoLayout *layout);
double cv_sheet_get_natural_width (PangoLayout *layout);
/* All of it at a place of this page; moves nothing. `link` may be NULL. */
void cv_sheet_put (CvSheet *self, PangoLayout *layout, double x, double y, CvInk ink, const char *link);
/* Line by line from here on, over as many pages as it takes; behind each line a strip of `behind` from `x - 12` to the right margin with an edge of
 * `edge`, unless that is CV_INK_TEXT. */
void cv_sheet_flow (CvSheet *self, PangoLayout *layout, double x, CvInk ink, CvInk behind, CvInk edge);
/* Such a strip of this height, here. */
void cv_sheet_strip (CvSheet *self, double x, double height, CvInk behind, CvInk edge);
void cv_sheet_fill (CvSheet *self, double x, double y, double width, double height, double radius, CvInk ink);

/* A bookmark to here, below `parent` (0: none). Returns: its number. */
int cv_sheet_mark (CvSheet *self, int parent, const char *name);

G_END_DECLS
