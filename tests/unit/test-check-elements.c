/* The element that is missing, and the package that has it; all that there is here is there. */
#include "doctor/check-elements.h"

#include "lib/ward.h"

static void
test_packages (void)
{
  g_assert_cmpstr (cv_elements_find_package ("x264enc"), ==, "gstreamer1.0-plugins-ugly");
  g_assert_cmpstr (cv_elements_find_package ("avdec_h264"), ==, "gstreamer1.0-libav");
  g_assert_cmpstr (cv_elements_find_package ("avenc_aac"), ==, "gstreamer1.0-libav");
  g_assert_cmpstr (cv_elements_find_package ("opusdec"), ==, "gstreamer1.0-plugins-base");
  g_assert_cmpstr (cv_elements_find_package ("audioconvert"), ==, "gstreamer1.0-plugins-base");
  g_assert_cmpstr (cv_elements_find_package ("vp8dec"), ==, "gstreamer1.0-plugins-good");
  g_assert_cmpstr (cv_elements_find_package ("mp4mux"), ==, "gstreamer1.0-plugins-good");
}

static void
test_messages (void)
{
  g_autofree char *named = cv_elements_read_missing ("/x/render-video.launch: no element \"x264enc\"");
  g_autofree char *other = cv_elements_read_missing ("/x: syntax error");
  g_autofree char *open = cv_elements_read_missing ("/x: no element \"x264enc");

  g_assert_cmpstr (named, ==, "x264enc");
  g_assert_null (other);
  g_assert_null (open);
}

static void
test_here (void)
{
  g_autoptr (CvWard) ward = cv_test_ward_new ("");

  cv_test_ward_check (ward, cv_check_elements);
  g_assert_cmpuint (cv_findings_get_length (ward->findings), ==, 1);
  cv_test_ward_assert (ward->findings, 0, CV_FINDING_OK, "all ?? pipelines have what they need");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check-elements/packages", test_packages);
  g_test_add_func ("/check-elements/messages", test_messages);
  g_test_add_func ("/check-elements/here", test_here);
  return g_test_run ();
}
