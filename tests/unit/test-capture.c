/* The recording of a meeting: what is written of whom at which time, in which order, and how it begins and ends. */
#include "room/capture.h"

#include "library/folder.h"
#include "lib/log.h"
#include "lib/recording.h"
#include "lib/wait.h"
#include "store/recordings.h"

#include <glib/gstdio.h>
#include <string.h>

#define START CV_CAPTURE_START
#define PAUSE CV_CAPTURE_PAUSE
#define RESUME CV_CAPTURE_RESUME
#define STOP CV_CAPTURE_STOP
#define act cv_test_recording_act
#define add cv_test_recording_add
#define answer cv_test_recording_answer
#define assert_asked cv_test_recording_assert_asked
#define join cv_test_recording_join

static void
set_up (CvTestRecording *f, gconstpointer data)
{
  cv_test_recording_init (f, &cv_policy_boardroom, CV_CONSENT_ANNOUNCE);
}

static void
set_up_require (CvTestRecording *f, gconstpointer data)
{
  cv_test_recording_init (f, &cv_policy_boardroom, CV_CONSENT_REQUIRE);
}

static void
set_up_classroom (CvTestRecording *f, gconstpointer data)
{
  cv_test_recording_init (f, &cv_policy_classroom, CV_CONSENT_ANNOUNCE);
}

static void
tear_down (CvTestRecording *f, gconstpointer data)
{
  cv_test_recording_clear (f);
  cv_test_log_assert_all ();
}

/* Somebody who is in the meeting with a connection; what that asked of the media is passed over. */
static CvParticipant *
enter (CvTestRecording *f, const char *name, CvRole role)
{
  CvParticipant *participant = add (f, name, role);
  join (f, participant);
  g_free (cv_test_media_take_asked (f->media));
  return participant;
}

static void
assert_view (CvTestRecording *f, const CvParticipant *participant, const char *expected)
{
  CvCaptureView view;
  cv_capture_get_view (f->capture, participant, &view);
  g_autofree char *text = g_strdup_printf ("%s %d %d %s %s '%s' '%s'", view.state, (int) (view.since % 1000000),
                                           (int) view.elapsed, view.consent, view.mine, view.reason, view.warning);
  g_assert_cmpstr (text, ==, expected);
}

static void
assert_news (CvTestRecording *f, const char *expected)
{
  g_assert_cmpstr (f->news->str, ==, expected);
  g_string_truncate (f->news, 0);
}

static void
wait_off (CvTestRecording *f)
{
  cv_test_wait_until (cv_capture_get_state (f->capture) == CV_CAPTURE_OFF);
}

static CvRecordingRow *
load_row (CvTestRecording *f, const char *id)
{
  GAsyncResult *slot = NULL;
  cv_recordings_load_async (f->store, id, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_recordings_load_finish (f->store, result, NULL);
}

static void
assert_files (CvTestRecording *f, const char *id, const char *expected)
{
  g_autofree char *list = cv_test_recording_list (f, id);
  g_assert_cmpstr (list, ==, expected);
}

/* ---- the database as a door ---- */

static GMutex door;

static gpointer
wait_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_mutex_lock (&door);
  g_mutex_unlock (&door);
  return NULL;
}

/* Nothing gets to the disk until open_door(). */
static void
close_door (CvTestRecording *f)
{
  g_mutex_lock (&door);
  cv_store_run_async (f->store, wait_on_worker, NULL, NULL, NULL, NULL, NULL, NULL);
}

static void
open_door (void)
{
  g_mutex_unlock (&door);
}

/* ---- tests ---- */

