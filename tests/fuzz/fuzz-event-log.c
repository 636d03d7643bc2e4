/* Fuzz target of what a renderer makes of an event log (libFuzzer): lines → events → a programme → scenes. The tracks are
 * always the same; whatever the log says of them, times stay in order and within the programme.
 */
#include "lib/film-words.h"
#include "render/chapters.h"
#include "render/edit.h"
#include "render/listing.h"
#include "render/otio.h"
#include "render/scene.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

static const char *const names[] = { "001-paaaaaaaaaaaa-camera-1.mkv", "001-paaaaaaaaaaaa-microphone-1.mkv",
                                     "002-paaaaaaaaaaaa-camera-1.mkv", "001-pbbbbbbbbbbbb-screen-1.mkv" };

/* Of nothing but a length: no file is opened here. */
static CvFootage *
make_footage (guint i)
{
  CvFootage *footage = g_new0 (CvFootage, 1);
  footage->duration = (gint64) (i + 1) * 1500000;
  footage->n_frames = 1;
  footage->track = (CvMatroskaTrack){ .codec = CV_CODEC_VP8, .width = 1280, .height = 800 };
  footage->keys = g_array_new (FALSE, FALSE, 1);
  return footage;
}

static void
check_periods (const GArray *periods, gint64 duration)
{
  for (guint i = 0; i < periods->len; i++) {
    const CvPeriod *period = &g_array_index (periods, CvPeriod, i);
    g_assert_cmpint (period->from, >=, 0);
    g_assert_cmpint (period->from, <, period->to);
    g_assert_cmpint (period->to, <=, duration);
  }
}

static void
check (CvProgramme *programme)
{
  gint64 duration = programme->duration;
  for (guint i = 0; i < programme->people->len; i++) {
    const CvCharacter *person = g_ptr_array_index (programme->people, i);
    check_periods (person->present, duration);
    check_periods (person->screen, duration);
    check_periods (person->speaking, duration);
  }
  for (guint i = 0; i < programme->cuts->len; i++) {
    const CvCut *cut = g_ptr_array_index (programme->cuts, i);
    g_assert_cmpint (cut->from, >=, 0);
    g_assert_cmpint (cut->from, <, cut->to);
    g_assert_cmpint (cut->to, <=, duration);
  }
  for (gint64 t = 0, k = 0; t < duration && k < 50; k++) {
    CvScene scene;
    cv_scene_find (programme, (CvLayout) (k % 4), 640, 360, t, &scene);
    g_assert_cmpint (scene.until, >, t);
    t = scene.until;
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_edit_file_free);
  g_autoptr (GPtrArray) without = g_ptr_array_new ();
  g_autoptr (CvEventLog) log = cv_event_log_parse ((const char *) data, n);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    CvEditFile *file = g_new (CvEditFile, 1);
    *file = (CvEditFile){ g_strdup (names[i]), make_footage (i) };
    g_ptr_array_add (files, file);
  }
  g_autoptr (CvProgramme) programme = cv_edit_make (log, files);
  programme->words = cv_test_film_words;
  if (!cv_programme_crop (programme, 0, -1, without))
    return 0;
  cv_chapters_complete (programme);
  check (programme);
  g_autofree char *listing = cv_listing_make (programme, NULL), *otio = cv_otio_make (programme, NULL);
  g_autoptr (GString) vtt = cv_chapters_to_vtt (programme);
  g_assert_true (g_str_has_prefix (listing, "{") && g_str_has_prefix (otio, "{") &&
                 g_str_has_prefix (vtt->str, "WEBVTT"));
  return 0;
}
