/* The daemon's pool: meetings get processes and ports from it, and give them back. */
#include "process/pool.h"

#include "lib/log.h"
#include "lib/processes.h"
#include "lib/wait.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *const LOOPBACK[] = { "127.0.0.1", NULL };
static const char *const NOT_OURS[] = { "192.0.2.1", NULL };
static const char *const NONE[] = { NULL };

/* Some port that is free by now. */
static guint
find_port (void)
{
  struct sockaddr_in name = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t n = sizeof name;
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (bind (fd, (struct sockaddr *) &name, sizeof name), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &name, &n), ==, 0);
  close (fd);
  return ntohs (name.sin_port);
}

static CvPool *
make (CvClock *clock, const char *const *addresses, guint port, GError **error)
{
  CvPoolOptions options = {
    .path = CV_FAKE_MEDIA, .warm_spares = 1, .ports = { addresses, NONE, port, port }, .clock = clock
  };

  return cv_pool_new (&options, error);
}

/* The only port is free again when the process is gone that had it. */
static void
test_ports (void)
{
  g_autoptr (GError) error = NULL;
  CvClock *clock = cv_clock_new ();
  CvPool *pool = make (clock, LOOPBACK, find_port (), &error);
  CvMedia *media;

  g_assert_no_error (error);
  cv_test_wait_until (cv_pool_count_ready (pool) == 1);
  cv_test_assert_memory (CV_MEDIA_PROCESS_MEMORY_MIB);
  for (guint i = 0; i < 3; i++) {
    media = cv_media_pool_open (CV_MEDIA_POOL (pool), "room", "meeting", &error);
    g_assert_no_error (error);
    cv_test_wait_until (cv_media_is_ready (media));
    g_assert_null (cv_media_pool_open (CV_MEDIA_POOL (pool), "room", "meeting", &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
    g_clear_error (&error);
    cv_media_close (media);
    g_assert_null (cv_media_pool_open (CV_MEDIA_POOL (pool), "room", "meeting", NULL));
    cv_test_wait_gone (media);
    cv_test_wait_until (((GObject *) pool)->ref_count == 1);
  }
  cv_pool_stop (pool);
  cv_pool_stop (pool);
  cv_test_wait_gone (pool);
  cv_test_wait_until (cv_test_count_children () == 0);
  cv_test_wait_gone (clock);
}

static void
test_refused (void)
{
  g_autoptr (GError) error = NULL;
  CvClock *clock = cv_clock_new ();

  g_assert_null (make (clock, NOT_OURS, 0, &error));
  g_assert_nonnull (error);
  cv_test_wait_gone (clock);
  g_assert_cmpuint (cv_test_count_children (), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  g_test_add_func ("/pool/ports", test_ports);
  g_test_add_func ("/pool/refused", test_refused);
  return g_test_run ();
}
