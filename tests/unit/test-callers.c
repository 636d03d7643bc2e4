/* People who call: their PIN, who guesses, the wait for a host, the door, a seat, and the end. Alone in their file: line.c and
 * bridges.c have what happens in a meeting. */
#include "room/callers.h"

#include "lib/log.h"
#include "lib/media.h"
#include "lib/recordings.h"
#include "lib/rooms.h"
#include "lib/telephony.h"
#include "lib/wait.h"

#define PIN "1234567890"
#define HOST_PIN "9876543210"
#define A "caaaaaaaaaaaa"
#define B "cbbbbbbbbbbbb"
#define SOURCE_A "aaaaaaaaaaaaaaaa"
#define SOURCE_B "bbbbbbbbbbbbbbbb"

typedef struct {
  CvTestRooms rooms;
  CvTestMediaPool *pool;
  CvTestTelephony *telephony;
  CvKnocks *knocks;
  CvCallers *callers;
  CvRoom *room;
  guint alerts;
} Fixture;

static void
on_alert (CvCallers *callers, CvRoom *room, Fixture *f)
{
  f->alerts++;
}

static void
create (Fixture *f, const char *kind)
{
  g_autoptr (CvRoomRow) row = cv_test_room_row (CV_TEST_ROOM, kind);
  row->dial_in = TRUE;
  row->pin = g_strdup (PIN);
  row->host_pin = g_strdup (HOST_PIN);
  g_assert_true (cv_test_rooms_create_row (&f->rooms, row, NULL));
  f->room = cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
}

static void
open_doors (Fixture *f, guint keep_days)
{
  const CvCallersOptions options = { .registry = f->rooms.registry,
                                     .store = f->rooms.store,
                                     .knocks = f->knocks,
                                     .telephony = CV_TELEPHONY (f->telephony),
                                     .clock = f->rooms.clock,
                                     .max_per_room = 3,
                                     .keep_days = keep_days };
  f->callers = cv_callers_new (&options);
  g_signal_connect (f->callers, "alert", G_CALLBACK (on_alert), f);
}

static void
close_doors (Fixture *f)
{
  g_object_run_dispose (G_OBJECT (f->callers));
  cv_test_wait_gone (g_steal_pointer (&f->callers));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  cv_test_rooms_init (&f->rooms, NULL);
  f->pool = cv_test_media_pool_new ();
  cv_registry_set_media_pool (f->rooms.registry, CV_MEDIA_POOL (f->pool));
  create (f, data != NULL ? data : "boardroom");
  f->telephony = cv_test_telephony_new ();
  f->knocks = cv_knocks_new (f->rooms.clock);
  open_doors (f, 1);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  CvRoom *live = cv_registry_peek (f->rooms.registry, CV_TEST_ROOM);
  if (live != NULL)
    cv_meeting_end (cv_room_get_meeting (live), CV_ENDING_ADMIN);
  close_doors (f);
  cv_test_wait_gone (g_steal_pointer (&f->knocks));
  cv_test_wait_gone (g_steal_pointer (&f->telephony));
  cv_registry_set_media_pool (f->rooms.registry, NULL);
  g_clear_object (&f->room);
  g_assert_finalize_object (f->pool);
  cv_test_rooms_clear (&f->rooms);
}

static void
assert_told (Fixture *f, const char *expected)
{
  g_autofree char *told = cv_test_telephony_take (f->telephony);
  g_assert_cmpstr (told, ==, expected);
}

/* The answer to what was typed: at once in the test's time, once the store has said what it knows. */
static void
wait_answer (Fixture *f)
{
  for (guint i = 0; i < 2; i++)
    g_free (cv_test_recordings_dump (f->rooms.store, "SELECT 1"));
  cv_test_settle ();
  cv_clock_advance (f->rooms.clock, CV_PIN_GUARD_MOST_MS);
}

static void
dial (Fixture *f, const char *call, const char *from, const char *source, const char *pin)
{
  cv_test_telephony_ring (f->telephony, call, from, source);
  cv_test_telephony_type (f->telephony, call, pin);
  wait_answer (f);
}

