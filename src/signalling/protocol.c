/* See protocol.h. */
#include "signalling/protocol.h"

#include "room/receipt.h"
#include "signalling/bounds.h"
#include "signalling/dial-in.h"
#include "signalling/permissions.h"
#include "signalling/protocol-moderation.h"
#include "signalling/protocol-recording.h"
#include "signalling/protocol-sharing.h"

#include <string.h>

#define MAX_NUMBER G_GINT64_CONSTANT (9007199254740991) /* 2^53 - 1: what JavaScript counts to */

/* ---- from a client ---- */

typedef void (*ReadFunc) (CvMessage *self, CvJsonReader *reader);

gboolean
cv_text_is_blank (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text)) {
    gunichar c = g_utf8_get_char (text);
    if (!g_unichar_isspace (c) && !g_unichar_iszerowidth (c) && g_unichar_isprint (c))
      return FALSE;
  }
  return TRUE;
}

const char *
cv_text_read_name (CvJsonReader *reader, const char *member, guint max)
{
  const char *text = cv_json_reader_text (reader, member, 1, max, FALSE);
  if (reader->error == NULL && cv_text_is_blank (text))
    g_set_error (&reader->error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "%s is blank", member);
  return text;
}

const char *
cv_text_read_optional (CvJsonReader *reader, const char *member, guint max)
{
  return cv_json_reader_has (reader, member) ? cv_text_read_name (reader, member, max) : NULL;
}

static void
read_name (CvMessage *self, CvJsonReader *reader)
{
  self->name = cv_text_read_name (reader, "name", CV_NAME_MAX_CHARACTERS);
}

static void
read_join (CvMessage *self, CvJsonReader *reader)
{
  self->room = cv_json_reader_id (reader, "room", "", 12);
  if (cv_json_reader_has (reader, "ticket"))
    self->ticket = cv_json_reader_ascii (reader, "ticket", CV_TICKET_MAX_BYTES);
  /* a ticket may stand for the link, and say the name */
  self->has_key = self->ticket == NULL || cv_json_reader_has (reader, "key");
  if (self->has_key)
    cv_json_reader_bytes (reader, "key", self->key, sizeof self->key);
  /* whether there has to be one the room's kind says */
  if (cv_json_reader_has (reader, "name"))
    read_name (self, reader);
  self->sending.microphone = cv_json_reader_bool (reader, "mic");
  self->sending.camera = cv_json_reader_bool (reader, "camera");
  self->has_host_key = cv_json_reader_has (reader, "host_key");
  if (self->has_host_key)
    cv_json_reader_bytes (reader, "host_key", self->host_key, sizeof self->host_key);
  self->has_token = cv_json_reader_has (reader, "replaces");
  if (self->has_token)
    cv_json_reader_bytes (reader, "replaces", self->token, sizeof self->token);
  if (cv_json_reader_has (reader, "receipt"))
    self->receipt = cv_json_reader_base64url (reader, "receipt", CV_RECEIPT_MAX_CHARACTERS);
  if (cv_json_reader_has (reader, "same_seat"))
    self->same_seat = cv_json_reader_bool (reader, "same_seat");
  self->has_visitor = cv_json_reader_has (reader, "visitor");
  if (self->has_visitor)
    cv_json_reader_bytes (reader, "visitor", self->visitor, sizeof self->visitor);
}

static void
read_resume (CvMessage *self, CvJsonReader *reader)
{
  self->has_token = cv_json_reader_bytes (reader, "token", self->token, sizeof self->token);
  self->seq = (guint64) cv_json_reader_int (reader, "seq", 0, MAX_NUMBER);
}

/* What is in it is for the hosts' browsers. All are equally long. */
static void
read_introduce (CvMessage *self, CvJsonReader *reader)
{
  guint8 sealed[CV_KNOCK_SEALED_BYTES];
  if (cv_json_reader_bytes (reader, "sealed", sealed, sizeof sealed))
    self->data = json_object_get_string_member (self->object, "sealed");
}

static void
read_ack (CvMessage *self, CvJsonReader *reader)
{
  self->seq = (guint64) cv_json_reader_int (reader, "seq", 0, MAX_NUMBER);
}

