/* Table `token`: each call, and its errors. */
#include "store/tokens.h"

#include "lib/wait.h"
#include "store/rooms.h"

#include <string.h>

#define ROOM "abcdefghijkm"

static CvStore *
open_store (void)
{
  CvStore *store = cv_store_open (":memory:", NULL);
  CvRoomRow row = { .id = (char *) ROOM, .kind = (char *) "classroom", .title = (char *) "Tea", .created = 1 };
  GAsyncResult *slot = NULL;
  cv_rooms_insert_async (store, &row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_rooms_insert_finish (store, result, NULL));
  return store;
}

static void
close_store (CvStore *store)
{
  cv_store_close (store);
  cv_test_wait_gone (store);
}

/* The hash is 32 times the id's last letter. */
static gboolean
insert (CvStore *store, const char *id, const char *room, gint64 created, gint64 expires, GError **error)
{
  CvTokenRow row = { .id = (char *) id,
                     .room = (char *) room,
                     .publishes = created % 2 == 0,
                     .consents = created % 2 == 0,
                     .name = (char *) "Kamera '; DROP TABLE token; -- 😀",
                     .created = created,
                     .expires = expires };
  GAsyncResult *slot = NULL;
  memset (row.hash, id[strlen (id) - 1], sizeof row.hash);
  cv_tokens_insert_async (store, &row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_tokens_insert_finish (store, result, error);
}

static CvTokenRow *
find (CvStore *store, char letter, GError **error)
{
  guint8 hash[CV_TOKEN_HASH_BYTES];
  GAsyncResult *slot = NULL;
  memset (hash, letter, sizeof hash);
  cv_tokens_find_async (store, hash, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_tokens_find_finish (store, result, error);
}

static char *
list (CvStore *store, const char *room)
{
  GAsyncResult *slot = NULL;
  cv_tokens_list_async (store, room, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) rows = cv_tokens_list_finish (store, result, NULL);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < rows->len; i++)
    g_string_append_printf (text, "%s ", ((CvTokenRow *) g_ptr_array_index (rows, i))->id);
  return g_string_free (text, FALSE);
}

static gboolean
end_token (CvStore *store, const char *id, gint64 at, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_tokens_revoke_async (store, id, at, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_tokens_revoke_finish (store, result, error);
}

static void
test_insert_and_find (void)
{
  CvStore *store = open_store ();
  g_autoptr (GError) error = NULL;
  g_assert_true (insert (store, "ta", ROOM, 1790000000122, 0, &error));
  g_assert_true (insert (store, "tb", ROOM, 1790000000123, 1790000000999, &error));
  g_autoptr (CvTokenRow) row = find (store, 'a', &error);
  g_autoptr (CvTokenRow) a = cv_token_row_copy (row);
  g_autoptr (CvTokenRow) b = find (store, 'b', &error);
  g_assert_no_error (error);
  g_assert_cmpstr (a->id, ==, "ta");
  g_assert_cmpstr (a->room, ==, ROOM);
  g_assert_cmpstr (a->name, ==, "Kamera '; DROP TABLE token; -- 😀");
  g_assert_true (a->publishes && a->hash[31] == 'a' && a->expires == 0 && a->revoked == 0 && a->consents);
  g_assert_cmpint (a->created, ==, 1790000000122);
  g_assert_false (b->publishes || b->consents);
  g_assert_cmpint (b->expires, ==, 1790000000999);
  g_assert_null (find (store, 'c', &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  close_store (store);
}

static void
test_refused (void)
{
  CvStore *store = open_store ();
  g_autoptr (GError) taken = NULL, hash = NULL, room = NULL;
  g_assert_true (insert (store, "ta", ROOM, 1, 0, NULL));
  g_assert_false (insert (store, "ta", ROOM, 2, 0, &taken));
  g_assert_error (taken, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS);
  g_assert_false (insert (store, "tta", ROOM, 2, 0, &hash));
  g_assert_error (hash, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS);
  g_assert_false (insert (store, "tb", "mmmmmmmmmmmm", 1, 0, &room));
  g_assert_error (room, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  close_store (store);
}

static void
test_list_and_revoke (void)
{
  CvStore *store = open_store ();
  g_autoptr (GError) error = NULL;
  insert (store, "ta", ROOM, 1, 0, NULL);
  insert (store, "tb", ROOM, 3, 0, NULL);
  insert (store, "tc", ROOM, 2, 0, NULL);
  g_autofree char *all = list (store, ROOM), *none = list (store, "mmmmmmmmmmmm");
  g_assert_cmpstr (all, ==, "tb tc ta ");
  g_assert_cmpstr (none, ==, "");
  g_assert_true (end_token (store, "tb", 77, &error));
  g_assert_true (end_token (store, "tb", 99, &error));
  g_autoptr (CvTokenRow) revoked = find (store, 'b', &error);
  g_assert_no_error (error);
  g_assert_cmpint (revoked->revoked, ==, 77);
  g_assert_false (end_token (store, "tx", 77, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  close_store (store);
}

/* What is no longer good makes room. */
static void
test_limit (void)
{
  CvStore *store = open_store ();
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < CV_TOKENS_MAX; i++) {
    g_autofree char *id = g_strdup_printf ("t%c%c", 'a' + i / 100, 1 + i);
    g_assert_true (insert (store, id, ROOM, 10, i == 7 ? 50 : 0, NULL));
  }
  g_assert_false (insert (store, "t\377", ROOM, 50, 0, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT);
  g_assert_true (insert (store, "t\377", ROOM, 51, 0, NULL));
  g_assert_false (insert (store, "t\376", ROOM, 51, 0, NULL));
  g_assert_true (end_token (store, "t\377", 51, NULL));
  g_assert_true (insert (store, "t\376", ROOM, 51, 0, NULL));
  close_store (store);
}

static void
test_gone_with_the_room (void)
{
  CvStore *store = open_store ();
  GAsyncResult *slot = NULL;
  insert (store, "ta", ROOM, 1, 0, NULL);
  cv_rooms_delete_async (store, ROOM, cv_test_on_ready, &slot);
  GAsyncResult *result = cv_test_wait_for (&slot);
  g_assert_true (cv_rooms_delete_finish (store, result, NULL));
  g_object_unref (result);
  g_assert_null (find (store, 'a', NULL));
  close_store (store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tokens/insert-and-find", test_insert_and_find);
  g_test_add_func ("/tokens/refused", test_refused);
  g_test_add_func ("/tokens/list-and-revoke", test_list_and_revoke);
  g_test_add_func ("/tokens/limit", test_limit);
  g_test_add_func ("/tokens/gone-with-the-room", test_gone_with_the_room);
  return g_test_run ();
}