static CvParticipant *
enter (Fixture *f, CvRole role)
{
  CvParticipant *participant = cv_registry_enter (f->rooms.registry, f->room, "Ann", role, &(CvSending){ FALSE }, NULL);
  g_assert_nonnull (participant);
  cv_clock_advance (f->rooms.clock, 0);
  return participant;
}

static CvMeeting *
get_meeting (Fixture *f)
{
  return cv_room_get_meeting (cv_registry_peek (f->rooms.registry, CV_TEST_ROOM));
}

static void
test_wait_for_host (Fixture *f, gconstpointer data)
{
  dial (f, A, "…123", SOURCE_A, PIN);
  assert_told (f, "pin-result(aa,room," CV_TEST_ROOM ",0,0) hold-on(aa,waiting-host)");
  g_assert_null (cv_registry_peek (f->rooms.registry, CV_TEST_ROOM));
  /* somebody, but nobody who could let them in */
  CvParticipant *ann = enter (f, CV_ROLE_PERSON);
  assert_told (f, "");
  cv_meeting_set_role (get_meeting (f), ann, CV_ROLE_COHOST);
  cv_clock_advance (f->rooms.clock, 0);
  assert_told (f, "admit(aa,1,false,true)");
  CvParticipant *caller = g_ptr_array_index (cv_meeting_get_participants (get_meeting (f)), 1);
  g_assert_cmpstr (caller->name, ==, "Phone …123");
  g_assert_true (caller->phone && caller->sending.microphone);
  g_assert_cmpint (caller->role, ==, CV_ROLE_PERSON);
  cv_test_telephony_go (f->telephony, A, "hung-up");
  g_assert_cmpuint (cv_meeting_get_size (get_meeting (f)), ==, 1);
  g_autofree char *dump = cv_test_recordings_dump (
    f->rooms.store, "SELECT room, caller, codec, security, person IS NOT NULL, ended > started, reason FROM call");
  g_assert_cmpstr (dump, ==, CV_TEST_ROOM " …123 PCMA none 1 1 hung-up;");
}

static void
test_wait_in_vain (Fixture *f, gconstpointer data)
{
  dial (f, A, "", SOURCE_A, PIN);
  g_free (cv_test_telephony_take (f->telephony));
  cv_clock_advance (f->rooms.clock, CV_CALLER_WAIT_MS);
  assert_told (f, "hang-up(aa,timeout)");
  enter (f, CV_ROLE_HOST);
  assert_told (f, "");
}

static void
test_host (Fixture *f, gconstpointer data)
{
  dial (f, A, "…123", SOURCE_A, HOST_PIN);
  assert_told (f, "pin-result(aa,room," CV_TEST_ROOM ",0,0) admit(aa,1,true,true)");
  /* they are one who is waited for */
  dial (f, B, "…456", SOURCE_B, PIN);
  assert_told (f, "pin-result(bb,room," CV_TEST_ROOM ",0,0) admit(bb,2,false,true)");
  cv_test_telephony_press (f->telephony, B, CV_SIP_KEY_HOST_END);
  cv_test_telephony_press (f->telephony, B, CV_SIP_KEY_HOST_MUTE_ALL);
  assert_told (f, "");
  cv_test_telephony_press (f->telephony, A, CV_SIP_KEY_HOST_MUTE_ALL);
  assert_told (f, "mute(bb,true,host) say(aa,all-muted)");
  cv_test_telephony_press (f->telephony, A, CV_SIP_KEY_HOST_END);
  g_autofree char *told = cv_test_telephony_take (f->telephony);
  g_assert_nonnull (strstr (told, "hang-up(aa,ended)"));
  g_assert_nonnull (strstr (told, "hang-up(bb,ended)"));
  g_assert_null (cv_registry_peek (f->rooms.registry, CV_TEST_ROOM));
}

