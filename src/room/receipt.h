/* Receipts: what the people of a room that is on no disk bring back to a server that was started anew, so that it can make the room again
 * (PROTOCOL.md §2.1). It says what the server knew of the room, and whose seat it was, under a MAC that only this server makes.
 *
 * A value and its text. Any thread. Keeps nothing; what is done with one is reopening.h's. Fuzzed.
 */
#pragma once

#include "base/ids.h"
#include "store/rooms.h"

G_BEGIN_DECLS

/* More are not kept account of: who has removed so many people gets no receipts any more. */
#define CV_RECEIPT_MAX_GENERATIONS 64
#define CV_RECEIPT_MAX_CHARACTERS 2400
/* as long as a room that nobody uses */
#define CV_RECEIPT_KEEP_MS (G_GINT64_CONSTANT (30) * 24 * 3600 * 1000)
/* so long it says that its holder is in the meeting */
#define CV_RECEIPT_SEAT_MS (G_GINT64_CONSTANT (30) * 60 * 1000)

typedef struct {
  CvRoomRow *row; /* owned */
  gint64 issued;  /* ms since 1970 */
  gint64 until;   /* the room is kept for so long at least, ms since 1970; 0: as long as one that nobody uses */
  char *meeting;  /* owned, as is the next; NULL both: nobody's seat */
  char *person;
  gint64 began[CV_RECEIPT_MAX_GENERATIONS]; /* when the link was exchanged, `row->generation` times; ms since 1970 */
} CvReceipt;

void cv_receipt_free (CvReceipt *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvReceipt, cv_receipt_free)

/* Without a MAC, for our own disk. Returns: (transfer full), NULL where it has too many generations. */
GByteArray *cv_receipt_to_bytes (const CvReceipt *self);
/* NULL where it is none, or not good at `now`. Returns: (transfer full). */
CvReceipt *cv_receipt_from_bytes (const guint8 *data, gsize n, gint64 now);

/* The same with one, for people. */
char *cv_receipt_to_text (const CvReceipt *self, const guint8 key[CV_HASH_BYTES]);
/* NULL where it is not one of this key's, or not good at `now`. Returns: (transfer full). */
CvReceipt *cv_receipt_parse (const char *text, const guint8 key[CV_HASH_BYTES], gint64 now);

/* Of two histories of one room's link: TRUE where `a` is the one that holds. A longer one holds against what it went on from; where both went
 * on differently, the one that did so first. */
gboolean cv_receipt_outranks (const gint64 *a, gsize n_a, const gint64 *b, gsize n_b);

G_END_DECLS
