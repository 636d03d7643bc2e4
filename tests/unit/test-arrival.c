/* Who gets a seat, who has to wait, and who is sent away. */
#include "signalling/arrival.h"

#include "lib/attendees.h"
#include "lib/log.h"
#include "lib/wait.h"

typedef CvTestAttendees Fixture;

#define say cv_test_attendees_say
#define expect cv_test_attendees_expect
#define expect_nothing cv_test_attendees_expect_nothing
#define expect_refused cv_test_attendees_expect_refused
#define join cv_test_attendees_join
#define join_as_host cv_test_attendees_join_as_host

#define VISITOR ",\"visitor\":\"AAECAwQFBgcICQoLDA0ODw\""
#define LOBBY_ROOM "bbbbbbbbbbbb"

static void
set_up (Fixture *f, gconstpointer data)
{
  static const char *const kinds[] = { "boardroom", "classroom", NULL };
  cv_test_attendees_init (f, kinds);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_test_attendees_clear (f);
}

static void
make_room (Fixture *f, const char *id, const char *kind, gboolean lobby, const char *owner)
{
  g_autoptr (CvRoomRow) row = cv_test_room_row (id, kind);
  row->lobby = lobby;
  row->owner = g_strdup (owner);
  g_assert_true (cv_test_rooms_create_row (&f->rooms, row, NULL));
}

static void
ask (Fixture *f, guint i, const char *room, const char *more)
{
  cv_test_attendees_ask_to_join (f, i, room, f->join_key, more);
}

static void
ask_as_host (Fixture *f, guint i, const char *room)
{
  g_autofree char *more = g_strdup_printf (",\"host_key\":\"%s\"", f->host_key);
  ask (f, i, room, more);
}

static CvMeeting *
get_meeting (Fixture *f, const char *room)
{
  return cv_room_get_meeting (cv_registry_peek (f->rooms.registry, room));
}

static CvParticipant *
get_person (Fixture *f, guint i)
{
  return cv_meeting_find (get_meeting (f, CV_TEST_ROOM), f->people[i].id);
}

/* Nobody is in yet: the room says whether one waits, and no meeting starts. */
static void
test_lobby_of_the_room (Fixture *f, gconstpointer data)
{
  make_room (f, LOBBY_ROOM, "boardroom", TRUE, NULL);
  ask (f, 0, LOBBY_ROOM, "");
  expect (f, 0, "{\"type\":\"waiting\",\"knock\":\"q*\",\"room\":{*},\"hosts\":false}");
  g_assert_cmpuint (cv_registry_count_meetings (f->rooms.registry), ==, 0);
  ask_as_host (f, 1, LOBBY_ROOM);
  expect (f, 1, "{\"type\":\"joined\",*\"floor\":{\"lobby\":true,\"locked\":false},*");
  expect (f, 1, "{\"type\":\"knocks\",\"knocks\":[{\"knock\":\"q*\",\"name\":\"Person 0\",*\"mark\":\"\"}]}");
  expect (f, 0, "{\"type\":\"waiting\",*\"hosts\":true}");
}

static void
ask_without_a_name (Fixture *f, guint i, const char *room, const char *more)
{
  g_autofree char *text =
    g_strdup_printf ("{\"type\":\"join\",\"room\":\"%s\",\"key\":\"%s\"%s}", room, f->join_key, more);
  cv_test_attendees_say (f, i, text);
}

#define SILENT ",\"mic\":false,\"camera\":false"

/* Off the record the server takes nothing that says who somebody is; elsewhere it has to know. */
static void
test_nameless (Fixture *f, gconstpointer data)
{
  make_room (f, "cccccccccccc", "otr", FALSE, NULL);
  ask_without_a_name (f, 0, "cccccccccccc", SILENT);
  expect (f, 0, "{\"type\":\"joined\",*");
  ask_without_a_name (f, 1, "cccccccccccc", SILENT ",\"name\":\"Ann\"");
  expect_refused (f, 1, "bad-message");
  ask_without_a_name (f, 2, "cccccccccccc", SILENT VISITOR);
  expect_refused (f, 2, "bad-message");
  ask_without_a_name (f, 3, "cccccccccccc", ",\"mic\":true,\"camera\":false");
  expect_refused (f, 3, "bad-message");
}

