/* Children in reserve: started and waiting, so that nobody waits for a program to start.
 *
 * Owns those that nobody took. Main thread. A program that does not start is tried again ever more seldom.
 */
#pragma once

#include "process/child.h"

G_BEGIN_DECLS

#define CV_TYPE_SPARES (cv_spares_get_type ())
G_DECLARE_FINAL_TYPE (CvSpares, cv_spares, CV, SPARES, GObject)

/* Keeps `n` ready; what `options` points to must outlive it. */
CvSpares *cv_spares_new (const CvChildOptions *options, guint n, CvClock *clock);
/* One that has started, else one that is about to, else a new one. Returns: (transfer full), NULL with an error. */
CvChild *cv_spares_take (CvSpares *self, GError **error);
/* How many have started and wait. */
guint cv_spares_count_ready (CvSpares *self);
/* FALSE: none has started, and that is not because one was taken a moment ago. */
gboolean cv_spares_are_well (CvSpares *self);
/* Ends them all; there are no new ones. */
void cv_spares_stop (CvSpares *self);

G_END_DECLS
