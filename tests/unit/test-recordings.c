/* Table `recording`: each call and its errors, and how a list is filtered, sorted and gone on with. */
#include "store/recordings.h"

#include "store/meetings.h"
#include "store/rooms.h"

#define ROOM "abcdefghijkm"
#define OTHER "bbcdefghijkm"

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
add_room (Fixture *f, const char *id, const char *meeting)
{
  CvRoomRow row = { .id = (char *) id, .kind = (char *) "boardroom", .title = (char *) "" };
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) inserted = NULL;
  g_autoptr (GAsyncResult) started = NULL;

  cv_rooms_insert_async (f->store, &row, on_ready, &slot);
  inserted = wait_for (&slot);
  g_assert_true (cv_rooms_insert_finish (f->store, inserted, NULL));
  cv_meetings_start_async (f->store, meeting, id, 1, on_ready, &slot);
  started = wait_for (&slot);
  g_assert_true (cv_meetings_start_finish (f->store, started, NULL));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->store = cv_store_open (":memory:", NULL);
  add_room (f, ROOM, "m1");
  add_room (f, OTHER, "m2");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_store_close (f->store);
  g_assert_finalize_object (f->store);
}

static gboolean
insert (Fixture *f, const CvRecordingRow *row, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  cv_recordings_insert_async (f->store, row, on_ready, &slot);
  result = wait_for (&slot);
  return cv_recordings_insert_finish (f->store, result, error);
}

static void
add (Fixture *f, const char *id, const char *title, gint64 started, gint64 bytes, CvRecordingStatus status)
{
  const CvRecordingRow row = { .id = (char *) id,
                               .room = (char *) (started % 2 == 0 ? ROOM : OTHER),
                               .meeting = (char *) (started % 2 == 0 ? "m1" : "m2"),
                               .title = (char *) title,
                               .started = started,
                               .status = status,
                               .bytes = bytes,
                               .duration = -started,
                               .expires = bytes };
  g_autoptr (GError) error = NULL;

  insert (f, &row, &error);
  g_assert_no_error (error);
}

static CvRecordingRow *
load (Fixture *f, const char *id, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  cv_recordings_load_async (f->store, id, on_ready, &slot);
  result = wait_for (&slot);
  return cv_recordings_load_finish (f->store, result, error);
}

static GPtrArray *
list (Fixture *f, const CvRecordingsQuery *query, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  cv_recordings_list_async (f->store, query, on_ready, &slot);
  result = wait_for (&slot);
  return cv_recordings_list_finish (f->store, result, error);
}

/* The ids in order. */
static void
assert_list (Fixture *f, CvRecordingsQuery query, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) ids = g_string_new (NULL);
  g_autoptr (GPtrArray) rows = NULL;

  if (query.limit == 0)
    query.limit = CV_RECORDINGS_MAX_PAGE;
  rows = list (f, &query, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    g_string_append_printf (ids, "%s%s", i > 0 ? " " : "", ((CvRecordingRow *) rows->pdata[i])->id);
  g_assert_cmpstr (ids->str, ==, expected);
}

