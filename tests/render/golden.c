/* Golden meetings: made here, rendered by conclave-render, then looked at and listened to. Each is about one thing that
 * happens to meetings. Tiles are told by their colours, people by their tones.
 */
#include "rendering.h"
#include "viewer.h"

#include "lib/folder.h"

#include <gst/gst.h>
#include <string.h>

#define RED 0xc83232
#define GREEN 0x289650
#define BLUE 0x3250c8
#define YELLOW 0xd2be3c
#define EMPTY 0x292622 /* a tile without a picture */
#define STAGE 0x0f0e0d

static const CvTestPictures red = { .colour = RED, .seconds = 4 };
static const CvTestPictures green = { .colour = GREEN, .seconds = 4 };
static const CvTestPictures blue = { .colour = BLUE, .seconds = 2 };
static const CvTestSound anna = { .hertz = 440, .seconds = 4 };
static const CvTestSound ben = { .hertz = 700, .seconds = 4 };
static const CvTestSound cem = { .hertz = 1000, .seconds = 2 };

/* Anna (red, 440 Hz) and Ben (green, 700 Hz) for four seconds. */
static Meeting *
begin_two (void)
{
  Meeting *meeting = meeting_new ();
  meeting_say (meeting, 0, "segment", ",\"segment\":1");
  meeting_person (meeting, 0, ANNA, "Anna Kovács");
  meeting_person (meeting, 0, BEN, "Ben");
  meeting_sending (meeting, 0, ANNA, TRUE, TRUE, FALSE);
  meeting_sending (meeting, 0, BEN, TRUE, TRUE, FALSE);
  meeting_pictures (meeting, 0, "001-" ANNA "-camera-1.mkv", &red);
  meeting_sound (meeting, 0, "001-" ANNA "-microphone-1.mkv", &anna);
  meeting_pictures (meeting, 0, "001-" BEN "-camera-1.mkv", &green);
  meeting_sound (meeting, 0, "001-" BEN "-microphone-1.mkv", &ben);
  return meeting;
}

static void
end (Meeting *meeting, guint segment, double t)
{
  meeting_say (meeting, t, "segment-end", ",\"segment\":%u,\"reason\":\"stop\"", segment);
  meeting_say (meeting, t, "stop", ",\"reason\":\"host\"");
}

static Viewer *
render (const Meeting *meeting, const Wish *wish)
{
  static const Wish plain = { 0 };
  g_autoptr (Rendering) rendering = rendering_run (meeting, wish != NULL ? wish : &plain);
  if (!rendering->succeeded && rendering->end != NULL)
    g_test_message ("%s", json_object_get_string_member_with_default (rendering->end, "text", ""));
  g_assert_true (rendering->succeeded);
  g_autofree char *path = meeting_path (meeting, "files/meeting.mp4");
  return viewer_new (path);
}

static void
assert_duration (const Viewer *viewer, double seconds)
{
  g_assert_cmpfloat_with_epsilon (viewer_get_duration (viewer), seconds, 0.07);
  g_assert_cmpfloat_with_epsilon (viewer_get_sound_duration (viewer), seconds, 0.07);
}

/* ffprobe finds a stream of this kind, and nothing to complain about. */
static void
assert_probed (const Meeting *meeting, const char *name, const char *expected)
{
  g_autofree char *path = meeting_path (meeting, name), *out = NULL, *complaints = NULL;
  const char *arguments[] = { "ffprobe", "-v", "warning", "-show_entries", "stream=codec_name:format=duration", "-of",
                              "compact", path, NULL };
  g_autoptr (GError) error = NULL;
  int status = 0;
  g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &complaints, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpstr (complaints, ==, "");
  if (strstr (out, expected) == NULL)
    g_error ("%s: %s is not in %s", name, expected, out);
}

/* ---- Everything there is ---- */

