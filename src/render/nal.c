/* See nal.h. ISO/IEC 14496-15: avcC and its samples. */
#include "render/nal.h"

#include <string.h>

static const guint8 start_code[] = { 0, 0, 0, 1 };

static void
append_unit (GByteArray *out, const guint8 *bytes, gsize n)
{
  g_byte_array_append (out, start_code, sizeof start_code);
  g_byte_array_append (out, bytes, (guint) n);
}

/* `count` units with a length of two bytes each. Returns what is behind them, or NULL. */
static const guint8 *
append_parameters (GByteArray *out, const guint8 *at, const guint8 *end, guint count)
{
  for (guint i = 0; i < count; i++) {
    if (end - at < 2)
      return NULL;
    gsize n = (gsize) at[0] << 8 | at[1];
    at += 2;
    if (n > (gsize) (end - at))
      return NULL;
    append_unit (out, at, n);
    at += n;
  }
  return at;
}

static void
append_header (GByteArray *out, const guint8 *bytes, gsize n)
{
  const guint8 *end = bytes + n;
  if (n < 7)
    return;
  const guint8 *at = append_parameters (out, bytes + 6, end, bytes[5] & 0x1f);
  if (at != NULL && at < end)
    append_parameters (out, at + 1, end, at[0]);
}

GByteArray *
cv_nal_to_byte_stream (const CvMatroskaTrack *track, const CvMatroskaFrame *frame)
{
  gboolean packed = track->n_setup > 4 && track->setup[0] == 1;
  guint size = packed ? (track->setup[4] & 3) + 1u : 4;
  const guint8 *at = frame->bytes, *end = at + frame->n;
  GByteArray *out = g_byte_array_sized_new ((guint) frame->n + 64);
  if (!packed && frame->n >= 4 && (memcmp (at, start_code, 4) == 0 || memcmp (at, start_code + 1, 3) == 0))
    return g_byte_array_append (out, frame->bytes, (guint) frame->n); /* it is one already */
  if (packed && frame->key)
    append_header (out, track->setup, track->n_setup);
  while ((gsize) (end - at) > size) {
    gsize n = 0;
    for (guint i = 0; i < size; i++)
      n = n << 8 | at[i];
    at += size;
    n = MIN (n, (gsize) (end - at));
    append_unit (out, at, n);
    at += n;
  }
  return out;
}
