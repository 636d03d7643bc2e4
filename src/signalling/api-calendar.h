/* Calendars' files over HTTP (PROTOCOL.md §3): of one event, and of all that somebody planned, at a secret address.
 *
 * Owns nothing. Main thread. Of rooms whose media go from browser to browser the server has no link, and calendars elsewhere are not
 * told of them.
 */
#pragma once

#include "signalling/api.h"

G_BEGIN_DECLS

void cv_api_send_event (const CvApiRequest *request);
/* Of users alone. */
void cv_api_create_feed (const CvApiRequest *request);
void cv_api_delete_feed (const CvApiRequest *request);
/* Whoever has the address. */
void cv_api_send_feed (const CvApiRequest *request);

G_END_DECLS