static void
test_classroom (Fixture *f, gconstpointer data)
{
  enter (f, CV_ROLE_HOST);
  dial (f, A, "…123", SOURCE_A, PIN);
  assert_told (f, "pin-result(aa,room," CV_TEST_ROOM ",0,0) admit(aa,1,false,false)");
  CvParticipant *caller = g_ptr_array_index (cv_meeting_get_participants (get_meeting (f)), 1);
  g_assert_false (caller->sending.microphone);
  cv_meeting_set_stage (get_meeting (f), caller, TRUE);
  assert_told (f, "stage(aa,true) mute(aa,true,self)");
}

static void
test_lobby (Fixture *f, gconstpointer data)
{
  enter (f, CV_ROLE_HOST);
  cv_meeting_set_floor (get_meeting (f), TRUE, FALSE);
  dial (f, A, "…123", SOURCE_A, PIN);
  assert_told (f, "pin-result(aa,room," CV_TEST_ROOM ",0,0) hold-on(aa,lobby)");
  g_autoptr (GPtrArray) list = cv_knocks_list (f->knocks, CV_TEST_ROOM);
  CvKnock *knock = g_ptr_array_index (list, 0);
  g_assert_cmpstr (knock->name, ==, "Phone …123");
  g_assert_true (knock->phone);
  g_assert_cmpint (cv_caller_judge (knock->guest), ==, CV_CALLER_KNOCKS);
  cv_caller_admit (knock->guest);
  assert_told (f, "admit(aa,1,false,true)");
  g_assert_cmpuint (cv_knocks_count (f->knocks, CV_TEST_ROOM), ==, 0);
  dial (f, B, "…456", SOURCE_B, PIN);
  g_autoptr (GPtrArray) others = cv_knocks_list (f->knocks, CV_TEST_ROOM);
  cv_caller_refuse (((CvKnock *) g_ptr_array_index (others, 0))->guest, "refused");
  assert_told (f, "pin-result(bb,room," CV_TEST_ROOM ",0,0) hold-on(bb,lobby) hang-up(bb,refused)");
  /* who hangs up knocks no more */
  dial (f, "cdddddddddddd", "…789", "dddddddddddddddd", PIN);
  g_assert_cmpuint (cv_knocks_count (f->knocks, CV_TEST_ROOM), ==, 1);
  cv_test_telephony_go (f->telephony, "cdddddddddddd", "hung-up");
  g_assert_cmpuint (cv_knocks_count (f->knocks, CV_TEST_ROOM), ==, 0);
}

static void
test_removed (Fixture *f, gconstpointer data)
{
  enter (f, CV_ROLE_HOST);
  dial (f, A, "…123", SOURCE_A, PIN);
  CvParticipant *caller = g_ptr_array_index (cv_meeting_get_participants (get_meeting (f)), 1);
  g_free (cv_test_telephony_take (f->telephony));
  cv_bans_add (cv_meeting_get_bans (get_meeting (f)), &caller->identity);
  cv_callers_remove (f->callers, caller);
  assert_told (f, "hang-up(aa,removed) unbridge(" CV_TEST_ROOM ")");
  cv_test_telephony_go (f->telephony, A, "removed");
  dial (f, B, "…123", SOURCE_A, PIN);
  assert_told (f, "pin-result(bb,blocked,null,0,0)");
  /* nobody else; and the host's PIN is the host's */
  dial (f, "cdddddddddddd", "…456", SOURCE_B, PIN);
  assert_told (f, "pin-result(dd,room," CV_TEST_ROOM ",0,0) admit(dd,2,false,true)");
  dial (f, "ceeeeeeeeeeee", "…123", SOURCE_A, HOST_PIN);
  assert_told (f, "pin-result(ee,room," CV_TEST_ROOM ",0,0) admit(ee,3,true,true)");
}

