/* Pieces of a text: words, numbers, tokens. */
#include "base/span.h"

#include <string.h>

static CvSpan
span (const char *text)
{
  return (CvSpan){ text, strlen (text) };
}

static void
test_words (void)
{
  CvSpan rest = span ("one  two");
  g_assert_true (cv_span_is (cv_span_until (&rest, ' '), "one"));
  g_assert_true (cv_span_is (cv_span_until (&rest, ' '), ""));
  g_assert_false (cv_span_skip (&rest, "twos"));
  g_assert_true (cv_span_skip (&rest, "t"));
  g_assert_true (cv_span_is (cv_span_until (&rest, ' '), "wo"));
  g_assert_cmpuint (rest.n, ==, 0);
  g_assert_true (cv_span_is (cv_span_until (&rest, ' '), ""));
  g_assert_true (cv_span_is_nocase (span ("RTX/90000"), "rtx/90000"));
  g_assert_false (cv_span_is_nocase (span ("RTX/9000"), "rtx/90000"));
}

static void
test_numbers (void)
{
  static const char *const bad[] = { "", "-1", "+1", " 1", "1 ", "0x1", "256", "4294967296", "00000000001", "1.0" };
  guint32 value;
  g_assert_true (cv_span_number (span ("0"), 255, &value));
  g_assert_cmpuint (value, ==, 0);
  g_assert_true (cv_span_number (span ("4294967295"), G_MAXUINT32, &value));
  g_assert_cmpuint (value, ==, G_MAXUINT32);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (cv_span_number (span (bad[i]), 255, &value));
  g_assert_false (cv_span_number (span ("4294967296"), G_MAXUINT32, &value));
}

static void
test_copies (void)
{
  char out[5];
  g_assert_true (cv_span_copy (span ("a-1Z"), "-", out, sizeof out));
  g_assert_cmpstr (out, ==, "a-1Z");
  g_assert_false (cv_span_copy (span (""), "-", out, sizeof out));
  g_assert_false (cv_span_copy (span ("abcde"), "-", out, sizeof out));
  g_assert_false (cv_span_copy (span ("a_"), "-", out, sizeof out));
  g_assert_false (cv_span_copy (span ("ä"), "-", out, sizeof out));
  g_assert_false (cv_span_copy ((CvSpan){ "a\0b", 3 }, "-", out, sizeof out));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/span/words", test_words);
  g_test_add_func ("/span/numbers", test_numbers);
  g_test_add_func ("/span/copies", test_copies);
  return g_test_run ();
}
