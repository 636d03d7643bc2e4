/* What a media process tells: each type as it should be, and with each thing wrong. */
#include "process/event.h"

#include <string.h>

static CvParcel *
parse_parcel (const char *line)
{
  g_autoptr (GError) error = NULL;
  CvParcel *parcel = cv_parcel_parse (line, strlen (line), &error);

  g_assert_no_error (error);
  return parcel;
}

#define PARSE(line)                                                                                                    \
  g_autoptr (CvParcel) parcel = parse_parcel (line);                                                                   \
  g_autoptr (GError) error = NULL;                                                                                     \
  g_auto (CvEvent) event = { 0 };                                                                                      \
  gboolean taken = cv_event_parse (&event, parcel, &error)

static void
test_state (void)
{
  PARSE ("{\"type\":\"state\",\"person\":\"pa\",\"state\":\"failed\",\"reason\":\"no-srtp\"}");
  g_assert_true (taken);
  g_assert_cmpint (event.type, ==, CV_EVENT_STATE);
  g_assert_cmpstr (event.person, ==, "pa");
  g_assert_cmpint (event.state, ==, CV_MEDIA_FAILED);
  g_assert_cmpstr (event.reason, ==, "no-srtp");
}

static void
test_state_without_reason (void)
{
  PARSE ("{\"type\":\"state\",\"person\":\"pa\",\"state\":\"connected\"}");
  g_assert_true (taken);
  g_assert_cmpint (event.state, ==, CV_MEDIA_CONNECTED);
  g_assert_cmpstr (event.reason, ==, "");
}

static void
test_slots (void)
{
  PARSE (
    "{\"type\":\"slots\",\"person\":\"pa\",\"slots\":["
    "{\"mid\":\"a1\",\"person\":\"pb\",\"source\":\"screen-audio\",\"paused\":false},"
    "{\"mid\":\"0123456789abcdef\",\"person\":\"pc\",\"source\":\"camera\",\"paused\":true,\"error\":\"no-codec\"}]}");
  g_assert_true (taken);
  g_assert_cmpuint (event.slots->len, ==, 2);
  CvMediaSlot *slots = (CvMediaSlot *) (gpointer) event.slots->data;
  g_assert_cmpstr (slots[0].mid, ==, "a1");
  g_assert_cmpstr (slots[0].person, ==, "pb");
  g_assert_cmpint (slots[0].source, ==, CV_MEDIA_SCREEN_AUDIO);
  g_assert_true (!slots[0].paused && !slots[0].no_codec);
  g_assert_cmpstr (slots[1].mid, ==, "0123456789abcdef");
  g_assert_true (slots[1].paused && slots[1].no_codec);
}

static void
test_speakers (void)
{
  PARSE ("{\"type\":\"speakers\",\"people\":[\"pa\",\"pb\"]}");
  g_assert_true (taken);
  g_assert_null (event.person);
  g_assert_cmpuint (event.people->len, ==, 3);
  g_assert_cmpstr (event.people->pdata[1], ==, "pb");
  g_assert_null (event.people->pdata[2]);
}

static void
test_layers (void)
{
  PARSE ("{\"type\":\"layers\",\"person\":\"pa\",\"source\":\"camera\",\"rids\":[\"q\",\"h\"]}");
  g_assert_true (taken);
  g_assert_cmpint (event.source, ==, CV_MEDIA_CAMERA);
  g_assert_cmpstr (event.rids->pdata[0], ==, "q");
  g_assert_null (event.rids->pdata[2]);
}

static void
test_stats (void)
{
  PARSE ("{\"type\":\"stats\",\"cpu\":1.5,\"rss\":20480,\"people\":[{\"person\":\"pa\",\"up\":1,\"down\":2,"
         "\"up_loss\":0.5,\"down_loss\":1,\"rtt\":-1,\"estimate\":3,\"width\":640,\"slots\":4}]}");
  g_assert_true (taken);
  g_assert_cmpfloat (event.cpu, ==, 1.5);
  g_assert_cmpuint (event.rss, ==, 20480);
  g_assert_cmpuint (event.stats->len, ==, 1);
  CvMediaPersonStats *stats = &g_array_index (event.stats, CvMediaPersonStats, 0);
  g_assert_cmpstr (stats->person, ==, "pa");
  g_assert_true (stats->up == 1 && stats->down == 2 && stats->estimate == 3 && stats->width == 640 &&
                 stats->slots == 4);
  g_assert_true (stats->up_loss == 0.5 && stats->down_loss == 1 && stats->rtt == -1);
}

