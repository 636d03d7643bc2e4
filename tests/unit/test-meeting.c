/* A meeting: who comes and goes, what is said and kept of it, and when it is over. */
#include "room/meeting.h"

#include "base/ids.h"

#include <string.h>

#define EMPTY_MS 60000
#define START 1000000

typedef struct {
  CvClock *clock;
  CvMeeting *meeting;
  GString *news; /* what the signals said */
} Fixture;

static void
on_joined (CvMeeting *meeting, CvParticipant *participant, Fixture *f)
{
  g_assert_true (cv_meeting_find (meeting, participant->id) == participant);
  g_string_append_printf (f->news, "+%s ", participant->name);
}

static void
on_changed (CvMeeting *meeting, CvParticipant *participant, Fixture *f)
{
  g_string_append_printf (f->news, "~%s%s ", participant->name, participant->away ? "(away)" : "");
}

static void
on_left (CvMeeting *meeting, CvParticipant *participant, CvLeaving leaving, Fixture *f)
{
  g_assert_null (cv_meeting_find (meeting, participant->id));
  g_string_append_printf (f->news, "-%s(%s) ", participant->name, cv_leaving_to_text (leaving));
}

static void
on_staged (CvMeeting *meeting, CvParticipant *participant, gboolean on, Fixture *f)
{
  g_string_append_printf (f->news, "%s(%s) ", participant->name, on ? "on" : "off");
}

static void
on_role (CvMeeting *meeting, CvParticipant *participant, CvRole before, Fixture *f)
{
  g_string_append_printf (f->news, "%s:%s>%s ", participant->name, cv_role_to_text (before),
                          cv_role_to_text (participant->role));
}

static void
on_told (CvMeeting *meeting, CvParticipant *participant, Fixture *f)
{
  g_string_append_printf (f->news, "%s! ", participant->name);
}

static void
on_floor (CvMeeting *meeting, Fixture *f)
{
  g_string_append_printf (f->news, "floor(%d,%d) ", cv_meeting_has_lobby (meeting), cv_meeting_is_locked (meeting));
}

static void
on_reactions (CvMeeting *meeting, const CvReactions *reactions, Fixture *f)
{
  g_string_append_printf (f->news, "reactions(%u,%u) ", reactions->counts[CV_REACTION_UP], reactions->named->len);
}

static void
on_stopped (CvMeeting *meeting, CvParticipant *participant, CvSendingPart part, CvParticipant *by, Fixture *f)
{
  g_string_append_printf (f->news, "%s!%s(%s) ", by->name, participant->name, cv_sending_parts[part]);
}

static void
on_spotlight (CvMeeting *meeting, CvParticipant *participant, Fixture *f)
{
  g_assert_true (cv_meeting_get_spotlight (meeting) == participant);
  g_string_append_printf (f->news, "*%s ", participant != NULL ? participant->name : "");
}

static void
on_viewers (CvMeeting *meeting, guint viewers, Fixture *f)
{
  g_string_append_printf (f->news, "viewers(%u) ", viewers);
}

static void
on_question (CvMeeting *meeting, CvQuestion *question, Fixture *f)
{
  g_string_append_printf (f->news, "?%u(%u%s) ", (guint) question->n, cv_question_count_votes (question),
                          question->resolved ? ",resolved" : "");
}

static void
on_ended (CvMeeting *meeting, CvEnding ending, Fixture *f)
{
  g_assert_true (cv_meeting_has_ended (meeting));
  g_string_append_printf (f->news, "end(%s,%u) ", cv_ending_to_text (ending), cv_meeting_get_size (meeting));
}

