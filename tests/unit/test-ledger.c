/* What a meeting leaves behind is written within a moment, and all of it before the meeting's end is. */
#include "room/ledger.h"

#include "lib/rooms.h"

typedef struct {
  CvTestRooms rooms;
  CvRoom *room;
  CvMeeting *meeting;
  CvParticipant *ann;
} Fixture;

static void
set_up (Fixture *f, gconstpointer kind)
{
  cv_test_rooms_init (&f->rooms, NULL);
  g_assert_true (cv_test_rooms_create (&f->rooms, CV_TEST_ROOM, kind, NULL));
  f->room = cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
  f->ann = cv_test_rooms_enter (&f->rooms, f->room, "Ann");
  f->meeting = cv_room_get_meeting (f->room);
}

static void
tear_down (Fixture *f, gconstpointer kind)
{
  g_object_unref (f->room);
  cv_test_rooms_clear (&f->rooms);
}

static void
say (Fixture *f, const char *id, const char *text)
{
  CvOperation *operation = cv_operation_new (id, CV_MODEL_MESSAGE, 1, CV_SHARING_SERVER);
  cv_operation_set_text (operation, "text", text);
  g_assert_true (cv_sharing_put (cv_meeting_get_sharing (f->meeting), operation, NULL));
}

static void
assert_answer (Fixture *f, const char *sql, const char *expected)
{
  g_autofree char *answer = cv_test_store_ask (f->rooms.store, sql);
  g_assert_cmpstr (answer, ==, expected);
}

#define MESSAGES "SELECT json_extract (state, '$.text[0]') FROM content WHERE type = 'message' ORDER BY id"
#define PEOPLE "SELECT name || role || device || (\"left\" - joined) FROM attendance ORDER BY joined, name"

static void
test_soon (Fixture *f, gconstpointer data)
{
  say (f, "m1", "one");
  assert_answer (f, MESSAGES, "");
  cv_clock_advance (f->rooms.clock, 500);
  assert_answer (f, MESSAGES, "one ");
  assert_answer (f, PEOPLE, "Annpersonbrowser0 ");
  assert_answer (f, "SELECT json_extract (state, '$.summary[0]') FROM content WHERE type = 'settings'", "people ");
  say (f, "m1", "two");
  say (f, "m2", "three");
  cv_clock_advance (f->rooms.clock, 500);
  assert_answer (f, MESSAGES, "two three ");
}

static void
test_end (Fixture *f, gconstpointer data)
{
  cv_clock_advance (f->rooms.clock, 2000);
  say (f, "m1", "the last word");
  cv_meeting_end (f->meeting, CV_ENDING_HOST);
  assert_answer (f, MESSAGES, "the last word ");
  assert_answer (f, PEOPLE, "Annpersonbrowser2000 ");
}

static void
test_people (Fixture *f, gconstpointer data)
{
  CvParticipant *bob = cv_test_rooms_enter (&f->rooms, f->room, "Bob");
  cv_clock_advance (f->rooms.clock, 1000);
  cv_meeting_rename (f->meeting, bob, "Robert");
  cv_meeting_set_role (f->meeting, bob, CV_ROLE_COHOST);
  cv_clock_advance (f->rooms.clock, 1000);
  assert_answer (f, PEOPLE, "Annpersonbrowser0 Robertcohostbrowser1000 ");
  cv_meeting_remove (f->meeting, bob, CV_LEAVING_LEFT);
  cv_clock_advance (f->rooms.clock, 60000);
  cv_clock_advance (f->rooms.clock, 500);
  /* who is still there was seen meanwhile */
  assert_answer (f, PEOPLE, "Annpersonbrowser60000 Robertcohostbrowser2000 ");
}

/* The daemon stops, and the meeting with it. */
static void
test_flush (Fixture *f, gconstpointer data)
{
  say (f, "m1", "one");
  cv_clock_advance (f->rooms.clock, 100);
  cv_ledger_flush (f->meeting);
  assert_answer (f, MESSAGES, "one ");
  assert_answer (f, PEOPLE, "Annpersonbrowser100 ");
}

static void
test_off_the_record (Fixture *f, gconstpointer data)
{
  say (f, "m1", "one");
  cv_clock_advance (f->rooms.clock, 1000);
  cv_ledger_flush (f->meeting);
  cv_meeting_end (f->meeting, CV_ENDING_HOST);
  assert_answer (f, MESSAGES, "");
  assert_answer (f, "SELECT count (*) FROM content", "0 ");
  assert_answer (f, "SELECT count (*) FROM attendance", "0 ");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, kind, func) g_test_add (path, Fixture, kind, set_up, func, tear_down)
  ADD ("/ledger/soon", "standard", test_soon);
  ADD ("/ledger/end", "standard", test_end);
  ADD ("/ledger/people", "standard", test_people);
  ADD ("/ledger/flush", "standard", test_flush);
  ADD ("/ledger/off-the-record", "otr", test_off_the_record);
  return g_test_run ();
}
