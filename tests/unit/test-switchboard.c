/* The media of a meeting: what they are asked when people do something, and what becomes of what they say. */
#include "room/switchboard.h"

#include "lib/log.h"
#include "lib/media.h"
#include "lib/wait.h"

#include <string.h>

typedef struct {
  CvClock *clock;
  CvMeeting *meeting;
  CvTestMediaPool *pool;
  CvTestMedia *media; /* the last one */
  CvSwitchboard *switchboard;
  CvParticipant *ann, *vic;
  GString *news;
} Fixture;

static const char *
name_of (const CvParticipant *participant)
{
  return participant->name;
}

static void
on_media (CvSwitchboard *switchboard, gboolean ready, Fixture *f)
{
  g_string_append_printf (f->news, "media(%d) ", ready);
}

static void
on_state (CvSwitchboard *switchboard, CvParticipant *participant, CvMediaState state, const char *reason, Fixture *f)
{
  g_string_append_printf (f->news, "state(%s,%u,%s) ", name_of (participant), state, reason);
}

static void
on_slots (CvSwitchboard *switchboard, CvParticipant *participant, const CvMediaSlot *slots, guint n, Fixture *f)
{
  g_string_append_printf (f->news, "slots(%s,%u,%s) ", name_of (participant), n, slots[0].mid);
}

static void
on_speakers (CvSwitchboard *switchboard, char **people, Fixture *f)
{
  g_string_append_printf (f->news, "speakers(%u) ", g_strv_length (people));
}

static void
on_layers (CvSwitchboard *switchboard, CvParticipant *participant, CvMediaSource source, char **rids, Fixture *f)
{
  g_string_append_printf (f->news, "layers(%s,%u,%s) ", name_of (participant), source, rids[0]);
}

static void
on_stats (CvSwitchboard *switchboard, const CvMediaStats *stats, Fixture *f)
{
  g_string_append_printf (f->news, "stats(%u) ", stats->rss);
}

static CvParticipant *
add (Fixture *f, const char *name, CvRole role)
{
  CvParticipant *participant = cv_participant_new (name, role, &(CvSending){ .microphone = TRUE, .camera = TRUE });
  /* so that it can be told in what the media were asked */
  memcpy (participant->id + strlen (participant->id) - 2, name, 2);
  cv_meeting_add (f->meeting, participant);
  return participant;
}

static void
start (Fixture *f, CvMediaPool *pool)
{
  f->switchboard = cv_switchboard_new ("abcdefghijkm", f->meeting, pool, f->clock);
  g_signal_connect (f->switchboard, "media", G_CALLBACK (on_media), f);
  g_signal_connect (f->switchboard, "state", G_CALLBACK (on_state), f);
  g_signal_connect (f->switchboard, "slots", G_CALLBACK (on_slots), f);
  g_signal_connect (f->switchboard, "speakers", G_CALLBACK (on_speakers), f);
  g_signal_connect (f->switchboard, "layers", G_CALLBACK (on_layers), f);
  g_signal_connect (f->switchboard, "stats", G_CALLBACK (on_stats), f);
  f->media = cv_test_media_pool_get_last (f->pool);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = cv_clock_new_fake (1700);
  f->news = g_string_new (NULL);
  f->pool = cv_test_media_pool_new ();
  f->meeting = cv_meeting_new (&cv_policy_classroom, f->clock, 1000);
  f->ann = add (f, "Ann", CV_ROLE_PERSON);
  f->vic = add (f, "Vic", CV_ROLE_VIEWER);
  /* what a test wants to see from the start, it sets up itself */
  if (data == NULL)
    start (f, CV_MEDIA_POOL (f->pool));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_test_settle ();
  g_assert_finalize_object (f->switchboard);
  g_assert_finalize_object (f->pool);
  g_assert_finalize_object (f->meeting);
  g_assert_finalize_object (f->clock);
  g_string_free (f->news, TRUE);
}

static void
assert_asked (Fixture *f, const char *expected)
{
  g_autofree char *asked = cv_test_media_take_asked (f->media);
  g_assert_cmpstr (asked, ==, expected);
}

