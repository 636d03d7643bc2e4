/* A password from standard input, which is no terminal here. */
#include "ctl/password.h"

#include "ctl/client.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Standard input begins with `text` from here on. */
static void
feed (const char *text)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("conclave-password-XXXXXX", &path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (write (fd, text, strlen (text)), ==, (gssize) strlen (text));
  close (fd);
  g_assert_nonnull (freopen (path, "r", stdin));
  unlink (path);
}

static void
test_read (void)
{
  static const struct {
    const char *text;
    const char *password;
  } cases[] = {
    { "tea at five\nmore\n", "tea at five" },
    { "tea at fünf\r\n", "tea at fünf" },
    { " tea ", " tea " },
    { "", NULL },
    { "\ntea\n", NULL },
    { "caf\xe9\n", NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    feed (cases[i].text);
    g_autofree char *password = cv_password_read (&error);
    g_assert_cmpstr (password, ==, cases[i].password);
    if (password == NULL)
      g_assert_error (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_REFUSED);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/password/read", test_read);
  return g_test_run ();
}
