/* All rooms: made, loaded, listed, deleted; meetings started and ended, and their rows. */
#include "room/registry.h"

#include "base/ids.h"
#include "lib/folder.h"
#include "lib/log.h"
#include "lib/media.h"
#include "lib/recordings.h"
#include "lib/rooms.h"
#include "lib/wait.h"

#include <stdlib.h>

typedef CvTestRooms Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  cv_test_rooms_init (f, data);
  g_assert_true (cv_test_rooms_create (f, CV_TEST_ROOM, "standard", NULL));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_test_rooms_clear (f);
  cv_test_log_assert_all ();
}

static void
assert_meetings (Fixture *f, const char *expected)
{
  g_autofree char *dump = cv_test_rooms_dump_meetings (f);
  g_assert_cmpstr (dump, ==, expected);
}

static void
test_create_and_load (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRoom) room = cv_test_rooms_load (f, CV_TEST_ROOM, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (cv_room_get_row (room)->title, ==, "Tea");
  g_assert_cmpint (cv_room_get_row (room)->created, ==, CV_TEST_NOW);
  g_assert_true (cv_room_get_policy (room) == &cv_policy_standard);
  g_assert_true (cv_room_fits_join_key (room, cv_test_join_key));
  g_assert_null (cv_registry_peek (f->registry, CV_TEST_ROOM));
  g_assert_cmpuint (cv_registry_count_meetings (f->registry), ==, 0);
}

static void
test_taken_and_unknown (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_false (cv_test_rooms_create (f, CV_TEST_ROOM, "standard", &error));
  g_assert_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_TAKEN);
  g_clear_error (&error);
  g_assert_null (cv_test_rooms_load (f, "mmmmmmmmmmmm", &error));
  g_assert_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_UNKNOWN);
  g_clear_error (&error);
  g_assert_false (cv_test_rooms_delete (f, "mmmmmmmmmmmm", &error));
  g_assert_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_UNKNOWN);
}

static GPtrArray *
list (Fixture *f, GError **error)
{
  GAsyncResult *slot = NULL;
  const CvRoomsQuery query = { .limit = 10 };
  cv_registry_list_async (f->registry, &query, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_registry_list_finish (f->registry, result, error);
}

static void
on_room (CvRegistry *registry, const CvRoomRow *row, GString *news)
{
  g_string_append_printf (news, "%s %s;", row->id, row->title);
}

static void
on_room_deleted (CvRegistry *registry, const char *id, GString *news)
{
  g_string_append_printf (news, "%s;", id);
}

static gboolean
change (Fixture *f, const CvRoomRow *row, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_registry_change_async (f->registry, row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_registry_change_finish (f->registry, result, error);
}

/* Who is in is there already, who comes finds it changed; who listens is told. */
static void
test_change (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) news = g_string_new ("");
  g_autoptr (GError) error = NULL;
  g_signal_connect (f->registry, "room-created", G_CALLBACK (on_room), news);
  g_signal_connect (f->registry, "room-changed", G_CALLBACK (on_room), news);
  g_signal_connect (f->registry, "room-deleted", G_CALLBACK (on_room_deleted), news);
  g_autoptr (CvRoom) room = cv_test_rooms_load (f, CV_TEST_ROOM, NULL);
  cv_test_rooms_enter (f, room, "Ann");
  g_autoptr (CvRoomRow) row = cv_room_row_copy (cv_room_get_row (room));
  g_free (row->title);
  row->title = g_strdup ("Cake");
  row->lobby = TRUE;
  g_assert_true (change (f, row, &error));
  g_assert_cmpstr (cv_room_get_row (room)->title, ==, "Cake");
  g_assert_true (cv_room_get_row (room)->lobby);
  g_autoptr (CvRoomRow) unknown = cv_test_room_row ("mmmmmmmmmmmm", "standard");
  g_assert_false (change (f, unknown, &error));
  g_assert_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_UNKNOWN);
  cv_test_rooms_create (f, "bbbbbbbbbbbb", "standard", NULL);
  g_assert_false (cv_test_rooms_create (f, "bbbbbbbbbbbb", "standard", NULL));
  cv_test_rooms_delete (f, CV_TEST_ROOM, NULL);
  g_assert_false (cv_test_rooms_delete (f, CV_TEST_ROOM, NULL));
  g_autofree char *expected = g_strdup_printf (CV_TEST_ROOM " Cake;bbbbbbbbbbbb %s;" CV_TEST_ROOM ";", unknown->title);
  g_assert_cmpstr (news->str, ==, expected);
  g_signal_handlers_disconnect_by_data (f->registry, news);
}

