/* A meeting's media in a process: joining, what it tells, and each way in which the process goes and another takes over. */
#include "process/media-process.h"

#include "lib/log.h"
#include "lib/processes.h"
#include "lib/wait.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ANNE "p23456789abca"
#define BERT "p23456789abcb"

typedef struct {
  CvClock *clock;
  GObject *owner;
  CvPorts *ports;
  CvSpares *spares;
  CvChildOptions options;
  CvMedia *media;
  GString *told;
  guint ready, lost, failed;
} Fixture;

static void
on_ready (CvMedia *media, Fixture *f)
{
  f->ready++;
}

static void
on_lost (CvMedia *media, Fixture *f)
{
  f->lost++;
}

static void
on_failed (CvMedia *media, Fixture *f)
{
  f->failed++;
}

static void
on_state (CvMedia *media, const char *person, CvMediaState state, const char *reason, Fixture *f)
{
  g_string_append_printf (f->told, "state %s %d %s;", person, state, reason);
}

static void
on_slots (CvMedia *media, const char *person, const CvMediaSlot *slots, guint n, Fixture *f)
{
  g_string_append_printf (f->told, "slots %s %u %s;", person, n, n > 0 ? slots[0].mid : "-");
}

static void
on_speakers (CvMedia *media, char **people, Fixture *f)
{
  g_string_append_printf (f->told, "speakers %u;", g_strv_length (people));
}

static void
on_layers (CvMedia *media, const char *person, CvMediaSource source, char **rids, Fixture *f)
{
  g_string_append_printf (f->told, "layers %s %d %u;", person, source, g_strv_length (rids));
}

static void
on_stats (CvMedia *media, const CvMediaStats *stats, Fixture *f)
{
  g_string_append_printf (f->told, "stats %u %u %u;", stats->rss, stats->n, stats->n > 0 ? stats->people[0].width : 0);
}

static void
on_track (CvMedia *media, guint file, const CvMediaTrack *track, Fixture *f)
{
  g_string_append_printf (f->told, "track %u %s %ux%u;", file, track->codec, track->width, track->height);
}

static void
on_clock (CvMedia *media, guint file, gint64 pts, gint64 ntp, Fixture *f)
{
  g_string_append_printf (f->told, "clock %u %d %d;", file, (int) pts, (int) ntp);
}

static void
on_recorded (CvMedia *media, guint file, const char *reason, guint64 bytes, Fixture *f)
{
  g_string_append_printf (f->told, "recorded %u %s %u;", file, reason, (guint) bytes);
}

static CvMedia *
open_media (Fixture *f, const char *room)
{
  g_autoptr (GError) error = NULL;
  CvMedia *media = cv_media_process_new (f->owner, f->ports, f->spares, f->clock, room, "m23456789abcd", &error);

  g_assert_no_error (error);
  return media;
}

static void
make (Fixture *f, guint spares)
{
  static const char *const arguments[] = { "lively", NULL }; /* for the clocks that tests turn */
  const char *const addresses[] = { "127.0.0.1", NULL }, *const none[] = { NULL };
  CvPortsOptions options = { addresses, none, 0, 0 };

  f->owner = g_object_new (G_TYPE_OBJECT, NULL);
  f->options = (CvChildOptions){ "conclave-media", CV_FAKE_MEDIA, arguments, 0 };
  f->ports = cv_ports_new (&options, NULL);
  f->spares = cv_spares_new (&f->options, spares, f->clock);
  f->told = g_string_new (NULL);
}

