/* See layout.h. */
#include "render/layout.h"

#define ASPECT (16.0 / 9)
/* of the picture's height, of its width */
#define STRIP_BELOW 0.19
#define STRIP_BESIDE 0.2

static guint
even (double value)
{
  return (guint) MAX (value, 2) & ~1u;
}

guint
cv_layout_gutter (guint height)
{
  return even (height / 60.0);
}

/* The largest box of that shape in the middle of the area. */
static CvBox
fit (double x, double y, double width, double height, double aspect)
{
  CvBox box = { .width = even (MIN (width, height * aspect)), .height = even (MIN (height, width / aspect)) };
  box.x = (guint) (x + (width - box.width) / 2) & ~1u;
  box.y = (guint) (y + (height - box.height) / 2) & ~1u;
  return box;
}

static double
get_tile_width (guint width, guint height, guint n, guint columns)
{
  guint rows = (n + columns - 1) / columns, gutter = cv_layout_gutter (height);
  double w = ((double) width - gutter * (columns + 1)) / columns;
  double h = ((double) height - gutter * (rows + 1)) / rows;
  return MIN (w, h * ASPECT);
}

void
cv_layout_grid (guint width, guint height, guint n, CvBox *boxes)
{
  guint columns = 1, gutter = cv_layout_gutter (height);
  for (guint i = 2; i <= n; i++)
    if (get_tile_width (width, height, n, i) > get_tile_width (width, height, n, columns))
      columns = i;
  guint w = even (get_tile_width (width, height, n, columns)), h = even (w / ASPECT),
        rows = (n + columns - 1) / columns;
  guint top = (height - rows * h - (rows - 1) * gutter) / 2;
  for (guint i = 0; i < n; i++) {
    guint row = i / columns, in_row = row + 1 < rows ? columns : n - row * columns;
    guint left = (width - in_row * w - (in_row - 1) * gutter) / 2;
    boxes[i] = (CvBox){ (left + i % columns * (w + gutter)) & ~1u, (top + row * (h + gutter)) & ~1u, w, h };
  }
}

guint
cv_layout_speaker (guint width, guint height, guint n, CvBox *boxes)
{
  guint gutter = cv_layout_gutter (height), h = even (height * STRIP_BELOW), w = even (h * ASPECT);
  guint room = (width - gutter) / (w + gutter);
  n = MIN (MIN (n, room), CV_LAYOUT_MAX_STRIP);
  guint below = n > 0 ? h + gutter : 0;
  boxes[0] = fit (gutter, gutter, width - 2.0 * gutter, height - 2.0 * gutter - below, ASPECT);
  guint left = n > 0 ? (width - n * w - (n - 1) * gutter) / 2 : 0;
  for (guint i = 0; i < n; i++)
    boxes[i + 1] = (CvBox){ (left + i * (w + gutter)) & ~1u, (height - gutter - h) & ~1u, w, h };
  return n;
}

guint
cv_layout_presentation (guint width, guint height, double aspect, guint n, CvBox *boxes)
{
  guint gutter = cv_layout_gutter (height), w = even (width * STRIP_BESIDE), h = even (w / ASPECT);
  guint room = (height - gutter) / (h + gutter);
  n = MIN (MIN (n, room), CV_LAYOUT_MAX_STRIP);
  guint beside = n > 0 ? w + gutter : 0;
  boxes[0] = fit (gutter, gutter, width - 2.0 * gutter - beside, height - 2.0 * gutter, CLAMP (aspect, 0.3, 4));
  guint top = n > 0 ? (height - n * h - (n - 1) * gutter) / 2 : 0;
  for (guint i = 0; i < n; i++)
    boxes[i + 1] = (CvBox){ (width - gutter - w) & ~1u, (top + i * (h + gutter)) & ~1u, w, h };
  return n;
}
