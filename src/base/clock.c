/* Time, injectable.
 *
 * Owns its timers: one sequence in order of time, for the real clock behind a single GSource (so that thousands of seats
 * cost the main loop nothing), for the fake one run by cv_clock_advance(). Main thread only.
 */
#include "base/clock.h"

typedef struct {
  guint id;
  gint64 due; /* µs, monotonic */
  GSourceOnceFunc callback;
  gpointer user_data;
} Timer;

struct _CvClock {
  GObject parent_instance;
  gboolean fake;
  gint64 fake_now;   /* µs */
  gint64 fake_wall;  /* ms at fake_now 0 */
  GSequence *timers; /* of Timer, by due, then by id */
  GHashTable *by_id; /* id → GSequenceIter */
  guint last_id;
  GSource *source; /* real only */
};

typedef struct {
  GSource source;
  CvClock *clock; /* borrowed: the clock destroys its source */
} ClockSource;

G_DEFINE_FINAL_TYPE (CvClock, cv_clock, G_TYPE_OBJECT)

static int
compare_timers (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Timer *x = a, *y = b;

  if (x->due != y->due)
    return x->due < y->due ? -1 : 1;
  return x->id < y->id ? -1 : x->id > y->id;
}

/* NULL if nothing waits. */
static Timer *
first_timer (CvClock *self)
{
  GSequenceIter *iter = g_sequence_get_begin_iter (self->timers);

  return g_sequence_iter_is_end (iter) ? NULL : g_sequence_get (iter);
}

static void
wake_for_first (CvClock *self)
{
  Timer *first = first_timer (self);

  if (self->source != NULL)
    g_source_set_ready_time (self->source, first != NULL ? first->due : -1);
}

static void
remove_timer (CvClock *self, guint id)
{
  GSequenceIter *iter = g_hash_table_lookup (self->by_id, GUINT_TO_POINTER (id));

  if (iter == NULL)
    return;
  g_hash_table_remove (self->by_id, GUINT_TO_POINTER (id));
  g_sequence_remove (iter);
}

/* Runs what is due until `until`, also what the callbacks add before it. */
static void
run_due (CvClock *self, gint64 until)
{
  g_autoptr (CvClock) keep G_GNUC_UNUSED = g_object_ref (self);
  Timer *first;

  while ((first = first_timer (self)) != NULL && first->due <= until) {
    Timer timer = *first;

    if (self->fake)
      self->fake_now = MAX (self->fake_now, timer.due);
    remove_timer (self, timer.id);
    timer.callback (timer.user_data);
  }
  wake_for_first (self);
}

static gboolean
on_source_ready (GSource *source, GSourceFunc callback, gpointer user_data)
{
  run_due (((ClockSource *) source)->clock, g_source_get_time (source));
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = { .dispatch = on_source_ready };

static void
cv_clock_dispose (GObject *object)
{
  CvClock *self = CV_CLOCK (object);

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_hash_table_remove_all (self->by_id);
  g_sequence_remove_range (g_sequence_get_begin_iter (self->timers), g_sequence_get_end_iter (self->timers));
  G_OBJECT_CLASS (cv_clock_parent_class)->dispose (object);
}

static void
cv_clock_finalize (GObject *object)
{
  CvClock *self = CV_CLOCK (object);

  g_hash_table_unref (self->by_id);
  g_sequence_free (self->timers);
  G_OBJECT_CLASS (cv_clock_parent_class)->finalize (object);
}

static void
cv_clock_class_init (CvClockClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_clock_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_clock_finalize;
}

static void
cv_clock_init (CvClock *self)
{
  self->timers = g_sequence_new (g_free);
  self->by_id = g_hash_table_new (NULL, NULL);
}

CvClock *
cv_clock_new (void)
{
  CvClock *self = g_object_new (CV_TYPE_CLOCK, NULL);

  self->source = g_source_new (&source_funcs, sizeof (ClockSource));
  ((ClockSource *) self->source)->clock = self;
  g_source_set_static_name (self->source, "CvClock");
  g_source_attach (self->source, g_main_context_get_thread_default ());
  return self;
}

CvClock *
cv_clock_new_fake (gint64 wall_ms)
{
  CvClock *self = g_object_new (CV_TYPE_CLOCK, NULL);

  self->fake = TRUE;
  self->fake_wall = wall_ms;
  return self;
}

gint64
cv_clock_now (CvClock *self)
{
  g_return_val_if_fail (CV_IS_CLOCK (self), 0);

  return self->fake ? self->fake_now : g_get_monotonic_time ();
}

gint64
cv_clock_wall (CvClock *self)
{
  g_return_val_if_fail (CV_IS_CLOCK (self), 0);

  return self->fake ? self->fake_wall + self->fake_now / 1000 : g_get_real_time () / 1000;
}

guint
cv_clock_after (CvClock *self, guint ms, GSourceOnceFunc callback, gpointer user_data)
{
  Timer *timer;
  GSequenceIter *iter;

  g_return_val_if_fail (CV_IS_CLOCK (self), 0);
  g_return_val_if_fail (callback != NULL, 0);

  do
    self->last_id++;
  while (self->last_id == 0 || g_hash_table_contains (self->by_id, GUINT_TO_POINTER (self->last_id)));

  timer = g_new (Timer, 1);
  *timer = (Timer){ self->last_id, cv_clock_now (self) + (gint64) ms * 1000, callback, user_data };
  iter = g_sequence_insert_sorted (self->timers, timer, compare_timers, NULL);
  g_hash_table_insert (self->by_id, GUINT_TO_POINTER (timer->id), iter);
  if (g_sequence_iter_is_begin (iter))
    wake_for_first (self);
  return timer->id;
}

void
cv_clock_cancel (CvClock *self, guint *id)
{
  g_return_if_fail (CV_IS_CLOCK (self));
  g_return_if_fail (id != NULL);

  remove_timer (self, *id);
  *id = 0;
}

void
cv_clock_advance (CvClock *self, guint ms)
{
  gint64 until;

  g_return_if_fail (CV_IS_CLOCK (self) && self->fake);

  until = self->fake_now + (gint64) ms * 1000;
  run_due (self, until);
  self->fake_now = until;
}
