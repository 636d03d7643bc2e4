/* conclavectl's options: one table says what each is called, takes and means. A value that owns its texts. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bits of what a command takes or needs. */
typedef guint64 CvOption;
#define CV_OPTION_JSON (G_GUINT64_CONSTANT (1) << 0)
#define CV_OPTION_KIND (G_GUINT64_CONSTANT (1) << 1)
#define CV_OPTION_TITLE (G_GUINT64_CONSTANT (1) << 2)
#define CV_OPTION_RECORDING (G_GUINT64_CONSTANT (1) << 3)
#define CV_OPTION_CONSENT (G_GUINT64_CONSTANT (1) << 4)
#define CV_OPTION_KEEP_DAYS (G_GUINT64_CONSTANT (1) << 5)
#define CV_OPTION_PUBLISH (G_GUINT64_CONSTANT (1) << 6)
#define CV_OPTION_WATCH (G_GUINT64_CONSTANT (1) << 7)
#define CV_OPTION_HOURS (G_GUINT64_CONSTANT (1) << 8)
#define CV_OPTION_NAME (G_GUINT64_CONSTANT (1) << 9)
#define CV_OPTION_CONSENTS (G_GUINT64_CONSTANT (1) << 10)
#define CV_OPTION_ROOM (G_GUINT64_CONSTANT (1) << 11)
#define CV_OPTION_STATUS (G_GUINT64_CONSTANT (1) << 12)
#define CV_OPTION_QUERY (G_GUINT64_CONSTANT (1) << 13)
#define CV_OPTION_FILE (G_GUINT64_CONSTANT (1) << 14)
#define CV_OPTION_PATH (G_GUINT64_CONSTANT (1) << 15)
#define CV_OPTION_LAYOUT (G_GUINT64_CONSTANT (1) << 16)
#define CV_OPTION_FROM (G_GUINT64_CONSTANT (1) << 17)
#define CV_OPTION_UNTIL (G_GUINT64_CONSTANT (1) << 18) /* the same word as PATH: a command takes one of them */
#define CV_OPTION_WITHOUT (G_GUINT64_CONSTANT (1) << 19)
#define CV_OPTION_PASSWORD (G_GUINT64_CONSTANT (1) << 20)
#define CV_OPTION_DOWNLOADS (G_GUINT64_CONSTANT (1) << 21)
#define CV_OPTION_ROLE (G_GUINT64_CONSTANT (1) << 22)
#define CV_OPTION_DAYS (G_GUINT64_CONSTANT (1) << 23)
#define CV_OPTION_LOBBY (G_GUINT64_CONSTANT (1) << 24)
#define CV_OPTION_SEAT (G_GUINT64_CONSTANT (1) << 25) /* the same word as ROLE */
#define CV_OPTION_DIAL_IN (G_GUINT64_CONSTANT (1) << 26)
#define CV_OPTION_SUMMARY (G_GUINT64_CONSTANT (1) << 31)
#define CV_OPTION_ATTENDANCE (G_GUINT64_CONSTANT (1) << 27)
#define CV_OPTION_KEEP_CONTENT (G_GUINT64_CONSTANT (1) << 28)
#define CV_OPTION_FORMAT (G_GUINT64_CONSTANT (1) << 29)
#define CV_OPTION_STATE (G_GUINT64_CONSTANT (1) << 30)
#define CV_OPTION_SINCE (G_GUINT64_CONSTANT (1) << 32)
#define CV_OPTION_OF (G_GUINT64_CONSTANT (1) << 33)
#define CV_OPTION_HEAD (G_GUINT64_CONSTANT (1) << 34)
#define CV_OPTION_CONFIG (G_GUINT64_CONSTANT (1) << 35)
#define CV_OPTION_HOST (G_GUINT64_CONSTANT (1) << 36)
#define CV_OPTION_ADDRESS (G_GUINT64_CONSTANT (1) << 37)
#define CV_OPTION_ROOT (G_GUINT64_CONSTANT (1) << 38)
#define CV_OPTION_WRITE (G_GUINT64_CONSTANT (1) << 39)
#define CV_OPTION_PLANNED (G_GUINT64_CONSTANT (1) << 40) /* the same word as DAYS */
#define CV_OPTION_SHARE_443 (G_GUINT64_CONSTANT (1) << 41)

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
  char *state, *config;
  char *since, *of, *head, *host, *address, *root;
  gboolean share_443, write;
  gboolean json, help, version;
  char **words; /* what is no option */
} CvOptions;

/* FALSE with an error that says what is wrong; `self` is to be cleared all the same. */
gboolean cv_options_parse (CvOptions *self, int *argc, char ***argv, GError **error);
void cv_options_clear (CvOptions *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvOptions, cv_options_clear)

/* What was given must be among `takes`, what is in `needs` must be there, and values must be such as the server takes.
 * `command`: for the message. Returns: (transfer full), the message, or NULL. */
char *cv_options_check (const CvOptions *self, const char *command, CvOption takes, CvOption needs);

/* " --title TITLE [--json]". Returns: (transfer full), like the next one. */
char *cv_options_to_usage (CvOption takes, CvOption needs);
/* A line or two for each. */
char *cv_options_to_help (void);

/* "1:02:03", "2:03", "123.4": ms. FALSE for anything else. */
gboolean cv_options_read_time (const char *text, gint64 *ms);
/* "2026-11-27", "2026-11-27T09:30:00Z", UTC where it says nothing: ms since 1970. FALSE for anything else. */
gboolean cv_options_read_date (const char *text, gint64 *ms);

G_END_DECLS
