/* Which tiles there are, and until when. */
#include "render/scene.h"

#include "lib/programme.h"

#include <gst/gst.h>

#define CAMERA(t, id) "{\"t\":" #t ",\"type\":\"track\",\"file\":\"001-" id "-camera-1.mkv\"}\n"
#define PERSON(id) "{\"t\":0,\"type\":\"person\",\"person\":\"" id "\",\"name\":\"" id "\"}\n"
#define A "paaaaaaaaaaaa"
#define B "pbbbbbbbbbbbb"
#define SCREEN "001-" B "-screen-1.mkv"

static CvProgramme *
make (guint others)
{
  static const char *const names[] = { "001-" A "-camera-1.mkv", SCREEN, NULL };
  g_autoptr (GString) log = g_string_new ("{\"t\":0,\"type\":\"segment\",\"segment\":1}\n" PERSON (B) PERSON (A));
  for (guint i = 0; i < others; i++)
    g_string_append_printf (log, "{\"t\":0,\"type\":\"person\",\"person\":\"pccccccccccc%c\",\"name\":\"x\"}\n",
                            "abcdefghijkmnpqrstuv"[i]);
  g_string_append (log, CAMERA (1000, A) "{\"t\":4000,\"type\":\"track\",\"file\":\"" SCREEN "\"}\n"
                                         "{\"t\":2000,\"type\":\"speaker\",\"people\":[\"" A "\"]}\n"
                                         "{\"t\":10000,\"type\":\"stop\"}\n");
  return cv_test_programme (log->str, names);
}

static void
test_grid (void)
{
  g_autoptr (CvProgramme) programme = make (0);
  CvScene early, late;
  cv_scene_find (programme, CV_LAYOUT_GRID, 1280, 720, 0, &early);
  g_assert_cmpuint (early.n, ==, 2);
  g_assert_cmpstr (early.tiles[0].person->id, ==, B);
  g_assert_null (early.tiles[0].cut);
  g_assert_cmpint (early.until, ==, 1000000);
  cv_scene_find (programme, CV_LAYOUT_GRID, 1280, 720, 2500000, &late);
  g_assert_cmpstr (late.tiles[0].person->id, ==, A); /* who is seen comes first */
  g_assert_nonnull (late.tiles[0].cut);
  g_assert_true (late.tiles[0].speaking);
  g_assert_false (cv_scene_is_alike (&early, &late));
  g_assert_true (cv_scene_is_alike (&late, &late));
}

static void
test_more (void)
{
  g_autoptr (CvProgramme) programme = make (18);
  CvScene scene;
  cv_scene_find (programme, CV_LAYOUT_GRID, 1280, 720, 2500000, &scene);
  g_assert_cmpuint (scene.n, ==, CV_LAYOUT_MAX_GRID);
  g_assert_null (scene.tiles[scene.n - 1].person);
  g_assert_cmpuint (scene.tiles[scene.n - 1].more, ==, 20 - CV_LAYOUT_MAX_GRID + 1);
  g_assert_cmpuint (cv_scene_count_most (programme, CV_LAYOUT_GRID), ==, CV_LAYOUT_MAX_GRID);
}

static void
test_auto (void)
{
  g_autoptr (CvProgramme) programme = make (0), crowd = make (6);
  CvScene scene;
  cv_scene_find (programme, CV_LAYOUT_AUTO, 1280, 720, 4500000, &scene);
  g_assert_true (scene.tiles[0].screen);
  g_assert_cmpuint (scene.n, ==, 3);
  cv_scene_find (programme, CV_LAYOUT_AUTO, 1280, 720, 2500000, &scene);
  g_assert_cmpuint (scene.tiles[0].box.width, ==, scene.tiles[1].box.width);
  cv_scene_find (crowd, CV_LAYOUT_AUTO, 1280, 720, 2500000, &scene);
  g_assert_cmpstr (scene.tiles[0].person->id, ==, A);
  g_assert_cmpuint (scene.tiles[0].box.width, >, 2 * scene.tiles[1].box.width);
  cv_scene_find (programme, CV_LAYOUT_GRID, 1280, 720, 4500000, &scene);
  g_assert_false (scene.tiles[0].screen);
}

static void
test_nobody (void)
{
  static const char *const none[] = { NULL };
  g_autoptr (CvProgramme) programme = cv_test_programme ("{\"t\":0,\"type\":\"segment\",\"segment\":1}\n", none);
  CvScene scene;
  for (guint layout = CV_LAYOUT_GRID; layout <= CV_LAYOUT_AUTO; layout++) {
    cv_scene_find (programme, (CvLayout) layout, 640, 360, 0, &scene);
    g_assert_cmpuint (scene.n, ==, 0);
    g_assert_cmpint (scene.until, ==, G_MAXINT64);
  }
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scene/grid", test_grid);
  g_test_add_func ("/scene/more", test_more);
  g_test_add_func ("/scene/auto", test_auto);
  g_test_add_func ("/scene/nobody", test_nobody);
  return g_test_run ();
}
