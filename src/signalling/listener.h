/* Accepts connections: TLS, how many from one address, and deadlines.
 *
 * Owns its sockets and watches every guard that it made until that is gone. Main thread. Knows no HTTP: it hands over
 * streams.
 */
#pragma once

#include "base/clock.h"
#include "signalling/guard.h"

G_BEGIN_DECLS

typedef struct _CvListener CvListener;

/* A connection has come; its TLS handshake is a part of the first read. `remote` is the very object that libsoup will give back for its requests:
 * cv_listener_guard_of() finds the guard by it. */
typedef void (*CvListenerAccepted) (CvGuard *guard, GSocketAddress *local, GSocketAddress *remote, gpointer user_data);

/* `certificate` NULL: no TLS. `max_per_address`: connections from one address at a time, 0: any (behind a proxy). */
CvListener *cv_listener_new (CvClock *clock, GTlsCertificate *certificate, guint max_per_address,
                             CvListenerAccepted accepted, gpointer user_data);
/* For connections that come from now on; those that are open go on with what they have. Not where it began without TLS. */
gboolean cv_listener_set_certificate (CvListener *self, GTlsCertificate *certificate, GError **error);
/* So many may be open; an eighth more are let in, who learn that it is full, and whoever comes then is closed. 0: any number. */
void cv_listener_set_most (CvListener *self, guint most);
/* As in cv_listener_new(), for connections that come from now on. */
void cv_listener_set_most_per_address (CvListener *self, guint most);
/* More are open than should be. */
gboolean cv_listener_is_full (CvListener *self);
/* Stops accepting and closes what is open. */
void cv_listener_free (CvListener *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvListener, cv_listener_free)

/* `host` is a name or a literal address, `port` 0 any free one. Returns the port, or 0 with an error. */
guint16 cv_listener_add_inet (CvListener *self, const char *host, guint16 port, GError **error);
/* Replaces a socket file that nobody listens on; the new one may be opened as `mode` says (0600). */
gboolean cv_listener_add_unix (CvListener *self, const char *path, guint mode, GError **error);

/* Connections that are open. */
guint cv_listener_count (CvListener *self);

CvGuard *cv_listener_guard_of (GSocketAddress *remote);
/* "192.0.2.1", "2001:db8::1", or "unix". Returns: (transfer full). */
char *cv_listener_address_to_text (GSocketAddress *address);

G_END_DECLS
