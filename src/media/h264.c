/* See h264.h. Names in comments are those of ITU-T H.264 §7.3.2.1. */
#include "media/h264.h"

#include <string.h>

#define MAX_SIZE 16384
/* pictures in a cycle of picture order counts, §7.4.2.1.1 */
#define MAX_CYCLE 255

/* Bits, without the bytes that keep start codes from appearing; a position beyond the end sets `short_of`. */
typedef struct {
  const guint8 *data;
  gsize n, at;
  guint bit;   /* of data[at], from the highest */
  guint zeros; /* bytes of zeros just before data[at] */
  gboolean short_of;
} Bits;

static guint
take_bit (Bits *b)
{
  if (b->bit == 0 && b->zeros >= 2 && b->at < b->n && b->data[b->at] == 3) {
    b->at++;
    b->zeros = 0;
  }
  if (b->at >= b->n) {
    b->short_of = TRUE;
    return 0;
  }
  guint value = (guint) (b->data[b->at] >> (7 - b->bit)) & 1;
  if (++b->bit == 8) {
    b->zeros = b->data[b->at] == 0 ? b->zeros + 1 : 0;
    b->bit = 0;
    b->at++;
  }
  return value;
}

static guint
take_bits (Bits *b, guint n)
{
  guint value = 0;
  for (guint i = 0; i < n; i++)
    value = value << 1 | take_bit (b);
  return value;
}

/* ue(v), and as far as its length goes se(v); what has more than 32 bits counts as cut short. */
static guint
take_ue (Bits *b)
{
  guint zeros = 0;
  while (take_bit (b) == 0 && !b->short_of)
    if (++zeros == 32)
      b->short_of = TRUE;
  return b->short_of ? 0 : (1u << zeros) - 1 + take_bits (b, zeros);
}

static gint
take_se (Bits *b)
{
  guint value = take_ue (b);
  return value & 1 ? (gint) (value / 2) + 1 : -(gint) (value / 2);
}

static gboolean
has_chroma_format (guint profile)
{
  static const guint8 profiles[] = { 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135 };
  return memchr (profiles, (int) profile, sizeof profiles) != NULL;
}

static void
skip_scaling_list (Bits *b, guint size)
{
  gint last = 8, next = 8;
  for (guint i = 0; i < size && next != 0 && !b->short_of; i++) {
    next = (gint) (((guint) last + (guint) take_se (b)) & 255);
    last = next != 0 ? next : last;
  }
}

/* Returns chroma_format_idc. */
static guint
take_chroma (Bits *b)
{
  guint format = take_ue (b);
  if (format == 3)
    take_bit (b); /* separate_colour_plane_flag */
  take_ue (b);    /* bit_depth_luma_minus8 */
  take_ue (b);    /* bit_depth_chroma_minus8 */
  take_bit (b);   /* qpprime_y_zero_transform_bypass_flag */
  if (take_bit (b) == 0)
    return format;
  for (guint i = 0; i < (format != 3 ? 8u : 12u); i++)
    if (take_bit (b) != 0)
      skip_scaling_list (b, i < 6 ? 16 : 64);
  return format;
}

static void
skip_order_counts (Bits *b)
{
  guint type = take_ue (b); /* pic_order_cnt_type */
  if (type == 0)
    take_ue (b);
  if (type != 1)
    return;
  take_bit (b);
  take_se (b);
  take_se (b);
  guint cycle = take_ue (b);
  if (cycle > MAX_CYCLE)
    b->short_of = TRUE;
  for (guint i = 0; i < cycle && !b->short_of; i++)
    take_se (b);
}

gboolean
cv_h264_read_size (const guint8 *set, gsize n, guint *width, guint *height)
{
  Bits b = { set, n, 0, 0, 0, FALSE };
  guint chroma = 1, left = 0, right = 0, top = 0, bottom = 0;
  guint profile = take_bits (&b, 8);

  take_bits (&b, 16); /* constraints, level */
  take_ue (&b);       /* seq_parameter_set_id */
  if (has_chroma_format (profile))
    chroma = take_chroma (&b);
  take_ue (&b); /* log2_max_frame_num_minus4 */
  skip_order_counts (&b);
  take_ue (&b);  /* max_num_ref_frames */
  take_bit (&b); /* gaps_in_frame_num_value_allowed_flag */
  guint columns = take_ue (&b), rows = take_ue (&b);
  guint fields = 2 - take_bit (&b); /* frame_mbs_only_flag: 1 */
  if (fields == 2)
    take_bit (&b); /* mb_adaptive_frame_field_flag */
  take_bit (&b);   /* direct_8x8_inference_flag */
  if (take_bit (&b) != 0) {
    left = take_ue (&b);
    right = take_ue (&b);
    top = take_ue (&b);
    bottom = take_ue (&b);
  }
  if (b.short_of || columns >= MAX_SIZE / 16 || rows >= MAX_SIZE / 16 ||
      MAX (MAX (left, right), MAX (top, bottom)) > MAX_SIZE)
    return FALSE;
  guint full_width = (columns + 1) * 16, full_height = (rows + 1) * 16 * fields;
  guint cut_width = (left + right) * (chroma == 1 || chroma == 2 ? 2 : 1);
  guint cut_height = (top + bottom) * (chroma == 1 ? 2 : 1) * fields;
  if (cut_width >= full_width || cut_height >= full_height)
    return FALSE;
  *width = full_width - cut_width;
  *height = full_height - cut_height;
  return TRUE;
}
