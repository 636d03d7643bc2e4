/* Who is told what of a meeting's news. */
#include "signalling/audience.h"

#include "lib/log.h"
#include "lib/media.h"
#include "lib/rooms.h"
#include "signalling/session.h"

#include <string.h>

typedef struct {
  GString *sent;
  guint closed;
} Socket;

static void
socket_send (gpointer socket, const char *text, gsize length)
{
  g_string_append_len (((Socket *) socket)->sent, text, (gssize) length);
}

static void
socket_close (gpointer socket, guint16 code)
{
  ((Socket *) socket)->closed = code;
}

static const CvSocketFuncs funcs = { socket_send, socket_close };

typedef struct {
  CvTestRooms rooms;
  CvSessions *sessions;
  CvRoom *room;
  CvMeeting *meeting;
  CvParticipant *people[5];
  Socket sockets[5];
  CvTestMediaPool *pool; /* of a classroom */
} Fixture;

static void
enter_as (Fixture *f, guint i, const char *name, CvRole role)
{
  g_autofree char *token = NULL;
  CvSending sending = { .microphone = TRUE };
  f->people[i] = cv_registry_enter (f->rooms.registry, f->room, name, role, &sending, NULL);
  CvMeeting *meeting = cv_room_get_meeting (f->room);
  CvSession *session = cv_sessions_open (f->sessions, CV_TEST_ROOM, meeting, f->people[i], &token);
  cv_session_attach (session, &funcs, &f->sockets[i]);
  cv_audience_greet (f->room, f->people[i]);
  cv_session_replay (session, 0);
}

static void
enter (Fixture *f, guint i, const char *name)
{
  enter_as (f, i, name, CV_ROLE_PERSON);
}

/* `kind`: of the room. */
static void
open_room (Fixture *f, const char *kind)
{
  cv_test_rooms_init (&f->rooms, NULL);
  cv_audience_listen (f->rooms.registry);
  f->pool = cv_test_media_pool_new ();
  cv_registry_set_media_pool (f->rooms.registry, CV_MEDIA_POOL (f->pool));
  cv_test_rooms_create (&f->rooms, CV_TEST_ROOM, kind, NULL);
  f->sessions = cv_sessions_new (f->rooms.clock, 60000);
  f->room = cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (f->sockets); i++)
    f->sockets[i].sent = g_string_new (NULL);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  open_room (f, "standard");
  enter (f, 0, "Ann");
  enter (f, 1, "Bob");
  f->meeting = g_object_ref (cv_room_get_meeting (f->room));
}

/* A host, a presenter, and two who watch. */
enum { HOST, PRESENTER, VIC, WIM };

static void
set_up_classroom (Fixture *f, gconstpointer data)
{
  open_room (f, "classroom");
  enter_as (f, HOST, "Host", CV_ROLE_HOST);
  enter_as (f, PRESENTER, "Pat", CV_ROLE_PERSON);
  enter_as (f, VIC, "Vic", CV_ROLE_VIEWER);
  enter_as (f, WIM, "Wim", CV_ROLE_VIEWER);
  f->meeting = g_object_ref (cv_room_get_meeting (f->room));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_meeting_end (f->meeting, CV_ENDING_ADMIN);
  cv_sessions_free (f->sessions);
  g_clear_object (&f->meeting);
  g_assert_finalize_object (f->room);
  cv_registry_set_media_pool (f->rooms.registry, NULL);
  g_assert_finalize_object (f->pool);
  cv_test_rooms_clear (&f->rooms);
  for (gsize i = 0; i < G_N_ELEMENTS (f->sockets); i++)
    g_string_free (f->sockets[i].sent, TRUE);
}

/* The types of what was sent, and what is told apart in them. */
static void
assert_sent (Fixture *f, guint i, const char *pattern)
{
  if (!g_pattern_match_simple (pattern, f->sockets[i].sent->str))
    g_error ("%u got %s instead of %s", i, f->sockets[i].sent->str, pattern);
  g_string_truncate (f->sockets[i].sent, 0);
}