static void
test_needs_a_name (Fixture *f, gconstpointer data)
{
  ask_without_a_name (f, 0, CV_TEST_ROOM, SILENT);
  expect_refused (f, 0, "bad-message");
}

static void
test_nameless_knock (Fixture *f, gconstpointer data)
{
  make_room (f, LOBBY_ROOM, "otr", TRUE, NULL);
  ask_without_a_name (f, 0, LOBBY_ROOM, SILENT);
  expect (f, 0, "{\"type\":\"waiting\",*\"hosts\":false}");
}

/* `last`: one letter, by which hosts' browsers tell them apart here. */
static void
introduce (Fixture *f, guint i, char last)
{
  g_autofree char *letters = g_strnfill (378, 'A');
  g_autofree char *text = g_strdup_printf ("{\"type\":\"introduce\",\"sealed\":\"%s%c\"}", letters, last);
  say (f, i, text);
}

#define SEALED(last) "{\"knock\":\"q*\",\"name\":\"\",\"sealed\":\"AAA*" last "\",\"since\":*,\"mark\":\"\"}"
#define UNSEALED "{\"knock\":\"q*\",\"name\":\"\",\"since\":*,\"mark\":\"\"}"
#define KNOCKS(list) "{\"type\":\"knocks\",\"knocks\":[" list "]}"

/* Off the record hosts are given what only their browsers can read. */
static void
test_introduced (Fixture *f, gconstpointer data)
{
  make_room (f, LOBBY_ROOM, "otr", TRUE, NULL);
  ask_without_a_name (f, 0, LOBBY_ROOM, SILENT);
  expect (f, 0, "{\"type\":\"waiting\",*");
  introduce (f, 0, 'E');
  expect_nothing (f, 0);
  g_autofree char *as_host = g_strdup_printf (SILENT ",\"host_key\":\"%s\"", f->host_key);
  ask_without_a_name (f, 1, LOBBY_ROOM, as_host);
  expect (f, 1, "{\"type\":\"joined\",*");
  expect (f, 1, KNOCKS (SEALED ("E")));
  ask_without_a_name (f, 2, LOBBY_ROOM, SILENT);
  expect (f, 1, KNOCKS (SEALED ("E") "," UNSEALED));
  introduce (f, 2, 'I');
  expect (f, 1, KNOCKS (SEALED ("E") "," SEALED ("I")));
  expect (f, 2, "{\"type\":\"waiting\",*");
  introduce (f, 1, 'M'); /* it comes late: they are in */
  expect_nothing (f, 1);
  introduce (f, 2, 'M'); /* once only */
  expect_refused (f, 2, "bad-message");
  expect (f, 1, KNOCKS (SEALED ("E")));
}

/* Elsewhere the server knows their name already; and who does not wait has nobody to say it to. */
static void
test_introduced_elsewhere (Fixture *f, gconstpointer data)
{
  make_room (f, LOBBY_ROOM, "boardroom", TRUE, NULL);
  ask (f, 0, LOBBY_ROOM, "");
  expect (f, 0, "{\"type\":\"waiting\",*");
  introduce (f, 0, 'A');
  expect_refused (f, 0, "bad-message");
  introduce (f, 1, 'A');
  expect_refused (f, 1, "bad-message");
  join (f, 2, "");
  introduce (f, 2, 'A');
  expect_refused (f, 2, "not-allowed");
}

static void
test_lobby_of_the_meeting (Fixture *f, gconstpointer data)
{
  join (f, 0, "");
  cv_meeting_set_floor (get_meeting (f, CV_TEST_ROOM), TRUE, FALSE);
  ask (f, 1, CV_TEST_ROOM, "");
  expect (f, 1, "{\"type\":\"waiting\",*");
  join_as_host (f, 2);
}

static void
test_locked (Fixture *f, gconstpointer data)
{
  join (f, 0, "");
  cv_meeting_set_floor (get_meeting (f, CV_TEST_ROOM), TRUE, TRUE);
  ask (f, 1, CV_TEST_ROOM, "");
  expect_refused (f, 1, "locked");
  join_as_host (f, 2);
  g_autofree char *back = g_strdup_printf (",\"replaces\":\"%s\"", f->people[0].token);
  join (f, 3, back);
}

