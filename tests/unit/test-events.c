/* Table `event`: each call, its limits, and whose list has what. */
#include "store/events.h"

#include "lib/recordings.h"
#include "lib/wait.h"

#include <string.h>

/* of cv_test_recordings_open() */
#define ROOM "abcdefghijkm"
#define OTHER "nopqrstuvwxy"

static CvEventRow
make_row (const char *id, const char *room, const char *start)
{
  return (CvEventRow){ .id = (char *) id,
                       .room = (char *) room,
                       .owner = (char *) "uabcdefghijkm",
                       .title = (char *) "Zoë '; DROP TABLE event; --",
                       .start = (char *) start,
                       .zone = (char *) "Europe/Zurich",
                       .minutes = 30,
                       .cancelled = (char *) "[]",
                       .created = 1,
                       .changed = 2 };
}

static gboolean
insert_row (CvStore *store, const CvEventRow *row, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_events_insert_async (store, row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_events_change_finish (store, result, error);
}

static gboolean
insert (CvStore *store, const char *id, const char *room, const char *start, GError **error)
{
  CvEventRow row = make_row (id, room, start);
  return insert_row (store, &row, error);
}

static gboolean
update (CvStore *store, const CvEventRow *row, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_events_update_async (store, row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_events_change_finish (store, result, error);
}

static gboolean delete (CvStore *store, const char *id, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_events_delete_async (store, id, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_events_change_finish (store, result, error);
}

static CvEventRow *
load (CvStore *store, const char *id, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_events_load_async (store, id, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_events_load_finish (store, result, error);
}

static char *
join_ids (GPtrArray *rows)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < rows->len; i++)
    g_string_append_printf (text, "%.2s ", ((CvEventRow *) g_ptr_array_index (rows, i))->id);
  return g_string_free (text, FALSE);
}

static char *
list_of_room (CvStore *store, const char *room)
{
  GAsyncResult *slot = NULL;
  cv_events_list_of_room_async (store, room, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) rows = cv_events_list_finish (store, result, NULL);
  return join_ids (rows);
}

static void
assert_list_of_actor (CvStore *store, const char *actor, const char *from, const char *to, const char *expected)
{
  GAsyncResult *slot = NULL;
  cv_events_list_of_actor_async (store, actor, from, to, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) rows = cv_events_list_finish (store, result, NULL);
  g_autofree char *ids = join_ids (rows);
  g_assert_cmpstr (ids, ==, expected);
}

static void
test_life (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  insert (store, "eaaaaaaaaaaaa", ROOM, "2026-11-26T09:00", &error);
  g_assert_no_error (error);
  g_autoptr (CvEventRow) row = load (store, "eaaaaaaaaaaaa", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (row->room, ==, ROOM);
  g_assert_cmpstr (row->owner, ==, "uabcdefghijkm");
  g_assert_cmpstr (row->title, ==, "Zoë '; DROP TABLE event; --");
  g_assert_cmpstr (row->start, ==, "2026-11-26T09:00");
  g_assert_cmpstr (row->zone, ==, "Europe/Zurich");
  g_assert_cmpint (row->minutes, ==, 30);
  g_assert_null (row->repeat);
  g_assert_cmpstr (row->cancelled, ==, "[]");
  g_assert_cmpint (row->created, ==, 1);
  g_assert_cmpint (row->changed, ==, 2);
  g_assert_cmpstr (row->room_kind, ==, "boardroom");
  g_assert_null (row->room_owner);
  g_assert_false (row->has_secret);

  g_free (row->repeat);
  row->repeat = g_strdup ("{}");
  row->minutes = 45;
  row->sequence++;
  g_assert_true (update (store, row, &error));
  /* somebody else's change came first */
  g_assert_false (update (store, row, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_clear_error (&error);
  g_autoptr (CvEventRow) changed = load (store, "eaaaaaaaaaaaa", NULL);
  g_assert_cmpint (changed->minutes, ==, 45);
  g_assert_cmpint (changed->sequence, ==, 1);
  g_assert_cmpstr (changed->repeat, ==, "{}");

  g_assert_true (delete (store, "eaaaaaaaaaaaa", NULL));
  g_assert_false (delete (store, "eaaaaaaaaaaaa", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_null (load (store, "eaaaaaaaaaaaa", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
}

static void
test_refused (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  g_assert_false (insert (store, "eaaaaaaaaaaaa", OTHER, "2026-11-26T09:00", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_true (insert (store, "eaaaaaaaaaaaa", ROOM, "2026-11-26T09:00", NULL));
  g_assert_false (insert (store, "eaaaaaaaaaaaa", ROOM, "2026-11-26T09:00", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS);
}

static void
test_limits (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  cv_test_recordings_run (store, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99) "
                                 "INSERT INTO event (id, room, title, start, zone, minutes, created, changed) "
                                 "SELECT 'e' || i, '" ROOM "', '', '', '', 1, 1, 1 FROM n");
  g_assert_true (insert (store, "eaaaaaaaaaaaa", ROOM, "2026-11-26T09:00", NULL));
  g_assert_false (insert (store, "ebaaaaaaaaaaa", ROOM, "2026-11-26T09:00", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT);
  g_clear_error (&error);
  cv_test_recordings_run (store, "DELETE FROM event");
  cv_test_recordings_run (store, "INSERT INTO room (id, kind, title, created, join_verifier, host_verifier) VALUES "
                                 "('" OTHER "', 'boardroom', 'Hall', 1, zeroblob (32), zeroblob (32))");
  cv_test_recordings_run (store, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
                                 "INSERT INTO event (id, room, owner, title, start, zone, minutes, created, changed) "
                                 "SELECT 'e' || i, '" OTHER "', 'uabcdefghijkm', '', '', '', 1, 1, 1 FROM n");
  g_assert_false (insert (store, "eaaaaaaaaaaaa", ROOM, "2026-11-26T09:00", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT);
}

static void
test_lists (CvStore *store)
{
  CvEventRow again = make_row ("eeaaaaaaaaaaa", ROOM, "2020-01-01T09:00");
  again.repeat = (char *) "{}";
  again.created = 5;
  again.owner = NULL;
  insert_row (store, &again, NULL);
  insert (store, "ebaaaaaaaaaaa", ROOM, "2026-11-28T09:00", NULL);
  insert (store, "eaaaaaaaaaaaa", ROOM, "2026-11-26T09:00", NULL);
  g_autofree char *of_room = list_of_room (store, ROOM);
  g_assert_cmpstr (of_room, ==, "ee ea eb ");
  g_autofree char *of_none = list_of_room (store, OTHER);
  g_assert_cmpstr (of_none, ==, "");

  assert_list_of_actor (store, NULL, "2026-11-20", NULL, "ee ea eb ");
  assert_list_of_actor (store, NULL, "2026-11-20", "2026-11-25", "ee ea ");
  assert_list_of_actor (store, NULL, "2026-11-29", NULL, "ee eb ");
  assert_list_of_actor (store, NULL, "2026-12-29", NULL, "ee ");
  assert_list_of_actor (store, NULL, "2010-01-01", "2019-01-01", "");
  assert_list_of_actor (store, "uabcdefghijkm", "2026-11-20", NULL, "ea eb ");
  assert_list_of_actor (store, "unnnnnnnnnnnn", "2026-11-20", NULL, "");
  /* whose the room is sees what others plan in it */
  cv_test_recordings_run (store, "UPDATE room SET owner = 'unnnnnnnnnnnn'");
  assert_list_of_actor (store, "unnnnnnnnnnnn", "2026-11-20", NULL, "ee ea eb ");
  cv_test_recordings_run (store, "UPDATE room SET secret = randomblob (32)");
  g_autoptr (CvEventRow) row = load (store, "eaaaaaaaaaaaa", NULL);
  g_assert_cmpstr (row->room_owner, ==, "unnnnnnnnnnnn");
  g_assert_true (row->has_secret);
  cv_test_recordings_run (store, "DELETE FROM recording");
  cv_test_recordings_run (store, "DELETE FROM room");
  assert_list_of_actor (store, NULL, "2010-01-01", NULL, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_recordings_add_func ("/events/life", test_life);
  cv_test_recordings_add_func ("/events/refused", test_refused);
  cv_test_recordings_add_func ("/events/limits", test_limits);
  cv_test_recordings_add_func ("/events/lists", test_lists);
  return g_test_run ();
}
