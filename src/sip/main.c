/* conclave-sip: all calls by phone. Started by conclaved with a socket as descriptor 3; everything comes over it. */
#include "ipc/hello.h"
#include "ipc/start.h"
#include "sandbox/sandbox.h"
#include "sip/sip-control.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>

#define CV_LOG_TOPIC "sip"
#include "base/log.h"

static int
run (void)
{
  CvRun self = CV_RUN_INIT;
  g_autoptr (CvClock) clock = cv_clock_new ();
  g_autoptr (CvChannel) channel = cv_channel_new (CV_START_CHANNEL_FD, clock);
  CvSipControl *control = cv_sip_control_new (channel, clock, TRUE, cv_run_end, &self);
  cv_hello_send (channel, "conclave-sip");
  int status = cv_run (&self);
  cv_sip_control_free (control);
  return status;
}

int
main (int argc, char *argv[])
{
  int status = cv_start_check (argc, argv, "conclave-sip");
  if (status >= 0)
    return status;
  umask (077);
  signal (SIGTERM, SIG_IGN); /* the daemon gets it too, and says `close` */
  cv_sandbox_prepare ();
  cv_log_init (G_LOG_LEVEL_INFO);
  return run ();
}
