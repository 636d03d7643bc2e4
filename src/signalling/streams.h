/* People without a browser: an encoder that publishes (WHIP), a player that watches (WHEP). Each has a participant and one
 * media connection, and is known by a secret in the address of its session.
 *
 * A CvStreams owns them; each holds its meeting and borrows its participant. Main thread. Knows no HTTP. A stream ends when
 * it is told to, with its meeting, with the media process, when its connection does not come, or is lost for too long, and
 * when its token expires or is revoked.
 */
#pragma once

#include "room/registry.h"
#include "store/tokens.h"

G_BEGIN_DECLS

/* without a connection; ms */
#define CV_STREAM_PATIENCE_MS 30000
/* of one token at a time */
#define CV_STREAMS_MAX_A_TOKEN 400

typedef struct _CvStream CvStream;
typedef struct _CvStreams CvStreams;

CvStreams *cv_streams_new (CvRegistry *registry, CvClock *clock);
/* Frees all without a word to anybody. */
void cv_streams_free (CvStreams *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvStreams, cv_streams_free)

/* Takes a seat in the room for who has this token, which is good. `secret` (transfer full) is what finds it again. Fails
 * with CV_ROOM_ERROR; NOT_AVAILABLE also where nobody comes in like this. Returns: (transfer none). */
CvStream *cv_streams_open (CvStreams *self, CvRoom *room, const CvTokenRow *token, char **secret, GError **error);
/* NULL where there is none (any more). `room`: its id. */
CvStream *cv_streams_find (CvStreams *self, const char *room, const char *secret);
/* Ends all that came with this token. */
void cv_streams_end_token (CvStreams *self, const char *token);
/* Ends the one that is this participant. */
void cv_streams_end_participant (CvStreams *self, const CvParticipant *participant, CvLeaving leaving);
guint cv_streams_count (CvStreams *self);

CvParticipant *cv_stream_get_participant (CvStream *self);
CvSwitchboard *cv_stream_get_switchboard (CvStream *self);
/* Is this the hash of the token it came with? */
gboolean cv_stream_fits_token (CvStream *self, const guint8 hash[CV_TOKEN_HASH_BYTES]);
/* Names the connection that it has; "" before it has one. */
const char *cv_stream_get_etag (CvStream *self);
void cv_stream_set_etag (CvStream *self, const char *etag);
/* Gives the seat up and frees it. */
void cv_stream_end (CvStream *self, CvLeaving leaving);

G_END_DECLS
