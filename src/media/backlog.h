/* Whether a queue stands on a path: one that is full does not grow any more, so that its delay tells nothing to a trend.
 *
 * Compares the least delay of the last half second with the least of the last half minute. A plain struct inside its owner;
 * any thread; time is what packets bring.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  gint64 base, next_base; /* the least delay, µs, between two clocks; the second since base_at */
  gint64 base_at;
  gint64 least; /* since least_at */
  gint64 least_at;
  gint64 standing;
  gboolean started;
} CvBacklog;

/* A packet that came. TRUE: `standing` is new: how long every packet of the last half second had to wait, at least. */
gboolean cv_backlog_add (CvBacklog *self, gint64 sent_us, gint64 arrival_us);
/* What stands there is not ours to empty, or the path is another: it is no backlog from now on. */
void cv_backlog_accept (CvBacklog *self);

G_END_DECLS
