/* See recording.h. */
#include "lib/recording.h"

#include "lib/folder.h"
#include "library/folder.h"
#include "lib/wait.h"
#include "store/meetings.h"

#include <string.h>

static gboolean
probe (const char *directory, guint64 *available, guint64 *total, gpointer user_data)
{
  const CvTestRecording *self = user_data;
  *available = self->free_percent * 1000;
  *total = 100000;
  return TRUE;
}

static void
on_changed (CvCapture *capture, CvParticipant *participant, CvTestRecording *self)
{
  g_string_append_printf (self->news, "%s ", participant != NULL ? participant->name : "all");
}

static void
on_finished (CvCapture *capture, const char *id, CvTestRecording *self)
{
  g_free (self->finished);
  self->finished = g_strdup (id);
}

static void
make_store (CvTestRecording *self)
{
  GAsyncResult *slot = NULL;
  self->store = cv_store_open (":memory:", NULL);
  cv_rooms_insert_async (self->store, self->room, NULL, NULL);
  cv_meetings_start_async (self->store, cv_meeting_get_id (self->meeting), self->room->id, 1, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_meetings_start_finish (self->store, result, NULL));
}

static void
make_shelf (CvTestRecording *self)
{
  const CvDiskLimits limits = { .warn_percent = 10, .stop_percent = 2 };
  self->directory = cv_test_folder_new ();
  self->shelf = (CvShelf){ self->directory, cv_disk_new (self->directory, &limits) };
  self->free_percent = 50;
  cv_disk_set_probe (self->shelf.disk, probe, self);
}

void
cv_test_recording_init (CvTestRecording *self, const CvPolicy *policy, CvConsent consent)
{
  self->clock = cv_clock_new_fake (1700000000000);
  self->room = g_new0 (CvRoomRow, 1);
  self->room->id = g_strdup (CV_TEST_RECORDING_ROOM);
  self->room->kind = g_strdup (policy->kind);
  self->room->title = g_strdup ("Tea");
  self->room->recording = TRUE;
  self->room->consent = consent;
  self->room->keep_days = CV_ROOM_KEEP_DEFAULT;
  self->room->keep_content_days = CV_ROOM_KEEP_DEFAULT;
  self->meeting = cv_meeting_new (policy, self->clock, 60000);
  make_store (self);
  make_shelf (self);
  self->pool = cv_test_media_pool_new ();
  self->switchboard = cv_switchboard_new (self->room->id, self->meeting, CV_MEDIA_POOL (self->pool), self->clock);
  self->media = cv_test_media_pool_get_last (self->pool);
  self->capture = cv_capture_new (self->room, self->meeting, self->switchboard, self->store, self->clock, &self->shelf);
  self->news = g_string_new (NULL);
  g_signal_connect (self->capture, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect (self->capture, "finished", G_CALLBACK (on_finished), self);
  cv_test_media_set_ready (self->media, TRUE);
}

void
cv_test_recording_clear (CvTestRecording *self)
{
  cv_meeting_end (self->meeting, CV_ENDING_HOST);
  cv_test_media_set_holds (self->media, FALSE);
  cv_test_wait_until (cv_capture_get_state (self->capture) == CV_CAPTURE_OFF);
  cv_test_wait_gone (g_steal_pointer (&self->capture));
  cv_test_settle ();
  cv_test_wait_gone (g_steal_pointer (&self->switchboard));
  g_assert_finalize_object (g_steal_pointer (&self->pool));
  g_assert_finalize_object (g_steal_pointer (&self->meeting));
  cv_store_close (self->store);
  cv_test_wait_gone (g_steal_pointer (&self->store));
  cv_test_wait_gone (g_steal_pointer (&self->clock));
  cv_disk_free (self->shelf.disk);
  cv_room_row_free (self->room);
  g_string_free (self->news, TRUE);
  g_free (self->finished);
  cv_test_folder_free (self->directory);
}

CvParticipant *
cv_test_recording_add (CvTestRecording *self, const char *name, CvRole role)
{
  CvParticipant *participant = cv_participant_new (name, role, &(CvSending){ .microphone = TRUE, .camera = TRUE });
  memcpy (participant->id + strlen (participant->id) - 2, name, 2);
  cv_meeting_add (self->meeting, participant);
  return participant;
}

void
cv_test_recording_join (CvTestRecording *self, CvParticipant *participant)
{
  GAsyncResult *slot = NULL;
  cv_switchboard_offer_async (self->switchboard, participant, "offer", cv_test_on_ready, &slot);
  cv_test_media_answer (self->media, "answer");
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autofree char *answer = cv_switchboard_offer_finish (self->switchboard, result, NULL);
  g_assert_cmpstr (answer, ==, "answer");
}

static int
get_code (const GError *error)
{
  if (error == NULL)
    return -1;
  g_assert_true (error->domain == CV_CAPTURE_ERROR);
  return error->code;
}

int
cv_test_recording_act (CvTestRecording *self, CvCaptureAction action)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GError) error = NULL;
  cv_capture_act_async (self->capture, action, CV_CAPTURE_REASON_HOST, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_cmpint (cv_capture_act_finish (self->capture, result, &error), ==, error == NULL);
  return get_code (error);
}

