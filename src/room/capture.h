/* The recording of a meeting: off → starting → on ⇄ paused → stopping → off, any number of times.
 *
 * Owns the recording that is under way: its row, folder, event log, what people said about it, and which of their sources are
 * written now. Holds meeting and switchboard. Main thread. Nothing of a person is written before the row of their consent is on the disk,
 * before somebody pressed Record, or during a pause.
 *
 * Signals:
 *   changed (CvParticipant *)   what cv_capture_get_view() says is new for this one; NULL: for all
 *   started (char *id)          its row is there
 *   finished (char *id)         its files are closed, and its row says so if it can: something can be made of it
 */
#pragma once

#include "library/shelf.h"
#include "room/roster.h"
#include "room/switchboard.h"
#include "store/rooms.h"

G_BEGIN_DECLS

#define CV_CAPTURE_ERROR (cv_capture_error_quark ())
GQuark cv_capture_error_quark (void);
typedef enum {
  CV_CAPTURE_ERROR_OFF,   /* the room does not allow it */
  CV_CAPTURE_ERROR_STATE, /* there is no recording, or there is one already */
  CV_CAPTURE_ERROR_DISK,  /* no space */
  CV_CAPTURE_ERROR_STORE, /* could not be written */
} CvCaptureError;

typedef enum {
  CV_CAPTURE_OFF,
  CV_CAPTURE_STARTING, /* its row is being written */
  CV_CAPTURE_ON,
  CV_CAPTURE_PAUSED,
  CV_CAPTURE_STOPPING, /* its files are being closed */
} CvCaptureState;

typedef enum { CV_CAPTURE_START, CV_CAPTURE_PAUSE, CV_CAPTURE_RESUME, CV_CAPTURE_STOP } CvCaptureAction;
/* "start", "pause", "resume", "stop", NULL. */
extern const char *const cv_capture_actions[];

/* Why the last one ended. */
typedef enum {
  CV_CAPTURE_REASON_NONE,
  CV_CAPTURE_REASON_HOST,
  CV_CAPTURE_REASON_DISK,
  CV_CAPTURE_REASON_FAILED, /* the event log could not be written */
  CV_CAPTURE_REASON_ENDED,  /* with its meeting */
  CV_CAPTURE_REASON_ADMIN,
} CvCaptureReason;

#define CV_TYPE_CAPTURE (cv_capture_get_type ())
G_DECLARE_FINAL_TYPE (CvCapture, cv_capture, CV, CAPTURE, GObject)

/* `shelf` NULL: nothing is recorded here. */
CvCapture *cv_capture_new (const CvRoomRow *room, CvMeeting *meeting, CvSwitchboard *switchboard, CvStore *store,
                           CvClock *clock, const CvShelf *shelf);

CvCaptureState cv_capture_get_state (CvCapture *self);
/* Of the recording that is under way, or NULL. */
const char *cv_capture_get_id (CvCapture *self);
/* Hosts may record. */
gboolean cv_capture_is_allowed (CvCapture *self);

/* What somebody is told of it. Text is constant. */
typedef struct {
  const char *state; /* off, on, paused */
  gint64 since;      /* when it began, ms since 1970; 0: it is off */
  gint64 elapsed;    /* ms that were recorded so far */
  const char *consent;
  const char *mine;
  const char *reason;
  const char *warning;
} CvCaptureView;
void cv_capture_get_view (CvCapture *self, const CvParticipant *participant, CvCaptureView *view);

/* `by`: HOST or ADMIN. Answered when it is so: a pause and a stop, when all files are closed. A start while another one stops
 * waits. Fails with CV_CAPTURE_ERROR. */
void cv_capture_act_async (CvCapture *self, CvCaptureAction action, CvCaptureReason by, GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean cv_capture_act_finish (CvCapture *self, GAsyncResult *result, GError **error);

/* What somebody on stage says of being recorded; a no has its effect at once. Answered when it is on the disk. Fails with
 * CV_CAPTURE_ERROR. */
void cv_capture_answer_async (CvCapture *self, CvParticipant *participant, CvAnswer answer,
                              GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_capture_answer_finish (CvCapture *self, GAsyncResult *result, GError **error);
/* This one agreed beforehand. */
void cv_capture_note_consent (CvCapture *self, CvParticipant *participant);

/* Stops what is under way, if anything is. */
void cv_capture_end (CvCapture *self, CvCaptureReason reason);

G_END_DECLS
