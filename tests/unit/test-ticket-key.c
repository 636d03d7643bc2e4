/* The key of tickets: made once, nobody else's to read, and no short one. */
#include "daemon/ticket-key.h"

#include "lib/folder.h"

#include <gio/gio.h>
#include <string.h>
#include <sys/stat.h>

static void
test_load (void)
{
  char *folder = cv_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "ticket.key", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "no", "ticket.key", NULL);
  g_autoptr (GError) error = NULL;
  struct stat info;
  g_autofree char *made = cv_ticket_key_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (made), ==, 43);
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_autofree char *again = cv_ticket_key_load (path, &error);
  g_assert_cmpstr (again, ==, made);
  cv_test_folder_write (folder, "ticket.key", "too short\n");
  g_assert_null (cv_ticket_key_load (path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_null (cv_ticket_key_load (nowhere, &error));
  g_assert_nonnull (error);
  cv_test_folder_free (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ticket-key/load", test_load);
  return g_test_run ();
}
