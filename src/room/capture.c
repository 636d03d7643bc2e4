/* See capture.h. */
#include "room/capture.h"

#include "base/ids.h"
#include "base/tally.h"
#include "library/creation.h"
#include "room/chronicle.h"
#include "room/reel.h"

#define CV_LOG_TOPIC "capture"
#include "base/log.h"

/* how often the disk is looked at while something is recorded */
#define DISK_MS 1000
/* how long files may take to be closed, before they are left to themselves */
#define STOP_MS 3000

struct _CvCapture {
  GObject parent_instance;
  CvRoomRow *room;
  CvMeeting *meeting;
  CvSwitchboard *switchboard;
  CvStore *store;
  CvClock *clock;
  const CvShelf *shelf; /* NULL: nothing is recorded here */
  CvCaptureState state;
  CvCaptureReason reason; /* why the last one ended */
  gboolean warned;        /* the disk runs low */
  GTask *starting;        /* who is to be told that it began, or waits until another one has stopped */
  GTask *ending;          /* who is to be told that all files of a span, or of a recording, are closed */
  guint disk_timer;
  guint stop_timer;
  /* of the recording that is under way */
  char *id;
  gint64 started; /* ms since 1970 */
  gint64 asked;   /* the same, µs, monotonic: the log's time 0 */
  gint64 elapsed; /* ms of the spans that are over */
  gint64 since;   /* when this span began; µs, monotonic */
  CvFolder *folder;
  CvJournal *journal;
  CvChronicle *chronicle;
  CvReel *reel;
  CvRoster *roster;
};

const char *const cv_capture_actions[] = { "start", "pause", "resume", "stop", NULL };

