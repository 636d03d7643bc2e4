/* See join.h. Frames have the time that their number says: Matroska's milliseconds would add up to a drift. */
#include "render/join.h"

#include "render/failure.h"
#include "render/feed.h"
#include "render/mp4.h"
#include "render/sound.h"

#include <unistd.h>

/* of AAC; the encoder begins with so many samples that are not of the sound: one frame, which is left out */
#define AAC_FRAME 1024
#define AAC_PRIMING 1
#define RATE 48000

/* Frames of a stream, in order. */
typedef struct {
  CvDesk *desk;
  const CvFilm *film; /* NULL: it is the sound */
  CvFootage *footage; /* NULL: at the end */
  guint piece;        /* the next one */
  gint64 number;      /* of the next frame */
  CvMatroskaFrame frame;
  gboolean ready;
} Stream;

static GstClockTime
get_time (const Stream *self, gint64 number)
{
  return self->film != NULL ? gst_util_uint64_scale ((guint64) number, GST_SECOND, self->film->fps)
                            : gst_util_uint64_scale ((guint64) number, GST_SECOND * AAC_FRAME, RATE);
}

/* FALSE with an error; at the end there is no footage. */
static gboolean
open_next (Stream *self, GError **error)
{
  g_clear_pointer (&self->footage, cv_footage_free);
  if (self->film == NULL || self->piece >= self->film->n_pieces)
    return TRUE;
  g_autofree char *path = cv_film_piece (self->desk, self->piece++);
  self->footage = cv_footage_open (path, error);
  return self->footage != NULL;
}

static gboolean
advance (Stream *self, GError **error)
{
  self->ready = FALSE;
  while (self->footage != NULL && !(self->ready = cv_footage_next (self->footage, &self->frame)))
    if (!open_next (self, error))
      return FALSE;
  return TRUE;
}

static gboolean
stream_begin (Stream *self, CvDesk *desk, const CvFilm *film, GError **error)
{
  *self = (Stream){ .desk = desk, .film = film };
  if (film != NULL)
    return open_next (self, error) && advance (self, error);
  g_autofree char *path = cv_sound_path (desk);
  self->footage = cv_footage_open (path, error);
  for (guint i = 0; self->footage != NULL && i <= AAC_PRIMING; i++)
    self->ready = cv_footage_next (self->footage, &self->frame);
  return self->footage != NULL;
}

static GstCaps *
make_caps (const Stream *self)
{
  const CvMatroskaTrack *track = &self->footage->track;
  g_autoptr (GstBuffer) setup = gst_buffer_new_memdup (track->setup, track->n_setup);
  if (self->film == NULL)
    return gst_caps_new_simple ("audio/mpeg", "mpegversion", G_TYPE_INT, 4, "stream-format", G_TYPE_STRING, "raw",
                                "framed", G_TYPE_BOOLEAN, TRUE, "rate", G_TYPE_INT, RATE, "channels", G_TYPE_INT, 2,
                                "codec_data", GST_TYPE_BUFFER, setup, NULL);
  return gst_caps_new_simple ("video/x-h264", "stream-format", G_TYPE_STRING, "avc", "alignment", G_TYPE_STRING, "au",
                              "width", G_TYPE_INT, (int) track->width, "height", G_TYPE_INT, (int) track->height,
                              "framerate", GST_TYPE_FRACTION, (int) self->film->fps, 1, "pixel-aspect-ratio",
                              GST_TYPE_FRACTION, 1, 1, "codec_data", GST_TYPE_BUFFER, setup, NULL);
}

static gboolean
push_next (Stream *self, CvFeed *feed, guint input, GError **error)
{
  GstBuffer *buffer = gst_buffer_new_memdup (self->frame.bytes, self->frame.n);
  GST_BUFFER_PTS (buffer) = GST_BUFFER_DTS (buffer) = get_time (self, self->number);
  GST_BUFFER_DURATION (buffer) = get_time (self, self->number + 1) - GST_BUFFER_PTS (buffer);
  if (self->film != NULL && !self->frame.key)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  self->number++;
  if (!cv_feed_push (feed, input, buffer, error) || !advance (self, error))
    return FALSE;
  if (self->film == NULL && get_time (self, self->number) >= (guint64) self->desk->programme->duration * 1000)
    self->ready = FALSE; /* the encoder rounded up */
  return TRUE;
}

static gboolean
push_all (Stream *streams, guint n, CvFeed *feed, GError **error)
{
  for (;;) {
    Stream *next = NULL;
    for (guint i = 0; i < n; i++)
      if (streams[i].ready &&
          (next == NULL || get_time (&streams[i], streams[i].number) < get_time (next, next->number)))
        next = &streams[i];
    if (next == NULL)
      return cv_feed_finish (feed, error);
    double done = (double) get_time (next, next->number) / 1000 / (double) MAX (next->desk->programme->duration, 1);
    if (!cv_desk_go_on (next->desk, done * 0.8, error) || !push_next (next, feed, (guint) (next - streams), error))
      return FALSE;
  }
}

static gboolean
join (CvDesk *desk, Stream *streams, guint n, const char *raw, GError **error)
{
  static const char *const inputs[] = { "audio", "video" };
  CvRecipe recipe = n == 2 ? CV_RECIPE_JOIN_MOVIE : CV_RECIPE_JOIN_SOUND;
  g_autoptr (CvFeed) feed = cv_feed_new (cv_kit_get (desk->kit, recipe), NULL, 0, raw, error);
  for (guint i = 0; feed != NULL && i < n; i++) {
    g_autoptr (GstCaps) caps = make_caps (&streams[i]);
    if (!cv_feed_add (feed, inputs[i], caps, error))
      return FALSE;
  }
  return feed != NULL && push_all (streams, n, feed, error);
}

/* `film`: NULL: the sound alone. */
static gboolean
make (CvDesk *desk, const CvFilm *film, const char *path, GError **error)
{
  g_autofree char *raw = g_strdup_printf ("%s/joined.mp4", desk->folder), *part = cv_deposit_part (path);
  Stream streams[2] = { 0 };
  gboolean done = stream_begin (&streams[0], desk, NULL, error) &&
                  (film == NULL || stream_begin (&streams[1], desk, film, error)) &&
                  join (desk, streams, film != NULL ? 2 : 1, raw, error) &&
                  cv_mp4_finish (raw, part, desk->programme->chapters, error) && cv_deposit_commit (path, error) &&
                  cv_desk_mark (desk, path, error);
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    g_clear_pointer (&streams[i].footage, cv_footage_free);
  unlink (raw);
  return done;
}

gboolean
cv_join_movie (CvDesk *desk, const CvFilm *film, GError **error)
{
  g_autofree char *path = cv_desk_path (desk, "meeting.mp4");
  return (cv_desk_is_marked (desk, path) || make (desk, film, path, error)) &&
         cv_desk_deliver (desk, path, "video", NULL, 0, desk->programme->duration, error);
}

gboolean
cv_join_sound (CvDesk *desk, GError **error)
{
  g_autofree char *path = cv_desk_path (desk, "audio.m4a");
  return (cv_desk_is_marked (desk, path) || make (desk, NULL, path, error)) &&
         cv_desk_deliver (desk, path, "audio", NULL, 0, desk->programme->duration, error);
}
