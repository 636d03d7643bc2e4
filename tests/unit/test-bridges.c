/* Bridges: one pair of sockets for a meeting, made anew where its media are new, gone with the last caller. */
#include "room/bridges.h"

#include "lib/log.h"
#include "lib/recording.h"
#include "lib/rooms.h"
#include "lib/telephony.h"

typedef struct {
  CvTestRecording recording;
  CvRoom *room;
  CvTestTelephony *telephony;
  CvBridges *bridges;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  cv_test_recording_init (&f->recording, &cv_policy_boardroom, CV_CONSENT_ANNOUNCE);
  f->room = cv_room_new (cv_test_room_row (CV_TEST_ROOM, "boardroom"), &cv_policy_boardroom);
  cv_room_set_meeting (f->room, f->recording.meeting, f->recording.switchboard, f->recording.capture);
  f->telephony = cv_test_telephony_new ();
  f->bridges = cv_bridges_new (CV_TELEPHONY (f->telephony));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_bridges_free (f->bridges);
  cv_room_set_meeting (f->room, NULL, NULL, NULL);
  g_assert_finalize_object (f->room);
  g_assert_finalize_object (f->telephony);
  cv_test_recording_clear (&f->recording);
}

static void
assert_told (Fixture *f, const char *pattern)
{
  g_autofree char *told = cv_test_telephony_take (f->telephony);
  if (!g_pattern_match_simple (pattern, told))
    g_assert_cmpstr (told, ==, pattern);
}

static void
assert_asked (Fixture *f, const char *expected)
{
  g_autofree char *asked = g_strstrip (cv_test_media_take_asked (f->recording.media));
  g_assert_cmpstr (asked, ==, expected);
}

static void
test_life (Fixture *f, gconstpointer data)
{
  CvParticipant *ann = cv_test_recording_add (&f->recording, "Ann", CV_ROLE_PERSON);
  CvParticipant *zoe = cv_test_recording_add (&f->recording, "Zoe", CV_ROLE_PERSON);
  g_free (cv_test_media_take_asked (f->recording.media));
  cv_bridges_add (f->bridges, f->room, ann, 1);
  assert_told (f, "bridge(" CV_TEST_ROOM ",*)");
  assert_asked (f, "phones() phone(An,1,mc-)");
  g_assert_true (cv_switchboard_has_joined (f->recording.switchboard, ann));
  cv_bridges_add (f->bridges, f->room, zoe, 2);
  assert_told (f, "");
  assert_asked (f, "phone(Zo,2,mc-)");
  g_assert_cmpuint (cv_bridges_count (f->bridges, CV_TEST_ROOM), ==, 2);
  cv_bridges_remove (f->bridges, CV_TEST_ROOM, 1);
  cv_bridges_remove (f->bridges, CV_TEST_ROOM, 1);
  assert_told (f, "");
  cv_bridges_remove (f->bridges, CV_TEST_ROOM, 2);
  assert_told (f, "unbridge(" CV_TEST_ROOM ")");
  g_assert_cmpuint (cv_bridges_count (f->bridges, CV_TEST_ROOM), ==, 0);
}

/* The media process is gone, and another one is there: with a new pair, and everybody on it. */
static void
test_media_lost (Fixture *f, gconstpointer data)
{
  CvParticipant *ann = cv_test_recording_add (&f->recording, "Ann", CV_ROLE_PERSON);
  cv_bridges_add (f->bridges, f->room, ann, 1);
  g_free (cv_test_telephony_take (f->telephony));
  g_free (cv_test_media_take_asked (f->recording.media));
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*the media process is gone*");
  cv_test_media_set_ready (f->recording.media, FALSE);
  assert_told (f, "unbridge(" CV_TEST_ROOM ")");
  g_assert_false (cv_switchboard_has_joined (f->recording.switchboard, ann));
  cv_test_media_set_ready (f->recording.media, TRUE);
  assert_told (f, "bridge(" CV_TEST_ROOM ",*)");
  assert_asked (f, "phones() phone(An,1,mc-)");
  cv_bridges_remove (f->bridges, CV_TEST_ROOM, 1);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/bridges/life", test_life);
  ADD ("/bridges/media-lost", test_media_lost);
  return g_test_run ();
}
