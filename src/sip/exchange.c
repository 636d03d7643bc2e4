/* See exchange.h. */
#include "sip/exchange.h"

/* Later than that, ticks are left out and not made up for. */
#define MOST_BEHIND 5

typedef struct {
  CvExchangeFunc func;
  gpointer member;
} Member;

struct _CvExchange {
  CvDtlsIdentity *identity; /* borrowed */
  GArray *phases[CV_N_EXCHANGE_PHASES];
  GSource *source; /* NULL: it is stopped */
  gint64 due;      /* µs: the next tick; 0: nobody is there */
  guint64 tick;
};

typedef struct {
  GSource source;
  CvExchange *exchange;
} TickSource;

static void
run (CvExchange *self, gint64 now)
{
  self->tick++;
  for (guint phase = 0; phase < CV_N_EXCHANGE_PHASES; phase++)
    for (guint i = 0; i < self->phases[phase]->len; i++) {
      const Member *member = &g_array_index (self->phases[phase], Member, i);
      member->func (member->member, now);
    }
}

/* Times are counted from the first tick on: none drifts. */
static gboolean
on_due (GSource *source, GSourceFunc unused, gpointer user_data)
{
  CvExchange *self = ((TickSource *) source)->exchange;
  gint64 now = g_source_get_time (source), behind = (now - self->due) / CV_EXCHANGE_TICK_US;
  if (behind > MOST_BEHIND) {
    self->tick += (guint64) behind;
    self->due += behind * CV_EXCHANGE_TICK_US;
  }
  for (; self->due != 0 && self->due <= now; self->due += CV_EXCHANGE_TICK_US)
    run (self, now);
  g_source_set_ready_time (source, self->due);
  return G_SOURCE_CONTINUE;
}

CvExchange *
cv_exchange_new (CvDtlsIdentity *identity)
{
  static GSourceFuncs funcs = { .dispatch = on_due };
  CvExchange *self = g_new0 (CvExchange, 1);
  self->identity = identity;
  for (guint i = 0; i < CV_N_EXCHANGE_PHASES; i++)
    self->phases[i] = g_array_new (FALSE, FALSE, sizeof (Member));
  self->source = g_source_new (&funcs, sizeof (TickSource));
  ((TickSource *) self->source)->exchange = self;
  g_source_set_ready_time (self->source, -1);
  g_source_set_priority (self->source, G_PRIORITY_HIGH);
  g_source_attach (self->source, NULL);
  return self;
}

void
cv_exchange_free (CvExchange *self)
{
  cv_exchange_stop (self);
  for (guint i = 0; i < CV_N_EXCHANGE_PHASES; i++)
    g_array_unref (self->phases[i]);
  g_free (self);
}

CvDtlsIdentity *
cv_exchange_get_identity (CvExchange *self)
{
  return self->identity;
}

void
cv_exchange_join (CvExchange *self, CvExchangePhase phase, CvExchangeFunc func, gpointer member)
{
  Member joins = { func, member };
  g_array_append_val (self->phases[phase], joins);
  if (self->due != 0 || self->source == NULL)
    return;
  self->due = g_get_monotonic_time () + CV_EXCHANGE_TICK_US;
  g_source_set_ready_time (self->source, self->due);
}

void
cv_exchange_leave (CvExchange *self, gpointer member)
{
  guint left = 0;
  for (guint phase = 0; phase < CV_N_EXCHANGE_PHASES; phase++) {
    GArray *members = self->phases[phase];
    for (guint i = members->len; i > 0; i--)
      if (g_array_index (members, Member, i - 1).member == member)
        g_array_remove_index (members, i - 1);
    left += members->len;
  }
  if (left > 0 || self->source == NULL)
    return;
  self->due = 0;
  g_source_set_ready_time (self->source, -1);
}

guint64
cv_exchange_get_tick (CvExchange *self)
{
  return self->tick;
}

void
cv_exchange_stop (CvExchange *self)
{
  if (self->source == NULL)
    return;
  g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

void
cv_exchange_tick (CvExchange *self, gint64 now)
{
  run (self, now);
}
