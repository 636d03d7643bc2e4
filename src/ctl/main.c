/* conclavectl: the command line of a conclaved's administrator.
 *
 * Parses arguments, runs one command of commands.h, and says what went wrong. Exit codes: 0 done, 1 the server refused,
 * 2 wrong usage, 69 (sysexits.h EX_UNAVAILABLE) the daemon cannot be reached.
 */
#include "base/ids.h"
#include "cv-build.h"
#include "ctl/commands.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <sysexits.h>

#define DEFAULT_SOCKET "/run/conclave/admin.sock"
#define EXIT_REFUSED 1
#define EXIT_USAGE 2
/* --hours, --keep-days was not given */
#define NO_HOURS (-1)
#define NO_DAYS (-1)
/* what the server takes */
#define MAX_HOURS (10 * 366 * 24)
#define MAX_NAME 60
#define MAX_DAYS 36500

typedef struct {
  char *socket;
  char *kind;
  char *title;
  char *name;
  char *recording;
  char *consent;
  char **words;
  int hours;
  int keep_days;
  gboolean consents;
  gboolean publish;
  gboolean watch;
  gboolean json;
  gboolean help;
  gboolean version;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->socket);
  g_free (self->kind);
  g_free (self->title);
  g_free (self->name);
  g_free (self->recording);
  g_free (self->consent);
  g_strfreev (self->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static const char *
name_argument (const CvCommand *command)
{
  return command->id == NULL ? "" : *command->id == '\0' ? " ROOM" : " TOKEN";
}

static void
print_help (void)
{
  puts ("Usage: conclavectl [--socket PATH] COMMAND\n\nCommands:");
  for (const CvCommand *command = cv_commands; command->words != NULL; command++) {
    g_autofree char *usage =
      g_strconcat (command->words, name_argument (command),
                   command->takes_title
                     ? " --title TITLE [--kind KIND] [--recording on|off] [--consent announce|require] [--keep-days N]"
                     : "",
                   command->takes_use ? " --publish|--watch [--hours N] [--name NAME] [--consents]" : "",
                   command->takes_json ? " [--json]" : "", NULL);

    printf ("  %s\n      %s\n", usage, command->summary);
  }
  puts ("\nOptions:\n"
        "  --socket PATH   the daemon's admin socket; else $CONCLAVE_SOCKET, else " DEFAULT_SOCKET "\n"
        "  --json          print JSON instead of text\n"
        "  --kind KIND     standard (the default), otr, boardroom or classroom\n"
        "  --title TITLE   what people see as the room's name\n"
        "  --recording on|off\n"
        "                  whether hosts may record (off is the default)\n"
        "  --consent announce|require\n"
        "                  whether people are told that they are recorded (the default), or have to agree\n"
        "  --keep-days N   for how long recordings are kept, 0 for ever; without it, as the server is configured\n"
        "  --publish       the token is for an encoder (WHIP)\n"
        "  --watch         the token is for players (WHEP)\n"
        "  --hours N       how long the token is good; without it, it does not expire\n"
        "  --name NAME     what people see as the name of who comes in with the token\n"
        "  --consents      who publishes with the token agrees to be recorded\n"
        "  --help          print this\n"
        "  --version       print the version\n"
        "\n"
        "Links and tokens are made here: the server keeps hashes only, and they cannot be shown again.");
}

static int fail_usage (const char *format, ...) G_GNUC_PRINTF (1, 2);

static int
fail_usage (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  /* not g_printerr(), which turns what the locale does not know into question marks */
  fprintf (stderr, "conclavectl: %s\nTry “conclavectl --help”.\n", text);
  return EXIT_USAGE;
}

/* The command that `words` begins with, and how many of them it is. NULL if there is none. */
static const CvCommand *
find_command (char **words, guint *n_words)
{
  for (const CvCommand *command = cv_commands; command->words != NULL; command++) {
    g_auto (GStrv) wanted = g_strsplit (command->words, " ", -1);
    guint n = 0;

    while (wanted[n] != NULL && words[n] != NULL && g_str_equal (wanted[n], words[n]))
      n++;
    *n_words = n;
    if (wanted[n] == NULL)
      return command;
  }
  return NULL;
}

/* 0, or the exit code after having said what is wrong, like those below. */
static int
check_id (const CvCommand *command, guint n_arguments, const char *id)
{
  if (n_arguments != (command->id != NULL ? 1 : 0))
    return fail_usage ("“%s” takes %s", command->words,
                       command->id == NULL    ? "no argument"
                       : *command->id == '\0' ? "one room's id"
                                              : "one token's id");
  if (id != NULL && *command->id == '\0' && !cv_id_is_valid (id, ""))
    return fail_usage ("“%s” is not a room's id (12 letters and digits; “conclavectl room list” shows them)", id);
  if (id != NULL && !cv_id_is_valid (id, command->id))
    return fail_usage ("“%s” is not a token's id (“conclavectl token list ROOM” shows them)", id);
  return 0;
}

static int
check_title (const CvCommand *command, const Options *options)
{
  if ((options->title != NULL || options->kind != NULL) && !command->takes_title)
    return fail_usage ("“%s” takes neither --title nor --kind", command->words);
  if (command->takes_title && (options->title == NULL || options->title[0] == '\0'))
    return fail_usage ("“%s” needs --title TITLE", command->words);
  if (command->takes_title && !g_utf8_validate (options->title, -1, NULL))
    return fail_usage ("the title is not UTF-8");
  if (options->kind != NULL && !g_str_is_ascii (options->kind))
    return fail_usage ("there is no kind “%s”", options->kind);
  return 0;
}

static int
check_choice (const char *option, const char *value, const char *const *choices)
{
  if (value == NULL || g_strv_contains (choices, value))
    return 0;
  return fail_usage ("%s takes %s or %s", option, choices[0], choices[1]);
}

static int
check_recording (const CvCommand *command, const Options *options)
{
  static const char *const switches[] = { "on", "off", NULL };
  static const char *const consents[] = { "announce", "require", NULL };
  gboolean any = options->recording != NULL || options->consent != NULL || options->keep_days != NO_DAYS;
  int code = check_choice ("--recording", options->recording, switches);

  if (code == 0)
    code = check_choice ("--consent", options->consent, consents);
  if (code == 0 && any && !command->takes_title)
    code = fail_usage ("“%s” takes none of --recording, --consent and --keep-days", command->words);
  if (code == 0 && options->keep_days != NO_DAYS && (options->keep_days < 0 || options->keep_days > MAX_DAYS))
    code = fail_usage ("--keep-days takes a number from 0 to %d", MAX_DAYS);
  return code;
}

static gboolean
is_name (const char *text)
{
  g_autofree char *bare = g_utf8_validate (text, -1, NULL) ? g_strstrip (g_strdup (text)) : g_strdup ("");

  return *bare != '\0' && g_utf8_strlen (text, -1) <= MAX_NAME;
}

static int
check_use (const CvCommand *command, const Options *options)
{
  gboolean any =
    options->publish || options->watch || options->hours != NO_HOURS || options->name != NULL || options->consents;

  if (any && !command->takes_use)
    return fail_usage ("“%s” takes none of --publish, --watch, --hours, --name and --consents", command->words);
  if (command->takes_use && options->publish == options->watch)
    return fail_usage ("“%s” needs either --publish or --watch", command->words);
  if (options->hours != NO_HOURS && (options->hours < 1 || options->hours > MAX_HOURS))
    return fail_usage ("--hours takes a number from 1 to %d", MAX_HOURS);
  if (options->name != NULL && !is_name (options->name))
    return fail_usage ("a name has 1 to %d characters", MAX_NAME);
  if (options->consents && !options->publish)
    return fail_usage ("--consents is for --publish: who watches is not recorded");
  return 0;
}

static int
check_usage (const CvCommand *command, const Options *options, guint n_arguments, const char *id)
{
  int code = check_id (command, n_arguments, id);

  if (code == 0 && options->json && !command->takes_json)
    code = fail_usage ("“%s” does not take --json", command->words);
  if (code == 0)
    code = check_title (command, options);
  if (code == 0)
    code = check_recording (command, options);
  return code != 0 ? code : check_use (command, options);
}

static int
run_command (const CvCommand *command, const Options *options, const char *id)
{
  const char *from_environment = g_getenv ("CONCLAVE_SOCKET");
  const char *path = options->socket != NULL                                   ? options->socket
                     : from_environment != NULL && from_environment[0] != '\0' ? from_environment
                                                                               : DEFAULT_SOCKET;
  g_autoptr (CvClient) client = NULL;
  g_autoptr (GError) error = NULL;

  if (strlen (path) >= sizeof ((struct sockaddr_un *) NULL)->sun_path)
    return fail_usage ("the socket's path is too long: %s", path);
  client = cv_client_new (path);
  CvCommandArguments arguments = {
    .client = client,
    .id = id,
    .kind = options->kind != NULL ? options->kind : "standard",
    .title = options->title,
    .recording = g_strcmp0 (options->recording, "on") == 0,
    .consent = options->consent != NULL ? options->consent : "announce",
    .keep_days = options->keep_days,
    .name = options->name,
    .publish = options->publish,
    .hours = MAX (options->hours, 0),
    .consents = options->consents,
    .json = options->json,
  };
  if (command->run (&arguments, &error))
    return fflush (stdout) == 0 ? 0 : EX_IOERR;
  fprintf (stderr, "conclavectl: %s\n", error->message);
  return g_error_matches (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_UNREACHABLE) ? EX_UNAVAILABLE : EXIT_REFUSED;
}

int
main (int argc, char **argv)
{
  g_auto (Options) options = { .hours = NO_HOURS, .keep_days = NO_DAYS };
  const GOptionEntry entries[] = {
    { "socket", 0, 0, G_OPTION_ARG_FILENAME, &options.socket, NULL, NULL },
    { "kind", 0, 0, G_OPTION_ARG_FILENAME, &options.kind, NULL, NULL },
    { "title", 0, 0, G_OPTION_ARG_FILENAME, &options.title, NULL, NULL },
    { "recording", 0, 0, G_OPTION_ARG_FILENAME, &options.recording, NULL, NULL },
    { "consent", 0, 0, G_OPTION_ARG_FILENAME, &options.consent, NULL, NULL },
    { "keep-days", 0, 0, G_OPTION_ARG_INT, &options.keep_days, NULL, NULL },
    { "publish", 0, 0, G_OPTION_ARG_NONE, &options.publish, NULL, NULL },
    { "watch", 0, 0, G_OPTION_ARG_NONE, &options.watch, NULL, NULL },
    { "hours", 0, 0, G_OPTION_ARG_INT, &options.hours, NULL, NULL },
    { "name", 0, 0, G_OPTION_ARG_FILENAME, &options.name, NULL, NULL },
    { "consents", 0, 0, G_OPTION_ARG_NONE, &options.consents, NULL, NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, NULL, NULL },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &options.help, NULL, NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options.version, NULL, NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.words, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  const CvCommand *command;
  guint n_words = 0;
  int code;

  setlocale (LC_ALL, "");
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return fail_usage ("%s", error->message);
  if (options.help) {
    print_help ();
    return 0;
  }
  if (options.version) {
    puts ("conclavectl " CV_VERSION);
    return 0;
  }
  if (options.words == NULL)
    return fail_usage ("what is to be done?");
  command = find_command (options.words, &n_words);
  if (command == NULL)
    return fail_usage ("there is no command “%s”", options.words[0]);
  code = check_usage (command, &options, g_strv_length (options.words) - n_words, options.words[n_words]);
  return code != 0 ? code : run_command (command, &options, options.words[n_words]);
}
