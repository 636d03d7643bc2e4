/* See ledger.h. */
#include "room/ledger.h"

#include "store/attendances.h"
#include "store/shared-objects.h"

#define CV_LOG_TOPIC "ledger"
#include "base/log.h"

#define FLUSH_MS 500
/* Where something could not be written it is tried again. */
#define RETRY_MS 5000
/* After a crash people count as gone since then. */
#define SEEN_MS 60000
#define LEDGER "cv-ledger"

typedef struct {
  CvMeeting *meeting; /* which owns this */
  CvStore *store;
  CvClock *clock;
  char *room;
  char *id;            /* the meeting's */
  GHashTable *objects; /* set of ids: changed since they were written */
  GHashTable *people;  /* id → CvAttendanceRow: everybody who is there, and who has left since that was written */
  GHashTable *changed; /* set of ids of people */
  guint timer;
  guint seen_timer;
  gboolean failed; /* it was said so */
} Ledger;

static void flush (Ledger *self);

static void
on_flush_timeout (gpointer user_data)
{
  Ledger *self = user_data;
  self->timer = 0;
  flush (self);
}

static void
plan (Ledger *self, guint ms)
{
  if (self->timer == 0)
    self->timer = cv_clock_after (self->clock, ms, on_flush_timeout, self);
}

/* ---- writing ---- */

/* The meeting may be gone when the answer comes: what did not work then is lost. */
typedef struct {
  GWeakRef meeting;
  char *room;
  GHashTable *ids;
  gboolean people;
} Written;

static Written *
written_new (Ledger *self, GHashTable *ids, gboolean people)
{
  Written *written = g_new0 (Written, 1);
  g_weak_ref_init (&written->meeting, self->meeting);
  written->room = g_strdup (self->room);
  written->ids = g_hash_table_ref (ids);
  written->people = people;
  return written;
}

static void
written_free (Written *self)
{
  g_weak_ref_clear (&self->meeting);
  g_hash_table_unref (self->ids);
  g_free (self->room);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Written, written_free)

static void
try_again (Ledger *self, const Written *written)
{
  GHashTable *into = written->people ? self->changed : self->objects;
  GHashTableIter iter;
  gpointer id = NULL;
  g_hash_table_iter_init (&iter, written->ids);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!written->people || g_hash_table_contains (self->people, id))
      g_hash_table_add (into, g_strdup (id));
  plan (self, RETRY_MS);
}

static void
settle (Written *written, gboolean done, const GError *error)
{
  g_autoptr (CvMeeting) meeting = g_weak_ref_get (&written->meeting);
  Ledger *self = meeting != NULL ? g_object_get_data (G_OBJECT (meeting), LEDGER) : NULL;
  /* without a row of the meeting there is nothing to write to: its start was not stored, or it was deleted */
  gboolean hopeless = !done && g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  gboolean said = self != NULL ? self->failed : written->people; /* of what is written together one says it */
  if (!done && !hopeless && !said)
    cv_warning (written->room, NULL, "what a meeting leaves behind was not stored: %s", error->message);
  if (self == NULL)
    return;
  self->failed = !done;
  if (!done && !hopeless && !cv_meeting_has_ended (meeting))
    try_again (self, written);
}

static void
on_objects_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Written) written = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = cv_shared_objects_save_finish (CV_STORE (source), result, &error);
  settle (written, done, error);
}

static void
on_people_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Written) written = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = cv_attendances_save_finish (CV_STORE (source), result, &error);
  settle (written, done, error);
}

static GHashTable *
new_set (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
save_objects (Ledger *self)
{
  const CvModel *model = cv_sharing_get_model (cv_meeting_get_sharing (self->meeting));
  g_autoptr (GHashTable) ids = g_steal_pointer (&self->objects);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_shared_object_row_free);
  GHashTableIter iter;
  gpointer id = NULL;
  self->objects = new_set ();
  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, &id, NULL)) {
    const CvObject *object = cv_model_find (model, id);
    const char *type = cv_model_schema_get (cv_object_get_type (object))->name;
    g_ptr_array_add (rows, cv_shared_object_row_new (id, type, cv_object_to_state (object)));
  }
  if (rows->len > 0)
    cv_shared_objects_save_async (self->store, self->id, rows, on_objects_saved, written_new (self, ids, FALSE));
}

static void
save_people (Ledger *self)
{
  g_autoptr (GHashTable) ids = g_steal_pointer (&self->changed);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_attendance_row_free);
  GHashTableIter iter;
  gpointer id = NULL;
  self->changed = new_set ();
  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, &id, NULL)) {
    const CvAttendanceRow *row = g_hash_table_lookup (self->people, id);
    if (row == NULL)
      continue;
    g_ptr_array_add (rows, cv_attendance_row_new (row));
  }
  if (rows->len > 0)
    cv_attendances_save_async (self->store, self->id, rows, on_people_saved, written_new (self, ids, TRUE));
}

static void
flush (Ledger *self)
{
  save_objects (self);
  save_people (self);
}

/* ---- what is shared ---- */

