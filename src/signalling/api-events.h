/* The requests about what is planned in rooms (PROTOCOL.md §3). Events are of those whose their room is, and of administrators; for
 * others they are not there.
 *
 * Owns nothing. Main thread.
 */
#pragma once

#include "signalling/api.h"

G_BEGIN_DECLS

void cv_api_list_room_events (const CvApiRequest *request);
void cv_api_create_event (const CvApiRequest *request);
void cv_api_change_event (const CvApiRequest *request);
void cv_api_cancel_event (const CvApiRequest *request);
void cv_api_delete_event (const CvApiRequest *request);
/* Days of all events of who asks. */
void cv_api_list_events (const CvApiRequest *request);

G_END_DECLS