static void
test_joined (Fixture *f, gconstpointer data)
{
  assert_sent (f, 0, "{\"type\":\"person-joined\"*\"name\":\"Bob\"*\"seq\":1}");
  assert_sent (f, 1, ""); /* `joined` tells the newcomer */
  enter (f, 2, "Cyd");
  assert_sent (f, 0, "{\"type\":\"person-joined\"*\"name\":\"Cyd\"*\"seq\":2}");
  assert_sent (f, 1, "{\"type\":\"person-joined\"*\"name\":\"Cyd\"*\"seq\":1}");
  assert_sent (f, 2, "");
}

static void
test_changed (Fixture *f, gconstpointer data)
{
  assert_sent (f, 0, "*");
  cv_meeting_set_sending (f->meeting, f->people[0], &(CvSending){ .screen = TRUE });
  assert_sent (f, 0, "");
  assert_sent (f, 1, "{\"type\":\"person-changed\"*\"name\":\"Ann\"*\"screen\":true*}");
  cv_session_hang_up (cv_session_of (f->people[1]), 1000);
  assert_sent (f, 0, "{\"type\":\"person-changed\"*\"name\":\"Bob\"*\"away\":true*}");
}

static void
test_left (Fixture *f, gconstpointer data)
{
  enter (f, 2, "Cyd");
  assert_sent (f, 0, "*");
  assert_sent (f, 1, "*");
  cv_session_close (cv_session_of (f->people[2]), CV_LEAVING_LEFT, 1000);
  assert_sent (f, 0, "{\"type\":\"person-left\"*\"reason\":\"left\",\"seq\":3}");
  assert_sent (f, 1, "{\"type\":\"person-left\"*\"reason\":\"left\",\"seq\":2}");
  assert_sent (f, 2, "");
}

/* One message, which fits. */
static void
say (Fixture *f, CvParticipant *author)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_operation_free);
  CvOperation *operation = cv_operation_new ("m1", CV_MODEL_MESSAGE, 1, author->id);
  cv_operation_set_text (operation, "text", "Hi");
  g_ptr_array_add (ops, operation);
  g_assert_true (cv_sharing_change (cv_meeting_get_sharing (f->meeting), author, ops, NULL));
}

/* Who says it knows it, but not what the server says of it. */
static void
test_shared (Fixture *f, gconstpointer data)
{
  assert_sent (f, 0, "*");
  say (f, f->people[0]);
  assert_sent (f, 0, "{\"type\":\"changes\",\"ops\":[{\"o\":\"m1\"*\"a\":\"server\"*}],\"seq\":2}");
  assert_sent (f, 1, "{\"type\":\"changes\"*\"text\":\"Hi\"*\"a\":\"server\"*\"seq\":1}");
}

/* Who has no session (a seat that is just being given up) is passed over. */
static void
test_without_session (Fixture *f, gconstpointer data)
{
  CvParticipant *dan = cv_test_rooms_enter (&f->rooms, f->room, "Dan");
  assert_sent (f, 1, "{\"type\":\"person-joined\"*\"name\":\"Dan\"*}");
  say (f, dan);
  assert_sent (f, 1, "{\"type\":\"changes\"*");
}

static void
test_ended (Fixture *f, gconstpointer data)
{
  assert_sent (f, 0, "*");
  CvSession *bob = cv_session_of (f->people[1]);
  cv_session_detach (bob, &f->sockets[1]);
  assert_sent (f, 0, "*");
  cv_meeting_end (f->meeting, CV_ENDING_HOST);
  assert_sent (f, 0, "{\"type\":\"ended\",\"reason\":\"host\",\"seq\":3}");
  g_assert_cmpuint (f->sockets[0].closed, ==, 1000);

  /* who had lost the socket learns of it when coming back in time */
  cv_session_attach (bob, &funcs, &f->sockets[2]);
  g_assert_true (cv_session_replay (bob, 0));
  assert_sent (f, 2, "{\"type\":\"ended\",\"reason\":\"host\",\"seq\":1}");
  /* and the seats go in silence */
  cv_clock_advance (f->rooms.clock, 60000);
  assert_sent (f, 2, "");
  g_assert_cmpuint (cv_sessions_count (f->sessions), ==, 1);
}

/* ---- a classroom ---- */

static void
assert_all (Fixture *f, const char *host, const char *presenter, const char *vic, const char *wim)
{
  assert_sent (f, HOST, host);
  assert_sent (f, PRESENTER, presenter);
  assert_sent (f, VIC, vic);
  assert_sent (f, WIM, wim);
}