static void
test_track (void)
{
  PARSE ("{\"type\":\"track\",\"file\":1000000,\"codec\":\"H264\",\"at\":123456789012,\"width\":99999,\"height\":0}");
  g_assert_true (taken);
  g_assert_cmpuint (event.file, ==, CV_MEDIA_MAX_FILE);
  g_assert_cmpstr (event.track.codec, ==, "H264");
  g_assert_cmpint (event.track.at, ==, 123456789012);
  g_assert_true (event.track.width == 65536 && event.track.height == 0);
}

static void
test_clock (void)
{
  PARSE ("{\"type\":\"clock\",\"file\":1,\"pts\":20000,\"ntp\":3900000000000000}");
  g_assert_true (taken);
  g_assert_true (event.file == 1 && event.pts == 20000 && event.ntp == 3900000000000000);
}

static void
test_recorded (void)
{
  PARSE ("{\"type\":\"recorded\",\"file\":2,\"reason\":\"codec\",\"bytes\":5000000000}");
  g_assert_true (taken);
  g_assert_cmpstr (event.reason, ==, "codec");
  g_assert_cmpuint (event.bytes, ==, 5000000000);
}

#define STATS(members) "{\"type\":\"stats\",\"cpu\":0,\"rss\":0,\"people\":[{\"person\":\"pa\"," members "}]}"
#define SLOT(members) "{\"type\":\"slots\",\"person\":\"pa\",\"slots\":[{" members "}]}"

