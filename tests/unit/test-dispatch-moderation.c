/* What people may do with the door and with each other, on WebSockets over socket pairs. */
#include "signalling/dispatch-moderation.h"

#include "lib/attendees.h"
#include "lib/log.h"
#include "lib/wait.h"

typedef CvTestAttendees Fixture;

#define say cv_test_attendees_say
#define expect cv_test_attendees_expect
#define expect_nothing cv_test_attendees_expect_nothing
#define expect_refused cv_test_attendees_expect_refused
#define expect_ok cv_test_attendees_expect_ok
#define expect_error cv_test_attendees_expect_error
#define act cv_test_attendees_act
#define forget_all cv_test_attendees_forget
#define get_meeting cv_test_attendees_get_meeting
#define get_person cv_test_attendees_get_person

enum { HOST = CV_TEST_HOST, COHOST = CV_TEST_COHOST, PERSON = CV_TEST_PERSON, OTHER = CV_TEST_OTHER };

static void
set_up (Fixture *f, gconstpointer data)
{
  cv_test_attendees_init (f, NULL);
  cv_test_attendees_gather (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_test_attendees_clear (f);
}

static void
test_floor (Fixture *f, gconstpointer data)
{
  say (f, COHOST, "{\"type\":\"lobby\",\"id\":1,\"on\":true}");
  for (guint i = HOST; i <= OTHER; i++)
    expect (f, i, "{\"type\":\"floor\",\"lobby\":true,\"locked\":false,*");
  expect_ok (f, COHOST, 1);
  say (f, HOST, "{\"type\":\"lock\",\"id\":1,\"on\":true}");
  expect (f, PERSON, "{\"type\":\"floor\",\"lobby\":true,\"locked\":true,*");
  say (f, HOST, "{\"type\":\"lock\",\"id\":2,\"on\":true}"); /* as it is */
  expect (f, HOST, "{\"type\":\"floor\",*");
  expect_ok (f, HOST, 1);
  expect_ok (f, HOST, 2);
  expect_nothing (f, PERSON);
  say (f, PERSON, "{\"type\":\"lobby\",\"id\":1,\"on\":false}");
  expect_error (f, PERSON, 1, "not-allowed");
}

static void
test_door (Fixture *f, gconstpointer data)
{
  cv_meeting_set_floor (get_meeting (f), TRUE, FALSE);
  act (f, OTHER, 1, "leave", OTHER, ""); /* with a member too many */
  forget_all (f);
  cv_test_attendees_arrive (f, OTHER);
  cv_test_attendees_ask_to_join (f, OTHER, CV_TEST_ROOM, f->join_key, "");
  expect (f, OTHER, "{\"type\":\"waiting\",*");
  g_autofree char *knocks = cv_test_peer_take (&f->people[COHOST].peer);
  while (!g_str_has_prefix (knocks, "{\"type\":\"knocks\"")) {
    g_free (knocks);
    knocks = cv_test_peer_take (&f->people[COHOST].peer);
  }
  g_autofree char *knock = cv_test_attendees_member (knocks, "knock");
  g_autofree char *deny = g_strdup_printf ("{\"type\":\"deny\",\"id\":2,\"knock\":\"%s\"}", knock);
  say (f, COHOST, "{\"type\":\"admit\",\"id\":1,\"knock\":\"qmmmmmmmmmmmm\"}");
  expect_error (f, COHOST, 1, "not-found");
  say (f, COHOST, deny);
  expect (f, COHOST, "{\"type\":\"knocks\",\"knocks\":[]}");
  expect_ok (f, COHOST, 2);
  expect_refused (f, OTHER, "denied");
  say (f, COHOST, "{\"type\":\"admit\",\"id\":3,\"knock\":null}"); /* nobody waits */
  expect_ok (f, COHOST, 3);
}

static void
test_role (Fixture *f, gconstpointer data)
{
  act (f, HOST, 1, "role", PERSON, ",\"role\":\"cohost\",\"order\":\"QUJD\"");
  expect (f, PERSON,
          "{\"type\":\"role\",\"role\":\"cohost\",\"may\":[*\"admit\"*],\"rights\":{*},\"summary\":*,\"dial_in\":null,"
          "\"order\":"
          "\"QUJD\",*");
  expect (f, OTHER, "{\"type\":\"person-changed\",*\"host\":true,*\"role\":\"cohost\"},\"order\":\"QUJD\",*");
  expect_ok (f, HOST, 1);
  forget_all (f);
  act (f, HOST, 2, "role", PERSON, ",\"role\":\"person\"");
  expect (f, PERSON,
          "{\"type\":\"role\",\"role\":\"person\",\"may\":[*],\"rights\":{*},\"summary\":*,\"dial_in\":null,\"seq\":*");
  act (f, COHOST, 1, "role", PERSON, ",\"role\":\"cohost\"");
  expect (f, COHOST, "{\"type\":\"person-changed\",*\"role\":\"person\"*");
  expect_error (f, COHOST, 1, "not-allowed");
  forget_all (f);
  act (f, HOST, 3, "role", HOST, ",\"role\":\"person\"");
  expect_error (f, HOST, 3, "not-allowed");
  g_assert_cmpint (get_person (f, HOST)->role, ==, CV_ROLE_HOST);
}

static void
test_hand_over (Fixture *f, gconstpointer data)
{
  act (f, HOST, 1, "role", COHOST, ",\"role\":\"host\"");
  expect (f, COHOST, "{\"type\":\"role\",\"role\":\"host\",\"may\":[*\"end\"*],*");
  expect_ok (f, HOST, 1);
  expect (f, HOST, "{\"type\":\"person-changed\",*\"role\":\"host\"*");
  expect (f, HOST, "{\"type\":\"role\",\"role\":\"cohost\",*");
  act (f, HOST, 2, "role", COHOST, ",\"role\":\"person\"");
  expect_error (f, HOST, 2, "not-allowed");
}

static void
test_rename (Fixture *f, gconstpointer data)
{
  say (f, PERSON, "{\"type\":\"rename\",\"id\":1,\"name\":\"Zoe\"}");
  expect (f, OTHER, "{\"type\":\"person-changed\",*\"name\":\"Zoe\",*");
  expect (f, PERSON, "{\"type\":\"person-changed\",*\"name\":\"Zoe\",*");
  expect_ok (f, PERSON, 1);
  act (f, PERSON, 2, "rename", OTHER, ",\"name\":\"Eve\"");
  expect_error (f, PERSON, 2, "not-allowed");
  act (f, COHOST, 1, "rename", HOST, ",\"name\":\"Eve\"");
  expect (f, COHOST, "{\"type\":\"person-changed\",*\"name\":\"Zoe\",*");
  expect_error (f, COHOST, 1, "not-allowed");
  act (f, COHOST, 2, "rename", OTHER, ",\"name\":\"Eve\"");
  expect (f, OTHER, "{\"type\":\"person-changed\",*\"name\":\"Eve\",*");
  g_assert_cmpstr (get_person (f, OTHER)->name, ==, "Eve");
  say (f, COHOST, "{\"type\":\"rename\",\"id\":3,\"name\":\"Me\",\"person\":\"pmmmmmmmmmmmm\"}");
  forget_all (f);
}

static void
test_hands (Fixture *f, gconstpointer data)
{
  say (f, PERSON, "{\"type\":\"hand\",\"id\":1,\"up\":true}");
  expect_ok (f, PERSON, 1);
  say (f, OTHER, "{\"type\":\"hand\",\"id\":1,\"up\":true}");
  forget_all (f);
  g_assert_cmpint (get_person (f, PERSON)->hand, <, get_person (f, OTHER)->hand);
  act (f, COHOST, 1, "lower", PERSON, "");
  expect (f, PERSON, "{\"type\":\"person-changed\",*\"hand\":0,*");
  expect (f, OTHER, "{\"type\":\"person-changed\",*\"hand\":0,*");
  act (f, OTHER, 2, "lower", OTHER, "");
  expect_error (f, OTHER, 2, "not-allowed");
}

static void
test_react (Fixture *f, gconstpointer data)
{
  for (guint id = 1; id <= 4; id++) {
    g_autofree char *text = g_strdup_printf ("{\"type\":\"react\",\"id\":%u,\"what\":\"heart\"}", id);
    say (f, PERSON, text);
  }
  for (guint id = 1; id <= 3; id++)
    expect_ok (f, PERSON, id);
  expect_error (f, PERSON, 4, "rate-limited");
  expect_nothing (f, OTHER);
  cv_clock_advance (f->rooms.clock, 300);
  for (guint i = HOST; i <= OTHER; i++)
    expect (f, i, "{\"type\":\"reactions\",\"counts\":{\"heart\":3},\"people\":[{*},{*},{*}]}");
  cv_clock_advance (f->rooms.clock, 1000);
  expect_nothing (f, OTHER);
  say (f, PERSON, "{\"type\":\"react\",\"id\":5,\"what\":\"up\"}");
  expect_ok (f, PERSON, 5);
}

static void
test_request (Fixture *f, gconstpointer data)
{
  act (f, COHOST, 1, "request", PERSON, ",\"what\":\"camera\",\"order\":\"QUJD\"");
  g_autofree char *requested = g_strdup_printf (
    "{\"type\":\"requested\",\"what\":\"camera\",\"by\":\"%s\",\"order\":\"QUJD\",*", f->people[COHOST].id);
  expect (f, PERSON, requested);
  expect_ok (f, COHOST, 1);
  act (f, COHOST, 2, "request", COHOST, ",\"what\":\"camera\"");
  expect_error (f, COHOST, 2, "not-allowed");
  act (f, PERSON, 1, "request", OTHER, ",\"what\":\"camera\"");
  expect_error (f, PERSON, 1, "not-allowed");
}

static void
test_stop_from_browser_to_browser (Fixture *f, gconstpointer data)
{
  act (f, COHOST, 1, "stop", HOST, ",\"what\":\"microphone\"");
  expect_error (f, COHOST, 1, "not-allowed");
  act (f, COHOST, 2, "stop", PERSON, ",\"what\":\"microphone\",\"order\":\"QUJD\"");
  expect (f, PERSON, "{\"type\":\"stopped\",\"what\":\"microphone\",*\"order\":\"QUJD\",*");
  forget_all (f);
  say (f, COHOST, "{\"type\":\"mute-all\",\"id\":3,\"order\":\"QUJE\"}");
  expect (f, OTHER, "{\"type\":\"stopped\",\"what\":\"microphone\",*\"order\":\"QUJE\",*");
  cv_test_settle ();
  g_assert_true (get_person (f, HOST)->sending.microphone);
  forget_all (f);
  act (f, COHOST, 4, "spotlight", OTHER, ",\"order\":\"QUJF\"");
  expect (f, OTHER, "{\"type\":\"spotlight\",\"person\":\"p*\",\"order\":\"QUJF\",*");
  /* what comes later has no order of its own */
  cv_test_attendees_go (f, OTHER);
  cv_clock_advance (f->rooms.clock, CV_TEST_SEAT_MS);
  forget_all (f);
  g_assert_null (cv_meeting_get_order (get_meeting (f)));
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/dispatch-moderation/floor", test_floor);
  ADD ("/dispatch-moderation/door", test_door);
  ADD ("/dispatch-moderation/role", test_role);
  ADD ("/dispatch-moderation/hand-over", test_hand_over);
  ADD ("/dispatch-moderation/rename", test_rename);
  ADD ("/dispatch-moderation/hands", test_hands);
  ADD ("/dispatch-moderation/react", test_react);
  ADD ("/dispatch-moderation/request", test_request);
  ADD ("/dispatch-moderation/stop-from-browser-to-browser", test_stop_from_browser_to_browser);
  return g_test_run ();
}
