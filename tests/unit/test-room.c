/* A room: its row, its meeting, and which keys fit. */
#include "room/room.h"

#include "lib/rooms.h"

static CvRoom *
make_room (void)
{
  return cv_room_new (cv_test_room_row (CV_TEST_ROOM, "standard"), &cv_policy_standard);
}

static void
test_parts (void)
{
  g_autoptr (CvRoom) room = make_room ();
  g_assert_cmpstr (cv_room_get_row (room)->id, ==, CV_TEST_ROOM);
  g_assert_cmpstr (cv_room_get_row (room)->title, ==, "Tea");
  g_assert_true (cv_room_get_policy (room) == &cv_policy_standard);
  g_assert_null (cv_room_get_meeting (room));
}

static void
test_meeting (void)
{
  g_autoptr (CvRoom) room = make_room ();
  g_autoptr (CvClock) clock = cv_clock_new_fake (0);
  CvMeeting *meeting = cv_meeting_new (&cv_policy_standard, clock, 1);
  gpointer watched = meeting;
  g_object_add_weak_pointer (G_OBJECT (meeting), &watched);
  cv_room_set_meeting (room, meeting, NULL, NULL);
  g_object_unref (meeting);
  g_assert_true (cv_room_get_meeting (room) == watched);
  cv_room_set_meeting (room, NULL, NULL, NULL);
  g_assert_null (watched);
  g_assert_null (cv_room_get_meeting (room));
}

static void
test_keys (void)
{
  g_autoptr (CvRoom) room = make_room ();
  g_assert_true (cv_room_fits_join_key (room, cv_test_join_key));
  g_assert_true (cv_room_fits_host_key (room, cv_test_host_key));
  g_assert_false (cv_room_fits_join_key (room, cv_test_host_key));
  g_assert_false (cv_room_fits_host_key (room, cv_test_join_key));
  /* every byte counts; and the verifier is not a key */
  for (guint i = 0; i < CV_KEY_BYTES; i++) {
    guint8 key[CV_KEY_BYTES];
    memcpy (key, cv_test_join_key, sizeof key);
    key[i] ^= 1;
    g_assert_false (cv_room_fits_join_key (room, key));
  }
  g_assert_false (cv_room_fits_join_key (room, cv_room_get_row (room)->join_verifier));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/room/parts", test_parts);
  g_test_add_func ("/room/meeting", test_meeting);
  g_test_add_func ("/room/keys", test_keys);
  return g_test_run ();
}
