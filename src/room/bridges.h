/* The bridges between callers and meetings: a pair of sockets for each meeting that has callers, one end with the telephone gateway,
 * one with the meeting's media (sip/BRIDGE.md).
 *
 * Owns which caller is on which; makes a new pair wherever media or gateway are new. Main thread. Hears no sound.
 */
#pragma once

#include "process/telephony.h"
#include "room/room.h"

G_BEGIN_DECLS

typedef struct _CvBridges CvBridges;

/* `telephony` outlives it. */
CvBridges *cv_bridges_new (CvTelephony *telephony);
void cv_bridges_free (CvBridges *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvBridges, cv_bridges_free)

/* `room` has a running meeting with media; `participant` is in it, `number` is nobody else's. */
void cv_bridges_add (CvBridges *self, CvRoom *room, CvParticipant *participant, guint32 number);
/* Before they leave the meeting. With the last one the bridge goes. */
void cv_bridges_remove (CvBridges *self, const char *room, guint32 number);
/* How many callers are on it. */
guint cv_bridges_count (CvBridges *self, const char *room);

G_END_DECLS