static void
listen_to (Fixture *f, const CvPolicy *policy)
{
  g_clear_object (&f->meeting);
  f->meeting = cv_meeting_new (policy, f->clock, EMPTY_MS);
  g_signal_connect (f->meeting, "participant-joined", G_CALLBACK (on_joined), f);
  g_signal_connect (f->meeting, "participant-changed", G_CALLBACK (on_changed), f);
  g_signal_connect (f->meeting, "participant-left", G_CALLBACK (on_left), f);
  g_signal_connect (f->meeting, "participant-staged", G_CALLBACK (on_staged), f);
  g_signal_connect (f->meeting, "stopped", G_CALLBACK (on_stopped), f);
  g_signal_connect (f->meeting, "spotlight", G_CALLBACK (on_spotlight), f);
  g_signal_connect (f->meeting, "viewers", G_CALLBACK (on_viewers), f);
  g_signal_connect (f->meeting, "question", G_CALLBACK (on_question), f);
  g_signal_connect (f->meeting, "participant-role", G_CALLBACK (on_role), f);
  g_signal_connect (f->meeting, "participant-told", G_CALLBACK (on_told), f);
  g_signal_connect (f->meeting, "floor", G_CALLBACK (on_floor), f);
  g_signal_connect (f->meeting, "reactions", G_CALLBACK (on_reactions), f);
  g_signal_connect (f->meeting, "ended", G_CALLBACK (on_ended), f);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = cv_clock_new_fake (START);
  f->news = g_string_new (NULL);
  listen_to (f, &cv_policy_standard);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->meeting);
  g_assert_finalize_object (f->clock);
  g_string_free (f->news, TRUE);
}

static void
assert_news (Fixture *f, const char *expected)
{
  g_assert_cmpstr (f->news->str, ==, expected);
  g_string_truncate (f->news, 0);
}

static CvParticipant *
add_as (Fixture *f, const char *name, CvRole role)
{
  CvSending sending = { .microphone = cv_meeting_get_policy (f->meeting)->topology == CV_TOPOLOGY_SFU };
  CvParticipant *participant = cv_participant_new (name, role, &sending);
  cv_meeting_add (f->meeting, participant);
  return participant;
}

static CvParticipant *
add (Fixture *f, const char *name)
{
  return add_as (f, name, CV_ROLE_PERSON);
}

static void
test_people (Fixture *f, gconstpointer data)
{
  g_assert_true (cv_id_is_valid (cv_meeting_get_id (f->meeting), "m"));
  g_assert_cmpint (cv_meeting_get_started (f->meeting), ==, START);
  g_assert_true (cv_meeting_get_policy (f->meeting) == &cv_policy_standard);

  CvParticipant *ann = add (f, "Ann");
  CvParticipant *bob = add (f, "Bob");
  CvParticipant *cyd = add (f, "Cyd");
  assert_news (f, "+Ann +Bob +Cyd ");
  g_assert_cmpuint (cv_meeting_get_size (f->meeting), ==, 3);
  cv_meeting_remove (f->meeting, bob, CV_LEAVING_REPLACED);
  cv_meeting_remove (f->meeting, ann, CV_LEAVING_LOST);
  assert_news (f, "-Bob(replaced) -Ann(lost) ");
  add (f, "Dan");
  GPtrArray *people = cv_meeting_get_participants (f->meeting);
  g_assert_cmpuint (people->len, ==, 2);
  g_assert_true (g_ptr_array_index (people, 0) == cyd);
  g_assert_null (cv_meeting_find (f->meeting, "pabcdefghijkm"));
}

static void
test_no_more_than_fit (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < cv_policy_standard.max_people; i++)
    add (f, "Ann");
  g_autoptr (CvParticipant) extra = cv_participant_new ("Bob", CV_ROLE_PERSON, &(CvSending){ 0 });
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_CRITICAL, "*max_people*");
  cv_meeting_add (f->meeting, extra);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (cv_meeting_get_size (f->meeting), ==, cv_policy_standard.max_people);
}

static void
test_changes (Fixture *f, gconstpointer data)
{
  CvParticipant *ann = add (f, "Ann");
  assert_news (f, "+Ann ");
  cv_meeting_set_sending (f->meeting, ann, &(CvSending){ .camera = TRUE });
  assert_news (f, "~Ann ");
  g_assert_true (ann->sending.camera);
  cv_meeting_set_sending (f->meeting, ann, &(CvSending){ .camera = TRUE });
  cv_meeting_set_away (f->meeting, ann, FALSE);
  assert_news (f, "");
  cv_meeting_set_away (f->meeting, ann, TRUE);
  cv_meeting_set_away (f->meeting, ann, TRUE);
  cv_meeting_set_away (f->meeting, ann, FALSE);
  assert_news (f, "~Ann(away) ~Ann ");
  cv_meeting_end (f->meeting, CV_ENDING_HOST);
  cv_meeting_set_away (f->meeting, ann, TRUE);
  assert_news (f, "end(host,1) ");
  g_assert_true (ann->away);
}

