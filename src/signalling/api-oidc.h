/* The requests of browsers on their way to another server that people sign in at, and back (PROTOCOL.md §3.3).
 *
 * Owns nothing. Main thread. Pages, not programs, come here: what goes wrong leads to the page for signing in, which says so.
 */
#pragma once

#include "signalling/api.h"

G_BEGIN_DECLS

#define CV_OIDC_RETURN_PATH "/auth/oidc/callback"

void cv_api_leave_for_oidc (const CvApiRequest *request);
void cv_api_return_from_oidc (const CvApiRequest *request);

G_END_DECLS
