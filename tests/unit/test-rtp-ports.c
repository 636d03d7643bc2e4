/* Pairs of ports: an even one and the next, none twice, until there are none. */
#include "sip/rtp-ports.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#define HOST "127.0.12.34"
#define PAIRS 8

static guint16
get_port (int fd)
{
  struct sockaddr_in address;
  socklen_t n = sizeof address;
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &address, &n), ==, 0);
  return ntohs (address.sin_port);
}

static void
test_take (void)
{
  CvRtpPorts ports;
  int fds[PAIRS][2], rtp, rtcp;
  gboolean seen[2 * PAIRS] = { FALSE };
  cv_rtp_ports_init (&ports, HOST, 40001, 40001 + 2 * PAIRS); /* begins with the next even one */
  for (guint i = 0; i < PAIRS; i++) {
    guint16 port = cv_rtp_ports_take (&ports, &fds[i][0], &fds[i][1]);
    g_assert_cmpuint (port, >=, 40002);
    g_assert_cmpuint (port % 2, ==, 0);
    g_assert_cmpuint (get_port (fds[i][0]), ==, port);
    g_assert_cmpuint (get_port (fds[i][1]), ==, port + 1);
    g_assert_false (seen[port - 40002]);
    seen[port - 40002] = TRUE;
  }
  g_assert_cmpuint (cv_rtp_ports_take (&ports, &rtp, &rtcp), ==, 0);
  close (fds[3][0]); /* half of a pair is none */
  g_assert_cmpuint (cv_rtp_ports_take (&ports, &rtp, &rtcp), ==, 0);
  close (fds[3][1]);
  g_assert_cmpuint (cv_rtp_ports_take (&ports, &fds[3][0], &fds[3][1]), !=, 0);
  for (guint i = 0; i < PAIRS; i++) {
    close (fds[i][0]);
    close (fds[i][1]);
  }
}

static void
test_none (void)
{
  CvRtpPorts ports;
  int rtp, rtcp;
  cv_rtp_ports_init (&ports, HOST, 40001, 40002);
  g_assert_cmpuint (cv_rtp_ports_take (&ports, &rtp, &rtcp), ==, 0);
  cv_rtp_ports_init (&ports, "no address", 40000, 40009);
  g_assert_cmpuint (cv_rtp_ports_take (&ports, &rtp, &rtcp), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtp-ports/take", test_take);
  g_test_add_func ("/rtp-ports/none", test_none);
  return g_test_run ();
}