enum { CHANGED, STARTED, FINISHED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_QUARK (cv_capture_error, cv_capture_error)
G_DEFINE_FINAL_TYPE (CvCapture, cv_capture, G_TYPE_OBJECT)

static gboolean
is_running (CvCapture *self)
{
  return self->state == CV_CAPTURE_ON || self->state == CV_CAPTURE_PAUSED;
}

static gboolean
is_on_stage (CvCapture *self, const CvParticipant *participant)
{
  return cv_meeting_may (self->meeting, participant, CV_ACTION_PUBLISH);
}

static void
tell_all (CvCapture *self)
{
  g_signal_emit (self, signals[CHANGED], 0, NULL);
}

/* ---- What is recorded of whom ---- */

/* Brings what is written into line with what may be: for one source after the other, what is missing is asked for. A source
 * that was turned off stays: it may come back within the segment. */
static void
reconcile_one (CvCapture *self, const CvParticipant *participant)
{
  if (self->state != CV_CAPTURE_ON || !cv_switchboard_has_joined (self->switchboard, participant))
    return;
  if (!is_on_stage (self, participant) || !cv_roster_may_record (self->roster, participant->id))
    return;
  CvSending heard = cv_participant_get_heard (participant);
  if (heard.microphone)
    cv_reel_want (self->reel, participant->id, CV_MEDIA_MICROPHONE);
  if (heard.camera)
    cv_reel_want (self->reel, participant->id, CV_MEDIA_CAMERA);
  if (heard.screen) {
    cv_reel_want (self->reel, participant->id, CV_MEDIA_SCREEN);
    cv_reel_want (self->reel, participant->id, CV_MEDIA_SCREEN_AUDIO);
  }
}

static void
reconcile (CvCapture *self)
{
  GPtrArray *participants = cv_meeting_get_participants (self->meeting);
  for (guint i = 0; i < participants->len; i++)
    reconcile_one (self, g_ptr_array_index (participants, i));
}

/* What a recording means to somebody, by what they said. */
static void
find_marks (CvCapture *self, const CvParticipant *participant, gboolean *unrecorded, gboolean *listens)
{
  CvAnswer answer = is_running (self) ? cv_roster_get_answer (self->roster, participant->id) : CV_ANSWER_NONE;
  *unrecorded = is_running (self) && is_on_stage (self, participant) && !cv_answer_is_yes (answer);
  *listens = self->state == CV_CAPTURE_ON && cv_answer_is_no (answer);
}

static void
mark (CvCapture *self, CvParticipant *participant)
{
  gboolean unrecorded, listens;
  find_marks (self, participant, &unrecorded, &listens);
  cv_meeting_set_recorded (self->meeting, participant, unrecorded, listens);
}

static void
mark_all (CvCapture *self)
{
  GPtrArray *participants = cv_meeting_get_participants (self->meeting);
  for (guint i = 0; i < participants->len; i++)
    mark (self, g_ptr_array_index (participants, i));
}

/* What somebody is taken to have said before they said anything. */
static CvAnswer
presume (CvCapture *self, const CvParticipant *participant)
{
  if (self->room->consent == CV_CONSENT_ANNOUNCE)
    return CV_ANSWER_ANNOUNCED;
  return participant->consents ? CV_ANSWER_AGREED : CV_ANSWER_NONE;
}

/* Those on stage who have no answer yet, by what they are taken to have said. */
static void
note_present (CvCapture *self)
{
  GPtrArray *participants = cv_meeting_get_participants (self->meeting);
  for (CvAnswer answer = CV_ANSWER_ANNOUNCED; answer <= CV_ANSWER_AGREED; answer++) {
    g_autoptr (GPtrArray) those = g_ptr_array_new ();
    for (guint i = 0; i < participants->len; i++) {
      const CvParticipant *participant = g_ptr_array_index (participants, i);
      if (is_on_stage (self, participant) && presume (self, participant) == answer &&
          cv_roster_get_answer (self->roster, participant->id) == CV_ANSWER_NONE)
        g_ptr_array_add (those, (gpointer) participant);
    }
    if (those->len > 0)
      cv_roster_note_all (self->roster, those, answer);
  }
}

static void
on_roster_stored (CvRoster *roster, const char *person, CvCapture *self)
{
  CvParticipant *participant = cv_meeting_find (self->meeting, person);
  CvAnswer answer = cv_roster_get_answer (roster, person);
  if (!is_running (self))
    return;
  if (cv_roster_may_record (roster, person))
    cv_chronicle_consent (self->chronicle, person, answer);
  if (participant == NULL)
    return;
  mark (self, participant);
  if (answer == CV_ANSWER_NONE) /* it could not be stored */
    g_signal_emit (self, signals[CHANGED], 0, participant);
  reconcile_one (self, participant);
}

/* ---- Segments ---- */

static void
begin_segment (CvCapture *self)
{
  cv_chronicle_begin_segment (self->chronicle, cv_reel_begin (self->reel));
  /* who speaks already is told no more */
  const char *const *speakers = cv_switchboard_get_speakers (self->switchboard);
  if (*speakers != NULL)
    cv_chronicle_speakers (self->chronicle, speakers);
  reconcile (self);
}

static void
end_segment (CvCapture *self, const char *reason)
{
  cv_chronicle_end_segment (self->chronicle, reason);
  cv_reel_end (self->reel);
  cv_journal_sync (self->journal);
}

static void
watch_disk (gpointer user_data)
{
  CvCapture *self = user_data;
  CvDiskState disk = cv_disk_check (self->shelf->disk);
  gboolean warned = disk == CV_DISK_WARN;
  self->disk_timer = 0;
  if (disk == CV_DISK_STOP) {
    cv_capture_end (self, CV_CAPTURE_REASON_DISK);
    return;
  }
  self->disk_timer = cv_clock_after (self->clock, DISK_MS, watch_disk, self);
  if (self->warned == warned)
    return;
  self->warned = warned;
  tell_all (self);
}

/* Something is recorded from now on. */
static void
begin_span (CvCapture *self)
{
  self->state = CV_CAPTURE_ON;
  self->since = cv_clock_now (self->clock);
  self->disk_timer = cv_clock_after (self->clock, DISK_MS, watch_disk, self);
  mark_all (self);
  if (cv_switchboard_is_ready (self->switchboard))
    begin_segment (self);
  tell_all (self);
}

static gint64
count_elapsed (CvCapture *self)
{
  gint64 running = self->state == CV_CAPTURE_ON ? (cv_clock_now (self->clock) - self->since) / 1000 : 0;
  return self->elapsed + running;
}

static void
end_span (CvCapture *self, const char *reason)
{
  self->elapsed = count_elapsed (self);
  self->since = cv_clock_now (self->clock);
  cv_clock_cancel (self->clock, &self->disk_timer);
  end_segment (self, reason);
}

/* ---- The beginning ---- */

/* In our words. Returns: (transfer full). */
static GError *
explain (const GError *error)
{
  gboolean full = g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_FULL) ||
                  g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  if (error->domain == CV_CAPTURE_ERROR)
    return g_error_copy (error);
  return g_error_new_literal (CV_CAPTURE_ERROR, full ? CV_CAPTURE_ERROR_DISK : CV_CAPTURE_ERROR_STORE, error->message);
}

