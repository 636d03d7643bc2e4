/* See control.h. */
#include "media/control.h"

#include "base/usage.h"
#include "ipc/hello.h"
#include "media/phone-mix.h"
#include "media/stats.h"

#include <string.h>

#define CV_LOG_TOPIC "media"
#include "base/log.h"

#define STATS_MS 2000
#define MAX_FDS 2
#define MAX_FILE 1000000
/* what the stream of a source without simulcast is called: it has no rid, and an empty text is none to the daemon */
#define ONLY_LAYER "f"

struct _CvControl {
  CvChannel *channel;
  CvDtlsIdentity *identity;
  CvControlFunc over;
  gpointer user_data;
  CvRouter *router;   /* NULL before `open` */
  CvPhoneMix *phones; /* NULL: nobody called yet */
  guint loudest;
  CvRecorder *recorder;
  GHashTable *unrecords; /* file → id of the request that waits for its end */
  char room[16];
  guint alive, stats;
};

/* ---- news ---- */

static void
tell (CvControl *self, JsonBuilder *message)
{
  cv_channel_send (self->channel, message, NULL, 0);
}

static void
on_state (const CvEndpoint *endpoint, gpointer user_data)
{
  CvControl *self = user_data;
  static const char *const texts[] = { "new", "connected", "failed", "lost" };
  const CvTransport *transport = endpoint->transport;
  JsonBuilder *message = cv_parcel_build ("state");
  cv_json_add_text (message, "person", endpoint->person);
  cv_json_add_text (message, "state", texts[transport->state]);
  cv_json_add_text (message, "reason", transport->reason != NULL ? transport->reason : "");
  cv_info (self->room, endpoint->person, "media %s%s%s", texts[transport->state], transport->reason != NULL ? ": " : "",
           transport->reason != NULL ? transport->reason : "");
  tell (self, message);
}

static void
add_slot (JsonBuilder *message, const CvSlot *slot)
{
  gboolean takes = cv_slot_takes (slot, slot->source->codec);
  json_builder_begin_object (message);
  cv_json_add_text (message, "mid", slot->mid);
  cv_json_add_text (message, "person", slot->source->person);
  cv_json_add_text (message, "source", cv_source_type_to_text (slot->source->type));
  cv_json_add_bool (message, "paused", takes && slot->layer < 0);
  if (!takes)
    cv_json_add_text (message, "error", "no-codec");
  json_builder_end_object (message);
}

static void
on_slots (const CvEndpoint *endpoint, gpointer user_data)
{
  JsonBuilder *message = cv_parcel_build ("slots");
  cv_json_add_text (message, "person", endpoint->person);
  json_builder_set_member_name (message, "slots");
  json_builder_begin_array (message);
  for (guint i = 0; i < endpoint->n_slots; i++)
    if (endpoint->slots[i].source != NULL)
      add_slot (message, &endpoint->slots[i]);
  json_builder_end_array (message);
  tell (user_data, message);
}

static void
on_speakers (CvEndpoint *const *speaking, guint n, gpointer user_data)
{
  JsonBuilder *message = cv_parcel_build ("speakers");
  json_builder_set_member_name (message, "people");
  json_builder_begin_array (message);
  for (guint i = 0; i < n; i++)
    json_builder_add_string_value (message, speaking[i]->person);
  json_builder_end_array (message);
  tell (user_data, message);
}

static void
on_layers (const CvSource *source, gpointer user_data)
{
  JsonBuilder *message = cv_parcel_build ("layers");
  cv_json_add_text (message, "person", source->person);
  cv_json_add_text (message, "source", cv_source_type_to_text (source->type));
  json_builder_set_member_name (message, "rids");
  json_builder_begin_array (message);
  for (guint i = 0; i < source->n_tracks; i++)
    if (source->wanted & 1u << i)
      json_builder_add_string_value (message, source->tracks[i].rid[0] != '\0' ? source->tracks[i].rid : ONLY_LAYER);
  json_builder_end_array (message);
  tell (user_data, message);
}

