/* Messages about the door and about roles, compared as text. */
#include "signalling/protocol-moderation.h"

#include "lib/rooms.h"

#define KNOCK "qabcdefghijkm"
#define PERSON "pabcdefghijkm"

static CvKnock ann = { (char *) KNOCK, (char *) CV_TEST_ROOM, (char *) "A\"nn", 1700, FALSE, FALSE, NULL };
static CvKnock bob = { (char *) "qmmmmmmmmmmmm", (char *) CV_TEST_ROOM, (char *) "Bob", 1800, TRUE, FALSE, NULL };
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
               "\"orders\":\"{\\\"key\\\":1}\"},\"hosts\":false}");
}

static void
test_knocks (void)
{
  g_autoptr (GPtrArray) knocks = g_ptr_array_new ();
  assert_body (cv_message_knocks (knocks), "{\"type\":\"knocks\",\"knocks\":[]}");
  g_ptr_array_add (knocks, &ann);
  g_ptr_array_add (knocks, &bob);
  assert_body (cv_message_knocks (knocks), "{\"type\":\"knocks\",\"knocks\":[{\"knock\":\"" KNOCK
                                           "\",\"name\":\"A\\\"nn\",\"since\":1700,\"mark\":\"\"},"
                                           "{\"knock\":\"qmmmmmmmmmmmm\",\"name\":\"Bob\",\"since\":1800,"
                                           "\"mark\":\"removed\"}]}");
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
test_acts (void)
{
  g_autoptr (CvClock) clock = cv_clock_new_fake (1000);
  g_autoptr (CvMeeting) meeting = cv_meeting_new (&cv_policy_otr, clock, 1000);
  assert_body (cv_message_role (meeting, CV_ROLE_COHOST, NULL),
               "{\"type\":\"role\",\"role\":\"cohost\",\"may\":[\"ack\",\"pong\",\"relay\",\"state\",\"turn\","
               "\"leave\"],\"rights\":{},\"summary\":null}");
  cv_meeting_set_summary (meeting, g_strdup ("/summary/h"), g_strdup ("/summary/p"));
  assert_body (cv_message_role (meeting, CV_ROLE_PERSON, "QUJD"),
               "{\"type\":\"role\",\"role\":\"person\",\"may\":[\"ack\",\"pong\",\"relay\",\"state\",\"turn\","
               "\"leave\"],\"rights\":{},\"summary\":\"/summary/p\",\"order\":\"QUJD\"}");
  g_assert_cmpstr (cv_meeting_get_summary (meeting, CV_ROLE_COHOST), ==, "/summary/h");
  assert_body (cv_message_removed (&host, NULL), "{\"type\":\"removed\",\"by\":\"" PERSON "\"}");
  assert_body (cv_message_removed (&host, "QUJD"), "{\"type\":\"removed\",\"by\":\"" PERSON "\",\"order\":\"QUJD\"}");
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol-moderation/waiting", test_waiting);
  g_test_add_func ("/protocol-moderation/orders-of-a-room", test_orders_of_a_room);
  g_test_add_func ("/protocol-moderation/knocks", test_knocks);
  g_test_add_func ("/protocol-moderation/floor", test_floor);
  g_test_add_func ("/protocol-moderation/acts", test_acts);
  g_test_add_func ("/protocol-moderation/reactions", test_reactions);
  return g_test_run ();
}
