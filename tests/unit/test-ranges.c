/* Which bytes a header asks for. */
#include "signalling/ranges.h"

#define TOO_LARGE "99999999999999999999999999999"

/* "whole", "FIRST+N" or "none". */
static char *
read (const char *header, guint64 size)
{
  CvRange range;
  switch (cv_range_read (header, size, &range)) {
  case CV_RANGE_PART:
    return g_strdup_printf ("%" G_GUINT64_FORMAT "+%" G_GUINT64_FORMAT, range.first, range.n);
  case CV_RANGE_UNSATISFIABLE:
    return g_strdup ("none");
  default:
    g_assert_cmpuint (range.first, ==, 0);
    g_assert_cmpuint (range.n, ==, size);
    return g_strdup ("whole");
  }
}

static void
test_ranges (void)
{
  static const struct {
    const char *header;
    const char *of_ten;
    const char *of_none;
  } cases[] = {
    { NULL, "whole", "whole" },
    { "", "whole", "whole" },
    { "bytes=0-0", "0+1", "none" },
    { "bytes=0-", "0+10", "none" },
    { "bytes=3-5", "3+3", "none" },
    { "bytes=9-9", "9+1", "none" },
    { "bytes=9-100", "9+1", "none" },
    { "bytes=10-", "none", "none" },
    { "bytes=10-20", "none", "none" },
    { "bytes=-3", "7+3", "none" },
    { "bytes=-10", "0+10", "none" },
    { "bytes=-99", "0+10", "none" },
    { "bytes=-0", "none", "none" },
    { "bytes=0-" TOO_LARGE, "0+10", "none" },
    { "bytes=" TOO_LARGE "-", "none", "none" },
    { "bytes=-" TOO_LARGE, "0+10", "none" },
    { "bytes=18446744073709551615-18446744073709551616", "none", "none" },
    { "bytes=000000000000000000000002-3", "2+2", "none" },
    { " Bytes = 2-3 ", "2+2", "none" },
    /* passed over */
    { "bytes=5-3", "whole", "whole" },
    { "bytes=0-1,3-4", "whole", "whole" },
    { "bytes=", "whole", "whole" },
    { "bytes=-", "whole", "whole" },
    { "bytes=a-b", "whole", "whole" },
    { "bytes=1-2x", "whole", "whole" },
    { "bytes=+1-2", "whole", "whole" },
    { "bytes=1", "whole", "whole" },
    { "bytes 1-2", "whole", "whole" },
    { "octets=1-2", "whole", "whole" },
    { "byte", "whole", "whole" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *ten = read (cases[i].header, 10), *none = read (cases[i].header, 0);
    g_test_message ("%s", cases[i].header);
    g_assert_cmpstr (ten, ==, cases[i].of_ten);
    g_assert_cmpstr (none, ==, cases[i].of_none);
  }
}

/* Files are larger than 4 GiB. */
static void
test_large (void)
{
  g_autofree char *part = read ("bytes=4294967295-4294967297", G_GUINT64_CONSTANT (1) << 40);
  g_autofree char *rest = read ("bytes=1099511627775-", G_GUINT64_CONSTANT (1) << 40);
  g_assert_cmpstr (part, ==, "4294967295+3");
  g_assert_cmpstr (rest, ==, "1099511627775+1");
}

static void
test_text (void)
{
  g_autofree char *part = cv_range_to_text (&(CvRange){ 3, 4 }, 10);
  g_autofree char *none = cv_range_to_text (NULL, G_GUINT64_CONSTANT (1) << 40);
  g_assert_cmpstr (part, ==, "bytes 3-6/10");
  g_assert_cmpstr (none, ==, "bytes */1099511627776");
}

static void
test_if_range (void)
{
  g_assert_true (cv_range_fits_etag (NULL, "\"a\""));
  g_assert_true (cv_range_fits_etag (" \"a\" ", "\"a\""));
  g_assert_false (cv_range_fits_etag ("\"b\"", "\"a\""));
  g_assert_false (cv_range_fits_etag ("W/\"a\"", "\"a\""));
  g_assert_false (cv_range_fits_etag ("a", "\"a\""));
  g_assert_false (cv_range_fits_etag ("", "\"a\""));
  g_assert_false (cv_range_fits_etag ("Thu, 26 Nov 2026 02:00:00 GMT", "\"a\""));
}

static void
test_if_none_match (void)
{
  static const char *const known[] = { "\"a\"", "W/\"a\"", " \"a\" ", "\"b\", \"a\"", "\"b\",W/\"a\" , \"c\"",
                                       "*",     " * " };
  static const char *const unknown[] = { "",       "\"b\"",    "a",  "\"a", "\"b\" \"a\"", "\"b\"x, \"a\"",
                                         "\"aa\"", "*, \"a\"", "W/", ",",   "w/\"a\"" };
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    g_assert_true (cv_etag_is_known (known[i], "\"a\""));
  for (gsize i = 0; i < G_N_ELEMENTS (unknown); i++)
    g_assert_false (cv_etag_is_known (unknown[i], "\"a\""));
  g_assert_false (cv_etag_is_known (NULL, "\"a\""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ranges/ranges", test_ranges);
  g_test_add_func ("/ranges/large", test_large);
  g_test_add_func ("/ranges/text", test_text);
  g_test_add_func ("/ranges/if-range", test_if_range);
  g_test_add_func ("/ranges/if-none-match", test_if_none_match);
  return g_test_run ();
}
