/* What messages do about the door, about roles, and about other people. For dispatch.c's table, which has asked the policy already.
 *
 * Nobody acts on somebody of their own role or a higher one. Main thread.
 */
#pragma once

#include "signalling/dispatch.h"

G_BEGIN_DECLS

CvProblem cv_dispatch_lobby (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message);
CvProblem cv_dispatch_lock (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message);
CvProblem cv_dispatch_admit (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message);
CvProblem cv_dispatch_deny (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message);
CvProblem cv_dispatch_role (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message);
CvProblem cv_dispatch_rename (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message);
CvProblem cv_dispatch_lower (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message);
CvProblem cv_dispatch_react (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message);
CvProblem cv_dispatch_request (CvDispatch *self, CvConnection *connection, CvSession *session,
                               const CvMessage *message);

G_END_DECLS
