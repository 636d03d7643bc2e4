/* See sound.h. */
#include "render/sound.h"

#include "render/feed.h"
#include "render/mixdown.h"

#include <string.h>

/* blocks that are pushed at once: 100 ms, which is one value of the waveform */
#define BLOCKS 10
#define WAVEFORM_RATE 10
#define WAVEFORM_MAX 100
#define CAPS                                                                                                           \
  "audio/x-raw,format=S16LE,layout=interleaved,rate=" G_STRINGIFY (CV_VOICE_RATE) ",channels=" G_STRINGIFY (           \
    CV_VOICE_CHANNELS) ",channel-mask=(bitmask)0x3"

/* What is written at once, and what is heard meanwhile. */
typedef struct {
  CvDesk *desk;
  CvMixdown *mixdown;
  CvFeed *feeds[2];
  guint n_feeds;
  guint8 mix;         /* of the piece that was pushed last: 0…WAVEFORM_MAX */
  GByteArray **peaks; /* one for the mix, then one a person; NULL: nobody wants to know */
} Take;

char *
cv_sound_path (const CvDesk *desk)
{
  return g_strdup_printf ("%s/audio.mkv", desk->folder);
}

static gint64
count_pieces (const CvProgramme *programme)
{
  gint64 piece = (gint64) BLOCKS * 10000;
  return (programme->duration + piece - 1) / piece;
}

static guint8
to_level (guint peak)
{
  return (guint8) ((peak * WAVEFORM_MAX + 16383) / 32767);
}

static void
note_peaks (Take *take, guint mix, guint8 *levels)
{
  const GPtrArray *people = take->desk->programme->people;
  levels[0] = MAX (levels[0], to_level (mix));
  for (guint i = 0; i < people->len; i++)
    levels[i + 1] = MAX (levels[i + 1], to_level (cv_mixdown_get_peak (take->mixdown, g_ptr_array_index (people, i))));
}

static gboolean
push_piece (Take *take, gint64 number, GError **error)
{
  gsize block = CV_MIXDOWN_BLOCK * CV_VOICE_CHANNELS, size = BLOCKS * block * sizeof (gint16);
  guint n_levels = take->peaks != NULL ? take->desk->programme->people->len + 1 : 0;
  g_autofree guint8 *levels = g_new0 (guint8, n_levels + 1);
  gint16 *samples = g_malloc (size);
  for (guint i = 0; i < BLOCKS; i++) {
    guint peak = cv_mixdown_next (take->mixdown, samples + i * block);
    if (n_levels > 0)
      note_peaks (take, peak, levels);
  }
  for (guint i = 0; i < n_levels; i++)
    g_byte_array_append (take->peaks[i], &levels[i], 1);
  g_autoptr (GstBuffer) buffer = gst_buffer_new_wrapped (samples, size);
  GST_BUFFER_PTS (buffer) = (GstClockTime) number * BLOCKS * 10 * GST_MSECOND;
  GST_BUFFER_DURATION (buffer) = BLOCKS * 10 * GST_MSECOND;
  for (guint i = 0; i < take->n_feeds; i++)
    if (!cv_feed_push (take->feeds[i], 0, gst_buffer_ref (buffer), error))
      return FALSE;
  return TRUE;
}

static gboolean
add_feed (Take *take, CvRecipe recipe, const char *path, GError **error)
{
  g_autofree char *part = cv_deposit_part (path);
  g_autoptr (GstCaps) caps = gst_caps_from_string (CAPS);
  CvFeed *feed = cv_feed_new (cv_kit_get (take->desk->kit, recipe), NULL, 0, part, error);
  if (feed == NULL)
    return FALSE;
  take->feeds[take->n_feeds++] = feed;
  return cv_feed_add (feed, "in", caps, error);
}

/* From the beginning to the end; `begin` and `share` of the stage. */
static gboolean
run (Take *take, double begin, double share, GError **error)
{
  gint64 n = count_pieces (take->desk->programme);
  for (gint64 i = 0; i < n; i++)
    if (!cv_desk_go_on (take->desk, begin + share * (double) i / (double) n, error) || !push_piece (take, i, error))
      return FALSE;
  for (guint i = 0; i < take->n_feeds; i++)
    if (!cv_feed_finish (take->feeds[i], error))
      return FALSE;
  return TRUE;
}

static void
take_clear (Take *take)
{
  for (guint i = 0; i < take->n_feeds; i++)
    cv_feed_free (take->feeds[i]);
  g_clear_pointer (&take->mixdown, cv_mixdown_free);
}

/* ---- The meeting ---- */

