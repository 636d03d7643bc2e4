/* The requests about who one is: signing in with an account, a code or a key, and out again (PROTOCOL.md §3.2).
 *
 * Owns nothing. Main thread.
 */
#pragma once

#include "signalling/api.h"

G_BEGIN_DECLS

void cv_api_show_session (const CvApiRequest *request);
void cv_api_sign_in (const CvApiRequest *request);
void cv_api_sign_out (const CvApiRequest *request);

G_END_DECLS
