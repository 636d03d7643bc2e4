/* conclavectl's options: see options.h. */
#include "ctl/options.h"

#include <string.h>

/* what the server takes */
#define MAX_HOURS (10 * 366 * 24)
#define MAX_DAYS 36500
#define MAX_KEY_DAYS (10 * 366)
#define MAX_NAME 60
#define HASH_DIGITS 64
/* ms of a recording */
#define MAX_TIME (G_GINT64_CONSTANT (30) * 24 * 3600 * 1000)

typedef enum { TYPE_FLAG, TYPE_TEXT, TYPE_NUMBER, TYPE_LIST } Type;

#define AT(member) G_STRUCT_OFFSET (CvOptions, member)

static const char *const switches[] = { "on", "off", NULL };
static const char *const consents[] = { "announce", "require", NULL };
static const char *const statuses[] = { "recording", "processing", "ready", "failed", NULL };
static const char *const layouts[] = { "grid", "speaker", "presentation", "auto", NULL };
static const char *const summary_fors[] = { "off", "hosts", "people", NULL };
static const char *const formats[] = { "html", "pdf", "json", "md", "vtt", NULL };
static const char *const roles[] = { "administrator", "host", "producer", NULL };

static const char *const seats[] = { "host", "cohost", "person", "viewer", NULL };

/* which need not be UTF-8 */
/* the kind of room without a title: the server must not learn it */
#define UNTITLED "otr"
#define FILES (CV_OPTION_PATH | CV_OPTION_STATE | CV_OPTION_CONFIG | CV_OPTION_ROOT)
/* Words that mean something else to some commands: their place is the other one's. */
/* as of PROTOCOL.md §2.2 */
#define MAX_PLANNED_DAYS 399
#define SECOND (CV_OPTION_UNTIL | CV_OPTION_SEAT | CV_OPTION_PLANNED)

