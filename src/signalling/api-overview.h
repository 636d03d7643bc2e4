/* The request for what the administrators' page draws: the figures of the last hour, whether all works, and the meetings that run
 * (PROTOCOL.md §3.2). Main thread.
 */
#pragma once

#include "signalling/api-request.h"

G_BEGIN_DECLS

/* Where that comes from: somebody who knows all parts of the server. */
typedef struct {
  /* Rows after number `after`. Returns: (transfer full), JSON. */
  char *(*show) (gpointer user_data, guint after);
  gpointer user_data;
} CvOverviewSource;

void cv_api_show_overview (const CvApiRequest *request);

G_END_DECLS