static void
open_first (Fixture *f)
{
  f->media = open_media (f, "rooma");
  g_signal_connect (f->media, "ready", G_CALLBACK (on_ready), f);
  g_signal_connect (f->media, "lost", G_CALLBACK (on_lost), f);
  g_signal_connect (f->media, "failed", G_CALLBACK (on_failed), f);
  g_signal_connect (f->media, "state", G_CALLBACK (on_state), f);
  g_signal_connect (f->media, "slots", G_CALLBACK (on_slots), f);
  g_signal_connect (f->media, "speakers", G_CALLBACK (on_speakers), f);
  g_signal_connect (f->media, "layers", G_CALLBACK (on_layers), f);
  g_signal_connect (f->media, "stats", G_CALLBACK (on_stats), f);
  g_signal_connect (f->media, "track", G_CALLBACK (on_track), f);
  g_signal_connect (f->media, "clock", G_CALLBACK (on_clock), f);
  g_signal_connect (f->media, "recorded", G_CALLBACK (on_recorded), f);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = cv_clock_new ();
  make (f, 1);
  cv_test_wait_until (cv_spares_count_ready (f->spares) == 1);
  open_first (f);
  cv_test_wait_until (f->ready == 1);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  if (f->media != NULL)
    cv_media_close (f->media);
  cv_spares_stop (f->spares);
  cv_test_wait_until (f->owner->ref_count == 1 + (f->media != NULL));
  cv_test_wait_until (cv_test_count_children () == 0);
  if (f->media != NULL)
    cv_test_wait_gone (f->media);
  cv_test_wait_gone (f->owner);
  cv_test_wait_gone (f->spares);
  cv_ports_free (f->ports);
  cv_test_wait_gone (f->clock);
  g_string_free (f->told, TRUE);
  cv_test_log_assert_all ();
}

static void
join_at (Fixture *f, CvMedia *media, const char *person, const char *offer, GAsyncResult **slot)
{
  cv_media_join_async (media, person, offer, CV_MEDIA_MAY_MICROPHONE, cv_test_on_ready, slot);
}

/* Returns: (transfer full). */
static char *
join (Fixture *f, CvMedia *media, const char *person, const char *offer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;
  char *answer;

  join_at (f, media, person, offer, &slot);
  result = cv_test_wait_for (&slot);
  answer = cv_media_join_finish (media, result, &error);
  g_assert_no_error (error);
  return answer;
}

static void
assert_join_fails (Fixture *f, const char *offer, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  join_at (f, f->media, ANNE, offer, &slot);
  result = cv_test_wait_for (&slot);
  g_assert_null (cv_media_join_finish (f->media, result, &error));
  g_assert_error (error, CV_MEDIA_ERROR, code);
}

/* The port that it answers with. */
static guint
join_port (Fixture *f, CvMedia *media, const char *person)
{
  g_autofree char *answer = join (f, media, person, "hello");

  g_assert_true (g_str_has_prefix (answer, "hello at "));
  return (guint) atoi (answer + strlen ("hello at "));
}

static void
expect_gone (const char *why)
{
  g_autofree char *pattern = g_strdup_printf ("conclave-media[*] is gone: %s", why);

  cv_test_log_expect (G_LOG_LEVEL_WARNING, pattern);
}

static void
test_join (Fixture *f, gconstpointer data)
{
  guint port = join_port (f, f->media, ANNE);

  g_assert_true (cv_media_is_ready (f->media));
  g_assert_cmpuint (port, >, 0);
  g_assert_cmpuint (join_port (f, f->media, BERT), ==, port);
  assert_join_fails (f, "error:bad-sdp", CV_MEDIA_ERROR_BAD_SDP);
  assert_join_fails (f, "error:no-codec", CV_MEDIA_ERROR_NO_CODEC);
  assert_join_fails (f, "error:too-many", CV_MEDIA_ERROR_TOO_MANY);
  g_assert_cmpuint (f->lost, ==, 0);
}

/* What no line takes is a bad offer, and harms nobody. */
static void
test_offer_too_long (Fixture *f, gconstpointer data)
{
  g_autofree char *offer = g_strnfill (70 * 1024, '"');

  assert_join_fails (f, offer, CV_MEDIA_ERROR_BAD_SDP);
  assert_join_fails (f, "v=0\r\ns=\xc3\xa9", CV_MEDIA_ERROR_BAD_SDP);
  join_port (f, f->media, ANNE);
  g_assert_cmpuint (f->lost, ==, 0);
}

