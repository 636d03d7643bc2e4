/* A recording's folder: modes, names that are refused, links that are not followed, the event log on a full disk, deletion. */
#include "library/folder.h"

#include "lib/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECORDING "rabcdefghijkm"

typedef struct {
  char *base;
  char *directory; /* in it, not there yet */
  CvFolder *folder;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  f->base = cv_test_folder_new ();
  f->directory = g_build_filename (f->base, "a", "recordings", NULL);
  f->folder = cv_folder_create (f->directory, RECORDING, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_pointer (&f->folder, cv_folder_free);
  g_free (f->directory);
  cv_test_folder_free (f->base);
}

/* "NAME=BYTES …" */
static void
assert_list (Fixture *f, const char *expected)
{
  g_autoptr (GPtrArray) entries = cv_folder_list (f->folder, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < entries->len; i++) {
    const CvFolderEntry *entry = entries->pdata[i];
    g_assert_cmpint (ABS (entry->modified - g_get_real_time () / 1000), <, 60000);
    g_string_append_printf (text, "%s%s=%d", i > 0 ? " " : "", entry->name, (int) entry->bytes);
  }
  g_assert_cmpstr (text->str, ==, expected);
}

static int
create_track (Fixture *f, const char *name)
{
  g_autoptr (GError) error = NULL;
  int fd = cv_folder_create_track (f->folder, name, &error);
  g_assert_no_error (error);
  return fd;
}

/* An operator gave the folder to a web server's group, which may read what comes into it. */
static void
test_shared (void)
{
  char *directory = cv_test_folder_new ();
  mode_t mask = umask (027);
  g_assert_cmpint (chmod (directory, 02750), ==, 0);
  g_autoptr (CvFolder) folder = cv_folder_create (directory, RECORDING, NULL);
  g_assert_nonnull (folder);
  int fd = cv_folder_create_track (folder, "001-p1-camera-1.mkv", NULL);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (cv_test_folder_mode (directory, RECORDING), ==, 02750);
  g_assert_cmpint (cv_test_folder_mode (directory, RECORDING "/files"), ==, 02750);
  g_assert_cmpint (cv_test_folder_mode (directory, RECORDING "/tracks/001-p1-camera-1.mkv"), ==, 0640);
  close (fd);
  umask (mask);
  cv_test_folder_free (directory);
}

static void
test_create (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_cmpint (cv_test_folder_mode (f->directory, RECORDING), ==, 0700);
  g_assert_cmpint (cv_test_folder_mode (f->directory, RECORDING "/tracks"), ==, 0700);
  g_assert_cmpint (cv_test_folder_mode (f->directory, RECORDING "/files"), ==, 0700);
  g_assert_cmpint (cv_test_folder_mode (f->directory, RECORDING "/events.jsonl"), ==, 0600);
  g_assert_null (cv_folder_create (f->directory, RECORDING, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);
  assert_list (f, "events.jsonl=0");
  g_autoptr (CvFolder) again = cv_folder_open (f->directory, RECORDING, &error);
  g_assert_no_error (error);
  g_assert_null (cv_folder_open (f->directory, "rbbcdefghijkm", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (cv_folder_open (f->directory, "../recordings", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME);
}

static void
test_tracks (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  char bytes[4] = "";
  int fd = create_track (f, "001-p1-camera-1.mkv");
  g_assert_cmpint (cv_test_folder_mode (f->directory, RECORDING "/tracks/001-p1-camera-1.mkv"), ==, 0600);
  g_assert_cmpint (write (fd, "abc", 3), ==, 3);
  g_assert_cmpint (pread (fd, bytes, 3, 0), ==, 3);
  close (fd);
  g_assert_cmpint (cv_folder_create_track (f->folder, "001-p1-camera-1.mkv", &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);
  assert_list (f, "events.jsonl=0 tracks/001-p1-camera-1.mkv=3");
  g_assert_cmpint (cv_folder_count_bytes (f->folder), ==, 3);

  fd = cv_folder_open_file (f->folder, "tracks/001-p1-camera-1.mkv", &error);
  g_assert_no_error (error);
  memset (bytes, 0, sizeof bytes);
  g_assert_cmpint (read (fd, bytes, 3), ==, 3);
  g_assert_cmpstr (bytes, ==, "abc");
  close (fd);
  g_assert_true (cv_folder_remove_file (f->folder, "tracks/001-p1-camera-1.mkv", NULL));
  g_assert_false (cv_folder_remove_file (f->folder, "tracks/001-p1-camera-1.mkv", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  assert_list (f, "events.jsonl=0");
}

static void
test_names (Fixture *f, gconstpointer data)
{
  static const char *const names[] = { "",          "tracks",     "tracks/",        "tracks/.x",     "tracks/..",
                                       "../x",      "tracks/a/b", "/etc/passwd",    "files/a b",     "other/x",
                                       "tracksx/a", "files/a\n",  "files/\xc3\xa4", "events.jsonlx", "files/a/../b" };
  g_autofree char *fill = g_strnfill (CV_FOLDER_MAX_NAME + 1, 'x');
  g_autofree char *too_long = g_strconcat ("files/", fill, NULL);
  for (guint i = 0; i <= G_N_ELEMENTS (names); i++) {
    g_autoptr (GError) error = NULL;
    const char *name = i < G_N_ELEMENTS (names) ? names[i] : too_long;
    g_assert_cmpint (cv_folder_open_file (f->folder, name, &error), ==, -1);
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME);
    g_assert_false (cv_folder_remove_file (f->folder, name, NULL));
  }
  g_assert_cmpint (cv_folder_create_track (f->folder, "../x", NULL), ==, -1);
}

static void
test_links (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  int tracks = openat (cv_folder_get_fd (f->folder), "tracks", O_RDONLY | O_DIRECTORY);
  cv_test_folder_write (f->base, "precious", "x");
  g_assert_cmpint (symlinkat ("../../../../precious", tracks, "link"), ==, 0);
  g_assert_cmpint (mkfifoat (tracks, "pipe", 0600), ==, 0);
  g_assert_cmpint (cv_folder_open_file (f->folder, "tracks/link", &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS);
  g_clear_error (&error);
  g_assert_cmpint (cv_folder_open_file (f->folder, "tracks/pipe", &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  assert_list (f, "events.jsonl=0");
  close (tracks);

  /* Nor is the folder itself one. */
  g_autofree char *link = g_build_filename (f->directory, "rbbcdefghijkm", NULL);
  g_assert_cmpint (symlink (RECORDING, link), ==, 0);
  g_assert_null (cv_folder_open (f->directory, "rbbcdefghijkm", NULL));
  g_assert_false (cv_folder_delete (f->directory, "rbbcdefghijkm", NULL));
  assert_list (f, "events.jsonl=0");
}

static void
test_events (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *longest = g_strnfill (CV_FOLDER_MAX_EVENT - 1, 'x');
  g_autofree char *too_long = g_strnfill (CV_FOLDER_MAX_EVENT, 'x');
  g_assert_true (cv_folder_append_event (f->folder, "{}", 2, NULL));
  g_assert_true (cv_folder_append_event (f->folder, longest, strlen (longest), NULL));
  g_assert_false (cv_folder_append_event (f->folder, too_long, strlen (too_long), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_false (cv_folder_append_event (f->folder, "{\n}", 3, NULL));
  g_assert_true (cv_folder_sync_descriptor (cv_folder_dup_events (f->folder), NULL));
  g_assert_false (cv_folder_sync_descriptor (-1, NULL));
  g_autofree char *text = cv_test_folder_read (f->directory, RECORDING "/events.jsonl");
  g_autofree char *expected = g_strconcat ("{}\n", longest, "\n", NULL);
  g_assert_cmpstr (text, ==, expected);
}

/* A limit of the file's size in place of a full disk: the line that does not fit leaves nothing behind. */
static void
test_no_space (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  struct rlimit before, small;
  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &before);
  small = before;
  small.rlim_cur = 8;
  g_assert_true (cv_folder_append_event (f->folder, "{1}", 3, NULL));
  setrlimit (RLIMIT_FSIZE, &small);
  gboolean appended = cv_folder_append_event (f->folder, "{23456}", 7, &error);
  setrlimit (RLIMIT_FSIZE, &before);
  g_assert_false (appended);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_true (cv_folder_append_event (f->folder, "{4}", 3, NULL));
  g_autofree char *text = cv_test_folder_read (f->directory, RECORDING "/events.jsonl");
  g_assert_cmpstr (text, ==, "{1}\n{4}\n");
}

static void
test_delete (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (f->directory, RECORDING, NULL);
  g_autofree char *link = g_build_filename (path, "files", "link", NULL);
  close (create_track (f, "a.mkv"));
  cv_test_folder_write (path, "files/.chunks-j1/0/x", "x");
  cv_test_folder_write (f->base, "precious/x", "x");
  g_autofree char *precious = g_build_filename (f->base, "precious", NULL);
  g_assert_cmpint (symlink (precious, link), ==, 0);
  g_assert_true (cv_folder_delete (f->directory, RECORDING, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_autofree char *kept = cv_test_folder_read (f->base, "precious/x");
  g_assert_cmpstr (kept, ==, "x");
  /* once more, and where there has never been one */
  g_assert_true (cv_folder_delete (f->directory, RECORDING, &error));
  g_assert_true (cv_folder_delete ("/nothing-of-this-name", RECORDING, &error));
  g_assert_false (cv_folder_delete (f->directory, "..", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/folder/create", test_create);
  g_test_add_func ("/folder/shared", test_shared);
  ADD ("/folder/tracks", test_tracks);
  ADD ("/folder/names", test_names);
  ADD ("/folder/links", test_links);
  ADD ("/folder/events", test_events);
  ADD ("/folder/no-space", test_no_space);
  ADD ("/folder/delete", test_delete);
  return g_test_run ();
}
