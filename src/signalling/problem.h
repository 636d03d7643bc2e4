/* What can go wrong for a client: a stable id, an HTTP status and a sentence (PROTOCOL.md §4.4). Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  CV_PROBLEM_BAD_MESSAGE,
  CV_PROBLEM_TOO_LARGE,
  CV_PROBLEM_RATE_LIMITED,
  CV_PROBLEM_FOREIGN_ORIGIN,
  CV_PROBLEM_UNKNOWN_ROOM,
  CV_PROBLEM_WRONG_KEY,
  CV_PROBLEM_OLD_LINK,
  CV_PROBLEM_BAD_TICKET,
  CV_PROBLEM_NOT_AVAILABLE,
  CV_PROBLEM_ROOM_FULL,
  CV_PROBLEM_ID_TAKEN,
  CV_PROBLEM_KEY_REUSED,
  CV_PROBLEM_NOT_ALLOWED,
  CV_PROBLEM_SESSION_LOST,
  CV_PROBLEM_TIMEOUT,
  CV_PROBLEM_SERVER_FULL,
  CV_PROBLEM_SERVER_STOPPING,
  CV_PROBLEM_STORE_FAILED,
  CV_PROBLEM_INTERNAL,
  CV_PROBLEM_NOT_FOUND,
  CV_PROBLEM_TOO_MANY,
  CV_PROBLEM_BAD_SDP,
  CV_PROBLEM_NO_CODEC,
  CV_PROBLEM_MEDIA_LOST,
  CV_PROBLEM_RECORDING_OFF,
  CV_PROBLEM_RECORDING_STATE,
  CV_PROBLEM_DISK_FULL,
  CV_PROBLEM_NO_RENDERER,
  CV_PROBLEM_NO_DIAL_IN,
  CV_PROBLEM_NO_SESSION,
  CV_PROBLEM_BAD_KEY,
  CV_PROBLEM_WRONG_PASSWORD,
  CV_PROBLEM_GONE,
  CV_PROBLEM_DENIED,
  CV_PROBLEM_LOCKED,
  CV_PROBLEM_REMOVED,
  CV_PROBLEM_BAD_LOGIN,
  CV_PROBLEM_LOGIN_TAKEN,
  CV_PROBLEM_WRONG_OFFSET,
  CV_PROBLEM_QUOTA_FULL,
  CV_PROBLEM_REFUSED,
  CV_PROBLEM_OUTDATED,
  CV_PROBLEM_MEETING_RUNS,
  CV_N_PROBLEMS,
} CvProblem;

const char *cv_problem_get_id (CvProblem problem);
guint cv_problem_get_status (CvProblem problem);
const char *cv_problem_get_text (CvProblem problem);

/* For errors of src/room, src/store, src/library, of media and of base/json; what it does not know is INTERNAL. */
CvProblem cv_problem_from_error (const GError *error);
/* What is wrong with a key that does not fit: of a room whose link was exchanged, so many times, it is most likely an old one. */
CvProblem cv_problem_of_key (gint64 generation);

G_END_DECLS