static void
on_sharing_shared (CvSharing *sharing, GPtrArray *ops, GPtrArray *stamps, CvParticipant *by, Ledger *self)
{
  for (guint i = 0; i < ops->len; i++)
    g_hash_table_add (self->objects, g_strdup (((const CvOperation *) g_ptr_array_index (ops, i))->object));
  plan (self, FLUSH_MS);
}

/* ---- who is there ---- */

static void
note (Ledger *self, const CvParticipant *participant)
{
  CvAttendanceRow *row = g_hash_table_lookup (self->people, participant->id);
  if (row == NULL)
    return;
  g_free (row->name);
  row->name = g_strdup (participant->name);
  row->role = cv_role_to_text (participant->role);
  row->left = cv_clock_wall (self->clock);
  g_hash_table_add (self->changed, g_strdup (participant->id));
  plan (self, FLUSH_MS);
}

static void
on_meeting_joined (CvMeeting *meeting, CvParticipant *participant, Ledger *self)
{
  const CvIdentity *identity = &participant->identity;
  const char *subject = participant->stream ? NULL : identity->subject;
  const char *account = identity->account != NULL ? identity->account : subject;
  const CvAttendanceRow row = {
    .person = participant->id,
    .name = participant->name,
    .role = cv_role_to_text (participant->role),
    .device = participant->phone    ? "phone"
              : participant->stream ? "stream"
                                    : "browser",
    .account = (char *) (account != NULL ? account : ""),
    .joined = cv_clock_wall (self->clock),
  };
  g_hash_table_insert (self->people, g_strdup (participant->id), cv_attendance_row_new (&row));
  note (self, participant);
}

/* Whether they send, raise a hand or are away is nobody's business afterwards. */
static void
on_meeting_changed (CvMeeting *meeting, CvParticipant *participant, Ledger *self)
{
  const CvAttendanceRow *row = g_hash_table_lookup (self->people, participant->id);
  if (row != NULL && !g_str_equal (row->name, participant->name))
    note (self, participant);
}

static void
on_meeting_role (CvMeeting *meeting, CvParticipant *participant, CvRole before, Ledger *self)
{
  note (self, participant);
}

static void
on_meeting_left (CvMeeting *meeting, CvParticipant *participant, CvLeaving leaving, Ledger *self)
{
  if (cv_meeting_has_ended (meeting))
    return; /* they left when it ended */
  note (self, participant);
  save_people (self);
  g_hash_table_remove (self->people, participant->id);
}

static void
note_all (Ledger *self)
{
  GPtrArray *participants = cv_meeting_get_participants (self->meeting);
  for (guint i = 0; i < participants->len; i++)
    note (self, g_ptr_array_index (participants, i));
}

static void
on_seen_timeout (gpointer user_data)
{
  Ledger *self = user_data;
  note_all (self);
  self->seen_timer = cv_clock_after (self->clock, SEEN_MS, on_seen_timeout, self);
}

/* ---- life ---- */

static void
on_meeting_ended (CvMeeting *meeting, CvEnding ending, Ledger *self)
{
  note_all (self);
  cv_clock_cancel (self->clock, &self->timer);
  cv_clock_cancel (self->clock, &self->seen_timer);
  flush (self);
}

static void
ledger_free (gpointer data)
{
  Ledger *self = data;
  cv_clock_cancel (self->clock, &self->timer);
  cv_clock_cancel (self->clock, &self->seen_timer);
  g_hash_table_unref (self->objects);
  g_hash_table_unref (self->people);
  g_hash_table_unref (self->changed);
  g_object_unref (self->store);
  g_object_unref (self->clock);
  g_free (self->room);
  g_free (self->id);
  g_free (self);
}

void
cv_ledger_flush (CvMeeting *meeting)
{
  Ledger *self = g_object_get_data (G_OBJECT (meeting), LEDGER);
  if (self == NULL || cv_meeting_has_ended (meeting))
    return;
  note_all (self);
  flush (self);
}

void
cv_ledger_keep (CvMeeting *meeting, CvStore *store, CvClock *clock, const char *room)
{
  if (!cv_meeting_get_policy (meeting)->has_summary)
    return;
  Ledger *self = g_new0 (Ledger, 1);
  self->meeting = meeting;
  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->room = g_strdup (room);
  self->id = g_strdup (cv_meeting_get_id (meeting));
  self->objects = new_set ();
  self->changed = new_set ();
  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) cv_attendance_row_free);
  self->seen_timer = cv_clock_after (clock, SEEN_MS, on_seen_timeout, self);
  g_object_set_data_full (G_OBJECT (meeting), LEDGER, self, ledger_free);
  g_signal_connect (cv_meeting_get_sharing (meeting), "shared", G_CALLBACK (on_sharing_shared), self);
  g_signal_connect (meeting, "participant-joined", G_CALLBACK (on_meeting_joined), self);
  g_signal_connect (meeting, "participant-changed", G_CALLBACK (on_meeting_changed), self);
  g_signal_connect (meeting, "participant-role", G_CALLBACK (on_meeting_role), self);
  g_signal_connect (meeting, "participant-left", G_CALLBACK (on_meeting_left), self);
  g_signal_connect (meeting, "ended", G_CALLBACK (on_meeting_ended), self);
}
