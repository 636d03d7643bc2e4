/* Fuzz target of the messages from clients (libFuzzer).
 *
 * Whatever is accepted keeps every promise of protocol.h, is accepted again after being written anew, and can be passed on
 * without the receiver's text being more than one JSON object.
 */
#include "signalling/protocol.h"

#include "base/ids.h"
#include "signalling/bounds.h"
#include "signalling/protocol-media.h"
#include "signalling/protocol-moderation.h"
#include "signalling/protocol-sharing.h"

#include <string.h>

#define MAX_NUMBER G_GUINT64_CONSTANT (9007199254740991)

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

static gboolean
is_base64url (const char *text, gsize max)
{
  gsize length = strlen (text);
  for (gsize i = 0; i < length; i++)
    if (!cv_base64url_is_digit (text[i]))
      return FALSE;
  return length >= 1 && length <= max;
}

static gboolean
is_text (const char *text, glong max)
{
  glong length = g_utf8_strlen (text, -1);
  return g_utf8_validate (text, -1, NULL) && length >= 1 && length <= max;
}

static gboolean
is_numbered (CvMessageType type)
{
  return type != CV_MESSAGE_JOIN && type != CV_MESSAGE_RESUME && type != CV_MESSAGE_ACK && type != CV_MESSAGE_PONG &&
         type != CV_MESSAGE_RELAY && type != CV_MESSAGE_INTRODUCE;
}

static gboolean
takes_order (CvMessageType type)
{
  return type == CV_MESSAGE_STOP || type == CV_MESSAGE_MUTE_ALL || type == CV_MESSAGE_SPOTLIGHT ||
         type == CV_MESSAGE_REMOVE || type == CV_MESSAGE_ROLE || type == CV_MESSAGE_REQUEST;
}

static void
check_tiles (GArray *tiles)
{
  g_assert_cmpuint (tiles->len, <=, CV_MEDIA_MAX_TILES);
  for (guint i = 0; i < tiles->len; i++) {
    const CvMediaTile *tile = &g_array_index (tiles, CvMediaTile, i);
    g_assert_true (cv_id_is_valid (tile->person, "p"));
    g_assert_true (tile->source == CV_MEDIA_CAMERA || tile->source == CV_MEDIA_SCREEN);
    g_assert_true (tile->width >= 1 && tile->width <= CV_LIMIT_TILE_WIDTH);
  }
}

static void
check_promises (const CvMessage *message)
{
  CvMessageType type = message->type;
  g_assert_cmpuint (type, <, CV_N_MESSAGES);
  g_assert_cmpstr (json_object_get_string_member (message->object, "type"), ==, cv_message_type_to_text (type));
  g_assert_true (is_numbered (type) ? message->id >= 1 && message->id <= MAX_NUMBER : message->id == 0);
  g_assert_true (message->seq <= MAX_NUMBER);
  g_assert_true ((message->room != NULL) == (type == CV_MESSAGE_JOIN));
  /* who joins has a name where the room's kind asks for one */
  g_assert_true ((message->name != NULL) == (type == CV_MESSAGE_RENAME) || type == CV_MESSAGE_JOIN);
  g_assert_true (message->ticket == NULL ||
                 (type == CV_MESSAGE_JOIN && strlen (message->ticket) <= CV_TICKET_MAX_BYTES));
  g_assert_true (type != CV_MESSAGE_JOIN || message->has_key || message->ticket != NULL);
  g_assert_true (message->knock == NULL || cv_id_is_valid (message->knock, "q"));
  g_assert_true ((message->knock != NULL) == (type == CV_MESSAGE_DENY) || type == CV_MESSAGE_ADMIT);
  g_assert_true (message->order == NULL || is_base64url (message->order, CV_LIMIT_ORDER_CHARACTERS));
  g_assert_true (message->order == NULL || takes_order (type));
  g_assert_true (type == CV_MESSAGE_JOIN || !message->has_visitor);
  g_assert_true ((message->sdp != NULL) == (type == CV_MESSAGE_OFFER));
  g_assert_true ((message->tiles != NULL) == (type == CV_MESSAGE_VIEW));
  g_assert_true ((message->question != 0) == (type == CV_MESSAGE_VOTE || type == CV_MESSAGE_RESOLVE));
  g_assert_true (message->person == NULL || cv_id_is_valid (message->person, "p"));
  g_assert_true (message->person != NULL ||
                 (type != CV_MESSAGE_RELAY && type != CV_MESSAGE_STAGE && type != CV_MESSAGE_STOP &&
                  type != CV_MESSAGE_REMOVE && type != CV_MESSAGE_ROLE && type != CV_MESSAGE_LOWER &&
                  type != CV_MESSAGE_REQUEST));
  g_assert_true ((message->data != NULL) == (type == CV_MESSAGE_RELAY || type == CV_MESSAGE_INTRODUCE));
  g_assert_true ((message->text != NULL) == (type == CV_MESSAGE_WHISPER || type == CV_MESSAGE_ASK));
  g_assert_true (type == CV_MESSAGE_JOIN || type == CV_MESSAGE_RESUME || !message->has_token);
  if (type == CV_MESSAGE_JOIN)
    g_assert_true (cv_id_is_valid (message->room, ""));
  if (message->name != NULL)
    g_assert_true (is_text (message->name, CV_NAME_MAX_CHARACTERS) && !cv_text_is_blank (message->name));
  if (type == CV_MESSAGE_ROLE)
    g_assert_true (message->role >= CV_ROLE_PERSON && message->role <= CV_ROLE_HOST);
  if (type == CV_MESSAGE_REACT)
    g_assert_true (message->reaction < CV_N_REACTIONS);
  if (type == CV_MESSAGE_REQUEST)
    g_assert_cmpint (message->part, <, CV_SENDING_SCREEN);
  if (type == CV_MESSAGE_RELAY)
    g_assert_true (is_base64url (message->data, CV_LIMIT_RELAY_CHARACTERS));
  if (type == CV_MESSAGE_INTRODUCE)
    g_assert_true (is_base64url (message->data, CV_LIMIT_RELAY_CHARACTERS) && strlen (message->data) == 379);
  if (type == CV_MESSAGE_WHISPER)
    g_assert_true (is_text (message->text, CV_WHISPER_MAX_CHARACTERS));
  if (type == CV_MESSAGE_ASK)
    g_assert_true (is_text (message->text, CV_QUESTION_MAX_CHARACTERS) && !cv_text_is_blank (message->text));
  if (type == CV_MESSAGE_OFFER)
    g_assert_true (g_str_is_ascii (message->sdp) && is_text (message->sdp, CV_LIMIT_SDP_BYTES));
  if (type == CV_MESSAGE_STOP)
    g_assert_cmpint (message->part, <, CV_N_SENDINGS);
  if (type == CV_MESSAGE_RECORD)
    g_assert_true (message->action >= CV_CAPTURE_START && message->action <= CV_CAPTURE_STOP);
  if (type == CV_MESSAGE_CONSENT)
    g_assert_true (message->answer >= CV_ANSWER_AGREED && message->answer <= CV_ANSWER_WITHDRAWN);
  if (type == CV_MESSAGE_VIEW)
    check_tiles (message->tiles);
  if (type == CV_MESSAGE_RESUME)
    g_assert_true (message->has_token);
}

