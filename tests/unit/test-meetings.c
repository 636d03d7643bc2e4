/* Table `meeting`: start, end, what a crash left, and that a room takes its meetings along. */
#include "store/meetings.h"

#include "store/rooms.h"

#define ROOM "abcdefghijkm"

typedef struct {
  CvStore *store;
} Fixture;

static void
on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;

  *slot = g_object_ref (result);
}

/* Returns: (transfer full). */
static GAsyncResult *
wait_for (GAsyncResult **slot)
{
  while (*slot == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (slot);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  CvRoomRow row = { .id = (char *) ROOM, .kind = (char *) "standard", .title = (char *) "" };
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  f->store = cv_store_open (":memory:", NULL);
  cv_rooms_insert_async (f->store, &row, on_ready, &slot);
  result = wait_for (&slot);
  g_assert_true (cv_rooms_insert_finish (f->store, result, NULL));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_store_close (f->store);
  g_assert_finalize_object (f->store);
}

static gboolean
start (Fixture *f, const char *id, const char *room, gint64 at, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  cv_meetings_start_async (f->store, id, room, at, on_ready, &slot);
  result = wait_for (&slot);
  return cv_meetings_start_finish (f->store, result, error);
}

static gboolean
end (Fixture *f, const char *id, gint64 at, const char *reason, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  cv_meetings_end_async (f->store, id, at, reason, on_ready, &slot);
  result = wait_for (&slot);
  return cv_meetings_end_finish (f->store, result, error);
}

static gint64
close_open (Fixture *f, gint64 at)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 n;

  cv_meetings_close_open_async (f->store, at, on_ready, &slot);
  result = wait_for (&slot);
  n = cv_meetings_close_open_finish (f->store, result, &error);
  g_assert_no_error (error);
  return n;
}

/* All meetings as one text. */
static gpointer
dump_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (
    db, error,
    "SELECT group_concat (id || ' ' || started || '-' || ifnull (ended, '') || ' ' || ifnull (reason, ''), '; ')"
    " FROM (SELECT * FROM meeting ORDER BY id)",
    "");

  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  return g_strdup ((const char *) sqlite3_column_text (statement, 0));
}

static void
assert_table (Fixture *f, const char *expected)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *dump = NULL;

  cv_store_run_async (f->store, dump_on_worker, NULL, NULL, g_free, NULL, on_ready, &slot);
  result = wait_for (&slot);
  dump = cv_store_run_finish (f->store, result, NULL);
  g_assert_cmpstr (dump, ==, expected);
}

static void
test_start_and_end (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (start (f, "m1", ROOM, 1000, &error));
  assert_table (f, "m1 1000- ");
  g_assert_true (end (f, "m1", 2000, "host", &error));
  g_assert_no_error (error);
  assert_table (f, "m1 1000-2000 host");
  /* the first end stays */
  g_assert_false (end (f, "m1", 3000, "empty", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  assert_table (f, "m1 1000-2000 host");
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (start (f, "m1", "nosuchroomxx", 1000, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_false (end (f, "m1", 1000, "host", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_true (start (f, "m1", ROOM, 1000, NULL));
  g_assert_false (start (f, "m1", ROOM, 1000, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS);
}

static void
test_after_a_crash (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (close_open (f, 1), ==, 0);
  start (f, "m1", ROOM, 1000, NULL);
  start (f, "m2", ROOM, 5000, NULL);
  start (f, "m3", ROOM, 1500, NULL);
  end (f, "m3", 1600, "empty", NULL);
  g_assert_cmpint (close_open (f, 3000), ==, 2);
  /* m2 began after a clock that was set back */
  assert_table (f, "m1 1000-3000 crash; m2 5000-5000 crash; m3 1500-1600 empty");
  g_assert_cmpint (close_open (f, 4000), ==, 0);
}

static void
test_goes_with_its_room (Fixture *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  start (f, "m1", ROOM, 1000, NULL);
  cv_rooms_delete_async (f->store, ROOM, on_ready, &slot);
  result = wait_for (&slot);
  g_assert_true (cv_rooms_delete_finish (f->store, result, NULL));
  assert_table (f, NULL);
}

static void
test_closed_store (Fixture *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cv_store_close (f->store);
  cv_meetings_close_open_async (f->store, 1, on_ready, &slot);
  result = wait_for (&slot);
  g_assert_cmpint (cv_meetings_close_open_finish (f->store, result, &error), ==, -1);
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_FAILED);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

static GPtrArray *
list (Fixture *f, const char *room, const char *cursor, guint limit, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  cv_meetings_list_async (f->store, room, cursor, limit, on_ready, &slot);
  result = wait_for (&slot);
  return cv_meetings_list_finish (f->store, result, error);
}

static void
test_list (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  start (f, "ma", ROOM, 10, NULL);
  start (f, "mb", ROOM, 20, NULL);
  start (f, "mc", ROOM, 20, NULL);
  cv_meetings_end_async (f->store, "mc", 30, "host", on_ready, &slot);
  result = wait_for (&slot);
  g_autoptr (GPtrArray) first = list (f, ROOM, NULL, 2, NULL);
  const CvMeetingRow *ended = first->pdata[0], *running = first->pdata[1];
  g_autofree char *cursor = cv_meeting_row_to_cursor (running);
  g_autoptr (GPtrArray) second = list (f, ROOM, cursor, 2, NULL);
  g_autoptr (GPtrArray) none = list (f, "bbbbbbbbbbbb", NULL, 2, NULL);

  g_assert_cmpuint (first->len, ==, 2);
  g_assert_cmpstr (ended->id, ==, "mc");
  g_assert_cmpstr (ended->room, ==, ROOM);
  g_assert_cmpstr (ended->reason, ==, "host");
  g_assert_cmpint (ended->started, ==, 20);
  g_assert_cmpint (ended->ended, ==, 30);
  g_assert_cmpstr (running->id, ==, "mb");
  g_assert_null (running->reason);
  g_assert_cmpint (running->ended, ==, 0);
  g_assert_cmpuint (second->len, ==, 1);
  g_assert_cmpstr (((CvMeetingRow *) second->pdata[0])->id, ==, "ma");
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_null (list (f, ROOM, "x", 2, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/meetings/start-and-end", test_start_and_end);
  ADD ("/meetings/list", test_list);
  ADD ("/meetings/refused", test_refused);
  ADD ("/meetings/after-a-crash", test_after_a_crash);
  ADD ("/meetings/goes-with-its-room", test_goes_with_its_room);
  ADD ("/meetings/closed-store", test_closed_store);
  return g_test_run ();
}