static void
check_files (const Meeting *meeting, const Rendering *rendering)
{
  for (guint i = 0; i < rendering->files->len; i++) {
    JsonObject *told = g_ptr_array_index (rendering->files, i);
    const char *name = json_object_get_string_member (told, "name");
    g_autofree char *below = g_str_has_prefix (name, "tracks/") ? g_strdup (name) : g_strdup_printf ("files/%s", name);
    g_autofree char *path = meeting_path (meeting, below), *bytes = NULL;
    gsize n = 0;
    g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
    g_assert_cmpint (json_object_get_int_member (told, "bytes"), ==, n);
    g_autofree char *hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guint8 *) bytes, n);
    g_assert_cmpstr (json_object_get_string_member (told, "sha256"), ==, hash);
    g_assert_cmpint (n, >, 0);
    g_assert_cmpuint (cv_test_folder_mode (meeting->folder, below) & 077, ==,
                      g_str_has_prefix (name, "tracks/") ? 044 : 0);
  }
}

static void
check_probes (const Meeting *meeting)
{
  assert_probed (meeting, "files/meeting-2.mp4", "codec_name=h264");
  assert_probed (meeting, "files/meeting-2.mp4", "codec_name=aac");
  assert_probed (meeting, "files/audio-2.m4a", "codec_name=aac");
  assert_probed (meeting, "files/audio-2.opus", "codec_name=opus");
  assert_probed (meeting, "files/001-" ANNA "-microphone-1-2.flac", "codec_name=flac");
  assert_probed (meeting, "files/001-" ANNA "-microphone-1-2.flac", "duration=4.0");
  assert_probed (meeting, "files/poster-2.jpg", "codec_name=mjpeg");
  assert_probed (meeting, "files/thumbnails-2.jpg", "codec_name=mjpeg");
}

static void
check_texts (const Meeting *meeting)
{
  g_autofree char *timeline = cv_test_folder_read (meeting->folder, "files/timeline-2.json");
  g_autofree char *otio = cv_test_folder_read (meeting->folder, "files/timeline-2.otio");
  g_autofree char *chapters = cv_test_folder_read (meeting->folder, "files/chapters-2.vtt");
  g_autofree char *thumbnails = cv_test_folder_read (meeting->folder, "files/thumbnails-2.vtt");
  g_autofree char *waveform = cv_test_folder_read (meeting->folder, "files/waveform-2.json");
  g_autofree char *manifest = cv_test_folder_read (meeting->folder, "files/manifest-2.json");
  g_assert_nonnull (strstr (timeline, "\"duration\":4000.0"));
  g_assert_nonnull (strstr (timeline, "\"title\":\"Budget\""));
  g_assert_nonnull (strstr (otio, "\"target_url\":\"tracks/001-" ANNA "-camera-1.mkv\""));
  g_assert_nonnull (strstr (chapters, "00:00:01.500 --> 00:00:04.000\nBudget"));
  g_assert_nonnull (strstr (thumbnails, "thumbnails-2.jpg#xywh=480,0,160,90"));
  g_assert_nonnull (strstr (waveform, "\"rate\":10"));
  g_assert_nonnull (strstr (manifest, "\"name\":\"meeting-2.mp4\""));
  g_assert_nonnull (strstr (manifest, "\"name\":\"events.jsonl\""));
  g_assert_nonnull (strstr (manifest, "\"name\":\"tracks/001-" BEN "-camera-1.mkv\""));
}

