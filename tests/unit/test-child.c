/* Child processes: how they are started, each way in which they end, and that nothing of them is left. */
#include "process/child.h"

#include "base/sanitized.h"
#include "ipc/hello.h"
#include "lib/log.h"
#include "lib/processes.h"
#include "lib/wait.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* enough to start, and little enough to be used up at once */
#define MEMORY_MIB 512

typedef struct {
  CvClock *clock;
  CvChild *child;
  gboolean started;
  guint messages;
  int end; /* -1: it lives */
  char *text;
} Fixture;

static void
on_started (CvChild *child, gpointer user_data)
{
  ((Fixture *) user_data)->started = TRUE;
}

static void
on_message (CvChild *child, CvParcel *parcel, gpointer user_data)
{
  ((Fixture *) user_data)->messages++;
}

static void
on_exited (CvChild *child, guint end, const char *text, gpointer user_data)
{
  Fixture *f = user_data;

  g_assert_cmpint (f->end, ==, -1);
  f->end = (int) end;
  f->text = g_strdup (text);
}

static void
spawn (Fixture *f, const char *how)
{
  g_autoptr (GError) error = NULL;
  const char *arguments[] = { how, NULL };
  CvChildOptions options = {
    .program = "conclave-media", .path = CV_FAKE_MEDIA, .arguments = arguments, .niceness = 5, .memory_mib = MEMORY_MIB
  };

  f->started = FALSE;
  f->end = -1;
  f->child = cv_child_spawn (&options, f->clock, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (cv_child_count (), ==, 1);
  g_signal_connect (f->child, "started", G_CALLBACK (on_started), f);
  g_signal_connect (f->child, "message", G_CALLBACK (on_message), f);
  g_signal_connect (f->child, "exited", G_CALLBACK (on_exited), f);
}

static void
start (Fixture *f)
{
  spawn (f, "");
  g_assert_false (cv_child_is_started (f->child));
  cv_test_wait_until (f->started || f->end >= 0);
  g_assert_true (cv_child_is_started (f->child));
}

static void
join (Fixture *f, const char *offer, GAsyncResult **slot)
{
  JsonBuilder *message = cv_parcel_build ("join");

  cv_json_add_text (message, "offer", offer);
  cv_channel_request_async (cv_child_get_channel (f->child), message, NULL, 0, 5000, cv_test_on_ready, slot);
}

/* Returns: (transfer full). */
static char *
ask (Fixture *f, const char *offer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  join (f, offer, &slot);
  result = cv_test_wait_for (&slot);
  object = cv_channel_request_finish (cv_child_get_channel (f->child), result, &error);
  g_assert_no_error (error);
  return g_strdup (json_object_get_string_member (object, "answer"));
}

static void
assert_exits (Fixture *f, CvChildEnd end, const char *pattern)
{
  cv_test_wait_until (f->end >= 0);
  if (f->end != (int) end || !g_pattern_match_simple (pattern, f->text))
    g_error ("it ended otherwise: %d %s", f->end, f->text);
  g_assert_false (cv_child_is_started (f->child));
  g_assert_cmpuint (cv_child_count (), ==, 0);
  cv_test_settle ();
  cv_test_wait_gone (g_steal_pointer (&f->child));
  g_clear_pointer (&f->text, g_free);
  f->end = -1;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->end = -1;
  f->clock = cv_clock_new ();
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_null (f->child);
  cv_test_wait_gone (f->clock);
  cv_test_log_assert_all ();
}

static void
test_environment (Fixture *f, gconstpointer data)
{
  g_autofree char *text = NULL;

  g_setenv ("CONCLAVE_SECRET", "x", TRUE);
  start (f);
  text = ask (f, "describe");
  g_test_message ("%s", text);
  g_assert_true (
    g_pattern_match_simple ("fds=0:/dev/n,1:/dev/n,2:pipe:[,3:socket,; core=0; nice=5; privileges=0; *", text));
  g_assert_null (strstr (text, "CONCLAVE"));
  g_assert_nonnull (strstr (text, " PATH "));
  cv_child_end (f->child);
  assert_exits (f, CV_CHILD_END_ASKED, "asked to (exit status 0)");
}

static void
test_no_program (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  CvChildOptions options = { "conclave-media", "/nowhere/conclave-media", NULL, 0 };
  guint before = cv_test_count_descriptors ();

  g_assert_null (cv_child_spawn (&options, f->clock, &error));
  g_assert_nonnull (error);
  cv_test_wait_descriptors (before);
}

static void
test_start_goes_wrong (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *how;
    CvChildEnd end;
    const char *pattern;
  } starts[] = {
    { "version", CV_CHILD_END_VERSION, "it speaks version 2, we speak 1:* (*)" },
    { "garbage", CV_CHILD_END_HOSTILE, "not UTF-8 (*)" },
    { "early", CV_CHILD_END_HOSTILE, "its first message is no hello (*)" },
    { "exit", CV_CHILD_END_CRASHED, "of its own (exit status 3)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++) {
    spawn (f, starts[i].how);
    assert_exits (f, starts[i].end, starts[i].pattern);
    g_assert_false (f->started);
  }
}

static void
test_slow_start (Fixture *f, gconstpointer data)
{
  g_clear_object (&f->clock);
  f->clock = cv_clock_new_fake (0);
  spawn (f, "slow");
  cv_clock_advance (f->clock, CV_CHILD_START_MS - 1);
  cv_test_wait_until (f->started);
  cv_child_end (f->child);
  assert_exits (f, CV_CHILD_END_ASKED, "*");

  spawn (f, "hang");
  cv_clock_advance (f->clock, CV_CHILD_START_MS - 1);
  cv_test_settle ();
  g_assert_cmpint (f->end, ==, -1);
  cv_clock_advance (f->clock, 1);
  assert_exits (f, CV_CHILD_END_SILENT, "said nothing at the start (signal 9)");
}

static void
test_goes_wrong (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *offer;
    CvChildEnd end;
    const char *pattern;
  } ways[] = {
    { "crash", CV_CHILD_END_CRASHED, "of its own (*)" },
    { "exit", CV_CHILD_END_CRASHED, "of its own (exit status 3)" },
    { "garbage", CV_CHILD_END_HOSTILE, "not UTF-8 (*)" },
    { "huge", CV_CHILD_END_HOSTILE, "line without an end (*)" },
    { "flood", CV_CHILD_END_HOSTILE, "says too much (*)" },
    { "alive-with-member", CV_CHILD_END_HOSTILE, "alive has members (*)" },
    { "answer-nothing", CV_CHILD_END_HOSTILE, "an answer to nothing (*)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    GAsyncResult *slot = NULL;
    g_autoptr (GAsyncResult) result = NULL;

    start (f);
    join (f, ways[i].offer, &slot);
    result = cv_test_wait_for (&slot);
    assert_exits (f, ways[i].end, ways[i].pattern);
  }
}

/* Only what stays away is silence: the machine that slept, or a daemon that was held up, kills nobody. */
static void
test_silence (Fixture *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  g_clear_object (&f->clock);
  f->clock = cv_clock_new_fake (0);
  start (f);
  while (!cv_channel_has_unread (cv_child_get_channel (f->child)))
    g_usleep (10 * 1000);
  cv_clock_advance (f->clock, 60000);
  cv_test_settle ();
  g_assert_true (cv_child_is_started (f->child));

  join (f, "hang", &slot);
  g_usleep (100 * 1000);
  cv_test_settle ();
  cv_clock_advance (f->clock, CV_HELLO_SILENT_MS / 2);
  g_assert_true (cv_child_is_started (f->child));
  cv_clock_advance (f->clock, CV_HELLO_SILENT_MS);
  assert_exits (f, CV_CHILD_END_SILENT, "silent (signal 9)");
  result = cv_test_wait_for (&slot);
}

/* With the clock that everybody has. */
static void
test_silence_in_earnest (Fixture *f, gconstpointer data)
{
  gint64 before;
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  start (f);
  join (f, "hang", &slot);
  before = g_get_monotonic_time ();
  result = cv_test_wait_for (&slot);
  g_assert_cmpint (g_get_monotonic_time () - before, >=, (CV_HELLO_SILENT_MS - CV_HELLO_ALIVE_MS) * 1000);
  assert_exits (f, CV_CHILD_END_SILENT, "silent (signal 9)");
}

static void
test_messages (Fixture *f, gconstpointer data)
{
  g_autofree char *text = NULL;

  start (f);
  text = ask (f, "events");
  g_assert_cmpstr (text, ==, "events at 0");
  g_assert_cmpuint (f->messages, ==, 5);
  cv_child_accuse (f->child, "says nonsense");
  cv_child_accuse (f->child, "and more");
  assert_exits (f, CV_CHILD_END_HOSTILE, "says nonsense (*");
}

static void
test_will_not_end (Fixture *f, gconstpointer data)
{
  g_autofree char *text = NULL;

  g_clear_object (&f->clock);
  f->clock = cv_clock_new_fake (0);
  start (f);
  text = ask (f, "linger");
  cv_child_end (f->child);
  g_usleep (100 * 1000);
  cv_clock_advance (f->clock, CV_CHILD_GRACE_MS - 1);
  cv_test_settle ();
  g_assert_cmpint (f->end, ==, -1);
  cv_clock_advance (f->clock, 1);
  assert_exits (f, CV_CHILD_END_ASKED, "asked to (signal 9)");
}

/* Only those of that program count, for as long as they live. */
static void
test_cpu (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (cv_child_get_cpu ("conclave-media"), ==, 0);
  start (f);
  while (cv_child_get_cpu ("conclave-media") == 0) {
    g_autofree char *text = ask (f, "describe");
    g_assert_cmpint (cv_child_get_cpu ("conclave-render"), ==, 0);
  }
  g_assert_cmpint (cv_child_get_cpu ("conclave-media"), <, 60 * G_USEC_PER_SEC);
  cv_child_end (f->child);
  assert_exits (f, CV_CHILD_END_ASKED, "asked to (exit status 0)");
  g_assert_cmpint (cv_child_get_cpu ("conclave-media"), ==, 0);
}

static void
test_output (Fixture *f, gconstpointer data)
{
  g_autofree char *text = NULL;

  cv_test_log_expect (G_LOG_LEVEL_WARNING, "conclave-media*: transport: no path (ROOM=x)");
  start (f);
  cv_child_set_room (f->child, "room");
  text = ask (f, "chatter");
  cv_child_end (f->child);
  assert_exits (f, CV_CHILD_END_ASKED, "*");
}

/* What the kernel knows of it. */
static char *
read_proc (Fixture *f, const char *name)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/%s", cv_child_get_identifier (f->child), name);
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  g_assert_nonnull (text);
  return text;
}

