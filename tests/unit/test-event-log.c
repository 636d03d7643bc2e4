/* Lines of the event log: what is taken, what is passed over. */
#include "render/event-log.h"

#include <string.h>

static CvEventLog *
parse (const char *text)
{
  return cv_event_log_parse (text, strlen (text));
}

static const CvLogEvent *
get (const CvEventLog *log, guint i)
{
  g_assert_cmpuint (i, <, log->events->len);
  return &g_array_index (log->events, CvLogEvent, i);
}

static void
test_types (void)
{
  g_autoptr (CvEventLog) log = parse (
    "{\"t\":0,\"type\":\"start\",\"version\":1,\"title\":\"Weekly\",\"at\":5}\n"
    "{\"t\":0.5,\"type\":\"segment\",\"segment\":7}\n"
    "{\"t\":1,\"type\":\"person\",\"person\":\"paaaaaaaaaaaa\",\"name\":\"Ann\",\"stage\":false}\n"
    "{\"t\":2,\"type\":\"sending\",\"person\":\"paaaaaaaaaaaa\",\"microphone\":true,\"camera\":false,\"screen\":true}\n"
    "{\"t\":3,\"type\":\"track\",\"segment\":7,\"file\":\"007-paaaaaaaaaaaa-screen-audio-2.mkv\",\"codec\":\"opus\"}\n"
    "{\"t\":4,\"type\":\"clock\",\"file\":\"007-paaaaaaaaaaaa-screen-audio-2.mkv\",\"pts\":-1,\"ntp\":9}\n"
    "{\"t\":5,\"type\":\"speaker\",\"people\":[\"paaaaaaaaaaaa\",\"nobody\",\"pbbbbbbbbbbbb\"]}\n"
    "{\"t\":6,\"type\":\"spotlight\",\"person\":null}\n"
    "{\"t\":7,\"type\":\"consent\",\"person\":\"paaaaaaaaaaaa\",\"answer\":\"withdrawn\"}\n"
    "{\"t\":8,\"type\":\"segment-end\",\"segment\":7,\"reason\":\"lost\"}\n"
    "{\"t\":9,\"type\":\"chapter\",\"title\":\"Budget\"}\n"
    "{\"t\":10,\"type\":\"leave\",\"person\":\"paaaaaaaaaaaa\"}\n"
    "{\"t\":11,\"type\":\"stop\",\"reason\":\"host\"}");
  g_assert_cmpuint (log->skipped, ==, 0);
  g_assert_cmpuint (log->events->len, ==, 13);
  g_assert_cmpstr (get (log, 0)->named.text, ==, "Weekly");
  g_assert_cmpint (get (log, 1)->t, ==, 500);
  g_assert_cmpuint (get (log, 1)->segment.number, ==, 7);
  g_assert_false (get (log, 2)->named.stage);
  g_assert_true (get (log, 3)->sending.screen);
  g_assert_cmpint (get (log, 4)->track.source, ==, CV_TRACK_SCREEN_AUDIO);
  g_assert_cmpstr (get (log, 4)->person, ==, "paaaaaaaaaaaa");
  g_assert_cmpint (get (log, 5)->clock.pts, ==, -1);
  g_assert_cmpstr (get (log, 6)->people[1], ==, "pbbbbbbbbbbbb");
  g_assert_null (get (log, 6)->people[2]);
  g_assert_null (get (log, 7)->person);
  g_assert_false (get (log, 8)->recorded);
  g_assert_true (get (log, 9)->segment.lost);
  g_assert_cmpint (get (log, 12)->type, ==, CV_LOG_STOP);
}

static void
test_skipped (void)
{
  g_autofree char *fill = g_strnfill (CV_LOG_MAX_LINE, 'x');
  g_autofree char *text =
    g_strconcat ("\n{\"t\":1,\"type\":\"new-kind\",\"x\":[1]}\n", /* understood: nothing to do */
                 "{\"t\":1,\"type\":\"chapter\",\"title\":\"", fill, "\"}\n", "{\"t\":-1,\"type\":\"stop\"}\n",
                 "{\"t\":1,\"type\":\"segment\",\"segment\":0}\n", "{\"t\":1,\"type\":\"leave\",\"person\":\"../x\"}\n",
                 "{\"t\":1,\"type\":\"track\",\"file\":\"../../etc-paaaaaaaaaaaa-camera-1.mkv\"}\n", "not json\n",
                 "{\"t\":2,\"type\":\"stop\"}\n{\"t\":3,\"ty", NULL);
  g_autoptr (CvEventLog) log = parse (text);
  g_assert_cmpuint (log->events->len, ==, 1);
  g_assert_cmpuint (log->skipped, ==, 7);
  g_assert_cmpint (get (log, 0)->t, ==, 2000);
}

static void
test_names (void)
{
  static const char *const bad[] = { "",
                                     "001-paaaaaaaaaaaa-camera-1",
                                     "000-paaaaaaaaaaaa-camera-1.mkv",
                                     "001-paaaaaaaaaaaa-camera-0.mkv",
                                     "001-paaaaaaaaaaa-camera-1.mkv",
                                     "001-paaaaaaaaaaaa-nose-1.mkv",
                                     "001-paaaaaaaaaaaa-camera-1-1.mkv",
                                     "-1-paaaaaaaaaaaa-camera-1.mkv",
                                     "../001-paaaaaaaaaaaa-camera-1.mkv",
                                     "001-paaaaaaaaaaaa-camera-1.x.mkv" };
  guint segment;
  char person[16];
  CvTrackSource source;
  g_assert_true (cv_track_name_parse ("012-paaaaaaaaaaaa-microphone-34.mkv", &segment, person, &source));
  g_assert_cmpuint (segment, ==, 12);
  g_assert_cmpstr (person, ==, "paaaaaaaaaaaa");
  g_assert_cmpstr (cv_track_source_to_text (source), ==, "microphone");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    if (cv_track_name_parse (bad[i], &segment, person, &source))
      g_error ("“%s” is taken for a track", bad[i]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/event-log/types", test_types);
  g_test_add_func ("/event-log/skipped", test_skipped);
  g_test_add_func ("/event-log/names", test_names);
  return g_test_run ();
}
