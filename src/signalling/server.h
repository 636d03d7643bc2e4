/* The network side of the daemon: pages, REST and WebSockets for people, and the same REST with full authority on the
 * admin socket.
 *
 * Owns the listeners, libsoup's servers and all connections. Main thread.
 */
#pragma once

#include "documents/cabinet.h"
#include "library/library.h"
#include "room/callers.h"
#include "room/registry.h"
#include "signalling/api-overview.h"
#include "signalling/api-watch.h"
#include "signalling/assets.h"
#include "signalling/branding.h"
#include "signalling/elsewhere.h"
#include "signalling/server-rules.h"
#include "signalling/turn.h"
#include "store/backups.h"
#include "summary/mailer.h"
#include "summary/press.h"
#include "summary/scribe.h"

G_BEGIN_DECLS

typedef struct {
  CvRegistry *registry;
  CvStore *store;
  CvLibrary *library;
  const char *recordings;             /* the directory of all of them */
  const char *accel_prefix;           /* where a proxy finds that directory, to send files itself; "": it does not */
  CvCabinet *cabinet;                 /* of documents; NULL: nobody shares any */
  const char *documents_accel_prefix; /* as accel_prefix */
  CvBackups *backups;
  CvPress *press;
  CvScribe *scribe;
  CvMailer *mailer; /* NULL: no e-mails are sent */
  CvClock *clock;
  CvAssets *assets;             /* (transfer full) */
  CvBranding *branding;         /* (transfer full) */
  GTlsCertificate *certificate; /* NULL: plain HTTP */
  const char *public_url;       /* "" where people come by any name */
  gboolean behind_proxy;        /* X-Forwarded-For of peers on loopback and Unix sockets is believed */
  CvServerRules rules;
  const CvElsewhereOptions *elsewhere; /* NULL: nobody signs in at another server */
  const char *ticket_key;              /* CV_TICKET_MIN_KEY bytes or more */
  const char *receipt_key;             /* any text */
  CvTelephony *telephony;              /* NULL: nobody can call */
  guint calls_per_room;
  guint keep_calls_days;
  CvTurn turn; /* borrowed strings */
  guint seat_ms;
  guint max_connections;            /* of people's; 0: any number */
  const CvMetricsSource *metrics;   /* NULL: there are none */
  const CvOverviewSource *overview; /* the same */
} CvServerOptions;

#define CV_TYPE_SERVER (cv_server_get_type ())
G_DECLARE_FINAL_TYPE (CvServer, cv_server, CV, SERVER, GObject)

/* What `options` points to must outlive the server. */
CvServer *cv_server_new (const CvServerOptions *options);

/* `where`: HOST:PORT (port 0: any free one; IPv6 in brackets) or unix:PATH. `admin_socket`: a path. Call it once. */
gboolean cv_server_listen (CvServer *self, const char *where, const char *admin_socket, GError **error);

/* Where it listens: "https://HOST:PORT", or "unix:PATH". NULL before it does. */
const char *cv_server_get_url (CvServer *self);

/* For connections that come from now on. Not where it began without a certificate. */
gboolean cv_server_set_certificate (CvServer *self, GTlsCertificate *certificate, GError **error);
/* For credentials that are given from now on. */
void cv_server_set_turn (CvServer *self, const CvTurn *turn);
/* For who asks, and who connects, from now on. */
void cv_server_set_rules (CvServer *self, const CvServerRules *rules);
/* As in the options: those signed with another one are refused from then on. */
void cv_server_set_ticket_key (CvServer *self, const char *key);
/* Borrowed; NULL: nobody signs in at another server. */
CvOidcProvider *cv_server_get_provider (CvServer *self);

/* (transfer full). For who asks from now on. */
void cv_server_set_branding (CvServer *self, CvBranding *branding);

/* Connections of people's, and those of them that are WebSockets. */
void cv_server_count (CvServer *self, guint *connections, guint *sockets);
/* Borrowed; NULL: nobody can call. */
CvCallers *cv_server_get_callers (CvServer *self);

/* Tells every client that the server goes away (1001) and forgets their sessions. */
void cv_server_stop (CvServer *self);

G_END_DECLS
