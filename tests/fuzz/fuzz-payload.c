/* Fuzz target of the look into payloads (libFuzzer): the first byte names the codec.
 *
 * Whatever it says of a packet stands inside it; VP8's counters are read back as they were written, and nothing else of the
 * packet changes.
 */
#include "media/payload.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

static void
check_vp8 (const CvPayload *p, const guint8 *data, gsize n)
{
  g_autofree guint8 *packet = g_memdup2 (data, n);
  guint16 id = cv_vp8_get_picture_id (p, packet);
  guint8 tl0 = cv_vp8_get_tl0 (p, packet), key = cv_vp8_get_key_index (p, packet);
  CvPayload again;

  g_assert_true (p->picture_id_at + (p->picture_id_long ? 1u : 0u) < n && p->tl0_at < n && p->key_index_at < n);
  cv_vp8_set_picture_id (p, packet, id + 1);
  cv_vp8_set_tl0 (p, packet, tl0 + 1);
  cv_vp8_set_key_index (p, packet, key + 1);
  cv_payload_inspect (&again, CV_CODEC_VP8, packet, n);
  g_assert_cmpmem (&again, sizeof again, p, sizeof *p);
  if (p->picture_id_at != 0)
    g_assert_cmpuint (cv_vp8_get_picture_id (p, packet), ==, (id + 1) & (p->picture_id_long ? 0x7fff : 0x7f));
  if (p->key_index_at != 0)
    g_assert_cmpuint (cv_vp8_get_key_index (p, packet), ==, (key + 1) & 0x1f);
  cv_vp8_set_picture_id (p, packet, id);
  cv_vp8_set_tl0 (p, packet, tl0);
  cv_vp8_set_key_index (p, packet, key);
  g_assert_cmpmem (packet, n, data, n);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  if (n < 2)
    return 0;
  CvCodec codec = (CvCodec) (data[0] % CV_N_CODECS);
  CvPayload p;
  g_autofree guint8 *packet = g_memdup2 (data + 1, n - 1);
  cv_payload_inspect (&p, codec, packet, n - 1);
  g_assert_true (p.frame_start || !p.keyframe);
  g_assert_true (p.keyframe || (p.width == 0 && p.height == 0));
  g_assert_cmpuint (p.temporal, <, 8);
  if (codec == CV_CODEC_VP8)
    check_vp8 (&p, packet, n - 1);
  else
    g_assert_true (p.picture_id_at == 0 && p.tl0_at == 0 && p.key_index_at == 0);
  return 0;
}
