/* See herald.h. */
#include "signalling/herald.h"

#include "base/json.h"
#include "signalling/api-rooms.h"

/* Where the news of a room goes, or of all rooms; its signals own it. */
typedef struct {
  CvHooks *hooks;
  CvClock *clock;
  char *room; /* NULL: of all */
} Post;

static Post *
post_new (const Post *like, const char *room)
{
  Post *self = g_new0 (Post, 1);
  self->hooks = g_object_ref (like->hooks);
  self->clock = g_object_ref (like->clock);
  self->room = g_strdup (room);
  return self;
}

static void
post_free (gpointer data, GClosure *closure)
{
  Post *self = data;
  g_object_unref (self->hooks);
  g_object_unref (self->clock);
  g_free (self->room);
  g_free (self);
}

/* One for each signal: who frees it need not count. */
static void
listen (gpointer object, const char *signal, GCallback callback, const Post *post, const char *room)
{
  g_signal_connect_data (object, signal, callback, post_new (post, room), post_free, 0);
}

/* Ends the object that `builder` has open. */
static void
send (const Post *self, const char *event, const char *room, JsonBuilder *builder)
{
  json_builder_end_object (builder);
  g_autoptr (JsonNode) object = json_builder_get_root (builder);
  cv_hooks_post (self->hooks, event, room, object);
}

/* ---- people ---- */

/* `reason` NULL: they came. */
static void
send_participant (const Post *self, CvMeeting *meeting, const CvParticipant *participant, const char *reason)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", participant->id);
  cv_json_add_text (builder, "room", self->room);
  cv_json_add_text (builder, "meeting", cv_meeting_get_id (meeting));
  cv_json_add_text (builder, "name", participant->name);
  cv_json_add_text (builder, "role", cv_role_to_text (participant->role));
  /* a stream is known by its token, which is no business of theirs */
  cv_json_add_text (builder, "sub", participant->stream ? NULL : participant->identity.subject);
  cv_json_add_bool (builder, "stream", participant->stream);
  if (reason != NULL)
    cv_json_add_text (builder, "reason", reason);
  send (self, reason != NULL ? "participant.left" : "participant.joined", self->room, builder);
}

static void
on_meeting_participant_joined (CvMeeting *meeting, CvParticipant *participant, gpointer user_data)
{
  send_participant (user_data, meeting, participant, NULL);
}

static void
on_meeting_participant_left (CvMeeting *meeting, CvParticipant *participant, CvLeaving leaving, gpointer user_data)
{
  if (!cv_meeting_has_ended (meeting)) /* of whom it was said then */
    send_participant (user_data, meeting, participant, cv_leaving_to_text (leaving));
}

/* ---- meetings ---- */

/* Opens the object. Returns: (transfer full). */
static JsonBuilder *
open_meeting (const Post *self, CvMeeting *meeting)
{
  JsonBuilder *builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", cv_meeting_get_id (meeting));
  cv_json_add_text (builder, "room", self->room);
  cv_json_add_int (builder, "started", cv_meeting_get_started (meeting));
  return builder;
}

static void
on_meeting_ended (CvMeeting *meeting, CvEnding ending, gpointer user_data)
{
  const Post *self = user_data;
  GPtrArray *participants = cv_meeting_get_participants (meeting);
  g_autoptr (JsonBuilder) builder = open_meeting (self, meeting);
  for (guint i = 0; i < participants->len; i++)
    send_participant (self, meeting, g_ptr_array_index (participants, i), "ended");
  cv_json_add_int (builder, "ended", cv_clock_wall (self->clock));
  cv_json_add_text (builder, "reason", cv_ending_to_text (ending));
  send (self, "meeting.ended", self->room, builder);
}

static void
on_registry_meeting_started (CvRegistry *registry, CvRoom *room, gpointer user_data)
{
  CvMeeting *meeting = cv_room_get_meeting (room);
  const char *id = cv_room_get_row (room)->id;
  if (!cv_room_get_policy (room)->keeps_rows)
    return;
  g_autoptr (JsonBuilder) builder = open_meeting (&(Post){ .room = (char *) id }, meeting);
  send (user_data, "meeting.started", id, builder);
  listen (meeting, "participant-joined", G_CALLBACK (on_meeting_participant_joined), user_data, id);
  listen (meeting, "participant-left", G_CALLBACK (on_meeting_participant_left), user_data, id);
  listen (meeting, "ended", G_CALLBACK (on_meeting_ended), user_data, id);
}

/* ---- rooms ---- */

static void
send_room (const Post *self, const char *event, CvRegistry *registry, const CvRoomRow *row)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_api_add_room (registry, builder, row);
  send (self, event, row->id, builder);
}

static void
on_registry_room_created (CvRegistry *registry, const CvRoomRow *row, gpointer user_data)
{
  send_room (user_data, "room.created", registry, row);
}

static void
on_registry_room_changed (CvRegistry *registry, const CvRoomRow *row, gpointer user_data)
{
  send_room (user_data, "room.changed", registry, row);
}

static void
on_registry_room_deleted (CvRegistry *registry, const char *id, gpointer user_data)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", id);
  send (user_data, "room.deleted", id, builder);
}

void
cv_herald_listen (CvRegistry *registry, CvHooks *hooks, CvClock *clock)
{
  const Post post = { .hooks = hooks, .clock = clock };
  g_return_if_fail (CV_IS_REGISTRY (registry) && CV_IS_HOOKS (hooks));
  listen (registry, "room-created", G_CALLBACK (on_registry_room_created), &post, NULL);
  listen (registry, "room-changed", G_CALLBACK (on_registry_room_changed), &post, NULL);
  listen (registry, "room-deleted", G_CALLBACK (on_registry_room_deleted), &post, NULL);
  listen (registry, "meeting-started", G_CALLBACK (on_registry_meeting_started), &post, NULL);
}
