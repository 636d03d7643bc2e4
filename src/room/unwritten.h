/* Rooms of kinds that leave nothing behind: their rows live here and nowhere else, so that they are on no disk and in no copy of one; but for
 * those that somebody has planned for, which are in a table of their own as well (store/kept-rooms.h), until they are over.
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

#define CV_UNWRITTEN_MAX_PLANNED 2000

/* `store`: where those that are planned for are; NULL: nowhere. */
CvUnwritten *cv_unwritten_new (CvClock *clock, CvStore *store);
/* Asks the disk for those that are planned for. They are there before anything is answered that the store is asked for from now on. `owner`
 * lives on until then, and this with it. */
void cv_unwritten_start (CvUnwritten *self, GObject *owner);
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
/* It is kept until then at least (ms since 1970), or longer where it was so already. Answers `task` (transfer full), which keeps this alive, when
 * that is on the disk: TRUE, or UNKNOWN, FULL (too many are planned for) or STORE. */
void cv_unwritten_keep (CvUnwritten *self, const char *id, gint64 until, GTask *task);
/* The keys of its link, its orders and its generation as `row` says, which is of a room that is there. Answers `task` (transfer full), which keeps
 * this alive, when that is on the disk, where it is to be: TRUE, also where the disk does not take it, which is logged. */
void cv_unwritten_rotate (CvUnwritten *self, const CvRoomRow *row, GTask *task);
/* A meeting begins in it. */
void cv_unwritten_meet (CvUnwritten *self, const char *id);
/* It was restored and nobody has met in it since: the meeting of before goes on. */
gboolean cv_unwritten_goes_on (CvUnwritten *self, const char *id);
/* Nothing restores it from now on. FALSE where there is none. */
gboolean cv_unwritten_remove (CvUnwritten *self, const char *id);
guint cv_unwritten_count (CvUnwritten *self);

G_END_DECLS
