/* What a conclave-render tells: what is taken, and all that is not. */
#include "process/render-news.h"

#include <string.h>

#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define FILE_OF(name, kind, rest)                                                                                      \
  "{\"type\":\"file\",\"name\":\"" name "\",\"kind\":\"" kind "\",\"bytes\":7,\"sha256\":\"" HASH "\"" rest "}"

static CvParcel *
parcel_of (const char *text)
{
  g_autoptr (GError) error = NULL;
  CvParcel *parcel = cv_parcel_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return parcel;
}

static void
test_taken (void)
{
  g_autoptr (CvParcel) progress = parcel_of ("{\"type\":\"progress\",\"stage\":\"composing\",\"done\":0.5}");
  g_autoptr (CvParcel) file = parcel_of (FILE_OF ("meeting-2.mp4", "video", ",\"t\":1.5,\"duration\":60000.25"));
  g_autoptr (CvParcel) track =
    parcel_of (FILE_OF ("001-pabcdefghijkm-camera-1.mkv", "track",
                        ",\"person\":\"pabcdefghijkm\",\"source\":\"camera\",\"t\":0,\"duration\":1"));
  g_autoptr (CvParcel) done = parcel_of ("{\"type\":\"done\",\"duration\":60000}");
  g_autoptr (CvParcel) failed = parcel_of ("{\"type\":\"failed\",\"error\":\"disk-full\",\"text\":\"No space.\"}");
  g_auto (CvRenderNews) a = { 0 }, b = { 0 }, c = { 0 }, d = { 0 }, e = { 0 };

  g_assert_true (cv_render_news_parse (&a, progress, NULL));
  g_assert_cmpint (a.type, ==, CV_RENDER_NEWS_PROGRESS);
  g_assert_cmpstr (a.stage, ==, "composing");
  g_assert_cmpfloat (a.done, ==, 0.5);
  g_assert_true (cv_render_news_parse (&b, file, NULL));
  g_assert_cmpint (b.type, ==, CV_RENDER_NEWS_FILE);
  g_assert_cmpstr (b.file.name, ==, "meeting-2.mp4");
  g_assert_cmpstr (b.file.kind, ==, "video");
  g_assert_cmpint (b.file.bytes, ==, 7);
  g_assert_cmpstr (b.file.sha256, ==, HASH);
  g_assert_cmpstr (b.file.person, ==, "");
  g_assert_cmpint (b.file.begins, ==, 1);
  g_assert_cmpint (b.file.duration, ==, 60000);
  g_assert_true (cv_render_news_parse (&c, track, NULL));
  g_assert_cmpstr (c.file.name, ==, "tracks/001-pabcdefghijkm-camera-1.mkv");
  g_assert_cmpstr (c.file.person, ==, "pabcdefghijkm");
  g_assert_cmpstr (c.file.source, ==, "camera");
  g_assert_true (cv_render_news_parse (&d, done, NULL));
  g_assert_cmpint (d.duration, ==, 60000);
  g_assert_true (cv_render_news_parse (&e, failed, NULL));
  g_assert_cmpstr (e.error, ==, "disk-full");
  g_assert_cmpstr (e.text, ==, "No space.");
}

static void
test_track_with_its_folder (void)
{
  g_autoptr (CvParcel) track = parcel_of (FILE_OF ("tracks/x.mkv", "track", ""));
  g_auto (CvRenderNews) news = { 0 };

  g_assert_true (cv_render_news_parse (&news, track, NULL));
  g_assert_cmpstr (news.file.name, ==, "tracks/x.mkv");
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "{\"type\":\"music\"}",
    "{\"type\":\"progress\",\"stage\":\"Composing\",\"done\":0.5}",
    "{\"type\":\"progress\",\"stage\":\"composing\",\"done\":1.5}",
    "{\"type\":\"progress\",\"stage\":\"composing\"}",
    "{\"type\":\"progress\",\"stage\":\"composing\",\"done\":0,\"eta\":1}",
    "{\"type\":\"progress\",\"id\":4,\"stage\":\"composing\",\"done\":0}",
    "{\"type\":\"done\",\"duration\":-1}",
    "{\"type\":\"done\",\"duration\":1e300}",
    "{\"type\":\"done\"}",
    "{\"type\":\"failed\",\"text\":\"x\"}",
    "{\"type\":\"failed\",\"error\":\"a b\",\"text\":\"x\"}",
    FILE_OF ("../x", "video", ""),
    FILE_OF ("a/x", "video", ""),
    FILE_OF ("tracks/x.mkv", "video", ""),
    FILE_OF ("tracks/../x", "track", ""),
    FILE_OF ("tracks/", "track", ""),
    FILE_OF (".part", "video", ""),
    FILE_OF ("", "video", ""),
    FILE_OF ("ä.mp4", "video", ""),
    FILE_OF ("a b.mp4", "video", ""),
    FILE_OF ("x.mp4", "music", ""),
    FILE_OF ("x.mp4", "video", ",\"person\":\"Ann\""),
    FILE_OF ("x.mp4", "video", ",\"source\":\"nose\""),
    FILE_OF ("x.mp4", "video", ",\"t\":-1"),
    FILE_OF ("x.mp4", "video", ",\"fds\":1"),
    "{\"type\":\"file\",\"name\":\"x\",\"kind\":\"video\",\"bytes\":-1,\"sha256\":\"" HASH "\"}",
    "{\"type\":\"file\",\"name\":\"x\",\"kind\":\"video\",\"bytes\":1,\"sha256\":\"abc\"}",
  };
  g_autofree char *hash = g_strdup (HASH);
  g_autofree char *long_name = g_strnfill (CV_RENDER_MAX_FILE_NAME + 1, 'a');
  g_autofree char *too_long = g_strdup_printf (
    "{\"type\":\"file\",\"name\":\"%s\",\"kind\":\"video\",\"bytes\":1,\"sha256\":\"%s\"}", long_name, hash);
  g_autofree char *upper = NULL;

  hash[0] = 'E';
  upper = g_strdup_printf ("{\"type\":\"file\",\"name\":\"x\",\"kind\":\"video\",\"bytes\":1,\"sha256\":\"%s\"}", hash);
  for (guint i = 0; i < G_N_ELEMENTS (texts) + 2; i++) {
    const char *text = i < G_N_ELEMENTS (texts) ? texts[i] : i == G_N_ELEMENTS (texts) ? too_long : upper;
    g_autoptr (CvParcel) parcel = parcel_of (text);
    g_auto (CvRenderNews) news = { 0 };
    g_autoptr (GError) error = NULL;

    if (cv_render_news_parse (&news, parcel, &error))
      g_error ("%s was taken", text);
    g_assert_nonnull (error);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render-news/taken", test_taken);
  g_test_add_func ("/render-news/track-with-its-folder", test_track_with_its_folder);
  g_test_add_func ("/render-news/refused", test_refused);
  return g_test_run ();
}
