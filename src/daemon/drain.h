/* The end of a server in which meetings still run: nobody new comes in, and it waits until they have left, or no longer.
 *
 * Main thread. Owns nothing of the meetings.
 */
#pragma once

#include "base/clock.h"
#include "room/registry.h"

G_BEGIN_DECLS

typedef struct _CvDrain CvDrain;

/* `done` is called once, not from within: when nobody is in a meeting any longer, or `seconds` are over. Both objects outlive it. */
CvDrain *cv_drain_new (CvRegistry *registry, CvClock *clock, guint seconds, GSourceOnceFunc done, gpointer user_data);
void cv_drain_free (CvDrain *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvDrain, cv_drain_free)

G_END_DECLS
