/* UDP sockets for media: see ports.h. */
#include "process/ports.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define CV_LOG_TOPIC "ports"
#include "base/log.h"

/* bytes; the kernel gives what it allows (net.core.rmem_max, wmem_max) */
#define BUFFER_BYTES (4 * 1024 * 1024)
/* how often a second family may miss the port that the kernel chose for the first */
#define ANY_PORT_ATTEMPTS 16

struct _CvPorts {
  GInetAddress *addresses[CV_PORTS_MAX_SOCKETS];
  guint n;
  char **public_addresses;
  guint min, max;
  guint next;       /* the port to try first */
  GHashTable *used; /* ports */
};

/* ---- Binding ---- */

/* Returns: the socket, or -1 with errno. */
static int
bind_udp (GInetAddress *address, guint port)
{
  g_autoptr (GSocketAddress) where = g_inet_socket_address_new (address, port);
  gboolean v6 = g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6;
  struct sockaddr_storage native;
  int fd, on = 1, bytes = BUFFER_BYTES, problem;

  if (!g_socket_address_to_native (where, &native, sizeof native, NULL))
    return errno = EINVAL, -1;
  fd = socket (v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0)
    return -1;
  if (v6)
    setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  setsockopt (fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  if (bind (fd, (struct sockaddr *) &native, g_socket_address_get_native_size (where)) == 0)
    return fd;
  problem = errno;
  g_close (fd, NULL);
  errno = problem;
  return -1;
}

static guint16
get_port (int fd)
{
  union {
    struct sockaddr_storage any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
  } name = { 0 };
  socklen_t n = sizeof name;

  if (getsockname (fd, (struct sockaddr *) &name, &n) != 0)
    return 0;
  return ntohs (name.any.ss_family == AF_INET6 ? name.v6.sin6_port : name.v4.sin_port);
}

static void
close_all (CvSockets *sockets)
{
  for (guint i = 0; i < sockets->n; i++)
    g_close (sockets->fds[i], NULL);
  sockets->n = 0;
}

/* All families at one port; 0: at one of the kernel's choice. FALSE with errno and nothing bound. */
static gboolean
bind_all (CvPorts *self, CvSockets *sockets, guint port)
{
  *sockets = (CvSockets){ .port = port };
  for (guint i = 0; i < self->n; i++) {
    int fd = bind_udp (self->addresses[i], sockets->port);

    if (fd < 0) {
      int problem = errno;

      close_all (sockets);
      errno = problem;
      return FALSE;
    }
    sockets->fds[sockets->n++] = fd;
    if (i == 0)
      sockets->port = get_port (fd);
  }
  return TRUE;
}

static gboolean
is_any (const CvPorts *self)
{
  return self->max == 0;
}

gboolean
cv_ports_take (CvPorts *self, CvSockets *sockets, GError **error)
{
  guint tries = is_any (self) ? ANY_PORT_ATTEMPTS : self->max - self->min + 1;

  for (guint i = 0; i < tries; i++) {
    guint port = is_any (self) ? 0 : self->next;

    if (!is_any (self))
      self->next = port < self->max ? port + 1 : self->min;
    if (port > 0 && g_hash_table_contains (self->used, GUINT_TO_POINTER (port)))
      continue;
    if (bind_all (self, sockets, port)) {
      g_hash_table_add (self->used, GUINT_TO_POINTER (sockets->port));
      return TRUE;
    }
    if (errno != EADDRINUSE) {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "media port %u: %s", port, g_strerror (errno));
      return FALSE;
    }
  }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, "no media port of %u-%u is free", self->min, self->max);
  return FALSE;
}

void
cv_ports_give_back (CvPorts *self, CvSockets *sockets)
{
  if (sockets->n > 0)
    g_hash_table_remove (self->used, GUINT_TO_POINTER (sockets->port));
  close_all (sockets);
}

/* ---- Candidates ---- */

static void
candidate_free (CvCandidate *self)
{
  g_free (self->address);
  g_free (self);
}

static gboolean
add_candidate (GPtrArray *candidates, char *address, guint16 port)
{
  CvCandidate *candidate;

  if (candidates->len >= CV_PORTS_MAX_CANDIDATES) {
    g_free (address);
    return FALSE;
  }
  candidate = g_new (CvCandidate, 1);
  *candidate = (CvCandidate){ address, port };
  g_ptr_array_add (candidates, candidate);
  return TRUE;
}

static gboolean
add_public (CvPorts *self, GPtrArray *candidates, GSocketFamily family, guint16 port)
{
  gboolean any = FALSE;

  for (char **text = self->public_addresses; *text != NULL; text++) {
    g_autoptr (GInetAddress) address = g_inet_address_new_from_string (*text);

    if (g_inet_address_get_family (address) == family)
      any = add_candidate (candidates, g_strdup (*text), port) || any;
  }
  return any;
}

