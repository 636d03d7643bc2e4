/* timeline.json is JSON that says what the programme says. */
#include "render/listing.h"

#include "base/json.h"
#include "lib/programme.h"

#include <gst/gst.h>

#define A "paaaaaaaaaaaa"

static void
test_listing (void)
{
  static const char *const names[] = { "001-" A "-camera-1.mkv", NULL };
  g_autoptr (CvProgramme) programme =
    cv_test_programme ("{\"t\":0,\"type\":\"segment\",\"segment\":1}\n"
                       "{\"t\":0,\"type\":\"person\",\"person\":\"" A "\",\"name\":\"Ann \\\"x\\\"\"}\n"
                       "{\"t\":500,\"type\":\"track\",\"file\":\"001-" A "-camera-1.mkv\"}\n"
                       "{\"t\":1000,\"type\":\"speaker\",\"people\":[\"" A "\"]}\n{\"t\":4000,\"type\":\"stop\"}\n",
                       names);
  gsize n = 0;
  g_autofree char *text = cv_listing_make (programme, &n);
  g_autoptr (JsonObject) root = cv_json_parse (text, n, NULL);
  g_assert_nonnull (root);
  g_assert_cmpfloat (json_object_get_double_member (root, "duration"), ==, 4000);
  JsonObject *person = json_array_get_object_element (json_object_get_array_member (root, "people"), 0);
  g_assert_cmpstr (json_object_get_string_member (person, "name"), ==, "Ann \"x\"");
  JsonObject *track = json_array_get_object_element (json_object_get_array_member (root, "tracks"), 0);
  g_assert_cmpstr (json_object_get_string_member (track, "file"), ==, "tracks/001-" A "-camera-1.mkv");
  g_assert_cmpfloat (json_object_get_double_member (track, "t"), ==, 500);
  JsonObject *speaker = json_array_get_object_element (json_object_get_array_member (root, "speakers"), 0);
  g_assert_cmpfloat (json_object_get_double_member (speaker, "from"), ==, 1000);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (root, "spans")), ==, 1);
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/listing/listing", test_listing);
  return g_test_run ();
}