static void
check_again (const CvMessage *message)
{
  g_auto (CvMessage) again = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), message->object);
  gsize length = 0;
  g_autofree char *written = cv_json_to_text (node, &length);
  if (length > CV_JSON_MAX_BYTES)
    return; /* what is written may be longer than what was read: U+007F becomes six characters */
  cv_message_parse (&again, written, length, &error);
  g_assert_no_error (error);
  g_assert_cmpint (again.type, ==, message->type);
  g_assert_cmpuint (again.id, ==, message->id);
  g_assert_cmpuint (again.seq, ==, message->seq);
  g_assert_cmpstr (again.name, ==, message->name);
  g_assert_cmpstr (again.text, ==, message->text);
  g_assert_cmpmem (again.key, sizeof again.key, message->key, sizeof message->key);
  g_assert_cmpmem (again.token, sizeof again.token, message->token, sizeof message->token);
}

/* Takes `body`. */
static void
check_passed_on (GBytes *body, const char *member, const char *value)
{
  g_autoptr (GString) text = cv_message_number (body, 7);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_json_parse_long (text->str, text->len, CV_JSON_MAX_BYTES * 8, &error);
  g_assert_no_error (error);
  g_assert_cmpint (json_object_get_int_member (object, "seq"), ==, 7);
  g_assert_cmpstr (json_object_get_string_member (object, member), ==, value);
  g_bytes_unref (body);
}

/* What was taken can be told, applied in any order, and told again as a state. */
static void
check_change (const GPtrArray *ops)
{
  g_autoptr (CvModel) forwards = cv_model_new ();
  g_autoptr (CvModel) backwards = cv_model_new ();
  guint from = 0;
  for (guint i = 0; i < ops->len; i++) {
    cv_model_apply (forwards, g_ptr_array_index (ops, i), NULL, NULL);
    cv_model_apply (backwards, g_ptr_array_index (ops, ops->len - 1 - i), NULL, NULL);
  }
  g_assert_cmpuint (cv_model_get_objects (forwards)->len, ==, cv_model_get_objects (backwards)->len);
  while (from < cv_model_get_objects (forwards)->len)
    g_bytes_unref (cv_message_model (forwards, &from));
  g_bytes_unref (cv_message_changes (ops, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  g_auto (CvMessage) message = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean parsed = cv_message_parse (&message, (const char *) data, n, &error);
  g_assert_true (parsed == (error == NULL));
  if (!parsed) {
    g_assert_true (error->domain == CV_JSON_ERROR);
    return 0;
  }
  check_promises (&message);
  check_again (&message);
  if (message.type == CV_MESSAGE_RELAY)
    check_passed_on (cv_message_relay (message.person, message.data), "data", message.data);
  if (message.type == CV_MESSAGE_WHISPER) {
    CvParticipant ann = { .id = (char *) "pabcdefghijkm", .name = (char *) "Ann" };
    check_passed_on (cv_message_whisper (&ann, message.person, message.text, 1), "text", message.text);
  }
  if (message.type == CV_MESSAGE_CHANGE)
    check_change (message.ops);
  if (message.type == CV_MESSAGE_ROLE) {
    g_autoptr (CvRoom) room = cv_room_new (g_new0 (CvRoomRow, 1), &cv_policy_standard);
    check_passed_on (cv_message_role (room, message.role, message.order), "role", cv_role_to_text (message.role));
  }
  if (message.order != NULL)
    check_passed_on (cv_message_spotlight (NULL, message.order), "order", message.order);
  if (message.type == CV_MESSAGE_OFFER)
    check_passed_on (cv_message_answer (1, message.sdp), "sdp", message.sdp);
  return 0;
}