/* Before Record there is no file; then everybody's, once what they were told is on the disk. */
static void
test_life (CvTestRecording *f, gconstpointer data)
{
  CvParticipant *ann = enter (f, "Ann", CV_ROLE_HOST);
  enter (f, "Bob", CV_ROLE_PERSON);
  assert_view (f, ann, "off 0 0 announce none '' ''");
  g_assert_cmpint (act (f, PAUSE), ==, CV_CAPTURE_ERROR_STATE);
  g_assert_cmpint (act (f, STOP), ==, CV_CAPTURE_ERROR_STATE);
  assert_asked (f, "");
  g_assert_cmpint (act (f, START), ==, -1);
  g_autofree char *id = g_strdup (cv_capture_get_id (f->capture));
  assert_asked (f, "record(An,microphone,1) record(An,camera,2) record(Bo,microphone,3) record(Bo,camera,4) ");
  assert_news (f, "all ");
  g_assert_cmpint (act (f, START), ==, CV_CAPTURE_ERROR_STATE);
  cv_clock_advance (f->clock, 1500);
  assert_view (f, ann, "on 0 1500 announce announced '' ''");
  cv_test_media_frame (f->media, 1, "opus", 0);
  g_assert_cmpint (act (f, STOP), ==, -1);
  assert_asked (f, "unrecord(4) unrecord(3) unrecord(2) unrecord(1) ");
  wait_off (f);
  assert_news (f, "all ");
  assert_view (f, ann, "off 0 0 announce none 'host' ''");
  g_assert_cmpstr (f->finished, ==, id);
  /* what has no frame is no file */
  assert_files (f, id, "001-An-microphone-1.mkv=5 ");
  g_autoptr (CvRecordingRow) row = load_row (f, id);
  g_assert_cmpint (row->status, ==, CV_RECORDING_PROCESSING);
  g_assert_cmpint (row->started, ==, 1700000000000);
  g_assert_cmpint (row->ended, ==, 1700000001500);
  g_assert_cmpint (row->duration, ==, 1500);
  g_assert_cmpuint (row->people, ==, 1);
  g_assert_cmpint (row->bytes, >, 100);
  g_assert_cmpint (row->expires, ==, 0);
  g_assert_cmpstr (row->title, ==, "Tea");
}

/* The answer alone is not enough: its row must be on the disk. */
static void
test_consent_first (CvTestRecording *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  CvParticipant *ann = enter (f, "Ann", CV_ROLE_HOST);
  g_assert_cmpint (act (f, START), ==, -1);
  cv_test_pause (50);
  assert_asked (f, "may(An,mc-) ");
  g_assert_true (ann->unrecorded && !ann->listens);
  close_door (f);
  cv_capture_answer_async (f->capture, ann, CV_ANSWER_AGREED, cv_test_on_ready, &slot);
  cv_test_pause (100);
  g_assert_null (slot);
  assert_asked (f, "may(An,mc-) ");
  open_door ();
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_capture_answer_finish (f->capture, result, NULL));
  assert_asked (f, "record(An,microphone,1) record(An,camera,2) ");
  /* and who took it back before it was there is not recorded at all */
  answer (f, ann, CV_ANSWER_WITHDRAWN);
  assert_asked (f, "unrecord(2) unrecord(1) may(An,---) ");
  close_door (f);
  cv_capture_answer_async (f->capture, ann, CV_ANSWER_AGREED, NULL, NULL);
  cv_capture_answer_async (f->capture, ann, CV_ANSWER_WITHDRAWN, NULL, NULL);
  open_door ();
  cv_test_pause (50);
  assert_asked (f, "may(An,mc-) may(An,---) ");
}

/* It is a pause when all files are closed, or another thing was asked for. */
static void
test_pause_takes_long (CvTestRecording *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  enter (f, "Ann", CV_ROLE_HOST);
  act (f, START);
  assert_asked (f, "record(An,microphone,1) record(An,camera,2) ");
  for (int i = 0; i < 2; i++) {
    cv_test_media_set_holds (f->media, TRUE);
    cv_capture_act_async (f->capture, PAUSE, CV_CAPTURE_REASON_HOST, cv_test_on_ready, &slot);
    cv_test_settle ();
    g_assert_null (slot);
    if (i == 0)
      cv_test_media_set_holds (f->media, FALSE);
    else
      cv_capture_act_async (f->capture, RESUME, CV_CAPTURE_REASON_HOST, NULL, NULL);
    g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
    g_assert_true (cv_capture_act_finish (f->capture, result, NULL));
    if (i == 0)
      act (f, RESUME);
  }
  cv_test_media_set_holds (f->media, FALSE);
}