static void
clear_recording (CvCapture *self)
{
  if (self->reel != NULL) {
    g_signal_handlers_disconnect_by_data (self->reel, self);
    cv_reel_close (self->reel);
  }
  if (self->roster != NULL)
    g_signal_handlers_disconnect_by_data (self->roster, self);
  g_clear_object (&self->reel);
  g_clear_object (&self->roster);
  g_clear_pointer (&self->chronicle, cv_chronicle_free);
  g_clear_pointer (&self->journal, cv_journal_free);
  g_clear_pointer (&self->folder, cv_folder_free);
  g_clear_pointer (&self->id, g_free);
  self->started = self->elapsed = self->since = 0;
  self->warned = FALSE;
}

static void start (CvCapture *self);

static void
tell_ended (CvCapture *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->ending);
  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}

/* Nothing is under way any more. Takes back what prepare() took. */
static void
be_off (CvCapture *self)
{
  clear_recording (self);
  self->state = CV_CAPTURE_OFF;
  cv_switchboard_release (self->switchboard);
  tell_ended (self);
  if (self->starting != NULL)
    start (self);
  g_object_unref (self);
}

static void
on_journal_failed (const GError *error, gpointer user_data)
{
  CvCapture *self = user_data;
  gboolean full = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  cv_warning (self->room->id, NULL, "the events of recording %s cannot be written: %s", self->id, error->message);
  cv_capture_end (self, full ? CV_CAPTURE_REASON_DISK : CV_CAPTURE_REASON_FAILED);
}

static void
on_reel_full (CvReel *reel, CvCapture *self)
{
  cv_capture_end (self, CV_CAPTURE_REASON_DISK);
}

static void on_reel_idle (CvReel *reel, CvCapture *self);

static void
begin (CvCapture *self)
{
  GPtrArray *participants = cv_meeting_get_participants (self->meeting);
  const char *room = self->room->id;
  self->journal = cv_journal_new (self->folder, self->clock, self->asked, on_journal_failed, self);
  self->chronicle = cv_chronicle_new (self->journal, self->meeting);
  self->roster = cv_roster_new (self->store, self->clock, room, self->id);
  self->reel = cv_reel_new (room, self->folder, self->journal, self->switchboard);
  g_signal_connect (self->roster, "stored", G_CALLBACK (on_roster_stored), self);
  g_signal_connect (self->reel, "full", G_CALLBACK (on_reel_full), self);
  g_signal_connect (self->reel, "idle", G_CALLBACK (on_reel_idle), self);
  cv_chronicle_start (self->chronicle, self->id, self->room, self->started);
  for (guint i = 0; i < participants->len; i++)
    cv_chronicle_note (self->chronicle, g_ptr_array_index (participants, i));
  note_present (self);
  begin_span (self);
  cv_info (room, NULL, "recording %s began", self->id);
  cv_tally_count (CV_TALLY_RECORDINGS);
  g_signal_emit (self, signals[STARTED], 0, self->id);
}

