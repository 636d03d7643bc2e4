/* What clients' messages do in rooms with a media process: the connection to it, and who has the floor. For dispatch.c's
 * table, which has asked the policy already.
 *
 * Main thread.
 */
#pragma once

#include "signalling/dispatch.h"

G_BEGIN_DECLS

CvProblem cv_dispatch_offer (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message);
CvProblem cv_dispatch_view (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message);
CvProblem cv_dispatch_hand (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message);
CvProblem cv_dispatch_stage (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message);
CvProblem cv_dispatch_stop (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message);
CvProblem cv_dispatch_start (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message);
CvProblem cv_dispatch_mute_all (CvDispatch *self, CvConnection *connection, CvSession *session,
                                const CvMessage *message);
CvProblem cv_dispatch_spotlight (CvDispatch *self, CvConnection *connection, CvSession *session,
                                 const CvMessage *message);
CvProblem cv_dispatch_ask (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message);
CvProblem cv_dispatch_vote (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message);
CvProblem cv_dispatch_resolve (CvDispatch *self, CvConnection *connection, CvSession *session,
                               const CvMessage *message);
CvProblem cv_dispatch_watch_stats (CvDispatch *self, CvConnection *connection, CvSession *session,
                                   const CvMessage *message);

G_END_DECLS
