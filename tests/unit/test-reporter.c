/* What the daemon hears, and what is taken from it. */
#include "render/reporter.h"

#include "lib/desk.h"

#include <string.h>

static void
test_news (void)
{
  g_autoptr (CvTestDesk) test = cv_test_desk_new (FALSE);
  const CvReport report = {
    .name = "poster.jpg", .kind = "poster", .bytes = 5, .sha256 = "00", .t = -1, .duration = -1
  };
  cv_reporter_progress (test->reporter, "mixing", 0.5);
  cv_reporter_file (test->reporter, &report);
  cv_reporter_failed (test->reporter, "io", "a file cannot be read");
  g_assert_true (cv_test_desk_was_told (test, "progress mixing"));
  g_assert_true (cv_test_desk_was_told (test, "file poster.jpg"));
  g_assert_true (cv_test_desk_was_told (test, "failed io"));
  g_assert_false (cv_test_desk_was_told (test, "nothing"));
  g_assert_true (test->over);
}

static gboolean
on_ordered (CvOrder *order, int folder, gpointer user_data)
{
  guint *n = user_data;
  g_assert_cmpint (folder, ==, -1);
  cv_order_free (order);
  ++*n;
  return TRUE;
}

static void
on_over (gboolean failed, gpointer user_data)
{
}

static gboolean
say (CvReporter *reporter, const char *line)
{
  g_autoptr (CvParcel) parcel = cv_parcel_parse (line, strlen (line), NULL);
  g_assert_nonnull (parcel);
  return cv_reporter_handle (reporter, parcel);
}

static void
test_orders (void)
{
  static const char order[] =
    "{\"type\":\"render\",\"id\":1,\"fds\":1,\"job\":\"jaaaaaaaaaaaa\",\"recording\":\"raaaaaaaaaaaa\",\"layout\":"
    "\"grid\","
    "\"width\":640,\"height\":360,\"fps\":30,\"from\":-1,\"to\":-1,\"without\":[],\"products\":[],\"suffix\":\"\","
    "\"words\":[\"A\",\"B\",\"C\",\"D\"]}";
  static const CvReporterFuncs funcs = { on_ordered, on_over };
  g_autoptr (CvTestDesk) test = cv_test_desk_new (FALSE);
  guint n = 0;
  g_autoptr (CvReporter) reporter = cv_reporter_new (test->ends[0], &funcs, &n);
  g_assert_false (say (reporter, "{\"type\":\"render\",\"id\":1}"));
  g_assert_false (say (reporter, "{\"type\":\"close\"}"));
  g_assert_true (say (reporter, order));
  g_assert_false (say (reporter, order)); /* one is enough */
  g_assert_cmpuint (n, ==, 1);
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reporter/news", test_news);
  g_test_add_func ("/reporter/orders", test_orders);
  return g_test_run ();
}
