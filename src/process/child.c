/* A child process of the daemon: see child.h.
 *
 * What the child gets: descriptor 3, a pipe as stderr, and /dev/null; a short environment; no core file, few descriptors,
 * no more memory than it is given, no new privileges; and it dies with us. Between fork and exec only what is safe after a fork runs.
 */
#include "process/child.h"

#include "base/bucket.h"
#include "base/sanitized.h"
#include "ipc/hello.h"
#include "process/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* the channel's descriptor in the child */
#define CHANNEL_FD 3
#define MAX_FDS 4096
/* messages: each costs one and one more for each KiB. A webinar's busiest second takes some 1,500. */
#define TOKENS_PER_SECOND 5000
#define BURST 20000
/* ms until one that hung up by itself is killed, should it live on */
#define EOF_MS 200
/* ms between looks at whether it is silent */
#define LOOK_MS (CV_HELLO_SILENT_MS / 4)

struct _CvChild {
  GObject parent_instance;
  CvClock *clock;
  char *program;
  GSubprocess *process;
  char *identifier;
  CvChannel *channel;
  CvOutput *output;
  CvBucket bucket;
  guint patience_ms;
  gint64 heard; /* µs: when it spoke last */
  guint timer;  /* until it must have started, spoken, or ended */
  gboolean started;
  gboolean ending; /* one of the ways below is under way */
  CvChildEnd end;
  char *text;
};

enum { SIGNAL_STARTED, SIGNAL_MESSAGE, SIGNAL_EXITED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvChild, cv_child, G_TYPE_OBJECT)

/* what a child may know of our environment: where its libraries look, and what the sanitizers write */
static const char *const ENVIRONMENT[] = {
  "PATH",
  "HOME",
  "XDG_CACHE_HOME",
  "TMPDIR",
  "LANG",
  "LC_ALL",
  "TZ",
  "G_DEBUG",
  "GST_DEBUG",
  "GST_PLUGIN_PATH",
  "GST_PLUGIN_SYSTEM_PATH",
  "GST_REGISTRY",
  "ASAN_OPTIONS",
  "UBSAN_OPTIONS",
  "LSAN_OPTIONS",
};

/* those that were not reaped yet; borrowed */
static GQueue running = G_QUEUE_INIT;

/* ---- In the child, between fork and exec: nothing that may not follow a fork ---- */

typedef struct {
  pid_t parent;
  int niceness;
  rlim_t memory; /* bytes */
} Setup;

/* When memory runs out, one meeting ends and not the server. */
static void
offer_to_oom (void)
{
  static const char score[] = "500";
  int fd = open ("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd < 0)
    return;
  gssize n = write (fd, score, sizeof score - 1);
  (void) n; /* a container may forbid it */
  close (fd);
}

static void
on_forked (gpointer user_data)
{
  const Setup *setup = user_data;
  struct rlimit core = { 0, 0 }, files = { MAX_FDS, MAX_FDS }, memory = { setup->memory, setup->memory };
  sigset_t none;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != setup->parent) /* we died before that */
    _exit (1);
  prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  setsid (); /* a terminal's ^C is for the daemon, which then ends its children */
  setrlimit (RLIMIT_CORE, &core);
  setrlimit (RLIMIT_NOFILE, &files);
  setrlimit (RLIMIT_DATA, &memory); /* fails where our own is lower, which it has then */
  offer_to_oom ();
  setpriority (PRIO_PROCESS, 0, setup->niceness);
  signal (SIGPIPE, SIG_DFL);
  signal (SIGXFSZ, SIG_DFL);
  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
}

/* ---- The end ---- */

static void
on_timer_kill (gpointer user_data)
{
  CvChild *self = user_data;

  self->timer = 0;
  g_subprocess_force_exit (self->process);
}

