/* Recordings whose time is over are deleted: looked for at the start and every hour after it.
 *
 * Owns a timer. Main thread. Takes up deletions that did not come to their end, too.
 */
#pragma once

#include "library/deletion.h"

G_BEGIN_DECLS

#define CV_RETENTION_CHECK_MS (3600 * 1000)

typedef struct _CvRetention CvRetention;

/* Looks at once. All three must outlive it. */
CvRetention *cv_retention_new (CvStore *store, CvClock *clock, CvDeletion *deletion);
void cv_retention_free (CvRetention *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvRetention, cv_retention_free)

G_END_DECLS
