/* See spans.h. */
#include "render/spans.h"

CvSpans *
cv_spans_new (void)
{
  CvSpans *self = g_new0 (CvSpans, 1);
  self->spans = g_array_new (FALSE, FALSE, sizeof (CvSpan));
  return self;
}

void
cv_spans_free (CvSpans *self)
{
  g_array_unref (self->spans);
  g_free (self);
}

static const CvSpan *
get_last (const CvSpans *self)
{
  return self->spans->len > 0 ? &g_array_index (self->spans, CvSpan, self->spans->len - 1) : NULL;
}

void
cv_spans_add (CvSpans *self, gint64 from, gint64 to)
{
  const CvSpan *last = get_last (self);
  CvSpan span = { last != NULL ? MAX (from, last->to) : from, to, cv_spans_get_duration (self) };
  if (span.to > span.from)
    g_array_append_val (self->spans, span);
}

gint64
cv_spans_get_duration (const CvSpans *self)
{
  const CvSpan *last = get_last (self);
  return last != NULL ? last->composed + last->to - last->from : 0;
}

const CvSpan *
cv_spans_find (const CvSpans *self, gint64 t)
{
  for (guint i = 0; i < self->spans->len; i++)
    if (t < g_array_index (self->spans, CvSpan, i).to)
      return &g_array_index (self->spans, CvSpan, i);
  return NULL;
}

gint64
cv_spans_compose (const CvSpans *self, gint64 t)
{
  const CvSpan *span = cv_spans_find (self, t);
  return span != NULL ? span->composed + MAX (t - span->from, 0) : cv_spans_get_duration (self);
}

/* The first that ends after `t`. */
static guint
find_period (const GArray *periods, gint64 t)
{
  guint low = 0, high = periods->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (g_array_index (periods, CvPeriod, middle).to <= t)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

gboolean
cv_periods_contain (const GArray *periods, gint64 t)
{
  guint i = find_period (periods, t);
  return i < periods->len && g_array_index (periods, CvPeriod, i).from <= t;
}

void
cv_periods_add (GArray *periods, gint64 from, gint64 to)
{
  CvPeriod *last = periods->len > 0 ? &g_array_index (periods, CvPeriod, periods->len - 1) : NULL;
  CvPeriod period = { from, to };
  if (to <= from)
    return;
  if (last != NULL && from <= last->to)
    last->to = MAX (last->to, to);
  else
    g_array_append_val (periods, period);
}

void
cv_periods_crop (GArray *periods, gint64 from, gint64 duration)
{
  guint n = 0;
  for (guint i = 0; i < periods->len; i++) {
    CvPeriod period = g_array_index (periods, CvPeriod, i);
    period.from = MAX (period.from - from, 0);
    period.to = MIN (period.to - from, duration);
    if (period.to > period.from)
      g_array_index (periods, CvPeriod, n++) = period;
  }
  g_array_set_size (periods, n);
}

gint64
cv_periods_next (const GArray *periods, gint64 t)
{
  guint i = find_period (periods, t);
  if (i == periods->len)
    return G_MAXINT64;
  const CvPeriod *period = &g_array_index (periods, CvPeriod, i);
  return period->from > t ? period->from : period->to;
}
