/* See scaler.h. Rows first: what is added up there is added for whole rows, which the compiler makes vectors of. */
#include "render/scaler.h"

#include <string.h>

/* weights of one output pixel add up to this */
#define ONE 256

/* The input that one output is made of. */
typedef struct {
  guint first, n;
  guint16 *weights; /* n of them */
} Taps;

typedef struct {
  guint from, to;
  Taps *taps;
  guint16 *weights;
} Axis;

struct _CvScaler {
  Axis x, y;
  guint16 *row; /* of the input's width, times ONE */
};

/* How much of [a, b) lies in pixel i. */
static double
get_cover (guint i, double a, double b)
{
  return MAX (MIN (b, i + 1.0) - MAX (a, (double) i), 0);
}

/* The rest that rounding leaves goes to the heaviest. */
static void
quantise (Taps *taps, const double *weights, double sum)
{
  guint heaviest = 0;
  int left = ONE;
  for (guint i = 0; i < taps->n; i++) {
    taps->weights[i] = (guint16) (weights[i] / sum * ONE);
    left -= taps->weights[i];
    heaviest = weights[i] > weights[heaviest] ? i : heaviest;
  }
  taps->weights[heaviest] = (guint16) (taps->weights[heaviest] + left);
}

static void
init_shrinking (Axis *self, guint i, Taps *taps, double *weights)
{
  double ratio = (double) self->from / self->to, a = i * ratio, b = (i + 1) * ratio, sum = 0;
  taps->first = MIN ((guint) a, self->from - 1);
  guint last = MIN ((guint) (b - 1e-9), self->from - 1);
  taps->n = last - taps->first + 1;
  for (guint k = 0; k < taps->n; k++)
    sum += weights[k] = get_cover (taps->first + k, a, b);
  quantise (taps, weights, sum);
}

static void
init_growing (Axis *self, guint i, Taps *taps, double *weights)
{
  double at = CLAMP ((i + 0.5) * self->from / self->to - 0.5, 0, self->from - 1.0);
  taps->first = (guint) at;
  taps->n = taps->first + 1 < self->from ? 2 : 1;
  weights[0] = taps->n == 2 ? 1 - (at - taps->first) : 1;
  weights[1] = 1 - weights[0];
  quantise (taps, weights, 1);
}

static void
axis_init (Axis *self, guint from, guint to)
{
  guint most = from > to ? from / to + 2 : 2;
  g_autofree double *weights = g_new0 (double, most + 1);
  *self = (Axis){ from, to, g_new0 (Taps, to), g_new0 (guint16, (gsize) most * to) };
  for (guint i = 0; i < to; i++) {
    self->taps[i].weights = self->weights + (gsize) i * most;
    if (from > to)
      init_shrinking (self, i, &self->taps[i], weights);
    else
      init_growing (self, i, &self->taps[i], weights);
  }
}

CvScaler *
cv_scaler_new (guint from_width, guint from_height, guint to_width, guint to_height)
{
  CvScaler *self = g_new0 (CvScaler, 1);
  axis_init (&self->x, from_width, to_width);
  axis_init (&self->y, from_height, to_height);
  self->row = g_new (guint16, from_width);
  return self;
}

void
cv_scaler_free (CvScaler *self)
{
  g_free (self->x.taps);
  g_free (self->x.weights);
  g_free (self->y.taps);
  g_free (self->y.weights);
  g_free (self->row);
  g_free (self);
}

gboolean
cv_scaler_fits (const CvScaler *self, guint from_width, guint from_height, guint to_width, guint to_height)
{
  return self->x.from == from_width && self->y.from == from_height && self->x.to == to_width && self->y.to == to_height;
}

static void
add_row (guint16 *restrict row, const guint8 *restrict from, guint16 weight, guint n)
{
  for (guint i = 0; i < n; i++)
    row[i] = (guint16) (row[i] + from[i] * weight);
}

static void
start_row (guint16 *restrict row, const guint8 *restrict from, guint16 weight, guint n)
{
  for (guint i = 0; i < n; i++)
    row[i] = (guint16) (from[i] * weight);
}

/* The most common one, by itself. */
static void
write_halves (const guint16 *restrict row, guint8 *restrict to, guint n)
{
  for (guint i = 0; i < n; i++)
    to[i] = (guint8) ((row[2 * i] + row[2 * i + 1] + ONE) / (2 * ONE));
}

static void
write_row (const Axis *x, const guint16 *row, guint8 *to)
{
  if (x->from == 2 * x->to) {
    write_halves (row, to, x->to);
    return;
  }
  for (guint i = 0; i < x->to; i++) {
    const Taps *taps = &x->taps[i];
    guint32 sum = ONE * ONE / 2;
    for (guint k = 0; k < taps->n; k++)
      sum += (guint32) row[taps->first + k] * taps->weights[k];
    to[i] = (guint8) (sum / (ONE * ONE));
  }
}

static void
copy (const CvScaler *self, const guint8 *from, guint from_stride, guint8 *to, guint to_stride)
{
  for (guint i = 0; i < self->y.to; i++)
    memcpy (to + (gsize) i * to_stride, from + (gsize) i * from_stride, self->x.to);
}

void
cv_scaler_run (CvScaler *self, const guint8 *from, guint from_stride, guint8 *to, guint to_stride)
{
  if (self->x.from == self->x.to && self->y.from == self->y.to) {
    copy (self, from, from_stride, to, to_stride);
    return;
  }
  for (guint i = 0; i < self->y.to; i++) {
    const Taps *taps = &self->y.taps[i];
    start_row (self->row, from + (gsize) taps->first * from_stride, taps->weights[0], self->x.from);
    for (guint k = 1; k < taps->n; k++)
      if (taps->weights[k] > 0)
        add_row (self->row, from + (gsize) (taps->first + k) * from_stride, taps->weights[k], self->x.from);
    write_row (&self->x, self->row, to + (gsize) i * to_stride);
  }
}