static void
test_everything (void)
{
  g_autoptr (Meeting) meeting = begin_two ();
  const Wish wish = { .suffix = "-2",
                      .products = "\"repair\",\"video\",\"audio\",\"tracks\",\"timeline\",\"poster\",\"thumbnails\","
                                  "\"waveform\",\"chapters\",\"manifest\"" };
  meeting_say (meeting, 1500, "chapter", ",\"title\":\"Budget\"");
  end (meeting, 1, 4000);
  g_autoptr (Rendering) rendering = rendering_run (meeting, &wish);
  g_assert_true (rendering->succeeded);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (rendering->end, "duration"), 4000, 1);
  g_assert_cmpuint (rendering->files->len, ==, 4 + 1 + 2 + 2 + 2 + 1 + 2 + 1 + 1 + 1);
  check_files (meeting, rendering);
  check_probes (meeting);
  check_texts (meeting);
  JsonObject *track = rendering_find (rendering, "tracks/001-" BEN "-camera-1.mkv");
  g_assert_cmpstr (json_object_get_string_member (track, "person"), ==, BEN);
  g_assert_cmpstr (json_object_get_string_member (track, "source"), ==, "camera");
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (track, "duration"), 4000, 40);
  g_autofree char *chunks = meeting_path (meeting, "files/.chunks-jaaaaaaaaaaaa");
  g_assert_false (g_file_test (chunks, G_FILE_TEST_EXISTS));
}

/* ---- What happens in meetings ---- */

/* Cem comes at 1 s and goes at 3 s; Ben's camera is off from 2 s on. */
static void
test_coming_and_going (void)
{
  g_autoptr (Meeting) meeting = begin_two ();
  meeting_person (meeting, 1000, CEM, "Cem");
  meeting_sending (meeting, 1000, CEM, TRUE, TRUE, FALSE);
  meeting_pictures (meeting, 1000, "001-" CEM "-camera-1.mkv", &blue);
  meeting_sound (meeting, 1000, "001-" CEM "-microphone-1.mkv", &cem);
  meeting_sending (meeting, 2000, BEN, FALSE, FALSE, FALSE);
  meeting_say (meeting, 3000, "leave", ",\"person\":\"%s\"", CEM);
  end (meeting, 1, 4000);
  g_autoptr (Viewer) viewer = render (meeting, NULL);
  assert_duration (viewer, 4);
  viewer_assert_colour (viewer, 0.5, 0.25, 0.5, RED);
  viewer_assert_colour (viewer, 0.5, 0.75, 0.5, GREEN);
  viewer_assert_colour (viewer, 0.5, 0.5, 0.05, STAGE);
  viewer_assert_colour (viewer, 1.5, 0.25, 0.25, RED);
  viewer_assert_colour (viewer, 1.5, 0.75, 0.25, GREEN);
  viewer_assert_colour (viewer, 1.5, 0.5, 0.75, BLUE);
  viewer_assert_colour (viewer, 2.5, 0.3, 0.6, EMPTY); /* Ben's: people who are seen come first */
  viewer_assert_colour (viewer, 3.5, 0.25, 0.5, RED);
  viewer_assert_colour (viewer, 3.5, 0.6, 0.5, EMPTY);
  viewer_assert_tone (viewer, 0.5, 440);
  viewer_assert_tone (viewer, 0.5, 700);
  viewer_assert_no_tone (viewer, 0.5, 1000);
  viewer_assert_tone (viewer, 1.5, 1000);
  viewer_assert_no_tone (viewer, 3.5, 1000);
}