static const struct {
  CvOption bit;
  const char *name;
  const char *value; /* what stands behind it */
  Type type;
  gsize offset;
  const char *help;
  const char *const *choices; /* of a text, or NULL */
  int min, max;               /* of a number */
} TABLE[] = {
  { CV_OPTION_TITLE, "title", "TITLE", TYPE_TEXT, AT (title), "what people see as the room's name" },
  { CV_OPTION_KIND, "kind", "KIND", TYPE_TEXT, AT (kind), "standard (the default), otr, boardroom or classroom" },
  { CV_OPTION_RECORDING, "recording", "on|off", TYPE_TEXT, AT (recording),
    "whether hosts may record (off is the default)", switches },
  { CV_OPTION_CONSENT, "consent", "announce|require", TYPE_TEXT, AT (consent),
    "whether people are told that they are recorded (the default), or have to agree", consents },
  { CV_OPTION_KEEP_DAYS, "keep-days", "N", TYPE_NUMBER, AT (keep_days),
    "for how long recordings are kept, 0 for ever; without it, as the server is configured", NULL, 0, MAX_DAYS },
  { CV_OPTION_SUMMARY, "summary", "off|hosts|people", TYPE_TEXT, AT (summary),
    "who gets the summaries of its meetings (people is the default); off: none is made", summary_fors },
  { CV_OPTION_ATTENDANCE, "attendance", "on|off", TYPE_TEXT, AT (attendance),
    "whether summaries say who was there (on is the default)", switches },
  { CV_OPTION_KEEP_CONTENT, "keep-content", "N", TYPE_NUMBER, AT (keep_content),
    "for how many days what people share, and summaries, are kept, 0 for ever; without it, as the server is configured",
    NULL, 0, MAX_DAYS },
  { CV_OPTION_LOBBY, "lobby", "on|off", TYPE_TEXT, AT (lobby),
    "whether newcomers wait until a host lets them in (off is the default)", switches },
  { CV_OPTION_DIAL_IN, "dial-in", "on|off", TYPE_TEXT, AT (dial_in),
    "whether people may call by phone (off is the default)", switches },
  { CV_OPTION_PUBLISH, "publish", NULL, TYPE_FLAG, AT (publish), "the token is for an encoder (WHIP)" },
  { CV_OPTION_WATCH, "watch", NULL, TYPE_FLAG, AT (watch), "the token is for players (WHEP)" },
  { CV_OPTION_HOURS, "hours", "N", TYPE_NUMBER, AT (hours),
    "how long the token or the link is good; without it, it does not expire", NULL, 1, MAX_HOURS },
  { CV_OPTION_NAME, "name", "NAME", TYPE_TEXT, AT (name),
    "what people see as the name of who comes in with the token or ticket, or of the user" },
  { CV_OPTION_CONSENTS, "consents", NULL, TYPE_FLAG, AT (consents),
    "who publishes with the token agrees to be recorded" },
  { CV_OPTION_ROOM, "room", "ROOM", TYPE_TEXT, AT (room), "only recordings, or calls, of this room" },
  { CV_OPTION_STATUS, "status", "STATUS", TYPE_TEXT, AT (status),
    "only those that are recording, processing, ready or failed", statuses },
  { CV_OPTION_QUERY, "query", "TEXT", TYPE_TEXT, AT (query),
    "only those with this in their title, their room's, or a name of somebody in it" },
  { CV_OPTION_FILE, "file", "NAME", TYPE_TEXT, AT (file), "a file of the recording, as “recording show” calls it" },
  { CV_OPTION_PATH, "to", "PATH", TYPE_TEXT, AT (to), "where to put it: a file, or a directory" },
  { CV_OPTION_FORMAT, "format", "FORMAT", TYPE_TEXT, AT (format), "of a summary: html, pdf, json, md or vtt (captions)",
    formats },
  { CV_OPTION_LAYOUT, "layout", "LAYOUT", TYPE_TEXT, AT (layout), "grid, speaker, presentation or auto", layouts },
  { CV_OPTION_FROM, "from", "TIME", TYPE_TEXT, AT (from), "where to begin: H:MM:SS, M:SS or seconds" },
  { CV_OPTION_UNTIL, "to", "TIME", TYPE_TEXT, AT (to), "where to end" },
  { CV_OPTION_WITHOUT, "without", "PERSON", TYPE_LIST, AT (without),
    "leave somebody out (p…); may be given several times" },
  { CV_OPTION_PASSWORD, "password-stdin", NULL, TYPE_FLAG, AT (password_stdin),
    "the link asks for a password, which is the first line of standard input" },
  { CV_OPTION_DOWNLOADS, "downloads", NULL, TYPE_FLAG, AT (downloads), "who has the link may keep the files" },
  { CV_OPTION_ROLE, "role", "ROLE", TYPE_TEXT, AT (role),
    "administrator, host or producer; without it, a key is a producer's and a user a host", roles },
  { CV_OPTION_SEAT, "role", "ROLE", TYPE_TEXT, AT (role), "of a ticket: host, cohost, person or viewer", seats },
  { CV_OPTION_DAYS, "days", "N", TYPE_NUMBER, AT (days), "how long the key is good; without it, it does not expire",
    NULL, 1, MAX_KEY_DAYS },
  { CV_OPTION_PLANNED, "days", "N", TYPE_NUMBER, AT (days),
    "off the record: how long the room is kept, also when the server is started anew", NULL, 1, MAX_PLANNED_DAYS },
  { CV_OPTION_STATE, "state", "DIR", TYPE_TEXT, AT (state),
    "the server's state directory; without it, the socket's, or /var/lib/conclave" },
  { CV_OPTION_SINCE, "since", "DATE", TYPE_TEXT, AT (since),
    "only entries of this day and later: 2026-11-27, or 2026-11-27T09:30:00Z" },
  { CV_OPTION_OF, "of", "ID", TYPE_TEXT, AT (of), "only entries of this user, key, person, room or recording" },
  { CV_OPTION_HEAD, "head", "HASH", TYPE_TEXT, AT (head), "an entry that must be there, as “audit head” printed it" },
  { CV_OPTION_CONFIG, "config", "FILE", TYPE_TEXT, AT (config), "the server's configuration" },
  { CV_OPTION_HOST, "host", "NAME", TYPE_TEXT, AT (host), "by what name people reach the server" },
  { CV_OPTION_ADDRESS, "address", "ADDRESS", TYPE_TEXT, AT (address),
    "the IPv4 address that people reach; without it, the one that this machine sends from" },
  { CV_OPTION_SHARE_443, "share-443", NULL, TYPE_FLAG, AT (share_443),
    "TURN on port 443 as well, as turn.NAME, for networks that let nothing else out" },
  { CV_OPTION_ROOT, "root", "DIR", TYPE_TEXT, AT (root), "what stands before all paths, to try it out" },
  { CV_OPTION_WRITE, "write", NULL, TYPE_FLAG, AT (write), "write it; without, it is only shown" },
  { CV_OPTION_JSON, "json", NULL, TYPE_FLAG, AT (json), "print JSON instead of text" },
};

static const void *
get_place (const CvOptions *self, guint i)
{
  return G_STRUCT_MEMBER_P (self, TABLE[i].offset);
}

