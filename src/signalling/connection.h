/* One WebSocket of a client: its pace, its silence, its queue.
 *
 * Owns libsoup's connection. Main thread. Knows neither rooms nor what a message says: who made it gets text.
 */
#pragma once

#include "base/clock.h"
#include "signalling/guard.h"
#include "signalling/problem.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

#define CV_TYPE_CONNECTION (cv_connection_get_type ())
G_DECLARE_FINAL_TYPE (CvConnection, cv_connection, CV, CONNECTION, GObject)

typedef struct {
  /* One message, not NUL-terminated, at most CV_LIMIT_MESSAGE_BYTES. */
  void (*message) (CvConnection *connection, const char *text, gsize length, gpointer user_data);
  /* Once; nothing is called afterwards. */
  void (*closed) (CvConnection *connection, gpointer user_data);
} CvConnectionFuncs;

typedef struct {
  SoupWebsocketConnection *websocket;
  CvGuard *guard;
  const char *address; /* of the client, as text */
  const char *host;    /* that the client asked for, without port */
  const char *account; /* id of the user who is signed in, or NULL */
  CvClock *clock;
  guint messages_per_second;
} CvConnectionOptions;

CvConnection *cv_connection_new (const CvConnectionOptions *options, const CvConnectionFuncs *funcs,
                                 gpointer user_data);

const char *cv_connection_get_address (CvConnection *self);
const char *cv_connection_get_host (CvConnection *self);

/* Who came: the id of a user or a key; NULL: they are not signed in. */
const char *cv_connection_get_account (CvConnection *self);

/* Whatever the owner of `funcs` ties to it; borrowed. */
void cv_connection_set_session (CvConnection *self, gpointer session);
gpointer cv_connection_get_session (CvConnection *self);
/* The first message came and is being worked on: the join deadline is off, a further message is out of place. */
void cv_connection_set_joining (CvConnection *self, gboolean joining);
gboolean cv_connection_is_joining (CvConnection *self);

/* Whoever waits for a seat on it; borrowed. */
void cv_connection_set_arrival (CvConnection *self, gpointer arrival);
gpointer cv_connection_get_arrival (CvConnection *self);

/* Counts the last message as so many more ones. FALSE where that is too fast. */
gboolean cv_connection_charge (CvConnection *self, guint messages);

/* TRUE until it is closed or being closed. */
gboolean cv_connection_is_open (CvConnection *self);
/* Queues one message. A client that does not read is closed with 4004. */
void cv_connection_send (CvConnection *self, const char *text, gsize length);
/* Sends an unnumbered error and closes with 1008. */
void cv_connection_fail (CvConnection *self, CvProblem problem);
void cv_connection_close (CvConnection *self, guint16 code);

/* Looks at the deadlines; to be called every second. */
void cv_connection_sweep (CvConnection *self);

G_END_DECLS