static void
test_refused (void)
{
  static const char *const lines[] = {
    "{\"re\":1}",
    "{\"type\":\"boo\"}",
    "{\"type\":\"speakers\",\"id\":1,\"people\":[]}",
    "{\"type\":\"speakers\",\"fds\":1,\"people\":[]}",
    "{\"type\":\"speakers\"}",
    "{\"type\":\"speakers\",\"people\":{}}",
    "{\"type\":\"speakers\",\"people\":[1]}",
    "{\"type\":\"speakers\",\"people\":[\"\"]}",
    "{\"type\":\"speakers\",\"people\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\"]}",
    "{\"type\":\"speakers\",\"people\":[],\"x\":1}",
    "{\"type\":\"state\",\"person\":\"pa\",\"state\":\"fine\"}",
    "{\"type\":\"state\",\"state\":\"lost\"}",
    "{\"type\":\"state\",\"person\":\"pa\",\"state\":\"lost\",\"reason\":\"Because.\"}",
    "{\"type\":\"state\",\"person\":\"pa\",\"state\":\"lost\",\"reason\":null}",
    "{\"type\":\"state\",\"person\":\"p23456789012345678901234567890123\",\"state\":\"lost\"}",
    "{\"type\":\"layers\",\"person\":\"pa\",\"source\":\"camera\",\"rids\":[\"a\",\"b\",\"c\",\"d\"]}",
    "{\"type\":\"layers\",\"person\":\"pa\",\"source\":\"camera\",\"rids\":[\"<b>\"]}",
    "{\"type\":\"layers\",\"person\":\"pa\",\"source\":\"ears\",\"rids\":[]}",
    "{\"type\":\"track\",\"file\":0,\"codec\":\"opus\",\"at\":1,\"width\":0,\"height\":0}",
    "{\"type\":\"track\",\"file\":1000001,\"codec\":\"opus\",\"at\":1,\"width\":0,\"height\":0}",
    "{\"type\":\"track\",\"file\":1,\"codec\":\"mp3\",\"at\":1,\"width\":0,\"height\":0}",
    "{\"type\":\"track\",\"file\":1,\"codec\":\"opus\",\"at\":-1,\"width\":0,\"height\":0}",
    "{\"type\":\"track\",\"file\":1,\"codec\":\"opus\",\"at\":1}",
    "{\"type\":\"clock\",\"file\":1,\"pts\":1}",
    "{\"type\":\"clock\",\"file\":1,\"pts\":-1,\"ntp\":0}",
    "{\"type\":\"recorded\",\"file\":1,\"reason\":\"tired\",\"bytes\":0}",
    "{\"type\":\"recorded\",\"file\":1,\"reason\":\"io\",\"bytes\":-1}",
    SLOT ("\"mid\":\"1\",\"person\":\"pb\",\"source\":\"camera\""),
    SLOT ("\"mid\":\"a b\",\"person\":\"pb\",\"source\":\"camera\",\"paused\":true"),
    SLOT ("\"mid\":\"0123456789abcdefg\",\"person\":\"pb\",\"source\":\"camera\",\"paused\":true"),
    SLOT ("\"mid\":\"1\",\"source\":\"camera\",\"paused\":true"),
    SLOT ("\"mid\":\"1\",\"person\":\"pb\",\"source\":\"camera\",\"paused\":true,\"error\":\"other\""),
    SLOT ("\"mid\":\"1\",\"person\":\"pb\",\"source\":\"camera\",\"paused\":true,\"x\":1"),
    STATS ("\"up\":1"),
    STATS ("\"up\":-1,\"down\":2,\"up_loss\":0,\"down_loss\":0,\"rtt\":1,\"estimate\":3,\"width\":1,\"slots\":4"),
    STATS ("\"up\":1,\"down\":2,\"up_loss\":1.1,\"down_loss\":0,\"rtt\":1,\"estimate\":3,\"width\":1,\"slots\":4"),
    STATS ("\"up\":1,\"down\":2,\"up_loss\":0,\"down_loss\":0,\"rtt\":-2,\"estimate\":3,\"width\":1,\"slots\":4"),
    STATS ("\"up\":1,\"down\":2,\"up_loss\":0,\"down_loss\":0,\"rtt\":1,\"estimate\":3,\"width\":1,\"slots\":400"),
    STATS (
      "\"up\":1,\"down\":2,\"up_loss\":0,\"down_loss\":0,\"rtt\":1,\"estimate\":3,\"width\":1,\"slots\":4,\"x\":1"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    PARSE (lines[i]);
    if (taken)
      g_error ("taken: %s", lines[i]);
    g_assert_true (error->domain == CV_JSON_ERROR);
  }
}

/* What participants can bring about by their offers, RTCP and pictures is no fault of the process. */
static void
test_odd (void)
{
  PARSE (SLOT ("\"mid\":\"\",\"person\":\"pb\",\"source\":\"camera\",\"paused\":true"));
  g_assert_true (taken);
  g_assert_cmpstr (g_array_index (event.slots, CvMediaSlot, 0).mid, ==, "");
}

static void
test_odd_layers (void)
{
  PARSE ("{\"type\":\"layers\",\"person\":\"pa\",\"source\":\"camera\",\"rids\":[\"\",\"a-b_\"]}");
  g_assert_true (taken);
  g_assert_cmpstr (event.rids->pdata[0], ==, "");
}

static void
test_odd_stats (void)
{
  PARSE (STATS ("\"up\":9000000000,\"down\":2,\"up_loss\":0,\"down_loss\":0,\"rtt\":65536000,\"estimate\":3,"
                "\"width\":1048576,\"slots\":4"));
  g_assert_true (taken);
  CvMediaPersonStats *stats = &g_array_index (event.stats, CvMediaPersonStats, 0);
  g_assert_true (stats->up == 2000000000 && stats->rtt == 600000 && stats->width == 65536);
}

/* One slot too many. */
static void
test_many (void)
{
  g_autoptr (GString) text = g_string_new ("{\"type\":\"slots\",\"person\":\"pa\",\"slots\":[");

  for (guint i = 0; i <= CV_MEDIA_MAX_SLOTS; i++)
    g_string_append_printf (text, "%s{\"mid\":\"%u\",\"person\":\"pb\",\"source\":\"camera\",\"paused\":false}",
                            i > 0 ? "," : "", i);
  g_string_append (text, "]}");
  PARSE (text->str);
  g_assert_false (taken);
  g_assert_cmpstr (error->message, ==, "slots: too long");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/event/state", test_state);
  g_test_add_func ("/event/state-without-reason", test_state_without_reason);
  g_test_add_func ("/event/slots", test_slots);
  g_test_add_func ("/event/speakers", test_speakers);
  g_test_add_func ("/event/layers", test_layers);
  g_test_add_func ("/event/stats", test_stats);
  g_test_add_func ("/event/track", test_track);
  g_test_add_func ("/event/clock", test_clock);
  g_test_add_func ("/event/recorded", test_recorded);
  g_test_add_func ("/event/refused", test_refused);
  g_test_add_func ("/event/odd", test_odd);
  g_test_add_func ("/event/odd-layers", test_odd_layers);
  g_test_add_func ("/event/odd-stats", test_odd_stats);
  g_test_add_func ("/event/many", test_many);
  return g_test_run ();
}