gboolean
cv_options_parse (CvOptions *self, int *argc, char ***argv, GError **error)
{
  static const GOptionArg args[] = { G_OPTION_ARG_NONE, G_OPTION_ARG_FILENAME, G_OPTION_ARG_INT,
                                     G_OPTION_ARG_FILENAME_ARRAY };
  const GOptionEntry own[] = {
    { "socket", 0, 0, G_OPTION_ARG_FILENAME, &self->socket, NULL, NULL },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &self->help, NULL, NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->version, NULL, NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->words, NULL, NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autofree GOptionEntry *entries = g_new0 (GOptionEntry, G_N_ELEMENTS (own) + G_N_ELEMENTS (TABLE) + 1);
  guint n = G_N_ELEMENTS (own);

  *self = (CvOptions){
    .keep_days = CV_OPTIONS_NONE, .keep_content = CV_OPTIONS_NONE, .hours = CV_OPTIONS_NONE, .days = CV_OPTIONS_NONE
  };
  memcpy (entries, own, sizeof own);
  for (guint i = 0; i < G_N_ELEMENTS (TABLE); i++)
    if (!(TABLE[i].bit & SECOND))
      entries[n++] = (GOptionEntry){ .long_name = TABLE[i].name,
                                     .arg = args[TABLE[i].type],
                                     .arg_data = (gpointer) get_place (self, i) };
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, argc, argv, error);
}

void
cv_options_clear (CvOptions *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (TABLE); i++)
    if (TABLE[i].type == TYPE_TEXT && !(TABLE[i].bit & SECOND))
      g_free (*(char *const *) get_place (self, i));
  g_strfreev (self->without);
  g_strfreev (self->words);
  g_free (self->socket);
}

/* ---- checks ---- */

static gboolean
is_given (const CvOptions *self, guint i)
{
  switch (TABLE[i].type) {
  case TYPE_FLAG:
    return *(const gboolean *) get_place (self, i);
  case TYPE_NUMBER:
    return *(const int *) get_place (self, i) != CV_OPTIONS_NONE;
  case TYPE_TEXT:
  case TYPE_LIST:
  default:
    return *(char *const *) get_place (self, i) != NULL;
  }
}

/* The row of an option that has the same name and is among `takes`, or `i`. */
static guint
find_namesake (guint i, CvOption takes)
{
  for (guint k = 0; k < G_N_ELEMENTS (TABLE); k++)
    if (TABLE[k].bit & takes && g_str_equal (TABLE[k].name, TABLE[i].name))
      return k;
  return i;
}

static char *
check_text (guint i, const char *text)
{
  g_autofree char *choices = NULL;

  if (!g_utf8_validate (text, -1, NULL) && !(TABLE[i].bit & FILES))
    return g_strdup_printf ("--%s is not UTF-8", TABLE[i].name);
  if (*text == '\0')
    return g_strdup_printf ("--%s is empty", TABLE[i].name);
  if (TABLE[i].choices == NULL || g_strv_contains (TABLE[i].choices, text))
    return NULL;
  choices = g_strjoinv (", ", (char **) TABLE[i].choices);
  return g_strdup_printf ("--%s takes one of: %s", TABLE[i].name, choices);
}

static char *
check_value (const CvOptions *self, guint i)
{
  int number;

  if (TABLE[i].type == TYPE_TEXT)
    return check_text (i, *(char *const *) get_place (self, i));
  if (TABLE[i].type != TYPE_NUMBER)
    return NULL;
  number = *(const int *) get_place (self, i);
  if (number >= TABLE[i].min && number <= TABLE[i].max)
    return NULL;
  return g_strdup_printf ("--%s takes a number from %d to %d", TABLE[i].name, TABLE[i].min, TABLE[i].max);
}

static gboolean
is_name (const char *text)
{
  g_autofree char *bare = g_strstrip (g_strdup (text));

  return *bare != '\0' && g_utf8_strlen (text, -1) <= MAX_NAME;
}

/* A room that the server knows no name of. */
static gboolean
is_untitled (const CvOptions *self)
{
  return g_strcmp0 (self->kind, UNTITLED) == 0;
}

