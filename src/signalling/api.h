/* The REST interface of PROTOCOL.md §3: who may ask what, and the server's state. What is asked about has a file each
 * (api-rooms.h, api-tokens.h …).
 *
 * Borrows what it works on. Main thread. One table says which request is for whom.
 */
#pragma once

#include "base/bucket.h"
#include "documents/cabinet.h"
#include "library/library.h"
#include "room/callers.h"
#include "room/reopening.h"
#include "signalling/access.h"
#include "signalling/accounts.h"
#include "signalling/api-request.h"
#include "signalling/api-overview.h"
#include "signalling/api-watch.h"
#include "signalling/bodies.h"
#include "signalling/branding.h"
#include "signalling/elsewhere.h"
#include "signalling/once.h"
#include "signalling/passwords.h"
#include "signalling/streams.h"
#include "signalling/ticket.h"
#include "signalling/vouchers.h"
#include "store/backups.h"
#include "store/records.h"
#include "summary/mailer.h"
#include "summary/press.h"
#include "summary/scribe.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

struct _CvApi {
  CvRegistry *registry;
  CvStore *store;
  CvStreams *streams; /* who came with a token */
  CvCallers *callers; /* NULL: nobody can call */
  CvTickets *tickets;
  CvOnces *onces;
  CvClock *clock;
  gboolean anyone_may_create;
  CvLibrary *library;     /* recordings; NULL: there is none */
  const char *recordings; /* the directory of all of them */
  const char *accel_prefix;
  CvBackups *backups; /* of the database */
  CvPress *press;     /* prints summaries */
  CvScribe *scribe;   /* keeps records of meetings, and deletes them */
  CvMailer *mailer;   /* NULL: no e-mails are sent */
  CvAccess *access;
  CvAccounts *accounts;
  CvPasswords *passwords;
  CvElsewhere *elsewhere; /* NULL: nobody signs in at another server */
  CvBodies *bodies;
  CvCabinet *cabinet;   /* documents; NULL: there are none */
  CvBadges *badges;     /* of those who are in meetings */
  CvVouchers *vouchers; /* to download with */
  const char *documents_accel_prefix;
  CvBuckets *checks;                /* by address */
  CvBuckets *creations;             /* by address */
  CvReopening *reopening;           /* of rooms that are on no disk */
  guint long_bodies;                /* that are being read, or worked on */
  CvBranding *branding;             /* of the pages */
  char *url;                        /* where people find this server; owned by the server, NULL until it listens */
  gint64 started;                   /* µs, monotonic */
  const char *const *metrics_from;  /* ending in NULL; NULL: nobody's */
  const CvMetricsSource *metrics;   /* NULL: there are none */
  const CvOverviewSource *overview; /* the same */
  guint (*count_sockets) (gpointer user_data);
  gpointer user_data;
};

/* Answers a request below /api/v1/, for /health… or /metrics, at once or later. `admin`: it came over the admin socket. `address`: whom
 * to count it for. */
void cv_api_handle (CvApi *self, SoupServerMessage *message, const char *path, gboolean admin, const char *address);

/* The head of a request has come whose body is longer than CV_LIMIT_BODY_BYTES. Where that may be, who asks is looked at before
 * any of it is read: it goes on, or is answered. FALSE: nobody may send so much there. */
gboolean cv_api_expect_body (CvApi *self, SoupServerMessage *message, const char *path, gboolean admin,
                             const char *address);

/* ---- what is for whom ---- */

/* `%` in a path stands for an id, with that prefix, `*` at its end for anything. */
typedef struct {
  const char *method;
  const char *path;
  const char *prefix;
  CvAuthority authority; /* that it takes */
  void (*handle) (const CvApiRequest *request);
} CvApiRoute;

/* For what has a path of its own: finds out who asks, then lets the route handle it, at once or later. `route` is static. */
void cv_api_handle_route (CvApi *self, const CvApiRoute *route, SoupServerMessage *message, const char *address);

G_END_DECLS