/* The media process dies at about 2 s, the next one goes on at 3 s, then the daemon dies. */
static void
test_crash (void)
{
  g_autoptr (Meeting) meeting = begin_two ();
  g_autofree char *cut = meeting_path (meeting, "tracks/001-" ANNA "-camera-1.mkv");
  g_autofree char *cut_sound = meeting_path (meeting, "tracks/001-" ANNA "-microphone-1.mkv");
  g_autofree char *lost = meeting_path (meeting, "tracks/001-" BEN "-camera-1.mkv");
  g_autofree char *lost_sound = meeting_path (meeting, "tracks/001-" BEN "-microphone-1.mkv");
  const CvTestPictures later = { .colour = BLUE, .seconds = 2 };
  cv_test_footage_truncate (cut, 0.5);
  cv_test_footage_truncate (cut_sound, 0.5);
  cv_test_footage_truncate (lost, 0.5);
  cv_test_footage_truncate (lost_sound, 0.5);
  meeting_say (meeting, 2500, "segment-end", ",\"segment\":1,\"reason\":\"lost\"");
  meeting_say (meeting, 5000, "segment", ",\"segment\":2");
  meeting_pictures (meeting, 5000, "002-" ANNA "-camera-1.mkv", &later);
  meeting_sound (meeting, 5000, "002-" ANNA "-microphone-1.mkv", &cem);
  g_autoptr (Viewer) viewer = render (meeting, NULL);
  assert_duration (viewer, 7);
  viewer_assert_colour (viewer, 1, 0.25, 0.5, RED);
  viewer_assert_tone (viewer, 1, 440);
  viewer_assert_colour (viewer, 4.9, 0.1, 0.6, EMPTY);
  viewer_assert_no_tone (viewer, 4, 440);
  viewer_assert_no_tone (viewer, 4, 700);
  viewer_assert_colour (viewer, 6, 0.25, 0.5, BLUE);
  viewer_assert_tone (viewer, 6, 1000);
  assert_probed (meeting, "tracks/001-" ANNA "-camera-1.mkv", "codec_name=vp8");
  assert_probed (meeting, "tracks/001-" ANNA "-camera-1.mkv", "duration=1.");
  assert_probed (meeting, "tracks/001-" ANNA "-microphone-1.mkv", "duration=2.");
}

/* A process that was given up went on writing: what the next one wrote counts. A track without a line is found. */
static void
test_overlap (void)
{
  g_autoptr (Meeting) meeting = begin_two ();
  meeting_say (meeting, 2000, "segment", ",\"segment\":2");
  meeting_pictures (meeting, 2000, "002-" ANNA "-camera-1.mkv", &blue);
  meeting_sound (meeting, 2000, "002-" ANNA "-microphone-1.mkv", &cem);
  meeting_pictures (meeting, -1, "002-" BEN "-camera-1.mkv", &blue);
  end (meeting, 2, 4000);
  g_autoptr (Viewer) viewer = render (meeting, NULL);
  assert_duration (viewer, 4);
  viewer_assert_colour (viewer, 1.5, 0.25, 0.5, RED);
  viewer_assert_tone (viewer, 1.5, 440);
  viewer_assert_colour (viewer, 2.5, 0.25, 0.5, BLUE);
  viewer_assert_colour (viewer, 2.5, 0.75, 0.5, BLUE);
  viewer_assert_tone (viewer, 2.5, 1000);
  viewer_assert_no_tone (viewer, 2.5, 440);
  viewer_assert_tone (viewer, 2.5, 700);
}

/* Ben goes at 1 s and is back at 3 s, with another camera. */
static void
test_back_again (void)
{
  g_autoptr (Meeting) meeting = begin_two ();
  const CvTestPictures before = { .colour = GREEN, .seconds = 1 }, after = { .colour = YELLOW, .seconds = 1 };
  meeting_pictures (meeting, 0, "001-" BEN "-camera-1.mkv", &before);
  meeting_say (meeting, 1000, "leave", ",\"person\":\"%s\"", BEN);
  meeting_person (meeting, 3000, BEN, "Ben");
  meeting_sending (meeting, 3000, BEN, FALSE, TRUE, FALSE);
  meeting_pictures (meeting, 3000, "001-" BEN "-camera-2.mkv", &after);
  end (meeting, 1, 4000);
  g_autoptr (Viewer) viewer = render (meeting, NULL);
  viewer_assert_colour (viewer, 0.5, 0.75, 0.5, GREEN);
  viewer_assert_colour (viewer, 2, 0.5, 0.5, RED);
  viewer_assert_colour (viewer, 3.5, 0.25, 0.5, RED);
  viewer_assert_colour (viewer, 3.5, 0.75, 0.5, YELLOW);
}

