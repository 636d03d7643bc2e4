/* Two clocks: the recording's, and the composed timeline, which is the recording without its pauses.
 *
 * A value: spans in order, none overlapping another. Knows nothing of people or tracks.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A time from here to there, µs. */
typedef struct {
  gint64 from, to;
} CvPeriod;

typedef struct {
  gint64 from, to; /* of the recording; to is not part of it */
  gint64 composed; /* where it begins on the composed timeline */
} CvSpan;

typedef struct {
  GArray *spans; /* of CvSpan */
} CvSpans;

CvSpans *cv_spans_new (void);
void cv_spans_free (CvSpans *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvSpans, cv_spans_free)

/* Behind all others; what overlaps the last one is cut off, and nothing is added where nothing is left. */
void cv_spans_add (CvSpans *self, gint64 from, gint64 to);
gint64 cv_spans_get_duration (const CvSpans *self);
/* Where that is on the composed timeline; in a pause: where it goes on. Never outside of it. */
gint64 cv_spans_compose (const CvSpans *self, gint64 t);
/* The span in which `t` is, or the first that begins after it; NULL: there is none. */
const CvSpan *cv_spans_find (const CvSpans *self, gint64 t);

/* Sorted periods as sets; arrays of CvPeriod. */
gboolean cv_periods_contain (const GArray *periods, gint64 t);
/* Behind the others; touching ones become one. `to` ≤ `from` is nothing. */
void cv_periods_add (GArray *periods, gint64 from, gint64 to);
/* Moves all by `-from` and cuts off what is outside of 0 … `duration`. */
void cv_periods_crop (GArray *periods, gint64 from, gint64 duration);
/* The next time after `t` at which it is otherwise, or G_MAXINT64. */
gint64 cv_periods_next (const GArray *periods, gint64 t);

G_END_DECLS
