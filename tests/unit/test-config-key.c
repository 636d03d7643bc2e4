/* One key of the configuration: each type takes what it says, refuses the rest in these words, and frees what it had. */
#include "daemon/config-key.h"

#include "daemon/config.h"

#include <string.h>

typedef struct {
  char *text, *file;
  char **list;
  gboolean on;
  guint number;
} Fields;

static gboolean
is_short (const char *text)
{
  return strlen (text) < 5;
}

static const char *const COLOURS[] = { "red", "blue", NULL };
#define AT(member) G_STRUCT_OFFSET (Fields, member)
static const CvConfigKey TEXT = { "g", "text", CV_VALUE_TEXT, AT (text), .is_valid = is_short, .allowed = "short" };
static const CvConfigKey CHOICE = { "g", "choice", CV_VALUE_CHOICE, AT (text), .choices = COLOURS };
static const CvConfigKey FILE_KEY = { "g", "file", CV_VALUE_FILE, AT (file) };
static const CvConfigKey LIST = {
  "g", "list", CV_VALUE_LIST, AT (list), .max = 2, .is_valid = is_short, .allowed = "short"
};
static const CvConfigKey BOOL = { "g", "bool", CV_VALUE_BOOL, AT (on) };
static const CvConfigKey NUMBER = { "g", "number", CV_VALUE_NUMBER, AT (number), .min = 3, .max = 5 };

static void
assert_takes (const CvConfigKey *key, Fields *fields, const char *value)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (cv_config_key_set (key, "group", fields, value, &error));
  g_assert_no_error (error);
}

static void
assert_refuses (const CvConfigKey *key, Fields *fields, const char *value, const char *expected)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (cv_config_key_set (key, "group one", fields, value, &error));
  g_assert_error (error, CV_CONFIG_ERROR, CV_CONFIG_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==, expected);
}

static void
test_texts (void)
{
  Fields fields = { 0 };

  assert_takes (&TEXT, &fields, "abcd");
  g_assert_cmpstr (fields.text, ==, "abcd");
  assert_refuses (&TEXT, &fields, "abcde", "[group one] text = abcde: must be short");
  assert_takes (&TEXT, &fields, "");
  g_assert_cmpstr (fields.text, ==, "");
  assert_takes (&CHOICE, &fields, "blue");
  assert_refuses (&CHOICE, &fields, "green", "[group one] choice = green: must be red, blue");
  g_assert_cmpstr (fields.text, ==, "blue");
  cv_config_key_clear (&CHOICE, &fields);
  g_assert_null (fields.text);
}

static void
test_lists (void)
{
  Fields fields = { 0 };

  assert_takes (&LIST, &fields, " a ;; b;");
  g_assert_cmpuint (g_strv_length (fields.list), ==, 2);
  g_assert_cmpstr (fields.list[1], ==, "b");
  assert_refuses (&LIST, &fields, "a;b;c", "[group one] list = a;b;c: must be at most 2, separated by semicolons");
  assert_refuses (&LIST, &fields, "a;abcde", "[group one] list = abcde: must be short");
  assert_takes (&LIST, &fields, "");
  g_assert_cmpuint (g_strv_length (fields.list), ==, 0);
  cv_config_key_clear (&LIST, &fields);
  g_assert_null (fields.list);
}

static void
test_others (void)
{
  Fields fields = { 0 };

  assert_takes (&BOOL, &fields, "true");
  g_assert_true (fields.on);
  assert_takes (&BOOL, &fields, "false");
  g_assert_false (fields.on);
  assert_refuses (&BOOL, &fields, "1", "[group one] bool = 1: must be true or false");
  assert_takes (&NUMBER, &fields, "5");
  assert_refuses (&NUMBER, &fields, "6", "[group one] number = 6: must be a whole number from 3 to 5");
  assert_refuses (&NUMBER, &fields, "2", "[group one] number = 2: must be a whole number from 3 to 5");
  g_assert_cmpuint (fields.number, ==, 5);
  cv_config_key_clear (&NUMBER, &fields);
  g_assert_cmpuint (fields.number, ==, 5);
}

static void
test_files (void)
{
  Fields fields = { 0 };

  g_unsetenv ("CREDENTIALS_DIRECTORY");
  assert_takes (&FILE_KEY, &fields, "/a/b");
  g_assert_cmpstr (fields.file, ==, "/a/b");
  assert_refuses (&FILE_KEY, &fields, "secret",
                  "[group one] file = secret: must be an absolute path, or the program started with "
                  "$CREDENTIALS_DIRECTORY");
  g_setenv ("CREDENTIALS_DIRECTORY", "/run/c", TRUE);
  assert_takes (&FILE_KEY, &fields, "credential:secret");
  g_assert_cmpstr (fields.file, ==, "/run/c/secret");
  assert_refuses (&FILE_KEY, &fields, "a/b",
                  "[group one] file = a/b: must be an absolute path or the name of a credential");
  cv_config_key_clear (&FILE_KEY, &fields);
}

static void
test_same (void)
{
  const CvConfigKey *const keys[] = { &TEXT, &FILE_KEY, &LIST, &BOOL, &NUMBER };
  const char *const values[][2] = { { "", "a" }, { "/a", "/b" }, { "a;b", "b;a" }, { "false", "true" }, { "3", "5" } };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    Fields one = { 0 }, other = { 0 };

    assert_takes (keys[i], &one, values[i][0]);
    assert_takes (keys[i], &other, values[i][0]);
    g_assert_true (cv_config_key_is_same (keys[i], &one, &other));
    assert_takes (keys[i], &other, values[i][1]);
    g_assert_false (cv_config_key_is_same (keys[i], &one, &other));
    cv_config_key_clear (keys[i], &one);
    cv_config_key_clear (keys[i], &other);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config-key/texts", test_texts);
  g_test_add_func ("/config-key/lists", test_lists);
  g_test_add_func ("/config-key/others", test_others);
  g_test_add_func ("/config-key/files", test_files);
  g_test_add_func ("/config-key/same", test_same);
  return g_test_run ();
}
