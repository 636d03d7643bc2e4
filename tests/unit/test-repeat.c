/* Rules: read strictly, and written as they were. */
#include "schedule/repeat.h"

#include "base/json.h"

#include <string.h>

static void
test_good (void)
{
  static const char *const GOOD[] = {
    "{\"every\":\"day\",\"interval\":1}",
    "{\"every\":\"month\",\"interval\":12,\"count\":1000}",
    "{\"every\":\"week\",\"interval\":2,\"until\":\"2026-12-31\"}",
    "{\"every\":\"week\",\"interval\":2,\"days\":[\"mo\",\"we\",\"su\"],\"count\":1}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (GOOD); i++) {
    g_autoptr (GError) error = NULL;
    CvRepeat repeat;

    cv_repeat_parse (&repeat, GOOD[i], &error);
    g_assert_no_error (error);
    g_autofree char *text = cv_repeat_to_text (&repeat);
    g_assert_cmpstr (text, ==, GOOD[i]);
  }
}

static void
test_members (void)
{
  CvRepeat repeat;

  g_assert_true (cv_repeat_parse (
    &repeat, "{\"days\":[\"su\",\"mo\"],\"interval\":3,\"every\":\"week\",\"until\":\"2000-01-01\"}", NULL));
  g_assert_cmpint (repeat.every, ==, CV_EVERY_WEEK);
  g_assert_cmpint (repeat.interval, ==, 3);
  g_assert_cmpuint (repeat.days, ==, 1 | 1 << 6);
  g_assert_cmpint (repeat.until, ==, 10957);
  g_assert_cmpint (repeat.count, ==, 0);
}

static void
test_bad (void)
{
  static const char *const BAD[] = {
    "",
    "[]",
    "{}",
    "{\"every\":\"day\"}",
    "{\"interval\":1}",
    "{\"every\":\"year\",\"interval\":1}",
    "{\"every\":\"day\",\"interval\":0}",
    "{\"every\":\"day\",\"interval\":13}",
    "{\"every\":\"day\",\"interval\":1.5}",
    "{\"every\":\"day\",\"interval\":\"1\"}",
    "{\"every\":\"day\",\"interval\":1,\"more\":1}",
    "{\"every\":\"day\",\"interval\":1,\"days\":[\"mo\"]}",
    "{\"every\":\"month\",\"interval\":1,\"days\":[\"mo\"]}",
    "{\"every\":\"week\",\"interval\":1,\"days\":[]}",
    "{\"every\":\"week\",\"interval\":1,\"days\":[\"mo\",\"mo\"]}",
    "{\"every\":\"week\",\"interval\":1,\"days\":[\"MO\"]}",
    "{\"every\":\"week\",\"interval\":1,\"days\":[\"\"]}",
    "{\"every\":\"week\",\"interval\":1,\"days\":[1]}",
    "{\"every\":\"week\",\"interval\":1,\"days\":\"mo\"}",
    "{\"every\":\"week\",\"interval\":1,\"days\":[\"mo\",\"tu\",\"we\",\"th\",\"fr\",\"sa\",\"su\",\"mo\"]}",
    "{\"every\":\"day\",\"interval\":1,\"count\":0}",
    "{\"every\":\"day\",\"interval\":1,\"count\":1001}",
    "{\"every\":\"day\",\"interval\":1,\"until\":\"2026-02-30\"}",
    "{\"every\":\"day\",\"interval\":1,\"until\":\"2126-02-03\"}",
    "{\"every\":\"day\",\"interval\":1,\"until\":\"2026-01-01T00:00\"}",
    "{\"every\":\"day\",\"interval\":1,\"until\":\"\"}",
    "{\"every\":\"day\",\"interval\":1,\"until\":null}",
    "{\"every\":\"day\",\"interval\":1,\"until\":\"2026-02-03\",\"count\":3}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (BAD); i++) {
    g_autoptr (GError) error = NULL;
    CvRepeat repeat;

    if (cv_repeat_parse (&repeat, BAD[i], &error))
      g_error ("accepted: %s", BAD[i]);
    g_assert_true (error->domain == CV_JSON_ERROR);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/repeat/good", test_good);
  g_test_add_func ("/repeat/members", test_members);
  g_test_add_func ("/repeat/bad", test_bad);
  return g_test_run ();
}