static void
test_list_and_delete (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  cv_test_rooms_create (f, "bbbbbbbbbbbb", "standard", NULL);
  g_autoptr (GPtrArray) rows = list (f, &error);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_true (cv_test_rooms_delete (f, CV_TEST_ROOM, &error));
  g_assert_no_error (error);
  g_autoptr (GPtrArray) left = list (f, &error);
  g_assert_cmpuint (left->len, ==, 1);
  g_assert_cmpstr (((CvRoomRow *) g_ptr_array_index (left, 0))->id, ==, "bbbbbbbbbbbb");
  g_assert_null (cv_test_rooms_load (f, CV_TEST_ROOM, NULL));
}

static void
test_not_available (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (cv_registry_is_available (f->registry, &cv_policy_standard));
  g_assert_true (cv_registry_is_available (f->registry, &cv_policy_otr));
  g_assert_false (cv_registry_is_available (f->registry, &cv_policy_boardroom));
  g_assert_false (cv_test_rooms_create (f, "bbbbbbbbbbbb", "boardroom", &error));
  g_assert_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_NOT_AVAILABLE);
}

/* A room that another configuration made stays, but nobody meets in it. */
static void
test_no_longer_available (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  g_autoptr (CvRoomRow) row = cv_test_room_row ("bbbbbbbbbbbb", "boardroom");
  cv_rooms_insert_async (f->store, row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_rooms_insert_finish (f->store, result, NULL));

  g_autoptr (CvRoom) room = cv_test_rooms_load (f, "bbbbbbbbbbbb", &error);
  g_assert_no_error (error);
  g_assert_null (cv_registry_enter (f->registry, room, "Ann", CV_ROLE_PERSON, &(CvSending){ 0 }, &error));
  g_assert_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_NOT_AVAILABLE);
  g_assert_cmpuint (cv_registry_count_meetings (f->registry), ==, 0);
}

static const char *const classrooms[] = { "classroom", NULL };

/* Media are opened with the meeting where they pass through the server, unless the configuration says otherwise. */
static void
test_media (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *id, *kind;
    gboolean switchboard, media;
  } rooms[] = { { "aaaaaaaaaaaa", "standard", FALSE, FALSE },
                { "cccccccccccc", "classroom", TRUE, FALSE },
                { "bbbbbbbbbbbb", "boardroom", TRUE, TRUE } };
  CvTestMediaPool *pool = cv_test_media_pool_new ();
  cv_registry_set_media_pool (f->registry, CV_MEDIA_POOL (pool));
  for (gsize i = 0; i < G_N_ELEMENTS (rooms); i++) {
    g_assert_true (cv_test_rooms_create (f, rooms[i].id, rooms[i].kind, NULL));
    g_autoptr (CvRoom) room = cv_test_rooms_load (f, rooms[i].id, NULL);
    g_assert_null (cv_room_get_switchboard (room));
    cv_test_rooms_enter (f, room, "Ann");
    g_assert_cmpint (cv_room_get_switchboard (room) != NULL, ==, rooms[i].switchboard);
    CvTestMedia *media = cv_test_media_pool_get_last (pool);
    g_assert_cmpint (media != NULL, ==, rooms[i].media);
    cv_meeting_end (cv_room_get_meeting (room), CV_ENDING_ADMIN);
    g_assert_null (cv_room_get_switchboard (room));
  }
  g_autofree char *asked = cv_test_media_take_asked (cv_test_media_pool_get_last (pool));
  g_assert_cmpstr (asked, ==, "close ");
  cv_registry_set_media_pool (f->registry, NULL);
  g_assert_finalize_object (pool);
}

