/* Files of documents: appended to, hashed, kept; no path but of ids. */
#include "documents/vault.h"

#include "lib/folder.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define MEETING "mabcdefghijkm"
#define OTHER "mbbbbbbbbbbbb"
#define ONE "faaaaaaaaaaaa"
#define HELLO_SHA256 "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

static void
append (const char *folder, const char *text)
{
  gint64 offset = 0;
  int fd = cv_vault_open_part (folder, MEETING, ONE, &offset, NULL);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (offset, ==, cv_vault_get_offset (folder, MEETING, ONE));
  g_assert_true (cv_vault_append (fd, (const guint8 *) text, strlen (text), NULL));
  close (fd);
}

static void
test_shared (void)
{
  char *folder = cv_test_folder_new ();
  mode_t mask = umask (027);
  g_assert_cmpint (chmod (folder, 02750), ==, 0);
  append (folder, "hello");
  g_assert_cmpuint (cv_test_folder_mode (folder, MEETING), ==, 02750);
  g_assert_cmpuint (cv_test_folder_mode (folder, MEETING "/" ONE ".part"), ==, 0640);
  umask (mask);
  cv_test_folder_free (folder);
}

static void
test_life (void)
{
  char *folder = cv_test_folder_new ();
  g_autoptr (GError) error = NULL;
  gint64 bytes = 0;
  append (folder, "hel");
  append (folder, "lo");
  g_assert_cmpint (cv_vault_get_offset (folder, MEETING, ONE), ==, 5);
  g_assert_cmpuint (cv_test_folder_mode (folder, MEETING), ==, 0700);
  g_assert_cmpuint (cv_test_folder_mode (folder, MEETING "/" ONE ".part"), ==, 0600);
  g_assert_cmpint (cv_vault_open (folder, MEETING, ONE, TRUE, &bytes, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_null (cv_vault_hash (folder, MEETING, ONE, 4, NULL));
  g_autofree char *hash = cv_vault_hash (folder, MEETING, ONE, 5, NULL);
  g_assert_cmpstr (hash, ==, HELLO_SHA256);
  for (guint i = 0; i < 2; i++) /* a crash may come in between */
    g_assert_true (cv_vault_keep (folder, MEETING, ONE, NULL));
  g_autofree char *again = cv_vault_hash (folder, MEETING, ONE, 5, NULL);
  g_assert_cmpstr (again, ==, HELLO_SHA256);
  int fd = cv_vault_open (folder, MEETING, ONE, TRUE, &bytes, NULL);
  g_assert_cmpint (bytes, ==, 5);
  close (fd);
  for (guint i = 0; i < 2; i++)
    g_assert_true (cv_vault_remove (folder, MEETING, ONE, NULL));
  g_assert_false (cv_vault_keep (folder, MEETING, ONE, NULL));
  g_autofree char *place = g_build_filename (folder, MEETING, NULL);
  g_assert_false (g_file_test (place, G_FILE_TEST_EXISTS));
  cv_test_folder_free (folder);
}

static void
test_move (void)
{
  char *folder = cv_test_folder_new ();
  append (folder, "hello");
  g_assert_true (cv_vault_move (folder, MEETING, OTHER, ONE, NULL));
  g_assert_cmpint (cv_vault_get_offset (folder, OTHER, ONE), ==, 5);
  g_assert_cmpint (cv_vault_get_offset (folder, MEETING, ONE), ==, 0);
  g_assert_true (cv_vault_remove (folder, OTHER, ONE, NULL));
  cv_test_folder_free (folder);
}

static void
test_names (void)
{
  static const char *const names[] = { "", "..", "../" ONE, "faaaaaaaaaaa/", "rabcdefghijkm", ONE ".part" };
  char *folder = cv_test_folder_new ();
  gint64 bytes = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_assert_cmpint (cv_vault_open_part (folder, MEETING, names[i], &bytes, NULL), ==, -1);
    g_assert_cmpint (cv_vault_open_part (folder, names[i], ONE, &bytes, NULL), ==, -1);
    g_assert_cmpint (cv_vault_open (folder, MEETING, names[i], FALSE, &bytes, NULL), ==, -1);
    g_assert_false (cv_vault_remove (folder, names[i], ONE, NULL));
    g_assert_false (cv_vault_move (folder, MEETING, names[i], ONE, NULL));
  }
  /* nor does a link lead anywhere */
  g_autofree char *place = g_build_filename (folder, MEETING, NULL);
  g_autofree char *link = g_build_filename (place, ONE, NULL);
  g_mkdir (place, 0700);
  g_assert_cmpint (symlink ("/etc/passwd", link), ==, 0);
  g_assert_cmpint (cv_vault_open (folder, MEETING, ONE, TRUE, &bytes, NULL), ==, -1);
  cv_test_folder_free (folder);
}

/* What was written only in part is taken back: what is there is what was answered. */
static void
test_full (void)
{
  char *folder = cv_test_folder_new ();
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *much = g_malloc0 (8192);
  struct rlimit before, small;
  gint64 offset = 0;
  append (folder, "hello");
  getrlimit (RLIMIT_FSIZE, &before);
  small = (struct rlimit){ 4096, before.rlim_max };
  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_FSIZE, &small);
  int fd = cv_vault_open_part (folder, MEETING, ONE, &offset, NULL);
  gboolean done = cv_vault_append (fd, much, 8192, &error);
  setrlimit (RLIMIT_FSIZE, &before);
  g_assert_false (done);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_cmpint (cv_vault_get_offset (folder, MEETING, ONE), ==, 5);
  close (fd);
  cv_test_folder_free (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/life", test_life);
  g_test_add_func ("/vault/shared", test_shared);
  g_test_add_func ("/vault/move", test_move);
  g_test_add_func ("/vault/names", test_names);
  g_test_add_func ("/vault/full", test_full);
  return g_test_run ();
}
