/* What people share and whisper, on WebSockets over socket pairs. */
#include "signalling/dispatch-sharing.h"

#include "lib/attendees.h"
#include "lib/wait.h"

typedef CvTestAttendees Fixture;

#define expect cv_test_attendees_expect
#define expect_nothing cv_test_attendees_expect_nothing

enum { HOST, ANN, BOB, LATE };

static void
forget_all (Fixture *f)
{
  cv_test_settle ();
  for (guint i = 0; i < LATE; i++)
    g_ptr_array_set_size (f->people[i].peer.texts, 0);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  cv_test_attendees_init (f, NULL);
  cv_test_attendees_join_as_host (f, HOST);
  cv_test_attendees_join (f, ANN, "");
  cv_test_attendees_join (f, BOB, "");
  forget_all (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_test_attendees_clear (f);
}

/* `rest`: the operation's after its actor, the first comma with it. */
static void
change (Fixture *f, guint i, guint id, const char *object, const char *type, const char *fields)
{
  g_autofree char *text = g_strdup_printf (
    "{\"type\":\"change\",\"id\":%u,\"ops\":[{\"o\":\"%s\",\"t\":\"%s\",\"c\":%u,\"a\":\"%s\",\"f\":{%s}}]}", id,
    object, type, id, f->people[i].id, fields);
  cv_test_attendees_say (f, i, text);
}

static void
test_change (Fixture *f, gconstpointer data)
{
  change (f, ANN, 1, "m1", "message", "\"text\":\"Hi\"");
  expect (f, ANN, "{\"type\":\"changes\",\"ops\":[{*\"a\":\"server\"*}],*}");
  expect (f, ANN, "{\"type\":\"ok\",\"re\":1,*}");
  expect (f, BOB, "{\"type\":\"changes\",\"ops\":[{*\"text\":\"Hi\"*\"a\":\"server\"*}],*}");
  change (f, ANN, 2, "settings", "settings", "\"chat\":true");
  expect (f, ANN, "{\"type\":\"error\",\"error\":\"not-allowed\",*\"re\":2,*}");
  change (f, ANN, 3, "p1", "poll", "\"question\":\"?\"");
  expect (f, ANN, "{\"type\":\"error\",\"error\":\"bad-message\",*\"re\":3,*}");
  expect_nothing (f, BOB);
}

static void
test_poll_vote (Fixture *f, gconstpointer data)
{
  change (f, ANN, 1, "p1", "poll", "\"question\":\"?\",\"choices\":[\"a\",\"b\"],\"open\":true");
  forget_all (f);
  cv_test_attendees_say (f, BOB, "{\"type\":\"poll-vote\",\"id\":1,\"poll\":\"p2\",\"choices\":[0]}");
  expect (f, BOB, "{\"type\":\"error\",\"error\":\"not-found\",*}");
  cv_test_attendees_say (f, BOB, "{\"type\":\"poll-vote\",\"id\":2,\"poll\":\"p1\",\"choices\":[0]}");
  expect (f, BOB, "{\"type\":\"ok\",\"re\":2,*}");
  cv_clock_advance (f->rooms.clock, 1000);
  expect (f, ANN, "{\"type\":\"changes\",*\"counts\":[1,0]*}");
}

static void
test_whisper (Fixture *f, gconstpointer data)
{
  g_autofree char *to_bob =
    g_strdup_printf ("{\"type\":\"whisper\",\"id\":1,\"to\":\"%s\",\"text\":\"psst\"}", f->people[BOB].id);
  cv_test_attendees_say (f, ANN, to_bob);
  expect (f, ANN, "{\"type\":\"whisper\",*\"text\":\"psst\"*}");
  expect (f, ANN, "{\"type\":\"ok\",*}");
  expect (f, BOB, "{\"type\":\"whisper\",*\"text\":\"psst\"*}");
  expect_nothing (f, HOST);
  cv_test_attendees_say (f, ANN, "{\"type\":\"whisper\",\"id\":2,\"to\":\"pzzzzzzzzzzzz\",\"text\":\"psst\"}");
  expect (f, ANN, "{\"type\":\"error\",\"error\":\"not-found\",*}");
}

/* The next piece comes when what came was acknowledged. */
static void
test_feed (Fixture *f, gconstpointer data)
{
  CvMeeting *meeting = cv_room_get_meeting (cv_registry_peek (f->rooms.registry, CV_TEST_ROOM));
  g_autofree char *text = g_strnfill (4000, 'x');
  for (guint i = 0; i < 60; i++) {
    g_autofree char *id = g_strdup_printf ("b%u", i);
    CvOperation *operation = cv_operation_new (id, CV_MODEL_BLOCK, 1, "server");
    cv_operation_set_text (operation, "text", text);
    g_assert_true (cv_sharing_put (cv_meeting_get_sharing (meeting), operation, NULL));
  }
  cv_test_attendees_join (f, LATE, "");
  for (guint i = 0; i < 3; i++)
    expect (f, LATE, "{\"type\":\"model\",\"ops\":[{*}],\"more\":true,*}");
  expect_nothing (f, LATE);
  cv_test_attendees_say (f, LATE, "{\"type\":\"ack\",\"seq\":3}");
  for (guint i = 0; i < 2; i++)
    expect (f, LATE, "{\"type\":\"model\",\"ops\":[{*}],\"more\":true,*}");
  expect (f, LATE, "{\"type\":\"model\",\"ops\":[{*\"b59\"*}],\"more\":false,*}");
  expect_nothing (f, LATE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/dispatch-sharing/change", test_change);
  ADD ("/dispatch-sharing/poll-vote", test_poll_vote);
  ADD ("/dispatch-sharing/whisper", test_whisper);
  ADD ("/dispatch-sharing/feed", test_feed);
  return g_test_run ();
}