static void
assert_news (Fixture *f, const char *expected)
{
  g_assert_cmpstr (f->news->str, ==, expected);
  g_string_truncate (f->news, 0);
}

static GAsyncResult *
offer (Fixture *f, CvParticipant *participant)
{
  GAsyncResult *slot = NULL;
  cv_switchboard_offer_async (f->switchboard, participant, "v=0", cv_test_on_ready, &slot);
  if (f->media != NULL && cv_switchboard_is_ready (f->switchboard))
    cv_test_media_answer (f->media, "v=1");
  return cv_test_wait_for (&slot);
}

static void
test_ready (Fixture *f, gconstpointer data)
{
  g_assert_false (cv_switchboard_is_ready (f->switchboard));
  cv_test_media_set_ready (f->media, TRUE);
  g_assert_true (cv_switchboard_is_ready (f->switchboard));
  assert_news (f, "media(1) ");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "the media process is gone*");
  cv_test_media_set_ready (f->media, FALSE);
  g_assert_false (cv_switchboard_is_ready (f->switchboard));
  cv_test_media_set_ready (f->media, TRUE);
  assert_news (f, "media(0) media(1) ");
  cv_test_log_assert_all ();
}

static void
test_offer (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  cv_test_media_set_ready (f->media, TRUE);
  g_autoptr (GAsyncResult) result = offer (f, f->ann);
  g_autofree char *answer = cv_switchboard_offer_finish (f->switchboard, result, &error);
  g_assert_cmpstr (answer, ==, "v=1");
  assert_asked (f, "join(An,v=0,mc-) ");
  /* a viewer's may say what they want */
  g_autoptr (GAsyncResult) viewers = offer (f, f->vic);
  g_autofree char *other = cv_switchboard_offer_finish (f->switchboard, viewers, &error);
  assert_asked (f, "join(Vi,v=0,---) ");
}

static void
test_offer_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  cv_test_media_set_ready (f->media, TRUE);
  cv_switchboard_offer_async (f->switchboard, f->ann, "v=9", cv_test_on_ready, &slot);
  cv_test_media_refuse (f->media, CV_MEDIA_ERROR_BAD_SDP);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_null (cv_switchboard_offer_finish (f->switchboard, result, &error));
  g_assert_error (error, CV_MEDIA_ERROR, CV_MEDIA_ERROR_BAD_SDP);
}

static void
test_leaves_while_joining (Fixture *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  cv_test_media_set_ready (f->media, TRUE);
  cv_switchboard_offer_async (f->switchboard, f->ann, "v=0", cv_test_on_ready, &slot);
  cv_meeting_remove (f->meeting, f->ann, CV_LEAVING_LEFT);
  assert_asked (f, "join(An,v=0,mc-) leave(An) ");
  cv_test_media_answer (f->media, "v=1");
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autofree char *answer G_GNUC_UNUSED = cv_switchboard_offer_finish (f->switchboard, result, NULL);
  assert_asked (f, "leave(An) ");
}

static void
test_what_people_do (Fixture *f, gconstpointer data)
{
  cv_meeting_set_sending (f->meeting, f->ann, &(CvSending){ .screen = TRUE });
  cv_meeting_set_stage (f->meeting, f->vic, TRUE);
  cv_meeting_set_sending (f->meeting, f->vic, &(CvSending){ .microphone = TRUE });
  assert_asked (f, "may(An,--s) may(Vi,---) may(Vi,m--) ");
  cv_meeting_stop (f->meeting, f->vic, CV_SENDING_MICROPHONE, f->ann);
  cv_meeting_set_spotlight (f->meeting, f->vic);
  cv_meeting_set_stage (f->meeting, f->vic, FALSE);
  assert_asked (f, "may(Vi,---) spotlight(Vi) spotlight() may(Vi,---) ");
  cv_meeting_remove (f->meeting, f->vic, CV_LEAVING_LOST);
  assert_asked (f, "leave(Vi) ");
  cv_meeting_end (f->meeting, CV_ENDING_HOST);
  assert_asked (f, "close ");
  cv_meeting_remove (f->meeting, f->ann, CV_LEAVING_LOST);
  assert_asked (f, "");
}

