/* See meeting.h. */
#include "room/meeting.h"

#include "base/ids.h"
#include "room/departures.h"

#include <string.h>

/* what may change very often is told this often */
#define NEWS_MS 1000
/* what people react with is told together */
#define REACTIONS_MS 300

struct _CvMeeting {
  GObject parent_instance;
  char *id;
  gint64 started;
  const CvPolicy *policy;
  CvClock *clock;
  guint empty_ms;
  guint empty_timer;
  GPtrArray *participants;  /* owns; in the order they came */
  GHashTable *by_id;        /* id → participant, both borrowed */
  CvParticipant *spotlight; /* one of them, or NULL */
  guint viewers_timer;
  CvQuestions *questions;
  GPtrArray *voted; /* of CvQuestion, borrowed: whose votes changed since the last signal */
  guint voted_timer;
  CvSharing *sharing;
  CvDepartures *departures;
  CvReactions *reactions; /* that were not told yet; NULL: none */
  guint reactions_timer;
  CvBans *bans;
  gboolean lobby;
  gboolean locked;
  gint64 last_hand;                             /* when the last hand was raised */
  const char *order;                            /* borrowed; NULL: none */
  char *summary_for_hosts, *summary_for_people; /* addresses; NULL: there will be none */
  gboolean ended;
};

enum {
  PARTICIPANT_JOINED,
  PARTICIPANT_CHANGED,
  PARTICIPANT_LEFT,
  PARTICIPANT_STAGED,
  PARTICIPANT_ROLE,
  PARTICIPANT_TOLD,
  STOPPED,
  SPOTLIGHT,
  VIEWERS,
  QUESTION,
  REACTIONS,
  FLOOR,
  ENDED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvMeeting, cv_meeting, G_TYPE_OBJECT)

static void
cancel_timers (CvMeeting *self)
{
  cv_clock_cancel (self->clock, &self->empty_timer);
  cv_clock_cancel (self->clock, &self->viewers_timer);
  cv_clock_cancel (self->clock, &self->voted_timer);
  cv_clock_cancel (self->clock, &self->reactions_timer);
}

static void
cv_meeting_dispose (GObject *object)
{
  CvMeeting *self = CV_MEETING (object);
  if (self->clock != NULL)
    cancel_timers (self);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (cv_meeting_parent_class)->dispose (object);
}

static void
cv_meeting_finalize (GObject *object)
{
  CvMeeting *self = CV_MEETING (object);
  cv_bans_free (self->bans);
  cv_departures_free (self->departures);
  g_clear_object (&self->sharing);
  g_clear_pointer (&self->reactions, cv_reactions_free);
  g_ptr_array_unref (self->voted);
  cv_questions_free (self->questions);
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->participants);
  g_free (self->summary_for_hosts);
  g_free (self->summary_for_people);
  g_free (self->id);
  G_OBJECT_CLASS (cv_meeting_parent_class)->finalize (object);
}

/* `n` types of parameters follow. */
static guint
add_signal (const char *name, guint n, ...)
{
  va_list types;
  va_start (types, n);
  guint id =
    g_signal_new_valist (name, CV_TYPE_MEETING, G_SIGNAL_RUN_LAST, NULL, NULL, NULL, NULL, G_TYPE_NONE, n, types);
  va_end (types);
  return id;
}

static void
cv_meeting_class_init (CvMeetingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->dispose = cv_meeting_dispose;
  object_class->finalize = cv_meeting_finalize;

  signals[PARTICIPANT_JOINED] = add_signal ("participant-joined", 1, G_TYPE_POINTER);
  signals[PARTICIPANT_CHANGED] = add_signal ("participant-changed", 1, G_TYPE_POINTER);
  signals[PARTICIPANT_LEFT] = add_signal ("participant-left", 2, G_TYPE_POINTER, G_TYPE_INT);
  signals[PARTICIPANT_STAGED] = add_signal ("participant-staged", 2, G_TYPE_POINTER, G_TYPE_BOOLEAN);
  signals[PARTICIPANT_ROLE] = add_signal ("participant-role", 2, G_TYPE_POINTER, G_TYPE_INT);
  signals[PARTICIPANT_TOLD] = add_signal ("participant-told", 1, G_TYPE_POINTER);
  signals[STOPPED] = add_signal ("stopped", 3, G_TYPE_POINTER, G_TYPE_INT, G_TYPE_POINTER);
  signals[SPOTLIGHT] = add_signal ("spotlight", 1, G_TYPE_POINTER);
  signals[VIEWERS] = add_signal ("viewers", 1, G_TYPE_UINT);
  signals[QUESTION] = add_signal ("question", 1, G_TYPE_POINTER);
  signals[REACTIONS] = add_signal ("reactions", 1, G_TYPE_POINTER);
  signals[FLOOR] = add_signal ("floor", 0);
  signals[ENDED] = add_signal ("ended", 1, G_TYPE_INT);
}

