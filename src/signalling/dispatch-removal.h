/* What `remove` does: somebody is out, and where the message brings another secret's verifier along (LINK-1.md §13) the room's link of before
 * is of no use from the same moment on. For dispatch.c's table, which has asked the policy already. Main thread.
 */
#pragma once

#include "signalling/dispatch.h"

G_BEGIN_DECLS

/* Nobody removes somebody of their own role or a higher one. */
CvProblem cv_dispatch_remove (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message);

G_END_DECLS