static void
test_row (Fixture *f, gconstpointer data)
{
  const CvRecordingRow row = { .id = (char *) "r1",
                               .room = (char *) ROOM,
                               .meeting = (char *) "m1",
                               .title = (char *) "Title",
                               .started = 1000,
                               .expires = 5000 };
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRecordingRow) loaded = NULL;

  insert (f, &row, &error);
  g_assert_no_error (error);
  loaded = load (f, "r1", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (loaded->room, ==, ROOM);
  g_assert_cmpstr (loaded->meeting, ==, "m1");
  g_assert_cmpstr (loaded->title, ==, "Title");
  g_assert_cmpint (loaded->started, ==, 1000);
  g_assert_cmpint (loaded->ended, ==, 0);
  g_assert_cmpint (loaded->status, ==, CV_RECORDING_RECORDING);
  g_assert_cmpstr (loaded->error, ==, "");
  g_assert_cmpint (loaded->expires, ==, 5000);
  g_assert_false (insert (f, &row, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS);
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  const CvRecordingRow row = {
    .id = (char *) "r1", .room = (char *) ROOM, .meeting = (char *) "m9", .title = (char *) ""
  };
  g_autoptr (GError) error = NULL;

  g_assert_false (insert (f, &row, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_null (load (f, "r1", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
}

static void
test_list (Fixture *f, gconstpointer data)
{
  add (f, "r1", "beta", 1, 300, CV_RECORDING_READY);
  add (f, "r2", "Alpha 100%", 2, 100, CV_RECORDING_RECORDING);
  add (f, "r3", "gamma", 3, 200, CV_RECORDING_FAILED);
  add (f, "r4", "gone", 4, 400, CV_RECORDING_DELETING);
  assert_list (f, (CvRecordingsQuery){ 0 }, "r3 r2 r1");
  assert_list (f, (CvRecordingsQuery){ .ascending = TRUE }, "r1 r2 r3");
  assert_list (f, (CvRecordingsQuery){ .order = CV_RECORDINGS_BY_TITLE, .ascending = TRUE }, "r2 r1 r3");
  assert_list (f, (CvRecordingsQuery){ .order = CV_RECORDINGS_BY_BYTES }, "r1 r3 r2");
  assert_list (f, (CvRecordingsQuery){ .order = CV_RECORDINGS_BY_DURATION }, "r1 r2 r3");
  assert_list (f, (CvRecordingsQuery){ .room = OTHER }, "r3 r1");
  assert_list (f, (CvRecordingsQuery){ .status = "deleting" }, "r4");
  assert_list (f, (CvRecordingsQuery){ .status = "recording" }, "r2");
  assert_list (f, (CvRecordingsQuery){ .text = "ALPHA" }, "r2");
  assert_list (f, (CvRecordingsQuery){ .text = "%" }, "r2");
  assert_list (f, (CvRecordingsQuery){ .text = "delta" }, "");
  assert_list (f, (CvRecordingsQuery){ .expired = 200 }, "r3 r2");
}

static gpointer
own_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  cv_store_exec (db, error, "UPDATE room SET owner = 'ua' WHERE id = ?", "s", ROOM);
  return NULL;
}

static void
test_of_owner (Fixture *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  add (f, "r1", "beta", 1, 300, CV_RECORDING_READY);
  add (f, "r2", "alpha", 2, 100, CV_RECORDING_READY);
  assert_list (f, (CvRecordingsQuery){ .owner = "ua" }, "");
  cv_store_run_async (f->store, own_on_worker, NULL, NULL, NULL, NULL, on_ready, &slot);
  result = wait_for (&slot);
  assert_list (f, (CvRecordingsQuery){ .owner = "ua" }, "r2");
  assert_list (f, (CvRecordingsQuery){ .owner = "ub" }, "");
  assert_list (f, (CvRecordingsQuery){ .owner = "ua", .room = OTHER }, "");
}

static gpointer
name_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  cv_store_exec (db, error, "UPDATE room SET title = 'Küche' WHERE id = ?", "s", ROOM);
  cv_store_exec (db, error,
                 "INSERT INTO consent (recording, person, name, answer, at) VALUES ('r3', 'p', 'Åse O''Hara', "
                 "'agreed', 1)",
                 "");
  return NULL;
}

static void
test_search (Fixture *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  add (f, "r1", "beta", 1, 300, CV_RECORDING_READY);
  add (f, "r2", "ÄRGER", 2, 100, CV_RECORDING_READY);
  add (f, "r3", "gamma", 3, 200, CV_RECORDING_READY);
  cv_store_run_async (f->store, name_on_worker, NULL, NULL, NULL, NULL, on_ready, &slot);
  result = wait_for (&slot);
  g_assert_true (cv_store_run_finish_plain (f->store, result, NULL));
  assert_list (f, (CvRecordingsQuery){ .text = "ärg" }, "r2");
  assert_list (f, (CvRecordingsQuery){ .text = "KÜCHE" }, "r2");
  assert_list (f, (CvRecordingsQuery){ .text = "åse o'h" }, "r3");
  assert_list (f, (CvRecordingsQuery){ .text = "a" }, "r3 r1");
  assert_list (f, (CvRecordingsQuery){ .text = "" }, "r3 r2 r1");
  assert_list (f, (CvRecordingsQuery){ .text = "\xff" }, "");
}

/* Every row once, page by page, though the one that the cursor names is deleted in between. */
static void
test_pages (Fixture *f, gconstpointer data)
{
  static const char *const titles[] = { "b", "B", "a", "c c", "c c" };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++) {
    g_autofree char *id = g_strdup_printf ("r%u", i);

    add (f, id, titles[i], 10 + 2 * (i / 2), 5, CV_RECORDING_READY);
  }
  for (CvRecordingsOrder order = CV_RECORDINGS_BY_STARTED; order <= CV_RECORDINGS_BY_DURATION; order++)
    for (int ascending = 0; ascending < 2; ascending++) {
      CvRecordingsQuery query = { .order = order, .ascending = ascending, .limit = 1 };
      g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_autofree char *cursor = NULL;

      for (;;) {
        g_autoptr (GError) error = NULL;
        g_autoptr (GPtrArray) rows = NULL;

        query.cursor = cursor;
        rows = list (f, &query, &error);
        g_assert_no_error (error);
        if (rows->len == 0)
          break;
        g_assert_true (g_hash_table_add (seen, g_strdup (((CvRecordingRow *) rows->pdata[0])->id)));
        g_free (cursor);
        cursor = cv_recording_row_to_cursor (rows->pdata[0], order);
      }
      g_assert_cmpuint (g_hash_table_size (seen), ==, G_N_ELEMENTS (titles));
    }
}

static void
test_bad_cursors (Fixture *f, gconstpointer data)
{
  /* nothing; no base64url; no space; not a number; with a NUL; not UTF-8 */
  static const char *const cursors[] = { "", "!", "cjE", "cjEgeA", "cjEgAA", "cjEg_w" };

  for (guint i = 0; i < G_N_ELEMENTS (cursors); i++) {
    const CvRecordingsQuery query = { .cursor = cursors[i], .limit = 1 };
    g_autoptr (GError) error = NULL;

    g_assert_null (list (f, &query, &error));
    g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_INVALID);
  }
}

static gboolean
finish (Fixture *f, GAsyncResult **slot, GError **error)
{
  g_autoptr (GAsyncResult) result = wait_for (slot);

  return cv_recordings_change_finish (f->store, result, error);
}

/* All changes of one row, and that each of them says where there is none. */
static void
change_all (Fixture *f, const char *id, gboolean expected)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GError) error = NULL;

  cv_recordings_set_title_async (f->store, id, "New", on_ready, &slot);
  g_assert_cmpint (finish (f, &slot, expected ? NULL : &error), ==, expected);
  if (!expected)
    g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  cv_recordings_end_async (f->store, id, 9000, 7000, 42, 3, on_ready, &slot);
  g_assert_cmpint (finish (f, &slot, NULL), ==, expected);
  cv_recordings_set_status_async (f->store, id, CV_RECORDING_FAILED, "render-failed", on_ready, &slot);
  g_assert_cmpint (finish (f, &slot, NULL), ==, expected);
  cv_recordings_set_expires_async (f->store, id, 0, on_ready, &slot);
  g_assert_cmpint (finish (f, &slot, NULL), ==, expected);
}

