/* See chronicle.h. */
#include "room/chronicle.h"

#include <string.h>

/* As it was written last. */
typedef struct {
  char *name;
  gboolean stage;
  gboolean knows_sending; /* in this segment */
  CvSending sending;
} Person;

struct _CvChronicle {
  CvJournal *journal;
  CvMeeting *meeting; /* outlives this */
  GHashTable *people; /* id → Person, both owned */
  char *speakers;     /* as they were written, NULL: not in this segment */
  guint segment;      /* 0: between two */
};

static void
person_free (gpointer data)
{
  Person *self = data;
  g_free (self->name);
  g_free (self);
}

CvChronicle *
cv_chronicle_new (CvJournal *journal, CvMeeting *meeting)
{
  CvChronicle *self = g_new0 (CvChronicle, 1);
  self->journal = journal;
  self->meeting = meeting;
  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, person_free);
  return self;
}

void
cv_chronicle_free (CvChronicle *self)
{
  g_hash_table_unref (self->people);
  g_free (self->speakers);
  g_free (self);
}

void
cv_chronicle_start (CvChronicle *self, const char *recording, const CvRoomRow *room, gint64 at)
{
  JsonBuilder *line = cv_journal_begin (self->journal, "start");
  cv_json_add_int (line, "version", 1);
  cv_json_add_text (line, "recording", recording);
  cv_json_add_text (line, "room", room->id);
  cv_json_add_text (line, "meeting", cv_meeting_get_id (self->meeting));
  cv_json_add_text (line, "title", room->title);
  cv_json_add_text (line, "kind", room->kind);
  cv_json_add_int (line, "at", at);
  cv_journal_write (self->journal, line);
}

void
cv_chronicle_stop (CvChronicle *self, const char *reason)
{
  JsonBuilder *line = cv_journal_begin (self->journal, "stop");
  cv_json_add_text (line, "reason", reason);
  cv_journal_write (self->journal, line);
}

/* ---- people ---- */

static void
write_person (CvChronicle *self, const CvParticipant *participant, gboolean stage)
{
  JsonBuilder *line = cv_journal_begin (self->journal, "person");
  cv_json_add_text (line, "person", participant->id);
  cv_json_add_text (line, "name", participant->name);
  cv_json_add_bool (line, "stage", stage);
  cv_journal_write (self->journal, line);
}

static void
note_sending (CvChronicle *self, Person *person, const CvParticipant *participant)
{
  CvSending heard = cv_participant_get_heard (participant);
  if (self->segment == 0 || (person->knows_sending && memcmp (&heard, &person->sending, sizeof heard) == 0))
    return;
  person->knows_sending = TRUE;
  person->sending = heard;
  JsonBuilder *line = cv_journal_begin (self->journal, "sending");
  cv_json_add_text (line, "person", participant->id);
  for (CvSendingPart part = 0; part < CV_N_SENDINGS; part++)
    cv_json_add_bool (line, cv_sending_parts[part], *cv_sending_get_part (&heard, part));
  cv_journal_write (self->journal, line);
}

void
cv_chronicle_note (CvChronicle *self, const CvParticipant *participant)
{
  Person *person = g_hash_table_lookup (self->people, participant->id);
  gboolean stage = cv_meeting_may (self->meeting, participant, CV_ACTION_PUBLISH);
  if (person == NULL && !stage)
    return;
  if (person == NULL)
    g_hash_table_insert (self->people, g_strdup (participant->id), person = g_new0 (Person, 1));
  if (person->stage != stage || g_strcmp0 (person->name, participant->name) != 0) {
    g_free (person->name);
    person->name = g_strdup (participant->name);
    person->stage = stage;
    write_person (self, participant, stage);
  }
  note_sending (self, person, participant);
}

void
cv_chronicle_leave (CvChronicle *self, const CvParticipant *participant)
{
  if (!g_hash_table_remove (self->people, participant->id))
    return;
  JsonBuilder *line = cv_journal_begin (self->journal, "leave");
  cv_json_add_text (line, "person", participant->id);
  cv_journal_write (self->journal, line);
}

void
cv_chronicle_consent (CvChronicle *self, const char *person, CvAnswer answer)
{
  JsonBuilder *line = cv_journal_begin (self->journal, "consent");
  cv_json_add_text (line, "person", person);
  cv_json_add_text (line, "answer", cv_answers[answer]);
  cv_journal_write (self->journal, line);
}

/* ---- the floor ---- */

void
cv_chronicle_speakers (CvChronicle *self, const char *const *people)
{
  g_autofree char *joined = g_strjoinv (" ", (char **) people);
  if (self->segment == 0 || g_strcmp0 (joined, self->speakers) == 0)
    return;
  g_free (self->speakers);
  self->speakers = g_steal_pointer (&joined);
  JsonBuilder *line = cv_journal_begin (self->journal, "speaker");
  json_builder_set_member_name (line, "people");
  json_builder_begin_array (line);
  for (; *people != NULL; people++)
    json_builder_add_string_value (line, *people);
  json_builder_end_array (line);
  cv_journal_write (self->journal, line);
}

void
cv_chronicle_spotlight (CvChronicle *self, const CvParticipant *participant)
{
  JsonBuilder *line = cv_journal_begin (self->journal, "spotlight");
  cv_json_add_text (line, "person", participant != NULL ? participant->id : NULL);
  cv_journal_write (self->journal, line);
}

/* ---- segments ---- */

void
cv_chronicle_begin_segment (CvChronicle *self, guint segment)
{
  GPtrArray *participants = cv_meeting_get_participants (self->meeting);
  GHashTableIter iter;
  gpointer person = NULL;
  JsonBuilder *line = cv_journal_begin (self->journal, "segment");
  cv_json_add_int (line, "segment", segment);
  cv_journal_write (self->journal, line);
  self->segment = segment;
  g_clear_pointer (&self->speakers, g_free);
  g_hash_table_iter_init (&iter, self->people);
  while (g_hash_table_iter_next (&iter, NULL, &person))
    ((Person *) person)->knows_sending = FALSE;
  for (guint i = 0; i < participants->len; i++)
    cv_chronicle_note (self, g_ptr_array_index (participants, i));
  if (cv_meeting_get_spotlight (self->meeting) != NULL)
    cv_chronicle_spotlight (self, cv_meeting_get_spotlight (self->meeting));
}

void
cv_chronicle_end_segment (CvChronicle *self, const char *reason)
{
  if (self->segment == 0)
    return;
  JsonBuilder *line = cv_journal_begin (self->journal, "segment-end");
  cv_json_add_int (line, "segment", self->segment);
  cv_json_add_text (line, "reason", reason);
  cv_journal_write (self->journal, line);
  self->segment = 0;
}