/* Who has no number cannot be told from others without one: those knock. */
static void
test_removed_without_number (Fixture *f, gconstpointer data)
{
  enter (f, CV_ROLE_HOST);
  dial (f, A, "", SOURCE_A, PIN);
  CvParticipant *caller = g_ptr_array_index (cv_meeting_get_participants (get_meeting (f)), 1);
  g_assert_cmpstr (caller->name, ==, "Phone");
  cv_bans_add (cv_meeting_get_bans (get_meeting (f)), &caller->identity);
  cv_callers_remove (f->callers, caller);
  g_free (cv_test_telephony_take (f->telephony));
  dial (f, B, "", SOURCE_A, PIN);
  assert_told (f, "pin-result(bb,room," CV_TEST_ROOM ",0,0) hold-on(bb,lobby)");
}

static void
test_full_and_locked (Fixture *f, gconstpointer data)
{
  static const char *const calls[] = { A, B, "cdddddddddddd", "ceeeeeeeeeeee" };
  enter (f, CV_ROLE_HOST);
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++) {
    g_free (cv_test_telephony_take (f->telephony));
    dial (f, calls[i], "…123", SOURCE_A, PIN);
  }
  assert_told (f, "pin-result(ee,full,null,0,0)");
  cv_test_telephony_go (f->telephony, A, "hung-up");
  cv_meeting_set_floor (get_meeting (f), FALSE, TRUE);
  dial (f, A, "…123", SOURCE_A, PIN);
  assert_told (f, "pin-result(aa,locked,null,0,0)");
}

static void
test_three_tries (Fixture *f, gconstpointer data)
{
  cv_test_telephony_ring (f->telephony, A, "…123", SOURCE_A);
  for (guint i = 0; i < 3; i++) {
    cv_test_telephony_type (f->telephony, A, i == 1 ? "12" : "1111111111");
    cv_test_telephony_type (f->telephony, A, PIN); /* too soon */
    wait_answer (f);
  }
  assert_told (f, "pin-result(aa,unknown,null,0,2) pin-result(aa,unknown,null,0,1) pin-result(aa,unknown,null,0,0)");
  cv_test_telephony_type (f->telephony, A, PIN);
  wait_answer (f);
  assert_told (f, "");
  cv_test_telephony_go (f->telephony, A, "no-pin");
  /* not even with the right one, until it is forgotten */
  dial (f, A, "…123", SOURCE_A, PIN);
  assert_told (f, "pin-result(aa,blocked,null,0,0)");
  cv_test_telephony_go (f->telephony, A, "blocked");
  cv_clock_advance (f->rooms.clock, CV_PIN_GUARD_MEMORY_MS);
  dial (f, A, "…123", SOURCE_A, PIN);
  assert_told (f, "pin-result(aa,room," CV_TEST_ROOM ",0,0) hold-on(aa,waiting-host)");
}

/* Right and wrong are answered after the same time. */
static void
test_equal_time (Fixture *f, gconstpointer data)
{
  static const char *const pins[] = { PIN, "1234500000", "2222222222", "12" };
  for (guint i = 0; i < G_N_ELEMENTS (pins); i++) {
    cv_test_telephony_ring (f->telephony, A, "", SOURCE_A);
    cv_test_telephony_type (f->telephony, A, pins[i]);
    for (guint k = 0; k < 2; k++)
      g_free (cv_test_recordings_dump (f->rooms.store, "SELECT 1"));
    cv_test_settle ();
    cv_clock_advance (f->rooms.clock, CV_PIN_GUARD_ANSWER_MS - 1);
    assert_told (f, "");
    cv_clock_advance (f->rooms.clock, 1);
    g_autofree char *told = cv_test_telephony_take (f->telephony);
    g_assert_true (g_str_has_prefix (told, i == 0 ? "pin-result(aa,room," : "pin-result(aa,unknown,"));
    cv_test_telephony_go (f->telephony, A, "hung-up");
    cv_clock_advance (f->rooms.clock, CV_PIN_GUARD_MEMORY_MS);
  }
}

/* Ten thousand guesses of callers whose number is another each time, half of them near the room's PIN: nobody gets in, hosts are
 * told, and who knows the PIN comes in as ever, a little later. */
#define AT_ONCE 100
#define ROUNDS 34