static void
test_viewers_hidden (Fixture *f, gconstpointer data)
{
  assert_all (f, "*Pat*Vic*Wim*", "", "", "");
  /* what viewers do is told to hosts, what presenters do to everybody */
  cv_meeting_set_hand (f->meeting, f->people[VIC], TRUE);
  assert_all (f, "{\"type\":\"person-changed\"*Vic*\"hand\":17*}", "", "", "");
  cv_meeting_set_hand (f->meeting, f->people[PRESENTER], TRUE);
  assert_all (f, "*Pat*", "", "*Pat*", "*Pat*");
  cv_clock_advance (f->rooms.clock, 1000);
#define TWO "{\"type\":\"viewers\",\"n\":2}"
  assert_all (f, TWO, TWO, TWO, TWO);
  cv_session_close (cv_session_of (f->people[WIM]), CV_LEAVING_LEFT, 1000);
  assert_all (f, "{\"type\":\"person-left\"*", "", "", "");
  cv_clock_advance (f->rooms.clock, 1000);
  assert_all (f, "*viewers*1}", "*viewers*1}", "*viewers*1}", "");
  cv_session_close (cv_session_of (f->people[PRESENTER]), CV_LEAVING_LEFT, 1000);
  assert_all (f, "{\"type\":\"person-left\"*", "", "{\"type\":\"person-left\"*", "");
}

static void
test_stage (Fixture *f, gconstpointer data)
{
  assert_all (f, "*", "", "", "");
  cv_meeting_set_stage (f->meeting, f->people[VIC], TRUE);
#define CHANGED(stage) "{\"type\":\"person-changed\",*\"name\":\"Vic\"*\"mic\":false*\"stage\":" stage ",*}*}"
#define JOINED "{\"type\":\"person-joined\",*\"name\":\"Vic\"*\"stage\":true,*}*}"
  assert_all (f, CHANGED ("true"), JOINED, CHANGED ("true") "{\"type\":\"role\",\"role\":\"person\",*}", JOINED);
  cv_meeting_set_sending (f->meeting, f->people[VIC], &(CvSending){ .camera = TRUE });
  assert_all (f, "*\"camera\":true*", "*\"camera\":true*", "", "*\"camera\":true*");
  cv_meeting_set_spotlight (f->meeting, f->people[VIC]);
  assert_all (f, "*spotlight*", "*spotlight*", "{\"type\":\"spotlight\",\"person\":\"p*", "*spotlight*");
  cv_meeting_set_stage (f->meeting, f->people[VIC], FALSE);
#define LEFT "{\"type\":\"spotlight\",\"person\":null*{\"type\":\"person-left\",*\"reason\":\"stage\"*}"
#define VIEWER "{\"type\":\"role\",\"role\":\"viewer\",*}"
  assert_all (f, "*" CHANGED ("false"), LEFT, "*" CHANGED ("false") VIEWER, LEFT);
}

/* Who leads sees who watches, from then on and no longer. */
static void
test_role (Fixture *f, gconstpointer data)
{
  assert_all (f, "*", "", "", "");
  cv_meeting_set_order (f->meeting, "QUJD");
  cv_meeting_set_role (f->meeting, f->people[PRESENTER], CV_ROLE_COHOST);
#define LEADS "{\"type\":\"person-changed\",*\"role\":\"cohost\"},\"order\":\"QUJD\",\"seq\":*}"
#define TOLD                                                                                                           \
  "{\"type\":\"role\",\"role\":\"cohost\",\"may\":[*],\"rights\":{*},\"summary\":\"/summary/*\",\"dial_in\":null,"     \
  "\"order\":\"QUJD\",*}"
#define VIEWERS "{\"type\":\"person-joined\",*\"Vic\"*}{\"type\":\"person-joined\",*\"Wim\"*}"
  assert_all (f, LEADS, TOLD VIEWERS, LEADS, LEADS);
  cv_meeting_set_order (f->meeting, NULL);
  cv_meeting_set_hand (f->meeting, f->people[VIC], TRUE);
  assert_all (f, "*Vic*", "*Vic*", "", "");
  cv_meeting_set_role (f->meeting, f->people[PRESENTER], CV_ROLE_PERSON);
#define GONE "{\"type\":\"person-left\",*\"reason\":\"stage\",*}"
  assert_sent (f, PRESENTER, "{\"type\":\"role\",\"role\":\"person\",*}" GONE GONE);
  assert_sent (f, VIC, "{\"type\":\"person-changed\",*");
  cv_meeting_set_hand (f->meeting, f->people[VIC], FALSE);
  assert_sent (f, PRESENTER, "");
}

