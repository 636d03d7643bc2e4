/* UDP ports for media: ranges, families, coming and going, what is announced. */
#include "process/ports.h"

#include "lib/log.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *const V4[] = { "127.0.0.1", NULL };
static const char *const BOTH[] = { "127.0.0.1", "::1", NULL };
static const char *const NONE[] = { NULL };

static CvPorts *
make (const char *const *addresses, const char *const *public_addresses, guint min, guint max)
{
  g_autoptr (GError) error = NULL;
  CvPortsOptions options = { addresses, public_addresses, min, max };
  CvPorts *ports = cv_ports_new (&options, &error);

  g_assert_no_error (error);
  return ports;
}

static void
take (CvPorts *ports, CvSockets *sockets)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (cv_ports_take (ports, sockets, &error));
  g_assert_no_error (error);
}

static gboolean
has_ipv6 (void)
{
  int fd = socket (AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in6 name = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
  gboolean has = fd >= 0 && bind (fd, (struct sockaddr *) &name, sizeof name) == 0;

  if (fd >= 0)
    close (fd);
  return has;
}

/* A range of `n` ports that are free by now. */
static guint
find_range (guint n)
{
  g_autoptr (CvPorts) any = make (V4, NONE, 0, 0);
  CvSockets sockets;
  guint port;

  do {
    take (any, &sockets);
    port = sockets.port;
    cv_ports_give_back (any, &sockets);
  } while (port + n > G_MAXUINT16);
  return port;
}

static void
assert_candidates (CvPorts *ports, const CvSockets *sockets, const char *expected)
{
  g_autoptr (GPtrArray) candidates = cv_ports_list_candidates (ports, sockets);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < candidates->len; i++) {
    const CvCandidate *candidate = candidates->pdata[i];

    g_assert_cmpuint (candidate->port, ==, sockets->port);
    g_string_append_printf (text, "%s ", candidate->address);
  }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_any (void)
{
  g_autoptr (CvPorts) ports = make (V4, NONE, 0, 0);
  CvSockets first, second;

  take (ports, &first);
  take (ports, &second);
  g_assert_cmpuint (first.n, ==, 1);
  g_assert_cmpuint (first.port, >, 0);
  g_assert_cmpuint (first.port, !=, second.port);
  g_assert_cmpint (fcntl (first.fds[0], F_GETFD), ==, FD_CLOEXEC);
  g_assert_true (fcntl (first.fds[0], F_GETFL) & O_NONBLOCK);
  assert_candidates (ports, &first, "127.0.0.1 ");
  cv_ports_give_back (ports, &first);
  g_assert_cmpuint (first.n, ==, 0);
  cv_ports_give_back (ports, &first);
  cv_ports_give_back (ports, &second);
}

static void
test_both (void)
{
  CvSockets sockets;

  if (!has_ipv6 ()) {
    g_test_skip ("this machine has no IPv6");
    return;
  }
  g_autoptr (CvPorts) ports = make (BOTH, NONE, 0, 0);
  take (ports, &sockets);
  g_assert_cmpuint (sockets.n, ==, 2);
  assert_candidates (ports, &sockets, "127.0.0.1 ::1 ");
  cv_ports_give_back (ports, &sockets);
}

/* Each port once, the one that was free for the longest time first; when all are in use, it says so. */
static void
test_range (void)
{
  guint min = find_range (3);
  g_autoptr (CvPorts) ports = make (V4, NONE, min, min + 2);
  CvSockets sockets[3], more;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 3; i++) {
    take (ports, &sockets[i]);
    g_assert_cmpuint (sockets[i].port, ==, min + i);
  }
  g_assert_false (cv_ports_take (ports, &more, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_assert_nonnull (strstr (error->message, "no media port of"));
  cv_ports_give_back (ports, &sockets[0]);
  cv_ports_give_back (ports, &sockets[1]);
  take (ports, &sockets[0]);
  g_assert_cmpuint (sockets[0].port, ==, min);
  cv_ports_give_back (ports, &sockets[0]);
  take (ports, &sockets[1]);
  g_assert_cmpuint (sockets[1].port, ==, min + 1);
  cv_ports_give_back (ports, &sockets[1]);
  cv_ports_give_back (ports, &sockets[2]);
}

/* Somebody else's port is passed over. */
static void
test_in_use (void)
{
  guint min = find_range (2);
  g_autoptr (CvPorts) ports = make (V4, NONE, min, min + 1);
  struct sockaddr_in name = { .sin_family = AF_INET,
                              .sin_addr.s_addr = htonl (INADDR_LOOPBACK),
                              .sin_port = htons ((guint16) min) };
  int other = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  CvSockets sockets;

  g_assert_cmpint (bind (other, (struct sockaddr *) &name, sizeof name), ==, 0);
  take (ports, &sockets);
  g_assert_cmpuint (sockets.port, ==, min + 1);
  cv_ports_give_back (ports, &sockets);
  close (other);
}

static void
test_public (void)
{
  const char *const addresses[] = { "192.0.2.1", "2001:db8::1", "192.0.2.2", NULL };
  g_autoptr (CvPorts) ports = make (V4, addresses, 0, 0);
  CvSockets sockets;

  take (ports, &sockets);
  assert_candidates (ports, &sockets, "192.0.2.1 192.0.2.2 "); /* of the families that are bound */
  cv_ports_give_back (ports, &sockets);
}

/* All of the machine's addresses, but none that only the machine itself reaches; on one without a network just these. */
static void
test_interfaces (void)
{
  const char *const addresses[] = { "0.0.0.0", "::", NULL };
  g_autoptr (CvPorts) ports = make (addresses, NONE, 0, 0);
  g_autoptr (GPtrArray) candidates = NULL;
  CvSockets sockets;
  guint loopbacks = 0;

  take (ports, &sockets);
  candidates = cv_ports_list_candidates (ports, &sockets);
  g_assert_cmpuint (candidates->len, >, 0);
  for (guint i = 0; i < candidates->len; i++) {
    g_autoptr (GInetAddress) address = g_inet_address_new_from_string (((CvCandidate *) candidates->pdata[i])->address);

    g_assert_false (g_inet_address_get_is_link_local (address) || g_inet_address_get_is_any (address));
    loopbacks += g_inet_address_get_is_loopback (address);
  }
  g_assert_true (loopbacks == 0 || loopbacks == candidates->len);
  cv_ports_give_back (ports, &sockets);
}

static void
assert_refused (const char *const *addresses)
{
  g_autoptr (GError) error = NULL;
  CvPortsOptions options = { addresses, NONE, 0, 0 };

  g_assert_null (cv_ports_new (&options, &error));
  g_assert_nonnull (error);
  g_assert_true (g_str_has_prefix (error->message, "media"));
}

static void
test_refused (void)
{
  const char *const not_ours[] = { "192.0.2.1", NULL }, *const twice[] = { "127.0.0.1", "127.0.0.2", NULL },
                    *const name[] = { "localhost", NULL };

  assert_refused (not_ours);
  assert_refused (twice);
  assert_refused (name);
  assert_refused (NONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  g_test_add_func ("/ports/any", test_any);
  g_test_add_func ("/ports/both", test_both);
  g_test_add_func ("/ports/range", test_range);
  g_test_add_func ("/ports/in-use", test_in_use);
  g_test_add_func ("/ports/public", test_public);
  g_test_add_func ("/ports/interfaces", test_interfaces);
  g_test_add_func ("/ports/refused", test_refused);
  return g_test_run ();
}
