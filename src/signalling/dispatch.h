/* What a client's message does: one handler for each type, found in a table.
 *
 * Borrows all it works on. Main thread.
 */
#pragma once

#include "base/bucket.h"
#include "room/callers.h"
#include "room/knocks.h"
#include "room/reopening.h"
#include "signalling/badges.h"
#include "signalling/connection.h"
#include "signalling/session.h"
#include "signalling/streams.h"
#include "signalling/turn.h"

G_BEGIN_DECLS

typedef struct {
  CvRegistry *registry;
  CvSessions *sessions;
  CvClock *clock;
  const CvTurn *turn;
  CvBuckets *joins; /* by address */
  CvKnocks *knocks;
  CvStore *store;     /* of tickets that were used */
  CvTickets *tickets; /* NULL: none are taken, as where there is no store */
  CvStreams *streams; /* NULL: there are none */
  CvBadges *badges;   /* the same */
  CvCallers *callers; /* NULL: nobody can call */
  CvReopening *reopening;
} CvDispatch;

/* Handles one type of message. Returns what goes wrong, which answers a message that has a number and ends the connection
 * of one that has none, or CV_DISPATCH_FINE. */
typedef CvProblem (*CvDispatchFunc) (CvDispatch *self, CvConnection *connection, CvSession *session,
                                     const CvMessage *message);
#define CV_DISPATCH_FINE CV_N_PROBLEMS

/* For those: numbered, to the session's client; `body` (transfer full). */
void cv_dispatch_post (CvSession *session, GBytes *body);
/* The message is done, and nothing is to be said of it. Returns CV_DISPATCH_FINE. */
CvProblem cv_dispatch_done (CvSession *session, const CvMessage *message);

/* An entry of the audit, where anything is written of meetings of that kind: what who has (or had) the seat `by` did to
 * `object`, an id. */
void cv_dispatch_audit (CvDispatch *self, CvMeeting *meeting, const char *by, const char *action, const char *object,
                        const char *detail);
/* By what the audit knows somebody: their account, if they have one. */
const char *cv_dispatch_get_audited (const CvParticipant *participant);

void cv_dispatch_get_ice (CvDispatch *self, CvConnection *connection, const CvParticipant *participant, CvIce *ice);

/* A whole message from this connection. */
void cv_dispatch_message (CvDispatch *self, CvConnection *connection, const char *text, gsize length);
/* The connection is gone. */
void cv_dispatch_closed (CvDispatch *self, CvConnection *connection);

G_END_DECLS