static void
read_relay (CvMessage *self, CvJsonReader *reader)
{
  self->person = cv_json_reader_id (reader, "to", "p", 12);
  self->data = cv_json_reader_base64url (reader, "data", CV_LIMIT_RELAY_CHARACTERS);
}

static void
read_state (CvMessage *self, CvJsonReader *reader)
{
  self->sending.microphone = cv_json_reader_bool (reader, "mic");
  self->sending.camera = cv_json_reader_bool (reader, "camera");
  self->sending.screen = cv_json_reader_bool (reader, "screen");
}

static void
read_person (CvMessage *self, CvJsonReader *reader)
{
  self->person = cv_json_reader_id (reader, "person", "p", 12);
}

static void
read_order (CvMessage *self, CvJsonReader *reader)
{
  if (cv_json_reader_has (reader, "order"))
    self->order = cv_json_reader_base64url (reader, "order", CV_LIMIT_ORDER_CHARACTERS);
}

static void
read_offer (CvMessage *self, CvJsonReader *reader)
{
  self->sdp = cv_json_reader_ascii (reader, "sdp", CV_LIMIT_SDP_BYTES);
}

static void
read_tile (CvMediaTile *tile, JsonObject *object, GError **error)
{
  static const char *const sources[] = { "camera", "screen", NULL };
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  tile->person = cv_json_reader_id (&reader, "person", "p", 12);
  tile->source = cv_json_reader_choice (&reader, "source", sources) == 0 ? CV_MEDIA_CAMERA : CV_MEDIA_SCREEN;
  tile->width = (guint) cv_json_reader_int (&reader, "width", 1, CV_LIMIT_TILE_WIDTH);
  cv_json_reader_finish (&reader, error);
}

static void
read_view (CvMessage *self, CvJsonReader *reader)
{
  JsonArray *tiles = cv_json_reader_objects (reader, "tiles", CV_MEDIA_MAX_TILES);
  guint n = tiles != NULL ? json_array_get_length (tiles) : 0;
  self->tiles = g_array_new (FALSE, TRUE, sizeof (CvMediaTile));
  g_array_set_size (self->tiles, n);
  for (guint i = 0; i < n && reader->error == NULL; i++)
    read_tile (&g_array_index (self->tiles, CvMediaTile, i), json_array_get_object_element (tiles, i), &reader->error);
}

static void
read_hand (CvMessage *self, CvJsonReader *reader)
{
  self->on = cv_json_reader_bool (reader, "up");
}

static void
read_stage (CvMessage *self, CvJsonReader *reader)
{
  read_person (self, reader);
  self->on = cv_json_reader_bool (reader, "on");
}

static void
read_stop (CvMessage *self, CvJsonReader *reader)
{
  read_person (self, reader);
  self->part = (CvSendingPart) MAX (cv_json_reader_choice (reader, "what", cv_sending_parts), 0);
  read_order (self, reader);
}

static void
read_start (CvMessage *self, CvJsonReader *reader)
{
  read_person (self, reader);
  self->part = (CvSendingPart) MAX (cv_json_reader_choice (reader, "what", cv_sending_parts), 0);
}

static void
read_spotlight (CvMessage *self, CvJsonReader *reader)
{
  read_order (self, reader);
  if (!cv_json_reader_null (reader, "person"))
    read_person (self, reader);
}

static void
read_ask (CvMessage *self, CvJsonReader *reader)
{
  self->text = cv_json_reader_text (reader, "text", 1, CV_QUESTION_MAX_CHARACTERS, TRUE);
  if (reader->error == NULL && cv_text_is_blank (self->text))
    g_set_error (&reader->error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "text is blank");
}

static void
read_resolve (CvMessage *self, CvJsonReader *reader)
{
  self->question = (guint64) cv_json_reader_int (reader, "question", 1, MAX_NUMBER);
}

static void
read_vote (CvMessage *self, CvJsonReader *reader)
{
  read_resolve (self, reader);
  self->on = cv_json_reader_bool (reader, "up");
}

static void
read_record (CvMessage *self, CvJsonReader *reader)
{
  self->action = (CvCaptureAction) MAX (cv_json_reader_choice (reader, "action", cv_capture_actions), 0);
}

