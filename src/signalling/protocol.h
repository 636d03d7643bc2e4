/* Bytes ↔ messages, as PROTOCOL.md §4 says. No I/O, no state; any thread. Fuzzed. */
#pragma once

#include "base/json.h"
#include "room/room.h"
#include "signalling/problem.h"
#include "signalling/secret.h"
#include "signalling/turn.h"

G_BEGIN_DECLS

/* Is there nothing to see in it? For what people are to read: names, titles. */
gboolean cv_text_is_blank (const char *text);

typedef enum {
  CV_MESSAGE_JOIN,
  CV_MESSAGE_RESUME,
  CV_MESSAGE_ACK,
  CV_MESSAGE_PONG,
  CV_MESSAGE_RELAY,
  CV_MESSAGE_STATE,
  CV_MESSAGE_CHAT,
  CV_MESSAGE_TURN,
  CV_MESSAGE_LEAVE,
  CV_MESSAGE_END,
  CV_MESSAGE_OFFER,
  CV_MESSAGE_VIEW,
  CV_MESSAGE_HAND,
  CV_MESSAGE_STAGE,
  CV_MESSAGE_STOP,
  CV_MESSAGE_START,
  CV_MESSAGE_MUTE_ALL,
  CV_MESSAGE_SPOTLIGHT,
  CV_MESSAGE_ASK,
  CV_MESSAGE_VOTE,
  CV_MESSAGE_RESOLVE,
  CV_MESSAGE_WATCH_STATS,
  CV_MESSAGE_RECORD,
  CV_MESSAGE_CONSENT,
  CV_N_MESSAGES,
} CvMessageType;

/* A message from a client. Strings are borrowed from `object`. */
typedef struct {
  CvMessageType type;
  JsonObject *object; /* owned */
  guint64 id;         /* of numbered messages, else 0 */
  const char *room, *name;
  const char *person; /* whom it is about, or for; NULL in `spotlight`: nobody */
  const char *data;
  const char *text, *sdp;
  guint64 seq;
  guint64 question;
  gboolean on; /* `on` or `up` */
  CvSendingPart part;
  CvCaptureAction action;
  CvAnswer answer;
  GArray *tiles; /* of CvMediaTile, owned; of `view` */
  CvSending sending;
  gboolean has_host_key;
  gboolean has_token;
  guint8 key[CV_KEY_BYTES];
  guint8 host_key[CV_KEY_BYTES];
  guint8 token[CV_SECRET_BYTES]; /* of `resume`, and of `replaces` in `join` */
} CvMessage;

/* Fills `self`, also on failure; clear it either way. Fails with CV_JSON_ERROR. */
gboolean cv_message_parse (CvMessage *self, const char *text, gsize length, GError **error);
void cv_message_clear (CvMessage *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvMessage, cv_message_clear)

const char *cv_message_type_to_text (CvMessageType type);

/* For messages that other files make: an object with its type; its text. */
JsonBuilder *cv_message_open (const char *type);
GBytes *cv_message_close (JsonBuilder *builder);

/* Messages to a client: JSON objects, (transfer full). Numbered ones get their `seq` from cv_message_number(). */
GBytes *cv_message_joined (CvRoom *room, CvMeeting *meeting, CvParticipant *self, const char *token, const CvIce *ice,
                           gint64 now);
GBytes *cv_message_resumed (const char *token, guint64 last_id);
GBytes *cv_message_ok (guint64 re);
/* `re` 0: none. */
GBytes *cv_message_error (CvProblem problem, guint64 re);
GBytes *cv_message_turn (guint64 re, const CvIce *ice);
GBytes *cv_message_person_joined (const CvParticipant *participant);
GBytes *cv_message_person_changed (const CvParticipant *participant);
GBytes *cv_message_person_left (const CvParticipant *participant, CvLeaving leaving);
GBytes *cv_message_chat (const CvChatMessage *message);
GBytes *cv_message_relay (const char *from, const char *data);
GBytes *cv_message_relay_failed (const char *to, gboolean away);
/* `voted`: the receiver gave a vote. */
GBytes *cv_message_question (const CvQuestion *question, gboolean voted);
GBytes *cv_message_ended (CvEnding ending);
GBytes *cv_message_ping (void);

/* `body` with the member `seq` added. Returns: (transfer full). */
GString *cv_message_number (GBytes *body, guint64 seq);

G_END_DECLS
