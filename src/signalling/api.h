/* The REST interface of PROTOCOL.md §3: rooms and the server's state. Tokens have a file of their own (api-tokens.h).
 *
 * Borrows what it works on. Main thread. One table says which request is for whom.
 */
#pragma once

#include "base/bucket.h"
#include "library/library.h"
#include "signalling/access.h"
#include "signalling/bodies.h"
#include "signalling/passwords.h"
#include "signalling/streams.h"
#include "store/backups.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct {
  CvRegistry *registry;
  CvStore *store;
  CvStreams *streams; /* who came with a token */
  CvClock *clock;
  gboolean anyone_may_create;
  CvLibrary *library;     /* recordings; NULL: there is none */
  const char *recordings; /* the directory of all of them */
  const char *accel_prefix;
  CvBackups *backups; /* of the database */
  CvAccess *access;
  CvPasswords *passwords;
  CvBodies *bodies;
  CvBuckets *checks;    /* by address */
  CvBuckets *creations; /* by address */
  char *url;            /* where people find this server; owned by the server, NULL until it listens */
  gint64 started;       /* µs, monotonic */
  guint (*count_sockets) (gpointer user_data);
  gpointer user_data;
} CvApi;

/* Answers a request below /api/v1/ or for /health, at once or later. `admin`: it came over the admin socket. `address`: whom
 * to count it for. */
void cv_api_handle (CvApi *self, SoupServerMessage *message, const char *path, gboolean admin, const char *address);

/* ---- for those who handle requests ---- */

typedef struct {
  CvApi *api;
  SoupServerMessage *message;
  char *id;           /* from the path, or NULL: of a room, a token, a recording … */
  const char *rest;   /* what stands behind it in the path, of those whose end is free; or NULL */
  gboolean admin;     /* over the admin socket */
  CvAccountRole role; /* of who asks: ADMINISTRATOR as well over the admin socket */
  gboolean guest;     /* not signed in, or not as anybody who may; here by a link to one recording */
  gboolean downloads; /* files may be kept */
  const char *actor;  /* who asks: an id ("k" a key, "s" a link to a recording), "admin", or NULL: anybody */
  const char *address;
} CvApiRequest;

typedef struct _CvApiPending CvApiPending;
/* Makes the answer. `source`: what was asked, the registry or the store. */
typedef void (*CvApiAnswerFunc) (CvApiPending *self, gpointer source, GAsyncResult *result);

/* A request whose answer comes later. */
struct _CvApiPending {
  CvApi *api; /* gone once the message is cut */
  SoupServerMessage *message;
  CvApiRequest request; /* its strings are owned */
  gboolean cut;         /* the client has gone, or the server is being stopped: nobody waits for the answer */
  CvApiAnswerFunc answer;
  gboolean postponed;
  gboolean handed_on; /* somebody else answers */
  gboolean takes_time;
  CvRoomRow *row;           /* of a creation */
  CvTokenRow *token;        /* the same of a token; of a revocation, its id */
  guint8 key[CV_KEY_BYTES]; /* of a check */
  CvCaptureAction action;   /* on a recording */
  gpointer data;            /* of who handles it */
  GDestroyNotify free_data;
};

CvApiPending *cv_api_pause (const CvApiRequest *request, CvApiAnswerFunc answer);
/* One answer was not the last word: another one goes out in its place. */
CvApiPending *cv_api_postpone (CvApiPending *pending, CvApiAnswerFunc answer);
/* It may take long: the client waits for as long as it likes. */
void cv_api_take_time (CvApiPending *pending);
/* For all functions of registry and store, with the pending request: makes the answer and lets it go. */
void cv_api_answer (GObject *source, GAsyncResult *result, gpointer pending);

/* NULL where the body is not one JSON object; the problem is answered. */
JsonObject *cv_api_read_body (const CvApiRequest *request);
/* May who asks do as they like with this room? */
gboolean cv_api_may_room (const CvApiRequest *request, const CvRoomRow *row);

void cv_api_respond_error (SoupServerMessage *message, const GError *error);
void cv_api_respond_builder (SoupServerMessage *message, guint status, JsonBuilder *builder);

G_END_DECLS
