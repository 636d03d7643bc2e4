/* Each case in a child of its own: what a media process needs still works, everything else fails or ends it. */
#define _GNU_SOURCE
#include "sandbox/sandbox.h"

#include "base/sanitized.h"
#include "lib/listener.h"
#include "lib/opus.h"
#include "media/mixer.h"
#include "media/tap.h"
#include "pipeline/template.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* of a child that does not come back by itself */
#define PATIENCE_S 60

/* Returns what waitpid() says of a child that does `work` and then leaves with what it returned. */
static int
in_child (int (*work) (gconstpointer argument), gconstpointer argument)
{
  int status = 0;
  pid_t child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0) {
    alarm (PATIENCE_S);
    _exit (work (argument));
  }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return status;
}

static void
assert_works (int (*work) (gconstpointer argument))
{
  int status = in_child (work, NULL);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static void
enter (void)
{
  g_autoptr (GError) error = NULL;
  if (!cv_sandbox_enter (&error))
    g_error ("%s", error->message);
}

/* ---- What works ---- */

static int
make_socket (struct sockaddr_in *address)
{
  socklen_t n = sizeof *address;
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  *address = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  g_assert_cmpint (bind (fd, (struct sockaddr *) address, sizeof *address), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) address, &n), ==, 0);
  return fd;
}

static int
use_sockets (gconstpointer unused)
{
  struct sockaddr_in from, to;
  int a = make_socket (&from), b = make_socket (&to);
  char text[2][16] = { "one", "two" }, got[2][16] = { "", "" };
  struct iovec out[2], in[2];
  struct mmsghdr sent[2] = { 0 }, received[2] = { 0 };
  enter ();
  for (guint i = 0; i < 2; i++) {
    out[i] = (struct iovec){ text[i], 4 };
    in[i] = (struct iovec){ got[i], sizeof got[i] };
    sent[i].msg_hdr = (struct msghdr){ .msg_iov = &out[i], .msg_iovlen = 1, .msg_name = &to, .msg_namelen = sizeof to };
    received[i].msg_hdr = (struct msghdr){ .msg_iov = &in[i], .msg_iovlen = 1 };
  }
  g_assert_cmpint (sendmmsg (a, sent, 2, 0), ==, 2);
  g_assert_cmpint (recvmmsg (b, received, 2, MSG_WAITFORONE, NULL), ==, 2);
  g_assert_cmpstr (got[1], ==, "two");
  return 0;
}

static gpointer
on_thread (gpointer user_data)
{
  void *block = g_malloc (1 << 20); /* from an arena of its own */
  memset (block, 1, 1 << 20);
  g_free (block);
  return user_data;
}

static gboolean
on_timeout (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

static int
use_threads (gconstpointer unused)
{
  enter ();
  GThread *threads[8];
  for (guint i = 0; i < 8; i++)
    threads[i] = g_thread_new ("worker", on_thread, GUINT_TO_POINTER (i));
  for (guint i = 0; i < 8; i++)
    g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (threads[i])), ==, i);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_timeout_add (10, on_timeout, loop);
  g_main_loop_run (loop);
  g_assert_cmpuint (g_get_num_processors (), >, 0);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_assert_nonnull (now);
  g_printerr ("# a line of the log\n");
  return 0;
}

static int
use_mixer (gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvTemplate) template = cv_template_load ("mix-in", &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) packets = cv_test_opus_packets (1000, 0.25, 750);
  enter ();

  g_autoptr (CvTap) tap = cv_tap_new ("opus", CV_TEST_OPUS_TYPE);
  GstElement *pipeline = gst_pipeline_new (NULL), *mixer = gst_element_factory_make ("cvmixer", NULL);
  GstElement *in = cv_template_make (template, NULL, 0, &error);
  g_assert_no_error (error);
  gst_bin_add_many (GST_BIN (pipeline), mixer, in, cv_tap_get_source (tap), NULL);
  g_assert_true (gst_element_link (cv_tap_get_source (tap), in));
  g_assert_true (gst_element_link_pads (in, "src", mixer, "sink_1"));
  CvTestListener *listener = cv_test_listener_new (pipeline, mixer, "src_2");
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  cv_test_listener_wait (listener, 1);
  double level = 0;
  for (guint i = 0; i < packets->len && ABS (level - -12.04) > 2; i++) { /* a busy machine may need a while */
    gsize n = 0;
    const guint8 *packet = g_bytes_get_data (g_ptr_array_index (packets, i), &n);
    cv_tap_push (tap, packet, n, g_get_monotonic_time ());
    g_usleep (20000);
    level = cv_test_listener_level (listener, 1000, CV_TEST_HALF_SECOND);
  }
  g_assert_cmpfloat_with_epsilon (level, -12.04, 2);
  cv_test_listener_assert_no_error (pipeline);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  cv_test_listener_free (listener);
  gst_object_unref (pipeline);
  return 0;
}

