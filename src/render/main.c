/* conclave-render: makes files of one recording. Started by conclaved with a socket as descriptor 3; everything comes over it.
 *
 * The main thread speaks with the daemon and says that we live; the job has a thread of its own.
 */
#include "base/mode.h"
#include "ipc/hello.h"
#include "ipc/start.h"
#include "render/job.h"
#include "render/kit.h"
#include "render/reporter.h"
#include "sandbox/sandbox.h"

#include <glib/gstdio.h>
#include <gst/gst.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define CV_LOG_TOPIC "render"
#include "base/log.h"

typedef struct {
  CvRun run;
  CvKit *kit;
  CvReporter *reporter;
  CvJob *job;
} Main;

static void
on_over (gboolean failed, gpointer user_data)
{
  Main *self = user_data;
  cv_run_end (failed, &self->run);
}

static gboolean
enter_folder (int folder)
{
  g_autoptr (GError) error = NULL;
  gboolean held = FALSE;
  if (fchdir (folder) != 0) {
    cv_warning (NULL, NULL, "the recording's folder cannot be entered: %s", g_strerror (errno));
    return FALSE;
  }
  umask (~cv_mode_below (folder, ".") & 0777); /* for what GStreamer makes as well */
  if (!cv_sandbox_enter_folder (folder, &held, &error)) {
    cv_warning (NULL, NULL, "no sandbox: %s", error->message);
    return FALSE;
  }
  if (!held)
    cv_warning (NULL, NULL, "this kernel has no Landlock: files outside of the recording are not fenced off");
  return TRUE;
}

static gboolean
on_ordered (CvOrder *order, int folder, gpointer user_data)
{
  Main *self = user_data;
  gboolean inside = enter_folder (folder);
  g_close (folder, NULL);
  if (!inside) {
    cv_order_free (order);
    return FALSE;
  }
  self->job = cv_job_new (order, self->kit, self->reporter);
  return TRUE;
}

static int
run (void)
{
  static const CvReporterFuncs funcs = { on_ordered, on_over };
  g_autoptr (GError) error = NULL;
  Main self = { .run = CV_RUN_INIT, .kit = cv_kit_new (&error) };
  if (self.kit == NULL) {
    cv_warning (NULL, NULL, "%s", error->message);
    return EXIT_FAILURE;
  }
  g_autoptr (CvClock) clock = cv_clock_new ();
  g_autoptr (CvChannel) channel = cv_channel_new (CV_START_CHANNEL_FD, clock);
  self.reporter = cv_reporter_new (channel, &funcs, &self);
  cv_hello_send (channel, "conclave-render");
  int status = cv_run (&self.run);
  g_clear_pointer (&self.job, cv_job_free);
  cv_reporter_free (self.reporter);
  cv_kit_free (self.kit);
  return status;
}

int
main (int argc, char *argv[])
{
  int status = cv_start_check (argc, argv, "conclave-render");
  if (status >= 0)
    return status;
  umask (077);
  cv_sandbox_prepare ();
  gst_init (NULL, NULL);
  cv_log_init (G_LOG_LEVEL_INFO);
  return run ();
}
