/* Table `room`: each call, and its errors. */
#include "store/rooms.h"

#include <string.h>

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

static CvStore *
open_store (void)
{
  g_autoptr (GError) error = NULL;
  CvStore *store = cv_store_open (":memory:", &error);

  g_assert_no_error (error);
  return store;
}

static gboolean
insert (CvStore *store, const char *id, const char *title, gint64 created, GError **error)
{
  CvRoomRow row = { .id = (char *) id, .kind = (char *) "standard", .title = (char *) title, .created = created };
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  memset (row.join_verifier, 0x11, CV_VERIFIER_BYTES);
  memset (row.host_verifier, 0x22, CV_VERIFIER_BYTES);
  cv_rooms_insert_async (store, &row, on_ready, &slot);
  result = wait_for (&slot);
  return cv_rooms_insert_finish (store, result, error);
}

static CvRoomRow *
load (CvStore *store, const char *id, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  cv_rooms_load_async (store, id, on_ready, &slot);
  result = wait_for (&slot);
  return cv_rooms_load_finish (store, result, error);
}

static GPtrArray *
list_as (CvStore *store, const CvRoomsQuery *query, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  cv_rooms_list_async (store, query, on_ready, &slot);
  result = wait_for (&slot);
  return cv_rooms_list_finish (store, result, error);
}

static GPtrArray *
list (CvStore *store)
{
  const CvRoomsQuery query = { .limit = CV_ROOMS_MAX_PAGE };
  g_autoptr (GError) error = NULL;
  GPtrArray *rows = list_as (store, &query, &error);

  g_assert_no_error (error);
  return rows;
}

static gint64
count (CvStore *store, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  cv_rooms_count_async (store, on_ready, &slot);
  result = wait_for (&slot);
  return cv_rooms_count_finish (store, result, error);
}

static gboolean
delete_room (CvStore *store, const char *id, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  cv_rooms_delete_async (store, id, on_ready, &slot);
  result = wait_for (&slot);
  return cv_rooms_delete_finish (store, result, error);
}

static void
test_insert_and_load (void)
{
  static const char TITLE[] = "Wöchentlich '; DROP TABLE room; -- 😀";
  g_autoptr (CvStore) store = open_store ();
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRoomRow) row = NULL;
  g_autoptr (CvRoomRow) copy = NULL;
  guint8 ones[CV_VERIFIER_BYTES], twos[CV_VERIFIER_BYTES];

  memset (ones, 0x11, sizeof ones);
  memset (twos, 0x22, sizeof twos);
  g_assert_true (insert (store, "abcdefghijkm", TITLE, 1790000000123, &error));
  g_assert_no_error (error);
  row = load (store, "abcdefghijkm", &error);
  g_assert_no_error (error);
  copy = cv_room_row_copy (row);
  g_assert_cmpstr (copy->id, ==, "abcdefghijkm");
  g_assert_cmpstr (copy->kind, ==, "standard");
  g_assert_cmpstr (copy->title, ==, TITLE);
  g_assert_cmpint (copy->created, ==, 1790000000123);
  g_assert_cmpmem (copy->join_verifier, CV_VERIFIER_BYTES, ones, sizeof ones);
  g_assert_cmpmem (copy->host_verifier, CV_VERIFIER_BYTES, twos, sizeof twos);
}

static gpointer
fill_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  for (gint64 i = 0; i < CV_ROOMS_MAX_PAGE + 5; i++) {
    g_autofree char *id = g_strdup_printf ("room-%d", (int) i);

    cv_store_exec (db, error,
                   "INSERT INTO room (id, kind, title, created, join_verifier, host_verifier) "
                   "VALUES (?, 'standard', '', ?, zeroblob (32), zeroblob (32))",
                   "si", id, i);
  }
  return NULL;
}

