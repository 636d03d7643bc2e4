/* conclave-render: makes files of one recording. Started by conclaved with a socket as descriptor 3; everything comes over it.
 *
 * The main thread speaks with the daemon and says that we live; the job has a thread of its own.
 */
#include "cv-build.h"
#include "ipc/hello.h"
#include "render/job.h"
#include "render/kit.h"
#include "render/reporter.h"
#include "sandbox/sandbox.h"

#include <glib/gstdio.h>
#include <gst/gst.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CV_LOG_TOPIC "render"
#include "base/log.h"

#define CHANNEL_FD 3

typedef struct {
  GMainLoop *loop;
  CvKit *kit;
  CvReporter *reporter;
  CvJob *job;
  gboolean failed;
} Main;

static void
on_over (gboolean failed, gpointer user_data)
{
  Main *self = user_data;
  self->failed |= failed;
  g_main_loop_quit (self->loop);
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

static gboolean
is_socket (int fd)
{
  struct stat status;
  return fstat (fd, &status) == 0 && S_ISSOCK (status.st_mode);
}

static int
run (void)
{
  static const CvReporterFuncs funcs = { on_ordered, on_over };
  g_autoptr (GError) error = NULL;
  Main self = { .loop = g_main_loop_new (NULL, FALSE), .kit = cv_kit_new (&error) };
  if (self.kit == NULL) {
    cv_warning (NULL, NULL, "%s", error->message);
    return EXIT_FAILURE;
  }
  g_autoptr (CvClock) clock = cv_clock_new ();
  g_autoptr (CvChannel) channel = cv_channel_new (CHANNEL_FD, clock);
  self.reporter = cv_reporter_new (channel, &funcs, &self);
  cv_hello_send (channel, "conclave-render");
  g_main_loop_run (self.loop);
  g_clear_pointer (&self.job, cv_job_free);
  cv_reporter_free (self.reporter);
  cv_kit_free (self.kit);
  g_main_loop_unref (self.loop);
  return self.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int
main (int argc, char *argv[])
{
  signal (SIGPIPE, SIG_IGN);
  if (argc == 2 && strcmp (argv[1], "--version") == 0) {
    printf ("conclave-render %s\n", CV_VERSION);
    return EXIT_SUCCESS;
  }
  if (argc != 1 || !is_socket (CHANNEL_FD)) {
    fprintf (stderr, "conclave-render is started by conclaved; see conclaved(8)\n");
    return 64; /* EX_USAGE */
  }
  umask (077);
  cv_sandbox_prepare ();
  gst_init (NULL, NULL);
  cv_log_init (G_LOG_LEVEL_INFO);
  return run ();
}
