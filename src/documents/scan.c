/* See scan.h. */
#include "documents/scan.h"

#define CV_LOG_TOPIC "scan"
#include "base/log.h"

typedef struct {
  GSubprocess *process;
  CvClock *clock;
  guint timer;
} Scan;

static void
scan_free (gpointer data)
{
  Scan *self = data;
  cv_clock_cancel (self->clock, &self->timer);
  g_clear_object (&self->process);
  g_object_unref (self->clock);
  g_free (self);
}

/* What it says after it was killed is not taken. */
static void
on_patience_over (gpointer user_data)
{
  Scan *self = user_data;
  self->timer = 0;
  cv_warning (NULL, NULL, "the program that looks at documents took too long");
  g_subprocess_force_exit (self->process);
}

static void
on_exited (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  GSubprocess *process = G_SUBPROCESS (source);
  CvScanAnswer answer = CV_SCAN_UNKNOWN;
  if (!g_subprocess_wait_finish (process, result, &error))
    g_subprocess_force_exit (process);
  else if (g_subprocess_get_if_exited (process) && g_subprocess_get_exit_status (process) <= 1)
    answer = g_subprocess_get_exit_status (process) == 0 ? CV_SCAN_CLEAN : CV_SCAN_INFECTED;
  if (answer == CV_SCAN_UNKNOWN && error == NULL)
    cv_warning (NULL, NULL, "the program that looks at documents has no answer");
  g_task_return_int (task, answer);
}

void
cv_scan_run_async (const char *program, int fd, CvClock *clock, guint patience_ms, GCancellable *cancellable,
                   GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  Scan *scan = g_new0 (Scan, 1);
  scan->clock = g_object_ref (clock);
  g_task_set_task_data (task, scan, scan_free);
  g_subprocess_launcher_take_stdin_fd (launcher, fd);
  scan->process = g_subprocess_launcher_spawn (launcher, &error, program, NULL);
  if (scan->process == NULL) {
    cv_warning (NULL, NULL, "the program that looks at documents does not start: %s", error->message);
    g_task_return_int (task, CV_SCAN_UNKNOWN);
    return;
  }
  scan->timer = cv_clock_after (clock, patience_ms, on_patience_over, scan);
  g_subprocess_wait_async (scan->process, cancellable, on_exited, g_steal_pointer (&task));
}

CvScanAnswer
cv_scan_run_finish (GAsyncResult *result)
{
  return (CvScanAnswer) g_task_propagate_int (G_TASK (result), NULL);
}
