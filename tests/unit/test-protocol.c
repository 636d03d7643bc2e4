/* Messages of PROTOCOL.md §4: each type read in its good form and with each member missing, of a wrong type and out of
 * bounds; each written and compared as text. */
#include "signalling/protocol.h"

#include "lib/rooms.h"
#include "signalling/bounds.h"

#include <string.h>

#define KEY "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8" /* bytes 0 … 31 */
#define PERSON "pabcdefghijkm"
#define KNOCK "qabcdefghijkm"
#define A50 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define SEALED_BUT_ONE A50 A50 A50 A50 A50 A50 A50 "AAAAAAAAAAAAAAAAAAAAAAAAAAAA" /* of the 379 letters of 284 bytes */

/* ---- from a client ---- */

static gboolean
parse (CvMessage *message, const char *text)
{
  g_autoptr (GError) error = NULL;
  gboolean parsed = cv_message_parse (message, text, strlen (text), &error);
  g_assert_cmpint (parsed, ==, error == NULL);
  if (error != NULL)
    g_assert_true (error->domain == CV_JSON_ERROR);
  return parsed;
}

static void
assert_refused (const char *text)
{
  g_auto (CvMessage) message = { 0 };
  if (parse (&message, text))
    g_error ("accepted: %s", text);
}

/* Members of a message as `name` and a good `value`; `bad` are values that must be refused, parted by spaces. */
typedef struct {
  const char *name;
  const char *value;
  const char *bad;
  gboolean optional;
} Member;

#define BAD_BOOL "null 0 1 \"true\" [] {}"
#define BAD_NUMBER "null -1 1.5 \"1\" true 9007199254740992 1e400 [1] {}"
#define BAD_TEXT "null 1 true [] {} \"\" \"\\u0000\" \"\\u001b\" \"\\u202e\" \"\\ud800\""
#define BAD_KEY BAD_TEXT " \"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh\" \"" KEY "8\" \"" KEY "=\" \"+" KEY "\""

#define TILE_OF(person, source, width) "{\"person\":\"" person "\",\"source\":\"" source "\",\"width\":" width "}"
#define TILE TILE_OF (PERSON, "camera", "640")
#define BAD_TILES                                                                                                      \
  "null 1 true {} \"x\" [1] [null] [[]] [{}] [" TILE_OF ("mabcdefghijkm", "camera", "640") "] [" TILE_OF (             \
    PERSON, "microphone",                                                                                              \
    "640") "] [" TILE_OF (PERSON, "screen",                                                                            \
                          "0") "] [" TILE_OF (PERSON, "screen",                                                        \
                                              "16385") "] [" TILE ",{\"person\":\"" PERSON                             \
                                                       "\",\"source\":\"camera\",\"width\":1,\"more\":1}]"