static void
on_track (guint file, CvCodec codec, gint64 at, guint width, guint height, gpointer user_data)
{
  JsonBuilder *message = cv_parcel_build ("track");
  cv_json_add_int (message, "file", file);
  cv_json_add_text (message, "codec", cv_codec_get_name (codec));
  cv_json_add_int (message, "at", at);
  cv_json_add_int (message, "width", width);
  cv_json_add_int (message, "height", height);
  tell (user_data, message);
}

static void
on_clock (guint file, gint64 pts, gint64 ntp, gpointer user_data)
{
  JsonBuilder *message = cv_parcel_build ("clock");
  cv_json_add_int (message, "file", file);
  cv_json_add_int (message, "pts", pts);
  cv_json_add_int (message, "ntp", ntp);
  tell (user_data, message);
}

/* Where somebody waits for that it is an answer, else news. */
static void
on_recorded (guint file, const char *reason, guint64 bytes, gpointer user_data)
{
  CvControl *self = user_data;
  gpointer request = NULL;
  gboolean asked = g_hash_table_steal_extended (self->unrecords, GUINT_TO_POINTER (file), NULL, &request);
  JsonBuilder *message = asked ? cv_parcel_build_answer (GPOINTER_TO_SIZE (request)) : cv_parcel_build ("recorded");
  if (!asked) {
    cv_json_add_int (message, "file", file);
    cv_json_add_text (message, "reason", reason);
  }
  cv_json_add_int (message, "bytes", (gint64) bytes);
  tell (self, message);
}

static const CvRecorderFuncs recorder_funcs = { on_track, on_clock, on_recorded };
static const CvRouterFuncs router_funcs = { on_state, on_slots, on_speakers, on_layers };

static void
add_person (JsonBuilder *message, CvEndpoint *endpoint, gint64 now)
{
  CvStats stats;
  cv_stats_take (&stats, endpoint, now);
  json_builder_begin_object (message);
  cv_json_add_text (message, "person", endpoint->person);
  cv_json_add_int (message, "up", stats.up);
  cv_json_add_int (message, "down", stats.down);
  cv_json_add_double (message, "up_loss", stats.up_loss);
  cv_json_add_double (message, "down_loss", stats.down_loss);
  cv_json_add_int (message, "rtt", stats.rtt);
  cv_json_add_int (message, "estimate", stats.estimate);
  cv_json_add_int (message, "width", stats.width);
  cv_json_add_int (message, "slots", stats.slots);
  json_builder_end_object (message);
}

static gboolean
on_stats (gpointer user_data)
{
  CvControl *self = user_data;
  gint64 now = g_get_monotonic_time ();
  const GPtrArray *everyone = cv_router_get_endpoints (self->router);
  JsonBuilder *message = cv_parcel_build ("stats");
  cv_json_add_double (message, "cpu", cv_usage_take_cpu (now));
  cv_json_add_int (message, "rss", cv_usage_get_rss ());
  json_builder_set_member_name (message, "people");
  json_builder_begin_array (message);
  for (guint i = 0; i < everyone->len; i++) {
    CvEndpoint *endpoint = g_ptr_array_index (everyone, i);
    if (cv_endpoint_is_connected (endpoint))
      add_person (message, endpoint, now);
  }
  json_builder_end_array (message);
  tell (self, message);
  return G_SOURCE_CONTINUE;
}

/* ---- what is asked ---- */

/* What a message says; strings are borrowed. Handlers return FALSE where it is not as agreed. */
typedef gboolean (*Handler) (CvControl *self, CvParcel *message, CvJsonReader *reader);

static void
answer (CvControl *self, JsonBuilder *builder)
{
  cv_channel_send (self->channel, builder, NULL, 0);
}

/* NULL: one is no address. */
static char **
read_candidates (CvJsonReader *reader)
{
  JsonArray *array = cv_json_reader_objects (reader, "candidates", CV_ROUTER_MAX_CANDIDATES);
  g_autoptr (GStrvBuilder) candidates = g_strv_builder_new ();
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    CvJsonReader item;
    CvAddress address;
    cv_json_reader_init (&item, json_array_get_object_element (array, i));
    const char *text = cv_json_reader_text (&item, "address", 1, 45, FALSE);
    gint64 port = cv_json_reader_int (&item, "port", 1, 65535);
    if (!cv_json_reader_finish (&item, NULL) || !cv_address_parse (&address, text, (guint16) port))
      return NULL;
    g_autofree char *candidate = g_strdup_printf ("%s %d", text, (int) port);
    g_strv_builder_add (candidates, candidate);
  }
  return g_strv_builder_end (candidates);
}

