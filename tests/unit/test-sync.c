/* Clocks of one sender move pictures beside the sound; others' never, and nothing by nonsense. */
#include "render/sync.h"

#include "lib/programme.h"

#include <gst/gst.h>

#define A "paaaaaaaaaaaa"
#define B "pbbbbbbbbbbbb"
#define TRACK(t, name) "{\"t\":" #t ",\"type\":\"track\",\"file\":\"" name "\"}\n"
#define CLOCK(name, pts, ntp) "{\"t\":50,\"type\":\"clock\",\"file\":\"" name "\",\"pts\":" #pts ",\"ntp\":" #ntp "}\n"
#define SOUND "001-" A "-microphone-1.mkv"
#define PICTURES "001-" A "-camera-1.mkv"
#define OTHER "001-" B "-camera-1.mkv"

static const char *const names[] = { SOUND, PICTURES, OTHER, NULL };

static CvProgramme *
make (const char *clocks)
{
  g_autofree char *log = g_strconcat ("{\"t\":0,\"type\":\"segment\",\"segment\":1}\n" TRACK (100, SOUND)
                                        TRACK (500, PICTURES) TRACK (500, OTHER),
                                      clocks, "{\"t\":4000,\"type\":\"stop\"}\n", NULL);
  return cv_test_programme (log, names);
}

static gint64
compose (const CvProgramme *programme, const char *name, gint64 pts)
{
  for (guint i = 0; i < programme->cuts->len; i++) {
    const CvCut *cut = g_ptr_array_index (programme->cuts, i);
    if (g_str_equal (cut->name, name))
      return cv_cut_compose (cut, pts);
  }
  return -1;
}

static void
test_moved (void)
{
  /* at the sender, the camera's beginning was 100 ms after the microphone's; it came 400 ms later */
  g_autoptr (CvProgramme) programme =
    make (CLOCK (SOUND, 0, 7000000) CLOCK (PICTURES, 0, 7100000) CLOCK (OTHER, 0, 9000000));
  g_assert_cmpint (compose (programme, SOUND, 0), ==, 100000);
  g_assert_cmpint (compose (programme, PICTURES, 0), ==, 200000);
  g_assert_cmpint (compose (programme, PICTURES, 1000000), ==, 1200000);
  g_assert_cmpint (compose (programme, OTHER, 0), ==, 500000);
}

/* The sound's clock is one percent slow: what is between two reports lies between. */
static void
test_drift (void)
{
  g_autoptr (CvProgramme) programme = make (CLOCK (SOUND, 0, 7000000) CLOCK (SOUND, 990000, 8000000)
                                              CLOCK (PICTURES, 0, 7000000) CLOCK (PICTURES, 1000000, 8000000));
  g_assert_cmpint (compose (programme, PICTURES, 0), ==, 100000);
  g_assert_cmpint (ABS (compose (programme, PICTURES, 500000) - 595000), <=, 1);
  g_assert_cmpint (compose (programme, PICTURES, 1000000), ==, 1090000);
}

static void
test_nonsense (void)
{
  g_autoptr (CvProgramme) programme =
    make (CLOCK (SOUND, 0, 0) CLOCK (PICTURES, 0, 1000000000000000) CLOCK (PICTURES, 5, -1000000000000000));
  g_assert_cmpint (compose (programme, PICTURES, 0), ==, 500000);
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/moved", test_moved);
  g_test_add_func ("/sync/drift", test_drift);
  g_test_add_func ("/sync/nonsense", test_nonsense);
  return g_test_run ();
}
