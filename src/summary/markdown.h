/* A document as Markdown (CommonMark, with tables). Any thread. Texts are escaped: they format nothing and are no HTML. */
#pragma once

#include "summary/paper.h"

G_BEGIN_DECLS

/* Returns: (transfer full). */
char *cv_markdown_write (const CvPaper *paper);

G_END_DECLS
