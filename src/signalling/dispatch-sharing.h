/* What people share, and what they say to one person only. For dispatch.c's table, which has asked the policy already.
 *
 * Main thread.
 */
#pragma once

#include "signalling/dispatch.h"

G_BEGIN_DECLS

CvProblem cv_dispatch_change (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message);
CvProblem cv_dispatch_poll_vote (CvDispatch *self, CvConnection *connection, CvSession *session,
                                 const CvMessage *message);
CvProblem cv_dispatch_whisper (CvDispatch *self, CvConnection *connection, CvSession *session,
                               const CvMessage *message);

/* `joined` has told the beginning of what there was before this seat: goes on from there. */
void cv_dispatch_begin_feed (CvSession *session);
/* Tells as much of what there was before this seat as it may have unacknowledged; to be called again whenever it has acknowledged something. */
void cv_dispatch_feed (CvSession *session);

G_END_DECLS
