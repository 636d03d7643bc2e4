/* See g711.h. Both laws are a sign, three bits of exponent and four of mantissa. */
#include "sip/g711.h"

#define ULAW_BIAS 0x84
#define ULAW_CLIP 32635

/* Which power of two a size of 15 bits stands in, counted from 2^7; below that 0. */
static guint
get_segment (guint size)
{
  guint bits = g_bit_storage (size);
  return bits > 8 ? bits - 8 : 0;
}

guint8
cv_g711_encode_ulaw (gint16 sample)
{
  gint size = sample < 0 ? -(gint) sample : sample;
  size = MIN (size, ULAW_CLIP) + ULAW_BIAS;
  guint segment = get_segment ((guint) size);
  guint code = segment << 4 | ((guint) size >> (segment + 3) & 15);
  return (guint8) ~(code | (sample < 0 ? 0x80 : 0));
}

gint16
cv_g711_decode_ulaw (guint8 code)
{
  guint plain = (guint8) ~code;
  gint size = (gint) ((((plain & 15) << 3) + ULAW_BIAS) << (plain >> 4 & 7)) - ULAW_BIAS;
  return (gint16) ((plain & 0x80) != 0 ? -size : size);
}

guint8
cv_g711_encode_alaw (gint16 sample)
{
  /* -1 is the smallest negative number: the law has no zero. */
  guint size = (guint) (sample < 0 ? -1 - sample : sample);
  guint segment = get_segment (size);
  guint code = segment << 4 | (segment > 1 ? size >> (segment + 3) : size >> 4) % 16;
  return (guint8) ((code | (sample < 0 ? 0 : 0x80)) ^ 0x55);
}

gint16
cv_g711_decode_alaw (guint8 code)
{
  guint plain = code ^ 0x55u, segment = plain >> 4 & 7;
  gint size = (gint) ((plain & 15) << 4) + 8;
  if (segment > 0)
    size = (size + 0x100) << (segment - 1);
  return (gint16) ((plain & 0x80) != 0 ? size : -size);
}
