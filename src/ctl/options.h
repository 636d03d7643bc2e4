/* conclavectl's options: one table says what each is called, takes and means. A value that owns its texts. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bits of what a command takes or needs. */
typedef enum {
  CV_OPTION_JSON = 1 << 0,
  CV_OPTION_KIND = 1 << 1,
  CV_OPTION_TITLE = 1 << 2,
  CV_OPTION_RECORDING = 1 << 3,
  CV_OPTION_CONSENT = 1 << 4,
  CV_OPTION_KEEP_DAYS = 1 << 5,
  CV_OPTION_PUBLISH = 1 << 6,
  CV_OPTION_WATCH = 1 << 7,
  CV_OPTION_HOURS = 1 << 8,
  CV_OPTION_NAME = 1 << 9,
  CV_OPTION_CONSENTS = 1 << 10,
  CV_OPTION_ROOM = 1 << 11,
  CV_OPTION_STATUS = 1 << 12,
  CV_OPTION_QUERY = 1 << 13,
  CV_OPTION_FILE = 1 << 14,
  CV_OPTION_PATH = 1 << 15,
  CV_OPTION_LAYOUT = 1 << 16,
  CV_OPTION_FROM = 1 << 17,
  CV_OPTION_UNTIL = 1 << 18, /* the same word as PATH: a command takes one of them */
  CV_OPTION_WITHOUT = 1 << 19,
  CV_OPTION_PASSWORD = 1 << 20,
  CV_OPTION_DOWNLOADS = 1 << 21,
  CV_OPTION_ROLE = 1 << 22,
  CV_OPTION_DAYS = 1 << 23,
  CV_OPTION_LOBBY = 1 << 24,
  CV_OPTION_SEAT = 1 << 25, /* the same word as ROLE */
  CV_OPTION_DIAL_IN = 1 << 26,
  CV_OPTION_SUMMARY = 1 << 31,
  CV_OPTION_ATTENDANCE = 1 << 27,
  CV_OPTION_KEEP_CONTENT = 1 << 28,
  CV_OPTION_FORMAT = 1 << 29,
  CV_OPTION_STATE = 1 << 30,
} CvOption;

/* NULL, FALSE, CV_OPTIONS_NONE: not given. */
#define CV_OPTIONS_NONE (-1)

typedef struct {
  char *socket;
  char *kind, *title, *recording, *consent, *lobby, *dial_in;
  int keep_days;
  char *summary, *attendance;
  int keep_content;
  char *format;
  gboolean publish, watch, consents;
  int hours;
  char *name;
  char *room, *status, *query;
  char *file, *to; /* `to`: a path, or a time */
  char *layout, *from;
  char **without;
  gboolean password_stdin, downloads;
  char *role;
  int days;
  char *state;
  gboolean json, help, version;
  char **words; /* what is no option */
} CvOptions;

/* FALSE with an error that says what is wrong; `self` is to be cleared all the same. */
gboolean cv_options_parse (CvOptions *self, int *argc, char ***argv, GError **error);
void cv_options_clear (CvOptions *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvOptions, cv_options_clear)

/* What was given must be among `takes`, what is in `needs` must be there, and values must be such as the server takes.
 * `command`: for the message. Returns: (transfer full), the message, or NULL. */
char *cv_options_check (const CvOptions *self, const char *command, guint takes, guint needs);

/* " --title TITLE [--json]". Returns: (transfer full), like the next one. */
char *cv_options_to_usage (guint takes, guint needs);
/* A line or two for each. */
char *cv_options_to_help (void);

/* "1:02:03", "2:03", "123.4": ms. FALSE for anything else. */
gboolean cv_options_read_time (const char *text, gint64 *ms);

G_END_DECLS