/* Kills it after `grace_ms`, unless it is faster. The first reason is the one that counts. */
static void
finish (CvChild *self, CvChildEnd end, const char *text, guint grace_ms)
{
  if (self->ending)
    return;
  self->ending = TRUE;
  self->end = end;
  self->text = g_strdup (text);
  cv_channel_close (self->channel);
  cv_clock_cancel (self->clock, &self->timer);
  if (grace_ms > 0)
    self->timer = cv_clock_after (self->clock, grace_ms, on_timer_kill, self);
  else
    g_subprocess_force_exit (self->process);
}

void
cv_child_end (CvChild *self)
{
  g_return_if_fail (CV_IS_CHILD (self));

  finish (self, CV_CHILD_END_ASKED, "asked to", CV_CHILD_GRACE_MS);
}

void
cv_child_accuse (CvChild *self, const char *text)
{
  g_return_if_fail (CV_IS_CHILD (self));

  finish (self, CV_CHILD_END_HOSTILE, text, 0);
}

/* Returns: (transfer full). */
static char *
describe_status (GSubprocess *process)
{
  if (g_subprocess_get_if_signaled (process))
    return g_strdup_printf ("signal %d", g_subprocess_get_term_sig (process));
  return g_strdup_printf ("exit status %d", g_subprocess_get_exit_status (process));
}

static void
on_process_reaped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvChild) self = user_data;
  g_autofree char *status = NULL;
  g_autofree char *text = NULL;

  g_subprocess_wait_finish (self->process, result, NULL);
  g_queue_remove (&running, self);
  status = describe_status (self->process);
  finish (self, CV_CHILD_END_CRASHED, "of its own", 0);
  cv_clock_cancel (self->clock, &self->timer);
  g_clear_pointer (&self->output, cv_output_free);
  text = g_strdup_printf ("%s (%s)", self->text, status);
  g_signal_emit (self, signals[SIGNAL_EXITED], 0, (guint) self->end, text);
}

/* ---- What it says ---- */

static void
look (gpointer user_data)
{
  CvChild *self = user_data;
  gint64 silent_ms = (cv_clock_now (self->clock) - self->heard) / 1000;

  self->timer = 0;
  /* what it said may still wait for us, where it is we who were held up */
  if (silent_ms >= self->patience_ms && !cv_channel_has_unread (self->channel))
    finish (self, CV_CHILD_END_SILENT, "silent", 0);
  else
    self->timer = cv_clock_after (self->clock, LOOK_MS, look, self);
}

static void
on_timer_start (gpointer user_data)
{
  CvChild *self = user_data;

  self->timer = 0;
  finish (self, CV_CHILD_END_SILENT, "said nothing at the start", 0);
}

static void
take_hello (CvChild *self, CvParcel *parcel)
{
  g_autoptr (GError) error = NULL;

  if (!cv_hello_check (parcel, self->program, &error)) {
    gboolean version = g_error_matches (error, CV_HELLO_ERROR, CV_HELLO_ERROR_VERSION);

    finish (self, version ? CV_CHILD_END_VERSION : CV_CHILD_END_HOSTILE, error->message, 0);
    return;
  }
  self->started = TRUE;
  cv_clock_cancel (self->clock, &self->timer);
  self->timer = cv_clock_after (self->clock, LOOK_MS, look, self);
  g_signal_emit (self, signals[SIGNAL_STARTED], 0);
}

static gboolean
pay (CvChild *self, const CvParcel *parcel)
{
  gint64 now = cv_clock_now (self->clock);

  for (gsize n = 0; n <= parcel->bytes; n += 1024)
    if (!cv_bucket_take (&self->bucket, TOKENS_PER_SECOND, BURST, now))
      return FALSE;
  return TRUE;
}

