/* Cursors: there and back, and what is none. */
#include "store/cursor.h"

#include "store/store.h"

#include <string.h>

static void
test_there_and_back (void)
{
  g_autofree char *text = cv_cursor_new ("rabcdefghijkm", "Tee 😀 for two");
  g_autofree char *number = cv_cursor_new_number ("abcdefghijkm", -1700000000123);
  g_autofree char *id = NULL, *value = NULL, *room = NULL;
  gint64 at = 0;

  g_assert_null (strpbrk (text, "+/= &"));
  g_assert_true (cv_cursor_read (text, &id, &value, NULL));
  g_assert_cmpstr (id, ==, "rabcdefghijkm");
  g_assert_cmpstr (value, ==, "Tee 😀 for two");
  g_assert_true (cv_cursor_read_number (number, &room, &at, NULL));
  g_assert_cmpstr (room, ==, "abcdefghijkm");
  g_assert_cmpint (at, ==, -1700000000123);
}

static void
test_bad (void)
{
  g_autofree char *words = cv_cursor_new ("abcdefghijkm", "12x");
  g_autofree char *large = cv_cursor_new ("abcdefghijkm", "99999999999999999999");
  g_autofree char *endless = g_strnfill (CV_CURSOR_MAX + 4, 'A');
  /* nothing, no base64url, no space, a NUL, no UTF-8 */
  const char *const cursors[] = { "", "!", "cjE", "cjEgAA", "cjEg_w", "cjEgeA==", words, large, endless };

  for (guint i = 0; i < G_N_ELEMENTS (cursors); i++) {
    g_autoptr (GError) error = NULL;
    char *id = NULL;
    gint64 value = 1;

    g_assert_false (cv_cursor_read_number (cursors[i], &id, &value, &error));
    g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_INVALID);
    g_assert_null (id);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cursor/there-and-back", test_there_and_back);
  g_test_add_func ("/cursor/bad", test_bad);
  return g_test_run ();
}