static void
test_view (Fixture *f, gconstpointer data)
{
  const CvMediaTile tiles[] = { { f->ann->id, CV_MEDIA_SCREEN, 1280 },
                                { "pmmmmmmmmmmmm", CV_MEDIA_CAMERA, 1 },
                                { f->vic->id, CV_MEDIA_CAMERA, 320 } };
  cv_switchboard_set_view (f->switchboard, f->vic, tiles, G_N_ELEMENTS (tiles));
  cv_switchboard_set_view (f->switchboard, f->ann, NULL, 0);
  assert_asked (f, "view(Vi,An:screen:1280,Vi:camera:320) view(An) ");
}

static void
test_what_media_say (Fixture *f, gconstpointer data)
{
  const CvMediaSlot slot = { .mid = "4", .person = f->ann->id, .source = CV_MEDIA_CAMERA };
  const char *speakers[] = { f->ann->id, NULL };
  const char *rids[] = { "q", NULL };
  const CvMediaStats stats = { .rss = 7 };
  cv_test_media_set_ready (f->media, TRUE);
  g_assert_null (cv_switchboard_get_speakers (f->switchboard)[0]);
  g_signal_emit_by_name (f->media, "state", f->ann->id, CV_MEDIA_FAILED, "fingerprint");
  g_signal_emit_by_name (f->media, "slots", f->vic->id, &slot, 1);
  g_signal_emit_by_name (f->media, "speakers", speakers);
  g_signal_emit_by_name (f->media, "layers", f->ann->id, CV_MEDIA_CAMERA, rids);
  g_signal_emit_by_name (f->media, "stats", &stats);
  assert_news (f, "media(1) state(Ann,1,fingerprint) slots(Vic,1,4) speakers(1) layers(Ann,1,q) stats(7) ");
  g_assert_cmpstr (cv_switchboard_get_speakers (f->switchboard)[0], ==, f->ann->id);

  /* of who has gone meanwhile */
  g_signal_emit_by_name (f->media, "state", "pmmmmmmmmmmmm", CV_MEDIA_LOST, "");
  g_signal_emit_by_name (f->media, "slots", "pmmmmmmmmmmmm", &slot, 1);
  g_signal_emit_by_name (f->media, "layers", "pmmmmmmmmmmmm", CV_MEDIA_CAMERA, rids);
  assert_news (f, "");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "the media process is gone*");
  cv_test_media_set_ready (f->media, FALSE);
  g_assert_null (cv_switchboard_get_speakers (f->switchboard)[0]);
}

/* What failed for good is opened anew after a while, with what is in the spotlight. */
static void
test_failed (Fixture *f, gconstpointer data)
{
  CvTestMedia *first = f->media;
  cv_test_media_set_ready (f->media, TRUE);
  cv_meeting_set_spotlight (f->meeting, f->ann);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "the media process is gone*");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*lost too often*");
  cv_test_media_set_ready (f->media, FALSE);
  g_signal_emit_by_name (f->media, "failed");
  assert_asked (f, "spotlight(An) close ");
  assert_news (f, "media(1) media(0) ");
  f->media = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = offer (f, f->ann);
  g_assert_null (cv_switchboard_offer_finish (f->switchboard, result, &error));
  g_assert_error (error, CV_MEDIA_ERROR, CV_MEDIA_ERROR_LOST);
  cv_switchboard_set_view (f->switchboard, f->ann, NULL, 0);

  cv_clock_advance (f->clock, 9999);
  g_assert_true (cv_test_media_pool_get_last (f->pool) == first);
  cv_test_media_pool_set_broken (f->pool, TRUE);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "no media for a meeting*");
  cv_clock_advance (f->clock, 1);
  cv_test_media_pool_set_broken (f->pool, FALSE);
  cv_clock_advance (f->clock, 10000);
  f->media = cv_test_media_pool_get_last (f->pool);
  g_assert_true (f->media != first);
  cv_test_media_set_ready (f->media, TRUE);
  assert_asked (f, "spotlight(An) ");
  assert_news (f, "media(1) ");
  cv_test_log_assert_all ();
}

