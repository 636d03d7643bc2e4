/* See shelf.h. */
#include "lib/shelf.h"

#include "lib/folder.h"
#include "lib/wait.h"

#include <string.h>

void
cv_test_shelf_init (CvTestShelf *self)
{
  self->store = cv_test_recordings_open ();
  self->clock = cv_clock_new_fake (CV_TEST_SHELF_NOW);
  self->directory = cv_test_folder_new ();
  cv_test_shelf_add_folder (self, CV_TEST_RECORDING);
}

void
cv_test_shelf_clear (CvTestShelf *self)
{
  cv_test_recordings_close (g_steal_pointer (&self->store));
  cv_test_wait_gone (g_steal_pointer (&self->clock));
  cv_test_folder_free (g_steal_pointer (&self->directory));
}

void
cv_test_shelf_write (CvTestShelf *self, const char *recording, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (recording, name, NULL);
  cv_test_folder_write (self->directory, path, text);
}

gboolean
cv_test_shelf_has (CvTestShelf *self, const char *recording, const char *name)
{
  g_autofree char *path = g_build_filename (self->directory, recording, name, NULL);
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

void
cv_test_shelf_add_folder (CvTestShelf *self, const char *recording)
{
  g_autofree char *files = g_build_filename (self->directory, recording, "files", NULL);
  g_assert_cmpint (g_mkdir_with_parents (files, 0700), ==, 0);
  cv_test_shelf_write (self, recording, "events.jsonl", "{}\n");
  cv_test_shelf_write (self, recording, CV_TEST_TRACK, "sound");
  cv_test_shelf_write (self, recording, CV_TEST_OTHER_TRACK, "more sound");
  cv_test_shelf_write (self, recording, "tracks/001-pabcdefghijkm-camera-1.mkv", "");
  cv_test_shelf_write (self, recording, "tracks/notes.txt", "not ours");
}

void
cv_test_shelf_set_act (CvTestShelf *self, const char *recording, const char *word)
{
  cv_test_shelf_write (self, recording, "fake", word);
}

void
cv_test_shelf_assert (CvTestShelf *self, const char *sql, const char *expected)
{
  g_autofree char *text = cv_test_recordings_dump (self->store, sql);
  g_assert_cmpstr (text, ==, expected);
}

static gboolean
fits (CvTestShelf *self, const char *sql, const char *expected)
{
  g_autofree char *text = cv_test_recordings_dump (self->store, sql);
  g_test_message ("%s", text);
  return g_str_equal (text, expected);
}

void
cv_test_shelf_wait (CvTestShelf *self, const char *sql, const char *expected)
{
  cv_test_wait_until (fits (self, sql, expected));
}
