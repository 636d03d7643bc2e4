/* See audience.h. */
#include "signalling/audience.h"

#include "signalling/protocol-media.h"
#include "signalling/protocol-moderation.h"
#include "signalling/protocol-recording.h"
#include "signalling/protocol-sharing.h"
#include "signalling/session.h"

/* ---- who is told ---- */

typedef gboolean (*Filter) (CvMeeting *meeting, const CvParticipant *receiver, gconstpointer subject);

static gboolean
everybody (CvMeeting *meeting, const CvParticipant *receiver, gconstpointer subject)
{
  return TRUE;
}

/* The others who are told of this person at all. */
static gboolean
who_see (CvMeeting *meeting, const CvParticipant *receiver, gconstpointer subject)
{
  return receiver != subject && cv_meeting_sees (meeting, receiver, subject);
}

/* Those for whom this person comes when entering the stage, and goes when leaving it. */
static gboolean
who_see_the_stage_only (CvMeeting *meeting, const CvParticipant *receiver, gconstpointer subject)
{
  return receiver != subject && !cv_meeting_may (meeting, receiver, CV_ACTION_SEE_VIEWERS);
}

/* Those for whom this person is there all the time; themselves too. */
static gboolean
who_see_viewers (CvMeeting *meeting, const CvParticipant *receiver, gconstpointer subject)
{
  return receiver == subject || cv_meeting_may (meeting, receiver, CV_ACTION_SEE_VIEWERS);
}

static gboolean
who_gave_a_vote (CvMeeting *meeting, const CvParticipant *receiver, gconstpointer subject)
{
  return cv_question_has_vote (subject, receiver->id);
}

static gboolean
who_gave_none (CvMeeting *meeting, const CvParticipant *receiver, gconstpointer subject)
{
  return !cv_question_has_vote (subject, receiver->id);
}

static gboolean
who_watch_stats (CvMeeting *meeting, const CvParticipant *receiver, gconstpointer subject)
{
  return receiver->watches_stats;
}

/* `body` is made once, whatever the number of people. Some have no session: a seat that is just being given up, or
 * somebody who only sends a stream. */
static void
tell (CvMeeting *meeting, Filter filter, gconstpointer subject, GBytes *body)
{
  GPtrArray *participants = cv_meeting_get_participants (meeting);
  for (guint i = 0; i < participants->len; i++) {
    const CvParticipant *participant = g_ptr_array_index (participants, i);
    CvSession *session = cv_session_of (participant);
    if (session != NULL && filter (meeting, participant, subject))
      cv_session_post (session, body);
  }
  g_bytes_unref (body);
}

/* The same for what only counts until the next one comes. `body` NULL: there is none any more. */
static void
show (CvMeeting *meeting, Filter filter, CvLatest kind, GBytes *body)
{
  GPtrArray *participants = cv_meeting_get_participants (meeting);
  for (guint i = 0; i < participants->len; i++) {
    const CvParticipant *participant = g_ptr_array_index (participants, i);
    CvSession *session = cv_session_of (participant);
    if (session != NULL && filter (meeting, participant, NULL))
      cv_session_show (session, kind, body);
  }
  g_clear_pointer (&body, g_bytes_unref);
}

static void
show_one (CvParticipant *participant, CvLatest kind, GBytes *body)
{
  CvSession *session = cv_session_of (participant);
  if (session != NULL)
    cv_session_show (session, kind, body);
  g_bytes_unref (body);
}

/* ---- the meeting's news ---- */

static void
on_meeting_participant_joined (CvMeeting *meeting, CvParticipant *participant)
{
  tell (meeting, who_see, participant, cv_message_person_joined (participant));
}

static void
on_meeting_participant_changed (CvMeeting *meeting, CvParticipant *participant)
{
  tell (meeting, who_see, participant, cv_message_person_changed (participant, cv_meeting_get_order (meeting)));
}

static void
on_meeting_participant_left (CvMeeting *meeting, CvParticipant *participant, CvLeaving leaving)
{
  if (!cv_meeting_has_ended (meeting))
    tell (meeting, who_see, participant, cv_message_person_left (participant, leaving, cv_meeting_get_order (meeting)));
}

static void
on_meeting_participant_staged (CvMeeting *meeting, CvParticipant *participant, gboolean on)
{
  GBytes *news =
    on ? cv_message_person_joined (participant) : cv_message_person_left (participant, CV_LEAVING_STAGE, NULL);
  tell (meeting, who_see_the_stage_only, participant, news);
  tell (meeting, who_see_viewers, participant, cv_message_person_changed (participant, cv_meeting_get_order (meeting)));
}

