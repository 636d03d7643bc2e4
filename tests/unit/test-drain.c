/* Waiting for those who are in meetings: until they have left, or the time is over; nobody else comes in meanwhile. */
#include "daemon/drain.h"

#include "lib/log.h"
#include "lib/rooms.h"
#include "lib/wait.h"

#define SECOND 1000

typedef struct {
  CvTestRooms rooms;
  CvRoom *room;
  CvParticipant *ann;
  guint done;
} Fixture;

static void
on_done (gpointer user_data)
{
  (*(guint *) user_data)++;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  cv_test_rooms_init (&f->rooms, NULL);
  g_assert_true (cv_test_rooms_create (&f->rooms, CV_TEST_ROOM, "standard", NULL));
  f->room = cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
  f->ann = cv_test_rooms_enter (&f->rooms, f->room, "Ann");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  CvMeeting *meeting = cv_room_get_meeting (f->room);
  if (meeting != NULL)
    cv_meeting_end (meeting, CV_ENDING_ADMIN);
  g_clear_object (&f->room);
  cv_test_rooms_clear (&f->rooms);
  cv_test_log_assert_all ();
}

static CvDrain *
drain (Fixture *f, guint seconds)
{
  cv_test_log_expect (G_LOG_LEVEL_MESSAGE, "1 are in meetings, which go on for * s at most; nobody else comes in");
  return cv_drain_new (f->rooms.registry, f->rooms.clock, seconds, on_done, &f->done);
}

static void
test_left (Fixture *f, gconstpointer data)
{
  g_autoptr (CvDrain) self = drain (f, 60);
  g_assert_cmpuint (f->done, ==, 0);
  cv_clock_advance (f->rooms.clock, 30 * SECOND);
  g_assert_cmpuint (f->done, ==, 0);
  /* the empty meeting itself is not waited for */
  cv_meeting_remove (cv_room_get_meeting (f->room), f->ann, CV_LEAVING_LEFT);
  cv_clock_advance (f->rooms.clock, SECOND);
  g_assert_cmpuint (f->done, ==, 1);
  cv_clock_advance (f->rooms.clock, SECOND);
  g_assert_cmpuint (f->done, ==, 1);
}

static void
test_over (Fixture *f, gconstpointer data)
{
  g_autoptr (CvDrain) self = drain (f, 60);
  cv_test_log_expect (G_LOG_LEVEL_MESSAGE, "1 are still in meetings, but the time is over");
  cv_clock_advance (f->rooms.clock, 59 * SECOND);
  g_assert_cmpuint (f->done, ==, 0);
  cv_clock_advance (f->rooms.clock, SECOND);
  g_assert_cmpuint (f->done, ==, 1);
}

/* Only who was in a meeting that goes on comes back. */
static void
test_closed (Fixture *f, gconstpointer data)
{
  const CvSending nothing = { 0 };
  g_autoptr (GError) error = NULL, again = NULL;
  g_assert_false (cv_registry_is_closed (f->rooms.registry));
  g_autoptr (CvDrain) self = drain (f, 60);
  g_assert_true (cv_registry_is_closed (f->rooms.registry));
  g_assert_null (cv_registry_enter (f->rooms.registry, f->room, "Bob", CV_ROLE_HOST, &nothing, &error));
  g_assert_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_null (cv_registry_enter_stream (f->rooms.registry, f->room, "Studio", CV_ROLE_PERSON, &nothing, &error));
  g_assert_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_CLOSED);
  g_clear_error (&error);
  CvParticipant *back = cv_participant_new ("Ann", CV_ROLE_PERSON, &nothing);
  back->formerly = g_ptr_array_new_with_free_func (g_free);
  g_assert_nonnull (cv_registry_seat (f->rooms.registry, f->room, back, &error));
  cv_meeting_end (cv_room_get_meeting (f->room), CV_ENDING_HOST);
  CvParticipant *late = cv_participant_new ("Ann", CV_ROLE_PERSON, &nothing);
  late->formerly = g_ptr_array_new_with_free_func (g_free);
  g_assert_null (cv_registry_seat (f->rooms.registry, f->room, late, &again));
  g_assert_error (again, CV_ROOM_ERROR, CV_ROOM_ERROR_CLOSED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
#define ADD(name, test) g_test_add ("/drain/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("left", test_left);
  ADD ("over", test_over);
  ADD ("closed", test_closed);
  return g_test_run ();
}
