/* Fuzz target of the walk over WebSocket frames (libFuzzer).
 *
 * The first two bytes choose the bounds and how the rest is cut into pieces. Fed whole, in pieces and byte by byte the
 * verdict and the state are the same, and the verdict is that of a second walk, which has all bytes before it at once.
 */
#include "signalling/frames.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

static gboolean
feed (CvFrames *frames, const guint8 *data, gsize n, guint32 pieces)
{
  while (n > 0) {
    pieces = pieces * 1664525 + 1013904223;
    gsize step = MIN (n, 1 + (pieces >> 24) % 40);
    if (!cv_frames_feed (frames, data, step))
      return FALSE;
    data += step;
    n -= step;
  }
  return TRUE;
}

typedef struct {
  guint64 length;
  gsize header;
} Head;

/* FALSE where the header is not complete. */
static gboolean
read_head (const guint8 *data, gsize n, Head *head)
{
  if (n < 2)
    return FALSE;
  gsize extended = (data[1] & 0x7f) == 126 ? 2 : (data[1] & 0x7f) == 127 ? 8 : 0;
  head->header = 2 + extended + (data[1] & 0x80 ? 4 : 0);
  if (n < head->header)
    return FALSE;
  head->length = extended > 0 ? 0 : data[1] & 0x7f;
  for (gsize i = 0; i < extended; i++)
    head->length = head->length * 256 + data[2 + i];
  return TRUE;
}

static gboolean
judge (const guint8 *data, gsize n, gsize max_bytes, guint max_fragments)
{
  guint64 bytes = 0;
  guint fragments = 0, control = 0;
  Head head;
  while (read_head (data, n, &head)) {
    gboolean is_control = data[0] & 0x08;
    if (is_control && (head.length > 125 || ++control > CV_FRAMES_MAX_CONTROL))
      return FALSE;
    if (!is_control) {
      gboolean first = (data[0] & 0x0f) != 0;
      bytes = first ? 0 : bytes;
      fragments = first ? 1 : fragments + 1;
      if (head.length > max_bytes || bytes + head.length > max_bytes || fragments > max_fragments)
        return FALSE;
      bytes += head.length;
      control = data[0] & 0x80 ? 0 : control;
    }
    gsize step = head.length > n - head.header ? n : head.header + (gsize) head.length;
    data += step;
    n -= step;
  }
  return TRUE;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  if (n < 2)
    return 0;
  gsize max_bytes = (gsize) data[0] * 16;
  guint max_fragments = 1 + data[0] % 7;
  guint32 pieces = data[1];
  data += 2;
  n -= 2;

  CvFrames whole, cut, single;
  cv_frames_init (&whole, max_bytes, max_fragments);
  cv_frames_init (&cut, max_bytes, max_fragments);
  cv_frames_init (&single, max_bytes, max_fragments);
  gboolean fine = cv_frames_feed (&whole, data, n);
  g_assert_true (feed (&cut, data, n, pieces) == fine);
  gboolean single_fine = TRUE;
  for (gsize i = 0; i < n && single_fine; i++)
    single_fine = cv_frames_feed (&single, data + i, 1);
  g_assert_true (single_fine == fine);
  g_assert_true (judge (data, n, max_bytes, max_fragments) == fine);
  if (fine) {
    g_assert_true (whole.have == cut.have && whole.payload == cut.payload && whole.message == cut.message &&
                   whole.fragments == cut.fragments && whole.control == cut.control);
    g_assert_true (whole.message <= max_bytes && whole.fragments <= max_fragments && whole.have < 14);
  }
  return 0;
}