static gboolean
handle_open (CvControl *self, CvParcel *message, CvJsonReader *reader)
{
  const char *room = cv_json_reader_id (reader, "room", "", 12);
  cv_json_reader_id (reader, "meeting", "m", 12);
  guint loudest = (guint) cv_json_reader_int (reader, "loudest", 1, CV_SPEAKERS_MAX);
  g_auto (GStrv) candidates = read_candidates (reader);
  int fds[MAX_FDS];
  if (reader->error != NULL || candidates == NULL || self->router != NULL || message->n_fds < 1)
    return FALSE;
  for (guint i = 0; i < message->n_fds; i++)
    fds[i] = cv_parcel_take_fd (message, i);
  g_strlcpy (self->room, room, sizeof self->room);
  CvRouterOptions options = {
    .fds = fds, .n_fds = message->n_fds, .candidates = candidates, .loudest = loudest, .recorder = self->recorder
  };
  self->loudest = loudest;
  self->router = cv_router_new (self->identity, &options, &router_funcs, self);
  self->stats = g_timeout_add (STATS_MS, on_stats, self);
  answer (self, cv_parcel_build_answer (message->id));
  return TRUE;
}

static void
read_may (CvJsonReader *reader, gboolean may[3])
{
  may[0] = cv_json_reader_bool (reader, "microphone");
  may[1] = cv_json_reader_bool (reader, "camera");
  may[2] = cv_json_reader_bool (reader, "screen");
}

/* The object "may". FALSE: that, or something before it, is not as it should be. */
static gboolean
read_may_member (CvJsonReader *reader, gboolean may[3])
{
  CvJsonReader inner;
  JsonObject *object = cv_json_reader_object (reader, "may");
  if (object == NULL || reader->error != NULL)
    return FALSE;
  cv_json_reader_init (&inner, object);
  read_may (&inner, may);
  return cv_json_reader_finish (&inner, NULL);
}

static const char *
get_error_id (const GError *error)
{
  if (g_error_matches (error, CV_ROUTER_ERROR, CV_ROUTER_ERROR_TOO_MANY))
    return "too-many";
  return g_error_matches (error, CV_SDP_ERROR, CV_SDP_ERROR_NO_CODEC) ? "no-codec" : "bad-sdp";
}

static gboolean
handle_join (CvControl *self, CvParcel *message, CvJsonReader *reader)
{
  gboolean may[3];
  const char *person = cv_json_reader_id (reader, "person", "p", 12);
  const char *offer = cv_json_reader_ascii (reader, "offer", CV_SDP_MAX_BYTES);
  if (!read_may_member (reader, may))
    return FALSE;
  if (self->phones != NULL)
    cv_phone_mix_forget (self->phones, person);
  g_autoptr (GError) error = NULL;
  g_autofree char *sdp = cv_router_join (self->router, person, offer, strlen (offer), &error);
  if (sdp == NULL) {
    cv_info (self->room, person, "an offer was refused: %s", error->message);
    cv_channel_send_error (self->channel, message->id, get_error_id (error), error->message);
    return TRUE;
  }
  cv_router_set_may (self->router, person, may[0], may[1], may[2]);
  JsonBuilder *builder = cv_parcel_build_answer (message->id);
  cv_json_add_text (builder, "answer", sdp);
  answer (self, builder);
  return TRUE;
}

/* Another bridge: who is on it is told anew. */
static gboolean
handle_phones (CvControl *self, CvParcel *message, CvJsonReader *reader)
{
  if (message->n_fds != 1)
    return FALSE;
  g_clear_pointer (&self->phones, cv_phone_mix_free);
  self->phones = cv_phone_mix_new (self->router, cv_parcel_take_fd (message, 0), self->loudest);
  return TRUE;
}