static void
test_removed (Fixture *f, gconstpointer data)
{
  join (f, 0, "");
  cv_bans_add (cv_meeting_get_bans (get_meeting (f, CV_TEST_ROOM)),
               &(CvIdentity){ .visitor = (char *) "000102030405060708090a0b0c0d0e0f" });
  ask (f, 1, CV_TEST_ROOM, VISITOR);
  expect_refused (f, 1, "removed");
  join (f, 2, "");
}

/* The address alone makes nobody guilty, but suspicious. */
static void
test_removed_from_here (Fixture *f, gconstpointer data)
{
  join (f, 0, "");
  cv_bans_add (cv_meeting_get_bans (get_meeting (f, CV_TEST_ROOM)),
               &(CvIdentity){ .address = (char *) "2001:0db8:0000:0001::/64" });
  f->addresses[1] = "2001:db8:0:1::7";
  f->addresses[2] = "2001:db8:0:2::7";
  cv_test_attendees_arrive (f, 1);
  cv_test_attendees_arrive (f, 2);
  ask (f, 1, CV_TEST_ROOM, "");
  expect (f, 1, "{\"type\":\"waiting\",*");
  join (f, 2, "");
  join_as_host (f, 3);
  expect (f, 3, "{\"type\":\"knocks\",*\"mark\":\"removed\"}]}");
}

/* The owner's account is enough where the server may know who that is. */
static void
test_owner (Fixture *f, gconstpointer data)
{
  make_room (f, LOBBY_ROOM, "boardroom", TRUE, "uabcdefghijkm");
  make_room (f, "cccccccccccc", "standard", FALSE, "uabcdefghijkm");
  for (guint i = 0; i < 3; i++) {
    f->accounts[i] = i == 1 ? "ummmmmmmmmmmm" : "uabcdefghijkm";
    cv_test_attendees_arrive (f, i);
  }
  ask (f, 0, LOBBY_ROOM, "");
  expect (f, 0, "{\"type\":\"joined\",*\"role\":\"host\",*");
  ask (f, 1, LOBBY_ROOM, "");
  expect (f, 1, "{\"type\":\"waiting\",*");
  ask (f, 2, "cccccccccccc", "");
  expect (f, 2, "{\"type\":\"joined\",*\"role\":\"person\",*");
}

static void
test_owner_is_known (Fixture *f, gconstpointer data)
{
  f->accounts[0] = "uabcdefghijkm";
  cv_test_attendees_arrive (f, 0);
  join (f, 0, VISITOR);
  const CvIdentity *identity = &get_person (f, 0)->identity;
  g_assert_cmpstr (identity->account, ==, "uabcdefghijkm");
  g_assert_cmpstr (identity->visitor, ==, "000102030405060708090a0b0c0d0e0f");
  g_assert_cmpstr (identity->address, ==, "192.0.2.1");
  g_assert_null (identity->subject);
}

/* A reload keeps what others have made of one, in both directions. */
static void
test_role_comes_back (Fixture *f, gconstpointer data)
{
  join_as_host (f, 0);
  join (f, 1, "");
  CvMeeting *meeting = get_meeting (f, CV_TEST_ROOM);
  cv_meeting_set_role (meeting, get_person (f, 1), CV_ROLE_HOST);
  cv_meeting_set_role (meeting, get_person (f, 0), CV_ROLE_COHOST);
  for (guint i = 0; i < 2; i++) {
    g_autofree char *again = g_strdup_printf (",\"replaces\":\"%s\"", f->people[1].token);
    cv_test_attendees_arrive (f, 1);
    join (f, 1, again);
    g_assert_cmpint (get_person (f, 1)->role, ==, CV_ROLE_HOST);
  }
  g_autofree char *with_key =
    g_strdup_printf (",\"replaces\":\"%s\",\"host_key\":\"%s\"", f->people[0].token, f->host_key);
  cv_test_attendees_arrive (f, 0);
  join (f, 0, with_key);
  g_assert_cmpint (get_person (f, 0)->role, ==, CV_ROLE_COHOST);
  /* who brings the key along for the first time is host; without it, the seat it gave is lost */
  g_autofree char *new_key =
    g_strdup_printf (",\"replaces\":\"%s\",\"host_key\":\"%s\"", f->people[1].token, f->host_key);
  cv_meeting_set_role (meeting, get_person (f, 1), CV_ROLE_PERSON);
  cv_test_attendees_arrive (f, 1);
  join (f, 1, new_key);
  g_assert_cmpint (get_person (f, 1)->role, ==, CV_ROLE_HOST);
  g_autofree char *without_key = g_strdup_printf (",\"replaces\":\"%s\"", f->people[1].token);
  cv_test_attendees_arrive (f, 1);
  join (f, 1, without_key);
  g_assert_cmpint (get_person (f, 1)->role, ==, CV_ROLE_PERSON);
}

