/* A seat's session: what outlives a socket. Numbers both directions, keeps what was not acknowledged, and gives the seat
 * up when nobody comes back (PROTOCOL.md §4.1).
 *
 * Sessions are owned by a CvSessions; each holds its meeting and borrows its participant and its socket. Main thread.
 * Knows no WebSocket: a socket is two functions.
 */
#pragma once

#include "signalling/formers.h"
#include "signalling/protocol.h"

G_BEGIN_DECLS

typedef struct {
  /* Queues a message; takes no ownership. */
  void (*send) (gpointer socket, const char *text, gsize length);
  /* Closes with a WebSocket code; the session is detached already. */
  void (*close) (gpointer socket, guint16 code);
} CvSocketFuncs;

/* Of which only the latest counts. */
typedef enum {
  CV_LATEST_SLOTS,
  CV_LATEST_CAMERA_LAYERS,
  CV_LATEST_SCREEN_LAYERS,
  CV_LATEST_SPEAKERS,
  CV_LATEST_STATS,
  CV_LATEST_QUALITY,
  CV_LATEST_VIEWERS,
  CV_LATEST_KNOCKS,
  CV_N_LATEST,
} CvLatest;

typedef struct _CvSession CvSession;
typedef struct _CvSessions CvSessions;

typedef enum { CV_TAKE_NEXT, CV_TAKE_AGAIN, CV_TAKE_GAP } CvTake;

/* `seat_ms`: how long a seat outlives its socket. */
CvSessions *cv_sessions_new (CvClock *clock, guint seat_ms);
/* Frees all sessions without a word to anybody. */
void cv_sessions_free (CvSessions *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvSessions, cv_sessions_free)

/* Opens a session for a participant who has none. `token` (transfer full) is what resumes it. */
CvSession *cv_sessions_open (CvSessions *self, const char *room, CvMeeting *meeting, CvParticipant *participant,
                             char **token);
/* What somebody gets back who left the meeting, and comes again with this token, once. NULL: nothing. Returns: (transfer full). */
CvFormer *cv_sessions_take_former (CvSessions *self, const guint8 token[CV_SECRET_BYTES], CvMeeting *meeting);
/* Is there any? */
gboolean cv_sessions_has_former (CvSessions *self, const guint8 token[CV_SECRET_BYTES], CvMeeting *meeting);
/* The session that this token resumes, borrowed; NULL where there is none (any more). */
CvSession *cv_sessions_find (CvSessions *self, const guint8 token[CV_SECRET_BYTES]);

const char *cv_session_get_room (CvSession *self);
CvMeeting *cv_session_get_meeting (CvSession *self);
CvParticipant *cv_session_get_participant (CvSession *self);
guint64 cv_session_get_last_id (CvSession *self);
/* The session of a participant, or NULL. */
CvSession *cv_session_of (const CvParticipant *participant);

/* Makes `socket` the live one; an older one is closed with 4001. What is posted is kept back until cv_session_replay(). */
void cv_session_attach (CvSession *self, const CvSocketFuncs *funcs, gpointer socket);
/* Closes the live socket, if there is one; the seat stays as if it was lost. */
void cv_session_hang_up (CvSession *self, guint16 code);
/* `socket` is gone. Nothing happens where it is not the live one. */
void cv_session_detach (CvSession *self, gpointer socket);

/* The client came with the token `used`: draws a new one. `used` works as well until cv_session_heard(), the new token may
 * get lost on its way. Returns: (transfer full). */
char *cv_session_rotate (CvSession *self, const guint8 used[CV_SECRET_BYTES]);
/* The client said something on the live socket: it has the new token. */
void cv_session_heard (CvSession *self);

/* Sends `body` numbered, and keeps it until it is acknowledged. */
void cv_session_post (CvSession *self, GBytes *body);
/* Sends `body` as it is, once. FALSE where no socket is live. */
gboolean cv_session_pass (CvSession *self, GBytes *body);
/* Sends `body` as it is, and again on the next socket; later ones of its kind take its place. What says the same as the
 * one before is not sent. NULL: there is none any more. */
void cv_session_show (CvSession *self, CvLatest kind, GBytes *body);
gsize cv_session_get_kept_bytes (CvSession *self);
guint *cv_session_get_feed (CvSession *self); /* see dispatch-sharing.h */
/* FALSE where `seq` was not sent yet. */
gboolean cv_session_acknowledge (CvSession *self, guint64 seq);
/* Sends what is kept after `seq` and what is shown, and from now on what is posted. FALSE where some of it is no longer kept, or `seq` was
 * not sent yet. */
gboolean cv_session_replay (CvSession *self, guint64 seq);

/* Is the numbered message `id` the next one? Counts it if so. */
CvTake cv_session_take (CvSession *self, guint64 id);

/* Gives the seat up: the participant leaves its meeting (if that still goes on), the socket is closed with `code`. Frees
 * the session. */
void cv_session_close (CvSession *self, CvLeaving leaving, guint16 code);

guint cv_sessions_count (CvSessions *self);

G_END_DECLS
