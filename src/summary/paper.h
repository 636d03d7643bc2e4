/* A document before it is HTML, Markdown or PDF: what stands below what. Texts are plain, whoever writes it out escapes them.
 *
 * Owns everything in it. Any thread. Knows nothing of meetings: compose.h does.
 */
#pragma once

#include "base/palette.h"

G_BEGIN_DECLS

typedef enum {
  CV_PAPER_FACTS,     /* cells: label, value, label, value … */
  CV_PAPER_SECTION,   /* text; a bookmark */
  CV_PAPER_HEADING,   /* text, within a section */
  CV_PAPER_PARAGRAPH, /* text, may have several lines */
  CV_PAPER_NOTE,      /* text, small */
  CV_PAPER_DECISION,  /* label, text */
  CV_PAPER_ACTION,    /* label, text, note: who, until when */
  CV_PAPER_TABLE,     /* columns, cells row by row */
  CV_PAPER_BAR,       /* label, number, part: 0 … 1 */
  CV_PAPER_MESSAGE,   /* label: time, text; name, quote, note: signs */
} CvPaperType;

typedef struct {
  char *text;
  char *link; /* or NULL */
} CvPaperCell;

typedef struct {
  char *title;
  guint weight;   /* of the width; 0: as narrow as its cells */
  gboolean right; /* numbers */
  gboolean code;  /* to be compared by eye */
} CvPaperColumn;

typedef struct {
  CvPaperType type;
  char *label, *text, *name, *quote, *note;
  gint64 number;
  double part;
  GPtrArray *columns; /* of CvPaperColumn */
  GPtrArray *cells;   /* of CvPaperCell */
} CvPaperBlock;

typedef struct {
  char *title;
  char *kind;     /* above the title: what this is */
  char *subtitle; /* below it */
  char *footer;
  char *page; /* with {n} and {all} in it */
  char *language;
  CvColour accent, soft; /* of what stands out, and behind it */
  GPtrArray *links;      /* of CvPaperCell: at the very end */
  GPtrArray *blocks;     /* of CvPaperBlock */
} CvPaper;

CvPaper *cv_paper_new (void);
void cv_paper_free (CvPaper *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvPaper, cv_paper_free)

/* Any text may be NULL. Borrowed, for more to be set. */
CvPaperBlock *cv_paper_add (CvPaper *self, CvPaperType type, const char *text);
void cv_paper_add_column (CvPaperBlock *self, const char *title, guint weight, gboolean right);
void cv_paper_add_cell (CvPaperBlock *self, const char *text, const char *link);
void cv_paper_add_link (CvPaper *self, const char *text, const char *link);

G_END_DECLS
