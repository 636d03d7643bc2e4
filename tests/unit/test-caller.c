/* One call by itself: who it is, and what is known of it. What it goes through stands in test-callers.c. */
#include "room/caller.h"

#include "lib/recordings.h"
#include "lib/rooms.h"
#include "lib/telephony.h"
#include "lib/wait.h"

static void
test_identity (void)
{
  CvTestRooms rooms;
  cv_test_rooms_init (&rooms, NULL);
  g_autoptr (CvTestTelephony) telephony = cv_test_telephony_new ();
  CvSwitchroom switchroom = { .store = rooms.store, .clock = rooms.clock, .telephony = CV_TELEPHONY (telephony) };
  const CvSipNews known = { .call = "caaaaaaaaaaaa", .from = "…123", .source = "0123456789abcdef", .trunk = "t" };
  const CvSipNews withheld = { .call = "cbbbbbbbbbbbb", .from = "", .source = "0123456789abcdef", .trunk = "t" };
  CvCaller *a = cv_caller_new (&switchroom, &known), *b = cv_caller_new (&switchroom, &withheld);
  g_autoptr (CvMeeting) meeting = cv_meeting_new (&cv_policy_boardroom, rooms.clock, 1);
  gboolean marked;

  g_assert_true (cv_caller_has_number (a));
  g_assert_false (cv_caller_has_number (b));
  g_assert_false (cv_caller_is_removed (a, meeting, &marked) || marked);
  cv_bans_add (cv_meeting_get_bans (meeting), &(CvIdentity){ .subject = (char *) "phone:0123456789abcdef" });
  g_assert_true (cv_caller_is_removed (a, meeting, &marked));
  g_assert_false (cv_caller_is_removed (b, meeting, &marked) || marked);
  cv_bans_add (cv_meeting_get_bans (meeting), &(CvIdentity){ .address = (char *) "phone:0123456789abcdef" });
  g_assert_false (cv_caller_is_removed (b, meeting, &marked));
  g_assert_true (marked);

  cv_caller_store (a);
  cv_caller_hang_up (a, "failed");
  cv_caller_give_seat_up (a, CV_LEAVING_LOST); /* there is none */
  g_assert_cmpint (a->state, ==, CV_CALLER_ENDING);
  g_autofree char *told = cv_test_telephony_take (telephony);
  g_assert_cmpstr (told, ==, "hang-up(aa,failed)");
  g_autofree char *rows = cv_test_recordings_dump (rooms.store, "SELECT caller, trunk, started FROM call");
  g_assert_cmpstr (rows, ==, "…123 t 1700000000000;");
  cv_caller_free (a);
  cv_caller_free (b);
  cv_meeting_end (meeting, CV_ENDING_ADMIN);
  cv_test_settle ();
  g_clear_object (&meeting);
  cv_test_rooms_clear (&rooms);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/caller/identity", test_identity);
  return g_test_run ();
}
