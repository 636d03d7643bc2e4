/* The messages of what people share: operations in, operations out (PROTOCOL.md §4.8). No I/O, no state. */
#pragma once

#include "signalling/protocol.h"

G_BEGIN_DECLS

/* A snapshot is told in pieces of about this length. */
#define CV_SNAPSHOT_BYTES (32 * 1024)

/* The member `ops`. Returns: (transfer full) of CvOperation, NULL with the reader's error. */
GPtrArray *cv_message_read_operations (CvJsonReader *reader);
/* The member `choices`: different numbers below CV_BALLOTS_MAX_CHOICES, as bits. */
guint cv_message_read_choices (CvJsonReader *reader);
/* The id of something shared. */
const char *cv_message_read_object (CvJsonReader *reader, const char *name);

/* Of `joined`: the member `model`, with the first piece of the state. */
void cv_message_add_model (JsonBuilder *builder, CvMeeting *meeting, const CvParticipant *self);
/* `stamps` may be NULL. */
GBytes *cv_message_changes (const GPtrArray *ops, const GPtrArray *stamps);
/* Where the next piece begins after the one that begins at `from`. */
guint cv_message_find_piece (const CvModel *model, guint from);
/* Objects from `*from` on, which is set to where the next piece begins. */
GBytes *cv_message_model (const CvModel *model, guint *from);
GBytes *cv_message_whisper (const CvParticipant *from, const char *to, const char *text, gint64 at);

G_END_DECLS
