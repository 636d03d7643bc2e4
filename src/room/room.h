/* A room: a link with a policy, and the meeting that runs in it, if one does.
 *
 * Owns its row and holds its running meeting, that one's switchboard and its recording. Main thread. Made by the registry, which also starts meetings.
 */
#pragma once

#include "room/capture.h"
#include "room/rotation.h"
#include "room/switchboard.h"
#include "store/rooms.h"

G_BEGIN_DECLS

#define CV_ROOM_ERROR (cv_room_error_quark ())
GQuark cv_room_error_quark (void);
/* The store's words for what went wrong, in ours. Returns: (transfer full). */
GError *cv_room_error_from_store (const GError *error);

typedef enum {
  CV_ROOM_ERROR_UNKNOWN,       /* no such room, or deleted */
  CV_ROOM_ERROR_KEY,           /* the key does not fit the verifier */
  CV_ROOM_ERROR_NOT_AVAILABLE, /* its kind has no media plane in this build */
  CV_ROOM_ERROR_FULL,
  CV_ROOM_ERROR_TAKEN,    /* the id exists */
  CV_ROOM_ERROR_INVALID,  /* what was asked for makes no sense */
  CV_ROOM_ERROR_REMOVED,  /* was removed from this meeting */
  CV_ROOM_ERROR_STORE,    /* could not be read or written */
  CV_ROOM_ERROR_OUTDATED, /* somebody else was faster */
  CV_ROOM_ERROR_CLOSED,   /* the server stops */
} CvRoomError;

#define CV_KEY_BYTES 32
#define CV_TITLE_MAX_CHARACTERS 120
/* a hundred years */
#define CV_ROOM_MAX_KEEP_DAYS 36500

#define CV_TYPE_ROOM (cv_room_get_type ())
G_DECLARE_FINAL_TYPE (CvRoom, cv_room, CV, ROOM, GObject)

/* `row` (transfer full) has a kind that exists. */
CvRoom *cv_room_new (CvRoomRow *row, const CvPolicy *policy);

const CvRoomRow *cv_room_get_row (CvRoom *self);
const CvPolicy *cv_room_get_policy (CvRoom *self);
/* What callers dial; ends in NULL. NULL where the server cannot be called. */
const char *const *cv_room_get_numbers (CvRoom *self);
/* For the registry; borrowed. */
void cv_room_set_numbers (CvRoom *self, const char *const *numbers);
/* Borrowed; NULL where none runs. */
CvMeeting *cv_room_get_meeting (CvRoom *self);
/* Borrowed; NULL where media do not pass through the server, or no meeting runs. */
CvSwitchboard *cv_room_get_switchboard (CvRoom *self);
/* The same. */
CvCapture *cv_room_get_capture (CvRoom *self);
/* The meeting that goes on in it if one did before the server was started anew; NULL: none that is known of. */
void cv_room_continue (CvRoom *self, const char *meeting);
const char *cv_room_get_continued (CvRoom *self);
/* For the registry: what may be changed of its row is as in `row`. */
void cv_room_change (CvRoom *self, const CvRoomRow *row);
/* The same: another secret, as of cv_rotation_apply(). */
void cv_room_rotate (CvRoom *self, const CvRoomRow *row);
/* For the registry: what runs now, or NULL. */
void cv_room_set_meeting (CvRoom *self, CvMeeting *meeting, CvSwitchboard *switchboard, CvCapture *capture);

/* Compares SHA-256 of the key with the verifier, in constant time. */
gboolean cv_room_fits_join_key (CvRoom *self, const guint8 key[CV_KEY_BYTES]);
gboolean cv_room_fits_host_key (CvRoom *self, const guint8 key[CV_KEY_BYTES]);

G_END_DECLS
