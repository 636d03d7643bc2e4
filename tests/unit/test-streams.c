/* Streams: the seat they take, and every way in which it ends. */
#include "signalling/streams.h"

#include "base/ids.h"
#include "lib/log.h"
#include "lib/media.h"
#include "lib/rooms.h"
#include "lib/wait.h"

#include <string.h>

typedef struct {
  CvTestRooms rooms;
  CvTestMediaPool *pool;
  CvStreams *streams;
  CvRoom *room;
  CvTokenRow publish, watch;
  char *secret; /* of the stream that was opened last */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  cv_test_rooms_init (&f->rooms, NULL);
  f->pool = cv_test_media_pool_new ();
  cv_registry_set_media_pool (f->rooms.registry, CV_MEDIA_POOL (f->pool));
  cv_test_rooms_create (&f->rooms, CV_TEST_ROOM, "classroom", NULL);
  f->room = cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
  f->streams = cv_streams_new (f->rooms.registry, f->rooms.clock);
  f->publish = (CvTokenRow){
    .id = (char *) "taaaaaaaaaaaa", .room = (char *) CV_TEST_ROOM, .publishes = TRUE, .name = (char *) "Camera 1"
  };
  f->watch =
    (CvTokenRow){ .id = (char *) "tbbbbbbbbbbbb", .room = (char *) CV_TEST_ROOM, .name = (char *) "Projector" };
  memset (f->publish.hash, 'a', sizeof f->publish.hash);
  memset (f->watch.hash, 'b', sizeof f->watch.hash);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  CvMeeting *meeting = cv_room_get_meeting (f->room);
  if (meeting != NULL)
    cv_meeting_end (meeting, CV_ENDING_ADMIN);
  g_assert_cmpuint (cv_streams_count (f->streams), ==, 0);
  cv_streams_free (f->streams);
  cv_registry_set_media_pool (f->rooms.registry, NULL);
  g_assert_finalize_object (f->room);
  g_assert_finalize_object (f->pool);
  cv_test_rooms_clear (&f->rooms);
  g_free (f->secret);
}

static CvStream *
open_stream (Fixture *f, const CvTokenRow *token)
{
  g_autoptr (GError) error = NULL;
  g_clear_pointer (&f->secret, g_free);
  CvStream *stream = cv_streams_open (f->streams, f->room, token, &f->secret, &error);
  g_assert_no_error (error);
  return stream;
}

/* What their token says, should they be recorded: nobody else can say it for them. */
static void
test_consents (Fixture *f, gconstpointer data)
{
  g_assert_false (cv_stream_get_participant (open_stream (f, &f->publish))->consents);
  f->publish.consents = TRUE;
  g_assert_true (cv_stream_get_participant (open_stream (f, &f->publish))->consents);
}

static void
say_state (Fixture *f, CvStream *stream, CvMediaState state)
{
  g_signal_emit_by_name (cv_test_media_pool_get_last (f->pool), "state", cv_stream_get_participant (stream)->id, state,
                         "");
}

static void
assert_people (Fixture *f, guint n)
{
  g_assert_cmpuint (cv_registry_count_people (f->rooms.registry), ==, n);
  g_assert_cmpuint (cv_streams_count (f->streams), ==, n);
}

