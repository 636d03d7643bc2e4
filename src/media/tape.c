/* See tape.h. */
#include "media/tape.h"

#include "media/matroska.h"

/* what is handed over at once, whatever the time */
#define PIECE (64 * 1024)
/* between two frames; what is sent at one time stays in its order */
#define LEAST_STEP_US 1000
/* of pictures that do not say; their decoders know better */
#define USUAL_WIDTH 640
#define USUAL_HEIGHT 360

struct _CvTape {
  CvWriter *writer;
  CvWriterFile *file;
  CvMatroska *matroska; /* NULL: not begun */
  GByteArray *out;
  gint64 start; /* µs of our clock: where the file begins */
  gint64 last;  /* µs in the file: of the last frame */
  gboolean leaves_out, finished;
  guint64 left_out;
};

CvTape *
cv_tape_new (CvWriter *writer, int fd, CvWriterFunc ended, gpointer user_data)
{
  CvTape *self = g_new0 (CvTape, 1);
  self->writer = writer;
  self->file = cv_writer_open (writer, fd, ended, user_data);
  self->out = g_byte_array_new ();
  return self;
}

void
cv_tape_free (CvTape *self)
{
  cv_writer_file_release (self->file);
  g_clear_pointer (&self->matroska, cv_matroska_free);
  g_byte_array_unref (self->out);
  g_free (self);
}

static void
begin (CvTape *self, const CvFrame *frame, gint64 time, guint channels)
{
  CvMatroskaTrack track = { .codec = frame->codec,
                            .channels = channels,
                            .width = frame->width > 0 ? frame->width : USUAL_WIDTH,
                            .height = frame->height > 0 ? frame->height : USUAL_HEIGHT,
                            .private_data = frame->config,
                            .private_n = frame->config_n };
  self->matroska = cv_matroska_new (&track, self->out);
  self->start = time;
  self->last = -LEAST_STEP_US;
}

gboolean
cv_tape_add (CvTape *self, const CvFrame *frame, gint64 time, guint channels)
{
  gboolean sound = cv_codec_get_kind (frame->codec) == CV_KIND_AUDIO;
  if (self->finished)
    return FALSE;
  if ((self->leaves_out && !frame->keyframe) || !cv_writer_has_room (self->writer, frame->n + self->out->len, sound)) {
    self->leaves_out = TRUE;
    self->left_out++;
    return FALSE;
  }
  self->leaves_out = FALSE;
  if (self->matroska == NULL)
    begin (self, frame, time, channels);
  gint64 pts = MAX (time - self->start, self->last + LEAST_STEP_US);
  CvMatroskaPatch patch;
  gboolean patches = cv_matroska_add (self->matroska, self->out, pts, frame->keyframe, frame->data, frame->n, &patch);
  self->last = pts;
  if (patches || self->out->len >= PIECE)
    cv_tape_flush (self);
  if (patches)
    cv_writer_patch (self->file, patch.at, patch.data, patch.n);
  return TRUE;
}

gboolean
cv_tape_has_begun (const CvTape *self)
{
  return self->matroska != NULL;
}

gint64
cv_tape_get_start (const CvTape *self)
{
  return self->start;
}

gboolean
cv_tape_needs_keyframe (const CvTape *self)
{
  return self->leaves_out;
}

guint64
cv_tape_get_left_out (const CvTape *self)
{
  return self->left_out;
}

void
cv_tape_flush (CvTape *self)
{
  if (self->out->len == 0)
    return;
  cv_writer_append (self->file, self->out);
  self->out = g_byte_array_new ();
}

void
cv_tape_finish (CvTape *self)
{
  CvMatroskaPatch patches[CV_MATROSKA_PATCHES];
  if (self->finished)
    return;
  self->finished = TRUE;
  guint n = self->matroska != NULL ? cv_matroska_finish (self->matroska, self->out, patches) : 0;
  cv_tape_flush (self);
  for (guint i = 0; i < n; i++)
    cv_writer_patch (self->file, patches[i].at, patches[i].data, patches[i].n);
  cv_writer_close (self->file);
}
