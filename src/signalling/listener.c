/* See listener.h. */
#include "signalling/listener.h"

#include "base/tally.h"
#include "signalling/bounds.h"
#include "signalling/tls.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#define CV_LOG_TOPIC "listener"
#include "base/log.h"

#define SWEEP_MS 1000
/* Looked at so seldom, whoever is not closed now would be after their time; the next look may be late itself. */
#define AHEAD_MS (SWEEP_MS + SWEEP_MS / 2)
/* This share of what there may be besides, to be told that it is full. */
#define SLACK 8
/* Out of descriptors: wait before asking the kernel again. */
#define PAUSE_MS 200

struct _CvListener {
  CvClock *clock;
  GTlsCertificate *certificate; /* NULL: plain HTTP */
  CvTlsContext *tls;            /* with the certificate, once it listens */
  guint max_per_address;
  guint most; /* open at once; 0: any number */
  CvListenerAccepted accepted;
  gpointer user_data;
  GPtrArray *sockets;      /* of GSocket */
  GPtrArray *sources;      /* of GSource */
  GPtrArray *paths;        /* socket files to remove */
  GHashTable *guards;      /* CvGuard → its address as text; borrowed by a weak reference each */
  GHashTable *per_address; /* text → how many */
  CvWaiter *waiter;        /* or NULL */
  guint sweep_timer;
  guint pause_timer;
};

char *
cv_listener_address_to_text (GSocketAddress *address)
{
  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return g_strdup ("unix");
  return g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

static guint
count_of (CvListener *self, const char *address)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->per_address, address));
}

static void
on_guard_gone (gpointer user_data, GObject *guard)
{
  CvListener *self = user_data;
  const char *address = g_hash_table_lookup (self->guards, guard);
  guint count = count_of (self, address);
  if (count > 1)
    g_hash_table_replace (self->per_address, g_strdup (address), GUINT_TO_POINTER (count - 1));
  else
    g_hash_table_remove (self->per_address, address);
  g_hash_table_remove (self->guards, guard);
}

static void
watch (CvListener *self, CvGuard *guard, const char *address)
{
  g_hash_table_replace (self->per_address, g_strdup (address), GUINT_TO_POINTER (count_of (self, address) + 1));
  g_hash_table_insert (self->guards, guard, g_strdup (address));
  g_object_weak_ref (G_OBJECT (guard), on_guard_gone, self);
}

static void
on_sweep (gpointer user_data)
{
  CvListener *self = user_data;
  gint64 due = cv_clock_now (self->clock) + AHEAD_MS * 1000;
  g_autoptr (GPtrArray) late = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer guard = NULL;
  g_hash_table_iter_init (&iter, self->guards);
  while (g_hash_table_iter_next (&iter, &guard, NULL)) {
    gint64 deadline = cv_guard_get_deadline (guard);
    if (deadline != 0 && deadline < due && !g_io_stream_is_closed (guard))
      g_ptr_array_add (late, g_object_ref (guard));
  }
  for (guint i = 0; i < late->len; i++)
    g_io_stream_close (g_ptr_array_index (late, i), NULL, NULL);
  self->sweep_timer = cv_clock_after (self->clock, SWEEP_MS, on_sweep, self);
}

CvListener *
cv_listener_new (CvClock *clock, GTlsCertificate *certificate, guint max_per_address, CvListenerAccepted accepted,
                 gpointer user_data)
{
  CvListener *self = g_new0 (CvListener, 1);
  self->clock = g_object_ref (clock);
  self->certificate = certificate != NULL ? g_object_ref (certificate) : NULL;
  self->max_per_address = max_per_address;
  self->accepted = accepted;
  self->user_data = user_data;
  self->sockets = g_ptr_array_new_with_free_func (g_object_unref);
  self->sources = g_ptr_array_new_with_free_func ((GDestroyNotify) g_source_unref);
  self->paths = g_ptr_array_new_with_free_func (g_free);
  self->guards = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->per_address = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->waiter = cv_waiter_new ();
  self->sweep_timer = cv_clock_after (clock, SWEEP_MS, on_sweep, self);
  return self;
}