static void
read_consent (CvMessage *self, CvJsonReader *reader)
{
  /* What people are told they do not say. */
  const char *const *said = &cv_answers[CV_ANSWER_AGREED];
  self->answer = (CvAnswer) (CV_ANSWER_AGREED + MAX (cv_json_reader_choice (reader, "answer", said), 0));
}

/* ---- who is in, and as what ---- */

/* The lobby's and the lock's. */
static void
read_on (CvMessage *self, CvJsonReader *reader)
{
  self->on = cv_json_reader_bool (reader, "on");
}

static void
read_deny (CvMessage *self, CvJsonReader *reader)
{
  self->knock = cv_json_reader_id (reader, "knock", "q", 12);
}

static void
read_admit (CvMessage *self, CvJsonReader *reader)
{
  if (!cv_json_reader_null (reader, "knock"))
    read_deny (self, reader);
}

static void
read_rotation (CvRotation *self, JsonObject *object, GError **error)
{
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  self->generation = cv_json_reader_int (&reader, "generation", 1, MAX_NUMBER);
  cv_json_reader_bytes (&reader, "join_verifier", self->join_verifier, sizeof self->join_verifier);
  cv_json_reader_bytes (&reader, "mac", self->mac, sizeof self->mac);
  cv_json_reader_finish (&reader, error);
}

static void
read_remove (CvMessage *self, CvJsonReader *reader)
{
  read_person (self, reader);
  read_order (self, reader);
  JsonObject *rotation = cv_json_reader_has (reader, "rotation") ? cv_json_reader_object (reader, "rotation") : NULL;
  if (rotation != NULL && reader->error == NULL)
    read_rotation (&self->rotation, rotation, &reader->error);
}

static void
read_role (CvMessage *self, CvJsonReader *reader)
{
  static const char *const given[] = { "person", "cohost", "host", NULL };
  read_person (self, reader);
  self->role = (CvRole) (CV_ROLE_PERSON + MAX (cv_json_reader_choice (reader, "role", given), 0));
  read_order (self, reader);
}

static void
read_rename (CvMessage *self, CvJsonReader *reader)
{
  read_name (self, reader);
  if (cv_json_reader_has (reader, "person"))
    read_person (self, reader);
}

static void
read_react (CvMessage *self, CvJsonReader *reader)
{
  self->reaction = (CvReaction) MAX (cv_json_reader_choice (reader, "what", cv_reaction_names), 0);
}

/* Nobody is asked to show their screen. */
static void
read_request (CvMessage *self, CvJsonReader *reader)
{
  static const char *const parts[] = { "microphone", "camera", NULL };
  read_person (self, reader);
  self->part = (CvSendingPart) MAX (cv_json_reader_choice (reader, "what", parts), 0);
  read_order (self, reader);
}

static void
read_change (CvMessage *self, CvJsonReader *reader)
{
  self->ops = cv_message_read_operations (reader);
}

static void
read_poll_vote (CvMessage *self, CvJsonReader *reader)
{
  self->poll = cv_message_read_object (reader, "poll");
  self->choices = cv_message_read_choices (reader);
}

static void
read_whisper (CvMessage *self, CvJsonReader *reader)
{
  self->person = cv_json_reader_id (reader, "to", "p", 12);
  self->text = cv_json_reader_text (reader, "text", 1, CV_WHISPER_MAX_CHARACTERS, TRUE);
}