static void
on_created (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvCapture) self = user_data;
  g_autoptr (GTask) task = g_steal_pointer (&self->starting);
  g_autoptr (GError) error = NULL;
  self->folder = cv_creation_finish (CV_STORE (source), result, &error);
  if (self->folder != NULL && !cv_meeting_has_ended (self->meeting)) {
    begin (self);
    g_task_return_boolean (task, TRUE);
    return;
  }
  if (self->folder != NULL) {
    cv_creation_undo (self->store, self->shelf, self->id);
    g_set_error_literal (&error, CV_CAPTURE_ERROR, CV_CAPTURE_ERROR_STATE, "the meeting is over");
  }
  cv_warning (self->room->id, NULL, "a recording cannot begin: %s", error->message);
  cv_tally_count (CV_TALLY_RECORDINGS_FAILED);
  g_task_return_error (task, explain (error));
  be_off (self);
}

/* For self->starting. */
static void
start (CvCapture *self)
{
  g_object_ref (self); /* until be_off() */
  cv_switchboard_hold (self->switchboard);
  self->id = cv_id_new ("r");
  self->started = cv_clock_wall (self->clock);
  self->asked = cv_clock_now (self->clock);
  self->state = CV_CAPTURE_STARTING;
  self->reason = CV_CAPTURE_REASON_NONE;
  const CvRecordingRow row = { .id = self->id,
                               .room = self->room->id,
                               .meeting = (char *) cv_meeting_get_id (self->meeting),
                               .title = self->room->title,
                               .started = self->started,
                               .status = CV_RECORDING_RECORDING };
  cv_creation_async (self->store, self->shelf, &row, on_created, g_object_ref (self));
}

/* ---- The end ---- */

/* Where that could not be stored, who makes something of it sees to it. */
static void
on_end_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvCapture) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = g_strdup (self->id);
  if (!cv_recordings_change_finish (CV_STORE (source), result, &error))
    cv_warning (self->room->id, NULL, "the end of recording %s was not stored: %s", id, error->message);
  cv_info (self->room->id, NULL, "recording %s ended", id);
  be_off (self);
  g_signal_emit (self, signals[FINISHED], 0, id);
}

/* All files are closed, or it took too long. */
static void
finish (CvCapture *self)
{
  gint64 bytes = cv_folder_count_bytes (self->folder);
  cv_clock_cancel (self->clock, &self->stop_timer);
  cv_tally_add (CV_TALLY_RECORDED_BYTES, 0, (guint64) MAX (bytes, 0));
  cv_recordings_end_async (self->store, self->id, cv_clock_wall (self->clock), self->elapsed, bytes,
                           cv_reel_count_people (self->reel), on_end_stored, g_object_ref (self));
}

static void
on_reel_idle (CvReel *reel, CvCapture *self)
{
  if (self->stop_timer != 0)
    finish (self);
  else if (self->state == CV_CAPTURE_PAUSED)
    tell_ended (self);
}

static void
on_stop_timeout (gpointer user_data)
{
  CvCapture *self = user_data;
  self->stop_timer = 0;
  cv_warning (self->room->id, NULL, "files of recording %s take too long to be closed", self->id);
  g_signal_handlers_disconnect_by_data (self->reel, self);
  finish (self);
}

static const struct {
  const char *text;    /* for people's programs */
  const char *segment; /* in the event log */
  const char *stop;
} REASONS[] = {
  [CV_CAPTURE_REASON_NONE] = { "", "stop", "host" },         [CV_CAPTURE_REASON_HOST] = { "host", "stop", "host" },
  [CV_CAPTURE_REASON_DISK] = { "disk", "disk", "disk" },     [CV_CAPTURE_REASON_FAILED] = { "failed", "disk", "disk" },
  [CV_CAPTURE_REASON_ENDED] = { "ended", "ended", "ended" }, [CV_CAPTURE_REASON_ADMIN] = { "admin", "stop", "admin" },
};