static void
stop_accepting (CvListener *self)
{
  for (guint i = 0; i < self->sources->len; i++)
    g_source_destroy (g_ptr_array_index (self->sources, i));
  g_ptr_array_set_size (self->sources, 0);
}

void
cv_listener_free (CvListener *self)
{
  cv_clock_cancel (self->clock, &self->sweep_timer);
  cv_clock_cancel (self->clock, &self->pause_timer);
  stop_accepting (self);

  GHashTableIter iter;
  gpointer guard = NULL;
  g_hash_table_iter_init (&iter, self->guards);
  while (g_hash_table_iter_next (&iter, &guard, NULL)) {
    g_object_weak_unref (guard, on_guard_gone, self);
    g_io_stream_close (guard, NULL, NULL);
  }
  for (guint i = 0; i < self->paths->len; i++)
    g_unlink (g_ptr_array_index (self->paths, i));
  g_ptr_array_unref (self->paths);
  g_ptr_array_unref (self->sources);
  g_ptr_array_unref (self->sockets);
  g_hash_table_unref (self->guards);
  g_hash_table_unref (self->per_address);
  g_clear_pointer (&self->waiter, cv_waiter_unref);
  g_clear_pointer (&self->tls, cv_tls_context_free);
  g_clear_object (&self->certificate);
  g_object_unref (self->clock);
  g_free (self);
}

/* Whom a connection counts for: its address, or with IPv6 its /64, which one household has at the least. Returns:
 * (transfer full). */
static char *
get_network (GSocketAddress *remote)
{
  if (g_socket_address_get_family (remote) != G_SOCKET_FAMILY_IPV6)
    return cv_listener_address_to_text (remote);
  GInetAddress *address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote));
  guint8 bytes[16] = { 0 };
  memcpy (bytes, g_inet_address_to_bytes (address), 8);
  g_autoptr (GInetAddress) network = g_inet_address_new_from_bytes (bytes, G_SOCKET_FAMILY_IPV6);
  return g_inet_address_to_string (network);
}

static void
arrive (CvListener *self, GSocket *socket)
{
  g_autoptr (GSocketAddress) local = g_socket_get_local_address (socket, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_get_remote_address (socket, NULL);
  if (local == NULL || remote == NULL)
    return; /* gone already */
  g_autofree char *address = get_network (remote);
  gboolean crowded = self->most > 0 && g_hash_table_size (self->guards) >= self->most + self->most / SLACK;
  if (crowded || (self->max_per_address > 0 && count_of (self, address) >= self->max_per_address)) {
    cv_debug (NULL, NULL, crowded ? "too many connections" : "too many connections from one address");
    cv_tally_count (CV_TALLY_CONNECTIONS_REFUSED);
    return;
  }
  if (G_IS_INET_SOCKET_ADDRESS (remote))
    g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  g_autoptr (GIOStream) stream = self->tls != NULL
                                   ? cv_tls_stream_new (self->tls, socket)
                                   : G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
  g_autoptr (CvGuard) guard = cv_guard_new (stream, socket);
  if (self->waiter != NULL)
    cv_guard_set_waiter (guard, self->waiter);
  cv_guard_set_deadline (guard, cv_clock_now (self->clock) + CV_LIMIT_REQUEST_MS * 1000);
  watch (self, guard, address);
  g_object_set_data (G_OBJECT (remote), "cv-guard", guard);
  self->accepted (guard, local, remote, self->user_data);
}

static gboolean on_socket_ready (GSocket *socket, GIOCondition condition, gpointer user_data);

static void
start_accepting (CvListener *self)
{
  for (guint i = 0; i < self->sockets->len; i++) {
    GSource *source = g_socket_create_source (g_ptr_array_index (self->sockets, i), G_IO_IN, NULL);
    g_source_set_callback (source, G_SOURCE_FUNC (on_socket_ready), self, NULL);
    g_source_attach (source, g_main_context_get_thread_default ());
    g_ptr_array_add (self->sources, source);
  }
}

static void
on_pause_over (gpointer user_data)
{
  CvListener *self = user_data;
  self->pause_timer = 0;
  start_accepting (self);
}

static gboolean
on_socket_ready (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  CvListener *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) accepted = g_socket_accept (socket, NULL, &error);
  if (accepted != NULL) {
    arrive (self, accepted);
    return G_SOURCE_CONTINUE;
  }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES) || errno == ENFILE || errno == ENOMEM) {
    cv_warning (NULL, NULL, "cannot accept connections: %s", error->message);
    stop_accepting (self);
    self->pause_timer = cv_clock_after (self->clock, PAUSE_MS, on_pause_over, self);
  }
  return G_SOURCE_CONTINUE;
}

