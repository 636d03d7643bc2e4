/* The requests of who has a room's link, or a ticket for it, and no account (PROTOCOL.md §3): what is behind it, and that a room off the record
 * is kept until somebody comes.
 *
 * Owns nothing. Main thread. A receipt that comes along brings the room back (§2.1).
 */
#pragma once

#include "signalling/api.h"

G_BEGIN_DECLS

void cv_api_check_room (const CvApiRequest *request);
void cv_api_keep_room (const CvApiRequest *request);

G_END_DECLS
