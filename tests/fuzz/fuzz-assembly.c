/* Fuzz target of frames out of packets (libFuzzer): the first byte names the codec, then packets follow.
 *
 * Each: how far its index is from the one before, flags, how far the timestamp and time go, length, payload. Whatever comes,
 * frames come in their order, the first picture is a keyframe, and an H.264 frame is made of whole NAL units.
 */
#include "media/assembly.h"

#include <string.h>

enum { MARKER = 1, PADDED = 2, TICK = 4, INTERRUPT = 8, FLUSH = 16, FAR = 32 };
#define HEAD 5

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

static void
check_units (const CvFrame *frame)
{
  gsize at = 0;
  while (at < frame->n) {
    g_assert_cmpuint (frame->n - at, >, 4);
    gsize size = cv_read32 (frame->data + at);
    g_assert_cmpuint (size, >, 0);
    g_assert_cmpuint (size, <=, frame->n - at - 4);
    at += 4 + size;
  }
}

static void
on_frame (const CvFrame *frame, gpointer user_data)
{
  gboolean *begun = user_data;
  g_assert_cmpuint (frame->n, >, 0);
  g_assert_cmpuint (frame->n, <=, CV_ASSEMBLY_MAX_FRAME + 2048);
  g_assert_true (frame->keyframe || *begun);
  *begun = TRUE;
  if (frame->codec == CV_CODEC_H264)
    check_units (frame);
}

static gsize
put (CvAssembly *assembly, CvCodec codec, const guint8 *data, gsize n, CvPacket *packet)
{
  guint8 bytes[12 + 255];
  gsize length = MIN (data[HEAD - 1], n - HEAD);
  guint8 flags = data[1];
  memset (bytes, 0, 12);
  bytes[0] = (guint8) (0x80 | (flags & PADDED ? 0x20 : 0));
  memcpy (bytes + 12, data + HEAD, length);
  packet->data = bytes;
  packet->n = 12 + length;
  packet->header_n = 12;
  packet->index += (guint64) (gint64) (gint8) data[0] * (flags & FAR ? 1000 : 1);
  packet->marker = (flags & MARKER) != 0;
  packet->timestamp += data[2];
  packet->at += data[3] * 1000;
  packet->codec = codec;
  cv_payload_inspect (&packet->payload, codec, bytes + 12, length);
  cv_assembly_put (assembly, packet);
  return HEAD + length;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  if (n < 1)
    return 0;
  CvCodec codec = (CvCodec) (data[0] % CV_N_CODECS);
  gboolean begun = FALSE;
  CvPacket packet = { .index = G_GUINT64_CONSTANT (1) << 40 };
  g_autoptr (CvAssembly) assembly = cv_assembly_new (codec, on_frame, &begun);
  for (gsize at = 1; n - at >= HEAD;) {
    guint8 flags = data[at + 1];
    at += put (assembly, codec, data + at, n - at, &packet);
    if (flags & TICK)
      cv_assembly_tick (assembly, packet.at);
    if (flags & INTERRUPT) {
      cv_assembly_interrupt (assembly);
      begun = FALSE;
    }
    if (flags & FLUSH)
      cv_assembly_flush (assembly);
    g_assert_true (codec != CV_CODEC_OPUS || !cv_assembly_needs_keyframe (assembly));
  }
  cv_assembly_flush (assembly);
  return 0;
}
