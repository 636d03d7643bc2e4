/* What webhooks are told of rooms, meetings and people: what stands in the queue, in its order. */
#include "signalling/herald.h"

#include "lib/log.h"
#include "lib/recordings.h"
#include "lib/rooms.h"
#include "lib/wait.h"

#define STARTED "\"started\":1700000000000"
#define NOBODY "http://127.0.0.1:1/"

typedef struct {
  CvTestRooms rooms;
  CvHooks *hooks;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  static const char *const kinds[] = { "boardroom", NULL };
  cv_test_rooms_init (&f->rooms, kinds);
  /* nothing is called: the queue is what counts */
  f->hooks = cv_hooks_new (f->rooms.store, f->rooms.clock, NOBODY, "secret");
  cv_hooks_stop (f->hooks);
  cv_herald_listen (f->rooms.registry, f->hooks, f->rooms.clock);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_object_unref (f->hooks);
  cv_test_rooms_clear (&f->rooms);
  cv_test_log_assert_all ();
}

/* The bodies from their event on, which are taken out; a pattern each, in this order. */
static void
expect (Fixture *f, const char *const *patterns)
{
  g_autofree char *text =
    cv_test_recordings_dump (f->rooms.store, "SELECT room || ' ' || body || '\n' FROM delivery ORDER BY rowid");
  g_auto (GStrv) rows = g_strsplit (text, "\n;", -1);
  cv_test_recordings_run (f->rooms.store, "DELETE FROM delivery");
  guint n = g_strv_length ((char **) patterns);
  /* each row ends in what separates it from the next */
  if (g_strv_length (rows) != (n > 0 ? n + 1 : 0))
    g_error ("%s", text);
  for (guint i = 0; i < n; i++) {
    g_autofree char *pattern = g_strdup_printf ("%s*", patterns[i]);
    if (!g_pattern_match_simple (pattern, rows[i]))
      g_error ("%s\nis not\n%s", rows[i], pattern);
  }
}
#define EXPECT(...) expect (f, (const char *const[]){ __VA_ARGS__, NULL })
#define CALL(event, at, about)                                                                                         \
  CV_TEST_ROOM " {\"id\":\"d????????????\",\"event\":\"" event "\",\"at\":" at "," about "}"
#define NOW "1700000000000"

static void
on_changed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (cv_registry_change_finish (CV_REGISTRY (source), result, NULL));
  *(gboolean *) user_data = TRUE;
}

static void
test_rooms (Fixture *f, gconstpointer data)
{
  g_autoptr (CvRoomRow) row = cv_test_room_row (CV_TEST_ROOM, "boardroom");
  row->owner = g_strdup ("uabcdefghijkm");
  row->has_secret = TRUE;
  row->lobby = TRUE;
  gboolean changed = FALSE;
  g_assert_true (cv_test_rooms_create_row (&f->rooms, row, NULL));
  g_free (row->title);
  row->title = g_strdup ("Tea 😀");
  cv_registry_change_async (f->rooms.registry, row, on_changed, &changed);
  cv_test_wait_until (changed);
  g_assert_true (cv_test_rooms_delete (&f->rooms, CV_TEST_ROOM, NULL));
  /* without its link, or its secret */
#define ROOM(title)                                                                                                    \
  "\"room\":{\"id\":\"" CV_TEST_ROOM "\",\"kind\":\"boardroom\",\"title\":\"" title                                    \
  "\",\"created\":*\"lobby\":true,\"recording\":false,\"consent\":\"announce\",\"keep_days\":0,*"                      \
  "\"owner\":\"uabcdefghijkm\"}"
  EXPECT (CALL ("room.created", NOW, ROOM ("*")), CALL ("room.changed", NOW, ROOM ("Tea 😀")),
          CALL ("room.deleted", NOW, "\"room\":{\"id\":\"" CV_TEST_ROOM "\"}"));
}

/* A boardroom that nothing was told of yet. */
static CvRoom *
make_room (Fixture *f, const char *kind)
{
  g_assert_true (cv_test_rooms_create (&f->rooms, CV_TEST_ROOM, kind, NULL));
  if (cv_policy_find (kind)->keeps_rows)
    EXPECT (CALL ("room.created", NOW, "*"));
  return cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
}

