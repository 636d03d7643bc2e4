/* Which source goes to which file, whenever either comes; and that the end waits for what is not written yet. */
#include "media/recorder.h"

#include "lib/log.h"
#include "lib/mkv.h"
#include "lib/wait.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define ALICE "paaaaaaaaaaaa"
#define BOB "pbbbbbbbbbbbb"

typedef struct {
  CvRecorder *recorder;
  GString *news;
  char *path;
} Fixture;

static void
on_track (guint file, CvCodec codec, gint64 at, guint width, guint height, gpointer user_data)
{
  g_string_append_printf (((Fixture *) user_data)->news, "track %u ", file);
}

static void
on_clock (guint file, gint64 pts, gint64 ntp, gpointer user_data)
{
  g_string_append_printf (((Fixture *) user_data)->news, "clock %u ", file);
}

static void
on_ended (guint file, const char *reason, guint64 bytes, gpointer user_data)
{
  g_string_append_printf (((Fixture *) user_data)->news, "ended %u %s ", file, reason);
}

static const CvRecorderFuncs funcs = { on_track, on_clock, on_ended };

static void
set_up (Fixture *self, gconstpointer data)
{
  self->news = g_string_new (NULL);
  self->recorder = cv_recorder_new (&funcs, self);
  close (g_file_open_tmp ("cv-recorder-XXXXXX", &self->path, NULL));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->recorder, cv_recorder_free);
  unlink (self->path);
  g_free (self->path);
  g_string_free (self->news, TRUE);
}

static CvSource *
make_source (const char *person)
{
  CvSdpMedia media = { .kind = CV_KIND_AUDIO, .mid = "0", .sends = TRUE };
  CvSource *source = cv_source_new (CV_SOURCE_MICROPHONE, person, &media);
  source->tracks[0].ssrc = 1;
  source->may = TRUE;
  return source;
}

static int
open_file (Fixture *self)
{
  return open (self->path, O_RDWR | O_CLOEXEC | O_TRUNC);
}

static void
put_sound (CvSource *source, guint n)
{
  for (guint i = 0; i < n; i++) {
    guint8 data[40] = { 0x80 };
    CvPacket packet = { .data = data,
                        .n = sizeof data,
                        .header_n = 12,
                        .index = 1000 + i,
                        .timestamp = i * 960,
                        .codec = CV_CODEC_OPUS,
                        .at = g_get_monotonic_time () + i * 20000 };
    cv_recording_packet (source->recording, &source->tracks[0], &packet);
  }
}

static guint
count_frames (Fixture *self)
{
  g_autofree char *text = NULL;
  gsize n = 0;
  g_assert_true (g_file_get_contents (self->path, &text, &n, NULL));
  g_autoptr (CvTestMkv) mkv = cv_test_mkv_read ((const guint8 *) text, n);
  return mkv->frames->len;
}

static void
test_files (Fixture *self, gconstpointer data)
{
  CvSource *alice = make_source (ALICE), *bob = make_source (BOB);
  /* Bob is in before, Alice comes later. */
  g_assert_true (cv_recorder_record (self->recorder, 1, ALICE, CV_SOURCE_MICROPHONE, NULL, open_file (self)));
  g_assert_true (cv_recorder_record (self->recorder, 2, BOB, CV_SOURCE_MICROPHONE, bob, open ("/dev/null", O_RDWR)));
  g_assert_nonnull (bob->recording);
  cv_recorder_attach (self->recorder, alice);
  g_assert_nonnull (alice->recording);
  g_assert_true (cv_recorder_has (self->recorder, 2));
  g_assert_false (cv_recorder_has (self->recorder, 3));
  /* One of it is enough. */
  g_assert_false (cv_recorder_record (self->recorder, 3, BOB, CV_SOURCE_MICROPHONE, bob, open_file (self)));
  put_sound (alice, 50);
  g_assert_cmpstr (self->news->str, ==, "track 1 ");
  cv_test_wait_until (count_frames (self) == 50);
  cv_recorder_unrecord (self->recorder, 1);
  g_assert_null (alice->recording);
  /* While the former is being closed another may begin. */
  g_assert_true (
    cv_recorder_record (self->recorder, 3, ALICE, CV_SOURCE_MICROPHONE, alice, open ("/dev/null", O_RDWR)));
  cv_test_wait_until (strcmp (self->news->str, "track 1 ended 1  ") == 0);
  g_assert_false (cv_recorder_has (self->recorder, 1));
  cv_source_free (alice);
  cv_source_free (bob);
}

static void
test_errors (Fixture *self, gconstpointer data)
{
  CvSource *alice = make_source (ALICE);
  g_assert_true (
    cv_recorder_record (self->recorder, 9, ALICE, CV_SOURCE_MICROPHONE, alice, open ("/dev/full", O_RDWR)));
  put_sound (alice, 50);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*file 9 cannot be written*");
  cv_test_wait_until (strstr (self->news->str, "ended") != NULL);
  cv_test_log_assert_all ();
  g_assert_cmpstr (self->news->str, ==, "track 9 ended 9 full ");
  g_assert_null (alice->recording);
  cv_source_free (alice);
}

static void
test_end (Fixture *self, gconstpointer data)
{
  CvSource *alice = make_source (ALICE);
  g_assert_true (cv_recorder_record (self->recorder, 1, ALICE, CV_SOURCE_MICROPHONE, alice, open_file (self)));
  put_sound (alice, 500);
  cv_source_free (alice);
  g_clear_pointer (&self->recorder, cv_recorder_free);
  g_assert_cmpuint (count_frames (self), ==, 500);
}

static void
test_limit (Fixture *self, gconstpointer data)
{
  for (guint i = 1; i <= CV_RECORDER_MAX_FILES; i++) {
    g_autofree char *person = g_strdup_printf ("p%012u", i);
    int fd = open ("/dev/null", O_RDWR | O_CLOEXEC);
    if (fd < 0) /* it is the test's own limit that is reached */
      return;
    g_assert_true (cv_recorder_record (self->recorder, i, person, CV_SOURCE_CAMERA, NULL, fd));
  }
  g_assert_false (cv_recorder_record (self->recorder, 5000, ALICE, CV_SOURCE_CAMERA, NULL, open ("/dev/null", O_RDWR)));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
#define ADD(name, test) g_test_add ("/recorder/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("files", test_files);
  ADD ("errors", test_errors);
  ADD ("end", test_end);
  ADD ("limit", test_limit);
  return g_test_run ();
}
