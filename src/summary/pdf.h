/* A document as PDF: A4, bookmarks, numbered pages. Any thread, one call at a time in each; takes tenths of a second and more. */
#pragma once

#include "summary/paper.h"

G_BEGIN_DECLS

/* Returns: (transfer full); NULL where it would be too long. */
GBytes *cv_pdf_write (const CvPaper *paper);

G_END_DECLS