static void
append_levels (GString *out, const GByteArray *levels)
{
  for (guint i = 0; i < levels->len; i++)
    g_string_append_printf (out, "%s%u", i > 0 ? "," : "", levels->data[i]);
}

static gboolean
put_waveform (Take *take, GError **error)
{
  const CvProgramme *programme = take->desk->programme;
  g_autoptr (GString) out = g_string_new (NULL);
  g_string_append_printf (out, "{\"version\":1,\"rate\":%d,\"max\":%d,\"duration\":%.3f,\"mix\":[", WAVEFORM_RATE,
                          WAVEFORM_MAX, (double) programme->duration / 1000);
  append_levels (out, take->peaks[0]);
  g_string_append (out, "],\"people\":[");
  for (guint i = 0; i < programme->people->len; i++) {
    const CvCharacter *person = g_ptr_array_index (programme->people, i);
    g_string_append_printf (out, "%s{\"person\":\"%s\",\"peaks\":[", i > 0 ? "," : "", person->id);
    append_levels (out, take->peaks[i + 1]);
    g_string_append (out, "]}");
  }
  g_string_append (out, "]}\n");
  g_autofree char *path = cv_desk_path (take->desk, "waveform.json");
  return cv_deposit_write (path, out->str, out->len, error);
}

static gboolean
mix (CvDesk *desk, GError **error)
{
  g_autofree char *aac = cv_sound_path (desk), *opus = cv_desk_path (desk, "audio.opus");
  g_autoptr (GPtrArray) peaks = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  gboolean wants_opus = (desk->order->products & CV_PRODUCT_AUDIO) != 0;
  gboolean wants_waveform = (desk->order->products & CV_PRODUCT_WAVEFORM) != 0;
  for (guint i = 0; i <= desk->programme->people->len; i++)
    g_ptr_array_add (peaks, g_byte_array_new ());
  Take take = { .desk = desk, .mixdown = cv_mixdown_new (desk->programme, desk->kit) };
  take.peaks = (GByteArray **) peaks->pdata;
  gboolean done = add_feed (&take, CV_RECIPE_RENDER_SOUND, aac, error) &&
                  (!wants_opus || add_feed (&take, CV_RECIPE_WRITE_OPUS, opus, error)) && run (&take, 0, 1, error) &&
                  (!wants_opus || cv_deposit_commit (opus, error)) &&
                  (!wants_waveform || put_waveform (&take, error)) &&
                  cv_deposit_commit (aac, error); /* last: it says that the others are there */
  take_clear (&take);
  return done;
}

gboolean
cv_sound_mix (CvDesk *desk, GError **error)
{
  g_autofree char *aac = cv_sound_path (desk), *opus = cv_desk_path (desk, "audio.opus");
  g_autofree char *waveform = cv_desk_path (desk, "waveform.json");
  if (!g_file_test (aac, G_FILE_TEST_EXISTS) && !mix (desk, error))
    return FALSE;
  if ((desk->order->products & CV_PRODUCT_AUDIO) != 0 &&
      !cv_desk_deliver (desk, opus, "audio", NULL, 0, desk->programme->duration, error))
    return FALSE;
  return (desk->order->products & CV_PRODUCT_WAVEFORM) == 0 ||
         cv_desk_deliver (desk, waveform, "waveform", NULL, -1, -1, error);
}

/* ---- Tracks ---- */

static gboolean
write_track (CvDesk *desk, CvCut *cut, const char *path, double begin, double share, GError **error)
{
  Take take = { .desk = desk, .mixdown = cv_mixdown_new_single (cut, desk->kit) };
  gboolean done = add_feed (&take, CV_RECIPE_WRITE_FLAC, path, error) && run (&take, begin, share, error) &&
                  cv_deposit_commit (path, error) && cv_desk_mark (desk, path, error);
  take_clear (&take);
  return done;
}

gboolean
cv_sound_write_tracks (CvDesk *desk, GError **error)
{
  const GPtrArray *cuts = desk->programme->cuts;
  for (guint i = 0; i < cuts->len; i++) {
    CvCut *cut = g_ptr_array_index (cuts, i);
    if (cut->source != CV_TRACK_MICROPHONE && cut->source != CV_TRACK_SCREEN_AUDIO)
      continue;
    g_autofree char *name = g_strdup_printf ("%.*s.flac", (int) (strlen (cut->name) - strlen (".mkv")), cut->name);
    g_autofree char *path = cv_desk_path (desk, name);
    double share = 1.0 / cuts->len;
    if (!cv_desk_is_marked (desk, path) && !write_track (desk, cut, path, i * share, share, error))
      return FALSE;
    if (!cv_desk_deliver (desk, path, "sound", cut, 0, desk->programme->duration, error))
      return FALSE;
  }
  return TRUE;
}
