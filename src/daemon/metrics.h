/* The server's numbers as Prometheus reads them: docs/operator.md, Watch. No room, person or address is named, but trunks are.
 *
 * Borrows all parts of the server and asks each when somebody wants to know; what happened how often stands in base/tally.h.
 * Main thread.
 */
#pragma once

#include "daemon/gauges.h"

G_BEGIN_DECLS

typedef struct _CvMetrics CvMetrics;

CvMetrics *cv_metrics_new (const CvGaugesParts *parts);
/* Asks no part any more; goes when the last answer is there. */
void cv_metrics_stop (CvMetrics *self);

/* Borrowed. */
const CvMetricsSource *cv_metrics_get_source (CvMetrics *self);
/* Borrowed as well; before anybody asks. */
void cv_metrics_set_server (CvMetrics *self, CvServer *server);

G_END_DECLS
