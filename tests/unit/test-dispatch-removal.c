/* Who is removed, and what becomes of the link that they have, on WebSockets over socket pairs. */
#include "signalling/dispatch-removal.h"

#include "base/ids.h"
#include "lib/attendees.h"
#include "lib/log.h"
#include "lib/wait.h"

#include <string.h>

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

#define ORDERS "{\"key\":\"S0VZ\",\"mac\":\"TUFD\",\"sealed\":\"U0VBTA\"}"
/* 32 times 'n' */
#define NEW_KEY "bm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm4"
#define MAC "TUFDTUFDTUFDTUFDTUFDTUFDTUFDTUFDTUFDTUFDTUE"

enum { HOST = CV_TEST_HOST, COHOST = CV_TEST_COHOST, PERSON = CV_TEST_PERSON, OTHER = CV_TEST_OTHER };

/* As the page makes one: with a key for hosts' orders, which is all the same to the server. */
static void
make_room (Fixture *f, const char *orders)
{
  g_autoptr (CvRoomRow) row = cv_test_room_row (CV_TEST_ROOM, "standard");
  row->orders = g_strdup (orders);
  g_assert_true (cv_test_rooms_delete (&f->rooms, CV_TEST_ROOM, NULL));
  g_assert_true (cv_test_rooms_create_row (&f->rooms, row, NULL));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  cv_test_attendees_init (f, NULL);
  make_room (f, data != NULL ? data : ORDERS);
  cv_test_attendees_gather (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_test_attendees_clear (f);
}

static void
test_remove (Fixture *f, gconstpointer data)
{
  act (f, COHOST, 1, "remove", HOST, "");
  expect_error (f, COHOST, 1, "not-allowed");
  act (f, COHOST, 2, "remove", COHOST, "");
  expect_error (f, COHOST, 2, "not-allowed");
  act (f, COHOST, 3, "remove", PERSON, ",\"order\":\"QUJD\"");
  g_autofree char *removed =
    g_strdup_printf ("{\"type\":\"removed\",\"by\":\"%s\",\"order\":\"QUJD\",\"seq\":*}", f->people[COHOST].id);
  expect (f, PERSON, removed);
  cv_test_peer_expect_close (&f->people[PERSON].peer, SOUP_WEBSOCKET_CLOSE_NORMAL);
  expect (f, OTHER, "{\"type\":\"person-left\",*\"reason\":\"removed\",\"order\":\"QUJD\",*");
  act (f, COHOST, 4, "remove", PERSON, "");
  expect (f, COHOST, "{\"type\":\"person-left\",*");
  expect_ok (f, COHOST, 3);
  expect_error (f, COHOST, 4, "not-found");
  /* and the former seat does not bring them back */
  g_autofree char *again =
    g_strdup_printf (",\"replaces\":\"%s\",\"visitor\":\"AAECAwQFBgcICQoLDA0ODw\"", f->people[PERSON].token);
  cv_test_attendees_arrive (f, PERSON);
  cv_test_attendees_ask_to_join (f, PERSON, CV_TEST_ROOM, f->join_key, again);
  expect_refused (f, PERSON, "removed");
  /* as somebody else they knock, and are marked */
  g_autofree char *other = g_strdup_printf (",\"replaces\":\"%s\"", f->people[PERSON].token);
  cv_test_attendees_arrive (f, PERSON);
  cv_test_attendees_ask_to_join (f, PERSON, CV_TEST_ROOM, f->join_key, other);
  expect (f, PERSON, "{\"type\":\"waiting\",*");
  expect (f, COHOST, "{\"type\":\"knocks\",*\"mark\":\"removed\"}]}");
  act (f, HOST, 1, "remove", COHOST, "");
  expect (f, COHOST, "{\"type\":\"removed\",*");
}

/* `rest`: an order, perhaps. */
static void
rotate (Fixture *f, guint i, guint id, guint whom, gint64 generation, const char *rest)
{
  guint8 key[CV_KEY_BYTES], hash[CV_HASH_BYTES];
  memset (key, 'n', sizeof key);
  cv_hash (key, sizeof key, hash);
  g_autofree char *verifier = cv_base64url_encode (hash, sizeof hash);
  g_autofree char *more = g_strdup_printf (",\"rotation\":{\"generation\":%" G_GINT64_FORMAT
                                           ",\"join_verifier\":\"%s\",\"mac\":\"" MAC "\"}%s",
                                           generation, verifier, rest);
  act (f, i, id, "remove", whom, more);
}

static gint64
get_generation (Fixture *f)
{
  return cv_room_get_row (cv_registry_peek (f->rooms.registry, CV_TEST_ROOM))->generation;
}

static void
test_rotate (Fixture *f, gconstpointer data)
{
  rotate (f, COHOST, 1, PERSON, 1, ",\"order\":\"QUJD\"");
  g_autofree char *removed =
    g_strdup_printf ("{\"type\":\"removed\",\"by\":\"%s\",\"order\":\"QUJD\",\"seq\":*}", f->people[COHOST].id);
  expect (f, PERSON, removed);
  cv_test_peer_expect_close (&f->people[PERSON].peer, SOUP_WEBSOCKET_CLOSE_NORMAL);
  expect (f, OTHER, "{\"type\":\"person-left\",*\"reason\":\"removed\",\"order\":\"QUJD\",*");
  expect (f, COHOST, "{\"type\":\"person-left\",*");
  expect_ok (f, COHOST, 1);
  g_autofree char *stored = cv_test_store_ask (f->rooms.store, "SELECT generation || orders FROM room");
  g_assert_cmpstr (stored, ==, "1{\"key\":\"S0VZ\",\"mac\":\"" MAC "\",\"sealed\":\"U0VBTA\"} ");
  /* neither the old link nor the token of the seat brings them back, nor a host who has not heard of it */
  g_autofree char *again = g_strdup_printf (",\"replaces\":\"%s\"", f->people[PERSON].token);
  g_autofree char *host = g_strdup_printf (",\"host_key\":\"%s\"", f->host_key);
  const char *const tries[] = { "", again, host };
  for (guint i = 0; i < G_N_ELEMENTS (tries); i++) {
    cv_test_attendees_arrive (f, PERSON);
    cv_test_attendees_ask_to_join (f, PERSON, CV_TEST_ROOM, f->join_key, tries[i]);
    expect_refused (f, PERSON, "old-link");
  }
  cv_test_attendees_arrive (f, PERSON);
  f->addresses[PERSON] = "192.0.2.9"; /* from elsewhere: nobody has to ask */
  cv_test_attendees_arrive (f, PERSON);
  cv_test_attendees_ask_to_join (f, PERSON, CV_TEST_ROOM, NEW_KEY, "");
  expect (f, PERSON, "{\"type\":\"joined\",*\"mac\\\":\\\"" MAC "\\\",*\"generation\":1},*");
}

/* Who was in keeps the seat, over a lost socket as well. */
static void
test_rotate_others (Fixture *f, gconstpointer data)
{
  rotate (f, HOST, 1, PERSON, 1, "");
  expect (f, OTHER, "{\"type\":\"person-left\",*");
  cv_test_attendees_resume (f, OTHER, f->people[OTHER].token, 0, "{\"type\":\"resumed\",*");
  forget_all (f);
  rotate (f, HOST, 2, OTHER, 2, "");
  expect (f, OTHER, "{\"type\":\"removed\",*");
  g_assert_cmpint (get_generation (f), ==, 2);
}

static void
test_rotate_refused (Fixture *f, gconstpointer data)
{
  rotate (f, PERSON, 1, OTHER, 1, "");
  expect_error (f, PERSON, 1, "not-allowed");
  rotate (f, COHOST, 1, HOST, 1, "");
  expect_error (f, COHOST, 1, "not-allowed");
  for (guint i = 0; i < 3; i++) {
    static const gint64 others[] = { 2, 7, G_GINT64_CONSTANT (9007199254740991) };
    rotate (f, HOST, 1 + i, PERSON, others[i], "");
    expect_error (f, HOST, 1 + i, "outdated");
  }
  expect_nothing (f, PERSON);
  g_assert_cmpint (get_generation (f), ==, 0);
  g_assert_nonnull (get_person (f, PERSON));
}

/* Two at once: both are of the generation before, and one of them is too late. */
static void
test_rotate_twice (Fixture *f, gconstpointer data)
{
  rotate (f, HOST, 1, PERSON, 1, "");
  rotate (f, HOST, 2, OTHER, 1, "");
  expect (f, HOST, "{\"type\":\"person-left\",*");
  expect_ok (f, HOST, 1);
  expect_error (f, HOST, 2, "outdated");
  g_assert_cmpint (get_generation (f), ==, 1);
  g_assert_nonnull (get_person (f, OTHER));
}

/* Who waits came with the link of before. */
static void
test_rotate_with_somebody_at_the_door (Fixture *f, gconstpointer data)
{
  cv_meeting_set_floor (get_meeting (f), TRUE, FALSE);
  cv_test_attendees_go (f, OTHER);
  cv_test_attendees_arrive (f, OTHER);
  cv_test_attendees_ask_to_join (f, OTHER, CV_TEST_ROOM, f->join_key, "");
  expect (f, OTHER, "{\"type\":\"waiting\",*\"generation\":0},*");
  rotate (f, HOST, 1, PERSON, 1, "");
  expect_refused (f, OTHER, "old-link");
}

/* They are out, but with a link that goes on. */
static void
test_rotate_when_the_store_fails (Fixture *f, gconstpointer data)
{
  g_autofree char *none = cv_test_store_ask (
    f->rooms.store, "CREATE TRIGGER full BEFORE UPDATE ON room BEGIN SELECT raise (ABORT, 'the disk is full'); END");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "removed; another link was not stored: *");
  rotate (f, HOST, 1, PERSON, 1, "");
  expect (f, PERSON, "{\"type\":\"removed\",*");
  expect (f, HOST, "{\"type\":\"person-left\",*");
  expect_error (f, HOST, 1, "store-failed");
  g_assert_cmpint (get_generation (f), ==, 0);
  cv_test_log_assert_all ();
}

static void
test_rotate_without_orders (Fixture *f, gconstpointer data)
{
  rotate (f, HOST, 1, PERSON, 1, "");
  expect_error (f, HOST, 1, "bad-message");
  expect_nothing (f, PERSON);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
#define ADD(path, test, orders) g_test_add (path, Fixture, orders, set_up, test, tear_down)
  ADD ("/dispatch-removal/remove", test_remove, NULL);
  ADD ("/dispatch-removal/rotate", test_rotate, NULL);
  ADD ("/dispatch-removal/rotate-others", test_rotate_others, NULL);
  ADD ("/dispatch-removal/rotate-refused", test_rotate_refused, NULL);
  ADD ("/dispatch-removal/rotate-twice", test_rotate_twice, NULL);
  ADD ("/dispatch-removal/rotate-with-somebody-at-the-door", test_rotate_with_somebody_at_the_door, NULL);
  ADD ("/dispatch-removal/rotate-when-the-store-fails", test_rotate_when_the_store_fails, NULL);
  ADD ("/dispatch-removal/rotate-without-orders", test_rotate_without_orders, "{}");
  return g_test_run ();
}
