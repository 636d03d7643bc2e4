/* Bytes ↔ messages, as PROTOCOL.md §4 says. No I/O, no state; any thread. Fuzzed. */
#pragma once

#include "base/json.h"
#include "room/room.h"
#include "signalling/badges.h"
#include "signalling/message-types.h"
#include "signalling/problem.h"
#include "signalling/secret.h"
#include "signalling/ticket.h"
#include "signalling/turn.h"

G_BEGIN_DECLS

/* Is there nothing to see in it? For what people are to read: names, titles. */
gboolean cv_text_is_blank (const char *text);
/* One of 1 to `max` characters that is not; NULL where it may be left out and is. Borrowed. */
const char *cv_text_read_name (CvJsonReader *reader, const char *member, guint max);
const char *cv_text_read_optional (CvJsonReader *reader, const char *member, guint max);

/* of what a browser is known by */
#define CV_VISITOR_BYTES 16
#define CV_WHISPER_MAX_CHARACTERS 4000

/* A message from a client. Strings are borrowed from `object`. */
typedef struct {
  CvMessageType type;
  JsonObject *object; /* owned */
  guint64 id;         /* of numbered messages, else 0 */
  const char *room, *name;
  const char *person;  /* whom it is about, or for; NULL in `spotlight`: nobody, in `rename`: oneself */
  const char *knock;   /* NULL in `admit`: all of them */
  const char *order;   /* NULL: there is none */
  CvRotation rotation; /* of `remove`; generation 0: there is none */
  const char *data;    /* of `relay`; of `introduce`: the sealed name */
  const char *text, *sdp;
  guint64 seq;
  guint64 question;
  gboolean on; /* `on` or `up` */
  CvSendingPart part;
  CvCaptureAction action;
  CvAnswer answer;
  CvRole role;
  CvReaction reaction;
  GArray *tiles;  /* of CvMediaTile, owned; of `view` */
  GPtrArray *ops; /* of CvOperation, owned; of `change` */
  const char *poll;
  guint choices; /* a bit for each */
  CvSending sending;
  const char *ticket; /* of `join`, or NULL, as the next */
  const char *receipt;
  gboolean same_seat; /* the one of the receipt */
  gboolean has_key;   /* of `join` with a ticket, which need not have one */
  gboolean has_host_key;
  gboolean has_token;
  gboolean has_visitor;
  guint8 key[CV_KEY_BYTES];
  guint8 host_key[CV_KEY_BYTES];
  guint8 token[CV_SECRET_BYTES]; /* of `resume`, and of `replaces` in `join` */
  guint8 visitor[CV_VISITOR_BYTES];
} CvMessage;

/* Fills `self`, also on failure; clear it either way. Fails with CV_JSON_ERROR. */
gboolean cv_message_parse (CvMessage *self, const char *text, gsize length, GError **error);
void cv_message_clear (CvMessage *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvMessage, cv_message_clear)

/* For messages that other files make: an object with its type; its text; members of several. */
JsonBuilder *cv_message_open (const char *type);
GBytes *cv_message_close (JsonBuilder *builder);
void cv_message_add_room (JsonBuilder *builder, CvRoom *room);
void cv_message_add_order (JsonBuilder *builder, const char *order);

/* Messages to a client: JSON objects, (transfer full). Numbered ones get their `seq` from cv_message_number(). */
/* `badges` NULL: nobody shares documents. `receipt` NULL: there is none. */
GBytes *cv_message_joined (CvRoom *room, CvMeeting *meeting, CvParticipant *self, const char *token,
                           const char *receipt, CvBadges *badges, const CvIce *ice, gint64 now);
GBytes *cv_message_resumed (const char *token, guint64 last_id);
GBytes *cv_message_ok (guint64 re);
/* `re` 0: none. */
GBytes *cv_message_error (CvProblem problem, guint64 re);
GBytes *cv_message_turn (guint64 re, const CvIce *ice);
GBytes *cv_message_receipt (guint64 re, const char *receipt);
GBytes *cv_message_person_joined (const CvParticipant *participant);
/* `order`: what came with the act that changed it, or NULL. */
GBytes *cv_message_person_changed (const CvParticipant *participant, const char *order);
GBytes *cv_message_person_left (const CvParticipant *participant, CvLeaving leaving, const char *order);
GBytes *cv_message_relay (const char *from, const char *data);
GBytes *cv_message_relay_failed (const char *to, gboolean away);
/* `voted`: the receiver gave a vote. */
GBytes *cv_message_question (const CvQuestion *question, gboolean voted);
GBytes *cv_message_ended (CvEnding ending);
GBytes *cv_message_ping (void);

/* `body` with the member `seq` added. Returns: (transfer full). */
GString *cv_message_number (GBytes *body, guint64 seq);

G_END_DECLS