/* `numbered`: carries `id`. */
static const struct {
  const char *name;
  gboolean numbered;
  ReadFunc read;
} types[CV_N_MESSAGES] = {
  [CV_MESSAGE_JOIN] = { "join", FALSE, read_join },
  [CV_MESSAGE_RESUME] = { "resume", FALSE, read_resume },
  [CV_MESSAGE_INTRODUCE] = { "introduce", FALSE, read_introduce },
  [CV_MESSAGE_ACK] = { "ack", FALSE, read_ack },
  [CV_MESSAGE_PONG] = { "pong", FALSE, NULL },
  [CV_MESSAGE_RELAY] = { "relay", FALSE, read_relay },
  [CV_MESSAGE_STATE] = { "state", TRUE, read_state },
  [CV_MESSAGE_TURN] = { "turn", TRUE, NULL },
  [CV_MESSAGE_RECEIPT] = { "receipt", TRUE, NULL },
  [CV_MESSAGE_LEAVE] = { "leave", TRUE, NULL },
  [CV_MESSAGE_END] = { "end", TRUE, NULL },
  [CV_MESSAGE_OFFER] = { "offer", TRUE, read_offer },
  [CV_MESSAGE_VIEW] = { "view", TRUE, read_view },
  [CV_MESSAGE_HAND] = { "hand", TRUE, read_hand },
  [CV_MESSAGE_STAGE] = { "stage", TRUE, read_stage },
  [CV_MESSAGE_STOP] = { "stop", TRUE, read_stop },
  [CV_MESSAGE_START] = { "start", TRUE, read_start },
  [CV_MESSAGE_MUTE_ALL] = { "mute-all", TRUE, read_order },
  [CV_MESSAGE_SPOTLIGHT] = { "spotlight", TRUE, read_spotlight },
  [CV_MESSAGE_ASK] = { "ask", TRUE, read_ask },
  [CV_MESSAGE_VOTE] = { "vote", TRUE, read_vote },
  [CV_MESSAGE_RESOLVE] = { "resolve", TRUE, read_resolve },
  [CV_MESSAGE_WATCH_STATS] = { "watch-stats", TRUE, read_on },
  [CV_MESSAGE_RECORD] = { "record", TRUE, read_record },
  [CV_MESSAGE_CONSENT] = { "consent", TRUE, read_consent },
  [CV_MESSAGE_LOBBY] = { "lobby", TRUE, read_on },
  [CV_MESSAGE_LOCK] = { "lock", TRUE, read_on },
  [CV_MESSAGE_ADMIT] = { "admit", TRUE, read_admit },
  [CV_MESSAGE_DENY] = { "deny", TRUE, read_deny },
  [CV_MESSAGE_REMOVE] = { "remove", TRUE, read_remove },
  [CV_MESSAGE_ROLE] = { "role", TRUE, read_role },
  [CV_MESSAGE_RENAME] = { "rename", TRUE, read_rename },
  [CV_MESSAGE_LOWER] = { "lower", TRUE, read_person },
  [CV_MESSAGE_REACT] = { "react", TRUE, read_react },
  [CV_MESSAGE_REQUEST] = { "request", TRUE, read_request },
  [CV_MESSAGE_CHANGE] = { "change", TRUE, read_change },
  [CV_MESSAGE_POLL_VOTE] = { "poll-vote", TRUE, read_poll_vote },
  [CV_MESSAGE_WHISPER] = { "whisper", TRUE, read_whisper },
};

const char *
cv_message_type_to_text (CvMessageType type)
{
  return types[type].name;
}

static gboolean
find_type (const char *name, CvMessageType *type)
{
  for (guint i = 0; i < CV_N_MESSAGES; i++)
    if (g_strcmp0 (types[i].name, name) == 0) {
      *type = (CvMessageType) i;
      return TRUE;
    }
  return FALSE;
}

static gsize
get_max_bytes (CvMessageType type)
{
  if (type == CV_MESSAGE_OFFER)
    return CV_LIMIT_MESSAGE_BYTES;
  return type == CV_MESSAGE_CHANGE ? CV_MODEL_MAX_CHANGE_BYTES : CV_JSON_MAX_BYTES;
}

gboolean
cv_message_parse (CvMessage *self, const char *text, gsize length, GError **error)
{
  *self = (CvMessage){ 0 };
  self->object = cv_json_parse_long (text, length, CV_LIMIT_MESSAGE_BYTES, error);
  if (self->object == NULL)
    return FALSE;

  CvJsonReader reader;
  cv_json_reader_init (&reader, self->object);
  const char *name = cv_json_reader_text (&reader, "type", 1, 20, FALSE);
  if (reader.error == NULL && !find_type (name, &self->type))
    g_set_error (&reader.error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "unknown type");
  if (reader.error == NULL && length > get_max_bytes (self->type))
    g_set_error (&reader.error, CV_JSON_ERROR, CV_JSON_ERROR_LIMIT, "too long for its type");
  if (reader.error == NULL) {
    if (types[self->type].numbered)
      self->id = (guint64) cv_json_reader_int (&reader, "id", 1, MAX_NUMBER);
    if (types[self->type].read != NULL)
      types[self->type].read (self, &reader);
  }
  return cv_json_reader_finish (&reader, error);
}

