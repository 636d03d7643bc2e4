/* The requests about tokens of encoders and players: what a room has, a new one, one that is revoked (PROTOCOL.md §3).
 *
 * Owns nothing. Main thread. The server keeps a token's hash only; whoever made it has it.
 */
#pragma once

#include "signalling/api.h"

G_BEGIN_DECLS

void cv_api_list_tokens (const CvApiRequest *request);
void cv_api_create_token (const CvApiRequest *request);
void cv_api_revoke_token (const CvApiRequest *request);

G_END_DECLS