#define OPERATION "{\"o\":\"m1\",\"t\":\"message\",\"c\":1,\"a\":\"p1\",\"f\":{\"text\":\"x\"}}"
static const struct {
  CvMessageType type;
  const char *name;
  Member members[8];
} messages[] = {
  { CV_MESSAGE_JOIN,
    "join",
    { { "room", "\"" CV_TEST_ROOM "\"",
        BAD_TEXT " \"abcdefghijk\" \"abcdefghijkmn\" \"abcdefghijkl\" \"ABCDEFGHIJKM\"" },
      { "key", "\"" KEY "\"", BAD_KEY },
      { "name", "\"Ann\"", BAD_TEXT " \"\\u0020\" \"\\u00a0\\u2003\" \"\\u200b\\u200d\" \"a\\nb\"", .optional = TRUE },
      { "receipt", "\"QUJD-_\"", BAD_TEXT " \"QU+D\" \"Q\\u0020\"", .optional = TRUE },
      { "same_seat", "true", BAD_BOOL, .optional = TRUE },
      { "mic", "true", BAD_BOOL },
      { "camera", "false", BAD_BOOL } } },
  { CV_MESSAGE_RESUME, "resume", { { "token", "\"" KEY "\"", BAD_KEY }, { "seq", "0", BAD_NUMBER } } },
  { CV_MESSAGE_INTRODUCE,
    "introduce",
    { { "sealed", "\"" SEALED_BUT_ONE "A\"",
        BAD_TEXT " \"" SEALED_BUT_ONE "\" \"" SEALED_BUT_ONE "AA\" \"" SEALED_BUT_ONE "AAA\" \"" SEALED_BUT_ONE
                 "B\" \"" SEALED_BUT_ONE "=\" \"Ann\"" } } },
  { CV_MESSAGE_ACK, "ack", { { "seq", "9007199254740991", BAD_NUMBER } } },
  { CV_MESSAGE_PONG, "pong", { { NULL, NULL, NULL } } },
  { CV_MESSAGE_RELAY,
    "relay",
    { { "to", "\"" PERSON "\"", BAD_TEXT " \"mabcdefghijkm\" \"pabcdefghijk\" \"abcdefghijkm\"" },
      { "data", "\"QUJD-_\"", BAD_TEXT " \"QU+D\" \"QU/D\" \"QUJD=\" \"Q\\u0020\"" } } },
  { CV_MESSAGE_STATE,
    "state",
    { { "id", "1", BAD_NUMBER " 0" },
      { "mic", "true", BAD_BOOL },
      { "camera", "true", BAD_BOOL },
      { "screen", "false", BAD_BOOL } } },
  { CV_MESSAGE_WHISPER,
    "whisper",
    { { "id", "7", BAD_NUMBER " 0" },
      { "to", "\"" PERSON "\"", BAD_TEXT " \"mabcdefghijkm\"" },
      { "text", "\"two\\nlines\\tand\"", BAD_TEXT " \"\\r\" \"\\u2066\"" } } },
  { CV_MESSAGE_CHANGE,
    "change",
    { { "id", "7", BAD_NUMBER " 0" }, { "ops", "[" OPERATION "]", "[] {} [7] [{}] null" } } },
  { CV_MESSAGE_POLL_VOTE,
    "poll-vote",
    { { "id", "7", BAD_NUMBER " 0" },
      { "poll", "\"p1\"", BAD_TEXT " \"p/1\"" },
      { "choices", "[0,9]", "[10] [-1] [0,0] [\"0\"] 0 {}" } } },
  { CV_MESSAGE_TURN, "turn", { { "id", "2", BAD_NUMBER " 0" } } },
  { CV_MESSAGE_RECEIPT, "receipt", { { "id", "2", BAD_NUMBER " 0" } } },
  { CV_MESSAGE_LEAVE, "leave", { { "id", "3", BAD_NUMBER " 0" } } },
  { CV_MESSAGE_END, "end", { { "id", "4", BAD_NUMBER " 0" } } },
  { CV_MESSAGE_OFFER,
    "offer",
    { { "id", "5", BAD_NUMBER " 0" }, { "sdp", "\"v=0\\r\\no=- ~\\r\\n\"", BAD_TEXT " \"\\u00e4\" \"\\u0007\"" } } },
  { CV_MESSAGE_VIEW, "view", { { "id", "6", BAD_NUMBER " 0" }, { "tiles", "[" TILE "," TILE "]", BAD_TILES } } },
  { CV_MESSAGE_HAND, "hand", { { "id", "7", BAD_NUMBER " 0" }, { "up", "true", BAD_BOOL } } },
  { CV_MESSAGE_STAGE,
    "stage",
    { { "id", "8", BAD_NUMBER " 0" },
      { "person", "\"" PERSON "\"", BAD_TEXT " \"abcdefghijkm\"" },
      { "on", "false", BAD_BOOL } } },
  { CV_MESSAGE_STOP,
    "stop",
    { { "id", "9", BAD_NUMBER " 0" },
      { "person", "\"" PERSON "\"", BAD_TEXT " \"abcdefghijkm\"" },
      { "what", "\"camera\"", BAD_TEXT " \"mic\" \"Camera\" \"screen-audio\"" } } },
  { CV_MESSAGE_START,
    "start",
    { { "id", "9", BAD_NUMBER " 0" },
      { "person", "\"" PERSON "\"", BAD_TEXT " \"abcdefghijkm\"" },
      { "what", "\"microphone\"", BAD_TEXT " \"mic\"" } } },
  { CV_MESSAGE_MUTE_ALL, "mute-all", { { "id", "10", BAD_NUMBER " 0" } } },
  { CV_MESSAGE_SPOTLIGHT,
    "spotlight",
    { { "id", "11", BAD_NUMBER " 0" }, { "person", "null", "1 true [] {} \"\" \"null\" \"abcdefghijkm\"" } } },
  { CV_MESSAGE_ASK,
    "ask",
    { { "id", "12", BAD_NUMBER " 0" }, { "text", "\"two\\nlines\"", BAD_TEXT " \"\\n\" \"\\u2003\"" } } },
  { CV_MESSAGE_VOTE,
    "vote",
    { { "id", "13", BAD_NUMBER " 0" }, { "question", "200", BAD_NUMBER " 0" }, { "up", "true", BAD_BOOL } } },
  { CV_MESSAGE_RESOLVE, "resolve", { { "id", "14", BAD_NUMBER " 0" }, { "question", "1", BAD_NUMBER " 0" } } },
  { CV_MESSAGE_WATCH_STATS, "watch-stats", { { "id", "15", BAD_NUMBER " 0" }, { "on", "true", BAD_BOOL } } },
  { CV_MESSAGE_RECORD,
    "record",
    { { "id", "16", BAD_NUMBER " 0" }, { "action", "\"resume\"", BAD_TEXT " \"Stop\" \"end\"" } } },
  { CV_MESSAGE_CONSENT,
    "consent",
    { { "id", "17", BAD_NUMBER " 0" }, { "answer", "\"agreed\"", BAD_TEXT " \"announced\" \"none\"" } } },
  { CV_MESSAGE_LOBBY, "lobby", { { "id", "18", BAD_NUMBER " 0" }, { "on", "true", BAD_BOOL } } },
  { CV_MESSAGE_LOCK, "lock", { { "id", "19", BAD_NUMBER " 0" }, { "on", "false", BAD_BOOL } } },
  { CV_MESSAGE_ADMIT,
    "admit",
    { { "id", "20", BAD_NUMBER " 0" }, { "knock", "null", "1 true [] {} \"\" \"null\" \"" PERSON "\"" } } },
  { CV_MESSAGE_DENY,
    "deny",
    { { "id", "21", BAD_NUMBER " 0" }, { "knock", "\"" KNOCK "\"", BAD_TEXT " \"" PERSON "\" \"qabcdefghijk\"" } } },
  { CV_MESSAGE_REMOVE,
    "remove",
    { { "id", "22", BAD_NUMBER " 0" }, { "person", "\"" PERSON "\"", BAD_TEXT " \"abcdefghijkm\"" } } },
  { CV_MESSAGE_ROLE,
    "role",
    { { "id", "23", BAD_NUMBER " 0" },
      { "person", "\"" PERSON "\"", BAD_TEXT " \"abcdefghijkm\"" },
      { "role", "\"cohost\"", BAD_TEXT " \"viewer\" \"nobody\" \"Host\"" } } },
  { CV_MESSAGE_RENAME,
    "rename",
    { { "id", "24", BAD_NUMBER " 0" }, { "name", "\"Ann\"", BAD_TEXT " \"\\u0020\" \"\\u200b\\u200d\" \"a\\nb\"" } } },
  { CV_MESSAGE_LOWER,
    "lower",
    { { "id", "25", BAD_NUMBER " 0" }, { "person", "\"" PERSON "\"", BAD_TEXT " \"abcdefghijkm\"" } } },
  { CV_MESSAGE_REACT,
    "react",
    { { "id", "26", BAD_NUMBER " 0" }, { "what", "\"party\"", BAD_TEXT " \"Party\" \"down\"" } } },
  { CV_MESSAGE_REQUEST,
    "request",
    { { "id", "27", BAD_NUMBER " 0" },
      { "person", "\"" PERSON "\"", BAD_TEXT " \"abcdefghijkm\"" },
      { "what", "\"camera\"", BAD_TEXT " \"screen\" \"mic\"" } } },
};

