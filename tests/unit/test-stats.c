/* The numbers that are told are those that were. */
#include "media/stats.h"

#include <string.h>
#include <sys/socket.h>

#include "lib/rtc-room.h"
#include "lib/wait.h"

#define ALICE "paaaaaaaaaaaa"
#define BOB "pbbbbbbbbbbbb"
#define LEVEL 20

static void
test_rates (void)
{
  g_autoptr (CvRtcRoom) room = cv_rtc_room_new ();
  g_autoptr (CvRtcClient) alice = cv_rtc_room_add (room, ALICE, 2, 2);
  CvEndpoint *endpoint = cv_rtc_room_get (room, ALICE);
  CvStats stats;
  cv_stats_take (&stats, endpoint, 10 * G_USEC_PER_SEC);
  g_assert_cmpuint (stats.up, ==, 0);
  g_assert_cmpuint (stats.down, ==, 0);
  g_assert_cmpint (stats.rtt, ==, -1);
  g_assert_cmpuint (stats.estimate, >, 0);
  g_assert_cmpuint (stats.width, ==, 0);
  endpoint->received_bytes += 250000;
  endpoint->sent_bytes += 1000000;
  endpoint->rtt = 25900;
  endpoint->sources[CV_SOURCE_CAMERA]->tracks[1].fraction_lost = 64;
  endpoint->sources[CV_SOURCE_CAMERA]->tracks[1].at = 11 * G_USEC_PER_SEC + G_USEC_PER_SEC / 2;
  endpoint->sources[CV_SOURCE_CAMERA]->tracks[1].width = 640;
  endpoint->sources[CV_SOURCE_CAMERA]->tracks[2].fraction_lost = 255; /* long ago */
  endpoint->sources[CV_SOURCE_CAMERA]->tracks[2].width = 1280;
  cv_stats_take (&stats, endpoint, 12 * G_USEC_PER_SEC);
  g_assert_cmpuint (stats.up, ==, 1000000);
  g_assert_cmpuint (stats.down, ==, 4000000);
  g_assert_cmpint (stats.rtt, ==, 25);
  g_assert_cmpfloat (stats.up_loss, ==, 0.25);
  g_assert_cmpuint (stats.width, ==, 640);
  cv_stats_take (&stats, endpoint, 14 * G_USEC_PER_SEC);
  g_assert_cmpuint (stats.up + stats.down, ==, 0);
  cv_stats_take (&stats, endpoint, 14 * G_USEC_PER_SEC); /* no time at all */
  g_assert_cmpuint (stats.up + stats.down, ==, 0);
}

static void
test_slots (void)
{
  g_autoptr (CvRtcRoom) room = cv_rtc_room_new ();
  g_autoptr (CvRtcClient) alice = cv_rtc_room_add (room, ALICE, 2, 2);
  g_autoptr (CvRtcClient) bob = cv_rtc_room_add (room, BOB, 2, 2);
  CvRtcTrack sound;
  CvStats stats;
  cv_rtc_track_init (&sound, alice, "0", NULL, 7);
  cv_test_wait_until (*cv_rtc_room_get_news (room, "slots " BOB) != '\0');
  cv_rtc_track_sound (&sound, LEVEL);
  cv_test_wait_until (cv_rtc_track_count (&sound, bob, 1000) == 1);
  cv_stats_take (&stats, cv_rtc_room_get (room, BOB), g_get_monotonic_time ());
  g_assert_cmpuint (stats.slots, ==, 1);
  cv_stats_take (&stats, cv_rtc_room_get (room, ALICE), g_get_monotonic_time ());
  g_assert_cmpuint (stats.slots, ==, 0);
  cv_rtc_track_clear (&sound);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stats/rates", test_rates);
  g_test_add_func ("/stats/slots", test_slots);
  return g_test_run ();
}
