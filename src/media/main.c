/* conclave-media: one meeting's media. Started by conclaved with a socket as descriptor 3; everything comes over it. */
#include "base/usage.h"
#include "ipc/hello.h"
#include "ipc/start.h"
#include "media/control.h"
#include "media/recorder.h"
#include "sandbox/sandbox.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#define CV_LOG_TOPIC "media"
#include "base/log.h"

#define DESCRIPTORS (CV_RECORDER_MAX_FILES + 256)

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
  cv_usage_get_rss (); /* opens what it reads */
  if (!cv_sandbox_enter (&error)) {
    cv_warning (NULL, NULL, "no sandbox: %s", error->message);
    return EXIT_FAILURE;
  }
  CvRun self = CV_RUN_INIT;
  g_autoptr (CvClock) clock = cv_clock_new ();
  g_autoptr (CvChannel) channel = cv_channel_new (CV_START_CHANNEL_FD, clock);
  CvControl *control = cv_control_new (channel, identity, cv_run_end, &self);
  cv_hello_send (channel, "conclave-media");
  int status = cv_run (&self);
  cv_control_free (control);
  return status;
}

int
main (int argc, char *argv[])
{
  int status = cv_start_check (argc, argv, "conclave-media");
  if (status >= 0)
    return status;
  signal (SIGTERM, SIG_IGN); /* the daemon gets it too, and ends its children when their files are finished */
  signal (SIGXFSZ, SIG_IGN); /* a file that may not grow is an error, no end */
  cv_sandbox_prepare ();
  cv_log_init (G_LOG_LEVEL_INFO);
  allow_descriptors ();
  return run ();
}
