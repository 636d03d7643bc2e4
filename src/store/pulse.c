/* See pulse.h. */
#include "store/pulse.h"

typedef struct {
  GTask *task; /* NULL: it took too long, which was said */
  CvClock *clock;
  guint timer;
} Pulse;

static void
pulse_free (Pulse *self)
{
  cv_clock_cancel (self->clock, &self->timer);
  g_clear_object (&self->task);
  g_object_unref (self->clock);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pulse, pulse_free)

static gpointer
answer (sqlite3 *db, gpointer data, GError **error)
{
  return cv_store_exec (db, error, "SELECT 1 FROM sqlite_schema WHERE name = ''", "") ? GINT_TO_POINTER (TRUE) : NULL;
}

static void
on_late (gpointer user_data)
{
  Pulse *self = user_data;
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  self->timer = 0;
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "the database does not answer");
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Pulse) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean lives = cv_store_run_finish_plain (CV_STORE (source), result, &error);
  if (self->task == NULL)
    return;
  if (lives)
    g_task_return_boolean (self->task, TRUE);
  else
    g_task_return_error (self->task, g_steal_pointer (&error));
}

void
cv_pulse_take_async (CvStore *store, CvClock *clock, guint within_ms, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer user_data)
{
  Pulse *self;

  g_return_if_fail (CV_IS_STORE (store) && CV_IS_CLOCK (clock));

  self = g_new0 (Pulse, 1);
  self->task = g_task_new (store, NULL, callback, user_data);
  self->clock = g_object_ref (clock);
  if (within_ms > 0)
    self->timer = cv_clock_after (clock, within_ms, on_late, self);
  cv_store_run_async (store, answer, NULL, NULL, NULL, cancellable, on_answered, self);
}

gboolean
cv_pulse_take_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
