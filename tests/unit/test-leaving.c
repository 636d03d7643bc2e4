/* Why somebody leaves, and why all do, in words. */
#include "room/leaving.h"

static void
test_texts (void)
{
  g_assert_cmpstr (cv_leaving_to_text (CV_LEAVING_LEFT), ==, "left");
  g_assert_cmpstr (cv_leaving_to_text (CV_LEAVING_LOST), ==, "lost");
  g_assert_cmpstr (cv_leaving_to_text (CV_LEAVING_REPLACED), ==, "replaced");
  g_assert_cmpstr (cv_leaving_to_text (CV_LEAVING_STAGE), ==, "stage");
  g_assert_cmpstr (cv_leaving_to_text (CV_LEAVING_REMOVED), ==, "removed");
  g_assert_cmpstr (cv_ending_to_text (CV_ENDING_HOST), ==, "host");
  g_assert_cmpstr (cv_ending_to_text (CV_ENDING_ADMIN), ==, "admin");
  g_assert_cmpstr (cv_ending_to_text (CV_ENDING_EMPTY), ==, "empty");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/leaving/texts", test_texts);
  return g_test_run ();
}