static void
test_recorded (Fixture *f, gconstpointer data)
{
  CvParticipant *ann = add (f, "Ann");
  assert_news (f, "+Ann ");
  cv_meeting_set_recorded (f->meeting, ann, FALSE, FALSE);
  assert_news (f, "");
  cv_meeting_set_recorded (f->meeting, ann, TRUE, FALSE);
  cv_meeting_set_recorded (f->meeting, ann, TRUE, TRUE);
  cv_meeting_set_recorded (f->meeting, ann, TRUE, TRUE);
  assert_news (f, "~Ann ~Ann ");
  g_assert_true (ann->unrecorded && ann->listens);
  cv_meeting_end (f->meeting, CV_ENDING_HOST);
  assert_news (f, "end(host,1) ");
  cv_meeting_set_recorded (f->meeting, ann, FALSE, FALSE);
  assert_news (f, "");
}

static void
test_empty (Fixture *f, gconstpointer data)
{
  CvParticipant *ann = add (f, "Ann");
  cv_clock_advance (f->clock, 10 * EMPTY_MS);
  cv_meeting_remove (f->meeting, ann, CV_LEAVING_LEFT);
  cv_clock_advance (f->clock, EMPTY_MS - 1);
  assert_news (f, "+Ann -Ann(left) ");
  /* whoever comes in time keeps it going, and its end starts anew */
  CvParticipant *bob = add (f, "Bob");
  cv_clock_advance (f->clock, EMPTY_MS);
  cv_meeting_remove (f->meeting, bob, CV_LEAVING_LEFT);
  cv_clock_advance (f->clock, EMPTY_MS - 1);
  assert_news (f, "+Bob -Bob(left) ");
  cv_clock_advance (f->clock, 1);
  assert_news (f, "end(empty,0) ");
}

static void
test_end (Fixture *f, gconstpointer data)
{
  CvParticipant *ann = add (f, "Ann");
  CvParticipant *bob = add (f, "Bob");
  cv_meeting_remove (f->meeting, bob, CV_LEAVING_LEFT);
  g_assert_false (cv_meeting_has_ended (f->meeting));
  cv_meeting_end (f->meeting, CV_ENDING_ADMIN);
  cv_meeting_end (f->meeting, CV_ENDING_HOST);
  assert_news (f, "+Ann +Bob -Bob(left) end(admin,1) ");
  /* the last one out does not end it once more */
  cv_meeting_remove (f->meeting, ann, CV_LEAVING_LOST);
  cv_clock_advance (f->clock, 2 * EMPTY_MS);
  assert_news (f, "-Ann(lost) ");

  g_autoptr (CvParticipant) late = cv_participant_new ("Cyd", CV_ROLE_PERSON, &(CvSending){ 0 });
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_CRITICAL, "*ended*");
  cv_meeting_add (f->meeting, late);
  g_test_assert_expected_messages ();
}

static void
drop (CvMeeting *meeting, CvEnding ending, gpointer user_data)
{
  g_object_unref (meeting);
}

static void
test_dropped_while_it_ends (void)
{
  g_autoptr (CvClock) clock = cv_clock_new_fake (0);
  CvMeeting *meeting = cv_meeting_new (&cv_policy_standard, clock, EMPTY_MS);
  gpointer watched = meeting;
  g_object_add_weak_pointer (G_OBJECT (meeting), &watched);
  g_signal_connect (meeting, "ended", G_CALLBACK (drop), NULL);
  cv_meeting_end (meeting, CV_ENDING_HOST);
  g_assert_null (watched);
}

