/* What is in recordings' folders: which files are tracks, hashes and what does not fit them, descriptors, deletion. */
#include "library/contents.h"

#include "lib/folder.h"
#include "lib/processes.h"
#include "lib/shelf.h"
#include "lib/wait.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void
set_up (CvTestShelf *f, gconstpointer data)
{
  cv_test_shelf_init (f);
}

static void
tear_down (CvTestShelf *f, gconstpointer data)
{
  cv_test_shelf_clear (f);
}

static GPtrArray *
list_tracks (CvTestShelf *f, const char *recording, GError **error)
{
  GAsyncResult *slot = NULL;
  gint64 modified = 0;
  cv_contents_list_tracks_async (f->directory, recording, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  GPtrArray *rows = cv_contents_list_tracks_finish (result, &modified, error);
  if (rows != NULL)
    g_assert_cmpint (ABS (modified - g_get_real_time () / 1000), <, 60000);
  return rows;
}

static void
test_track_names (void)
{
  static const char *const names[] = {
    "tracks/001-pabcdefghijkm-nose-1.mkv",
    "tracks/001-pabcdefghijk-camera-1.mkv",
    "tracks/001-pabcdefghijkm-camera-1.mp4",
    "tracks/001-pabcdefghijkm-camera-.mkv",
    "tracks/001-pabcdefghijkmcamera-1.mkv",
    "tracks/001pabcdefghijkm-camera-1.mkv",
    "files/001-pabcdefghijkm-camera-1.mkv",
    "tracks/",
    "tracks/001-pABCDEFGHIJKM-camera-1.mkv",
    "",
    "tracks/001-",
    "tracks/001-pabcdefghijkm",
  };
  char *person, *source;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (cv_contents_parse_track (names[i], &person, &source))
      g_error ("%s was taken", names[i]);
  g_assert_true (cv_contents_parse_track ("tracks/012-pabcdefghijkm-screen-audio-3.mkv", &person, &source));
  g_assert_cmpstr (person, ==, "pabcdefghijkm");
  g_assert_cmpstr (source, ==, "screen-audio");
  g_free (person);
  g_free (source);
}

static void
test_tracks (CvTestShelf *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = list_tracks (f, CV_TEST_RECORDING, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 2);
  const CvRecordingFileRow *row = rows->pdata[0];
  g_assert_cmpstr (row->recording, ==, CV_TEST_RECORDING);
  g_assert_cmpstr (row->name, ==, CV_TEST_TRACK);
  g_assert_cmpstr (row->kind, ==, "track");
  g_assert_cmpint (row->bytes, ==, 5);
  g_assert_cmpstr (row->sha256, ==, "");
  g_assert_cmpstr (row->person, ==, "pabcdefghijkm");
  g_assert_cmpstr (row->source, ==, "microphone");
  row = rows->pdata[1];
  g_assert_cmpstr (row->source, ==, "screen-audio");
  g_assert_null (list_tracks (f, "rnnnnnnnnnnnn", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_hash_and_check (CvTestShelf *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GPtrArray) rows = list_tracks (f, CV_TEST_RECORDING, NULL);
  CvRecordingFileRow ghost = { .recording = (char *) CV_TEST_RECORDING,
                               .name = (char *) "ghost.mp4",
                               .kind = (char *) "video",
                               .sha256 = (char *) "" };
  g_ptr_array_add (rows, cv_recording_file_row_copy (&ghost));
  cv_contents_hash_async (f->directory, rows, NULL, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) hashed = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) known = cv_contents_hash_finish (hashed, NULL);
  g_assert_cmpuint (known->len, ==, 2);
  g_autofree char *expected = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "sound", -1);
  CvRecordingFileRow *row = known->pdata[0];
  g_assert_cmpstr (row->sha256, ==, expected);
  g_assert_cmpint (row->bytes, ==, 5);

  /* same length, other bytes; other length; gone; no hash known */
  static const char *const names[] = { "same.mp4", "short.mp4", "gone.mp4", "new.mp4", "fine.mp4" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_strconcat ("files/", names[i], NULL);
    if (i != 2)
      cv_test_shelf_write (f, CV_TEST_RECORDING, path, i == 0 ? "SOUND" : i == 1 ? "soun" : "sound");
    CvRecordingFileRow made = { .recording = (char *) CV_TEST_RECORDING,
                                .name = (char *) names[i],
                                .kind = (char *) "video",
                                .bytes = 5,
                                .sha256 = i == 3 ? (char *) "" : expected };
    g_ptr_array_add (known, cv_recording_file_row_copy (&made));
  }
  cv_contents_check_async (f->directory, known, NULL, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) checked = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) checks = cv_contents_check_finish (checked, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < checks->len; i++) {
    const CvFileCheck *check = checks->pdata[i];
    g_string_append_printf (text, "%s %d; ", check->name, check->ok);
  }
  g_assert_cmpstr (text->str, ==,
                   CV_TEST_TRACK " 1; " CV_TEST_OTHER_TRACK
                                 " 1; same.mp4 0; short.mp4 0; gone.mp4 0; new.mp4 1; fine.mp4 1; ");
}

