/* What is to be made of a recording: defaults, what producers may say, and back and forth. */
#include "process/render-order.h"

#include <string.h>

static CvRenderOrder *
read_text (const char *text, GError **error)
{
  g_autoptr (JsonObject) object = cv_json_parse (text, strlen (text), NULL);
  g_autoptr (CvRenderOrder) order = NULL;
  CvJsonReader reader;

  g_assert_nonnull (object);
  cv_json_reader_init (&reader, object);
  order = cv_render_order_read (&reader);
  return cv_json_reader_finish (&reader, error) ? g_steal_pointer (&order) : NULL;
}

static void
test_default (void)
{
  g_autoptr (CvRenderOrder) order = cv_render_order_new ();
  g_autofree char *text = cv_render_order_to_text (order);
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRenderOrder) again = NULL;
  g_autofree char *same = NULL;

  g_assert_cmpstr (
    text, ==,
    "{\"layout\":\"auto\",\"width\":1280,\"height\":720,\"fps\":0,\"from\":-1,\"to\":-1,\"without\":[],\"products\":"
    "[\"repair\",\"tracks\",\"video\",\"audio\",\"timeline\",\"poster\",\"thumbnails\",\"waveform\",\"chapters\","
    "\"manifest\"],\"suffix\":\"\"}");
  again = cv_render_order_parse (text, &error);
  g_assert_no_error (error);
  same = cv_render_order_to_text (again);
  g_assert_cmpstr (same, ==, text);
}

static void
test_read (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRenderOrder) least = read_text ("{\"layout\":\"grid\"}", &error);
  g_autoptr (CvRenderOrder) most =
    read_text ("{\"layout\":\"speaker\",\"width\":640,\"height\":360,\"fps\":15,\"from\":0,\"to\":60000,\"without\":"
               "[\"pabcdefghijkm\"],\"products\":[\"audio\",\"video\"]}",
               &error);

  g_assert_no_error (error);
  g_assert_cmpstr (least->layout, ==, "grid");
  g_assert_cmpstr (least->products[0], ==, "video");
  g_assert_cmpstr (least->products[7], ==, "manifest");
  g_assert_null (least->products[8]);
  g_assert_cmpint (least->to, ==, -1);
  g_assert_cmpuint (most->width, ==, 640);
  g_assert_cmpint (most->to, ==, 60000);
  g_assert_cmpstr (most->without[0], ==, "pabcdefghijkm");
  g_assert_cmpstr (most->products[0], ==, "video");
  g_assert_cmpstr (most->products[1], ==, "audio");
  g_assert_null (most->products[2]);
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "{}",
    "{\"layout\":\"mosaic\"}",
    "{\"layout\":\"grid\",\"width\":159}",
    "{\"layout\":\"grid\",\"width\":3841}",
    "{\"layout\":\"grid\",\"height\":2161}",
    "{\"layout\":\"grid\",\"fps\":61}",
    "{\"layout\":\"grid\",\"from\":-2}",
    "{\"layout\":\"grid\",\"from\":5,\"to\":5}",
    "{\"layout\":\"grid\",\"without\":[\"somebody\"]}",
    "{\"layout\":\"grid\",\"products\":[]}",
    "{\"layout\":\"grid\",\"products\":[\"music\"]}",
    "{\"layout\":\"grid\",\"suffix\":\"-3\"}",
    "{\"layout\":\"grid\",\"job\":\"j\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CvRenderOrder) order = read_text (texts[i], &error);

    if (order != NULL)
      g_error ("%s was taken", texts[i]);
  }
}

static void
test_parse (void)
{
  static const char *const bad[] = { "", "[]", "{\"layout\":\"grid\",\"suffix\":\"/x\"}",
                                     "{\"layout\":\"grid\",\"suffix\":\"-\"}",
                                     "{\"layout\":\"grid\",\"suffix\":\"-12345678\"}" };
  g_autoptr (CvRenderOrder) good = cv_render_order_parse ("{\"layout\":\"grid\",\"suffix\":\"-12\"}", NULL);

  g_assert_cmpstr (good->suffix, ==, "-12");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (cv_render_order_parse (bad[i], &error));
    g_assert_true (error->domain == CV_JSON_ERROR);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render-order/default", test_default);
  g_test_add_func ("/render-order/read", test_read);
  g_test_add_func ("/render-order/refused", test_refused);
  g_test_add_func ("/render-order/parse", test_parse);
  return g_test_run ();
}
