/* Are the ports ours or free? Each is bound for a moment; where a server runs, which may want one just then, the kernel is asked who
 * has them. */
#include "doctor/check-ports.h"

#include "doctor/patient.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define ID "ports"

void
cv_ports_judge_listen (const char *listen, int error, gboolean running, CvFindings *findings)
{
  if (error == EADDRINUSE && running)
    cv_findings_add (findings, ID, CV_FINDING_OK, NULL, "%s: the server listens", listen);
  else if (error == EADDRINUSE)
    cv_findings_add (findings, ID, CV_FINDING_FAIL,
                     "sudo ss -ltnp says which; stop it, or set another listen in [server]",
                     "%s: another program listens there", listen);
  else if (error == EACCES)
    cv_findings_add (findings, ID, CV_FINDING_WARN,
                     "Let a proxy listen there, or see “Install” in docs/operator.md for ports below 1024",
                     "%s: only root may listen there", listen);
  else if (error != 0)
    cv_findings_add (findings, ID, CV_FINDING_FAIL, "Set an address of this machine as listen in [server]", "%s: %s",
                     listen, g_strerror (error));
  else if (running)
    cv_findings_add (findings, ID, CV_FINDING_WARN, "Start it anew: sudo systemctl restart conclave",
                     "%s: the server that runs does not listen there; it was started with something else", listen);
  else
    cv_findings_add (findings, ID, CV_FINDING_OK, NULL, "%s: free", listen);
}

void
cv_ports_judge_range (const char *what, const char *address, const CvPortTally *tally, gboolean running,
                      CvFindings *findings)
{
  if (tally->error != 0)
    cv_findings_add (findings, ID, CV_FINDING_FAIL, "Name addresses of this machine in the configuration",
                     "%s at %s: %s", what, address, g_strerror (tally->error));
  else if (tally->taken == tally->n)
    cv_findings_add (findings, ID, running ? CV_FINDING_WARN : CV_FINDING_FAIL,
                     "Set another range; sudo ss -lunp says who has them", "%s at %s: none of %u UDP ports is free",
                     what, address, tally->n);
  else if (tally->taken > 0 && !running)
    cv_findings_add (findings, ID, CV_FINDING_WARN, "sudo ss -lunp says who has them; set another range",
                     "%s at %s: %u of %u UDP ports are other programs'", what, address, tally->taken, tally->n);
  else
    cv_findings_add (findings, ID, CV_FINDING_OK, NULL, "%s at %s: %u of %u UDP ports are free", what, address,
                     tally->n - tally->taken, tally->n);
}

/* 0, or what bind() says. */
static int
try_port (GSocketAddress *address, int type)
{
  struct sockaddr_storage native;
  const int one = 1;
  gssize n = g_socket_address_get_native_size (address);
  int fd = socket (g_socket_address_get_family (address), type | SOCK_CLOEXEC, 0);
  int error;

  if (fd < 0)
    return errno;
  /* connections that have ended are in nobody's way */
  if (type == SOCK_STREAM)
    setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (g_socket_address_get_family (address) == G_SOCKET_FAMILY_IPV6)
    setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
  error =
    g_socket_address_to_native (address, &native, sizeof native, NULL) && bind (fd, (struct sockaddr *) &native, n) == 0
      ? 0
      : errno;
  /* two may be bound for TCP, but only one can listen */
  if (error == 0 && type == SOCK_STREAM && listen (fd, 1) != 0)
    error = errno;
  close (fd);
  return error;
}

static CvPortTally
try_range (const char *host, guint min, guint max)
{
  CvPortTally tally = { .n = max - min + 1 };

  for (guint port = min; port <= max && tally.error == 0; port++) {
    g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (host, port);
    int error = try_port (address, SOCK_DGRAM);

    if (error == EADDRINUSE)
      tally.taken++;
    else
      tally.error = error;
  }
  return tally;
}

/* The ports of all addresses that stand in one of the kernel's tables, from `min` on. */
static void
mark_bound (const char *table, guint min, guint max, gboolean *bound)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (table, &text, NULL, NULL))
    return;
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++) {
    guint port;

    if (sscanf (*line, " %*u: %*[0-9A-F]:%x", &port) == 1 && port >= min && port <= max)
      bound[port - min] = TRUE;
  }
}

static CvPortTally
ask_range (guint min, guint max)
{
  CvPortTally tally = { .n = max - min + 1 };
  g_autofree gboolean *bound = g_new0 (gboolean, tally.n);

  mark_bound ("/proc/net/udp", min, max, bound);
  mark_bound ("/proc/net/udp6", min, max, bound);
  for (guint i = 0; i < tally.n; i++)
    tally.taken += bound[i] ? 1 : 0;
  return tally;
}

static void
check_range (const CvPatient *patient, const char *what, const char *host, guint min, guint max, CvFindings *findings)
{
  CvPortTally tally = patient->status != NULL ? ask_range (min, max) : try_range (host, min, max);

  /* a machine without IPv6: all addresses are those of IPv4 */
  if (g_str_equal (host, "::") && (tally.error == EAFNOSUPPORT || tally.error == EADDRNOTAVAIL))
    return;
  cv_ports_judge_range (what, host, &tally, patient->status != NULL, findings);
}

static void
check_calls (const CvPatient *patient, CvFindings *findings)
{
  const CvConfigSip *sip = &patient->config->sip;
  const char *host = sip->rtp_address[0] != '\0' ? sip->rtp_address : "0.0.0.0";
  guint min, max;

  if (sip->listen[0] == NULL)
    return;
  cv_config_get_rtp_ports (patient->config, &min, &max);
  if (max != 0)
    check_range (patient, "calls", host, min, max, findings);
}

void
cv_check_ports (const CvPatient *patient, CvFindings *findings)
{
  g_autoptr (GSocketAddress) address = cv_config_get_address (patient->config);
  g_auto (GStrv) hosts = cv_config_get_media_addresses (patient->config);
  guint min, max;

  if (G_IS_INET_SOCKET_ADDRESS (address) && g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)) != 0)
    cv_ports_judge_listen (patient->config->listen, try_port (address, SOCK_STREAM), patient->status != NULL, findings);
  cv_config_get_media_ports (patient->config, &min, &max);
  if (max == 0)
    cv_findings_add (findings, ID, CV_FINDING_OK, NULL, "media: any free UDP ports");
  for (char **host = hosts; max != 0 && *host != NULL; host++)
    check_range (patient, "media", *host, min, max, findings);
  check_calls (patient, findings);
}