void
cv_message_clear (CvMessage *self)
{
  g_clear_pointer (&self->tiles, g_array_unref);
  g_clear_pointer (&self->ops, g_ptr_array_unref);
  g_clear_pointer (&self->object, json_object_unref);
}

/* ---- to a client ---- */

JsonBuilder *
cv_message_open (const char *type)
{
  JsonBuilder *builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "type", type);
  return builder;
}

GBytes *
cv_message_close (JsonBuilder *builder)
{
  gsize length = 0;
  json_builder_end_object (builder);
  char *text = cv_json_builder_to_text (builder, &length);
  g_object_unref (builder);
  return g_bytes_new_take (text, length);
}

static void
add_person (JsonBuilder *builder, const CvParticipant *participant)
{
  CvSending heard = cv_participant_get_heard (participant);
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", participant->id);
  cv_json_add_text (builder, "name", participant->name);
  cv_json_add_bool (builder, "host", participant->role >= CV_ROLE_COHOST);
  cv_json_add_bool (builder, "mic", heard.microphone);
  cv_json_add_bool (builder, "camera", heard.camera);
  cv_json_add_bool (builder, "screen", heard.screen);
  cv_json_add_bool (builder, "away", participant->away);
  cv_json_add_int (builder, "hand", participant->hand);
  cv_json_add_bool (builder, "stage", participant->role > CV_ROLE_VIEWER);
  if (participant->stream)
    cv_json_add_bool (builder, "stream", TRUE);
  if (participant->phone)
    cv_json_add_bool (builder, "phone", TRUE);
  cv_json_add_bool (builder, "unrecorded", participant->unrecorded);
  cv_json_add_text (builder, "role", cv_role_to_text (participant->role));
  json_builder_end_object (builder);
}

static void
add_question (JsonBuilder *builder, const CvQuestion *question, gboolean voted)
{
  json_builder_begin_object (builder);
  cv_json_add_int (builder, "n", (gint64) question->n);
  cv_json_add_text (builder, "from", question->from);
  cv_json_add_text (builder, "name", question->name);
  cv_json_add_text (builder, "text", question->text);
  cv_json_add_int (builder, "at", question->at);
  cv_json_add_int (builder, "votes", cv_question_count_votes (question));
  cv_json_add_bool (builder, "mine", voted);
  cv_json_add_bool (builder, "resolved", question->resolved);
  json_builder_end_object (builder);
}

static void
add_ice (JsonBuilder *builder, const CvIce *ice)
{
  json_builder_set_member_name (builder, "ice");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "servers");
  json_builder_begin_array (builder);
  if (ice->urls[0] != NULL) {
    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "urls");
    json_builder_begin_array (builder);
    for (char **url = ice->urls; *url != NULL; url++)
      json_builder_add_string_value (builder, *url);
    json_builder_end_array (builder);
    if (ice->username != NULL) {
      cv_json_add_text (builder, "username", ice->username);
      cv_json_add_text (builder, "credential", ice->credential);
    }
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  cv_json_add_bool (builder, "relay_only", ice->relay_only);
  cv_json_add_int (builder, "expires", ice->expires);
  json_builder_end_object (builder);
}

void
cv_message_add_order (JsonBuilder *builder, const char *order)
{
  if (order != NULL)
    cv_json_add_text (builder, "order", order);
}

void
cv_message_add_room (JsonBuilder *builder, CvRoom *room)
{
  const CvRoomRow *row = cv_room_get_row (room);
  json_builder_set_member_name (builder, "room");
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", row->id);
  cv_json_add_text (builder, "kind", row->kind);
  cv_json_add_text (builder, "title", row->title);
  cv_json_add_int (builder, "max_people", cv_room_get_policy (room)->max_people);
  cv_json_add_text (builder, "media", cv_room_get_policy (room)->topology == CV_TOPOLOGY_SFU ? "sfu" : "p2p");
  CvCapture *capture = cv_room_get_capture (room);
  /* Without a meeting there is nothing yet that could record. */
  gboolean recording = capture != NULL ? cv_capture_is_allowed (capture) : row->recording;
  cv_json_add_bool (builder, "recording", recording);
  if (row->orders != NULL)
    cv_json_add_text (builder, "orders", row->orders);
  if (cv_room_get_policy (room)->topology == CV_TOPOLOGY_P2P)
    cv_json_add_int (builder, "generation", row->generation);
  json_builder_end_object (builder);
}

