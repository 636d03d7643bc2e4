/* See formers.h. */
#include "signalling/formers.h"

#include "room/departures.h"

typedef struct {
  CvFormer former;
  CvSecretHash tokens[2];
  char *meeting; /* its id */
  gint64 until;
} Entry;

struct _CvFormers {
  CvClock *clock;
  guint keep_ms;
  GQueue entries; /* of Entry, oldest first */
};

void
cv_former_free (CvFormer *self)
{
  g_array_unref (self->votes);
  g_ptr_array_unref (self->seats);
  g_free (self);
}

static void
entry_free (Entry *self)
{
  g_clear_pointer (&self->former.votes, g_array_unref);
  g_clear_pointer (&self->former.seats, g_ptr_array_unref);
  g_free (self->meeting);
  g_free (self);
}

CvFormers *
cv_formers_new (CvClock *clock, guint keep_ms)
{
  CvFormers *self = g_new0 (CvFormers, 1);
  self->clock = g_object_ref (clock);
  self->keep_ms = keep_ms;
  g_queue_init (&self->entries);
  return self;
}

void
cv_formers_free (CvFormers *self)
{
  g_queue_clear_full (&self->entries, (GDestroyNotify) entry_free);
  g_object_unref (self->clock);
  g_free (self);
}

/* The oldest, where there are more than `max` or its time is over. */
static void
forget (CvFormers *self, guint max)
{
  for (Entry *oldest; (oldest = g_queue_peek_head (&self->entries)) != NULL;) {
    if (self->entries.length <= max && oldest->until > cv_clock_now (self->clock))
      return;
    entry_free (g_queue_pop_head (&self->entries));
  }
}

void
cv_formers_add (CvFormers *self, const CvSecretHash *token, const CvSecretHash *other, CvMeeting *meeting,
                const CvParticipant *participant)
{
  forget (self, CV_FORMERS_MAX - 1);
  Entry *entry = g_new0 (Entry, 1);
  entry->former.came_as = participant->came_as;
  entry->former.role = participant->role;
  entry->former.votes = cv_questions_list_votes (cv_meeting_get_questions (meeting), participant->id);
  entry->former.seats = cv_departures_chain (participant->formerly, participant->id);
  entry->tokens[0] = *token;
  entry->tokens[1] = other != NULL ? *other : *token;
  entry->meeting = g_strdup (cv_meeting_get_id (meeting));
  entry->until = cv_clock_now (self->clock) + (gint64) self->keep_ms * 1000;
  g_queue_push_tail (&self->entries, entry);
}

/* NULL where there is none. */
static GList *
find (CvFormers *self, const guint8 token[CV_SECRET_BYTES], CvMeeting *meeting)
{
  CvSecretHash hash = cv_secret_get_hash (token);
  forget (self, CV_FORMERS_MAX);
  for (GList *item = self->entries.head; item != NULL; item = item->next) {
    const Entry *entry = item->data;
    if (cv_secret_hash_equal (&entry->tokens[0], &hash) || cv_secret_hash_equal (&entry->tokens[1], &hash))
      return g_str_equal (entry->meeting, cv_meeting_get_id (meeting)) ? item : NULL;
  }
  return NULL;
}

gboolean
cv_formers_has (CvFormers *self, const guint8 token[CV_SECRET_BYTES], CvMeeting *meeting)
{
  return find (self, token, meeting) != NULL;
}

CvFormer *
cv_formers_take (CvFormers *self, const guint8 token[CV_SECRET_BYTES], CvMeeting *meeting)
{
  GList *item = find (self, token, meeting);
  if (item == NULL)
    return NULL;
  Entry *entry = item->data;
  CvFormer *former = g_new (CvFormer, 1);
  *former = (CvFormer){ entry->former.came_as, entry->former.role, g_steal_pointer (&entry->former.votes),
                        g_steal_pointer (&entry->former.seats) };
  g_queue_delete_link (&self->entries, item);
  entry_free (entry);
  return former;
}