static void
test_open (Fixture *f, gconstpointer data)
{
  CvStream *camera = open_stream (f, &f->publish);
  const CvParticipant *participant = cv_stream_get_participant (camera);
  g_assert_cmpstr (participant->name, ==, "Camera 1");
  g_assert_cmpint (participant->role, ==, CV_ROLE_PERSON);
  g_assert_true (participant->stream);
  g_assert_true (participant->sending.microphone && participant->sending.camera && !participant->sending.screen);
  g_assert_true (cv_stream_get_switchboard (camera) == cv_room_get_switchboard (f->room));
  g_assert_true (cv_stream_fits_token (camera, f->publish.hash));
  g_assert_false (cv_stream_fits_token (camera, f->watch.hash));
  g_assert_cmpstr (cv_stream_get_etag (camera), ==, "");
  cv_stream_set_etag (camera, "\"x\"");
  g_assert_cmpstr (cv_stream_get_etag (camera), ==, "\"x\"");

  g_assert_true (cv_streams_find (f->streams, CV_TEST_ROOM, f->secret) == camera);
  g_assert_null (cv_streams_find (f->streams, "mmmmmmmmmmmm", f->secret));
  g_assert_null (cv_streams_find (f->streams, CV_TEST_ROOM, ""));
  g_assert_null (cv_streams_find (f->streams, CV_TEST_ROOM, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"));

  CvStream *projector = open_stream (f, &f->watch);
  g_assert_cmpint (cv_stream_get_participant (projector)->role, ==, CV_ROLE_VIEWER);
  g_assert_false (cv_stream_get_participant (projector)->sending.camera);
  assert_people (f, 2);
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL, full = NULL;
  g_autofree char *secret = NULL;
  cv_test_rooms_create (&f->rooms, "ssssssssssss", "standard", NULL);
  g_autoptr (CvRoom) standard = cv_test_rooms_load (&f->rooms, "ssssssssssss", NULL);
  g_assert_null (cv_streams_open (f->streams, standard, &f->publish, &secret, &error));
  g_assert_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_NOT_AVAILABLE);
  for (guint i = 0; i < cv_policy_classroom.max_people; i++)
    open_stream (f, &f->watch);
  g_assert_null (cv_streams_open (f->streams, f->room, &f->publish, &secret, &full));
  g_assert_error (full, CV_ROOM_ERROR, CV_ROOM_ERROR_FULL);
  g_assert_null (secret);
}

static void
test_never_connects (Fixture *f, gconstpointer data)
{
  open_stream (f, &f->publish);
  cv_clock_advance (f->rooms.clock, CV_STREAM_PATIENCE_MS - 1);
  assert_people (f, 1);
  cv_clock_advance (f->rooms.clock, 1);
  assert_people (f, 0);
}

static void
test_lost_and_back (Fixture *f, gconstpointer data)
{
  CvStream *stream = open_stream (f, &f->publish);
  CvStream *other = open_stream (f, &f->watch);
  say_state (f, other, CV_MEDIA_CONNECTED);
  say_state (f, stream, CV_MEDIA_CONNECTED);
  cv_clock_advance (f->rooms.clock, 10 * CV_STREAM_PATIENCE_MS);
  assert_people (f, 2);
  say_state (f, stream, CV_MEDIA_LOST);
  cv_clock_advance (f->rooms.clock, CV_STREAM_PATIENCE_MS - 1);
  say_state (f, stream, CV_MEDIA_CONNECTED);
  cv_clock_advance (f->rooms.clock, CV_STREAM_PATIENCE_MS);
  assert_people (f, 2);
  say_state (f, stream, CV_MEDIA_LOST);
  cv_clock_advance (f->rooms.clock, CV_STREAM_PATIENCE_MS - 1);
  say_state (f, stream, CV_MEDIA_FAILED); /* which gives it no more time */
  cv_clock_advance (f->rooms.clock, 1);
  assert_people (f, 1);
}

static void
test_media_gone (Fixture *f, gconstpointer data)
{
  CvStream *stream = open_stream (f, &f->publish);
  cv_test_media_set_ready (cv_test_media_pool_get_last (f->pool), TRUE);
  say_state (f, stream, CV_MEDIA_CONNECTED);
  open_stream (f, &f->watch);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "the media process is gone*");
  cv_test_media_set_ready (cv_test_media_pool_get_last (f->pool), FALSE);
  assert_people (f, 0);
  cv_test_log_assert_all ();
}

static void
test_meeting_over (Fixture *f, gconstpointer data)
{
  open_stream (f, &f->publish);
  open_stream (f, &f->watch);
  cv_meeting_end (cv_room_get_meeting (f->room), CV_ENDING_HOST);
  assert_people (f, 0);
}

static void
test_told_to (Fixture *f, gconstpointer data)
{
  CvStream *stream = open_stream (f, &f->publish);
  open_stream (f, &f->watch);
  open_stream (f, &f->watch);
  cv_streams_end_token (f->streams, "tbbbbbbbbbbbb");
  assert_people (f, 1);
  cv_streams_end_token (f->streams, "tbbbbbbbbbbbb");
  cv_stream_end (stream, CV_LEAVING_LEFT);
  assert_people (f, 0);
  cv_clock_advance (f->rooms.clock, 10 * CV_STREAM_PATIENCE_MS);
}

/* However long that is: more than a timer takes. */
static void
test_expired (Fixture *f, gconstpointer data)
{
  const gint64 days = 60, day = 24 * 3600 * 1000;
  f->watch.expires = cv_clock_wall (f->rooms.clock) + days * day;
  say_state (f, open_stream (f, &f->publish), CV_MEDIA_CONNECTED);
  say_state (f, open_stream (f, &f->watch), CV_MEDIA_CONNECTED);
  for (gint64 i = 0; i < days - 1; i++)
    cv_clock_advance (f->rooms.clock, (guint) day);
  cv_clock_advance (f->rooms.clock, (guint) day - 1);
  assert_people (f, 2);
  cv_clock_advance (f->rooms.clock, 1);
  assert_people (f, 1);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

/* An encoder that a host removed does not come back with the same token, as long as the meeting goes on. */
static void
test_removed (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  CvStream *camera = open_stream (f, &f->publish);
  open_stream (f, &f->watch);
  CvParticipant *participant = cv_stream_get_participant (camera);
  g_assert_cmpstr (participant->identity.subject, ==, f->publish.id);
  cv_bans_add (cv_meeting_get_bans (cv_room_get_meeting (f->room)), &participant->identity);
  cv_streams_end_participant (f->streams, participant, CV_LEAVING_REMOVED);
  assert_people (f, 1);
  g_clear_pointer (&f->secret, g_free);
  g_assert_null (cv_streams_open (f->streams, f->room, &f->publish, &f->secret, &error));
  g_assert_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_REMOVED);
  open_stream (f, &f->watch);
  assert_people (f, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/streams/open", test_open);
  ADD ("/streams/refused", test_refused);
  ADD ("/streams/consents", test_consents);
  ADD ("/streams/never-connects", test_never_connects);
  ADD ("/streams/lost-and-back", test_lost_and_back);
  ADD ("/streams/media-gone", test_media_gone);
  ADD ("/streams/meeting-over", test_meeting_over);
  ADD ("/streams/told-to", test_told_to);
  ADD ("/streams/expired", test_expired);
  g_test_add ("/streams/removed", Fixture, NULL, set_up, test_removed, tear_down);
  return g_test_run ();
}
