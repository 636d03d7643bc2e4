/* See canvas.h. */
#include "render/canvas.h"

#include <string.h>

/* pixels of one row that are not transparent */
typedef struct {
  guint16 y, from, to;
} Run;

typedef struct {
  guint width, height;
  guint8 *values; /* premultiplied */
  guint8 *rest;   /* of what is below, 0…255 */
  GArray *runs;   /* of Run */
} Plane;

struct _CvOverlay {
  Plane planes[3];
  guint8 *chroma_rest; /* shared by two planes */
};

CvCanvas *
cv_canvas_new (guint width, guint height)
{
  CvCanvas *self = g_new0 (CvCanvas, 1);
  gsize luma = (gsize) width * height;
  self->width = width;
  self->height = height;
  self->planes[0] = g_malloc (luma * 3 / 2);
  self->planes[1] = self->planes[0] + luma;
  self->planes[2] = self->planes[1] + luma / 4;
  self->strides[0] = width;
  self->strides[1] = self->strides[2] = width / 2;
  return self;
}

void
cv_canvas_free (CvCanvas *self)
{
  g_free (self->planes[0]);
  g_free (self);
}

gsize
cv_canvas_get_size (const CvCanvas *self)
{
  return (gsize) self->width * self->height * 3 / 2;
}

/* BT.601, limited range; `opaque` as 255 stands for what is added to it. */
static void
to_yuv (int r, int g, int b, int opaque, guint8 yuv[3])
{
  yuv[0] = (guint8) ((66 * r + 129 * g + 25 * b + 128) / 256 + 16 * opaque / 255);
  yuv[1] = (guint8) ((-38 * r - 74 * g + 112 * b + 128 * opaque * 256 / 255 + 128) / 256);
  yuv[2] = (guint8) ((112 * r - 94 * g - 18 * b + 128 * opaque * 256 / 255 + 128) / 256);
}

void
cv_canvas_fill (CvCanvas *self, const CvBox *box, guint32 colour)
{
  guint8 yuv[3];
  to_yuv (colour >> 16 & 0xff, colour >> 8 & 0xff, colour & 0xff, 255, yuv);
  for (guint plane = 0; plane < 3; plane++) {
    guint shift = plane > 0;
    guint8 *row = self->planes[plane] + (gsize) (box->y >> shift) * self->strides[plane] + (box->x >> shift);
    for (guint y = 0; y < box->height >> shift; y++, row += self->strides[plane])
      memset (row, yuv[plane], box->width >> shift);
  }
}

/* ---- Overlays ---- */

static void
find_runs (Plane *plane)
{
  plane->runs = g_array_new (FALSE, FALSE, sizeof (Run));
  for (guint y = 0; y < plane->height; y++) {
    const guint8 *rest = plane->rest + (gsize) y * plane->width;
    for (guint x = 0; x < plane->width; x++) {
      if (rest[x] == 255)
        continue;
      guint from = x;
      while (x < plane->width && rest[x] != 255)
        x++;
      Run run = { (guint16) y, (guint16) from, (guint16) x };
      g_array_append_val (plane->runs, run);
    }
  }
}

static void
init_plane (Plane *plane, guint width, guint height, guint8 *rest)
{
  plane->width = width;
  plane->height = height;
  plane->values = g_malloc ((gsize) width * height);
  plane->rest = rest != NULL ? rest : g_malloc ((gsize) width * height);
}

static const guint32 *
get_row (const guint8 *pixels, guint stride, guint y)
{
  return (const guint32 *) (const void *) (pixels + (gsize) y * stride);
}

static void
convert_luma (CvOverlay *self, const guint8 *pixels, guint stride)
{
  Plane *luma = &self->planes[0];
  for (guint y = 0; y < luma->height; y++) {
    const guint32 *row = get_row (pixels, stride, y);
    for (guint x = 0; x < luma->width; x++) {
      guint8 yuv[3];
      int alpha = row[x] >> 24;
      to_yuv (row[x] >> 16 & 0xff, row[x] >> 8 & 0xff, row[x] & 0xff, alpha, yuv);
      luma->values[y * luma->width + x] = yuv[0];
      luma->rest[y * luma->width + x] = (guint8) (255 - alpha);
    }
  }
}

/* One for four pixels. */
static void
convert_chroma (CvOverlay *self, const guint8 *pixels, guint stride)
{
  guint width = self->planes[1].width, height = self->planes[1].height;
  for (guint y = 0; y < height; y++) {
    const guint32 *rows[] = { get_row (pixels, stride, 2 * y), get_row (pixels, stride, 2 * y + 1) };
    for (guint x = 0; x < width; x++) {
      int sums[4] = { 2, 2, 2, 2 };
      guint8 yuv[3];
      for (guint i = 0; i < 4; i++) {
        guint32 pixel = rows[i / 2][2 * x + i % 2];
        for (guint k = 0; k < 4; k++)
          sums[k] += pixel >> (8 * k) & 0xff;
      }
      to_yuv (sums[2] / 4, sums[1] / 4, sums[0] / 4, sums[3] / 4, yuv);
      self->planes[1].values[y * width + x] = yuv[1];
      self->planes[2].values[y * width + x] = yuv[2];
      self->chroma_rest[y * width + x] = (guint8) (255 - sums[3] / 4);
    }
  }
}

CvOverlay *
cv_overlay_new (const guint8 *pixels, guint stride, guint width, guint height)
{
  CvOverlay *self = g_new0 (CvOverlay, 1);
  self->chroma_rest = g_malloc ((gsize) (width / 2) * (height / 2));
  init_plane (&self->planes[0], width, height, NULL);
  init_plane (&self->planes[1], width / 2, height / 2, self->chroma_rest);
  init_plane (&self->planes[2], width / 2, height / 2, self->chroma_rest);
  convert_luma (self, pixels, stride);
  convert_chroma (self, pixels, stride);
  for (guint i = 0; i < 3; i++)
    find_runs (&self->planes[i]);
  return self;
}

void
cv_overlay_free (CvOverlay *self)
{
  for (guint i = 0; i < 3; i++) {
    g_free (self->planes[i].values);
    g_array_unref (self->planes[i].runs);
  }
  g_free (self->planes[0].rest);
  g_free (self->chroma_rest);
  g_free (self);
}

static void
blend_run (guint8 *below, const guint8 *values, const guint8 *rest, guint n)
{
  for (guint i = 0; i < n; i++) {
    guint product = below[i] * rest[i] + 128;
    below[i] = (guint8) MIN (values[i] + ((product + (product >> 8)) >> 8), 255); /* divided by 255 */
  }
}

void
cv_canvas_blend (CvCanvas *self, const CvOverlay *overlay, guint x, guint y)
{
  for (guint i = 0; i < 3; i++) {
    const Plane *plane = &overlay->planes[i];
    guint shift = i > 0, left = x >> shift, top = y >> shift;
    guint width = self->width >> shift, height = self->height >> shift;
    for (guint k = 0; k < plane->runs->len; k++) {
      const Run *run = &g_array_index (plane->runs, Run, k);
      gsize at = (gsize) run->y * plane->width + run->from;
      if (top + run->y >= height || left + run->from >= width)
        continue;
      blend_run (self->planes[i] + (gsize) (top + run->y) * self->strides[i] + left + run->from, plane->values + at,
                 plane->rest + at, MIN (run->to, width - left) - run->from);
    }
  }
}