static void
add_recording (JsonBuilder *builder, CvRoom *room, const CvParticipant *self)
{
  CvCapture *capture = cv_room_get_capture (room);
  json_builder_set_member_name (builder, "recording");
  if (capture == NULL) {
    json_builder_add_null_value (builder);
    return;
  }
  json_builder_begin_object (builder);
  cv_message_add_recording (builder, capture, self);
  json_builder_end_object (builder);
}

static void
add_media (JsonBuilder *builder, CvRoom *room)
{
  CvSwitchboard *switchboard = cv_room_get_switchboard (room);
  json_builder_set_member_name (builder, "media");
  if (switchboard == NULL) {
    json_builder_add_null_value (builder);
    return;
  }
  json_builder_begin_object (builder);
  cv_json_add_bool (builder, "ready", cv_switchboard_is_ready (switchboard));
  cv_json_add_int (builder, "audio_slots", CV_SWITCHBOARD_AUDIO_SLOTS);
  cv_json_add_int (builder, "video_slots", CV_SWITCHBOARD_VIDEO_SLOTS);
  json_builder_end_object (builder);
}

static void
add_people (JsonBuilder *builder, CvMeeting *meeting, const CvParticipant *self)
{
  GPtrArray *participants = cv_meeting_get_participants (meeting);
  json_builder_set_member_name (builder, "people");
  json_builder_begin_array (builder);
  for (guint i = 0; i < participants->len; i++) {
    const CvParticipant *participant = g_ptr_array_index (participants, i);
    if (participant != self && cv_meeting_sees (meeting, self, participant))
      add_person (builder, participant);
  }
  json_builder_end_array (builder);
}

static void
add_questions (JsonBuilder *builder, CvMeeting *meeting, const CvParticipant *self)
{
  GPtrArray *questions = cv_questions_get_all (cv_meeting_get_questions (meeting));
  json_builder_set_member_name (builder, "questions");
  json_builder_begin_array (builder);
  for (guint i = 0; i < questions->len; i++) {
    const CvQuestion *question = g_ptr_array_index (questions, i);
    add_question (builder, question, cv_question_has_vote (question, self->id));
  }
  json_builder_end_array (builder);
}

GBytes *
cv_message_joined (CvRoom *room, CvMeeting *meeting, CvParticipant *self, const char *token, const char *receipt,
                   CvBadges *badges, const CvIce *ice, gint64 now)
{
  JsonBuilder *builder = cv_message_open ("joined");
  cv_json_add_text (builder, "self", self->id);
  cv_json_add_text (builder, "token", token);
  if (receipt != NULL)
    cv_json_add_text (builder, "receipt", receipt);
  cv_message_add_room (builder, room);
  cv_json_add_text (builder, "meeting", cv_meeting_get_id (meeting));
  cv_json_add_bool (builder, "host", self->role >= CV_ROLE_COHOST);
  cv_json_add_text (builder, "role", cv_role_to_text (self->role));
  cv_json_add_text (builder, "summary", cv_meeting_get_summary (meeting, self->role));
  add_media (builder, room);
  add_recording (builder, room, self);
  add_people (builder, meeting, self);
  cv_json_add_int (builder, "viewers", cv_meeting_count_viewers (meeting));
  const CvParticipant *spotlight = cv_meeting_get_spotlight (meeting);
  cv_json_add_text (builder, "spotlight", spotlight != NULL ? spotlight->id : NULL);
  cv_permissions_add (builder, cv_meeting_get_policy (meeting), self->role);
  cv_message_add_floor (builder, meeting);
  cv_message_add_model (builder, meeting, self);
  add_questions (builder, meeting, self);
  cv_dial_in_add (builder, cv_room_get_row (room), cv_room_get_numbers (room), self->role >= CV_ROLE_COHOST);
  cv_badges_add (badges, builder, cv_room_get_row (room)->id, meeting, self);
  add_ice (builder, ice);
  cv_json_add_int (builder, "now", now);
  return cv_message_close (builder);
}