static void
test_events (Fixture *f, gconstpointer data)
{
  g_autofree char *first = join (f, f->media, ANNE, "events");

  g_assert_cmpstr (f->told->str, ==,
                   "state " ANNE " 0 ;slots " ANNE " 1 4;speakers 1;layers " ANNE " 1 2;stats 10240 1 640;");
  /* news of somebody who has left meanwhile is no crime, and nobody's business */
  GAsyncResult *slot = NULL;
  g_string_truncate (f->told, 0);
  join_at (f, f->media, BERT, "events", &slot);
  cv_media_leave (f->media, BERT);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_cmpstr (f->told->str, ==, "speakers 0;stats 10240 0 0;");
  g_assert_cmpuint (f->lost, ==, 0);
}

/* What it is told, as the fake's log repeats it. */
static void
test_told (Fixture *f, gconstpointer data)
{
  CvMediaTile tiles[] = { { BERT, CV_MEDIA_SCREEN, 1280 }, { ANNE, CV_MEDIA_CAMERA, 320 } };
  static const char *const lines[] = {
    "view {\"person\":\"" ANNE "\",\"tiles\":[{\"person\":\"" BERT "\",\"source\":\"screen\",\"width\":1280},"
    "{\"person\":\"" ANNE "\",\"source\":\"camera\",\"width\":320}]}",
    "may {\"person\":\"" ANNE "\",\"microphone\":true,\"camera\":false,\"screen\":true}",
    "spotlight {\"person\":\"" BERT "\"}",
    "spotlight {\"person\":null}",
    "leave {\"person\":\"" ANNE "\"}",
  };

  cv_media_set_view (f->media, ANNE, tiles, 2); /* is sent when she joins */
  cv_media_set_may (f->media, ANNE, CV_MEDIA_MAY_CAMERA);
  cv_media_leave (f->media, BERT); /* neither has joined */
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autofree char *pattern = g_strdup_printf ("conclave-media[*]: fake: %s", lines[i]);

    cv_test_log_expect (G_LOG_LEVEL_INFO, pattern);
  }
  join_port (f, f->media, ANNE);
  cv_media_set_may (f->media, ANNE, CV_MEDIA_MAY_MICROPHONE | CV_MEDIA_MAY_SCREEN);
  cv_media_set_spotlight (f->media, BERT);
  cv_media_set_spotlight (f->media, NULL);
  cv_media_leave (f->media, ANNE);
  join_port (f, f->media, BERT); /* by now it has read all that */
}

/* The spare takes over at once, at the same port, and knows what was kept; another meeting notices nothing. */
static void
test_takes_over (Fixture *f, gconstpointer data)
{
  CvMedia *other = open_media (f, "roomb");
  guint port = join_port (f, f->media, ANNE), other_port;
  CvMediaTile tile = { BERT, CV_MEDIA_SCREEN, 1280 };
  gint64 start;

  cv_test_wait_until (cv_media_is_ready (other) && cv_spares_count_ready (f->spares) == 1);
  other_port = join_port (f, other, BERT);
  g_assert_cmpuint (other_port, !=, port);
  cv_test_log_expect (G_LOG_LEVEL_INFO, "conclave-media[*]: fake: view *" ANNE "*");
  cv_test_log_expect (G_LOG_LEVEL_INFO, "conclave-media[*]: fake: spotlight *" ANNE "*");
  cv_media_set_view (f->media, ANNE, &tile, 1);
  cv_media_set_spotlight (f->media, ANNE);

  expect_gone ("of its own (signal 9)");
  start = g_get_monotonic_time ();
  assert_join_fails (f, "crash", CV_MEDIA_ERROR_LOST);
  cv_test_wait_until (f->ready == 2);
  g_test_message ("took over after %.1f ms", (double) (g_get_monotonic_time () - start) / 1000);
  g_assert_cmpint (g_get_monotonic_time () - start, <, G_USEC_PER_SEC);
  g_assert_cmpuint (f->lost, ==, 1);
  cv_test_log_expect (G_LOG_LEVEL_INFO, "conclave-media[*]: fake: spotlight *" ANNE "*");
  cv_test_log_expect (G_LOG_LEVEL_INFO, "conclave-media[*]: fake: view *" ANNE "*");
  g_assert_cmpuint (join_port (f, f->media, ANNE), ==, port);
  g_assert_cmpuint (join_port (f, other, BERT), ==, other_port);
  cv_media_close (other);
  cv_test_settle ();
  cv_test_wait_gone (other);
}