/* abort() still says so: a crash is seen as one. */
static int
crash (gconstpointer unused)
{
  enter ();
  abort ();
}

static void
test_sockets (void)
{
  assert_works (use_sockets);
}

static void
test_threads (void)
{
  assert_works (use_threads);
}

static void
test_mixer (void)
{
  assert_works (use_mixer);
}

static void
test_abort (void)
{
  int status = in_child (crash, NULL);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGABRT);
}

/* ---- What does not; each returns what the call returned, errno says why ---- */

static int spare; /* a socket from before */

static long
open_for_writing (void)
{
  return open ("/dev/null", O_WRONLY);
}

static long
open_to_create (void)
{
  return open (g_get_tmp_dir (), O_RDWR | O_TMPFILE, 0600);
}

static long
open_for_reading (void)
{
  return open ("/etc/passwd", O_RDONLY);
}

static long
make_a_socket (void)
{
  return socket (AF_INET, SOCK_STREAM, 0);
}

static long
make_datagrams (void)
{
  int pair[2];
  return socketpair (AF_UNIX, SOCK_DGRAM, 0, pair);
}

static long
connect_socket (void)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/nowhere" };
  return connect (spare, (struct sockaddr *) &address, sizeof address);
}

static long
bind_socket (void)
{
  struct sockaddr_in address = { .sin_family = AF_INET };
  return bind (spare, (struct sockaddr *) &address, sizeof address);
}

static long
remove_file (void)
{
  return unlink ("/nowhere");
}

static long
look (void)
{
  return access ("/etc/passwd", R_OK);
}