static void
test_audio_only (void)
{
  g_autoptr (Meeting) meeting = meeting_new ();
  meeting_say (meeting, 0, "segment", ",\"segment\":1");
  meeting_person (meeting, 0, ANNA, "Anna");
  meeting_sending (meeting, 0, ANNA, TRUE, FALSE, FALSE);
  meeting_sound (meeting, 0, "001-" ANNA "-microphone-1.mkv", &cem);
  end (meeting, 1, 2000);
  g_autoptr (Viewer) viewer = render (meeting, NULL);
  assert_duration (viewer, 2);
  viewer_assert_colour (viewer, 1, 0.2, 0.5, EMPTY);
  viewer_assert_tone (viewer, 1, 1000);
}

static void
test_nobody (void)
{
  g_autoptr (Meeting) meeting = meeting_new ();
  meeting_say (meeting, 0, "segment", ",\"segment\":1");
  end (meeting, 1, 1500);
  g_autoptr (Viewer) viewer = render (meeting, NULL);
  assert_duration (viewer, 1.5);
  viewer_assert_colour (viewer, 1, 0.1, 0.1, STAGE);
  assert_probed (meeting, "files/meeting.mp4", "codec_name=aac");
}

/* Anna's picture grows in the middle of her track. */
static void
test_resolution (void)
{
  g_autoptr (Meeting) meeting = meeting_new ();
  const CvTestPictures pictures = { .colour = RED, .seconds = 3, .changes = 1.5 };
  meeting_say (meeting, 0, "segment", ",\"segment\":1");
  meeting_person (meeting, 0, ANNA, "Anna");
  meeting_sending (meeting, 0, ANNA, FALSE, TRUE, FALSE);
  meeting_pictures (meeting, 0, "001-" ANNA "-camera-1.mkv", &pictures);
  end (meeting, 1, 3000);
  g_autoptr (Viewer) viewer = render (meeting, NULL);
  for (double t = 0.2; t < 2.9; t += 0.3) {
    viewer_assert_colour (viewer, t, 0.1, 0.2, RED);
    viewer_assert_colour (viewer, t, 0.9, 0.8, RED);
  }
}

/* VP9 and H.264, the latter as Matroska has it. */
static void
test_codecs (void)
{
  g_autoptr (Meeting) meeting = begin_two ();
  const CvTestPictures vp9 = { .encoder = "vp9enc deadline=1 cpu-used=8 keyframe-max-dist=30",
                               .colour = RED,
                               .seconds = 3 };
  const CvTestPictures avc = { .encoder = "x264enc speed-preset=ultrafast bframes=0 key-int-max=30 ! "
                                          "video/x-h264,stream-format=avc,profile=constrained-baseline",
                               .colour = BLUE,
                               .seconds = 3 };
  meeting_pictures (meeting, 0, "001-" ANNA "-camera-1.mkv", &vp9);
  meeting_pictures (meeting, 0, "001-" BEN "-camera-1.mkv", &avc);
  end (meeting, 1, 3000);
  g_autoptr (Viewer) viewer = render (meeting, NULL);
  for (double t = 0.2; t < 2.9; t += 0.9) {
    viewer_assert_colour (viewer, t, 0.25, 0.5, RED);
    viewer_assert_colour (viewer, t, 0.75, 0.5, BLUE);
  }
}

/* Ben shows his screen from 1 s to 3 s. */
static void
test_screen (void)
{
  g_autoptr (Meeting) meeting = begin_two ();
  const CvTestPictures screen = { .colour = YELLOW, .seconds = 2, .width = 640, .height = 400 };
  const Wish wish = { .layout = "presentation" };
  meeting_sending (meeting, 1000, BEN, TRUE, TRUE, TRUE);
  meeting_pictures (meeting, 1000, "001-" BEN "-screen-1.mkv", &screen);
  meeting_sending (meeting, 3000, BEN, TRUE, TRUE, FALSE);
  end (meeting, 1, 4000);
  g_autoptr (Viewer) viewer = render (meeting, &wish);
  viewer_assert_colour (viewer, 0.5, 0.25, 0.5, RED);
  viewer_assert_colour (viewer, 2, 0.4, 0.5, YELLOW);
  viewer_assert_colour (viewer, 2, 0.89, 0.38, RED);
  viewer_assert_colour (viewer, 2, 0.89, 0.62, GREEN);
  viewer_assert_colour (viewer, 3.5, 0.25, 0.5, RED);
}