static void
tell_one (const CvParticipant *participant, GBytes *body)
{
  CvSession *session = cv_session_of (participant);
  if (session != NULL)
    cv_session_post (session, body);
  g_bytes_unref (body);
}

/* Who sees viewers from now on is told of all there are; for who no longer does they are gone. */
static void
tell_of_viewers (CvMeeting *meeting, const CvParticipant *receiver, gboolean there)
{
  GPtrArray *participants = cv_meeting_get_participants (meeting);
  for (guint i = 0; i < participants->len; i++) {
    const CvParticipant *other = g_ptr_array_index (participants, i);
    if (other == receiver || cv_meeting_may (meeting, other, CV_ACTION_PUBLISH))
      continue;
    tell_one (receiver,
              there ? cv_message_person_joined (other) : cv_message_person_left (other, CV_LEAVING_STAGE, NULL));
  }
}

static void
on_meeting_participant_role (CvMeeting *meeting, CvParticipant *participant, CvRole before, CvRoom *room)
{
  const CvPolicy *policy = cv_meeting_get_policy (meeting);
  CvSession *session = cv_session_of (participant);
  gboolean saw = cv_policy_may (policy, before, CV_ACTION_SEE_VIEWERS);
  gboolean sees = cv_meeting_may (meeting, participant, CV_ACTION_SEE_VIEWERS);
  tell_one (participant, cv_message_role (room, participant->role, cv_meeting_get_order (meeting)));
  if (sees != saw)
    tell_of_viewers (meeting, participant, sees);
  if (session != NULL && !participant->watches_stats)
    cv_session_show (session, CV_LATEST_STATS, NULL);
}

/* Something of themselves that somebody else changed. */
static void
on_meeting_participant_told (CvMeeting *meeting, CvParticipant *participant)
{
  tell_one (participant, cv_message_person_changed (participant, NULL));
}

static void
on_meeting_floor (CvMeeting *meeting)
{
  tell (meeting, everybody, NULL, cv_message_floor (meeting));
}

static void
on_meeting_reactions (CvMeeting *meeting, const CvReactions *reactions)
{
  GPtrArray *participants = cv_meeting_get_participants (meeting);
  g_autoptr (GBytes) of_all = cv_message_reactions (reactions, TRUE);
  g_autoptr (GBytes) of_the_stage = cv_message_reactions (reactions, FALSE);
  for (guint i = 0; i < participants->len; i++) {
    const CvParticipant *participant = g_ptr_array_index (participants, i);
    CvSession *session = cv_session_of (participant);
    gboolean sees = cv_meeting_may (meeting, participant, CV_ACTION_SEE_VIEWERS);
    if (session != NULL)
      cv_session_pass (session, sees ? of_all : of_the_stage);
  }
}

static void
on_meeting_stopped (CvMeeting *meeting, CvParticipant *participant, CvSendingPart part, CvParticipant *by)
{
  CvSession *session = cv_session_of (participant);
  g_autoptr (GBytes) body = cv_message_stopped (part, by, cv_meeting_get_order (meeting));
  if (session != NULL)
    cv_session_post (session, body);
}

static void
on_meeting_spotlight (CvMeeting *meeting, CvParticipant *participant)
{
  tell (meeting, everybody, NULL, cv_message_spotlight (participant, cv_meeting_get_order (meeting)));
}

static void
on_meeting_viewers (CvMeeting *meeting, guint viewers)
{
  show (meeting, everybody, CV_LATEST_VIEWERS, cv_message_viewers (viewers));
}

static void
on_meeting_question (CvMeeting *meeting, CvQuestion *question)
{
  tell (meeting, who_gave_a_vote, question, cv_message_question (question, TRUE));
  tell (meeting, who_gave_none, question, cv_message_question (question, FALSE));
}

static gboolean
but_the_author (CvMeeting *meeting, const CvParticipant *receiver, gconstpointer subject)
{
  return receiver != subject;
}

/* Who did it knows all but what the server has added. */
static void
on_sharing_shared (CvSharing *sharing, GPtrArray *ops, GPtrArray *stamps, CvParticipant *by, CvMeeting *meeting)
{
  CvSession *session = by != NULL ? cv_session_of (by) : NULL;
  if (session != NULL && stamps->len > 0) {
    g_autoptr (GBytes) body = cv_message_changes (NULL, stamps);
    cv_session_post (session, body);
  }
  tell (meeting, but_the_author, by, cv_message_changes (ops, stamps));
}

