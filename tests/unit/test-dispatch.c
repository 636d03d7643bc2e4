/* What messages do: people on WebSockets over socket pairs, with rooms in memory, but no server. */
#include "signalling/dispatch.h"

#include "lib/attendees.h"
#include "lib/log.h"
#include "lib/wait.h"

#include <string.h>

#define JOINS CV_TEST_JOINS

typedef CvTestAttendees Fixture;

#define go cv_test_attendees_go
#define say cv_test_attendees_say
#define expect cv_test_attendees_expect
#define expect_refused cv_test_attendees_expect_refused
#define ask_to_join cv_test_attendees_ask_to_join
#define join cv_test_attendees_join
#define join_as_host cv_test_attendees_join_as_host
#define resume cv_test_attendees_resume

static void
set_up (Fixture *f, gconstpointer data)
{
  static const char *const kinds[] = { "boardroom", NULL };
  cv_test_attendees_init (f, kinds);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_test_attendees_clear (f);
}

/* To everybody. */
static void
speak (Fixture *f, guint i, guint id, const char *text)
{
  g_autofree char *change =
    g_strdup_printf ("{\"type\":\"change\",\"id\":%u,\"ops\":[{\"o\":\"m%u\",\"t\":\"message\",\"c\":%u,"
                     "\"a\":\"%s\",\"f\":{\"text\":\"%s\"}}]}",
                     id, id, id, f->people[i].id, text);
  say (f, i, change);
}

static void
test_join (Fixture *f, gconstpointer data)
{
  ask_to_join (f, 0, CV_TEST_ROOM, f->join_key, "");
  expect (
    f, 0,
    "{\"type\":\"joined\",\"self\":\"p*\",\"token\":\"*\",\"room\":{\"id\":\"" CV_TEST_ROOM
    "\",*},\"meeting\":\"m*\",\"host\":false,\"role\":\"person\",*\"media\":null,\"recording\":null,\"people\":[],"
    "*,\"model\":{\"clock\":1,\"ops\":[{\"o\":\"settings\"*}],\"more\":false,*},*,"
    "\"ice\":{\"servers\":[{\"urls\":["
    "\"turn:meet.example:3478\"],\"username\":\"1700003600:p*\",*},\"now\":1700000000000}");
  join_as_host (f, 1);
  expect (f, 0,
          "{\"type\":\"person-joined\",*\"name\":\"Person 1\",\"host\":true,\"mic\":true,\"camera\":false*\"seq\":1}");
}

static void
test_join_refused (Fixture *f, gconstpointer data)
{
  g_autofree char *wrong_host = g_strdup_printf (",\"host_key\":\"%s\"", f->join_key);
  ask_to_join (f, 0, CV_TEST_ROOM, f->host_key, "");
  expect_refused (f, 0, "wrong-key");
  ask_to_join (f, 1, CV_TEST_ROOM, f->join_key, wrong_host);
  expect_refused (f, 1, "wrong-key");
  ask_to_join (f, 2, "mmmmmmmmmmmm", f->join_key, "");
  expect_refused (f, 2, "unknown-room");
  g_assert_cmpuint (cv_registry_count_meetings (f->rooms.registry), ==, 0);
}

static void
test_join_too_often (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < JOINS; i++)
    g_assert_true (cv_buckets_take (f->joins, "192.0.2.1", cv_clock_now (f->rooms.clock)));
  ask_to_join (f, 0, CV_TEST_ROOM, f->join_key, "");
  expect_refused (f, 0, "rate-limited");
}

static void
test_join_when_the_store_fails (Fixture *f, gconstpointer data)
{
  cv_store_close (f->rooms.store);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "a join failed: *");
  ask_to_join (f, 0, CV_TEST_ROOM, f->join_key, "");
  expect_refused (f, 0, "store-failed");
  cv_test_log_assert_all ();
}