/* Returns: (transfer full), NULL where others cannot reach it. */
static GInetAddress *
get_reachable (const struct ifaddrs *item, GSocketFamily family)
{
  g_autoptr (GSocketAddress) where = NULL;
  GInetAddress *address;

  if (item->ifa_addr == NULL || (item->ifa_flags & IFF_UP) == 0 || item->ifa_addr->sa_family != (int) family)
    return NULL;
  where = g_socket_address_new_from_native (
    item->ifa_addr, family == G_SOCKET_FAMILY_IPV6 ? sizeof (struct sockaddr_in6) : sizeof (struct sockaddr_in));
  address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (where));
  if (g_inet_address_get_is_loopback (address) || g_inet_address_get_is_link_local (address))
    return NULL;
  return g_object_ref (address);
}

/* The machine's own, by now: they come and go. */
static gboolean
add_interfaces (GPtrArray *candidates, GSocketFamily family, guint16 port)
{
  struct ifaddrs *items = NULL;
  gboolean any = FALSE;

  if (getifaddrs (&items) != 0)
    return FALSE;
  for (struct ifaddrs *item = items; item != NULL; item = item->ifa_next) {
    g_autoptr (GInetAddress) address = get_reachable (item, family);

    if (address != NULL)
      any = add_candidate (candidates, g_inet_address_to_string (address), port) || any;
  }
  freeifaddrs (items);
  return any;
}

GPtrArray *
cv_ports_list_candidates (CvPorts *self, const CvSockets *sockets)
{
  GPtrArray *candidates = g_ptr_array_new_with_free_func ((GDestroyNotify) candidate_free);

  for (guint i = 0; i < sockets->n; i++) {
    GSocketFamily family = g_inet_address_get_family (self->addresses[i]);
    guint16 port = get_port (sockets->fds[i]);

    if (add_public (self, candidates, family, port))
      continue;
    if (!g_inet_address_get_is_any (self->addresses[i]))
      add_candidate (candidates, g_inet_address_to_string (self->addresses[i]), port);
    else
      add_interfaces (candidates, family, port);
  }
  /* a machine without a network: whoever tries it out there sits at it */
  for (guint i = 0; i < sockets->n && candidates->len == 0; i++) {
    g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (g_inet_address_get_family (self->addresses[i]));

    add_candidate (candidates, g_inet_address_to_string (loopback), get_port (sockets->fds[i]));
  }
  return candidates;
}

/* ---- Life ---- */

/* A machine may have no IPv6; that is no error where all addresses are meant. */
static gboolean
drop_missing_family (CvPorts *self, GInetAddress *address)
{
  return (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL) && g_inet_address_get_is_any (address);
}

static gboolean
add_address (CvPorts *self, const char *text, GError **error)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);
  int fd;

  for (guint i = 0; address != NULL && i < self->n; i++)
    if (g_inet_address_get_family (self->addresses[i]) == g_inet_address_get_family (address))
      g_clear_object (&address);
  if (address == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "media address %s: not one of each family at most",
                 text);
    return FALSE;
  }
  fd = bind_udp (address, 0);
  if (fd < 0 && !drop_missing_family (self, address)) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "media address %s: %s", text, g_strerror (errno));
    return FALSE;
  }
  if (fd < 0) {
    cv_info (NULL, NULL, "no media at %s: %s", text, g_strerror (errno));
    return TRUE;
  }
  g_close (fd, NULL);
  self->addresses[self->n++] = g_steal_pointer (&address);
  return TRUE;
}

CvPorts *
cv_ports_new (const CvPortsOptions *options, GError **error)
{
  g_autoptr (CvPorts) self = NULL;

  g_return_val_if_fail (options != NULL && options->min <= options->max, NULL);

  self = g_new0 (CvPorts, 1);
  self->min = self->next = options->min;
  self->max = options->max;
  self->public_addresses = g_strdupv ((char **) options->public_addresses);
  self->used = g_hash_table_new (NULL, NULL);
  for (const char *const *text = options->addresses; *text != NULL; text++)
    if (!add_address (self, *text, error))
      return NULL;
  if (self->n > 0)
    return g_steal_pointer (&self);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, "media: no address to bind");
  return NULL;
}

void
cv_ports_free (CvPorts *self)
{
  for (guint i = 0; i < self->n; i++)
    g_object_unref (self->addresses[i]);
  g_strfreev (self->public_addresses);
  g_hash_table_unref (self->used);
  g_free (self);
}
