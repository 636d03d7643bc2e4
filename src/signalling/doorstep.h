/* Those who wait at the doors of rooms, and the hosts who are told of them.
 *
 * Owns nothing. Main thread. Listens to every meeting, for what it means to those outside.
 */
#pragma once

#include "signalling/dispatch.h"

G_BEGIN_DECLS

/* For as long as `self`'s knocks live. */
void cv_doorstep_listen (CvDispatch *self);

/* Is there somebody who may let others in? */
gboolean cv_doorstep_has_hosts (CvMeeting *meeting);
/* Shows who waits to a newcomer who may let them in. */
void cv_doorstep_greet (CvKnocks *knocks, const char *room, const CvParticipant *participant);

/* Something of the room's door has changed: lets in who need not wait any more, sends away who may not come in. */
void cv_doorstep_reconsider (CvDispatch *self, const char *room);
/* `knock` NULL: all of them. FALSE where there is none of this id. */
gboolean cv_doorstep_admit (CvDispatch *self, const char *room, const char *knock);
gboolean cv_doorstep_deny (CvDispatch *self, const char *room, const char *knock);
/* Forgets all who wait, without a word. */
void cv_doorstep_clear (CvDispatch *self);

G_END_DECLS