/* Who speaks is large; who is said to speak only for a moment is not. */
static void
test_speaker (void)
{
  g_autoptr (Meeting) meeting = begin_two ();
  const Wish wish = { .layout = "speaker" };
  meeting_say (meeting, 0, "speaker", ",\"people\":[\"" ANNA "\"]");
  meeting_say (meeting, 2200, "speaker", ",\"people\":[\"" BEN "\"]");
  meeting_say (meeting, 2400, "speaker", ",\"people\":[\"" ANNA "\"]");
  meeting_say (meeting, 2700, "speaker", ",\"people\":[\"" BEN "\"]");
  end (meeting, 1, 4000);
  g_autoptr (Viewer) viewer = render (meeting, &wish);
  viewer_assert_colour (viewer, 0.5, 0.5, 0.4, RED);
  viewer_assert_colour (viewer, 2.3, 0.5, 0.4, RED);
  viewer_assert_colour (viewer, 3.2, 0.5, 0.4, GREEN);
  viewer_assert_colour (viewer, 3.2, 0.5, 0.88, RED);
}

/* Nothing of the pause from 1.5 s to 10 s is there. */
static void
test_pause (void)
{
  g_autoptr (Meeting) meeting = meeting_new ();
  const CvTestPictures before = { .colour = RED, .seconds = 1.5 };
  meeting_say (meeting, 0, "segment", ",\"segment\":1");
  meeting_person (meeting, 0, ANNA, "Anna");
  meeting_sending (meeting, 0, ANNA, TRUE, TRUE, FALSE);
  meeting_pictures (meeting, 0, "001-" ANNA "-camera-1.mkv", &before);
  meeting_say (meeting, 1500, "segment-end", ",\"segment\":1,\"reason\":\"pause\"");
  meeting_say (meeting, 10000, "segment", ",\"segment\":2");
  meeting_sending (meeting, 10000, ANNA, TRUE, TRUE, FALSE);
  meeting_pictures (meeting, 10000, "002-" ANNA "-camera-1.mkv", &blue);
  meeting_sound (meeting, 10000, "002-" ANNA "-microphone-1.mkv", &cem);
  end (meeting, 2, 12000);
  g_autoptr (Viewer) viewer = render (meeting, NULL);
  assert_duration (viewer, 3.5);
  viewer_assert_colour (viewer, 1.4, 0.5, 0.5, RED);
  viewer_assert_colour (viewer, 1.6, 0.5, 0.5, BLUE);
  viewer_assert_no_tone (viewer, 1.35, 1000);
  viewer_assert_tone (viewer, 1.6, 1000);
}

/* From 1 s to 3 s, without Ben. */
static void
test_range_without (void)
{
  g_autoptr (Meeting) meeting = begin_two ();
  const Wish wish = {
    .from = 1000, .to = 3000, .without = "\"" BEN "\"", .products = "\"video\",\"timeline\",\"tracks\""
  };
  meeting_say (meeting, 2000, "chapter", ",\"title\":\"Middle\"");
  end (meeting, 1, 4000);
  g_autoptr (Viewer) viewer = render (meeting, &wish);
  assert_duration (viewer, 2);
  viewer_assert_colour (viewer, 1, 0.5, 0.5, RED);
  viewer_assert_colour (viewer, 1, 0.9, 0.5, RED);
  viewer_assert_tone (viewer, 1, 440);
  viewer_assert_no_tone (viewer, 1, 700);
  g_autofree char *timeline = cv_test_folder_read (meeting->folder, "files/timeline.json");
  g_assert_null (strstr (timeline, BEN));
  g_assert_nonnull (strstr (timeline, "\"t\":1000.0,\"title\":\"Middle\""));
  g_autofree char *flac = meeting_path (meeting, "files/001-" BEN "-microphone-1.flac");
  g_assert_false (g_file_test (flac, G_FILE_TEST_EXISTS));
}