static gboolean
listen_on (CvListener *self, GSocket *socket, GSocketAddress *address, GError **error)
{
  if (self->certificate != NULL && self->tls == NULL)
    self->tls = cv_tls_context_new (self->certificate, error);
  if (self->certificate != NULL && self->tls == NULL)
    return FALSE;
  g_socket_set_listen_backlog (socket, 512);
  g_socket_set_blocking (socket, FALSE);
  if (!g_socket_bind (socket, address, TRUE, error) || !g_socket_listen (socket, error))
    return FALSE;
  g_ptr_array_add (self->sockets, g_object_ref (socket));
  stop_accepting (self);
  start_accepting (self);
  return TRUE;
}

gboolean
cv_listener_set_certificate (CvListener *self, GTlsCertificate *certificate, GError **error)
{
  CvTlsContext *tls = cv_tls_context_new (certificate, error);
  if (tls == NULL)
    return FALSE;
  g_clear_pointer (&self->tls, cv_tls_context_free);
  self->tls = tls;
  g_set_object (&self->certificate, certificate);
  return TRUE;
}

guint16
cv_listener_add_inet (CvListener *self, const char *host, guint16 port, GError **error)
{
  g_autoptr (GSocketConnectable) name = g_network_address_new (host, port);
  g_autoptr (GSocketAddressEnumerator) addresses = g_socket_connectable_enumerate (name);
  g_autoptr (GSocketAddress) address = g_socket_address_enumerator_next (addresses, NULL, error);
  if (address == NULL)
    return 0;
  g_autoptr (GSocket) socket =
    g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
  if (socket == NULL || !listen_on (self, socket, address, error))
    return 0;
  g_autoptr (GSocketAddress) bound = g_socket_get_local_address (socket, error);
  return bound != NULL ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)) : 0;
}

/* A socket file that nobody listens on is left from a crash; one that somebody does is not ours to take. */
static gboolean
remove_stale (const char *path, GSocketAddress *address, GError **error)
{
  GStatBuf status;
  if (g_lstat (path, &status) != 0)
    return TRUE;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) other = NULL;
  if (S_ISSOCK (status.st_mode))
    other = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);
  if (!S_ISSOCK (status.st_mode) || other != NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, "%s is in use", path);
    return FALSE;
  }
  g_unlink (path);
  return TRUE;
}

gboolean
cv_listener_add_unix (CvListener *self, const char *path, guint mode, GError **error)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  if (!remove_stale (path, address, error))
    return FALSE;
  g_autoptr (GSocket) socket =
    g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  if (socket == NULL)
    return FALSE;
  mode_t mask = umask (~mode & 0777);
  gboolean listening = listen_on (self, socket, address, error);
  umask (mask);
  if (listening)
    g_ptr_array_add (self->paths, g_strdup (path));
  return listening;
}

void
cv_listener_set_most (CvListener *self, guint most)
{
  self->most = most;
}

void
cv_listener_set_most_per_address (CvListener *self, guint most)
{
  self->max_per_address = most;
}

gboolean
cv_listener_is_full (CvListener *self)
{
  return self->most > 0 && g_hash_table_size (self->guards) > self->most;
}

guint
cv_listener_count (CvListener *self)
{
  return g_hash_table_size (self->guards);
}

CvGuard *
cv_listener_guard_of (GSocketAddress *remote)
{
  return remote != NULL ? g_object_get_data (G_OBJECT (remote), "cv-guard") : NULL;
}
