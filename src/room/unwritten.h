/* Rooms of kinds that leave nothing behind: their rows live here and nowhere else, so that they are on no disk and in no copy of one.
 *
 * Owned by the registry; main thread. Knows of a room its id, its verifiers, what its hosts' orders are signed with, whether one has to knock, and
 * when it is to be forgotten: a while after it was last used.
 */
#pragma once

#include "base/clock.h"
#include "store/rooms.h"

G_BEGIN_DECLS

#define CV_UNWRITTEN_KEEP_MS (G_GINT64_CONSTANT (30) * 24 * 3600 * 1000)

typedef struct _CvUnwritten CvUnwritten;

CvUnwritten *cv_unwritten_new (CvClock *clock);
void cv_unwritten_free (CvUnwritten *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvUnwritten, cv_unwritten_free)

/* FALSE where the id is taken, or there are too many. */
gboolean cv_unwritten_put (CvUnwritten *self, const CvRoomRow *row);
/* It is in use, and kept for longer. NULL where there is none. Returns: (transfer none), until the next call. */
const CvRoomRow *cv_unwritten_find (CvUnwritten *self, const char *id);
/* The keys of its link, its orders and its generation as `row` says, which is of a room that is there. */
void cv_unwritten_rotate (CvUnwritten *self, const CvRoomRow *row);
/* FALSE where there is none. */
gboolean cv_unwritten_remove (CvUnwritten *self, const char *id);
guint cv_unwritten_count (CvUnwritten *self);

G_END_DECLS