/* Nothing during a pause; the next segment has files of its own. */
static void
test_pause (CvTestRecording *f, gconstpointer data)
{
  CvParticipant *ann = enter (f, "Ann", CV_ROLE_HOST);
  act (f, START);
  g_autofree char *id = g_strdup (cv_capture_get_id (f->capture));
  assert_asked (f, "record(An,microphone,1) record(An,camera,2) ");
  cv_test_media_frame (f->media, 2, "VP8", 0);
  cv_clock_advance (f->clock, 2000);
  g_assert_cmpint (act (f, PAUSE), ==, -1);
  assert_asked (f, "unrecord(2) unrecord(1) ");
  assert_view (f, ann, "paused 0 2000 announce announced '' ''");
  g_assert_cmpint (act (f, PAUSE), ==, CV_CAPTURE_ERROR_STATE);
  cv_clock_advance (f->clock, 5000);
  enter (f, "Bob", CV_ROLE_PERSON);
  cv_meeting_set_sending (f->meeting, ann, &(CvSending){ .microphone = TRUE, .camera = TRUE, .screen = TRUE });
  cv_test_pause (50);
  assert_asked (f, "may(An,mcs) ");
  g_assert_cmpint (act (f, RESUME), ==, -1);
  assert_asked (f, "record(An,microphone,3) record(An,camera,4) record(An,screen,5) record(An,screen-audio,6) "
                   "record(Bo,microphone,7) record(Bo,camera,8) ");
  cv_test_media_frame (f->media, 4, "VP8", 0);
  cv_clock_advance (f->clock, 1000);
  assert_view (f, ann, "on 0 3000 announce announced '' ''");
  act (f, STOP);
  wait_off (f);
  assert_files (f, id, "001-An-camera-1.mkv=5 002-An-camera-1.mkv=5 ");
}

/* At once: the files are closed and nothing is passed on; in a pause they may speak, for nothing is recorded. */
static void
test_withdrawal (CvTestRecording *f, gconstpointer data)
{
  enter (f, "Ann", CV_ROLE_HOST);
  CvParticipant *bob = enter (f, "Bob", CV_ROLE_PERSON);
  act (f, START);
  assert_asked (f, "record(An,microphone,1) record(An,camera,2) record(Bo,microphone,3) record(Bo,camera,4) ");
  assert_news (f, "all ");
  close_door (f);
  cv_capture_answer_async (f->capture, bob, CV_ANSWER_WITHDRAWN, NULL, NULL);
  /* without a turn of the main loop, or a word of the disk */
  g_autofree char *asked = cv_test_media_take_asked (f->media);
  g_assert_cmpstr (asked, ==, "unrecord(4) unrecord(3) may(Bo,---) ");
  open_door ();
  assert_news (f, "Bob ");
  g_assert_true (bob->unrecorded && bob->listens);
  assert_view (f, bob, "on 0 0 announce withdrawn '' ''");
  cv_meeting_set_sending (f->meeting, bob, &(CvSending){ .microphone = TRUE });
  assert_asked (f, "may(Bo,---) ");
  act (f, PAUSE);
  assert_asked (f, "unrecord(2) unrecord(1) may(Bo,m--) ");
  g_assert_true (bob->unrecorded && !bob->listens);
  act (f, RESUME);
  assert_asked (f, "may(Bo,---) record(An,microphone,5) record(An,camera,6) ");
  /* another mind */
  g_assert_cmpint (answer (f, bob, CV_ANSWER_AGREED), ==, -1);
  assert_asked (f, "may(Bo,m--) record(Bo,microphone,7) ");
  act (f, STOP);
  assert_asked (f, "unrecord(7) unrecord(6) unrecord(5) ");
  g_assert_false (bob->unrecorded || bob->listens);
  g_assert_cmpint (answer (f, bob, CV_ANSWER_WITHDRAWN), ==, CV_CAPTURE_ERROR_STATE);
}

