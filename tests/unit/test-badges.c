/* Badges: as good as the seat, and no longer. */
#include "signalling/badges.h"

#include "lib/rooms.h"

typedef struct {
  CvClock *clock;
  CvMeeting *meeting;
  CvParticipant *ann;
  CvParticipant *bob;
  CvBadges *badges;
} Fixture;

static CvParticipant *
add (Fixture *f, CvRole role)
{
  CvParticipant *participant = cv_participant_new ("A", role, &(CvSending){ 0 });
  cv_meeting_add (f->meeting, participant);
  return participant;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = cv_clock_new_fake (1000);
  f->meeting = cv_meeting_new (data != NULL ? data : &cv_policy_classroom, f->clock, 1000);
  f->ann = add (f, CV_ROLE_HOST);
  f->bob = add (f, CV_ROLE_VIEWER);
  f->badges = cv_badges_new (10, 20);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_meeting_end (f->meeting, CV_ENDING_HOST);
  g_assert_cmpuint (cv_badges_count (f->badges), ==, 0);
  cv_badges_free (f->badges);
  g_object_unref (f->meeting);
  g_object_unref (f->clock);
}

static CvBadge *
find (Fixture *f, const char *text)
{
  guint8 secret[CV_SECRET_BYTES];
  g_assert_true (cv_base64url_decode (text, secret, sizeof secret));
  return cv_badges_find (f->badges, secret);
}

static void
test_whose (Fixture *f, gconstpointer data)
{
  const char *text = cv_badges_issue (f->badges, CV_TEST_ROOM, f->meeting, f->ann);
  const char *other = cv_badges_issue (f->badges, CV_TEST_ROOM, f->meeting, f->bob);
  g_assert_true (text == cv_badges_issue (f->badges, CV_TEST_ROOM, f->meeting, f->ann));
  g_assert_cmpstr (text, !=, other);
  CvBadge *badge = find (f, text);
  g_assert_true (cv_badge_get_participant (badge) == f->ann);
  g_assert_cmpstr (cv_badge_get_room (badge), ==, CV_TEST_ROOM);
  g_assert_cmpstr (cv_badge_get_meeting (badge), ==, cv_meeting_get_id (f->meeting));
  g_assert_true (cv_badge_may (badge, CV_ACTION_PUBLISH));
  g_assert_false (cv_badge_may (find (f, other), CV_ACTION_PUBLISH));
  guint8 wrong[CV_SECRET_BYTES] = { 1 };
  g_assert_null (cv_badges_find (f->badges, wrong));
}

static void
test_left (Fixture *f, gconstpointer data)
{
  g_autofree char *text = g_strdup (cv_badges_issue (f->badges, CV_TEST_ROOM, f->meeting, f->ann));
  g_autoptr (CvBadge) badge = cv_badge_ref (find (f, text));
  cv_badges_issue (f->badges, CV_TEST_ROOM, f->meeting, f->bob);
  cv_meeting_remove (f->meeting, f->ann, CV_LEAVING_LEFT);
  g_assert_null (find (f, text));
  g_assert_cmpuint (cv_badges_count (f->badges), ==, 1);
  g_assert_null (cv_badge_get_participant (badge));
  g_assert_false (cv_badge_may (badge, CV_ACTION_LEAVE));
}

static void
assert_told (Fixture *f, CvBadges *badges, const char *pattern)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  cv_badges_add (badges, builder, CV_TEST_ROOM, f->meeting, f->ann);
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, FALSE);
  if (!g_pattern_match_simple (pattern, text))
    g_error ("%s", text);
}

static void
test_told (Fixture *f, gconstpointer data)
{
  assert_told (f, f->badges, "{\"documents\":{\"token\":\"*\",\"max_bytes\":10,\"quota\":20}}");
  assert_told (f, NULL, "{\"documents\":null}");
}

static void
test_otr (Fixture *f, gconstpointer data)
{
  assert_told (f, f->badges, "{\"documents\":null}");
  g_assert_cmpuint (cv_badges_count (f->badges), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/badges/whose", Fixture, NULL, set_up, test_whose, tear_down);
  g_test_add ("/badges/left", Fixture, NULL, set_up, test_left, tear_down);
  g_test_add ("/badges/told", Fixture, NULL, set_up, test_told, tear_down);
  g_test_add ("/badges/otr", Fixture, &cv_policy_otr, set_up, test_otr, tear_down);
  return g_test_run ();
}
