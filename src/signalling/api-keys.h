/* The requests about keys of producers: what there are, a new one, one that is revoked (PROTOCOL.md §3.2).
 *
 * Owns nothing. Main thread. The server keeps a key's hash only; whoever made it has it.
 */
#pragma once

#include "signalling/api.h"

G_BEGIN_DECLS

void cv_api_list_keys (const CvApiRequest *request);
void cv_api_create_key (const CvApiRequest *request);
void cv_api_revoke_key (const CvApiRequest *request);

G_END_DECLS
