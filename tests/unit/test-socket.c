/* Datagrams arrive whole and in order, whatever way they were sent: alone, as segments, to two families. */
#include "media/socket.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
  CvSocket *socket;
  GPtrArray *datagrams; /* of GBytes */
  CvAddress from;
  guint batches;
  gint64 first_at, last_at;
} Fixture;

static void
on_datagram (guint8 *data, gsize n, const CvAddress *from, gint64 at, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_assert_cmpint (at, >, 0);
  g_assert_cmpint (at, <=, g_get_monotonic_time ());
  fixture->from = *from;
  if (fixture->first_at == 0)
    fixture->first_at = at;
  fixture->last_at = at;
  g_ptr_array_add (fixture->datagrams, g_bytes_new (data, n));
}

static void
on_batch (gint64 now, gpointer user_data)
{
  Fixture *fixture = user_data;
  fixture->batches++;
}

static const CvSocketFuncs funcs = { on_datagram, on_batch };

static int
bind_any (const char *host, CvAddress *address)
{
  g_assert_true (cv_address_parse (address, host, 0));
  int fd = socket (address->any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (bind (fd, &address->any, address->n), ==, 0);
  socklen_t n = sizeof address->v6;
  g_assert_cmpint (getsockname (fd, &address->any, &n), ==, 0);
  return fd;
}

static void
wait_for (Fixture *fixture, guint n)
{
  gint64 end = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;
  while (fixture->datagrams->len < n && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (fixture->datagrams->len, ==, n);
}

static void
set_up (Fixture *fixture, const int *fds, guint n)
{
  fixture->socket = cv_socket_new (fds, n, &funcs, fixture);
  fixture->datagrams = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
}

static void
tear_down (Fixture *fixture)
{
  cv_socket_free (fixture->socket);
  g_ptr_array_unref (fixture->datagrams);
}

static void
queue (CvSocket *socket, const CvAddress *to, guint8 mark, gsize n)
{
  memset (cv_socket_reserve (socket), mark, n);
  cv_socket_commit (socket, to, n);
}

static void
test_family (const char *host)
{
  Fixture a = { 0 }, b = { 0 };
  CvAddress from, to;
  int fd = bind_any (host, &from), other = bind_any (host, &to);
  set_up (&a, &fd, 1);
  set_up (&b, &other, 1);
  /* Segments of one length, a shorter one that ends them, longer ones, one alone. */
  const gsize sizes[] = { 1000, 1000, 1000, 300, 1200, 1200, 50, 50, 50, 1500 };
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    queue (a.socket, &to, (guint8) i, sizes[i]);
  cv_socket_flush (a.socket);
  wait_for (&b, G_N_ELEMENTS (sizes));
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    gsize n = 0;
    const guint8 *data = g_bytes_get_data (g_ptr_array_index (b.datagrams, i), &n);
    g_assert_cmpuint (n, ==, sizes[i]);
    g_assert_cmpuint (data[0], ==, i);
    g_assert_cmpuint (data[n - 1], ==, i);
  }
  g_assert_true (cv_address_equal (&b.from, &from));
  g_assert_cmpuint (b.batches, >=, 1);
  g_assert_cmpuint (cv_socket_get_counts (a.socket)->sent, ==, G_N_ELEMENTS (sizes));
  g_assert_cmpuint (cv_socket_get_counts (a.socket)->dropped, ==, 0);
  g_assert_cmpuint (cv_socket_get_counts (b.socket)->received, ==, G_N_ELEMENTS (sizes));
  tear_down (&a);
  tear_down (&b);
}

static void
test_ipv4 (void)
{
  test_family ("127.0.0.1");
}

static void
test_ipv6 (void)
{
  test_family ("::1");
}

/* More than the buffer holds flushes by itself; to many addresses in one go. */
static void
test_many (void)
{
  Fixture a = { 0 }, b[3] = { 0 };
  CvAddress from[2], to[3];
  int fds[2] = { bind_any ("127.0.0.1", &from[0]), bind_any ("::1", &from[1]) };
  set_up (&a, fds, 2);
  for (guint i = 0; i < 3; i++) {
    int fd = bind_any (i < 2 ? "127.0.0.1" : "::1", &to[i]);
    set_up (&b[i], &fd, 1);
  }
  for (guint i = 0; i < 900; i++)
    queue (a.socket, &to[i % 3], (guint8) i, 600 + i % 2);
  cv_socket_flush (a.socket);
  for (guint i = 0; i < 3; i++) {
    wait_for (&b[i], 300);
    tear_down (&b[i]);
  }
  tear_down (&a);
}

/* An address that nothing can be sent to costs the others nothing. */
static void
test_impossible_address (void)
{
  Fixture a = { 0 }, b = { 0 };
  CvAddress from, to;
  int fd = bind_any ("127.0.0.1", &from), other = bind_any ("127.0.0.1", &to);
  set_up (&a, &fd, 1);
  set_up (&b, &other, 1);
  CvAddress nowhere = to;
  nowhere.v4.sin_port = 0;
  for (guint i = 0; i < 4; i++)
    queue (a.socket, &nowhere, 1, 1000);
  cv_socket_flush (a.socket);
  g_assert_cmpuint (cv_socket_get_counts (a.socket)->dropped, ==, 4);
  guint64 calls = cv_socket_get_counts (a.socket)->calls;
  for (guint i = 0; i < 300; i++) /* one by one they would not fit one call */
    queue (a.socket, &to, 2, 100);
  cv_socket_flush (a.socket);
  g_assert_cmpuint (cv_socket_get_counts (a.socket)->calls, ==, calls + 1);
  wait_for (&b, 300);
  tear_down (&a);
  tear_down (&b);
}

/* Datagrams that never end: who else waits has their turn. */
static void
on_flood (guint8 *data, gsize n, const CvAddress *from, gint64 at, gpointer user_data)
{
  Fixture *fixture = user_data;
  queue (fixture->socket, from, 1, n);
}

static gboolean
on_turn (gpointer user_data)
{
  *(guint *) user_data += 1;
  return G_SOURCE_CONTINUE;
}

static void
test_flood (void)
{
  static const CvSocketFuncs flood_funcs = { on_flood, on_batch };
  Fixture a = { 0 };
  CvAddress from;
  guint turns = 0;
  int fd = bind_any ("127.0.0.1", &from);
  a.socket = cv_socket_new (&fd, 1, &flood_funcs, &a);
  guint turn = g_timeout_add (1, on_turn, &turns);
  for (guint i = 0; i < 200; i++)
    queue (a.socket, &from, 1, 100);
  cv_socket_flush (a.socket);
  gint64 end = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;
  while (turns < 10 && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (turns, >=, 10);
  g_assert_cmpuint (a.batches, >=, 10);
  g_source_remove (turn);
  cv_socket_free (a.socket);
}

/* What waited for us to read it came when it came. */
static void
test_arrival (void)
{
  Fixture a = { 0 }, b = { 0 };
  CvAddress from, to;
  int fd = bind_any ("127.0.0.1", &from), other = bind_any ("127.0.0.1", &to);
  set_up (&a, &fd, 1);
  set_up (&b, &other, 1);
  g_usleep (50 * 1000); /* the kernel begins to note times a little later */
  queue (a.socket, &to, 1, 100);
  cv_socket_flush (a.socket);
  g_usleep (30 * 1000);
  queue (a.socket, &to, 2, 100);
  cv_socket_flush (a.socket);
  g_usleep (30 * 1000);
  gint64 now = g_get_monotonic_time ();
  wait_for (&b, 2);
  g_assert_cmpint (b.last_at - b.first_at, >=, 29 * 1000);
  g_assert_cmpint (now - b.last_at, >=, 29 * 1000);
  tear_down (&a);
  tear_down (&b);
}

/* A machine with several addresses: who asked at one of them gets the answer from that one. */
static void
answer_from (const char *everywhere, const char *asked, const char *asker)
{
  Fixture a = { 0 }, b = { 0 };
  CvAddress all, from, to;
  int fd = bind_any (everywhere, &all), other = bind_any (asker, &from);
  set_up (&a, &fd, 1);
  set_up (&b, &other, 1);
  guint16 port = ntohs (all.any.sa_family == AF_INET6 ? all.v6.sin6_port : all.v4.sin_port);
  g_assert_true (cv_address_parse (&to, asked, port));
  queue (b.socket, &to, 1, 100);
  cv_socket_flush (b.socket);
  wait_for (&a, 1);
  for (guint i = 0; i < 3; i++) /* segments, and one that is none */
    queue (a.socket, &a.from, 2, i < 2 ? 100 : 200);
  cv_socket_flush (a.socket);
  wait_for (&b, 3);
  g_assert_true (cv_address_equal (&b.from, &to));
  tear_down (&a);
  tear_down (&b);
}

static void
test_everywhere (void)
{
  answer_from ("0.0.0.0", "127.0.0.7", "127.0.0.1");
  answer_from ("::", "::1", "::1");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/socket/ipv4", test_ipv4);
  g_test_add_func ("/socket/ipv6", test_ipv6);
  g_test_add_func ("/socket/many", test_many);
  g_test_add_func ("/socket/impossible-address", test_impossible_address);
  g_test_add_func ("/socket/flood", test_flood);
  g_test_add_func ("/socket/arrival", test_arrival);
  g_test_add_func ("/socket/everywhere", test_everywhere);
  return g_test_run ();
}
