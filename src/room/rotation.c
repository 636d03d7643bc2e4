/* See rotation.h. */
#include "room/rotation.h"

#include "base/ids.h"
#include "base/json.h"
#include "room/room.h"

#include <string.h>

/* Only the MAC becomes another one: who may remove somebody does not get to say whose key it is that orders are signed with. Returns:
 * (transfer full), NULL where there is none. */
static char *
exchange_mac (const char *orders, const guint8 mac[CV_ROTATION_MAC_BYTES])
{
  g_autoptr (JsonObject) object = orders != NULL ? cv_json_parse (orders, strlen (orders), NULL) : NULL;
  if (object == NULL || !json_object_has_member (object, "mac"))
    return NULL;
  g_autofree char *text = cv_base64url_encode (mac, CV_ROTATION_MAC_BYTES);
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  json_object_set_string_member (object, "mac", text);
  return cv_json_to_text (node, NULL);
}

CvRoomRow *
cv_rotation_apply (const CvRotation *self, const CvRoomRow *row, GError **error)
{
  g_return_val_if_fail (self->generation > 0, NULL);
  if (self->generation != row->generation + 1) {
    g_set_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_OUTDATED, "the room is of another generation");
    return NULL;
  }
  g_autofree char *orders = exchange_mac (row->orders, self->mac);
  if (orders == NULL) {
    g_set_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_INVALID, "the room has no key of orders");
    return NULL;
  }
  CvRoomRow *after = cv_room_row_copy (row);
  memcpy (after->join_verifier, self->join_verifier, sizeof after->join_verifier);
  g_free (after->orders);
  after->orders = g_steal_pointer (&orders);
  after->generation = self->generation;
  return after;
}