static void
on_meeting_ended (CvMeeting *meeting, CvEnding ending)
{
  /* The sessions stay for as long as a seat does: who lost the socket just now still learns of it. */
  tell (meeting, everybody, NULL, cv_message_ended (ending));
  GPtrArray *participants = cv_meeting_get_participants (meeting);
  for (guint i = 0; i < participants->len; i++) {
    CvSession *session = cv_session_of (g_ptr_array_index (participants, i));
    if (session != NULL)
      cv_session_hang_up (session, 1000);
  }
}

/* ---- the media's news ---- */

static void
on_switchboard_media (CvSwitchboard *switchboard, gboolean ready, CvMeeting *meeting)
{
  static const CvLatest gone[] = { CV_LATEST_SLOTS,    CV_LATEST_CAMERA_LAYERS, CV_LATEST_SCREEN_LAYERS,
                                   CV_LATEST_SPEAKERS, CV_LATEST_STATS,         CV_LATEST_QUALITY };
  for (gsize i = 0; !ready && i < G_N_ELEMENTS (gone); i++)
    show (meeting, everybody, gone[i], NULL);
  tell (meeting, everybody, NULL, cv_message_media (ready));
}

/* Nothing came from this client for long, not even signs of life: it may not have noticed, as what we send may still reach it. */
static void
on_switchboard_state (CvSwitchboard *switchboard, CvParticipant *participant, CvMediaState state, const char *reason)
{
  CvSession *session = cv_session_of (participant);
  if (state != CV_MEDIA_LOST || !g_str_equal (reason, "silent") || session == NULL)
    return;
  g_autoptr (GBytes) lost = cv_message_media (FALSE);
  g_autoptr (GBytes) ready = cv_message_media (TRUE);
  cv_session_post (session, lost);
  cv_session_post (session, ready);
}

static void
on_switchboard_slots (CvSwitchboard *switchboard, CvParticipant *participant, const CvMediaSlot *slots, guint n)
{
  show_one (participant, CV_LATEST_SLOTS, cv_message_slots (slots, n));
}

static void
on_switchboard_speakers (CvSwitchboard *switchboard, char **people, CvMeeting *meeting)
{
  show (meeting, everybody, CV_LATEST_SPEAKERS, cv_message_speakers ((const char *const *) people));
}

static void
on_switchboard_layers (CvSwitchboard *switchboard, CvParticipant *participant, CvMediaSource source, char **rids)
{
  CvLatest kind = source == CV_MEDIA_SCREEN ? CV_LATEST_SCREEN_LAYERS : CV_LATEST_CAMERA_LAYERS;
  show_one (participant, kind, cv_message_layers (source, (const char *const *) rids));
}

/* Everybody is told of those on stage; a viewer's connection is nobody's business but their own. Hundreds are told, so each
 * message takes what it says and not a look at everybody. */
static void
show_quality (CvMeeting *meeting, const CvMediaStats *stats)
{
  GPtrArray *participants = cv_meeting_get_participants (meeting);
  g_autoptr (GArray) told = g_array_new (FALSE, FALSE, sizeof (CvMediaPersonStats));
  g_autoptr (GHashTable) viewers = g_hash_table_new (NULL, NULL); /* participant → what is measured of them */
  for (guint i = 0; i < stats->n; i++) {
    CvParticipant *participant = cv_meeting_find (meeting, stats->people[i].person);
    if (participant != NULL && cv_meeting_may (meeting, participant, CV_ACTION_PUBLISH))
      g_array_append_val (told, stats->people[i]);
    else if (participant != NULL)
      g_hash_table_insert (viewers, participant, (gpointer) &stats->people[i]);
  }
  const guint n = told->len;
  g_autoptr (GBytes) of_the_stage = cv_message_quality ((const CvMediaPersonStats *) told->data, n);
  for (guint i = 0; i < participants->len; i++) {
    CvParticipant *participant = g_ptr_array_index (participants, i);
    const CvMediaPersonStats *own = g_hash_table_lookup (viewers, participant);
    if (own != NULL)
      g_array_append_val (told, *own);
    show_one (participant, CV_LATEST_QUALITY,
              own != NULL ? cv_message_quality ((const CvMediaPersonStats *) told->data, told->len)
                          : g_bytes_ref (of_the_stage));
    g_array_set_size (told, n);
  }
}

static void
on_switchboard_stats (CvSwitchboard *switchboard, const CvMediaStats *stats, CvMeeting *meeting)
{
  show_quality (meeting, stats);
  show (meeting, who_watch_stats, CV_LATEST_STATS, cv_message_stats (stats));
}

/* ---- the recording's news ---- */

