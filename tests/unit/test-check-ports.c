/* Ports that are free, ours, somebody else's, or no port of this machine. */
#include "doctor/check-ports.h"

#include "lib/ward.h"

#include <errno.h>
#include <gio/gio.h>
#include <stdio.h>

static void
assert_listen (int error, gboolean running, CvFindingState state, const char *pattern)
{
  g_autoptr (CvFindings) findings = cv_findings_new ();

  cv_ports_judge_listen ("127.0.0.1:8443", error, running, findings);
  cv_test_ward_assert (findings, 0, state, pattern);
}

static void
test_listen (void)
{
  assert_listen (0, FALSE, CV_FINDING_OK, "127.0.0.1:8443: free");
  assert_listen (EADDRINUSE, TRUE, CV_FINDING_OK, "*the server listens");
  assert_listen (EADDRINUSE, FALSE, CV_FINDING_FAIL, "*another program*");
  assert_listen (0, TRUE, CV_FINDING_WARN, "*does not listen there*");
  assert_listen (EACCES, FALSE, CV_FINDING_WARN, "*only root*");
  assert_listen (EADDRNOTAVAIL, FALSE, CV_FINDING_FAIL, "*assign requested address");
}

static void
assert_range (guint taken, int error, gboolean running, CvFindingState state, const char *pattern)
{
  const CvPortTally tally = { .n = 10, .taken = taken, .error = error };
  g_autoptr (CvFindings) findings = cv_findings_new ();

  cv_ports_judge_range ("media", "::", &tally, running, findings);
  cv_test_ward_assert (findings, 0, state, pattern);
}

static void
test_range (void)
{
  assert_range (0, 0, FALSE, CV_FINDING_OK, "media at ::: 10 of 10 UDP ports are free");
  assert_range (9, 0, TRUE, CV_FINDING_OK, "*1 of 10*");
  assert_range (1, 0, FALSE, CV_FINDING_WARN, "*1 of 10*other programs'");
  assert_range (10, 0, TRUE, CV_FINDING_WARN, "*none of 10*");
  assert_range (10, 0, FALSE, CV_FINDING_FAIL, "*none of 10*");
  assert_range (0, EADDRNOTAVAIL, FALSE, CV_FINDING_FAIL, "*assign requested address");
}

/* A socket of that type on a port of its own. */
static guint
take_port (GSocketType type, GSocket **socket)
{
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) address = NULL;

  *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, type, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  g_assert_true (g_socket_bind (*socket, any, FALSE, NULL));
  if (type == G_SOCKET_TYPE_STREAM)
    g_assert_true (g_socket_listen (*socket, NULL));
  address = g_socket_get_local_address (*socket, NULL);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

static void
test_real (void)
{
  g_autoptr (GSocket) tcp = NULL, udp = NULL;
  guint listen = take_port (G_SOCKET_TYPE_STREAM, &tcp), media = take_port (G_SOCKET_TYPE_DATAGRAM, &udp);
  g_autofree char *text =
    g_strdup_printf ("[server]\nlisten=127.0.0.1:%u\n[media]\nports=%u-%u\n", listen, media, media);
  g_autoptr (CvWard) ward = cv_test_ward_new (text);
  g_autoptr (JsonObject) status = cv_test_ward_parse ("{}");

  cv_test_ward_check (ward, cv_check_ports);
  g_assert_cmpuint (cv_findings_get_length (ward->findings), ==, 2);
  cv_test_ward_assert (ward->findings, 0, CV_FINDING_FAIL, "127.0.0.1:*another program*");
  cv_test_ward_assert (ward->findings, 1, CV_FINDING_FAIL, "media at 127.0.0.1: none of 1 *");
  ward->patient.status = status;
  cv_test_ward_check (ward, cv_check_ports);
  cv_test_ward_assert (ward->findings, 0, CV_FINDING_OK, "127.0.0.1:*the server listens");
  cv_test_ward_assert (ward->findings, 1, CV_FINDING_WARN, "media at 127.0.0.1: none of 1 *");
}

/* With a server all ports but those of other programs are free, of both families. */
static void
test_running (void)
{
  g_autoptr (GSocket) four = NULL, six = g_socket_new (G_SOCKET_FAMILY_IPV6, G_SOCKET_TYPE_DATAGRAM, 0, NULL);
  guint port = take_port (G_SOCKET_TYPE_DATAGRAM, &four), count = 0;
  g_autofree char *text = g_strdup_printf ("[media]\nports=%u-%u\n", port - 4, port + 4);
  g_autoptr (CvWard) ward = cv_test_ward_new (text);
  g_autoptr (JsonObject) status = cv_test_ward_parse ("{}");
  int taken = -1;

  ward->patient.status = status;
  cv_test_ward_check (ward, cv_check_ports);
  g_assert_cmpint (sscanf (cv_findings_get (ward->findings, 1)->text, "media at 127.0.0.1: %d of %u", &taken, &count),
                   ==, 2);
  g_assert_cmpuint (count, ==, 9);
  g_assert_cmpint (taken, <=, 8);
  if (six != NULL) {
    g_autoptr (GSocketAddress) loopback = g_inet_socket_address_new_from_string ("::1", 0), here = NULL;
    g_autofree char *other = NULL;
    g_autoptr (CvWard) second = NULL;
    guint own;

    if (!g_socket_bind (six, loopback, FALSE, NULL))
      return;
    here = g_socket_get_local_address (six, NULL);
    own = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (here));
    other = g_strdup_printf ("[media]\nports=%u-%u\n", own, own);
    second = cv_test_ward_new (other);
    second->patient.status = status;
    cv_test_ward_check (second, cv_check_ports);
    cv_test_ward_assert (second->findings, 1, CV_FINDING_WARN, "media at 127.0.0.1: none of 1 *");
  }
}

static void
test_others (void)
{
  g_autoptr (GSocket) udp = NULL;
  guint port = take_port (G_SOCKET_TYPE_DATAGRAM, &udp);
  g_autofree char *text =
    g_strdup_printf ("[server]\nlisten=unix:/run/x\ntls=false\n[media]\nlisten=192.0.2.1\nports=40000-40001\n"
                     "[sip]\nlisten=udp:127.0.0.1:5060\ntrunk-addresses=192.0.2.1\nnumbers=123\nrtp-address=127.0.0."
                     "1\nrtp-ports=%u-%u\n",
                     port & ~1u, port | 1u);
  g_autoptr (CvWard) ward = cv_test_ward_new (text);
  g_autoptr (CvWard) any = cv_test_ward_new ("[server]\nlisten=127.0.0.1:0\n[media]\nports=0\n");

  cv_test_ward_check (ward, cv_check_ports);
  g_assert_cmpuint (cv_findings_get_length (ward->findings), ==, 2);
  cv_test_ward_assert (ward->findings, 0, CV_FINDING_FAIL, "media at 192.0.2.1: *");
  g_assert_true (g_str_has_prefix (cv_findings_get (ward->findings, 1)->text, "calls at 127.0.0.1: "));
  g_assert_cmpint (cv_findings_get (ward->findings, 1)->state, !=, CV_FINDING_OK);
  cv_test_ward_check (any, cv_check_ports);
  g_assert_cmpuint (cv_findings_get_length (any->findings), ==, 1);
  cv_test_ward_assert (any->findings, 0, CV_FINDING_OK, "media: any free UDP ports");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check-ports/listen", test_listen);
  g_test_add_func ("/check-ports/range", test_range);
  g_test_add_func ("/check-ports/real", test_real);
  g_test_add_func ("/check-ports/running", test_running);
  g_test_add_func ("/check-ports/others", test_others);
  return g_test_run ();
}
