/* What people ask of a recording, and say of being recorded. For dispatch.c's table, which has asked the policy already.
 *
 * Main thread.
 */
#pragma once

#include "signalling/dispatch.h"

G_BEGIN_DECLS

CvProblem cv_dispatch_record (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message);
CvProblem cv_dispatch_consent (CvDispatch *self, CvConnection *connection, CvSession *session,
                               const CvMessage *message);

G_END_DECLS