/* Who is asked and says nothing is heard and not recorded; who refuses, neither. */
static void
test_require (CvTestRecording *f, gconstpointer data)
{
  CvParticipant *ann = enter (f, "Ann", CV_ROLE_HOST);
  act (f, START);
  CvParticipant *bob = enter (f, "Bob", CV_ROLE_PERSON);
  CvParticipant *cem = enter (f, "Cem", CV_ROLE_PERSON);
  g_assert_true (bob->unrecorded && !bob->listens);
  g_assert_cmpint (answer (f, ann, CV_ANSWER_AGREED), ==, -1);
  assert_asked (f, "may(An,mc-) record(An,microphone,1) record(An,camera,2) ");
  g_assert_cmpint (answer (f, cem, CV_ANSWER_REFUSED), ==, -1);
  assert_asked (f, "may(Ce,---) ");
  assert_view (f, cem, "on 0 0 require refused '' ''");
  assert_view (f, bob, "on 0 0 require none '' ''");
  /* Who has no browser was asked when the token was made. */
  CvParticipant *dot = enter (f, "Dot", CV_ROLE_PERSON);
  cv_capture_note_consent (f->capture, dot);
  assert_asked (f, "may(Do,mc-) record(Do,microphone,3) record(Do,camera,4) ");
  act (f, STOP);
  assert_asked (f, "unrecord(4) unrecord(3) unrecord(2) unrecord(1) may(Bo,mc-) may(Ce,mc-) ");
  wait_off (f);
  /* The next one asks again, all but the encoder. */
  act (f, START);
  assert_asked (f, "may(An,mc-) may(Bo,mc-) may(Ce,mc-) record(Do,microphone,5) record(Do,camera,6) ");
}

static void
test_classroom (CvTestRecording *f, gconstpointer data)
{
  CvParticipant *ann = enter (f, "Ann", CV_ROLE_HOST);
  CvParticipant *vic = enter (f, "Vic", CV_ROLE_VIEWER);
  act (f, START);
  assert_asked (f, "record(An,microphone,1) record(An,camera,2) ");
  assert_view (f, vic, "on 0 0 announce none '' ''");
  g_assert_false (vic->unrecorded);
  g_assert_cmpint (answer (f, vic, CV_ANSWER_AGREED), ==, CV_CAPTURE_ERROR_STATE);
  assert_news (f, "all ");
  cv_meeting_set_stage (f->meeting, vic, TRUE);
  assert_news (f, "Vic ");
  assert_view (f, vic, "on 0 0 announce announced '' ''");
  cv_meeting_set_sending (f->meeting, vic, &(CvSending){ .microphone = TRUE });
  assert_asked (f, "may(Vi,---) may(Vi,m--) record(Vi,microphone,3) ");
  cv_meeting_set_stage (f->meeting, vic, FALSE);
  assert_asked (f, "may(Vi,---) unrecord(3) ");
  cv_meeting_set_sending (f->meeting, ann, &(CvSending){ 0 });
  assert_asked (f, "may(An,---) "); /* hers go on: she may turn them on again */
}

/* Whoever is to lead is on stage at once, and so in the recording; who goes on leading or not stays in it. */
static void
test_cohost (CvTestRecording *f, gconstpointer data)
{
  enter (f, "Ann", CV_ROLE_HOST);
  CvParticipant *vic = enter (f, "Vic", CV_ROLE_VIEWER);
  act (f, START);
  assert_asked (f, "record(An,microphone,1) record(An,camera,2) ");
  assert_news (f, "all ");
  cv_meeting_set_role (f->meeting, vic, CV_ROLE_COHOST);
  assert_news (f, "Vic ");
  assert_view (f, vic, "on 0 0 announce announced '' ''");
  cv_meeting_set_sending (f->meeting, vic, &(CvSending){ .microphone = TRUE });
  assert_asked (f, "may(Vi,---) may(Vi,m--) record(Vi,microphone,3) ");
  cv_meeting_set_role (f->meeting, vic, CV_ROLE_PERSON);
  assert_asked (f, "may(Vi,m--) ");
  assert_view (f, vic, "on 0 0 announce announced '' ''");
  assert_news (f, "");
}

/* A new connection goes on with the same files; who leaves takes theirs along, and comes back as somebody else. */
static void
test_connections (CvTestRecording *f, gconstpointer data)
{
  CvParticipant *ann = add (f, "Ann", CV_ROLE_HOST);
  act (f, START);
  cv_test_pause (50);
  assert_asked (f, "");
  join (f, ann);
  assert_asked (f, "join(An,offer,mc-) record(An,microphone,1) record(An,camera,2) ");
  join (f, ann);
  assert_asked (f, "join(An,offer,mc-) ");
  cv_meeting_remove (f->meeting, ann, CV_LEAVING_LEFT);
  assert_asked (f, "leave(An) unrecord(2) unrecord(1) ");
}

