/* Orders as CONTROL.md has them, and others. */
#include "render/order.h"

#include <string.h>

#define HEAD                                                                                                           \
  "{\"type\":\"render\",\"id\":1,\"fds\":1,\"job\":\"jaaaaaaaaaaaa\",\"recording\":\"raaaaaaaaaaaa\",\"layout\":"      \
  "\"auto\","

#define REST                                                                                                           \
  "\"width\":1281,\"height\":720,\"fps\":0,\"from\":1500.5,\"to\":-1,\"without\":[\"paaaaaaaaaaaa\"],"                 \
  "\"products\":[\"video\",\"manifest\"],\"suffix\":\"-12\"}"

static CvOrder *
parse_with (const char *words, const char *rest, GError **error)
{
  g_autofree char *line = g_strconcat (HEAD, words, rest, NULL);
  g_autoptr (CvParcel) parcel = cv_parcel_parse (line, strlen (line), NULL);
  g_assert_nonnull (parcel);
  return cv_order_parse (parcel, error);
}

static CvOrder *
parse (const char *rest, GError **error)
{
  return parse_with ("\"words\":[\"A\",\"B {name}\",\"C\",\"D\"],", rest, error);
}

static void
test_good (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvOrder) order = parse (REST, &error);
  g_assert_no_error (error);
  g_assert_cmpint (order->layout, ==, CV_LAYOUT_AUTO);
  g_assert_cmpuint (order->width, ==, 1280);
  g_assert_cmpint (order->from, ==, 1500500);
  g_assert_cmpint (order->to, ==, -1);
  g_assert_cmpuint (order->products, ==, CV_PRODUCT_VIDEO | CV_PRODUCT_MANIFEST);
  g_assert_cmpstr (g_ptr_array_index (order->without, 0), ==, "paaaaaaaaaaaa");
  g_assert_cmpstr (order->suffix, ==, "-12");
  g_assert_cmpstr (order->words[CV_FILM_BEGINNING], ==, "A");
  g_assert_cmpstr (order->words[CV_FILM_INTERRUPTED], ==, "D");
}

static void
test_bad (void)
{
  static const char *const bad[] = {
    "\"width\":1280,\"height\":720,\"fps\":30,\"from\":-1,\"to\":-1,\"without\":[],\"products\":[\"film\"],\"suffix\":"
    "\"\"}",
    "\"width\":1280,\"height\":720,\"fps\":30,\"from\":-1,\"to\":-1,\"without\":[],\"products\":[],\"suffix\":\"/../"
    "x\"}",
    "\"width\":1280,\"height\":720,\"fps\":30,\"from\":-1,\"to\":-1,\"without\":[],\"products\":[],\"suffix\":\"-\"}",
    "\"width\":10,\"height\":720,\"fps\":30,\"from\":-1,\"to\":-1,\"without\":[],\"products\":[],\"suffix\":\"\"}",
    "\"width\":1280,\"height\":720,\"fps\":30,\"from\":5,\"to\":5,\"without\":[],\"products\":[],\"suffix\":\"\"}",
    "\"width\":1280,\"height\":720,\"fps\":30,\"from\":-1,\"to\":-1,\"without\":[],\"products\":[],\"suffix\":\"\","
    "\"x\":1}",
    "\"width\":1280}",
  };
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CvOrder) order = parse (bad[i], &error);
    g_assert_null (order);
    g_assert_true (error->domain == CV_JSON_ERROR);
  }
}

static void
test_words (void)
{
  static const char *const bad[] = { "", "\"words\":[],", "\"words\":[\"A\",\"B\",\"C\"],",
                                     "\"words\":[\"A\",\"B\",\"C\",\"D\",\"E\"],", "\"words\":[\"A\",\"B\",\"C\",4]," };
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CvOrder) order = parse_with (bad[i], REST, &error);
    g_assert_null (order);
    g_assert_true (error->domain == CV_JSON_ERROR);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/order/good", test_good);
  g_test_add_func ("/order/bad", test_bad);
  g_test_add_func ("/order/words", test_words);
  return g_test_run ();
}