static long
map_code (void)
{
  void *code = mmap (NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return code == MAP_FAILED ? -1 : 0;
}

static long
make_code (void)
{
  void *data = mmap (NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  g_assert_true (data != MAP_FAILED);
  return mprotect (data, 4096, PROT_READ | PROT_EXEC);
}

static long
run_program (void)
{
  char *const arguments[] = { (char *) "true", NULL };
  return execv ("/bin/true", arguments);
}

static long
make_process (void)
{
  pid_t child = (pid_t) syscall (SYS_clone, SIGCHLD, 0, 0, 0, 0);
  if (child == 0)
    _exit (0);
  return child;
}

static long
trace (void)
{
  return ptrace (PTRACE_ATTACH, getppid (), NULL, NULL);
}

static long
signal_another (void)
{
  return kill (getppid (), 0);
}

static long
change_limits (void)
{
  return prctl (PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static long
typed_for_somebody (void)
{
  return syscall (SYS_ioctl, 0, 0x5412 /* TIOCSTI */, "x");
}

static const struct {
  const char *name;
  long (*call) (void);
  gboolean ends;      /* the process, rather than being refused */
  gboolean sanitized; /* refused with sanitizers as well */
} forbidden[] = {
  { "open-for-writing", open_for_writing, FALSE, TRUE },
  { "open-to-create", open_to_create, FALSE, TRUE },
  { "open-for-reading", open_for_reading, FALSE, FALSE },
  { "socket", make_a_socket, FALSE, TRUE },
  { "connect", connect_socket, FALSE, TRUE },
  { "bind", bind_socket, FALSE, TRUE },
  { "datagrams", make_datagrams, TRUE, FALSE },
  { "unlink", remove_file, FALSE, TRUE },
  { "access", look, FALSE, FALSE },
  { "mmap-code", map_code, FALSE, FALSE },
  { "mprotect-code", make_code, FALSE, FALSE },
  { "execve", run_program, TRUE, TRUE },
  { "fork", make_process, TRUE, FALSE },
  { "ptrace", trace, TRUE, FALSE },
  { "kill", signal_another, TRUE, FALSE },
  { "dumpable", change_limits, TRUE, FALSE },
  { "tiocsti", typed_for_somebody, TRUE, FALSE },
};

static int
try_forbidden (gconstpointer argument)
{
  long (*call) (void) = forbidden[GPOINTER_TO_UINT (argument)].call;
  enter ();
  errno = 0;
  return call () == -1 ? errno : 0;
}

static void
test_forbidden (gconstpointer argument)
{
  guint i = GPOINTER_TO_UINT (argument);
  int status = in_child (try_forbidden, argument);
  if (forbidden[i].ends && !CV_SANITIZED) {
    g_assert_true (WIFSIGNALED (status));
    g_assert_cmpint (WTERMSIG (status), ==, SIGSYS);
    return;
  }
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, EACCES);
}

/* ---- A program with a folder: files there, and nothing else that the other has not. ---- */

static const char *folder;

static void
enter_folder (void)
{
  g_autoptr (GError) error = NULL;
  gboolean held = FALSE;
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_assert_cmpint (fchdir (fd), ==, 0);
  if (!cv_sandbox_enter_folder (fd, &held, &error))
    g_error ("%s", error->message);
  close (fd);
  if (held)
    g_assert_cmpint (open ("/etc/passwd", O_RDONLY), ==, -1);
}

static int
use_files (gconstpointer unused)
{
  enter_folder ();
  g_autofree char *text = NULL;
  int fd = open ("a", O_RDWR | O_CREAT | O_EXCL, 0600);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, "x", 1), ==, 1);
  g_assert_cmpint (fsync (fd), ==, 0);
  g_assert_cmpint (mkdir ("inner", 0700), ==, 0);
  g_assert_cmpint (rename ("a", "inner/b"), ==, 0);
  g_assert_true (g_file_get_contents ("inner/b", &text, NULL, NULL));
  g_assert_cmpint (unlink ("inner/b"), ==, 0);
  g_assert_cmpint (rmdir ("inner"), ==, 0);
  return 0;
}

static void
test_folder (void)
{
  g_autofree char *made = g_dir_make_tmp ("conclave-sandbox-XXXXXX", NULL);
  folder = made;
  assert_works (use_files);
  g_assert_cmpint (rmdir (made), ==, 0);
}

/* What files have nothing to do with. */
static int
try_forbidden_in_folder (gconstpointer argument)
{
  long (*call) (void) = forbidden[GPOINTER_TO_UINT (argument)].call;
  enter_folder ();
  errno = 0;
  return call () == -1 ? errno : 0;
}

static void
test_folder_forbids (void)
{
  static const char *const still[] = { "socket", "connect", "bind",     "mmap-code", "mprotect-code", "execve", "fork",
                                       "ptrace", "kill",    "dumpable", "tiocsti",   "datagrams",     NULL };
  g_autofree char *made = g_dir_make_tmp ("conclave-sandbox-XXXXXX", NULL);
  folder = made;
  for (guint i = 0; i < G_N_ELEMENTS (forbidden); i++) {
    if (!g_strv_contains (still, forbidden[i].name) || (CV_SANITIZED && !forbidden[i].sanitized))
      continue;
    int status = in_child (try_forbidden_in_folder, GUINT_TO_POINTER (i));
    if (forbidden[i].ends && !CV_SANITIZED)
      g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGSYS);
    else
      g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == EACCES);
  }
  g_assert_cmpint (rmdir (made), ==, 0);
}

/* ---- With a network ---- */

static void
enter_network (void)
{
  g_autoptr (GError) error = NULL;
  if (!cv_sandbox_enter_network (&error))
    g_error ("%s", error->message);
}

