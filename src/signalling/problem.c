/* See problem.h. */
#include "signalling/problem.h"

#include "base/json.h"
#include "documents/cabinet.h"
#include "library/library.h"
#include "room/room.h"

static const struct {
  const char *id;
  guint status;
  const char *text;
} problems[CV_N_PROBLEMS] = {
  [CV_PROBLEM_BAD_MESSAGE] = { "bad-message", 400, "This message does not fit the protocol." },
  [CV_PROBLEM_TOO_LARGE] = { "too-large", 413, "This message is too large." },
  [CV_PROBLEM_RATE_LIMITED] = { "rate-limited", 429, "Too many requests. Wait a minute and try again." },
  [CV_PROBLEM_FOREIGN_ORIGIN] = { "foreign-origin", 403, "This page comes from another server." },
  [CV_PROBLEM_UNKNOWN_ROOM] = { "unknown-room", 404, "There is no such room. It may have been deleted." },
  [CV_PROBLEM_WRONG_KEY] = { "wrong-key", 403, "This link is not complete or not valid. Ask for it again." },
  [CV_PROBLEM_OLD_LINK] = { "old-link", 403, "This invitation is no longer valid. Ask for the new link of the room." },
  [CV_PROBLEM_BAD_TICKET] = { "bad-ticket", 401, "This ticket is not valid. It may have expired or been used." },
  [CV_PROBLEM_NOT_AVAILABLE] = { "not-available", 501, "Rooms of this kind are not available in this build." },
  [CV_PROBLEM_ROOM_FULL] = { "room-full", 409, "This room is full." },
  [CV_PROBLEM_ID_TAKEN] = { "id-taken", 409, "A room with this id exists already." },
  [CV_PROBLEM_KEY_REUSED] = { "key-reused", 409, "This key was used for another request already." },
  [CV_PROBLEM_NOT_ALLOWED] = { "not-allowed", 403, "You may not do this." },
  [CV_PROBLEM_SESSION_LOST] = { "session-lost", 410, "Your seat was given up. Join again." },
  [CV_PROBLEM_TIMEOUT] = { "timeout", 408, "That took too long." },
  [CV_PROBLEM_SERVER_FULL] = { "server-full", 503, "The server is full. Try again later." },
  [CV_PROBLEM_SERVER_STOPPING] = { "server-stopping", 503,
                                   "The server is about to be restarted. Try again in a few minutes." },
  [CV_PROBLEM_STORE_FAILED] = { "store-failed", 500, "The server could not save this. Try again later." },
  [CV_PROBLEM_INTERNAL] = { "internal", 500, "Something went wrong on the server." },
  [CV_PROBLEM_NOT_FOUND] = { "not-found", 404, "There is nothing here." },
  [CV_PROBLEM_TOO_MANY] = { "too-many", 409, "There are too many of these already." },
  [CV_PROBLEM_BAD_SDP] = { "bad-sdp", 400, "The description of this media connection is not valid." },
  [CV_PROBLEM_NO_CODEC] = { "no-codec", 406, "There is no codec that both sides know." },
  [CV_PROBLEM_MEDIA_LOST] = { "media-lost", 503, "The media of this meeting are not available now." },
  [CV_PROBLEM_RECORDING_OFF] = { "recording-off", 403, "Recording is not allowed in this room." },
  [CV_PROBLEM_RECORDING_STATE] = { "recording-state", 409,
                                   "The recording has gone on in the meantime. Look at its mark and try again." },
  [CV_PROBLEM_DISK_FULL] = { "disk-full", 507, "The server's disk is too full." },
  [CV_PROBLEM_NO_RENDERER] = { "no-renderer", 501, "This server makes no films of recordings." },
  [CV_PROBLEM_NO_DIAL_IN] = { "no-dial-in", 501, "This server cannot be called by phone." },
  [CV_PROBLEM_NO_SESSION] = { "no-session", 401, "You are not signed in, or no longer. Sign in again." },
  [CV_PROBLEM_BAD_KEY] = { "bad-key", 401, "This key is not valid. It may have expired or been revoked." },
  [CV_PROBLEM_WRONG_PASSWORD] = { "wrong-password", 401, "This password is not right." },
  [CV_PROBLEM_GONE] = { "gone", 410, "This link has expired or was withdrawn. Ask for a new one." },
  [CV_PROBLEM_DENIED] = { "denied", 403, "You were not let into this meeting." },
  [CV_PROBLEM_LOCKED] = { "locked", 403, "This meeting is locked. Nobody else may join now." },
  [CV_PROBLEM_REMOVED] = { "removed", 403, "You were removed from this meeting." },
  [CV_PROBLEM_BAD_LOGIN] = { "bad-login", 401, "This name and this password do not fit together." },
  [CV_PROBLEM_LOGIN_TAKEN] = { "login-taken", 409, "Somebody has this name for signing in already." },
  [CV_PROBLEM_WRONG_OFFSET] = { "wrong-offset", 409, "The upload goes on elsewhere. Ask where." },
  [CV_PROBLEM_QUOTA_FULL] = { "quota-full", 409, "The documents of this meeting take all the space they may." },
  [CV_PROBLEM_REFUSED] = { "refused", 422, "This file was not accepted." },
  [CV_PROBLEM_OUTDATED] = { "outdated", 409, "Somebody else has changed it meanwhile." },
  [CV_PROBLEM_MEETING_RUNS] = { "meeting-runs", 409, "The meeting is not over yet." },
};

