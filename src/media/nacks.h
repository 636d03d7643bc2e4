/* Which packets of a stream are missing, and when to ask for them (again). Pure; time is given. Main thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_NACKS_MAX 128 /* packets that are waited for */

typedef struct {
  guint64 index;
  gint64 due; /* µs */
  guint tries;
} CvNack;

typedef struct {
  CvNack missing[CV_NACKS_MAX]; /* by index */
  guint n;
  guint64 top; /* the highest index that came */
  gboolean started;
  gboolean gave_up; /* since it was last looked at: only a keyframe helps */
} CvNacks;

/* A packet came. Returns TRUE where it opened a gap: ask now. */
gboolean cv_nacks_received (CvNacks *self, guint64 index, gint64 now);
/* TRUE where this packet was not given up and has not come yet: a later or a second copy of another is of no use. */
gboolean cv_nacks_is_missing (const CvNacks *self, guint64 index);
/* Sequence numbers that are due, ascending; each is asked for again after `rtt` µs, a few times. */
guint cv_nacks_take_due (CvNacks *self, gint64 now, gint64 rtt, guint16 *seqs, guint max);
/* TRUE once where something will not come any more. */
gboolean cv_nacks_take_gave_up (CvNacks *self);
/* A keyframe begins at `index`: nothing before it matters. */
void cv_nacks_forget_before (CvNacks *self, guint64 index);

G_END_DECLS