static void
tell_of_recording (CvCapture *capture, const CvParticipant *participant)
{
  CvSession *session = cv_session_of (participant);
  g_autoptr (GBytes) body = session != NULL ? cv_message_recording (capture, participant) : NULL;
  if (session != NULL)
    cv_session_post (session, body);
}

/* Each is told what they said themselves. */
static void
on_capture_changed (CvCapture *capture, CvParticipant *participant, CvMeeting *meeting)
{
  GPtrArray *participants = cv_meeting_get_participants (meeting);
  if (participant != NULL)
    tell_of_recording (capture, participant);
  else if (!cv_meeting_has_ended (meeting))
    for (guint i = 0; i < participants->len; i++)
      tell_of_recording (capture, g_ptr_array_index (participants, i));
}

void
cv_audience_greet (CvRoom *room, CvParticipant *participant)
{
  CvSwitchboard *switchboard = cv_room_get_switchboard (room);
  const char *const *speakers = switchboard != NULL ? cv_switchboard_get_speakers (switchboard) : NULL;
  if (speakers != NULL && speakers[0] != NULL)
    show_one (participant, CV_LATEST_SPEAKERS, cv_message_speakers (speakers));
}

/* ---- what is listened to ---- */

static void
listen_to_switchboard (CvSwitchboard *switchboard, CvMeeting *meeting)
{
  g_signal_connect (switchboard, "media", G_CALLBACK (on_switchboard_media), meeting);
  g_signal_connect (switchboard, "state", G_CALLBACK (on_switchboard_state), NULL);
  g_signal_connect (switchboard, "slots", G_CALLBACK (on_switchboard_slots), NULL);
  g_signal_connect (switchboard, "speakers", G_CALLBACK (on_switchboard_speakers), meeting);
  g_signal_connect (switchboard, "layers", G_CALLBACK (on_switchboard_layers), NULL);
  g_signal_connect (switchboard, "stats", G_CALLBACK (on_switchboard_stats), meeting);
}

static void
on_registry_meeting_started (CvRegistry *registry, CvRoom *room)
{
  CvMeeting *meeting = cv_room_get_meeting (room);
  g_signal_connect (meeting, "participant-joined", G_CALLBACK (on_meeting_participant_joined), NULL);
  g_signal_connect (meeting, "participant-changed", G_CALLBACK (on_meeting_participant_changed), NULL);
  g_signal_connect (meeting, "participant-left", G_CALLBACK (on_meeting_participant_left), NULL);
  g_signal_connect (meeting, "participant-staged", G_CALLBACK (on_meeting_participant_staged), NULL);
  g_signal_connect_object (meeting, "participant-role", G_CALLBACK (on_meeting_participant_role), room, 0);
  g_signal_connect (meeting, "participant-told", G_CALLBACK (on_meeting_participant_told), NULL);
  g_signal_connect (meeting, "floor", G_CALLBACK (on_meeting_floor), NULL);
  g_signal_connect (meeting, "reactions", G_CALLBACK (on_meeting_reactions), NULL);
  g_signal_connect (meeting, "stopped", G_CALLBACK (on_meeting_stopped), NULL);
  g_signal_connect (meeting, "spotlight", G_CALLBACK (on_meeting_spotlight), NULL);
  g_signal_connect (meeting, "viewers", G_CALLBACK (on_meeting_viewers), NULL);
  g_signal_connect (meeting, "question", G_CALLBACK (on_meeting_question), NULL);
  g_signal_connect (cv_meeting_get_sharing (meeting), "shared", G_CALLBACK (on_sharing_shared), meeting);
  g_signal_connect (meeting, "ended", G_CALLBACK (on_meeting_ended), NULL);
  if (cv_room_get_switchboard (room) != NULL)
    listen_to_switchboard (cv_room_get_switchboard (room), meeting);
  if (cv_room_get_capture (room) != NULL)
    g_signal_connect (cv_room_get_capture (room), "changed", G_CALLBACK (on_capture_changed), meeting);
}

/* Switched for the room, by whom it belongs to. */
static void
on_registry_dial_in (CvRegistry *registry, CvRoom *room)
{
  GPtrArray *participants = cv_meeting_get_participants (cv_room_get_meeting (room));
  for (guint i = 0; i < participants->len; i++) {
    const CvParticipant *participant = g_ptr_array_index (participants, i);
    tell_one (participant, cv_message_dial_in (room, participant->role));
  }
}

void
cv_audience_listen (CvRegistry *registry)
{
  g_signal_connect (registry, "dial-in", G_CALLBACK (on_registry_dial_in), NULL);
  g_signal_connect (registry, "meeting-started", G_CALLBACK (on_registry_meeting_started), NULL);
}
