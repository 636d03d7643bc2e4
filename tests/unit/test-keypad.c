/* Keys as RTP events: what is written is read as often as it was pressed, whatever is lost or repeated on the way. */
#include "sip/keypad.h"

/* Presses `keys` and lets those packets through that `lost` has no bit for; returns what was read. */
static char *
dial (const char *keys, guint32 lost, guint *packets)
{
  CvKeypadWriter writer = { 0 };
  CvKeypadReader reader = { 0 };
  GString *got = g_string_new (NULL);
  guint32 timestamp = 0xfffffc00; /* it wraps */
  *packets = 0;
  g_assert_true (cv_keypad_dial (&writer, keys));
  for (guint tick = 0; tick < 2000 / 20; tick++, timestamp += 160) {
    guint8 payload[CV_KEYPAD_EVENT];
    gboolean first = FALSE;
    if (!cv_keypad_write (&writer, 8000, timestamp, payload, &first))
      continue;
    guint in_key = (*packets)++ % 8;
    g_assert_cmpint (first, ==, in_key == 0);
    g_assert_cmpuint (payload[1] >> 7, ==, in_key >= 5);
    g_assert_cmpuint (payload[2] << 8 | payload[3], ==, 160 * MIN (in_key + 1, 5));
    char key = (lost & 1u << in_key) != 0 ? 0 : cv_keypad_read (&reader, writer.timestamp, payload, sizeof payload);
    if (key != 0)
      g_string_append_c (got, key);
  }
  return g_string_free (got, FALSE);
}

static void
test_round_trip (void)
{
  static const guint32 losses[] = { 0, 0x1f, 0xfe, 0x7f, 0x55 };
  for (guint i = 0; i < G_N_ELEMENTS (losses); i++) {
    guint packets = 0;
    g_autofree char *got = dial ("1123#", losses[i], &packets);
    g_assert_cmpstr (got, ==, "1123#");
    g_assert_cmpuint (packets, ==, 5 * 8);
  }
}

static void
test_queue (void)
{
  CvKeypadWriter writer = { 0 };
  g_assert_false (cv_keypad_dial (&writer, "12E"));
  g_assert_true (cv_keypad_dial (&writer, "0123456789*#ABCD"));
  g_assert_true (cv_keypad_dial (&writer, "0123456789*#ABCD"));
  g_assert_false (cv_keypad_dial (&writer, "1"));
}

static void
test_read (void)
{
  CvKeypadReader reader = { 0 };
  guint8 payload[] = { 5, 0x8a, 0, 160 };
  g_assert_cmpint (cv_keypad_read (&reader, 100, payload, 3), ==, 0);
  g_assert_cmpint (cv_keypad_read (&reader, 100, payload, 4), ==, '5');
  g_assert_cmpint (cv_keypad_read (&reader, 100, payload, 4), ==, 0);
  g_assert_cmpint (cv_keypad_read (&reader, 99, payload, 4), ==, 0);
  payload[0] = 16; /* a flash of the hook */
  g_assert_cmpint (cv_keypad_read (&reader, 200, payload, 4), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keypad/round-trip", test_round_trip);
  g_test_add_func ("/keypad/queue", test_queue);
  g_test_add_func ("/keypad/read", test_read);
  return g_test_run ();
}
