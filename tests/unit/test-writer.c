/* What is appended gets to the disk in its order, and nobody waits for it; errors cost one file. */
#include "media/writer.h"

#include "lib/wait.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

typedef struct {
  CvWriter *writer;
  char *path;
  CvWriterFile *file;
  guint ended;
  int error;
  guint64 bytes;
} Fixture;

static void
on_ended (CvWriterFile *file, int error, guint64 bytes, gpointer user_data)
{
  Fixture *self = user_data;
  g_assert_true (file == self->file);
  self->ended++;
  self->error = error;
  self->bytes = bytes;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->writer = cv_writer_new ();
  int fd = g_file_open_tmp ("cv-writer-XXXXXX", &self->path, NULL);
  g_assert_cmpint (fd, >=, 0);
  self->file = cv_writer_open (self->writer, fd, on_ended, self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->file != NULL)
    cv_writer_file_release (self->file);
  if (self->writer != NULL)
    g_assert_true (cv_writer_free (self->writer, 5 * G_USEC_PER_SEC));
  unlink (self->path);
  g_free (self->path);
}

static void
append (CvWriterFile *file, const char *text)
{
  GByteArray *bytes = g_byte_array_new ();
  g_byte_array_append (bytes, (const guint8 *) text, (guint) strlen (text));
  cv_writer_append (file, bytes);
}

static void
assert_content (const char *path, const char *expected)
{
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, expected);
}

static void
test_write (Fixture *self, gconstpointer data)
{
  append (self->file, "one ");
  append (self->file, "two ");
  cv_writer_patch (self->file, 1, "NE", 2);
  append (self->file, "three");
  cv_writer_close (self->file);
  cv_test_wait_until (self->ended > 0);
  g_assert_cmpint (self->error, ==, 0);
  g_assert_cmpuint (self->bytes, ==, 13);
  assert_content (self->path, "oNE two three");
  g_assert_true (cv_writer_has_room (self->writer, CV_WRITER_MAX_QUEUE, TRUE));
}

/* Without an end it is there too, soon. */
static void
test_soon (Fixture *self, gconstpointer data)
{
  append (self->file, "here");
  for (guint i = 0; i < 100; i++) {
    g_autofree char *text = NULL;
    g_assert_true (g_file_get_contents (self->path, &text, NULL, NULL));
    if (strcmp (text, "here") == 0)
      break;
    g_usleep (10 * 1000);
  }
  assert_content (self->path, "here");
  g_usleep (CV_WRITER_SYNC_US + 200 * 1000); /* synced meanwhile, and nothing else happens */
  g_assert_cmpuint (self->ended, ==, 0);
}

/* The end waits for what was closed, and nobody hears of it any more. */
static void
test_end (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 1000; i++)
    append (self->file, "x");
  cv_writer_file_release (g_steal_pointer (&self->file));
  g_assert_true (cv_writer_free (g_steal_pointer (&self->writer), 5 * G_USEC_PER_SEC));
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (self->path, &text, NULL, NULL));
  g_assert_cmpuint (strlen (text), ==, 1000);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (self->ended, ==, 0);
}

/* One file that cannot be written; others go on. */
static void
test_full (Fixture *self, gconstpointer data)
{
  Fixture other = { .writer = self->writer };
  other.file = cv_writer_open (self->writer, open ("/dev/full", O_RDWR | O_CLOEXEC), on_ended, &other);
  append (other.file, "nothing");
  append (other.file, "more");
  append (self->file, "whole");
  cv_test_wait_until (other.ended > 0);
  g_assert_cmpint (other.error, ==, ENOSPC);
  g_assert_cmpuint (other.bytes, ==, 0);
  append (other.file, "and more");
  cv_writer_close (other.file);
  cv_writer_file_release (other.file);
  cv_writer_close (self->file);
  cv_test_wait_until (self->ended > 0);
  g_assert_cmpint (self->error, ==, 0);
  g_assert_cmpuint (other.ended, ==, 1);
  assert_content (self->path, "whole");
}

/* A piece that does not fit as a whole is not there at all. */
static void
test_torn (Fixture *self, gconstpointer data)
{
  struct rlimit before, limit;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  limit = before;
  limit.rlim_cur = 10;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  append (self->file, "1234567");
  append (self->file, "89abcdef");
  append (self->file, "g");
  cv_test_wait_until (self->ended > 0);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_cmpint (self->error, ==, EFBIG);
  g_assert_cmpuint (self->bytes, ==, 7);
  assert_content (self->path, "1234567");
}

/* Sound has room of its own. */
static void
test_room (Fixture *self, gconstpointer data)
{
  g_assert_true (cv_writer_has_room (self->writer, CV_WRITER_MAX_QUEUE - CV_WRITER_RESERVE, FALSE));
  g_assert_false (cv_writer_has_room (self->writer, CV_WRITER_MAX_QUEUE - CV_WRITER_RESERVE + 1, FALSE));
  g_assert_true (cv_writer_has_room (self->writer, CV_WRITER_MAX_QUEUE, TRUE));
  g_assert_false (cv_writer_has_room (self->writer, CV_WRITER_MAX_QUEUE + 1, TRUE));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/writer/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("write", test_write);
  ADD ("soon", test_soon);
  ADD ("end", test_end);
  ADD ("full", test_full);
  ADD ("torn", test_torn);
  ADD ("room", test_room);
  return g_test_run ();
}
