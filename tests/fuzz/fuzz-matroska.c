/* Fuzz target of the reader of tracks (libFuzzer): whatever the bytes are, frames lie within them and reading ends. */
#include "render/matroska-reader.h"
#include "render/nal.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  CvMatroskaReader reader;
  CvMatroskaFrame frame;
  gsize last = 0;
  if (!cv_matroska_reader_init (&reader, data, n))
    return 0;
  while (cv_matroska_reader_next (&reader, &frame)) {
    g_assert_true (frame.bytes >= data && frame.n <= n && frame.bytes + frame.n <= data + n);
    g_assert_cmpuint (frame.end, >, last);
    last = frame.end;
    if (reader.track.codec == CV_CODEC_H264)
      g_byte_array_unref (cv_nal_to_byte_stream (&reader.track, &frame));
  }
  return 0;
}
