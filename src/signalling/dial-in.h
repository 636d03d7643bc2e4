/* How a room is called by phone, as the API and the protocol say it (PROTOCOL.md §3). Owns nothing. Main thread. */
#pragma once

#include "store/rooms.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The member `dial_in` of an object that is open: null where callers may not come in. `numbers`: of the server, NULL where it
 * cannot be called. `host`: with the PIN that makes a host. */
void cv_dial_in_add (JsonBuilder *builder, const CvRoomRow *row, const char *const *numbers, gboolean host);
/* Draws the PINs of a room that has none yet. */
void cv_dial_in_draw (CvRoomRow *row);

G_END_DECLS
