/* What becomes of those who wait, and what hosts are told of them. */
#include "signalling/doorstep.h"

#include "lib/attendees.h"
#include "lib/log.h"
#include "lib/wait.h"

typedef CvTestAttendees Fixture;

#define expect cv_test_attendees_expect
#define expect_nothing cv_test_attendees_expect_nothing
#define expect_refused cv_test_attendees_expect_refused
#define ROOM "bbbbbbbbbbbb"

static void
ask (Fixture *f, guint i, const char *more)
{
  cv_test_attendees_ask_to_join (f, i, ROOM, f->join_key, more);
}

static void
knock (Fixture *f, guint i)
{
  ask (f, i, "");
  expect (f, i, "{\"type\":\"waiting\",*");
}

static void
join_as_host (Fixture *f, guint i)
{
  g_autofree char *more = g_strdup_printf (",\"host_key\":\"%s\"", f->host_key);
  ask (f, i, more);
  cv_test_attendees_expect_joined (f, i);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  static const char *const kinds[] = { "boardroom", NULL };
  cv_test_attendees_init (f, kinds);
  g_autoptr (CvRoomRow) row = cv_test_room_row (ROOM, "boardroom");
  row->lobby = TRUE;
  g_assert_true (cv_test_rooms_create_row (&f->rooms, row, NULL));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_test_attendees_clear (f);
}

static CvMeeting *
get_meeting (Fixture *f)
{
  return cv_room_get_meeting (cv_registry_peek (f->rooms.registry, ROOM));
}

/* Of who has waited for so long. */
static char *
get_knock (Fixture *f, guint n)
{
  g_autoptr (GPtrArray) list = cv_knocks_list (f->knocks, ROOM);
  return g_strdup (((CvKnock *) list->pdata[n])->id);
}

static void
test_admit (Fixture *f, gconstpointer data)
{
  join_as_host (f, 0);
  for (guint i = 1; i < 4; i++) {
    knock (f, i);
    expect (f, 0, "{\"type\":\"knocks\",*");
  }
  g_autofree char *second = get_knock (f, 1);
  g_assert_false (cv_doorstep_admit (&f->dispatch, ROOM, "qmmmmmmmmmmmm"));
  g_assert_true (cv_doorstep_admit (&f->dispatch, ROOM, second));
  cv_test_attendees_expect_joined (f, 2);
  expect (f, 0, "{\"type\":\"knocks\",\"knocks\":[{*\"name\":\"Person 1\",*},{*\"name\":\"Person 3\",*}]}");
  expect (f, 0, "{\"type\":\"person-joined\",*\"name\":\"Person 2\",*");
  expect_nothing (f, 1);
  g_assert_true (cv_doorstep_admit (&f->dispatch, ROOM, NULL));
  cv_test_attendees_expect_joined (f, 1);
  cv_test_attendees_expect_joined (f, 3);
  g_assert_cmpuint (cv_meeting_get_size (get_meeting (f)), ==, 4);
  g_assert_false (cv_doorstep_admit (&f->dispatch, ROOM, second));
}

static void
test_deny (Fixture *f, gconstpointer data)
{
  join_as_host (f, 0);
  knock (f, 1);
  expect (f, 0, "{\"type\":\"knocks\",*");
  g_autofree char *id = get_knock (f, 0);
  g_assert_false (cv_doorstep_deny (&f->dispatch, CV_TEST_ROOM, id));
  g_assert_true (cv_doorstep_deny (&f->dispatch, ROOM, id));
  expect_refused (f, 1, "denied");
  expect (f, 0, "{\"type\":\"knocks\",\"knocks\":[]}");
  g_assert_false (cv_doorstep_deny (&f->dispatch, ROOM, id));
}

/* Whether there is somebody to let one in: told again each time it changes, and only then. */
static void
test_hosts (Fixture *f, gconstpointer data)
{
  knock (f, 0);
  join_as_host (f, 1);
  expect (f, 0, "{\"type\":\"waiting\",*\"hosts\":true}");
  expect (f, 1, "{\"type\":\"knocks\",*");
  join_as_host (f, 2);
  expect (f, 1, "{\"type\":\"person-joined\",*");
  expect_nothing (f, 0);
  CvMeeting *meeting = get_meeting (f);
  cv_meeting_set_role (meeting, cv_meeting_find (meeting, f->people[1].id), CV_ROLE_PERSON);
  expect_nothing (f, 0);
  cv_meeting_set_role (meeting, cv_meeting_find (meeting, f->people[2].id), CV_ROLE_PERSON);
  expect (f, 0, "{\"type\":\"waiting\",*\"hosts\":false}");
  g_assert_false (cv_doorstep_has_hosts (meeting));
}

/* A new cohost is told who waits; who no longer is one hears no more of it, on no socket. */
static void
test_roles (Fixture *f, gconstpointer data)
{
  join_as_host (f, 0);
  knock (f, 1);
  expect (f, 0, "{\"type\":\"knocks\",*");
  g_assert_true (cv_doorstep_admit (&f->dispatch, ROOM, NULL));
  cv_test_attendees_expect_joined (f, 1);
  knock (f, 2);
  expect_nothing (f, 1);
  CvMeeting *meeting = get_meeting (f);
  CvParticipant *bob = cv_meeting_find (meeting, f->people[1].id);
  cv_meeting_set_role (meeting, bob, CV_ROLE_COHOST);
  expect (f, 1, "{\"type\":\"role\",\"role\":\"cohost\",*");
  expect (f, 1, "{\"type\":\"knocks\",*\"name\":\"Person 2\",*");
  cv_meeting_set_role (meeting, bob, CV_ROLE_PERSON);
  expect (f, 1, "{\"type\":\"role\",\"role\":\"person\",*");
  cv_test_attendees_resume (f, 1, f->people[1].token, 2, "{\"type\":\"resumed\",*");
  expect_nothing (f, 1);
}

