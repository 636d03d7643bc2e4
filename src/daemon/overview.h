/* The last hour of the server in figures, for the administrators' page (PROTOCOL.md §3.2). No person, title or address is in it, and of
 * rooms whose kind keeps no rows only how many there are.
 *
 * Owns a ring of rows, one each 5 s; borrowed are all parts of the server, which it asks. Main thread.
 */
#pragma once

#include "daemon/gauges.h"
#include "signalling/api-overview.h"

G_BEGIN_DECLS

/* ms from one row to the next, and how many are kept: an hour */
#define CV_OVERVIEW_EVERY_MS 5000
#define CV_OVERVIEW_ROWS 720

typedef struct _CvOverview CvOverview;

CvOverview *cv_overview_new (const CvGaugesParts *parts);
/* Borrowed as well, or NULL: as of cv_gauges_measure(). The first row is made now. */
void cv_overview_start (CvOverview *self, CvServer *server);
void cv_overview_free (CvOverview *self);

/* Borrowed. */
const CvOverviewSource *cv_overview_get_source (CvOverview *self);

G_END_DECLS