static void
test_open (CvTestShelf *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint before = cv_test_count_descriptors ();
  char bytes[8];
  CvRecordingFileRow row = {
    .recording = (char *) CV_TEST_RECORDING, .name = (char *) "meeting.mp4", .bytes = 5, .sha256 = (char *) "abc"
  };
  g_assert_null (cv_contents_open (f->directory, &row, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  cv_test_shelf_write (f, CV_TEST_RECORDING, "files/meeting.mp4", "video");
  CvOpenedFile *file = cv_contents_open (f->directory, &row, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read (file->fd, bytes, sizeof bytes), ==, 5);
  g_assert_cmpint (file->bytes, ==, 5);
  g_assert_cmpstr (file->sha256, ==, "abc");
  g_assert_cmpstr (file->type, ==, "video/mp4");
  g_assert_cmpstr (file->path, ==, CV_TEST_RECORDING "/files/meeting.mp4");
  cv_opened_file_free (file);
  /* a hash of another file is none of this one */
  row.bytes = 6;
  file = cv_contents_open (f->directory, &row, &error);
  g_assert_cmpstr (file->sha256, ==, "");
  cv_opened_file_free (file);

  static const char *const names[] = { "../events.jsonl", "../../x", "/etc/passwd", "tracks/../events.jsonl", "link" };
  g_autofree char *link = g_build_filename (f->directory, CV_TEST_RECORDING, "files", "link", NULL);
  g_assert_cmpint (symlink ("/etc/passwd", link), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    row.name = (char *) names[i];
    g_assert_null (cv_contents_open (f->directory, &row, NULL));
  }
  g_assert_cmpuint (cv_test_count_descriptors (), ==, before);
}

static void
test_folders (CvTestShelf *f, gconstpointer data)
{
  cv_test_folder_write (f->directory, "lost+found/x", "");
  cv_test_shelf_add_folder (f, "rbbbbbbbbbbbb");
  g_autoptr (GPtrArray) names = cv_contents_list_folders (f->directory);
  g_assert_cmpuint (names->len, ==, 2);
  g_autoptr (GPtrArray) none = cv_contents_list_folders ("/nowhere");
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_delete (CvTestShelf *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  for (guint i = 0; i < 2; i++) { /* also what is gone */
    cv_contents_delete_async (f->directory, CV_TEST_RECORDING, cv_test_on_ready, &slot);
    g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
    g_assert_true (cv_contents_delete_finish (result, NULL));
    g_assert_false (cv_test_shelf_has (f, CV_TEST_RECORDING, ""));
  }
}

#define ADD(name, func) g_test_add (name, CvTestShelf, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/contents/track-names", test_track_names);
  ADD ("/contents/tracks", test_tracks);
  ADD ("/contents/hash-and-check", test_hash_and_check);
  ADD ("/contents/open", test_open);
  ADD ("/contents/folders", test_folders);
  ADD ("/contents/delete", test_delete);
  return g_test_run ();
}
