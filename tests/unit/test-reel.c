/* The files of a recording: each is asked for once, named by its segment, closed, and gone where nothing was written. */
#include "room/reel.h"

#include "lib/folder.h"
#include "lib/log.h"
#include "lib/media.h"
#include "lib/wait.h"

#include <string.h>

#define RECORDING "rabcdefghijkm"
#define ANN "pabcdefghijan"
#define BOB "pabcdefghijbo"

typedef struct {
  char *directory;
  CvClock *clock;
  CvMeeting *meeting;
  CvTestMediaPool *pool;
  CvTestMedia *media;
  CvSwitchboard *switchboard;
  CvFolder *folder;
  CvJournal *journal;
  CvReel *reel;
  guint full, idle;
} Fixture;

static void
on_full (CvReel *reel, Fixture *f)
{
  f->full++;
}

static void
on_idle (CvReel *reel, Fixture *f)
{
  f->idle++;
}

static void
on_failed (const GError *error, gpointer user_data)
{
  g_error ("%s", error->message);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->directory = cv_test_folder_new ();
  f->clock = cv_clock_new_fake (0);
  f->meeting = cv_meeting_new (&cv_policy_boardroom, f->clock, 1000);
  f->pool = cv_test_media_pool_new ();
  f->switchboard = cv_switchboard_new ("abcdefghijkm", f->meeting, CV_MEDIA_POOL (f->pool), f->clock);
  f->media = cv_test_media_pool_get_last (f->pool);
  cv_test_media_set_ready (f->media, TRUE);
  f->folder = cv_folder_create (f->directory, RECORDING, NULL);
  f->journal = cv_journal_new (f->folder, f->clock, cv_clock_now (f->clock), on_failed, NULL);
  f->reel = cv_reel_new ("abcdefghijkm", f->folder, f->journal, f->switchboard);
  g_signal_connect (f->reel, "full", G_CALLBACK (on_full), f);
  g_signal_connect (f->reel, "idle", G_CALLBACK (on_idle), f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_test_settle ();
  cv_reel_close (f->reel);
  g_assert_finalize_object (f->reel);
  cv_journal_free (f->journal);
  cv_folder_free (f->folder);
  g_assert_finalize_object (f->switchboard);
  g_assert_finalize_object (f->pool);
  g_assert_finalize_object (f->meeting);
  g_assert_finalize_object (f->clock);
  cv_test_folder_free (f->directory);
  cv_test_log_assert_all ();
}

static void
assert_asked (Fixture *f, const char *expected)
{
  cv_test_settle ();
  g_autofree char *asked = cv_test_media_take_asked (f->media);
  g_assert_cmpstr (asked, ==, expected);
}

static void
assert_files (Fixture *f, const char *expected)
{
  g_autoptr (GPtrArray) entries = cv_folder_list (f->folder, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < entries->len; i++) {
    const CvFolderEntry *entry = entries->pdata[i];
    if (g_str_has_prefix (entry->name, "tracks/"))
      g_string_append_printf (text, "%s ", entry->name + strlen ("tracks/"));
  }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_segments (Fixture *f, gconstpointer data)
{
  cv_reel_want (f->reel, ANN, CV_MEDIA_CAMERA); /* not in a segment */
  assert_asked (f, "");
  g_assert_true (cv_reel_is_idle (f->reel));
  g_assert_cmpuint (cv_reel_begin (f->reel), ==, 1);
  cv_reel_want (f->reel, ANN, CV_MEDIA_CAMERA);
  cv_reel_want (f->reel, ANN, CV_MEDIA_CAMERA);
  cv_reel_want (f->reel, ANN, CV_MEDIA_SCREEN_AUDIO);
  cv_reel_want (f->reel, BOB, CV_MEDIA_CAMERA);
  assert_asked (f, "record(an,camera,1) record(an,screen-audio,2) record(bo,camera,3) ");
  g_assert_false (cv_reel_is_idle (f->reel));
  cv_test_media_frame (f->media, 1, "VP8", 0);
  cv_test_media_frame (f->media, 3, "VP9", 0);
  cv_reel_drop (f->reel, ANN);
  assert_asked (f, "unrecord(2) unrecord(1) ");
  assert_files (f, "001-" ANN "-camera-1.mkv 001-" BOB "-camera-1.mkv ");
  cv_reel_want (f->reel, ANN, CV_MEDIA_CAMERA);
  assert_asked (f, "record(an,camera,4) ");
  g_assert_cmpuint (f->idle, ==, 0);
  cv_reel_end (f->reel);
  assert_asked (f, "unrecord(4) unrecord(3) ");
  g_assert_cmpuint (f->idle, ==, 1);
  assert_files (f, "001-" ANN "-camera-1.mkv 001-" BOB "-camera-1.mkv ");
  g_assert_cmpuint (cv_reel_begin (f->reel), ==, 2);
  cv_reel_want (f->reel, ANN, CV_MEDIA_CAMERA);
  cv_test_media_frame (f->media, 5, "VP8", 0);
  cv_reel_end (f->reel);
  cv_test_settle ();
  assert_files (f, "001-" ANN "-camera-1.mkv 001-" BOB "-camera-1.mkv 002-" ANN "-camera-1.mkv ");
  g_assert_cmpuint (cv_reel_count_people (f->reel), ==, 2);
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  cv_reel_begin (f->reel);
  /* who is not there (any more) may come back */
  cv_test_media_set_fails (f->media, CV_MEDIA_ERROR_NOT_FOUND);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "not recorded: *");
  cv_reel_want (f->reel, ANN, CV_MEDIA_CAMERA);
  assert_asked (f, "record(an,camera,1) ");
  assert_files (f, "");
  /* where there are too many, asking again helps nobody */
  cv_test_media_set_fails (f->media, CV_MEDIA_ERROR_TOO_MANY);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "not recorded: *");
  cv_reel_want (f->reel, ANN, CV_MEDIA_CAMERA);
  assert_asked (f, "record(an,camera,2) ");
  cv_test_media_set_fails (f->media, -1);
  cv_reel_want (f->reel, ANN, CV_MEDIA_CAMERA);
  assert_asked (f, "");
  cv_reel_end (f->reel);
  assert_asked (f, "");
  g_assert_true (cv_reel_is_idle (f->reel));
  assert_files (f, "");
  cv_reel_begin (f->reel);
  cv_reel_want (f->reel, ANN, CV_MEDIA_CAMERA);
  assert_asked (f, "record(an,camera,3) ");
  cv_reel_end (f->reel);
  g_assert_cmpuint (f->full, ==, 0);
}