/* A room of before there were recordings has what one that says nothing has. */
static void
test_recording (void)
{
  g_autoptr (CvStore) store = open_store ();
  CvRoomRow row = { .id = (char *) "abcdefghijkm",
                    .kind = (char *) "boardroom",
                    .title = (char *) "",
                    .recording = TRUE,
                    .consent = CV_CONSENT_REQUIRE,
                    .keep_days = 0 };
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) filled = NULL;
  g_autoptr (CvRoomRow) on = NULL;
  g_autoptr (CvRoomRow) old = NULL;

  cv_rooms_insert_async (store, &row, on_ready, &slot);
  result = wait_for (&slot);
  g_assert_true (cv_rooms_insert_finish (store, result, NULL));
  on = load (store, "abcdefghijkm", NULL);
  g_assert_true (on->recording);
  g_assert_cmpint (on->consent, ==, CV_CONSENT_REQUIRE);
  g_assert_cmpint (on->keep_days, ==, 0);
  cv_store_run_async (store, fill_on_worker, NULL, NULL, NULL, NULL, on_ready, &slot);
  filled = wait_for (&slot);
  old = load (store, "room-7", NULL);
  g_assert_false (old->recording);
  g_assert_cmpint (old->consent, ==, CV_CONSENT_ANNOUNCE);
  g_assert_cmpint (old->keep_days, ==, CV_ROOM_KEEP_DEFAULT);
}

/* What hosts have of a room, kept as it came; one without has none of it. */
static void
test_hosts (void)
{
  g_autoptr (CvStore) store = open_store ();
  CvRoomRow row = { .id = (char *) "abcdefghijkm",
                    .kind = (char *) "boardroom",
                    .title = (char *) "",
                    .owner = (char *) "uabcdefghijkm",
                    .lobby = TRUE,
                    .has_secret = TRUE,
                    .orders = (char *) "{}" };
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CvRoomRow) kept = NULL;
  g_autoptr (CvRoomRow) plain = NULL;

  memset (row.secret, 0x33, CV_ROOM_SECRET_BYTES);
  cv_rooms_insert_async (store, &row, on_ready, &slot);
  result = wait_for (&slot);
  g_assert_true (cv_rooms_insert_finish (store, result, NULL));
  kept = load (store, "abcdefghijkm", NULL);
  g_assert_cmpstr (kept->owner, ==, row.owner);
  g_assert_true (kept->lobby);
  g_assert_true (kept->has_secret);
  g_assert_cmpmem (kept->secret, CV_ROOM_SECRET_BYTES, row.secret, CV_ROOM_SECRET_BYTES);
  g_assert_cmpstr (kept->orders, ==, "{}");
  g_assert_true (insert (store, "bbbbbbbbbbbb", "", 1, NULL));
  plain = load (store, "bbbbbbbbbbbb", NULL);
  g_assert_null (plain->owner);
  g_assert_false (plain->lobby);
  g_assert_false (plain->has_secret);
  g_assert_null (plain->orders);
}

static void
test_taken (void)
{
  g_autoptr (CvStore) store = open_store ();
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRoomRow) row = NULL;

  g_assert_true (insert (store, "abcdefghijkm", "first", 1, NULL));
  g_assert_false (insert (store, "abcdefghijkm", "second", 2, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS);
  row = load (store, "abcdefghijkm", NULL);
  g_assert_cmpstr (row->title, ==, "first");
}