static void
on_channel_message (CvChannel *channel, CvParcel *parcel, gpointer user_data)
{
  g_autoptr (CvChild) self = g_object_ref (user_data);

  self->heard = cv_clock_now (self->clock);
  if (!pay (self, parcel)) {
    cv_child_accuse (self, "says too much");
  } else if (!self->started) {
    take_hello (self, parcel);
  } else if (g_str_equal (parcel->type, "alive")) {
    if (json_object_get_size (parcel->object) > 0 || parcel->id > 0 || parcel->n_fds > 0)
      cv_child_accuse (self, "alive has members");
  } else {
    g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, parcel);
  }
}

static void
on_channel_closed (CvChannel *channel, guint why, const char *text, gpointer user_data)
{
  CvChild *self = user_data;

  switch ((CvChannelEnd) why) {
  case CV_CHANNEL_END_EOF:
    finish (self, CV_CHILD_END_CRASHED, "of its own", EOF_MS);
    break;
  case CV_CHANNEL_END_INVALID:
    finish (self, CV_CHILD_END_HOSTILE, text, 0);
    break;
  case CV_CHANNEL_END_STALLED:
    finish (self, CV_CHILD_END_STALLED, text, 0);
    break;
  }
}

/* ---- The start ---- */

/* Returns: (transfer full). */
static char **
make_environment (void)
{
  char **environment = g_new0 (char *, 1);

  for (guint i = 0; i < G_N_ELEMENTS (ENVIRONMENT); i++)
    if (g_getenv (ENVIRONMENT[i]) != NULL)
      environment = g_environ_setenv (environment, ENVIRONMENT[i], g_getenv (ENVIRONMENT[i]), TRUE);
  return environment;
}

/* Not of the address space: libraries and files that are mapped cost nobody anything. The sanitizer's shadow would count. */
static rlim_t
get_memory_limit (const CvChildOptions *options)
{
  return options->memory_mib > 0 && !CV_SANITIZED ? (rlim_t) options->memory_mib * 1024 * 1024 : RLIM_INFINITY;
}

/* Takes `fd` over, in any case. Returns: (transfer full), NULL with the error set. */
static GSubprocess *
spawn (const CvChildOptions *options, int fd, GError **error)
{
  Setup setup = { getpid (), options->niceness, get_memory_limit (options) };
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_auto (GStrv) environment = make_environment ();

  g_ptr_array_add (arguments, (char *) options->path);
  for (guint i = 0; options->arguments != NULL && options->arguments[i] != NULL; i++)
    g_ptr_array_add (arguments, (char *) options->arguments[i]);
  g_ptr_array_add (arguments, NULL);
  g_subprocess_launcher_set_environ (launcher, environment);
  g_subprocess_launcher_set_cwd (launcher, "/");
  g_subprocess_launcher_take_fd (launcher, fd, CHANNEL_FD);
  g_subprocess_launcher_set_child_setup (launcher, on_forked, &setup, NULL);
  return g_subprocess_launcher_spawnv (launcher, (const char *const *) arguments->pdata, error);
}

static void
watch (CvChild *self)
{
  GInputStream *stderr_pipe = g_subprocess_get_stderr_pipe (self->process);
  g_autofree char *name = NULL;

  self->identifier = g_strdup (g_subprocess_get_identifier (self->process));
  name = g_strdup_printf ("%s[%s]", self->program, self->identifier);
  self->output = cv_output_new (stderr_pipe, name, self->clock);
  self->heard = cv_clock_now (self->clock);
  cv_bucket_init (&self->bucket, BURST, self->heard);
  self->timer = cv_clock_after (self->clock, MAX (self->patience_ms, CV_CHILD_START_MS), on_timer_start, self);
  g_subprocess_wait_async (self->process, NULL, on_process_reaped, g_object_ref (self));
}