/* The message with member `index` set to `value`; NULL leaves it out. Returns: (transfer full). */
static char *
compose (const char *name, const Member *members, guint index, const char *value)
{
  GString *text = g_string_new (NULL);
  g_string_printf (text, "{\"type\":\"%s\"", name);
  for (guint i = 0; members[i].name != NULL; i++) {
    const char *now = i == index ? value : members[i].value;
    if (now != NULL)
      g_string_append_printf (text, ",\"%s\":%s", members[i].name, now);
  }
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

static void
test_every_member (void)
{
  g_assert_cmpuint (G_N_ELEMENTS (messages), ==, CV_N_MESSAGES);
  for (gsize m = 0; m < G_N_ELEMENTS (messages); m++) {
    const Member *members = messages[m].members;
    g_autofree char *good = compose (messages[m].name, members, G_MAXUINT, NULL);
    g_auto (CvMessage) message = { 0 };
    if (!parse (&message, good))
      g_error ("refused: %s", good);
    g_assert_cmpint (message.type, ==, messages[m].type);
    g_assert_cmpstr (cv_message_type_to_text (message.type), ==, messages[m].name);

    for (guint i = 0; members[i].name != NULL; i++) {
      g_auto (GStrv) bad = g_strsplit (members[i].bad, " ", -1);
      g_autofree char *without = compose (messages[m].name, members, i, NULL);
      if (!members[i].optional)
        assert_refused (without);
      for (char **value = bad; *value != NULL; value++) {
        g_autofree char *text = compose (messages[m].name, members, i, *value);
        assert_refused (text);
      }
      /* twice is not once */
      g_autofree char *twice =
        g_strdup_printf ("%.*s,\"%s\":%s}", (int) strlen (good) - 1, good, members[i].name, members[i].value);
      assert_refused (twice);
    }
    g_autofree char *more = g_strdup_printf ("%.*s,\"more\":1}", (int) strlen (good) - 1, good);
    assert_refused (more);
  }
}

/* A member of another message is as unknown as any. */
static void
test_foreign_members (void)
{
  assert_refused ("{\"type\":\"pong\",\"id\":1}");
  assert_refused ("{\"type\":\"ack\",\"seq\":1,\"id\":1}");
  assert_refused ("{\"type\":\"relay\",\"to\":\"" PERSON "\",\"data\":\"QUJD\",\"id\":1}");
  assert_refused ("{\"type\":\"state\",\"id\":1,\"mic\":true,\"camera\":true,\"screen\":true,\"name\":\"Ann\"}");
  assert_refused ("{\"type\":\"introduce\",\"id\":1,\"sealed\":\"" SEALED_BUT_ONE "A\"}");
  assert_refused ("{\"type\":\"introduce\",\"name\":\"Ann\",\"sealed\":\"" SEALED_BUT_ONE "A\"}");
  assert_refused ("{\"type\":\"resume\",\"token\":\"" KEY "\",\"seq\":0,\"replaces\":\"" KEY "\"}");
}

static void
test_not_a_message (void)
{
  static const char *const texts[] = { "",
                                       " ",
                                       "{}",
                                       "[]",
                                       "null",
                                       "\"join\"",
                                       "{\"type\":1}",
                                       "{\"type\":null}",
                                       "{\"type\":\"\"}",
                                       "{\"type\":\"ping\"}",
                                       "{\"type\":\"joined\"}",
                                       "{\"type\":\"Pong\"}",
                                       "{\"type\":\"pong \"}",
                                       "{\"type\":\"pong\"} x",
                                       "{\"type\":\"pong\"",
                                       "{'type':'pong'}",
                                       "{\"type\":\"pong\",\"type\":\"pong\"}",
                                       "{\"type\":\"abcdefghijklmnopqrstuvwxyz\"}",
                                       "{\"type\":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}" };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_refused (texts[i]);
}

static void
test_join_values (void)
{
  g_auto (CvMessage) message = { 0 };
  g_assert_true (parse (
    &message, "{\"camera\":true,\"mic\":false,\"name\":\"\xc3\x84nn \xf0\x9f\x8c\xb7\",\"key\":\"" KEY
              "\",\"room\":\"" CV_TEST_ROOM "\",\"host_key\":\"" KEY "\",\"replaces\":\"" KEY "\",\"type\":\"join\"}"));
  g_assert_cmpstr (message.room, ==, CV_TEST_ROOM);
  g_assert_cmpstr (message.name, ==, "\xc3\x84nn \xf0\x9f\x8c\xb7");
  g_assert_true (message.has_host_key && message.has_token);
  g_assert_true (message.sending.camera && !message.sending.microphone && !message.sending.screen);
  g_assert_cmpuint (message.id, ==, 0);
  for (guint i = 0; i < 32; i++)
    g_assert_true (message.key[i] == i && message.host_key[i] == i && message.token[i] == i);
  cv_message_clear (&message);

  g_assert_true (parse (&message, "{\"type\":\"join\",\"room\":\"" CV_TEST_ROOM "\",\"key\":\"" KEY
                                  "\",\"name\":\"Ann\",\"mic\":true,\"camera\":true}"));
  g_assert_false (message.has_host_key || message.has_token);
  assert_refused ("{\"type\":\"join\",\"room\":\"" CV_TEST_ROOM "\",\"key\":\"" KEY
                  "\",\"name\":\"Ann\",\"mic\":true,\"camera\":true,\"host_key\":\"\"}");
  assert_refused ("{\"type\":\"join\",\"room\":\"" CV_TEST_ROOM "\",\"key\":\"" KEY
                  "\",\"name\":\"Ann\",\"mic\":true,\"camera\":true,\"replaces\":null}");
}

static void
test_visitor (void)
{
#define JOIN_WITH(visitor)                                                                                             \
  "{\"type\":\"join\",\"room\":\"" CV_TEST_ROOM "\",\"key\":\"" KEY                                                    \
  "\",\"name\":\"Ann\",\"mic\":true,\"camera\":true,\"visitor\":" visitor "}"
  g_auto (CvMessage) message = { 0 };
  g_assert_true (parse (&message, JOIN_WITH ("\"AAECAwQFBgcICQoLDA0ODw\"")));
  g_assert_true (message.has_visitor && message.visitor[0] == 0 && message.visitor[15] == 15);
  assert_refused (JOIN_WITH ("\"AAECAwQFBgcICQoLDA0OD\""));
  assert_refused (JOIN_WITH ("\"AAECAwQFBgcICQoLDA0ODx\""));
  assert_refused (JOIN_WITH ("\"" KEY "\""));
  assert_refused (JOIN_WITH ("null"));
}

/* It may stand for the key and say the name; without one the key is needed, and the name where the room's kind says so. */
static void
test_ticket (void)
{
#define JOIN_BY(more) "{\"type\":\"join\",\"room\":\"" CV_TEST_ROOM "\",\"mic\":true,\"camera\":true" more "}"
  g_auto (CvMessage) bare = { 0 };
  g_auto (CvMessage) whole = { 0 };
  g_autofree char *filler = g_strnfill (CV_TICKET_MAX_BYTES + 1, 'x');
  g_autofree char *endless = g_strdup_printf (JOIN_BY (",\"ticket\":\"%s\""), filler);
  g_assert_true (parse (&bare, JOIN_BY (",\"ticket\":\"a.b.c\"")));
  g_assert_cmpstr (bare.ticket, ==, "a.b.c");
  g_assert_false (bare.has_key || bare.name != NULL);
  g_assert_true (parse (&whole, JOIN_BY (",\"ticket\":\"a.b.c\",\"key\":\"" KEY "\",\"name\":\"Ann\"")));
  g_assert_true (whole.has_key && whole.key[1] == 1);
  g_assert_cmpstr (whole.name, ==, "Ann");
  assert_refused (JOIN_BY (""));
  g_auto (CvMessage) nameless = { 0 };
  g_assert_true (parse (&nameless, JOIN_BY (",\"key\":\"" KEY "\"")));
  g_assert_null (nameless.name);
  assert_refused (JOIN_BY (",\"ticket\":\"\""));
  assert_refused (JOIN_BY (",\"ticket\":null"));
  assert_refused (JOIN_BY (",\"ticket\":\"a.b.c\",\"name\":\"\""));
  assert_refused (endless);
}

/* What may carry an order, and what may not. */
static void
test_orders (void)
{
  static const char *const with[] = {
    "\"type\":\"stop\",\"person\":\"" PERSON "\",\"what\":\"camera\"",
    "\"type\":\"mute-all\"",
    "\"type\":\"spotlight\",\"person\":null",
    "\"type\":\"remove\",\"person\":\"" PERSON "\"",
    "\"type\":\"role\",\"person\":\"" PERSON "\",\"role\":\"host\"",
    "\"type\":\"request\",\"person\":\"" PERSON "\",\"what\":\"microphone\"",
  };
  static const char *const without[] = {
    "\"type\":\"start\",\"person\":\"" PERSON "\",\"what\":\"camera\"",
    "\"type\":\"lower\",\"person\":\"" PERSON "\"",
    "\"type\":\"lock\",\"on\":true",
    "\"type\":\"end\"",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (with); i++) {
    g_auto (CvMessage) message = { 0 };
    g_autofree char *text = g_strdup_printf ("{%s,\"id\":1,\"order\":\"QUJD-_\"}", with[i]);
    g_assert_true (parse (&message, text));
    g_assert_cmpstr (message.order, ==, "QUJD-_");
    g_autofree char *bad = g_strdup_printf ("{%s,\"id\":1,\"order\":\"Q=\"}", with[i]);
    assert_refused (bad);
    g_autofree char *none = g_strdup_printf ("{%s,\"id\":1,\"order\":null}", with[i]);
    assert_refused (none);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (without); i++) {
    g_autofree char *text = g_strdup_printf ("{%s,\"id\":1,\"order\":\"QUJD\"}", without[i]);
    assert_refused (text);
  }
}

/* A text of `n` characters that have two bytes each, in a message. */
static void
assert_length (const char *before, const char *character, gsize n, const char *after, gboolean expected)
{
  g_autoptr (GString) text = g_string_new (before);
  for (gsize i = 0; i < n; i++)
    g_string_append (text, character);
  g_string_append (text, after);
  g_auto (CvMessage) message = { 0 };
  g_assert_cmpint (parse (&message, text->str), ==, expected);
}

static void
test_lengths (void)
{
  const char *join = "{\"type\":\"join\",\"room\":\"" CV_TEST_ROOM "\",\"key\":\"" KEY "\",\"name\":\"";
  const char *join_end = "\",\"mic\":true,\"camera\":true}";
  assert_length (join, "\xc3\xa4", 60, join_end, TRUE);
  assert_length (join, "\xc3\xa4", 61, join_end, FALSE);
  assert_length ("{\"type\":\"whisper\",\"id\":1,\"to\":\"" PERSON "\",\"text\":\"", "\xf0\x9f\x8c\xb7", 4000, "\"}",
                 TRUE);
  assert_length ("{\"type\":\"whisper\",\"id\":1,\"to\":\"" PERSON "\",\"text\":\"", "x", 4001, "\"}", FALSE);
  assert_length ("{\"type\":\"relay\",\"to\":\"" PERSON "\",\"data\":\"", "A", 48 * 1024, "\"}", TRUE);
  assert_length ("{\"type\":\"relay\",\"to\":\"" PERSON "\",\"data\":\"", "A", 48 * 1024 + 1, "\"}", FALSE);
  assert_length ("{\"type\":\"rename\",\"id\":1,\"name\":\"", "\xc3\xa4", 60, "\"}", TRUE);
  assert_length ("{\"type\":\"rename\",\"id\":1,\"name\":\"", "\xc3\xa4", 61, "\"}", FALSE);
  assert_length ("{\"type\":\"mute-all\",\"id\":1,\"order\":\"", "A", 2048, "\"}", TRUE);
  assert_length ("{\"type\":\"mute-all\",\"id\":1,\"order\":\"", "A", 2049, "\"}", FALSE);
  assert_length ("{\"type\":\"pong\"}", " ", 64 * 1024 - 15, "", TRUE);
  assert_length ("{\"type\":\"pong\"}", " ", 64 * 1024 - 14, "", FALSE);
  assert_length ("{\"type\":\"ask\",\"id\":1,\"text\":\"", "\xc3\xa4", 500, "\"}", TRUE);
  assert_length ("{\"type\":\"ask\",\"id\":1,\"text\":\"", "\xc3\xa4", 501, "\"}", FALSE);
  assert_length ("{\"type\":\"view\",\"id\":1,\"tiles\":[" TILE, "," TILE, 63, "]}", TRUE);
  assert_length ("{\"type\":\"view\",\"id\":1,\"tiles\":[" TILE, "," TILE, 64, "]}", FALSE);
  assert_length ("{\"type\":\"view\",\"id\":1,\"tiles\":[", "", 0, "]}", TRUE);
}

/* The longest description fits, though each end of a line has four characters here, and is not cut by any other limit. */
static void
test_longest_offer (void)
{
  const char *offer = "{\"type\":\"offer\",\"id\":1,\"sdp\":\"";
  assert_length (offer, "a=b\\r\\n", CV_LIMIT_SDP_BYTES / 5, "\"}", TRUE);
  assert_length (offer, "a=b\\r\\n", CV_LIMIT_SDP_BYTES / 5 + 1, "\"}", FALSE);
  assert_length (offer, "x", CV_LIMIT_SDP_BYTES + 1, "\"}", FALSE);
  g_assert_cmpuint (CV_LIMIT_SDP_BYTES / 5 * 7 + 100, <, CV_LIMIT_MESSAGE_BYTES);
}

static void
test_values (void)
{
  g_auto (CvMessage) message = { 0 };
  g_assert_true (
    parse (&message, "{\"type\":\"view\",\"id\":1,\"tiles\":[" TILE "," TILE_OF (PERSON, "screen", "1") "]}"));
  g_assert_cmpuint (message.tiles->len, ==, 2);
  const CvMediaTile *tiles = (CvMediaTile *) message.tiles->data;
  g_assert_cmpstr (tiles[0].person, ==, PERSON);
  g_assert_true (tiles[0].source == CV_MEDIA_CAMERA && tiles[0].width == 640);
  g_assert_true (tiles[1].source == CV_MEDIA_SCREEN && tiles[1].width == 1);
  cv_message_clear (&message);
  g_assert_true (parse (&message, "{\"type\":\"spotlight\",\"id\":1,\"person\":\"" PERSON "\"}"));
  g_assert_cmpstr (message.person, ==, PERSON);
  cv_message_clear (&message);
  g_assert_true (parse (&message, "{\"type\":\"spotlight\",\"id\":1,\"person\":null}"));
  g_assert_null (message.person);
  cv_message_clear (&message);
  g_assert_true (parse (&message, "{\"type\":\"stop\",\"id\":1,\"person\":\"" PERSON "\",\"what\":\"screen\"}"));
  g_assert_cmpint (message.part, ==, CV_SENDING_SCREEN);
  cv_message_clear (&message);
  g_assert_true (parse (&message, "{\"type\":\"record\",\"id\":1,\"action\":\"stop\"}"));
  g_assert_cmpint (message.action, ==, CV_CAPTURE_STOP);
  cv_message_clear (&message);
  g_assert_true (parse (&message, "{\"type\":\"consent\",\"id\":1,\"answer\":\"withdrawn\"}"));
  g_assert_cmpint (message.answer, ==, CV_ANSWER_WITHDRAWN);
  cv_message_clear (&message);
  g_assert_true (parse (&message, "{\"type\":\"vote\",\"id\":1,\"question\":7,\"up\":true}"));
  g_assert_true (message.question == 7 && message.on);
  cv_message_clear (&message);
  g_assert_true (parse (&message, "{\"type\":\"role\",\"id\":1,\"person\":\"" PERSON "\",\"role\":\"host\"}"));
  g_assert_cmpint (message.role, ==, CV_ROLE_HOST);
  cv_message_clear (&message);
  g_assert_true (parse (&message, "{\"type\":\"react\",\"id\":1,\"what\":\"clap\"}"));
  g_assert_cmpint (message.reaction, ==, CV_REACTION_CLAP);
  cv_message_clear (&message);
  g_assert_true (parse (&message, "{\"type\":\"admit\",\"id\":1,\"knock\":\"" KNOCK "\"}"));
  g_assert_cmpstr (message.knock, ==, KNOCK);
  cv_message_clear (&message);
  g_assert_true (parse (&message, "{\"type\":\"rename\",\"id\":1,\"name\":\"Bob\",\"person\":\"" PERSON "\"}"));
  g_assert_cmpstr (message.person, ==, PERSON);
  cv_message_clear (&message);
  g_assert_true (parse (&message, "{\"type\":\"offer\",\"id\":1,\"sdp\":\"v=0\\r\\n\"}"));
  g_assert_cmpstr (message.sdp, ==, "v=0\r\n");
}

/* What is parsed ends where it was said to. */
static void
test_not_terminated (void)
{
  const char *text = "{\"type\":\"pong\"}}}}";
  g_auto (CvMessage) message = { 0 };
  g_assert_true (cv_message_parse (&message, text, 15, NULL));
}

/* ---- to a client ---- */

static void
assert_body (GBytes *body, const char *expected)
{
  gsize length = 0;
  const char *text = g_bytes_get_data (body, &length);
  g_autofree char *copy = g_strndup (text, length);
  g_assert_cmpstr (copy, ==, expected);
  g_bytes_unref (body);
}

static void
test_short_ones (void)
{
  assert_body (cv_message_ping (), "{\"type\":\"ping\"}");
  assert_body (cv_message_ok (7), "{\"type\":\"ok\",\"re\":7}");
  assert_body (cv_message_resumed (KEY, 3), "{\"type\":\"resumed\",\"token\":\"" KEY "\",\"last_id\":3}");
  assert_body (cv_message_ended (CV_ENDING_HOST), "{\"type\":\"ended\",\"reason\":\"host\"}");
  assert_body (cv_message_relay (PERSON, "QUJD"), "{\"type\":\"relay\",\"from\":\"" PERSON "\",\"data\":\"QUJD\"}");
  assert_body (cv_message_relay_failed (PERSON, TRUE),
               "{\"type\":\"relay-failed\",\"to\":\"" PERSON "\",\"error\":\"away\"}");
  assert_body (cv_message_relay_failed (PERSON, FALSE),
               "{\"type\":\"relay-failed\",\"to\":\"" PERSON "\",\"error\":\"unknown-person\"}");
  assert_body (cv_message_error (CV_PROBLEM_ROOM_FULL, 0),
               "{\"type\":\"error\",\"error\":\"room-full\",\"text\":\"This room is full.\"}");
  assert_body (cv_message_error (CV_PROBLEM_NOT_ALLOWED, 5),
               "{\"type\":\"error\",\"error\":\"not-allowed\",\"text\":\"You may not do this.\",\"re\":5}");
}

static void
test_person (void)
{
  CvParticipant ann = { .id = (char *) PERSON,
                        .name = (char *) "A\"\\nn",
                        .role = CV_ROLE_HOST,
                        .sending = { .camera = TRUE },
                        .hand = 1600,
                        .away = TRUE };
#define ANN                                                                                                            \
  "{\"id\":\"" PERSON "\",\"name\":\"A\\\"\\\\nn\",\"host\":true,\"mic\":false,\"camera\":true,\"screen\":false,"      \
  "\"away\":true,\"hand\":1600,\"stage\":true,\"unrecorded\":false,\"role\":\"host\"}"
  assert_body (cv_message_person_joined (&ann), "{\"type\":\"person-joined\",\"person\":" ANN "}");
  assert_body (cv_message_person_changed (&ann, NULL), "{\"type\":\"person-changed\",\"person\":" ANN "}");
  assert_body (cv_message_person_left (&ann, CV_LEAVING_LOST, NULL),
               "{\"type\":\"person-left\",\"person\":\"" PERSON "\",\"reason\":\"lost\"}");
  assert_body (cv_message_person_left (&ann, CV_LEAVING_STAGE, NULL),
               "{\"type\":\"person-left\",\"person\":\"" PERSON "\",\"reason\":\"stage\"}");
  ann.role = CV_ROLE_COHOST;
  g_autoptr (GBytes) obeyed = cv_message_person_changed (&ann, "QUJD");
  g_autofree char *text = g_strndup (g_bytes_get_data (obeyed, NULL), g_bytes_get_size (obeyed));
  g_assert_true (g_pattern_match_simple ("*\"host\":true,*\"role\":\"cohost\"},\"order\":\"QUJD\"}", text));
  assert_body (cv_message_person_left (&ann, CV_LEAVING_REMOVED, "QUJD"),
               "{\"type\":\"person-left\",\"person\":\"" PERSON "\",\"reason\":\"removed\",\"order\":\"QUJD\"}");
}

static void
test_turn (void)
{
  char *urls[] = { (char *) "turn:a:1", (char *) "turns:b:2", NULL };
  char *none[] = { NULL };
  CvIce full = { urls, (char *) "u", (char *) "c=", TRUE, 1700 };
  CvIce open = { urls, NULL, NULL, FALSE, 0 };
  CvIce empty = { none, NULL, NULL, FALSE, 0 };
  assert_body (cv_message_turn (4, &full),
               "{\"type\":\"turn\",\"re\":4,\"ice\":{\"servers\":[{\"urls\":[\"turn:a:1\",\"turns:b:2\"],"
               "\"username\":\"u\",\"credential\":\"c=\"}],\"relay_only\":true,\"expires\":1700}}");
  assert_body (cv_message_turn (4, &open),
               "{\"type\":\"turn\",\"re\":4,\"ice\":{\"servers\":[{\"urls\":[\"turn:a:1\",\"turns:b:2\"]}],"
               "\"relay_only\":false,\"expires\":0}}");
  assert_body (cv_message_turn (4, &empty),
               "{\"type\":\"turn\",\"re\":4,\"ice\":{\"servers\":[],\"relay_only\":false,\"expires\":0}}");
}

static void
test_question (void)
{
  g_autoptr (CvQuestions) questions = cv_questions_new ();
  CvQuestion *question = cv_questions_ask (questions, PERSON, "Ann", "Why\n?", 1700);
  assert_body (cv_message_question (question, FALSE), "{\"type\":\"question\",\"question\":{\"n\":1,\"from\":\"" PERSON
                                                      "\",\"name\":\"Ann\",\"text\":\"Why\\n?\","
                                                      "\"at\":1700,\"votes\":0,\"mine\":false,\"resolved\":false}}");
  cv_question_vote (question, PERSON, TRUE);
  cv_question_resolve (question);
  assert_body (cv_message_question (question, TRUE), "{\"type\":\"question\",\"question\":{\"n\":1,\"from\":\"" PERSON
                                                     "\",\"name\":\"Ann\",\"text\":\"Why\\n?\","
                                                     "\"at\":1700,\"votes\":1,\"mine\":true,\"resolved\":true}}");
}

typedef struct {
  CvClock *clock;
  CvRoom *room;
  CvMeeting *meeting;
} Joined;

static void
joined_init (Joined *self, const CvPolicy *policy)
{
  self->clock = cv_clock_new_fake (1000);
  self->room = cv_room_new (cv_test_room_row (CV_TEST_ROOM, policy->kind), policy);
  self->meeting = cv_meeting_new (policy, self->clock, 1000);
}

static void
joined_clear (Joined *self)
{
  cv_meeting_end (self->meeting, CV_ENDING_HOST);
  g_object_unref (self->room);
  g_object_unref (self->meeting);
  g_object_unref (self->clock);
}

static CvParticipant *
joined_add (Joined *self, const char *name, CvRole role)
{
  CvParticipant *participant = cv_participant_new (name, role, &(CvSending){ 0 });
  cv_meeting_add (self->meeting, participant);
  return participant;
}

static const CvIce no_ice = { (char *[]){ NULL }, NULL, NULL, FALSE, 0 };

#define ALL "[\"create\",\"own\",\"any\",\"remove\"]"
#define RIGHTS                                                                                                         \
  "\"message\":[\"create\",\"own\",\"remove\"],\"reaction\":[\"create\",\"own\"],\"item\":" ALL                        \
  ",\"agenda\":[\"create\",\"own\",\"any\"],\"block\":" ALL ",\"poll\":" ALL                                           \
  ",\"caption\":[\"create\",\"own\",\"remove\"],\"document\":[\"own\",\"remove\"],\"settings\":[\"create\",\"own\","   \
  "\"any\"]"

static void
test_joined (void)
{
  Joined joined;
  joined_init (&joined, &cv_policy_standard);
  CvParticipant *ann = joined_add (&joined, "Ann", CV_ROLE_PERSON);
  CvParticipant *bob = joined_add (&joined, "Bob", CV_ROLE_HOST);
  cv_meeting_set_floor (joined.meeting, FALSE, TRUE);
  g_autofree char *expected = g_strdup_printf (
    "{\"type\":\"joined\",\"self\":\"%s\",\"token\":\"" KEY "\",\"room\":{\"id\":\"" CV_TEST_ROOM
    "\",\"kind\":\"standard\",\"title\":\"Tea\",\"max_people\":8,\"media\":\"p2p\",\"recording\":false,\"generation\":"
    "0},\"meeting\":\"%"
    "s\",\"host\":true,"
    "\"role\":\"host\",\"summary\":null,\"media\":null,\"recording\":null,\"people\":[{\"id\":\"%s\",\"name\":\"Ann\","
    "\"host\":false,"
    "\"mic\":false,"
    "\"camera\":false,\"screen\":false,\"away\":false,\"hand\":0,\"stage\":true,\"unrecorded\":false,\"role\":"
    "\"person\"}],\"viewers\":0,"
    "\"spotlight\":null,\"may\":[\"ack\",\"pong\",\"relay\",\"state\",\"turn\",\"receipt\",\"leave\",\"end\",\"hand\","
    "\"stop\","
    "\"mute-all\",\"spotlight\",\"lobby\",\"lock\",\"admit\",\"deny\",\"remove\",\"role\",\"rename\",\"lower\","
    "\"react\","
    "\"request\",\"change\",\"poll-vote\",\"whisper\"],\"rights\":{" RIGHTS
    "},\"floor\":{\"lobby\":false,\"locked\":true},"
    "\"model\":{\"clock\":0,\"ops\":[],\"more\":false,\"was\":[],\"votes\":{}},\"questions\":[],\"dial_in\":null,"
    "\"documents\":"
    "null,"
    "\"ice\":{\"servers\":[],"
    "\"relay_only\":false,\"expires\":0},\"now\":2000}",
    bob->id, cv_meeting_get_id (joined.meeting), ann->id);
  assert_body (cv_message_joined (joined.room, joined.meeting, bob, KEY, NULL, NULL, &no_ice, 2000), expected);
  joined_clear (&joined);
}

/* The parts that differ, in a pattern. */
static void
assert_joined (Joined *joined, CvParticipant *self, const char *pattern)
{
  g_autoptr (GBytes) body = cv_message_joined (joined->room, joined->meeting, self, KEY, NULL, NULL, &no_ice, 2000);
  g_autofree char *text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  if (!g_pattern_match_simple (pattern, text))
    g_error ("%s is not %s", text, pattern);
}

static void
test_joined_a_classroom (void)
{
  Joined joined;
  joined_init (&joined, &cv_policy_classroom);
  CvParticipant *host = joined_add (&joined, "Host", CV_ROLE_HOST);
  CvParticipant *vic = joined_add (&joined, "Vic", CV_ROLE_VIEWER);
  CvParticipant *wim = joined_add (&joined, "Wim", CV_ROLE_VIEWER);
  g_autoptr (CvSwitchboard) switchboard = cv_switchboard_new (CV_TEST_ROOM, joined.meeting, NULL, joined.clock);
  cv_room_set_meeting (joined.room, joined.meeting, switchboard, NULL);
  cv_meeting_set_spotlight (joined.meeting, host);
  cv_meeting_ask (joined.meeting, vic, "Why?");
  cv_question_vote (cv_questions_find (cv_meeting_get_questions (joined.meeting), 1), wim->id, TRUE);
  g_autofree char *to_wim = g_strdup_printf (
    "*\"media\":\"sfu\",*}*\"role\":\"viewer\",*\"media\":{\"ready\":false,\"audio_slots\":6,\"video_slots\":17},*"
    "\"people\":"
    "[{\"id\":\"%s\",*\"stage\":true,*}],\"viewers\":2,\"spotlight\":\"%s\",*\"questions\":[{\"n\":1,*\"votes\":1,"
    "\"mine\":true,*}],*",
    host->id, host->id);
  g_autofree char *to_host =
    g_strdup_printf ("*\"people\":[{\"id\":\"%s\",*\"stage\":false,*},{\"id\":\"%s\",*\"stage\":"
                     "false,*}],\"viewers\":2,*\"mine\":false,*",
                     vic->id, wim->id);
  assert_joined (&joined, wim, to_wim);
  assert_joined (&joined, host, to_host);
  cv_room_set_meeting (joined.room, NULL, NULL, NULL);
  joined_clear (&joined);
}

static void
test_number (void)
{
  g_autoptr (GBytes) body = cv_message_ok (7);
  g_autoptr (GString) first = cv_message_number (body, 1);
  g_autoptr (GString) last = cv_message_number (body, G_MAXUINT64);
  g_assert_cmpstr (first->str, ==, "{\"type\":\"ok\",\"re\":7,\"seq\":1}");
  g_assert_cmpstr (last->str, ==, "{\"type\":\"ok\",\"re\":7,\"seq\":18446744073709551615}");
  g_assert_cmpuint (first->len, ==, strlen (first->str));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/every-member", test_every_member);
  g_test_add_func ("/protocol/foreign-members", test_foreign_members);
  g_test_add_func ("/protocol/not-a-message", test_not_a_message);
  g_test_add_func ("/protocol/join-values", test_join_values);
  g_test_add_func ("/protocol/visitor", test_visitor);
  g_test_add_func ("/protocol/ticket", test_ticket);
  g_test_add_func ("/protocol/orders", test_orders);
  g_test_add_func ("/protocol/lengths", test_lengths);
  g_test_add_func ("/protocol/longest-offer", test_longest_offer);
  g_test_add_func ("/protocol/values", test_values);
  g_test_add_func ("/protocol/not-terminated", test_not_terminated);
  g_test_add_func ("/protocol/short-ones", test_short_ones);
  g_test_add_func ("/protocol/person", test_person);
  g_test_add_func ("/protocol/turn", test_turn);
  g_test_add_func ("/protocol/joined", test_joined);
  g_test_add_func ("/protocol/joined-a-classroom", test_joined_a_classroom);
  g_test_add_func ("/protocol/question", test_question);
  g_test_add_func ("/protocol/number", test_number);
  return g_test_run ();
}