/* Who waits has nothing to say but that they are there. */
static void
test_words_at_the_door (Fixture *f, gconstpointer data)
{
  make_room (f, LOBBY_ROOM, "boardroom", TRUE, NULL);
  ask (f, 0, LOBBY_ROOM, "");
  expect (f, 0, "{\"type\":\"waiting\",*");
  say (f, 0, "{\"type\":\"pong\"}");
  expect_nothing (f, 0);
  g_assert_cmpuint (cv_knocks_count (f->knocks, LOBBY_ROOM), ==, 1);
  say (f, 0, "{\"type\":\"turn\",\"id\":1}");
  expect_refused (f, 0, "bad-message");
  g_assert_cmpuint (cv_knocks_count (f->knocks, LOBBY_ROOM), ==, 0);
  g_assert_cmpuint (cv_sessions_count (f->sessions), ==, 0);
}

static void
test_gone_from_the_door (Fixture *f, gconstpointer data)
{
  make_room (f, LOBBY_ROOM, "boardroom", TRUE, NULL);
  ask (f, 0, LOBBY_ROOM, "");
  expect (f, 0, "{\"type\":\"waiting\",*");
  cv_test_attendees_go (f, 0);
  g_assert_cmpuint (cv_knocks_count (f->knocks, LOBBY_ROOM), ==, 0);
}

static void
test_too_many_at_the_door (Fixture *f, gconstpointer data)
{
  make_room (f, LOBBY_ROOM, "boardroom", TRUE, NULL);
  CvKnock *others[CV_KNOCKS_MAX];
  for (guint i = 0; i < CV_KNOCKS_MAX; i++)
    others[i] = cv_knocks_add (f->knocks, LOBBY_ROOM, "Other", FALSE, FALSE, NULL);
  ask (f, 0, LOBBY_ROOM, "");
  expect_refused (f, 0, "room-full");
  for (guint i = 0; i < CV_KNOCKS_MAX; i++)
    cv_knocks_end (f->knocks, others[i]);
}

/* ---- tickets ---- */

/* `role`: a choice of cv_ticket_roles. Returns: (transfer full) a `join` with a new one, and `more`. */
static char *
join_by (Fixture *f, const char *ticket_room, guint role, const char *room, const char *more)
{
  gint64 now = cv_clock_wall (f->rooms.clock) / 1000;
  g_autofree char *ticket = cv_tickets_issue (f->tickets, ticket_room, role, "Zoë", "user 17", now, now + 60);
  return g_strdup_printf ("{\"type\":\"join\",\"room\":\"%s\",\"ticket\":\"%s\",\"mic\":true,\"camera\":true%s}", room,
                          ticket, more);
}

/* In a Classroom each role comes as what it is, by the name that the ticket says, without a link. */
static void
test_ticket_roles (Fixture *f, gconstpointer data)
{
  static const char *const roles[] = { "viewer", "person", "cohost", "host" };
  make_room (f, "cccccccccccc", "classroom", FALSE, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++) {
    g_autofree char *text = join_by (f, "cccccccccccc", i, "cccccccccccc", i == 1 ? ",\"name\":\"Nobody\"" : "");
    g_autofree char *pattern = g_strdup_printf ("{\"type\":\"joined\",*\"role\":\"%s\",*", roles[i]);
    say (f, 0, text);
    expect (f, 0, pattern);
    CvParticipant *person = g_ptr_array_index (cv_meeting_get_participants (get_meeting (f, "cccccccccccc")), 0);
    g_assert_cmpstr (person->name, ==, "Zoë");
    g_assert_cmpstr (person->identity.subject, ==, "user 17");
    say (f, 0, "{\"type\":\"leave\",\"id\":1}");
    cv_test_wait_until (cv_meeting_get_size (get_meeting (f, "cccccccccccc")) == 0);
    cv_test_attendees_arrive (f, 0);
  }
}

