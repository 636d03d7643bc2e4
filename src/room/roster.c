/* See roster.h. */
#include "room/roster.h"

#define CV_LOG_TOPIC "roster"
#include "base/log.h"

typedef struct {
  CvAnswer answer;
  guint serial; /* of the answer: rows are written one after the other, the last one counts */
  gboolean stored;
} Entry;

struct _CvRoster {
  GObject parent_instance;
  CvStore *store;
  CvClock *clock;
  char *room;
  char *recording;
  GHashTable *entries; /* person → Entry, both owned */
};

/* Answers on their way to the disk. */
typedef struct {
  GPtrArray *rows; /* of CvConsentRow */
  GArray *serials; /* of guint: one for each row */
} Batch;

enum { STORED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvRoster, cv_roster, G_TYPE_OBJECT)

static void
cv_roster_finalize (GObject *object)
{
  CvRoster *self = CV_ROSTER (object);
  g_hash_table_unref (self->entries);
  g_object_unref (self->store);
  g_object_unref (self->clock);
  g_free (self->room);
  g_free (self->recording);
  G_OBJECT_CLASS (cv_roster_parent_class)->finalize (object);
}

static void
cv_roster_class_init (CvRosterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cv_roster_finalize;
  signals[STORED] =
    g_signal_new ("stored", CV_TYPE_ROSTER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
cv_roster_init (CvRoster *self)
{
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

CvRoster *
cv_roster_new (CvStore *store, CvClock *clock, const char *room, const char *recording)
{
  CvRoster *self = g_object_new (CV_TYPE_ROSTER, NULL);
  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->room = g_strdup (room);
  self->recording = g_strdup (recording);
  return self;
}

gboolean
cv_answer_is_yes (CvAnswer answer)
{
  return answer == CV_ANSWER_ANNOUNCED || answer == CV_ANSWER_AGREED;
}

gboolean
cv_answer_is_no (CvAnswer answer)
{
  return answer == CV_ANSWER_REFUSED || answer == CV_ANSWER_WITHDRAWN;
}

CvAnswer
cv_roster_get_answer (CvRoster *self, const char *person)
{
  const Entry *entry = g_hash_table_lookup (self->entries, person);
  return entry != NULL ? entry->answer : CV_ANSWER_NONE;
}

gboolean
cv_roster_may_record (CvRoster *self, const char *person)
{
  const Entry *entry = g_hash_table_lookup (self->entries, person);
  return entry != NULL && cv_answer_is_yes (entry->answer) && entry->stored;
}

/* ---- To the disk ---- */

static Batch *
batch_new (void)
{
  Batch *batch = g_new (Batch, 1);
  *batch = (Batch){ g_ptr_array_new_with_free_func ((GDestroyNotify) cv_consent_row_free),
                    g_array_new (FALSE, FALSE, sizeof (guint)) };
  return batch;
}

static void
batch_free (gpointer data)
{
  Batch *self = data;
  g_ptr_array_unref (self->rows);
  g_array_unref (self->serials);
  g_free (self);
}

static void
note (CvRoster *self, Batch *batch, const CvParticipant *participant, CvAnswer answer)
{
  Entry *entry = g_hash_table_lookup (self->entries, participant->id);
  if (entry == NULL)
    g_hash_table_insert (self->entries, g_strdup (participant->id), entry = g_new0 (Entry, 1));
  entry->answer = answer;
  entry->stored = FALSE;
  entry->serial++;
  g_array_append_val (batch->serials, entry->serial);
  g_ptr_array_add (batch->rows, cv_consent_row_new (self->recording, participant->id, participant->name, answer,
                                                    cv_clock_wall (self->clock)));
}

/* What somebody said later has a row of its own. */
static void
conclude (CvRoster *self, const char *person, guint serial, gboolean stored)
{
  Entry *entry = g_hash_table_lookup (self->entries, person);
  if (entry->serial != serial)
    return;
  entry->stored = stored;
  if (!stored && cv_answer_is_yes (entry->answer))
    entry->answer = CV_ANSWER_NONE;
  g_signal_emit (self, signals[STORED], 0, person);
}

static void
on_inserted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CvRoster *self = g_task_get_source_object (task);
  const Batch *batch = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gboolean stored = cv_consents_insert_finish (CV_STORE (source), result, &error);
  if (!stored)
    cv_warning (self->room, NULL, "what people said of being recorded was not stored: %s", error->message);
  for (guint i = 0; i < batch->rows->len; i++)
    conclude (self, ((CvConsentRow *) batch->rows->pdata[i])->person, g_array_index (batch->serials, guint, i), stored);
  if (stored)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
store_batch (CvRoster *self, Batch *batch, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  g_task_set_task_data (task, batch, batch_free);
  cv_consents_insert_async (self->store, batch->rows, on_inserted, task);
}

void
cv_roster_note_all (CvRoster *self, GPtrArray *participants, CvAnswer answer)
{
  Batch *batch = batch_new ();
  for (guint i = 0; i < participants->len; i++)
    note (self, batch, g_ptr_array_index (participants, i), answer);
  store_batch (self, batch, NULL, NULL);
}

void
cv_roster_answer_async (CvRoster *self, const CvParticipant *participant, CvAnswer answer, GAsyncReadyCallback callback,
                        gpointer user_data)
{
  Batch *batch = batch_new ();
  note (self, batch, participant, answer);
  store_batch (self, batch, callback, user_data);
}

gboolean
cv_roster_answer_finish (CvRoster *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
