/* What a conclave-render tells: see render-news.h. Believes nothing. */
#include "process/render-news.h"

#include "base/ids.h"

#include <string.h>

#define TRACKS "tracks/"
#define MAX_STAGE 32
#define MAX_BYTES (G_GINT64_CONSTANT (1) << 50)
#define MAX_MS (G_GINT64_CONSTANT (30) * 24 * 3600 * 1000)
#define HASH_DIGITS (2 * CV_HASH_BYTES)

#define TRACK 0 /* the first of these */
static const char *const KINDS[] = { "track",    "video",    "audio",    "sound",    "poster", "thumbnails",
                                     "waveform", "chapters", "timeline", "manifest", NULL };
static const char *const SOURCES[] = { "microphone", "camera", "screen", "screen-audio", NULL };

static void
refuse (CvJsonReader *reader, const char *text)
{
  if (reader->error == NULL)
    g_set_error_literal (&reader->error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, text);
}

static void
check (CvJsonReader *reader, const char *text, const char *letters, const char *error)
{
  if (text != NULL && text[strspn (text, letters)] != '\0')
    refuse (reader, error);
}

/* Of a file in the one folder or the other; never a path, nor a name that is hidden. */
static void
read_name (CvRenderFile *self, CvJsonReader *reader, gboolean track)
{
  const char *name = cv_json_reader_text (reader, "name", 1, strlen (TRACKS) + CV_RENDER_MAX_FILE_NAME, FALSE);

  if (name == NULL)
    return;
  if (track && g_str_has_prefix (name, TRACKS))
    name += strlen (TRACKS);
  if (*name == '\0' || *name == '.' || strlen (name) > CV_RENDER_MAX_FILE_NAME)
    refuse (reader, "name: not that of a file");
  check (reader, name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-", "name: forbidden character");
  self->name = g_strconcat (track ? TRACKS : "", name, NULL);
}

static gint64
read_ms (CvJsonReader *reader, const char *name)
{
  return cv_json_reader_has (reader, name) ? (gint64) cv_json_reader_number (reader, name, 0, MAX_MS) : 0;
}

static void
read_file (CvRenderNews *self, CvJsonReader *reader)
{
  CvRenderFile *file = &self->file;
  int which = cv_json_reader_choice (reader, "kind", KINDS);
  int source = -1;

  self->type = CV_RENDER_NEWS_FILE;
  file->kind = which >= 0 ? KINDS[which] : NULL;
  read_name (file, reader, which == TRACK);
  file->bytes = cv_json_reader_int (reader, "bytes", 0, MAX_BYTES);
  file->sha256 = cv_json_reader_text (reader, "sha256", HASH_DIGITS, HASH_DIGITS, FALSE);
  check (reader, file->sha256, G_CSET_DIGITS "abcdef", "sha256: not hexadecimal");
  file->person = file->source = "";
  if (cv_json_reader_has (reader, "person"))
    file->person = cv_json_reader_id (reader, "person", "p", CV_ID_LETTERS);
  if (cv_json_reader_has (reader, "source") && (source = cv_json_reader_choice (reader, "source", SOURCES)) >= 0)
    file->source = SOURCES[source];
  file->begins = read_ms (reader, "t");
  file->duration = read_ms (reader, "duration");
}

static void
read_progress (CvRenderNews *self, CvJsonReader *reader)
{
  self->type = CV_RENDER_NEWS_PROGRESS;
  self->stage = cv_json_reader_text (reader, "stage", 1, MAX_STAGE, FALSE);
  check (reader, self->stage, G_CSET_a_2_z "-", "stage: forbidden character");
  self->done = cv_json_reader_number (reader, "done", 0, 1);
}

static void
read_done (CvRenderNews *self, CvJsonReader *reader)
{
  self->type = CV_RENDER_NEWS_DONE;
  self->duration = (gint64) cv_json_reader_number (reader, "duration", 0, MAX_MS);
}

static void
read_failed (CvRenderNews *self, CvJsonReader *reader)
{
  self->type = CV_RENDER_NEWS_FAILED;
  self->error = cv_json_reader_text (reader, "error", 1, CV_PARCEL_MAX_NAME, FALSE);
  check (reader, self->error, G_CSET_a_2_z "-", "error: forbidden character");
  self->text = cv_json_reader_text (reader, "text", 0, CV_PARCEL_MAX_TEXT, FALSE);
}

gboolean
cv_render_news_parse (CvRenderNews *self, const CvParcel *parcel, GError **error)
{
  CvJsonReader reader;

  *self = (CvRenderNews){ 0 };
  cv_json_reader_init (&reader, parcel->object);
  if (parcel->id > 0 || parcel->n_fds > 0 || parcel->type == NULL)
    refuse (&reader, "asks, or brings descriptors");
  else if (g_str_equal (parcel->type, "progress"))
    read_progress (self, &reader);
  else if (g_str_equal (parcel->type, "file"))
    read_file (self, &reader);
  else if (g_str_equal (parcel->type, "done"))
    read_done (self, &reader);
  else if (g_str_equal (parcel->type, "failed"))
    read_failed (self, &reader);
  else
    refuse (&reader, "unknown type");
  return cv_json_reader_finish (&reader, error);
}

void
cv_render_news_clear (CvRenderNews *self)
{
  g_clear_pointer (&self->file.name, g_free);
}