/* Who wants nothing more of somebody to be written is told when that is so, whatever they agree to meanwhile. */
static void
test_drop_answered (Fixture *f, gconstpointer data)
{
  GAsyncResult *slot = NULL, *none = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) at_once = NULL;

  cv_reel_begin (f->reel);
  cv_reel_want (f->reel, ANN, CV_MEDIA_CAMERA);
  cv_reel_want (f->reel, BOB, CV_MEDIA_CAMERA);
  cv_test_media_frame (f->media, 1, "VP8", 0);
  cv_test_settle ();
  cv_test_media_set_holds (f->media, TRUE);
  cv_reel_drop_async (f->reel, ANN, cv_test_on_ready, &slot);
  cv_test_settle ();
  g_assert_null (slot);
  cv_reel_want (f->reel, ANN, CV_MEDIA_CAMERA);
  cv_test_media_set_holds (f->media, FALSE);
  result = cv_test_wait_for (&slot);
  cv_reel_drop_finish (f->reel, result);
  cv_reel_drop_async (f->reel, "paaaaaaaaaaa9", cv_test_on_ready, &none);
  at_once = cv_test_wait_for (&none);
  cv_reel_drop_finish (f->reel, at_once);
  cv_reel_end (f->reel);
  cv_test_settle ();
}

static void
test_lost (Fixture *f, gconstpointer data)
{
  cv_reel_begin (f->reel);
  cv_reel_want (f->reel, ANN, CV_MEDIA_CAMERA);
  cv_reel_want (f->reel, ANN, CV_MEDIA_MICROPHONE);
  cv_test_media_frame (f->media, 2, "opus", 0);
  cv_test_media_set_holds (f->media, TRUE);
  cv_reel_drop (f->reel, ANN);
  cv_reel_want (f->reel, ANN, CV_MEDIA_SCREEN);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "the media process is gone");
  cv_test_media_set_ready (f->media, FALSE);
  cv_reel_lose (f->reel);
  g_assert_true (cv_reel_is_idle (f->reel));
  g_assert_cmpuint (f->idle, ==, 1);
  cv_test_settle ();
  assert_files (f, "001-" ANN "-microphone-1.mkv ");
  cv_reel_want (f->reel, ANN, CV_MEDIA_CAMERA);
  g_assert_true (cv_reel_is_idle (f->reel));
}

static void
test_ended_by_itself (Fixture *f, gconstpointer data)
{
  cv_reel_begin (f->reel);
  cv_reel_want (f->reel, ANN, CV_MEDIA_CAMERA);
  cv_test_media_frame (f->media, 1, "VP8", 0);
  cv_test_media_end_file (f->media, 1, "codec");
  assert_asked (f, "record(an,camera,1) record(an,camera,2) ");
  cv_test_media_frame (f->media, 2, "H264", 0);
  g_assert_cmpuint (f->full, ==, 0);
  cv_test_media_end_file (f->media, 2, "io");
  g_assert_cmpuint (f->full, ==, 1);
  assert_asked (f, "");
  assert_files (f, "001-" ANN "-camera-1.mkv 001-" ANN "-camera-2.mkv ");
}

/* Answers that come when the recording is over are nobody's. */
static void
test_closed (Fixture *f, gconstpointer data)
{
  cv_reel_begin (f->reel);
  cv_reel_want (f->reel, ANN, CV_MEDIA_CAMERA);
  cv_test_media_set_holds (f->media, TRUE);
  cv_reel_end (f->reel);
  cv_reel_close (f->reel);
  cv_test_media_set_holds (f->media, FALSE);
  cv_test_settle ();
  cv_reel_want (f->reel, ANN, CV_MEDIA_CAMERA);
  assert_asked (f, "record(an,camera,1) unrecord(1) ");
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/reel/segments", test_segments);
  ADD ("/reel/refused", test_refused);
  ADD ("/reel/drop-answered", test_drop_answered);
  ADD ("/reel/lost", test_lost);
  ADD ("/reel/ended-by-itself", test_ended_by_itself);
  ADD ("/reel/closed", test_closed);
  return g_test_run ();
}
