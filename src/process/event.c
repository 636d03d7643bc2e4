/* What a media process tells: see event.h. Believes nothing. */
#include "process/event.h"

#include <string.h>

/* What participants can make the process say, in their RTCP and their pictures' headers, must not end it: such numbers are
 * cut off here, no matter how large. */
#define MAX_BITRATE 2000000000
#define MAX_WIDTH 65536
#define MAX_RTT_MS 600000
#define MAX_CORES 1024
#define MAX_RID 16

static const char *const STATES[] = { "connected", "failed", "lost", NULL };
static const char *const CODECS[] = { "opus", "VP8", "VP9", "H264", NULL };
static const char *const REASONS[] = { "full", "io", "codec", NULL };
static const char *const SLOT_ERRORS[] = { "no-codec", NULL };

static gboolean
all_of (const char *text, const char *letters)
{
  return text[strspn (text, letters)] == '\0';
}

static void
check (CvJsonReader *reader, const char *text, const char *letters, const char *name)
{
  if (text != NULL && !all_of (text, letters) && reader->error == NULL)
    g_set_error (&reader->error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "%s: forbidden character", name);
}

static guint
read_number (CvJsonReader *reader, const char *name, guint max)
{
  return (guint) MIN (cv_json_reader_int (reader, name, 0, G_MAXINT64), max);
}

static const char *
read_person (CvJsonReader *reader)
{
  return cv_json_reader_text (reader, "person", 1, CV_EVENT_MAX_PERSON, FALSE);
}

static void
read_state (CvEvent *self, CvJsonReader *reader)
{
  self->type = CV_EVENT_STATE;
  self->person = read_person (reader);
  self->state = (CvMediaState) cv_json_reader_choice (reader, "state", STATES);
  self->reason = "";
  if (cv_json_reader_has (reader, "reason"))
    self->reason = cv_json_reader_text (reader, "reason", 0, CV_PARCEL_MAX_NAME, FALSE);
  check (reader, self->reason, "abcdefghijklmnopqrstuvwxyz-", "reason");
}

/* FALSE with the error set. */
static gboolean
read_slot (CvMediaSlot *slot, JsonObject *object, GError **error)
{
  CvJsonReader reader;
  const char *mid;

  cv_json_reader_init (&reader, object);
  mid = cv_json_reader_text (&reader, "mid", 0, CV_MEDIA_MAX_MID, FALSE); /* "": the offer has none */
  *slot = (CvMediaSlot){ .person = read_person (&reader),
                         .source = (CvMediaSource) cv_json_reader_choice (&reader, "source", cv_media_sources),
                         .paused = cv_json_reader_bool (&reader, "paused") };
  if (cv_json_reader_has (&reader, "error"))
    slot->no_codec = cv_json_reader_choice (&reader, "error", SLOT_ERRORS) == 0;
  for (const char *at = mid; at != NULL && *at != '\0'; at++)
    if (!g_ascii_isgraph (*at))
      check (&reader, mid, "", "mid");
  if (!cv_json_reader_finish (&reader, error))
    return FALSE;
  g_strlcpy (slot->mid, mid, sizeof slot->mid);
  return TRUE;
}

static void
read_slots (CvEvent *self, CvJsonReader *reader)
{
  JsonArray *array = cv_json_reader_objects (reader, "slots", CV_MEDIA_MAX_SLOTS);

  self->type = CV_EVENT_SLOTS;
  self->person = read_person (reader);
  self->slots = g_array_new (FALSE, TRUE, sizeof (CvMediaSlot));
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    CvMediaSlot slot;

    if (reader->error == NULL && read_slot (&slot, json_array_get_object_element (array, i), &reader->error))
      g_array_append_val (self->slots, slot);
  }
}

/* Returns: (transfer full), ending in NULL: strings of the array. */
static GPtrArray *
list (JsonArray *array)
{
  GPtrArray *strings = g_ptr_array_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_ptr_array_add (strings, (char *) json_array_get_string_element (array, i));
  g_ptr_array_add (strings, NULL);
  return strings;
}

static void
read_speakers (CvEvent *self, CvJsonReader *reader)
{
  self->type = CV_EVENT_SPEAKERS;
  self->people = list (cv_json_reader_strings (reader, "people", CV_MEDIA_MAX_SPEAKERS, CV_EVENT_MAX_PERSON));
  for (guint i = 0; i + 1 < self->people->len; i++)
    if (*(const char *) self->people->pdata[i] == '\0')
      check (reader, " ", "", "people");
}

static void
read_layers (CvEvent *self, CvJsonReader *reader)
{
  self->type = CV_EVENT_LAYERS;
  self->person = read_person (reader);
  self->source = (CvMediaSource) cv_json_reader_choice (reader, "source", cv_media_sources);
  self->rids = list (cv_json_reader_strings (reader, "rids", CV_MEDIA_MAX_RIDS, MAX_RID));
  for (guint i = 0; i + 1 < self->rids->len; i++)
    for (const char *at = self->rids->pdata[i]; *at != '\0'; at++)
      if (!g_ascii_isalnum (*at) && *at != '-' && *at != '_')
        check (reader, at, "", "rids");
}

