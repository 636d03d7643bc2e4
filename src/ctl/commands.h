/* What conclavectl can do, one function a command. Main thread, blocking. */
#pragma once

#include "ctl/client.h"
#include "ctl/options.h"

G_BEGIN_DECLS

typedef struct {
  CvClient *client;
  const char *id; /* argument, valid; NULL where the command takes none */
  char **more;    /* what stands behind it, ending in NULL */
  const CvOptions *options;
} CvCommandArguments;

typedef struct {
  const char *words; /* "room create" */
  /* the prefix of one argument, an id: "" a room's, "t" a token's …; CV_COMMAND_TEXT: a name; CV_COMMAND_PATH;
   * NULL: there is none */
  const char *argument;
  CvOption takes;
  CvOption needs; /* of those that it takes */
  const char *summary;
  /* Prints to stdout. FALSE with an error, of CV_CLIENT_ERROR where the server is concerned. */
  gboolean (*run) (const CvCommandArguments *arguments, GError **error);
} CvCommand;

#define CV_COMMAND_TEXT "*"
#define CV_COMMAND_PATH "/"
#define CV_COMMAND_LOGIN "@"
#define CV_COMMAND_URL ":"
/* "u" or "p" */
#define CV_COMMAND_PERSON "?"
/* "m", and words behind it */
#define CV_COMMAND_MEETING_AND_ADDRESSES "m+"

/* Ends with one whose `words` is NULL. */
extern const CvCommand cv_commands[];

/* ---- for those who run commands ---- */

/* The server's state directory: beside the socket, where one is named; else where the server is installed. Returns:
 * (transfer full). */
char *cv_command_find_state (const CvOptions *options);
/* Runs `run` on that directory, which no server has meanwhile. FALSE with an error, also where one has it. */
gboolean cv_command_run_alone (const CvCommandArguments *arguments,
                               gboolean (*run) (const CvCommandArguments *arguments, const char *state, GError **error),
                               GError **error);

/* Prints `answer` as it came, on one line. */
void cv_command_print_json (JsonObject *answer);
/* Calls with `body` (may be NULL), then prints the answer as JSON or through `print`. */
gboolean cv_command_call_and_print (const CvCommandArguments *arguments, const char *method, const char *path,
                                    JsonNode *body, char *(*print) (JsonObject *), GError **error);
/* The same without a body, of what has the argument's id between `before` and `behind`. */
gboolean cv_command_call_of (const CvCommandArguments *arguments, const char *method, const char *before,
                             const char *behind, char *(*print) (JsonObject *), GError **error);
/* The same of a list that comes in pages: all of `member`, from `path`, which has a query. */
gboolean cv_command_list_and_print (const CvCommandArguments *arguments, const char *path, const char *member,
                                    char *(*print) (JsonObject *), GError **error);
/* Where people find the server. Returns: (transfer full), NULL with an error. */
char *cv_command_find_server (CvClient *client, GError **error);

G_END_DECLS
