/* See session.h. */
#include "signalling/session.h"

#include "signalling/bounds.h"

#define CV_LOG_TOPIC "session"
#include "base/log.h"

typedef struct {
  guint64 seq;
  GBytes *body;
} Kept;

struct _CvSessions {
  CvClock *clock;
  guint seat_ms;
  GHashTable *by_token; /* CvSecretHash (in the session) → CvSession; a session stands here once or twice */
  GHashTable *all;      /* of CvSession, owned */
  CvFormers *formers;
};

struct _CvSession {
  CvSessions *sessions;
  char *room;
  CvMeeting *meeting;
  CvParticipant *participant; /* borrowed from the meeting */
  const CvSocketFuncs *funcs;
  gpointer socket; /* NULL: lost */
  gboolean held;   /* the socket has not been told yet what it missed */
  gboolean full;   /* too much was kept: nothing more is numbered, and it is about to be given up */
  guint timer;     /* runs while the socket is lost, or the session is to be given up */
  CvSecretHash token;
  CvSecretHash last_token;
  gboolean has_last_token;
  guint64 seq;     /* of the last message sent */
  guint64 last_id; /* of the last message taken */
  GQueue kept;     /* of Kept, oldest first */
  gsize kept_bytes;
  guint feed;
  GBytes *latest[CV_N_LATEST]; /* owned; NULL: none */
};

static void
drop_kept (CvSession *self)
{
  Kept *kept = g_queue_pop_head (&self->kept);
  self->kept_bytes -= g_bytes_get_size (kept->body);
  g_bytes_unref (kept->body);
  g_free (kept);
}

static void
session_free (CvSession *self)
{
  cv_clock_cancel (self->sessions->clock, &self->timer);
  while (!g_queue_is_empty (&self->kept))
    drop_kept (self);
  for (guint i = 0; i < CV_N_LATEST; i++)
    g_clear_pointer (&self->latest[i], g_bytes_unref);
  self->participant->session = NULL; /* who may stay, where the server stops while something is still recorded */
  g_clear_object (&self->meeting);
  g_free (self->room);
  g_free (self);
}

CvSessions *
cv_sessions_new (CvClock *clock, guint seat_ms)
{
  CvSessions *self = g_new0 (CvSessions, 1);
  self->clock = g_object_ref (clock);
  self->seat_ms = seat_ms;
  self->by_token = g_hash_table_new (cv_secret_hash_hash, cv_secret_hash_equal);
  self->all = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) session_free, NULL);
  self->formers = cv_formers_new (clock, seat_ms);
  return self;
}

void
cv_sessions_free (CvSessions *self)
{
  cv_formers_free (self->formers);
  g_hash_table_unref (self->by_token);
  g_hash_table_unref (self->all);
  g_object_unref (self->clock);
  g_free (self);
}

guint
cv_sessions_count (CvSessions *self)
{
  return g_hash_table_size (self->all);
}

static char *
draw_token (CvSession *self)
{
  char *token = cv_secret_draw (&self->token);
  g_hash_table_insert (self->sessions->by_token, &self->token, self);
  return token;
}

CvSession *
cv_sessions_open (CvSessions *self, const char *room, CvMeeting *meeting, CvParticipant *participant, char **token)
{
  g_return_val_if_fail (participant->session == NULL, NULL);
  CvSession *session = g_new0 (CvSession, 1);
  session->sessions = self;
  session->room = g_strdup (room);
  session->meeting = g_object_ref (meeting);
  session->participant = participant;
  g_queue_init (&session->kept);
  participant->session = session;
  g_hash_table_add (self->all, session);
  *token = draw_token (session);
  return session;
}

CvSession *
cv_sessions_find (CvSessions *self, const guint8 token[CV_SECRET_BYTES])
{
  CvSecretHash hash = cv_secret_get_hash (token);
  return g_hash_table_lookup (self->by_token, &hash);
}

CvFormer *
cv_sessions_take_former (CvSessions *self, const guint8 token[CV_SECRET_BYTES], CvMeeting *meeting)
{
  return cv_formers_take (self->formers, token, meeting);
}

gboolean
cv_sessions_has_former (CvSessions *self, const guint8 token[CV_SECRET_BYTES], CvMeeting *meeting)
{
  return cv_formers_has (self->formers, token, meeting);
}

const char *
cv_session_get_room (CvSession *self)
{
  return self->room;
}

CvMeeting *
cv_session_get_meeting (CvSession *self)
{
  return self->meeting;
}

CvParticipant *
cv_session_get_participant (CvSession *self)
{
  return self->participant;
}

guint64
cv_session_get_last_id (CvSession *self)
{
  return self->last_id;
}

CvSession *
cv_session_of (const CvParticipant *participant)
{
  return participant->session;
}

static void
on_seat_timeout (gpointer user_data)
{
  CvSession *self = user_data;
  self->timer = 0;
  cv_info (self->room, self->participant->id, "seat given up");
  cv_session_close (self, CV_LEAVING_LOST, 4004);
}

void
cv_session_attach (CvSession *self, const CvSocketFuncs *funcs, gpointer socket)
{
  const CvSocketFuncs *old_funcs = self->funcs;
  gpointer old = self->socket;
  self->funcs = funcs;
  self->socket = socket;
  self->held = TRUE;
  cv_clock_cancel (self->sessions->clock, &self->timer);
  if (old != NULL)
    old_funcs->close (old, 4001);
  cv_meeting_set_away (self->meeting, self->participant, FALSE);
}

