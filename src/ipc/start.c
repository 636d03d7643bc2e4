/* See start.h. Owns nothing but the loop of a CvRun. Main thread. */
#include "ipc/start.h"

#include "cv-build.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define USAGE 64 /* EX_USAGE */

static gboolean
is_socket (int fd)
{
  struct stat status;

  return fstat (fd, &status) == 0 && S_ISSOCK (status.st_mode);
}

int
cv_start_check (int argc, char *argv[], const char *program)
{
  signal (SIGPIPE, SIG_IGN);
  if (argc == 2 && strcmp (argv[1], "--version") == 0) {
    printf ("%s %s\n", program, CV_VERSION);
    return EXIT_SUCCESS;
  }
  if (argc != 1 || !is_socket (CV_START_CHANNEL_FD)) {
    fprintf (stderr, "%s is started by conclaved; see conclaved(8)\n", program);
    return USAGE;
  }
  return -1;
}

void
cv_run_end (gboolean failed, gpointer user_data)
{
  CvRun *self = user_data;

  self->failed |= failed;
  g_main_loop_quit (self->loop);
}

int
cv_run (CvRun *self)
{
  g_main_loop_run (self->loop);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  return self->failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