#define PERSON(name, role, sub, stream)                                                                                \
  "\"participant\":{\"id\":\"p????????????\",\"room\":\"" CV_TEST_ROOM "\",\"meeting\":\"m????????????\","             \
  "\"name\":\"" name "\",\"role\":\"" role "\",\"sub\":" sub ",\"stream\":" stream
#define MEETING "\"meeting\":{\"id\":\"m????????????\",\"room\":\"" CV_TEST_ROOM "\"," STARTED

static void
test_meeting (Fixture *f, gconstpointer data)
{
  g_autoptr (CvRoom) room = make_room (f, "boardroom");
  CvParticipant *ann = cv_participant_new ("Ann", CV_ROLE_HOST, &(CvSending){ 0 });
  ann->identity.subject = g_strdup ("user 17");
  ann->identity.address = g_strdup ("192.0.2.1");
  ann->identity.visitor = g_strdup ("00ff");
  ann->identity.account = g_strdup ("uabcdefghijkm");
  CvParticipant *camera = cv_participant_new ("Camera", CV_ROLE_PERSON, &(CvSending){ 0 });
  camera->stream = TRUE;
  camera->identity.subject = g_strdup ("tabcdefghijkm");
  cv_registry_seat (f->rooms.registry, room, ann, NULL);
  cv_registry_seat (f->rooms.registry, room, camera, NULL);
  CvParticipant *bob = cv_test_rooms_enter (&f->rooms, room, "Bob");
  CvMeeting *meeting = cv_room_get_meeting (room);
  cv_meeting_set_hand (meeting, bob, TRUE);
  cv_meeting_set_role (meeting, bob, CV_ROLE_COHOST);
  cv_meeting_remove (meeting, bob, CV_LEAVING_REMOVED);
  EXPECT (CALL ("meeting.started", NOW, MEETING "}"),
          CALL ("participant.joined", NOW, PERSON ("Ann", "host", "\"user 17\"", "false") "}"),
          CALL ("participant.joined", NOW, PERSON ("Camera", "person", "null", "true") "}"),
          CALL ("participant.joined", NOW, PERSON ("Bob", "person", "null", "false") "}"),
          CALL ("participant.left", NOW, PERSON ("Bob", "cohost", "null", "false") ",\"reason\":\"removed\"}"));
  cv_clock_advance (f->rooms.clock, 5000);
#define LATER "1700000005000"
  g_object_ref (meeting);
  cv_meeting_end (meeting, CV_ENDING_HOST);
  /* once each, whoever is taken out after the end */
  cv_meeting_remove (meeting, ann, CV_LEAVING_LEFT);
  EXPECT (CALL ("participant.left", LATER, PERSON ("Ann", "host", "\"user 17\"", "false") ",\"reason\":\"ended\"}"),
          CALL ("participant.left", LATER, PERSON ("Camera", "person", "null", "true") ",\"reason\":\"ended\"}"),
          CALL ("meeting.ended", LATER, MEETING ",\"ended\":" LATER ",\"reason\":\"host\"}"));
  g_object_unref (meeting);
}

/* Nothing is told of who was there, nor when. */
static void
test_sealed (Fixture *f, gconstpointer data)
{
  g_autoptr (CvRoom) room = make_room (f, "otr");
  CvParticipant *bob = cv_test_rooms_enter (&f->rooms, room, "");
  g_autoptr (CvMeeting) meeting = g_object_ref (cv_room_get_meeting (room));
  cv_meeting_remove (meeting, bob, CV_LEAVING_LEFT);
  cv_meeting_end (meeting, CV_ENDING_HOST);
  expect (f, (const char *const[]){ NULL });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  g_test_add ("/herald/rooms", Fixture, NULL, set_up, test_rooms, tear_down);
  g_test_add ("/herald/meeting", Fixture, NULL, set_up, test_meeting, tear_down);
  g_test_add ("/herald/sealed", Fixture, NULL, set_up, test_sealed, tear_down);
  return g_test_run ();
}