/* The media process dies: a segment ends, the next one begins when there is another, and people have joined it. */
static void
test_media_lost (CvTestRecording *f, gconstpointer data)
{
  CvParticipant *ann = enter (f, "Ann", CV_ROLE_HOST);
  act (f, START);
  g_autofree char *id = g_strdup (cv_capture_get_id (f->capture));
  assert_asked (f, "record(An,microphone,1) record(An,camera,2) ");
  cv_test_media_frame (f->media, 1, "opus", 0);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "the media process is gone");
  cv_test_media_set_ready (f->media, FALSE);
  cv_clock_advance (f->clock, 700);
  assert_view (f, ann, "on 0 700 announce announced '' ''");
  cv_test_media_set_ready (f->media, TRUE);
  cv_test_pause (50);
  assert_asked (f, "");
  join (f, ann);
  assert_asked (f, "join(An,offer,mc-) record(An,microphone,3) record(An,camera,4) ");
  cv_test_media_frame (f->media, 3, "opus", 0);
  act (f, STOP);
  wait_off (f);
  assert_files (f, id, "001-An-microphone-1.mkv=5 002-An-microphone-1.mkv=5 ");
}

/* It dies while files are being closed, or before there was anything to write. */
static void
test_media_lost_at_the_end (CvTestRecording *f, gconstpointer data)
{
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "the media process is gone");
  cv_test_media_set_ready (f->media, FALSE);
  act (f, START);
  act (f, STOP);
  wait_off (f);
  cv_test_media_set_ready (f->media, TRUE);
  enter (f, "Ann", CV_ROLE_HOST);
  act (f, START);
  assert_asked (f, "record(An,microphone,1) record(An,camera,2) ");
  cv_test_media_set_holds (f->media, TRUE);
  cv_capture_act_async (f->capture, STOP, CV_CAPTURE_REASON_HOST, NULL, NULL);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "the media process is gone");
  cv_test_media_set_ready (f->media, FALSE);
  wait_off (f);
}

static void
test_codec (CvTestRecording *f, gconstpointer data)
{
  enter (f, "Ann", CV_ROLE_HOST);
  act (f, START);
  g_autofree char *id = g_strdup (cv_capture_get_id (f->capture));
  assert_asked (f, "record(An,microphone,1) record(An,camera,2) ");
  cv_test_media_frame (f->media, 2, "VP8", 0);
  cv_test_media_end_file (f->media, 2, "codec");
  assert_asked (f, "record(An,camera,3) ");
  cv_test_media_frame (f->media, 3, "H264", 0);
  act (f, STOP);
  wait_off (f);
  assert_files (f, id, "001-An-camera-1.mkv=5 001-An-camera-2.mkv=5 ");
}

/* ---- the disk ---- */

static void
test_disk (CvTestRecording *f, gconstpointer data)
{
  CvParticipant *ann = enter (f, "Ann", CV_ROLE_HOST);
  CvParticipant *bob = enter (f, "Bob", CV_ROLE_PERSON);
  f->free_percent = 1;
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "a recording cannot begin: *");
  g_assert_cmpint (act (f, START), ==, CV_CAPTURE_ERROR_DISK);
  f->free_percent = 5;
  g_assert_cmpint (act (f, START), ==, -1);
  assert_news (f, "all ");
  cv_clock_advance (f->clock, 1000);
  assert_news (f, "all ");
  assert_view (f, ann, "on 0 1000 announce announced '' 'disk'");
  assert_view (f, bob, "on 0 1000 announce announced '' ''");
  cv_meeting_set_role (f->meeting, bob, CV_ROLE_COHOST); /* who may stop it now */
  assert_news (f, "Bob ");
  assert_view (f, bob, "on 0 1000 announce announced '' 'disk'");
  f->free_percent = 50;
  cv_clock_advance (f->clock, 1000);
  assert_news (f, "all ");
  act (f, PAUSE);
  f->free_percent = 1;
  cv_clock_advance (f->clock, 5000); /* nothing grows */
  g_assert_cmpint (act (f, RESUME), ==, CV_CAPTURE_ERROR_DISK);
  f->free_percent = 2;
  g_assert_cmpint (act (f, RESUME), ==, -1);
  f->free_percent = 1;
  cv_clock_advance (f->clock, 1000);
  wait_off (f);
  assert_view (f, ann, "off 0 0 announce none 'disk' ''");
  g_assert_false (cv_meeting_has_ended (f->meeting));
}

