/* See streams.h. */
#include "signalling/streams.h"

#include "signalling/secret.h"

#define CV_LOG_TOPIC "stream"
#include "base/log.h"

struct _CvStreams {
  CvRegistry *registry;
  CvClock *clock;
  GHashTable *all; /* CvSecretHash (in the stream) → CvStream, owned */
};

struct _CvStream {
  CvStreams *streams;
  char *room;
  CvMeeting *meeting;
  CvSwitchboard *switchboard;
  CvParticipant *participant; /* borrowed from the meeting */
  CvTokenRow *token;
  CvSecretHash secret;
  char *etag;
  guint timer;        /* runs while there is no connection */
  guint expiry_timer; /* until its token is no longer good; 0: it stays so */
};

static void
stream_free (CvStream *self)
{
  cv_clock_cancel (self->streams->clock, &self->timer);
  cv_clock_cancel (self->streams->clock, &self->expiry_timer);
  g_signal_handlers_disconnect_by_data (self->meeting, self);
  g_signal_handlers_disconnect_by_data (self->switchboard, self);
  g_object_unref (self->switchboard);
  g_object_unref (self->meeting);
  cv_token_row_free (self->token);
  g_free (self->room);
  g_free (self->etag);
  g_free (self);
}

CvStreams *
cv_streams_new (CvRegistry *registry, CvClock *clock)
{
  CvStreams *self = g_new0 (CvStreams, 1);
  self->registry = registry;
  self->clock = g_object_ref (clock);
  self->all = g_hash_table_new_full (cv_secret_hash_hash, cv_secret_hash_equal, NULL, (GDestroyNotify) stream_free);
  return self;
}

void
cv_streams_free (CvStreams *self)
{
  g_hash_table_unref (self->all);
  g_object_unref (self->clock);
  g_free (self);
}

guint
cv_streams_count (CvStreams *self)
{
  return g_hash_table_size (self->all);
}

void
cv_stream_end (CvStream *self, CvLeaving leaving)
{
  CvStreams *streams = self->streams;
  g_autoptr (CvMeeting) meeting = g_object_ref (self->meeting);
  CvParticipant *participant = self->participant;
  cv_info (self->room, participant->id, "stream ended: %s", cv_leaving_to_text (leaving));
  g_hash_table_remove (streams->all, &self->secret);
  cv_meeting_remove (meeting, participant, leaving);
}

static void
on_patience_timeout (gpointer user_data)
{
  CvStream *self = user_data;
  self->timer = 0;
  cv_stream_end (self, CV_LEAVING_LOST);
}

static void
be_patient (CvStream *self)
{
  if (self->timer == 0)
    self->timer = cv_clock_after (self->streams->clock, CV_STREAM_PATIENCE_MS, on_patience_timeout, self);
}

/* A timer takes no more than some weeks, a token may be good for years. */
static void
on_expiry_timeout (gpointer user_data)
{
  CvStream *self = user_data;
  CvClock *clock = self->streams->clock;
  gint64 left = self->token->expires - cv_clock_wall (clock);
  self->expiry_timer = 0;
  if (left <= 0)
    cv_stream_end (self, CV_LEAVING_LOST);
  else
    self->expiry_timer = cv_clock_after (clock, (guint) MIN (left, G_MAXINT), on_expiry_timeout, self);
}

static void
on_switchboard_state (CvSwitchboard *switchboard, CvParticipant *participant, CvMediaState state, const char *reason,
                      CvStream *self)
{
  if (participant != self->participant)
    return;
  if (state == CV_MEDIA_CONNECTED)
    cv_clock_cancel (self->streams->clock, &self->timer);
  else
    be_patient (self);
}

/* There is no way to tell it that it should offer anew; it sees that nothing comes, and starts over. */
static void
on_switchboard_media (CvSwitchboard *switchboard, gboolean ready, CvStream *self)
{
  if (!ready)
    cv_stream_end (self, CV_LEAVING_LOST);
}

static void
on_meeting_ended (CvMeeting *meeting, CvEnding ending, CvStream *self)
{
  cv_stream_end (self, CV_LEAVING_LOST);
}

static guint
count_of_token (CvStreams *self, const char *token)
{
  GHashTableIter iter;
  gpointer stream = NULL;
  guint n = 0;
  g_hash_table_iter_init (&iter, self->all);
  while (g_hash_table_iter_next (&iter, NULL, &stream))
    n += g_str_equal (((CvStream *) stream)->token->id, token);
  return n;
}