static void
guess_once (Fixture *f, guint n)
{
  for (guint i = 0; i < AT_ONCE; i++) {
    g_autofree char *call = g_strdup_printf ("c%012u", i);
    g_autofree char *digits = g_strdup_printf (i % 2 ? "12345%05u" : "77%08u", n * AT_ONCE + i);
    cv_test_telephony_type (f->telephony, call, digits);
  }
  wait_answer (f);
}

static void
guess_round (Fixture *f, guint n)
{
  for (guint i = 0; i < AT_ONCE; i++) {
    g_autofree char *call = g_strdup_printf ("c%012u", i);
    g_autofree char *source = g_strdup_printf ("%016x", n * AT_ONCE + i);
    cv_test_telephony_ring (f->telephony, call, "…123", source);
  }
  for (guint i = 0; i < CV_PIN_GUARD_TRIES; i++)
    guess_once (f, n * CV_PIN_GUARD_TRIES + i);
  for (guint i = 0; i < AT_ONCE; i++) {
    g_autofree char *call = g_strdup_printf ("c%012u", i);
    cv_test_telephony_go (f->telephony, call, "no-pin");
  }
}

static void
test_guesses (Fixture *f, gconstpointer data)
{
  enter (f, CV_ROLE_HOST);
  /* twice, in a quarter of an hour */
  for (guint i = 0; i < 2; i++) {
    cv_test_log_expect (G_LOG_LEVEL_WARNING, "somebody tries PINs of this room by phone*");
    cv_test_log_expect (G_LOG_LEVEL_WARNING, "somebody tries PINs by phone: 100 wrong ones*");
  }
  for (guint i = 0; i < ROUNDS; i++)
    guess_round (f, i);
  cv_test_log_assert_all ();
  g_autofree char *told = cv_test_telephony_take (f->telephony);
  g_assert_null (strstr (told, "room"));
  g_assert_null (strstr (told, "admit"));
  g_assert_cmpuint (cv_meeting_get_size (get_meeting (f)), ==, 1);
  g_assert_cmpuint (f->alerts, ==, 4);
  dial (f, B, "…999", "9999999999999999", PIN);
  assert_told (f, "pin-result(bb,room," CV_TEST_ROOM ",0,0) admit(bb,1,false,true)");
}

static void
test_switched_off (Fixture *f, gconstpointer data)
{
  cv_test_recordings_run (f->rooms.store, "UPDATE room SET dial_in = 0");
  dial (f, A, "…123", SOURCE_A, PIN);
  assert_told (f, "pin-result(aa,unknown,null,0,2)");
}

/* The gateway is gone, and with it all calls; nobody else notices. */
static void
change_dial_in (Fixture *f, gboolean on)
{
  g_autoptr (CvRoomRow) row = cv_room_row_copy (cv_room_get_row (f->room));
  row->dial_in = on;
  cv_registry_change_async (f->rooms.registry, row, NULL, NULL);
  for (guint i = 0; i < 2; i++)
    g_free (cv_test_recordings_dump (f->rooms.store, "SELECT 1"));
  cv_test_settle ();
}

/* While a meeting runs: who is in stays, and nobody else comes in, whether they wait for an answer or at the door. */
static void
test_switched_off_meanwhile (Fixture *f, gconstpointer data)
{
  enter (f, CV_ROLE_HOST);
  dial (f, A, "…123", SOURCE_A, PIN);
  cv_meeting_set_floor (get_meeting (f), TRUE, FALSE);
  dial (f, B, "…456", SOURCE_B, PIN);
  cv_test_telephony_ring (f->telephony, "cdddddddddddd", "…789", "dddddddddddddddd");
  cv_test_telephony_type (f->telephony, "cdddddddddddd", PIN);
  for (guint i = 0; i < 2; i++)
    g_free (cv_test_recordings_dump (f->rooms.store, "SELECT 1"));
  cv_test_settle ();
  g_free (cv_test_telephony_take (f->telephony));
  change_dial_in (f, FALSE);
  assert_told (f, "hang-up(bb,refused)");
  g_assert_cmpuint (cv_knocks_count (f->knocks, CV_TEST_ROOM), ==, 0);
  cv_clock_advance (f->rooms.clock, CV_PIN_GUARD_MOST_MS);
  assert_told (f, "pin-result(dd,unknown,null,0,3)");
  g_assert_cmpuint (cv_meeting_get_size (get_meeting (f)), ==, 2);
  change_dial_in (f, TRUE);
  assert_told (f, "");
  cv_meeting_set_floor (get_meeting (f), FALSE, FALSE);
  dial (f, "ceeeeeeeeeeee", "…000", "eeeeeeeeeeeeeeee", PIN);
  assert_told (f, "pin-result(ee,room," CV_TEST_ROOM ",0,0) admit(ee,2,false,true)");
}