static void
test_hostile (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *offer;
    const char *why;
  } ways[] = {
    { "stranger", "speaks of a stranger (*" },
    { "unknown", "unknown type (*" },
    { "descriptors", "asks, or brings descriptors (*" },
    { "garbage", "not UTF-8 (*" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    expect_gone (ways[i].why);
    assert_join_fails (f, ways[i].offer, CV_MEDIA_ERROR_LOST);
    cv_test_wait_until (f->ready == i + 2);
    g_assert_cmpuint (f->lost, ==, i + 1);
  }
  expect_gone ("As you wished. (*"); /* an error that there is not */
  assert_join_fails (f, "error:boo", CV_MEDIA_ERROR_LOST);
  cv_test_wait_until (f->ready == 6);
}

/* What came back: 0, or the CvMediaError below 0. */
static int
record (Fixture *f, guint file, int fd)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  cv_media_record_async (f->media, ANNE, CV_MEDIA_CAMERA, file, fd, cv_test_on_ready, &slot);
  result = cv_test_wait_for (&slot);
  if (cv_media_record_finish (f->media, result, &error))
    return 0;
  g_assert_true (error->domain == CV_MEDIA_ERROR);
  return -error->code;
}

static gint64
unrecord (Fixture *f, guint file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;
  gint64 bytes;

  cv_media_unrecord_async (f->media, file, cv_test_on_ready, &slot);
  result = cv_test_wait_for (&slot);
  bytes = cv_media_unrecord_finish (f->media, result, &error);
  return error == NULL ? bytes : -error->code;
}

static int
open_nowhere (void)
{
  int fd = open ("/dev/null", O_RDWR | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  return fd;
}

static void
test_record (Fixture *f, gconstpointer data)
{
  int fd = open_nowhere ();
  guint descriptors = cv_test_count_descriptors ();

  g_assert_cmpint (record (f, 1, fd), ==, 0);
  cv_test_wait_until (strstr (f->told->str, "clock") != NULL);
  g_assert_cmpstr (f->told->str, ==, "track 1 VP8 640x360;clock 1 5 6;");
  g_assert_cmpint (unrecord (f, 1), ==, 5);
  g_assert_cmpint (unrecord (f, 1), ==, -CV_MEDIA_ERROR_NOT_FOUND);
  g_assert_cmpint (record (f, 404, fd), ==, -CV_MEDIA_ERROR_NOT_FOUND);
  g_assert_cmpint (unrecord (f, 404), ==, -CV_MEDIA_ERROR_NOT_FOUND);
  /* by itself */
  g_string_truncate (f->told, 0);
  g_assert_cmpint (record (f, 507, fd), ==, 0);
  cv_test_wait_until (strstr (f->told->str, "recorded 507 full 9;") != NULL);
  g_assert_cmpint (unrecord (f, 507), ==, -CV_MEDIA_ERROR_NOT_FOUND);
  cv_test_wait_descriptors (descriptors);
  g_assert_cmpuint (f->lost, ==, 0);
  close (fd);
}

/* Answers that make no sense, and news of files that are none, or out of turn, end it. */
static void
test_record_hostile (Fixture *f, gconstpointer data)
{
  static const struct {
    guint file;
    const char *why;
  } ways[] = {
    { 500, "As you wished. (*" },
    { 501, "answers with nonsense (*" },
    { 502, "speaks of a file out of turn (*" },
    { 503, "speaks of a file out of turn (*" },
    { 504, "speaks of a file out of turn (*" },
  };
  int fd = open_nowhere ();

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    int code;

    expect_gone (ways[i].why);
    code = record (f, ways[i].file, fd);
    g_assert_true (code == 0 || code == -CV_MEDIA_ERROR_LOST);
    cv_test_wait_until (f->ready == i + 2);
    g_assert_cmpuint (f->lost, ==, i + 1);
    /* another process knows nothing of it */
    g_assert_cmpint (unrecord (f, ways[i].file), ==, -CV_MEDIA_ERROR_NOT_FOUND);
  }
  close (fd);
}