const char *
cv_problem_get_id (CvProblem problem)
{
  return problems[problem].id;
}

guint
cv_problem_get_status (CvProblem problem)
{
  return problems[problem].status;
}

const char *
cv_problem_get_text (CvProblem problem)
{
  return problems[problem].text;
}

CvProblem
cv_problem_of_key (gint64 generation)
{
  return generation > 0 ? CV_PROBLEM_OLD_LINK : CV_PROBLEM_WRONG_KEY;
}

static CvProblem
of_store (int code)
{
  switch (code) {
  case CV_STORE_ERROR_EXISTS:
    return CV_PROBLEM_ID_TAKEN;
  case CV_STORE_ERROR_MISSING:
    return CV_PROBLEM_NOT_FOUND;
  case CV_STORE_ERROR_LIMIT:
    return CV_PROBLEM_TOO_MANY;
  case CV_STORE_ERROR_INVALID:
    return CV_PROBLEM_BAD_MESSAGE;
  default:
    return CV_PROBLEM_STORE_FAILED;
  }
}

CvProblem
cv_problem_from_error (const GError *error)
{
  static const CvProblem of_room[] = {
    [CV_ROOM_ERROR_UNKNOWN] = CV_PROBLEM_UNKNOWN_ROOM,
    [CV_ROOM_ERROR_KEY] = CV_PROBLEM_WRONG_KEY,
    [CV_ROOM_ERROR_NOT_AVAILABLE] = CV_PROBLEM_NOT_AVAILABLE,
    [CV_ROOM_ERROR_FULL] = CV_PROBLEM_ROOM_FULL,
    [CV_ROOM_ERROR_TAKEN] = CV_PROBLEM_ID_TAKEN,
    [CV_ROOM_ERROR_INVALID] = CV_PROBLEM_BAD_MESSAGE,
    [CV_ROOM_ERROR_STORE] = CV_PROBLEM_STORE_FAILED,
    [CV_ROOM_ERROR_REMOVED] = CV_PROBLEM_REMOVED,
    [CV_ROOM_ERROR_OUTDATED] = CV_PROBLEM_OUTDATED,
    [CV_ROOM_ERROR_CLOSED] = CV_PROBLEM_SERVER_STOPPING,
  };
  if (error->domain == CV_ROOM_ERROR && (guint) error->code < G_N_ELEMENTS (of_room))
    return of_room[error->code];
  static const CvProblem of_media[] = {
    [CV_MEDIA_ERROR_BAD_SDP] = CV_PROBLEM_BAD_SDP,   [CV_MEDIA_ERROR_NO_CODEC] = CV_PROBLEM_NO_CODEC,
    [CV_MEDIA_ERROR_TOO_MANY] = CV_PROBLEM_TOO_MANY, [CV_MEDIA_ERROR_NOT_FOUND] = CV_PROBLEM_NOT_FOUND,
    [CV_MEDIA_ERROR_LOST] = CV_PROBLEM_MEDIA_LOST,
  };
  if (error->domain == CV_MEDIA_ERROR && (guint) error->code < G_N_ELEMENTS (of_media))
    return of_media[error->code];
  static const CvProblem of_capture[] = {
    [CV_CAPTURE_ERROR_OFF] = CV_PROBLEM_RECORDING_OFF,
    [CV_CAPTURE_ERROR_STATE] = CV_PROBLEM_RECORDING_STATE,
    [CV_CAPTURE_ERROR_DISK] = CV_PROBLEM_DISK_FULL,
    [CV_CAPTURE_ERROR_STORE] = CV_PROBLEM_STORE_FAILED,
  };
  if (error->domain == CV_CAPTURE_ERROR && (guint) error->code < G_N_ELEMENTS (of_capture))
    return of_capture[error->code];
  static const CvProblem of_library[] = {
    [CV_LIBRARY_ERROR_MISSING] = CV_PROBLEM_NOT_FOUND,       [CV_LIBRARY_ERROR_STATE] = CV_PROBLEM_RECORDING_STATE,
    [CV_LIBRARY_ERROR_LIMIT] = CV_PROBLEM_TOO_MANY,          [CV_LIBRARY_ERROR_INVALID] = CV_PROBLEM_BAD_MESSAGE,
    [CV_LIBRARY_ERROR_NO_RENDERER] = CV_PROBLEM_NO_RENDERER, [CV_LIBRARY_ERROR_STORE] = CV_PROBLEM_STORE_FAILED,
  };
  if (error->domain == CV_LIBRARY_ERROR && (guint) error->code < G_N_ELEMENTS (of_library))
    return of_library[error->code];
  static const CvProblem of_cabinet[] = {
    [CV_CABINET_ERROR_LARGE] = CV_PROBLEM_TOO_LARGE,  [CV_CABINET_ERROR_QUOTA] = CV_PROBLEM_QUOTA_FULL,
    [CV_CABINET_ERROR_REFUSED] = CV_PROBLEM_REFUSED,  [CV_CABINET_ERROR_DISK] = CV_PROBLEM_DISK_FULL,
    [CV_CABINET_ERROR_SECRET] = CV_PROBLEM_NOT_FOUND,
  };
  if (error->domain == CV_CABINET_ERROR && (guint) error->code < G_N_ELEMENTS (of_cabinet))
    return of_cabinet[error->code];
  if (error->domain == CV_STORE_ERROR)
    return of_store (error->code);
  if (error->domain == CV_JSON_ERROR)
    return CV_PROBLEM_BAD_MESSAGE;
  return CV_PROBLEM_INTERNAL;
}