/* What a host is shown survives their socket. */
static void
test_host_resumes (Fixture *f, gconstpointer data)
{
  join_as_host (f, 0);
  knock (f, 1);
  expect (f, 0, "{\"type\":\"knocks\",*");
  cv_test_attendees_resume (f, 0, f->people[0].token, 0, "{\"type\":\"resumed\",*");
  expect (f, 0, "{\"type\":\"knocks\",*\"name\":\"Person 1\",*");
  expect_nothing (f, 1); /* there is a host all the time */
}

static void
test_reconsider (Fixture *f, gconstpointer data)
{
  join_as_host (f, 0);
  knock (f, 1);
  knock (f, 2);
  cv_doorstep_reconsider (&f->dispatch, ROOM);
  expect_nothing (f, 1);
  cv_meeting_set_floor (get_meeting (f), FALSE, FALSE);
  cv_doorstep_reconsider (&f->dispatch, ROOM);
  cv_test_attendees_expect_joined (f, 1);
  cv_test_attendees_expect_joined (f, 2);
  cv_meeting_set_floor (get_meeting (f), TRUE, FALSE);
  knock (f, 3);
  cv_meeting_set_floor (get_meeting (f), TRUE, TRUE);
  cv_doorstep_reconsider (&f->dispatch, ROOM);
  expect_refused (f, 3, "locked");
}

/* The meeting goes, the knock stays, for the next one. */
static void
test_meeting_ends (Fixture *f, gconstpointer data)
{
  join_as_host (f, 0);
  knock (f, 1);
  expect (f, 0, "{\"type\":\"knocks\",*");
  cv_meeting_end (get_meeting (f), CV_ENDING_HOST);
  expect (f, 1, "{\"type\":\"waiting\",*\"hosts\":false}");
  join_as_host (f, 2);
  expect (f, 2, "{\"type\":\"knocks\",*\"name\":\"Person 1\",*");
  expect (f, 1, "{\"type\":\"waiting\",*\"hosts\":true}");
  g_ptr_array_set_size (f->people[0].peer.texts, 0);
}

/* A meeting whose host had switched the lobby on; the next one has none. */
static void
test_next_meeting_is_open (Fixture *f, gconstpointer data)
{
  cv_test_attendees_join_as_host (f, 0);
  CvMeeting *meeting = cv_room_get_meeting (cv_registry_peek (f->rooms.registry, CV_TEST_ROOM));
  cv_meeting_set_floor (meeting, TRUE, FALSE);
  for (guint i = 1; i < 3; i++) {
    cv_test_attendees_ask_to_join (f, i, CV_TEST_ROOM, f->join_key, "");
    expect (f, i, "{\"type\":\"waiting\",*\"hosts\":true}");
  }
  cv_meeting_end (meeting, CV_ENDING_HOST);
  for (guint i = 1; i < 3; i++)
    expect (f, i, "{\"type\":\"waiting\",*\"hosts\":false}");
  cv_test_attendees_join (f, 3, "");
  cv_test_attendees_expect_joined (f, 1);
  cv_test_attendees_expect_joined (f, 2);
  g_ptr_array_set_size (f->people[0].peer.texts, 0);
}

static void
test_full (Fixture *f, gconstpointer data)
{
  join_as_host (f, 0);
  knock (f, 1);
  expect (f, 0, "{\"type\":\"knocks\",*");
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->rooms, ROOM, NULL);
  for (guint i = 1; i < cv_policy_boardroom.max_people; i++)
    cv_test_rooms_enter (&f->rooms, room, "One of many");
  cv_doorstep_admit (&f->dispatch, ROOM, NULL);
  expect_refused (f, 1, "room-full");
  cv_meeting_end (get_meeting (f), CV_ENDING_HOST);
  g_ptr_array_set_size (f->people[0].peer.texts, 0);
}

static void
test_too_long (Fixture *f, gconstpointer data)
{
  knock (f, 0);
  cv_clock_advance (f->rooms.clock, CV_KNOCK_MAX_MS);
  expect_refused (f, 0, "timeout");
}

static void
test_room_deleted (Fixture *f, gconstpointer data)
{
  knock (f, 0);
  g_assert_true (cv_test_rooms_delete (&f->rooms, ROOM, NULL));
  expect_refused (f, 0, "unknown-room");
}

static void
test_clear (Fixture *f, gconstpointer data)
{
  knock (f, 0);
  cv_doorstep_clear (&f->dispatch);
  g_assert_cmpuint (cv_knocks_count (f->knocks, ROOM), ==, 0);
  g_assert_null (cv_connection_get_arrival (f->people[0].connection));
  expect_nothing (f, 0);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/doorstep/admit", test_admit);
  ADD ("/doorstep/deny", test_deny);
  ADD ("/doorstep/hosts", test_hosts);
  ADD ("/doorstep/roles", test_roles);
  ADD ("/doorstep/host-resumes", test_host_resumes);
  ADD ("/doorstep/reconsider", test_reconsider);
  ADD ("/doorstep/meeting-ends", test_meeting_ends);
  ADD ("/doorstep/next-meeting-is-open", test_next_meeting_is_open);
  ADD ("/doorstep/full", test_full);
  ADD ("/doorstep/too-long", test_too_long);
  ADD ("/doorstep/room-deleted", test_room_deleted);
  ADD ("/doorstep/clear", test_clear);
  return g_test_run ();
}
