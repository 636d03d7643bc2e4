/* conclave-media: one meeting's media. Started by conclaved with a socket as descriptor 3; everything comes over it. */
#include "cv-build.h"
#include "ipc/hello.h"
#include "media/control.h"
#include "media/recorder.h"
#include "sandbox/sandbox.h"
#include "media/stats.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define CV_LOG_TOPIC "media"
#include "base/log.h"

#define CHANNEL_FD 3
#define DESCRIPTORS (CV_RECORDER_MAX_FILES + 256)

typedef struct {
  GMainLoop *loop;
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
is_socket (int fd)
{
  struct stat status;
  return fstat (fd, &status) == 0 && S_ISSOCK (status.st_mode);
}

/* Each file that is recorded is a descriptor; afterwards limits stay what they are. */
static void
allow_descriptors (void)
{
  struct rlimit limit;
  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= DESCRIPTORS)
    return;
  limit.rlim_cur = MIN (limit.rlim_max, DESCRIPTORS);
  setrlimit (RLIMIT_NOFILE, &limit);
}

static int
run (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvDtlsIdentity) identity = cv_dtls_identity_new (&error);
  if (identity == NULL) {
    cv_warning (NULL, NULL, "no certificate could be made: %s", error->message);
    return EXIT_FAILURE;
  }
  cv_stats_get_rss (); /* opens what it reads */
  if (!cv_sandbox_enter (&error)) {
    cv_warning (NULL, NULL, "no sandbox: %s", error->message);
    return EXIT_FAILURE;
  }
  Main self = { .loop = g_main_loop_new (NULL, FALSE) };
  g_autoptr (CvClock) clock = cv_clock_new ();
  g_autoptr (CvChannel) channel = cv_channel_new (CHANNEL_FD, clock);
  CvControl *control = cv_control_new (channel, identity, on_over, &self);
  cv_hello_send (channel, "conclave-media");
  g_main_loop_run (self.loop);
  cv_control_free (control);
  g_main_loop_unref (self.loop);
  return self.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int
main (int argc, char *argv[])
{
  signal (SIGPIPE, SIG_IGN);
  signal (SIGTERM, SIG_IGN); /* the daemon gets it too, and ends its children when their files are finished */
  signal (SIGXFSZ, SIG_IGN); /* a file that may not grow is an error, no end */
  if (argc == 2 && strcmp (argv[1], "--version") == 0) {
    printf ("conclave-media %s\n", CV_VERSION);
    return EXIT_SUCCESS;
  }
  if (argc != 1 || !is_socket (CHANNEL_FD)) {
    fprintf (stderr, "conclave-media is started by conclaved; see conclaved(8)\n");
    return 64; /* EX_USAGE */
  }
  cv_sandbox_prepare ();
  cv_log_init (G_LOG_LEVEL_INFO);
  allow_descriptors ();
  return run ();
}