GBytes *
cv_message_resumed (const char *token, guint64 last_id)
{
  JsonBuilder *builder = cv_message_open ("resumed");
  cv_json_add_text (builder, "token", token);
  cv_json_add_int (builder, "last_id", (gint64) last_id);
  return cv_message_close (builder);
}

GBytes *
cv_message_ok (guint64 re)
{
  JsonBuilder *builder = cv_message_open ("ok");
  cv_json_add_int (builder, "re", (gint64) re);
  return cv_message_close (builder);
}

GBytes *
cv_message_error (CvProblem problem, guint64 re)
{
  JsonBuilder *builder = cv_message_open ("error");
  cv_json_add_text (builder, "error", cv_problem_get_id (problem));
  cv_json_add_text (builder, "text", cv_problem_get_text (problem));
  if (re != 0)
    cv_json_add_int (builder, "re", (gint64) re);
  return cv_message_close (builder);
}

GBytes *
cv_message_turn (guint64 re, const CvIce *ice)
{
  JsonBuilder *builder = cv_message_open ("turn");
  cv_json_add_int (builder, "re", (gint64) re);
  add_ice (builder, ice);
  return cv_message_close (builder);
}

GBytes *
cv_message_receipt (guint64 re, const char *receipt)
{
  JsonBuilder *builder = cv_message_open ("receipt");
  cv_json_add_int (builder, "re", (gint64) re);
  cv_json_add_text (builder, "receipt", receipt);
  return cv_message_close (builder);
}

static GBytes *
person_message (const char *type, const CvParticipant *participant, const char *order)
{
  JsonBuilder *builder = cv_message_open (type);
  json_builder_set_member_name (builder, "person");
  add_person (builder, participant);
  cv_message_add_order (builder, order);
  return cv_message_close (builder);
}

GBytes *
cv_message_person_joined (const CvParticipant *participant)
{
  return person_message ("person-joined", participant, NULL);
}

GBytes *
cv_message_person_changed (const CvParticipant *participant, const char *order)
{
  return person_message ("person-changed", participant, order);
}

GBytes *
cv_message_person_left (const CvParticipant *participant, CvLeaving leaving, const char *order)
{
  JsonBuilder *builder = cv_message_open ("person-left");
  cv_json_add_text (builder, "person", participant->id);
  cv_json_add_text (builder, "reason", cv_leaving_to_text (leaving));
  cv_message_add_order (builder, order);
  return cv_message_close (builder);
}

GBytes *
cv_message_relay (const char *from, const char *data)
{
  /* Ids and base64url need no escaping, and this is the busiest message. */
  char *text = g_strdup_printf ("{\"type\":\"relay\",\"from\":\"%s\",\"data\":\"%s\"}", from, data);
  return g_bytes_new_take (text, strlen (text));
}

GBytes *
cv_message_relay_failed (const char *to, gboolean away)
{
  JsonBuilder *builder = cv_message_open ("relay-failed");
  cv_json_add_text (builder, "to", to);
  cv_json_add_text (builder, "error", away ? "away" : "unknown-person");
  return cv_message_close (builder);
}

GBytes *
cv_message_question (const CvQuestion *question, gboolean voted)
{
  JsonBuilder *builder = cv_message_open ("question");
  json_builder_set_member_name (builder, "question");
  add_question (builder, question, voted);
  return cv_message_close (builder);
}

GBytes *
cv_message_ended (CvEnding ending)
{
  JsonBuilder *builder = cv_message_open ("ended");
  cv_json_add_text (builder, "reason", cv_ending_to_text (ending));
  return cv_message_close (builder);
}

GBytes *
cv_message_ping (void)
{
  return cv_message_close (cv_message_open ("ping"));
}

GString *
cv_message_number (GBytes *body, guint64 seq)
{
  gsize length = 0;
  const char *text = g_bytes_get_data (body, &length);
  GString *numbered = g_string_sized_new (length + 32);
  g_string_append_len (numbered, text, (gssize) length - 1); /* without its closing brace */
  g_string_append_printf (numbered, ",\"seq\":%" G_GUINT64_FORMAT "}", seq);
  return numbered;
}