/* An offer that comes before the media are ready waits for them, a while. */
static void
test_early_offer (Fixture *f, gconstpointer data)
{
  GAsyncResult *replaced = NULL, *joined = NULL, *left = NULL;
  g_autoptr (GError) error = NULL, gone = NULL;
  cv_switchboard_offer_async (f->switchboard, f->ann, "v=0", cv_test_on_ready, &replaced);
  cv_switchboard_offer_async (f->switchboard, f->ann, "v=7", cv_test_on_ready, &joined);
  cv_switchboard_offer_async (f->switchboard, f->vic, "v=8", cv_test_on_ready, &left);
  g_autoptr (GAsyncResult) first = cv_test_wait_for (&replaced);
  g_assert_null (cv_switchboard_offer_finish (f->switchboard, first, &error));
  g_assert_error (error, CV_MEDIA_ERROR, CV_MEDIA_ERROR_LOST);
  cv_meeting_remove (f->meeting, f->vic, CV_LEAVING_LEFT);
  cv_clock_advance (f->clock, 4999);
  assert_asked (f, "leave(Vi) ");
  cv_test_media_set_ready (f->media, TRUE);
  assert_asked (f, "join(An,v=7,mc-) ");
  cv_test_media_answer (f->media, "v=1");
  g_autoptr (GAsyncResult) second = cv_test_wait_for (&joined);
  g_autofree char *answer = cv_switchboard_offer_finish (f->switchboard, second, NULL);
  g_assert_cmpstr (answer, ==, "v=1");
  g_autoptr (GAsyncResult) third = cv_test_wait_for (&left);
  g_assert_null (cv_switchboard_offer_finish (f->switchboard, third, &gone));
  cv_clock_advance (f->clock, 60000);
}

static void
test_early_offer_in_vain (Fixture *f, gconstpointer data)
{
  GAsyncResult *slot = NULL, *other = NULL;
  g_autoptr (GError) late = NULL, over = NULL;
  cv_switchboard_offer_async (f->switchboard, f->ann, "v=0", cv_test_on_ready, &slot);
  cv_clock_advance (f->clock, 5000);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_null (cv_switchboard_offer_finish (f->switchboard, result, &late));
  g_assert_error (late, CV_MEDIA_ERROR, CV_MEDIA_ERROR_LOST);
  cv_switchboard_offer_async (f->switchboard, f->ann, "v=0", cv_test_on_ready, &other);
  cv_meeting_end (f->meeting, CV_ENDING_HOST);
  g_autoptr (GAsyncResult) ended = cv_test_wait_for (&other);
  g_assert_null (cv_switchboard_offer_finish (f->switchboard, ended, &over));
  g_assert_error (over, CV_MEDIA_ERROR, CV_MEDIA_ERROR_LOST);
}