static void
test_changes (Fixture *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  g_autoptr (CvRecordingRow) row = NULL;

  add (f, "r1", "Old", 1000, 5, CV_RECORDING_RECORDING);
  add (f, "r2", "Other", 1000, 5, CV_RECORDING_RECORDING);
  change_all (f, "r9", FALSE);
  change_all (f, "r1", TRUE);
  row = load (f, "r1", NULL);
  g_assert_cmpstr (row->title, ==, "New");
  g_assert_cmpint (row->status, ==, CV_RECORDING_FAILED);
  g_assert_cmpstr (row->error, ==, "render-failed");
  g_assert_cmpint (row->ended, ==, 9000);
  g_assert_cmpint (row->duration, ==, 7000);
  g_assert_cmpint (row->bytes, ==, 42);
  g_assert_cmpuint (row->people, ==, 3);
  g_assert_cmpint (row->expires, ==, 0);
  cv_recordings_set_size_async (f->store, "r1", 1, 2, on_ready, &slot);
  g_assert_true (finish (f, &slot, NULL));
  /* it has ended already */
  cv_recordings_end_async (f->store, "r1", 9999, 0, 0, 0, on_ready, &slot);
  g_assert_false (finish (f, &slot, NULL));
  cv_recordings_delete_async (f->store, "r1", on_ready, &slot);
  g_assert_true (finish (f, &slot, NULL));
  assert_list (f, (CvRecordingsQuery){ 0 }, "r2");
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/recordings/row", test_row);
  ADD ("/recordings/refused", test_refused);
  ADD ("/recordings/list", test_list);
  ADD ("/recordings/of-owner", test_of_owner);
  ADD ("/recordings/search", test_search);
  ADD ("/recordings/pages", test_pages);
  ADD ("/recordings/bad-cursors", test_bad_cursors);
  ADD ("/recordings/changes", test_changes);
  return g_test_run ();
}