static void
test_dropped_while_empty (void)
{
  g_autoptr (CvClock) clock = cv_clock_new_fake (0);
  CvMeeting *meeting = cv_meeting_new (&cv_policy_standard, clock, EMPTY_MS);
  CvParticipant *ann = cv_participant_new ("Ann", CV_ROLE_PERSON, &(CvSending){ 0 });
  cv_meeting_add (meeting, ann);
  cv_meeting_remove (meeting, ann, CV_LEAVING_LEFT);
  g_assert_finalize_object (meeting);
  cv_clock_advance (clock, 2 * EMPTY_MS);
}

/* Whose browser comes again is the same person. */
static void
test_seats (Fixture *f, gconstpointer data)
{
  CvParticipant *ann = cv_participant_new ("Ann", CV_ROLE_PERSON, &(CvSending){ 0 });
  CvParticipant *again = cv_participant_new ("Ann", CV_ROLE_PERSON, &(CvSending){ 0 });
  ann->identity.visitor = g_strdup ("00");
  again->identity.visitor = g_strdup ("00");
  g_autofree char *id = g_strdup (ann->id);
  cv_meeting_add (f->meeting, ann);
  g_assert_null (ann->formerly);
  cv_meeting_remove (f->meeting, ann, CV_LEAVING_LEFT);
  cv_meeting_add (f->meeting, again);
  g_assert_cmpuint (again->formerly->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (again->formerly, 0), ==, id);
  g_assert_null (add (f, "Bob")->formerly);
}

static void
test_hand (Fixture *f, gconstpointer data)
{
  CvParticipant *ann = add (f, "Ann");
  cv_clock_advance (f->clock, 7);
  cv_meeting_set_hand (f->meeting, ann, TRUE);
  g_assert_cmpint (ann->hand, ==, START + 7);
  cv_clock_advance (f->clock, 7);
  cv_meeting_set_hand (f->meeting, ann, TRUE);
  g_assert_cmpint (ann->hand, ==, START + 7);
  cv_meeting_set_hand (f->meeting, ann, FALSE);
  cv_meeting_set_hand (f->meeting, ann, FALSE);
  g_assert_cmpint (ann->hand, ==, 0);
  assert_news (f, "+Ann ~Ann ~Ann ");
}

static void
test_stage (Fixture *f, gconstpointer data)
{
  listen_to (f, &cv_policy_classroom);
  CvParticipant *host = add_as (f, "Host", CV_ROLE_HOST);
  CvParticipant *vic = add_as (f, "Vic", CV_ROLE_VIEWER);
  CvParticipant *wim = add_as (f, "Wim", CV_ROLE_VIEWER);
  assert_news (f, "+Host +Vic +Wim ");
  g_assert_false (vic->sending.microphone);
  g_assert_true (cv_meeting_sees (f->meeting, host, vic) && cv_meeting_sees (f->meeting, vic, vic));
  g_assert_true (cv_meeting_sees (f->meeting, vic, host));
  g_assert_false (cv_meeting_sees (f->meeting, wim, vic));

  /* what one says who may not be heard changes nothing */
  cv_meeting_set_sending (f->meeting, vic, &(CvSending){ .microphone = TRUE });
  g_assert_false (vic->sending.microphone);
  cv_meeting_set_hand (f->meeting, vic, TRUE);
  assert_news (f, "~Vic ");
  g_assert_true (cv_meeting_set_stage (f->meeting, vic, TRUE));
  g_assert_true (cv_meeting_set_stage (f->meeting, vic, TRUE));
  g_assert_true (vic->role == CV_ROLE_PERSON && vic->hand == 0 && !vic->sending.microphone);
  g_assert_true (cv_meeting_sees (f->meeting, wim, vic));
  g_assert_false (cv_meeting_sees (f->meeting, vic, wim));
  cv_meeting_set_sending (f->meeting, vic, &(CvSending){ .microphone = TRUE });
  g_assert_true (cv_meeting_set_spotlight (f->meeting, vic));
  assert_news (f, "Vic(on) Vic:viewer>person ~Vic *Vic ");
  g_assert_true (cv_meeting_set_stage (f->meeting, vic, FALSE));
  g_assert_true (vic->role == CV_ROLE_VIEWER && !vic->sending.microphone);
  assert_news (f, "* Vic(off) Vic:person>viewer ");

  g_assert_true (cv_meeting_set_stage (f->meeting, host, TRUE));
  g_assert_false (cv_meeting_set_stage (f->meeting, host, FALSE));
  g_assert_cmpint (host->role, ==, CV_ROLE_HOST);
  assert_news (f, "");
}