static void
cv_meeting_init (CvMeeting *self)
{
  self->id = cv_id_new ("m");
  self->participants = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_participant_free);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->questions = cv_questions_new ();
  self->voted = g_ptr_array_new ();
  self->bans = cv_bans_new ();
  self->departures = cv_departures_new ();
}

CvMeeting *
cv_meeting_new (const CvPolicy *policy, CvClock *clock, guint empty_ms)
{
  CvMeeting *self = g_object_new (CV_TYPE_MEETING, NULL);
  self->policy = policy;
  self->clock = g_object_ref (clock);
  self->empty_ms = empty_ms;
  self->sharing = cv_sharing_new (policy, clock);
  self->started = cv_clock_wall (clock);
  return self;
}

void
cv_meeting_set_id (CvMeeting *self, const char *id)
{
  g_return_if_fail (self->participants->len == 0);
  g_free (self->id);
  self->id = g_strdup (id);
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

static void
on_viewers_timeout (gpointer user_data)
{
  CvMeeting *self = user_data;
  self->viewers_timer = 0;
  g_signal_emit (self, signals[VIEWERS], 0, cv_meeting_count_viewers (self));
}

/* A viewer came, went or changed sides. That it is told even where the number is the one that was told before is for those
 * who came in between. */
static void
note_viewers (CvMeeting *self)
{
  if (!self->ended && self->viewers_timer == 0)
    self->viewers_timer = cv_clock_after (self->clock, NEWS_MS, on_viewers_timeout, self);
}

/* By what they are known now, or by the token of their seat, which whoever gave them this one has seen. */
static void
remember_seats (CvMeeting *self, CvParticipant *participant)
{
  g_autoptr (GPtrArray) seats = cv_departures_take (self->departures, &participant->identity);
  if (participant->formerly == NULL)
    participant->formerly = g_steal_pointer (&seats);
}

void
cv_meeting_add (CvMeeting *self, CvParticipant *participant)
{
  g_return_if_fail (!self->ended);
  g_return_if_fail (self->participants->len < self->policy->max_people);

  cv_clock_cancel (self->clock, &self->empty_timer);
  cv_bucket_init (&participant->reactions, CV_REACTIONS_A_SECOND, cv_clock_now (self->clock));
  g_ptr_array_add (self->participants, participant);
  g_hash_table_insert (self->by_id, participant->id, participant);
  remember_seats (self, participant);
  if (!cv_meeting_may (self, participant, CV_ACTION_PUBLISH)) {
    participant->sending = (CvSending){ 0 };
    note_viewers (self);
  }
  g_signal_emit (self, signals[PARTICIPANT_JOINED], 0, participant);
}

/* Or leaving and coming again would make one more vote each time. */
static void
withdraw_votes (CvMeeting *self, CvParticipant *participant)
{
  g_autoptr (GArray) votes = cv_questions_list_votes (self->questions, participant->id);
  for (guint i = 0; i < votes->len; i++)
    cv_meeting_vote (self, participant, cv_questions_find (self->questions, g_array_index (votes, guint64, i)), FALSE);
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
  if (self->spotlight == gone)
    cv_meeting_set_spotlight (self, NULL);
  if (!self->ended)
    withdraw_votes (self, gone);
  cv_departures_add (self->departures, &gone->identity, gone->formerly, gone->id);
  if (!cv_meeting_may (self, gone, CV_ACTION_PUBLISH))
    note_viewers (self);
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
  /* A client may not have heard yet that it is off the stage. */
  if (!cv_meeting_may (self, participant, CV_ACTION_PUBLISH) ||
      memcmp (&participant->sending, sending, sizeof *sending) == 0)
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

void
cv_meeting_set_recorded (CvMeeting *self, CvParticipant *participant, gboolean unrecorded, gboolean listens)
{
  if (participant->unrecorded == unrecorded && participant->listens == listens)
    return;
  participant->unrecorded = unrecorded;
  participant->listens = listens;
  if (!self->ended)
    g_signal_emit (self, signals[PARTICIPANT_CHANGED], 0, participant);
}

/* ---- the floor ---- */

gboolean
cv_meeting_may (CvMeeting *self, const CvParticipant *participant, CvAction action)
{
  return cv_policy_may (self->policy, participant->role, action);
}

gboolean
cv_meeting_sees (CvMeeting *self, const CvParticipant *watcher, const CvParticipant *other)
{
  return watcher == other || cv_meeting_may (self, other, CV_ACTION_PUBLISH) ||
         cv_meeting_may (self, watcher, CV_ACTION_SEE_VIEWERS);
}

guint
cv_meeting_count_viewers (CvMeeting *self)
{
  guint viewers = 0;
  for (guint i = 0; i < self->participants->len; i++)
    viewers += !cv_meeting_may (self, g_ptr_array_index (self->participants, i), CV_ACTION_PUBLISH);
  return viewers;
}

/* Hands are taken in the order they were raised, also within a millisecond. */
void
cv_meeting_set_hand (CvMeeting *self, CvParticipant *participant, gboolean up)
{
  if (up == (participant->hand != 0))
    return;
  if (up)
    self->last_hand = MAX (cv_clock_wall (self->clock), self->last_hand + 1);
  participant->hand = up ? self->last_hand : 0;
  g_signal_emit (self, signals[PARTICIPANT_CHANGED], 0, participant);
}

void
cv_meeting_lower (CvMeeting *self, CvParticipant *participant)
{
  if (participant->hand == 0)
    return;
  cv_meeting_set_hand (self, participant, FALSE);
  g_signal_emit (self, signals[PARTICIPANT_TOLD], 0, participant);
}

/* Nobody is seen or heard before they have said so, this time as well. */
static void
enter_or_leave_stage (CvMeeting *self, CvParticipant *participant, gboolean on)
{
  participant->hand = 0;
  participant->sending = (CvSending){ 0 };
  if (self->spotlight == participant)
    cv_meeting_set_spotlight (self, NULL);
  note_viewers (self);
  g_signal_emit (self, signals[PARTICIPANT_STAGED], 0, participant, on);
}

void
cv_meeting_set_role (CvMeeting *self, CvParticipant *participant, CvRole role)
{
  CvRole before = participant->role;
  gboolean staged = cv_meeting_may (self, participant, CV_ACTION_PUBLISH);
  if (role == before)
    return;
  participant->role = role;
  if (!cv_meeting_may (self, participant, CV_ACTION_WATCH_STATS))
    participant->watches_stats = FALSE;
  if (staged != cv_meeting_may (self, participant, CV_ACTION_PUBLISH))
    enter_or_leave_stage (self, participant, !staged);
  else
    g_signal_emit (self, signals[PARTICIPANT_CHANGED], 0, participant);
  g_signal_emit (self, signals[PARTICIPANT_ROLE], 0, participant, before);
}

gboolean
cv_meeting_set_stage (CvMeeting *self, CvParticipant *participant, gboolean on)
{
  if (participant->role >= CV_ROLE_COHOST)
    return on;
  cv_meeting_set_role (self, participant, on ? CV_ROLE_PERSON : CV_ROLE_VIEWER);
  return TRUE;
}

void
cv_meeting_rename (CvMeeting *self, CvParticipant *participant, const char *name)
{
  if (g_str_equal (participant->name, name))
    return;
  g_free (participant->name);
  participant->name = g_strdup (name);
  g_signal_emit (self, signals[PARTICIPANT_CHANGED], 0, participant);
  g_signal_emit (self, signals[PARTICIPANT_TOLD], 0, participant);
}

void
cv_meeting_stop (CvMeeting *self, CvParticipant *participant, CvSendingPart part, CvParticipant *by)
{
  CvSending sending = participant->sending;
  gboolean *sends = cv_sending_get_part (&sending, part);
  if (!*sends)
    return;
  *sends = FALSE;
  g_signal_emit (self, signals[STOPPED], 0, participant, part, by);
  cv_meeting_set_sending (self, participant, &sending);
}

gboolean
cv_meeting_start (CvMeeting *self, CvParticipant *participant, CvSendingPart part)
{
  if (!participant->stream || part == CV_SENDING_SCREEN || !cv_meeting_may (self, participant, CV_ACTION_PUBLISH))
    return FALSE;
  CvSending sending = participant->sending;
  *cv_sending_get_part (&sending, part) = TRUE;
  cv_meeting_set_sending (self, participant, &sending);
  return TRUE;
}

void
cv_meeting_mute_all (CvMeeting *self, CvParticipant *by)
{
  for (guint i = 0; i < self->participants->len; i++)
    if (cv_participant_is_above (by, g_ptr_array_index (self->participants, i)))
      cv_meeting_stop (self, g_ptr_array_index (self->participants, i), CV_SENDING_MICROPHONE, by);
}

gboolean
cv_meeting_set_spotlight (CvMeeting *self, CvParticipant *participant)
{
  if (participant != NULL && !cv_meeting_may (self, participant, CV_ACTION_PUBLISH))
    return FALSE;
  if (self->spotlight == participant)
    return TRUE;
  self->spotlight = participant;
  if (!self->ended)
    g_signal_emit (self, signals[SPOTLIGHT], 0, participant);
  return TRUE;
}

CvParticipant *
cv_meeting_get_spotlight (CvMeeting *self)
{
  return self->spotlight;
}

/* ---- the door ---- */

void
cv_meeting_set_floor (CvMeeting *self, gboolean lobby, gboolean locked)
{
  if (self->lobby == lobby && self->locked == locked)
    return;
  self->lobby = lobby;
  self->locked = locked;
  g_signal_emit (self, signals[FLOOR], 0);
}

gboolean
cv_meeting_has_lobby (CvMeeting *self)
{
  return self->lobby;
}

gboolean
cv_meeting_is_locked (CvMeeting *self)
{
  return self->locked;
}

CvBans *
cv_meeting_get_bans (CvMeeting *self)
{
  return self->bans;
}

void
cv_meeting_set_order (CvMeeting *self, const char *order)
{
  self->order = order;
}

const char *
cv_meeting_get_order (CvMeeting *self)
{
  return self->order;
}

void
cv_meeting_set_summary (CvMeeting *self, char *for_hosts, char *for_people)
{
  g_return_if_fail (self->summary_for_hosts == NULL);
  self->summary_for_hosts = for_hosts;
  self->summary_for_people = for_people;
}

const char *
cv_meeting_get_summary (CvMeeting *self, CvRole role)
{
  return role >= CV_ROLE_COHOST ? self->summary_for_hosts : self->summary_for_people;
}

/* ---- what is said ---- */

CvSharing *
cv_meeting_get_sharing (CvMeeting *self)
{
  return self->sharing;
}

static void
on_reactions_timeout (gpointer user_data)
{
  CvMeeting *self = user_data;
  self->reactions_timer = 0;
  g_autoptr (CvReactions) reactions = g_steal_pointer (&self->reactions);
  g_signal_emit (self, signals[REACTIONS], 0, reactions);
}

gboolean
cv_meeting_react (CvMeeting *self, CvParticipant *participant, CvReaction what)
{
  if (!cv_bucket_take (&participant->reactions, CV_REACTIONS_A_SECOND, CV_REACTIONS_A_SECOND,
                       cv_clock_now (self->clock)))
    return FALSE;
  if (self->reactions == NULL) {
    self->reactions = cv_reactions_new ();
    self->reactions_timer = cv_clock_after (self->clock, REACTIONS_MS, on_reactions_timeout, self);
  }
  cv_reactions_add (self->reactions, participant->id, cv_meeting_may (self, participant, CV_ACTION_PUBLISH), what);
  return TRUE;
}

/* ---- questions ---- */

CvQuestions *
cv_meeting_get_questions (CvMeeting *self)
{
  return self->questions;
}

gboolean
cv_meeting_ask (CvMeeting *self, CvParticipant *participant, const char *text)
{
  CvQuestion *question =
    cv_questions_ask (self->questions, participant->id, participant->name, text, cv_clock_wall (self->clock));
  if (question != NULL)
    g_signal_emit (self, signals[QUESTION], 0, question);
  return question != NULL;
}

static void
on_voted_timeout (gpointer user_data)
{
  CvMeeting *self = user_data;
  self->voted_timer = 0;
  g_autoptr (GPtrArray) voted = g_steal_pointer (&self->voted);
  self->voted = g_ptr_array_new ();
  for (guint i = 0; i < voted->len; i++)
    g_signal_emit (self, signals[QUESTION], 0, g_ptr_array_index (voted, i));
}

/* Hundreds may vote at once, and everybody is told of each question anew: not more often than once a second. */
void
cv_meeting_vote (CvMeeting *self, CvParticipant *participant, CvQuestion *question, gboolean up)
{
  if (!cv_question_vote (question, participant->id, up))
    return;
  if (!g_ptr_array_find (self->voted, question, NULL))
    g_ptr_array_add (self->voted, question);
  if (self->voted_timer == 0)
    self->voted_timer = cv_clock_after (self->clock, NEWS_MS, on_voted_timeout, self);
}

void
cv_meeting_resolve (CvMeeting *self, CvQuestion *question)
{
  if (cv_question_resolve (question))
    g_signal_emit (self, signals[QUESTION], 0, question);
}

void
cv_meeting_end (CvMeeting *self, CvEnding ending)
{
  if (self->ended)
    return;
  self->ended = TRUE;
  cancel_timers (self);
  g_object_ref (self);
  g_signal_emit (self, signals[ENDED], 0, ending);
  g_object_unref (self);
}
