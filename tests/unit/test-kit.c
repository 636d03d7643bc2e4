/* Every pipeline is there and can be made. */
#include "render/kit.h"

static void
test_all (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvKit) kit = cv_kit_new (&error);
  g_assert_no_error (error);
  for (guint i = 0; i < CV_N_RECIPES; i++) {
    GstElement *bin = cv_template_make (cv_kit_get (kit, (CvRecipe) i), NULL, 0, &error);
    g_assert_no_error (error);
    gst_object_unref (gst_object_ref_sink (bin));
  }
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kit/all", test_all);
  return g_test_run ();
}