static void
test_also_available (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (cv_registry_is_available (f->registry, &cv_policy_classroom));
  g_assert_true (cv_test_rooms_create (f, "bbbbbbbbbbbb", "classroom", &error));
  g_autoptr (CvRoom) room = cv_test_rooms_load (f, "bbbbbbbbbbbb", &error);
  g_assert_nonnull (cv_test_rooms_enter (f, room, "Ann"));
}

/* Such a room is there, and holds meetings, and is nowhere to be found. */
static void
test_unwritten (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (cv_test_rooms_create (f, "bbbbbbbbbbbb", "otr", NULL));
  g_assert_false (cv_test_rooms_create (f, "bbbbbbbbbbbb", "otr", &error));
  g_assert_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_TAKEN);
  g_autoptr (CvRoom) room = cv_test_rooms_load (f, "bbbbbbbbbbbb", NULL);
  g_assert_nonnull (cv_test_rooms_enter (f, room, ""));
  cv_clock_advance (f->clock, 1000);
  cv_meeting_end (cv_room_get_meeting (room), CV_ENDING_HOST);
  g_autoptr (CvRoom) again = cv_test_rooms_load (f, "bbbbbbbbbbbb", NULL);
  g_assert_nonnull (again);
  assert_meetings (f, "");
  static const char *const tables[] = { "room", "meeting", "attendance", "delivery", "content", "summary" };
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++) {
    g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM %s", tables[i]);
    g_autofree char *count = cv_test_recordings_dump (f->store, sql);
    g_assert_cmpint (atoi (count), ==, g_str_equal (tables[i], "room") ? 1 : 0); /* the fixture's own */
  }
}

static void
on_meeting_started (CvRegistry *registry, CvRoom *room, guint *count)
{
  g_assert_cmpuint (cv_meeting_get_size (cv_room_get_meeting (room)), ==, 0);
  g_assert_true (cv_registry_peek (registry, cv_room_get_row (room)->id) == room);
  (*count)++;
}

static void
test_meeting (Fixture *f, gconstpointer data)
{
  guint started = 0;
  g_signal_connect (f->registry, "meeting-started", G_CALLBACK (on_meeting_started), &started);
  g_autoptr (CvRoom) room = cv_test_rooms_load (f, CV_TEST_ROOM, NULL);
  CvParticipant *ann = cv_test_rooms_enter (f, room, "Ann");
  CvParticipant *bob = cv_test_rooms_enter (f, room, "Bob");
  g_assert_cmpuint (started, ==, 1);
  g_assert_cmpuint (cv_registry_count_meetings (f->registry), ==, 1);
  g_assert_cmpuint (cv_registry_count_people (f->registry), ==, 2);
  g_assert_true (ann->sending.microphone);
  assert_meetings (f, "1700000000000- ");

  CvMeeting *meeting = cv_room_get_meeting (room);
  cv_clock_advance (f->clock, 1000);
  cv_meeting_remove (meeting, ann, CV_LEAVING_LEFT);
  cv_meeting_remove (meeting, bob, CV_LEAVING_LEFT);
  cv_clock_advance (f->clock, CV_TEST_EMPTY_MS);
  g_assert_null (cv_room_get_meeting (room));
  g_assert_null (cv_registry_peek (f->registry, CV_TEST_ROOM));
  g_assert_cmpuint (cv_registry_count_meetings (f->registry), ==, 0);
  assert_meetings (f, "1700000000000-1700000061000 empty");

  /* the next one in starts another */
  cv_test_rooms_enter (f, room, "Cyd");
  g_assert_cmpuint (started, ==, 2);
  cv_meeting_end (cv_room_get_meeting (room), CV_ENDING_HOST);
  assert_meetings (f, "1700000000000-1700000061000 empty; 1700000061000-1700000061000 host");
}