static guint32
flash (double t)
{
  return t - (gint64) t < 0.2 ? 0xffffff : 0;
}

static double
beep (double t)
{
  return t - (gint64) t < 0.2 ? 0.4 : 0;
}

/* Pictures came 400 ms later than the sound of the same moment: the sender's clock says which belong together. */
static void
test_lips (void)
{
  g_autoptr (Meeting) meeting = meeting_new ();
  const CvTestPictures pictures = { .seconds = 4, .colours = flash, .fps = 30 };
  const CvTestSound sound = { .hertz = 1000, .seconds = 4, .loudness = beep };
  meeting_say (meeting, 0, "segment", ",\"segment\":1");
  meeting_person (meeting, 0, ANNA, "Anna");
  meeting_sending (meeting, 0, ANNA, TRUE, TRUE, FALSE);
  meeting_sound (meeting, 100, "001-" ANNA "-microphone-1.mkv", &sound);
  meeting_pictures (meeting, 500, "001-" ANNA "-camera-1.mkv", &pictures);
  meeting_say (meeting, 800, "clock", ",\"file\":\"001-" ANNA "-microphone-1.mkv\",\"pts\":500000,\"ntp\":3600500000");
  meeting_say (meeting, 900, "clock", ",\"file\":\"001-" ANNA "-camera-1.mkv\",\"pts\":700000,\"ntp\":3600700000");
  end (meeting, 1, 4000);
  g_autoptr (Viewer) viewer = render (meeting, NULL);
  for (double t = 0.6; t < 3; t += 1) {
    double seen = viewer_find_flash (viewer, t, 0.5, 0.4), heard = viewer_find_beep (viewer, t);
    g_test_message ("flash at %.3f s, beep at %.3f s", seen, heard);
    g_assert_cmpfloat_with_epsilon (seen, heard, 0.08);
    g_assert_cmpfloat_with_epsilon (heard, t + 0.5, 0.03);
  }
}

/* Files and lines that are not what they should be take nothing else along. */
static void
test_rubbish (void)
{
  g_autoptr (Meeting) meeting = begin_two ();
  g_autofree char *broken = meeting_path (meeting, "tracks/001-" BEN "-camera-1.mkv");
  cv_test_folder_write (meeting->folder, "tracks/001-" CEM "-camera-1.mkv", "no film at all");
  cv_test_folder_write (meeting->folder, "tracks/notes.txt", "");
  cv_test_footage_truncate (broken, 0.02);
  g_string_append (meeting->log, "{\"t\":\n\n\xff\xfe{}\n{\"t\":100,\"type\":\"news\",\"x\":1}\n");
  end (meeting, 1, 4000);
  g_autoptr (Viewer) viewer = render (meeting, NULL);
  viewer_assert_colour (viewer, 1, 0.25, 0.5, RED);
  viewer_assert_tone (viewer, 1, 440);
}

static void
test_no_log (void)
{
  g_autoptr (Meeting) meeting = meeting_new ();
  const Wish wish = { .from = 5000, .to = 6000 };
  meeting_say (meeting, 0, "segment", ",\"segment\":1");
  end (meeting, 1, 2000);
  g_autoptr (Rendering) rendering = rendering_run (meeting, &wish);
  g_assert_false (rendering->succeeded);
  g_assert_false (rendering->crashed);
  g_assert_cmpstr (json_object_get_string_member (rendering->end, "error"), ==, "bad-range");
}

/* ---- Killed and started anew ---- */

