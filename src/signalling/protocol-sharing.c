/* See protocol-sharing.h. */
#include "signalling/protocol-sharing.h"

#include "room/ballots.h"

/* ---- from a client ---- */

GPtrArray *
cv_message_read_operations (CvJsonReader *reader)
{
  JsonArray *array = cv_json_reader_objects (reader, "ops", CV_MODEL_MAX_OPS);
  guint n = array != NULL ? json_array_get_length (array) : 0;
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_operation_free);
  if (reader->error == NULL && n == 0)
    g_set_error_literal (&reader->error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "no operation");
  for (guint i = 0; i < n && reader->error == NULL; i++) {
    CvOperation *operation = cv_operation_read (json_array_get_object_element (array, i), &reader->error);
    if (operation != NULL)
      g_ptr_array_add (ops, operation);
  }
  return reader->error == NULL ? g_steal_pointer (&ops) : NULL;
}

guint
cv_message_read_choices (CvJsonReader *reader)
{
  JsonArray *array = cv_json_reader_ints (reader, "choices", CV_BALLOTS_MAX_CHOICES, CV_BALLOTS_MAX_CHOICES - 1);
  guint choices = 0;
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    guint bit = 1u << json_array_get_int_element (array, i);
    if ((choices & bit) != 0 && reader->error == NULL)
      g_set_error_literal (&reader->error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "a choice twice");
    choices |= bit;
  }
  return choices;
}

const char *
cv_message_read_object (CvJsonReader *reader, const char *name)
{
  const char *id = cv_json_reader_text (reader, name, 1, CV_MODEL_MAX_ID_CHARACTERS, FALSE);
  if (reader->error == NULL && !cv_operation_is_id (id))
    g_set_error_literal (&reader->error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "not an id");
  return id;
}

/* ---- to a client ---- */

static void
add_votes (JsonBuilder *builder, CvSharing *sharing, const CvParticipant *self)
{
  g_autoptr (GPtrArray) polls = cv_sharing_list_polls (sharing);
  json_builder_set_member_name (builder, "votes");
  json_builder_begin_object (builder);
  for (guint i = 0; i < polls->len; i++) {
    guint choices = cv_sharing_get_vote (sharing, self, g_ptr_array_index (polls, i));
    if (choices == 0)
      continue;
    json_builder_set_member_name (builder, g_ptr_array_index (polls, i));
    json_builder_begin_array (builder);
    for (guint choice = 0; choice < CV_BALLOTS_MAX_CHOICES; choice++)
      if (((choices >> choice) & 1) != 0)
        json_builder_add_int_value (builder, choice);
    json_builder_end_array (builder);
  }
  json_builder_end_object (builder);
}

guint
cv_message_find_piece (const CvModel *model, guint from)
{
  GPtrArray *objects = cv_model_get_objects (model);
  gsize bytes = 0;
  while (from < objects->len && bytes < CV_SNAPSHOT_BYTES)
    bytes += cv_object_get_bytes (g_ptr_array_index (objects, from++));
  return from;
}

/* `ops` and `more`. Returns where the next one begins. */
static guint
add_piece (JsonBuilder *builder, const CvModel *model, guint from)
{
  GPtrArray *objects = cv_model_get_objects (model);
  guint to = cv_message_find_piece (model, from);
  json_builder_set_member_name (builder, "ops");
  json_builder_begin_array (builder);
  for (guint i = from; i < to; i++)
    cv_object_add_operations (g_ptr_array_index (objects, i), builder);
  json_builder_end_array (builder);
  cv_json_add_bool (builder, "more", to < objects->len);
  return to;
}

void
cv_message_add_model (JsonBuilder *builder, CvMeeting *meeting, const CvParticipant *self)
{
  CvSharing *sharing = cv_meeting_get_sharing (meeting);
  const CvModel *model = cv_sharing_get_model (sharing);
  json_builder_set_member_name (builder, "model");
  if (!cv_meeting_get_policy (meeting)->keeps_content) {
    json_builder_add_null_value (builder);
    return;
  }
  json_builder_begin_object (builder);
  cv_json_add_int (builder, "clock", cv_model_get_clock (model));
  add_piece (builder, model, 0);
  json_builder_set_member_name (builder, "was");
  json_builder_begin_array (builder);
  for (guint i = 0; self->formerly != NULL && i < self->formerly->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (self->formerly, i));
  json_builder_end_array (builder);
  add_votes (builder, sharing, self);
  json_builder_end_object (builder);
}

static void
add_operations (JsonBuilder *builder, const GPtrArray *ops)
{
  for (guint i = 0; ops != NULL && i < ops->len; i++)
    cv_operation_add (g_ptr_array_index (ops, i), builder);
}

GBytes *
cv_message_changes (const GPtrArray *ops, const GPtrArray *stamps)
{
  JsonBuilder *builder = cv_message_open ("changes");
  json_builder_set_member_name (builder, "ops");
  json_builder_begin_array (builder);
  add_operations (builder, ops);
  add_operations (builder, stamps);
  json_builder_end_array (builder);
  return cv_message_close (builder);
}

GBytes *
cv_message_model (const CvModel *model, guint *from)
{
  JsonBuilder *builder = cv_message_open ("model");
  *from = add_piece (builder, model, *from);
  return cv_message_close (builder);
}

GBytes *
cv_message_whisper (const CvParticipant *from, const char *to, const char *text, gint64 at)
{
  JsonBuilder *builder = cv_message_open ("whisper");
  cv_json_add_text (builder, "from", from->id);
  cv_json_add_text (builder, "name", from->name);
  cv_json_add_text (builder, "to", to);
  cv_json_add_text (builder, "text", text);
  cv_json_add_int (builder, "at", at);
  return cv_message_close (builder);
}