/* Gone before its room was loaded: no seat is taken. */
static void
test_join_and_go (Fixture *f, gconstpointer data)
{
  g_autofree char *text = g_strdup_printf ("{\"type\":\"join\",\"room\":\"" CV_TEST_ROOM
                                           "\",\"key\":\"%s\",\"name\":\"Ann\",\"mic\":true,\"camera\":true}",
                                           f->join_key);
  cv_dispatch_message (&f->dispatch, f->people[0].connection, text, strlen (text));
  g_assert_true (cv_connection_is_joining (f->people[0].connection));
  cv_connection_close (f->people[0].connection, 1000);
  cv_test_wait_until (!cv_connection_is_joining (f->people[0].connection));
  g_assert_cmpuint (cv_sessions_count (f->sessions), ==, 0);
}

static void
test_out_of_place (Fixture *f, gconstpointer data)
{
  say (f, 0, "{\"type\":\"pong\"}"); /* not before a seat is taken */
  expect_refused (f, 0, "bad-message");
  join (f, 1, "");
  ask_to_join (f, 1, CV_TEST_ROOM, f->join_key, ""); /* not twice */
  expect_refused (f, 1, "bad-message");
  /* not while the first is worked on */
  ask_to_join (f, 2, CV_TEST_ROOM, f->join_key, "");
  say (f, 2, "{\"type\":\"pong\"}");
  cv_test_wait_until (f->people[2].peer.code != 0 || f->people[2].peer.texts->len > 0);
  g_ptr_array_set_size (f->people[2].peer.texts, 0);
}

static void
test_bad_message (Fixture *f, gconstpointer data)
{
  join (f, 0, "");
  say (f, 0, "{\"type\":\"change\",\"id\":1}");
  expect_refused (f, 0, "bad-message");
  /* the seat is not lost with the socket */
  resume (f, 0, f->people[0].token, 0, "{\"type\":\"resumed\",\"token\":\"*\",\"last_id\":0}");
}

static void
test_state_and_chat (Fixture *f, gconstpointer data)
{
  join (f, 0, "");
  join (f, 1, "");
  expect (f, 0, "{\"type\":\"person-joined\"*\"seq\":1}");
  say (f, 0, "{\"type\":\"state\",\"id\":1,\"mic\":false,\"camera\":true,\"screen\":true}");
  expect (f, 0, "{\"type\":\"ok\",\"re\":1,\"seq\":2}");
  expect (f, 1, "{\"type\":\"person-changed\"*\"mic\":false,\"camera\":true,\"screen\":true,*\"seq\":1}");
  speak (f, 1, 1, "Hi");
  expect (f, 0, "{\"type\":\"changes\"*\"text\":\"Hi\"*\"seq\":3}");
  expect (f, 1, "{\"type\":\"changes\"*\"a\":\"server\"*\"seq\":2}");
  expect (f, 1, "{\"type\":\"ok\",\"re\":1,\"seq\":3}");
  /* the same once more is passed over, a gap is not */
  speak (f, 1, 1, "Hi");
  say (f, 1, "{\"type\":\"turn\",\"id\":2}");
  expect (f, 1, "{\"type\":\"turn\",\"re\":2,\"ice\":{*\"username\":\"1700003600:p*\"seq\":4}");
  say (f, 1, "{\"type\":\"turn\",\"id\":4}");
  expect_refused (f, 1, "bad-message");
}