static void
test_limits (Fixture *f, gconstpointer data)
{
  start (f);
  g_autofree char *limits = read_proc (f, "limits");
  g_autofree char *score = read_proc (f, "oom_score_adj");
  g_assert_nonnull (strstr (limits, "Max core file size        0 "));
  g_assert_nonnull (strstr (limits, "Max open files            4096                 4096 "));
  cv_test_assert_memory (MEMORY_MIB);
  g_assert_cmpstr (score, ==, "500\n"); /* it goes before the server does */
  cv_child_end (f->child);
  assert_exits (f, CV_CHILD_END_ASKED, "*");
}

/* One that asks for more than it may have ends by itself, and its library says why. */
static void
test_memory (Fixture *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  if (CV_SANITIZED) {
    g_test_skip ("the sanitizer's memory has no limit");
    return;
  }
  cv_test_log_expect (G_LOG_LEVEL_MESSAGE, "conclave-media*failed to allocate*");
  start (f);
  join (f, "devour", &slot);
  result = cv_test_wait_for (&slot);
  assert_exits (f, CV_CHILD_END_CRASHED, "of its own (signal *)");
}

/* Prints a child's id and dies without a word. */
static int
orphan (void)
{
  CvClock *clock = cv_clock_new ();
  const char *arguments[] = { "hang", NULL };
  CvChildOptions options = { "conclave-media", CV_FAKE_MEDIA, arguments, 0 };
  CvChild *child = cv_child_spawn (&options, clock, NULL);

  g_print ("%s\n", cv_child_get_identifier (child));
  return raise (SIGKILL);
}