static void
test_unrecord_hostile (Fixture *f, gconstpointer data)
{
  int fd = open_nowhere ();

  g_assert_cmpint (record (f, 505, fd), ==, 0);
  expect_gone ("answers with nonsense (*");
  g_assert_cmpint (unrecord (f, 505), ==, -CV_MEDIA_ERROR_LOST);
  cv_test_wait_until (f->ready == 2);
  g_assert_cmpint (record (f, 506, fd), ==, 0);
  expect_gone ("speaks of a file out of turn (*");
  g_assert_cmpint (unrecord (f, 506), ==, 5);
  cv_test_wait_until (f->ready == 3);
  close (fd);
}

static void
test_does_not_answer (Fixture *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cv_test_wait_until (f->ready == 1);
  join_at (f, f->media, ANNE, "no-answer", &slot);
  expect_gone ("no answer in time (*");
  for (guint i = 0; i < 12; i++) { /* it lives */
    g_usleep (60 * 1000);
    cv_test_settle ();
    cv_clock_advance (f->clock, 999);
  }
  result = cv_test_wait_for (&slot);
  g_assert_null (cv_media_join_finish (f->media, result, &error));
  g_assert_error (error, CV_MEDIA_ERROR, CV_MEDIA_ERROR_LOST);
  cv_test_wait_until (f->ready == 2);
}

static void
set_up_fake_clock (Fixture *f, gconstpointer data)
{
  f->clock = cv_clock_new_fake (0);
  make (f, 0);
  open_first (f);
}

/* Lets it say first that it lives. */
static void
advance (Fixture *f, guint ms)
{
  g_usleep (200 * 1000);
  cv_clock_advance (f->clock, ms);
}

/* Too often in too short a time is the end, but not in the long run. */
static void
test_gives_up (Fixture *f, gconstpointer data)
{
  const guint n = 8;

  for (guint i = 1; i < n; i++) {
    cv_test_wait_until (f->ready == i);
    advance (f, CV_MEDIA_PROCESS_CRASH_MS / CV_MEDIA_PROCESS_MAX_CRASHES);
    expect_gone ("of its own (*");
    assert_join_fails (f, "exit", CV_MEDIA_ERROR_LOST);
  }
  cv_test_wait_until (f->ready == n);
  advance (f, CV_MEDIA_PROCESS_CRASH_MS);
  for (guint i = 0; i <= CV_MEDIA_PROCESS_MAX_CRASHES; i++) {
    cv_test_wait_until (f->ready == n + i);
    g_assert_cmpuint (f->failed, ==, 0);
    expect_gone ("of its own (*");
    if (i == CV_MEDIA_PROCESS_MAX_CRASHES)
      cv_test_log_expect (G_LOG_LEVEL_WARNING, "media crashed more than *");
    assert_join_fails (f, "exit", CV_MEDIA_ERROR_LOST);
  }
  cv_test_wait_until (f->failed == 1);
  g_assert_cmpuint (f->lost, ==, f->ready);
  g_assert_false (cv_media_is_ready (f->media));
  assert_join_fails (f, "hello", CV_MEDIA_ERROR_LOST);
  cv_media_set_spotlight (f->media, ANNE);
  cv_media_leave (f->media, ANNE);
}

