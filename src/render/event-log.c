/* See event-log.h. */
#include "render/event-log.h"

#include "base/ids.h"
#include "base/json.h"

#include <string.h>

/* ms; a week */
#define MAX_T (G_GINT64_CONSTANT (7) * 24 * 3600 * 1000)
/* µs; what a sender's clock may say */
#define MAX_NTP (G_GINT64_CONSTANT (1) << 60)
#define MAX_SEGMENT 100000
#define MAX_NAME 200
#define MAX_TITLE 300

static const char *const sources[] = { "microphone", "camera", "screen", "screen-audio", NULL };

const char *
cv_track_source_to_text (CvTrackSource source)
{
  return sources[source];
}

gboolean
cv_track_name_parse (const char *name, guint *segment, char person[16], CvTrackSource *source)
{
  g_auto (GStrv) parts = g_strsplit (name, "-", 6);
  guint n = g_strv_length (parts), last = n - 1;
  guint64 number;
  if (n < 4 || n > 5 || strlen (name) > 80 || !g_str_has_suffix (name, ".mkv") ||
      !g_ascii_string_to_unsigned (parts[0], 10, 1, MAX_SEGMENT, &number, NULL) || !cv_id_is_valid (parts[1], "p"))
    return FALSE;
  *segment = (guint) number;
  g_strlcpy (person, parts[1], 16);
  parts[last][strlen (parts[last]) - strlen (".mkv")] = '\0';
  if (!g_ascii_string_to_unsigned (parts[last], 10, 1, G_MAXUINT32, &number, NULL))
    return FALSE;
  g_autofree char *text = n == 5 ? g_strdup_printf ("%s-%s", parts[2], parts[3]) : g_strdup (parts[2]);
  for (guint i = 0; i < CV_N_TRACK_SOURCES; i++)
    if (g_str_equal (sources[i], text)) {
      *source = (CvTrackSource) i;
      return TRUE;
    }
  return FALSE;
}

static const char *
keep (CvEventLog *self, const char *text)
{
  return text != NULL ? g_string_chunk_insert_const (self->texts, text) : NULL;
}

static const char *
read_person (CvEventLog *self, CvJsonReader *reader)
{
  return keep (self, cv_json_reader_id (reader, "person", "p", 12));
}

/* ---- One function a type: FALSE where the reader's error does not say it ---- */

static gboolean
read_start (CvEventLog *self, CvJsonReader *reader, CvLogEvent *event)
{
  event->named.text =
    cv_json_reader_has (reader, "title") ? keep (self, cv_json_reader_text (reader, "title", 0, MAX_TITLE, TRUE)) : "";
  return TRUE;
}

static gboolean
read_segment (CvEventLog *self, CvJsonReader *reader, CvLogEvent *event)
{
  event->segment.number = (guint) cv_json_reader_int (reader, "segment", 1, MAX_SEGMENT);
  return TRUE;
}

static gboolean
read_segment_end (CvEventLog *self, CvJsonReader *reader, CvLogEvent *event)
{
  event->segment.number = (guint) cv_json_reader_int (reader, "segment", 1, MAX_SEGMENT);
  event->segment.lost = g_strcmp0 (cv_json_reader_text (reader, "reason", 0, 32, FALSE), "lost") == 0;
  return TRUE;
}

static gboolean
read_named_person (CvEventLog *self, CvJsonReader *reader, CvLogEvent *event)
{
  event->person = read_person (self, reader);
  event->named.text = keep (self, cv_json_reader_text (reader, "name", 0, MAX_NAME, FALSE));
  event->named.stage = !cv_json_reader_has (reader, "stage") || cv_json_reader_bool (reader, "stage");
  return TRUE;
}

static gboolean
read_leave (CvEventLog *self, CvJsonReader *reader, CvLogEvent *event)
{
  event->person = read_person (self, reader);
  return TRUE;
}

static gboolean
read_consent (CvEventLog *self, CvJsonReader *reader, CvLogEvent *event)
{
  static const char *const answers[] = { "announced", "agreed", "refused", "withdrawn", NULL };
  event->person = read_person (self, reader);
  int answer = cv_json_reader_choice (reader, "answer", answers);
  event->recorded = answer == 0 || answer == 1;
  return TRUE;
}

static gboolean
read_sending (CvEventLog *self, CvJsonReader *reader, CvLogEvent *event)
{
  event->person = read_person (self, reader);
  event->sending.microphone = cv_json_reader_bool (reader, "microphone");
  event->sending.camera = cv_json_reader_bool (reader, "camera");
  event->sending.screen = cv_json_reader_bool (reader, "screen");
  return TRUE;
}

static const char *
read_file (CvEventLog *self, CvJsonReader *reader, guint *segment, CvTrackSource *source, char person[16])
{
  const char *file = cv_json_reader_ascii (reader, "file", 80);
  return file != NULL && cv_track_name_parse (file, segment, person, source) ? keep (self, file) : NULL;
}