static void
test_file_full (CvTestRecording *f, gconstpointer data)
{
  CvParticipant *ann = enter (f, "Ann", CV_ROLE_HOST);
  act (f, START);
  assert_asked (f, "record(An,microphone,1) record(An,camera,2) ");
  cv_test_media_end_file (f->media, 1, "full");
  assert_asked (f, "unrecord(2) ");
  wait_off (f);
  assert_view (f, ann, "off 0 0 announce none 'disk' ''");
}

/* The event log is taken away from under it. */
static void
test_events_fail (CvTestRecording *f, gconstpointer data)
{
  CvParticipant *ann = enter (f, "Ann", CV_ROLE_HOST);
  g_assert_cmpint (act (f, START), ==, -1);
  g_autofree char *path = g_build_filename (f->directory, cv_capture_get_id (f->capture), "tracks", NULL);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "no file to record into: *");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "no file to record into: *");
  g_assert_cmpint (g_rmdir (path), ==, 0);
  cv_test_pause (100);
  assert_asked (f, "");
  /* what cannot be made is not tried again and again; the meeting goes on */
  cv_meeting_set_hand (f->meeting, ann, TRUE);
  assert_asked (f, "may(An,mc-) ");
  act (f, STOP);
  wait_off (f);
}

/* ---- how it begins and ends ---- */

static void
test_not_allowed (CvTestRecording *f, gconstpointer data)
{
  g_autoptr (CvRoomRow) room = cv_room_row_copy (f->room);
  room->recording = FALSE;
  g_autoptr (CvCapture) off = cv_capture_new (room, f->meeting, f->switchboard, f->store, f->clock, &f->shelf);
  g_autoptr (CvCapture) nowhere = cv_capture_new (f->room, f->meeting, f->switchboard, f->store, f->clock, NULL);
  g_assert_true (cv_capture_is_allowed (f->capture));
  g_assert_false (cv_capture_is_allowed (off) || cv_capture_is_allowed (nowhere));
  CvTestRecording other = { .capture = off };
  g_assert_cmpint (act (&other, START), ==, CV_CAPTURE_ERROR_OFF);
  other.capture = nowhere;
  g_assert_cmpint (act (&other, STOP), ==, CV_CAPTURE_ERROR_OFF);
}

static void
test_no_row (CvTestRecording *f, gconstpointer data)
{
  enter (f, "Ann", CV_ROLE_HOST);
  cv_store_close (f->store);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "a recording cannot begin: *");
  g_assert_cmpint (act (f, START), ==, CV_CAPTURE_ERROR_STORE);
  g_assert_cmpint (cv_capture_get_state (f->capture), ==, CV_CAPTURE_OFF);
  assert_asked (f, "");
  assert_news (f, "");
  g_autoptr (GDir) dir = g_dir_open (f->directory, 0, NULL);
  g_assert_null (g_dir_read_name (dir));
}

/* The media stay until the files are closed. */
static void
test_meeting_ends (CvTestRecording *f, gconstpointer data)
{
  enter (f, "Ann", CV_ROLE_HOST);
  act (f, START);
  g_autofree char *id = g_strdup (cv_capture_get_id (f->capture));
  assert_asked (f, "record(An,microphone,1) record(An,camera,2) ");
  cv_test_media_set_holds (f->media, TRUE);
  cv_meeting_end (f->meeting, CV_ENDING_ADMIN);
  assert_asked (f, "unrecord(2) unrecord(1) ");
  g_assert_cmpint (cv_capture_get_state (f->capture), ==, CV_CAPTURE_STOPPING);
  g_assert_cmpint (act (f, START), ==, CV_CAPTURE_ERROR_STATE);
  cv_test_media_set_holds (f->media, FALSE);
  assert_asked (f, "close ");
  g_assert_cmpstr (f->finished, ==, id);
}

