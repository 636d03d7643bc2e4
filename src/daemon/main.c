/* conclaved: reads its arguments and its configuration, runs the main loop, reloads on SIGHUP, ends on SIGTERM and SIGINT. */
#include "cv-build.h"
#include "daemon/application.h"
#include "model/schema.h"
#include "signalling/permissions.h"

#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define CV_LOG_TOPIC "main"
#include "base/log.h"

typedef struct {
  char *config;
  char *state;
  char *listen;
  gboolean check;
  gboolean policies;
  gboolean model;
  gboolean version;
} Arguments;

static void
arguments_clear (Arguments *self)
{
  g_free (self->config);
  g_free (self->state);
  g_free (self->listen);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, arguments_clear)

static gboolean
parse (Arguments *self, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &self->config, "Configuration file", "FILE" },
    { "state", 's', 0, G_OPTION_ARG_FILENAME, &self->state, "Directory for database, certificate and admin socket",
      "DIR" },
    { "listen", 'l', 0, G_OPTION_ARG_STRING, &self->listen, "Where to listen (port 0: any free one)", "HOST:PORT" },
    { "check-config", 0, 0, G_OPTION_ARG_NONE, &self->check, "Check the configuration and exit", NULL },
    { "policies", 0, 0, G_OPTION_ARG_NONE, &self->policies, "Print who may send which message in which kind of room",
      NULL },
    { "model", 0, 0, G_OPTION_ARG_NONE, &self->model, "Print what there is to share in a meeting", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->version, "Print the version and exit", NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new ("- the Conclave meeting server");
  g_option_context_add_main_entries (context, entries, NULL);
  gboolean parsed = g_option_context_parse (context, argc, argv, &error) && *argc == 1;
  if (!parsed)
    g_printerr ("conclaved: %s\n", error != NULL ? error->message : "unexpected argument; see --help");
  return parsed;
}

static GLogLevelFlags
level_from_text (const char *text)
{
  static const struct {
    const char *text;
    GLogLevelFlags level;
  } levels[] = {
    { "debug", G_LOG_LEVEL_DEBUG },
    { "info", G_LOG_LEVEL_INFO },
    { "notice", G_LOG_LEVEL_MESSAGE },
    { "warning", G_LOG_LEVEL_WARNING },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    if (g_str_equal (levels[i].text, text))
      return levels[i].level;
  return G_LOG_LEVEL_INFO;
}

/* Returns: (transfer full), NULL with an error. */
static CvConfig *
load (const Arguments *arguments, GError **error)
{
  g_autoptr (CvConfig) config = cv_config_load (arguments->config, error);
  if (config == NULL || (arguments->listen != NULL && !cv_config_set_listen (config, arguments->listen, error)))
    return NULL;
  return g_steal_pointer (&config);
}

typedef struct {
  const Arguments *arguments;
  CvApplication *application;
  GMainLoop *loop;
  guint drain_seconds;
} Running;

/* `waiting`: names of keys. */
static void
tell_reloaded (char **waiting)
{
  g_autofree char *names = g_strjoinv (", ", waiting);
  if (*names == '\0')
    cv_notice (NULL, NULL, "reloaded");
  else
    cv_notice (NULL, NULL, "reloaded; what has changed here counts from the next start: %s", names);
}

/* What cannot be read stays as it was: people are in meetings. */
static gboolean
on_reload (gpointer user_data)
{
  Running *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CvConfig) config = load (self->arguments, &error);
  g_auto (GStrv) waiting = config != NULL ? cv_application_reload (self->application, config, &error) : NULL;
  if (waiting == NULL) {
    cv_warning (NULL, NULL, "nothing was reloaded: %s", error->message);
    return G_SOURCE_CONTINUE;
  }
  cv_log_set_level (level_from_text (config->log_level));
  self->drain_seconds = config->drain_seconds;
  tell_reloaded (waiting);
  return G_SOURCE_CONTINUE;
}

static void
on_drained (gpointer user_data)
{
  g_main_loop_quit (user_data);
}

/* The second one does not wait. */
static gboolean
on_signal (gpointer user_data)
{
  const Running *self = user_data;
  if (self->drain_seconds == 0 ||
      !cv_application_drain (self->application, self->drain_seconds, on_drained, self->loop))
    g_main_loop_quit (self->loop);
  return G_SOURCE_CONTINUE;
}

/* The usual soft limit of 1,024 is there for programs that use select(); we need one descriptor for each person. */
static void
raise_descriptors (void)
{
  struct rlimit limit;
  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
}

/* Keys and what people say are in our memory: nothing of it goes to a disk, wherever we are started. */
static void
forgo_core (void)
{
  const struct rlimit none = { 0, 0 };
  setrlimit (RLIMIT_CORE, &none);
}

static int
run (const Arguments *arguments, const CvConfig *config)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvApplication) application = cv_application_new (config, arguments->state, &error);
  if (application == NULL) {
    g_printerr ("conclaved: %s\n", error->message);
    return EXIT_FAILURE;
  }

  /* Whoever reads that it listens may stop it at once. */
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Running running = {
    .arguments = arguments, .application = application, .loop = loop, .drain_seconds = config->drain_seconds
  };
  g_unix_signal_add (SIGTERM, on_signal, &running);
  g_unix_signal_add (SIGINT, on_signal, &running);
  g_unix_signal_add (SIGHUP, on_reload, &running);
  printf ("listening on %s\n", cv_application_get_url (application));
  fflush (stdout);
  g_main_loop_run (loop);
  cv_notice (NULL, NULL, "stopping");
  return EXIT_SUCCESS;
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  signal (SIGPIPE, SIG_IGN);
  signal (SIGXFSZ, SIG_IGN); /* a file at its limit is a write that fails, not the end */

  g_auto (Arguments) arguments = { 0 };
  if (!parse (&arguments, &argc, &argv))
    return 64; /* EX_USAGE */
  if (arguments.version) {
    printf ("conclaved %s\n", CV_VERSION);
    return EXIT_SUCCESS;
  }

  if (arguments.policies) {
    g_autofree char *text = cv_permissions_to_text ();
    printf ("%s\n", text);
    return EXIT_SUCCESS;
  }

  if (arguments.model) {
    g_autofree char *text = cv_model_schema_to_text ();
    printf ("%s\n", text);
    return EXIT_SUCCESS;
  }

  g_autoptr (GError) error = NULL;
  g_autoptr (CvConfig) config = load (&arguments, &error);
  if (config == NULL) {
    g_printerr ("conclaved: %s\n", error->message);
    return CV_CONFIG_EXIT;
  }
  if (arguments.check) {
    printf ("the configuration is fine\n");
    return EXIT_SUCCESS;
  }
  if (arguments.state == NULL) {
    g_printerr ("conclaved: --state DIR is needed\n");
    return 64;
  }
  cv_log_init (level_from_text (config->log_level));
  raise_descriptors ();
  forgo_core ();
  return run (&arguments, config);
}
