/* Messages about the door and about roles, compared as text. */
#include "signalling/protocol-moderation.h"

#include "lib/rooms.h"

#define KNOCK "qabcdefghijkm"
#define PERSON "pabcdefghijkm"

static CvKnock ann = { .id = (char *) KNOCK, .name = (char *) "A\"nn", .since = 1700 };
static CvKnock bob = { .id = (char *) "qmmmmmmmmmmmm", .name = (char *) "Bob", .since = 1800, .marked = TRUE };
static CvKnock caller = { .id = (char *) "qnnnnnnnnnnnn", .name = (char *) "Phone …123", .since = 1900, .phone = TRUE };
static CvKnock sealed = {
  .id = (char *) "qppppppppppp2", .name = (char *) "", .sealed = (char *) "QW5u", .since = 2000
};
static const CvParticipant host = { .id = (char *) PERSON };

static void
assert_body (GBytes *body, const char *expected)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  g_assert_cmpstr (text, ==, expected);
  g_bytes_unref (body);
}

static void
test_waiting (void)
{
  CvRoomRow *row = cv_test_room_row (CV_TEST_ROOM, "boardroom");
  row->recording = TRUE;
  g_autoptr (CvRoom) room = cv_room_new (row, &cv_policy_boardroom);
  assert_body (cv_message_waiting (&ann, room, TRUE),
               "{\"type\":\"waiting\",\"knock\":\"" KNOCK "\",\"room\":{\"id\":\"" CV_TEST_ROOM
               "\",\"kind\":\"boardroom\",\"title\":\"Tea\",\"max_people\":100,\"media\":\"sfu\",\"recording\":true},"
               "\"hosts\":true}");
}

static void
test_orders_of_a_room (void)
{
  CvRoomRow *row = cv_test_room_row (CV_TEST_ROOM, "standard");
  row->orders = g_strdup ("{\"key\":1}");
  g_autoptr (CvRoom) room = cv_room_new (row, &cv_policy_standard);
  assert_body (cv_message_waiting (&ann, room, FALSE),
               "{\"type\":\"waiting\",\"knock\":\"" KNOCK "\",\"room\":{\"id\":\"" CV_TEST_ROOM
               "\",\"kind\":\"standard\",\"title\":\"Tea\",\"max_people\":8,\"media\":\"p2p\",\"recording\":false,"
               "\"orders\":\"{\\\"key\\\":1}\",\"generation\":0},\"hosts\":false}");
}

/* The PIN for hosts is for hosts. */
static void
test_dial_in (void)
{
  static const char *const numbers[] = { "+49 30 1", NULL };
  CvRoomRow *row = cv_test_room_row (CV_TEST_ROOM, "boardroom");
  row->pin = g_strdup ("1111111111");
  row->host_pin = g_strdup ("2222222222");
  row->dial_in = TRUE;
  g_autoptr (CvRoom) room = cv_room_new (row, &cv_policy_boardroom);
  cv_room_set_numbers (room, numbers);
  assert_body (cv_message_dial_in (room, CV_ROLE_PERSON),
               "{\"type\":\"dial-in\",\"dial_in\":{\"numbers\":[\"+49 30 1\"],\"pin\":\"1111111111\"}}");
  assert_body (cv_message_dial_in (room, CV_ROLE_COHOST),
               "{\"type\":\"dial-in\",\"dial_in\":{\"numbers\":[\"+49 30 1\"],\"pin\":\"1111111111\",\"host_pin\":"
               "\"2222222222\"}}");
  row->dial_in = FALSE;
  assert_body (cv_message_dial_in (room, CV_ROLE_HOST), "{\"type\":\"dial-in\",\"dial_in\":null}");
}

static void
test_knocks (void)
{
  g_autoptr (GPtrArray) knocks = g_ptr_array_new ();
  assert_body (cv_message_knocks (knocks), "{\"type\":\"knocks\",\"knocks\":[]}");
  g_ptr_array_add (knocks, &ann);
  g_ptr_array_add (knocks, &bob);
  g_ptr_array_add (knocks, &caller);
  g_ptr_array_add (knocks, &sealed);
  assert_body (cv_message_knocks (knocks),
               "{\"type\":\"knocks\",\"knocks\":[{\"knock\":\"" KNOCK
               "\",\"name\":\"A\\\"nn\",\"since\":1700,\"mark\":\"\"},"
               "{\"knock\":\"qmmmmmmmmmmmm\",\"name\":\"Bob\",\"since\":1800,"
               "\"mark\":\"removed\"},"
               "{\"knock\":\"qnnnnnnnnnnnn\",\"name\":\"Phone …123\",\"since\":1900,"
               "\"mark\":\"\",\"phone\":true},"
               "{\"knock\":\"qppppppppppp2\",\"name\":\"\",\"sealed\":\"QW5u\",\"since\":2000,"
               "\"mark\":\"\"}]}");
}

