/* Frames with their time become a file; a disk that is too slow costs frames and nothing else. */
#include "media/tape.h"

#include "lib/mkv.h"
#include "lib/wait.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MS 1000
#define START (G_GINT64_CONSTANT (5000) * MS)

typedef struct {
  CvWriter *writer;
  CvTape *tape;
  char *path;
  guint ended;
  guint64 bytes;
} Fixture;

static void
on_ended (CvWriterFile *file, int error, guint64 bytes, gpointer user_data)
{
  Fixture *self = user_data;
  g_assert_cmpint (error, ==, 0);
  self->ended++;
  self->bytes = bytes;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->writer = cv_writer_new ();
  int fd = g_file_open_tmp ("cv-tape-XXXXXX", &self->path, NULL);
  self->tape = cv_tape_new (self->writer, fd, on_ended, self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  cv_tape_free (self->tape);
  g_assert_true (cv_writer_free (self->writer, 5 * G_USEC_PER_SEC));
  unlink (self->path);
  g_free (self->path);
}

static gboolean
add (Fixture *self, CvCodec codec, gint64 time, gboolean keyframe, gsize n)
{
  g_autofree guint8 *data = g_malloc0 (n);
  CvFrame frame = { .codec = codec, .data = data, .n = n, .keyframe = keyframe, .width = 320, .height = 180 };
  return cv_tape_add (self->tape, &frame, time, 1);
}

/* Finishes and reads it. */
static CvTestMkv *
read_whole (Fixture *self, char **text)
{
  gsize n = 0;
  cv_tape_finish (self->tape);
  cv_test_wait_until (self->ended > 0);
  g_assert_true (g_file_get_contents (self->path, text, &n, NULL));
  g_assert_cmpuint (n, ==, self->bytes);
  return cv_test_mkv_read ((const guint8 *) *text, n);
}

static void
test_times (Fixture *self, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_assert_false (cv_tape_has_begun (self->tape));
  g_assert_true (add (self, CV_CODEC_VP8, START, TRUE, 100));
  g_assert_cmpint (cv_tape_get_start (self->tape), ==, START);
  g_assert_true (add (self, CV_CODEC_VP8, START + 40 * MS, FALSE, 100));
  g_assert_true (add (self, CV_CODEC_VP8, START + 20 * MS, FALSE, 100)); /* never backwards */
  g_assert_true (add (self, CV_CODEC_VP8, START - 20 * MS, FALSE, 100));
  for (guint i = 0; i < 100; i++)
    g_assert_true (add (self, CV_CODEC_VP8, START + 1000 * MS + i * 40 * MS, i % 50 == 0, 2000));
  g_autoptr (CvTestMkv) mkv = read_whole (self, &text);
  static const gint64 times[] = { 0, 40, 41, 42, 1000, 1040 };
  g_assert_true (mkv->sized);
  g_assert_cmpuint (mkv->frames->len, ==, 104);
  g_assert_cmpuint (mkv->width, ==, 320);
  g_assert_cmpuint (mkv->clusters, ==, 2);
  g_assert_cmpfloat (mkv->duration, ==, 5000);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    g_assert_cmpint (cv_test_mkv_get (mkv, i)->time, ==, times[i]);
  g_assert_false (add (self, CV_CODEC_VP8, START + 6000 * MS, TRUE, 1)); /* over */
}

/* What was flushed is there, without an end. */
static void
test_flush (Fixture *self, gconstpointer data)
{
  add (self, CV_CODEC_OPUS, START, TRUE, 80);
  cv_tape_flush (self->tape);
  cv_tape_flush (self->tape);
  add (self, CV_CODEC_OPUS, START + 20 * MS, TRUE, 80);
  for (guint i = 0; i < 300; i++) {
    g_autofree char *text = NULL;
    gsize n = 0;
    g_assert_true (g_file_get_contents (self->path, &text, &n, NULL));
    g_autoptr (CvTestMkv) mkv = cv_test_mkv_read ((const guint8 *) text, n);
    if (mkv->frames->len == 1)
      return;
    g_usleep (10 * MS);
  }
  g_assert_not_reached ();
}

static void
test_empty (Fixture *self, gconstpointer data)
{
  cv_tape_finish (self->tape);
  cv_tape_finish (self->tape);
  cv_test_wait_until (self->ended > 0);
  g_assert_cmpuint (self->bytes, ==, 0);
}

/* Another file keeps the disk busy, always over the same place. */
static void
fill (Fixture *self, CvWriterFile *file)
{
  static guint8 piece[1024 * 1024];
  while (cv_writer_has_room (self->writer, sizeof piece, FALSE))
    cv_writer_patch (file, 0, piece, sizeof piece);
}

static void
ignore_end (CvWriterFile *file, int error, guint64 bytes, gpointer user_data)
{
}

static void
test_slow_disk (Fixture *self, gconstpointer data)
{
  g_autofree char *path = NULL, *text = NULL;
  close (g_file_open_tmp ("cv-tape-XXXXXX", &path, NULL));
  /* each write waits for the disk itself: that is slower than we are */
  CvWriterFile *file = cv_writer_open (self->writer, open (path, O_RDWR | O_DSYNC | O_CLOEXEC), ignore_end, NULL);
  g_assert_true (add (self, CV_CODEC_VP8, START, TRUE, 1000));
  guint tries = 0;
  do {
    fill (self, file);
    g_assert_cmpuint (++tries, <, 1000);
  } while (add (self, CV_CODEC_VP8, START + tries * MS, FALSE, 1024 * 1024));
  g_assert_true (cv_tape_needs_keyframe (self->tape));
  cv_test_wait_until (cv_writer_has_room (self->writer, CV_WRITER_MAX_QUEUE / 2, FALSE));
  g_assert_false (add (self, CV_CODEC_VP8, START + 2000 * MS, FALSE, 1000)); /* of no use any more */
  g_assert_cmpuint (cv_tape_get_left_out (self->tape), ==, 2);
  g_assert_true (add (self, CV_CODEC_VP8, START + 3000 * MS, TRUE, 1000));
  g_assert_false (cv_tape_needs_keyframe (self->tape));
  cv_writer_file_release (file);
  unlink (path);
  g_autoptr (CvTestMkv) mkv = read_whole (self, &text);
  g_assert_cmpuint (mkv->frames->len, ==, 1 + tries);
  g_assert_cmpint (cv_test_mkv_get (mkv, tries)->time, ==, 3000);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/tape/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("times", test_times);
  ADD ("flush", test_flush);
  ADD ("empty", test_empty);
  ADD ("slow-disk", test_slow_disk);
  return g_test_run ();
}
