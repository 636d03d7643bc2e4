/* Table `call`: from the first ring to the end, listed, and forgotten in time. */
#include "store/calls.h"

#include "lib/recordings.h"
#include "lib/wait.h"

#define ROOM "abcdefghijkm"

static void
put (CvStore *store, const char *id, const char *room, gint64 started, gint64 ended)
{
  CvCallRow row = { .id = (char *) id,
                    .room = (char *) room,
                    .caller = (char *) "…123",
                    .trunk = (char *) "acme",
                    .started = started,
                    .ended = ended,
                    .reason = (char *) (ended != 0 ? "hung-up" : NULL) };
  GAsyncResult *slot = NULL;
  g_autoptr (GError) error = NULL;
  cv_calls_put_async (store, &row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  cv_calls_put_finish (store, result, &error);
  g_assert_no_error (error);
}

static gint64
count (CvStore *store, GAsyncResult **slot)
{
  g_autoptr (GAsyncResult) result = cv_test_wait_for (slot);
  return cv_calls_count_finish (store, result, NULL);
}

/* Ids with a space between, in the order of the list. */
static char *
list (CvStore *store, const char *room, const char *cursor, guint limit, char **next)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GError) error = NULL;
  GString *text = g_string_new (NULL);
  cv_calls_list_async (store, room, cursor, limit, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) rows = cv_calls_list_finish (store, result, &error);
  if (rows == NULL)
    g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_INVALID);
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    g_string_append_printf (text, "%s ", ((CvCallRow *) rows->pdata[i])->id);
  if (next != NULL)
    *next = cv_call_row_to_cursor (rows->pdata[rows->len - 1]);
  return g_string_free (text, FALSE);
}

static void
test_life (CvStore *store)
{
  put (store, "cabcdefghijkm", NULL, 10, 0);
  put (store, "cabcdefghijkm", ROOM, 10, 30);
  g_autofree char *dump = cv_test_recordings_dump (
    store, "SELECT id, room, ifnull (meeting, 'none'), caller, trunk, security, started, ended, reason FROM call");
  g_assert_cmpstr (dump, ==, "cabcdefghijkm " ROOM " none …123 acme none 10 30 hung-up;");
}

static void
test_list (CvStore *store)
{
  g_autofree char *next = NULL;
  put (store, "caaaaaaaaaaaa", ROOM, 1, 2);
  put (store, "cbbbbbbbbbbbb", NULL, 2, 0);
  put (store, "cccccccccccccc", ROOM, 2, 0);
  g_autofree char *all = list (store, NULL, NULL, 10, NULL);
  g_assert_cmpstr (all, ==, "cccccccccccccc cbbbbbbbbbbbb caaaaaaaaaaaa ");
  g_autofree char *of_room = list (store, ROOM, NULL, 1, &next);
  g_assert_cmpstr (of_room, ==, "cccccccccccccc ");
  g_autofree char *rest = list (store, ROOM, next, 10, NULL);
  g_assert_cmpstr (rest, ==, "caaaaaaaaaaaa ");
  g_autofree char *nonsense = list (store, NULL, "!", 10, NULL);
  g_assert_cmpstr (nonsense, ==, "");
}

static void
test_crash_and_time (CvStore *store)
{
  GAsyncResult *slot = NULL;
  put (store, "caaaaaaaaaaaa", ROOM, 1, 0);
  put (store, "cbbbbbbbbbbbb", NULL, 100, 0);
  cv_calls_close_open_async (store, 50, cv_test_on_ready, &slot);
  g_assert_cmpint (count (store, &slot), ==, 2);
  g_autofree char *dump = cv_test_recordings_dump (store, "SELECT ended, reason FROM call ORDER BY id");
  g_assert_cmpstr (dump, ==, "50 crash;100 crash;");
  put (store, "cccccccccccccc", NULL, 1, 0);
  cv_calls_prune_async (store, 100, cv_test_on_ready, &slot);
  g_assert_cmpint (count (store, &slot), ==, 1);
  g_autofree char *left = list (store, NULL, NULL, 10, NULL);
  g_assert_cmpstr (left, ==, "cbbbbbbbbbbbb cccccccccccccc ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_recordings_add_func ("/calls/life", test_life);
  cv_test_recordings_add_func ("/calls/list", test_list);
  cv_test_recordings_add_func ("/calls/crash-and-time", test_crash_and_time);
  return g_test_run ();
}