/* A zombie that nobody reaps does not count. */
static gboolean
is_alive (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) && strstr (text, ") Z ") == NULL;
}

/* Even one that reads nothing and says nothing goes when the daemon does, however that ends. */
static void
test_orphan (Fixture *f, gconstpointer data)
{
  char *arguments[] = { (char *) "/proc/self/exe", (char *) "--orphan", NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;
  int pid;

  g_spawn_sync (NULL, arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, NULL, &error);
  g_assert_no_error (error);
  pid = atoi (output);
  g_assert_cmpint (pid, >, 1);
  cv_test_wait_until (!is_alive (pid));
}

/* Whoever lets go of it: it is ended or goes on, is reaped, and then gone. */
static void
test_cycles (Fixture *f, gconstpointer data)
{
  guint descriptors, processes;

  start (f); /* GLib's own threads and descriptors are there from here on */
  cv_child_end (f->child);
  assert_exits (f, CV_CHILD_END_ASKED, "*");
  descriptors = cv_test_count_descriptors ();
  processes = cv_test_count_children ();
  g_assert_cmpuint (processes, ==, 0);
  for (guint i = 0; i < 50; i++) {
    start (f);
    g_assert_cmpuint (cv_test_count_children (), ==, 1);
    if (i % 2 == 0)
      cv_child_end (f->child);
    else
      cv_child_accuse (f->child, "no");
    assert_exits (f, i % 2 == 0 ? CV_CHILD_END_ASKED : CV_CHILD_END_HOSTILE, "*");
  }
  cv_test_wait_descriptors (descriptors);
  g_assert_cmpuint (cv_test_count_children (), ==, 0);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "/child/environment", test_environment },
    { "/child/no-program", test_no_program },
    { "/child/start-goes-wrong", test_start_goes_wrong },
    { "/child/slow-start", test_slow_start },
    { "/child/goes-wrong", test_goes_wrong },
    { "/child/silence", test_silence },
    { "/child/silence-in-earnest", test_silence_in_earnest },
    { "/child/messages", test_messages },
    { "/child/will-not-end", test_will_not_end },
    { "/child/cpu", test_cpu },
    { "/child/output", test_output },
    { "/child/limits", test_limits },
    { "/child/memory", test_memory },
    { "/child/orphan", test_orphan },
    { "/child/cycles", test_cycles },
  };

  if (argc == 2 && g_str_equal (argv[1], "--orphan"))
    return orphan ();
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
