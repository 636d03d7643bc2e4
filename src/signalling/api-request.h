/* A request to the REST interface, and one whose answer comes later: for those who handle them.
 *
 * Owns nothing but what waits for an answer. Main thread. Knows neither routes nor roles: those are api.h's.
 */
#pragma once

#include "room/room.h"
#include "signalling/badges.h"
#include "signalling/passwords.h"
#include "store/account-role.h"
#include "store/rooms.h"
#include "store/tokens.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _CvApi CvApi;
typedef struct _CvOnce CvOnce; /* once.h */

/* What a secret of a link lets one do with a meeting's summary. WAIT: may know that it is not made yet; whether they read it then is not known. */
typedef enum {
  CV_SUMMARY_ACCESS_NONE,
  CV_SUMMARY_ACCESS_WAIT,
  CV_SUMMARY_ACCESS_READ,
  CV_SUMMARY_ACCESS_EDIT
} CvSummaryAccess;

typedef struct {
  CvApi *api;
  SoupServerMessage *message;
  char *id;                /* from the path, or NULL: of a room, a token, a recording … */
  const char *rest;        /* what stands behind it in the path, of those whose end is free; or NULL */
  gboolean admin;          /* over the admin socket */
  CvAccountRole role;      /* of who asks: ADMINISTRATOR as well over the admin socket */
  gboolean guest;          /* not signed in, or not as anybody who may; here by a link to one recording */
  gboolean downloads;      /* files may be kept */
  const char *actor;       /* who asks: an id ("u", "k" a key, "s" a link to a recording), "admin", or NULL: anybody */
  const char *sign_in;     /* of a user: id of the browser's row; or NULL */
  CvSummaryAccess summary; /* of who asks for one with such a secret */
  const char *address;
  CvBadge *badge;  /* of who is in the meeting that the request is about; or NULL */
  gboolean reader; /* has the link to this meeting's summary */
  CvOnce *once;    /* it has an Idempotency-Key; NULL: it has none */
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
/* Somebody else answers the message, and may pause it anew. */
void cv_api_hand_on (CvApiPending *pending);
/* It may take long: the client waits for as long as it likes. */
void cv_api_take_time (CvApiPending *pending);
/* For all functions of registry and store, with the pending request: makes the answer and lets it go. */
void cv_api_answer (GObject *source, GAsyncResult *result, gpointer pending);

/* An entry of the audit; who did it is who asks. It is not waited for. The other one: as part of the store's next job. */
void cv_api_audit (const CvApiRequest *request, const char *action, const char *object, const char *detail);
void cv_api_audit_next (const CvApiRequest *request, const char *action, const char *object, const char *detail);
/* FALSE where a password was not hashed; the problem is answered. */
gboolean cv_api_take_hash (CvApiPending *pending, GAsyncResult *result, guint8 hash[CV_PASSWORD_HASH_BYTES]);
/* Overwrites a secret before it lets go of it. NULL is fine. */
void cv_api_wipe_text (char *text);

/* A long body follows what has come, and who sends it may: up to `max` bytes are kept of it, or a problem is answered. */
void cv_api_allow_body (CvApiPending *pending, goffset max);
/* As it came; NULL where it says that it is no JSON, which is answered. Returns: (transfer full). */
GBytes *cv_api_take_body (const CvApiRequest *request);
/* NULL where the body is not one JSON object; the problem is answered. */
JsonObject *cv_api_read_body (const CvApiRequest *request);
/* May who asks do as they like with this room? */
gboolean cv_api_may_room (const CvApiRequest *request, const CvRoomRow *row);

void cv_api_respond_error (SoupServerMessage *message, const GError *error);
void cv_api_respond_builder (SoupServerMessage *message, guint status, JsonBuilder *builder);

G_END_DECLS
