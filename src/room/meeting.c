/* See meeting.h. */
#include "room/meeting.h"

#include "base/ids.h"

#include <string.h>

struct _CvMeeting {
  GObject parent_instance;
  char *id;
  gint64 started;
  const CvPolicy *policy;
  CvClock *clock;
  guint empty_ms;
  guint empty_timer;
  GPtrArray *participants; /* owns; in the order they came */
  GHashTable *by_id;       /* id → participant, both borrowed */
  GQueue chat;             /* of CvChatMessage, owned */
  gsize chat_bytes;
  guint64 chat_n;
  gboolean ended;
};

enum { PARTICIPANT_JOINED, PARTICIPANT_CHANGED, PARTICIPANT_LEFT, CHAT, ENDED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvMeeting, cv_meeting, G_TYPE_OBJECT)

const char *
cv_leaving_to_text (CvLeaving leaving)
{
  static const char *const texts[] = { "left", "lost", "replaced" };
  return texts[leaving];
}

const char *
cv_ending_to_text (CvEnding ending)
{
  static const char *const texts[] = { "host", "admin", "empty" };
  return texts[ending];
}

static void
chat_message_free (CvChatMessage *message)
{
  g_free (message->from);
  g_free (message->name);
  g_free (message->text);
  g_free (message);
}

static void
cv_meeting_dispose (GObject *object)
{
  CvMeeting *self = CV_MEETING (object);
  if (self->clock != NULL)
    cv_clock_cancel (self->clock, &self->empty_timer);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (cv_meeting_parent_class)->dispose (object);
}

static void
cv_meeting_finalize (GObject *object)
{
  CvMeeting *self = CV_MEETING (object);
  g_queue_clear_full (&self->chat, (GDestroyNotify) chat_message_free);
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->participants);
  g_free (self->id);
  G_OBJECT_CLASS (cv_meeting_parent_class)->finalize (object);
}

static void
cv_meeting_class_init (CvMeetingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->dispose = cv_meeting_dispose;
  object_class->finalize = cv_meeting_finalize;

  GType type = G_TYPE_FROM_CLASS (klass);
  signals[PARTICIPANT_JOINED] =
    g_signal_new ("participant-joined", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[PARTICIPANT_CHANGED] =
    g_signal_new ("participant-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[PARTICIPANT_LEFT] = g_signal_new ("participant-left", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                            G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_INT);
  signals[CHAT] = g_signal_new ("chat", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[ENDED] = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
cv_meeting_init (CvMeeting *self)
{
  self->id = cv_id_new ("m");
  self->participants = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_participant_free);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  g_queue_init (&self->chat);
}

CvMeeting *
cv_meeting_new (const CvPolicy *policy, CvClock *clock, guint empty_ms)
{
  CvMeeting *self = g_object_new (CV_TYPE_MEETING, NULL);
  self->policy = policy;
  self->clock = g_object_ref (clock);
  self->empty_ms = empty_ms;
  self->started = cv_clock_wall (clock);
  return self;
}

const char *
cv_meeting_get_id (CvMeeting *self)
{
  return self->id;
}

gint64
cv_meeting_get_started (CvMeeting *self)
{
  return self->started;
}

gboolean
cv_meeting_has_ended (CvMeeting *self)
{
  return self->ended;
}

const CvPolicy *
cv_meeting_get_policy (CvMeeting *self)
{
  return self->policy;
}

static void
on_empty_timeout (gpointer user_data)
{
  CvMeeting *self = user_data;
  self->empty_timer = 0;
  cv_meeting_end (self, CV_ENDING_EMPTY);
}

void
cv_meeting_add (CvMeeting *self, CvParticipant *participant)
{
  g_return_if_fail (!self->ended);
  g_return_if_fail (self->participants->len < self->policy->max_people);

  cv_clock_cancel (self->clock, &self->empty_timer);
  g_ptr_array_add (self->participants, participant);
  g_hash_table_insert (self->by_id, participant->id, participant);
  g_signal_emit (self, signals[PARTICIPANT_JOINED], 0, participant);
}

void
cv_meeting_remove (CvMeeting *self, CvParticipant *participant, CvLeaving leaving)
{
  g_return_if_fail (g_hash_table_lookup (self->by_id, participant->id) == participant);

  guint index = 0;
  g_ptr_array_find (self->participants, participant, &index);
  g_hash_table_remove (self->by_id, participant->id);
  g_autoptr (CvParticipant) gone = g_ptr_array_steal_index (self->participants, index);
  g_object_ref (self);

  if (self->participants->len == 0 && !self->ended)
    self->empty_timer = cv_clock_after (self->clock, self->empty_ms, on_empty_timeout, self);
  g_signal_emit (self, signals[PARTICIPANT_LEFT], 0, gone, leaving);
  g_object_unref (self);
}

CvParticipant *
cv_meeting_find (CvMeeting *self, const char *id)
{
  return g_hash_table_lookup (self->by_id, id);
}

GPtrArray *
cv_meeting_get_participants (CvMeeting *self)
{
  return self->participants;
}

guint
cv_meeting_get_size (CvMeeting *self)
{
  return self->participants->len;
}

void
cv_meeting_set_sending (CvMeeting *self, CvParticipant *participant, const CvSending *sending)
{
  if (memcmp (&participant->sending, sending, sizeof *sending) == 0)
    return;
  participant->sending = *sending;
  g_signal_emit (self, signals[PARTICIPANT_CHANGED], 0, participant);
}

void
cv_meeting_set_away (CvMeeting *self, CvParticipant *participant, gboolean away)
{
  if (participant->away == away)
    return;
  participant->away = away;
  if (self->ended)
    return;
  g_signal_emit (self, signals[PARTICIPANT_CHANGED], 0, participant);
}

static void
drop_oldest_chat (CvMeeting *self)
{
  CvChatMessage *oldest = g_queue_pop_head (&self->chat);
  self->chat_bytes -= strlen (oldest->text);
  chat_message_free (oldest);
}

void
cv_meeting_say (CvMeeting *self, CvParticipant *participant, const char *text)
{
  CvChatMessage *message = g_new0 (CvChatMessage, 1);
  message->n = ++self->chat_n;
  message->from = g_strdup (participant->id);
  message->name = g_strdup (participant->name);
  message->text = g_strdup (text);
  message->at = cv_clock_wall (self->clock);
  g_queue_push_tail (&self->chat, message);
  self->chat_bytes += strlen (text);

  g_signal_emit (self, signals[CHAT], 0, message);

  guint kept = self->policy->keeps_chat ? CV_CHAT_MAX_KEPT : 0;
  while (self->chat.length > kept || self->chat_bytes > CV_CHAT_MAX_KEPT_BYTES)
    drop_oldest_chat (self);
}

GQueue *
cv_meeting_get_chat (CvMeeting *self)
{
  return &self->chat;
}

void
cv_meeting_end (CvMeeting *self, CvEnding ending)
{
  if (self->ended)
    return;
  self->ended = TRUE;
  cv_clock_cancel (self->clock, &self->empty_timer);
  g_object_ref (self);
  g_signal_emit (self, signals[ENDED], 0, ending);
  g_object_unref (self);
}