/* What a viewer does concerns the hosts, and themselves where somebody else did it. */
static void
test_told (Fixture *f, gconstpointer data)
{
  assert_all (f, "*", "", "", "");
  cv_meeting_rename (f->meeting, f->people[VIC], "Victor");
#define VICTOR "{\"type\":\"person-changed\",*\"name\":\"Victor\",*}"
  assert_all (f, VICTOR, "", VICTOR, "");
  cv_meeting_set_hand (f->meeting, f->people[VIC], TRUE);
  assert_all (f, "*", "", "", "");
  cv_meeting_lower (f->meeting, f->people[VIC]);
  assert_all (f, VICTOR, "", VICTOR, "");
}

static void
test_floor (Fixture *f, gconstpointer data)
{
  assert_all (f, "*", "", "", "");
  cv_meeting_set_floor (f->meeting, TRUE, FALSE);
#define FLOOR "{\"type\":\"floor\",\"lobby\":true,\"locked\":false,\"seq\":*}"
  assert_all (f, FLOOR, FLOOR, FLOOR, FLOOR);
}

/* Not numbered, and of viewers only the number for those who do not see them. */
static void
test_reactions (Fixture *f, gconstpointer data)
{
  assert_all (f, "*", "", "", "");
  cv_meeting_react (f->meeting, f->people[VIC], CV_REACTION_CLAP);
  cv_meeting_react (f->meeting, f->people[PRESENTER], CV_REACTION_CLAP);
  assert_all (f, "", "", "", "");
  cv_clock_advance (f->rooms.clock, 300);
#define CLAPS(people) "{\"type\":\"reactions\",\"counts\":{\"clap\":2},\"people\":[" people "]}"
  assert_all (f, CLAPS ("{*},{*}"), CLAPS ("{*\"clap\"}"), CLAPS ("{*}"), CLAPS ("{*}"));
}

static void
test_stop (Fixture *f, gconstpointer data)
{
  assert_all (f, "*", "", "", "");
  cv_meeting_mute_all (f->meeting, f->people[HOST]);
#define SILENT "{\"type\":\"person-changed\",*\"name\":\"Pat\"*\"mic\":false*"
  assert_sent (f, HOST, SILENT);
  assert_sent (f, VIC, SILENT);
  assert_sent (f, PRESENTER, "{\"type\":\"stopped\",\"what\":\"microphone\",\"by\":\"p*\"*}");
}

static void
test_question (Fixture *f, gconstpointer data)
{
  assert_all (f, "*", "", "", "");
  cv_meeting_ask (f->meeting, f->people[VIC], "Why?");
#define WHY(votes, mine) "{\"type\":\"question\",*\"text\":\"Why?\",*\"votes\":" votes ",\"mine\":" mine ",*\"seq\":*}"
  assert_all (f, WHY ("0", "false"), WHY ("0", "false"), WHY ("0", "false"), WHY ("0", "false"));
  CvQuestion *why = cv_questions_find (cv_meeting_get_questions (f->meeting), 1);
  cv_meeting_vote (f->meeting, f->people[WIM], why, TRUE);
  assert_all (f, "", "", "", "");
  cv_clock_advance (f->rooms.clock, 1000);
  assert_all (f, "*" WHY ("1", "false"), "*" WHY ("1", "false"), "*" WHY ("1", "false"), "*" WHY ("1", "true"));
}

static void
say_stats (Fixture *f, int rtt)
{
  const CvMediaPersonStats people[] = { { .person = f->people[PRESENTER]->id, .rtt = rtt },
                                        { .person = f->people[VIC]->id, .rtt = 20 },
                                        { .person = "pzzzzzzzzzzzz", .rtt = 20 } }; /* who has left meanwhile */
  const CvMediaStats stats = { .people = people, .n = G_N_ELEMENTS (people) };
  g_signal_emit_by_name (cv_test_media_pool_get_last (f->pool), "stats", &stats);
}

