/* What goes over the wire of an error. */
#include "render/failure.h"

#include <errno.h>
#include <gio/gio.h>

static void
test_ids (void)
{
  g_autoptr (GError) full = NULL, other = NULL;
  g_autoptr (GError) foreign = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "x");
  errno = ENOSPC;
  g_assert_false (cv_failure_set_errno (&full, "a file"));
  g_assert_cmpstr (cv_failure_get_id (full), ==, "disk-full");
  errno = EACCES;
  cv_failure_set_errno (&other, "a file");
  g_assert_cmpstr (cv_failure_get_id (other), ==, "io");
  g_assert_true (g_str_has_prefix (other->message, "a file: "));
  g_assert_cmpstr (cv_failure_get_id (foreign), ==, "internal");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/failure/ids", test_ids);
  return g_test_run ();
}