static void
test_missing (void)
{
  g_autoptr (CvStore) store = open_store ();
  g_autoptr (GError) error = NULL;

  g_assert_null (load (store, "abcdefghijkm", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_false (delete_room (store, "abcdefghijkm", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
}

static void
test_delete (void)
{
  g_autoptr (CvStore) store = open_store ();
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRoomRow) other = NULL;

  g_assert_true (insert (store, "abcdefghijkm", "one", 1, NULL));
  g_assert_true (insert (store, "abcdefghijkn", "two", 1, NULL));
  g_assert_true (delete_room (store, "abcdefghijkm", &error));
  g_assert_no_error (error);
  g_assert_null (load (store, "abcdefghijkm", NULL));
  other = load (store, "abcdefghijkn", NULL);
  g_assert_nonnull (other);
}

static void
test_list (void)
{
  g_autoptr (CvStore) store = open_store ();
  g_autoptr (GPtrArray) none = list (store);
  g_autoptr (GPtrArray) rows = NULL;

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_true (insert (store, "aaaaaaaaaaaa", "old", 1, NULL));
  g_assert_true (insert (store, "bbbbbbbbbbbb", "new", 3, NULL));
  g_assert_true (insert (store, "cccccccccccc", "middle", 2, NULL));
  g_assert_true (insert (store, "dddddddddddd", "middle too", 2, NULL));
  rows = list (store);
  g_assert_cmpuint (rows->len, ==, 4);
  g_assert_cmpstr (((CvRoomRow *) rows->pdata[0])->title, ==, "new");
  g_assert_cmpstr (((CvRoomRow *) rows->pdata[1])->title, ==, "middle too");
  g_assert_cmpstr (((CvRoomRow *) rows->pdata[2])->title, ==, "middle");
  g_assert_cmpstr (((CvRoomRow *) rows->pdata[3])->title, ==, "old");
}

static void
test_count (void)
{
  g_autoptr (CvStore) store = open_store ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (count (store, &error), ==, 0);
  g_assert_true (insert (store, "abcdefghijkm", "one", 1, NULL));
  g_assert_true (insert (store, "abcdefghijkn", "two", 1, NULL));
  g_assert_cmpint (count (store, &error), ==, 2);
  g_assert_no_error (error);
  cv_store_close (store);
  g_assert_cmpint (count (store, &error), ==, -1);
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_FAILED);
}

static void
test_list_is_bounded (void)
{
  g_autoptr (CvStore) store = open_store ();
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  cv_store_run_async (store, fill_on_worker, NULL, NULL, NULL, NULL, on_ready, &slot);
  result = wait_for (&slot);
  g_assert_true (cv_store_run_finish_plain (store, result, NULL));
  rows = list (store);
  g_assert_cmpuint (rows->len, ==, CV_ROOMS_MAX_PAGE);
  g_assert_cmpint (((CvRoomRow *) rows->pdata[0])->created, ==, CV_ROOMS_MAX_PAGE + 4);
}

/* Every room once, page by page, also those of one moment, though the one that the cursor names is deleted in between. */
static void
test_pages (void)
{
  g_autoptr (CvStore) store = open_store ();
  g_autofree char *cursor = NULL;
  g_autoptr (GString) seen = g_string_new (NULL);

  for (char letter = 'a'; letter <= 'g'; letter++) {
    const char id[] = { letter, '\0' };

    g_assert_true (insert (store, id, "", letter < 'f' ? 5 : 6, NULL));
  }
  for (;;) {
    const CvRoomsQuery query = { .cursor = cursor, .limit = 2 };
    g_autoptr (GPtrArray) rows = list_as (store, &query, NULL);
    const CvRoomRow *last;

    if (rows->len == 0)
      break;
    for (guint i = 0; i < rows->len; i++)
      g_string_append (seen, ((CvRoomRow *) rows->pdata[i])->id);
    last = rows->pdata[rows->len - 1];
    g_free (cursor);
    cursor = cv_room_row_to_cursor (last);
    g_assert_true (delete_room (store, last->id, NULL));
  }
  g_assert_cmpstr (seen->str, ==, "gfedcba");
}

static gpointer
own_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  cv_store_exec (db, error, "UPDATE room SET owner = 'u' || id WHERE id IN ('a', 'c')", "");
  cv_store_exec (db, error, "UPDATE room SET owner = 'ua' WHERE id = 'b'", "");
  return NULL;
}

static void
test_queries (void)
{
  static const struct {
    CvRoomsQuery query;
    const char *found;
  } cases[] = {
    { { .limit = 10 }, "dcba" },
    { { .owner = "ua", .limit = 10 }, "ba" },
    { { .owner = "nobody", .limit = 10 }, "" },
    { { .text = "TÉE", .limit = 10 }, "da" },
    { { .text = "%", .limit = 10 }, "c" },
    { { .text = "tée", .owner = "ua", .limit = 10 }, "a" },
  };
  g_autoptr (CvStore) store = open_store ();
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  const CvRoomsQuery bad = { .cursor = "!", .limit = 1 };
  g_autoptr (GError) error = NULL;

  insert (store, "a", "Tée", 1, NULL);
  insert (store, "b", "Cake", 2, NULL);
  insert (store, "c", "100 %", 3, NULL);
  insert (store, "d", "for tée", 4, NULL);
  cv_store_run_async (store, own_on_worker, NULL, NULL, NULL, NULL, on_ready, &slot);
  result = wait_for (&slot);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GPtrArray) rows = list_as (store, &cases[i].query, NULL);
    g_autoptr (GString) found = g_string_new (NULL);

    for (guint k = 0; k < rows->len; k++)
      g_string_append (found, ((CvRoomRow *) rows->pdata[k])->id);
    g_assert_cmpstr (found->str, ==, cases[i].found);
  }
  g_assert_null (list_as (store, &bad, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_INVALID);
}