static int
use_network (gconstpointer unused)
{
  struct sockaddr_in server, client;
  enter_network ();
  int datagrams = make_socket (&client);
  socklen_t n = sizeof server;
  int listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), other = socket (AF_INET6, SOCK_STREAM, 0);
  g_assert_cmpint (other, >=, 0);
  server = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  g_assert_cmpint (bind (listener, (struct sockaddr *) &server, sizeof server), ==, 0);
  g_assert_cmpint (listen (listener, 1), ==, 0);
  g_assert_cmpint (getsockname (listener, (struct sockaddr *) &server, &n), ==, 0);
  int caller = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (connect (caller, (struct sockaddr *) &server, sizeof server), ==, 0);
  g_assert_cmpint (accept4 (listener, NULL, NULL, SOCK_CLOEXEC), >=, 0);
  g_assert_cmpint (connect (datagrams, (struct sockaddr *) &server, sizeof server), ==, 0);
  /* no other family */
  if (!CV_SANITIZED) {
    g_assert_cmpint (socket (AF_UNIX, SOCK_STREAM, 0), ==, -1);
    g_assert_cmpint (errno, ==, EACCES);
    g_assert_cmpint (socket (AF_NETLINK, SOCK_RAW, 0), ==, -1);
  }
  return 0;
}

static void
test_network (void)
{
  assert_works (use_network);
}

static int
try_forbidden_in_network (gconstpointer argument)
{
  long (*call) (void) = forbidden[GPOINTER_TO_UINT (argument)].call;
  enter_network ();
  errno = 0;
  return call () == -1 ? errno : 0;
}

/* All but the sockets themselves. */
static void
test_network_forbids (void)
{
  static const char *const may[] = { "socket", "connect", "bind", NULL };
  for (guint i = 0; i < G_N_ELEMENTS (forbidden); i++) {
    if (g_strv_contains (may, forbidden[i].name) || (CV_SANITIZED && !forbidden[i].sanitized))
      continue;
    int status = in_child (try_forbidden_in_network, GUINT_TO_POINTER (i));
    if (forbidden[i].ends && !CV_SANITIZED)
      g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGSYS);
    else
      g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == EACCES);
  }
}

/* Threads from before are in it as well. */
static gpointer
on_old_thread (gpointer user_data)
{
  GAsyncQueue *queue = user_data;
  g_async_queue_pop (queue);
  return make_a_socket () == -1 && errno == EACCES ? queue : NULL;
}

static int
use_old_thread (gconstpointer unused)
{
  g_autoptr (GAsyncQueue) queue = g_async_queue_new ();
  GThread *thread = g_thread_new ("old", on_old_thread, queue);
  enter ();
  g_async_queue_push (queue, queue);
  g_assert_true (g_thread_join (thread) == queue);
  g_assert_cmpint (prctl (PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), ==, 1);
  return 0;
}

static int
read_privileges (gconstpointer unused)
{
  enter ();
  g_assert_cmpint (prctl (PR_GET_DUMPABLE, 0, 0, 0, 0), ==, CV_SANITIZED ? 1 : 0);
  return 0;
}

static void
test_old_threads (void)
{
  assert_works (use_old_thread);
}

static void
test_dumpable (void)
{
  assert_works (read_privileges);
}

int
main (int argc, char *argv[])
{
  cv_sandbox_prepare ();
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  cv_mixer_register ();
  spare = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  g_test_add_func ("/sandbox/folder", test_folder);
  g_test_add_func ("/sandbox/folder-forbids", test_folder_forbids);
  g_test_add_func ("/sandbox/network", test_network);
  g_test_add_func ("/sandbox/network-forbids", test_network_forbids);
  g_test_add_func ("/sandbox/sockets", test_sockets);
  g_test_add_func ("/sandbox/threads", test_threads);
  g_test_add_func ("/sandbox/mixer", test_mixer);
  g_test_add_func ("/sandbox/abort", test_abort);
  g_test_add_func ("/sandbox/old-threads", test_old_threads);
  g_test_add_func ("/sandbox/dumpable", test_dumpable);
  for (guint i = 0; i < G_N_ELEMENTS (forbidden); i++) {
    if (CV_SANITIZED && !forbidden[i].sanitized)
      continue;
    g_autofree char *path = g_strdup_printf ("/sandbox/forbidden/%s", forbidden[i].name);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_forbidden);
  }
  return g_test_run ();
}