void
cv_capture_end (CvCapture *self, CvCaptureReason reason)
{
  if (!is_running (self))
    return;
  if (reason == CV_CAPTURE_REASON_DISK || reason == CV_CAPTURE_REASON_FAILED)
    cv_tally_count (CV_TALLY_RECORDINGS_FAILED);
  if (self->state == CV_CAPTURE_ON)
    end_span (self, REASONS[reason].segment);
  cv_chronicle_stop (self->chronicle, REASONS[reason].stop);
  cv_journal_sync (self->journal);
  cv_info (self->room->id, NULL, "recording %s stops: %s", self->id, REASONS[reason].text);
  self->state = CV_CAPTURE_STOPPING;
  self->reason = reason;
  mark_all (self);
  tell_all (self);
  if (cv_reel_is_idle (self->reel))
    finish (self);
  else
    self->stop_timer = cv_clock_after (self->clock, STOP_MS, on_stop_timeout, self);
}

/* ---- What hosts do ---- */

static void
pause_span (CvCapture *self)
{
  end_span (self, "pause");
  self->state = CV_CAPTURE_PAUSED;
  mark_all (self);
  tell_all (self);
  if (cv_reel_is_idle (self->reel))
    tell_ended (self);
}

/* The state that an action is for; -1: it may be done. */
static int
check_action (CvCapture *self, CvCaptureAction action)
{
  gboolean can_start = self->state == CV_CAPTURE_OFF || self->state == CV_CAPTURE_STOPPING;
  const gboolean fits[] = {
    [CV_CAPTURE_START] = can_start && self->starting == NULL && !cv_meeting_has_ended (self->meeting),
    [CV_CAPTURE_PAUSE] = self->state == CV_CAPTURE_ON,
    [CV_CAPTURE_RESUME] = self->state == CV_CAPTURE_PAUSED,
    [CV_CAPTURE_STOP] = is_running (self),
  };
  if (!cv_capture_is_allowed (self))
    return CV_CAPTURE_ERROR_OFF;
  if (!fits[action])
    return CV_CAPTURE_ERROR_STATE;
  if (action == CV_CAPTURE_RESUME && cv_disk_check (self->shelf->disk) == CV_DISK_STOP)
    return CV_CAPTURE_ERROR_DISK;
  return -1;
}

void
cv_capture_act_async (CvCapture *self, CvCaptureAction action, CvCaptureReason by, GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  int problem = check_action (self, action);
  if (problem >= 0) {
    g_task_return_new_error (task, CV_CAPTURE_ERROR, problem, "cannot %s", cv_capture_actions[action]);
    return;
  }
  if (action == CV_CAPTURE_START) {
    self->starting = g_steal_pointer (&task);
    if (self->state == CV_CAPTURE_OFF)
      start (self);
    return;
  }
  tell_ended (self); /* of what this one takes the place */
  if (action == CV_CAPTURE_RESUME) {
    begin_span (self);
    g_task_return_boolean (task, TRUE);
    return;
  }
  self->ending = g_steal_pointer (&task);
  if (action == CV_CAPTURE_PAUSE)
    pause_span (self);
  else
    cv_capture_end (self, by);
}

gboolean
cv_capture_act_finish (CvCapture *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- What people say of it ---- */

static void
on_dropped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  cv_reel_drop_finish (CV_REEL (source), result);
  g_task_return_boolean (task, TRUE);
}

/* A no is answered when nothing more of them is being written. */
static void
on_answer_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  CvCapture *self = g_task_get_source_object (task);
  const char *dropped = g_task_get_task_data (task);
  if (!cv_roster_answer_finish (CV_ROSTER (source), result, &error))
    g_task_return_error (task, explain (error));
  else if (dropped != NULL && self->reel != NULL)
    cv_reel_drop_async (self->reel, dropped, on_dropped, g_steal_pointer (&task));
  else
    g_task_return_boolean (task, TRUE);
}

static void
take_answer (CvCapture *self, CvParticipant *participant, CvAnswer answer, GTask *task)
{
  if (cv_answer_is_no (answer))
    g_task_set_task_data (task, g_strdup (participant->id), g_free);
  cv_roster_answer_async (self->roster, participant, answer, on_answer_stored, task);
  if (cv_answer_is_no (answer)) {
    cv_reel_drop (self->reel, participant->id);
    cv_chronicle_consent (self->chronicle, participant->id, answer);
  }
  mark (self, participant);
  g_signal_emit (self, signals[CHANGED], 0, participant);
}