static void
test_stop (Fixture *f, gconstpointer data)
{
  listen_to (f, &cv_policy_boardroom);
  CvParticipant *host = add_as (f, "Host", CV_ROLE_HOST);
  CvParticipant *ann = add (f, "Ann");
  CvParticipant *bob = add (f, "Bob");
  assert_news (f, "+Host +Ann +Bob ");
  cv_meeting_stop (f->meeting, ann, CV_SENDING_CAMERA, host);
  assert_news (f, "");
  cv_meeting_set_sending (f->meeting, ann, &(CvSending){ .microphone = TRUE, .screen = TRUE });
  cv_meeting_stop (f->meeting, ann, CV_SENDING_SCREEN, host);
  assert_news (f, "~Ann Host!Ann(screen) ~Ann ");
  g_assert_true (ann->sending.microphone && !ann->sending.screen);
  cv_meeting_mute_all (f->meeting, host);
  assert_news (f, "Host!Ann(microphone) ~Ann Host!Bob(microphone) ~Bob ");
  g_assert_true (host->sending.microphone && !bob->sending.microphone);
  cv_meeting_mute_all (f->meeting, host);
  assert_news (f, "");
  cv_meeting_set_sending (f->meeting, bob, &(CvSending){ .microphone = TRUE });
  g_assert_true (bob->sending.microphone);
}

static void
test_roles (Fixture *f, gconstpointer data)
{
  listen_to (f, &cv_policy_classroom);
  CvParticipant *vic = add_as (f, "Vic", CV_ROLE_VIEWER);
  CvParticipant *ann = add (f, "Ann");
  g_string_truncate (f->news, 0);
  cv_meeting_set_role (f->meeting, ann, CV_ROLE_COHOST);
  assert_news (f, "~Ann Ann:person>cohost ");
  cv_meeting_set_role (f->meeting, ann, CV_ROLE_COHOST);
  assert_news (f, "");
  /* a viewer who leads comes on stage, and says anew what they send */
  cv_meeting_set_hand (f->meeting, vic, TRUE);
  g_string_truncate (f->news, 0);
  cv_meeting_set_role (f->meeting, vic, CV_ROLE_COHOST);
  assert_news (f, "Vic(on) Vic:viewer>cohost ");
  g_assert_true (vic->hand == 0 && vic->came_as == CV_ROLE_VIEWER);
  g_assert_false (cv_meeting_set_stage (f->meeting, vic, FALSE));
  g_assert_true (cv_meeting_set_stage (f->meeting, vic, TRUE));
  vic->watches_stats = TRUE;
  cv_meeting_set_role (f->meeting, vic, CV_ROLE_PERSON);
  g_assert_false (vic->watches_stats);
  assert_news (f, "~Vic Vic:cohost>person ");
}

static void
test_ranks (Fixture *f, gconstpointer data)
{
  listen_to (f, &cv_policy_boardroom);
  CvParticipant *host = add_as (f, "Host", CV_ROLE_HOST), *other = add_as (f, "Other", CV_ROLE_HOST);
  CvParticipant *cohost = add_as (f, "Cohost", CV_ROLE_COHOST), *ann = add (f, "Ann");
  cv_meeting_mute_all (f->meeting, cohost);
  g_assert_true (host->sending.microphone && cohost->sending.microphone && !ann->sending.microphone);
  cv_meeting_mute_all (f->meeting, host);
  g_assert_true (host->sending.microphone && other->sending.microphone && !cohost->sending.microphone);
}

