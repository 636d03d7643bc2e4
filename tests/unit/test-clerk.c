/* What is ready is shown to its meeting, what is taken out is deleted; when a meeting ends, what was not whole goes. */
#include "signalling/clerk.h"

#include "lib/api.h"
#include "lib/log.h"
#include "lib/wait.h"

#define assert_rows(f, expected)                                                                                       \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    g_autofree char *rows = cv_test_recordings_dump ((f)->rooms.store, "SELECT name, status FROM document");           \
    g_assert_cmpstr (rows, ==, expected);                                                                              \
  }                                                                                                                    \
  G_STMT_END

#define DOCUMENT "faaaaaaaaaaaa"

static CvDocumentRow *
make_row (CvMeeting *meeting, const char *sender)
{
  CvDocumentRow *row = g_new0 (CvDocumentRow, 1);
  row->id = g_strdup (DOCUMENT);
  row->room = g_strdup (CV_TEST_ROOM);
  row->meeting = g_strdup (cv_meeting_get_id (meeting));
  row->person = g_strdup (sender);
  row->by_name = g_strdup ("Ann");
  row->name = g_strdup ("a.txt");
  row->media_type = g_strdup ("text/plain");
  row->sha256 = g_strdup ("00");
  row->bytes = 5;
  row->created = 7;
  return row;
}

static void
insert_row (CvTestApi *f, const CvDocumentRow *row)
{
  g_autofree char *sql =
    g_strdup_printf ("INSERT INTO document (id, meeting, person, by_name, name, media_type, bytes, status, created) "
                     "VALUES ('%s', '%s', '%s', 'Ann', 'a.txt', '', 5, 'ready', 7)",
                     row->id, row->meeting, row->person);
  cv_test_recordings_run (f->rooms.store, sql);
}

static void
wait_for_no_rows (CvTestApi *f)
{
  for (;;) {
    g_autofree char *count = cv_test_recordings_dump (f->rooms.store, "SELECT count (*) FROM document");
    if (g_str_equal (count, "0;"))
      return;
    cv_test_pause (2);
  }
}

static void
test_shown (CvTestApi *f, gconstpointer data)
{
  g_autoptr (CvClerk) clerk = cv_clerk_new (f->rooms.registry, f->api.cabinet);
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
  CvParticipant *ann = cv_test_rooms_enter (&f->rooms, room, "Ann");
  CvMeeting *meeting = cv_room_get_meeting (room);
  const CvModel *model = cv_sharing_get_model (cv_meeting_get_sharing (meeting));
  g_autoptr (CvDocumentRow) row = make_row (meeting, ann->id);
  g_autoptr (CvDocumentRow) elsewhere = make_row (meeting, ann->id);
  g_free (elsewhere->meeting);
  elsewhere->meeting = g_strdup ("mzzzzzzzzzzzz");
  g_signal_emit_by_name (f->api.cabinet, "ready", elsewhere);
  g_assert_null (cv_model_find (model, DOCUMENT));
  g_signal_emit_by_name (f->api.cabinet, "ready", row);
  const CvObject *object = cv_model_find (model, DOCUMENT);
  g_assert_nonnull (object);
  g_assert_cmpstr (json_node_get_string (cv_object_get (object, "name")), ==, "a.txt");
  g_assert_cmpstr (json_node_get_string (cv_object_get (object, "sender")), ==, "Ann");
  g_assert_cmpint (json_node_get_int (cv_object_get (object, "bytes")), ==, 5);
  g_assert_true (cv_object_is_of (object, ann->id));
  /* deleted over HTTP */
  g_signal_emit_by_name (f->api.cabinet, "gone", row);
  g_assert_true (cv_object_is_gone (object));
  gint64 before = cv_model_get_clock (model);
  g_signal_emit_by_name (f->api.cabinet, "gone", row);
  g_assert_cmpint (cv_model_get_clock (model), ==, before);
}

static void
test_taken_out (CvTestApi *f, gconstpointer data)
{
  g_autoptr (CvClerk) clerk = cv_clerk_new (f->rooms.registry, f->api.cabinet);
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
  CvParticipant *ann = cv_test_rooms_enter (&f->rooms, room, "Ann");
  CvMeeting *meeting = cv_room_get_meeting (room);
  CvSharing *sharing = cv_meeting_get_sharing (meeting);
  g_autoptr (CvDocumentRow) row = make_row (meeting, ann->id);
  insert_row (f, row);
  g_signal_emit_by_name (f->api.cabinet, "ready", row);
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_operation_free);
  CvOperation *operation = cv_operation_new (DOCUMENT, CV_MODEL_DOCUMENT, 9, ann->id);
  operation->gone = TRUE;
  g_ptr_array_add (ops, operation);
  g_assert_true (cv_sharing_change (sharing, ann, ops, NULL));
  wait_for_no_rows (f);
  cv_meeting_end (meeting, CV_ENDING_HOST);
  cv_test_settle ();
}

static void
test_end (CvTestApi *f, gconstpointer data)
{
  g_autoptr (CvClerk) clerk = cv_clerk_new (f->rooms.registry, f->api.cabinet);
  cv_registry_set_cabinet (f->rooms.registry, f->api.cabinet);
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
  cv_test_rooms_enter (&f->rooms, room, "Ann");
  CvMeeting *meeting = cv_room_get_meeting (room);
  for (guint i = 0; i < 2; i++) {
    g_autofree char *sql = g_strdup_printf (
      "INSERT INTO document (id, meeting, person, by_name, name, media_type, bytes, status, created) VALUES "
      "('f%s', '%s', 'p', 'Ann', '%s', '', 1, '%s', 1)",
      i == 0 ? "aaaaaaaaaaaa" : "bbbbbbbbbbbb", cv_meeting_get_id (meeting), i == 0 ? "half" : "whole",
      i == 0 ? "uploading" : "ready");
    cv_test_recordings_run (f->rooms.store, sql);
  }
  cv_meeting_end (meeting, CV_ENDING_HOST);
  for (guint i = 0; i < 3; i++)
    cv_test_settle ();
  g_autofree char *count = NULL;
  do {
    g_free (count);
    cv_test_pause (2);
    count = cv_test_recordings_dump (f->rooms.store, "SELECT count (*) FROM document");
  } while (!g_str_equal (count, "1;"));
  assert_rows (f, "whole ready;");
  /* and a room's go with it */
  g_assert_true (cv_test_rooms_delete (&f->rooms, CV_TEST_ROOM, NULL));
  assert_rows (f, "");
  cv_registry_set_cabinet (f->rooms.registry, NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  g_test_add ("/clerk/shown", CvTestApi, NULL, cv_test_api_set_up, test_shown, cv_test_api_tear_down);
  g_test_add ("/clerk/taken-out", CvTestApi, NULL, cv_test_api_set_up, test_taken_out, cv_test_api_tear_down);
  g_test_add ("/clerk/end", CvTestApi, NULL, cv_test_api_set_up, test_end, cv_test_api_tear_down);
  return g_test_run ();
}
