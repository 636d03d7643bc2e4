/* A room's link gets another secret, because somebody who has the link was removed. What the server learns of it: the verifier of the
 * new one, and a MAC with which those who have it know the key of the room's orders again (LINK-1.md §13).
 *
 * A value. Any thread.
 */
#pragma once

#include "store/rooms.h"

G_BEGIN_DECLS

#define CV_ROTATION_MAC_BYTES 32

typedef struct {
  gint64 generation; /* the next one; 0: this is none */
  guint8 join_verifier[CV_VERIFIER_BYTES];
  guint8 mac[CV_ROTATION_MAC_BYTES];
} CvRotation;

/* How `row` is afterwards. Fails with CV_ROOM_ERROR: OUTDATED where the generation is not the next one, INVALID where the room
 * has no orders with a MAC. Returns: (transfer full). */
CvRoomRow *cv_rotation_apply (const CvRotation *self, const CvRoomRow *row, GError **error);

G_END_DECLS