static void
test_rename (Fixture *f, gconstpointer data)
{
  CvParticipant *ann = add (f, "Ann");
  g_string_truncate (f->news, 0);
  cv_meeting_rename (f->meeting, ann, "Zoe");
  assert_news (f, "~Zoe Zoe! ");
  cv_meeting_rename (f->meeting, ann, "Zoe");
  assert_news (f, "");
}

/* In the order they were raised, also within a millisecond, also when the clock goes back. */
static void
test_hands_in_order (Fixture *f, gconstpointer data)
{
  CvParticipant *ann = add (f, "Ann"), *bob = add (f, "Bob"), *eve = add (f, "Eve");
  cv_meeting_set_hand (f->meeting, bob, TRUE);
  cv_meeting_set_hand (f->meeting, ann, TRUE);
  cv_meeting_set_hand (f->meeting, eve, TRUE);
  g_assert_true (bob->hand < ann->hand && ann->hand < eve->hand);
  g_string_truncate (f->news, 0);
  cv_meeting_lower (f->meeting, ann);
  cv_meeting_lower (f->meeting, ann);
  assert_news (f, "~Ann Ann! ");
  cv_meeting_set_hand (f->meeting, ann, TRUE);
  g_assert_cmpint (ann->hand, >, eve->hand);
}

static void
test_floor (Fixture *f, gconstpointer data)
{
  g_assert_false (cv_meeting_has_lobby (f->meeting) || cv_meeting_is_locked (f->meeting));
  cv_meeting_set_floor (f->meeting, FALSE, FALSE);
  assert_news (f, "");
  cv_meeting_set_floor (f->meeting, TRUE, FALSE);
  cv_meeting_set_floor (f->meeting, TRUE, TRUE);
  assert_news (f, "floor(1,0) floor(1,1) ");
  g_assert_null (cv_meeting_get_order (f->meeting));
  cv_meeting_set_order (f->meeting, "QUJD");
  g_assert_cmpstr (cv_meeting_get_order (f->meeting), ==, "QUJD");
  g_assert_nonnull (cv_meeting_get_bans (f->meeting));
}

static void
test_reactions (Fixture *f, gconstpointer data)
{
  CvParticipant *ann = add (f, "Ann"), *bob = add (f, "Bob");
  g_string_truncate (f->news, 0);
  for (guint i = 0; i < CV_REACTIONS_A_SECOND; i++)
    g_assert_true (cv_meeting_react (f->meeting, ann, CV_REACTION_UP));
  g_assert_false (cv_meeting_react (f->meeting, ann, CV_REACTION_UP));
  g_assert_true (cv_meeting_react (f->meeting, bob, CV_REACTION_UP));
  cv_clock_advance (f->clock, 299);
  assert_news (f, "");
  cv_clock_advance (f->clock, 1);
  assert_news (f, "reactions(4,4) ");
  cv_clock_advance (f->clock, 5000);
  assert_news (f, "");
  g_assert_true (cv_meeting_react (f->meeting, ann, CV_REACTION_UP));
  /* what was given when the meeting ended is not told any more */
  cv_meeting_end (f->meeting, CV_ENDING_HOST);
  cv_clock_advance (f->clock, 1000);
  assert_news (f, "end(host,2) ");
}

/* Who has no browser cannot turn on again what a host turned off: the host can. */
static void
test_start (Fixture *f, gconstpointer data)
{
  listen_to (f, &cv_policy_classroom);
  CvParticipant *host = add_as (f, "Host", CV_ROLE_HOST);
  CvParticipant *camera = add (f, "Camera"), *ann = add (f, "Ann");
  CvParticipant *player = add_as (f, "Player", CV_ROLE_VIEWER);
  camera->stream = player->stream = TRUE;
  cv_meeting_mute_all (f->meeting, host);
  g_string_truncate (f->news, 0);
  g_assert_true (cv_meeting_start (f->meeting, camera, CV_SENDING_MICROPHONE));
  assert_news (f, "~Camera ");
  g_assert_true (camera->sending.microphone);
  g_assert_true (cv_meeting_start (f->meeting, camera, CV_SENDING_MICROPHONE));
  assert_news (f, "");
  g_assert_false (cv_meeting_start (f->meeting, camera, CV_SENDING_SCREEN) || camera->sending.screen);
  g_assert_false (cv_meeting_start (f->meeting, ann, CV_SENDING_MICROPHONE) || ann->sending.microphone);
  g_assert_false (cv_meeting_start (f->meeting, player, CV_SENDING_CAMERA) || player->sending.camera);
  assert_news (f, "");
}

