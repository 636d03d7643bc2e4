/* Messages of the bridge: what is written is read alike, what is not as agreed is refused whole. */
#include "rtp/bridge-frame.h"

#include <string.h>

static void
test_round_trip (void)
{
  gint16 samples[CV_MIX_PHONE_FRAME], again[CV_MIX_PHONE_FRAME];
  g_autofree CvBridgeWriter *writer = g_new (CvBridgeWriter, 1);
  CvBridgeReader reader;
  CvBridgeEntry entry;
  for (guint i = 0; i < CV_MIX_PHONE_FRAME; i++)
    samples[i] = (gint16) (i * 211 - 32768);
  cv_bridge_writer_init (writer);
  g_assert_true (cv_bridge_writer_add (writer, 0xfedcba98, 17, samples));
  g_assert_true (cv_bridge_writer_add (writer, 2, 200, NULL));
  g_assert_true (cv_bridge_reader_init (&reader, writer->data, writer->n));
  g_assert_false (reader.last);
  cv_bridge_writer_set_last (writer);
  g_assert_true (cv_bridge_reader_init (&reader, writer->data, writer->n));
  g_assert_true (reader.last);

  g_assert_true (cv_bridge_reader_next (&reader, &entry));
  g_assert_cmphex (entry.call, ==, 0xfedcba98);
  g_assert_cmpuint (entry.level, ==, 17);
  g_assert_false (entry.silent);
  cv_bridge_entry_copy (&entry, again);
  g_assert_cmpmem (again, sizeof again, samples, sizeof samples);
  g_assert_true (cv_bridge_reader_next (&reader, &entry));
  g_assert_cmpuint (entry.call, ==, 2);
  g_assert_cmpuint (entry.level, ==, 127);
  g_assert_true (entry.silent);
  cv_bridge_entry_copy (&entry, again);
  g_assert_cmpint (again[5], ==, 0);
  g_assert_false (cv_bridge_reader_next (&reader, &entry));
}

static void
test_full (void)
{
  gint16 samples[CV_MIX_PHONE_FRAME] = { 0 };
  g_autofree CvBridgeWriter *writer = g_new (CvBridgeWriter, 1);
  CvBridgeReader reader;
  CvBridgeEntry entry;
  cv_bridge_writer_init (writer);
  for (guint i = 0; i < CV_BRIDGE_MAX_CALLS; i++)
    g_assert_true (cv_bridge_writer_add (writer, i + 1, 0, samples));
  g_assert_false (cv_bridge_writer_add (writer, 1, 0, NULL));
  g_assert_cmpuint (writer->n, ==, CV_BRIDGE_MAX_MESSAGE);
  g_assert_true (cv_bridge_reader_init (&reader, writer->data, writer->n));
  for (guint i = 0; i < CV_BRIDGE_MAX_CALLS; i++)
    g_assert_true (cv_bridge_reader_next (&reader, &entry) && entry.call == i + 1);
}

static void
test_refused (void)
{
  static const struct {
    const char *what;
    gsize at;
    guint8 value;
  } cases[] = {
    { "version", 0, 2 },
    { "flags", 1, 2 },
    { "more entries than there are", 2, 3 },
    { "fewer entries", 2, 1 },
    { "too many", 2, 65 },
    { "flags of an entry", 7, 2 },
    { "a silent one is shorter", 7, 1 },
    { "level", 8, 128 },
  };
  gint16 samples[CV_MIX_PHONE_FRAME];
  g_autofree CvBridgeWriter *writer = g_new (CvBridgeWriter, 1);
  CvBridgeReader reader;
  memset (samples, 2, sizeof samples);
  cv_bridge_writer_init (writer);
  cv_bridge_writer_add (writer, 1, 0, samples);
  cv_bridge_writer_add (writer, 2, 0, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint8 before = writer->data[cases[i].at];
    writer->data[cases[i].at] = cases[i].value;
    g_test_message ("%s", cases[i].what);
    g_assert_false (cv_bridge_reader_init (&reader, writer->data, writer->n));
    writer->data[cases[i].at] = before;
  }
  for (gsize n = 0; n < writer->n; n++) {
    g_autofree guint8 *cut = g_memdup2 (writer->data, n);
    g_assert_false (cv_bridge_reader_init (&reader, cut, n));
  }
  g_assert_false (cv_bridge_reader_init (&reader, writer->data, writer->n + 1));
  g_assert_true (cv_bridge_reader_init (&reader, writer->data, writer->n));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bridge-frame/round-trip", test_round_trip);
  g_test_add_func ("/bridge-frame/full", test_full);
  g_test_add_func ("/bridge-frame/refused", test_refused);
  return g_test_run ();
}
