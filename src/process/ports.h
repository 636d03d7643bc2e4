/* UDP sockets for media: bound here, because a media process may bind none, and because a port outlives its process.
 *
 * Owns the record of ports in use. Main thread. Knows no meeting.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* one for each family */
#define CV_PORTS_MAX_SOCKETS 2
#define CV_PORTS_MAX_CANDIDATES 16

typedef struct {
  const char *const *addresses;        /* to bind: an IPv4 and an IPv6 address at most */
  const char *const *public_addresses; /* to announce instead of what this machine has, by family; may be empty */
  guint min, max;                      /* 0: any free port */
} CvPortsOptions;

typedef struct {
  int fds[CV_PORTS_MAX_SOCKETS]; /* not blocking */
  guint n;
  guint16 port; /* of the first; of all where there is a range */
} CvSockets;

typedef struct {
  char *address;
  guint16 port;
} CvCandidate;

typedef struct _CvPorts CvPorts;

/* Returns: (transfer full), NULL where an address is none, or cannot be bound. */
CvPorts *cv_ports_new (const CvPortsOptions *options, GError **error);
void cv_ports_free (CvPorts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvPorts, cv_ports_free)

/* Binds a port that is free for all addresses: the one that was not used for the longest time. */
gboolean cv_ports_take (CvPorts *self, CvSockets *sockets, GError **error);
void cv_ports_give_back (CvPorts *self, CvSockets *sockets);

/* Where these are reached: of CvCandidate, by now, best first. Returns: (transfer full). */
GPtrArray *cv_ports_list_candidates (CvPorts *self, const CvSockets *sockets);

G_END_DECLS