static void
test_full (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRoom) room = cv_test_rooms_load (f, CV_TEST_ROOM, NULL);
  CvParticipant *last = NULL;
  for (guint i = 0; i < cv_policy_standard.max_people; i++)
    last = cv_test_rooms_enter (f, room, "Ann");
  g_assert_null (cv_registry_enter (f->registry, room, "Bob", CV_ROLE_HOST, &(CvSending){ 0 }, &error));
  g_assert_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_FULL);
  cv_meeting_remove (cv_room_get_meeting (room), last, CV_LEAVING_LEFT);
  cv_test_rooms_enter (f, room, "Bob");
}

/* Two loads are under way at once, then two rooms of the same id are there: all meet in one meeting. */
static void
test_concurrent_loads (Fixture *f, gconstpointer data)
{
  GAsyncResult *first_slot = NULL, *second_slot = NULL;
  cv_registry_load_async (f->registry, CV_TEST_ROOM, cv_test_on_ready, &first_slot);
  cv_registry_load_async (f->registry, CV_TEST_ROOM, cv_test_on_ready, &second_slot);
  cv_test_wait_until (first_slot != NULL && second_slot != NULL);
  g_autoptr (GAsyncResult) first_result = first_slot;
  g_autoptr (GAsyncResult) second_result = second_slot;
  g_autoptr (CvRoom) first = cv_registry_load_finish (f->registry, first_result, NULL);
  g_autoptr (CvRoom) second = cv_registry_load_finish (f->registry, second_result, NULL);
  cv_test_rooms_enter (f, first, "Ann");
  cv_test_rooms_enter (f, second, "Bob");
  g_assert_cmpuint (cv_registry_count_meetings (f->registry), ==, 1);
  g_assert_cmpuint (cv_meeting_get_size (cv_room_get_meeting (first)), ==, 2);

  /* a later load, and one that is answered only after the meeting began, give the room that meets */
  g_autoptr (CvRoom) third = cv_test_rooms_load (f, CV_TEST_ROOM, NULL);
  g_assert_true (third == first);
}

static void
test_load_overtaken (Fixture *f, gconstpointer data)
{
  g_autoptr (CvRoom) room = cv_test_rooms_load (f, CV_TEST_ROOM, NULL);
  GAsyncResult *slot = NULL;
  cv_registry_load_async (f->registry, CV_TEST_ROOM, cv_test_on_ready, &slot);
  cv_test_rooms_enter (f, room, "Ann");
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (CvRoom) same = cv_registry_load_finish (f->registry, result, NULL);
  g_assert_true (same == room);
}

static void
on_ended (CvMeeting *meeting, CvEnding ending, CvEnding *out)
{
  *out = ending;
}

static void
test_delete_running (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  CvEnding ending = CV_ENDING_EMPTY;
  GAsyncResult *slot = NULL;
  g_autoptr (CvRoom) room = cv_test_rooms_load (f, CV_TEST_ROOM, NULL);
  cv_test_rooms_enter (f, room, "Ann");
  g_signal_connect (cv_room_get_meeting (room), "ended", G_CALLBACK (on_ended), &ending);
  cv_registry_delete_async (f->registry, CV_TEST_ROOM, "admin", cv_test_on_ready, &slot);
  g_assert_cmpint (ending, ==, CV_ENDING_ADMIN);
  g_assert_cmpuint (cv_registry_count_meetings (f->registry), ==, 0);

  /* who had loaded it before comes too late */
  g_assert_null (cv_registry_enter (f->registry, room, "Bob", CV_ROLE_PERSON, &(CvSending){ 0 }, &error));
  g_assert_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_UNKNOWN);
  g_clear_error (&error);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_registry_delete_finish (f->registry, result, &error));
  g_assert_null (cv_test_rooms_load (f, CV_TEST_ROOM, &error));
  g_assert_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_UNKNOWN);
  assert_meetings (f, "");
}

