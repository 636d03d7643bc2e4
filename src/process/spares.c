/* Children in reserve: see spares.h. */
#include "process/spares.h"

#include "base/tally.h"

#define CV_LOG_TOPIC "spares"
#include "base/log.h"

/* ms until the reserve is filled up again: who took a child has more urgent things to do just now */
#define REFILL_MS 100
/* ms until the next attempt after one that failed: doubles up to the second */
#define RETRY_MS 1000
#define MAX_RETRY_MS 60000

struct _CvSpares {
  GObject parent_instance;
  CvClock *clock;
  CvChildOptions options;
  guint n;
  GPtrArray *children;
  guint timer;
  guint retry_ms; /* 0: the last one that started did so well */
  gboolean had;   /* one has started since then */
  gboolean stopped;
};

G_DEFINE_FINAL_TYPE (CvSpares, cv_spares, G_TYPE_OBJECT)

static void fill (gpointer user_data);

static void
fill_in (CvSpares *self, guint ms)
{
  if (self->timer == 0 && !self->stopped)
    self->timer = cv_clock_after (self->clock, ms, fill, self);
}

static void
retry (CvSpares *self)
{
  cv_tally_count (CV_TALLY_SPARES_LOST);
  self->had = FALSE;
  self->retry_ms = self->retry_ms == 0 ? RETRY_MS : MIN (self->retry_ms * 2, MAX_RETRY_MS);
  cv_clock_cancel (self->clock, &self->timer);
  fill_in (self, self->retry_ms);
}

/* Takes it out of the reserve. Returns: (transfer full). */
static CvChild *
take_out (CvSpares *self, CvChild *child)
{
  CvChild *taken = g_object_ref (child);

  g_signal_handlers_disconnect_by_data (child, self);
  g_ptr_array_remove (self->children, child);
  return taken;
}

static void
on_child_exited (CvChild *child, guint end, const char *text, gpointer user_data)
{
  CvSpares *self = user_data;
  g_autoptr (CvChild) gone = take_out (self, child);

  cv_warning (NULL, NULL, "a spare %s[%s] is gone: %s", self->options.program, cv_child_get_identifier (gone), text);
  retry (self);
}

static void
on_child_started (CvChild *child, gpointer user_data)
{
  CvSpares *self = user_data;

  self->retry_ms = 0;
  self->had = TRUE;
}

/* It was told nothing yet: what could it have to say? */
static void
on_child_message (CvChild *child, CvParcel *parcel, gpointer user_data)
{
  cv_child_accuse (child, "a spare speaks");
}

static void
fill (gpointer user_data)
{
  CvSpares *self = user_data;

  self->timer = 0;
  while (self->children->len < self->n) {
    g_autoptr (GError) error = NULL;
    CvChild *child = cv_child_spawn (&self->options, self->clock, &error);

    if (child == NULL) {
      cv_warning (NULL, NULL, "%s does not start: %s", self->options.program, error->message);
      retry (self);
      return;
    }
    g_ptr_array_add (self->children, child);
    g_signal_connect (child, "started", G_CALLBACK (on_child_started), self);
    g_signal_connect (child, "message", G_CALLBACK (on_child_message), self);
    g_signal_connect (child, "exited", G_CALLBACK (on_child_exited), self);
  }
}

CvChild *
cv_spares_take (CvSpares *self, GError **error)
{
  CvChild *best = NULL;

  g_return_val_if_fail (CV_IS_SPARES (self), NULL);

  for (guint i = 0; i < self->children->len; i++) {
    CvChild *child = self->children->pdata[i];

    if (!cv_child_is_ending (child) && (best == NULL || cv_child_is_started (child)))
      best = child;
  }
  if (self->retry_ms == 0)
    fill_in (self, REFILL_MS);
  return best != NULL ? take_out (self, best) : cv_child_spawn (&self->options, self->clock, error);
}

guint
cv_spares_count_ready (CvSpares *self)
{
  guint n = 0;

  g_return_val_if_fail (CV_IS_SPARES (self), 0);

  for (guint i = 0; i < self->children->len; i++)
    n += cv_child_is_started (self->children->pdata[i]);
  return n;
}

gboolean
cv_spares_are_well (CvSpares *self)
{
  g_return_val_if_fail (CV_IS_SPARES (self), FALSE);

  return self->n == 0 || self->had || cv_spares_count_ready (self) > 0;
}

void
cv_spares_stop (CvSpares *self)
{
  g_return_if_fail (CV_IS_SPARES (self));

  self->stopped = TRUE;
  cv_clock_cancel (self->clock, &self->timer);
  while (self->children->len > 0) {
    g_autoptr (CvChild) child = take_out (self, self->children->pdata[0]);

    cv_child_end (child);
  }
}

CvSpares *
cv_spares_new (const CvChildOptions *options, guint n, CvClock *clock)
{
  CvSpares *self;

  g_return_val_if_fail (options != NULL, NULL);
  g_return_val_if_fail (CV_IS_CLOCK (clock), NULL);

  self = g_object_new (CV_TYPE_SPARES, NULL);
  self->clock = g_object_ref (clock);
  self->options = *options;
  self->n = n;
  fill (self);
  return self;
}

static void
cv_spares_dispose (GObject *object)
{
  CvSpares *self = CV_SPARES (object);

  if (self->clock != NULL)
    cv_spares_stop (self);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (cv_spares_parent_class)->dispose (object);
}

static void
cv_spares_finalize (GObject *object)
{
  g_ptr_array_unref (CV_SPARES (object)->children);
  G_OBJECT_CLASS (cv_spares_parent_class)->finalize (object);
}

static void
cv_spares_class_init (CvSparesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_spares_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_spares_finalize;
}

static void
cv_spares_init (CvSpares *self)
{
  self->children = g_ptr_array_new_with_free_func (g_object_unref);
}