static void
test_without_media (Fixture *f, gconstpointer data)
{
  start (f, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = offer (f, f->ann);
  g_assert_null (cv_switchboard_offer_finish (f->switchboard, result, &error));
  g_assert_error (error, CV_MEDIA_ERROR, CV_MEDIA_ERROR_LOST);
  g_assert_false (cv_switchboard_is_ready (f->switchboard));
  cv_meeting_set_stage (f->meeting, f->vic, TRUE);
  cv_meeting_set_spotlight (f->meeting, f->vic);
  cv_meeting_remove (f->meeting, f->vic, CV_LEAVING_LEFT);
  cv_clock_advance (f->clock, 60000);
  assert_news (f, "");
}

/* Dropped while somebody waits for an answer. */
static void
test_ended_while_joining (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;
  cv_test_media_set_ready (f->media, TRUE);
  cv_switchboard_offer_async (f->switchboard, f->ann, "v=0", cv_test_on_ready, &slot);
  cv_meeting_end (f->meeting, CV_ENDING_HOST);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_null (cv_switchboard_offer_finish (f->switchboard, result, &error));
  g_assert_error (error, CV_MEDIA_ERROR, CV_MEDIA_ERROR_LOST);
}

static void
on_joined (CvSwitchboard *switchboard, CvParticipant *participant, Fixture *f)
{
  g_assert_true (cv_switchboard_has_joined (switchboard, participant));
  g_string_append_printf (f->news, "joined(%s) ", name_of (participant));
}

/* Who has a connection, until the media are lost; what media say of files; what nobody may send who only listens. */
static void
test_recording (Fixture *f, gconstpointer data)
{
  g_signal_connect (f->switchboard, "joined", G_CALLBACK (on_joined), f);
  cv_test_media_set_ready (f->media, TRUE);
  g_assert_false (cv_switchboard_has_joined (f->switchboard, f->ann));
  g_autoptr (GAsyncResult) result = offer (f, f->ann);
  g_autofree char *answer G_GNUC_UNUSED = cv_switchboard_offer_finish (f->switchboard, result, NULL);
  assert_news (f, "media(1) joined(Ann) ");
  g_assert_true (cv_switchboard_get_media (f->switchboard) == CV_MEDIA (f->media));
  guint first = cv_switchboard_draw_file (f->switchboard);
  g_assert_cmpuint (first, ==, 1);
  g_assert_cmpuint (cv_switchboard_draw_file (f->switchboard), ==, 2);
  assert_asked (f, "join(An,v=0,mc-) ");
  cv_meeting_set_recorded (f->meeting, f->ann, TRUE, TRUE);
  cv_meeting_set_sending (f->meeting, f->ann, &(CvSending){ .screen = TRUE });
  cv_meeting_set_recorded (f->meeting, f->ann, TRUE, FALSE);
  assert_asked (f, "may(An,---) may(An,---) may(An,--s) ");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "the media process is gone*");
  cv_test_media_set_ready (f->media, FALSE);
  g_assert_false (cv_switchboard_has_joined (f->switchboard, f->ann));
}

/* What is held stays when the meeting is over. */
static void
test_hold (Fixture *f, gconstpointer data)
{
  cv_test_media_set_ready (f->media, TRUE);
  cv_switchboard_hold (f->switchboard);
  cv_switchboard_hold (f->switchboard);
  cv_switchboard_release (f->switchboard);
  cv_meeting_end (f->meeting, CV_ENDING_HOST);
  cv_meeting_remove (f->meeting, f->ann, CV_LEAVING_LEFT);
  assert_asked (f, "leave(An) ");
  g_assert_nonnull (cv_switchboard_get_media (f->switchboard));
  cv_switchboard_release (f->switchboard);
  assert_asked (f, "close ");
  g_assert_null (cv_switchboard_get_media (f->switchboard));
}

#define ADD(name, data, func) g_test_add (name, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/switchboard/ready", NULL, test_ready);
  ADD ("/switchboard/offer", NULL, test_offer);
  ADD ("/switchboard/offer-refused", NULL, test_offer_refused);
  ADD ("/switchboard/leaves-while-joining", NULL, test_leaves_while_joining);
  ADD ("/switchboard/what-people-do", NULL, test_what_people_do);
  ADD ("/switchboard/view", NULL, test_view);
  ADD ("/switchboard/what-media-say", NULL, test_what_media_say);
  ADD ("/switchboard/failed", NULL, test_failed);
  ADD ("/switchboard/early-offer", NULL, test_early_offer);
  ADD ("/switchboard/early-offer-in-vain", NULL, test_early_offer_in_vain);
  ADD ("/switchboard/without-media", "nothing", test_without_media);
  ADD ("/switchboard/recording", NULL, test_recording);
  ADD ("/switchboard/hold", NULL, test_hold);
  ADD ("/switchboard/ended-while-joining", NULL, test_ended_while_joining);
  return g_test_run ();
}
