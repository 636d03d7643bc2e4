/* Fuzz target of the bridge's messages (libFuzzer): no entry stands outside of its message, and what was read can be written
 * again, byte by byte.
 */
#include "rtp/bridge-frame.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  g_autofree guint8 *message = g_memdup2 (data, n);
  g_autofree CvBridgeWriter *writer = g_new (CvBridgeWriter, 1);
  CvBridgeReader reader;
  CvBridgeEntry entry;
  gint16 samples[CV_MIX_PHONE_FRAME];

  if (!cv_bridge_reader_init (&reader, message, n))
    return 0;
  cv_bridge_writer_init (writer);
  while (cv_bridge_reader_next (&reader, &entry)) {
    if (!entry.silent)
      g_assert_true (entry.samples > message && entry.samples + sizeof samples <= message + n);
    cv_bridge_entry_copy (&entry, samples);
    g_assert_true (cv_bridge_writer_add (writer, entry.call, entry.level, entry.silent ? NULL : samples));
  }
  if (reader.last)
    cv_bridge_writer_set_last (writer);
  g_assert_cmpmem (writer->data, writer->n, message, n);
  return 0;
}