static void
test_no_program (Fixture *f, gconstpointer data)
{
  cv_test_wait_until (f->ready == 1);
  f->options.path = "/nowhere";
  cv_spares_stop (f->spares);
  cv_test_wait_gone (f->spares);
  f->spares = cv_spares_new (&f->options, 0, f->clock);
  cv_media_close (f->media);
  cv_test_settle ();
  cv_test_wait_gone (f->media);
  f->ready = 0;
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "no media process: *");
  open_first (f);
  for (guint i = 0; i < CV_MEDIA_PROCESS_MAX_CRASHES; i++) {
    cv_test_log_expect (G_LOG_LEVEL_WARNING, "no media process: *");
    if (i == CV_MEDIA_PROCESS_MAX_CRASHES - 1)
      cv_test_log_expect (G_LOG_LEVEL_WARNING, "media crashed more than *");
    g_assert_cmpuint (f->failed, ==, 0);
    cv_clock_advance (f->clock, 500);
  }
  g_assert_cmpuint (f->failed, ==, 1);
}

static void
on_lost_close (CvMedia *media, Fixture *f)
{
  cv_media_close (media);
}

static void
test_closed_when_lost (Fixture *f, gconstpointer data)
{
  g_signal_connect (f->media, "lost", G_CALLBACK (on_lost_close), f);
  expect_gone ("of its own (*");
  assert_join_fails (f, "exit", CV_MEDIA_ERROR_LOST);
  cv_test_wait_until (f->lost == 1);
  cv_test_settle ();
  g_assert_cmpuint (f->ready, ==, 1);
  cv_media_close (f->media);
}

/* Fifty meetings, some with a crash: nothing is left. */
static void
test_cycles (Fixture *f, gconstpointer data)
{
  guint descriptors, children;

  cv_test_wait_until (cv_spares_count_ready (f->spares) == 1);
  descriptors = cv_test_count_descriptors ();
  children = cv_test_count_children ();
  for (guint i = 0; i < 50; i++) {
    CvMedia *media = open_media (f, "roomb");

    cv_test_wait_until (cv_media_is_ready (media));
    if (i % 10 == 0) {
      GAsyncResult *slot = NULL;
      g_autoptr (GAsyncResult) result = NULL;

      expect_gone ("of its own (*");
      join_at (f, media, ANNE, "crash", &slot);
      result = cv_test_wait_for (&slot);
      cv_test_wait_until (cv_media_is_ready (media));
    }
    join_port (f, media, ANNE);
    cv_media_close (media);
    cv_test_wait_gone (media);
  }
  cv_test_wait_until (cv_spares_count_ready (f->spares) == 1 && f->owner->ref_count == 2);
  cv_test_settle ();
  g_assert_cmpuint (cv_test_count_children (), ==, children);
  cv_test_wait_descriptors (descriptors);
}

/* Let go of without a word: it is closed all the same. */
static void
test_dropped (Fixture *f, gconstpointer data)
{
  CvMedia *media = open_media (f, "roomb");

  cv_test_wait_until (cv_media_is_ready (media));
  g_object_unref (media);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*set_up) (Fixture *, gconstpointer);
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "/media-process/join", set_up, test_join },
    { "/media-process/offer-too-long", set_up, test_offer_too_long },
    { "/media-process/events", set_up, test_events },
    { "/media-process/told", set_up, test_told },
    { "/media-process/takes-over", set_up, test_takes_over },
    { "/media-process/hostile", set_up, test_hostile },
    { "/media-process/record", set_up, test_record },
    { "/media-process/record-hostile", set_up, test_record_hostile },
    { "/media-process/unrecord-hostile", set_up, test_unrecord_hostile },
    { "/media-process/does-not-answer", set_up_fake_clock, test_does_not_answer },
    { "/media-process/gives-up", set_up_fake_clock, test_gives_up },
    { "/media-process/no-program", set_up_fake_clock, test_no_program },
    { "/media-process/closed-when-lost", set_up, test_closed_when_lost },
    { "/media-process/cycles", set_up, test_cycles },
    { "/media-process/dropped", set_up, test_dropped },
  };

  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, tests[i].set_up, tests[i].test, tear_down);
  return g_test_run ();
}