static void
test_media (Fixture *f, gconstpointer data)
{
  CvTestMedia *media = cv_test_media_pool_get_last (f->pool);
  const CvMediaSlot slot = { "4", f->people[PRESENTER]->id, CV_MEDIA_CAMERA, FALSE, FALSE };
  const char *speakers[] = { f->people[PRESENTER]->id, NULL }, *rids[] = { "q", NULL };
  assert_all (f, "*", "", "", "");
  cv_test_media_set_ready (media, TRUE);
#define READY "{\"type\":\"media\",\"state\":\"ready\",\"seq\":*}"
  assert_all (f, READY, READY, READY, READY);
  g_signal_emit_by_name (media, "slots", f->people[VIC]->id, &slot, 1);
  assert_all (f, "", "", "{\"type\":\"slots\"*}", "");
  g_signal_emit_by_name (media, "layers", f->people[PRESENTER]->id, CV_MEDIA_CAMERA, rids);
  g_signal_emit_by_name (media, "layers", f->people[PRESENTER]->id, CV_MEDIA_SCREEN, rids);
  assert_all (f, "", "*\"camera\"*\"screen\"*", "", "");
  g_signal_emit_by_name (media, "speakers", speakers);
#define SPEAKS "{\"type\":\"speakers\",\"people\":[\"p*\"]}"
  assert_all (f, SPEAKS, SPEAKS, SPEAKS, SPEAKS);
  /* who does not notice that nothing of theirs arrives is told; who went by themselves need not be */
  g_signal_emit_by_name (media, "state", f->people[VIC]->id, CV_MEDIA_LOST, "silent");
  assert_all (f, "", "", "{\"type\":\"media\",\"state\":\"lost\"*}" READY, "");
  g_signal_emit_by_name (media, "state", f->people[VIC]->id, CV_MEDIA_LOST, "closed");
  g_signal_emit_by_name (media, "state", f->people[VIC]->id, CV_MEDIA_CONNECTED, "");
  assert_all (f, "", "", "", "");
  enter_as (f, 4, "Late", CV_ROLE_VIEWER);
  assert_sent (f, 4, SPEAKS);
  assert_sent (f, HOST, "*Late*");

  say_stats (f, 20);
#define ONE "{\"type\":\"quality\",\"people\":{\"p*\":\"good\"}}"
  assert_all (f, ONE, ONE, "{\"type\":\"quality\",\"people\":{\"p*\":\"good\",\"p*\":\"good\"}}", ONE);
  f->people[HOST]->watches_stats = TRUE;
  say_stats (f, 20);
  assert_all (f, "{\"type\":\"stats\"*}", "", "", "");
  say_stats (f, 1000);
#define POOR "{\"type\":\"quality\",*:\"poor\"}}"
  assert_all (f, POOR "{\"type\":\"stats\"*}", POOR, "*\"poor\",*\"good\"}}", POOR);

  /* what was shown is gone with the process, and not shown again to who comes back */
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "the media process is gone*");
  cv_test_media_set_ready (media, FALSE);
#define LOST "{\"type\":\"media\",\"state\":\"lost\",\"seq\":*}"
  assert_all (f, LOST, LOST, LOST, LOST);
  CvSession *vic = cv_session_of (f->people[VIC]);
  cv_session_attach (vic, &funcs, &f->sockets[WIM]);
  g_assert_true (cv_session_replay (vic, 4));
  assert_sent (f, WIM, "");
}

#define ADD_CLASSROOM(name, func) g_test_add (name, Fixture, NULL, set_up_classroom, func, tear_down)
#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/audience/joined", test_joined);
  ADD ("/audience/changed", test_changed);
  ADD ("/audience/left", test_left);
  ADD ("/audience/shared", test_shared);
  ADD ("/audience/without-session", test_without_session);
  ADD ("/audience/ended", test_ended);
  ADD_CLASSROOM ("/audience/viewers-hidden", test_viewers_hidden);
  ADD_CLASSROOM ("/audience/stage", test_stage);
  ADD_CLASSROOM ("/audience/stop", test_stop);
  ADD_CLASSROOM ("/audience/role", test_role);
  ADD_CLASSROOM ("/audience/told", test_told);
  ADD_CLASSROOM ("/audience/floor", test_floor);
  ADD_CLASSROOM ("/audience/reactions", test_reactions);
  ADD_CLASSROOM ("/audience/question", test_question);
  ADD_CLASSROOM ("/audience/media", test_media);
  return g_test_run ();
}