static void
test_floor (void)
{
  g_autoptr (CvClock) clock = cv_clock_new_fake (1000);
  g_autoptr (CvMeeting) meeting = cv_meeting_new (&cv_policy_standard, clock, 1000);
  cv_meeting_set_floor (meeting, TRUE, FALSE);
  assert_body (cv_message_floor (meeting), "{\"type\":\"floor\",\"lobby\":true,\"locked\":false}");
  cv_meeting_end (meeting, CV_ENDING_HOST);
}

static void
test_role (void)
{
  g_autoptr (CvRoom) room = cv_room_new (cv_test_room_row (CV_TEST_ROOM, "otr"), &cv_policy_otr);
  assert_body (
    cv_message_role (room, CV_ROLE_COHOST, NULL),
    "{\"type\":\"role\",\"role\":\"cohost\",\"may\":[\"ack\",\"pong\",\"relay\",\"turn\",\"receipt\","
    "\"leave\",\"lobby\",\"lock\",\"admit\",\"deny\",\"remove\"],\"rights\":{},\"summary\":null,\"dial_in\":null}");
}

/* Hosts have an address of their own. */
static void
test_role_and_summary (void)
{
  g_autoptr (CvRoom) room = cv_room_new (cv_test_room_row (CV_TEST_ROOM, "otr"), &cv_policy_otr);
  g_autoptr (CvClock) clock = cv_clock_new_fake (1000);
  g_autoptr (CvMeeting) meeting = cv_meeting_new (&cv_policy_otr, clock, 1000);
  cv_room_set_meeting (room, meeting, NULL, NULL);
  cv_meeting_set_summary (meeting, g_strdup ("/summary/h"), g_strdup ("/summary/p"));
  assert_body (cv_message_role (room, CV_ROLE_PERSON, "QUJD"),
               "{\"type\":\"role\",\"role\":\"person\",\"may\":[\"ack\",\"pong\",\"relay\",\"turn\",\"receipt\","
               "\"leave\"],\"rights\":{},\"summary\":\"/summary/p\",\"dial_in\":null,\"order\":\"QUJD\"}");
  assert_body (cv_message_role (room, CV_ROLE_COHOST, NULL),
               "{\"type\":\"role\",\"role\":\"cohost\",\"may\":[\"ack\",\"pong\",\"relay\",\"turn\",\"receipt\","
               "\"leave\",\"lobby\",\"lock\",\"admit\",\"deny\",\"remove\"],\"rights\":{},\"summary\":\"/summary/"
               "h\",\"dial_in\":null}");
}