static void
test_much_chat (Fixture *f, gconstpointer data)
{
  g_autofree char *text = g_strnfill (4000, 'x');
  join (f, 0, "");
  guint said = 0;
  for (; said < 40 && f->people[0].peer.code == 0; said++) {
    speak (f, 0, said + 1, text);
    cv_test_settle ();
  }
  cv_test_wait_until (f->people[0].peer.code != 0);
  g_assert_cmpuint (f->people[0].peer.code, ==, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
  const char *last = g_ptr_array_index (f->people[0].peer.texts, f->people[0].peer.texts->len - 1);
  g_assert_nonnull (strstr (last, "\"rate-limited\""));
  g_ptr_array_set_size (f->people[0].peer.texts, 0);
}

static void
test_relay (Fixture *f, gconstpointer data)
{
  join (f, 0, "");
  join (f, 1, "");
  expect (f, 0, "*person-joined*");
  g_autofree char *to_second =
    g_strdup_printf ("{\"type\":\"relay\",\"to\":\"%s\",\"data\":\"QUJD\"}", f->people[1].id);
  g_autofree char *to_self = g_strdup_printf ("{\"type\":\"relay\",\"to\":\"%s\",\"data\":\"QUJD\"}", f->people[0].id);
  g_autofree char *got = g_strdup_printf ("{\"type\":\"relay\",\"from\":\"%s\",\"data\":\"QUJD\"}", f->people[0].id);
  say (f, 0, to_second);
  expect (f, 1, got);
  say (f, 0, to_self);
  expect (f, 0, "{\"type\":\"relay-failed\",\"to\":\"p*\",\"error\":\"unknown-person\"}");
  say (f, 0, "{\"type\":\"relay\",\"to\":\"pmmmmmmmmmmmm\",\"data\":\"QUJD\"}");
  expect (f, 0, "{\"type\":\"relay-failed\",\"to\":\"pmmmmmmmmmmmm\",\"error\":\"unknown-person\"}");
  go (f, 1);
  expect (f, 0, "{\"type\":\"person-changed\"*\"away\":true*");
  say (f, 0, to_second);
  expect (f, 0, "{\"type\":\"relay-failed\",\"to\":\"p*\",\"error\":\"away\"}");
}

static void
test_relay_not_allowed (Fixture *f, gconstpointer data)
{
  cv_test_rooms_create (&f->rooms, "bbbbbbbbbbbb", "boardroom", NULL);
  ask_to_join (f, 0, "bbbbbbbbbbbb", f->join_key, "");
  expect (f, 0, "*\"joined\"*");
  say (f, 0, "{\"type\":\"relay\",\"to\":\"pmmmmmmmmmmmm\",\"data\":\"QUJD\"}");
  expect_refused (f, 0, "not-allowed");
}

static void
test_resume (Fixture *f, gconstpointer data)
{
  join (f, 0, "");
  join (f, 1, "");
  expect (f, 0, "*person-joined*\"seq\":1}");
  say (f, 0, "{\"type\":\"ack\",\"seq\":1}");
  go (f, 0);
  expect (f, 1, "{\"type\":\"person-changed\"*\"away\":true*\"seq\":1}");
  speak (f, 1, 1, "Still here?");
  expect (f, 1, "*changes*");
  expect (f, 1, "*ok*");
  resume (f, 0, f->people[0].token, 1, "{\"type\":\"resumed\",\"token\":\"*\",\"last_id\":0}");
  expect (f, 0, "{\"type\":\"changes\"*\"text\":\"Still here?\"*\"seq\":2}");
  expect (f, 1, "{\"type\":\"person-changed\"*\"away\":false*\"seq\":4}");
}

static void
test_resume_lost (Fixture *f, gconstpointer data)
{
  resume (f, 0, f->join_key, 0, "*\"session-lost\"*");
  cv_test_peer_expect_close (&f->people[0].peer, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);

  /* seq was never sent: that seat is of no more use to anybody */
  join (f, 1, "");
  resume (f, 1, f->people[1].token, 7, "*\"resumed\"*");
  expect_refused (f, 1, "session-lost");
  g_assert_cmpuint (cv_sessions_count (f->sessions), ==, 0);
  g_assert_cmpuint (cv_registry_count_people (f->rooms.registry), ==, 0);
}

/* The second socket takes the seat while the first is still open. */
static void
test_two_sockets (Fixture *f, gconstpointer data)
{
  join (f, 0, "");
  g_autofree char *text = g_strdup_printf ("{\"type\":\"resume\",\"token\":\"%s\",\"seq\":0}", f->people[0].token);
  say (f, 1, text);
  expect (f, 1, "*\"resumed\"*");
  cv_test_peer_expect_close (&f->people[0].peer, 4001);
  say (f, 1, "{\"type\":\"turn\",\"id\":1}");
  expect (f, 1, "*\"turn\"*");
  g_assert_cmpuint (cv_sessions_count (f->sessions), ==, 1);
}

static void
test_replaces (Fixture *f, gconstpointer data)
{
  join (f, 0, "");
  join (f, 2, "");
  expect (f, 0, "*person-joined*");
  g_autofree char *more = g_strdup_printf (",\"replaces\":\"%s\"", f->people[0].token);
  join (f, 1, more);
  cv_test_peer_expect_close (&f->people[0].peer, 4001);
  expect (f, 2, "{\"type\":\"person-left\"*\"reason\":\"replaced\"*");
  expect (f, 2, "{\"type\":\"person-joined\"*");
  g_assert_cmpuint (cv_registry_count_people (f->rooms.registry), ==, 2);
}

/* A token opens its own room's door only. */
static void
test_replaces_elsewhere (Fixture *f, gconstpointer data)
{
  cv_test_rooms_create (&f->rooms, "bbbbbbbbbbbb", "standard", NULL);
  join (f, 0, "");
  g_autofree char *more = g_strdup_printf (",\"replaces\":\"%s\"", f->people[0].token);
  ask_to_join (f, 1, "bbbbbbbbbbbb", f->join_key, more);
  expect (f, 1, "*\"joined\"*");
  g_assert_cmpuint (cv_sessions_count (f->sessions), ==, 2);
  g_assert_true (cv_connection_is_open (f->people[0].connection));
}

static void
test_leave (Fixture *f, gconstpointer data)
{
  join (f, 0, "");
  join (f, 1, "");
  expect (f, 0, "*person-joined*");
  say (f, 1, "{\"type\":\"leave\",\"id\":1}");
  expect (f, 1, "{\"type\":\"ok\",\"re\":1,\"seq\":1}");
  cv_test_peer_expect_close (&f->people[1].peer, SOUP_WEBSOCKET_CLOSE_NORMAL);
  expect (f, 0, "{\"type\":\"person-left\"*\"reason\":\"left\"*");
}

static void
test_end (Fixture *f, gconstpointer data)
{
  join (f, 0, "");
  join_as_host (f, 1);
  expect (f, 0, "*person-joined*");
  say (f, 0, "{\"type\":\"end\",\"id\":1}");
  expect (f, 0, "{\"type\":\"error\",\"error\":\"not-allowed\",\"text\":\"*\",\"re\":1,\"seq\":2}");
  g_autofree char *token = g_strdup (f->people[0].token);
  go (f, 0);
  expect (f, 1, "*\"away\":true*");
  say (f, 1, "{\"type\":\"end\",\"id\":1}");
  expect (f, 1, "{\"type\":\"ok\",\"re\":1*");
  expect (f, 1, "{\"type\":\"ended\",\"reason\":\"host\"*");
  cv_test_peer_expect_close (&f->people[1].peer, SOUP_WEBSOCKET_CLOSE_NORMAL);
  /* who was away then still learns of it */
  resume (f, 0, token, 2, "*\"resumed\"*");
  expect (f, 0, "{\"type\":\"ended\",\"reason\":\"host\",\"seq\":3}");
  cv_test_peer_expect_close (&f->people[0].peer, SOUP_WEBSOCKET_CLOSE_NORMAL);
}

static void
test_ack_of_nothing (Fixture *f, gconstpointer data)
{
  join (f, 0, "");
  say (f, 0, "{\"type\":\"pong\"}");
  say (f, 0, "{\"type\":\"ack\",\"seq\":1}");
  expect_refused (f, 0, "bad-message");
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/dispatch/join", test_join);
  ADD ("/dispatch/join-refused", test_join_refused);
  ADD ("/dispatch/join-too-often", test_join_too_often);
  ADD ("/dispatch/join-when-the-store-fails", test_join_when_the_store_fails);
  ADD ("/dispatch/join-and-go", test_join_and_go);
  ADD ("/dispatch/out-of-place", test_out_of_place);
  ADD ("/dispatch/bad-message", test_bad_message);
  ADD ("/dispatch/state-and-chat", test_state_and_chat);
  ADD ("/dispatch/much-chat", test_much_chat);
  ADD ("/dispatch/relay", test_relay);
  ADD ("/dispatch/relay-not-allowed", test_relay_not_allowed);
  ADD ("/dispatch/resume", test_resume);
  ADD ("/dispatch/resume-lost", test_resume_lost);
  ADD ("/dispatch/two-sockets", test_two_sockets);
  ADD ("/dispatch/replaces", test_replaces);
  ADD ("/dispatch/replaces-elsewhere", test_replaces_elsewhere);
  ADD ("/dispatch/leave", test_leave);
  ADD ("/dispatch/end", test_end);
  ADD ("/dispatch/ack-of-nothing", test_ack_of_nothing);
  return g_test_run ();
}