static gboolean
handle_phone (CvControl *self, CvParcel *message, CvJsonReader *reader)
{
  gboolean may[3];
  const char *person = cv_json_reader_id (reader, "person", "p", 12);
  guint32 number = (guint32) cv_json_reader_int (reader, "number", 1, G_MAXUINT32);
  if (!read_may_member (reader, may) || self->phones == NULL)
    return FALSE;
  if (cv_phone_mix_add (self->phones, person, number))
    cv_router_set_may (self->router, person, may[0], may[1], may[2]);
  else
    cv_info (self->room, person, "there are too many people for another caller");
  return TRUE;
}

static gboolean
handle_leave (CvControl *self, CvParcel *message, CvJsonReader *reader)
{
  const char *person = cv_json_reader_id (reader, "person", "p", 12);
  if (reader->error != NULL)
    return FALSE;
  if (self->phones != NULL)
    cv_phone_mix_forget (self->phones, person);
  cv_router_leave (self->router, person);
  return TRUE;
}

static gboolean
handle_may (CvControl *self, CvParcel *message, CvJsonReader *reader)
{
  gboolean may[3];
  const char *person = cv_json_reader_id (reader, "person", "p", 12);
  read_may (reader, may);
  if (reader->error != NULL)
    return FALSE;
  cv_router_set_may (self->router, person, may[0], may[1], may[2]);
  return TRUE;
}

static gboolean
read_tile (JsonObject *object, CvTile *tile)
{
  static const char *const sources[] = { "camera", "screen", NULL };
  static const CvSourceType types[] = { CV_SOURCE_CAMERA, CV_SOURCE_SCREEN };
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  const char *person = cv_json_reader_id (&reader, "person", "p", 12);
  int source = cv_json_reader_choice (&reader, "source", sources);
  tile->width = (guint) cv_json_reader_int (&reader, "width", 0, 16384);
  if (!cv_json_reader_finish (&reader, NULL))
    return FALSE;
  g_strlcpy (tile->person, person, sizeof tile->person);
  tile->source = types[source];
  return TRUE;
}

static gboolean
handle_view (CvControl *self, CvParcel *message, CvJsonReader *reader)
{
  CvTile tiles[CV_TILES_MAX];
  const char *person = cv_json_reader_id (reader, "person", "p", 12);
  JsonArray *array = cv_json_reader_objects (reader, "tiles", CV_TILES_MAX);
  if (reader->error != NULL)
    return FALSE;
  guint n = json_array_get_length (array);
  for (guint i = 0; i < n; i++)
    if (!read_tile (json_array_get_object_element (array, i), &tiles[i]))
      return FALSE;
  cv_router_set_view (self->router, person, tiles, n);
  return TRUE;
}

static gboolean
handle_spotlight (CvControl *self, CvParcel *message, CvJsonReader *reader)
{
  const char *person = cv_json_reader_null (reader, "person") ? NULL : cv_json_reader_id (reader, "person", "p", 12);
  if (reader->error != NULL)
    return FALSE;
  cv_router_set_spotlight (self->router, person);
  return TRUE;
}

static gboolean
handle_record (CvControl *self, CvParcel *message, CvJsonReader *reader)
{
  static const char *const sources[] = { "microphone", "camera", "screen", "screen-audio", NULL };
  guint file = (guint) cv_json_reader_int (reader, "file", 1, MAX_FILE);
  const char *person = cv_json_reader_id (reader, "person", "p", 12);
  int source = cv_json_reader_choice (reader, "source", sources);
  if (reader->error != NULL || message->n_fds != 1 || cv_recorder_has (self->recorder, file))
    return FALSE;
  CvEndpoint *endpoint = cv_router_find (self->router, person);
  if (endpoint == NULL) {
    cv_channel_send_error (self->channel, message->id, "not-found", "there is no such person");
    return TRUE;
  }
  CvSourceType type = (CvSourceType) source;
  if (!cv_recorder_record (self->recorder, file, person, type, endpoint->sources[type],
                           cv_parcel_take_fd (message, 0))) {
    cv_channel_send_error (self->channel, message->id, "too-many", "there are too many files, or one of it already");
    return TRUE;
  }
  answer (self, cv_parcel_build_answer (message->id));
  return TRUE;
}

