/* Pictures of times, in order and not; the same time looks the same. */
#include "render/stage.h"

#include "lib/programme.h"

#include <gst/gst.h>
#include <string.h>

static CvProgramme *
make (void)
{
  static const char *const names[] = { "001-paaaaaaaaaaaa-camera-1.mkv", "001-pbbbbbbbbbbbb-camera-1.mkv", NULL };
  return cv_test_programme ("{\"t\":0,\"type\":\"segment\",\"segment\":1}\n"
                            "{\"t\":0,\"type\":\"person\",\"person\":\"paaaaaaaaaaaa\",\"name\":\"Ann\"}\n"
                            "{\"t\":1000,\"type\":\"person\",\"person\":\"pbbbbbbbbbbbb\",\"name\":\"Ben\"}\n"
                            "{\"t\":0,\"type\":\"track\",\"file\":\"001-paaaaaaaaaaaa-camera-1.mkv\"}\n"
                            "{\"t\":1500,\"type\":\"track\",\"file\":\"001-pbbbbbbbbbbbb-camera-1.mkv\"}\n"
                            "{\"t\":5000,\"type\":\"leave\",\"person\":\"paaaaaaaaaaaa\"}\n"
                            "{\"t\":5500,\"type\":\"leave\",\"person\":\"pbbbbbbbbbbbb\"}\n"
                            "{\"t\":6000,\"type\":\"stop\"}\n",
                            names);
}

static gboolean
is_red (const CvCanvas *canvas, double x, double y)
{
  guint at = (guint) (y * canvas->height / 2) * canvas->strides[2] + (guint) (x * canvas->width / 2);
  return canvas->planes[2][at] > 170;
}

static void
test_times (void)
{
  g_autoptr (CvKit) kit = cv_kit_new (NULL);
  g_autoptr (CvProgramme) programme = make ();
  g_autoptr (CvStage) stage = cv_stage_new (programme, kit, CV_LAYOUT_GRID, 320, 180);
  const CvCanvas *canvas = cv_stage_draw (stage, 500000);
  g_assert_true (is_red (canvas, 0.5, 0.5));
  g_assert_cmpuint (cv_stage_get_interest (stage), ==, 1);
  canvas = cv_stage_draw (stage, 1200000);
  g_assert_true (is_red (canvas, 0.2, 0.5));
  g_assert_false (is_red (canvas, 0.65, 0.5));
  canvas = cv_stage_draw (stage, 1800000);
  g_assert_true (is_red (canvas, 0.65, 0.5));
  g_assert_cmpuint (cv_stage_get_interest (stage), ==, 2);
  canvas = cv_stage_draw (stage, 5900000); /* nobody */
  g_assert_false (is_red (canvas, 0.5, 0.5));
  g_assert_cmpuint (cv_stage_get_interest (stage), ==, 0);
}

static void
test_again (void)
{
  g_autoptr (CvKit) kit = cv_kit_new (NULL);
  g_autoptr (CvProgramme) programme = make ();
  g_autoptr (CvStage) stage = cv_stage_new (programme, kit, CV_LAYOUT_GRID, 320, 180);
  const CvCanvas *canvas = cv_stage_draw (stage, 1700000);
  gsize n = cv_canvas_get_size (canvas);
  g_autofree guint8 *before = g_memdup2 (canvas->planes[0], n);
  cv_stage_draw (stage, 5200000);
  canvas = cv_stage_draw (stage, 1700000);
  g_assert_cmpmem (canvas->planes[0], n, before, n);
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stage/times", test_times);
  g_test_add_func ("/stage/again", test_again);
  return g_test_run ();
}