static gboolean
update (CvStore *store, const CvRoomRow *row, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  cv_rooms_update_async (store, row, on_ready, &slot);
  result = wait_for (&slot);
  return cv_rooms_update_finish (store, result, error);
}

/* The kind, the keys and the owner of a room are what they were. */
static void
test_update (void)
{
  g_autoptr (CvStore) store = open_store ();
  g_autoptr (GError) error = NULL;
  CvRoomRow change = { .id = (char *) "a",
                       .kind = (char *) "classroom",
                       .title = (char *) "Cake",
                       .created = 7,
                       .recording = TRUE,
                       .consent = CV_CONSENT_REQUIRE,
                       .keep_days = 3,
                       .lobby = TRUE,
                       .owner = (char *) "ua" };

  insert (store, "a", "Tea", 1, NULL);
  insert (store, "b", "Tea", 1, NULL);
  g_assert_true (update (store, &change, &error));
  g_autoptr (CvRoomRow) row = load (store, "a", NULL);
  g_autoptr (CvRoomRow) other = load (store, "b", NULL);
  g_assert_cmpstr (row->title, ==, "Cake");
  g_assert_true (row->recording && row->lobby);
  g_assert_cmpint (row->consent, ==, CV_CONSENT_REQUIRE);
  g_assert_cmpint (row->keep_days, ==, 3);
  g_assert_cmpstr (row->kind, ==, "standard");
  g_assert_cmpint (row->created, ==, 1);
  g_assert_null (row->owner);
  g_assert_cmpint (row->join_verifier[0], ==, 0x11);
  g_assert_cmpstr (other->title, ==, "Tea");
  change.id = (char *) "c";
  g_assert_false (update (store, &change, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
}

static gboolean
rotate (CvStore *store, const CvRoomRow *row, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  cv_rooms_rotate_async (store, row, on_ready, &slot);
  result = wait_for (&slot);
  return cv_rooms_rotate_finish (store, result, error);
}

/* From one generation to the next one, and to no other. */
static void
test_rotate (void)
{
  g_autoptr (CvStore) store = open_store ();
  g_autoptr (GError) error = NULL;

  insert (store, "a", "Tea", 1, NULL);
  insert (store, "b", "Tea", 1, NULL);
  g_autoptr (CvRoomRow) change = load (store, "a", NULL);
  g_assert_cmpint (change->generation, ==, 0);
  memset (change->join_verifier, 0x33, sizeof change->join_verifier);
  memset (change->host_verifier, 0x44, sizeof change->host_verifier);
  g_free (change->orders);
  change->orders = g_strdup ("{}");
  change->generation = 1;
  g_assert_true (rotate (store, change, &error));
  g_autoptr (CvRoomRow) row = load (store, "a", NULL);
  g_autoptr (CvRoomRow) other = load (store, "b", NULL);
  g_assert_cmpint (row->join_verifier[31], ==, 0x33);
  g_assert_cmpint (row->host_verifier[0], ==, 0x22);
  g_assert_cmpstr (row->orders, ==, "{}");
  g_assert_cmpint (row->generation, ==, 1);
  g_assert_cmpint (other->join_verifier[0], ==, 0x11);
  g_assert_cmpint (other->generation, ==, 0);
  for (gint64 generation = 1; generation <= 3; generation += 2) { /* once more; one left out */
    change->generation = generation;
    g_assert_false (rotate (store, change, &error));
    g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
    g_clear_error (&error);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rooms/insert-and-load", test_insert_and_load);
  g_test_add_func ("/rooms/recording", test_recording);
  g_test_add_func ("/rooms/hosts", test_hosts);
  g_test_add_func ("/rooms/taken", test_taken);
  g_test_add_func ("/rooms/missing", test_missing);
  g_test_add_func ("/rooms/delete", test_delete);
  g_test_add_func ("/rooms/list", test_list);
  g_test_add_func ("/rooms/count", test_count);
  g_test_add_func ("/rooms/pages", test_pages);
  g_test_add_func ("/rooms/queries", test_queries);
  g_test_add_func ("/rooms/update", test_update);
  g_test_add_func ("/rooms/rotate", test_rotate);
  g_test_add_func ("/rooms/list-is-bounded", test_list_is_bounded);
  return g_test_run ();
}
