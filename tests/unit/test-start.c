/* How a child starts: only as a child, and it ends as it is told to. */
#include "ipc/start.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static int
check (const char *argument)
{
  char *argv[] = { (char *) "child", (char *) argument, NULL };

  return cv_start_check (argument != NULL ? 2 : 1, argv, "child");
}

/* In a process of its own: descriptor 3 may be somebody else's here. */
static void
test_check (void)
{
  int pair[2];

  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed ();
    g_test_trap_assert_stdout ("*child *.*");
    g_test_trap_assert_stderr ("*child is started by conclaved*");
    return;
  }
  close (CV_START_CHANNEL_FD);
  g_assert_cmpint (check (NULL), ==, 64);
  g_assert_cmpint (dup2 (STDERR_FILENO, CV_START_CHANNEL_FD), ==, CV_START_CHANNEL_FD);
  g_assert_cmpint (check (NULL), ==, 64);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET, 0, pair), ==, 0);
  g_assert_cmpint (dup2 (pair[0], CV_START_CHANNEL_FD), ==, CV_START_CHANNEL_FD);
  g_assert_cmpint (check (NULL), ==, -1);
  g_assert_cmpint (check ("--help"), ==, 64);
  g_assert_cmpint (check ("--version"), ==, EXIT_SUCCESS);
}

static gboolean
on_idle (gpointer user_data)
{
  cv_run_end (FALSE, user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
on_failed (gpointer user_data)
{
  cv_run_end (TRUE, user_data);
  cv_run_end (FALSE, user_data);
  return G_SOURCE_REMOVE;
}

static void
test_run (void)
{
  CvRun good = CV_RUN_INIT, bad = CV_RUN_INIT;

  g_idle_add (on_idle, &good);
  g_assert_cmpint (cv_run (&good), ==, EXIT_SUCCESS);
  g_idle_add (on_failed, &bad);
  g_assert_cmpint (cv_run (&bad), ==, EXIT_FAILURE);
  g_assert_null (bad.loop);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/start/check", test_check);
  g_test_add_func ("/start/run", test_run);
  return g_test_run ();
}
