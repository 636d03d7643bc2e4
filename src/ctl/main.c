/* conclavectl: the command line of a conclaved's administrator.
 *
 * Parses arguments, runs one command of commands.h, and says what went wrong. Exit codes: 0 done, 1 the server refused,
 * 2 wrong usage, 69 (sysexits.h EX_UNAVAILABLE) the daemon cannot be reached, 74 (EX_IOERR) a file cannot be written.
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
#define MAX_NAME 60
#define MAX_LOGIN 120

/* What an argument is, by its prefix in the table of commands. */
static const struct {
  const char *prefix;
  const char *name; /* in the usage */
  const char *what;
  const char *list; /* where people find it */
} ARGUMENTS[] = {
  { "", "ROOM", "room", "room list" },
  { "t", "TOKEN", "token", "token list ROOM" },
  { "r", "RECORDING", "recording", "recording list" },
  { "c", "CALL", "call", "sip calls" },
  { "m", "MEETING", "meeting", "meeting list ROOM" },
  { "f", "DOCUMENT", "document", "document list MEETING" },
  { "k", "KEY", "key", "key list" },
  { CV_COMMAND_MEETING_AND_ADDRESSES, "MEETING ADDRESS…", "meeting", "meeting list ROOM" },
  { CV_COMMAND_TEXT, "NAME", NULL, NULL },
  { CV_COMMAND_PATH, "PATH|latest", NULL, NULL },
  { CV_COMMAND_LOGIN, "LOGIN", NULL, NULL },
  { CV_COMMAND_URL, "URL", NULL, NULL },
  { CV_COMMAND_PERSON, "PERSON", NULL, NULL },
};

/* The row of the command's argument, which it has. */
static guint
find_argument (const CvCommand *command)
{
  guint i = 0;

  while (!g_str_equal (ARGUMENTS[i].prefix, command->argument))
    i++;
  return i;
}

static void
print_help (void)
{
  g_autofree char *options = cv_options_to_help ();

  puts ("Usage: conclavectl [--socket PATH] COMMAND\n\nCommands:");
  for (const CvCommand *command = cv_commands; command->words != NULL; command++) {
    g_autofree char *usage = cv_options_to_usage (command->takes, command->needs);
    const char *argument = command->argument != NULL ? ARGUMENTS[find_argument (command)].name : NULL;

    printf ("  %s%s%s%s\n      %s\n", command->words, argument != NULL ? " " : "", argument != NULL ? argument : "",
            usage, command->summary);
  }
  printf ("\nOptions:\n"
          "  --socket PATH   the daemon's admin socket; else $CONCLAVE_SOCKET, else " DEFAULT_SOCKET "\n%s"
          "  --help          print this\n"
          "  --version       print the version\n"
          "\n"
          "Links, tokens and keys are made here: the server keeps hashes only, and they cannot be shown again.\n",
          options);
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

static gboolean
is_name (const char *text, glong max)
{
  g_autofree char *bare = g_utf8_validate (text, -1, NULL) ? g_strstrip (g_strdup (text)) : g_strdup ("");

  return *bare != '\0' && g_utf8_strlen (text, -1) <= max;
}

/* 0, or the exit code after having said what is wrong, like the next one. */
static int
check_argument (const CvCommand *command, guint n_arguments, const char *text)
{
  guint i;

  if (command->argument == NULL)
    return n_arguments == 0 ? 0 : fail_usage ("“%s” takes no argument", command->words);
  i = find_argument (command);
  if (g_str_equal (ARGUMENTS[i].prefix, CV_COMMAND_MEETING_AND_ADDRESSES)) {
    if (n_arguments < 2)
      return fail_usage ("“%s” takes a meeting's id and e-mail addresses", command->words);
    return cv_id_is_valid (text, "m") ? 0 : fail_usage ("“%s” is not a meeting's id", text);
  }
  if (n_arguments != 1 && ARGUMENTS[i].what == NULL)
    return fail_usage ("“%s” takes one %s", command->words, ARGUMENTS[i].name);
  if (n_arguments != 1)
    return fail_usage ("“%s” takes one %s's id", command->words, ARGUMENTS[i].what);
  if (g_str_equal (ARGUMENTS[i].prefix, CV_COMMAND_PATH) || g_str_equal (ARGUMENTS[i].prefix, CV_COMMAND_URL))
    return *text != '\0' ? 0 : fail_usage ("“%s” takes one %s", command->words, ARGUMENTS[i].name);
  if (g_str_equal (ARGUMENTS[i].prefix, CV_COMMAND_LOGIN))
    return is_name (text, MAX_LOGIN) ? 0 : fail_usage ("a name to sign in with has 1 to %d characters", MAX_LOGIN);
  if (g_str_equal (ARGUMENTS[i].prefix, CV_COMMAND_PERSON))
    return cv_id_is_valid (text, "u") || cv_id_is_valid (text, "p")
             ? 0
             : fail_usage ("“%s” is no id of a user or a participant (“conclavectl person find NAME” shows them)",
                           text);
  if (ARGUMENTS[i].what == NULL)
    return is_name (text, MAX_NAME) ? 0 : fail_usage ("a name has 1 to %d characters", MAX_NAME);
  if (!cv_id_is_valid (text, ARGUMENTS[i].prefix))
    return fail_usage ("“%s” is not a %s's id (“conclavectl %s” shows them)", text, ARGUMENTS[i].what,
                       ARGUMENTS[i].list);
  return 0;
}

static int
check_usage (const CvCommand *command, const CvOptions *options, guint n_arguments, const char *text)
{
  int code = check_argument (command, n_arguments, text);
  g_autofree char *message = NULL;

  if (code != 0)
    return code;
  message = cv_options_check (options, command->words, command->takes, command->needs);
  return message != NULL ? fail_usage ("%s", message) : 0;
}

static int
get_exit_code (const GError *error)
{
  if (g_error_matches (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_UNREACHABLE))
    return EX_UNAVAILABLE;
  /* whatever is not the server's is a file's */
  return error->domain == CV_CLIENT_ERROR ? EXIT_REFUSED : EX_IOERR;
}

static int
run_command (const CvCommand *command, const CvOptions *options, char **words)
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
    .client = client, .id = words[0], .more = words[0] != NULL ? words + 1 : words, .options = options
  };
  if (command->run (&arguments, &error))
    return fflush (stdout) == 0 ? 0 : EX_IOERR;
  fprintf (stderr, "conclavectl: %s\n", error->message);
  return get_exit_code (error);
}

int
main (int argc, char **argv)
{
  g_auto (CvOptions) options = { 0 };
  g_autoptr (GError) error = NULL;
  const CvCommand *command;
  guint n_words = 0;
  int code;

  setlocale (LC_ALL, "");
  if (!cv_options_parse (&options, &argc, &argv, &error))
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
  return code != 0 ? code : run_command (command, &options, options.words + n_words);
}