/* The same before there is a meeting. */
static void
test_switched_off_before (Fixture *f, gconstpointer data)
{
  dial (f, A, "…123", SOURCE_A, PIN);
  assert_told (f, "pin-result(aa,room," CV_TEST_ROOM ",0,0) hold-on(aa,waiting-host)");
  change_dial_in (f, FALSE);
  assert_told (f, "hang-up(aa,refused)");
}

static void
test_crash (Fixture *f, gconstpointer data)
{
  enter (f, CV_ROLE_HOST);
  dial (f, A, "…123", SOURCE_A, PIN);
  dial (f, B, "…456", SOURCE_B, "1111111111");
  g_assert_cmpuint (cv_meeting_get_size (get_meeting (f)), ==, 2);
  cv_test_telephony_crash (f->telephony);
  g_assert_cmpuint (cv_meeting_get_size (get_meeting (f)), ==, 1);
  g_free (cv_test_telephony_take (f->telephony));
  dial (f, A, "…123", SOURCE_A, PIN);
  assert_told (f, "pin-result(aa,room," CV_TEST_ROOM ",0,0) admit(aa,2,false,true)");
  g_autofree char *dump = cv_test_recordings_dump (f->rooms.store, "SELECT reason FROM call WHERE id = '" B "'");
  g_assert_cmpstr (dump, ==, "crash;");
}

static void
assert_trunks (Fixture *f, const char *expected)
{
  g_autoptr (GArray) trunks = cv_callers_list_trunks (f->callers);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < trunks->len; i++) {
    const CvTrunkView *one = &g_array_index (trunks, CvTrunkView, i);
    g_string_append_printf (text, "%s:%s:%s:%u:%" G_GUINT64_FORMAT " ", one->name, one->state, one->text, one->calls,
                            one->answered);
  }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_watched (Fixture *f, gconstpointer data)
{
  enter (f, CV_ROLE_HOST);
  dial (f, A, "…123", SOURCE_A, PIN);
  cv_clock_advance (f->rooms.clock, 1);
  cv_test_telephony_ring (f->telephony, B, "", SOURCE_B);
  g_autoptr (GArray) views = cv_callers_list (f->callers);
  g_assert_cmpuint (views->len, ==, 2);
  g_assert_cmpstr (g_array_index (views, CvCallView, 0).state, ==, "in");
  g_assert_cmpstr (g_array_index (views, CvCallView, 1).state, ==, "menu");
  const CvSipNews trunk = { .type = CV_SIP_NEWS_TRUNK, .trunk = "trunk", .state = "failed", .text = "403" };
  cv_test_telephony_say (f->telephony, &trunk);
  const CvSipNews other = { .type = CV_SIP_NEWS_TRUNK, .trunk = "other", .state = "listed", .text = "" };
  cv_test_telephony_say (f->telephony, &other);
  assert_trunks (f, "other:listed::0:0 trunk:failed:403:2:2 ");
  const CvSipNews stats = {
    .type = CV_SIP_NEWS_STATS, .stats = { .calls = 7 }, .trunks = { { "trunk", 3, 4 } }, .n_trunks = 1
  };
  cv_test_telephony_say (f->telephony, &stats);
  g_autoptr (GArray) trunks = cv_callers_list_trunks (f->callers);
  g_assert_cmpuint (g_array_index (trunks, CvTrunkView, 0).refused_full, ==, 0);
  g_assert_cmpuint (g_array_index (trunks, CvTrunkView, 1).refused_full, ==, 3);
  g_assert_cmpuint (g_array_index (trunks, CvTrunkView, 1).refused_media, ==, 4);
  g_assert_cmpuint (cv_callers_get_stats (f->callers)->calls, ==, 7);
  g_free (cv_test_telephony_take (f->telephony));
  g_assert_false (cv_callers_hang_up (f->callers, "czzzzzzzzzzzz"));
  g_assert_true (cv_callers_hang_up (f->callers, A));
  assert_told (f, "hang-up(aa,operator) unbridge(" CV_TEST_ROOM ")");
  g_assert_cmpuint (cv_meeting_get_size (get_meeting (f)), ==, 1);
  cv_test_telephony_go (f->telephony, A, "operator");
  assert_trunks (f, "other:listed::0:0 trunk:failed:403:1:2 ");
}