static gboolean
read_person_stats (CvMediaPersonStats *stats, JsonObject *object, GError **error)
{
  CvJsonReader reader;

  cv_json_reader_init (&reader, object);
  *stats = (CvMediaPersonStats){
    .person = read_person (&reader),
    .up = read_number (&reader, "up", MAX_BITRATE),
    .down = read_number (&reader, "down", MAX_BITRATE),
    .up_loss = cv_json_reader_number (&reader, "up_loss", 0, 1),
    .down_loss = cv_json_reader_number (&reader, "down_loss", 0, 1),
    .rtt = (int) MIN (cv_json_reader_int (&reader, "rtt", -1, G_MAXINT64), MAX_RTT_MS),
    .estimate = read_number (&reader, "estimate", MAX_BITRATE),
    .width = read_number (&reader, "width", MAX_WIDTH),
    .slots = (guint) cv_json_reader_int (&reader, "slots", 0, CV_MEDIA_MAX_SLOTS),
  };
  return cv_json_reader_finish (&reader, error);
}

static void
read_stats (CvEvent *self, CvJsonReader *reader)
{
  JsonArray *array = cv_json_reader_objects (reader, "people", CV_EVENT_MAX_PEOPLE);

  self->type = CV_EVENT_STATS;
  self->cpu = cv_json_reader_number (reader, "cpu", 0, MAX_CORES);
  self->rss = (guint) cv_json_reader_int (reader, "rss", 0, G_MAXINT);
  self->stats = g_array_new (FALSE, TRUE, sizeof (CvMediaPersonStats));
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    CvMediaPersonStats stats;

    if (reader->error == NULL && read_person_stats (&stats, json_array_get_object_element (array, i), &reader->error))
      g_array_append_val (self->stats, stats);
  }
}

static void
read_file (CvEvent *self, CvJsonReader *reader)
{
  self->file = (guint) cv_json_reader_int (reader, "file", 1, CV_MEDIA_MAX_FILE);
}

static void
read_track (CvEvent *self, CvJsonReader *reader)
{
  self->type = CV_EVENT_TRACK;
  read_file (self, reader);
  self->track = (CvMediaTrack){
    .codec = CODECS[MAX (cv_json_reader_choice (reader, "codec", CODECS), 0)],
    .at = cv_json_reader_int (reader, "at", 0, G_MAXINT64),
    .width = read_number (reader, "width", MAX_WIDTH),
    .height = read_number (reader, "height", MAX_WIDTH),
  };
}

static void
read_clock (CvEvent *self, CvJsonReader *reader)
{
  self->type = CV_EVENT_CLOCK;
  read_file (self, reader);
  self->pts = cv_json_reader_int (reader, "pts", 0, G_MAXINT64);
  self->ntp = cv_json_reader_int (reader, "ntp", 0, G_MAXINT64);
}

static void
read_recorded (CvEvent *self, CvJsonReader *reader)
{
  self->type = CV_EVENT_RECORDED;
  read_file (self, reader);
  self->reason = REASONS[MAX (cv_json_reader_choice (reader, "reason", REASONS), 0)];
  self->bytes = (guint64) cv_json_reader_int (reader, "bytes", 0, G_MAXINT64);
}

static const struct {
  const char *type;
  void (*read) (CvEvent *, CvJsonReader *);
} TYPES[] = {
  { "state", read_state }, { "slots", read_slots }, { "speakers", read_speakers }, { "layers", read_layers },
  { "stats", read_stats }, { "track", read_track }, { "clock", read_clock },       { "recorded", read_recorded },
};

gboolean
cv_event_parse (CvEvent *self, const CvParcel *parcel, GError **error)
{
  CvJsonReader reader;

  *self = (CvEvent){ 0 };
  if (parcel->id > 0 || parcel->n_fds > 0 || parcel->type == NULL) {
    g_set_error_literal (error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "asks, or brings descriptors");
    return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (TYPES); i++)
    if (g_str_equal (parcel->type, TYPES[i].type)) {
      cv_json_reader_init (&reader, parcel->object);
      TYPES[i].read (self, &reader);
      return cv_json_reader_finish (&reader, error);
    }
  g_set_error_literal (error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "unknown type");
  return FALSE;
}

void
cv_event_clear (CvEvent *self)
{
  g_clear_pointer (&self->slots, g_array_unref);
  g_clear_pointer (&self->people, g_ptr_array_unref);
  g_clear_pointer (&self->rids, g_ptr_array_unref);
  g_clear_pointer (&self->stats, g_array_unref);
}