static void
test_spotlight (Fixture *f, gconstpointer data)
{
  listen_to (f, &cv_policy_classroom);
  CvParticipant *ann = add (f, "Ann");
  CvParticipant *vic = add_as (f, "Vic", CV_ROLE_VIEWER);
  assert_news (f, "+Ann +Vic ");
  g_assert_null (cv_meeting_get_spotlight (f->meeting));
  g_assert_false (cv_meeting_set_spotlight (f->meeting, vic));
  g_assert_true (cv_meeting_set_spotlight (f->meeting, ann));
  g_assert_true (cv_meeting_set_spotlight (f->meeting, ann));
  assert_news (f, "*Ann ");
  cv_meeting_remove (f->meeting, ann, CV_LEAVING_LEFT);
  assert_news (f, "* -Ann(left) ");
  CvParticipant *bob = add (f, "Bob");
  g_assert_true (cv_meeting_set_spotlight (f->meeting, bob));
  g_assert_true (cv_meeting_set_spotlight (f->meeting, NULL));
  g_assert_true (cv_meeting_set_spotlight (f->meeting, bob));
  assert_news (f, "+Bob *Bob * *Bob ");
  cv_meeting_end (f->meeting, CV_ENDING_HOST);
  cv_meeting_remove (f->meeting, bob, CV_LEAVING_LOST);
  assert_news (f, "end(host,2) -Bob(lost) ");
}

static void
test_viewers (Fixture *f, gconstpointer data)
{
  listen_to (f, &cv_policy_classroom);
  CvParticipant *vic = add_as (f, "Vic", CV_ROLE_VIEWER);
  CvParticipant *wim = add_as (f, "Wim", CV_ROLE_VIEWER);
  add (f, "Ann");
  g_assert_cmpuint (cv_meeting_count_viewers (f->meeting), ==, 2);
  cv_clock_advance (f->clock, 999);
  assert_news (f, "+Vic +Wim +Ann ");
  cv_clock_advance (f->clock, 1);
  assert_news (f, "viewers(2) ");
  cv_meeting_set_stage (f->meeting, vic, TRUE);
  cv_meeting_remove (f->meeting, wim, CV_LEAVING_LEFT);
  cv_clock_advance (f->clock, 1000);
  assert_news (f, "Vic(on) Vic:viewer>person -Wim(left) viewers(0) ");
  /* there and back is news, too: who came in between was told the number of that moment */
  cv_meeting_set_stage (f->meeting, vic, FALSE);
  add (f, "Bob");
  cv_meeting_set_stage (f->meeting, vic, TRUE);
  cv_clock_advance (f->clock, 5000);
  assert_news (f, "Vic(off) Vic:person>viewer +Bob Vic(on) Vic:viewer>person viewers(0) ");
  /* what others do is none */
  cv_meeting_remove (f->meeting, add (f, "Cid"), CV_LEAVING_LEFT);
  cv_clock_advance (f->clock, 5000);
  assert_news (f, "+Cid -Cid(left) ");
}

/* Who leaves takes the votes along, or coming again would make more of them; what is answered stays as it was. */
static void
test_votes_leave (Fixture *f, gconstpointer data)
{
  listen_to (f, &cv_policy_classroom);
  CvParticipant *ann = add (f, "Ann"), *bob = add (f, "Bob");
  CvQuestions *questions = cv_meeting_get_questions (f->meeting);
  cv_meeting_ask (f->meeting, ann, "Why?");
  cv_meeting_ask (f->meeting, ann, "When?");
  for (guint n = 1; n <= 2; n++) {
    cv_meeting_vote (f->meeting, ann, cv_questions_find (questions, n), TRUE);
    cv_meeting_vote (f->meeting, bob, cv_questions_find (questions, n), TRUE);
  }
  cv_meeting_resolve (f->meeting, cv_questions_find (questions, 1));
  cv_clock_advance (f->clock, 1000);
  g_string_truncate (f->news, 0);
  cv_meeting_remove (f->meeting, bob, CV_LEAVING_LEFT);
  cv_clock_advance (f->clock, 1000);
  assert_news (f, "-Bob(left) ?2(1) ");
  g_assert_cmpuint (cv_question_count_votes (cv_questions_find (questions, 1)), ==, 2);
}

