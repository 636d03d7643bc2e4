/* The request for a ticket: one person's way into a room, once, within minutes (PROTOCOL.md §3.4).
 *
 * Owns nothing. Main thread. A ticket is not kept; ticket.h says what it is.
 */
#pragma once

#include "signalling/api.h"

G_BEGIN_DECLS

void cv_api_create_ticket (const CvApiRequest *request);

G_END_DECLS