static gpointer
add_recording_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  cv_store_exec (db, error,
                 "INSERT INTO recording (id, room, meeting, title, started, ended, status) "
                 "SELECT 'rabcdefghijkm', room, id, 'Tea', 1, 2, 'ready' FROM meeting",
                 "");
  return NULL;
}

/* Its recordings go first; where they do not, neither does the room. */
static void
test_delete_with_recordings (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = cv_test_folder_new ();
  CvLibraryOptions options = { .store = f->store, .clock = f->clock, .directory = folder };
  CvLibrary *library = cv_library_new (&options);
  GAsyncResult *slot = NULL;
  g_autoptr (GError) error = NULL;
  cv_registry_set_library (f->registry, library);
  {
    g_autoptr (CvRoom) room = cv_test_rooms_load (f, CV_TEST_ROOM, NULL);
    cv_test_rooms_enter (f, room, "Ann");
  }
  cv_store_run_async (f->store, add_recording_on_worker, NULL, NULL, NULL, NULL, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) added = cv_test_wait_for (&slot);
  g_assert_true (cv_store_run_finish_plain (f->store, added, NULL));
  cv_test_folder_write (folder, "rabcdefghijkm/a/b/c/d/e/f/g/h/i/j/k/deep", "");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "the files of recording rabcdefghijkm are not deleted: *");
  g_assert_false (cv_test_rooms_delete (f, CV_TEST_ROOM, &error));
  g_assert_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_STORE);

  g_autofree char *deep = g_build_filename (folder, "rabcdefghijkm", "a", NULL);
  cv_test_folder_free (g_steal_pointer (&deep));
  g_assert_true (cv_test_rooms_delete (f, CV_TEST_ROOM, NULL));
  g_autofree char *gone = g_build_filename (folder, "rabcdefghijkm", NULL);
  g_assert_false (g_file_test (gone, G_FILE_TEST_EXISTS));
  assert_meetings (f, "");
  cv_registry_set_library (f->registry, NULL);
  cv_test_wait_gone (library);
  cv_test_folder_free (g_steal_pointer (&folder));
}

/* The disk is full, say: people can meet all the same. */
static void
test_store_fails (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRoom) room = cv_test_rooms_load (f, CV_TEST_ROOM, NULL);
  cv_store_close (f->store);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "the start of a meeting was not stored: *");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "a meeting will have no summary: *");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "what a meeting leaves behind was not stored: *");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "the end of a meeting was not stored: *");
  cv_test_rooms_enter (f, room, "Ann");
  cv_meeting_end (cv_room_get_meeting (room), CV_ENDING_HOST);
  cv_test_settle ();

  g_assert_null (cv_test_rooms_load (f, CV_TEST_ROOM, &error));
  g_assert_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_STORE);
  g_clear_error (&error);
  g_assert_false (cv_test_rooms_create (f, "bbbbbbbbbbbb", "standard", &error));
  g_assert_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_STORE);
  g_clear_error (&error);
  g_assert_null (list (f, &error));
  g_assert_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_STORE);
}

static void
test_dropped_while_meeting (Fixture *f, gconstpointer data)
{
  g_autoptr (CvRoom) room = cv_test_rooms_load (f, CV_TEST_ROOM, NULL);
  cv_test_rooms_enter (f, room, "Ann");
  cv_test_wait_gone (g_steal_pointer (&f->registry));
  /* nobody listens any more */
  cv_meeting_end (cv_room_get_meeting (room), CV_ENDING_HOST);
  f->registry = cv_registry_new (f->store, f->clock, CV_TEST_EMPTY_MS, NULL);
  assert_meetings (f, "1700000000000- ");
}