int
cv_test_recording_answer (CvTestRecording *self, CvParticipant *participant, CvAnswer answer)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GError) error = NULL;
  cv_capture_answer_async (self->capture, participant, answer, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_cmpint (cv_capture_answer_finish (self->capture, result, &error), ==, error == NULL);
  return get_code (error);
}

void
cv_test_recording_assert_asked (CvTestRecording *self, const char *expected)
{
  g_autoptr (GString) asked = g_string_new (NULL);
  gint64 start = g_get_monotonic_time ();
  while (asked->len < strlen (expected) && g_get_monotonic_time () - start < 5 * G_USEC_PER_SEC) {
    g_autofree char *more = cv_test_media_take_asked (self->media);
    g_string_append (asked, more);
    cv_test_iterate (start, expected, G_STRLOC);
  }
  /* what is not expected may be on its way */
  cv_test_settle ();
  g_autofree char *rest = cv_test_media_take_asked (self->media);
  g_string_append (asked, rest);
  g_assert_cmpstr (asked->str, ==, expected);
}

/* Ids but for the last two letters. */
static char *
shorten (const char *text)
{
  g_autoptr (GRegex) regex = g_regex_new ("\\b[prm][a-z2-9]{10}([A-Za-z2-9]{2})\\b", 0, 0, NULL);
  return g_regex_replace (regex, text, -1, 0, "\\1", 0, NULL);
}

char *
cv_test_recording_list (CvTestRecording *self, const char *id)
{
  g_autoptr (CvFolder) folder = cv_folder_open (self->directory, id, NULL);
  g_autoptr (GPtrArray) entries = cv_folder_list (folder, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < entries->len; i++) {
    const CvFolderEntry *entry = entries->pdata[i];
    if (g_str_has_prefix (entry->name, "tracks/"))
      g_string_append_printf (text, "%s=%d ", entry->name + strlen ("tracks/"), (int) entry->bytes);
  }
  return shorten (text->str);
}

char *
cv_test_recording_read_events (CvTestRecording *self, const char *id)
{
  g_autofree char *name = g_build_filename (id, "events.jsonl", NULL);
  g_autofree char *text = cv_test_folder_read (self->directory, name);
  g_autofree char *without = g_strdup (text);
  g_autoptr (GRegex) random = g_regex_new ("\"(recording|meeting)\":\"[^\"]*\"", 0, 0, NULL);
  g_autofree char *fixed = g_regex_replace (random, without, -1, 0, "\"\\1\":\"\"", 0, NULL);
  return shorten (fixed);
}