CvChild *
cv_child_spawn (const CvChildOptions *options, CvClock *clock, GError **error)
{
  g_autoptr (CvChild) self = NULL;
  int ends[2];

  g_return_val_if_fail (options != NULL && options->path != NULL, NULL);
  g_return_val_if_fail (CV_IS_CLOCK (clock), NULL);

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "socket pair: %s", g_strerror (errno));
    return NULL;
  }
  self = g_object_new (CV_TYPE_CHILD, NULL);
  self->clock = g_object_ref (clock);
  self->program = g_strdup (options->program);
  self->patience_ms = options->patience_ms > 0 ? options->patience_ms : CV_HELLO_SILENT_MS;
  self->channel = cv_channel_new (ends[0], clock);
  g_signal_connect (self->channel, "message", G_CALLBACK (on_channel_message), self);
  g_signal_connect (self->channel, "closed", G_CALLBACK (on_channel_closed), self);
  self->process = spawn (options, ends[1], error);
  if (self->process == NULL)
    return NULL;
  watch (self);
  g_queue_push_tail (&running, self);
  return g_steal_pointer (&self);
}

guint
cv_child_count (void)
{
  return running.length;
}

/* Behind its name in brackets, which may have anything in it, stand the state and eleven numbers, then the two that count. */
static gint64
get_cpu (const char *identifier)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/stat", identifier);
  g_autofree char *text = NULL;
  unsigned long user = 0, system = 0;
  const char *rest;

  if (!g_file_get_contents (path, &text, NULL, NULL) || (rest = strrchr (text, ')')) == NULL ||
      sscanf (rest + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2)
    return 0;
  return (gint64) (user + system) * G_USEC_PER_SEC / sysconf (_SC_CLK_TCK);
}

gint64
cv_child_get_cpu (const char *program)
{
  gint64 sum = 0;

  for (GList *item = running.head; item != NULL; item = item->next) {
    CvChild *child = item->data;

    if (g_str_equal (child->program, program))
      sum += get_cpu (child->identifier);
  }
  return sum;
}

gboolean
cv_child_is_started (CvChild *self)
{
  g_return_val_if_fail (CV_IS_CHILD (self), FALSE);

  return self->started && !self->ending;
}

gboolean
cv_child_is_ending (CvChild *self)
{
  g_return_val_if_fail (CV_IS_CHILD (self), TRUE);

  return self->ending;
}

CvChannel *
cv_child_get_channel (CvChild *self)
{
  g_return_val_if_fail (CV_IS_CHILD (self), NULL);

  return self->channel;
}

const char *
cv_child_get_identifier (CvChild *self)
{
  g_return_val_if_fail (CV_IS_CHILD (self), NULL);

  return self->identifier;
}

void
cv_child_set_room (CvChild *self, const char *room)
{
  g_return_if_fail (CV_IS_CHILD (self));

  if (self->output != NULL)
    cv_output_set_room (self->output, room);
}

static void
cv_child_dispose (GObject *object)
{
  CvChild *self = CV_CHILD (object);

  if (self->channel != NULL) {
    g_signal_handlers_disconnect_by_data (self->channel, self);
    cv_channel_close (self->channel);
  }
  if (self->clock != NULL)
    cv_clock_cancel (self->clock, &self->timer);
  G_OBJECT_CLASS (cv_child_parent_class)->dispose (object);
}

static void
cv_child_finalize (GObject *object)
{
  CvChild *self = CV_CHILD (object);

  g_clear_pointer (&self->output, cv_output_free);
  g_clear_object (&self->channel);
  g_clear_object (&self->process);
  g_clear_object (&self->clock);
  g_free (self->program);
  g_free (self->identifier);
  g_free (self->text);
  G_OBJECT_CLASS (cv_child_parent_class)->finalize (object);
}

static void
cv_child_class_init (CvChildClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_child_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_child_finalize;
  signals[SIGNAL_STARTED] =
    g_signal_new ("started", CV_TYPE_CHILD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_MESSAGE] =
    g_signal_new ("message", CV_TYPE_CHILD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_EXITED] = g_signal_new ("exited", CV_TYPE_CHILD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                         2, G_TYPE_UINT, G_TYPE_STRING);
}

static void
cv_child_init (CvChild *self)
{
}