/* An encoder sends as soon as it is there. */
static CvParticipant *
enter (CvStreams *self, CvRoom *room, const CvTokenRow *token, GError **error)
{
  CvRole role = token->publishes ? CV_ROLE_PERSON : CV_ROLE_VIEWER;
  CvSending sending = { .microphone = token->publishes, .camera = token->publishes };
  if (!cv_policy_may (cv_room_get_policy (room), role, CV_ACTION_OFFER)) {
    g_set_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_NOT_AVAILABLE, "no streams in this room");
    return NULL;
  }
  if (count_of_token (self, token->id) >= CV_STREAMS_MAX_A_TOKEN) {
    g_set_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_FULL, "too many streams with token %s", token->id);
    return NULL;
  }
  CvRoom *live = cv_registry_peek (self->registry, cv_room_get_row (room)->id);
  CvIdentity identity = { .subject = token->id };
  if (live != NULL && cv_bans_has (cv_meeting_get_bans (cv_room_get_meeting (live)), &identity)) {
    g_set_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_REMOVED, "a stream with token %s was removed", token->id);
    return NULL;
  }
  CvParticipant *participant = cv_participant_new (token->name, role, &sending);
  participant->stream = TRUE;
  participant->identity = cv_identity_copy (&identity);
  return cv_registry_seat (self->registry, room, participant, error);
}

CvStream *
cv_streams_open (CvStreams *self, CvRoom *room, const CvTokenRow *token, char **secret, GError **error)
{
  CvParticipant *participant = enter (self, room, token, error);
  if (participant == NULL)
    return NULL;
  CvRoom *live = cv_registry_peek (self->registry, cv_room_get_row (room)->id);
  CvStream *stream = g_new0 (CvStream, 1);
  stream->streams = self;
  stream->room = g_strdup (token->room);
  stream->meeting = g_object_ref (cv_room_get_meeting (live));
  stream->switchboard = g_object_ref (cv_room_get_switchboard (live));
  stream->participant = participant;
  stream->token = cv_token_row_copy (token);
  stream->etag = g_strdup ("");
  *secret = cv_secret_draw (&stream->secret);
  g_hash_table_insert (self->all, &stream->secret, stream);
  g_signal_connect (stream->meeting, "ended", G_CALLBACK (on_meeting_ended), stream);
  g_signal_connect (stream->switchboard, "state", G_CALLBACK (on_switchboard_state), stream);
  g_signal_connect (stream->switchboard, "media", G_CALLBACK (on_switchboard_media), stream);
  be_patient (stream);
  if (token->expires > 0)
    stream->expiry_timer = cv_clock_after (self->clock, 0, on_expiry_timeout, stream);
  if (token->consents && cv_room_get_capture (live) != NULL)
    cv_capture_note_consent (cv_room_get_capture (live), participant);
  cv_info (stream->room, participant->id, "a stream %s with token %s", token->publishes ? "publishes" : "watches",
           token->id);
  return stream;
}

CvStream *
cv_streams_find (CvStreams *self, const char *room, const char *secret)
{
  guint8 bytes[CV_SECRET_BYTES];
  if (!cv_base64url_decode (secret, bytes, sizeof bytes))
    return NULL;
  CvSecretHash hash = cv_secret_get_hash (bytes);
  CvStream *stream = g_hash_table_lookup (self->all, &hash);
  return stream != NULL && g_str_equal (stream->room, room) ? stream : NULL;
}

void
cv_streams_end_token (CvStreams *self, const char *token)
{
  g_autoptr (GList) streams = g_hash_table_get_values (self->all);
  for (GList *item = streams; item != NULL; item = item->next)
    if (g_str_equal (((CvStream *) item->data)->token->id, token))
      cv_stream_end (item->data, CV_LEAVING_LOST);
}

void
cv_streams_end_participant (CvStreams *self, const CvParticipant *participant, CvLeaving leaving)
{
  g_autoptr (GList) streams = g_hash_table_get_values (self->all);
  for (GList *item = streams; item != NULL; item = item->next)
    if (((CvStream *) item->data)->participant == participant) {
      cv_stream_end (item->data, leaving);
      return;
    }
}

CvParticipant *
cv_stream_get_participant (CvStream *self)
{
  return self->participant;
}

CvSwitchboard *
cv_stream_get_switchboard (CvStream *self)
{
  return self->switchboard;
}

gboolean
cv_stream_fits_token (CvStream *self, const guint8 hash[CV_TOKEN_HASH_BYTES])
{
  return cv_bytes_equal (hash, self->token->hash, CV_TOKEN_HASH_BYTES);
}

const char *
cv_stream_get_etag (CvStream *self)
{
  return self->etag;
}

void
cv_stream_set_etag (CvStream *self, const char *etag)
{
  g_free (self->etag);
  self->etag = g_strdup (etag);
}
