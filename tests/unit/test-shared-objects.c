/* What people share, in the database: the latest state of each object. */
#include "store/shared-objects.h"

#include "lib/recordings.h"
#include "lib/rooms.h"
#include "lib/wait.h"

#define MEETING "mabcdefghijkm"

static gboolean
save (CvStore *store, const char *meeting, const char *id, const char *state, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_shared_object_row_free);
  g_ptr_array_add (rows, cv_shared_object_row_new ("first", "item", g_strdup ("{}")));
  g_ptr_array_add (rows, cv_shared_object_row_new (id, "message", g_strdup (state)));
  cv_shared_objects_save_async (store, meeting, rows, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_shared_objects_save_finish (store, result, error);
}

static void
test_save (CvStore *store)
{
  GAsyncResult *slot = NULL;
  g_assert_true (save (store, MEETING, "m1", "{\"text\":[\"a\",1,\"p\"]}", NULL));
  g_assert_true (save (store, MEETING, "m1", "{\"gone\":[true,2,\"p\"]}", NULL));
  g_assert_true (save (store, MEETING, "m2", "{}", NULL));
  cv_shared_objects_list_async (store, MEETING, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) rows = cv_shared_objects_list_finish (store, result, NULL);
  g_assert_cmpuint (rows->len, ==, 3);
  const CvSharedObjectRow *row = g_ptr_array_index (rows, 1);
  g_assert_cmpstr (row->id, ==, "m1");
  g_assert_cmpstr (row->type, ==, "message");
  g_assert_cmpstr (row->state, ==, "{\"gone\":[true,2,\"p\"]}");
}

static void
test_no_meeting (CvStore *store)
{
  g_autoptr (GError) error = NULL;
  g_assert_false (save (store, "mnothingthere", "m1", "{}", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_autofree char *left = cv_test_store_ask (store, "SELECT count (*) FROM content");
  g_assert_cmpstr (left, ==, "0 ");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  cv_test_recordings_add_func ("/shared-objects/save", test_save);
  cv_test_recordings_add_func ("/shared-objects/no-meeting", test_no_meeting);
  return g_test_run ();
}
