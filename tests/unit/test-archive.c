/* An archive as it is sent, and what another program says about it. */
#include "signalling/archive.h"

#include "lib/folder.h"
#include "lib/wait.h"
#include "library/folder.h"

#include <glib/gstdio.h>
#include <string.h>

#define RECORDING "rabcdefghijkm"

typedef struct {
  char *folder;
  CvArchive *archive;
} Fixture;

static void
write_file (Fixture *f, const char *name, const char *text)
{
  g_autofree char *path = g_strconcat (RECORDING "/", name, NULL);
  cv_test_folder_write (f->folder, path, text);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  f->folder = cv_test_folder_new ();
  g_autoptr (CvFolder) made = cv_folder_create (f->folder, RECORDING, &error);
  g_assert_no_error (error);
  g_autofree char *large = g_strnfill (700000, 'x');
  write_file (f, "files/meeting.mp4", "0123456789");
  write_file (f, "files/empty.vtt", "");
  write_file (f, "tracks/001-p-camera-1.mkv", large);
  f->archive = cv_archive_new (f->folder, RECORDING);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_pointer (&f->archive, cv_archive_free);
  cv_test_folder_free (f->folder);
}

static gboolean
prepare (Fixture *f, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_archive_prepare_async (f->archive, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_archive_prepare_finish (result, error);
}

/* All that is sent of it, or NULL with an error. Returns: (transfer full). */
static GByteArray *
take_all (Fixture *f, GError **error)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();
  while (all->len < cv_archive_get_size (f->archive)) {
    g_autoptr (GBytes) piece = cv_archive_next (f->archive, error);
    if (piece == NULL)
      return NULL;
    g_assert_cmpuint (g_bytes_get_size (piece), >, 0);
    g_assert_cmpuint (g_bytes_get_size (piece), <=, 256 * 1024);
    g_byte_array_append (all, g_bytes_get_data (piece, NULL), (guint) g_bytes_get_size (piece));
  }
  g_assert_cmpuint (all->len, ==, cv_archive_get_size (f->archive));
  return g_steal_pointer (&all);
}

/* What python finds in it, and that all checksums are right. */
static char *
read_by_python (Fixture *f, GByteArray *all)
{
  static const char *const reader = "import sys, zipfile\n"
                                    "with zipfile.ZipFile(sys.argv[1]) as z:\n"
                                    "  print(z.testzip(), [(i.filename, z.read(i)[:4]) for i in z.infolist()])\n";
  g_autofree char *path = g_build_filename (f->folder, "a.zip", NULL);
  char *out = NULL;
  const char *argv[] = { "python3", "-c", reader, path, NULL };
  int status = 0;
  g_assert_true (g_file_set_contents (path, (const char *) all->data, all->len, NULL));
  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
  return out;
}

static void
test_whole (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  cv_archive_add (f->archive, "files/meeting.mp4", "Tea.mp4");
  cv_archive_add (f->archive, "files/empty.vtt", "../Tea.mp4");
  cv_archive_add (f->archive, "tracks/001-p-camera-1.mkv", "Tea.mp4");
  g_assert_true (prepare (f, &error));
  g_autoptr (GByteArray) all = take_all (f, &error);
  g_assert_no_error (error);
  g_autofree char *text = read_by_python (f, all);
  g_assert_cmpstr (text, ==, "None [('Tea.mp4', b'0123'), ('_.._Tea.mp4', b''), ('Tea-2.mp4', b'xxxx')]\n");
}

static void
test_nothing (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (prepare (f, &error));
  g_autoptr (GByteArray) all = take_all (f, &error);
  g_autofree char *text = read_by_python (f, all);
  g_assert_cmpstr (text, ==, "None []\n");
}

static void
test_missing (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  cv_archive_add (f->archive, "files/meeting.mp4", "a");
  cv_archive_add (f->archive, "files/other.mp4", "b");
  g_assert_false (prepare (f, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* A file that is shorter by the time that its turn comes. */
static void
test_shrunk (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  cv_archive_add (f->archive, "files/meeting.mp4", "a");
  g_assert_true (prepare (f, NULL));
  write_file (f, "files/meeting.mp4", "012");
  g_assert_null (take_all (f, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/archive/whole", test_whole);
  ADD ("/archive/nothing", test_nothing);
  ADD ("/archive/missing", test_missing);
  ADD ("/archive/shrunk", test_shrunk);
  return g_test_run ();
}