static gboolean
handle_unrecord (CvControl *self, CvParcel *message, CvJsonReader *reader)
{
  guint file = (guint) cv_json_reader_int (reader, "file", 1, MAX_FILE);
  if (reader->error != NULL)
    return FALSE;
  if (!cv_recorder_has (self->recorder, file) || g_hash_table_contains (self->unrecords, GUINT_TO_POINTER (file))) {
    cv_channel_send_error (self->channel, message->id, "not-found", "there is no such file, or it is at its end");
    return TRUE;
  }
  g_hash_table_insert (self->unrecords, GUINT_TO_POINTER (file), GSIZE_TO_POINTER (message->id));
  cv_recorder_unrecord (self->recorder, file);
  return TRUE;
}

static gboolean
handle_close (CvControl *self, CvParcel *message, CvJsonReader *reader)
{
  self->over (FALSE, self->user_data);
  return TRUE;
}

/* `opens`: may come before there is a router; `asks`: wants an answer, which all others do not get. */
static const struct {
  const char *type;
  gboolean opens, asks;
  guint max_fds;
  Handler handle;
} handlers[] = {
  { "open", TRUE, TRUE, MAX_FDS, handle_open }, { "join", FALSE, TRUE, 0, handle_join },
  { "leave", FALSE, FALSE, 0, handle_leave },   { "may", FALSE, FALSE, 0, handle_may },
  { "view", FALSE, FALSE, 0, handle_view },     { "spotlight", FALSE, FALSE, 0, handle_spotlight },
  { "record", FALSE, TRUE, 1, handle_record },  { "unrecord", FALSE, TRUE, 0, handle_unrecord },
  { "phones", FALSE, FALSE, 1, handle_phones }, { "phone", FALSE, FALSE, 0, handle_phone },
  { "close", TRUE, FALSE, 0, handle_close },
};

gboolean
cv_control_handle (CvControl *self, CvParcel *message)
{
  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++) {
    CvJsonReader reader;
    if (g_strcmp0 (handlers[i].type, message->type) != 0)
      continue;
    if ((self->router == NULL && !handlers[i].opens) || (message->id > 0) != handlers[i].asks ||
        message->n_fds > handlers[i].max_fds)
      return FALSE;
    cv_json_reader_init (&reader, message->object);
    gboolean done = handlers[i].handle (self, message, &reader);
    return cv_json_reader_finish (&reader, NULL) && done;
  }
  return FALSE;
}

static void
on_channel_message (CvChannel *channel, CvParcel *message, gpointer user_data)
{
  CvControl *self = user_data;
  if (cv_control_handle (self, message))
    return;
  cv_warning (self->room, NULL, "a message of the daemon was not understood: %s",
              message->type != NULL ? message->type : "an answer");
  self->over (TRUE, self->user_data);
}

static void
on_channel_closed (CvChannel *channel, guint why, const char *text, gpointer user_data)
{
  CvControl *self = user_data;
  self->over (why != CV_CHANNEL_END_EOF, self->user_data);
}

CvControl *
cv_control_new (CvChannel *channel, CvDtlsIdentity *identity, CvControlFunc over, gpointer user_data)
{
  CvControl *self = g_new0 (CvControl, 1);
  self->channel = g_object_ref (channel);
  self->identity = identity;
  self->over = over;
  self->user_data = user_data;
  self->recorder = cv_recorder_new (&recorder_funcs, self);
  self->unrecords = g_hash_table_new (NULL, NULL);
  g_signal_connect (channel, "message", G_CALLBACK (on_channel_message), self);
  g_signal_connect (channel, "closed", G_CALLBACK (on_channel_closed), self);
  self->alive = cv_hello_keep_alive (channel);
  return self;
}

void
cv_control_free (CvControl *self)
{
  g_signal_handlers_disconnect_by_data (self->channel, self);
  g_source_remove (self->alive);
  if (self->stats != 0)
    g_source_remove (self->stats);
  g_clear_pointer (&self->phones, cv_phone_mix_free);
  g_clear_pointer (&self->router, cv_router_free);
  cv_recorder_free (self->recorder);
  g_hash_table_unref (self->unrecords);
  g_object_unref (self->channel);
  g_free (self);
}