static void
on_recording_news (CvRegistry *registry, const char *id, GString *news)
{
  g_string_append (news, cv_id_is_valid (id, "r") ? "r" : "?");
}

/* A recording goes on to its end when the meeting is over, and the registry tells of it. */
static void
test_recordings (Fixture *f, gconstpointer data)
{
  const CvDiskLimits limits = { 0 };
  GString *started = g_string_new (NULL), *finished = g_string_new (NULL);
  char *directory = cv_test_folder_new ();
  CvShelf shelf = { directory, cv_disk_new (directory, &limits) };
  CvTestMediaPool *pool = cv_test_media_pool_new ();
  GAsyncResult *slot = NULL;
  g_autoptr (CvRoomRow) row = cv_test_room_row ("cccccccccccc", "boardroom");
  row->recording = TRUE;
  cv_registry_set_media_pool (f->registry, CV_MEDIA_POOL (pool));
  cv_registry_set_shelf (f->registry, &shelf);
  g_signal_connect (f->registry, "recording-started", G_CALLBACK (on_recording_news), started);
  g_signal_connect (f->registry, "recording-finished", G_CALLBACK (on_recording_news), finished);
  g_assert_true (cv_test_rooms_create_row (f, row, NULL));
  g_autoptr (CvRoom) room = cv_test_rooms_load (f, "cccccccccccc", NULL);
  g_assert_null (cv_room_get_capture (room));
  cv_test_rooms_enter (f, room, "Ann");
  g_autoptr (CvMeeting) meeting = g_object_ref (cv_room_get_meeting (room));
  g_assert_cmpuint (cv_registry_end_recordings (f->registry), ==, 0);
  cv_capture_act_async (cv_room_get_capture (room), CV_CAPTURE_START, CV_CAPTURE_REASON_HOST, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_cmpstr (started->str, ==, "r");
  cv_meeting_end (meeting, CV_ENDING_HOST);
  g_assert_null (cv_room_get_capture (room));
  cv_test_wait_until (cv_registry_end_recordings (f->registry) == 0);
  g_assert_cmpstr (finished->str, ==, "r");
  g_clear_object (&result);
  cv_test_settle ();
  cv_registry_set_media_pool (f->registry, NULL);
  cv_test_wait_gone (pool);
  cv_disk_free (shelf.disk);
  cv_test_folder_free (directory);
  g_string_free (started, TRUE);
  g_string_free (finished, TRUE);
}

#define ADD(name, data, func) g_test_add (name, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/registry/create-and-load", NULL, test_create_and_load);
  ADD ("/registry/taken-and-unknown", NULL, test_taken_and_unknown);
  ADD ("/registry/list-and-delete", NULL, test_list_and_delete);
  ADD ("/registry/change", NULL, test_change);
  ADD ("/registry/not-available", NULL, test_not_available);
  ADD ("/registry/no-longer-available", NULL, test_no_longer_available);
  ADD ("/registry/media", classrooms, test_media);
  ADD ("/registry/also-available", classrooms, test_also_available);
  ADD ("/registry/unwritten", NULL, test_unwritten);
  ADD ("/registry/meeting", NULL, test_meeting);
  ADD ("/registry/full", NULL, test_full);
  ADD ("/registry/concurrent-loads", NULL, test_concurrent_loads);
  ADD ("/registry/load-overtaken", NULL, test_load_overtaken);
  ADD ("/registry/delete-running", NULL, test_delete_running);
  ADD ("/registry/delete-with-recordings", NULL, test_delete_with_recordings);
  ADD ("/registry/store-fails", NULL, test_store_fails);
  ADD ("/registry/recordings", NULL, test_recordings);
  ADD ("/registry/dropped-while-meeting", NULL, test_dropped_while_meeting);
  return g_test_run ();
}
