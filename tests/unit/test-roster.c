/* Who said what of one recording: a yes counts when it is on the disk, a no at once, and the last word counts. */
#include "room/roster.h"

#include "lib/log.h"
#include "lib/wait.h"
#include "store/meetings.h"
#include "store/recordings.h"
#include "store/rooms.h"

#define ROOM "abcdefghijkm"
#define RECORDING "rabcdefghijkm"

typedef struct {
  CvClock *clock;
  CvStore *store;
  CvRoster *roster;
  CvParticipant *ann, *bob;
  GString *news;
} Fixture;

static void
on_stored (CvRoster *roster, const char *person, Fixture *f)
{
  g_string_append (f->news, g_str_equal (person, f->ann->id) ? "Ann " : "Bob ");
}

static void
set_up (Fixture *f, gconstpointer data)
{
  CvRoomRow room = { .id = (char *) ROOM, .kind = (char *) "boardroom", .title = (char *) "" };
  CvRecordingRow row = {
    .id = (char *) RECORDING, .room = (char *) ROOM, .meeting = (char *) "m1", .title = (char *) ""
  };
  f->clock = cv_clock_new_fake (5000);
  f->store = cv_store_open (":memory:", NULL);
  cv_rooms_insert_async (f->store, &room, NULL, NULL);
  cv_meetings_start_async (f->store, "m1", ROOM, 1, NULL, NULL);
  cv_recordings_insert_async (f->store, &row, NULL, NULL);
  f->roster = cv_roster_new (f->store, f->clock, ROOM, RECORDING);
  f->ann = cv_participant_new ("Ann", CV_ROLE_HOST, &(CvSending){ 0 });
  f->bob = cv_participant_new ("Bob", CV_ROLE_PERSON, &(CvSending){ 0 });
  f->news = g_string_new (NULL);
  g_signal_connect (f->roster, "stored", G_CALLBACK (on_stored), f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_store_close (f->store);
  cv_test_settle ();
  cv_test_wait_gone (f->roster);
  cv_test_wait_gone (f->store);
  g_assert_finalize_object (f->clock);
  cv_participant_free (f->ann);
  cv_participant_free (f->bob);
  g_string_free (f->news, TRUE);
  cv_test_log_assert_all ();
}

static void
answer (Fixture *f, const CvParticipant *participant, CvAnswer what)
{
  GAsyncResult *slot = NULL;
  cv_roster_answer_async (f->roster, participant, what, cv_test_on_ready, &slot);
  g_assert_cmpint (cv_roster_get_answer (f->roster, participant->id), ==, what);
  g_assert_false (cv_roster_may_record (f->roster, participant->id));
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_roster_answer_finish (f->roster, result, NULL));
  g_assert_cmpint (cv_roster_may_record (f->roster, participant->id), ==, cv_answer_is_yes (what));
}

static void
assert_rows (Fixture *f, const char *expected)
{
  GAsyncResult *slot = NULL;
  cv_consents_list_async (f->store, RECORDING, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (GPtrArray) rows = cv_consents_list_finish (f->store, result, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < rows->len; i++) {
    const CvConsentRow *row = rows->pdata[i];
    g_assert_cmpint (row->at, ==, 5000);
    g_string_append_printf (text, "%s:%s ", row->name, cv_answers[row->answer]);
  }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_answers (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (cv_roster_get_answer (f->roster, f->ann->id), ==, CV_ANSWER_NONE);
  g_assert_false (cv_roster_may_record (f->roster, f->ann->id));
  answer (f, f->ann, CV_ANSWER_AGREED);
  answer (f, f->ann, CV_ANSWER_WITHDRAWN);
  answer (f, f->bob, CV_ANSWER_REFUSED);
  answer (f, f->ann, CV_ANSWER_AGREED);
  assert_rows (f, "Ann:agreed Ann:withdrawn Bob:refused Ann:agreed ");
  g_assert_cmpstr (f->news->str, ==, "Ann Ann Bob Ann ");
}

static void
test_note_all (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) both = g_ptr_array_new ();
  g_ptr_array_add (both, f->ann);
  g_ptr_array_add (both, f->bob);
  cv_roster_note_all (f->roster, both, CV_ANSWER_ANNOUNCED);
  cv_test_wait_until (cv_roster_may_record (f->roster, f->bob->id));
  assert_rows (f, "Ann:announced Bob:announced ");
  g_assert_cmpstr (f->news->str, ==, "Ann Bob ");
}

/* What was said before it was stored makes nothing of what was said since. */
static void
test_overtaken (Fixture *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  cv_roster_answer_async (f->roster, f->ann, CV_ANSWER_AGREED, NULL, NULL);
  cv_roster_answer_async (f->roster, f->ann, CV_ANSWER_WITHDRAWN, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_false (cv_roster_may_record (f->roster, f->ann->id));
  g_assert_cmpint (cv_roster_get_answer (f->roster, f->ann->id), ==, CV_ANSWER_WITHDRAWN);
  g_assert_cmpstr (f->news->str, ==, "Ann ");
  assert_rows (f, "Ann:agreed Ann:withdrawn ");
}

/* A yes that cannot be written is none; a no stays one. */
static void
test_fails (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  cv_store_close (f->store);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "what people said of being recorded was not stored: *");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "what people said of being recorded was not stored: *");
  cv_roster_answer_async (f->roster, f->bob, CV_ANSWER_REFUSED, NULL, NULL);
  cv_roster_answer_async (f->roster, f->ann, CV_ANSWER_AGREED, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_false (cv_roster_answer_finish (f->roster, result, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_FAILED);
  g_assert_cmpint (cv_roster_get_answer (f->roster, f->ann->id), ==, CV_ANSWER_NONE);
  g_assert_cmpint (cv_roster_get_answer (f->roster, f->bob->id), ==, CV_ANSWER_REFUSED);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/roster/answers", test_answers);
  ADD ("/roster/note-all", test_note_all);
  ADD ("/roster/overtaken", test_overtaken);
  ADD ("/roster/fails", test_fails);
  return g_test_run ();
}