/* Its name says who and what; what the line says of that beside is not needed. */
static gboolean
read_track (CvEventLog *self, CvJsonReader *reader, CvLogEvent *event)
{
  char person[16] = "";
  event->track.file = read_file (self, reader, &event->track.segment, &event->track.source, person);
  event->person = keep (self, person);
  return event->track.file != NULL;
}

static gboolean
read_clock (CvEventLog *self, CvJsonReader *reader, CvLogEvent *event)
{
  char person[16];
  guint segment;
  CvTrackSource source;
  event->clock.file = read_file (self, reader, &segment, &source, person);
  event->clock.pts = cv_json_reader_int (reader, "pts", -MAX_T * 1000, MAX_T * 1000);
  event->clock.ntp = cv_json_reader_int (reader, "ntp", -MAX_NTP, MAX_NTP);
  return event->clock.file != NULL;
}

static gboolean
read_speaker (CvEventLog *self, CvJsonReader *reader, CvLogEvent *event)
{
  JsonArray *people = cv_json_reader_strings (reader, "people", 64, 32);
  guint n = 0;
  for (guint i = 0; people != NULL && i < json_array_get_length (people) && n < CV_LOG_MAX_SPEAKERS; i++)
    if (cv_id_is_valid (json_array_get_string_element (people, i), "p"))
      event->people[n++] = keep (self, json_array_get_string_element (people, i));
  return TRUE;
}

static gboolean
read_spotlight (CvEventLog *self, CvJsonReader *reader, CvLogEvent *event)
{
  event->person = cv_json_reader_null (reader, "person") ? NULL : read_person (self, reader);
  return TRUE;
}

static gboolean
read_chapter (CvEventLog *self, CvJsonReader *reader, CvLogEvent *event)
{
  event->named.text = keep (self, cv_json_reader_text (reader, "title", 1, MAX_TITLE, FALSE));
  return TRUE;
}

static gboolean
read_stop (CvEventLog *self, CvJsonReader *reader, CvLogEvent *event)
{
  return TRUE;
}

static const struct {
  const char *name;
  gboolean (*read) (CvEventLog *self, CvJsonReader *reader, CvLogEvent *event);
} types[] = {
  [CV_LOG_START] = { "start", read_start },
  [CV_LOG_SEGMENT] = { "segment", read_segment },
  [CV_LOG_SEGMENT_END] = { "segment-end", read_segment_end },
  [CV_LOG_PERSON] = { "person", read_named_person },
  [CV_LOG_LEAVE] = { "leave", read_leave },
  [CV_LOG_CONSENT] = { "consent", read_consent },
  [CV_LOG_SENDING] = { "sending", read_sending },
  [CV_LOG_TRACK] = { "track", read_track },
  [CV_LOG_CLOCK] = { "clock", read_clock },
  [CV_LOG_SPEAKER] = { "speaker", read_speaker },
  [CV_LOG_SPOTLIGHT] = { "spotlight", read_spotlight },
  [CV_LOG_CHAPTER] = { "chapter", read_chapter },
  [CV_LOG_STOP] = { "stop", read_stop },
};

static int
find_type (const char *name)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (types[i].name, name))
      return (int) i;
  return -1;
}

/* FALSE: it is not understood. An unknown type is. */
static gboolean
read_line (CvEventLog *self, const char *line, gsize n)
{
  g_autoptr (JsonObject) object = cv_json_parse (line, n, NULL);
  CvJsonReader reader;
  CvLogEvent event = { 0 };
  if (object == NULL)
    return FALSE;
  cv_json_reader_init (&reader, object);
  event.t = (gint64) (cv_json_reader_number (&reader, "t", 0, MAX_T) * 1000);
  int type = find_type (cv_json_reader_text (&reader, "type", 1, 32, FALSE));
  gboolean good = reader.error == NULL;
  if (good && type >= 0) {
    event.type = (CvLogType) type;
    good = types[type].read (self, &reader, &event) && reader.error == NULL;
    if (good)
      g_array_append_val (self->events, event);
  }
  cv_json_reader_finish (&reader, NULL); /* members that nobody knows are none of our business */
  return good;
}

CvEventLog *
cv_event_log_parse (const char *text, gsize n)
{
  CvEventLog *self = g_new0 (CvEventLog, 1);
  self->events = g_array_new (FALSE, FALSE, sizeof (CvLogEvent));
  self->texts = g_string_chunk_new (4096);
  for (const char *at = text, *end = text + n; at < end && self->events->len < CV_LOG_MAX_EVENTS;) {
    const char *stop = memchr (at, '\n', (gsize) (end - at));
    gsize length = (gsize) ((stop != NULL ? stop : end) - at);
    if (length > 0 && (length > CV_LOG_MAX_LINE || !read_line (self, at, length)))
      self->skipped++;
    at += length + 1;
  }
  return self;
}

void
cv_event_log_free (CvEventLog *self)
{
  g_array_unref (self->events);
  g_string_chunk_free (self->texts);
  g_free (self);
}