static double
find_first (const Rendering *rendering, const char *stage)
{
  for (guint i = 0; i < rendering->stages->len; i++) {
    JsonObject *progress = g_ptr_array_index (rendering->stages, i);
    if (g_str_equal (json_object_get_string_member (progress, "stage"), stage) &&
        json_object_get_double_member (progress, "done") > 0.2001)
      return json_object_get_double_member (progress, "done");
  }
  return -1;
}

static Meeting *
begin_long (void)
{
  Meeting *meeting = meeting_new ();
  const CvTestPictures pictures = { .colours = flash, .seconds = 150, .fps = 5, .width = 160, .height = 90 };
  const CvTestSound sound = { .hertz = 440, .seconds = 150 };
  meeting_say (meeting, 0, "segment", ",\"segment\":1");
  meeting_person (meeting, 0, ANNA, "Anna");
  meeting_sending (meeting, 0, ANNA, TRUE, TRUE, FALSE);
  meeting_pictures (meeting, 0, "001-" ANNA "-camera-1.mkv", &pictures);
  meeting_sound (meeting, 0, "001-" ANNA "-microphone-1.mkv", &sound);
  end (meeting, 1, 150000);
  return meeting;
}

static void
test_killed (void)
{
  g_autoptr (Meeting) meeting = begin_long ();
  Wish wish = { .width = 1280, .height = 720, .fps = 10, .kill = "composing", .kill_at = 0.62 };
  g_autoptr (Rendering) killed = rendering_run (meeting, &wish);
  g_assert_null (killed->end);
  g_autofree char *film = meeting_path (meeting, "files/meeting.mp4");
  g_autofree char *piece = meeting_path (meeting, "files/.chunks-jaaaaaaaaaaaa/video-0000.mkv");
  g_assert_false (g_file_test (film, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (piece, G_FILE_TEST_EXISTS));
  wish.kill = NULL;
  g_autoptr (Rendering) resumed = rendering_run (meeting, &wish);
  g_assert_true (resumed->succeeded);
  g_assert_cmpfloat (find_first (resumed, "composing"), >=,
                     0.2 + 0.7 * 60 / 150); /* the first piece is not made again */
  g_autoptr (Viewer) one = viewer_new (film);
  g_autoptr (Rendering) whole = rendering_run (meeting, &wish);
  g_assert_true (whole->succeeded);
  g_assert_cmpfloat (find_first (whole, "composing"), <, 0.2 + 0.7 * 60 / 150);
  g_autoptr (Viewer) other = viewer_new (film);
  g_assert_true (viewer_equal (one, other));
  g_assert_cmpfloat_with_epsilon (viewer_get_duration (one), 150, 0.2);
  viewer_assert_tone (one, 60, 440);
  viewer_assert_colour (one, 59.1, 0.5, 0.4, 0xffffff);
  viewer_assert_colour (one, 120.1, 0.5, 0.4, 0xffffff);
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/everything", test_everything);
  g_test_add_func ("/render/coming-and-going", test_coming_and_going);
  g_test_add_func ("/render/crash", test_crash);
  g_test_add_func ("/render/overlap", test_overlap);
  g_test_add_func ("/render/back-again", test_back_again);
  g_test_add_func ("/render/audio-only", test_audio_only);
  g_test_add_func ("/render/nobody", test_nobody);
  g_test_add_func ("/render/resolution", test_resolution);
  g_test_add_func ("/render/codecs", test_codecs);
  g_test_add_func ("/render/screen", test_screen);
  g_test_add_func ("/render/speaker", test_speaker);
  g_test_add_func ("/render/pause", test_pause);
  g_test_add_func ("/render/range-without", test_range_without);
  g_test_add_func ("/render/lips", test_lips);
  g_test_add_func ("/render/rubbish", test_rubbish);
  g_test_add_func ("/render/range-of-nothing", test_no_log);
  g_test_add_func ("/render/killed", test_killed);
  return g_test_run ();
}