void
cv_session_detach (CvSession *self, gpointer socket)
{
  if (self->socket != socket)
    return;
  self->socket = NULL;
  if (self->timer == 0)
    self->timer = cv_clock_after (self->sessions->clock, self->sessions->seat_ms, on_seat_timeout, self);
  cv_meeting_set_away (self->meeting, self->participant, TRUE);
}

void
cv_session_hang_up (CvSession *self, guint16 code)
{
  gpointer socket = self->socket;
  if (socket == NULL)
    return;
  cv_session_detach (self, socket);
  self->funcs->close (socket, code);
}

static void
forget_last_token (CvSession *self)
{
  if (self->has_last_token)
    g_hash_table_remove (self->sessions->by_token, &self->last_token);
  self->has_last_token = FALSE;
}

char *
cv_session_rotate (CvSession *self, const guint8 used[CV_SECRET_BYTES])
{
  CvSecretHash hash = cv_secret_get_hash (used);
  if (cv_secret_hash_equal (&hash, &self->token))
    forget_last_token (self); /* it has the newest */
  /* A new token that the client may never have got is replaced; what it certainly has stays good. */
  g_hash_table_remove (self->sessions->by_token, &self->token);
  if (!self->has_last_token) {
    self->last_token = self->token;
    self->has_last_token = TRUE;
    g_hash_table_insert (self->sessions->by_token, &self->last_token, self);
  }
  return draw_token (self);
}

void
cv_session_heard (CvSession *self)
{
  forget_last_token (self);
}

static void
send_kept (CvSession *self, const Kept *kept)
{
  g_autoptr (GString) text = cv_message_number (kept->body, kept->seq);
  self->funcs->send (self->socket, text->str, text->len);
}

void
cv_session_post (CvSession *self, GBytes *body)
{
  if (self->full)
    return;
  Kept *kept = g_new (Kept, 1);
  *kept = (Kept){ .seq = ++self->seq, .body = g_bytes_ref (body) };
  g_queue_push_tail (&self->kept, kept);
  self->kept_bytes += g_bytes_get_size (body);

  self->full = self->kept.length > CV_LIMIT_KEPT_MESSAGES || self->kept_bytes > CV_LIMIT_KEPT_BYTES;
  if (self->full) {
    /* Not at once: somebody may be walking over the meeting's participants. */
    cv_clock_cancel (self->sessions->clock, &self->timer);
    self->timer = cv_clock_after (self->sessions->clock, 0, on_seat_timeout, self);
  } else if (self->socket != NULL && !self->held) {
    send_kept (self, kept);
  }
}

gboolean
cv_session_pass (CvSession *self, GBytes *body)
{
  if (self->socket == NULL)
    return FALSE;
  gsize length = 0;
  const char *text = g_bytes_get_data (body, &length);
  self->funcs->send (self->socket, text, length);
  return TRUE;
}

void
cv_session_show (CvSession *self, CvLatest kind, GBytes *body)
{
  if (body != NULL && self->latest[kind] != NULL && g_bytes_equal (body, self->latest[kind]))
    return;
  g_clear_pointer (&self->latest[kind], g_bytes_unref);
  if (body == NULL)
    return;
  self->latest[kind] = g_bytes_ref (body);
  if (!self->held)
    cv_session_pass (self, body);
}

gsize
cv_session_get_kept_bytes (CvSession *self)
{
  return self->kept_bytes;
}

guint *
cv_session_get_feed (CvSession *self)
{
  return &self->feed;
}

gboolean
cv_session_acknowledge (CvSession *self, guint64 seq)
{
  if (seq > self->seq)
    return FALSE;
  while (!g_queue_is_empty (&self->kept) && ((Kept *) g_queue_peek_head (&self->kept))->seq <= seq)
    drop_kept (self);
  return TRUE;
}

gboolean
cv_session_replay (CvSession *self, guint64 seq)
{
  Kept *oldest = g_queue_peek_head (&self->kept);
  guint64 first = oldest != NULL ? oldest->seq : self->seq + 1;
  if (self->full || seq > self->seq || seq + 1 < first)
    return FALSE;
  cv_session_acknowledge (self, seq);
  self->held = FALSE;
  for (GList *item = self->kept.head; item != NULL && self->socket != NULL; item = item->next)
    send_kept (self, item->data);
  for (guint i = 0; i < CV_N_LATEST; i++)
    if (self->latest[i] != NULL)
      cv_session_pass (self, self->latest[i]);
  return TRUE;
}

CvTake
cv_session_take (CvSession *self, guint64 id)
{
  if (id <= self->last_id)
    return CV_TAKE_AGAIN;
  if (id != self->last_id + 1)
    return CV_TAKE_GAP;
  self->last_id = id;
  return CV_TAKE_NEXT;
}

void
cv_session_close (CvSession *self, CvLeaving leaving, guint16 code)
{
  CvSessions *sessions = self->sessions;
  g_autoptr (CvMeeting) meeting = g_object_ref (self->meeting);
  CvParticipant *participant = self->participant;
  gpointer socket = g_steal_pointer (&self->socket);

  if (socket != NULL)
    self->funcs->close (socket, code);
  if (!cv_meeting_has_ended (meeting) && leaving != CV_LEAVING_REMOVED)
    cv_formers_add (sessions->formers, &self->token, self->has_last_token ? &self->last_token : NULL, meeting,
                    participant);
  forget_last_token (self);
  g_hash_table_remove (sessions->by_token, &self->token);
  g_hash_table_remove (sessions->all, self);
  cv_meeting_remove (meeting, participant, leaving);
}