/* Who becomes a host is told the hosts' PIN, and who no longer is one is not. */
static void
test_role_and_pins (void)
{
  static const char *const numbers[] = { "+49 30 1234", NULL };
  CvRoomRow *row = cv_test_room_row (CV_TEST_ROOM, "boardroom");
  row->dial_in = TRUE;
  row->pin = g_strdup ("1111111111");
  row->host_pin = g_strdup ("2222222222");
  g_autoptr (CvRoom) room = cv_room_new (row, &cv_policy_boardroom);
  cv_room_set_numbers (room, numbers);
  static const struct {
    CvRole role;
    const char *rest;
  } ROLES[] = {
    { CV_ROLE_HOST, ",\"host_pin\":\"2222222222\"}" },
    { CV_ROLE_COHOST, ",\"host_pin\":\"2222222222\"}" },
    { CV_ROLE_PERSON, "}" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (ROLES); i++) {
    GBytes *body = cv_message_role (room, ROLES[i].role, NULL);
    g_autofree char *text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
    g_autofree char *end =
      g_strconcat (",\"dial_in\":{\"numbers\":[\"+49 30 1234\"],\"pin\":\"1111111111\"", ROLES[i].rest, "}", NULL);
    g_assert_true (g_str_has_suffix (text, end));
    g_bytes_unref (body);
  }
}

static void
test_acts (void)
{
  assert_body (cv_message_removed (PERSON, NULL), "{\"type\":\"removed\",\"by\":\"" PERSON "\"}");
  assert_body (cv_message_removed (PERSON, "QUJD"), "{\"type\":\"removed\",\"by\":\"" PERSON "\",\"order\":\"QUJD\"}");
  assert_body (cv_message_requested (CV_SENDING_CAMERA, &host, "QUJD"),
               "{\"type\":\"requested\",\"what\":\"camera\",\"by\":\"" PERSON "\",\"order\":\"QUJD\"}");
}

static void
test_reactions (void)
{
  g_autoptr (CvReactions) reactions = cv_reactions_new ();
  cv_reactions_add (reactions, PERSON, FALSE, CV_REACTION_UP);
  cv_reactions_add (reactions, "pmmmmmmmmmmmm", TRUE, CV_REACTION_UP);
  assert_body (
    cv_message_reactions (reactions, FALSE),
    "{\"type\":\"reactions\",\"counts\":{\"up\":2},\"people\":[{\"person\":\"pmmmmmmmmmmmm\",\"what\":\"up\"}]}");
  assert_body (cv_message_reactions (reactions, TRUE),
               "{\"type\":\"reactions\",\"counts\":{\"up\":2},\"people\":[{\"person\":\"" PERSON
               "\",\"what\":\"up\"},{\"person\":\"pmmmmmmmmmmmm\",\"what\":\"up\"}]}");
  for (guint i = 0; i < 20; i++)
    cv_reactions_add (reactions, PERSON, i % 2 == 0, CV_REACTION_PARTY);
  g_autoptr (GBytes) body = cv_message_reactions (reactions, TRUE);
  g_autofree char *text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  g_auto (GStrv) named = g_strsplit (text, "\"person\":", -1);
  g_assert_cmpuint (g_strv_length (named), ==, 1 + CV_REACTIONS_MAX_NAMED);
}

/* What stands in `rotation`; NULL: nothing does. */
static gboolean
parse_remove (CvMessage *message, const char *rotation)
{
  g_autofree char *more = rotation != NULL ? g_strdup_printf (",\"rotation\":%s", rotation) : g_strdup ("");
  g_autofree char *text = g_strdup_printf ("{\"type\":\"remove\",\"id\":1,\"person\":\"" PERSON "\"%s}", more);
  return cv_message_parse (message, text, strlen (text), NULL);
}

#define BYTES "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\""

static void
test_rotation (void)
{
  static const char *const bad[] = { "null",
                                     "{}",
                                     "[]",
                                     "{\"generation\":0,\"join_verifier\":" BYTES ",\"mac\":" BYTES "}",
                                     "{\"generation\":1,\"join_verifier\":\"AA\",\"mac\":" BYTES "}",
                                     "{\"generation\":1,\"join_verifier\":" BYTES "}",
                                     "{\"generation\":1,\"join_verifier\":" BYTES ",\"mac\":" BYTES ",\"x\":1}" };
  g_auto (CvMessage) none = { 0 };
  g_auto (CvMessage) good = { 0 };
  g_assert_true (parse_remove (&none, NULL));
  g_assert_cmpint (none.rotation.generation, ==, 0);
  g_assert_true (parse_remove (&good, "{\"generation\":7,\"join_verifier\":" BYTES ",\"mac\":" BYTES "}"));
  g_assert_cmpint (good.rotation.generation, ==, 7);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_auto (CvMessage) message = { 0 };
    g_assert_false (parse_remove (&message, bad[i]));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol-moderation/waiting", test_waiting);
  g_test_add_func ("/protocol-moderation/orders-of-a-room", test_orders_of_a_room);
  g_test_add_func ("/protocol-moderation/knocks", test_knocks);
  g_test_add_func ("/protocol-moderation/floor", test_floor);
  g_test_add_func ("/protocol-moderation/role", test_role);
  g_test_add_func ("/protocol-moderation/role-and-summary", test_role_and_summary);
  g_test_add_func ("/protocol-moderation/role-and-pins", test_role_and_pins);
  g_test_add_func ("/protocol-moderation/acts", test_acts);
  g_test_add_func ("/protocol-moderation/rotation", test_rotation);
  g_test_add_func ("/protocol-moderation/reactions", test_reactions);
  g_test_add_func ("/protocol-moderation/dial-in", test_dial_in);
  return g_test_run ();
}