void
cv_capture_answer_async (CvCapture *self, CvParticipant *participant, CvAnswer answer, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  if (is_running (self) && is_on_stage (self, participant) && answer != CV_ANSWER_NONE) {
    take_answer (self, participant, answer, task);
    return;
  }
  g_task_return_new_error (task, CV_CAPTURE_ERROR, CV_CAPTURE_ERROR_STATE, "there is nothing to agree to");
  g_object_unref (task);
}

gboolean
cv_capture_answer_finish (CvCapture *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- The meeting's news ---- */

/* Somebody who may be recorded from now on, if they are on stage. */
static void
welcome (CvCapture *self, CvParticipant *participant)
{
  CvAnswer answer = presume (self, participant);
  cv_chronicle_note (self->chronicle, participant);
  if (is_on_stage (self, participant) && answer != CV_ANSWER_NONE &&
      cv_roster_get_answer (self->roster, participant->id) == CV_ANSWER_NONE)
    cv_roster_answer_async (self->roster, participant, answer, NULL, NULL);
}

void
cv_capture_note_consent (CvCapture *self, CvParticipant *participant)
{
  participant->consents = TRUE;
  if (!is_running (self))
    return;
  welcome (self, participant);
  mark (self, participant);
}

/* Before others are told of them. */
static void
on_meeting_participant_joined (CvMeeting *meeting, CvParticipant *participant, CvCapture *self)
{
  if (!is_running (self))
    return;
  welcome (self, participant);
  find_marks (self, participant, &participant->unrecorded, &participant->listens);
}

static void
on_meeting_participant_changed (CvMeeting *meeting, CvParticipant *participant, CvCapture *self)
{
  if (!is_running (self))
    return;
  cv_chronicle_note (self->chronicle, participant);
  reconcile_one (self, participant);
}

static void
on_meeting_participant_staged (CvMeeting *meeting, CvParticipant *participant, gboolean on, CvCapture *self)
{
  if (!is_running (self))
    return;
  welcome (self, participant);
  if (!on)
    cv_reel_drop (self->reel, participant->id);
  find_marks (self, participant, &participant->unrecorded, &participant->listens);
  reconcile_one (self, participant);
  g_signal_emit (self, signals[CHANGED], 0, participant);
}

/* That the disk runs low is for those to know who may stop it. */
static void
on_meeting_participant_role (CvMeeting *meeting, CvParticipant *participant, CvRole before, CvCapture *self)
{
  if (is_running (self) && self->warned)
    g_signal_emit (self, signals[CHANGED], 0, participant);
}

static void
on_meeting_participant_left (CvMeeting *meeting, CvParticipant *participant, CvLeaving leaving, CvCapture *self)
{
  if (!is_running (self))
    return;
  cv_reel_drop (self->reel, participant->id);
  cv_chronicle_leave (self->chronicle, participant);
}

static void
on_meeting_spotlight (CvMeeting *meeting, CvParticipant *participant, CvCapture *self)
{
  if (self->state == CV_CAPTURE_ON)
    cv_chronicle_spotlight (self->chronicle, participant);
}

static void
on_meeting_ended (CvMeeting *meeting, CvEnding ending, CvCapture *self)
{
  cv_capture_end (self, CV_CAPTURE_REASON_ENDED);
}

/* ---- The media's news ---- */

static void
on_switchboard_media (CvSwitchboard *switchboard, gboolean ready, CvCapture *self)
{
  if (self->state == CV_CAPTURE_ON && ready) {
    begin_segment (self);
  } else if (self->state == CV_CAPTURE_ON) {
    cv_chronicle_end_segment (self->chronicle, "lost");
    cv_reel_lose (self->reel);
    cv_journal_sync (self->journal);
  } else if (!ready && self->reel != NULL) {
    cv_reel_lose (self->reel);
  }
}

static void
on_switchboard_joined (CvSwitchboard *switchboard, CvParticipant *participant, CvCapture *self)
{
  reconcile_one (self, participant);
}

static void
on_switchboard_speakers (CvSwitchboard *switchboard, char **people, CvCapture *self)
{
  if (self->state == CV_CAPTURE_ON)
    cv_chronicle_speakers (self->chronicle, (const char *const *) people);
}

/* ---- Questions ---- */

CvCaptureState
cv_capture_get_state (CvCapture *self)
{
  return self->state;
}

const char *
cv_capture_get_id (CvCapture *self)
{
  return self->id;
}

gboolean
cv_capture_is_allowed (CvCapture *self)
{
  return self->room->recording && self->shelf != NULL;
}

void
cv_capture_get_view (CvCapture *self, const CvParticipant *participant, CvCaptureView *view)
{
  static const char *const states[] = { "off", "off", "on", "paused", "off" };
  gboolean warned = self->warned && cv_meeting_may (self->meeting, participant, CV_ACTION_RECORD);
  gboolean running = is_running (self);
  *view = (CvCaptureView){
    .state = states[self->state],
    .since = running ? self->started : 0,
    .elapsed = running ? count_elapsed (self) : 0,
    .consent = cv_consents[self->room->consent],
    .mine = cv_answers[running ? cv_roster_get_answer (self->roster, participant->id) : CV_ANSWER_NONE],
    .reason = REASONS[self->reason].text,
    .warning = running && warned ? "disk" : "",
  };
}

/* ---- Life ---- */

static void
cv_capture_dispose (GObject *object)
{
  CvCapture *self = CV_CAPTURE (object);
  if (self->meeting != NULL)
    g_signal_handlers_disconnect_by_data (self->meeting, self);
  if (self->switchboard != NULL)
    g_signal_handlers_disconnect_by_data (self->switchboard, self);
  g_clear_object (&self->switchboard);
  g_clear_object (&self->meeting);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (cv_capture_parent_class)->dispose (object);
}

static void
cv_capture_finalize (GObject *object)
{
  cv_room_row_free (CV_CAPTURE (object)->room);
  G_OBJECT_CLASS (cv_capture_parent_class)->finalize (object);
}

static void
cv_capture_class_init (CvCaptureClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->dispose = cv_capture_dispose;
  object_class->finalize = cv_capture_finalize;
  signals[CHANGED] =
    g_signal_new ("changed", CV_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[STARTED] =
    g_signal_new ("started", CV_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[FINISHED] =
    g_signal_new ("finished", CV_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
cv_capture_init (CvCapture *self)
{
}

CvCapture *
cv_capture_new (const CvRoomRow *room, CvMeeting *meeting, CvSwitchboard *switchboard, CvStore *store, CvClock *clock,
                const CvShelf *shelf)
{
  CvCapture *self = g_object_new (CV_TYPE_CAPTURE, NULL);
  self->room = cv_room_row_copy (room);
  self->meeting = g_object_ref (meeting);
  self->switchboard = g_object_ref (switchboard);
  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->shelf = shelf;
  g_signal_connect (meeting, "participant-joined", G_CALLBACK (on_meeting_participant_joined), self);
  g_signal_connect (meeting, "participant-changed", G_CALLBACK (on_meeting_participant_changed), self);
  g_signal_connect (meeting, "participant-staged", G_CALLBACK (on_meeting_participant_staged), self);
  g_signal_connect (meeting, "participant-role", G_CALLBACK (on_meeting_participant_role), self);
  g_signal_connect (meeting, "participant-left", G_CALLBACK (on_meeting_participant_left), self);
  g_signal_connect (meeting, "spotlight", G_CALLBACK (on_meeting_spotlight), self);
  g_signal_connect (meeting, "ended", G_CALLBACK (on_meeting_ended), self);
  g_signal_connect (switchboard, "media", G_CALLBACK (on_switchboard_media), self);
  g_signal_connect (switchboard, "joined", G_CALLBACK (on_switchboard_joined), self);
  g_signal_connect (switchboard, "speakers", G_CALLBACK (on_switchboard_speakers), self);
  return self;
}