/* It ends while the row is being written: nothing began. */
static void
test_meeting_ends_first (CvTestRecording *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GError) error = NULL;
  close_door (f);
  cv_capture_act_async (f->capture, START, CV_CAPTURE_REASON_HOST, cv_test_on_ready, &slot);
  g_autofree char *id = g_strdup (cv_capture_get_id (f->capture));
  cv_meeting_end (f->meeting, CV_ENDING_HOST);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "a recording cannot begin: the meeting is over");
  open_door ();
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_false (cv_capture_act_finish (f->capture, result, &error));
  g_assert_error (error, CV_CAPTURE_ERROR, CV_CAPTURE_ERROR_STATE);
  g_assert_null (load_row (f, id));
  g_assert_null (cv_folder_open (f->directory, id, NULL));
  g_assert_null (f->finished);
}

/* Files that are not closed are left to themselves after a while; who started anew in the meantime waits for that. */
static void
test_stop_takes_too_long (CvTestRecording *f, gconstpointer data)
{
  GAsyncResult *slot = NULL, *stopped = NULL;
  enter (f, "Ann", CV_ROLE_HOST);
  act (f, START);
  g_autofree char *first = g_strdup (cv_capture_get_id (f->capture));
  assert_asked (f, "record(An,microphone,1) record(An,camera,2) ");
  cv_test_media_set_holds (f->media, TRUE);
  cv_capture_act_async (f->capture, STOP, CV_CAPTURE_REASON_HOST, cv_test_on_ready, &stopped);
  assert_asked (f, "unrecord(2) unrecord(1) ");
  g_assert_null (stopped);
  cv_capture_act_async (f->capture, START, CV_CAPTURE_REASON_HOST, cv_test_on_ready, &slot);
  g_assert_cmpint (act (f, START), ==, CV_CAPTURE_ERROR_STATE); /* one is enough */
  cv_clock_advance (f->clock, 2999);
  cv_test_settle ();
  g_assert_cmpint (cv_capture_get_state (f->capture), ==, CV_CAPTURE_STOPPING);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "files of recording * take too long to be closed");
  cv_clock_advance (f->clock, 1);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_capture_act_finish (f->capture, result, NULL));
  g_autoptr (GAsyncResult) end = cv_test_wait_for (&stopped);
  g_assert_true (cv_capture_act_finish (f->capture, end, NULL));
  g_assert_cmpstr (f->finished, ==, first);
  g_assert_cmpstr (cv_capture_get_id (f->capture), !=, first);
  assert_asked (f, "record(An,microphone,3) record(An,camera,4) ");
}

/* ---- the event log ---- */