static void
test_questions (Fixture *f, gconstpointer data)
{
  listen_to (f, &cv_policy_classroom);
  CvParticipant *ann = add (f, "Ann");
  CvParticipant *bob = add (f, "Bob");
  cv_clock_advance (f->clock, 3);
  g_assert_true (cv_meeting_ask (f->meeting, ann, "Why?"));
  g_assert_true (cv_meeting_ask (f->meeting, bob, "When?"));
  assert_news (f, "+Ann +Bob ?1(0) ?2(0) ");
  CvQuestion *why = cv_questions_find (cv_meeting_get_questions (f->meeting), 1);
  CvQuestion *when = cv_questions_find (cv_meeting_get_questions (f->meeting), 2);
  g_assert_cmpstr (why->from, ==, ann->id);
  g_assert_cmpstr (when->name, ==, "Bob");
  g_assert_cmpint (why->at, ==, START + 3);

  /* votes are told together */
  cv_meeting_vote (f->meeting, ann, why, TRUE);
  cv_meeting_vote (f->meeting, bob, when, TRUE);
  cv_meeting_vote (f->meeting, bob, why, TRUE);
  cv_clock_advance (f->clock, 999);
  assert_news (f, "");
  cv_clock_advance (f->clock, 1);
  assert_news (f, "?1(2) ?2(1) ");
  cv_meeting_vote (f->meeting, bob, why, TRUE);
  cv_clock_advance (f->clock, 1000);
  assert_news (f, "");
  cv_meeting_resolve (f->meeting, why);
  cv_meeting_resolve (f->meeting, why);
  assert_news (f, "?1(2,resolved) ");
  for (guint i = 0; i < CV_QUESTIONS_MAX_OPEN; i++)
    g_assert_true (cv_meeting_ask (f->meeting, ann, "And?"));
  g_assert_false (cv_meeting_ask (f->meeting, ann, "And?"));
  cv_meeting_vote (f->meeting, ann, when, TRUE);
  cv_meeting_end (f->meeting, CV_ENDING_HOST);
  g_string_truncate (f->news, 0);
  cv_clock_advance (f->clock, 1000);
  assert_news (f, "");
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/meeting/people", test_people);
  ADD ("/meeting/no-more-than-fit", test_no_more_than_fit);
  ADD ("/meeting/changes", test_changes);
  ADD ("/meeting/recorded", test_recorded);
  ADD ("/meeting/empty", test_empty);
  ADD ("/meeting/end", test_end);
  g_test_add_func ("/meeting/dropped-while-it-ends", test_dropped_while_it_ends);
  g_test_add_func ("/meeting/dropped-while-empty", test_dropped_while_empty);
  ADD ("/meeting/seats", test_seats);
  ADD ("/meeting/hand", test_hand);
  ADD ("/meeting/stage", test_stage);
  ADD ("/meeting/stop", test_stop);
  ADD ("/meeting/roles", test_roles);
  ADD ("/meeting/ranks", test_ranks);
  ADD ("/meeting/rename", test_rename);
  ADD ("/meeting/hands-in-order", test_hands_in_order);
  ADD ("/meeting/floor", test_floor);
  ADD ("/meeting/reactions", test_reactions);
  ADD ("/meeting/start", test_start);
  ADD ("/meeting/spotlight", test_spotlight);
  ADD ("/meeting/viewers", test_viewers);
  ADD ("/meeting/questions", test_questions);
  ADD ("/meeting/votes-leave", test_votes_leave);
  return g_test_run ();
}