static void
test_ticket_once (Fixture *f, gconstpointer data)
{
  make_room (f, "cccccccccccc", "classroom", FALSE, NULL);
  g_autofree char *text = join_by (f, "cccccccccccc", 1, "cccccccccccc", "");
  say (f, 0, text);
  expect (f, 0, "{\"type\":\"joined\",*");
  say (f, 1, text);
  expect_refused (f, 1, "bad-ticket");
  cv_clock_advance (f->rooms.clock, 9000);
  say (f, 2, text);
  expect_refused (f, 2, "bad-ticket");
}

static void
test_bad_tickets (Fixture *f, gconstpointer data)
{
  g_autofree char *other_room = join_by (f, "bbbbbbbbbbbb", 3, CV_TEST_ROOM, "");
  g_autofree char *no_key = join_by (f, CV_TEST_ROOM, 3, CV_TEST_ROOM, "");
  g_autofree char *key = g_strdup_printf (",\"key\":\"%s\"", f->join_key);
  g_autofree char *good = join_by (f, CV_TEST_ROOM, 1, CV_TEST_ROOM, key);
  g_autofree char *unknown = join_by (f, "mmmmmmmmmmmm", 1, "mmmmmmmmmmmm", "");
  g_autofree char *watches = join_by (f, CV_TEST_ROOM, 0, CV_TEST_ROOM, key);
  say (f, 0, other_room);
  expect_refused (f, 0, "bad-ticket");
  /* media from browser to browser are sealed with what only the link has */
  say (f, 1, no_key);
  expect_refused (f, 1, "wrong-key");
  say (f, 2, watches);
  expect_refused (f, 2, "bad-ticket");
  cv_test_attendees_arrive (f, 0);
  say (f, 0, unknown);
  expect_refused (f, 0, "unknown-room");
  cv_test_attendees_arrive (f, 1);
  say (f, 1, good);
  expect (f, 1, "{\"type\":\"joined\",*\"role\":\"person\",*");
}

/* Nobody says how to call them. */
static void
test_ticket_without_name (Fixture *f, gconstpointer data)
{
  gint64 now = cv_clock_wall (f->rooms.clock) / 1000;
  make_room (f, "cccccccccccc", "classroom", FALSE, NULL);
  g_autofree char *ticket = cv_tickets_issue (f->tickets, "cccccccccccc", 1, NULL, NULL, now, now + 60);
  g_autofree char *text = g_strdup_printf (
    "{\"type\":\"join\",\"room\":\"cccccccccccc\",\"ticket\":\"%s\",\"mic\":true,\"camera\":true}", ticket);
  g_autofree char *named = g_strdup_printf (
    "{\"type\":\"join\",\"room\":\"cccccccccccc\",\"ticket\":\"%s\",\"mic\":true,\"camera\":true,\"name\":\"Bob\"}",
    ticket);
  say (f, 0, text);
  expect_refused (f, 0, "bad-ticket");
  say (f, 1, named);
  expect (f, 1, "{\"type\":\"joined\",*");
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/arrival/lobby-of-the-room", test_lobby_of_the_room);
  ADD ("/arrival/nameless", test_nameless);
  ADD ("/arrival/nameless-knock", test_nameless_knock);
  ADD ("/arrival/introduced", test_introduced);
  ADD ("/arrival/introduced-elsewhere", test_introduced_elsewhere);
  ADD ("/arrival/needs-a-name", test_needs_a_name);
  ADD ("/arrival/lobby-of-the-meeting", test_lobby_of_the_meeting);
  ADD ("/arrival/locked", test_locked);
  ADD ("/arrival/removed", test_removed);
  ADD ("/arrival/removed-from-here", test_removed_from_here);
  ADD ("/arrival/owner", test_owner);
  ADD ("/arrival/owner-is-known", test_owner_is_known);
  ADD ("/arrival/role-comes-back", test_role_comes_back);
  ADD ("/arrival/words-at-the-door", test_words_at_the_door);
  ADD ("/arrival/gone-from-the-door", test_gone_from_the_door);
  ADD ("/arrival/too-many-at-the-door", test_too_many_at_the_door);
  ADD ("/arrival/ticket-roles", test_ticket_roles);
  ADD ("/arrival/ticket-once", test_ticket_once);
  ADD ("/arrival/bad-tickets", test_bad_tickets);
  ADD ("/arrival/ticket-without-name", test_ticket_without_name);
  return g_test_run ();
}
