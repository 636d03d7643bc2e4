/* Messages about media, compared as text. */
#include "signalling/protocol-media.h"

#define ANN "paaaaaaaaaaaa"
#define BOB "pbbbbbbbbbbbb"

static void
assert_body (GBytes *body, const char *expected)
{
  gsize length = 0;
  const char *text = g_bytes_get_data (body, &length);
  g_autofree char *copy = g_strndup (text, length);
  g_assert_cmpstr (copy, ==, expected);
  g_bytes_unref (body);
}

static void
test_connection (void)
{
  assert_body (cv_message_answer (7, "v=0\r\n"), "{\"type\":\"answer\",\"re\":7,\"sdp\":\"v=0\\r\\n\"}");
  assert_body (cv_message_media (TRUE), "{\"type\":\"media\",\"state\":\"ready\"}");
  assert_body (cv_message_media (FALSE), "{\"type\":\"media\",\"state\":\"lost\"}");
}

static void
test_floor (void)
{
  CvParticipant ann = { .id = (char *) ANN };
  assert_body (cv_message_stopped (CV_SENDING_SCREEN, &ann, NULL),
               "{\"type\":\"stopped\",\"what\":\"screen\",\"by\":\"" ANN "\"}");
  assert_body (cv_message_spotlight (&ann, NULL), "{\"type\":\"spotlight\",\"person\":\"" ANN "\"}");
  assert_body (cv_message_spotlight (NULL, NULL), "{\"type\":\"spotlight\",\"person\":null}");
  assert_body (cv_message_viewers (300), "{\"type\":\"viewers\",\"n\":300}");
}

static void
test_slots (void)
{
  const CvMediaSlot slots[] = { { "4", ANN, CV_MEDIA_MICROPHONE, FALSE, FALSE },
                                { "10", BOB, CV_MEDIA_CAMERA, TRUE, FALSE },
                                { "11", BOB, CV_MEDIA_SCREEN, FALSE, TRUE },
                                { "5", BOB, CV_MEDIA_SCREEN_AUDIO, FALSE, FALSE } };
  assert_body (cv_message_slots (slots, G_N_ELEMENTS (slots)),
               "{\"type\":\"slots\",\"slots\":["
               "{\"mid\":\"4\",\"person\":\"" ANN "\",\"source\":\"microphone\",\"paused\":false},"
               "{\"mid\":\"10\",\"person\":\"" BOB "\",\"source\":\"camera\",\"paused\":true},"
               "{\"mid\":\"11\",\"person\":\"" BOB "\",\"source\":\"screen\",\"paused\":false,\"error\":\"no-codec\"},"
               "{\"mid\":\"5\",\"person\":\"" BOB "\",\"source\":\"screen-audio\",\"paused\":false}]}");
  assert_body (cv_message_slots (NULL, 0), "{\"type\":\"slots\",\"slots\":[]}");
}

static void
test_lists (void)
{
  const char *people[] = { BOB, ANN, NULL }, *rids[] = { "q", "h", NULL }, *none[] = { NULL };
  assert_body (cv_message_speakers (people), "{\"type\":\"speakers\",\"people\":[\"" BOB "\",\"" ANN "\"]}");
  assert_body (cv_message_speakers (none), "{\"type\":\"speakers\",\"people\":[]}");
  assert_body (cv_message_layers (CV_MEDIA_CAMERA, rids),
               "{\"type\":\"layers\",\"source\":\"camera\",\"rids\":[\"q\",\"h\"]}");
  assert_body (cv_message_layers (CV_MEDIA_SCREEN, none), "{\"type\":\"layers\",\"source\":\"screen\",\"rids\":[]}");
}

static void
test_stats (void)
{
  const CvMediaPersonStats people[] = { { ANN, 1200000, 3400000, 5000000, 0.012345, 0, 37, 1280, 9 },
                                        { BOB, 0, 0, 0, 0, 1, -1, 0, 0 } };
  const CvMediaStats stats = { .cpu = 0.25, .rss = 30000, .people = people, .n = 2 };
  assert_body (cv_message_stats (&stats),
               "{\"type\":\"stats\",\"cpu\":0.25,\"rss\":30000,\"people\":["
               "{\"person\":\"" ANN "\",\"up\":1200000,\"down\":3400000,\"up_loss\":0.0123,\"down_loss\":0.0,"
               "\"rtt\":37,\"estimate\":5000000,\"width\":1280,\"slots\":9},"
               "{\"person\":\"" BOB "\",\"up\":0,\"down\":0,\"up_loss\":0.0,\"down_loss\":1.0,"
               "\"rtt\":-1,\"estimate\":0,\"width\":0,\"slots\":0}]}");
}

static void
test_quality (void)
{
  const CvMediaPersonStats people[] = { { .person = ANN, .rtt = 20 }, { .person = BOB, .rtt = 250 } };
  assert_body (cv_message_quality (people, 2),
               "{\"type\":\"quality\",\"people\":{\"" ANN "\":\"good\",\"" BOB "\":\"fair\"}}");
  assert_body (cv_message_quality (people, 0), "{\"type\":\"quality\",\"people\":{}}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol-media/connection", test_connection);
  g_test_add_func ("/protocol-media/floor", test_floor);
  g_test_add_func ("/protocol-media/slots", test_slots);
  g_test_add_func ("/protocol-media/lists", test_lists);
  g_test_add_func ("/protocol-media/stats", test_stats);
  g_test_add_func ("/protocol-media/quality", test_quality);
  return g_test_run ();
}
