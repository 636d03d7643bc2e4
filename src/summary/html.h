/* A document as one HTML page that needs nothing else and prints well. Any thread. All texts are escaped: nothing in it runs. */
#pragma once

#include "summary/paper.h"

G_BEGIN_DECLS

/* What the page may do, for a Content-Security-Policy: be shown. */
#define CV_HTML_POLICY                                                                                                 \
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; sandbox allow-popups"

/* Returns: (transfer full). */
char *cv_html_write (const CvPaper *paper);

G_END_DECLS
