/* The requests about links to one recording: a new one, one that is withdrawn, one that is opened (PROTOCOL.md §3.2).
 *
 * Owns nothing. Main thread. Secrets and passwords are kept as hashes.
 */
#pragma once

#include "signalling/api.h"

G_BEGIN_DECLS

void cv_api_create_share (const CvApiRequest *request);
void cv_api_delete_share (const CvApiRequest *request);
void cv_api_open_share (const CvApiRequest *request);

/* The member `shares` of a recording: `shares` are CvShareRow. */
void cv_api_add_shares (JsonBuilder *builder, GPtrArray *shares);

G_END_DECLS