static void
test_events (CvTestRecording *f, gconstpointer data)
{
  const char *const speakers[] = { "pabcdefghijAn", NULL };
  CvParticipant *ann = enter (f, "Ann", CV_ROLE_HOST);
  act (f, START);
  g_autofree char *id = g_strdup (cv_capture_get_id (f->capture));
  assert_asked (f, "record(An,microphone,1) record(An,camera,2) ");
  cv_clock_advance (f->clock, 100);
  cv_test_media_frame (f->media, 2, "VP8", cv_clock_now (f->clock) - 20500);
  g_signal_emit_by_name (f->media, "clock", 2, (gint64) 1000, (gint64) 3900000000000000);
  g_signal_emit_by_name (f->media, "speakers", speakers);
  g_signal_emit_by_name (f->media, "speakers", speakers);
  cv_meeting_set_spotlight (f->meeting, ann);
  CvParticipant *bob = add (f, "Bob", CV_ROLE_PERSON);
  join (f, bob);
  assert_asked (f, "spotlight(An) join(Bo,offer,mc-) record(Bo,microphone,3) record(Bo,camera,4) ");
  answer (f, bob, CV_ANSWER_WITHDRAWN);
  cv_meeting_remove (f->meeting, bob, CV_LEAVING_LEFT);
  act (f, PAUSE);
  cv_clock_advance (f->clock, 900);
  act (f, RESUME);
  act (f, STOP);
  wait_off (f);
  g_autofree char *text = cv_test_recording_read_events (f, id);
  g_assert_cmpstr (
    text, ==,
    "{\"t\":0,\"type\":\"start\",\"version\":1,\"recording\":\"\",\"room\":\"abcdefghijkm\",\"meeting\":\"\","
    "\"title\":\"Tea\",\"kind\":\"boardroom\",\"at\":1700000000000}\n"
    "{\"t\":0,\"type\":\"person\",\"person\":\"An\",\"name\":\"Ann\",\"stage\":true}\n"
    "{\"t\":0,\"type\":\"segment\",\"segment\":1}\n"
    "{\"t\":0,\"type\":\"sending\",\"person\":\"An\",\"microphone\":true,\"camera\":true,\"screen\":false}\n"
    "{\"t\":0,\"type\":\"consent\",\"person\":\"An\",\"answer\":\"announced\"}\n"
    "{\"t\":79.5,\"type\":\"track\",\"segment\":1,\"file\":\"001-An-camera-1.mkv\",\"person\":\"An\","
    "\"source\":\"camera\",\"codec\":\"VP8\",\"width\":640,\"height\":360}\n"
    "{\"t\":100,\"type\":\"clock\",\"file\":\"001-An-camera-1.mkv\",\"pts\":1000,\"ntp\":3900000000000000}\n"
    "{\"t\":100,\"type\":\"speaker\",\"people\":[\"An\"]}\n"
    "{\"t\":100,\"type\":\"spotlight\",\"person\":\"An\"}\n"
    "{\"t\":100,\"type\":\"person\",\"person\":\"Bo\",\"name\":\"Bob\",\"stage\":true}\n"
    "{\"t\":100,\"type\":\"sending\",\"person\":\"Bo\",\"microphone\":true,\"camera\":true,\"screen\":false}\n"
    "{\"t\":100,\"type\":\"consent\",\"person\":\"Bo\",\"answer\":\"announced\"}\n"
    "{\"t\":100,\"type\":\"consent\",\"person\":\"Bo\",\"answer\":\"withdrawn\"}\n"
    "{\"t\":100,\"type\":\"sending\",\"person\":\"Bo\",\"microphone\":false,\"camera\":false,\"screen\":false}\n"
    "{\"t\":100,\"type\":\"leave\",\"person\":\"Bo\"}\n"
    "{\"t\":100,\"type\":\"segment-end\",\"segment\":1,\"reason\":\"pause\"}\n"
    "{\"t\":1000,\"type\":\"segment\",\"segment\":2}\n"
    "{\"t\":1000,\"type\":\"sending\",\"person\":\"An\",\"microphone\":true,\"camera\":true,\"screen\":false}\n"
    "{\"t\":1000,\"type\":\"spotlight\",\"person\":\"An\"}\n"
    "{\"t\":1000,\"type\":\"speaker\",\"people\":[\"An\"]}\n"
    "{\"t\":1000,\"type\":\"segment-end\",\"segment\":2,\"reason\":\"stop\"}\n"
    "{\"t\":1000,\"type\":\"stop\",\"reason\":\"host\"}\n");
}

#define ADD(name, set_up, func) g_test_add (name, CvTestRecording, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/capture/life", set_up, test_life);
  ADD ("/capture/consent-first", set_up_require, test_consent_first);
  ADD ("/capture/pause", set_up, test_pause);
  ADD ("/capture/pause-takes-long", set_up, test_pause_takes_long);
  ADD ("/capture/withdrawal", set_up, test_withdrawal);
  ADD ("/capture/require", set_up_require, test_require);
  ADD ("/capture/classroom", set_up_classroom, test_classroom);
  ADD ("/capture/cohost", set_up_classroom, test_cohost);
  ADD ("/capture/connections", set_up, test_connections);
  ADD ("/capture/media-lost", set_up, test_media_lost);
  ADD ("/capture/media-lost-at-the-end", set_up, test_media_lost_at_the_end);
  ADD ("/capture/codec", set_up, test_codec);
  ADD ("/capture/disk", set_up, test_disk);
  ADD ("/capture/file-full", set_up, test_file_full);
  ADD ("/capture/events-fail", set_up, test_events_fail);
  ADD ("/capture/not-allowed", set_up, test_not_allowed);
  ADD ("/capture/no-row", set_up, test_no_row);
  ADD ("/capture/meeting-ends", set_up, test_meeting_ends);
  ADD ("/capture/meeting-ends-first", set_up, test_meeting_ends_first);
  ADD ("/capture/stop-takes-too-long", set_up, test_stop_takes_too_long);
  ADD ("/capture/events", set_up, test_events);
  return g_test_run ();
}