#define HOUR_MS (60 * 60 * 1000)

static void
assert_records (Fixture *f, const char *expected)
{
  g_autofree char *dump = cv_test_recordings_dump (f->rooms.store, "SELECT id FROM call ORDER BY id");
  g_assert_cmpstr (dump, ==, expected);
}

/* A day, as configured: of those that are over, and of no other. */
static void
test_retention (Fixture *f, gconstpointer data)
{
  cv_test_telephony_ring (f->telephony, A, "…123", SOURCE_A);
  cv_test_telephony_ring (f->telephony, B, "…456", SOURCE_B);
  cv_test_telephony_go (f->telephony, A, "hung-up");
  cv_clock_advance (f->rooms.clock, 24 * HOUR_MS);
  assert_records (f, A ";" B ";");
  cv_clock_advance (f->rooms.clock, HOUR_MS);
  assert_records (f, B ";");
  cv_test_telephony_go (f->telephony, B, "hung-up");
  cv_clock_advance (f->rooms.clock, 24 * HOUR_MS);
  assert_records (f, B ";");
  close_doors (f);
  cv_clock_advance (f->rooms.clock, HOUR_MS);
  assert_records (f, B ";");
  open_doors (f, 1); /* as it begins, too */
  assert_records (f, "");
}

static void
test_kept_for_ever (Fixture *f, gconstpointer data)
{
  close_doors (f);
  open_doors (f, 0);
  cv_test_telephony_ring (f->telephony, A, "…123", SOURCE_A);
  cv_test_telephony_go (f->telephony, A, "hung-up");
  for (guint i = 0; i < 4; i++)
    cv_clock_advance (f->rooms.clock, 24 * HOUR_MS);
  assert_records (f, A ";");
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/callers/wait-for-host", test_wait_for_host);
  ADD ("/callers/wait-in-vain", test_wait_in_vain);
  ADD ("/callers/host", test_host);
  g_test_add ("/callers/classroom", Fixture, "classroom", set_up, test_classroom, tear_down);
  ADD ("/callers/lobby", test_lobby);
  ADD ("/callers/removed", test_removed);
  ADD ("/callers/removed-without-number", test_removed_without_number);
  ADD ("/callers/full-and-locked", test_full_and_locked);
  ADD ("/callers/three-tries", test_three_tries);
  ADD ("/callers/equal-time", test_equal_time);
  ADD ("/callers/guesses", test_guesses);
  ADD ("/callers/switched-off", test_switched_off);
  ADD ("/callers/switched-off-meanwhile", test_switched_off_meanwhile);
  ADD ("/callers/switched-off-before", test_switched_off_before);
  ADD ("/callers/crash", test_crash);
  ADD ("/callers/watched", test_watched);
  ADD ("/callers/retention", test_retention);
  ADD ("/callers/kept-for-ever", test_kept_for_ever);
  return g_test_run ();
}
