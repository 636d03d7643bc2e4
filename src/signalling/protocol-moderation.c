/* See protocol-moderation.h. */
#include "signalling/protocol-moderation.h"

#include "signalling/dial-in.h"
#include "signalling/permissions.h"

static void
add_floor_members (JsonBuilder *builder, CvMeeting *meeting)
{
  cv_json_add_bool (builder, "lobby", cv_meeting_has_lobby (meeting));
  cv_json_add_bool (builder, "locked", cv_meeting_is_locked (meeting));
}

void
cv_message_add_floor (JsonBuilder *builder, CvMeeting *meeting)
{
  json_builder_set_member_name (builder, "floor");
  json_builder_begin_object (builder);
  add_floor_members (builder, meeting);
  json_builder_end_object (builder);
}

GBytes *
cv_message_waiting (const CvKnock *knock, CvRoom *room, gboolean hosts)
{
  JsonBuilder *builder = cv_message_open ("waiting");
  cv_json_add_text (builder, "knock", knock->id);
  cv_message_add_room (builder, room);
  cv_json_add_bool (builder, "hosts", hosts);
  return cv_message_close (builder);
}

GBytes *
cv_message_knocks (GPtrArray *knocks)
{
  JsonBuilder *builder = cv_message_open ("knocks");
  json_builder_set_member_name (builder, "knocks");
  json_builder_begin_array (builder);
  for (guint i = 0; i < knocks->len; i++) {
    const CvKnock *knock = g_ptr_array_index (knocks, i);
    json_builder_begin_object (builder);
    cv_json_add_text (builder, "knock", knock->id);
    cv_json_add_text (builder, "name", knock->name);
    if (knock->sealed != NULL)
      cv_json_add_text (builder, "sealed", knock->sealed);
    cv_json_add_int (builder, "since", knock->since);
    cv_json_add_text (builder, "mark", knock->marked ? "removed" : "");
    if (knock->phone)
      cv_json_add_bool (builder, "phone", TRUE);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  return cv_message_close (builder);
}

GBytes *
cv_message_floor (CvMeeting *meeting)
{
  JsonBuilder *builder = cv_message_open ("floor");
  add_floor_members (builder, meeting);
  return cv_message_close (builder);
}

GBytes *
cv_message_role (CvRoom *room, CvRole role, const char *order)
{
  CvMeeting *meeting = cv_room_get_meeting (room);
  JsonBuilder *builder = cv_message_open ("role");
  cv_json_add_text (builder, "role", cv_role_to_text (role));
  cv_permissions_add (builder, cv_room_get_policy (room), role);
  cv_json_add_text (builder, "summary", meeting != NULL ? cv_meeting_get_summary (meeting, role) : NULL);
  cv_dial_in_add (builder, cv_room_get_row (room), cv_room_get_numbers (room), role >= CV_ROLE_COHOST);
  cv_message_add_order (builder, order);
  return cv_message_close (builder);
}

GBytes *
cv_message_removed (const char *by, const char *order)
{
  JsonBuilder *builder = cv_message_open ("removed");
  cv_json_add_text (builder, "by", by);
  cv_message_add_order (builder, order);
  return cv_message_close (builder);
}

GBytes *
cv_message_requested (CvSendingPart part, const CvParticipant *by, const char *order)
{
  JsonBuilder *builder = cv_message_open ("requested");
  cv_json_add_text (builder, "what", cv_sending_parts[part]);
  cv_json_add_text (builder, "by", by->id);
  cv_message_add_order (builder, order);
  return cv_message_close (builder);
}

GBytes *
cv_message_alert (void)
{
  JsonBuilder *builder = cv_message_open ("alert");
  cv_json_add_text (builder, "what", "pins");
  return cv_message_close (builder);
}

GBytes *
cv_message_dial_in (CvRoom *room, CvRole role)
{
  JsonBuilder *builder = cv_message_open ("dial-in");
  cv_dial_in_add (builder, cv_room_get_row (room), cv_room_get_numbers (room), role >= CV_ROLE_COHOST);
  return cv_message_close (builder);
}

GBytes *
cv_message_reactions (const CvReactions *reactions, gboolean viewers)
{
  guint named = 0;
  JsonBuilder *builder = cv_message_open ("reactions");
  json_builder_set_member_name (builder, "counts");
  json_builder_begin_object (builder);
  for (CvReaction what = 0; what < CV_N_REACTIONS; what++)
    if (reactions->counts[what] > 0)
      cv_json_add_int (builder, cv_reaction_names[what], reactions->counts[what]);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "people");
  json_builder_begin_array (builder);
  for (guint i = 0; i < reactions->named->len && named < CV_REACTIONS_MAX_NAMED; i++) {
    const CvReacted *reacted = &g_array_index (reactions->named, CvReacted, i);
    if (!reacted->staged && !viewers)
      continue;
    named++;
    json_builder_begin_object (builder);
    cv_json_add_text (builder, "person", reacted->person);
    cv_json_add_text (builder, "what", cv_reaction_names[reacted->what]);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  return cv_message_close (builder);
}
