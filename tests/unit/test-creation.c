/* A recording is made whole or not at all: too little space, no row, a folder that cannot be. */
#include "library/creation.h"

#include "lib/folder.h"
#include "lib/log.h"
#include "lib/wait.h"
#include "store/meetings.h"
#include "store/rooms.h"

#define RECORDING "rabcdefghijkm"
#define ROOM "abcdefghijkm"

typedef struct {
  char *directory;
  CvStore *store;
  CvShelf shelf;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  CvRoomRow room = { .id = (char *) ROOM, .kind = (char *) "boardroom", .title = (char *) "" };
  const CvDiskLimits limits = { 0 };
  f->directory = cv_test_folder_new ();
  f->store = cv_store_open (":memory:", NULL);
  f->shelf = (CvShelf){ f->directory, cv_disk_new (f->directory, &limits) };
  cv_rooms_insert_async (f->store, &room, NULL, NULL);
  cv_meetings_start_async (f->store, "m1", ROOM, 1, NULL, NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_store_close (f->store);
  cv_test_wait_gone (f->store);
  cv_disk_free (f->shelf.disk);
  cv_test_folder_free (f->directory);
  cv_test_log_assert_all ();
}

static CvFolder *
create (Fixture *f, const char *meeting, GError **error)
{
  const CvRecordingRow row = { .id = (char *) RECORDING,
                               .room = (char *) ROOM,
                               .meeting = (char *) meeting,
                               .title = (char *) "Tea",
                               .started = 1000 };
  GAsyncResult *slot = NULL;
  cv_creation_async (f->store, &f->shelf, &row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_creation_finish (f->store, result, error);
}

static CvRecordingRow *
load (Fixture *f)
{
  GAsyncResult *slot = NULL;
  cv_recordings_load_async (f->store, RECORDING, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_recordings_load_finish (f->store, result, NULL);
}

static gboolean
is_empty (Fixture *f)
{
  g_autoptr (GDir) dir = g_dir_open (f->directory, 0, NULL);
  return g_dir_read_name (dir) == NULL;
}

static void
test_made_and_undone (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvFolder) folder = create (f, "m1", &error);
  g_assert_no_error (error);
  g_assert_nonnull (folder);
  g_autoptr (CvRecordingRow) row = load (f);
  g_assert_cmpint (row->expires, ==, 0);
  g_assert_false (is_empty (f));
  cv_creation_undo (f->store, &f->shelf, RECORDING);
  g_assert_null (load (f));
  g_assert_true (is_empty (f));
}

static void
test_no_row (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (create (f, "m9", &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_assert_true (is_empty (f));
}

static void
test_no_folder (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  f->shelf.directory = "/dev/null";
  g_assert_null (create (f, "m1", &error));
  g_assert_true (error->domain == G_IO_ERROR);
  g_assert_null (load (f));
}

static void
test_no_space (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  const CvDiskLimits limits = { .stop_percent = 100 };
  cv_disk_free (f->shelf.disk);
  f->shelf.disk = cv_disk_new (f->directory, &limits);
  g_assert_null (create (f, "m1", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_true (is_empty (f));
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/creation/made-and-undone", test_made_and_undone);
  ADD ("/creation/no-row", test_no_row);
  ADD ("/creation/no-folder", test_no_folder);
  ADD ("/creation/no-space", test_no_space);
  return g_test_run ();
}
