/* Where media go from browser to browser people keep their ids after the server was started anew, and with them the connections between them; rooms
 * that are on no disk come back with them (PROTOCOL.md §2.1). Gives receipts out, and makes the rooms of those that are brought back.
 *
 * Owned by the server. Main thread. Writes nothing.
 */
#pragma once

#include "base/bucket.h"
#include "room/registry.h"

G_BEGIN_DECLS

typedef struct _CvReopening CvReopening;

/* `secret`: what receipts are signed with, any text. `creations`: how many rooms an address may make; borrowed. */
CvReopening *cv_reopening_new (CvRegistry *registry, CvClock *clock, const char *secret, CvBuckets *creations);
void cv_reopening_free (CvReopening *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvReopening, cv_reopening_free)

/* How long after its start people are waited for who had a seat in a room that is on the disk. */
#define CV_REOPENING_WAIT_MS (2 * 60 * 1000)

/* For who has a seat, or has made the room: `meeting` and `person` NULL. NULL where they need none. Returns: (transfer full). */
char *cv_reopening_issue (CvReopening *self, const char *room, const char *meeting, const char *person);

/* What somebody brings along who has this key of the room's link; NULL where it is not good for that. Returns: (transfer full). */
CvReceipt *cv_reopening_read (CvReopening *self, const char *text, const char *room, const guint8 key[CV_KEY_BYTES]);
/* Was its holder in a meeting just before the server was started anew? What became of their seat since, a receipt does not say. */
gboolean cv_reopening_is_fresh (CvReopening *self, const CvReceipt *receipt);
/* The same of a room that is on the disk, as `row` says, whose meetings do not go on: its holder comes back, in time and for the first time. */
gboolean cv_reopening_is_awaited (CvReopening *self, const CvReceipt *receipt, const CvRoomRow *row);
/* They are back under the id that they had: it is given to nobody again. */
void cv_reopening_arrived (CvReopening *self, const CvReceipt *receipt);

typedef enum {
  CV_REOPENING_NOTHING, /* what is there stays as it is */
  CV_REOPENING_DONE,    /* the room is as the receipt says: load it anew */
  CV_REOPENING_LIMITED, /* too many rooms of this address */
} CvReopeningResult;

/* `there`: the room with this id, NULL: none. Where another one is made in its place, a meeting in that one ends. */
CvReopeningResult cv_reopening_take (CvReopening *self, const CvReceipt *receipt, const CvRoomRow *there,
                                     const char *address);

G_END_DECLS
