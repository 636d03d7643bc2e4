/* An editor's timeline: gap, clip, gap; they add up to the whole. */
#include "render/otio.h"

#include "base/json.h"
#include "lib/programme.h"

#include <gst/gst.h>
#include <string.h>

#define A "paaaaaaaaaaaa"

static double
get_value (JsonObject *item, const char *member)
{
  JsonObject *range = json_object_get_object_member (item, "source_range");
  JsonObject *time = json_object_get_object_member (range, member);
  g_assert_cmpfloat (json_object_get_double_member (time, "rate"), ==, 1000);
  return json_object_get_double_member (time, "value");
}

static void
test_timeline (void)
{
  static const char *const names[] = { "001-" A "-camera-1.mkv", "001-" A "-microphone-1.mkv", NULL };
  g_autoptr (CvProgramme) programme =
    cv_test_programme ("{\"t\":0,\"type\":\"segment\",\"segment\":1}\n"
                       "{\"t\":500,\"type\":\"track\",\"file\":\"001-" A "-camera-1.mkv\"}\n"
                       "{\"t\":0,\"type\":\"track\",\"file\":\"001-" A "-microphone-1.mkv\"}\n"
                       "{\"t\":4000,\"type\":\"stop\"}\n",
                       names);
  gsize n = 0;
  g_autofree char *text = cv_otio_make (programme, &n);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_assert_true (json_parser_load_from_data (parser, text, (gssize) n, NULL));
  JsonObject *stack = json_object_get_object_member (json_node_get_object (json_parser_get_root (parser)), "tracks");
  JsonArray *tracks = json_object_get_array_member (stack, "children");
  g_assert_cmpuint (json_array_get_length (tracks), ==, 2);
  for (guint i = 0; i < 2; i++) {
    JsonObject *track = json_array_get_object_element (tracks, i);
    JsonArray *children = json_object_get_array_member (track, "children");
    double sum = 0;
    for (guint k = 0; k < json_array_get_length (children); k++)
      sum += get_value (json_array_get_object_element (children, k), "duration");
    g_assert_cmpfloat (sum, ==, 4000);
  }
  JsonObject *pictures = json_array_get_object_element (tracks, 1);
  g_assert_cmpstr (json_object_get_string_member (pictures, "kind"), ==, "Video");
  JsonArray *children = json_object_get_array_member (pictures, "children");
  g_assert_cmpfloat (get_value (json_array_get_object_element (children, 0), "duration"), ==, 500);
  g_assert_cmpfloat (get_value (json_array_get_object_element (children, 1), "start_time"), ==, 0);
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/otio/timeline", test_timeline);
  return g_test_run ();
}
