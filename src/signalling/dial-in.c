/* See dial-in.h. */
#include "signalling/dial-in.h"

#include "base/json.h"
#include "store/pins.h"

void
cv_dial_in_add (JsonBuilder *builder, const CvRoomRow *row, const char *const *numbers, gboolean host)
{
  json_builder_set_member_name (builder, "dial_in");
  if (!row->dial_in || row->pin == NULL || numbers == NULL) {
    json_builder_add_null_value (builder);
    return;
  }
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "numbers");
  json_builder_begin_array (builder);
  for (const char *const *number = numbers; *number != NULL; number++)
    json_builder_add_string_value (builder, *number);
  json_builder_end_array (builder);
  cv_json_add_text (builder, "pin", row->pin);
  if (host)
    cv_json_add_text (builder, "host_pin", row->host_pin);
  json_builder_end_object (builder);
}

void
cv_dial_in_draw (CvRoomRow *row)
{
  if (row->pin == NULL)
    row->pin = cv_pin_draw ();
  if (row->host_pin == NULL)
    row->host_pin = cv_pin_draw ();
}
