/* The requests about rooms and their meetings (PROTOCOL.md §3). A room is its owner's and administrators'; for others it is not
 * there.
 *
 * Owns nothing. Main thread. Of rooms whose media pass through the server the server may draw the secrets, and keeps the one of
 * the link for their owner; it never keeps the host's.
 */
#pragma once

#include "signalling/api.h"

G_BEGIN_DECLS

void cv_api_list_rooms (const CvApiRequest *request);
void cv_api_create_room (const CvApiRequest *request);
void cv_api_show_room (const CvApiRequest *request);
void cv_api_change_room (const CvApiRequest *request);
void cv_api_delete_room (const CvApiRequest *request);
void cv_api_end_room (const CvApiRequest *request);
void cv_api_list_meetings (const CvApiRequest *request);

/* For other requests about a room: pauses, and loads the room that the path names. */
CvApiPending *cv_api_load_own_room (const CvApiRequest *request, CvApiAnswerFunc answer);
/* NULL where it is not there for who asks, which is answered. Returns: (transfer full). */
CvRoom *cv_api_load_own_room_finish (CvApiPending *pending, gpointer source, GAsyncResult *result);

/* The link that this secret makes. Returns: (transfer full), to be freed with cv_link_free_url(). */
char *cv_api_make_link (CvApi *self, const char *room, const guint8 secret[CV_ROOM_SECRET_BYTES]);

/* Members of a room's object, which is open and stays so; without its link. */
void cv_api_add_room (CvRegistry *registry, JsonBuilder *builder, const CvRoomRow *row);
/* Of rooms that are on no disk, for who has the link. */
void cv_api_add_receipt (CvApi *self, JsonBuilder *builder, const CvRoomRow *row);

G_END_DECLS
