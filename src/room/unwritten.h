/* Rooms of kinds that leave nothing behind: their rows live here and nowhere else, so that they are on no disk and in no copy of one.
 *
 * Owned by the registry; main thread. Knows of a room its id, its verifiers, when its link was exchanged, what its hosts' orders are signed with,
 * whether one has to knock, and when it is to be forgotten: a while after it was last used. All of it is in receipts (receipt.h), with which
 * its people bring it back after the server was started anew.
 */
#pragma once

#include "base/clock.h"
#include "room/receipt.h"

G_BEGIN_DECLS

#define CV_UNWRITTEN_KEEP_MS CV_RECEIPT_KEEP_MS

typedef struct _CvUnwritten CvUnwritten;

CvUnwritten *cv_unwritten_new (CvClock *clock);
void cv_unwritten_free (CvUnwritten *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvUnwritten, cv_unwritten_free)

/* FALSE where the id is taken, or there are too many. */
gboolean cv_unwritten_put (CvUnwritten *self, const CvRoomRow *row);
/* The row that `task` (transfer full) has for its data, unless a room of that id is on the disk. Answers it: TRUE, or TAKEN or STORE. It keeps
 * this alive. */
void cv_unwritten_add (CvUnwritten *self, CvStore *store, GTask *task);
/* As `receipt` says, in place of what is there. FALSE where it was removed, or there are too many. */
gboolean cv_unwritten_restore (CvUnwritten *self, const CvReceipt *receipt);
gboolean cv_unwritten_has (CvUnwritten *self, const char *id);
/* What a receipt says of it, but for when it is issued and for whom; NULL where there is none. Returns: (transfer full). */
CvReceipt *cv_unwritten_describe (CvUnwritten *self, const char *id);
/* It is in use, and kept for longer. NULL where there is none. Returns: (transfer none), until the next call. */
const CvRoomRow *cv_unwritten_find (CvUnwritten *self, const char *id);
/* The keys of its link, its orders and its generation as `row` says, which is of a room that is there. */
void cv_unwritten_rotate (CvUnwritten *self, const CvRoomRow *row);
/* A meeting begins in it. */
void cv_unwritten_meet (CvUnwritten *self, const char *id);
/* It was restored and nobody has met in it since: the meeting of before goes on. */
gboolean cv_unwritten_goes_on (CvUnwritten *self, const char *id);
/* Nothing restores it from now on. FALSE where there is none. */
gboolean cv_unwritten_remove (CvUnwritten *self, const char *id);
guint cv_unwritten_count (CvUnwritten *self);

G_END_DECLS