/* What one option alone does not tell. */
static char *
check_sense (const CvOptions *self, const char *command, CvOption takes)
{
  gint64 since, from = 0, until = MAX_TIME;

  if (takes & CV_OPTION_PUBLISH && self->publish == self->watch)
    return g_strdup_printf ("“%s” needs either --publish or --watch", command);
  if (self->consents && !self->publish)
    return g_strdup ("--consents is for --publish: who watches is not recorded");
  if (self->name != NULL && !is_name (self->name))
    return g_strdup_printf ("a name has 1 to %d characters", MAX_NAME);
  if (self->kind != NULL && !g_str_is_ascii (self->kind))
    return g_strdup_printf ("there is no kind “%s”", self->kind);
  if (takes & CV_OPTION_KIND && is_untitled (self) && self->title != NULL)
    return g_strdup ("off the record the server does not learn what a meeting is about: leave --title out");
  if (takes & CV_OPTION_KIND && !is_untitled (self) && self->title == NULL)
    return g_strdup_printf ("“%s” needs --title TITLE, but for the kind “%s”", command, UNTITLED);
  if (takes & CV_OPTION_KIND && !is_untitled (self) && self->days != CV_OPTIONS_NONE)
    return g_strdup_printf ("--days is for the kind “%s”: other rooms are kept until they are deleted", UNTITLED);
  if (self->from != NULL && !cv_options_read_time (self->from, &from))
    return g_strdup_printf ("“%s” is not a time: H:MM:SS, M:SS or seconds", self->from);
  if (takes & CV_OPTION_UNTIL && self->to != NULL && !cv_options_read_time (self->to, &until))
    return g_strdup_printf ("“%s” is not a time: H:MM:SS, M:SS or seconds", self->to);
  if (self->since != NULL && !cv_options_read_date (self->since, &since))
    return g_strdup_printf ("“%s” is no date: 2026-11-27, or 2026-11-27T09:30:00Z", self->since);
  if (self->head != NULL &&
      (strlen (self->head) != HASH_DIGITS || strspn (self->head, "0123456789abcdef") != HASH_DIGITS))
    return g_strdup_printf ("--head takes %d hexadecimal digits", HASH_DIGITS);
  return until <= from ? g_strdup ("--to lies before --from") : NULL;
}

char *
cv_options_check (const CvOptions *self, const char *command, CvOption takes, CvOption needs)
{
  for (guint i = 0; i < G_N_ELEMENTS (TABLE); i++) {
    guint row = find_namesake (i, takes);
    char *message = NULL;

    if (!is_given (self, i) && TABLE[i].bit & needs)
      return g_strdup_printf ("“%s” needs --%s %s", command, TABLE[i].name, TABLE[i].value);
    if (!is_given (self, i))
      continue;
    message = TABLE[row].bit & takes ? check_value (self, row)
                                     : g_strdup_printf ("“%s” does not take --%s", command, TABLE[i].name);
    if (message != NULL)
      return message;
  }
  return check_sense (self, command, takes);
}

gboolean
cv_options_read_time (const char *text, gint64 *ms)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", -1);
  guint n = g_strv_length (parts);
  double seconds;
  char *end = NULL;
  guint64 minutes = 0;

  if (n < 1 || n > 3 || !g_ascii_isdigit (parts[n - 1][0]))
    return FALSE;
  seconds = g_ascii_strtod (parts[n - 1], &end);
  if (*end != '\0' || strspn (parts[n - 1], "0123456789.") != strlen (parts[n - 1]) || (n > 1 && seconds >= 60))
    return FALSE;
  for (guint i = 0; i + 1 < n; i++) {
    guint64 part;

    if (!g_ascii_string_to_unsigned (parts[i], 10, 0, i > 0 ? 59 : 1000000, &part, NULL))
      return FALSE;
    minutes = minutes * 60 + part;
  }
  seconds += (double) minutes * 60;
  if (seconds * 1000 > (double) MAX_TIME)
    return FALSE;
  *ms = (gint64) (seconds * 1000 + 0.5);
  return TRUE;
}

gboolean
cv_options_read_date (const char *text, gint64 *ms)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *whole = strchr (text, 'T') != NULL ? g_strdup (text) : g_strconcat (text, "T00:00:00Z", NULL);
  g_autoptr (GDateTime) date = g_date_time_new_from_iso8601 (whole, utc);

  if (date == NULL)
    return FALSE;
  *ms = g_date_time_to_unix (date) * 1000;
  return TRUE;
}

/* ---- texts ---- */

char *
cv_options_to_usage (CvOption takes, CvOption needs)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (TABLE); i++) {
    gboolean needed = (TABLE[i].bit & needs) != 0;

    if (!(TABLE[i].bit & takes) || TABLE[i].bit == CV_OPTION_WATCH)
      continue;
    /* one of the two */
    if (TABLE[i].bit == CV_OPTION_PUBLISH)
      g_string_append (text, " --publish|--watch");
    else
      g_string_append_printf (text, " %s--%s%s%s%s", needed ? "" : "[", TABLE[i].name,
                              TABLE[i].value != NULL ? " " : "", TABLE[i].value != NULL ? TABLE[i].value : "",
                              needed ? "" : "]");
  }
  return g_string_free (text, FALSE);
}

char *
cv_options_to_help (void)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (TABLE); i++) {
    g_autofree char *option = g_strdup_printf ("--%s%s%s", TABLE[i].name, TABLE[i].value != NULL ? " " : "",
                                               TABLE[i].value != NULL ? TABLE[i].value : "");

    if (strlen (option) > 15)
      g_string_append_printf (text, "  %s\n                  %s\n", option, TABLE[i].help);
    else
      g_string_append_printf (text, "  %-15s %s\n", option, TABLE[i].help);
  }
  return g_string_free (text, FALSE);
}
